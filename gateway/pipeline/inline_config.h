// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "base/condition.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// The name of the route that comes in a header, there and in answers; also stands for the model of a body
/// that leaves it to that route.
inline constexpr std::string_view kInlineRoute = "x-portkey-config";

/// Routes that came with a request, for that request alone.
struct InlineRoutes {
    /// What a route has beside its configuration.
    struct Rules {
        std::vector<std::optional<Condition>> when; // of each target; empty: no target has one
        std::optional<std::vector<int>> nextOn;     // as in routing::Onward
        std::shared_ptr<routing::OwnRules> own;     // of a route of one target; null: nothing
    };
    std::vector<RouteConfig> routes; // the first leads to the others; each of those is named by its place
    std::vector<Rules> rules;        // by route
    std::vector<std::string> names;  // of all that they lead to: model, or provider/model

    /// Not the first: nothing leads back to it.
    [[nodiscard]] const RouteConfig* findInner(std::string_view name) const;
    [[nodiscard]] const std::vector<int>* nextOn(const RouteConfig& route) const;
    [[nodiscard]] std::shared_ptr<const routing::OwnRules> ownRules(const RouteConfig& route) const;
    /// Leaves the targets whose condition holds, and those without one.
    void choose(const FieldSource& fields);
};

/// Reads what Portkey's clients send as `x-portkey-config`
/// (https://portkey.ai/docs/api-reference/config-object). `model` is the body's; empty where it has none. A
/// target that names no provider has a model alone. Error (400): what cannot be obeyed as it stands, with
/// its place.
[[nodiscard]] Result<InlineRoutes> readPortkeyConfig(std::string_view json, const Config& config,
                                                     std::string_view model);

} // namespace gateway::pipeline
