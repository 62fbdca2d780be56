// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace ui {

/// A table with a column of boxes to check. A click on a box is not a choice of its row; the space bar is
/// meant for the boxes of all chosen rows.
class CheckTable : public QTableView {
    Q_OBJECT

public:
    explicit CheckTable(int column, QWidget* parent = nullptr);

signals:
    void boxClicked(const QModelIndex& index);
    void spacePressed();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QModelIndex boxAt(const QMouseEvent& event) const;

    int m_column;
    QPersistentModelIndex m_pressed;
};

} // namespace ui
