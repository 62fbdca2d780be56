// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/latency_chart.h"

#include <algorithm>
#include <utility>

#include <QAreaSeries>
#include <QCategoryAxis>
#include <QChart>
#include <QDateTime>
#include <QLineSeries>
#include <QValueAxis>

#include "models/format.h"
#include "models/time_ticks.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr int kMostTicks = 7;
constexpr qsizetype kFewPoints = 3; // A line through fewer is hardly seen: the points are drawn too.

// The line broken where a bucket has no point: nothing is drawn over hours without a request.
std::vector<QList<QPointF>> piecesOf(const QList<QPointF>& points, double factor, double bucketMillis)
{
    std::vector<QList<QPointF>> pieces;
    for (const QPointF& point : points) {
        const bool apart = pieces.empty() || point.x() - pieces.back().back().x() > 1.5 * bucketMillis;
        if (apart) pieces.emplace_back();
        pieces.back().append(QPointF(point.x(), point.y() * factor));
    }
    return pieces;
}

} // namespace

LatencyChart::LatencyChart(QWidget* parent)
    : ChartCard(tr("Latency"), tr("No answered request in this time"), parent)
{
}

void LatencyChart::setFigures(const gateway::Figures& figures)
{
    m_query = figures.query;
    m_buckets = figures.buckets;
    m_lines = latencyLines(figures);
    setDescription(tr("p50 %1, p95 %2").arg(formatDuration(figures.p50), formatDuration(figures.p95)));
    repaintChart();
}

void LatencyChart::repaintChart()
{
    clearChart(m_lines.p95.isEmpty());
    setLegend({{tr("p95"), "series1"}, {tr("p50"), "series4"}});
    if (m_lines.p95.isEmpty()) return;
    const double factor = inSeconds() ? 0.001 : 1.0;
    const double bucketMillis = static_cast<double>(m_query.bucketMicros) / 1000.0;
    for (const QList<QPointF>& piece : piecesOf(m_lines.p95, factor, bucketMillis)) {
        if (piece.size() > 1) addArea(piece);
        addLine(piece, "series1");
    }
    for (const QList<QPointF>& piece : piecesOf(m_lines.p50, factor, bucketMillis)) {
        addLine(piece, "series4");
    }
    addAxes();
    addPoints();
}

void LatencyChart::addPoints()
{
    const QDateTime now = QDateTime::currentDateTime();
    const auto span = static_cast<double>(m_query.untilMicros - m_query.sinceMicros);
    std::vector<ChartPoint> points;
    for (const gateway::FigureBucket& bucket : m_buckets) {
        if (bucket.p95 <= 0 && bucket.p50 <= 0) continue;
        QStringList lines{formatMoment(bucket.start, now), tr("p95 %1").arg(formatDuration(bucket.p95)),
                          tr("p50 %1").arg(formatDuration(bucket.p50)),
                          tr("%Ln request(s)", nullptr, static_cast<int>(bucket.requests))};
        if (bucket.failures > 0) lines.append(tr("%Ln failed", nullptr, static_cast<int>(bucket.failures)));
        points.push_back(
            {static_cast<double>(bucket.start - m_query.sinceMicros) / span, lines.join(QLatin1Char('\n'))});
    }
    setPoints(std::move(points));
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
    auto* time = new QCategoryAxis;
    time->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    time->setRange(static_cast<double>(m_query.sinceMicros) / 1000.0,
                   static_cast<double>(m_query.untilMicros) / 1000.0);
    time->setStartValue(time->min());
    const bool hours = m_query.untilMicros - m_query.sinceMicros <= kDayMicros;
    const QString sample = hours ? QStringLiteral("00:00") : QStringLiteral("MMM 00");
    const int most = std::clamp(static_cast<int>(plotWidth() / labelWidth(sample)), 2, kMostTicks);
    const auto span = static_cast<double>(m_query.untilMicros - m_query.sinceMicros);
    for (const TimeTick& tick : timeTicks(m_query.sinceMicros, m_query.untilMicros, most)) {
        if (fitsAt(static_cast<double>(tick.micros - m_query.sinceMicros) / span, tick.label))
            time->append(tick.label, static_cast<double>(tick.micros) / 1000.0);
    }
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
