// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/fake_budgets.h"

#include <QDateTime>

namespace ui {

void addBudgets(gateway::Config& config, gateway::ActivitySnapshot& activity)
{
    using Period = gateway::BudgetPeriod;
    const auto add = [&config](const char* id, const char* usd, Period per) -> gateway::BudgetConfig& {
        gateway::BudgetConfig& made = config.budgets.emplace_back();
        made.id = gateway::BudgetId(id);
        made.usd = usd;
        made.per = per;
        return made;
    };
    gateway::VirtualKeyConfig& cursor = config.keys.back();
    cursor.budget = gateway::KeyBudget{"10", Period::Day};
    cursor.limits.rpm = 60;
    cursor.limits.tpm = 200'000;
    add("everything", "200", Period::Month).warnAt = {50, 80};
    add("opus", "5", Period::Day).scope.model = "claude-opus-*";
    gateway::BudgetConfig& trial = add("trial", "20", Period::Total);
    trial.scope.key = "cursor";
    trial.atLimit = gateway::AtLimit::Warn;
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    const std::int64_t hour = 3'600'000'000;
    const std::int64_t cent = 10'000'000;
    activity.budgets = {
        {"everything", false, 20'000 * cent, 8'420 * cent, 310 * cent, now - 216 * hour, now + 504 * hour,
         true},
        {"opus", false, 500 * cent, 460 * cent, 0, now - 14 * hour, now + 10 * hour, true},
        {"trial", false, 2'000 * cent, 2'040 * cent, 0, 0, 0, true},
        {"cursor", true, 1'000 * cent, 184 * cent, 0, now - 14 * hour, now + 10 * hour, true}};
}

} // namespace ui
