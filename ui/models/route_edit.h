// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QString>

#include "gateway/config.h"
#include "gateway/config_io.h"

/// Changes to a configuration's routes as values: each takes one and gives the changed copy. A draft of a
/// route is a RouteConfig: what is wrong in it, `routeProblems` says.
namespace ui {

/// Aliases that come with a new route, as the configuration has them.
using Aliases = std::vector<std::pair<std::string, std::string>>;

/// `wanted` made a valid name that neither a route nor one of `others` has.
[[nodiscard]] QString freeRouteName(const gateway::Config& config, const QString& wanted,
                                    const std::vector<std::string>& others = {});
/// Why no route may have this name; empty: one may.
[[nodiscard]] QString routeNameProblem(const gateway::Config& config, const QString& name);

/// Over the route of the same name, else as the last one or at `place`.
[[nodiscard]] gateway::Config withRoute(gateway::Config config, const gateway::RouteConfig& route,
                                        std::optional<std::size_t> place = {});
[[nodiscard]] gateway::Config withoutRoute(gateway::Config config, const gateway::RouteId& id);
/// With everything that leads to the route: targets of others, aliases, keys that may ask for it, presets,
/// guardrails and budgets.
[[nodiscard]] gateway::Config withRenamedRoute(gateway::Config config, const gateway::RouteId& from,
                                               const gateway::RouteId& to);
/// Those that are there already stay as they are.
[[nodiscard]] gateway::Config withAliases(gateway::Config config, const Aliases& aliases);

/// The errors that `draft` would have within `config`. Those of the route itself have the path of the field
/// within it ("targets[0].model"); others keep their whole path and are about what it leads to.
struct RouteProblem {
    QString field;   // empty: the route as a whole, or something else
    QString message; // with its path in front where it is about something else
    bool operator==(const RouteProblem&) const = default;
};
[[nodiscard]] std::vector<RouteProblem> routeProblems(const gateway::Config& config,
                                                      const gateway::RouteConfig& draft);
/// The same for what applying it was answered.
[[nodiscard]] std::vector<RouteProblem> routeProblems(const std::vector<gateway::ConfigProblem>& problems,
                                                      const gateway::RouteId& id);

} // namespace ui
