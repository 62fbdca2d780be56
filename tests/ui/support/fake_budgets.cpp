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
    cursor.prefix = "tp-AbC";
    cursor.created = "2026-03-02T12:00:00Z";
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
    activity.keyUses = {{gateway::VirtualKeyId("cursor"), now - 3 * hour, "cursor/1.7", "/usr/bin/cursor"}};
}

void addAlerts(std::vector<gateway::Alert>& history, gateway::ActivitySnapshot& activity)
{
    using Kind = gateway::Alert::Kind;
    using Level = gateway::Alert::Level;
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    const std::int64_t minute = 60'000'000;
    const auto add = [&](std::int64_t minutesAgo, Kind kind, Level level, const char* subject,
                         const char* text) {
        history.push_back({++activity.lastAlertId, now - minutesAgo * minute, kind, level, subject, text});
    };
    add(4000, Kind::ProviderDown, Level::Critical, "groq",
        "Groq has not answered for 2 minutes (connection refused). Requests go to other targets where a "
        "route "
        "has some. Look at the provider's status page, then test it.");
    add(1500, Kind::KeyRefused, Level::Critical, "openai/work",
        "OpenAI refused the key work (401). Put it right there or replace it, then test it.");
    add(300, Kind::AgentLoop, Level::Warning, "claude-code-7f3a",
        "claude-code has called the tool read_file 8 times with the same arguments. Look at the session, or "
        "stop it.");
    add(90, Kind::BudgetMark, Level::Info, "everything", "Half of the budget everything is spent.");
    add(40, Kind::BudgetMark, Level::Warning, "opus", "80% of the budget opus are spent: $4.00 of $5.");
    add(12, Kind::BudgetUsedUp, Level::Critical, "trial",
        "The budget trial is used up. Requests go on, as it only warns.");
}

gateway::SpendQuestion madeUpQuestion()
{
    gateway::SpendQuestion question;
    question.id = 1;
    question.kind = gateway::SpendQuestion::Kind::Budget;
    question.subject = "opus";
    question.reason = "The budget opus ($5 a day) is used up.";
    question.key = "cursor";
    question.client = "cursor";
    question.program = "/usr/bin/cursor";
    question.repository = "/home/ada/turnpike";
    question.model = "claude-opus-4-5";
    question.spentNanos = 5'020'000'000;
    question.limitNanos = 5'000'000'000;
    question.moreNanos = 5'000'000'000;
    question.waiting = 1;
    return question;
}

} // namespace ui
