// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/target_mark.h"

#include <QPainter>
#include <QPolygonF>

#include "theme/theme.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kSize = 16;

const char* tokenOf(TargetMark mark)
{
    switch (mark) {
    case TargetMark::Ready:
        return "success";
    case TargetMark::Partly:
    case TargetMark::Trying:
        return "warning";
    case TargetMark::Aside:
    case TargetMark::Down:
        return "danger";
    default:
        return "section";
    }
}

} // namespace

void paintTargetMark(QPainter& painter, const QPointF& middle, TargetMark mark)
{
    if (mark == TargetMark::Undecided) return;
    const QColor color = Theme::instance().color(tokenOf(mark));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (mark) {
    case TargetMark::Ready:
        painter.drawEllipse(middle, 5, 5);
        break;
    case TargetMark::Partly:
        painter.drawPolygon(
            QPolygonF({middle + QPointF(0, -6), middle + QPointF(6, 5), middle + QPointF(-6, 5)}));
        break;
    case TargetMark::Aside:
        for (const double x : {-4.5, 1.5}) {
            painter.drawRoundedRect(QRectF(middle + QPointF(x, -5.5), QSizeF(3, 11)), 1, 1);
        }
        break;
    case TargetMark::Trying:
        painter.drawPie(QRectF(middle - QPointF(5, 5), QSizeF(10, 10)), 90 * 16, 180 * 16);
        painter.setPen(QPen(color, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(middle, 5, 5);
        break;
    case TargetMark::Down:
        painter.setPen(QPen(color, 2.5, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(middle + QPointF(-4, -4), middle + QPointF(4, 4));
        painter.drawLine(middle + QPointF(-4, 4), middle + QPointF(4, -4));
        break;
    default:
        painter.setPen(QPen(color, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(middle, 4, 4);
    }
}

TargetMarkView::TargetMarkView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("targetMark"));
    setFixedSize(kSize, kSize);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TargetMarkView::setStanding(const TargetStanding& standing)
{
    m_mark = standing.mark;
    setToolTip(plainToolTip(standing.text));
    setAccessibleDescription(standing.text);
    setVisible(standing.mark != TargetMark::Undecided);
    update();
}

void TargetMarkView::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintTargetMark(painter, QRectF(rect()).center(), m_mark);
}

} // namespace ui
