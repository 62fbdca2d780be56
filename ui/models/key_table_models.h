// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "gateway/snapshot.h"

namespace ui {

/// The virtual keys that clients present, what they may do and what they spent; only their hashes are known.
class VirtualKeysModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Models, Limits, Budget, Expires, State, ColumnCount };
    enum Role {
        OutcomeRole = Qt::UserRole, // an Outcome, of the state
        SpentRole                   // a SpentCell
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows stay where they are while the names are the same.
    void setKeys(const std::vector<gateway::VirtualKeyConfig>& keys);
    /// How the budgets stand; those that are not of keys are passed over.
    void setBudgets(const std::vector<gateway::BudgetState>& states);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Null where there is no such row; until the next setKeys().
    [[nodiscard]] const gateway::VirtualKeyConfig* keyAt(int row) const;
    [[nodiscard]] int rowOf(const gateway::VirtualKeyId& id) const;

private:
    std::vector<gateway::VirtualKeyConfig> m_keys;
    std::vector<gateway::BudgetState> m_states; // of keys
};

} // namespace ui
