// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/fallback_plan.h"

#include <utility>

#include "pipeline/data_rules.h"
#include "pipeline/plan_limits.h"

namespace gateway::pipeline {

std::string_view fallbackGoal(const routing::Target& failed, std::string_view kind)
{
    if (!failed.route || kind.empty()) return {};
    for (const auto& [each, goal] : failed.route->fallbacks) {
        if (each == kind) return goal;
    }
    return {};
}

Result<std::vector<routing::Target>> fallbackTargets(const FallbackAsk& ask, const routing::Target& failed,
                                                     std::string_view goal)
{
    RequestSituation situation(ask.runtime, ask.request, ask.random, ask.nowMicros);
    if (ask.pretended) situation.takeNoTurns();
    auto plan = routing::planForGoal(*ask.runtime.config, ask.runtime, goal, ask.preferences,
                                     routing::PlanContext{&situation, nullptr});
    if (!plan) return std::move(plan.error());
    // What the routes around the failed target ask for holds wherever they lead.
    for (routing::Target& target : plan->targets)
        target.dataRules.insert(target.dataRules.begin(), failed.dataRules.begin(), failed.dataRules.end());
    if (auto refused = keepMeeting(plan->targets, ask.runtime, ask.data, ask.request.isPersonal()))
        return *std::move(refused);
    moveSetBackToEnd(plan->targets, ask.runtime, ask.demands, ask.nowMicros);
    if (auto refused = limitToAble(plan->targets, ask.preferences)) return *std::move(refused);
    return std::move(plan->targets);
}

} // namespace gateway::pipeline
