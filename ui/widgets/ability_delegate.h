// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/table_look.h"

namespace ui {

/// Paints what a model can do as a row of small pictures; each ability has its place, so that columns of them
/// can be compared. The cell's text names them for screen readers, its tool tip explains them.
class AbilityDelegate : public RowDelegate {
    Q_OBJECT

public:
    /// Reads the bits of Ability from `abilitiesRole`.
    explicit AbilityDelegate(int abilitiesRole, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// How wide a column must be for all pictures.
    [[nodiscard]] static int neededWidth();

private:
    int m_abilitiesRole;
};

/// Paints the box of a cell in its middle, in the look of the other boxes.
class BoxDelegate : public RowDelegate {
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace ui
