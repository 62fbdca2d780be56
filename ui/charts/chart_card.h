// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QByteArray>
#include <QFrame>
#include <QString>

class QChart;
class QChartView;
class QHBoxLayout;
class QLabel;
class QValueAxis;
class QAbstractAxis;

namespace ui {

/// A card with a title, a legend in its head and one chart without ornaments. Charts say nothing to screen
/// readers, so each one also carries its figures as a description.
class ChartCard : public QFrame {
    Q_OBJECT

public:
    ChartCard(const QString& title, const QString& nothingText, QWidget* parent = nullptr);

protected:
    struct LegendEntry {
        QString name;
        QByteArray token;
    };
    /// Takes everything out of the chart; with `empty` the sentence is shown in its place.
    void clearChart(bool empty);
    void setLegend(const std::vector<LegendEntry>& entries);
    void setDescription(const QString& figures);
    [[nodiscard]] QChart* chart() const;
    /// Gives an axis the theme's colours; only horizontal grid lines are drawn.
    void styleAxis(QAbstractAxis* axis, bool withGrid) const;
    /// A value axis from 0 to `top` in four steps; its labels are `prefix`, the figure, `suffix`.
    [[nodiscard]] QValueAxis* makeValueAxis(double top, const QString& prefix, const QString& suffix) const;
    /// Draws the kept figures again in the colours of the new theme.
    virtual void repaintChart() = 0;

private:
    QHBoxLayout* m_legend;
    QChartView* m_view;
    QLabel* m_nothing;
};

/// How many decimals show a quarter of `top` exactly (at most 6).
[[nodiscard]] int axisDecimals(double top);

} // namespace ui
