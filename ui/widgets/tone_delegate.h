// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/table_look.h"

namespace ui {

/// Writes cells in the colour of their tone ("good", "warn", "bad") and those that are strong bold. Roles
/// below 0 are not asked for.
class ToneDelegate : public RowDelegate {
    Q_OBJECT

public:
    ToneDelegate(int toneRole, int strongRole, QObject* parent = nullptr);

    /// How wide a cell must be for its text not to be cut, bold or not.
    [[nodiscard]] int neededWidth(const QAbstractItemView& view, const QModelIndex& index) const;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    int m_toneRole;
    int m_strongRole;
};

} // namespace ui
