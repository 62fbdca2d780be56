// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/spend_watch.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "gateway/config_io.h"

#include "base/wall_clock.h"

namespace gateway::engine {

namespace {

constexpr std::int64_t kRetryMicros = 5'000'000;

std::string budgetNameText(const accounting::BudgetRule& rule)
{
    return (rule.ofKey ? "The budget of the key \"" : "The budget \"") + rule.name + "\"";
}

std::string markText(const accounting::BudgetRule& rule, const accounting::BudgetAccount::State& state,
                     int percent)
{
    const Money limit = Money::fromNanos(rule.limit.nanos() + state.allowed);
    return budgetNameText(rule) +
           (percent >= 100 ? " is used up: $" : " is at " + std::to_string(percent) + " %: $") +
           Money::fromNanos(state.spent).toString() + " of $" + limit.toString() + ".";
}

std::string usedUpText(const accounting::BudgetRule& rule, const accounting::BudgetAccount::State& state)
{
    std::string what = " and requests are refused. Allow more for its time, or raise it.";
    if (rule.atLimit == AtLimit::Reroute)
        what = " and requests go to the route \"" + rule.route.text + "\".";
    else if (rule.atLimit == AtLimit::Ask)
        what = " and requests wait for you. Allow more, or refuse them.";
    return budgetNameText(rule) + " is used up ($" + Money::fromNanos(state.spent).toString() + ")" + what;
}

} // namespace

void SpendWatch::follow(std::shared_ptr<const accounting::BudgetTable> table, bool today)
{
    m_table = std::move(table);
    m_today = today || !m_table->empty();
    look(nowMicros());
}

void SpendWatch::look(std::int64_t nowMicros)
{
    // A log that cannot be read is left alone for a while; a clock that was set back must not make that long.
    const bool rests = m_failedAt <= nowMicros && nowMicros - m_failedAt < kRetryMicros;
    if (!m_table || rests) return;
    std::vector<Wanting> wanting;
    const auto add = [&](const std::shared_ptr<accounting::BudgetAccount>& account,
                         const accounting::BudgetRule* rule) {
        if (const auto asking = account->wantsLog(nowMicros))
            wanting.push_back({account, m_table, rule, *asking});
    };
    if (m_today) add(m_table->todayKept(), nullptr);
    for (const accounting::BudgetRule& rule : m_table->rules())
        add(rule.account, &rule);
    if (wanting.empty()) return;
    std::int64_t since = std::numeric_limits<std::int64_t>::max();
    for (const Wanting& each : wanting)
        since = std::min(since, each.asking.since);
    ++m_asked;
    m_means.ask(since, [this, wanting = std::move(wanting)](const log_store::SpentReply& reply) {
        complete(wanting, reply);
        --m_asked;
        m_means.changed();
    });
}

void SpendWatch::askAnew(std::int64_t nowMicros)
{
    if (!m_table) return;
    // Until it has answered, what was known goes on to count.
    if (m_today) m_table->todayKept()->leave();
    for (const accounting::BudgetRule& rule : m_table->rules())
        rule.account->leave();
    look(nowMicros);
}

void SpendWatch::complete(const std::vector<Wanting>& wanting, const log_store::SpentReply& reply)
{
    if (!reply.known) m_failedAt = nowMicros();
    for (const Wanting& each : wanting) {
        if (!reply.known) {
            each.account->fail();
            continue;
        }
        std::vector<accounting::SpentAt> spent;
        for (const log_store::SpentRow& row : reply.rows) {
            const accounting::Spender spender{row.key,   row.client, row.route,     row.provider,
                                              row.model, row.tags,   row.repository};
            if (!each.rule || each.rule->holdsFor(spender)) spent.push_back({row.micros, row.nanos});
        }
        each.account->complete(each.asking, spent, nowMicros());
        if (each.rule) restore(*each.rule, reply.allowances);
    }
}

void SpendWatch::restore(const accounting::BudgetRule& rule,
                         const std::vector<log_store::AllowanceRow>& allowances)
{
    for (const log_store::AllowanceRow& row : allowances) {
        if (row.name == rule.name && row.ofKey == rule.ofKey && row.per == budgetPeriodName(rule.per))
            rule.account->restore({row.nanos, row.since, row.until, row.amount}, nowMicros());
    }
}

void SpendWatch::giveUp()
{
    for (const accounting::BudgetRule& rule : m_table->rules())
        rule.account->fail();
}

void SpendWatch::tellMarks(std::int64_t nowMicros)
{
    if (!m_table) return;
    for (const accounting::BudgetRule& rule : m_table->rules()) {
        const accounting::BudgetAccount::State state = rule.account->state(nowMicros);
        if (state.complete) tellMarks(rule, state, m_told[rule.account.get()]);
    }
}

void SpendWatch::tellMarks(const accounting::BudgetRule& rule, const accounting::BudgetAccount::State& state,
                           Told& told)
{
    // A rolling day has no begin: what falls below a mark may pass it again.
    const std::int64_t since = rule.per == BudgetPeriod::RollingDay ? 0 : state.span.begin;
    if (told.since != since) told = {0, since, told.refusals, false, told.isSeen, told.wasUsedUp};
    const bool isFirst = !std::exchange(told.isSeen, true);
    const std::int64_t limit = rule.limit.nanos() + state.allowed;
    const bool wasRefused = std::exchange(told.refusals, state.refusals) < state.refusals;
    if (state.spent < limit / 10 * 9) told.isUsedUp = false;
    if (wasRefused && state.spent >= limit && !std::exchange(told.isUsedUp, true))
        m_means.tell(rule, {usedUpText(rule, state), true, 100, since, !std::exchange(told.wasUsedUp, true)});
    if (limit <= 0) return;
    const auto percent =
        static_cast<int>(std::min<std::int64_t>(100, state.spent / std::max<std::int64_t>(1, limit / 100)));
    int passed = percent >= 100 ? 100 : 0;
    for (const int mark : rule.warnAt) {
        if (mark <= percent) passed = std::max(passed, mark);
    }
    if (passed > told.percent)
        m_means.tell(rule, {markText(rule, state, percent), false, percent, since, isFirst});
    told.percent = passed;
}

const accounting::BudgetRule* SpendWatch::find(const std::string& name, bool ofKey) const
{
    if (!m_table) return nullptr;
    for (const accounting::BudgetRule& rule : m_table->rules()) {
        if (rule.name == name && rule.ofKey == ofKey) return &rule;
    }
    return nullptr;
}

std::vector<BudgetState> SpendWatch::states(std::int64_t nowMicros) const
{
    std::vector<BudgetState> states;
    if (!m_table) return states;
    states.reserve(m_table->rules().size());
    for (const accounting::BudgetRule& rule : m_table->rules()) {
        const accounting::BudgetAccount::State state = rule.account->state(nowMicros);
        states.push_back({rule.name, rule.ofKey, rule.limit.nanos(), state.spent, state.reserved,
                          state.span.begin, state.renews, state.complete, state.allowed});
    }
    return states;
}

} // namespace gateway::engine
