// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QStackedWidget;

namespace ui {

class BudgetsTab;
class KeysTab;
class Segments;

/// Who may call the gateway, and how much may be spent: the virtual keys, and the budgets.
class KeysPage : public Page {
    Q_OBJECT

public:
    explicit KeysPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    void addNew() override;
    /// "new-key", "budgets" or "new-budget".
    void open(const QVariant& what) override;

private:
    enum Tab { Keys, Budgets };
    void openTab(Tab tab);

    PageContext m_context;
    QLabel* m_subtitle = nullptr;
    Segments* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    KeysTab* m_keys = nullptr;
    BudgetsTab* m_budgets = nullptr;
};

} // namespace ui
