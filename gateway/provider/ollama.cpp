// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/kind.h"

namespace gateway::provider {

namespace {

/// An Ollama server, on this machine or ollama.com. Base URL is the root; a `/v1` or `/api` at its end is
/// tolerated.
class Ollama : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "ollama"; }
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::Ollama; }
    [[nodiscard]] bool speaks(DialectId wanted, std::string_view) const override
    {
        return wanted == DialectId::Ollama || wanted == DialectId::OllamaPrompt;
    }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return "http://127.0.0.1:11434"; }
    [[nodiscard]] bool needsKey() const override { return false; }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        return operation == Operation::Chat || operation == Operation::Embed;
    }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        const bool prompt = call.dialect == DialectId::OllamaPrompt;
        if (call.operation == Operation::Embed)
            return root(call.basePath) + (prompt ? "/api/embeddings" : "/api/embed");
        return root(call.basePath) + (prompt ? "/api/generate" : "/api/chat");
    }
    [[nodiscard]] std::string nativeBase(std::string_view basePath) const override { return root(basePath); }
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        return root(basePath) + "/api/tags";
    }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        return secretLine("Authorization: Bearer ", secret);
    }
    void addFields(Fields&, const void*, ClientField) const override {}

private:
    [[nodiscard]] static std::string root(std::string_view basePath)
    {
        for (const std::string_view end : {"/v1", "/api"}) {
            if (basePath.ends_with(end)) {
                basePath.remove_suffix(end.size());
                break;
            }
        }
        return std::string(basePath);
    }
};

} // namespace

const Kind& ollama()
{
    static const Ollama kind;
    return kind;
}

} // namespace gateway::provider
