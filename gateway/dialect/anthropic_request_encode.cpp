// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/anthropic_blocks.h"
#include "dialect/anthropic_parts.h"
#include "dialect/content_text.h"
#include "dialect/model_traits.h"
#include "dialect/span_edit.h"

namespace gateway::dialect::anthropic {
namespace {

constexpr std::int64_t kDefaultMaxTokens = 4096;
constexpr std::int64_t kLeastBudget = 1024;
constexpr std::size_t kMaxUserBytes = 256;
constexpr double kLeastThinkingTopP = 0.95;

class RequestEncoder {
public:
    explicit RequestEncoder(Request& request)
        : m_request(request), m_traits(claudeModel(request.model)), m_json(m_out)
    {
    }
    std::string encode();

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void planThinking();
    [[nodiscard]] bool lacksThinking() const;
    void writeMaxTokens();
    void writeConversation();
    void writeTools();
    void writeTool(const Tool& tool);
    void writeToolChoice();
    void writeSampling();
    void writeStops();
    void writeThinkingWish();
    void writeOutputConfig();
    void noteUnsayable();

    Request& m_request;
    ClaudeModel m_traits;
    std::string m_out;
    JsonWriter m_json;
    bool m_adaptive = false;
    std::optional<std::int64_t> m_budget;
    std::string_view m_effort;
};

bool isSaid(const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part))
        return text->text.find_first_not_of(" \t\r\n") != std::string::npos;
    const auto* thinking = std::get_if<ThinkingPart>(&part);
    return !thinking || isOwn(*thinking);
}

/// With a budget, the assistant message that a tool's result answers must begin with the reasoning it had,
/// and so must one that the model is to go on with. Clients that do not give it back would have every second
/// call refused.
bool RequestEncoder::lacksThinking() const
{
    bool final = true;
    for (auto message = m_request.messages.rbegin(); message != m_request.messages.rend(); ++message) {
        const auto& parts = message->parts;
        const auto said = std::find_if(parts.begin(), parts.end(), isSaid);
        if (message->role == Role::System || said == parts.end()) continue;
        if (message->role == Role::Assistant) {
            const bool calls = std::any_of(parts.begin(), parts.end(), [](const Part& part) {
                return std::holds_alternative<ToolCallPart>(part);
            });
            return (calls || final) && !std::holds_alternative<ThinkingPart>(*said);
        }
        final = false;
    }
    return false;
}

std::string_view claudeEffort(Effort effort, bool takesMax)
{
    if (effort == Effort::Max && takesMax) return "max";
    return effort == Effort::Minimal || effort == Effort::None ? "low" : effortName(effort);
}

void RequestEncoder::planThinking()
{
    const Reasoning& wish = m_request.reasoning;
    if (!wish.wanted()) return;
    const ToolChoice::Mode mode = m_request.toolChoice.mode;
    const bool forced =
        !m_request.tools.empty() && (mode == ToolChoice::Mode::Required || mode == ToolChoice::Mode::Named);
    if (!m_traits.thinks() || forced) {
        drop("reasoning");
        return;
    }
    const bool effortSaid = wish.effort != Effort::Undecided || wish.budgetTokens;
    if (m_traits.takesEffort() && effortSaid) {
        m_effort = claudeEffort(effortOf(wish), m_traits.takesMaxEffort());
    }
    if (m_traits.thinksAdaptively()) {
        m_adaptive = true;
    } else if (lacksThinking()) {
        drop("reasoning");
    } else {
        m_budget = std::max(kLeastBudget, wish.budgetTokens.value_or(budgetOf(effortOf(wish))));
    }
}

void RequestEncoder::writeMaxTokens()
{
    std::int64_t limit = m_request.maxTokens.value_or(kDefaultMaxTokens);
    if (m_budget && *m_budget >= limit) {
        constexpr std::int64_t kLargest = std::int64_t{1} << 40;
        m_budget = std::min(*m_budget, kLargest);
        limit += *m_budget;
    }
    m_json.key("max_tokens").integer(limit);
}

void RequestEncoder::writeConversation()
{
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
    const std::string description = tool.custom ? customDescription(tool) : tool.description;
    std::string schema =
        tool.parametersJson.empty() ? "{\"type\":\"object\",\"properties\":{}}" : tool.parametersJson;
    if (tool.custom) {
        schema = customSchema();
    } else if (!JsonObject(schema).has("type")) {
        schema = withMember(schema, "type", "\"object\"");
    }
    m_json.beginObject().key("name").string(tool.name);
    if (!description.empty()) {
        m_json.key("description").string(description);
    }
    m_json.key("input_schema").raw(schema);
    if (tool.strict.value_or(false)) {
        m_json.key("strict").boolean(true);
    }
    if (!tool.cacheControlJson.empty()) {
        m_json.key("cache_control").raw(tool.cacheControlJson);
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
    const bool thinks = m_adaptive || m_budget;
    std::optional<double> temperature = m_request.temperature;
    if (temperature && *temperature > 1) {
        drop("temperature>1");
        temperature = 1;
    }
    if (temperature && *temperature != 1 && (thinks || !m_traits.takesSampling())) {
        drop("temperature");
        temperature.reset();
    }
    if (temperature && m_traits.takesSampling()) {
        m_json.key("temperature").number(*temperature);
    }
    if (m_request.topP) {
        const bool refused = !m_traits.takesSampling() || (thinks && *m_request.topP < kLeastThinkingTopP) ||
                             (temperature && m_traits.takesOneSampler());
        if (refused && *m_request.topP != 1) {
            drop("top_p");
        } else if (!refused) {
            m_json.key("top_p").number(*m_request.topP);
        }
    }
    if (m_request.topK && (thinks || !m_traits.takesSampling())) {
        drop("top_k");
    } else if (m_request.topK) {
        m_json.key("top_k").integer(*m_request.topK);
    }
    writeStops();
}

void RequestEncoder::writeStops()
{
    std::string stops;
    JsonWriter json(stops);
    json.beginArray();
    for (const std::string& stop : m_request.stop) {
        if (stop.find_first_not_of(" \t\r\n") == std::string::npos) {
            drop("stop"); // Anthropic refuses those of white space alone
        } else {
            json.string(stop);
        }
    }
    json.endArray();
    if (stops.size() > 2) {
        m_json.key("stop_sequences").raw(stops);
    }
}

void RequestEncoder::writeThinkingWish()
{
    if (m_adaptive) {
        m_json.key("thinking").beginObject().key("type").string("adaptive").endObject();
    } else if (m_budget) {
        m_json.key("thinking").beginObject().key("type").string("enabled");
        m_json.key("budget_tokens").integer(*m_budget).endObject();
    }
}

void RequestEncoder::writeOutputConfig()
{
    const JsonObject format(m_request.responseFormatJson);
    const JsonObject wrapped = format.object("json_schema");
    const bool schema = wrapped.kind("schema") == JsonKind::Object && m_traits.takesSchema();
    if (!m_request.responseFormatJson.empty() && !schema) {
        drop("response_format");
    }
    if (m_effort.empty() && !schema) return;
    m_json.key("output_config").beginObject();
    if (!m_effort.empty()) {
        m_json.key("effort").string(m_effort);
    }
    if (schema) {
        m_json.key("format").beginObject().key("type").string("json_schema");
        m_json.key("schema").raw(wrapped.raw("schema")).endObject();
    }
    m_json.endObject();
}

void RequestEncoder::noteUnsayable()
{
    if (m_request.seed) drop("seed");
    if (!m_request.verbosity.empty()) drop("verbosity");
    if (m_request.presencePenalty.value_or(0) != 0) drop("presence_penalty");
    if (m_request.frequencyPenalty.value_or(0) != 0) drop("frequency_penalty");
}

std::string RequestEncoder::encode()
{
    planThinking();
    m_json.beginObject().key("model").string(m_request.model);
    writeMaxTokens();
    writeConversation();
    writeTools();
    writeSampling();
    writeThinkingWish();
    writeOutputConfig();
    noteUnsayable();
    if (!m_request.user.empty() && m_request.user.size() <= kMaxUserBytes) {
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
