// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/key_table_models.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <QDateTime>

#include "models/budget_text.h"
#include "models/request_table_model.h"

namespace ui {
namespace {

constexpr int kNearPercent = 80; // as budgets warn where nothing else is said

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

QString stateText(const gateway::VirtualKeyConfig& key)
{
    if (key.paused) return VirtualKeysModel::tr("Paused");
    return isExpired(key) ? VirtualKeysModel::tr("Expired") : VirtualKeysModel::tr("Active");
}

Outcome outcomeOf(const gateway::VirtualKeyConfig& key)
{
    if (key.paused) return Outcome::Warning;
    return isExpired(key) ? Outcome::Bad : Outcome::Good;
}

QString cellText(const gateway::VirtualKeyConfig& key, int column, const SpentCell& spent)
{
    switch (column) {
    case VirtualKeysModel::Name:
        return QString::fromStdString(key.id.text);
    case VirtualKeysModel::Models:
        return key.models.empty() ? VirtualKeysModel::tr("All") : joined(key.models);
    case VirtualKeysModel::Limits:
        return limitsText(key.limits);
    case VirtualKeysModel::Budget:
        return spent.text;
    case VirtualKeysModel::Expires:
        return key.expires.empty() ? VirtualKeysModel::tr("Never") : QString::fromStdString(key.expires);
    case VirtualKeysModel::State:
        return stateText(key);
    default:
        return {};
    }
}

} // namespace

void VirtualKeysModel::setKeys(const std::vector<gateway::VirtualKeyConfig>& keys)
{
    if (keys == m_keys) return;
    const bool sameNames = std::equal(keys.begin(), keys.end(), m_keys.begin(), m_keys.end(),
                                      [](const auto& a, const auto& b) { return a.id == b.id; });
    if (sameNames) {
        m_keys = keys;
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_keys = keys;
    endResetModel();
}

void VirtualKeysModel::setBudgets(const std::vector<gateway::BudgetState>& states)
{
    std::vector<gateway::BudgetState> ofKeys;
    std::copy_if(states.begin(), states.end(), std::back_inserter(ofKeys),
                 [](const gateway::BudgetState& state) { return state.ofKey; });
    if (ofKeys == m_states) return;
    m_states = std::move(ofKeys);
    if (rowCount() > 0) emit dataChanged(index(0, Budget), index(rowCount() - 1, Budget));
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
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::VirtualKeyConfig& key = m_keys[static_cast<std::size_t>(index.row())];
    const gateway::KeyBudget budget = key.budget.value_or(gateway::KeyBudget());
    const SpentCell spent =
        spentCell(budget.usd, budget.per, budgetStateOf(m_states, key.id.text, true), kNearPercent);
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return cellText(key, column, spent);
    case Qt::AccessibleTextRole:
        return column == Budget ? spokenText(spent) : cellText(key, column, spent);
    case Qt::ToolTipRole:
        if (column == Budget && key.budget) return spokenText(spent);
        return column == Limits ? limitsStory(key.limits) : QVariant();
    case SpentRole:
        return QVariant::fromValue(spent);
    case OutcomeRole:
        return static_cast<int>(outcomeOf(key));
    default:
        return {};
    }
}

QVariant VirtualKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QStringList names{tr("Name"), tr("Models"), tr("Limits"), tr("Budget"), tr("Expires"), tr("State")};
    const bool wanted = orientation == Qt::Horizontal && role == Qt::DisplayRole;
    return wanted ? QVariant(names.value(section)) : QVariant();
}

const gateway::VirtualKeyConfig* VirtualKeysModel::keyAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_keys[static_cast<std::size_t>(row)] : nullptr;
}

int VirtualKeysModel::rowOf(const gateway::VirtualKeyId& id) const
{
    const auto found =
        std::find_if(m_keys.begin(), m_keys.end(), [&](const auto& key) { return key.id == id; });
    return found == m_keys.end() ? -1 : static_cast<int>(found - m_keys.begin());
}

} // namespace ui
