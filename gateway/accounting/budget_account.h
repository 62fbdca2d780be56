// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "gateway/config.h"

#include "accounting/budget_period.h"

namespace gateway::accounting {

/// What was spent in a part of a span of time.
struct SpentAt {
    std::int64_t micros = 0; // when that part began
    std::int64_t nanos = 0;
};

/// What an account has to be told by the log.
struct LogAsking {
    std::int64_t since = 0;   // from when on it was spent
    std::uint64_t number = 0; // of the asking: the answer to one that is out of date is not taken
};

/// What the user allowed beyond a budget's amount.
struct Allowance {
    std::int64_t nanos = 0;
    std::int64_t since = 0, until = 0; // the time that it is for; the end is outside
    std::int64_t amount = 0;           // of the budget then, in nano-dollars
    bool operator==(const Allowance&) const = default;
};

/// What one budget has spent in its present span of time, and what calls under way may cost yet. For any
/// thread: a mutex that is held for some nanoseconds at a time. What a budget allows is not known
/// here, but for what the user allowed beyond it: until its time ends, of a rolling day for 24 hours, and for
/// all time until the amount is another.
///
/// A limit is never passed by reserving: a call is let in as long as what is spent, what calls under way may
/// cost at most and what it may cost itself stay within. One alone is let in as long as anything is left, so
/// that a careful estimate holds nobody up for ever: so much more than the limit as the last call costs is
/// what can be spent, and as much as calls cost more than they were expected to. A budget that is made while
/// calls end is told by the log what had ended before: one that ends in that very moment may count twice or
/// not at all.
class BudgetAccount {
public:
    explicit BudgetAccount(BudgetPeriod period) : m_period(period) {}

    struct State {
        TimeSpan span;
        std::int64_t spent = 0;    // nano-dollars
        std::int64_t reserved = 0; // by calls under way
        std::uint32_t underWay = 0;
        bool complete = false; // false until the log has said what was spent before
        /// When it has more room again; the span's end but for a rolling day.
        std::int64_t renews = 0;
        std::int64_t allowed = 0;   // nano-dollars beyond the amount
        std::uint64_t refusals = 0; // of calls, as all of it was spent; only ever grows
    };

    /// False: it would go beyond the limit. Else `nanos` are put aside until release().
    [[nodiscard]] bool reserve(std::int64_t limit, std::int64_t nanos, std::int64_t now);
    void release(std::int64_t nanos);
    void charge(std::int64_t nanos, std::int64_t now);
    /// What its amount is from now on.
    void setAmount(std::int64_t nanos);
    /// So much more, in the present time. All that is allowed now.
    Allowance allow(std::int64_t nanos, std::int64_t now);
    /// What was allowed before, as it was kept; nothing where that time is over.
    void restore(const Allowance& kept, std::int64_t now);
    [[nodiscard]] State state(std::int64_t now);

    /// It counts no longer: what is spent from now on is known to the log alone.
    void leave();
    /// The log could not tell. Until it has, nobody knows what is left.
    void fail();
    [[nodiscard]] bool isUnknown();

    /// Whether nothing is left of so much, whatever is set aside for calls under way.
    [[nodiscard]] bool isSpent(std::int64_t limit, std::int64_t now);

    /// What the log has to be asked; nothing where it does not have to.
    [[nodiscard]] std::optional<LogAsking> wantsLog(std::int64_t now);
    /// What the log says to that, but for what was charged after wantsLog().
    void complete(const LogAsking& asking, std::span<const SpentAt> spent, std::int64_t now);

private:
    static constexpr std::int64_t kSlotMicros = 900'000'000;
    static constexpr std::size_t kSlots = 97; // a day, and the quarter of an hour that begins

    void advance(std::int64_t now);
    void advanceSlots(std::int64_t now);
    [[nodiscard]] std::int64_t allowed(std::int64_t now) const;
    void add(std::int64_t nanos, std::int64_t micros);
    void forget();
    [[nodiscard]] std::int64_t renewal() const;
    [[nodiscard]] bool isRolling() const { return m_period == BudgetPeriod::RollingDay; }

    const BudgetPeriod m_period;
    std::mutex m_mutex;
    TimeSpan m_span;
    std::int64_t m_spent = 0;
    std::int64_t m_since = 0; // a part of that: charged since the log was to be asked
    std::int64_t m_reserved = 0;
    std::uint32_t m_underWay = 0;
    std::uint64_t m_refusals = 0;
    std::optional<std::int64_t> m_amount;
    Allowance m_allowance;
    std::uint64_t m_asking = 0; // the number of the last, or of none since it left
    bool m_complete = false;
    bool m_asked = false;
    bool m_failed = false;
    bool m_away = false;                        // it was not in force since the log was asked last
    std::int64_t m_slot = 0;                    // the latest of a rolling day
    std::array<std::int64_t, kSlots> m_slots{}; // by slot number modulo their count
};

} // namespace gateway::accounting
