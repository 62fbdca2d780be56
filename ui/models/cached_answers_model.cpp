// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cached_answers_model.h"

#include <algorithm>
#include <utility>

#include "models/cache_text.h"
#include "models/format.h"
#include "widgets/build.h"

namespace ui {

void CachedAnswersModel::setEntries(std::vector<gateway::CacheEntry> entries, std::int64_t now)
{
    m_now = now;
    const bool same = std::equal(entries.begin(), entries.end(), m_entries.begin(), m_entries.end(),
                                 [](const auto& one, const auto& other) { return one.key == other.key; });
    if (same) {
        m_entries = std::move(entries);
        if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int CachedAnswersModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int CachedAnswersModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString CachedAnswersModel::textOf(const gateway::CacheEntry& entry, int column) const
{
    switch (column) {
    case Prompt:
        return promptText(entry);
    case Model:
        return QString::fromStdString(entry.model);
    case Owner:
        return ownerText(entry);
    case Hits:
        return formatCount(entry.hits);
    case Age:
        return timeText(m_now - entry.madeAt);
    case Left:
        return timeLeftText(entry, m_now);
    case Size:
        return sizeText(entry.bytes);
    case Saved:
        return formatMoney(entry.savedNanos);
    default:
        return {};
    }
}

QVariant CachedAnswersModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::CacheEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(entry, column);
    case Qt::ToolTipRole:
        if (column == Prompt) return plainToolTip(QString::fromStdString(entry.prompt));
        return column == Owner ? tr("Key %1").arg(keyPrefix(entry)) : QString();
    case Qt::TextAlignmentRole:
        return QVariant((column >= Hits ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant CachedAnswersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section >= Hits ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Owner) return tr("The virtual key whose answers these are");
    const QStringList names{tr("Question"), tr("Model"),     tr("Whose"), tr("Hits"),
                            tr("Age"),      tr("Time left"), tr("Size"),  tr("Saved")};
    return role == Qt::DisplayRole ? QVariant(names.value(section)) : QVariant();
}

const gateway::CacheEntry* CachedAnswersModel::entryAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_entries[static_cast<std::size_t>(row)] : nullptr;
}

int CachedAnswersModel::rowOf(const std::string& key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&key](const gateway::CacheEntry& entry) { return entry.key == key; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

} // namespace ui
