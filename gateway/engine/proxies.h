// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "gateway/config.h"

#include "upstream/origin.h"

namespace gateway::engine {

/// The outbound proxy for an origin: the provider's own setting, else network.proxy; `system` asks Qt, which
/// reads the environment or the desktop's settings. Loopback and network.no_proxy are always direct. Empty:
/// direct.
[[nodiscard]] std::string proxyFor(const upstream::Origin& origin, const ProviderConfig& provider,
                                   const NetworkConfig& network);

} // namespace gateway::engine
