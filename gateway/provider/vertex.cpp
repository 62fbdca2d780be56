// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"
#include "provider/google.h"
#include "provider/kind.h"

namespace gateway::provider {

namespace {

constexpr std::string_view kAnthropicVersion = R"({"anthropic_version":"vertex-2023-10-16"})";

/// The publisher of a model and its own name: "claude-…" is Anthropic's, the rest is Google's unless the
/// name says it.
struct Published {
    std::string_view publisher, model;
};

Published published(std::string_view model)
{
    for (const std::string_view publisher : {"google", "anthropic"}) {
        std::string_view rest = model;
        if (!rest.starts_with(publisher)) continue;
        rest.remove_prefix(publisher.size());
        if (rest.starts_with('/')) return {publisher, rest.substr(1)};
    }
    return {model.starts_with("claude-") ? "anthropic" : "google", model};
}

/// Google refuses a request that names a beta which it does not have, and some it has by another name
/// (docs.litellm.ai, "Managing Anthropic Beta Headers"; read 2026-11-25).
constexpr std::array<std::string_view, 12> kBetas{"compact-2026-01-12",
                                                  "compact-2026-09-04",
                                                  "computer-use-2025-01-24",
                                                  "computer-use-2025-11-24",
                                                  "context-1m-2025-08-07",
                                                  "context-management-2025-06-27",
                                                  "interleaved-thinking-2025-05-14",
                                                  "per-turn-control-2026-07-01",
                                                  "thinking-binding-controls-2026-08-01",
                                                  "thinking-display-updates-2026-08-18",
                                                  "tool-search-tool-2025-10-19",
                                                  "web-search-2025-03-05"};

std::string knownBetas(std::string_view wanted)
{
    std::string known;
    for (std::string_view each : splitAt(wanted, ',')) {
        each = trimmed(each);
        if (each == "advanced-tool-use-2025-11-20") each = "tool-search-tool-2025-10-19";
        if (std::find(kBetas.begin(), kBetas.end(), each) == kBetas.end()) continue;
        known.append(known.empty() ? "" : ",").append(each);
    }
    return known;
}

/// Vertex AI. Base URL is what Google's SDKs build before the publisher:
/// https://REGION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/REGION; with a key of the express
/// mode https://aiplatform.googleapis.com/v1. Google's models are asked in its dialect, Anthropic's in
/// theirs.
class Vertex : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "vertex"; }
    [[nodiscard]] DialectId dialect(std::string_view model) const override
    {
        return published(model).publisher == "anthropic" ? DialectId::AnthropicMessages : DialectId::Gemini;
    }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return {}; }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        return operation == Operation::Chat || operation == Operation::CountTokens;
    }
    [[nodiscard]] std::string path(const CallShape& call) const override;
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        // The list is not a project's, and the stable version has none.
        basePath = basePath.substr(0, basePath.find("/projects/"));
        return std::string(withoutVersion(basePath)) + "/v1beta1/publishers/google/models?pageSize=300";
    }
    [[nodiscard]] BodyRules bodyRules(const CallShape& call) const override
    {
        if (call.dialect != DialectId::AnthropicMessages) return {};
        BodyRules rules;
        rules.addJson = kAnthropicVersion;
        // Counting is one call for all models, which the body then has to name.
        if (call.operation == Operation::Chat) rules.remove = {"model"};
        return rules;
    }
    [[nodiscard]] CatalogName catalogName(std::string_view model) const override
    {
        // A fixed version is told behind an @.
        const Published named = published(model);
        return {named.publisher == "anthropic" ? "anthropic" : "gemini",
                named.model.substr(0, named.model.find('@'))};
    }
    void addFields(Fields& fields, const void* request, ClientField clientField) const override
    {
        if (std::string betas = knownBetas(clientField(request, "anthropic-beta")); !betas.empty())
            fields.emplace_back("anthropic-beta", std::move(betas));
    }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        // Google's two kinds of API key; all else is an OAuth token ("ya29.…").
        const std::string_view key = secret.reveal();
        const bool apiKey = key.starts_with("AIza") || key.starts_with("AQ.");
        return secretLine(apiKey ? "x-goog-api-key: " : "Authorization: Bearer ", secret);
    }
    [[nodiscard]] bool wantsToken(const Secret& key) const override
    {
        return google::isAccountFile(key.reveal());
    }
    [[nodiscard]] Result<TokenCall> tokenCall(const Secret& key, std::int64_t now) const override
    {
        return google::accountTokenCall(key, now);
    }
    [[nodiscard]] Result<Token> readToken(std::string_view answer) const override
    {
        return google::accountToken(answer);
    }

private:
    [[nodiscard]] static std::string_view withoutVersion(std::string_view path)
    {
        for (const std::string_view version : {"/v1beta1", "/v1"}) {
            if (path.ends_with(version)) return path.substr(0, path.size() - version.size());
        }
        return path;
    }
    [[nodiscard]] static std::string root(std::string_view basePath);
};

std::string Vertex::root(std::string_view basePath)
{
    if (basePath.find("/projects/") != std::string_view::npos || withoutVersion(basePath) != basePath)
        return std::string(basePath);
    return std::string(basePath) + "/v1";
}

std::string Vertex::path(const CallShape& call) const
{
    const Published model = published(call.model);
    const std::string base = root(call.basePath);
    // Models that were tuned or deployed by hand are no publisher's.
    if (call.model.starts_with("endpoints/"))
        return base + '/' + google::pathText(call.model) + google::verb(call);
    const std::string models = base + "/publishers/" + std::string(model.publisher) + "/models/";
    if (model.publisher != "anthropic") return models + google::pathText(model.model) + google::verb(call);
    if (call.operation == Operation::CountTokens) return models + "count-tokens:rawPredict";
    return models + google::pathText(model.model) + (call.stream ? ":streamRawPredict" : ":rawPredict");
}

} // namespace

const Kind& vertex()
{
    static const Vertex kind;
    return kind;
}

} // namespace gateway::provider
