// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_chat.h"

#include "dialect/openai_embedding.h"
#include "dialect/openai_meter.h"
#include "dialect/openai_parts.h"
#include "dialect/openai_quirks.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

class OpenAiChat final : public Dialect {
public:
    DialectId id() const override { return DialectId::OpenAiChat; }
    const std::vector<PathRule>& paths() const override
    {
        static const std::vector<PathRule> rules{
            {PathRule::Root::Versioned, "/chat/completions", {}, Operation::Chat},
            {PathRule::Root::Versioned, "/embeddings", {}, Operation::Embed},
            // Azure's SDKs, behind their /openai.
            {PathRule::Root::Exact, "/deployments/", "/chat/completions", Operation::Chat},
            {PathRule::Root::Exact, "/deployments/", "/embeddings", Operation::Embed}};
        return rules;
    }
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    RequestNeeds needs(const JsonDocument& document) const override;
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    bool suits(const JsonDocument& body, const Quirks& server) const override
    {
        return openai::suits(body, server);
    }
    bool asksForUsage() const override { return true; }
    Usage readUsage(const JsonDocument& answer) const override
    {
        return readOpenAiUsage(rawMember(answer, "usage"), rawMember(answer, "service_tier"));
    }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return std::make_unique<OpenAiMeter>(std::move(options));
    }

    Result<Request> decodeRequest(std::string_view body, const PathFacts&) const override
    {
        return openai::decodeRequest(body);
    }
    bool answersWith(const ImagePart&) const override { return true; }
    std::string encodeRequest(Request& request) const override { return openai::encodeRequest(request); }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return openai::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return openai::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return openai::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return openai::eventEncoder(context, std::move(costOf));
    }

    const EmbeddingShape* embedding() const override { return &openai::embeddingShape(); }

    std::string encodeError(const Error& error, std::string_view) const override
    {
        return openai::encodeError(error);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext&) const override
    {
        return openai::encodeStreamError(error);
    }
    ProviderError readError(std::string_view body) const override { return readErrorBody(body); }
    std::string_view keepAlive() const override { return ": keep-alive\n\n"; }
};

Result<RequestFacts> OpenAiChat::facts(const JsonDocument& document, const PathFacts& path) const
{
    if (path.operation == Operation::Embed) return embeddingFacts(document, path);
    Result<RequestFacts> facts = sharedFacts(document, path);
    if (!facts) return facts;
    const auto asked = openai::usageAskedFor(document);
    if (!asked) return asked.error();
    const std::optional<bool> wish = openai::usageWish(document);
    facts->includeUsage = *asked || wish.value_or(false);
    facts->needsEdit = facts->needsEdit || wish.has_value();
    for (const char* key : {"max_completion_tokens", "max_tokens"}) {
        const auto limit = tokenLimit(document, key);
        if (!limit) return limit.error();
        facts->maxTokens = facts->maxTokens ? facts->maxTokens : *limit;
    }
    facts->hasTools = facts->hasTools || hasElements(document, "functions");
    facts->hasImages = hasBlock(document, "image_url");
    return facts;
}

RequestNeeds OpenAiChat::needs(const JsonDocument& document) const
{
    RequestNeeds needs;
    needs.audio = hasBlock(document, "input_audio");
    needs.schema = memberIs(rawMember(document, "response_format"), "type", "json_schema");
    needs.reasoning = wantsEffort(rawMember(document, "reasoning_effort")) ||
                      wantsEffort(memberValue(rawMember(document, "reasoning"), "effort"));
    return needs;
}

Result<std::string> OpenAiChat::edit(std::string_view body, const JsonDocument& document,
                                     const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    if (auto outcome = applyOverrides(changes, edit); !outcome) return outcome.error();
    // OpenAI refuses OpenRouter's member, and OpenRouter understands OpenAI's.
    const std::optional<bool> wish = openai::usageWish(document);
    if (wish) changes.remove("usage");
    const bool asks = edit.addUsage || wish.value_or(false);
    if (asks && changes.value("stream") == "true") openai::askForUsage(changes);
    std::vector<std::string> unsaid;
    if (edit.quirks) openai::fit(changes, *edit.quirks, edit.dropped ? *edit.dropped : unsaid);
    return changes.text();
}

bool OpenAiChat::isAnswer(const JsonDocument& answer, Operation operation) const
{
    if (operation == Operation::Embed) return jsonKindOf(rawMember(answer, "data")) == JsonKind::Array;
    bool found = false;
    forEachElement(rawMember(answer, "choices"), [&found](std::string_view choice, JsonKind) {
        found = jsonKindOf(memberValue(choice, "message")) == JsonKind::Object;
        return false;
    });
    return found;
}

std::string OpenAiChat::addCost(std::string_view answer, const JsonDocument& document, Money cost) const
{
    const std::string_view usage = rawMember(document, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usage", withCost(usage, cost));
    return changes.text();
}

} // namespace

const Dialect& openAiChat()
{
    static const OpenAiChat dialect;
    return dialect;
}

} // namespace gateway::dialect
