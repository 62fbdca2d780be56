// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dot.h"

#include <QPainter>

#include "theme/theme.h"

namespace ui {

Dot::Dot(QWidget* parent) : QWidget(parent)
{
    setFixedSize(12, 12);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Dot::setToken(const char* token)
{
    m_token = token;
    update();
}

void Dot::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    paintDot(painter, QRectF(rect()).center(), Theme::instance().color(m_token.constData()));
}

void paintDot(QPainter& painter, const QPointF& center, const QColor& color)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor halo = color;
    halo.setAlphaF(0.3F);
    painter.setBrush(halo);
    painter.drawEllipse(center, 6, 6);
    painter.setBrush(color);
    painter.drawEllipse(center, 3.5, 3.5);
}

} // namespace ui
