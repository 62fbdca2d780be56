// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "gateway/config_io.h"

#include "base/money.h"
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/config_rules.h"

namespace gateway {

namespace {

constexpr std::array<std::pair<BudgetPeriod, std::string_view>, 6> kPeriods{{
    {BudgetPeriod::Hour, "hour"},
    {BudgetPeriod::Day, "day"},
    {BudgetPeriod::Week, "week"},
    {BudgetPeriod::Month, "month"},
    {BudgetPeriod::RollingDay, "rolling_day"},
    {BudgetPeriod::Total, "total"},
}};

constexpr std::array<std::pair<AtLimit, std::string_view>, 4> kAtLimits{{
    {AtLimit::Block, "block"},
    {AtLimit::Reroute, "reroute"},
    {AtLimit::Warn, "warn"},
    {AtLimit::Ask, "ask"},
}};

} // namespace

std::vector<std::string> budgetPeriodNames()
{
    std::vector<std::string> names;
    names.reserve(kPeriods.size());
    for (const auto& row : kPeriods)
        names.emplace_back(row.second);
    return names;
}

std::string_view budgetPeriodName(BudgetPeriod period)
{
    for (const auto& row : kPeriods) {
        if (row.first == period) return row.second;
    }
    return {};
}

std::optional<BudgetPeriod> budgetPeriod(std::string_view name)
{
    for (const auto& row : kPeriods) {
        if (row.second == name) return row.first;
    }
    return std::nullopt;
}

std::vector<std::string> atLimitNames()
{
    std::vector<std::string> names;
    names.reserve(kAtLimits.size());
    for (const auto& row : kAtLimits)
        names.emplace_back(row.second);
    return names;
}

std::string_view atLimitName(AtLimit rule)
{
    for (const auto& row : kAtLimits) {
        if (row.first == rule) return row.second;
    }
    return {};
}

std::optional<AtLimit> atLimit(std::string_view name)
{
    for (const auto& row : kAtLimits) {
        if (row.second == name) return row.first;
    }
    return std::nullopt;
}

} // namespace gateway

namespace gateway::config {

namespace {

constexpr std::size_t kMaxBudgets = 1000;
constexpr std::size_t kMaxScopeBytes = 256;
constexpr std::int64_t kMostTokens = 1'000'000'000'000;
constexpr std::int64_t kMostRequests = 1'000'000'000;
constexpr std::int64_t kMostQueueMs = 600'000;
constexpr std::int64_t kLeastAskMs = 1'000;

void checkAmount(const std::string& path, const std::optional<std::string>& usd, BudgetPeriod per,
                 ProblemList& problems)
{
    if (!usd) {
        problems.error(path + ".usd", "Is missing: the US dollars that may be spent.");
    } else {
        const auto amount = Money::parse(*usd);
        if (!amount || amount->nanos() < 0 || *amount > Money::fromNanos(1'000'000 * Money::kNanosPerDollar))
            problems.error(path + ".usd", "Needs US dollars from 0 to 1000000, with at most nine decimals.");
    }
    if (per == BudgetPeriod::Undecided)
        problems.error(path + ".per", "Is missing: the time it is for, such as \"day\" or \"month\".");
}

void checkScope(const std::string& path, const BudgetScope& scope, ProblemList& problems)
{
    const auto check = [&](const char* key, const std::string& glob) {
        if (glob.size() > kMaxScopeBytes || hasControlByte(glob))
            problems.error(memberPath(path, key), "Needs a name or a pattern such as \"team-*\".");
    };
    check("provider", scope.provider);
    check("model", scope.model);
    check("route", scope.route);
    check("key", scope.key);
    check("tag", scope.tag);
    check("client", scope.client);
    check("repository", scope.repository);
}

void checkUsd(const std::string& path, const std::optional<std::string>& usd, ProblemList& problems)
{
    if (!usd) return;
    const auto amount = Money::parse(*usd);
    if (!amount || amount->nanos() <= 0 || *amount > Money::fromNanos(1'000'000 * Money::kNanosPerDollar))
        problems.error(path, "Needs US dollars above 0 and up to 1000000, with at most nine decimals.");
}

void checkBudget(const BudgetConfig& budget, const Config& config, ProblemList& problems)
{
    const std::string path = memberPath("budgets", budget.id.text);
    checkName(path, budget.id.text, problems);
    checkAmount(path, budget.usd, budget.per, problems);
    checkScope(path + ".scope", budget.scope, problems);
    if (checkCount(path + ".warn_at", budget.warnAt.size(), 10, problems)) {
        for (std::size_t i = 0; i < budget.warnAt.size(); ++i)
            checkRange(elementPath(path + ".warn_at", i), budget.warnAt[i], 1, 100, problems);
    }
    if (budget.atLimit == AtLimit::Reroute) {
        if (budget.route.empty())
            problems.error(path + ".route", "Is missing: the route that requests go to instead.");
        else if (!config.findRoute(budget.route.text))
            problems.error(path + ".route", "There is no route " + quotedName(budget.route.text) + ".");
    } else if (!budget.route.empty()) {
        problems.error(path + ".route", "Is for at_limit \"reroute\" only.");
    }
    checkUsd(path + ".ask_more_usd", budget.askMore, problems);
    checkRange(path + ".ask_ms", budget.askWait.count(), kLeastAskMs, kMostQueueMs, problems);
}

} // namespace

void checkRateLimits(const std::string& path, const RateLimits& limits, ProblemList& problems)
{
    const auto check = [&](const char* key, const auto& value, std::int64_t most) {
        if (value) checkRange(memberPath(path, key), static_cast<std::int64_t>(*value), 1, most, problems);
    };
    check("rpm", limits.rpm, kMostRequests);
    check("rph", limits.rph, kMostRequests);
    check("rpd", limits.rpd, kMostRequests);
    check("tpm", limits.tpm, kMostTokens);
    check("tph", limits.tph, kMostTokens);
    check("tpd", limits.tpd, kMostTokens);
    check("concurrent", limits.concurrent, kMostRequests);
    if (limits.queue)
        checkRange(memberPath(path, "queue_ms"), limits.queue->count(), 0, kMostQueueMs, problems);
}

void checkKeyBudget(const std::string& path, const KeyBudget& budget, ProblemList& problems)
{
    checkAmount(path, budget.usd, budget.per, problems);
}

void checkLoopGuard(const LoopGuardConfig& guard, ProblemList& problems)
{
    checkRange("loop_guard.same_calls", guard.sameCalls, 0, 1000, problems);
    checkRange("loop_guard.idle_turns", guard.idleTurns, 0, 10'000, problems);
    checkUsd("loop_guard.session_usd", guard.sessionUsd, problems);
    checkRange("loop_guard.ask_ms", guard.askWait.count(), kLeastAskMs, kMostQueueMs, problems);
}

void checkBudgets(const Config& config, ProblemList& problems)
{
    if (!checkCount("budgets", config.budgets.size(), kMaxBudgets, problems)) return;
    for (std::size_t i = 0; i < config.budgets.size(); ++i) {
        const BudgetConfig& budget = config.budgets[i];
        checkBudget(budget, config, problems);
        for (std::size_t k = 0; k < i; ++k) {
            if (config.budgets[k].id == budget.id)
                problems.error(memberPath("budgets", budget.id.text), "There are two budgets of this name.");
        }
    }
}

} // namespace gateway::config
