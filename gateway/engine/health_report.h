// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "engine/secret_table.h"

namespace gateway::engine {

/// How a provider and each of its keys do, for the owner of the engine. Owner's thread; reads what the IO
/// threads have learned without holding them up.
[[nodiscard]] ProviderHealth healthOf(const ProviderConfig& provider, SecretTable& secrets);

} // namespace gateway::engine
