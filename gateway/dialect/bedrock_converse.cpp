// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/bedrock_converse.h"

#include "base/aws_event_scanner.h"
#include "dialect/bedrock_meter.h"
#include "dialect/bedrock_parts.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

class BedrockConverse final : public Dialect {
public:
    DialectId id() const override { return DialectId::Bedrock; }
    const std::vector<PathRule>& paths() const override
    {
        static const std::vector<PathRule> none;
        return none;
    }
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    bool modelInBody() const override { return false; }
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    Usage readUsage(const JsonDocument& answer) const override
    {
        return bedrock::readUsage(rawMember(answer, "usage"));
    }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return std::make_unique<BedrockMeter>(std::move(options));
    }
    Framing framing() const override { return Framing::AwsEvents; }
    std::string_view streamType(bool) const override { return "application/vnd.amazon.eventstream"; }

    Result<Request> decodeRequest(std::string_view body, const PathFacts& path) const override
    {
        return bedrock::decodeRequest(body, path);
    }
    std::string encodeRequest(Request& request) const override { return bedrock::encodeRequest(request); }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return bedrock::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return bedrock::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return bedrock::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return bedrock::eventEncoder(context, std::move(costOf));
    }

    std::string encodeError(const Error& error, std::string_view) const override
    {
        return bedrock::errorBody(error);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext&) const override
    {
        std::string out;
        appendAwsException(out, bedrock::exceptionName(error), bedrock::errorBody(error));
        return out;
    }
    ProviderError readError(std::string_view body) const override { return bedrock::readError(body); }
    std::string_view keepAlive() const override { return {}; }
};

Result<RequestFacts> BedrockConverse::facts(const JsonDocument& document, const PathFacts& path) const
{
    RequestFacts facts;
    facts.model = path.model;
    if (!isModelName(facts.model)) return invalidRequest("The path names no model.", "model");
    if (!hasElements(document, "messages"))
        return invalidRequest("'messages' is required and has to be a list of at least one message.",
                              "messages");
    facts.stream = path.stream;
    facts.includeUsage = true;
    facts.maxTokens = jsonInteger(memberValue(rawMember(document, "inferenceConfig"), "maxTokens"));
    facts.hasTools = !memberValue(rawMember(document, "toolConfig"), "tools").empty();
    facts.hasImages = rawMember(document, "messages").find("\"image\"") != std::string_view::npos;
    return facts;
}

Result<std::string> BedrockConverse::edit(std::string_view body, const JsonDocument& document,
                                          const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    BodyEdit members = edit;
    members.model.clear();
    if (auto outcome = applyOverrides(changes, members); !outcome) return outcome.error();
    return changes.text();
}

bool BedrockConverse::isAnswer(const JsonDocument& answer, Operation) const
{
    const std::string_view message = memberValue(rawMember(answer, "output"), "message");
    return jsonKindOf(memberValue(message, "content")) == JsonKind::Array;
}

std::string BedrockConverse::addCost(std::string_view answer, const JsonDocument& document, Money cost) const
{
    const std::string_view usage = rawMember(document, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usage", withCost(usage, cost));
    return changes.text();
}

} // namespace

const Dialect& bedrockConverse()
{
    static const BedrockConverse dialect;
    return dialect;
}

} // namespace gateway::dialect
