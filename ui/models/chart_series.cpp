// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/chart_series.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace ui {
namespace {

constexpr std::size_t kMaxStacks = 5; // Beyond, colours can no longer be told apart.
constexpr std::size_t kMaxBars = 400;

// The bar a moment belongs to, by local time, so that a day's bar is a local day.
std::int64_t barStart(std::int64_t micros, std::int64_t barMicros, int utcOffsetSeconds)
{
    const std::int64_t offset = std::int64_t{utcOffsetSeconds} * 1'000'000;
    const std::int64_t local = micros + offset;
    const std::int64_t rest = ((local % barMicros) + barMicros) % barMicros;
    return local - rest - offset;
}

std::vector<std::pair<std::string, std::int64_t>> spendersByAmount(const gateway::Figures& figures)
{
    std::map<std::string, std::int64_t> totals;
    for (const gateway::SpendSlice& slice : figures.spend) {
        totals[slice.provider] += slice.nanos;
    }
    std::vector<std::pair<std::string, std::int64_t>> order(totals.begin(), totals.end());
    std::erase_if(order, [](const auto& spender) { return spender.second <= 0; });
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return order;
}

void addSlices(SpendBars& bars, const gateway::Figures& figures, std::int64_t barMicros)
{
    for (const gateway::SpendSlice& slice : figures.spend) {
        const std::int64_t start = barStart(slice.start, barMicros, figures.query.utcOffsetSeconds);
        const auto bar = std::lower_bound(bars.starts.begin(), bars.starts.end(), start);
        if (bar == bars.starts.end() || *bar != start) continue;
        const QString provider = QString::fromStdString(slice.provider);
        auto stack = std::find_if(bars.stacks.begin(), bars.stacks.end(),
                                  [&](const SpendStack& s) { return s.provider == provider; });
        if (stack == bars.stacks.end()) {
            if (bars.stacks.empty() || !bars.stacks.back().provider.isEmpty()) continue;
            stack = bars.stacks.end() - 1;
        }
        stack->dollars[static_cast<std::size_t>(bar - bars.starts.begin())] +=
            static_cast<double>(slice.nanos) / 1e9;
    }
}

} // namespace

double roundedUp(double value)
{
    if (!(value > 0)) return 1.0;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 4.0, 5.0, 8.0}) {
        if (value <= step * power * 1.0000001) return step * power;
    }
    return 10.0 * power;
}

LatencyLines latencyLines(const gateway::Figures& figures)
{
    LatencyLines lines;
    double greatest = 0;
    for (const gateway::FigureBucket& bucket : figures.buckets) {
        if (bucket.p95 <= 0 && bucket.p50 <= 0) continue;
        const double x = static_cast<double>(bucket.start) / 1000.0;
        lines.p50.append(QPointF(x, static_cast<double>(bucket.p50) / 1000.0));
        lines.p95.append(QPointF(x, static_cast<double>(bucket.p95) / 1000.0));
        greatest = std::max({greatest, lines.p95.back().y(), lines.p50.back().y()});
    }
    lines.top = roundedUp(std::max(greatest, 1.0)); // Below a millisecond there is nothing to compare.
    return lines;
}

SpendBars spendBars(const gateway::Figures& figures, std::int64_t barMicros)
{
    SpendBars bars;
    const gateway::FiguresQuery& query = figures.query;
    if (barMicros <= 0 || query.untilMicros <= query.sinceMicros) return bars;
    for (std::int64_t at = barStart(query.sinceMicros, barMicros, query.utcOffsetSeconds);
         at < query.untilMicros && bars.starts.size() < kMaxBars; at += barMicros) {
        bars.starts.push_back(at);
    }
    const auto spenders = spendersByAmount(figures);
    const std::size_t named = spenders.size() > kMaxStacks ? kMaxStacks - 1 : spenders.size();
    for (std::size_t i = 0; i < named; ++i) {
        bars.stacks.push_back(
            {QString::fromStdString(spenders[i].first), std::vector<double>(bars.starts.size(), 0.0)});
    }
    if (named < spenders.size()) bars.stacks.push_back({{}, std::vector<double>(bars.starts.size(), 0.0)});
    addSlices(bars, figures, barMicros);

    double greatest = 0;
    for (std::size_t i = 0; i < bars.starts.size(); ++i) {
        double sum = 0;
        for (const SpendStack& stack : bars.stacks) {
            sum += stack.dollars[i];
        }
        greatest = std::max(greatest, sum);
    }
    bars.top = roundedUp(greatest);
    return bars;
}

} // namespace ui
