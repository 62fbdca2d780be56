// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include <QDate>
#include <QDateTime>
#include <QString>

namespace ui {

enum class UsageRange : std::uint8_t { LastHour, LastDay, LastWeek, LastMonth, ThisMonth, Custom };
inline constexpr std::array kUsageRanges{UsageRange::LastHour,  UsageRange::LastDay,   UsageRange::LastWeek,
                                         UsageRange::LastMonth, UsageRange::ThisMonth, UsageRange::Custom};

/// Both included.
struct UsageDays {
    QDate first, last;
    bool operator==(const UsageDays&) const = default;
};

/// A range as of a moment, in microseconds since 1970; ends are exclusive. `prior…` is the time before that
/// it is compared with: as long, or the same days of the month before.
struct UsageSpan {
    std::int64_t since = 0, until = 0;
    std::int64_t priorSince = 0, priorUntil = 0;
    std::int64_t bucketMicros = 0;
    int utcOffsetSeconds = 0;
};

/// `days` are those of UsageRange::Custom; in the wrong order, they are read in the other one.
[[nodiscard]] UsageSpan usageSpan(UsageRange range, const QDateTime& now, const UsageDays& days);
/// The smallest round time of which at most 32 cover `spanMicros`.
[[nodiscard]] std::int64_t usageBucket(std::int64_t spanMicros);
/// The narrowest range that a moment is in.
[[nodiscard]] UsageRange usageRangeWith(std::int64_t micros, const QDateTime& now);

[[nodiscard]] QString shortName(UsageRange range);
/// "last 24 hours", "Nov 1 to Nov 27".
[[nodiscard]] QString longName(UsageRange range, const UsageDays& days);
/// "prior 24 h", "last month": what a figure is compared with.
[[nodiscard]] QString priorName(UsageRange range);

} // namespace ui
