// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/openai_parts.h"
#include "dialect/tool_result_text.h"
#include "dialect/tool_schema.h"

namespace gateway::dialect::openai {
namespace {

constexpr std::size_t kMaxStops = 4;
constexpr std::size_t kMaxChatUserBytes = 64;

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request)
        : m_request(request), m_traits(openAiModel(request.model)), m_json(m_out)
    {
    }
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void writeMessage(const Message& message);
    void writeToolResult(const ToolResultPart& result);
    void writeContent(const std::vector<Part>& parts);
    void writeUser(const std::vector<Part>& parts);
    void writeImage(const ImagePart& image);
    void writeDocument(const DocumentPart& document);
    void writeAssistant(const std::vector<Part>& parts);
    void writeTools();
    void writeToolChoice();
    void writeSampling();
    void writeStops();
    void writeLogprobWish();
    void writeReasoningWish();
    void writeOptions();

    Request& m_request;
    OpenAiModel m_traits;
    std::string m_out;
    JsonWriter m_json;
};

bool isOneOf(const Part& part, bool images)
{
    if (std::holds_alternative<DocumentPart>(part) || std::holds_alternative<ImagePart>(part)) return images;
    return std::holds_alternative<TextPart>(part);
}

void RequestEncoder::writeImage(const ImagePart& image)
{
    m_json.beginObject().key("type").string("image_url").key("image_url").beginObject();
    m_json.key("url").string(addressOf(image));
    if (!image.detail.empty()) {
        m_json.key("detail").string(image.detail);
    }
    m_json.endObject().endObject();
}

void RequestEncoder::writeDocument(const DocumentPart& document)
{
    if (document.base64.empty()) {
        // There is no part for it; the model can at least be told where the document is.
        drop("document");
        m_json.beginObject()
            .key("type")
            .string("text")
            .key("text")
            .string("Document: " + document.url)
            .endObject();
        return;
    }
    m_json.beginObject().key("type").string("file").key("file").beginObject();
    m_json.key("filename").string(document.name.empty() ? "document.pdf" : document.name);
    m_json.key("file_data").string(joinDataUrl(document.mediaType, document.base64)).endObject().endObject();
}

/// OpenAI's tool messages hold text only; the images of a result follow in a user message.
void RequestEncoder::writeToolResult(const ToolResultPart& result)
{
    m_json.beginObject().key("role").string("tool").key("tool_call_id").string(result.callId);
    m_json.key("content").string(toolResultText(result)).endObject();
}

void RequestEncoder::writeContent(const std::vector<Part>& parts)
{
    m_json.beginArray();
    for (const Part& part : parts) {
        if (const auto* text = std::get_if<TextPart>(&part); text && !text->text.empty()) {
            m_json.beginObject().key("type").string("text").key("text").string(text->text).endObject();
        } else if (const auto* image = std::get_if<ImagePart>(&part)) {
            writeImage(*image);
        } else if (const auto* document = std::get_if<DocumentPart>(&part)) {
            writeDocument(*document);
        }
    }
    m_json.endArray();
}

void RequestEncoder::writeUser(const std::vector<Part>& parts)
{
    bool answered = false;
    for (const Part& part : parts) {
        if (const auto* result = std::get_if<ToolResultPart>(&part)) {
            writeToolResult(*result);
            answered = true;
        }
    }
    if (const std::vector<Part> images = toolResultImages(parts); !images.empty()) {
        m_json.beginObject().key("role").string("user").key("content");
        writeContent(images);
        m_json.endObject();
    }
    const bool said =
        std::any_of(parts.begin(), parts.end(), [](const Part& part) { return isOneOf(part, true); });
    if (answered && !said) return;
    m_json.beginObject().key("role").string("user").key("content");
    if (std::all_of(parts.begin(), parts.end(), [](const Part& part) {
            return isOneOf(part, false) || std::holds_alternative<ToolResultPart>(part);
        })) {
        // Plain text as a plain string: the one form that every compatible server takes.
        m_json.string(joinedText(parts)).endObject();
        return;
    }
    writeContent(parts);
    m_json.endObject();
}

void RequestEncoder::writeAssistant(const std::vector<Part>& parts)
{
    const std::string text = joinedText(parts);
    const bool calls = std::any_of(parts.begin(), parts.end(), [](const Part& part) {
        return std::holds_alternative<ToolCallPart>(part);
    });
    m_json.beginObject().key("role").string("assistant").key("content");
    if (text.empty() && calls) {
        m_json.null();
    } else {
        m_json.string(text);
    }
    const std::string_view field =
        m_request.quirks ? std::string_view(m_request.quirks->reasoningField) : "reasoning_content";
    if (m_traits.takesReasoningBack() && !field.empty()) {
        writeReasoning(m_json, parts, field);
    }
    if (calls) {
        m_json.key("tool_calls").beginArray();
        for (const Part& part : parts) {
            if (const auto* call = std::get_if<ToolCallPart>(&part)) {
                m_json.beginObject();
                writeToolCall(m_json, *call, call->custom && m_traits.takesCustomTools());
                m_json.endObject();
            }
        }
        m_json.endArray();
    }
    m_json.endObject();
}

void RequestEncoder::writeMessage(const Message& message)
{
    if (message.role == Role::Assistant) {
        writeAssistant(message.parts);
    } else if (message.role == Role::User) {
        writeUser(message.parts);
    } else {
        m_json.beginObject()
            .key("role")
            .string("system")
            .key("content")
            .string(joinedText(message.parts))
            .endObject();
    }
}

void RequestEncoder::writeTools()
{
    if (m_request.tools.empty()) return;
    m_json.key("tools").beginArray();
    for (const Tool& tool : m_request.tools) {
        const bool custom = tool.custom && m_traits.takesCustomTools();
        const std::string description = tool.custom && !custom ? toolDescription(tool) : tool.description;
        m_json.beginObject().key("type").string(custom ? "custom" : "function");
        m_json.key(custom ? "custom" : "function").beginObject().key("name").string(tool.name);
        if (!description.empty()) {
            m_json.key("description").string(description);
        }
        if (tool.custom && !custom) {
            m_json.key("parameters").raw(toolSchema(tool));
        } else if (!tool.parametersJson.empty()) {
            m_json.key("parameters").raw(tool.parametersJson);
        }
        if (custom && !tool.formatJson.empty()) {
            m_json.key("format").raw(tool.formatJson);
        }
        if (tool.strict) {
            m_json.key("strict").boolean(*tool.strict);
        }
        m_json.endObject().endObject();
    }
    m_json.endArray();
    writeToolChoice();
}

void RequestEncoder::writeToolChoice()
{
    const ToolChoice& choice = m_request.toolChoice;
    switch (choice.mode) {
    case ToolChoice::Mode::Auto:
        m_json.key("tool_choice").string("auto");
        break;
    case ToolChoice::Mode::None:
        m_json.key("tool_choice").string("none");
        break;
    case ToolChoice::Mode::Required:
        m_json.key("tool_choice").string("required");
        break;
    case ToolChoice::Mode::Named: {
        const bool custom =
            m_traits.takesCustomTools() &&
            std::any_of(m_request.tools.begin(), m_request.tools.end(),
                        [&choice](const Tool& tool) { return tool.custom && tool.name == choice.name; });
        const char* const type = custom ? "custom" : "function";
        m_json.key("tool_choice").beginObject().key("type").string(type);
        m_json.key(type).beginObject().key("name").string(choice.name).endObject().endObject();
        break;
    }
    case ToolChoice::Mode::Undecided:
        break;
    }
    if (m_request.parallelToolCalls) {
        m_json.key("parallel_tool_calls").boolean(*m_request.parallelToolCalls);
    }
}

void RequestEncoder::writeSampling()
{
    const auto number = [this](std::string_view name, const std::optional<double>& value) {
        if (!value) return;
        if (m_traits.reasons) {
            // Their default is the only value that these models take.
            if (*value != 1.0) drop(name);
            return;
        }
        m_json.key(name).number(*value);
    };
    if (m_request.maxTokens) {
        m_json.key(m_traits.reasons ? "max_completion_tokens" : "max_tokens").integer(*m_request.maxTokens);
    }
    number("temperature", m_request.temperature);
    number("top_p", m_request.topP);
    number("presence_penalty", m_request.presencePenalty);
    number("frequency_penalty", m_request.frequencyPenalty);
    if (m_request.seed) {
        m_json.key("seed").integer(*m_request.seed);
    }
    if (m_request.topK) {
        drop("top_k");
    }
    writeStops();
    writeLogprobWish();
}

void RequestEncoder::writeStops()
{
    if (m_request.stop.empty()) return;
    if (m_traits.reasons) {
        drop("stop");
        return;
    }
    if (m_request.stop.size() > kMaxStops) {
        drop("stop>4");
    }
    m_json.key("stop").beginArray();
    for (std::size_t i = 0; i < std::min(m_request.stop.size(), kMaxStops); ++i) {
        m_json.string(m_request.stop[i]);
    }
    m_json.endArray();
}

void RequestEncoder::writeLogprobWish()
{
    if (!m_request.logprobs) return;
    if (m_traits.reasons) {
        dropLogprobs(m_request);
        return;
    }
    m_json.key("logprobs").boolean(true);
    if (const auto top = topLogprobs(m_request, kMostTopLogprobs); top > 0) {
        m_json.key("top_logprobs").integer(top);
    }
}

void RequestEncoder::writeReasoningWish()
{
    const bool none = m_request.reasoning.effort == Effort::None;
    if (none && !m_traits.leastEffort.empty()) {
        m_json.key("reasoning_effort").string(m_traits.leastEffort);
        return;
    }
    if (!m_request.reasoning.wanted()) return;
    if (m_traits.takesEffort()) {
        m_json.key("reasoning_effort").string(effortName(effortOf(m_request.reasoning)));
    } else {
        drop("reasoning");
    }
}

void RequestEncoder::writeOptions()
{
    if (!m_request.responseFormatJson.empty()) {
        m_json.key("response_format").raw(m_request.responseFormatJson);
    }
    if (!m_request.verbosity.empty() && m_traits.takesVerbosity()) {
        m_json.key("verbosity").string(m_request.verbosity);
    } else if (!m_request.verbosity.empty()) {
        drop("verbosity");
    }
    // A longer name is refused; agents put whole JSON texts there.
    if (!m_request.user.empty() && m_request.user.size() <= kMaxChatUserBytes) {
        m_json.key("user").string(m_request.user);
    }
    const std::string& tier = m_request.serviceTier;
    if (tier == "auto" || tier == "default" || tier == "flex" || tier == "priority") {
        m_json.key("service_tier").string(tier);
    }
    if (m_request.stream) {
        // Asked for in any case: the gateway counts, and the client's encoder leaves out what was not asked
        // for.
        m_json.key("stream").boolean(true);
        m_json.key("stream_options").beginObject().key("include_usage").boolean(true).endObject();
    }
}

std::string RequestEncoder::encode()
{
    m_json.beginObject().key("model").string(m_request.model);
    m_json.key("messages").beginArray();
    for (const Message& message : m_request.messages) {
        writeMessage(message);
    }
    m_json.endArray();
    writeTools();
    writeSampling();
    writeReasoningWish();
    writeOptions();
    m_json.endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request)
{
    return RequestEncoder(request).encode();
}

} // namespace gateway::dialect::openai
