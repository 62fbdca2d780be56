// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/wall_clock.h"
#include "pipeline/plan_limits.h"
#include "pipeline/request_situation.h"
#include "pipeline/target_exchange.h"
#include "pipeline/target_fitness.h"
#include "pipeline/token_estimate.h"
#include "routing/failure_kind.h"

namespace gateway::pipeline {

namespace {

std::string_view goalFor(const routing::Target& target, std::string_view kind)
{
    if (!target.route || kind.empty()) return {};
    for (const auto& [each, goal] : target.route->fallbacks) {
        if (each == kind) return goal;
    }
    return {};
}

} // namespace

bool TargetExchange::hasFallback(const routing::Target& target, std::string_view kind) const
{
    const std::string_view goal = goalFor(target, kind);
    return !goal.empty() && std::find(m_fallbacks.begin(), m_fallbacks.end(), goal) == m_fallbacks.end();
}

bool TargetExchange::turnToFallback(const Error& failure, std::size_t place)
{
    if (failure.code == Code::BudgetExceeded && !m_budgetRoute.empty())
        return turnTo(std::exchange(m_budgetRoute, {}), place);
    const std::string_view kind = routing::failureKind(failure);
    if (!hasFallback(m_plan.targets[place], kind)) {
        // Where the request's own routes say what leads on, that holds.
        const bool free = m_plan.targets[place].within.empty();
        const bool ends = failure.retry == Retry::Never; // else the next targets have their turn as ever
        return free && ends && kind == "context_length" && leaveLargerOnes(place);
    }
    return turnTo(std::string(goalFor(m_plan.targets[place], kind)), place);
}

bool TargetExchange::turnTo(std::string wanted, std::size_t place)
{
    const std::string goal = m_fallbacks.emplace_back(std::move(wanted));
    const RequestSituation situation(*m_runtime, routedRequest(), m_context.random, nowMicros());
    auto plan = routing::planFor(*m_runtime->config, *m_runtime, goal, m_preferences,
                                 routing::PlanContext{&situation, nullptr});
    if (!plan) return false;
    std::vector<routing::Target>& more = plan->targets;
    // What the request's routes ask for holds wherever they lead.
    const std::vector<const DataRules*>& rules = m_plan.targets[place].dataRules;
    for (routing::Target& target : more)
        target.dataRules.insert(target.dataRules.begin(), rules.begin(), rules.end());
    if (applyDataPolicy(plan.value())) return false;
    std::erase_if(more, [this](const routing::Target& target) { return !mayGoTo(target); });
    std::optional<Demands> demands;
    if (m_endpoint.operation == Operation::Chat) demands = demandsOf(m_dialect, routedRequest());
    moveSetBackToEnd(more, *m_runtime, demands, nowMicros());
    if (limitToAble(more, m_preferences)) return false;
    const auto behind = m_plan.targets.begin() + static_cast<std::ptrdiff_t>(place) + 1;
    m_plan.targets.insert(behind, std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return !more.empty();
}

bool TargetExchange::leaveLargerOnes(std::size_t place)
{
    const auto contextOf = [this](const routing::Target& target) {
        const ProviderRuntime* provider = m_runtime->findProvider(target.provider.text);
        return provider ? m_runtime->context(*provider, target.model) : std::nullopt;
    };
    // Where it is not known what was too small, the estimate has to do.
    const std::int64_t tooSmall = contextOf(m_plan.targets[place]).value_or(estimatedTokens(m_body));
    const auto behind = m_plan.targets.begin() + static_cast<std::ptrdiff_t>(place) + 1;
    m_plan.targets.erase(std::remove_if(behind, m_plan.targets.end(),
                                        [&](const routing::Target& target) {
                                            return contextOf(target).value_or(0) <= tooSmall;
                                        }),
                         m_plan.targets.end());
    return place + 1 < m_plan.targets.size();
}

} // namespace gateway::pipeline
