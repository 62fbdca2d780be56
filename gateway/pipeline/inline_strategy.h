// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "base/condition.h"
#include "pipeline/inline_config.h"
#include "pipeline/inline_members.h"

namespace gateway::pipeline {

/// The `strategy` of a Portkey configuration.
struct InlineStrategy {
    enum class Mode : std::uint8_t { Undecided, Single, LoadBalance, Fallback, Conditional };
    struct Rule {
        Condition query;
        std::string then; // a target's name
    };
    Mode mode = Mode::Undecided;
    std::optional<std::vector<int>> nextOn;
    std::vector<Rule> rules;
    std::string otherwise;                // the target where no rule holds; empty: none
    std::string stickyBy;                 // empty: nothing is held to a target
    std::optional<InlineCircuit> circuit; // of each target
};

/// A target as its strategy sees it; `route` is its place.
struct InlineTarget {
    std::string name, route;
    double weight = 1;
};

/// `patterns`: how many the configuration had before; those of all its strategies are counted together.
[[nodiscard]] Result<InlineStrategy> readStrategy(std::string_view json, const std::string& at,
                                                  std::size_t& patterns);
/// Lays the targets out in `route`. Error: a name or a sum of weights that leads nowhere.
[[nodiscard]] Outcome applyStrategy(const InlineStrategy& strategy, const std::vector<InlineTarget>& targets,
                                    const std::string& at, RouteConfig& route, InlineRoutes::Rules& rules);

} // namespace gateway::pipeline
