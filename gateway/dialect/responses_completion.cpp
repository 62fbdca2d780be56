// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"
#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/provider_error.h"
#include "dialect/responses_object.h"
#include "dialect/responses_parts.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::responses {
namespace {

void readItem(const JsonObject& item, Completion& completion)
{
    const std::string type = item.text("type");
    if (type == "message") {
        forEachElement(item.array("content"), [&completion](std::string_view part, JsonKind) {
            completion.refused = completion.refused || textOf(memberValue(part, "type")) == "refusal";
        });
        if (TextPart text = readMessage(item); !text.text.empty()) {
            completion.parts.emplace_back(std::move(text));
        }
    } else if (type == "reasoning") {
        if (auto thinking = readReasoning(item)) {
            completion.parts.emplace_back(std::move(*thinking));
        }
    } else if (type == "image_generation_call") {
        if (std::string made = item.text("result"); !made.empty()) {
            const std::string format = item.text("output_format");
            completion.parts.emplace_back(
                ImagePart{"image/" + (format.empty() ? "png" : format), std::move(made), {}, {}});
        }
    } else if (type == "function_call" || type == "custom_tool_call") {
        ToolCallPart call = readCall(item);
        if (call.id.empty()) {
            call.id = newToolCallId();
        }
        completion.parts.emplace_back(std::move(call));
    }
}

bool hasCall(const Completion& completion)
{
    for (const Part& part : completion.parts) {
        if (std::holds_alternative<ToolCallPart>(part)) return true;
    }
    return false;
}

std::string textItem(std::string_view id, const TextPart& part)
{
    std::string annotations;
    JsonWriter citing(annotations);
    const auto length = static_cast<std::int64_t>(part.citations.empty() ? 0 : utf8Length(part.text));
    for (const Citation& citation : part.citations) {
        writeAnnotation(citing, placed(citation, 0, length), false);
    }
    std::string logprobs;
    JsonWriter tokens(logprobs);
    for (const TokenLogprob& token : part.logprobs) {
        writeLogprob(tokens, token);
    }
    return messageItem(id, {part.text, annotations, logprobs}, "completed");
}

std::string outputItems(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    std::size_t index = 0;
    const auto add = [&out, &index](const std::string& item) {
        out.append(out.empty() ? "" : ",").append(item);
        ++index;
    };
    for (const Part& part : completion.parts) {
        if (const auto* text = std::get_if<TextPart>(&part)) {
            add(textItem(itemId("msg", context, index), *text));
        } else if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
            add(reasoningItem(itemId("rs", context, index), *thinking));
        } else if (const auto* image = std::get_if<ImagePart>(&part)) {
            add(imageItem(itemId("ig", context, index), *image, "completed"));
        } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
            ClientCall known = clientCall(context, call->name);
            known.custom = known.custom || call->custom;
            const std::string arguments =
                known.custom ? customInput(call->argumentsJson) : call->argumentsJson;
            add(callItem(itemId(known.custom ? "ctc" : "fc", context, index), call->id, known, arguments,
                         "completed"));
        }
    }
    return out;
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.kind("error") == JsonKind::Object) return failureOf(root);
    if (root.kind("output") != JsonKind::Array) return unreadableAnswer("it has no output");
    Completion completion;
    completion.finish = finishOf(root);
    if (completion.finish == Finish::Undecided) return unreadableAnswer("its response is not complete");
    completion.id = root.text("id");
    completion.model = root.text("model");
    forEachElement(root.array("output"), [&completion](std::string_view item, JsonKind) {
        readItem(JsonObject(item), completion);
    });
    if (completion.finish == Finish::Stop && hasCall(completion)) {
        completion.finish = Finish::ToolCalls;
    }
    completion.usage = readResponseUse(root);
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    const std::string output = outputItems(completion, context);
    ResponseObject::State state;
    state.status = statusName(completion.finish);
    state.incompleteWhy = incompleteReason(completion.finish);
    state.output = output;
    state.usage = &completion.usage;
    state.cost = context.cost;
    std::string body = ResponseObject(context).text(state);
    if (context.keepAnswer) context.keepAnswer(body);
    return body;
}

} // namespace gateway::dialect::responses
