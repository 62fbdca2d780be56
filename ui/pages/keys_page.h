// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QStackedWidget;

namespace ui {

class AlertsTab;
class BudgetsTab;
class KeysTab;
class Segments;

/// Who may call the gateway, and how much may be spent: the virtual keys, the budgets, and
/// what there was to be told of both.
class KeysPage : public Page {
    Q_OBJECT

public:
    explicit KeysPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    void addNew() override;
    /// "new-key", "budgets", "new-budget", "alerts", "budget:NAME" or "key:NAME".
    void open(const QVariant& what) override;

private:
    enum Tab { Keys, Budgets, Alerts };
    void openTab(Tab tab);
    void showUnread();

    PageContext m_context;
    QLabel* m_subtitle = nullptr;
    Segments* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    KeysTab* m_keys = nullptr;
    BudgetsTab* m_budgets = nullptr;
    AlertsTab* m_alerts = nullptr;
};

} // namespace ui
