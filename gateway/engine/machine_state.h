// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway::engine {

/// What the system says of the machine. Where it says nothing: online, and on mains.
struct MachineState {
    bool online = true; // a route leads out of it, by IPv4 or IPv6
    bool battery = false;
    bool operator==(const MachineState&) const = default;
};

/// Reads Linux's /proc/net/route, /proc/net/ipv6_route (proc(5)) and /sys/class/power_supply
/// (Documentation/ABI/testing/sysfs-class-power of the kernel) below `root`, which is empty but in tests.
[[nodiscard]] MachineState readMachineState(const std::string& root = {});

} // namespace gateway::engine
