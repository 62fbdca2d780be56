// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QTableView;

namespace ui {

/// The one look of all tables: rows of 40 px, no grid, whole rows chosen, nothing wraps.
void setUpTable(QTableView* table, const QString& accessibleName);

/// Paints a status as a pill: colour, dot and the text itself. Reads the colour from `outcomeRole` (an
/// Outcome).
class StatusPillDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit StatusPillDelegate(int outcomeRole, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    int m_outcomeRole;
};

} // namespace ui
