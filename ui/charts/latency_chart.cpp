// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/latency_chart.h"

#include <algorithm>

#include <QAreaSeries>
#include <QChart>
#include <QDateTime>
#include <QDateTimeAxis>
#include <QLineSeries>
#include <QValueAxis>

#include "models/format.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr qsizetype kFewPoints = 3; // A line through fewer is hardly seen: the points are drawn too.

QString timeFormat(std::int64_t spanMicros)
{
    if (spanMicros <= kDayMicros) return QStringLiteral("HH:mm");
    return spanMicros <= 7 * kDayMicros ? QStringLiteral("ddd d") : QStringLiteral("d MMM");
}

QList<QPointF> scaled(QList<QPointF> points, double factor)
{
    for (QPointF& point : points) {
        point.setY(point.y() * factor);
    }
    return points;
}

} // namespace

LatencyChart::LatencyChart(QWidget* parent)
    : ChartCard(tr("Latency"), tr("No answered request in this time"), parent)
{
}

void LatencyChart::setFigures(const gateway::Figures& figures)
{
    m_query = figures.query;
    m_lines = latencyLines(figures);
    setDescription(tr("p50 %1, p95 %2").arg(formatDuration(figures.p50), formatDuration(figures.p95)));
    repaintChart();
}

void LatencyChart::repaintChart()
{
    clearChart(m_lines.p95.isEmpty());
    setLegend({{QStringLiteral("p95"), "series1"}, {QStringLiteral("p50"), "series4"}});
    if (m_lines.p95.isEmpty()) return;
    const double factor = inSeconds() ? 0.001 : 1.0;
    addArea(scaled(m_lines.p95, factor));
    addLine(scaled(m_lines.p95, factor), "series1");
    addLine(scaled(m_lines.p50, factor), "series4");
    addAxes();
}

// The area has no pen: it would also run down the sides. The line above it is a series of its own.
void LatencyChart::addArea(const QList<QPointF>& points)
{
    auto* edge = new QLineSeries;
    edge->replace(points);
    auto* area = new QAreaSeries(edge);
    edge->setParent(area);
    QLinearGradient gradient(0, 0, 0, 1);
    gradient.setCoordinateMode(QGradient::ObjectBoundingMode);
    QColor color = Theme::instance().color("series1");
    color.setAlphaF(0.30F);
    gradient.setColorAt(0, color);
    color.setAlphaF(0.02F);
    gradient.setColorAt(1, color);
    chart()->addSeries(area);
    area->setPen(Qt::NoPen);
    area->setBrush(gradient);
}

void LatencyChart::addLine(const QList<QPointF>& points, const char* token)
{
    auto* line = new QLineSeries;
    line->replace(points);
    line->setPointsVisible(points.size() <= kFewPoints);
    chart()->addSeries(line);
    line->setPen(QPen(Theme::instance().color(token), 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    line->setColor(Theme::instance().color(token));
}

void LatencyChart::addAxes()
{
    auto* time = new QDateTimeAxis;
    time->setRange(QDateTime::fromMSecsSinceEpoch(m_query.sinceMicros / 1000),
                   QDateTime::fromMSecsSinceEpoch(m_query.untilMicros / 1000));
    time->setTickCount(7);
    time->setFormat(timeFormat(m_query.untilMicros - m_query.sinceMicros));
    styleAxis(time, false);
    QValueAxis* value = inSeconds() ? makeValueAxis(m_lines.top / 1000.0, {}, QStringLiteral(" s"))
                                    : makeValueAxis(m_lines.top, {}, QStringLiteral(" ms"));
    chart()->addAxis(time, Qt::AlignBottom);
    chart()->addAxis(value, Qt::AlignLeft);
    const auto all = chart()->series();
    for (QAbstractSeries* series : all) {
        series->attachAxis(time);
        series->attachAxis(value);
    }
}

} // namespace ui
