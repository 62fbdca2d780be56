// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_card.h"
#include "models/chart_series.h"

namespace ui {

/// p95 as an area and p50 as a line over the time of a range.
class LatencyChart : public ChartCard {
    Q_OBJECT

public:
    explicit LatencyChart(QWidget* parent = nullptr);
    void setFigures(const gateway::Figures& figures);

protected:
    void repaintChart() override;

private:
    void addArea(const QList<QPointF>& points);
    void addLine(const QList<QPointF>& points, const char* token);
    void addAxes();
    void addPoints();
    [[nodiscard]] bool inSeconds() const { return m_lines.top >= 8000; }

    gateway::FiguresQuery m_query;
    std::vector<gateway::FigureBucket> m_buckets;
    LatencyLines m_lines;
};

} // namespace ui
