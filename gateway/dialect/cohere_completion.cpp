// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/cohere_parts.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::cohere_api {
namespace {

bool isCall(const Part& part)
{
    return std::holds_alternative<ToolCallPart>(part);
}

void readContent(std::string_view content, std::vector<Part>& into)
{
    forEachElement(content, [&into](std::string_view value, JsonKind kind) {
        const JsonObject part(kind == JsonKind::Object ? value : std::string_view());
        if (std::string thinking = part.text("thinking"); !thinking.empty())
            into.emplace_back(ThinkingPart{std::move(thinking), {}, {}});
        else if (std::string text = part.text("text"); !text.empty())
            into.emplace_back(TextPart{std::move(text), {}});
    });
}

/// What is told of the answer is about its text, or the first of them.
void readTold(const JsonObject& root, std::vector<Part>& parts)
{
    const auto first = std::find_if(parts.begin(), parts.end(),
                                    [](const Part& part) { return std::holds_alternative<TextPart>(part); });
    if (first == parts.end()) return;
    auto& text = std::get<TextPart>(*first);
    forEachElement(root.array("logprobs"), [&text](std::string_view item, JsonKind) {
        if (auto token = readLogprobs(JsonObject(item))) text.logprobs.push_back(*std::move(token));
        return text.logprobs.size() < kMaxTokens;
    });
    forEachElement(root.object("message").array("citations"), [&text](std::string_view item, JsonKind) {
        for (Citation& citation : readCitation(JsonObject(item)))
            text.citations.push_back(std::move(citation));
    });
}

/// With tool calls, Cohere's models say what they are up to in `tool_plan` instead of `content`.
void writeMessage(JsonWriter& json, const std::vector<Part>& parts)
{
    const bool calls = std::any_of(parts.begin(), parts.end(), isCall);
    json.beginObject().key("role").string("assistant");
    json.key("content").beginArray();
    for (const Part& part : parts) {
        const auto* thinking = std::get_if<ThinkingPart>(&part);
        const auto* text = std::get_if<TextPart>(&part);
        if (thinking && !thinking->text.empty()) {
            json.beginObject().key("type").string("thinking").key("thinking").string(thinking->text);
            json.endObject();
        } else if (text && !text->text.empty() && !calls) {
            json.beginObject().key("type").string("text").key("text").string(text->text).endObject();
        }
    }
    json.endArray();
    if (calls) {
        if (const std::string plan = joinedText(parts); !plan.empty()) json.key("tool_plan").string(plan);
        json.key("tool_calls").beginArray();
        for (const Part& part : parts) {
            if (const auto* call = std::get_if<ToolCallPart>(&part)) writeToolCall(json, *call);
        }
        json.endArray();
    }
    json.endObject();
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.kind("message") != JsonKind::Object) return unreadableAnswer("it has no message");
    const JsonObject message = root.object("message");
    const std::string reason = root.text("finish_reason");
    if (auto failure = failureNamed(reason, root.text("error"))) return *std::move(failure);
    Completion completion;
    completion.id = root.text("id");
    readContent(message.array("content"), completion.parts);
    if (std::string text = message.text("content"); !text.empty())
        completion.parts.emplace_back(TextPart{std::move(text), {}});
    if (std::string plan = message.text("tool_plan"); !plan.empty())
        completion.parts.emplace_back(TextPart{std::move(plan), {}});
    readTold(root, completion.parts);
    readToolCalls(message.array("tool_calls"), completion.parts);
    bool calls = false;
    for (Part& part : completion.parts) {
        auto* call = std::get_if<ToolCallPart>(&part);
        if (call && call->id.empty()) call->id = newToolCallId();
        calls = calls || call;
    }
    completion.finish = finishNamed(reason);
    if (completion.finish == Finish::Undecided || completion.finish == Finish::Stop)
        completion.finish = calls ? Finish::ToolCalls : Finish::Stop;
    completion.usage = readUsage(root.raw("usage"));
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(context.id.text());
    json.key("finish_reason").string(finishName(completion.finish)).key("message");
    writeMessage(json, completion.parts);
    if (completion.usage.known) {
        json.key("usage");
        writeUsage(json, completion.usage, context.cost);
    }
    if (const auto tokens = joinedLogprobs(completion.parts); !tokens.empty()) {
        json.key("logprobs").beginArray();
        for (const TokenLogprob& token : tokens)
            writeLogprobs(json, token.token, {token});
        json.endArray();
    }
    json.endObject();
    return out;
}

} // namespace gateway::dialect::cohere_api
