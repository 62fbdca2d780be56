// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dialect/content_text.h"
#include "dialect/request_facts.h"
#include "dialect/signature.h"

namespace gateway::dialect::openai {
namespace {

constexpr std::array<std::pair<Maker, std::string_view>, 3> kFormats{
    {{Maker::Anthropic, "anthropic-claude-v1"},
     {Maker::OpenAi, "openai-responses-v1"},
     {Maker::Gemini, "google-gemini-v1"}}};

/// Puts the pieces of reasoning together that a stream's client has collected one by one.
class DetailReader {
public:
    explicit DetailReader(std::vector<Part>& into) : m_into(into) {}

    void read(const JsonObject& detail)
    {
        const std::string type = detail.text("type");
        if (type == "reasoning.encrypted") {
            flush();
            if (std::string data = signatureOf(detail, "data"); !data.empty()) {
                m_into.emplace_back(ThinkingPart{{}, {}, std::move(data)});
            }
            return;
        }
        const std::int64_t index = detail.integer("index").value_or(m_index);
        if (index != m_index) {
            flush();
        }
        m_index = index;
        m_part.text += detail.text(type == "reasoning.summary" ? "summary" : "text");
        m_part.signature = signatureOf(detail, "signature");
        if (!m_part.signature.empty()) flush();
    }

    void flush()
    {
        if (!m_part.text.empty() || !m_part.signature.empty()) {
            m_into.emplace_back(std::move(m_part));
        }
        m_part = {};
    }

private:
    std::vector<Part>& m_into;
    ThinkingPart m_part;
    std::int64_t m_index = 0;
};

} // namespace

Result<bool> usageAskedFor(const JsonDocument& document)
{
    const JsonMember* options = document.find("stream_options");
    if (!options || options->kind == JsonKind::Null) return false;
    if (options->kind != JsonKind::Object)
        return invalidRequest("'stream_options' has to be an object.", "stream_options");
    const JsonObject object(options->value);
    return booleanMember(object.find("include_usage"), "stream_options.include_usage", false);
}

std::optional<bool> usageWish(const JsonDocument& document)
{
    const JsonMember* usage = document.find("usage");
    if (!usage || usage->kind != JsonKind::Object) return std::nullopt;
    return JsonObject(usage->value).boolean("include");
}

void askForUsage(SpanEdit& edit)
{
    const std::string_view options = edit.value("stream_options");
    edit.set("stream_options", jsonKindOf(options) == JsonKind::Object
                                   ? withMember(options, "include_usage", "true")
                                   : "{\"include_usage\":true}");
}

Finish finishNamed(std::string_view reason)
{
    if (reason == "stop") return Finish::Stop;
    if (reason == "length") return Finish::Length;
    if (reason == "tool_calls" || reason == "function_call") return Finish::ToolCalls;
    if (reason == "content_filter") return Finish::ContentFilter;
    // Servers invent reasons ("eos", "end_turn", …); every one of them means that the answer is whole.
    return reason.empty() ? Finish::Undecided : Finish::Stop;
}

std::string_view finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "length";
    case Finish::ToolCalls:
        return "tool_calls";
    case Finish::ContentFilter:
        return "content_filter";
    case Finish::Undecided:
    case Finish::Stop:
    case Finish::StopSequence:
    case Finish::Pause:
        break;
    }
    return "stop";
}

std::string signatureOf(const JsonObject& detail, std::string_view key)
{
    const std::string format = detail.text("format");
    for (const auto& [maker, name] : kFormats) {
        if (format == name || (format.empty() && maker == Maker::Anthropic))
            return markedSignature(maker, detail.text(key));
    }
    return {};
}

void readReasoning(const JsonObject& message, std::vector<Part>& into)
{
    const std::size_t before = into.size();
    DetailReader reader(into);
    forEachElement(message.array("reasoning_details"),
                   [&reader](std::string_view detail, JsonKind) { reader.read(JsonObject(detail)); });
    reader.flush();
    if (into.size() != before) return;
    std::string text = message.text("reasoning_content");
    if (text.empty()) {
        text = message.text("reasoning");
    }
    if (!text.empty()) {
        into.emplace_back(ThinkingPart{std::move(text), {}, {}});
    }
}

void writeReasoningDetail(JsonWriter& json, const ThinkingPart& part, int index)
{
    const Maker maker = makerOf(part.redacted.empty() ? part.signature : part.redacted);
    json.beginObject();
    if (!part.redacted.empty()) {
        json.key("type").string("reasoning.encrypted").key("data").string(ownSignature(maker, part.redacted));
    } else {
        json.key("type").string("reasoning.text").key("text").string(part.text);
    }
    if (!part.signature.empty()) {
        json.key("signature").string(ownSignature(maker, part.signature));
    }
    for (const auto& [owner, name] : kFormats) {
        if (owner == maker) json.key("format").string(name);
    }
    json.key("index").integer(index).endObject();
}

void writeReasoning(JsonWriter& json, const std::vector<Part>& parts, std::string_view field)
{
    std::string text;
    bool comesBack = false;
    for (const Part& part : parts) {
        if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
            text += thinking->text;
            comesBack = comesBack || !thinking->signature.empty() || !thinking->redacted.empty();
        }
    }
    if (!text.empty()) {
        json.key(field).string(text);
    }
    if (!comesBack) return;
    json.key("reasoning_details").beginArray();
    int index = 0;
    for (const Part& part : parts) {
        if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
            writeReasoningDetail(json, *thinking, index++);
        }
    }
    json.endArray();
}

void readAnsweredImages(const JsonObject& message, const std::function<void(ImagePart)>& give)
{
    forEachElement(message.array("images"), [&give](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject image = JsonObject(value).object("image_url");
        ImagePart read = imageAt(image.empty() ? JsonObject(value).text("image_url") : image.text("url"));
        if (!read.base64.empty() || !read.url.empty()) give(std::move(read));
    });
}

void writeAnsweredImage(JsonWriter& json, const ImagePart& image, int index)
{
    json.beginObject().key("type").string("image_url").key("image_url").beginObject();
    json.key("url").string(addressOf(image)).endObject().key("index").integer(index).endObject();
}

void readToolCalls(std::string_view calls, std::vector<Part>& into)
{
    forEachElement(calls, [&into](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject call(value);
        const JsonObject custom = call.object("custom");
        const JsonObject function = call.object("function");
        ToolCallPart part;
        part.id = call.text("id");
        part.custom = !custom.empty();
        part.name = (part.custom ? custom : function).text("name");
        if (part.custom) {
            part.argumentsJson = customArguments(custom.text("input"));
        } else {
            // Some servers give the object itself where a string with it is due.
            const bool whole = function.kind("arguments") == JsonKind::Object;
            part.argumentsJson =
                whole ? compactJson(function.raw("arguments")) : argumentsObject(function.text("arguments"));
        }
        into.emplace_back(std::move(part));
    });
}

void writeToolCall(JsonWriter& json, const ToolCallPart& call, bool custom)
{
    json.key("id").string(call.id).key("type").string(custom ? "custom" : "function");
    json.key(custom ? "custom" : "function").beginObject().key("name").string(call.name);
    if (custom) {
        json.key("input").string(customInput(call.argumentsJson));
    } else {
        json.key("arguments").string(call.argumentsJson);
    }
    json.endObject();
}

std::string completionId(const CompletionContext& context)
{
    const std::string id = context.id.text();
    const std::size_t mark = id.find('_');
    return "chatcmpl-" + (mark == std::string::npos ? id : id.substr(mark + 1));
}

} // namespace gateway::dialect::openai
