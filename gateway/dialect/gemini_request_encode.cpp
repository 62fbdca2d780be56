// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>
#include <utility>

#include "dialect/content_text.h"
#include "dialect/gemini_model.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_schema.h"
#include "dialect/gemini_turns.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/tool_schema.h"

namespace gateway::dialect::gemini {
namespace {

constexpr std::size_t kMaxStops = 5;

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request)
        : m_request(request), m_traits(modelTraits(request.model)), m_json(m_out)
    {
    }
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void writeConversation();
    void writeTools();
    void writeTool(const Tool& tool);
    void writeToolChoice();
    void writeSampling(JsonWriter& config);
    void writeStops(JsonWriter& config);
    void writeFormat(JsonWriter& config);
    void writeThinkingWish(JsonWriter& config);
    void noteUnsayable();

    Request& m_request;
    ModelTraits m_traits;
    std::string m_out;
    JsonWriter m_json;
};

void RequestEncoder::writeConversation()
{
    std::string system = writtenSystem(m_request.messages);
    std::string contents = writtenTurns(m_request.messages, m_traits);
    if (contents.empty() && !system.empty()) {
        // There has to be one turn; what would be instructions elsewhere is the question then.
        contents = "{\"role\":\"user\",\"parts\":[" + std::exchange(system, {}) + "]}";
    }
    if (!system.empty()) m_json.key("systemInstruction").raw("{\"parts\":[" + system + "]}");
    m_json.key("contents").raw('[' + contents + ']');
}

void RequestEncoder::writeTool(const Tool& tool)
{
    const std::string description = toolDescription(tool);
    std::string schema;
    if (tool.custom)
        schema = toolSchema(tool);
    else if (!tool.parametersJson.empty())
        schema = acceptedSchema(tool.parametersJson);
    m_json.beginObject().key("name").string(tool.name);
    if (!description.empty()) m_json.key("description").string(description);
    if (!schema.empty()) m_json.key("parametersJsonSchema").raw(schema);
    m_json.endObject();
}

void RequestEncoder::writeTools()
{
    if (m_request.tools.empty()) return;
    m_json.key("tools").beginArray().beginObject().key("functionDeclarations").beginArray();
    for (const Tool& tool : m_request.tools)
        writeTool(tool);
    m_json.endArray().endObject().endArray();
    writeToolChoice();
    if (m_request.parallelToolCalls == false && m_request.toolChoice.mode != ToolChoice::Mode::None)
        drop("parallel_tool_calls");
}

void RequestEncoder::writeToolChoice()
{
    const ToolChoice& choice = m_request.toolChoice;
    std::string_view mode;
    switch (choice.mode) {
    case ToolChoice::Mode::Auto:
        mode = "AUTO";
        break;
    case ToolChoice::Mode::None:
        mode = "NONE";
        break;
    case ToolChoice::Mode::Required:
    case ToolChoice::Mode::Named:
        mode = "ANY";
        break;
    case ToolChoice::Mode::Undecided:
        return;
    }
    m_json.key("toolConfig").beginObject().key("functionCallingConfig").beginObject();
    m_json.key("mode").string(mode);
    if (choice.mode == ToolChoice::Mode::Named)
        m_json.key("allowedFunctionNames").beginArray().string(choice.name).endArray();
    m_json.endObject().endObject();
}

void RequestEncoder::writeStops(JsonWriter& config)
{
    if (m_request.stop.empty()) return;
    if (m_request.stop.size() > kMaxStops) drop("stop>5");
    config.key("stopSequences").beginArray();
    for (std::size_t i = 0; i < std::min(m_request.stop.size(), kMaxStops); ++i)
        config.string(m_request.stop[i]);
    config.endArray();
}

void RequestEncoder::writeSampling(JsonWriter& config)
{
    const auto number = [&config](std::string_view name, const std::optional<double>& value) {
        if (value) config.key(name).number(*value);
    };
    constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
    if (m_request.maxTokens) config.key("maxOutputTokens").integer(std::min(*m_request.maxTokens, kLargest));
    number("temperature", m_request.temperature);
    number("topP", m_request.topP);
    if (m_request.topK && *m_request.topK > 0 && *m_request.topK <= kLargest)
        config.key("topK").integer(*m_request.topK);
    if (m_request.seed && (*m_request.seed > kLargest || *m_request.seed < -kLargest))
        drop("seed");
    else if (m_request.seed)
        config.key("seed").integer(*m_request.seed);
    number("presencePenalty", m_request.presencePenalty);
    number("frequencyPenalty", m_request.frequencyPenalty);
    writeStops(config);
    if (!m_request.logprobs) return;
    config.key("responseLogprobs").boolean(true);
    if (const auto top = topLogprobs(m_request, kMostTopLogprobs); top > 0)
        config.key("logprobs").integer(top);
}

void RequestEncoder::writeFormat(JsonWriter& config)
{
    if (m_request.responseFormatJson.empty()) return;
    const JsonObject format(m_request.responseFormatJson);
    if (!format.text("type").starts_with("json_")) {
        drop("response_format");
        return;
    }
    config.key("responseMimeType").string("application/json");
    const JsonObject wrapped = format.object("json_schema");
    if (wrapped.kind("schema") == JsonKind::Object)
        config.key("responseJsonSchema").raw(acceptedSchema(wrapped.raw("schema")));
}

void RequestEncoder::writeThinkingWish(JsonWriter& config)
{
    const Reasoning& wish = m_request.reasoning;
    if (!wish.wanted() && wish.effort != Effort::None) return;
    if (!m_traits.thinks()) {
        if (wish.wanted()) drop("reasoning");
        return;
    }
    config.key("thinkingConfig").beginObject();
    if (!m_traits.takesLevel()) {
        config.key("thinkingBudget").integer(budgetFor(m_traits, wish));
    } else if (wish.effort != Effort::Undecided || wish.budgetTokens) {
        config.key("thinkingLevel").string(levelFor(m_traits, effortOf(wish)));
    }
    if (wish.wanted()) config.key("includeThoughts").boolean(true);
    config.endObject();
}

void RequestEncoder::noteUnsayable()
{
    if (!m_request.verbosity.empty() && m_request.verbosity != "medium") drop("verbosity");
}

std::string RequestEncoder::encode()
{
    // Before Gemini 3 a format beside tools is refused, so that it is asked for in words.
    if (!m_request.tools.empty() && !m_traits.takesFormatWithTools() && sayFormat(m_request))
        m_request.responseFormatJson.clear();
    m_json.beginObject();
    writeConversation();
    writeTools();
    std::string config;
    JsonWriter json(config);
    json.beginObject();
    writeSampling(json);
    writeFormat(json);
    if (std::exchange(m_request.wantsImages, false))
        json.key("responseModalities").beginArray().string("TEXT").string("IMAGE").endArray();
    writeThinkingWish(json);
    json.endObject();
    if (config.size() > 2) m_json.key("generationConfig").raw(config);
    noteUnsayable();
    m_json.endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request)
{
    return RequestEncoder(request).encode();
}

} // namespace gateway::dialect::gemini
