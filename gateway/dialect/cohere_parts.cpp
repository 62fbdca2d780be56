// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/cohere_parts.h"

#include <algorithm>
#include <cmath>

#include "dialect/citations.h"
#include "dialect/logprobs.h"
#include "dialect/provider_error.h"
#include "dialect/token_count.h"

namespace gateway::dialect::cohere_api {

Finish finishNamed(std::string_view reason)
{
    if (reason == "MAX_TOKENS" || reason == "ERROR_LIMIT") return Finish::Length;
    if (reason == "TOOL_CALL") return Finish::ToolCalls;
    if (reason == "STOP_SEQUENCE") return Finish::StopSequence;
    if (reason == "ERROR_TOXIC") return Finish::ContentFilter;
    return reason.empty() ? Finish::Undecided : Finish::Stop;
}

std::string_view finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "MAX_TOKENS";
    case Finish::ToolCalls:
        return "TOOL_CALL";
    case Finish::StopSequence:
        return "STOP_SEQUENCE";
    case Finish::ContentFilter:
        return "ERROR_TOXIC"; // version 1 has this word for it, version 2 none
    default:
        return "COMPLETE";
    }
}

std::optional<Error> failureNamed(std::string_view reason, std::string_view told)
{
    const bool late = reason == "TIMEOUT";
    if (!late && reason != "ERROR") return std::nullopt;
    Error error = streamFailure(jsonQuoted(told));
    if (late) error.code = Code::UpstreamTimeout;
    return error;
}

Error eventFailure(const JsonObject& event)
{
    return streamFailure(event.raw(event.has("error") ? "error" : "message"));
}

Usage readUsage(std::string_view usage)
{
    Usage found;
    if (jsonKindOf(usage) != JsonKind::Object) return found;
    const JsonObject object(usage);
    const JsonObject billed = object.object("billed_units");
    const JsonObject tokens = object.object("tokens");
    const auto count = [&](std::string_view key) {
        const auto units = billed.integer(key);
        return tokenCount(units ? units : tokens.integer(key));
    };
    found.inputTokens = count("input_tokens") + tokenCount(billed.integer("image_tokens"));
    found.outputTokens = count("output_tokens");
    found.cacheReadTokens = std::min(tokenCount(object.integer("cached_tokens")), found.inputTokens);
    found.known = billed.has("input_tokens") || billed.has("output_tokens") || billed.has("image_tokens") ||
                  tokens.has("input_tokens") || tokens.has("output_tokens");
    return found;
}

void writeUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost)
{
    json.beginObject();
    for (const char* key : {"billed_units", "tokens"}) {
        json.key(key).beginObject().key("input_tokens").integer(usage.inputTokens);
        json.key("output_tokens").integer(usage.outputTokens).endObject();
    }
    json.key("cached_tokens").integer(usage.cacheReadTokens);
    if (cost) json.key("cost").raw(cost->toString());
    json.endObject();
}

std::optional<TokenLogprob> readLogprobs(const JsonObject& item)
{
    TokenLogprob token{item.text("text"), 0};
    bool any = false;
    forEachElement(item.array("logprobs"), [&](std::string_view value, JsonKind) {
        token.logprob += logprobOf(value);
        any = true;
    });
    if (!any || !std::isfinite(token.logprob)) return std::nullopt;
    return token;
}

void writeLogprobs(JsonWriter& json, std::string_view text, const std::vector<TokenLogprob>& tokens)
{
    json.beginObject().key("text").string(text).key("token_ids").beginArray().endArray();
    json.key("logprobs").beginArray();
    for (const TokenLogprob& token : tokens)
        json.number(token.logprob);
    json.endArray().endObject();
}

std::vector<Citation> readCitation(const JsonObject& citation)
{
    std::vector<Citation> found;
    const std::string type = citation.text("type");
    if (!type.empty() && type != "TEXT_CONTENT") return found;
    forEachElement(citation.array("sources"), [&](std::string_view value, JsonKind kind) {
        const JsonObject document =
            JsonObject(kind == JsonKind::Object ? value : std::string_view()).object("document");
        Citation read{document.text("url"), document.text("title"), document.text("snippet")};
        if (read.url.empty()) return;
        setPlace(read, citation.integer("start"), citation.integer("end"));
        found.push_back(std::move(read));
    });
    return found;
}

void readToolCalls(std::string_view calls, std::vector<Part>& into)
{
    forEachElement(calls, [&into](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject call(value);
        const JsonObject function = call.object("function");
        ToolCallPart part;
        part.id = call.text("id");
        part.name = function.text("name");
        const bool object = function.kind("arguments") == JsonKind::Object;
        part.argumentsJson =
            object ? compactJson(function.raw("arguments")) : argumentsObject(function.text("arguments"));
        into.emplace_back(std::move(part));
    });
}

void writeToolCall(JsonWriter& json, const ToolCallPart& call)
{
    json.beginObject().key("id").string(call.id).key("type").string("function");
    json.key("function").beginObject().key("name").string(call.name);
    json.key("arguments").string(call.argumentsJson).endObject().endObject();
}

std::string encodeError(const Error& error, std::string_view requestId)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(requestId).key("message").string(error.message);
    json.key("code").string(codeName(error.code)).endObject();
    return out;
}

std::string encodeStreamError(const Error& error, std::string_view requestId)
{
    std::string out = "event: message-end\ndata: ";
    JsonWriter json(out);
    json.beginObject().key("type").string("message-end").key("id").string(requestId);
    json.key("delta").beginObject().key("finish_reason").string("ERROR");
    json.key("error").string(error.message).key("code").string(codeName(error.code));
    json.endObject().endObject();
    out += "\n\n";
    return out;
}

Dialect::ProviderError readError(std::string_view body)
{
    Dialect::ProviderError found = readErrorBody(body);
    JsonDocument document;
    found.shaped = !scanJson(body, document) && JsonObject(document).kind("message") == JsonKind::String;
    if (found.message.find("too many tokens") != std::string::npos) found.code = Code::ContextLengthExceeded;
    return found;
}

} // namespace gateway::dialect::cohere_api
