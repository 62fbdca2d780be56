// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/target_state.h"

#include <algorithm>
#include <cmath>

namespace gateway::routing {

namespace {

constexpr double kFadeMicros = 5.0 * 60 * 1'000'000; // until what was measured is worth a third
constexpr double kKept = 0.98;                       // of a count at the next one
constexpr std::int64_t kMinute = 60'000'000;
constexpr unsigned kCountBits = 36; // of a minute's tokens; those above number the minutes for ages
constexpr std::uint64_t kMostCount = (std::uint64_t{1} << kCountBits) - 1;
constexpr double kForgotten = 0.5; // microseconds; less is no measure

double share(std::int64_t since, std::int64_t now)
{
    const double x = static_cast<double>(std::max<std::int64_t>(0, now - since)) / kFadeMicros;
    // Busy targets were measured seconds ago, where three terms are as good as the function.
    constexpr double kFew = 0.02;
    return x < kFew ? 1 - x * (1 - x / 2 * (1 - x / 3)) : std::exp(-x);
}

} // namespace

void TargetState::Peak::add(double sample, std::int64_t now)
{
    if (!(sample > 0)) return;
    const double before = m_value.load(std::memory_order_relaxed);
    const double kept = share(m_when.load(std::memory_order_relaxed), now);
    // Halfway at least, so that a target which has become fast is seen to be.
    const double weight = std::min(kept, 0.5);
    const double next = sample > before * kept ? sample : before * weight + sample * (1 - weight);
    m_value.store(next, std::memory_order_relaxed);
    m_when.store(now, std::memory_order_relaxed);
}

double TargetState::Peak::at(std::int64_t now) const
{
    const double measured = m_value.load(std::memory_order_relaxed);
    if (measured < kForgotten) return 0; // most targets were not used lately
    const double value = measured * share(m_when.load(std::memory_order_relaxed), now);
    return value < kForgotten ? 0 : value;
}

void TargetState::MinuteCount::add(std::int64_t count, std::int64_t now)
{
    const auto minute = static_cast<std::uint64_t>(now / kMinute);
    std::uint64_t both = m_both.load(std::memory_order_relaxed);
    std::uint64_t next = 0;
    do {
        // Whoever is first in a new minute begins it; who is late counts for the one that has begun.
        const std::uint64_t before = (both >> kCountBits) < minute ? minute << kCountBits : both;
        const std::uint64_t room = kMostCount - (before & kMostCount);
        next = before + std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(0, count)), room);
    } while (!m_both.compare_exchange_weak(both, next, std::memory_order_relaxed));
}

std::int64_t TargetState::MinuteCount::at(std::int64_t now) const
{
    const std::uint64_t both = m_both.load(std::memory_order_relaxed);
    const bool isNow = both >> kCountBits == static_cast<std::uint64_t>(now / kMinute);
    return isNow ? static_cast<std::int64_t>(both & kMostCount) : 0;
}

bool TargetState::begin(std::int64_t now)
{
    m_inFlight.fetch_add(1, std::memory_order_relaxed);
    m_requests.add(1, now);
    return circuit(now) == CircuitState::HalfOpen && !m_probing.exchange(true, std::memory_order_relaxed);
}

void TargetState::note(bool good)
{
    m_successes.store(m_successes.load(std::memory_order_relaxed) * kKept + (good ? 1 : 0),
                      std::memory_order_relaxed);
    m_failures.store(m_failures.load(std::memory_order_relaxed) * kKept + (good ? 0 : 1),
                     std::memory_order_relaxed);
    fadeRatings(kKept); // answers of long ago say as little as their outcomes do
}

void TargetState::fadeRatings(double kept)
{
    for (std::atomic<double>* each : {&m_praise, &m_blame}) {
        const double before = each->load(std::memory_order_relaxed);
        if (before > 0) each->store(before * kept, std::memory_order_relaxed);
    }
}

void TargetState::rate(double value)
{
    const double weight = std::min(std::abs(value), 1.0);
    if (!(weight > 0)) return;
    fadeRatings(1 - (1 - kKept) * weight); // so that together they never count for more than fifty
    std::atomic<double>& said = value > 0 ? m_praise : m_blame;
    said.store(said.load(std::memory_order_relaxed) + weight, std::memory_order_relaxed);
}

void TargetState::succeed(std::int64_t tokens, std::int64_t now, bool probe, const BreakerRules* rules)
{
    leave(probe);
    m_tokens.add(tokens, now);
    note(true);
    m_failedInARow.store(0, std::memory_order_relaxed);
    // Only who was sent to find out does: others began before the circuit was opened.
    if (!probe || !rules || m_recovered.fetch_add(1, std::memory_order_relaxed) + 1 < rules->recover) return;
    m_recovered.store(0, std::memory_order_relaxed);
    m_openUntil.store(0, std::memory_order_relaxed);
    // What failed before the pause says nothing about it now.
    m_failures.store(0, std::memory_order_relaxed);
}

void TargetState::fail(std::int64_t now, bool probe, const BreakerRules* rules)
{
    leave(probe);
    note(false);
    const std::uint32_t inARow = m_failedInARow.fetch_add(1, std::memory_order_relaxed) + 1;
    if (!rules) return;
    if (circuit(now) != CircuitState::Closed) {
        if (probe) open(now, *rules);
        return;
    }
    const double all = successes() + failures();
    const bool often = all >= rules->minimum && failures() * 100 >= all * rules->errorPercent;
    if (inARow >= rules->failures || often) open(now, *rules);
}

void TargetState::open(std::int64_t now, const BreakerRules& rules)
{
    m_recovered.store(0, std::memory_order_relaxed);
    m_openedAt.store(now, std::memory_order_relaxed);
    m_openUntil.store(now + rules.waitMicros, std::memory_order_relaxed);
}

void TargetState::leave(bool probe)
{
    m_inFlight.fetch_sub(1, std::memory_order_relaxed);
    if (probe) m_probing.store(false, std::memory_order_relaxed);
}

void TargetState::letProbe(std::int64_t now)
{
    std::int64_t until = m_openUntil.load(std::memory_order_relaxed);
    if (until > now) m_openUntil.compare_exchange_strong(until, now, std::memory_order_relaxed);
}

CircuitState TargetState::circuit(std::int64_t now) const
{
    const std::int64_t until = m_openUntil.load(std::memory_order_relaxed);
    if (until == 0) return CircuitState::Closed;
    return now < until ? CircuitState::Open : CircuitState::HalfOpen;
}

bool TargetState::isAside(std::int64_t now) const
{
    const CircuitState state = circuit(now);
    return state == CircuitState::Open ||
           (state == CircuitState::HalfOpen && m_probing.load(std::memory_order_relaxed));
}

} // namespace gateway::routing
