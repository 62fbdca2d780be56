// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QTableView;

namespace ui {

/// Widths of the columns of a table of requests; in a narrow table the less important ones give way, so that
/// what is left can be read. Belongs to the table.
class RequestColumns : public QObject {
    Q_OBJECT

public:
    explicit RequestColumns(QTableView* table);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fit(int width);

    QTableView* m_table;
};

} // namespace ui
