// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

namespace {

constexpr const char* kHedgeLost = "hedge_lost"; // of an attempt that another one was faster than

} // namespace

struct TargetExchange::Leg {
    std::size_t place = 0;
    Failure failure = {};
    bool done = false;
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
    leg.failure = co_await tryTarget(m_plan.targets[leg.place]);
    leg.done = true;
    changed.notify();
}

net::Task<std::vector<TargetExchange::Lost>> TargetExchange::race(std::vector<std::size_t> places,
                                                                  milliseconds rhythm)
{
    co_await readForRules();
    Race race;
    m_race = &race;
    net::Signal changed;
    bool due = true; // for the next of them
    net::Deadline timer(m_context.deadlines, [&due, &changed] {
        due = true;
        changed.notify();
    });
    std::vector<Leg> legs;
    legs.reserve(places.size()); // They are referred to from now on.
    for (std::size_t ended = 0;;) {
        const auto isDone = [](const Leg& leg) { return leg.done; };
        const auto done = static_cast<std::size_t>(std::count_if(legs.begin(), legs.end(), isDone));
        // Who fails makes room at once.
        due = due || done > std::exchange(ended, done);
        const bool decided = std::any_of(legs.begin(), legs.end(), [](const Leg& leg) {
            return leg.done && (!leg.failure || leg.failure->retry == Retry::Never);
        });
        const bool over = m_cancelled || race.winner || decided || legs.size() == places.size();
        if (due && !over) {
            due = false;
            Leg& leg = legs.emplace_back(Leg{places[legs.size()]});
            timer.setIn(rhythm);
            runLeg(leg, changed);
            continue;
        }
        if (over && done == legs.size()) break;
        co_await changed;
    }
    m_race = nullptr;
    std::vector<Lost> lost;
    for (Leg& leg : legs) {
        if (!leg.failure) co_return std::vector<Lost>();
        lost.push_back({leg.place, std::move(*leg.failure)});
    }
    co_return lost;
}

net::Task<TargetExchange::Failure> TargetExchange::raceAgainst(const std::vector<std::size_t>& rivals,
                                                               std::size_t& place,
                                                               std::vector<Error>& failures)
{
    std::vector<std::size_t> places{place};
    places.insert(places.end(), rivals.begin(), rivals.end());
    auto lost = co_await race(std::move(places), m_plan.targets[place].route->hedge->after);
    if (lost.empty()) co_return std::nullopt;
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
        if (!each->call) continue;
        if (const auto price = priced(*each, asked)) m_unusedNanos += price->nanos();
        m_guessed = true;
        each->call->cancel();
    }
    wakeSleepers();
}

void TargetExchange::wakeSleepers()
{
    // Posted: waking a coroutine here could end this exchange while it is still at work.
    for (const auto& sleep : m_sleeps)
        boost::asio::post(m_context.context, [sleep] { sleep->notify(); });
}

} // namespace gateway::pipeline
