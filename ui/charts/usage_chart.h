// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_card.h"
#include "models/usage_bars.h"

namespace ui {

/// Stacked bars over time. An entry of the legend hides its part of every bar; what is hidden stays so while
/// new figures come.
class UsageChart : public ChartCard {
    Q_OBJECT

public:
    UsageChart(const QString& title, const QString& nothingText, QWidget* parent = nullptr);
    void setBars(UsageBars bars);
    [[nodiscard]] const UsageBars& bars() const { return m_bars; }

protected:
    void repaintChart() override;
    void onLegend(int index) override;

private:
    void describe();
    void addBars();
    void addPoints();

    UsageBars m_bars;
};

} // namespace ui
