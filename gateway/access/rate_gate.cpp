// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/rate_gate.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace gateway::access {

namespace {

struct Bound {
    std::int64_t most = 0;
    SlidingCount* count = nullptr;
    const char* what = "";
};

struct Bounds {
    std::array<Bound, 3> rows{};
    std::size_t size = 0;
};

using Names = std::array<const char*, 3>;
constexpr Names kRequestNames{" requests a minute", " requests an hour", " requests a day"};
constexpr Names kTokenNames{" tokens a minute", " tokens an hour", " tokens a day"};

/// `most`: of a minute, an hour and a day, as far as they are limited.
template <class Most, class Counts>
Bounds boundsOf(const Most& most, Counts& counts, const Names& names)
{
    Bounds bounds;
    const auto add = [&](const auto& limit, SlidingCount& count, const char* what) {
        if (limit) bounds.rows[bounds.size++] = {static_cast<std::int64_t>(*limit), &count, what};
    };
    add(std::get<0>(most), counts.minute, names[0]);
    add(std::get<1>(most), counts.hour, names[1]);
    add(std::get<2>(most), counts.day, names[2]);
    return bounds;
}

template <class Counts>
Bounds requestBounds(const RateLimits& limits, Counts& counts)
{
    return boundsOf(std::tie(limits.rpm, limits.rph, limits.rpd), counts, kRequestNames);
}

template <class Counts>
Bounds tokenBounds(const RateLimits& limits, Counts& counts)
{
    return boundsOf(std::tie(limits.tpm, limits.tph, limits.tpd), counts, kTokenNames);
}

/// The bound that this would go beyond, with the longest wait.
void refuseBeyond(const Bounds& bounds, std::int64_t amount, std::int64_t now,
                  std::optional<RateGate::Refusal>& refusal)
{
    for (std::size_t i = 0; i < bounds.size; ++i) {
        const Bound& bound = bounds.rows[i];
        const std::int64_t counted = bound.count->total(now);
        if (counted == 0 || counted + amount <= bound.most) continue;
        const std::int64_t room = std::max<std::int64_t>(0, bound.most - amount);
        const std::int64_t wait = bound.count->untilAtMost(room, now);
        if (!refusal || wait > refusal->waitMicros)
            refusal = RateGate::Refusal{std::to_string(bound.most) + bound.what, wait, false};
    }
}

std::optional<RateRoom> nearest(const Bounds& bounds, std::int64_t now)
{
    std::optional<RateRoom> least;
    for (std::size_t i = 0; i < bounds.size; ++i) {
        const Bound& bound = bounds.rows[i];
        const std::int64_t left = std::max<std::int64_t>(0, bound.most - bound.count->total(now));
        if (!least || left < least->remaining)
            least = RateRoom{bound.most, left, bound.count->untilAtMost(0, now)};
    }
    return least;
}

} // namespace

std::int64_t SlidingCount::total(std::int64_t now)
{
    advance(now);
    return m_total;
}

void SlidingCount::add(std::int64_t amount, std::int64_t now)
{
    advance(now);
    m_counts[static_cast<std::size_t>(m_last % (kSteps + 1))] += amount;
    m_total += amount;
}

void SlidingCount::correct(std::int64_t amount, std::int64_t then, std::int64_t now)
{
    advance(now);
    const std::int64_t step = then / m_step;
    if (step > m_last || step < m_last - kSteps) return;
    m_counts[static_cast<std::size_t>(step % (kSteps + 1))] += amount;
    m_total += amount;
}

std::int64_t SlidingCount::untilAtMost(std::int64_t most, std::int64_t now)
{
    advance(now);
    std::int64_t left = m_total;
    for (std::int64_t step = m_last - kSteps; step <= m_last && left > most; ++step) {
        if (step < 0) continue;
        left -= m_counts[static_cast<std::size_t>(step % (kSteps + 1))];
        if (left <= most) return (step + kSteps + 1) * m_step - now;
    }
    return 0;
}

void SlidingCount::advance(std::int64_t now)
{
    const std::int64_t step = now / m_step;
    if (step <= m_last) return;
    for (std::int64_t each = std::max(m_last + 1, step - kSteps); each <= step; ++each) {
        auto& old = m_counts[static_cast<std::size_t>(each % (kSteps + 1))];
        m_total -= old;
        old = 0;
    }
    m_last = step;
}

RateGate::RateGate() = default;

void RateGate::Counts::add(std::int64_t amount, std::int64_t now)
{
    minute.add(amount, now);
    hour.add(amount, now);
    day.add(amount, now);
}

void RateGate::Counts::correct(std::int64_t amount, std::int64_t then, std::int64_t now)
{
    minute.correct(amount, then, now);
    hour.correct(amount, then, now);
    day.correct(amount, then, now);
}

std::optional<RateGate::Refusal> RateGate::enter(const RateLimits& limits, std::int64_t tokens,
                                                 std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    std::optional<Refusal> refusal;
    refuseBeyond(requestBounds(limits, m_requests), 1, now, refusal);
    refuseBeyond(tokenBounds(limits, m_tokens), tokens, now, refusal);
    if (!refusal && limits.concurrent && m_inside >= *limits.concurrent)
        refusal = Refusal{std::to_string(*limits.concurrent) + " requests at a time", 0, true};
    if (refusal) return refusal;
    m_requests.add(1, now);
    m_tokens.add(tokens, now);
    ++m_inside;
    return std::nullopt;
}

void RateGate::leave(std::int64_t tokens, std::int64_t entered, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    if (tokens != 0) m_tokens.correct(tokens, entered, now);
    --m_inside;
}

void RateGate::note(std::int64_t tokens, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    m_tokens.add(tokens, now);
}

std::optional<RateGate::Refusal> RateGate::tokensRefusal(const RateLimits& limits, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    std::optional<Refusal> refusal;
    refuseBeyond(tokenBounds(limits, m_tokens), 1, now, refusal);
    return refusal;
}

std::optional<RateRoom> RateGate::requests(const RateLimits& limits, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    return nearest(requestBounds(limits, m_requests), now);
}

std::optional<RateRoom> RateGate::tokens(const RateLimits& limits, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    return nearest(tokenBounds(limits, m_tokens), now);
}

RatePass::~RatePass()
{
    leave(m_tokens);
}

void RatePass::leave(std::int64_t used)
{
    if (const auto gate = std::exchange(m_gate, nullptr))
        gate->leave(used - m_tokens, m_entered, steadyMicros());
}

bool limitsAnything(const RateLimits& limits)
{
    return limits.rpm || limits.rph || limits.rpd || limits.tpm || limits.tph || limits.tpd ||
           limits.concurrent;
}

std::int64_t steadyMicros()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace gateway::access
