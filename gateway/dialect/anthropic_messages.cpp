// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_messages.h"

#include "dialect/anthropic_meter.h"
#include "dialect/anthropic_parts.h"
#include "dialect/anthropic_thinking.h"
#include "dialect/content_text.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

class AnthropicMessages final : public Dialect {
public:
    DialectId id() const override { return DialectId::AnthropicMessages; }
    const std::vector<PathRule>& paths() const override
    {
        static const std::vector<PathRule> rules{
            {PathRule::Root::Versioned, "/messages", {}, Operation::Chat},
            {PathRule::Root::Versioned, "/messages/count_tokens", {}, Operation::CountTokens}};
        return rules;
    }
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    RequestNeeds needs(const JsonDocument& document) const override;
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    Usage readUsage(const JsonDocument& answer) const override;
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return std::make_unique<AnthropicMeter>(std::move(options));
    }

    Result<Request> decodeRequest(std::string_view body, const PathFacts&) const override
    {
        return anthropic::decodeRequest(body);
    }
    std::string encodeRequest(Request& request) const override { return anthropic::encodeRequest(request); }
    // https://docs.claude.com/en/api/messages: 128 since 2025, 64 before.
    std::optional<ToolNameRule> toolNameRule() const override { return ToolNameRule{128, "_-", true}; }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return anthropic::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return anthropic::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return anthropic::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return anthropic::eventEncoder(context, std::move(costOf));
    }

    std::string encodeError(const Error& error, std::string_view requestId) const override
    {
        return anthropic::encodeError(error, requestId);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext& context) const override
    {
        return anthropic::encodeStreamError(error, context.id.text());
    }
    ProviderError readError(std::string_view body) const override { return readErrorBody(body); }
    std::string_view requestIdField() const override { return "request-id"; }
    std::string_view keepAlive() const override { return "event: ping\ndata: {\"type\":\"ping\"}\n\n"; }
};

Result<RequestFacts> AnthropicMessages::facts(const JsonDocument& document, const PathFacts&) const
{
    Result<RequestFacts> facts = sharedFacts(document);
    if (!facts) return facts;
    const auto limit = tokenLimit(document, "max_tokens");
    if (!limit) return limit.error();
    facts->maxTokens = *limit;
    facts->includeUsage = true;
    facts->hasImages = hasBlock(document, "image");
    facts->needsEdit = facts->needsEdit || anthropic::hasOthers(rawMember(document, "messages"));
    return facts;
}

RequestNeeds AnthropicMessages::needs(const JsonDocument& document) const
{
    RequestNeeds needs;
    const std::string_view format = memberValue(rawMember(document, "output_config"), "format");
    needs.schema = memberIs(format, "type", "json_schema") ||
                   memberIs(rawMember(document, "output_format"), "type", "json_schema");
    const std::string_view thinking = rawMember(document, "thinking");
    needs.reasoning = memberIs(thinking, "type", "enabled") || memberIs(thinking, "type", "adaptive");
    return needs;
}

Result<std::string> AnthropicMessages::edit(std::string_view body, const JsonDocument& document,
                                            const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    if (auto outcome = applyOverrides(changes, edit); !outcome) return outcome.error();
    if (!anthropic::hasOthers(changes.value("messages"))) return changes.text();
    std::string messages = anthropic::withoutOthers(changes.value("messages"));
    if (textOf(memberValue(changes.value("thinking"), "type")) == "enabled" &&
        anthropic::lacksThinking(messages)) {
        changes.remove("thinking");
        if (edit.dropped) noteDropped(*edit.dropped, "thinking");
    }
    changes.set("messages", std::move(messages));
    return changes.text();
}

Usage AnthropicMessages::readUsage(const JsonDocument& answer) const
{
    // The answer of count_tokens has none: counting is free.
    AnthropicCounts counts;
    counts.add(rawMember(answer, "usage"));
    return counts.usage();
}

bool AnthropicMessages::isAnswer(const JsonDocument& answer, Operation operation) const
{
    if (operation == Operation::CountTokens) return readCount(answer).has_value();
    return jsonKindOf(rawMember(answer, "content")) == JsonKind::Array &&
           textOf(rawMember(answer, "type")) == "message";
}

std::string AnthropicMessages::addCost(std::string_view answer, const JsonDocument& document,
                                       Money cost) const
{
    const std::string_view usage = rawMember(document, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usage", withCost(usage, cost));
    return changes.text();
}

} // namespace

const Dialect& anthropicMessages()
{
    static const AnthropicMessages dialect;
    return dialect;
}

} // namespace gateway::dialect
