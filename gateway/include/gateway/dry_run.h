// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

namespace gateway {

/// One comparison of a target's condition.
struct DryCondition {
    std::string field, op, wanted, seen; // `wanted` as JSON; `seen` empty: nothing stands under the name
    bool held = false;
};

/// A target of a route in the order that its strategy gave.
struct DryTarget {
    std::string name;            // "provider/model", or a route's
    std::optional<double> score; // the less the better, where the strategy scores
    std::vector<DryCondition> conditions;
};

struct DryStep {
    std::string route, strategy;
    std::vector<DryTarget> targets;
    std::optional<double> draw; // what chance said, in [0, 1)
};

/// Who would be tried, in that order, and why in it.
struct DryChoice {
    std::string provider, model;
    std::string setback; // why it comes later than its route has it: "context_too_small"; empty: it does not
};

struct DryRun {
    std::string dialect, model, route;
    std::int64_t inputTokens = 0; // about
    std::vector<DryStep> steps;
    std::vector<DryChoice> choices;
};

/// Explains where a request would go, without sending anything. The body's dialect is told by its members.
/// Of targets only what the configuration and the catalog say is known: nothing is measured, no circuit open.
/// `route` goes before the body's model. Errors: those that a client would get.
[[nodiscard]] Result<DryRun> dryRun(const Config& config, const std::string& dataDir, std::string_view body,
                                    std::string_view route);

} // namespace gateway
