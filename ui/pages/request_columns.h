// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QObject>

#include "models/request_table_model.h"

class QTableView;

namespace ui {

/// Widths of the columns of a table of requests: as wide as what they hold, as far as there is room. In a
/// narrow table the less important ones give way, so that what is left can be read. Belongs to the table.
class RequestColumns : public QObject {
    Q_OBJECT

public:
    /// The table has its model already.
    explicit RequestColumns(QTableView* table);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    using Widths = std::array<int, RequestTableModel::ColumnCount>;

    void measureAll();
    void measure(int firstRow, int lastRow);
    void fit();
    /// The width of each column that is shown, 0 of the others, before what is left over is given out.
    [[nodiscard]] Widths leastWidths(int room) const;
    void setWidths(const Widths& widths);

    QTableView* m_table;
    Widths m_wanted{}; // by the widest text so far, each up to its limit
};

} // namespace ui
