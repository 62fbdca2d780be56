// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "dialect/bedrock_blocks.h"
#include "dialect/bedrock_parts.h"
#include "dialect/claude_plan.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/tool_schema.h"

namespace gateway::dialect::bedrock {
namespace {

/// Families whose models cannot be held to a schema; of Claudes the version tells.
constexpr std::array<std::string_view, 8> kNoSchema{"amazon.nova",   "amazon.titan",   "meta.llama",
                                                    "cohere.",       "ai21.",          "writer.",
                                                    "deepseek.r1-v", "mistral.mixtral"};

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request)
        : m_request(request), m_family(familyOf(request.model)), m_json(m_out)
    {
        m_tools = !request.tools.empty() && request.toolChoice.mode != ToolChoice::Mode::None;
        const bool able = std::none_of(kNoSchema.begin(), kNoSchema.end(), [&](std::string_view name) {
            return request.model.find(name) != std::string::npos;
        });
        m_takesSchema = able && m_family.version.takesSchema();
    }
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void plan();
    void planOthers();
    void writeConversation();
    void writeInference();
    void writeTools();
    void writeToolChoice();
    void writeModelFields();
    void writeOthersReasoning();
    void writeFormat();
    void writeTier();
    void noteUnsayable();

    Request& m_request;
    ModelFamily m_family;
    bool m_tools = false;
    bool m_takesSchema = false;
    ClaudePlan m_plan; // for models of others: only what all have
    std::string m_out;
    JsonWriter m_json;
};

void RequestEncoder::plan()
{
    if (m_family.claude || m_family.anyone) {
        m_plan = planForClaude(m_request, m_family.version);
        // Before 4.6 the word is behind a beta that Converse would have to be asked for.
        if (m_family.version.version < 406) m_plan.effort = {};
    } else {
        planOthers();
    }
}

void RequestEncoder::planOthers()
{
    m_plan.maxTokens = m_request.maxTokens;
    m_plan.temperature = m_request.temperature;
    m_plan.topP = m_request.topP;
    m_plan.stops = m_request.stop;
    if (m_plan.temperature && *m_plan.temperature > 1) {
        drop("temperature>1");
        m_plan.temperature = 1;
    }
    if (m_family.nova) {
        m_plan.topK = m_request.topK;
    } else if (m_request.topK) {
        drop("top_k");
    }
    if (m_request.reasoning.wanted() && !m_family.openWeight && !m_family.nova2) drop("reasoning");
}

void RequestEncoder::writeConversation()
{
    ConversationWriter conversation(m_family, m_tools, m_request.dropped);
    std::string system = conversation.system(m_request.messages);
    std::string messages = conversation.messages(m_request.messages);
    if (messages.empty() && !system.empty()) {
        // There has to be one message; what would be instructions elsewhere is the question then.
        messages = "{\"role\":\"user\",\"content\":[" + std::exchange(system, {}) + "]}";
    }
    m_json.key("messages").raw('[' + messages + ']');
    if (!system.empty()) m_json.key("system").raw('[' + system + ']');
}

void RequestEncoder::writeInference()
{
    std::string config;
    JsonWriter json(config);
    json.beginObject();
    if (m_plan.maxTokens) json.key("maxTokens").integer(*m_plan.maxTokens);
    if (m_plan.temperature) json.key("temperature").number(*m_plan.temperature);
    if (m_plan.topP) json.key("topP").number(*m_plan.topP);
    if (!m_plan.stops.empty()) {
        json.key("stopSequences").beginArray();
        for (const std::string& stop : m_plan.stops)
            json.string(stop);
        json.endArray();
    }
    json.endObject();
    if (config.size() > 2) m_json.key("inferenceConfig").raw(config);
}

void RequestEncoder::writeTools()
{
    if (!m_tools) return;
    std::string list;
    for (const Tool& tool : m_request.tools) {
        std::string one;
        JsonWriter json(one);
        json.beginObject().key("toolSpec").beginObject().key("name").string(tool.name);
        if (const std::string text = toolDescription(tool); !text.empty())
            json.key("description").string(text);
        json.key("inputSchema").beginObject().key("json").raw(toolSchema(tool)).endObject();
        if (tool.strict.value_or(false)) {
            if (m_takesSchema && m_family.takesStrict()) {
                json.key("strict").boolean(true);
            } else {
                drop("strict");
            }
        }
        json.endObject().endObject();
        appendElement(list, one);
        if (m_family.cachesTools()) writeCachePoint(list, tool.cacheControlJson, m_family);
    }
    m_json.key("toolConfig").beginObject().key("tools").raw('[' + list + ']');
    writeToolChoice();
    m_json.endObject();
    if (m_request.parallelToolCalls == false) drop("parallel_tool_calls");
}

void RequestEncoder::writeToolChoice()
{
    const ToolChoice& choice = m_request.toolChoice;
    const auto empty = [this](std::string_view name) {
        m_json.key("toolChoice").beginObject().key(name).beginObject().endObject().endObject();
    };
    switch (choice.mode) {
    case ToolChoice::Mode::Auto:
        empty("auto");
        break;
    case ToolChoice::Mode::Required:
        empty("any");
        break;
    case ToolChoice::Mode::Named:
        m_json.key("toolChoice").beginObject().key("tool").beginObject();
        m_json.key("name").string(choice.name).endObject().endObject();
        break;
    case ToolChoice::Mode::None: // then there are no tools
    case ToolChoice::Mode::Undecided:
        break;
    }
}

void RequestEncoder::writeOthersReasoning()
{
    if (!m_request.reasoning.wanted()) return;
    const Effort effort = effortOf(m_request.reasoning);
    if (m_family.openWeight) {
        m_json.key("reasoning_effort").string(effort == Effort::Minimal ? "low" : effortName(effort));
    } else if (m_family.nova2) {
        const bool low = effort == Effort::Minimal || effort == Effort::Low;
        // Its high effort forbids a limit of tokens and every sampling parameter.
        if (effort == Effort::High || effort == Effort::Max) drop("reasoning>medium");
        m_json.key("reasoningConfig").beginObject().key("type").string("enabled");
        m_json.key("maxReasoningEffort").string(low ? "low" : "medium").endObject();
    }
}

/// What Converse hands to the model as it is, in the words of the model's own API.
void RequestEncoder::writeModelFields()
{
    const std::size_t before = m_out.size();
    m_json.key("additionalModelRequestFields").beginObject();
    const std::size_t opened = m_out.size();
    if (m_plan.adaptive) {
        m_json.key("thinking").beginObject().key("type").string("adaptive").endObject();
    } else if (m_plan.budget) {
        m_json.key("thinking").beginObject().key("type").string("enabled");
        m_json.key("budget_tokens").integer(*m_plan.budget).endObject();
    }
    if (!m_plan.effort.empty()) {
        m_json.key("output_config").beginObject().key("effort").string(m_plan.effort).endObject();
    }
    if (m_plan.topK && m_family.nova) {
        m_json.key("inferenceConfig").beginObject().key("topK").integer(*m_plan.topK).endObject();
    } else if (m_plan.topK) {
        m_json.key("top_k").integer(*m_plan.topK);
    }
    writeOthersReasoning();
    const bool any = m_out.size() != opened;
    m_json.endObject();
    if (!any) m_out.resize(before); // what follows begins with a comma of its own
}

void RequestEncoder::writeFormat()
{
    if (m_request.responseFormatJson.empty()) return;
    const JsonObject wrapped = JsonObject(m_request.responseFormatJson).object("json_schema");
    if (wrapped.kind("schema") != JsonKind::Object) {
        drop("response_format");
        return;
    }
    m_json.key("outputConfig").beginObject().key("textFormat").beginObject();
    m_json.key("type").string("json_schema").key("structure").beginObject().key("jsonSchema").beginObject();
    m_json.key("schema").string(compactJson(wrapped.raw("schema")));
    if (const std::string name = wrapped.text("name"); !name.empty()) m_json.key("name").string(name);
    m_json.endObject().endObject().endObject().endObject();
}

void RequestEncoder::writeTier()
{
    const std::string& tier = m_request.serviceTier;
    if (tier == "flex" || tier == "priority")
        m_json.key("serviceTier").beginObject().key("type").string(tier).endObject();
}

void RequestEncoder::noteUnsayable()
{
    if (m_request.seed) drop("seed");
    if (m_request.presencePenalty.value_or(0) != 0) drop("presence_penalty");
    if (m_request.frequencyPenalty.value_or(0) != 0) drop("frequency_penalty");
    dropLogprobs(m_request);
    if (!m_request.verbosity.empty()) drop("verbosity");
}

std::string RequestEncoder::encode()
{
    plan();
    const bool schema = JsonObject(m_request.responseFormatJson).text("type") == "json_schema";
    // Converse has a field for schemas alone, and not for every model.
    if ((!schema || !m_takesSchema) && sayFormat(m_request)) m_request.responseFormatJson.clear();
    m_json.beginObject();
    writeConversation();
    writeInference();
    writeTools();
    writeModelFields();
    writeFormat();
    writeTier();
    noteUnsayable();
    m_json.endObject();
    return std::move(m_out);
}

} // namespace

std::string encodeRequest(Request& request)
{
    return RequestEncoder(request).encode();
}

} // namespace gateway::dialect::bedrock
