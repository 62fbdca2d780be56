// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/openai_parts.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::openai {
namespace {

bool hasToolCall(const std::vector<Part>& parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [](const Part& part) { return std::holds_alternative<ToolCallPart>(part); });
}

std::string messageText(const JsonObject& message)
{
    if (message.kind("content") == JsonKind::String) return message.text("content");
    std::string text;
    forEachElement(message.array("content"), [&text](std::string_view part, JsonKind kind) {
        if (kind == JsonKind::Object) {
            text += JsonObject(part).text("text");
        }
    });
    return text.empty() ? message.text("refusal") : text;
}

void readText(const JsonObject& root, const JsonObject& choice, std::vector<Part>& into)
{
    const JsonObject message = choice.object("message");
    TextPart part{messageText(message), {}};
    if (part.text.empty()) return;
    part.logprobs = readLogprobs(choice.object("logprobs").array("content"));
    part.citations = readAnnotations(message.array("annotations"));
    if (part.citations.empty()) {
        part.citations = readSources(sourcesIn(root));
    }
    into.emplace_back(std::move(part));
}

void readMessage(const JsonObject& root, const JsonObject& choice, Completion& completion)
{
    const JsonObject message = choice.object("message");
    readReasoning(message, completion.parts);
    readText(root, choice, completion.parts);
    completion.refused = !message.text("refusal").empty();
    readAnsweredImages(message,
                       [&completion](ImagePart image) { completion.parts.emplace_back(std::move(image)); });
    const std::size_t before = completion.parts.size();
    readToolCalls(message.array("tool_calls"), completion.parts);
    for (std::size_t i = before; i < completion.parts.size(); ++i) {
        auto& call = std::get<ToolCallPart>(completion.parts[i]);
        if (call.id.empty()) {
            call.id = newToolCallId();
        }
    }
}

bool isCustom(const CompletionContext& context, const ToolCallPart& call)
{
    const Tool* tool = context.findTool(call.name);
    return call.custom || (tool && tool->custom);
}

void writeImages(JsonWriter& json, const std::vector<Part>& parts)
{
    int index = 0;
    for (const Part& part : parts) {
        const auto* image = std::get_if<ImagePart>(&part);
        if (!image) continue;
        if (index == 0) json.key("images").beginArray();
        writeAnsweredImage(json, *image, index++);
    }
    if (index > 0) json.endArray();
}

void writeAnnotations(JsonWriter& json, const std::vector<Part>& parts)
{
    const std::vector<Citation> citations = joinedCitations(parts);
    if (citations.empty()) return;
    json.key("annotations").beginArray();
    for (const Citation& citation : citations) {
        writeAnnotation(json, citation, true);
    }
    json.endArray();
}

void writeChoiceLogprobs(JsonWriter& json, const std::vector<Part>& parts)
{
    const std::vector<TokenLogprob> tokens = joinedLogprobs(parts);
    if (tokens.empty()) {
        json.null();
        return;
    }
    json.beginObject().key("content");
    writeLogprobs(json, tokens);
    json.key("refusal").null().endObject();
}

void writeMessage(JsonWriter& json, const Completion& completion, const CompletionContext& context)
{
    const std::string text = joinedText(completion.parts);
    const bool calls = hasToolCall(completion.parts);
    json.beginObject().key("role").string("assistant").key("content");
    if (text.empty() && calls) {
        json.null();
    } else {
        json.string(text);
    }
    json.key("refusal").null();
    writeAnnotations(json, completion.parts);
    writeReasoning(json, completion.parts);
    writeImages(json, completion.parts);
    if (calls) {
        json.key("tool_calls").beginArray();
        for (const Part& part : completion.parts) {
            if (const auto* call = std::get_if<ToolCallPart>(&part)) {
                json.beginObject();
                writeToolCall(json, *call, isCustom(context, *call));
                json.endObject();
            }
        }
        json.endArray();
    }
    json.endObject();
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.kind("error") == JsonKind::Object) return streamFailure(root.raw("error"));
    std::string_view first;
    forEachElement(root.array("choices"), [&first](std::string_view choice, JsonKind) {
        first = choice;
        return false;
    });
    const JsonObject choice(first);
    if (choice.kind("message") != JsonKind::Object)
        return unreadableAnswer("it has no choices with a message");
    Completion completion;
    completion.id = root.text("id");
    completion.model = root.text("model");
    readMessage(root, choice, completion);
    completion.finish = finishNamed(choice.text("finish_reason"));
    const bool unsaid = completion.finish == Finish::Undecided || completion.finish == Finish::Stop;
    if (unsaid) {
        completion.finish = hasToolCall(completion.parts) ? Finish::ToolCalls : Finish::Stop;
    }
    completion.usage = readOpenAiUsage(root.raw("usage"), root.raw("service_tier"));
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(completionId(context)).key("object").string("chat.completion");
    json.key("created").integer(context.createdSeconds).key("model").string(context.model);
    json.key("choices").beginArray().beginObject().key("index").integer(0).key("message");
    writeMessage(json, completion, context);
    json.key("logprobs");
    writeChoiceLogprobs(json, completion.parts);
    json.key("finish_reason").string(finishName(completion.finish)).endObject().endArray();
    if (completion.usage.known) {
        json.key("usage");
        writeOpenAiUsage(json, completion.usage, context.cost);
    }
    json.endObject();
    return out;
}

} // namespace gateway::dialect::openai
