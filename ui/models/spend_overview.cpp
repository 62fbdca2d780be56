// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/spend_overview.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <QCoreApplication>

#include "models/budget_forecast.h"
#include "models/format.h"

namespace ui {
namespace {

constexpr int kNearPercent = 80;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::SpendOverview)
};

// What the budgets of the configuration and those of keys have in common.
struct Amount {
    std::string name;
    bool ofKey;
    std::optional<std::string> usd;
    gateway::BudgetPeriod per;
    int nearPercent;
};

std::vector<Amount> amountsOf(const gateway::Config& config)
{
    std::vector<Amount> amounts;
    for (const gateway::BudgetConfig& budget : config.budgets) {
        const auto first = std::min_element(budget.warnAt.begin(), budget.warnAt.end());
        const int near = first == budget.warnAt.end() ? 100 : *first;
        amounts.push_back({budget.id.text, false, budget.usd, budget.per, near});
    }
    for (const gateway::VirtualKeyConfig& key : config.keys) {
        if (key.budget)
            amounts.push_back({key.id.text, true, key.budget->usd, key.budget->per, kNearPercent});
    }
    return amounts;
}

QString todayText(const gateway::Config& config, const gateway::ActivitySnapshot& activity,
                  std::int64_t todayNanos)
{
    const QString spent = formatMoney(todayNanos);
    for (const gateway::BudgetConfig& budget : config.budgets) {
        if (budget.per != gateway::BudgetPeriod::Day || budget.scope != gateway::BudgetScope()) continue;
        if (const gateway::BudgetState* state = budgetStateOf(activity.budgets, budget.id.text, false))
            return Text::tr("Today %1 of %2").arg(spent, dollarsText(roomOf(*state)));
    }
    return Text::tr("%1 today").arg(spent);
}

} // namespace

QString SpendOverview::budgetText() const
{
    return (ofKey ? Text::tr("Key %1: %2") : QStringLiteral("%1: %2")).arg(name, cell.text);
}

SpendOverview spendOverview(const gateway::Config& config, const gateway::ActivitySnapshot& activity,
                            std::int64_t todayNanos, const QDateTime& now)
{
    SpendOverview overview;
    overview.today = todayText(config, activity, todayNanos);
    const std::vector<Amount> amounts = amountsOf(config);
    for (const Amount& amount : amounts) {
        const gateway::BudgetState* state = budgetStateOf(activity.budgets, amount.name, amount.ofKey);
        SpentCell cell = spentCell(amount.usd, amount.per, state, amount.nearPercent);
        if (cell.tone == SpentCell::Tone::Undecided) continue;
        if (overview.hasBudget() && cell.spent <= overview.cell.spent) continue;
        cell.note = forecastText(*state, amount.per, now);
        overview.name = QString::fromStdString(amount.name);
        overview.ofKey = amount.ofKey;
        overview.cell = cell;
    }
    return overview;
}

} // namespace ui
