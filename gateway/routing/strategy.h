// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "gateway/config.h"

namespace gateway::routing {

/// Decides in which order a route's targets are tried. Stateless; any thread. Every target appears once:
/// those that were not picked are the fallbacks.
class Strategy {
public:
    virtual ~Strategy() = default;
    [[nodiscard]] virtual std::string_view id() const = 0;
    [[nodiscard]] virtual std::vector<std::size_t> order(const RouteConfig& route) const = 0;
};

/// Null for a name that strategies.def does not register.
[[nodiscard]] const Strategy* findStrategy(std::string_view id);

} // namespace gateway::routing
