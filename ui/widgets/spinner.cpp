// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/spinner.h"

#include <QPainter>

#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kSize = 16;
constexpr int kStepMillis = 60;
constexpr int kStepDegrees = 24;
constexpr int kArcDegrees = 270;
constexpr int kDegree = 16; // QPainter counts in sixteenths.

} // namespace

Spinner::Spinner(QWidget* parent) : QWidget(parent)
{
    setFixedSize(kSize, kSize);
    m_timer.setInterval(kStepMillis);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_angle = (m_angle + kStepDegrees) % 360;
        update();
    });
}

void Spinner::showEvent(QShowEvent* event)
{
    m_timer.start();
    QWidget::showEvent(event);
}

void Spinner::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    QWidget::hideEvent(event);
}

void Spinner::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::instance().color("accent"), 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(QRectF(rect()).adjusted(2, 2, -2, -2), -m_angle * kDegree, kArcDegrees * kDegree);
}

} // namespace ui
