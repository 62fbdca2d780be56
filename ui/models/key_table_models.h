// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include <QAbstractTableModel>

#include "gateway/snapshot.h"

#include "models/budget_text.h"

namespace ui {

/// The virtual keys that clients present, what they may do and what they spent; only their hashes are known.
class VirtualKeysModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Prefix, Created, LastUsed, Allowed, Limits, Budget, Expires, State, ColumnCount };
    enum Role {
        OutcomeRole = Qt::UserRole, // an Outcome, of the state
        SpentRole                   // a SpentCell; of the name: without a bar
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows stay where they are while the names are the same.
    void setKeys(const std::vector<gateway::VirtualKeyConfig>& keys);
    /// How the budgets stand; those that are not of keys are passed over.
    void setBudgets(const std::vector<gateway::BudgetState>& states);
    void setUses(const std::vector<gateway::KeyUse>& uses);
    /// Time went by: what is told as so long ago, or ends, is told anew.
    void tellTimes();
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Null where there is no such row; until the next setKeys().
    [[nodiscard]] const gateway::VirtualKeyConfig* keyAt(int row) const;
    [[nodiscard]] int rowOf(const gateway::VirtualKeyId& id) const;
    /// How the key's own budget stands; null where it has none or nothing is known.
    [[nodiscard]] const gateway::BudgetState* stateAt(int row) const;

private:
    void tell(Column first, Column last);
    [[nodiscard]] SpentCell cellOf(const gateway::VirtualKeyConfig& key, int column) const;
    [[nodiscard]] QString textOf(const gateway::VirtualKeyConfig& key, int column) const;
    [[nodiscard]] QString tipOf(const gateway::VirtualKeyConfig& key, int column) const;
    [[nodiscard]] const gateway::KeyUse* useOf(const gateway::VirtualKeyConfig& key) const;
    [[nodiscard]] const gateway::BudgetState* stateOf(const gateway::VirtualKeyConfig& key) const;

    std::vector<gateway::VirtualKeyConfig> m_keys;
    std::vector<gateway::BudgetState> m_states; // of keys
    std::vector<gateway::KeyUse> m_uses;
    std::unordered_map<std::string, std::size_t> m_statePlaces, m_usePlaces; // by the key's name
};

} // namespace ui
