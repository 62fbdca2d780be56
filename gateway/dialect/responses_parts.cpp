// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_parts.h"

#include <algorithm>
#include <iterator>

#include "base/sha256.h"
#include "base/utf8.h"
#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/request_facts.h"
#include "dialect/signature.h"

namespace gateway::dialect::responses {
namespace {

constexpr std::size_t kMaxFlatNameBytes = 64;
constexpr std::size_t kMaxDropped = 40;

// Anthropic's signatures carry no mark in the canonical form; among OpenAI's they need one.
constexpr std::string_view kAnthropicSignature = "tp1.anthropic.";
constexpr std::string_view kAnthropicRedacted = "tp1.anthropic-redacted.";

std::string baseId(const CompletionContext& context)
{
    const std::string id = context.id.text();
    const std::size_t mark = id.find('_');
    return mark == std::string::npos ? id : id.substr(mark + 1);
}

std::string summaryText(std::string_view list, std::string_view separator)
{
    std::string text;
    forEachElement(list, [&](std::string_view part, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const std::string one = JsonObject(part).text("text");
        if (!text.empty() && !one.empty()) {
            text += separator;
        }
        text += one;
    });
    return text;
}

} // namespace

std::string responseId(const CompletionContext& context)
{
    return context.soFar.id.empty() ? "resp_" + baseId(context) : context.soFar.id;
}

std::string itemId(std::string_view prefix, const CompletionContext& context, std::size_t index)
{
    return std::string(prefix) + '_' + baseId(context) + '_' + std::to_string(index);
}

std::string flatToolName(std::string_view nameSpace, std::string_view name)
{
    if (nameSpace.empty()) return std::string(name);
    std::string flat(nameSpace);
    flat.append("__").append(name);
    if (flat.size() <= kMaxFlatNameBytes) return flat;
    const std::string digest = hexText(sha256(flat)).substr(0, 8);
    flat.resize(kMaxFlatNameBytes - digest.size() - 1);
    return flat + '_' + digest;
}

ClientCall clientCall(const CompletionContext& context, std::string_view name)
{
    const Tool* tool = context.findTool(name);
    if (!tool) return {std::string(name), {}, false};
    if (tool->nameSpace.empty()) return {tool->name, {}, tool->custom};
    return {tool->nameInSpace, tool->nameSpace, tool->custom};
}

void writeOutputText(JsonWriter& json, const OutputText& text)
{
    const auto list = [&json](std::string_view name, std::string_view elements) {
        json.key(name);
        json.raw(std::string("[").append(elements).append("]"));
    };
    json.beginObject().key("type").string("output_text").key("text").string(text.text);
    list("annotations", text.annotations);
    list("logprobs", text.logprobs);
    json.endObject();
}

std::string messageItem(std::string_view id, const OutputText& text, std::string_view status)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(id).key("type").string("message").key("status").string(status);
    json.key("role").string("assistant").key("content").beginArray();
    writeOutputText(json, text);
    json.endArray().endObject();
    return out;
}

std::string imageItem(std::string_view id, const ImagePart& image, std::string_view status)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(id).key("type").string("image_generation_call");
    json.key("status").string(status).key("result");
    if (status == "completed") {
        json.string(image.base64).key("output_format");
        json.string(image.mediaType.substr(image.mediaType.find('/') + 1));
    } else {
        json.null();
    }
    json.endObject();
    return out;
}

std::string reasoningItem(std::string_view id, const ThinkingPart& part)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(id).key("type").string("reasoning").key("summary").beginArray();
    if (!part.text.empty()) {
        json.beginObject().key("type").string("summary_text").key("text").string(part.text).endObject();
    }
    json.endArray();
    if (const std::string encrypted = encryptedContent(part); !encrypted.empty()) {
        json.key("encrypted_content").string(encrypted);
    }
    json.endObject();
    return out;
}

std::string callItem(std::string_view id, std::string_view callId, const ClientCall& call,
                     std::string_view arguments, std::string_view status)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(id);
    json.key("type").string(call.custom ? "custom_tool_call" : "function_call");
    json.key("status").string(status).key("call_id").string(callId).key("name").string(call.name);
    if (!call.nameSpace.empty()) {
        json.key("namespace").string(call.nameSpace);
    }
    json.key(call.custom ? "input" : "arguments").string(arguments).endObject();
    return out;
}

std::string encryptedContent(const ThinkingPart& part)
{
    const bool redacted = !part.redacted.empty();
    const std::string& kept = redacted ? part.redacted : part.signature;
    switch (makerOf(kept)) {
    case Maker::OpenAi:
        return std::string(ownSignature(Maker::OpenAi, kept));
    case Maker::Anthropic:
        return std::string(redacted ? kAnthropicRedacted : kAnthropicSignature) + kept;
    case Maker::Gemini:
        break;
    case Maker::Undecided:
        return std::string(part.text.empty() ? std::string_view() : kUnsigned);
    }
    return kept;
}

std::optional<ThinkingPart> readReasoning(const JsonObject& item)
{
    ThinkingPart part;
    part.text = summaryText(item.array("summary"), "\n\n");
    if (part.text.empty()) {
        part.text = summaryText(item.array("content"), "");
    }
    const std::string encrypted = item.text("encrypted_content");
    if (encrypted.starts_with(kAnthropicRedacted)) {
        part.redacted = encrypted.substr(kAnthropicRedacted.size());
        part.text.clear();
    } else if (encrypted.starts_with(kAnthropicSignature)) {
        part.signature = encrypted.substr(kAnthropicSignature.size());
    } else if (makerOf(encrypted) == Maker::Gemini) {
        part.signature = encrypted;
    } else if (!encrypted.empty() && !isMarked(encrypted)) {
        // Beside a text it is the signature of that text: so it also passes through Anthropic's clients.
        (part.text.empty() ? part.redacted : part.signature) = markedSignature(Maker::OpenAi, encrypted);
    }
    if (part.text.empty() && part.signature.empty() && part.redacted.empty()) return std::nullopt;
    return part;
}

ToolCallPart readCall(const JsonObject& item)
{
    ToolCallPart call;
    call.id = item.text("call_id");
    call.custom = item.text("type") == "custom_tool_call";
    call.name = flatToolName(item.text("namespace"), item.text("name"));
    if (call.custom) {
        call.argumentsJson = customArguments(item.text("input"));
    } else {
        const bool whole = item.kind("arguments") == JsonKind::Object;
        call.argumentsJson =
            whole ? compactJson(item.raw("arguments")) : argumentsObject(item.text("arguments"));
    }
    return call;
}

TextPart readMessage(const JsonObject& item)
{
    TextPart message;
    if (item.kind("content") == JsonKind::String) message.text = item.text("content");
    // Code points of the texts before a part.
    auto before = static_cast<std::int64_t>(utf8Length(message.text));
    forEachElement(item.array("content"), [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject part(value);
        const std::string text = part.text(part.text("type") == "refusal" ? "refusal" : "text");
        message.text += text;
        std::vector<TokenLogprob> tokens = readLogprobs(part.array("logprobs"));
        std::vector<Citation> citations = readAnnotations(part.array("annotations"), before);
        std::move(tokens.begin(), tokens.end(), std::back_inserter(message.logprobs));
        std::move(citations.begin(), citations.end(), std::back_inserter(message.citations));
        before += static_cast<std::int64_t>(utf8Length(text));
    });
    return message;
}

Error heldElsewhere(std::string message, std::string param)
{
    Error error = invalidRequest(std::move(message), std::move(param));
    error.retry = Retry::NextTarget;
    return error;
}

Finish finishOf(const JsonObject& response)
{
    const std::string status = response.text("status");
    if (status.empty() || status == "completed") return Finish::Stop;
    if (status != "incomplete") return Finish::Undecided;
    const std::string reason = response.object("incomplete_details").text("reason");
    return reason == "content_filter" ? Finish::ContentFilter : Finish::Length;
}

std::string_view incompleteReason(Finish finish)
{
    if (finish == Finish::Length) return "max_output_tokens";
    return finish == Finish::ContentFilter ? "content_filter" : std::string_view();
}

std::string_view statusName(Finish finish)
{
    return incompleteReason(finish).empty() ? "completed" : "incomplete";
}

void noteType(std::vector<std::string>& dropped, std::string_view prefix, std::string_view type)
{
    if (dropped.size() >= kMaxDropped) return;
    const bool word = !type.empty() && type.size() <= kMaxFlatNameBytes &&
                      std::all_of(type.begin(), type.end(), [](char byte) {
                          return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
                      });
    noteDropped(dropped, word ? std::string(prefix) + '.' + std::string(type) : std::string(prefix));
}

} // namespace gateway::dialect::responses
