// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/claude_plan.h"

#include <algorithm>

#include "dialect/anthropic_parts.h"
#include "dialect/content_text.h"

namespace gateway::dialect {
namespace {

constexpr std::int64_t kLeastBudget = 1024;
constexpr double kLeastThinkingTopP = 0.95;

bool isSaid(const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part))
        return text->text.find_first_not_of(" \t\r\n") != std::string::npos;
    const auto* thinking = std::get_if<ThinkingPart>(&part);
    return !thinking || anthropic::isOwn(*thinking);
}

/// With a budget, the assistant message that a tool's result answers must begin with the reasoning it had,
/// and so must one that the model is to go on with. Clients that do not give it back would have every second
/// call refused.
bool lacksThinking(const Request& request)
{
    bool final = true;
    for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
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

class Planner {
public:
    Planner(Request& request, const ClaudeModel& model) : m_request(request), m_model(model) {}

    ClaudePlan plan()
    {
        planThinking();
        planMaxTokens();
        planSampling();
        planStops();
        return std::move(m_plan);
    }

private:
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void planThinking();
    void planMaxTokens();
    void planSampling();
    void planStops();

    Request& m_request;
    const ClaudeModel& m_model;
    ClaudePlan m_plan;
};

void Planner::planThinking()
{
    const Reasoning& wish = m_request.reasoning;
    if (!wish.wanted()) return;
    const ToolChoice::Mode mode = m_request.toolChoice.mode;
    const bool forced =
        !m_request.tools.empty() && (mode == ToolChoice::Mode::Required || mode == ToolChoice::Mode::Named);
    if (!m_model.thinks() || forced) {
        drop("reasoning");
        return;
    }
    const bool effortSaid = wish.effort != Effort::Undecided || wish.budgetTokens;
    if (m_model.takesEffort() && effortSaid) {
        m_plan.effort = claudeEffort(effortOf(wish), m_model.takesMaxEffort());
    }
    if (m_model.thinksAdaptively()) {
        m_plan.adaptive = true;
    } else if (lacksThinking(m_request)) {
        drop("reasoning");
    } else {
        m_plan.budget = std::max(kLeastBudget, wish.budgetTokens.value_or(budgetOf(effortOf(wish))));
    }
}

void Planner::planMaxTokens()
{
    m_plan.maxTokens = m_request.maxTokens;
    const std::int64_t limit = m_request.maxTokens.value_or(kDefaultMaxTokens);
    if (m_plan.budget && *m_plan.budget >= limit) {
        constexpr std::int64_t kLargest = std::int64_t{1} << 40;
        m_plan.budget = std::min(*m_plan.budget, kLargest);
        m_plan.maxTokens = limit + *m_plan.budget;
    }
}

void Planner::planSampling()
{
    const bool thinks = m_plan.adaptive || m_plan.budget;
    std::optional<double> temperature = m_request.temperature;
    if (temperature && *temperature > 1) {
        drop("temperature>1");
        temperature = 1;
    }
    if (temperature && *temperature != 1 && (thinks || !m_model.takesSampling())) {
        drop("temperature");
        temperature.reset();
    }
    if (m_model.takesSampling()) {
        m_plan.temperature = temperature;
    }
    if (m_request.topP) {
        const bool refused = !m_model.takesSampling() || (thinks && *m_request.topP < kLeastThinkingTopP) ||
                             (temperature && m_model.takesOneSampler());
        if (refused && *m_request.topP != 1) {
            drop("top_p");
        } else if (!refused) {
            m_plan.topP = m_request.topP;
        }
    }
    if (m_request.topK && (thinks || !m_model.takesSampling())) {
        drop("top_k");
    } else {
        m_plan.topK = m_request.topK;
    }
}

void Planner::planStops()
{
    for (const std::string& stop : m_request.stop) {
        if (stop.find_first_not_of(" \t\r\n") == std::string::npos) {
            drop("stop"); // those of white space alone are refused
        } else {
            m_plan.stops.push_back(stop);
        }
    }
}

} // namespace

ClaudePlan planForClaude(Request& request, const ClaudeModel& model)
{
    return Planner(request, model).plan();
}

} // namespace gateway::dialect
