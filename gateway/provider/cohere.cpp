// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/kind.h"

namespace gateway::provider {

namespace {

/// Cohere's API, version 2. Base URL is the root; a `/v1` or `/v2` at its end is tolerated.
class Cohere : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "cohere"; }
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::Cohere; }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return "https://api.cohere.com"; }
    [[nodiscard]] bool supports(Operation operation) const override
    {
        return operation == Operation::Chat || operation == Operation::Embed ||
               operation == Operation::Rerank;
    }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        // Its two versions of reranking differ in what documents may be.
        if (call.operation == Operation::Rerank)
            return root(call.basePath) + (call.dialect == DialectId::Cohere ? "/v2/rerank" : "/v1/rerank");
        return root(call.basePath) + (call.operation == Operation::Embed ? "/v2/embed" : "/v2/chat");
    }
    [[nodiscard]] std::string nativeBase(std::string_view basePath) const override { return root(basePath); }
    [[nodiscard]] std::string modelsPath(std::string_view basePath) const override
    {
        return root(basePath) + "/v1/models?page_size=1000"; // the most that one page holds
    }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes&) const override
    {
        return secretLine("Authorization: Bearer ", secret);
    }
    void addFields(Fields& fields, const void* request, ClientField clientField) const override
    {
        // The name under which an application's calls are counted in Cohere's dashboard.
        if (const auto value = clientField(request, "x-client-name"); !value.empty())
            fields.emplace_back("x-client-name", std::string(value));
    }

private:
    [[nodiscard]] static std::string root(std::string_view basePath)
    {
        if (basePath.ends_with("/v1") || basePath.ends_with("/v2")) basePath.remove_suffix(3);
        return std::string(basePath);
    }
};

} // namespace

const Kind& cohere()
{
    static const Cohere kind;
    return kind;
}

} // namespace gateway::provider
