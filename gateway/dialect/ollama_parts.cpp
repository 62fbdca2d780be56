// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/ollama_parts.h"

#include <algorithm>
#include <chrono>

#include "dialect/provider_error.h"
#include "dialect/token_count.h"

namespace gateway::dialect::ollama_api {

Finish finishNamed(std::string_view reason)
{
    if (reason == "length") return Finish::Length;
    if (reason == "content_filter") return Finish::ContentFilter;
    // "load" and "unload" answer requests without a prompt; those, too, are whole.
    return reason.empty() ? Finish::Undecided : Finish::Stop;
}

std::string_view finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "length";
    case Finish::ContentFilter:
        return "content_filter"; // not Ollama's: its own models never say it, and "stop" would hide it
    default:
        return "stop";
    }
}

Usage readUsage(const JsonObject& answer)
{
    Usage usage;
    usage.inputTokens = tokenCount(answer.integer("prompt_eval_count"));
    usage.outputTokens = tokenCount(answer.integer("eval_count"));
    usage.known = answer.has("prompt_eval_count") || answer.has("eval_count");
    return usage;
}

ToolCallPart readToolCall(const JsonObject& call)
{
    const JsonObject function = call.object("function");
    ToolCallPart part;
    part.id = call.text("id");
    part.name = function.text("name");
    const bool object = function.kind("arguments") == JsonKind::Object;
    part.argumentsJson =
        object ? compactJson(function.raw("arguments")) : argumentsObject(function.text("arguments"));
    return part;
}

void writeToolCall(JsonWriter& json, const ToolCallPart& call, int index)
{
    json.beginObject().key("id").string(call.id).key("function").beginObject();
    json.key("index").integer(index).key("name").string(call.name);
    json.key("arguments").raw(argumentsObject(call.argumentsJson)).endObject().endObject();
}

std::int64_t nanosecondsSince(const RequestId& id)
{
    using std::chrono::microseconds;
    constexpr std::int64_t kLongest = 86'400'000'000; // a day; a clock that was set may tell anything
    const auto now =
        std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch());
    return std::clamp<std::int64_t>(now.count() - id.microseconds(), 0, kLongest) * 1000;
}

void writeClosing(JsonWriter& json, const Closing& closing)
{
    json.key("done_reason").string(finishName(closing.finish)).key("done").boolean(true);
    json.key("total_duration").integer(closing.totalNanoseconds).key("load_duration").integer(0);
    json.key("prompt_eval_count").integer(closing.usage.inputTokens);
    json.key("prompt_eval_duration").integer(closing.promptNanoseconds);
    json.key("eval_count").integer(closing.usage.outputTokens);
    json.key("eval_duration").integer(closing.totalNanoseconds - closing.promptNanoseconds);
}

std::string encodeError(const Error& error)
{
    std::string out;
    JsonWriter(out)
        .beginObject()
        .key("error")
        .string(error.message)
        .key("code")
        .string(codeName(error.code))
        .endObject();
    return out;
}

std::string encodeStreamError(const Error& error)
{
    return encodeError(error) + '\n';
}

Dialect::ProviderError readError(std::string_view body)
{
    Dialect::ProviderError found = readErrorBody(body);
    JsonDocument document;
    // Its own clients show the text of `error`, so an object there would be of no use to them.
    found.shaped = !scanJson(body, document) && JsonObject(document).kind("error") == JsonKind::String;
    return found;
}

} // namespace gateway::dialect::ollama_api
