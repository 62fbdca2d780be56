// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/iso_time.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/ollama_parts.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::ollama_api {
namespace {

bool isCall(const Part& part)
{
    return std::holds_alternative<ToolCallPart>(part);
}

std::string thinkingOf(const std::vector<Part>& parts)
{
    std::string text;
    for (const Part& part : parts) {
        if (const auto* thinking = std::get_if<ThinkingPart>(&part)) text += thinking->text;
    }
    return text;
}

void readCalls(std::string_view calls, std::vector<Part>& into)
{
    forEachElement(calls, [&into](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        ToolCallPart call = readToolCall(JsonObject(value));
        if (call.id.empty()) call.id = newToolCallId();
        into.emplace_back(std::move(call));
    });
}

void writeMessage(JsonWriter& json, const std::vector<Part>& parts)
{
    json.beginObject().key("role").string("assistant").key("content").string(joinedText(parts));
    if (const std::string thinking = thinkingOf(parts); !thinking.empty())
        json.key("thinking").string(thinking);
    if (std::any_of(parts.begin(), parts.end(), isCall)) {
        int index = 0;
        json.key("tool_calls").beginArray();
        for (const Part& part : parts) {
            if (const auto* call = std::get_if<ToolCallPart>(&part)) writeToolCall(json, *call, index++);
        }
        json.endArray();
    }
    json.endObject();
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.has("error")) return streamFailure(root.raw("error"));
    const bool prompt = root.kind("response") == JsonKind::String;
    if (!prompt && root.kind("message") != JsonKind::Object)
        return unreadableAnswer("it has neither a message nor a response");
    const JsonObject message = prompt ? root : root.object("message");
    Completion completion;
    completion.model = root.text("model");
    if (std::string thinking = message.text("thinking"); !thinking.empty())
        completion.parts.emplace_back(ThinkingPart{std::move(thinking), {}, {}});
    if (std::string text = message.text(prompt ? "response" : "content"); !text.empty())
        completion.parts.emplace_back(
            TextPart{std::move(text), {}, readLogprobs(root.array("logprobs")), {}});
    readCalls(message.array("tool_calls"), completion.parts);
    completion.finish = finishNamed(root.text("done_reason"));
    if (completion.finish == Finish::Undecided || completion.finish == Finish::Stop) {
        const bool calls = std::any_of(completion.parts.begin(), completion.parts.end(), isCall);
        completion.finish = calls ? Finish::ToolCalls : Finish::Stop;
    }
    completion.usage = readUsage(root);
    return completion;
}

bool asksNothing(const JsonDocument& request, Form form)
{
    if (form == Form::Chat) return !hasElements(request, "messages");
    const JsonObject root(request);
    return root.text("prompt").empty() && !hasElements(request, "images");
}

std::string encodeLoaded(const JsonDocument& request, const CompletionContext& context, Form form)
{
    // A model that is to be kept for no time at all is to be unloaded.
    const std::string_view kept = JsonObject(request).raw("keep_alive");
    const bool unload = kept == "0" || kept == "\"0\"" || kept == "\"0s\"";
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("model").string(context.model);
    json.key("created_at").string(isoText(context.createdSeconds * kMicrosPerSecond));
    if (form == Form::Prompt)
        json.key("response").string("");
    else
        json.key("message")
            .beginObject()
            .key("role")
            .string("assistant")
            .key("content")
            .string("")
            .endObject();
    json.key("done").boolean(true).key("done_reason").string(unload ? "unload" : "load").endObject();
    return out;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context, Form form)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("model").string(context.model);
    json.key("created_at").string(isoText(context.createdSeconds * kMicrosPerSecond));
    if (form == Form::Prompt) {
        json.key("response").string(joinedText(completion.parts));
        if (const std::string thinking = thinkingOf(completion.parts); !thinking.empty())
            json.key("thinking").string(thinking);
    } else {
        json.key("message");
        writeMessage(json, completion.parts);
    }
    if (const auto tokens = joinedLogprobs(completion.parts); !tokens.empty()) {
        json.key("logprobs");
        writeLogprobs(json, tokens);
    }
    writeClosing(json, {completion.finish, nanosecondsSince(context.id), 0, completion.usage});
    json.endObject();
    return out;
}

} // namespace gateway::dialect::ollama_api
