// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QAbstractTableModel>

#include "models/usage_model.h"

namespace ui {

/// What each group used, sorted by any column, and a last row that sums up what is in the time: where a
/// request has several tags, that is less than the rows together. GUI thread.
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
    /// Null for the last row, which is no group, and where there is none.
    [[nodiscard]] const gateway::UsageRow* rowAt(int row) const;
    [[nodiscard]] int rowOf(const std::string& name) const;
    /// Groups that are in the CSV only, as they cost least: no table is read that far.
    [[nodiscard]] int moreRows() const { return static_cast<int>(m_more.size()); }
    /// All of it with exact figures, as it is sorted.
    [[nodiscard]] QString csv() const;

private:
    struct Line {
        gateway::UsageRow now, before;
    };

    [[nodiscard]] std::vector<Line> sorted(std::vector<Line> lines) const;
    [[nodiscard]] const Line& lineAt(int row) const;
    [[nodiscard]] QString text(const Line& line, int column) const;
    [[nodiscard]] QString toolTip(const Line& line, int column) const;

    std::string m_by = "model";
    bool m_compared = false;
    std::vector<Line> m_lines; // in the order on show
    std::vector<Line> m_more;  // not on show
    Line m_total;
    int m_sortColumn = Spend;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace ui
