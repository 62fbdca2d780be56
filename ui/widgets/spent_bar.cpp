// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/spent_bar.h"

#include <QPainter>

#include "widgets/spent_delegate.h"

namespace ui {
namespace {

constexpr int kHeight = 5;

} // namespace

SpentBar::SpentBar(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    setFixedHeight(kHeight);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void SpentBar::setCell(const SpentCell& cell)
{
    m_cell = cell;
    update();
}

void SpentBar::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintSpentBar(painter, rect(), m_cell);
}

} // namespace ui
