// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/wall_clock.h"
#include "pipeline/fallback_plan.h"
#include "pipeline/request_situation.h"
#include "pipeline/target_exchange.h"
#include "pipeline/target_fitness.h"
#include "pipeline/token_estimate.h"
#include "routing/failure_kind.h"

namespace gateway::pipeline {

bool TargetExchange::hasFallback(const routing::Target& target, std::string_view kind) const
{
    const std::string_view goal = fallbackGoal(target, kind);
    return !goal.empty() && std::find(m_fallbacks.begin(), m_fallbacks.end(), goal) == m_fallbacks.end();
}

std::string TargetExchange::goalAfter(const Error& failure, std::size_t place) const
{
    if (failure.code == Code::BudgetExceeded && !m_budgetRoute.empty()) return m_budgetRoute;
    return std::string(fallbackGoal(m_plan.targets[place], routing::failureKind(failure)));
}

bool TargetExchange::turnToFallback(const Error& failure, std::size_t place)
{
    if (failure.code == Code::BudgetExceeded && !m_budgetRoute.empty()) {
        std::string goal = std::exchange(m_budgetRoute, {});
        const bool isNew = std::find(m_fallbacks.begin(), m_fallbacks.end(), goal) == m_fallbacks.end();
        return isNew && turnTo(std::move(goal), place, true);
    }
    const std::string_view kind = routing::failureKind(failure);
    if (!hasFallback(m_plan.targets[place], kind)) {
        // Where the request's own routes say what leads on, that holds.
        const bool free = m_plan.targets[place].within.empty();
        const bool ends = failure.retry == Retry::Never; // else the next targets have their turn as ever
        return free && ends && kind == "context_length" && leaveLargerOnes(place);
    }
    return turnTo(std::string(fallbackGoal(m_plan.targets[place], kind)), place, false);
}

bool TargetExchange::turnTo(std::string wanted, std::size_t place, bool byBudget)
{
    const std::string goal = m_fallbacks.emplace_back(std::move(wanted));
    const RoutedRequest request = routedRequest();
    std::optional<Demands> demands;
    if (m_endpoint.operation == Operation::Chat) demands = demandsOf(m_dialect, request);
    auto more = fallbackTargets(
        {*m_runtime, request, m_preferences, m_wishes.data, demands, m_context.random, nowMicros()},
        m_plan.targets[place], goal);
    if (!more) return false;
    std::erase_if(*more, [this](const routing::Target& target) { return !mayGoTo(target); });
    for (routing::Target& target : *more) {
        target.sentTo = m_plan.targets[place].sentTo;
        if (byBudget) target.sentTo.push_back(goal);
    }
    const auto behind = m_plan.targets.begin() + static_cast<std::ptrdiff_t>(place) + 1;
    m_plan.targets.insert(behind, std::make_move_iterator(more->begin()),
                          std::make_move_iterator(more->end()));
    return !more->empty();
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
