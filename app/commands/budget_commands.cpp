// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <QString>
#include <QStringList>

#include "gateway/config_io.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

using gateway::AtLimit;
using gateway::BudgetConfig;
using gateway::BudgetScope;
using gateway::clientError;
using gateway::Code;
using gateway::Config;
using gateway::Outcome;

namespace {

constexpr std::array kScopeParts = {std::pair{"provider", &BudgetScope::provider},
                                    std::pair{"model", &BudgetScope::model},
                                    std::pair{"route", &BudgetScope::route},
                                    std::pair{"key", &BudgetScope::key},
                                    std::pair{"tag", &BudgetScope::tag},
                                    std::pair{"client", &BudgetScope::client},
                                    std::pair{"repository", &BudgetScope::repository}};

std::string scopeText(const BudgetScope& scope)
{
    std::string text;
    for (const auto& [name, part] : kScopeParts) {
        const std::string& glob = scope.*part;
        if (!glob.empty()) text += (text.empty() ? "" : ",") + std::string(name) + "=" + glob;
    }
    return text.empty() ? "everything" : text;
}

Json scopeJson(const BudgetScope& scope)
{
    Json json = Json::object();
    for (const auto& [name, part] : kScopeParts) {
        if (!(scope.*part).empty()) json[name] = scope.*part;
    }
    return json;
}

Json jsonOf(const BudgetConfig& budget)
{
    return {{"name", budget.id.text},
            {"usd", budget.usd ? Json::parse(*budget.usd, nullptr, false) : Json()},
            {"per", std::string(gateway::budgetPeriodName(budget.per))},
            {"scope", scopeJson(budget.scope)},
            {"at_limit", std::string(gateway::atLimitName(budget.atLimit))},
            {"route", budget.route.empty() ? Json() : Json(budget.route.text)},
            {"warn_at", budget.warnAt}};
}

/// "key=cursor,model=gpt-*".
std::optional<BudgetScope> scopeIn(const std::string& text)
{
    BudgetScope scope;
    for (const QString& each : QString::fromStdString(text).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const qsizetype equals = each.indexOf(QLatin1Char('='));
        if (equals < 0) return std::nullopt;
        const std::string name = each.left(equals).trimmed().toStdString();
        const auto part = std::find_if(kScopeParts.begin(), kScopeParts.end(),
                                       [&](const auto& row) { return row.first == name; });
        if (part == kScopeParts.end()) return std::nullopt;
        scope.*(part->second) = each.mid(equals + 1).trimmed().toStdString();
    }
    return scope;
}

std::optional<std::vector<int>> percentsIn(const std::string& text)
{
    std::vector<int> percents;
    for (const QString& each : QString::fromStdString(text).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        bool isNumber = false;
        percents.push_back(each.trimmed().toInt(&isNumber));
        if (!isNumber) return std::nullopt;
    }
    return percents;
}

/// What the options say; the rest of the budget stays as it is.
Outcome readOptions(const CommandLine& line, BudgetConfig& budget)
{
    if (line.has("usd")) {
        bool isNumber = false;
        const std::string usd = line.value("usd");
        const double amount = QString::fromStdString(usd).toDouble(&isNumber);
        if (!isNumber || amount < 0)
            return clientError(Code::InvalidRequest, "--usd needs US dollars, as 10 or 2.50.");
        budget.usd = usd;
    }
    if (line.has("per")) {
        const auto per = gateway::budgetPeriod(line.value("per"));
        if (!per)
            return clientError(Code::InvalidRequest,
                               "--per needs hour, day, week, month, rolling_day or total.");
        budget.per = *per;
    }
    if (line.has("scope")) {
        auto scope = scopeIn(line.value("scope"));
        if (!scope)
            return clientError(Code::InvalidRequest,
                               "--scope needs NAME=GLOB, the name being key, tag, client, repository, route, "
                               "provider or model.");
        budget.scope = *std::move(scope);
    }
    if (line.has("at-limit")) {
        const auto rule = gateway::atLimit(line.value("at-limit"));
        if (!rule) return clientError(Code::InvalidRequest, "--at-limit needs block, reroute, warn or ask.");
        budget.atLimit = *rule;
        if (budget.atLimit != AtLimit::Reroute) budget.route = gateway::RouteId();
    }
    if (line.has("route")) budget.route = gateway::RouteId(line.value("route"));
    if (line.has("warn-at")) {
        auto percents = percentsIn(line.value("warn-at"));
        if (!percents) return clientError(Code::InvalidRequest, "--warn-at needs percents, as 50,80.");
        budget.warnAt = *std::move(percents);
    }
    return gateway::Done{};
}

} // namespace

int runBudgetList(const CommandLine& line)
{
    const auto loaded = loadConfig(line.configPath);
    if (!loaded) return failWith(loaded.error(), line.json);
    const std::vector<BudgetConfig>& budgets = loaded->config.budgets;
    if (line.json) {
        Json list = Json::array();
        for (const BudgetConfig& budget : budgets)
            list.push_back(jsonOf(budget));
        printJson(list);
        return kDone;
    }
    if (budgets.empty()) {
        complain("there are no budgets yet; make one with: turnpiked budget set NAME --usd 10 --per day");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(budgets.size());
    for (const BudgetConfig& budget : budgets) {
        const std::string rule = std::string(gateway::atLimitName(budget.atLimit));
        rows.push_back(
            {budget.id.text,
             "$" + budget.usd.value_or("0") + "/" + std::string(gateway::budgetPeriodName(budget.per)),
             scopeText(budget.scope), budget.route.empty() ? rule : rule + " to " + budget.route.text});
    }
    printTable({"NAME", "LIMIT", "SCOPE", "AT LIMIT"}, rows);
    return kDone;
}

int runBudgetSet(const CommandLine& line)
{
    const std::string& name = line.operands.front();
    BudgetConfig now;
    const Outcome edited = editConfig(line.configPath, [&](Config& config) -> Outcome {
        auto found = std::find_if(config.budgets.begin(), config.budgets.end(),
                                  [&name](const BudgetConfig& budget) { return budget.id.text == name; });
        BudgetConfig budget;
        budget.id = gateway::BudgetId(name);
        if (found != config.budgets.end()) budget = *found;
        if (Outcome read = readOptions(line, budget); !read) return read;
        now = budget;
        if (found != config.budgets.end())
            *found = budget;
        else
            config.budgets.push_back(budget);
        return gateway::Done{};
    });
    if (!edited) return failWith(edited.error(), line.json);
    if (line.json)
        printJson(jsonOf(now));
    else
        printLine("The budget \"" + name + "\": $" + now.usd.value_or("0") + "/" +
                  std::string(gateway::budgetPeriodName(now.per)) + " of " + scopeText(now.scope) + ", " +
                  std::string(gateway::atLimitName(now.atLimit)) + " when it is used up.");
    return kDone;
}

int runBudgetDelete(const CommandLine& line)
{
    const std::string& name = line.operands.front();
    const Outcome edited = editConfig(line.configPath, [&name](Config& config) -> Outcome {
        const auto count = std::erase_if(
            config.budgets, [&name](const BudgetConfig& budget) { return budget.id.text == name; });
        if (count > 0) return gateway::Done{};
        return gateway::gatewayError(Code::Internal, "There is no budget \"" + name +
                                                         "\". See them with: turnpiked budget list");
    });
    if (!edited) return failWith(edited.error(), line.json);
    if (line.json)
        printJson({{"name", name}, {"deleted", true}});
    else
        printLine("The budget \"" + name + "\" is deleted.");
    return kDone;
}

} // namespace app
