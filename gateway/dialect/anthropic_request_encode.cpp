// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string_view>
#include <vector>

#include "dialect/anthropic_blocks.h"
#include "dialect/anthropic_parts.h"
#include "dialect/claude_plan.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/tool_schema.h"

namespace gateway::dialect::anthropic {
namespace {

constexpr std::size_t kMaxUserIdBytes = 256;

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request)
        : m_request(request)
        , m_traits(claudeModel(request.model))
        , m_plan(planForClaude(request, m_traits))
        , m_json(m_out)
    {
    }
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    /// The wish for JSON of a schema, where the model's API takes it.
    [[nodiscard]] JsonObject schemaFormat() const;
    void writeConversation();
    void writeTools();
    void writeCalledTools();
    void writeTool(const Tool& tool);
    void writeToolChoice();
    void writeSampling();
    void writeThinkingWish();
    void writeOutputConfig();
    void noteUnsayable();

    Request& m_request;
    ClaudeModel m_traits;
    ClaudePlan m_plan;
    std::string m_out;
    JsonWriter m_json;
};

JsonObject RequestEncoder::schemaFormat() const
{
    const JsonObject wrapped = JsonObject(m_request.responseFormatJson).object("json_schema");
    const bool schema = wrapped.kind("schema") == JsonKind::Object && m_traits.takesSchema();
    return schema ? wrapped : JsonObject();
}

void RequestEncoder::writeConversation()
{
    const bool wished = !m_request.responseFormatJson.empty() && schemaFormat().empty();
    if (wished && !sayFormat(m_request) && JsonObject(m_request.responseFormatJson).text("type") != "text")
        drop("response_format");
    BlockWriter blocks(m_request.dropped);
    std::string system = blocks.system(m_request.messages);
    std::string messages = blocks.messages(m_request.messages);
    if (messages.empty() && !system.empty()) {
        // There has to be one message; what would be instructions elsewhere is the question then.
        messages = "{\"role\":\"user\",\"content\":[" + std::exchange(system, {}) + "]}";
    }
    if (!system.empty()) {
        m_json.key("system").raw('[' + system + ']');
    }
    m_json.key("messages").raw('[' + messages + ']');
}

void RequestEncoder::writeTool(const Tool& tool)
{
    const std::string description = toolDescription(tool);
    m_json.beginObject().key("name").string(tool.name);
    if (!description.empty()) {
        m_json.key("description").string(description);
    }
    m_json.key("input_schema").raw(toolSchema(tool));
    if (tool.strict.value_or(false)) {
        m_json.key("strict").boolean(true);
    }
    if (!tool.cacheControlJson.empty()) {
        m_json.key("cache_control").raw(tool.cacheControlJson);
    }
    m_json.endObject();
}

/// Calls in the conversation are refused where no tool is declared. Clients leave their tools out when none
/// is to be called, as in a summary, so that those called before are declared for them.
void RequestEncoder::writeCalledTools()
{
    std::vector<std::string_view> names;
    for (const Message& message : m_request.messages) {
        for (const Part& part : message.parts) {
            const auto* call = std::get_if<ToolCallPart>(&part);
            if (call && std::find(names.begin(), names.end(), call->name) == names.end())
                names.push_back(call->name);
        }
    }
    if (names.empty()) return;
    m_json.key("tools").beginArray();
    for (const std::string_view name : names) {
        Tool tool;
        tool.name = name;
        writeTool(tool);
    }
    m_json.endArray();
    m_json.key("tool_choice").beginObject().key("type").string("none").endObject();
}

void RequestEncoder::writeTools()
{
    if (m_request.tools.empty()) {
        writeCalledTools();
        return;
    }
    m_json.key("tools").beginArray();
    for (const Tool& tool : m_request.tools) {
        writeTool(tool);
    }
    m_json.endArray();
    writeToolChoice();
}

void RequestEncoder::writeToolChoice()
{
    const ToolChoice& choice = m_request.toolChoice;
    const bool single = m_request.parallelToolCalls == false && choice.mode != ToolChoice::Mode::None;
    if (choice.mode == ToolChoice::Mode::Undecided && !single) return;
    m_json.key("tool_choice").beginObject().key("type");
    switch (choice.mode) {
    case ToolChoice::Mode::None:
        m_json.string("none");
        break;
    case ToolChoice::Mode::Required:
        m_json.string("any");
        break;
    case ToolChoice::Mode::Named:
        m_json.string("tool").key("name").string(choice.name);
        break;
    case ToolChoice::Mode::Auto:
    case ToolChoice::Mode::Undecided:
        m_json.string("auto");
        break;
    }
    if (single) {
        m_json.key("disable_parallel_tool_use").boolean(true);
    }
    m_json.endObject();
}

void RequestEncoder::writeSampling()
{
    if (m_plan.temperature) m_json.key("temperature").number(*m_plan.temperature);
    if (m_plan.topP) m_json.key("top_p").number(*m_plan.topP);
    if (m_plan.topK) m_json.key("top_k").integer(*m_plan.topK);
    if (m_plan.stops.empty()) return;
    m_json.key("stop_sequences").beginArray();
    for (const std::string& stop : m_plan.stops)
        m_json.string(stop);
    m_json.endArray();
}

void RequestEncoder::writeThinkingWish()
{
    if (m_plan.adaptive) {
        m_json.key("thinking").beginObject().key("type").string("adaptive").endObject();
    } else if (m_plan.budget) {
        m_json.key("thinking").beginObject().key("type").string("enabled");
        m_json.key("budget_tokens").integer(*m_plan.budget).endObject();
    }
}

void RequestEncoder::writeOutputConfig()
{
    const JsonObject wrapped = schemaFormat();
    const bool schema = !wrapped.empty();
    if (m_plan.effort.empty() && !schema) return;
    m_json.key("output_config").beginObject();
    if (!m_plan.effort.empty()) {
        m_json.key("effort").string(m_plan.effort);
    }
    if (schema) {
        m_json.key("format").beginObject().key("type").string("json_schema");
        m_json.key("schema").raw(wrapped.raw("schema")).endObject();
    }
    m_json.endObject();
}

void RequestEncoder::noteUnsayable()
{
    dropLogprobs(m_request);
    if (m_request.seed) drop("seed");
    if (!m_request.verbosity.empty()) drop("verbosity");
    if (m_request.presencePenalty.value_or(0) != 0) drop("presence_penalty");
    if (m_request.frequencyPenalty.value_or(0) != 0) drop("frequency_penalty");
}

std::string RequestEncoder::encode()
{
    m_json.beginObject().key("model").string(m_request.model);
    m_json.key("max_tokens").integer(m_plan.maxTokens.value_or(kDefaultMaxTokens));
    writeConversation();
    writeTools();
    writeSampling();
    writeThinkingWish();
    writeOutputConfig();
    noteUnsayable();
    if (!m_request.user.empty() && m_request.user.size() <= kMaxUserIdBytes) {
        m_json.key("metadata").beginObject().key("user_id").string(m_request.user).endObject();
    }
    if (m_request.serviceTier == "auto" || m_request.serviceTier == "standard_only") {
        m_json.key("service_tier").string(m_request.serviceTier);
    }
    if (m_request.stream) {
        m_json.key("stream").boolean(true);
    }
    m_json.endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request)
{
    return RequestEncoder(request).encode();
}

} // namespace gateway::dialect::anthropic
