// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strings.h"
#include "provider/kind.h"
#include "provider/openai_paths.h"

namespace gateway::provider {

namespace {

// The last that Azure's reference declares generally available; later figures are previews that end.
constexpr std::string_view kApiVersion = "?api-version=2024-10-21";
constexpr std::string_view kVersioned = "/openai/v1";

bool isVersioned(std::string_view basePath)
{
    return basePath.ends_with(kVersioned);
}

/// The models that answer in the Responses API alone, as far as a deployment's name tells: it is its owner's
/// choice, and most keep the model's. Any other is asked in the API that every deployment has.
bool onlyResponds(std::string_view model)
{
    const auto has = [model](std::string_view part) { return model.find(part) != std::string_view::npos; };
    const bool openAis = model.starts_with("gpt-") || model.starts_with('o');
    return has("codex") || has("deep-research") || has("computer-use") ||
           (openAis && (model.ends_with("-pro") || has("-pro-")));
}

/// Azure OpenAI. Base URL is the resource, https://RESOURCE.openai.azure.com, whose calls name a deployment
/// in their path and an api-version in their query; with /openai/v1 behind it the paths are plain OpenAI's.
/// The model's name is the deployment's.
class Azure : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "azure"; }
    [[nodiscard]] DialectId dialect(std::string_view model) const override
    {
        return onlyResponds(model) ? DialectId::OpenAiResponses : DialectId::OpenAiChat;
    }
    [[nodiscard]] bool speaks(DialectId wanted, std::string_view model) const override
    {
        // Without a model: whether the resource keeps responses at all.
        if (model.empty()) return wanted == DialectId::OpenAiChat || wanted == DialectId::OpenAiResponses;
        return wanted == dialect(model);
    }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return {}; }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        return operation == Operation::Chat || operation == Operation::Embed ||
               (operation != Operation::Rerank && operation != Operation::Moderate &&
                !openAiPath(operation).empty());
    }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        const bool response =
            call.operation == Operation::Response ||
            (call.operation == Operation::Chat && call.dialect == DialectId::OpenAiResponses);
        // Generally available without an api-version only, like Realtime; the body names the deployment.
        if (response) return versioned(call.basePath) + "/responses";
        std::string_view own = openAiPath(call.operation);
        if (own.empty()) own = call.operation == Operation::Embed ? "/embeddings" : "/chat/completions";
        if (isVersioned(call.basePath)) return std::string(call.basePath).append(own);
        // What is kept is the resource's, not a deployment's.
        const bool kept = call.operation == Operation::Video || call.operation == Operation::File ||
                          call.operation == Operation::Batch;
        if (kept) return root(call.basePath).append("/openai").append(own).append(kApiVersion);
        return root(call.basePath) + "/openai/deployments/" + percentEncoded(call.model) +
               std::string(own).append(kApiVersion);
    }
    [[nodiscard]] std::string realtimePath(std::string_view basePath, std::string_view model) const override
    {
        return versioned(basePath) + "/realtime?model=" + percentEncoded(model);
    }
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        if (isVersioned(basePath)) return std::string(basePath) + "/models";
        return root(basePath).append("/openai/models").append(kApiVersion);
    }
    // It lists what could be deployed; deployments have names of their owner's choice.
    [[nodiscard]] bool listsItsModels() const override { return false; }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        // A token of Entra ID is a JWT, whose header is an object in base64.
        const bool token = secret.reveal().starts_with("eyJ");
        return secretLine(token ? "Authorization: Bearer " : "api-key: ", secret);
    }
    void addFields(Fields&, const void*, ClientField) const override {}

private:
    [[nodiscard]] static std::string versioned(std::string_view basePath)
    {
        return isVersioned(basePath) ? std::string(basePath) : root(basePath).append(kVersioned);
    }
    [[nodiscard]] static std::string root(std::string_view basePath)
    {
        constexpr std::string_view kOpenAi = "/openai";
        if (basePath.ends_with(kOpenAi)) basePath.remove_suffix(kOpenAi.size());
        return std::string(basePath);
    }
};

} // namespace

const Kind& azure()
{
    static const Azure kind;
    return kind;
}

} // namespace gateway::provider
