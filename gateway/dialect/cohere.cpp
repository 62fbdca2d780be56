// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/cohere.h"

#include "dialect/cohere_parts.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

class Cohere final : public Dialect {
public:
    DialectId id() const override { return DialectId::Cohere; }
    const std::vector<PathRule>& paths() const override
    {
        static const std::vector<PathRule> rules{{PathRule::Root::Exact, "/v2/chat", {}, Operation::Chat},
                                                 {PathRule::Root::Exact, "/v2/embed", {}, Operation::Embed}};
        return rules;
    }
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    RequestNeeds needs(const JsonDocument& document) const override;
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    Usage readUsage(const JsonDocument& answer) const override
    {
        return cohere_api::readUsage(rawMember(answer, answer.find("meta") ? "meta" : "usage"));
    }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return cohere_api::meter(std::move(options));
    }

    Result<Request> decodeRequest(std::string_view body, const PathFacts&) const override
    {
        return cohere_api::decodeRequest(body);
    }
    std::string encodeRequest(Request& request) const override { return cohere_api::encodeRequest(request); }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return cohere_api::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return cohere_api::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return cohere_api::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return cohere_api::eventEncoder(context, std::move(costOf));
    }
    const EmbeddingShape* embedding() const override { return &cohere_api::embeddingShape(); }

    std::string encodeError(const Error& error, std::string_view requestId) const override
    {
        return cohere_api::encodeError(error, requestId);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext& context) const override
    {
        return cohere_api::encodeStreamError(error, context.id.text());
    }
    ProviderError readError(std::string_view body) const override { return cohere_api::readError(body); }
    std::string_view keepAlive() const override { return ": keep-alive\n\n"; }
};

Result<RequestFacts> Cohere::facts(const JsonDocument& document, const PathFacts& path) const
{
    if (path.operation == Operation::Embed) return embeddingFacts(document);
    Result<RequestFacts> facts = sharedFacts(document);
    if (!facts) return facts;
    const auto limit = tokenLimit(document, "max_tokens");
    if (!limit) return limit.error();
    facts->maxTokens = *limit;
    facts->includeUsage = true;
    facts->hasImages = hasBlock(document, "image_url");
    return facts;
}

RequestNeeds Cohere::needs(const JsonDocument& document) const
{
    RequestNeeds needs;
    const std::string_view format = rawMember(document, "response_format");
    needs.schema = jsonKindOf(memberValue(format, "json_schema")) == JsonKind::Object;
    needs.reasoning = memberIs(rawMember(document, "thinking"), "type", "enabled");
    return needs;
}

Result<std::string> Cohere::edit(std::string_view body, const JsonDocument& document,
                                 const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    if (auto outcome = applyOverrides(changes, edit); !outcome) return outcome.error();
    return changes.text();
}

bool Cohere::isAnswer(const JsonDocument& answer, Operation operation) const
{
    if (operation == Operation::Embed) {
        const JsonKind kind = jsonKindOf(rawMember(answer, "embeddings"));
        return kind == JsonKind::Object || kind == JsonKind::Array;
    }
    return jsonKindOf(rawMember(answer, "message")) == JsonKind::Object;
}

std::string Cohere::addCost(std::string_view answer, const JsonDocument& document, Money cost) const
{
    const std::string_view usage = rawMember(document, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usage", withCost(usage, cost));
    return changes.text();
}

} // namespace

const Dialect& cohere()
{
    static const Cohere dialect;
    return dialect;
}

} // namespace gateway::dialect
