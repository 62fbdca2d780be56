// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_card.h"
#include "models/chart_series.h"

namespace ui {

/// What was spent over the time of a range, a stack of providers per bar.
class SpendChart : public ChartCard {
    Q_OBJECT

public:
    explicit SpendChart(QWidget* parent = nullptr);
    void setFigures(const gateway::Figures& figures, std::int64_t barMicros);

protected:
    void repaintChart() override;

private:
    void addBars();
    void addPoints();

    std::int64_t m_barMicros = 0;
    SpendBars m_bars;
};

} // namespace ui
