// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alert_text.h"

#include <algorithm>

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include "models/request_filter.h"

namespace ui {
namespace {

using Kind = gateway::Alert::Kind;
using Level = gateway::Alert::Level;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::AlertText)
};

AlertPlace placeOfBudget(const QString& name, const gateway::Config& config)
{
    const std::string id = name.toStdString();
    const bool known = std::any_of(config.budgets.begin(), config.budgets.end(),
                                   [&](const gateway::BudgetConfig& budget) { return budget.id.text == id; });
    const QString page = QStringLiteral("keys");
    if (known) return {page, QStringLiteral("budget:") + name};
    if (config.findKey(id) != nullptr) return {page, QStringLiteral("key:") + name};
    return {page, QStringLiteral("budgets")};
}

/// The filter of the page Requests for a session. One that the loop guard had to name itself,
/// "KEY/CLIENT#NUMBER", is not in the log: those of the same key and program are shown.
QString sessionFilter(const QString& session, const gateway::Config& config)
{
    static const QRegularExpression kNamed(QStringLiteral("^([^/]*)/(.*)#[0-9a-f]{1,16}$"));
    const QRegularExpressionMatch named = kNamed.match(session);
    const QString key = named.captured(1);
    if (!named.hasMatch() || (!key.isEmpty() && config.findKey(key.toStdString()) == nullptr))
        return RequestFilter::written(QStringLiteral("session"), session);
    QStringList parts{RequestFilter::written(QStringLiteral("key"), key),
                      RequestFilter::written(QStringLiteral("client"), named.captured(2))};
    parts.removeAll(QString());
    return parts.join(QLatin1Char(' '));
}

} // namespace

const std::vector<Kind>& alertKinds()
{
    static const std::vector<Kind> kKinds{Kind::BudgetMark,   Kind::BudgetUsedUp, Kind::AgentLoop,
                                          Kind::ProviderDown, Kind::KeyRefused,   Kind::SpendingPaused,
                                          Kind::LogTrouble};
    return kKinds;
}

QString kindText(Kind kind)
{
    switch (kind) {
    case Kind::BudgetMark:
        return Text::tr("Budget mark");
    case Kind::BudgetUsedUp:
        return Text::tr("Budget used up");
    case Kind::AgentLoop:
        return Text::tr("Agent loop");
    case Kind::ProviderDown:
        return Text::tr("Provider down");
    case Kind::KeyRefused:
        return Text::tr("Key refused");
    case Kind::LogTrouble:
        return Text::tr("Request log");
    case Kind::SpendingPaused:
        return Text::tr("Spending paused");
    case Kind::Undecided:
        break;
    }
    return Text::tr("Other");
}

QString levelText(Level level)
{
    switch (level) {
    case Level::Warning:
        return Text::tr("Warning");
    case Level::Critical:
        return Text::tr("Critical");
    case Level::Info:
    case Level::Undecided:
        break;
    }
    return Text::tr("Info");
}

Outcome outcomeOf(Level level)
{
    if (level == Level::Critical) return Outcome::Bad;
    return level == Level::Warning ? Outcome::Warning : Outcome::Good;
}

AlertTopic topicOf(Kind kind)
{
    switch (kind) {
    case Kind::BudgetMark:
    case Kind::BudgetUsedUp:
    case Kind::SpendingPaused:
        return AlertTopic::Budgets;
    case Kind::AgentLoop:
        return AlertTopic::Loops;
    case Kind::ProviderDown:
    case Kind::KeyRefused:
        return AlertTopic::Providers;
    case Kind::LogTrouble:
    case Kind::Undecided:
        break;
    }
    return AlertTopic::Undecided;
}

AlertPlace placeOf(const gateway::Alert& alert, const gateway::Config& config)
{
    const QString subject = QString::fromStdString(alert.subject);
    switch (alert.kind) {
    case Kind::BudgetMark:
    case Kind::BudgetUsedUp:
        return placeOfBudget(subject, config);
    case Kind::ProviderDown:
    case Kind::KeyRefused: // "openai/work" is a key of the provider.
        return {QStringLiteral("providers"), subject.section(QLatin1Char('/'), 0, 0)};
    case Kind::AgentLoop:
        return {QStringLiteral("requests"), sessionFilter(subject, config)};
    case Kind::LogTrouble:
        return {QStringLiteral("settings"), QStringLiteral("config")};
    case Kind::SpendingPaused:
    case Kind::Undecided:
        break;
    }
    return {QStringLiteral("keys"), QStringLiteral("budgets")};
}

} // namespace ui
