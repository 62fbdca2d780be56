// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QAbstractItemView;
class QTableView;

namespace ui {

/// The one look of all tables: rows of 40 px, no grid, whole rows chosen, nothing wraps.
void setUpTable(QTableView* table, const QString& accessibleName);
/// How wide a cell must be for its text not to be cut.
[[nodiscard]] int neededCellWidth(const QAbstractItemView& view, const QModelIndex& index);

/// Lights up the whole row under the pointer, not only a cell of it.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

/// For cells whose text may take several lines: asks for the height that it needs at the column's width. The
/// table wraps words.
class WrapDelegate : public RowDelegate {
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// Writes the cells for which `bestRole` is true bold and in the colour of success; their text says it too.
class BestDelegate : public RowDelegate {
    Q_OBJECT

public:
    explicit BestDelegate(int bestRole, QObject* parent = nullptr);

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    int m_bestRole;
};

/// Paints a status as a pill: colour, dot and the text itself, or its first word where the rest does not fit.
/// Reads the colour from `outcomeRole` (an Outcome).
class StatusPillDelegate : public RowDelegate {
    Q_OBJECT

public:
    explicit StatusPillDelegate(int outcomeRole, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// How wide a column must be for the whole of `text`.
    [[nodiscard]] static int neededWidth(const QAbstractItemView& view, const QString& text);

private:
    int m_outcomeRole;
};

} // namespace ui
