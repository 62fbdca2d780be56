// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "gateway/config.h"

namespace ui {

/// Of the requests of a route, those for which a guardrail holds by its scope alone.
enum class ScopeReach : std::uint8_t { Undecided, None, Some, All };
[[nodiscard]] ScopeReach scopeReach(const gateway::GuardrailConfig& rule, const std::string& route);

/// The draft with this guardrail named in it, in the order of the configuration, or without it.
[[nodiscard]] gateway::RouteConfig withRouteGuardrail(gateway::RouteConfig route,
                                                      const std::vector<gateway::GuardrailConfig>& rules,
                                                      const std::string& name, bool on);

} // namespace ui
