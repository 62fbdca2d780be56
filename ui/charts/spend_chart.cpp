// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/spend_chart.h"

#include <array>

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QCategoryAxis>
#include <QChart>
#include <QCursor>
#include <QDateTime>
#include <QLocale>
#include <QStackedBarSeries>
#include <QToolTip>
#include <QValueAxis>

#include "models/format.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr std::array kTokens{"series1", "series2", "series3", "series4", "series5"};
constexpr std::size_t kMostLabels = 7;
constexpr std::int64_t kDayMicros = 86'400'000'000;

QByteArray tokenOf(const SpendStack& stack, std::size_t index)
{
    return stack.provider.isEmpty() || index >= kTokens.size() ? QByteArray("seriesOther")
                                                               : QByteArray(kTokens[index]);
}

QString barName(std::int64_t start, std::int64_t barMicros, std::size_t bars)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(start / 1000);
    if (barMicros < kDayMicros) return QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    return QLocale().toString(when.date(), bars <= 8 ? QStringLiteral("ddd") : QStringLiteral("d MMM"));
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
        const QString name = stack.provider.isEmpty() ? tr("Others") : stack.provider;
        sums.append(name + QLatin1Char(' ') + formatMoney(static_cast<std::int64_t>(sum * 1e9)));
    }
    setDescription(sums.isEmpty() ? tr("Nothing spent") : sums.join(QStringLiteral(", ")));
    repaintChart();
}

void SpendChart::repaintChart()
{
    clearChart(m_bars.stacks.empty());
    std::vector<LegendEntry> legend;
    for (std::size_t i = 0; i < m_bars.stacks.size(); ++i) {
        const SpendStack& stack = m_bars.stacks[i];
        if (i < 3)
            legend.push_back({stack.provider.isEmpty() ? tr("Others") : stack.provider, tokenOf(stack, i)});
    }
    if (m_bars.stacks.size() > 3)
        legend.back() = {tr("+%1 more").arg(m_bars.stacks.size() - 2), "seriesOther"};
    setLegend(legend);
    if (!m_bars.stacks.empty()) addBars();
}

// The axis that bars stand on names every bar and cuts the names to their width. It is hidden; a second one,
// with room for its names, tells the time.
void SpendChart::addAxes(QAbstractSeries* series)
{
    const std::size_t bars = m_bars.starts.size();
    auto* places = new QBarCategoryAxis;
    auto* names = new QCategoryAxis;
    names->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    names->setRange(0, static_cast<double>(bars));
    const std::size_t step = (bars + kMostLabels - 1) / kMostLabels;
    for (std::size_t i = 0; i < bars; ++i) {
        places->append(QString::number(i));
        if (i % step != 0) continue;
        const QString name = barName(m_bars.starts[i], m_barMicros, bars);
        // Labels must differ; the first and the last day of eight share a name.
        names->append(names->categoriesLabels().contains(name) ? name + QChar(0x200B) : name,
                      static_cast<double>(i) + 0.5);
    }
    places->setVisible(false);
    styleAxis(names, false);
    QValueAxis* value = makeValueAxis(m_bars.top, QStringLiteral("$"), {});
    chart()->addAxis(places, Qt::AlignBottom);
    chart()->addAxis(names, Qt::AlignBottom);
    chart()->addAxis(value, Qt::AlignLeft);
    series->attachAxis(places);
    series->attachAxis(value);
}

void SpendChart::addBars()
{
    auto* series = new QStackedBarSeries;
    series->setBarWidth(0.58);
    for (std::size_t i = 0; i < m_bars.stacks.size(); ++i) {
        const SpendStack& stack = m_bars.stacks[i];
        auto* set = new QBarSet(stack.provider.isEmpty() ? tr("Others") : stack.provider);
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
    addAxes(series);
    connect(series, &QStackedBarSeries::hovered, this, [](bool over, int index, const QBarSet* set) {
        const auto nanos = static_cast<std::int64_t>(set->at(index) * 1e9);
        if (over) QToolTip::showText(QCursor::pos(), set->label() + QLatin1Char(' ') + formatMoney(nanos));
    });
}

} // namespace ui
