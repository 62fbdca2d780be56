// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/keys_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "pages/alerts_tab.h"
#include "pages/budgets_tab.h"
#include "pages/keys_tab.h"
#include "widgets/segments.h"

namespace ui {

KeysPage::KeysPage(const PageContext& context, QWidget* parent) : Page(parent), m_context(context)
{
    QVBoxLayout* all = pageLayout();
    const Header header = makeHeader(tr("Keys & budgets"), {});
    m_subtitle = header.subtitle;
    m_tabs = new Segments(tr("What to show"), {tr("Keys"), tr("Budgets"), tr("Alerts")});
    header.layout->addWidget(m_tabs);
    all->addLayout(header.layout);
    m_keys = new KeysTab(context);
    m_budgets = new BudgetsTab(context);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_keys);
    m_stack->addWidget(m_budgets);
    m_alerts = new AlertsTab(context);
    m_stack->addWidget(m_alerts);
    all->addWidget(m_stack, 1);
    connect(m_tabs, &Segments::chosen, this, [this](int index) { openTab(static_cast<Tab>(index)); });
    openTab(Keys);
    connect(m_keys, &TableTab::toastWanted, this, &Page::toastWanted);
    connect(m_budgets, &TableTab::toastWanted, this, &Page::toastWanted);
    connect(m_alerts, &AlertsTab::pageWanted, this, &Page::pageWanted);
    connect(&context.inbox, &AlertInbox::changed, this, &KeysPage::showUnread);
    showUnread();
}

void KeysPage::showUnread()
{
    const int unread = m_context.inbox.unread();
    m_tabs->setChoiceText(Alerts, unread == 0 ? tr("Alerts") : tr("Alerts (%1)").arg(unread));
}

void KeysPage::refresh()
{
    m_context.link.reload();
    m_alerts->refresh();
}

void KeysPage::openTab(Tab tab)
{
    m_tabs->setCurrent(tab);
    m_stack->setCurrentIndex(tab);
    const QStringList subtitles{tr("What tools present to the gateway; only hashes are kept"),
                                tr("How much may be spent in a time; those of keys stand with the keys"),
                                tr("What there was to be told; the newest first")};
    m_subtitle->setText(subtitles[tab]);
}

void KeysPage::addNew()
{
    if (m_tabs->current() == Budgets) {
        m_budgets->addBudget();
    } else if (m_tabs->current() == Keys) {
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
    } else if (place == QLatin1String("alerts")) {
        openTab(Alerts);
    } else if (place.startsWith(QLatin1String("budget:"))) {
        openTab(Budgets);
        m_budgets->chooseBudget(place.section(QLatin1Char(':'), 1));
    } else if (place.startsWith(QLatin1String("key:"))) {
        openTab(Keys);
        m_keys->chooseKey(place.section(QLatin1Char(':'), 1));
    }
}

} // namespace ui
