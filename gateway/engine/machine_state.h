// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway::engine {

/// What Linux says of the machine, below `root`, which is empty but in tests. Where it says nothing: online,
/// and on mains.

/// A route leads out of it, by IPv4 or IPv6: /proc/net/route, /proc/net/ipv6_route (proc(5)). Never waits.
[[nodiscard]] bool leadsOut(const std::string& root = {});
/// The interface of the best of those routes by IPv4, or else by IPv6 ("wlan0"); empty: there is none. Never
/// waits.
[[nodiscard]] std::string leadingInterface(const std::string& root = {});
/// /sys/class/power_supply (Documentation/ABI/testing/sysfs-class-power of the kernel). May wait for the
/// battery.
[[nodiscard]] bool runsOnBattery(const std::string& root = {});

} // namespace gateway::engine
