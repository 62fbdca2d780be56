// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/keys_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "pages/budgets_tab.h"
#include "pages/keys_tab.h"
#include "widgets/segments.h"

namespace ui {

KeysPage::KeysPage(const PageContext& context, QWidget* parent) : Page(parent), m_context(context)
{
    QVBoxLayout* all = pageLayout();
    const Header header = makeHeader(tr("Keys & budgets"), {});
    m_subtitle = header.subtitle;
    m_tabs = new Segments(tr("What to show"), {tr("Keys"), tr("Budgets")});
    header.layout->addWidget(m_tabs);
    all->addLayout(header.layout);
    m_keys = new KeysTab(context);
    m_budgets = new BudgetsTab(context);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_keys);
    m_stack->addWidget(m_budgets);
    all->addWidget(m_stack, 1);
    connect(m_tabs, &Segments::chosen, this, [this](int index) { openTab(static_cast<Tab>(index)); });
    openTab(Keys);
    connect(m_keys, &TableTab::toastWanted, this, &Page::toastWanted);
    connect(m_budgets, &TableTab::toastWanted, this, &Page::toastWanted);
}

void KeysPage::refresh()
{
    m_context.link.reload();
}

void KeysPage::openTab(Tab tab)
{
    m_tabs->setCurrent(tab);
    m_stack->setCurrentIndex(tab);
    m_subtitle->setText(tab == Keys
                            ? tr("What tools present to the gateway; only hashes are kept")
                            : tr("How much may be spent in a time; those of keys stand with the keys"));
}

void KeysPage::addNew()
{
    if (m_tabs->current() == Budgets) {
        m_budgets->addBudget();
    } else {
        m_keys->addKey();
    }
}

void KeysPage::open(const QVariant& what)
{
    const QString place = what.toString();
    if (place == QLatin1String("new-key")) {
        openTab(Keys);
        m_keys->addKey();
    } else if (place == QLatin1String("budgets") || place == QLatin1String("new-budget")) {
        openTab(Budgets);
        if (place == QLatin1String("new-budget")) m_budgets->addBudget();
    }
}

} // namespace ui
