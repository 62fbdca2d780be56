// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "pipeline/request_situation.h"
#include "pipeline/runtime.h"
#include "pipeline/target_fitness.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// A request whose target has failed.
struct FallbackAsk {
    const Runtime& runtime;
    const RoutedRequest& request;
    const routing::Preferences& preferences;
    const DataRules& data;                 // that the request asks for
    const std::optional<Demands>& demands; // nothing: it is no conversation
    std::minstd_rand& random;
    std::int64_t nowMicros = 0;
    bool pretended = false; // nobody goes there: no route has its turn
};

/// What the route of a target names for a failure of that kind; empty: nothing.
[[nodiscard]] std::string_view fallbackGoal(const routing::Target& failed, std::string_view kind);

/// The targets that such a goal leads to, in their order and by all that holds for the targets of the route.
/// Error: none is left.
[[nodiscard]] Result<std::vector<routing::Target>>
fallbackTargets(const FallbackAsk& ask, const routing::Target& failed, std::string_view goal);

} // namespace gateway::pipeline
