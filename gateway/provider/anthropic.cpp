// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/kind.h"

namespace gateway::provider {

namespace {

constexpr std::string_view kVersion = "2023-06-01"; // the only one Anthropic's API documents

/// Anthropic's API. Base URL is the root; a `/v1` at its end is tolerated.
class Anthropic : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "anthropic"; }
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::AnthropicMessages; }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return "https://api.anthropic.com"; }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        return operation == Operation::Chat || operation == Operation::CountTokens ||
               operation == Operation::File || operation == Operation::Batch;
    }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        if (call.operation == Operation::File) return root(call.basePath) + "/v1/files";
        if (call.operation == Operation::Batch) return root(call.basePath) + "/v1/messages/batches";
        return root(call.basePath) +
               (call.operation == Operation::CountTokens ? "/v1/messages/count_tokens" : "/v1/messages");
    }
    [[nodiscard]] std::string nativeBase(std::string_view basePath) const override { return root(basePath); }
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        return root(basePath) + "/v1/models";
    }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        return secretLine("x-api-key: ", secret);
    }
    void addFields(Fields& fields, const void* request, ClientField clientField) const override
    {
        const auto version = clientField(request, "anthropic-version");
        fields.emplace_back("anthropic-version", std::string(version.empty() ? kVersion : version));
        if (const auto betas = clientField(request, "anthropic-beta"); !betas.empty())
            fields.emplace_back("anthropic-beta", std::string(betas));
    }

private:
    [[nodiscard]] static std::string root(std::string_view basePath)
    {
        if (basePath.ends_with("/v1")) basePath.remove_suffix(3);
        return std::string(basePath);
    }
};

} // namespace

const Kind& anthropic()
{
    static const Anthropic kind;
    return kind;
}

} // namespace gateway::provider
