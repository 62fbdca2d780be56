// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_card.h"

#include <cmath>

#include <QAbstractAxis>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <QValueAxis>

#include "theme/theme.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kChartHeight = 224;

QPixmap legendDot(const QColor& color)
{
    constexpr int kSize = 8;
    QPixmap pixmap(kSize * 2, kSize * 2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QRectF(0, 0, kSize * 2, kSize * 2));
    painter.end();
    pixmap.setDevicePixelRatio(2);
    return pixmap;
}

QFont axisFont()
{
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(11);
    return font;
}

} // namespace

int axisDecimals(double top)
{
    double step = top / 4.0;
    for (int decimals = 0; decimals < 6; ++decimals) {
        if (std::abs(step - std::round(step)) < 1e-6) return decimals;
        step *= 10.0;
    }
    return 6;
}

ChartCard::ChartCard(const QString& title, const QString& nothingText, QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 10}, 8);
    auto* head = row(8);
    head->addWidget(makeLabel(title, "h2"));
    head->addStretch();
    m_legend = row(6);
    head->addLayout(m_legend);
    all->addLayout(head);

    auto* body = new QWidget;
    body->setProperty("role", QStringLiteral("clear"));
    auto* stack = new QStackedLayout(body);
    stack->setStackingMode(QStackedLayout::StackAll);
    m_nothing = makeLabel(nothingText, "muted");
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_view = new QChartView;
    m_view->setAccessibleName(title);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setBackgroundBrush(Qt::NoBrush);
    m_view->setStyleSheet(QStringLiteral("background: transparent;"));
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setMinimumHeight(kChartHeight);
    QChart* plain = m_view->chart();
    plain->setBackgroundVisible(false);
    plain->setMargins({});
    plain->setContentsMargins(0, 0, 0, 0);
    plain->layout()->setContentsMargins(0, 0, 0, 0);
    plain->legend()->hide();
    plain->setAnimationOptions(QChart::NoAnimation);
    stack->addWidget(m_view);
    stack->addWidget(m_nothing);
    all->addWidget(body, 1);
    connect(&Theme::instance(), &Theme::changed, this, [this] { repaintChart(); });
}

QChart* ChartCard::chart() const
{
    return m_view->chart();
}

void ChartCard::clearChart(bool empty)
{
    chart()->removeAllSeries();
    const auto axes = chart()->axes();
    for (QAbstractAxis* axis : axes) {
        chart()->removeAxis(axis);
        delete axis;
    }
    m_nothing->setVisible(empty);
}

void ChartCard::setLegend(const std::vector<LegendEntry>& entries)
{
    while (QLayoutItem* item = m_legend->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const LegendEntry& entry : entries) {
        auto* dot = new QLabel;
        dot->setPixmap(legendDot(Theme::instance().color(entry.token.constData())));
        if (m_legend->count() > 0) m_legend->addSpacing(8);
        m_legend->addWidget(dot);
        m_legend->addWidget(makeLabel(entry.name, "muted"));
    }
}

void ChartCard::setDescription(const QString& figures)
{
    m_view->setAccessibleDescription(figures);
}

void ChartCard::styleAxis(QAbstractAxis* axis, bool withGrid) const
{
    const Theme& theme = Theme::instance();
    axis->setLabelsColor(theme.color("muted"));
    axis->setLabelsFont(axisFont());
    axis->setLineVisible(false);
    axis->setGridLineVisible(withGrid);
    axis->setGridLinePen(QPen(theme.color("border"), 1));
    axis->setMinorGridLineVisible(false);
}

QValueAxis* ChartCard::makeValueAxis(double top, const QString& prefix, const QString& suffix) const
{
    auto* axis = new QValueAxis;
    axis->setRange(0, top);
    axis->setTickCount(5);
    int decimals = axisDecimals(top);
    if (prefix == QLatin1String("$") && decimals == 1) decimals = 2; // Cents come in pairs.
    axis->setLabelFormat(QStringLiteral("%1%.%2f%3").arg(prefix).arg(decimals).arg(suffix));
    styleAxis(axis, true);
    return axis;
}

} // namespace ui
