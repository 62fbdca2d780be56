// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "gateway/snapshot.h"

namespace ui {

/// What a provider says was used beside what the log says: day by day, or summed up by model. Every text says
/// whether the two agree; the colour only repeats it. GUI thread.
class ReconcileModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Day, Model, Kind, Theirs, Ours, Difference, ColumnCount };
    enum Role { ToneRole = Qt::UserRole + 1 }; // "good", "warn" or "bad"

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setRows(std::vector<gateway::ReconcileRow> rows);
    /// By model instead of day by day; without what is equal.
    void setLook(bool summed, bool differencesOnly);
    [[nodiscard]] bool isSummed() const { return m_summed; }
    /// Of all rows, day by day.
    [[nodiscard]] int differences() const;
    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }
    /// Of what is on show, with exact figures.
    [[nodiscard]] QString csv() const;

private:
    void show();

    std::vector<gateway::ReconcileRow> m_rows;
    std::vector<gateway::ReconcileRow> m_shown;
    bool m_summed = false;
    bool m_differencesOnly = false;
};

/// "+1,200 (+3.1%)": by how much theirs is above ours; "equal".
[[nodiscard]] QString differenceText(const gateway::ReconcileRow& row);
/// "Input tokens", "Cost".
[[nodiscard]] QString kindName(const std::string& kind);

} // namespace ui
