// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drag_grip.h"

#include <QMouseEvent>
#include <QPainter>

#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kWidth = 14;
constexpr int kHeight = 32;
constexpr int kStep = 5;

} // namespace

DragGrip::DragGrip(const QString& hint, QWidget* parent) : QWidget(parent)
{
    setFixedSize(kWidth, kHeight);
    setCursor(Qt::OpenHandCursor);
    setToolTip(hint);
}

void DragGrip::mousePressEvent(QMouseEvent* event)
{
    event->setAccepted(event->button() == Qt::LeftButton);
    if (event->isAccepted()) setCursor(Qt::ClosedHandCursor);
}

void DragGrip::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) emit draggedTo(event->globalPosition().toPoint());
}

void DragGrip::mouseReleaseEvent(QMouseEvent* event)
{
    QWidget::mouseReleaseEvent(event);
    setCursor(Qt::OpenHandCursor);
}

void DragGrip::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().color("section"));
    const QPointF middle = QRectF(rect()).center();
    for (const int line : {-1, 0, 1}) {
        for (const double side : {-0.5, 0.5}) {
            painter.drawEllipse(middle + QPointF(side * kStep, line * kStep), 1.2, 1.2);
        }
    }
}

} // namespace ui
