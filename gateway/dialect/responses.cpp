// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses.h"

#include "base/byte_search.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/responses_history.h"
#include "dialect/responses_meter.h"
#include "dialect/responses_object.h"
#include "dialect/responses_parts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

/// True when an item has content of that type, or brings it as the output of a tool.
bool hasContent(std::string_view input, std::string_view type)
{
    // Most bodies hold no such word at all, and looking for it is far cheaper than walking the items.
    if (!holdsQuoted(input, type)) return false;
    bool found = false;
    const auto visit = [&](std::string_view part, JsonKind) {
        found = found || textOf(memberValue(part, "type")) == type;
        return !found;
    };
    forEachElement(input, [&](std::string_view item, JsonKind) {
        visit(item, JsonKind::Object);
        forEachElement(memberValue(item, "content"), visit);
        forEachElement(memberValue(item, "output"), visit);
        return !found;
    });
    return found;
}

class OpenAiResponses final : public Dialect {
public:
    DialectId id() const override { return DialectId::OpenAiResponses; }
    const std::vector<PathRule>& paths() const override
    {
        static const std::vector<PathRule> rules{
            {PathRule::Root::Versioned, "/responses", {}, Operation::Chat},
            {PathRule::Root::Versioned, "/responses/input_tokens", {}, Operation::CountTokens}};
        return rules;
    }
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    RequestNeeds needs(const JsonDocument& document) const override;
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    Usage readUsage(const JsonDocument& answer) const override { return readResponseUse(JsonObject(answer)); }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override
    {
        if (operation == Operation::CountTokens) return readCount(answer).has_value();
        return jsonKindOf(rawMember(answer, "output")) == JsonKind::Array;
    }
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return std::make_unique<ResponsesMeter>(std::move(options));
    }

    Result<Request> decodeRequest(std::string_view body, const PathFacts&) const override
    {
        return responses::decodeRequest(body);
    }
    bool answersWith(const ImagePart& image) const override { return !image.base64.empty(); }
    std::string encodeRequest(Request& request) const override { return responses::encodeRequest(request); }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return responses::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return responses::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return responses::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return responses::eventEncoder(context, std::move(costOf));
    }
    std::string encodeCount(std::int64_t tokens) const override;

    int errorStatus(const Error& error) const override { return responses::errorStatus(error); }
    std::string encodeError(const Error& error, std::string_view) const override
    {
        return responses::encodeError(error);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext& context) const override;
    ProviderError readError(std::string_view body) const override { return readErrorBody(body); }
    std::string_view keepAlive() const override { return ": keep-alive\n\n"; }
};

Result<RequestFacts> OpenAiResponses::facts(const JsonDocument& document, const PathFacts&) const
{
    Result<RequestFacts> facts = modelFacts(document);
    if (!facts) return facts;
    const JsonMember* input = document.find("input");
    const bool given = input && input->kind != JsonKind::Null;
    if (given && input->kind != JsonKind::String && input->kind != JsonKind::Array) {
        return invalidRequest("'input' has to be a text or a list of items.", "input");
    }
    facts->includeUsage = true; // always in the last event
    const auto limit = tokenLimit(document, "max_output_tokens");
    if (!limit) return limit.error();
    facts->maxTokens = *limit;
    if (!given) return facts; // a kept prompt or conversation may hold it
    facts->hasTools = facts->hasTools || hasContent(input->value, "additional_tools");
    facts->hasImages = hasContent(input->value, "input_image");
    facts->needsEdit = responses::hasForeignItems(input->value);
    return facts;
}

RequestNeeds OpenAiResponses::needs(const JsonDocument& document) const
{
    RequestNeeds needs;
    needs.audio = hasContent(rawMember(document, "input"), "input_audio");
    needs.schema = memberIs(memberValue(rawMember(document, "text"), "format"), "type", "json_schema");
    needs.reasoning = wantsEffort(memberValue(rawMember(document, "reasoning"), "effort"));
    return needs;
}

Result<std::string> OpenAiResponses::edit(std::string_view body, const JsonDocument& document,
                                          const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    if (auto outcome = applyOverrides(changes, edit); !outcome) return outcome.error();
    const std::string_view input = changes.value("input");
    if (responses::hasForeignItems(input)) changes.set("input", responses::withoutForeignItems(input));
    return changes.text();
}

std::string OpenAiResponses::addCost(std::string_view answer, const JsonDocument& document, Money cost) const
{
    const std::string_view usage = rawMember(document, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usage", withCost(usage, cost));
    return changes.text();
}

std::string OpenAiResponses::encodeCount(std::int64_t tokens) const
{
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("object").string("response.input_tokens");
    json.key("input_tokens").integer(tokens).endObject();
    return body;
}

std::string OpenAiResponses::encodeStreamError(const Error& error, const CompletionContext& context) const
{
    const auto encoder = responses::eventEncoder(context, {});
    std::string out;
    encoder->write(Failed{error}, out);
    return out;
}

} // namespace

const Dialect& openAiResponses()
{
    static const OpenAiResponses dialect;
    return dialect;
}

} // namespace gateway::dialect
