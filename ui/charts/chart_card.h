// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QByteArray>
#include <QFrame>
#include <QString>
#include <QStringList>
#include <QTimer>

class QChart;
class QChartView;
class QGraphicsLineItem;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QValueAxis;
class QAbstractAxis;
class QAbstractSeries;

namespace ui {

/// A card with a title, a legend and one chart without ornaments. The pointer, or the arrow keys, bring up
/// the figures of a point. Charts say nothing to screen readers, so the figures are also its description.
class ChartCard : public QFrame {
    Q_OBJECT

public:
    ChartCard(const QString& title, const QString& nothingText, QWidget* parent = nullptr);
    bool eventFilter(QObject* watched, QEvent* event) override;
    void setTitle(const QString& title);

signals:
    /// The menu of the chart was asked for a picture of the card, or for its figures.
    void pictureWanted();
    void figuresWanted();

protected:
    struct LegendEntry {
        QString name;
        QByteArray token;
        bool hidden = false; // of those that can be switched
    };
    /// What there is to say about one place of the chart.
    struct ChartPoint {
        double share; // of the plot's width, 0 to 1
        QString text; // several lines
    };
    /// Takes everything out of the chart; with `empty` the sentence is shown in its place.
    void clearChart(bool empty);
    void setLegend(const std::vector<LegendEntry>& entries);
    /// The same with entries that can be pressed: onLegend() is called with their place.
    void setSwitches(const std::vector<LegendEntry>& entries);
    virtual void onLegend(int index) { Q_UNUSED(index) }
    /// Lets the menu of the chart, by the right button or the menu key, offer a picture and the figures.
    void offerExport();
    void setDescription(const QString& figures);
    /// In the order of their places.
    void setPoints(std::vector<ChartPoint> points);
    [[nodiscard]] QChart* chart() const;
    /// About how wide the plot is, without the names of the values beside it.
    [[nodiscard]] double plotWidth() const;
    /// How wide `text` is under the plot, with a gap to its neighbour.
    [[nodiscard]] static double labelWidth(const QString& text);
    /// A name in the middle of `share` of the plot's width would not be cut at its right end.
    [[nodiscard]] bool fitsAt(double share, const QString& text) const;
    /// Gives an axis the theme's colours; only horizontal grid lines are drawn.
    void styleAxis(QAbstractAxis* axis, bool withGrid) const;
    /// A value axis from 0 to `top` in four steps; its labels are `prefix`, the figure, `suffix`.
    [[nodiscard]] QValueAxis* makeValueAxis(double top, const QString& prefix, const QString& suffix) const;
    /// Puts `series` of bars on a hidden axis, names below them as far as there is room, and `value` on the
    /// left. A bar without a name leaves the room to its neighbours.
    void attachBarAxes(QAbstractSeries* series, const QStringList& names, QValueAxis* value);
    /// Draws the kept figures again: in the colours of a new theme, or for a new size.
    virtual void repaintChart() = 0;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildChart(const QString& title);
    [[nodiscard]] QPushButton* makeSwitch(const LegendEntry& entry, int index);
    void clearLegend();
    /// Beside the title where it fits, else below it.
    void placeLegend();
    void showPoint(int index);
    void hidePoint();
    [[nodiscard]] int pointNear(double viewX) const;
    bool onKey(int key);

    QHBoxLayout* m_head;
    QLabel* m_title;
    QWidget* m_legend;
    std::vector<QPushButton*> m_switches;
    QChartView* m_view;
    QLabel* m_nothing;
    QString m_nothingText;
    QString m_description;
    std::vector<ChartPoint> m_points;
    QGraphicsLineItem* m_marker = nullptr;
    int m_shown = -1; // the point that the marker stands on
    QTimer m_redraw;  // once per turn, however often the size changes
    bool m_drawn = false;
};

/// How many decimals show a quarter of `top` exactly (at most 6).
[[nodiscard]] int axisDecimals(double top);

} // namespace ui
