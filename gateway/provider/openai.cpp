// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strings.h"
#include "provider/kind.h"
#include "provider/openai_paths.h"

namespace gateway::provider {

namespace {

/// The few models that only go on with a text; OpenAI refuses to chat with them, and to go on with others.
bool onlyContinues(std::string_view model)
{
    return model.starts_with("gpt-3.5-turbo-instruct") || model == "davinci-002" || model == "babbage-002";
}

/// OpenAI's own API. Base URL as the SDK takes it, with `/v1`.
class OpenAi : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "openai"; }
    [[nodiscard]] DialectId dialect(std::string_view model) const override
    {
        return onlyContinues(model) ? DialectId::OpenAiCompletions : DialectId::OpenAiChat;
    }
    [[nodiscard]] bool speaks(DialectId wanted, std::string_view model) const override
    {
        if (onlyContinues(model)) return wanted == DialectId::OpenAiCompletions;
        return wanted == DialectId::OpenAiChat || wanted == DialectId::OpenAiResponses;
    }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return "https://api.openai.com/v1"; }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        // Counting is a call of the Responses API.
        return operation == Operation::Chat || operation == Operation::CountTokens ||
               operation == Operation::Embed ||
               (operation != Operation::Rerank && !openAiPath(operation).empty());
    }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        std::string path(call.basePath);
        if (call.operation == Operation::Embed) return path + "/embeddings";
        if (const auto own = openAiPath(call.operation); !own.empty()) return path.append(own);
        if (call.dialect == DialectId::OpenAiCompletions) return path + "/completions";
        if (call.dialect != DialectId::OpenAiResponses) return path + "/chat/completions";
        path += "/responses";
        return call.operation == Operation::CountTokens ? path + "/input_tokens" : path;
    }
    [[nodiscard]] std::string realtimePath(std::string_view basePath, std::string_view model) const override
    {
        return std::string(basePath) + "/realtime?model=" + percentEncoded(model);
    }
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        return std::string(basePath) + "/models";
    }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        return secretLine("Authorization: Bearer ", secret);
    }
    void addFields(Fields& fields, const void* request, ClientField clientField) const override
    {
        for (const char* name : {"openai-beta", "openai-organization", "openai-project"}) {
            const auto value = clientField(request, name);
            // Said of the client's connection to us, which is not this one.
            if (value.empty() || value.find("responses_websockets=") != std::string_view::npos) continue;
            fields.emplace_back(name, std::string(value));
        }
    }
};

/// Any server that speaks OpenAI's chat API; local ones often want no key.
class OpenAiCompatible : public OpenAi {
public:
    [[nodiscard]] std::string_view id() const override { return "openai-compatible"; }
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::OpenAiChat; }
    /// Few servers have the Responses API. Whichever of the other two its models can do, such a server says
    /// best itself.
    [[nodiscard]] bool speaks(DialectId wanted, std::string_view) const override
    {
        return wanted == DialectId::OpenAiChat || wanted == DialectId::OpenAiCompletions;
    }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        // Which of them such a server has it says best itself.
        return operation == Operation::Chat || operation == Operation::Embed ||
               !openAiPath(operation).empty();
    }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return {}; }
    [[nodiscard]] bool needsKey() const override { return false; }
    void addFields(Fields& fields, const void* request, ClientField clientField) const override
    {
        // OpenRouter ranks applications by these; other servers ignore them.
        for (const char* name : {"http-referer", "x-title"}) {
            if (const auto value = clientField(request, name); !value.empty())
                fields.emplace_back(name, std::string(value));
        }
    }
};

} // namespace

const Kind& openAi()
{
    static const OpenAi kind;
    return kind;
}

const Kind& openAiCompatible()
{
    static const OpenAiCompatible kind;
    return kind;
}

} // namespace gateway::provider
