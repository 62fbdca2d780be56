// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway::engine {

/// The name of the wireless network that the machine goes out by (its SSID), where NetworkManager tells it on
/// the system's D-Bus; empty elsewhere. Any thread that may wait: a second at most.
[[nodiscard]] std::string wirelessName();

} // namespace gateway::engine
