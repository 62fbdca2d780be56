// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "routing/plan.h"

namespace gateway::routing {

/// Appends the targets of a route and of the routes in it, in the order that their strategies give. `saved`:
/// it is the configuration's, and did not come with the request.
void layOutRoute(const Config& config, const PlanContext& context, const RouteConfig& route, bool saved,
                 std::vector<Target>& into);

} // namespace gateway::routing
