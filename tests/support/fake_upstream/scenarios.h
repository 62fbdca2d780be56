// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <unordered_map>

#include "script.h"

namespace fake {

using Scenario = Script (*)(const Call&);

/// Faults of the connection, the head or a whole body; for every path.
const std::unordered_map<std::string_view, Scenario>& plainScenarios();
/// What is in an answer and how its stream goes out; for completions only.
const std::unordered_map<std::string_view, Scenario>& streamScenarios();

} // namespace fake
