// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/bedrock_parts.h"
#include "dialect/content_text.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::bedrock {
namespace {

bool hasToolCall(const std::vector<Part>& parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [](const Part& part) { return std::holds_alternative<ToolCallPart>(part); });
}

void writeText(JsonWriter& json, const TextPart& text)
{
    json.beginObject();
    if (text.citations.empty()) {
        json.key("text").string(text.text).endObject();
        return;
    }
    json.key("citationsContent").beginObject().key("content").beginArray();
    json.beginObject().key("text").string(text.text).endObject().endArray();
    json.key("citations").beginArray();
    for (const Citation& citation : text.citations)
        writeCitation(json, citation);
    json.endArray().endObject().endObject();
}

void writePart(JsonWriter& json, const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        writeText(json, *text);
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        writeToolUse(json, call->id, *call);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
        writeThinking(json, *thinking);
    }
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    const JsonObject message = root.object("output").object("message");
    if (message.kind("content") != JsonKind::Array)
        return unreadableAnswer("it has no list of content blocks");
    const std::string reason = root.text("stopReason");
    if (isMalformed(reason)) return malformedOutput(reason);
    Completion completion;
    forEachElement(message.array("content"), [&completion](std::string_view block, JsonKind kind) {
        if (kind == JsonKind::Object) readBlock(JsonObject(block), completion.parts);
    });
    for (Part& part : completion.parts) {
        auto* call = std::get_if<ToolCallPart>(&part);
        if (call && call->id.empty()) call->id = newToolCallId();
    }
    completion.finish = finishNamed(reason);
    const bool calls = hasToolCall(completion.parts);
    if (completion.finish == Finish::Undecided) completion.finish = calls ? Finish::ToolCalls : Finish::Stop;
    if (completion.finish == Finish::ToolCalls && !calls) completion.finish = Finish::Stop;
    completion.stopSequence = root.object("additionalModelResponseFields").text("stop_sequence");
    completion.usage = readUsage(root.raw("usage"));
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("output").beginObject().key("message").beginObject();
    json.key("role").string("assistant").key("content").beginArray();
    for (const Part& part : completion.parts)
        writePart(json, part);
    json.endArray().endObject().endObject();
    json.key("stopReason").string(finishName(completion.finish)).key("usage");
    writeUsage(json, completion.usage, context.cost);
    json.endObject();
    return out;
}

} // namespace gateway::dialect::bedrock
