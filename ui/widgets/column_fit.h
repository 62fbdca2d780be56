// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QObject>
#include <QTimer>

class QTableView;

namespace ui {

/// Gives the columns of a small table the widths that their texts need and shares out what is left; where the
/// room is too small, only the widest are cut. Looks at every row, once for all that changes in one go and
/// not while nobody sees the table: not for tables that grow. Belongs to the table.
class ColumnFit : public QObject {
    Q_OBJECT

public:
    /// The table has its model already.
    explicit ColumnFit(QTableView* table);
    /// Columns that give way where there is no room for all, the first of these first.
    void setDispensable(const std::vector<int>& columns);
    /// Where the room is too small, no column is cut: the table scrolls sideways.
    void setScrolls(bool scrolls);
    /// To be called when a column was hidden or shown. A table that is not on show is fitted when it is.
    void fit();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] int wantedWidth(int column) const;
    void fitLater();
    /// `wanted` has the widths of all columns.
    void hideWhatHasNoRoom(const std::vector<int>& wanted);

    QTableView* m_table;
    QTimer m_later;
    bool m_waits = true; // for the table to be shown
    std::vector<int> m_dispensable;
    bool m_scrolls = false;
};

/// Widths that fill `room` exactly, each at least as wanted where that is possible.
[[nodiscard]] std::vector<int> fittedWidths(std::vector<int> wanted, int room);

} // namespace ui
