// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/sha256.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/responses_parts.h"
#include "dialect/responses_tools.h"
#include "dialect/signature.h"
#include "dialect/tool_result_text.h"

namespace gateway::dialect::responses {
namespace {

// OpenAI refuses longer names and ids, and fewer tokens.
constexpr std::size_t kMaxIdBytes = 64;
constexpr std::int64_t kLeastTokens = 16;

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request)
        : m_request(request), m_traits(openAiModel(request.model)), m_json(m_out)
    {
    }
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void writeInput();
    void writeMessage(const Message& message);
    void writeAssistant(const std::vector<Part>& parts);
    void writeCall(const ToolCallPart& call);
    void writeResult(const ToolResultPart& result);
    void writeContent(const std::vector<Part>& parts);
    void writeTools();
    void writeTool(const Tool& tool);
    void writeToolChoice();
    void writeSampling();
    void writeReasoningWish();
    void writeText();
    void writeOptions();
    void writeInclude();
    void noteUnsayable();

    Request& m_request;
    OpenAiModel m_traits;
    std::string m_out;
    JsonWriter m_json;
    std::unordered_set<std::string> m_customCalls; // their results have a type of their own
};

/// The same short id for a call and its result.
std::string callId(std::string_view id)
{
    if (id.size() <= kMaxIdBytes) return std::string(id);
    return "call_" + hexText(sha256(id)).substr(0, 40);
}

void writeTextPart(JsonWriter& json, std::string_view type, std::string_view text)
{
    json.beginObject().key("type").string(type).key("text").string(text).endObject();
}

void writeImage(JsonWriter& json, const ImagePart& image)
{
    json.beginObject().key("type").string("input_image").key("image_url");
    json.string(addressOf(image));
    json.key("detail").string(image.detail.empty() ? "auto" : image.detail).endObject();
}

/// "wav" or "mp3", the two that the API knows; empty for what is no audio that it takes.
std::string_view audioFormat(const DocumentPart& file)
{
    if (file.base64.empty()) return {};
    if (file.mediaType == "audio/wav" || file.mediaType == "audio/x-wav") return "wav";
    return file.mediaType == "audio/mpeg" || file.mediaType == "audio/mp3" ? "mp3" : std::string_view();
}

void writeFile(JsonWriter& json, const DocumentPart& file)
{
    if (const std::string_view format = audioFormat(file); !format.empty()) {
        json.beginObject().key("type").string("input_audio").key("input_audio").beginObject();
        json.key("data").string(file.base64).key("format").string(format).endObject().endObject();
        return;
    }
    json.beginObject().key("type").string("input_file");
    if (file.base64.empty()) {
        json.key("file_url").string(file.url);
    } else {
        const std::string_view usual = file.mediaType == "text/plain" ? "document.txt" : "document.pdf";
        json.key("filename").string(file.name.empty() ? usual : std::string_view(file.name));
        json.key("file_data").string(joinDataUrl(file.mediaType, file.base64));
    }
    json.endObject();
}

bool isContent(const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) return !text->text.empty();
    return std::holds_alternative<ImagePart>(part) || std::holds_alternative<DocumentPart>(part);
}

void RequestEncoder::writeContent(const std::vector<Part>& parts)
{
    m_json.beginArray();
    for (const Part& part : parts) {
        if (const auto* text = std::get_if<TextPart>(&part); text && !text->text.empty()) {
            writeTextPart(m_json, "input_text", text->text);
        } else if (const auto* image = std::get_if<ImagePart>(&part)) {
            writeImage(m_json, *image);
        } else if (const auto* file = std::get_if<DocumentPart>(&part)) {
            writeFile(m_json, *file);
        }
    }
    m_json.endArray();
}

void RequestEncoder::writeResult(const ToolResultPart& result)
{
    const bool custom = m_customCalls.count(result.callId) != 0;
    m_json.beginObject().key("type").string(custom ? "custom_tool_call_output" : "function_call_output");
    m_json.key("call_id").string(callId(result.callId)).key("output");
    const bool images = std::any_of(result.content.begin(), result.content.end(),
                                    [](const auto& one) { return std::holds_alternative<ImagePart>(one); });
    if (!images) {
        m_json.string(toolResultText(result)).endObject();
        return;
    }
    m_json.beginArray();
    for (const auto& one : result.content) {
        if (const auto* part = std::get_if<TextPart>(&one)) {
            writeTextPart(m_json, "input_text", part->text);
        } else {
            writeImage(m_json, std::get<ImagePart>(one));
        }
    }
    m_json.endArray().endObject();
}

void RequestEncoder::writeCall(const ToolCallPart& call)
{
    m_json.beginObject().key("type").string(call.custom ? "custom_tool_call" : "function_call");
    m_json.key("call_id").string(callId(call.id)).key("name").string(call.name);
    if (call.custom) {
        m_customCalls.insert(call.id);
        m_json.key("input").string(customInput(call.argumentsJson));
    } else {
        m_json.key("arguments").string(call.argumentsJson.empty() ? "{}" : call.argumentsJson);
    }
    m_json.endObject();
}

void RequestEncoder::writeAssistant(const std::vector<Part>& parts)
{
    for (const Part& part : parts) {
        if (const auto* text = std::get_if<TextPart>(&part); text && !text->text.empty()) {
            m_json.beginObject().key("type").string("message").key("role").string("assistant");
            m_json.key("content").beginArray();
            writeTextPart(m_json, "output_text", text->text);
            m_json.endArray().endObject();
        } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
            writeCall(*call);
        } else if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
            // Without what only OpenAI can read, it refuses the item.
            const std::string_view own = ownSignature(
                Maker::OpenAi, thinking->redacted.empty() ? thinking->signature : thinking->redacted);
            if (own.empty() || !m_traits.takesReasoningItems()) continue;
            m_json.beginObject().key("type").string("reasoning").key("summary").beginArray();
            if (!thinking->text.empty()) {
                writeTextPart(m_json, "summary_text", thinking->text);
            }
            m_json.endArray().key("encrypted_content").string(own).endObject();
        }
    }
}

void RequestEncoder::writeMessage(const Message& message)
{
    if (message.role == Role::Assistant) {
        writeAssistant(message.parts);
        return;
    }
    for (const Part& part : message.parts) {
        if (const auto* result = std::get_if<ToolResultPart>(&part)) {
            writeResult(*result);
        }
    }
    if (std::none_of(message.parts.begin(), message.parts.end(), isContent)) return;
    m_json.beginObject().key("type").string("message");
    m_json.key("role").string(message.role == Role::User ? "user" : "system").key("content");
    writeContent(message.parts);
    m_json.endObject();
}

void RequestEncoder::writeInput()
{
    m_json.key("input").beginArray();
    for (const Message& message : m_request.messages) {
        writeMessage(message);
    }
    m_json.endArray();
}

void RequestEncoder::writeTool(const Tool& tool)
{
    m_json.beginObject().key("type").string(tool.custom ? "custom" : "function");
    m_json.key("name").string(tool.name);
    if (!tool.description.empty()) {
        m_json.key("description").string(tool.description);
    }
    if (tool.custom) {
        if (const std::string format = flatFormat(tool.formatJson); !format.empty()) {
            m_json.key("format").raw(format);
        }
    } else {
        m_json.key("parameters");
        m_json.raw(tool.parametersJson.empty() ? R"({"type":"object","properties":{}})"
                                               : tool.parametersJson);
        // Where nothing is said, this API is strict and the others are not.
        m_json.key("strict").boolean(tool.strict.value_or(false));
    }
    m_json.endObject();
}

void RequestEncoder::writeTools()
{
    if (m_request.tools.empty()) return;
    m_json.key("tools").beginArray();
    for (const Tool& tool : m_request.tools) {
        writeTool(tool);
    }
    m_json.endArray();
    writeToolChoice();
    if (m_request.parallelToolCalls) {
        m_json.key("parallel_tool_calls").boolean(*m_request.parallelToolCalls);
    }
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
            std::any_of(m_request.tools.begin(), m_request.tools.end(),
                        [&choice](const Tool& tool) { return tool.custom && tool.name == choice.name; });
        m_json.key("tool_choice").beginObject().key("type").string(custom ? "custom" : "function");
        m_json.key("name").string(choice.name).endObject();
        break;
    }
    case ToolChoice::Mode::Undecided:
        break;
    }
}

void RequestEncoder::writeSampling()
{
    if (m_request.maxTokens) {
        if (*m_request.maxTokens < kLeastTokens) {
            drop("max_tokens<16");
        }
        m_json.key("max_output_tokens").integer(std::max(kLeastTokens, *m_request.maxTokens));
    }
    const auto number = [this](std::string_view name, const std::optional<double>& value) {
        if (!value) return;
        if (!m_traits.reasons) {
            m_json.key(name).number(*value);
        } else if (*value != 1.0) {
            drop(name); // their default is the only value that these models take
        }
    };
    number("temperature", m_request.temperature);
    number("top_p", m_request.topP);
}

void RequestEncoder::writeReasoningWish()
{
    const Reasoning& wish = m_request.reasoning;
    if (wish.effort == Effort::None && m_traits.takesEffort() && !m_traits.leastEffort.empty()) {
        m_json.key("reasoning").beginObject().key("effort").string(m_traits.leastEffort).endObject();
        return;
    }
    if (!wish.wanted() && wish.summary.empty()) return;
    if (!m_traits.takesEffort()) {
        if (wish.wanted()) drop("reasoning");
        return;
    }
    m_json.key("reasoning").beginObject();
    if (wish.wanted()) {
        m_json.key("effort").string(effortName(effortOf(wish)));
    }
    if (!wish.summary.empty()) {
        m_json.key("summary").string(wish.summary);
    }
    m_json.endObject();
}

void RequestEncoder::writeText()
{
    const JsonObject format(m_request.responseFormatJson);
    const std::string type = format.text("type");
    if (type.empty() && m_request.verbosity.empty()) return;
    m_json.key("text").beginObject();
    if (type == "json_schema") {
        m_json.key("format").beginObject().key("type").string(type);
        const JsonObject wrapped = format.object("json_schema");
        // The name is required here.
        m_json.key("name").string(wrapped.has("name") ? wrapped.text("name") : "answer");
        for (const char* field : {"description", "schema", "strict"}) {
            if (wrapped.has(field)) {
                m_json.key(field).raw(wrapped.raw(field));
            }
        }
        m_json.endObject();
    } else if (!type.empty()) {
        m_json.key("format").beginObject().key("type").string(type).endObject();
    }
    if (!m_request.verbosity.empty()) {
        m_json.key("verbosity").string(m_request.verbosity);
    }
    m_json.endObject();
}

void RequestEncoder::writeOptions()
{
    if (!m_request.metadataJson.empty()) {
        m_json.key("metadata").raw(m_request.metadataJson);
    }
    if (!m_request.user.empty() && m_request.user.size() <= kMaxIdBytes) {
        m_json.key("user").string(m_request.user);
    }
    if (!m_request.promptCacheKey.empty() && m_request.promptCacheKey.size() <= kMaxIdBytes) {
        m_json.key("prompt_cache_key").string(m_request.promptCacheKey);
    }
    const std::string& tier = m_request.serviceTier;
    if (tier == "auto" || tier == "default" || tier == "flex" || tier == "priority") {
        m_json.key("service_tier").string(tier);
    }
    // The client did not ask that anything be kept there; so the reasoning has to come along instead.
    m_json.key("store").boolean(false);
    writeInclude();
    if (m_request.stream) {
        m_json.key("stream").boolean(true);
    }
}

void RequestEncoder::writeInclude()
{
    if (m_traits.takesReasoningItems()) {
        m_json.key("include").beginArray().string(kIncludeReasoning).endArray();
    } else if (m_request.logprobs) { // which those that reason refuse
        m_json.key("include").beginArray().string(kIncludeLogprobs).endArray();
        m_json.key("top_logprobs").integer(topLogprobs(m_request, kMostTopLogprobs));
    }
}

void RequestEncoder::noteUnsayable()
{
    if (m_traits.takesReasoningItems()) dropLogprobs(m_request);
    if (m_request.topK) drop("top_k");
    if (m_request.seed) drop("seed");
    if (!m_request.stop.empty()) drop("stop");
    if (m_request.presencePenalty.value_or(0) != 0) drop("presence_penalty");
    if (m_request.frequencyPenalty.value_or(0) != 0) drop("frequency_penalty");
}

std::string RequestEncoder::encode()
{
    m_json.beginObject().key("model").string(m_request.model);
    writeInput();
    writeTools();
    writeSampling();
    writeReasoningWish();
    writeText();
    writeOptions();
    noteUnsayable();
    m_json.endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request)
{
    return RequestEncoder(request).encode();
}

} // namespace gateway::dialect::responses
