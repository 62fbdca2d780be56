// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_span.h"

#include <algorithm>

#include <QCoreApplication>

#include "models/format.h"

namespace ui {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kMostBars = 32;
constexpr std::array kBuckets{kMinute,  2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute,
                              kHour,    2 * kHour,   3 * kHour,   6 * kHour,    12 * kHour,   kDay,
                              2 * kDay, 7 * kDay,    14 * kDay,   30 * kDay,    90 * kDay,    365 * kDay};

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::UsageRange)
};

std::int64_t microsOf(const QDateTime& when)
{
    return when.toMSecsSinceEpoch() * 1000;
}

// The end of the second that a moment is in: what was logged within it counts.
std::int64_t endOf(const QDateTime& now)
{
    return (now.toSecsSinceEpoch() + 1) * 1'000'000;
}

std::int64_t lengthOf(UsageRange range)
{
    switch (range) {
    case UsageRange::LastHour:
        return kHour;
    case UsageRange::LastWeek:
        return 7 * kDay;
    case UsageRange::LastMonth:
        return 30 * kDay;
    default:
        return kDay;
    }
}

void fillMonth(UsageSpan& span, const QDateTime& now)
{
    const QDate first(now.date().year(), now.date().month(), 1);
    const QDate before = first.addMonths(-1);
    span.since = microsOf(first.startOfDay());
    span.until = endOf(now);
    span.priorSince = microsOf(before.startOfDay());
    // As far into the month before, at most to its end: it may be the shorter one.
    span.priorUntil = std::min(span.since, span.priorSince + span.until - span.since);
}

void fillDays(UsageSpan& span, const UsageDays& days)
{
    const QDate first = std::min(days.first, days.last), last = std::max(days.first, days.last);
    span.since = microsOf(first.startOfDay());
    span.until = microsOf(last.addDays(1).startOfDay());
    span.priorSince = microsOf(first.addDays(-first.daysTo(last) - 1).startOfDay());
    span.priorUntil = span.since;
}

} // namespace

std::int64_t usageBucket(std::int64_t spanMicros)
{
    for (const std::int64_t bucket : kBuckets) {
        if (spanMicros <= kMostBars * bucket) return bucket;
    }
    return kBuckets.back();
}

UsageSpan usageSpan(UsageRange range, const QDateTime& now, const UsageDays& days)
{
    UsageSpan span;
    span.utcOffsetSeconds = now.offsetFromUtc();
    if (range == UsageRange::ThisMonth) {
        fillMonth(span, now);
        span.bucketMicros = kDay;
    } else if (range == UsageRange::Custom && days.first.isValid() && days.last.isValid()) {
        fillDays(span, days);
        span.utcOffsetSeconds = QDateTime::fromMSecsSinceEpoch(span.since / 1000).offsetFromUtc();
        span.bucketMicros = usageBucket(span.until - span.since);
    } else {
        span.until = endOf(now);
        span.since = span.until - lengthOf(range);
        span.priorUntil = span.since;
        span.priorSince = span.since - lengthOf(range);
        span.bucketMicros = usageBucket(span.until - span.since);
    }
    return span;
}

UsageRange usageRangeWith(std::int64_t micros, const QDateTime& now)
{
    for (const UsageRange range :
         {UsageRange::LastHour, UsageRange::LastDay, UsageRange::LastWeek, UsageRange::LastMonth}) {
        if (micros >= microsOf(now) - lengthOf(range)) return range;
    }
    return UsageRange::Custom;
}

QString shortName(UsageRange range)
{
    switch (range) {
    case UsageRange::LastHour:
        return Text::tr("1 h");
    case UsageRange::LastWeek:
        return Text::tr("7 d");
    case UsageRange::LastMonth:
        return Text::tr("30 d");
    case UsageRange::ThisMonth:
        return Text::tr("This month");
    case UsageRange::Custom:
        return Text::tr("Custom");
    case UsageRange::LastDay:
        break;
    }
    return Text::tr("24 h");
}

QString longName(UsageRange range, const UsageDays& days)
{
    switch (range) {
    case UsageRange::LastHour:
        return Text::tr("last hour");
    case UsageRange::LastWeek:
        return Text::tr("last 7 days");
    case UsageRange::LastMonth:
        return Text::tr("last 30 days");
    case UsageRange::ThisMonth:
        return Text::tr("this month");
    case UsageRange::Custom: {
        const QDate first = std::min(days.first, days.last), last = std::max(days.first, days.last);
        if (first == last) return formatDay(first);
        return Text::tr("%1 to %2").arg(formatDay(first), formatDay(last));
    }
    case UsageRange::LastDay:
        break;
    }
    return Text::tr("last 24 hours");
}

QString priorName(UsageRange range)
{
    if (range == UsageRange::ThisMonth) return Text::tr("last month");
    if (range == UsageRange::Custom) return Text::tr("the days before");
    return Text::tr("prior %1").arg(shortName(range));
}

} // namespace ui
