// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/anthropic_parts.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::anthropic {
namespace {

void writePart(JsonWriter& json, const Part& part, bool unsignedToo)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        json.beginObject().key("type").string("text").key("text").string(text->text).endObject();
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        writeToolUse(json, call->id, *call);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part);
               thinking && (canReturn(*thinking) || (unsignedToo && !thinking->text.empty()))) {
        writeThinking(json, *thinking);
    }
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.text("type") == "error") return streamFailure(root.raw("error"));
    if (root.kind("content") != JsonKind::Array) return unreadableAnswer("it has no list of content blocks");
    Completion completion;
    completion.id = root.text("id");
    completion.model = root.text("model");
    forEachElement(root.array("content"), [&completion](std::string_view block, JsonKind kind) {
        // What Anthropic's own tools did (searches, code) has no counterpart elsewhere; its text follows
        // anyway.
        if (kind == JsonKind::Object) {
            readBlock(JsonObject(block), completion.parts);
        }
    });
    completion.finish = finishNamed(root.text("stop_reason"));
    if (completion.finish == Finish::Undecided) {
        const bool calls =
            std::any_of(completion.parts.begin(), completion.parts.end(),
                        [](const Part& part) { return std::holds_alternative<ToolCallPart>(part); });
        completion.finish = calls ? Finish::ToolCalls : Finish::Stop;
    }
    completion.stopSequence = root.text("stop_sequence");
    AnthropicCounts counts;
    counts.add(root.raw("usage"));
    completion.usage = counts.usage();
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(messageId(context)).key("type").string("message");
    json.key("role").string("assistant").key("model").string(context.model).key("content").beginArray();
    for (const Part& part : completion.parts) {
        writePart(json, part, showsUnsigned(context));
    }
    json.endArray().key("stop_reason").string(finishName(completion.finish)).key("stop_sequence");
    if (completion.finish == Finish::StopSequence && !completion.stopSequence.empty()) {
        json.string(completion.stopSequence);
    } else {
        json.null();
    }
    json.key("usage");
    writeAnthropicUsage(json, completion.usage, context.cost);
    json.endObject();
    return out;
}

} // namespace gateway::dialect::anthropic
