// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/budget_account.h"

#include <algorithm>

namespace gateway::accounting {

bool BudgetAccount::reserve(std::int64_t limit, std::int64_t nanos, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    if (m_failed) return false;
    limit += allowed(now);
    if (m_spent >= limit) {
        ++m_refusals;
        return false;
    }
    // Each of the three is at most some millions of dollars: their sum has room.
    if (m_underWay > 0 && m_spent + m_reserved + nanos > limit) return false;
    m_reserved += nanos;
    ++m_underWay;
    return true;
}

bool BudgetAccount::isSpent(std::int64_t limit, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    return m_failed || m_spent >= limit + allowed(now);
}

void BudgetAccount::release(std::int64_t nanos)
{
    const std::lock_guard lock(m_mutex);
    m_reserved -= nanos;
    --m_underWay;
}

void BudgetAccount::charge(std::int64_t nanos, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    add(nanos, now);
    if (!m_complete) m_since += nanos;
}

BudgetAccount::State BudgetAccount::state(std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    return {m_span, m_spent, m_reserved, m_underWay, m_complete, renewal(), allowed(now), m_refusals};
}

void BudgetAccount::setAmount(std::int64_t nanos)
{
    const std::lock_guard lock(m_mutex);
    if (m_period == BudgetPeriod::Total && m_amount && *m_amount != nanos) m_allowance = {};
    m_amount = nanos;
}

Allowance BudgetAccount::allow(std::int64_t nanos, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    if (allowed(now) == 0) m_allowance = {};
    // Several of a rolling day end together, with the last one.
    if (isRolling())
        m_allowance.until = now + kDayMicros;
    else
        m_allowance.until = m_span.end;
    if (m_allowance.nanos == 0) m_allowance.since = isRolling() ? now : m_span.begin;
    m_allowance.nanos += nanos;
    m_allowance.amount = m_amount.value_or(0);
    return m_allowance;
}

void BudgetAccount::restore(const Allowance& kept, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    if (now < kept.since || now >= kept.until) return;
    if (m_period == BudgetPeriod::Total && kept.amount != m_amount.value_or(0)) return;
    // More may have been allowed since it was read.
    if (kept.nanos > allowed(now)) m_allowance = kept;
}

std::int64_t BudgetAccount::allowed(std::int64_t now) const
{
    return now >= m_allowance.since && now < m_allowance.until ? m_allowance.nanos : 0;
}

void BudgetAccount::leave()
{
    const std::lock_guard lock(m_mutex);
    m_complete = false;
    m_asked = false;
    m_away = true;
    ++m_asking; // an answer under way knows nothing of what is spent from now on
}

void BudgetAccount::fail()
{
    const std::lock_guard lock(m_mutex);
    if (m_complete) return;
    m_failed = true;
    m_asked = false;
}

bool BudgetAccount::isUnknown()
{
    const std::lock_guard lock(m_mutex);
    return m_failed;
}

std::optional<LogAsking> BudgetAccount::wantsLog(std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    if (m_complete || m_asked) return std::nullopt;
    m_asked = true;
    m_away = false;
    m_since = 0;
    return LogAsking{m_span.begin, ++m_asking};
}

void BudgetAccount::complete(const LogAsking& asking, std::span<const SpentAt> spent, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    advance(now);
    if (m_complete || asking.number != m_asking) return;
    if (!isRolling() && asking.since != m_span.begin) return;
    const std::int64_t counted = m_since;
    forget();
    for (const SpentAt& part : spent) {
        if (m_span.has(part.micros) || isRolling()) add(part.nanos, part.micros);
    }
    add(counted, now);
    m_complete = true;
    m_asked = false;
    m_failed = false;
    m_since = 0;
}

void BudgetAccount::advance(std::int64_t now)
{
    if (isRolling()) return advanceSlots(now);
    if (m_span.has(now)) return;
    const bool first = m_span.end == 0;
    const bool back = now < m_span.begin;
    m_span = spanAt(m_period, now);
    if (first) return;
    m_asked = false;
    // All of a span that began since is known here, unless nobody was counting. Where the clock was set back,
    // the log knows what was spent in that span before; until it has told, what was spent last counts on, so
    // that nobody gains by it.
    m_complete = !back && !m_away;
    m_failed = m_failed && back;
    if (!back) forget();
}

void BudgetAccount::advanceSlots(std::int64_t now)
{
    m_span = spanAt(m_period, now);
    const std::int64_t slot = now / kSlotMicros;
    if (slot <= m_slot) return;
    const std::int64_t passed = std::min<std::int64_t>(slot - m_slot, kSlots);
    for (std::int64_t each = slot - passed + 1; each <= slot; ++each) {
        std::int64_t& old = m_slots[static_cast<std::size_t>(each) % kSlots];
        m_spent -= old;
        old = 0;
    }
    m_slot = slot;
}

void BudgetAccount::add(std::int64_t nanos, std::int64_t micros)
{
    if (isRolling()) {
        const std::int64_t slot = std::min(micros / kSlotMicros, m_slot);
        if (slot <= m_slot - static_cast<std::int64_t>(kSlots)) return;
        m_slots[static_cast<std::size_t>(slot) % kSlots] += nanos;
    }
    m_spent += nanos;
}

void BudgetAccount::forget()
{
    m_spent = 0;
    m_slots.fill(0);
}

std::int64_t BudgetAccount::renewal() const
{
    if (!isRolling()) return m_span.end;
    for (std::int64_t slot = m_slot - static_cast<std::int64_t>(kSlots) + 1; slot <= m_slot; ++slot) {
        if (m_slots[static_cast<std::size_t>(slot) % kSlots] > 0)
            return (slot + static_cast<std::int64_t>(kSlots)) * kSlotMicros;
    }
    return m_span.end;
}

} // namespace gateway::accounting
