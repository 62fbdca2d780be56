// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "models/budgets_model.h"
#include "pages/table_tab.h"

namespace ui {

/// The budgets: what they count, how they stand and until when they last; add, change, remove.
class BudgetsTab : public TableTab {
    Q_OBJECT

public:
    explicit BudgetsTab(const PageContext& context, QWidget* parent = nullptr);
    void addBudget();
    void chooseBudget(const QString& name);

private:
    void buildButtons();
    void showBudgets();
    void showChosen();
    void editBudget();
    void ask(const std::optional<gateway::BudgetConfig>& present);
    void removeBudget();
    void allowMore();
    [[nodiscard]] const gateway::BudgetConfig* chosen() const { return m_model.budgetAt(chosenRow()); }

    BudgetsModel m_model;
    QPushButton* m_allow = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_remove = nullptr;
};

} // namespace ui
