// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QAbstractTableModel>

#include "gateway/answer_cache.h"

namespace ui {

/// Answers that are kept, as they were read last.
class CachedAnswersModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Prompt, Model, Owner, Hits, Age, Left, Size, Saved, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows stay where they are while the keys are the same. `now`: seconds since 1970.
    void setEntries(std::vector<gateway::CacheEntry> entries, std::int64_t now);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Null where there is no such row; until the next setEntries().
    [[nodiscard]] const gateway::CacheEntry* entryAt(int row) const;
    /// -1 where it is not among them.
    [[nodiscard]] int rowOf(const std::string& key) const;

private:
    [[nodiscard]] QString textOf(const gateway::CacheEntry& entry, int column) const;

    std::vector<gateway::CacheEntry> m_entries;
    std::int64_t m_now = 0;
};

} // namespace ui
