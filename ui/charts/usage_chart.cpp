// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/usage_chart.h"

#include <algorithm>
#include <utility>

#include <QBarSet>
#include <QChart>
#include <QDateTime>
#include <QStackedBarSeries>
#include <QValueAxis>

#include "theme/theme.h"

namespace ui {

UsageChart::UsageChart(const QString& title, const QString& nothingText, QWidget* parent)
    : ChartCard(title, nothingText, parent)
{
    offerExport();
}

void UsageChart::setBars(UsageBars bars)
{
    for (UsageStack& stack : bars.stacks) {
        stack.hidden = std::any_of(m_bars.stacks.begin(), m_bars.stacks.end(), [&](const UsageStack& old) {
            return old.hidden && old.name == stack.name;
        });
    }
    m_bars = std::move(bars);
    describe();
    repaintChart();
}

void UsageChart::onLegend(int index)
{
    UsageStack& stack = m_bars.stacks[static_cast<std::size_t>(index)];
    stack.hidden = !stack.hidden;
    describe();
    repaintChart();
}

void UsageChart::describe()
{
    QStringList sums;
    for (const UsageStack& stack : m_bars.stacks) {
        if (!stack.hidden)
            sums.append(stack.name + QLatin1Char(' ') + valueText(m_bars.unit, m_bars.sumOf(stack)));
    }
    setDescription(sums.join(QStringLiteral(", ")));
}

void UsageChart::repaintChart()
{
    const bool empty = m_bars.isEmpty();
    clearChart(empty);
    std::vector<LegendEntry> legend;
    if (!empty) {
        for (const UsageStack& stack : m_bars.stacks) {
            legend.push_back({stack.name, stack.token, stack.hidden});
        }
    }
    setSwitches(legend);
    if (empty) return;
    addBars();
    addPoints();
}

void UsageChart::addBars()
{
    const UsageAxis axis = usageAxis(m_bars.unit, m_bars.highest());
    auto* series = new QStackedBarSeries;
    series->setBarWidth(0.62);
    std::vector<QByteArray> tokens;
    for (const UsageStack& stack : m_bars.stacks) {
        if (stack.hidden) continue;
        auto* set = new QBarSet(stack.name);
        for (const double value : stack.values) {
            set->append(value / axis.unit);
        }
        series->append(set);
        tokens.push_back(stack.token);
    }
    if (tokens.empty()) {
        auto* nothing = new QBarSet(QString()); // Keeps the axes where they are.
        for (std::size_t i = 0; i < m_bars.starts.size(); ++i) {
            nothing->append(0);
        }
        series->append(nothing);
    }
    chart()->addSeries(series);
    const auto sets = series->barSets();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        QBarSet* set = sets.at(static_cast<qsizetype>(i));
        set->setColor(Theme::instance().color(tokens[i].constData()));
        set->setPen(Qt::NoPen);
    }
    attachBarAxes(series, barNames(m_bars), makeValueAxis(axis.top, axis.prefix, axis.suffix));
}

void UsageChart::addPoints()
{
    const QDateTime now = QDateTime::currentDateTime();
    const std::size_t bars = m_bars.starts.size();
    std::vector<ChartPoint> points;
    points.reserve(bars);
    for (std::size_t i = 0; i < bars; ++i) {
        points.push_back(
            {(static_cast<double>(i) + 0.5) / static_cast<double>(bars), barText(m_bars, i, now)});
    }
    setPoints(std::move(points));
}

} // namespace ui
