// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/machine_state.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

namespace gateway::engine {

namespace {

constexpr const char* kRoutes = "/proc/net/route";
constexpr const char* kRoutes6 = "/proc/net/ipv6_route";
constexpr unsigned long kUp = 0x1;       // RTF_UP
constexpr unsigned long kReject = 0x200; // RTF_REJECT: packets are refused there

std::string wordOf(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

bool isOpen(const std::string& flags)
{
    const unsigned long bits = std::strtoul(flags.c_str(), nullptr, 16);
    return (bits & kUp) != 0 && (bits & kReject) == 0;
}

/// A way out of the machine; the one with the least metric is taken.
struct WayOut {
    std::string interface; // empty: there is none
    unsigned long metric = 0;

    void offer(const std::string& name, unsigned long cost)
    {
        if (interface.empty() || cost < metric) *this = {name, cost};
    }
};

/// Interface, destination, gateway, flags, two counters, metric, mask. Nothing where there is no such file.
std::optional<WayOut> wayOutByIpv4(const std::string& path)
{
    std::ifstream file(path);
    if (!file) return std::nullopt;
    WayOut way;
    std::string line, name, destination, via, flags, skipped, metric, mask;
    std::getline(file, line); // the heads of the columns
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        fields >> name >> destination >> via >> flags >> skipped >> skipped >> metric >> mask;
        if (name != "lo" && destination == "00000000" && mask == "00000000" && isOpen(flags))
            way.offer(name, std::strtoul(metric.c_str(), nullptr, 10));
    }
    return way;
}

/// Destination and its prefix's length, source and its, next hop, metric, two counters, flags, interface.
std::optional<WayOut> wayOutByIpv6(const std::string& path)
{
    std::ifstream file(path);
    if (!file) return std::nullopt;
    WayOut way;
    std::string line, destination, prefix, skipped, metric, flags, name;
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        fields >> destination >> prefix;
        for (int i = 0; i < 3; ++i)
            fields >> skipped;
        fields >> metric >> skipped >> skipped >> flags >> name;
        const bool toAll = destination.find_first_not_of('0') == std::string::npos && prefix == "00";
        if (toAll && name != "lo" && isOpen(flags))
            way.offer(name, std::strtoul(metric.c_str(), nullptr, 16));
    }
    return way;
}

} // namespace

bool leadsOut(const std::string& root)
{
    const auto ipv4 = wayOutByIpv4(root + kRoutes);
    const auto ipv6 = wayOutByIpv6(root + kRoutes6);
    const bool tells = ipv4 || ipv6;
    return !tells || (ipv4 && !ipv4->interface.empty()) || (ipv6 && !ipv6->interface.empty());
}

std::string leadingInterface(const std::string& root)
{
    const auto ipv4 = wayOutByIpv4(root + kRoutes);
    if (ipv4 && !ipv4->interface.empty()) return ipv4->interface;
    return wayOutByIpv6(root + kRoutes6).value_or(WayOut()).interface;
}

/// A laptop's mains say whether they are plugged in; a desktop has neither mains nor battery to tell of, and
/// a mouse's battery is none of the machine's.
bool runsOnBattery(const std::string& root)
{
    bool mains = false, discharging = false;
    std::error_code failed;
    for (const auto& supply : std::filesystem::directory_iterator(root + "/sys/class/power_supply", failed)) {
        const std::string type = wordOf(supply.path() / "type");
        if (wordOf(supply.path() / "scope") == "Device") continue;
        mains = mains || ((type == "Mains" || type == "USB") && wordOf(supply.path() / "online") == "1");
        discharging = discharging || (type == "Battery" && wordOf(supply.path() / "status") == "Discharging");
    }
    return discharging && !mains;
}

} // namespace gateway::engine
