// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <unordered_map>

#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/ollama_parts.h"
#include "dialect/tool_result_text.h"
#include "dialect/tool_schema.h"

namespace gateway::dialect::ollama_api {
namespace {

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request) : m_request(request), m_json(m_out) {}
    std::string encode(Form form);

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void writeMessages();
    void writeUser(const std::vector<Part>& parts);
    void writeAssistant(const std::vector<Part>& parts);
    void writeToolResult(const ToolResultPart& result);
    void writeSaid(std::string_view role, const std::vector<Part>& parts);
    void writeImages(const std::vector<Part>& parts);
    void writePrompt();
    void writeTools();
    void writeThink();
    void writeFormat();
    void writeOptions();

    Request& m_request;
    std::string m_out;
    JsonWriter m_json;
    std::unordered_map<std::string, std::string> m_toolNames; // by the id of the call
};

void RequestEncoder::writeImages(const std::vector<Part>& parts)
{
    bool open = false;
    for (const Part& part : parts) {
        if (std::holds_alternative<DocumentPart>(part)) drop("document");
        const auto* image = std::get_if<ImagePart>(&part);
        if (!image) continue;
        if (image->base64.empty()) {
            drop("image_url"); // Ollama fetches nothing
            continue;
        }
        if (!open) m_json.key("images").beginArray();
        open = true;
        m_json.string(image->base64);
    }
    if (open) m_json.endArray();
}

void RequestEncoder::writeSaid(std::string_view role, const std::vector<Part>& parts)
{
    m_json.beginObject().key("role").string(role).key("content").string(joinedText(parts));
    writeImages(parts);
    m_json.endObject();
}

void RequestEncoder::writeToolResult(const ToolResultPart& result)
{
    m_json.beginObject().key("role").string("tool").key("content").string(toolResultText(result));
    const auto name = m_toolNames.find(result.callId);
    if (name != m_toolNames.end()) m_json.key("tool_name").string(name->second);
    m_json.key("tool_call_id").string(result.callId).endObject();
}

void RequestEncoder::writeUser(const std::vector<Part>& parts)
{
    bool answered = false;
    bool said = false;
    for (const Part& part : parts) {
        if (const auto* result = std::get_if<ToolResultPart>(&part)) {
            writeToolResult(*result);
            answered = true;
        } else {
            said = true;
        }
    }
    if (const auto images = toolResultImages(parts); !images.empty()) writeSaid("user", images);
    if (said || !answered) writeSaid("user", parts);
}

void RequestEncoder::writeAssistant(const std::vector<Part>& parts)
{
    std::string thinking;
    bool calls = false;
    for (const Part& part : parts) {
        if (const auto* thought = std::get_if<ThinkingPart>(&part)) thinking += thought->text;
        calls = calls || std::holds_alternative<ToolCallPart>(part);
    }
    m_json.beginObject().key("role").string("assistant").key("content").string(joinedText(parts));
    if (!thinking.empty()) m_json.key("thinking").string(thinking);
    if (calls) {
        int index = 0;
        m_json.key("tool_calls").beginArray();
        for (const Part& part : parts) {
            const auto* call = std::get_if<ToolCallPart>(&part);
            if (!call) continue;
            m_toolNames.insert_or_assign(call->id, call->name);
            writeToolCall(m_json, *call, index++);
        }
        m_json.endArray();
    }
    m_json.endObject();
}

void RequestEncoder::writeMessages()
{
    m_json.key("messages").beginArray();
    for (const Message& message : m_request.messages) {
        if (message.role == Role::Assistant)
            writeAssistant(message.parts);
        else if (message.role == Role::User)
            writeUser(message.parts);
        else
            writeSaid("system", message.parts);
    }
    m_json.endArray();
}

/// The last that the user said; there is no place for what was said before.
void RequestEncoder::writePrompt()
{
    std::string system;
    const Message* last = nullptr;
    for (const Message& message : m_request.messages) {
        if (message.role == Role::System) {
            const std::string text = joinedText(message.parts);
            system += (system.empty() || text.empty() ? "" : "\n\n") + text;
            continue;
        }
        if (last) drop("messages");
        last = message.role == Role::User || !last ? &message : last;
    }
    m_json.key("prompt").string(last ? joinedText(last->parts) : std::string());
    if (last) writeImages(last->parts);
    if (!system.empty()) m_json.key("system").string(system);
    if (!m_request.tools.empty()) drop("tools");
}

void RequestEncoder::writeTools()
{
    const ToolChoice& choice = m_request.toolChoice;
    if (m_request.tools.empty() || choice.mode == ToolChoice::Mode::None) return;
    if (choice.mode == ToolChoice::Mode::Required || choice.mode == ToolChoice::Mode::Named)
        drop("tool_choice");
    if (m_request.parallelToolCalls == false) drop("parallel_tool_calls");
    m_json.key("tools").beginArray();
    for (const Tool& tool : m_request.tools) {
        if (tool.strict.value_or(false)) drop("strict");
        m_json.beginObject().key("type").string("function").key("function").beginObject();
        m_json.key("name").string(tool.name);
        if (const std::string text = toolDescription(tool); !text.empty())
            m_json.key("description").string(text);
        m_json.key("parameters").raw(toolSchema(tool)).endObject().endObject();
    }
    m_json.endArray();
}

/// Models that can think do so where nothing is said, and those that cannot refuse the wish: agents send it
/// with every call. Only gpt-oss takes levels; with other models Ollama refuses them.
void RequestEncoder::writeThink()
{
    const Reasoning& wish = m_request.reasoning;
    if (wish.effort == Effort::None && !wish.wanted()) {
        m_json.key("think").boolean(false);
        return;
    }
    if (!wish.wanted()) return;
    const bool levels = m_request.model.find("gpt-oss") != std::string::npos;
    const bool said = wish.effort != Effort::Undecided || wish.budgetTokens;
    if (!levels || !said) return;
    const Effort effort = effortOf(wish);
    m_json.key("think").string(effort == Effort::Minimal ? "low" : effortName(effort));
}

void RequestEncoder::writeFormat()
{
    if (m_request.responseFormatJson.empty()) return;
    const JsonObject format(m_request.responseFormatJson);
    const JsonObject wrapped = format.object("json_schema");
    if (wrapped.kind("schema") == JsonKind::Object) {
        m_json.key("format").raw(wrapped.raw("schema"));
    } else if (format.text("type") == "json_object" || format.text("type") == "json_schema") {
        m_json.key("format").string("json");
    } else {
        drop("response_format");
    }
}

void RequestEncoder::writeOptions()
{
    m_json.key("options").beginObject();
    if (m_request.temperature) m_json.key("temperature").number(*m_request.temperature);
    if (m_request.topP) m_json.key("top_p").number(*m_request.topP);
    if (m_request.topK) m_json.key("top_k").integer(*m_request.topK);
    if (m_request.maxTokens) m_json.key("num_predict").integer(*m_request.maxTokens);
    if (m_request.seed) m_json.key("seed").integer(*m_request.seed);
    if (m_request.presencePenalty) m_json.key("presence_penalty").number(*m_request.presencePenalty);
    if (m_request.frequencyPenalty) m_json.key("frequency_penalty").number(*m_request.frequencyPenalty);
    if (!m_request.stop.empty()) {
        m_json.key("stop").beginArray();
        for (const std::string& stop : m_request.stop)
            m_json.string(stop);
        m_json.endArray();
    }
    m_json.endObject();
    if (m_request.logprobs) {
        m_json.key("logprobs").boolean(true);
        if (const auto top = topLogprobs(m_request, kMostTopLogprobs); top > 0)
            m_json.key("top_logprobs").integer(top);
    }
    if (!m_request.verbosity.empty()) drop("verbosity");
}

std::string RequestEncoder::encode(Form form)
{
    m_json.beginObject().key("model").string(m_request.model);
    if (form == Form::Prompt) {
        writePrompt();
    } else {
        writeMessages();
        writeTools();
    }
    writeThink();
    writeFormat();
    writeOptions();
    // Said in any case: Ollama streams where nothing is said.
    m_json.key("stream").boolean(m_request.stream).endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request, Form form)
{
    return RequestEncoder(request).encode(form);
}

} // namespace gateway::dialect::ollama_api
