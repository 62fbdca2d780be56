// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/spend_ask.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/wall_clock.h"

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

SpendAsking askingFor(const accounting::BudgetRule& budget, const Config& config, const std::string& model)
{
    const accounting::BudgetAccount::State state = budget.account->state(nowMicros());
    SpendAsking asking;
    SpendQuestion& question = asking.question;
    question.kind = SpendQuestion::Kind::Budget;
    question.subject = budget.name;
    question.ofKey = budget.ofKey;
    question.model = model;
    question.spentNanos = state.spent;
    question.limitNanos = budget.limit.nanos() + state.allowed;
    question.moreNanos = offeredBy(config, budget.name).nanos();
    asking.allowed = state.allowed;
    asking.wait = patienceOf(config, budget.name);
    return asking;
}

} // namespace

net::Task<SpendWord> waitForWord(const ExchangeWaits& waits, SpendAsking asking, const LogRow& asker,
                                 net::Clock::time_point until)
{
    SpendDesk* const desk = waits.context.shared.desk;
    if (!desk) co_return SpendWord::Refused;
    asking.question.key = asker.key;
    asking.question.client = asker.client;
    asking.question.program = asker.program;
    asking.question.repository = asker.repository;
    struct Waiter {
        net::Signal woken;
        SpendWord word = SpendWord::Undecided;
    };
    const auto waiter = std::make_shared<Waiter>();
    boost::asio::io_context& home = waits.context.context;
    const std::uint64_t ticket = desk->ask(std::move(asking), [waiter, &home](SpendWord word) {
        boost::asio::post(home, [waiter, word] {
            waiter->word = word;
            waiter->woken.notify();
        });
    });
    bool expired = false;
    net::Deadline deadline(waits.context.deadlines, [&expired, waiter] {
        expired = true;
        waiter->woken.notify();
    });
    if (until != net::Clock::time_point::max()) deadline.set(until);
    const std::shared_ptr<net::Signal> sleep(waiter, &waiter->woken);
    waits.sleeps.push_back(sleep);
    net::Signal& woken = waiter->woken; // GCC 12 would wait for a copy of what `co_await *…` names
    while (waiter->word == SpendWord::Undecided && !expired && !waits.isOver())
        co_await woken;
    std::erase(waits.sleeps, sleep);
    if (waiter->word != SpendWord::Undecided) co_return waiter->word;
    desk->leave(ticket);
    co_return expired ? SpendWord::NoAnswer : SpendWord::Undecided;
}

net::Task<std::optional<Error>> SpendAsk::reserve(const Config& config, std::string model,
                                                  const Reserve& reserve, const Ask& ask)
{
    const accounting::BudgetRule* granted = nullptr; // by the last yes
    std::int64_t before = 0;                         // what that budget had been allowed by then
    for (;;) {
        const accounting::BudgetRule* budget = nullptr;
        std::optional<Error> refused = reserve(budget);
        const bool isFull = refused && budget && refused->code == Code::BudgetExceeded;
        if (!isFull || budget->atLimit != AtLimit::Ask || budget == m_inVain) co_return refused;
        const std::int64_t allowed = budget->account->state(nowMicros()).allowed;
        // The configuration may have put another budget of that name in its place: a yes is for that one
        // then, and asking again would never end.
        const bool isInVain = budget == granted && allowed == before;
        SpendAsking asking = askingFor(*budget, config, model);
        asking.question.reason = refused->message;
        SpendWord word = SpendWord::Refused;
        if (!isInVain) word = co_await ask(std::move(asking));
        if (word == SpendWord::Undecided) co_return goneError();
        if (word == SpendWord::Allowed) {
            granted = budget;
            before = allowed;
            continue;
        }
        m_inVain = budget; // by none of its other targets either
        refused->message += wordText(word);
        co_return refused;
    }
}

} // namespace gateway::pipeline
