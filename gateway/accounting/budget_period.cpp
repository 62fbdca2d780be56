// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/budget_period.h"

#include <algorithm>
#include <ctime>
#include <limits>

namespace gateway::accounting {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr int kWeekDays = 7;

/// The first moment of a local day, which need not be midnight where clocks change at midnight.
std::int64_t dayBegin(std::tm day)
{
    day.tm_hour = 0;
    day.tm_min = 0;
    day.tm_sec = 0;
    day.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&day)) * kSecond;
}

TimeSpan daysFrom(std::tm first, int days)
{
    std::tm last = first;
    last.tm_mday += days;
    return {dayBegin(first), dayBegin(last)};
}

} // namespace

TimeSpan spanAt(BudgetPeriod period, std::int64_t micros)
{
    if (period == BudgetPeriod::Total || period == BudgetPeriod::Undecided)
        return {0, std::numeric_limits<std::int64_t>::max()};
    if (period == BudgetPeriod::RollingDay) return {micros - kDayMicros, micros + 1};
    const auto seconds = static_cast<std::time_t>(micros / kSecond);
    std::tm local{};
    localtime_r(&seconds, &local);
    if (period == BudgetPeriod::Hour) {
        const std::int64_t begin =
            (seconds - std::int64_t{60} * local.tm_min - std::min(local.tm_sec, 59)) * kSecond;
        return {begin, begin + 3600 * kSecond};
    }
    if (period == BudgetPeriod::Day) return daysFrom(local, 1);
    if (period == BudgetPeriod::Week) {
        local.tm_mday -= (local.tm_wday + kWeekDays - 1) % kWeekDays;
        return daysFrom(local, kWeekDays);
    }
    local.tm_mday = 1;
    std::tm next = local;
    ++next.tm_mon;
    return {dayBegin(local), dayBegin(next)};
}

} // namespace gateway::accounting
