// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_parts.h"

#include "dialect/signature.h"

namespace gateway::dialect::anthropic {
namespace {

constexpr std::string_view kCited = "tp1.cited";

} // namespace

Finish finishNamed(std::string_view reason)
{
    if (reason == "stop_sequence") return Finish::StopSequence;
    if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Finish::Length;
    if (reason == "tool_use") return Finish::ToolCalls;
    if (reason == "pause_turn") return Finish::Pause;
    if (reason == "refusal") return Finish::ContentFilter;
    return reason.empty() ? Finish::Undecided : Finish::Stop;
}

std::string_view finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "max_tokens";
    case Finish::ToolCalls:
        return "tool_use";
    case Finish::ContentFilter:
        return "refusal";
    case Finish::StopSequence:
        return "stop_sequence";
    case Finish::Pause:
        return "pause_turn";
    case Finish::Undecided:
    case Finish::Stop:
        break;
    }
    return "end_turn";
}

bool readBlock(const JsonObject& block, std::vector<Part>& into)
{
    const std::string type = block.text("type");
    if (type == "text") {
        std::string text = block.text("text");
        if (!text.empty()) {
            into.emplace_back(TextPart{std::move(text), compactJson(block.raw("cache_control"))});
        }
    } else if (type == "thinking") {
        std::string signature = block.text("signature");
        if (signature == kUnsigned) signature.clear();
        into.emplace_back(ThinkingPart{block.text("thinking"), std::move(signature), {}});
    } else if (type == "redacted_thinking") {
        into.emplace_back(ThinkingPart{{}, {}, block.text("data")});
    } else if (type == "tool_use") {
        const bool whole = block.kind("input") == JsonKind::Object;
        into.emplace_back(ToolCallPart{
            block.text("id"), block.text("name"),
            whole ? compactJson(block.raw("input")) : argumentsObject(block.text("input")), false});
    } else {
        return false;
    }
    return true;
}

std::vector<Citation> readCitations(std::string_view list)
{
    std::vector<Citation> citations;
    forEachElement(list, [&citations](std::string_view value, JsonKind kind) {
        const JsonObject fields(kind == JsonKind::Object ? value : std::string_view());
        if (fields.text("type") != "web_search_result_location") return;
        Citation citation{fields.text("url"), fields.text("title"), fields.text("cited_text")};
        if (!citation.url.empty()) citations.push_back(std::move(citation));
    });
    return citations;
}

void writeCitation(JsonWriter& json, const Citation& citation)
{
    json.beginObject().key("type").string("web_search_result_location").key("url").string(citation.url);
    json.key("title");
    if (citation.title.empty()) {
        json.null();
    } else {
        json.string(citation.title);
    }
    json.key("cited_text").string(citation.text).key("encrypted_index").string(kCited).endObject();
}

bool canReturn(const ThinkingPart& part)
{
    return !part.signature.empty() || !part.redacted.empty();
}

bool showsUnsigned(const CompletionContext& context)
{
    return context.request && context.request->reasoning.wanted() && !context.request->reasoning.hidden;
}

bool isOwn(const ThinkingPart& part)
{
    return makerOf(part.redacted.empty() ? part.signature : part.redacted) == Maker::Anthropic;
}

void writeThinking(JsonWriter& json, const ThinkingPart& part)
{
    json.beginObject();
    if (!part.redacted.empty()) {
        json.key("type").string("redacted_thinking").key("data").string(part.redacted);
    } else {
        json.key("type").string("thinking").key("thinking").string(part.text);
        json.key("signature").string(part.signature.empty() ? kUnsigned : part.signature);
    }
    json.endObject();
}

void writeToolUse(JsonWriter& json, std::string_view id, const ToolCallPart& call)
{
    json.beginObject().key("type").string("tool_use").key("id").string(id).key("name").string(call.name);
    json.key("input").raw(call.argumentsJson.empty() ? "{}" : call.argumentsJson).endObject();
}

std::string messageId(const CompletionContext& context)
{
    const std::string id = context.id.text();
    const std::size_t mark = id.find('_');
    return "msg_" + (mark == std::string::npos ? id : id.substr(mark + 1));
}

} // namespace gateway::dialect::anthropic
