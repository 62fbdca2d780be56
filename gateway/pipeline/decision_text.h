// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "routing/plan.h"

namespace gateway::pipeline {

/// How a request's targets came to their order, as one JSON object of at most 16 KiB:
/// {"steps":[{"route","strategy","draw","targets":[{"name","score","when":[{"field","op","wanted","seen",
/// "held"}]}]}],"order":[{"target","setback"}]}, without what there is not. What was seen of a prompt or in a
/// header is left out.
[[nodiscard]] std::string decisionJson(const std::vector<routing::RouteStep>& steps,
                                       const std::vector<routing::Target>& order);

} // namespace gateway::pipeline
