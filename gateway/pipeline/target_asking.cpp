// SPDX-License-Identifier: GPL-3.0-or-later
// Spending that is paused, and budgets that ask the user for more.
#include <utility>

#include <boost/asio/post.hpp>

#include "base/wall_clock.h"
#include "pipeline/client_origin.h"
#include "pipeline/spend_desk.h"
#include "pipeline/spending.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kAskedMore = 5 * Money::kNanosPerDollar;

Money offeredBy(const Config& config, const std::string& budget)
{
    for (const BudgetConfig& each : config.budgets) {
        if (each.id.text == budget && each.askMore) return Money::parse(*each.askMore).value_or(Money());
    }
    return Money::fromNanos(kAskedMore);
}

milliseconds patienceOf(const Config& config, const std::string& budget)
{
    for (const BudgetConfig& each : config.budgets) {
        if (each.id.text == budget) return each.askWait;
    }
    return BudgetConfig().askWait;
}

const char* wordText(SpendWord word)
{
    return word == SpendWord::NoAnswer ? " Nobody answered in time whether more may be spent."
                                       : " More was not allowed.";
}

} // namespace

TargetExchange::Failure TargetExchange::pausedFor(const routing::Target& target,
                                                  const ProviderRuntime& provider) const
{
    if (!m_runtime->config->pauseSpending || !isPaidFor()) return std::nullopt;
    // Of what nobody knows the price it is not known that it costs nothing.
    if (isFree(provider, m_runtime->factsOf(provider.config.id.text, target.model))) return std::nullopt;
    Error refused = spendingPaused();
    refused.retry = Retry::NextTarget;
    return refused;
}

net::Task<TargetExchange::Failure> TargetExchange::reserveOrAsk(const routing::Target& target,
                                                                const ProviderRuntime& provider,
                                                                accounting::BudgetHold& hold)
{
    for (;;) {
        m_fullBudget = nullptr;
        Failure refused = reserveFor(target, provider, hold);
        const accounting::BudgetRule* const budget = m_fullBudget;
        if (!refused || !budget || budget->atLimit != AtLimit::Ask || budget == m_askedInVain)
            co_return refused;
        const std::int64_t before = budget->account->state(nowMicros()).allowed;
        SpendWord word = co_await askForMore(*budget, target, refused->message);
        if (word == SpendWord::Undecided) co_return goneError();
        // The configuration may have put another budget of that name in its place: a yes is for that one
        // then, and asking again would never end.
        const bool isMore = budget->account->state(nowMicros()).allowed != before;
        if (word == SpendWord::Allowed && isMore) continue;
        if (word == SpendWord::Allowed) word = SpendWord::Refused;
        m_askedInVain = budget; // by none of its other targets either
        refused->message += wordText(word);
        co_return refused;
    }
}

net::Task<SpendWord> TargetExchange::askForMore(const accounting::BudgetRule& budget,
                                                const routing::Target& target, std::string reason)
{
    const accounting::BudgetAccount::State state = budget.account->state(nowMicros());
    SpendAsking asking;
    SpendQuestion& question = asking.question;
    question.kind = SpendQuestion::Kind::Budget;
    question.subject = budget.name;
    question.ofKey = budget.ofKey;
    question.reason = std::move(reason);
    question.model = target.provider.text + "/" + target.model;
    question.spentNanos = state.spent;
    question.limitNanos = budget.limit.nanos() + state.allowed;
    question.moreNanos = offeredBy(*m_runtime->config, budget.name).nanos();
    asking.allowed = state.allowed;
    asking.wait = patienceOf(*m_runtime->config, budget.name);
    co_return co_await askUser(std::move(asking));
}

net::Task<SpendWord> TargetExchange::askUser(SpendAsking asking)
{
    SpendDesk* const desk = m_context.shared.desk;
    if (!desk || m_apart) co_return SpendWord::Refused;
    noteOrigin(m_origin, m_row); // may have become known since
    asking.question.key = m_row.key;
    asking.question.client = m_row.client;
    asking.question.program = m_row.program;
    asking.question.repository = m_row.repository;
    struct Waiter {
        net::Signal woken;
        SpendWord word = SpendWord::Undecided;
    };
    const auto waiter = std::make_shared<Waiter>();
    boost::asio::io_context& home = m_context.context;
    const std::uint64_t ticket = desk->ask(std::move(asking), [waiter, &home](SpendWord word) {
        boost::asio::post(home, [waiter, word] {
            waiter->word = word;
            waiter->woken.notify();
        });
    });
    bool expired = false;
    net::Deadline deadline(m_context.deadlines, [&expired, waiter] {
        expired = true;
        waiter->woken.notify();
    });
    if (m_totalEnd != net::Clock::time_point::max()) deadline.set(m_totalEnd);
    const std::shared_ptr<net::Signal> sleep(waiter, &waiter->woken);
    m_sleeps.push_back(sleep);
    AwayTime::Wait wait(m_away);
    net::Signal& woken = waiter->woken; // GCC 12 would wait for a copy of what `co_await *…` names
    while (waiter->word == SpendWord::Undecided && !expired && !m_cancelled && !(m_race && m_race->winner))
        co_await woken;
    wait.end();
    std::erase(m_sleeps, sleep);
    if (waiter->word != SpendWord::Undecided) co_return waiter->word;
    desk->leave(ticket);
    co_return expired ? SpendWord::NoAnswer : SpendWord::Undecided;
}

} // namespace gateway::pipeline
