// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/time_range.h"

#include <QCoreApplication>

namespace ui {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::TimeRange)
};

} // namespace

RangeSpan spanOf(TimeRange range)
{
    switch (range) {
    case TimeRange::LastHour:
        return {kHour, 2 * kMinute, 10 * kMinute};
    case TimeRange::LastWeek:
        return {7 * kDay, 3 * kHour, kDay};
    case TimeRange::LastMonth:
        return {30 * kDay, 12 * kHour, 2 * kDay};
    case TimeRange::LastDay:
        break;
    }
    return {kDay, 30 * kMinute, 3 * kHour};
}

QString shortName(TimeRange range)
{
    switch (range) {
    case TimeRange::LastHour:
        return Text::tr("1 h");
    case TimeRange::LastWeek:
        return Text::tr("7 d");
    case TimeRange::LastMonth:
        return Text::tr("30 d");
    case TimeRange::LastDay:
        break;
    }
    return Text::tr("24 h");
}

QString longName(TimeRange range)
{
    switch (range) {
    case TimeRange::LastHour:
        return Text::tr("last hour");
    case TimeRange::LastWeek:
        return Text::tr("last 7 days");
    case TimeRange::LastMonth:
        return Text::tr("last 30 days");
    case TimeRange::LastDay:
        break;
    }
    return Text::tr("last 24 hours");
}

gateway::FiguresQuery figuresQuery(TimeRange range, const QDateTime& now)
{
    const RangeSpan span = spanOf(range);
    gateway::FiguresQuery query;
    query.untilMicros = now.toMSecsSinceEpoch() * 1000;
    query.sinceMicros = query.untilMicros - span.micros;
    query.bucketMicros = span.bucketMicros;
    query.utcOffsetSeconds = now.offsetFromUtc();
    return query;
}

} // namespace ui
