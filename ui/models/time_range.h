// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include <QDateTime>
#include <QString>

#include "gateway/snapshot.h"

namespace ui {

enum class TimeRange : std::uint8_t { LastHour, LastDay, LastWeek, LastMonth };
inline constexpr std::array kTimeRanges{TimeRange::LastHour, TimeRange::LastDay, TimeRange::LastWeek,
                                        TimeRange::LastMonth};

/// What a range means: its length, how fine the lines are and how wide one bar of the spend chart is.
struct RangeSpan {
    std::int64_t micros;
    std::int64_t bucketMicros;
    std::int64_t barMicros;
};

[[nodiscard]] RangeSpan spanOf(TimeRange range);
[[nodiscard]] QString shortName(TimeRange range); // "24 h"
[[nodiscard]] QString longName(TimeRange range);  // "last 24 hours"
/// The question to the engine for a range that ends at `now`.
[[nodiscard]] gateway::FiguresQuery figuresQuery(TimeRange range, const QDateTime& now);

} // namespace ui
