// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/table_look.h"

namespace ui {

struct SpentCell;

/// Paints a SpentCell: its text, a bar below, and its note where there is one. What is set aside continues
/// the bar in a lighter colour. The text says all that the bar shows.
class SpentDelegate : public RowDelegate {
    Q_OBJECT

public:
    explicit SpentDelegate(int spentRole, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// How wide a cell must be for neither its text nor its note to be cut.
    [[nodiscard]] int neededWidth(const QAbstractItemView& view, const QModelIndex& index) const;

    /// The height of rows whose cells have a note.
    static constexpr int kNoteRowHeight = 58;

private:
    int m_spentRole;
};

/// The bar alone, within `bar`.
void paintSpentBar(QPainter& painter, const QRectF& bar, const SpentCell& cell);

} // namespace ui
