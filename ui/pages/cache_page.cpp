// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/cache_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "pages/cache_answers.h"
#include "pages/cache_settings.h"
#include "widgets/segments.h"

namespace ui {

CachePage::CachePage(const PageContext& context, QWidget* parent) : Page(parent), m_context(context)
{
    QVBoxLayout* all = pageLayout();
    const Header header = makeHeader(tr("Cache"), {});
    m_subtitle = header.subtitle;
    m_tabs = new Segments(tr("What to show"), {tr("Answers"), tr("Routes and room")});
    header.layout->addWidget(m_tabs);
    all->addLayout(header.layout);
    m_answers = new CacheAnswers(context);
    m_settings = new CacheSettings(context);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_answers);
    m_stack->addWidget(m_settings);
    all->addWidget(m_stack, 1);
    connect(m_tabs, &Segments::chosen, this, [this](int index) { openTab(static_cast<Tab>(index)); });
    connect(m_answers, &CacheAnswers::toastWanted, this, &Page::toastWanted);
    connect(m_answers, &CacheAnswers::pageWanted, this, &Page::pageWanted);
    connect(m_answers, &CacheAnswers::settingsWanted, this, [this] { openTab(Settings); });
    connect(m_settings, &CacheSettings::toastWanted, this, &Page::toastWanted);
    connect(m_settings, &CacheSettings::pageWanted, this, &Page::pageWanted);
    openTab(Answers);
}

void CachePage::refresh()
{
    m_context.link.reload();
    m_answers->refresh();
}

void CachePage::focusFind()
{
    openTab(Answers);
    m_answers->focusFind();
}

void CachePage::open(const QVariant& what)
{
    openTab(what.toString() == QLatin1String("settings") ? Settings : Answers);
}

void CachePage::openTab(Tab tab)
{
    m_tabs->setCurrent(tab);
    m_stack->setCurrentIndex(tab);
    m_subtitle->setText(tab == Answers ? tr("Answers that are given again to who asks the same")
                                       : tr("Which routes keep answers, and how many fit in"));
}

} // namespace ui
