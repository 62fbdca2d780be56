// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "gateway/config.h"
#include "gateway/error.h"
#include "gateway/result.h"

#include "pipeline/inline_circuits.h"
#include "pipeline/inline_config.h"
#include "pipeline/request_notes.h"
#include "pipeline/request_situation.h"
#include "pipeline/runtime.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// A request that brought its own routes.
struct InlineAsk {
    const Runtime& runtime;
    RoutedRequest request;
    const routing::Preferences& preferences;
    std::minstd_rand& random;
    std::int64_t nowMicros = 0;
    std::string_view config;                          // what came
    InlineCircuits* circuits = nullptr;               // null: nothing was learned of any target
    std::vector<routing::RouteStep>* steps = nullptr; // gets how each route came to its order
};
/// Error: they lead nowhere. Of `inlined` those stay that the request chose.
[[nodiscard]] Result<routing::Plan> planByInlined(InlineAsk ask, InlineRoutes& inlined);

/// Makes a wish for a route of the name of a saved configuration ("pc-…"). Error: there is no such route, or
/// the configuration is not `obeyed` where it came.
[[nodiscard]] std::optional<Error> placeConfig(RequestWishes& wishes, const Config& config, bool obeyed);

} // namespace gateway::pipeline
