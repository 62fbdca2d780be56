// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_bars.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "models/chart_series.h"
#include "models/csv.h"
#include "models/format.h"
#include "models/usage_text.h"

namespace ui {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::size_t kMaxBars = 400;
constexpr std::array<const char*, kMostSpenders> kColors{"series1", "series2", "series3", "series4",
                                                         "series5", "series6", "series7", "series8"};

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::UsageBars)
};

UsageBars barsOver(const UsageSpan& span, UsageUnit unit)
{
    UsageBars bars;
    bars.unit = unit;
    bars.bucketMicros = span.bucketMicros;
    bars.utcOffsetSeconds = span.utcOffsetSeconds;
    if (span.bucketMicros <= 0) return bars;
    const std::int64_t offset = std::int64_t{span.utcOffsetSeconds} * 1'000'000;
    const std::int64_t local = span.since + offset;
    std::int64_t at = local - local % span.bucketMicros - offset;
    for (; at < span.until && bars.starts.size() < kMaxBars; at += span.bucketMicros) {
        bars.starts.push_back(at);
    }
    return bars;
}

UsageStack& addStack(UsageBars& bars, const QString& name, const char* token)
{
    return bars.stacks.emplace_back(
        UsageStack{name, token, std::vector<double>(bars.starts.size(), 0.0), false});
}

// In local time, bars beyond a change of the clock would begin an hour into a day, or in the one before.
QDateTime beginOf(const UsageBars& bars, std::int64_t start)
{
    return QDateTime::fromMSecsSinceEpoch(start / 1000, Qt::OffsetFromUTC, bars.utcOffsetSeconds);
}

// The place of a point's bar, or of none.
std::size_t placeOf(const UsageBars& bars, std::int64_t start)
{
    const auto found = std::lower_bound(bars.starts.begin(), bars.starts.end(), start);
    const bool there = found != bars.starts.end() && *found == start;
    return static_cast<std::size_t>((there ? found : bars.starts.end()) - bars.starts.begin());
}

std::vector<std::string> greatestSpenders(const std::vector<gateway::UsagePoint>& points)
{
    std::map<std::string, std::int64_t> sums;
    for (const gateway::UsagePoint& point : points) {
        if (!point.others) sums[point.name] += point.costNanos;
    }
    std::vector<std::pair<std::string, std::int64_t>> order(sums.begin(), sums.end());
    std::erase_if(order, [](const auto& spender) { return spender.second <= 0; });
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> names;
    names.reserve(order.size());
    for (const auto& [name, sum] : order) {
        names.push_back(name);
    }
    return names;
}

} // namespace

bool UsageBars::isEmpty() const
{
    return std::all_of(stacks.begin(), stacks.end(),
                       [this](const UsageStack& stack) { return sumOf(stack) <= 0; });
}

double UsageBars::sumOf(const UsageStack& stack) const
{
    double sum = 0;
    for (const double value : stack.values) {
        sum += value;
    }
    return sum;
}

double UsageBars::highest() const
{
    double greatest = 0;
    for (std::size_t bar = 0; bar < starts.size(); ++bar) {
        double sum = 0;
        for (const UsageStack& stack : stacks) {
            if (!stack.hidden) sum += stack.values[bar];
        }
        greatest = std::max(greatest, sum);
    }
    return greatest;
}

UsageBars usageSpendBars(const UsageView& view)
{
    UsageBars bars = barsOver(view.span, UsageUnit::Dollars);
    const std::vector<std::string> names = greatestSpenders(view.points);
    const std::size_t named = std::min(names.size(), kColors.size());
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < named; ++i) {
        places[names[i]] = i;
        addStack(bars, rowName(view.by, names[i]), kColors[i]);
    }
    const bool more = std::any_of(view.points.begin(), view.points.end(),
                                  [](const auto& point) { return point.others && point.costNanos > 0; });
    if (named < names.size() || more) addStack(bars, Text::tr("Others"), "seriesOther");
    for (const gateway::UsagePoint& point : view.points) {
        const std::size_t bar = placeOf(bars, point.start);
        if (bar == bars.starts.size() || point.costNanos <= 0) continue;
        const auto place = point.others ? places.end() : places.find(point.name);
        UsageStack& stack = place == places.end() ? bars.stacks.back() : bars.stacks[place->second];
        stack.values[bar] += static_cast<double>(point.costNanos) / 1e9;
    }
    return bars;
}

UsageBars usageRequestBars(const UsageView& view)
{
    UsageBars bars = barsOver(view.span, UsageUnit::Requests);
    addStack(bars, Text::tr("OK"), "series4");
    addStack(bars, Text::tr("Failed"), "danger");
    for (const gateway::UsagePoint& point : view.totals) {
        const std::size_t bar = placeOf(bars, point.start);
        if (bar == bars.starts.size()) continue;
        const std::uint64_t failed = std::min(point.failures, point.requests);
        bars.stacks[0].values[bar] += static_cast<double>(point.requests - failed);
        bars.stacks[1].values[bar] += static_cast<double>(failed);
    }
    return bars;
}

UsageBars usageTokenBars(const UsageView& view)
{
    UsageBars bars = barsOver(view.span, UsageUnit::Tokens);
    addStack(bars, Text::tr("Input, not cached"), "series1");
    addStack(bars, Text::tr("Cache read"), "series5");
    addStack(bars, Text::tr("Cache write"), "series4");
    addStack(bars, Text::tr("Output"), "series2");
    addStack(bars, Text::tr("Reasoning"), "series3");
    for (const gateway::UsagePoint& point : view.totals) {
        const std::size_t bar = placeOf(bars, point.start);
        if (bar == bars.starts.size()) continue;
        const std::int64_t cached = point.cacheReadTokens + point.cacheWriteTokens;
        const std::array parts{std::max<std::int64_t>(0, point.inputTokens - cached), point.cacheReadTokens,
                               point.cacheWriteTokens,
                               std::max<std::int64_t>(0, point.outputTokens - point.reasoningTokens),
                               point.reasoningTokens};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            bars.stacks[i].values[bar] += static_cast<double>(parts[i]);
        }
    }
    // What there is none of needs no colour.
    std::erase_if(bars.stacks, [&bars](const UsageStack& stack) { return bars.sumOf(stack) <= 0; });
    return bars;
}

UsageAxis usageAxis(UsageUnit unit, double highest)
{
    if (unit == UsageUnit::Dollars) return {roundedUp(highest), 1, QStringLiteral("$"), {}};
    UsageAxis axis;
    if (highest >= 1e9) {
        axis = {1, 1e9, {}, Text::tr("B")};
    } else if (highest >= 1e6) {
        axis = {1, 1e6, {}, Text::tr("M")};
    } else if (highest >= 1e4) {
        axis = {1, 1e3, {}, Text::tr("k")};
    }
    axis.top = roundedUp(highest / axis.unit);
    // There is no half a request: four whole steps.
    if (axis.unit <= 1) axis.top = axis.top <= 4 ? 4 : std::ceil(axis.top / 4.0) * 4.0;
    return axis;
}

QString valueText(UsageUnit unit, double value)
{
    if (unit == UsageUnit::Dollars) return formatMoney(std::llround(value * 1e9));
    return formatCount(std::llround(value));
}

QStringList barNames(const UsageBars& bars)
{
    QStringList names;
    const bool days = bars.bucketMicros >= kDayMicros;
    const bool oneDay =
        bars.starts.empty() || bars.starts.back() - bars.starts.front() <= kDayMicros + bars.bucketMicros;
    for (const std::int64_t start : bars.starts) {
        const QDateTime when = beginOf(bars, start);
        if (!days && oneDay) {
            names.append(QLocale().toString(when.time(), QStringLiteral("HH:mm")));
        } else {
            const bool begins = days || when.time().msecsSinceStartOfDay() < bars.bucketMicros / 1000;
            names.append(begins ? formatDay(when.date()) : QString());
        }
    }
    return names;
}

QString barText(const UsageBars& bars, std::size_t bar, const QDateTime& now)
{
    const QDateTime when = beginOf(bars, bars.starts[bar]);
    QStringList lines{bars.bucketMicros < kDayMicros
                          ? formatMoment(when, now.toOffsetFromUtc(bars.utcOffsetSeconds))
                          : formatDay(when.date())};
    double sum = 0;
    for (const UsageStack& stack : bars.stacks) {
        if (stack.hidden) continue;
        sum += stack.values[bar];
        if (stack.values[bar] > 0)
            lines.append(QStringLiteral("%1 %2").arg(stack.name, valueText(bars.unit, stack.values[bar])));
    }
    lines.append(Text::tr("Together %1").arg(valueText(bars.unit, sum)));
    return lines.join(QLatin1Char('\n'));
}

QString barsCsv(const UsageBars& bars)
{
    QStringList head{QStringLiteral("start")};
    for (const UsageStack& stack : bars.stacks) {
        head.append(stack.name);
    }
    QString text = csvLine(head);
    for (std::size_t bar = 0; bar < bars.starts.size(); ++bar) {
        QStringList cells{beginOf(bars, bars.starts[bar]).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss"))};
        for (const UsageStack& stack : bars.stacks) {
            const double value = stack.values[bar];
            cells.append(bars.unit == UsageUnit::Dollars ? plainDollars(std::llround(value * 1e9))
                                                         : QString::number(std::llround(value)));
        }
        text += csvLine(cells);
    }
    return text;
}

} // namespace ui
