// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "pipeline/request_situation.h"
#include "pipeline/runtime.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// What a conversation needs of the model that answers it.
struct Demands {
    std::int64_t tokens = 0; // about
    bool tools = false;
    bool images = false;
    dialect::RequestNeeds others;
};

/// Of a request whose body is in `dialect`.
[[nodiscard]] Demands demandsOf(const dialect::Dialect& dialect, const RoutedRequest& request);

/// Finds what holds targets back and puts those to the end: first the ones that only lately failed or are at
/// their limit, then the ones that the request does not suit. Without demands the models do not matter.
/// What the catalog does not know counts as suitable.
void moveSetBackToEnd(std::vector<routing::Target>& targets, const Runtime& runtime,
                      const std::optional<Demands>& demands, std::int64_t nowMicros);

/// The model itself is known to be unable.
[[nodiscard]] bool lacksAbility(routing::Setback setback);

/// As it stands in the log: "circuit_open". Empty: nothing.
[[nodiscard]] std::string_view setbackName(routing::Setback setback);

} // namespace gateway::pipeline
