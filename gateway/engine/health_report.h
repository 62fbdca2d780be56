// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "engine/secret_table.h"
#include "pipeline/target_states.h"

namespace gateway::engine {

/// How a provider and each of its keys do, for the owner of the engine. Owner's thread; reads what the IO
/// threads have learned without holding them up.
[[nodiscard]] ProviderHealth healthOf(const ProviderConfig& provider, SecretTable& secrets);

/// The circuits of what the routes have as targets, in their order. Owner's thread, as above.
[[nodiscard]] std::vector<TargetHealth> targetHealth(const Config& config, pipeline::TargetStates& states,
                                                     std::int64_t now);

/// When the first of the open circuits becomes half-open; 0: none is open.
[[nodiscard]] std::int64_t nextHalfOpen(const std::vector<TargetHealth>& targets);

} // namespace gateway::engine
