// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/key_table_models.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <QDateTime>

#include "models/budget_forecast.h"
#include "models/key_text.h"
#include "models/request_table_model.h"

namespace ui {
namespace {

constexpr int kNearPercent = 80; // as budgets warn where nothing else is said

QDateTime now()
{
    return QDateTime::currentDateTime();
}

QString stateText(const gateway::VirtualKeyConfig& key)
{
    if (key.paused) return VirtualKeysModel::tr("Paused");
    return isExpired(key, now()) ? VirtualKeysModel::tr("Expired") : VirtualKeysModel::tr("Active");
}

Outcome outcomeOf(const gateway::VirtualKeyConfig& key)
{
    if (key.paused) return Outcome::Warning;
    return isExpired(key, now()) ? Outcome::Bad : Outcome::Good;
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
    m_statePlaces.clear();
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        m_statePlaces.emplace(m_states[i].name, i);
    }
    tell(Budget, Budget);
}

void VirtualKeysModel::setUses(const std::vector<gateway::KeyUse>& uses)
{
    if (uses == m_uses) return;
    m_uses = uses;
    m_usePlaces.clear();
    for (std::size_t i = 0; i < m_uses.size(); ++i) {
        m_usePlaces.emplace(m_uses[i].id.text, i);
    }
    tell(LastUsed, LastUsed);
}

void VirtualKeysModel::tellTimes()
{
    tell(Name, State);
}

void VirtualKeysModel::tell(Column first, Column last)
{
    if (rowCount() > 0) emit dataChanged(index(0, first), index(rowCount() - 1, last));
}

const gateway::KeyUse* VirtualKeysModel::useOf(const gateway::VirtualKeyConfig& key) const
{
    const auto found = m_usePlaces.find(key.id.text);
    return found == m_usePlaces.end() ? nullptr : &m_uses[found->second];
}

const gateway::BudgetState* VirtualKeysModel::stateOf(const gateway::VirtualKeyConfig& key) const
{
    const auto found = m_statePlaces.find(key.id.text);
    return found == m_statePlaces.end() ? nullptr : &m_states[found->second];
}

SpentCell VirtualKeysModel::cellOf(const gateway::VirtualKeyConfig& key, int column) const
{
    SpentCell cell;
    if (column == Name) {
        cell.text = QString::fromStdString(key.id.text);
        cell.note = overlapText(key, now());
        return cell;
    }
    const gateway::KeyBudget budget = key.budget.value_or(gateway::KeyBudget());
    const gateway::BudgetState* state = stateOf(key);
    cell = spentCell(budget.usd, budget.per, state, kNearPercent);
    if (cell.tone != SpentCell::Tone::Undecided) cell.note = forecastText(*state, budget.per, now());
    return cell;
}

QString VirtualKeysModel::textOf(const gateway::VirtualKeyConfig& key, int column) const
{
    switch (column) {
    case Name:
        return QString::fromStdString(key.id.text);
    case Prefix:
        return prefixText(key);
    case Created:
        return createdText(key);
    case LastUsed:
        return lastUsedText(useOf(key), now());
    case Allowed:
        return allowedText(key);
    case Limits:
        return limitsText(key.limits);
    case Budget:
        return cellOf(key, Budget).text;
    case Expires:
        return expiresText(key, now());
    case State:
        return stateText(key);
    default:
        return {};
    }
}

QString VirtualKeysModel::tipOf(const gateway::VirtualKeyConfig& key, int column) const
{
    switch (column) {
    case Name:
        return keyStory(key, useOf(key), now());
    case LastUsed:
        return lastUseStory(useOf(key));
    case Limits:
        return limitsStory(key.limits);
    case Budget:
        return key.budget ? spokenText(cellOf(key, Budget)) : QString();
    case Expires:
        return QString::fromStdString(key.expires);
    default:
        return {};
    }
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
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(key, column);
    case Qt::AccessibleTextRole:
        return column == Budget || column == Name ? spokenText(cellOf(key, column)) : textOf(key, column);
    case Qt::ToolTipRole:
        return tipOf(key, column);
    case SpentRole:
        return QVariant::fromValue(cellOf(key, column));
    case OutcomeRole:
        return static_cast<int>(outcomeOf(key));
    default:
        return {};
    }
}

QVariant VirtualKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QStringList names{tr("Name"),   tr("Prefix"), tr("Created"), tr("Last used"), tr("Models"),
                            tr("Limits"), tr("Budget"), tr("Expires"), tr("State")};
    const bool wanted = orientation == Qt::Horizontal && role == Qt::DisplayRole;
    return wanted ? QVariant(names.value(section)) : QVariant();
}

const gateway::VirtualKeyConfig* VirtualKeysModel::keyAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_keys[static_cast<std::size_t>(row)] : nullptr;
}

const gateway::BudgetState* VirtualKeysModel::stateAt(int row) const
{
    const gateway::VirtualKeyConfig* key = keyAt(row);
    return key == nullptr || !key->budget ? nullptr : stateOf(*key);
}

int VirtualKeysModel::rowOf(const gateway::VirtualKeyId& id) const
{
    const auto found =
        std::find_if(m_keys.begin(), m_keys.end(), [&](const auto& key) { return key.id == id; });
    return found == m_keys.end() ? -1 : static_cast<int>(found - m_keys.begin());
}

} // namespace ui
