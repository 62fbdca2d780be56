// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/dry_run.h"
#include "gateway/result.h"

#include "pipeline/runtime.h"

namespace gateway::engine {

/// Error: no such provider, or nothing leads to that model of it; with a near name.
[[nodiscard]] Outcome checkSimulations(const std::vector<DrySimulation>& simulations,
                                       const pipeline::Runtime& runtime);

/// Puts into a runtime that no exchange has what would have been learned of those targets. Checked before.
void seedSimulations(const std::vector<DrySimulation>& simulations, pipeline::Runtime& runtime,
                     std::int64_t nowMicros);

/// An attempt there would fail.
[[nodiscard]] bool isDown(const std::vector<DrySimulation>& simulations, const Config& config,
                          std::string_view provider, std::string_view model);

} // namespace gateway::engine
