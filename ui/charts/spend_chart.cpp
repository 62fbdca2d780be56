// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/spend_chart.h"

#include <array>
#include <utility>

#include <QBarSet>
#include <QChart>
#include <QDateTime>
#include <QLocale>
#include <QStackedBarSeries>
#include <QValueAxis>

#include "models/format.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr std::array kTokens{"series1", "series2", "series3", "series4", "series5"};
constexpr std::int64_t kDayMicros = 86'400'000'000;

QByteArray tokenOf(const SpendStack& stack, std::size_t index)
{
    return stack.provider.isEmpty() || index >= kTokens.size() ? QByteArray("seriesOther")
                                                               : QByteArray(kTokens[index]);
}

QString nameOf(const SpendStack& stack)
{
    return stack.provider.isEmpty() ? SpendChart::tr("Others") : stack.provider;
}

QString money(double dollars)
{
    return formatMoney(static_cast<std::int64_t>(dollars * 1e9));
}

QString barName(std::int64_t start, std::int64_t barMicros, std::size_t bars)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(start / 1000);
    if (barMicros < kDayMicros) return QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    return bars <= 8 ? QLocale().toString(when.date(), QStringLiteral("ddd")) : formatDay(when.date());
}

} // namespace

SpendChart::SpendChart(QWidget* parent)
    : ChartCard(tr("Spend by provider"), tr("Nothing spent in this time"), parent)
{
}

void SpendChart::setFigures(const gateway::Figures& figures, std::int64_t barMicros)
{
    m_barMicros = barMicros;
    m_bars = spendBars(figures, barMicros);
    QStringList sums;
    for (const SpendStack& stack : m_bars.stacks) {
        double sum = 0;
        for (const double dollars : stack.dollars) {
            sum += dollars;
        }
        sums.append(nameOf(stack) + QLatin1Char(' ') + money(sum));
    }
    setDescription(sums.isEmpty() ? tr("Nothing spent") : sums.join(QStringLiteral(", ")));
    repaintChart();
}

void SpendChart::repaintChart()
{
    clearChart(m_bars.stacks.empty());
    std::vector<LegendEntry> legend;
    for (std::size_t i = 0; i < m_bars.stacks.size(); ++i) {
        legend.push_back({nameOf(m_bars.stacks[i]), tokenOf(m_bars.stacks[i], i)});
    }
    setLegend(legend);
    if (m_bars.stacks.empty()) return;
    addBars();
    addPoints();
}

void SpendChart::addPoints()
{
    const QDateTime now = QDateTime::currentDateTime();
    const std::size_t bars = m_bars.starts.size();
    std::vector<ChartPoint> points;
    for (std::size_t i = 0; i < bars; ++i) {
        const std::int64_t start = m_bars.starts[i];
        QStringList lines{m_barMicros < kDayMicros
                              ? formatMoment(start, now)
                              : formatDay(QDateTime::fromMSecsSinceEpoch(start / 1000).date())};
        double sum = 0;
        for (const SpendStack& stack : m_bars.stacks) {
            sum += stack.dollars[i];
            if (stack.dollars[i] > 0)
                lines.append(nameOf(stack) + QLatin1Char(' ') + money(stack.dollars[i]));
        }
        lines.append(tr("Together %1").arg(money(sum)));
        points.push_back(
            {(static_cast<double>(i) + 0.5) / static_cast<double>(bars), lines.join(QLatin1Char('\n'))});
    }
    setPoints(std::move(points));
}

void SpendChart::addBars()
{
    auto* series = new QStackedBarSeries;
    series->setBarWidth(0.58);
    for (std::size_t i = 0; i < m_bars.stacks.size(); ++i) {
        const SpendStack& stack = m_bars.stacks[i];
        auto* set = new QBarSet(nameOf(stack));
        for (const double dollars : stack.dollars) {
            set->append(dollars);
        }
        series->append(set);
    }
    chart()->addSeries(series);
    for (std::size_t i = 0; i < m_bars.stacks.size(); ++i) {
        QBarSet* set = series->barSets().at(static_cast<qsizetype>(i));
        set->setColor(Theme::instance().color(tokenOf(m_bars.stacks[i], i).constData()));
        set->setPen(Qt::NoPen);
    }
    QStringList names;
    for (const std::int64_t start : m_bars.starts) {
        names.append(barName(start, m_barMicros, m_bars.starts.size()));
    }
    attachBarAxes(series, names, makeValueAxis(m_bars.top, QStringLiteral("$"), {}));
}

} // namespace ui
