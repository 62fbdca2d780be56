// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/google.h"
#include "provider/kind.h"

namespace gateway::provider {

namespace {

/// Google's Gemini API with a key of AI Studio. Base URL is the root; a version at its end is tolerated.
class Gemini : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "gemini"; }
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::Gemini; }
    [[nodiscard]] std::string_view defaultBaseUrl() const override
    {
        return "https://generativelanguage.googleapis.com";
    }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        return operation == Operation::Chat || operation == Operation::CountTokens ||
               operation == Operation::Embed;
    }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        // Tuned models are no members of `models`.
        const bool whole = call.model.starts_with("models/") || call.model.starts_with("tunedModels/");
        return root(call.basePath) + (whole ? "/" : "/models/") + google::pathText(call.model) +
               google::verb(call);
    }
    [[nodiscard]] std::string nativeBase(std::string_view basePath) const override
    {
        return std::string(withoutVersion(basePath));
    }
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        return root(basePath) + "/models?pageSize=1000"; // a page has 50 otherwise
    }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        return secretLine("x-goog-api-key: ", secret);
    }
    void addFields(Fields&, const void*, ClientField) const override {}

private:
    [[nodiscard]] static std::string_view withoutVersion(std::string_view basePath)
    {
        for (const std::string_view version : {"/v1beta", "/v1"}) {
            if (basePath.ends_with(version)) basePath.remove_suffix(version.size());
        }
        return basePath;
    }
    [[nodiscard]] static std::string root(std::string_view basePath)
    {
        // The stable version lacks tools and thinking.
        return std::string(withoutVersion(basePath)) + "/v1beta";
    }
};

} // namespace

const Kind& gemini()
{
    static const Gemini kind;
    return kind;
}

} // namespace gateway::provider
