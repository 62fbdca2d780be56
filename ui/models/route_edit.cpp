// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_edit.h"

#include <algorithm>

#include <QCoreApplication>

#include "models/config_edit.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteEdit)
};

constexpr const char* kSandbox = "sandbox"; // the built-in provider's name

auto routeIn(gateway::Config& config, const gateway::RouteId& id)
{
    return std::find_if(config.routes.begin(), config.routes.end(),
                        [&](const gateway::RouteConfig& route) { return route.id == id; });
}

} // namespace

QString freeRouteName(const gateway::Config& config, const QString& wanted,
                      const std::vector<std::string>& others)
{
    gateway::Config taken; // The rule for free names is that of providers.
    const auto take = [&taken](const std::string& name) {
        taken.providers.emplace_back().id = gateway::ProviderId(name);
    };
    for (const gateway::RouteConfig& route : config.routes) {
        take(route.id.text);
    }
    std::for_each(others.begin(), others.end(), take);
    return freeProviderName(taken, wanted.isEmpty() ? QStringLiteral("route") : wanted);
}

QString routeNameProblem(const gateway::Config& config, const QString& name)
{
    if (!isValidName(name))
        return Text::tr("The name may hold letters, digits, dots, dashes and underscores.");
    if (name.startsWith(QLatin1String("x-")))
        return Text::tr("Names that begin with x- are kept for your own entries.");
    if (name == QLatin1String(kSandbox))
        return Text::tr("The name sandbox belongs to the built-in provider.");
    if (config.findRoute(name.toStdString()) != nullptr)
        return Text::tr("There is a route of this name already.");
    return {};
}

gateway::Config withRoute(gateway::Config config, const gateway::RouteConfig& route,
                          std::optional<std::size_t> place)
{
    if (const auto present = routeIn(config, route.id); present != config.routes.end()) {
        *present = route;
        return config;
    }
    const std::size_t at = std::min(place.value_or(config.routes.size()), config.routes.size());
    config.routes.insert(config.routes.begin() + static_cast<std::ptrdiff_t>(at), route);
    return config;
}

gateway::Config withoutRoute(gateway::Config config, const gateway::RouteId& id)
{
    std::erase_if(config.routes, [&](const gateway::RouteConfig& route) { return route.id == id; });
    return config;
}

gateway::Config withRenamedRoute(gateway::Config config, const gateway::RouteId& from,
                                 const gateway::RouteId& to)
{
    for (gateway::RouteConfig& route : config.routes) {
        if (route.id == from) route.id = to;
        for (gateway::TargetConfig& target : route.targets) {
            if (target.route == from) target.route = to;
        }
        for (auto& [kind, goal] : route.fallbacks) {
            if (goal == from.text) goal = to.text;
        }
    }
    for (auto& [pattern, goal] : config.aliases) {
        if (goal == from.text) goal = to.text;
    }
    for (gateway::VirtualKeyConfig& key : config.keys) {
        std::replace(key.models.begin(), key.models.end(), from.text, to.text);
        std::replace(key.routes.begin(), key.routes.end(), from.text, to.text);
    }
    for (gateway::GuardrailConfig& rule : config.guardrails) {
        if (rule.route == from) rule.route = to;
        if (rule.scope)
            std::replace(rule.scope->routes.begin(), rule.scope->routes.end(), from.text, to.text);
    }
    for (gateway::PresetConfig& preset : config.presets) {
        if (preset.model == from.text) preset.model = to.text;
    }
    for (gateway::BudgetConfig& budget : config.budgets) {
        if (budget.route == from) budget.route = to;
        if (budget.scope.route == from.text) budget.scope.route = to.text;
    }
    return config;
}

gateway::Config withAliases(gateway::Config config, const Aliases& aliases)
{
    for (const auto& alias : aliases) {
        const bool there = std::any_of(config.aliases.begin(), config.aliases.end(),
                                       [&](const auto& present) { return present.first == alias.first; });
        if (!there) config.aliases.push_back(alias);
    }
    return config;
}

std::vector<RouteProblem> routeProblems(const gateway::Config& config, const gateway::RouteConfig& draft)
{
    return routeProblems(gateway::validate(withRoute(config, draft)), draft.id);
}

std::vector<RouteProblem> routeProblems(const std::vector<gateway::ConfigProblem>& problems,
                                        const gateway::RouteId& id)
{
    std::vector<RouteProblem> found;
    for (const gateway::ConfigProblem& problem : problems) {
        if (problem.weight != gateway::ConfigProblem::Weight::Error) continue;
        const QString message = QString::fromStdString(problem.message);
        const std::string plain = "routes." + id.text;
        const std::string quoted = "routes[\"" + id.text + "\"]";
        const std::string& prefix = problem.path.starts_with(quoted) ? quoted : plain;
        const std::string rest =
            problem.path.starts_with(prefix) ? problem.path.substr(prefix.size()) : std::string("-");
        if (rest.empty()) {
            found.push_back({{}, message});
        } else if (rest.front() == '.' || rest.front() == '[') {
            found.push_back({QString::fromStdString(rest.substr(rest.front() == '.' ? 1 : 0)), message});
        } else {
            found.push_back({{},
                             problem.path.empty()
                                 ? message
                                 : QString::fromStdString(problem.path) + QStringLiteral(": ") + message});
        }
    }
    return found;
}

} // namespace ui
