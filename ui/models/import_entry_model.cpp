// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/import_entry_model.h"

#include <algorithm>

namespace ui {

using EntryKind = ImportEntry::Kind;

int ImportEntryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int ImportEntryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

bool ImportEntryModel::isTaken(const ImportEntry& entry) const
{
    return entry.kind == EntryKind::Provider ? m_providers.count(entry.name) > 0
                                             : m_needed.count(entry.name) > 0;
}

QString ImportEntryModel::noteOf(const ImportEntry& entry) const
{
    if (entry.kind == EntryKind::Provider) {
        const QString with = isTaken(entry) ? tr("Comes along.") : tr("Is not needed.");
        return entry.note.isEmpty() ? with : with + QLatin1Char(' ') + entry.note;
    }
    if (isTaken(entry) && m_chosen.count(entry.name) == 0)
        return tr("Another one leads here, so it comes along.");
    return entry.note;
}

QVariant ImportEntryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ImportEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    if (role == Qt::CheckStateRole && index.column() == Name && entry.kind != EntryKind::Provider)
        return isTaken(entry) ? Qt::Checked : Qt::Unchecked;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
    case Name:
        return QString::fromStdString(entry.name);
    case Kind:
        return entry.kind == EntryKind::Route   ? tr("Route")
               : entry.kind == EntryKind::Alias ? tr("Alias")
                                                : tr("Provider");
    case What:
        return entry.what;
    default:
        return noteOf(entry);
    }
}

bool ImportEntryModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !flags(index).testFlag(Qt::ItemIsUserCheckable)) return false;
    const std::string& name = m_entries[static_cast<std::size_t>(index.row())].name;
    if (value.toInt() == Qt::Checked)
        m_chosen.insert(name);
    else
        m_chosen.erase(name);
    refresh();
    emit dataChanged(this->index(0, 0), this->index(rowCount() - 1, ColumnCount - 1));
    emit choiceChanged();
    return true;
}

Qt::ItemFlags ImportEntryModel::flags(const QModelIndex& index) const
{
    if (!index.isValid()) return Qt::NoItemFlags;
    const ImportEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == Name && entry.kind != EntryKind::Provider) flags |= Qt::ItemIsUserCheckable;
    return flags;
}

QVariant ImportEntryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString names[ColumnCount] = {tr("Name"), tr("Is a"), tr("What it is"), tr("To know")};
    return section >= 0 && section < ColumnCount ? names[section] : QVariant();
}

void ImportEntryModel::setReading(const ImportReading& reading)
{
    beginResetModel();
    m_reading = reading;
    m_entries = importEntries(reading);
    m_chosen.clear();
    for (const ImportEntry& entry : m_entries) {
        if (entry.kind != EntryKind::Provider) m_chosen.insert(entry.name);
    }
    refresh();
    endResetModel();
}

void ImportEntryModel::refresh()
{
    m_needed = withWhatTheyNeed(m_reading, m_chosen);
    m_providers.clear();
    for (const gateway::ProviderConfig& provider : importedConfig(m_reading, m_chosen).providers) {
        m_providers.insert(provider.id.text);
    }
}

int ImportEntryModel::takenCount() const
{
    return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(),
                                          [this](const ImportEntry& entry) { return isTaken(entry); }));
}

int ImportReportModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int ImportReportModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ImportReportModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const gateway::ImportLine& line = m_lines[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case Line:
        return line.line == 0 ? QString() : QString::number(line.line);
    case From:
        return QString::fromStdString(line.from);
    case To:
        return line.to.empty() ? tr("✗ not taken over") : QString::fromStdString(line.to);
    default:
        return QString::fromStdString(line.note);
    }
}

QVariant ImportReportModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString names[ColumnCount] = {tr("Line"), tr("In the file"), tr("Here"), tr("Note")};
    return section >= 0 && section < ColumnCount ? names[section] : QVariant();
}

void ImportReportModel::setLines(const std::vector<gateway::ImportLine>& lines)
{
    beginResetModel();
    m_lines = lines;
    endResetModel();
}

int ImportReportModel::mappedCount() const
{
    return static_cast<int>(
        std::count_if(m_lines.begin(), m_lines.end(), [](const auto& line) { return !line.to.empty(); }));
}

} // namespace ui
