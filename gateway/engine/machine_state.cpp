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

/// Interface, destination, gateway, flags, three counters, mask. Nothing where there is no such file.
std::optional<bool> leadsOutByIpv4(const std::string& path)
{
    std::ifstream file(path);
    if (!file) return std::nullopt;
    std::string line, name, destination, via, flags, skipped, mask;
    std::getline(file, line); // the heads of the columns
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        fields >> name >> destination >> via >> flags >> skipped >> skipped >> skipped >> mask;
        if (name != "lo" && destination == "00000000" && mask == "00000000" && isOpen(flags)) return true;
    }
    return false;
}

/// Destination and its prefix's length, source and its, next hop, three counters, flags, interface.
std::optional<bool> leadsOutByIpv6(const std::string& path)
{
    std::ifstream file(path);
    if (!file) return std::nullopt;
    std::string line, destination, prefix, skipped, flags, name;
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        fields >> destination >> prefix;
        for (int i = 0; i < 6; ++i)
            fields >> skipped;
        fields >> flags >> name;
        const bool toAll = destination.find_first_not_of('0') == std::string::npos && prefix == "00";
        if (toAll && name != "lo" && isOpen(flags)) return true;
    }
    return false;
}

} // namespace

bool leadsOut(const std::string& root)
{
    const auto ipv4 = leadsOutByIpv4(root + "/proc/net/route");
    const auto ipv6 = leadsOutByIpv6(root + "/proc/net/ipv6_route");
    return (!ipv4 && !ipv6) || ipv4.value_or(false) || ipv6.value_or(false);
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
