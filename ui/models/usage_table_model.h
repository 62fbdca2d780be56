// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QAbstractTableModel>

#include "models/usage_model.h"

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
    /// The groups of a view with exact figures, as the table is sorted.
    [[nodiscard]] QString csv(const UsageView& view) const;

private:
    struct Line {
        gateway::UsageRow now, before;
        bool knowsBefore = true; // It is not among what was not told apart then.
    };

    [[nodiscard]] static std::vector<Line> linesOf(const UsageView& view);
    [[nodiscard]] std::vector<Line> sorted(std::vector<Line> lines) const;
    [[nodiscard]] const Line& lineAt(int row) const;
    [[nodiscard]] QString nameOf(const Line& line) const;
    [[nodiscard]] QString text(const Line& line, int column) const;
    [[nodiscard]] QString toolTip(const Line& line, int column) const;
    [[nodiscard]] QString changeToolTip(const Line& line) const;

    std::string m_by = "model";
    bool m_compared = false;
    std::vector<Line> m_lines; // in the order on show
    std::optional<Line> m_others;
    Line m_total;
    int m_sortColumn = Spend;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace ui
