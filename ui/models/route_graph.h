// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QString>

#include "gateway/config.h"

#include "models/target_standing.h"

namespace ui {

/// One thing in the picture of a route. The order of the nodes is that in which they are drawn, from the top
/// down; what a node leads to stands below it and further in.
struct RouteNode {
    enum class Kind : std::uint8_t { Undecided, Client, Route, Target, Goal };
    Kind kind = Kind::Undecided;
    QString title, detail;
    TargetStanding standing = {}; // of a model; a route has none
    int depth = 0;
    int parent = -1;
    int target = -1;           // of the drawn route: the one that it is, or belongs to
    std::string fallback = {}; // of a goal: the kind of failure that leads there
    QString description = {};  // all of it in words
    bool operator==(const RouteNode&) const = default;
};

struct RouteEdge {
    int from = 0, to = 0;
    bool fallback = false; // after a failure only
    QString label = {};    // the condition, or the kinds of failure
    double share = -1;     // of the requests of the last day; below 0: not known
    bool operator==(const RouteEdge&) const = default;
};

struct RouteGraph {
    std::vector<RouteNode> nodes;
    std::vector<RouteEdge> edges;
    bool cut = false; // there is more than can be drawn
    bool operator==(const RouteGraph&) const = default;
};

/// From the name that clients ask for to the models; a route that several lead to is drawn once. `config` has
/// `draft` in it.
[[nodiscard]] RouteGraph routeGraph(const gateway::Config& config, const gateway::RouteConfig& draft,
                                    const RouteState& state);

} // namespace ui
