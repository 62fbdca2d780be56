// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "gateway/config.h"

namespace gateway::accounting {

/// Microseconds since 1970; the end is outside.
struct TimeSpan {
    std::int64_t begin = 0, end = 0;
    [[nodiscard]] bool has(std::int64_t micros) const { return micros >= begin && micros < end; }
    bool operator==(const TimeSpan&) const = default;
};

inline constexpr std::int64_t kDayMicros = 86'400'000'000;

/// The hour, day, week or month that a moment is in, by the machine's time zone: a day on which clocks change
/// has 23 or 25 hours. Of a rolling day: the 24 hours up to the moment. Of a total: all time.
[[nodiscard]] TimeSpan spanAt(BudgetPeriod period, std::int64_t micros);

} // namespace gateway::accounting
