// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <exception>
#include <utility>

#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

namespace {

constexpr const char* kHedgeLost = "hedge_lost"; // of an attempt that another one was faster than

} // namespace

struct TargetExchange::Leg {
    std::size_t place = 0;
    Failure failure = {};
    std::exception_ptr exception = {};
    bool done = false;

    [[nodiscard]] bool answered() const { return done && !failure && !exception; }
    /// Nothing that comes after it can mend this.
    [[nodiscard]] bool decides() const
    {
        return done && (exception || !failure || failure->retry == Retry::Never);
    }
    /// It did not fail; another one was faster.
    [[nodiscard]] bool wasLeft() const { return failure && failure->code == Code::ClientCancelled; }
};

std::vector<std::size_t> TargetExchange::rivalsOf(std::size_t place, const routing::NextTarget& next) const
{
    const std::vector<routing::Target>& targets = m_plan.targets;
    const RouteConfig* route = targets[place].route;
    if (!route || !route->hedge || m_begun || !mayHedge()) return {};
    std::vector<std::size_t> rivals;
    for (std::size_t at = place + 1; at < targets.size() && rivals.size() < route->hedge->extra; ++at) {
        const routing::Target& rival = targets[at];
        // Who is not fit to be asked first is no help against a slow one either.
        if (rival.setback != routing::Setback::Undecided || next.skips(rival)) continue;
        rivals.push_back(at);
    }
    return rivals;
}

net::Detached TargetExchange::runLeg(Leg& leg, net::Signal& changed)
{
    try {
        leg.failure = co_await tryTarget(m_plan.targets[leg.place]);
    } catch (...) {
        leg.exception = std::current_exception(); // race() throws it on, as tryTarget() would have
    }
    leg.done = true;
    changed.notify();
}

net::Task<TargetExchange::Raced> TargetExchange::race(std::vector<std::size_t> places, milliseconds rhythm)
{
    co_await readForRules();
    Race race;
    net::Signal changed;
    bool due = true; // for the next of them
    net::Deadline timer(m_context.deadlines, [&due, &changed] {
        due = true;
        changed.notify();
    });
    std::vector<Leg> legs;
    legs.reserve(places.size()); // They are referred to from now on.
    m_race = &race;
    for (std::size_t ended = 0;;) {
        const auto done = static_cast<std::size_t>(
            std::count_if(legs.begin(), legs.end(), [](const Leg& leg) { return leg.done; }));
        // Who fails makes room at once.
        due = due || done > std::exchange(ended, done);
        const bool decided =
            std::any_of(legs.begin(), legs.end(), [](const Leg& leg) { return leg.decides(); });
        const bool over = m_cancelled || race.winner || decided || legs.size() == places.size();
        if (due && !over) {
            due = false;
            startLeg(legs.emplace_back(Leg{places[legs.size()]}), changed);
            timer.setIn(rhythm);
            continue;
        }
        if (over && done == legs.size()) break;
        co_await changed;
    }
    m_race = nullptr;
    Raced raced;
    for (Leg& leg : legs) {
        if (leg.exception) std::rethrow_exception(leg.exception);
        raced.answered = raced.answered || leg.answered();
        if (leg.failure && !leg.wasLeft()) raced.lost.push_back({leg.place, std::move(*leg.failure)});
    }
    co_return raced;
}

void TargetExchange::startLeg(Leg& leg, net::Signal& changed)
{
    try {
        runLeg(leg, changed);
    } catch (...) {
        // Not even its frame could be made; the others have to end before this is thrown on.
        leg.exception = std::current_exception();
        leg.done = true;
    }
}

net::Task<TargetExchange::Failure> TargetExchange::raceAgainst(const std::vector<std::size_t>& rivals,
                                                               std::size_t& place,
                                                               std::vector<Error>& failures)
{
    std::vector<std::size_t> places{place};
    places.insert(places.end(), rivals.begin(), rivals.end());
    Raced raced = co_await race(std::move(places), m_plan.targets[place].route->hedge->after);
    if (raced.answered) co_return std::nullopt;
    std::vector<Lost>& lost = raced.lost;
    if (m_cancelled || lost.empty()) co_return goneError();
    place = lost.back().place;
    // Where one of them says that nobody else can do better, that is the answer.
    std::stable_partition(lost.begin(), lost.end(),
                          [](const Lost& each) { return each.error.retry != Retry::Never; });
    Failure last = std::move(lost.back().error);
    lost.pop_back();
    for (Lost& each : lost)
        failures.push_back(std::move(each.error));
    co_return last;
}

bool TargetExchange::claim(Attempt& attempt)
{
    if (isLost(attempt)) return false;
    m_row.dropped = attempt.dropped;
    m_row.rewritesJson = attempt.rewritesJson;
    if (!m_race || m_race->winner) return true;
    m_race->winner = &attempt;
    m_row.provider = attempt.row.provider;
    m_row.model = attempt.row.model;
    leaveLosers(attempt);
    return true;
}

/// Providers take their price for what they were asked, whoever listens. What they had made of an answer is
/// not known.
void TargetExchange::leaveLosers(const Attempt& winner)
{
    Usage asked;
    asked.inputTokens = roughTokens(m_body.size());
    asked.estimated = asked.known = true;
    for (Attempt* each : m_race->running) {
        if (each == &winner) continue;
        // Said now: the row is written when the winner has answered, which may be before the others have
        // ended.
        each->row.error = kHedgeLost;
        each->row.total = micros() - each->row.startedAfter;
        note(*each);
        std::erase_if(m_leftCalls, [each](const LeftCall& left) { return left.place == each->place; });
        if (!each->call) continue;
        each->call->cancel();
        if (each->row.status >= 300 || each->call->times().sent == 0) continue; // costs nothing
        if (const auto price = priced(*each, asked)) {
            m_unusedNanos += price->nanos();
            m_row.attempts[each->place].costNanos += price->nanos();
        }
        m_guessed = true;
    }
    wakeSleepers(m_context, m_sleeps);
}

} // namespace gateway::pipeline
