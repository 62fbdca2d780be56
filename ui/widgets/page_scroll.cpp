// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page_scroll.h"

#include <algorithm>

#include <QLayout>
#include <QScrollBar>

#include "pages/page.h"

namespace ui {
namespace {

constexpr int kBottomMargin = 24;

} // namespace

PageScroll::PageScroll(QWidget* parent) : QScrollArea(parent), m_content(new QWidget)
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    m_content->setProperty("role", QStringLiteral("clear"));
    setWidget(m_content);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &PageScroll::fit);
}

void PageScroll::resizeEvent(QResizeEvent* event)
{
    const QScrollBar* bar = verticalScrollBar();
    const bool atEnd = bar->maximum() > 0 && bar->value() == bar->maximum();
    fit();
    QScrollArea::resizeEvent(event);
    if (atEnd) verticalScrollBar()->setValue(bar->maximum());
}

void PageScroll::setMostWidth(int width, bool centered)
{
    m_mostWidth = width;
    m_centered = centered;
    fit();
}

void PageScroll::fit()
{
    if (m_content->layout() == nullptr) return;
    const QScrollBar* bar = verticalScrollBar();
    const int barWidth = bar->maximum() > 0 ? bar->sizeHint().width() : 0;
    const int over = std::max(0, width() - 2 * kPageMargin - m_mostWidth);
    const int left = kPageMargin + (m_centered ? over / 2 : 0);
    const int right = kPageMargin + (m_centered ? over - over / 2 : over) - barWidth;
    m_content->layout()->setContentsMargins(left, 0, right, kBottomMargin);
}

} // namespace ui
