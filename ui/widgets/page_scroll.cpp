// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page_scroll.h"

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

void PageScroll::fit()
{
    if (m_content->layout() == nullptr) return;
    const bool bar = verticalScrollBar()->maximum() > 0;
    const int right = kPageMargin - (bar ? verticalScrollBar()->sizeHint().width() : 0);
    m_content->layout()->setContentsMargins(kPageMargin, 0, right, kBottomMargin);
}

} // namespace ui
