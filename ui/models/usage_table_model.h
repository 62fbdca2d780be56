// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QAbstractTableModel>

#include "models/usage_lines.h"

namespace ui {

/// What each group used, sorted by any column; then a row for the groups that were not told apart, where
/// there are any; and a last row that sums up what is in the time: where a request has several tags, that is
/// less than the rows together. GUI thread.
class UsageTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        Name,
        Requests,
        Ok,
        Input,
        Output,
        CacheRead,
        CacheWrite,
        Spend,
        PerThousand,
        Change,
        ColumnCount
    };
    enum Role { StrongRole = Qt::UserRole + 1 };

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    /// The column that the rows are sorted by says so in its name.
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    void setView(const UsageView& view);
    /// Null for the last rows, which are no group, and where there is none.
    [[nodiscard]] const gateway::UsageRow* rowAt(int row) const;
    [[nodiscard]] int rowOf(const std::string& name) const;
    [[nodiscard]] const UsageOrder& order() const { return m_order; }

private:
    [[nodiscard]] const UsageLine& lineAt(int row) const;
    [[nodiscard]] QString nameOf(const UsageLine& line) const;
    [[nodiscard]] QString text(const UsageLine& line, int column) const;
    [[nodiscard]] QString toolTip(const UsageLine& line, int column) const;
    [[nodiscard]] QString changeToolTip(const UsageLine& line) const;

    std::string m_by = "model";
    bool m_compared = false;
    std::vector<UsageLine> m_lines; // in the order on show
    std::optional<UsageLine> m_others;
    UsageLine m_total;
    UsageOrder m_order{Spend, Qt::DescendingOrder};
};

} // namespace ui
