// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"

namespace gateway {

/// Where a request would go by a route that goes by meaning.
struct MeaningTrial {
    std::vector<std::optional<double>> likenesses; // of each target, -1 to 1; nothing: it is the default
    std::vector<std::size_t> order;                // in which the targets would be tried
    std::string why; // the default comes first: "no target is like enough"; empty: the nearest does
};

/// Compares a request that says this, whatever the route's strategy is. Nothing is sent. Takes a millisecond
/// or two, and as long for each example that was not seen before: not for a thread that must not wait.
[[nodiscard]] MeaningTrial tryMeaning(const RouteConfig& route, std::string_view text);

} // namespace gateway
