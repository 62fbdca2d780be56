// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "gateway/snapshot.h"

namespace ui {

/// The budgets of the configuration (those of keys stand with the keys), and how they stand.
class BudgetsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Scope, Spent, Pace, Anew, AtLimit, ColumnCount };
    enum Role { SpentRole = Qt::UserRole }; // a SpentCell

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows stay where they are while the names are the same.
    void setBudgets(const std::vector<gateway::BudgetConfig>& budgets);
    void setStates(const std::vector<gateway::BudgetState>& states);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Null where there is no such row; until the next setBudgets().
    [[nodiscard]] const gateway::BudgetConfig* budgetAt(int row) const;
    [[nodiscard]] int rowOf(const gateway::BudgetId& id) const;
    /// How it stands; null where nothing is known.
    [[nodiscard]] const gateway::BudgetState* stateAt(int row) const;

private:
    std::vector<gateway::BudgetConfig> m_budgets;
    std::vector<gateway::BudgetState> m_states; // not of keys
};

} // namespace ui
