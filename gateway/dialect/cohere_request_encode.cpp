// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/cohere_parts.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/tool_result_text.h"
#include "dialect/tool_schema.h"

namespace gateway::dialect::cohere_api {
namespace {

constexpr std::size_t kMaxStops = 5;
constexpr std::int64_t kMaxTopK = 500;
constexpr double kLeastP = 0.01;
constexpr double kMostP = 0.99;

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request) : m_request(request), m_json(m_out) {}
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void writeMessage(const Message& message);
    void writeUser(const std::vector<Part>& parts);
    void writeContent(const std::vector<Part>& parts);
    void writeAssistant(const std::vector<Part>& parts);
    void writeAssistantContent(const std::vector<Part>& parts, bool calls);
    void writeTools();
    void writeToolChoice();
    void writeSampling();
    void writePenalty(std::string_view name, const std::optional<double>& value);
    void writeStops();
    void writeThinking();
    void writeFormat();

    Request& m_request;
    std::string m_out;
    JsonWriter m_json;
};

/// Signed reasoning is another provider's, and only that one has a use for it.
bool isOwnThinking(const Part& part)
{
    const auto* thinking = std::get_if<ThinkingPart>(&part);
    return thinking && !thinking->text.empty() && thinking->signature.empty() && thinking->redacted.empty();
}

/// One user message. Texts and images stay in their order; documents have no place.
void RequestEncoder::writeContent(const std::vector<Part>& parts)
{
    const bool images = std::any_of(parts.begin(), parts.end(),
                                    [](const Part& part) { return std::holds_alternative<ImagePart>(part); });
    m_json.beginObject().key("role").string("user").key("content");
    for (const Part& part : parts) {
        if (std::holds_alternative<DocumentPart>(part)) drop("document");
    }
    if (!images) {
        m_json.string(joinedText(parts)).endObject();
        return;
    }
    m_json.beginArray();
    for (const Part& part : parts) {
        if (const auto* text = std::get_if<TextPart>(&part); text && !text->text.empty()) {
            m_json.beginObject().key("type").string("text").key("text").string(text->text).endObject();
        } else if (const auto* image = std::get_if<ImagePart>(&part)) {
            m_json.beginObject().key("type").string("image_url").key("image_url").beginObject();
            m_json.key("url").string(addressOf(*image));
            if (!image->detail.empty()) m_json.key("detail").string(image->detail);
            m_json.endObject().endObject();
        }
    }
    m_json.endArray().endObject();
}

void RequestEncoder::writeUser(const std::vector<Part>& parts)
{
    bool answered = false;
    bool said = false;
    for (const Part& part : parts) {
        const auto* result = std::get_if<ToolResultPart>(&part);
        said = said || !result;
        if (!result) continue;
        answered = true;
        m_json.beginObject().key("role").string("tool").key("tool_call_id").string(result->callId);
        m_json.key("content").string(toolResultText(*result)).endObject();
    }
    if (const auto images = toolResultImages(parts); !images.empty()) writeContent(images);
    if (said || !answered) writeContent(parts);
}

void RequestEncoder::writeAssistantContent(const std::vector<Part>& parts, bool calls)
{
    const bool thinking = std::any_of(parts.begin(), parts.end(), isOwnThinking);
    const std::string text = calls ? std::string() : joinedText(parts);
    if (!thinking) {
        if (!calls) m_json.key("content").string(text);
        return;
    }
    m_json.key("content").beginArray();
    for (const Part& part : parts) {
        if (!isOwnThinking(part)) continue;
        m_json.beginObject().key("type").string("thinking");
        m_json.key("thinking").string(std::get<ThinkingPart>(part).text).endObject();
    }
    if (!text.empty()) m_json.beginObject().key("type").string("text").key("text").string(text).endObject();
    m_json.endArray();
}

void RequestEncoder::writeAssistant(const std::vector<Part>& parts)
{
    const bool calls = std::any_of(parts.begin(), parts.end(), [](const Part& part) {
        return std::holds_alternative<ToolCallPart>(part);
    });
    m_json.beginObject().key("role").string("assistant");
    writeAssistantContent(parts, calls);
    if (calls) {
        if (const std::string plan = joinedText(parts); !plan.empty()) m_json.key("tool_plan").string(plan);
        m_json.key("tool_calls").beginArray();
        for (const Part& part : parts) {
            if (const auto* call = std::get_if<ToolCallPart>(&part)) writeToolCall(m_json, *call);
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
        m_json.beginObject().key("role").string("system");
        m_json.key("content").string(joinedText(message.parts)).endObject();
    }
}

void RequestEncoder::writeTools()
{
    const ToolChoice& choice = m_request.toolChoice;
    const bool one = choice.mode == ToolChoice::Mode::Named;
    bool any = false;
    bool strict = true; // all of them: there is one word for the whole list
    bool anyStrict = false;
    for (const Tool& tool : m_request.tools) {
        // There is no way to name the tool to be called but to offer no other.
        if (one && tool.name != choice.name) continue;
        if (!any) m_json.key("tools").beginArray();
        any = true;
        strict = strict && tool.strict.value_or(false);
        anyStrict = anyStrict || tool.strict.value_or(false);
        m_json.beginObject().key("type").string("function").key("function").beginObject();
        m_json.key("name").string(tool.name);
        if (const std::string text = toolDescription(tool); !text.empty())
            m_json.key("description").string(text);
        m_json.key("parameters").raw(toolSchema(tool)).endObject().endObject();
    }
    if (!any) return;
    m_json.endArray();
    if (strict)
        m_json.key("strict_tools").boolean(true);
    else if (anyStrict)
        drop("strict");
    writeToolChoice();
    if (m_request.parallelToolCalls == false) drop("parallel_tool_calls");
}

void RequestEncoder::writeToolChoice()
{
    switch (m_request.toolChoice.mode) {
    case ToolChoice::Mode::None:
        m_json.key("tool_choice").string("NONE");
        break;
    case ToolChoice::Mode::Required:
    case ToolChoice::Mode::Named:
        m_json.key("tool_choice").string("REQUIRED");
        break;
    default:
        break; // it is the model's choice where nothing is said
    }
}

void RequestEncoder::writePenalty(std::string_view name, const std::optional<double>& value)
{
    if (!value) return;
    if (*value < 0 || *value > 1) {
        drop(name);
        return;
    }
    m_json.key(name).number(*value);
}

void RequestEncoder::writeStops()
{
    if (m_request.stop.empty()) return;
    if (m_request.stop.size() > kMaxStops) drop("stop>5");
    m_json.key("stop_sequences").beginArray();
    for (std::size_t i = 0; i < std::min(m_request.stop.size(), kMaxStops); ++i)
        m_json.string(m_request.stop[i]);
    m_json.endArray();
}

void RequestEncoder::writeSampling()
{
    if (m_request.maxTokens) m_json.key("max_tokens").integer(*m_request.maxTokens);
    if (m_request.temperature) m_json.key("temperature").number(*m_request.temperature);
    // 1 says that all tokens count; what comes nearest to it is not the default here.
    if (m_request.topP) m_json.key("p").number(std::clamp(*m_request.topP, kLeastP, kMostP));
    if (m_request.topK) m_json.key("k").integer(std::clamp<std::int64_t>(*m_request.topK, 0, kMaxTopK));
    if (m_request.seed && *m_request.seed >= 0)
        m_json.key("seed").integer(*m_request.seed);
    else if (m_request.seed)
        drop("seed");
    writePenalty("frequency_penalty", m_request.frequencyPenalty);
    writePenalty("presence_penalty", m_request.presencePenalty);
    writeStops();
    if (m_request.logprobs) m_json.key("logprobs").boolean(true);
    if (m_request.topLogprobs) drop("top_logprobs");
    if (!m_request.verbosity.empty()) drop("verbosity");
}

void RequestEncoder::writeThinking()
{
    const Reasoning& wish = m_request.reasoning;
    if (!wish.wanted()) {
        if (wish.effort == Effort::None)
            m_json.key("thinking").beginObject().key("type").string("disabled").endObject();
        return;
    }
    m_json.key("thinking").beginObject().key("type").string("enabled");
    const Effort effort = wish.effort;
    const bool open = effort == Effort::Undecided || effort == Effort::High || effort == Effort::Max;
    if (wish.budgetTokens)
        m_json.key("token_budget").integer(*wish.budgetTokens);
    else if (!open)
        m_json.key("token_budget").integer(budgetOf(effort));
    m_json.endObject();
}

void RequestEncoder::writeFormat()
{
    if (m_request.responseFormatJson.empty()) return;
    const JsonObject format(m_request.responseFormatJson);
    const std::string type = format.text("type");
    const JsonObject wrapped = format.object("json_schema");
    if (type != "json_object" && type != "json_schema") {
        drop("response_format");
        return;
    }
    m_json.key("response_format").beginObject().key("type").string("json_object");
    if (wrapped.kind("schema") == JsonKind::Object) m_json.key("json_schema").raw(wrapped.raw("schema"));
    m_json.endObject();
}

std::string RequestEncoder::encode()
{
    // Cohere refuses a format beside tools, so that it is asked for in words.
    if (!m_request.tools.empty() && sayFormat(m_request)) m_request.responseFormatJson.clear();
    m_json.beginObject().key("model").string(m_request.model);
    m_json.key("messages").beginArray();
    for (const Message& message : m_request.messages)
        writeMessage(message);
    m_json.endArray();
    writeTools();
    writeSampling();
    writeThinking();
    writeFormat();
    m_json.key("stream").boolean(m_request.stream).endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request)
{
    return RequestEncoder(request).encode();
}

} // namespace gateway::dialect::cohere_api
