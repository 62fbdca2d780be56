// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/key_table_models.h"

#include <QDateTime>

namespace ui {
namespace {

QString joined(const std::vector<std::string>& parts)
{
    QStringList list;
    for (const std::string& part : parts) {
        list.append(QString::fromStdString(part));
    }
    return list.join(QStringLiteral(", "));
}

QDateTime expiryOf(const gateway::VirtualKeyConfig& key)
{
    const QString text = QString::fromStdString(key.expires);
    QDateTime when = QDateTime::fromString(text, Qt::ISODate);
    if (when.isValid() && text.size() <= 10) when = when.addDays(1); // A bare date counts to its end.
    return when;
}

bool isExpired(const gateway::VirtualKeyConfig& key)
{
    const QDateTime when = expiryOf(key);
    return when.isValid() && when < QDateTime::currentDateTime();
}

QVariant headerName(const QStringList& names, int section, Qt::Orientation orientation, int role)
{
    const bool wanted = orientation == Qt::Horizontal && role == Qt::DisplayRole;
    if (!wanted || section < 0 || section >= names.size()) return {};
    return names[section];
}

} // namespace

void VirtualKeysModel::setKeys(const std::vector<gateway::VirtualKeyConfig>& keys)
{
    if (keys == m_keys) return;
    beginResetModel();
    m_keys = keys;
    endResetModel();
}

int VirtualKeysModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
}

int VirtualKeysModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VirtualKeysModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole) return {};
    const gateway::VirtualKeyConfig& key = m_keys[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case Name:
        return QString::fromStdString(key.id.text);
    case Models:
        return key.models.empty() ? tr("All") : joined(key.models);
    case Expires:
        return key.expires.empty() ? tr("Never") : QString::fromStdString(key.expires);
    case State:
        if (key.paused) return tr("Paused");
        return isExpired(key) ? tr("Expired") : tr("Active");
    default:
        return {};
    }
}

QVariant VirtualKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return headerName({tr("Name"), tr("Models"), tr("Expires"), tr("State")}, section, orientation, role);
}

gateway::VirtualKeyId VirtualKeysModel::idAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_keys[static_cast<std::size_t>(row)].id : gateway::VirtualKeyId{};
}

} // namespace ui
