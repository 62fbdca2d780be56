// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budgets_model.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <QDateTime>

#include "models/budget_forecast.h"
#include "models/budget_text.h"

namespace ui {
namespace {

constexpr int kFull = 100;

SpentCell cellOf(const gateway::BudgetConfig& budget, const gateway::BudgetState* state)
{
    const auto first = std::min_element(budget.warnAt.begin(), budget.warnAt.end());
    SpentCell cell = spentCell(budget.usd, budget.per, state, first == budget.warnAt.end() ? kFull : *first);
    if (cell.tone != SpentCell::Tone::Undecided)
        cell.note = forecastText(*state, budget.per, QDateTime::currentDateTime());
    return cell;
}

QString cellText(const gateway::BudgetConfig& budget, int column, const gateway::BudgetState* state)
{
    switch (column) {
    case BudgetsModel::Name:
        return QString::fromStdString(budget.id.text);
    case BudgetsModel::Scope:
        return scopeText(budget.scope);
    case BudgetsModel::Spent:
        return cellOf(budget, state).text;
    case BudgetsModel::Pace:
        return paceText(state, budget.per, QDateTime::currentDateTime());
    case BudgetsModel::Anew:
        return anewText(budget.per, state, QDateTime::currentDateTime());
    case BudgetsModel::AtLimit:
        return atLimitText(budget);
    default:
        return {};
    }
}

} // namespace

void BudgetsModel::setBudgets(const std::vector<gateway::BudgetConfig>& budgets)
{
    if (budgets == m_budgets) return;
    const bool sameNames = std::equal(budgets.begin(), budgets.end(), m_budgets.begin(), m_budgets.end(),
                                      [](const auto& a, const auto& b) { return a.id == b.id; });
    if (sameNames) {
        m_budgets = budgets;
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_budgets = budgets;
    endResetModel();
}

void BudgetsModel::setStates(const std::vector<gateway::BudgetState>& states)
{
    std::vector<gateway::BudgetState> own;
    std::copy_if(states.begin(), states.end(), std::back_inserter(own),
                 [](const gateway::BudgetState& state) { return !state.ofKey; });
    if (own == m_states) return;
    m_states = std::move(own);
    if (rowCount() > 0) emit dataChanged(index(0, Spent), index(rowCount() - 1, Anew));
}

int BudgetsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_budgets.size());
}

int BudgetsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BudgetsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::BudgetConfig& budget = m_budgets[static_cast<std::size_t>(index.row())];
    const gateway::BudgetState* state = budgetStateOf(m_states, budget.id.text, false);
    const bool spent = index.column() == Spent;
    switch (role) {
    case Qt::DisplayRole:
        return cellText(budget, index.column(), state);
    case Qt::AccessibleTextRole:
        return spent ? spokenText(cellOf(budget, state)) : cellText(budget, index.column(), state);
    case Qt::ToolTipRole:
        return spent ? QVariant(spokenText(cellOf(budget, state))) : QVariant();
    case SpentRole:
        return QVariant::fromValue(cellOf(budget, state));
    default:
        return {};
    }
}

QVariant BudgetsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QStringList names{tr("Name"), tr("Counts"),      tr("Spent"),
                            tr("Pace"), tr("Begins anew"), tr("At the limit")};
    const bool wanted = orientation == Qt::Horizontal && role == Qt::DisplayRole;
    return wanted ? QVariant(names.value(section)) : QVariant();
}

const gateway::BudgetConfig* BudgetsModel::budgetAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_budgets[static_cast<std::size_t>(row)] : nullptr;
}

const gateway::BudgetState* BudgetsModel::stateAt(int row) const
{
    const gateway::BudgetConfig* budget = budgetAt(row);
    return budget == nullptr ? nullptr : budgetStateOf(m_states, budget->id.text, false);
}

int BudgetsModel::rowOf(const gateway::BudgetId& id) const
{
    const auto found =
        std::find_if(m_budgets.begin(), m_budgets.end(), [&](const auto& each) { return each.id == id; });
    return found == m_budgets.end() ? -1 : static_cast<int>(found - m_budgets.begin());
}

} // namespace ui
