// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QObject>

#include "models/model_table_model.h"

class QTableView;

namespace ui {

/// Widths of the columns of the table of models: as wide as what they hold, as far as there is room; where
/// there is little, the less important ones give way. Belongs to the table.
class ModelColumns : public QObject {
    Q_OBJECT

public:
    /// The table has its model and its delegates already.
    explicit ModelColumns(QTableView* table);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    using Widths = std::array<int, ModelTableModel::ColumnCount>;

    void measureAll();
    void measure(int firstRow, int lastRow);
    void fit();
    void spread(Widths& widths, int left) const;

    QTableView* m_table;
    Widths m_wanted{}; // by the widest text so far, each up to its limit
};

} // namespace ui
