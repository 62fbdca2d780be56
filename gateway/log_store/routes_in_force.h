// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gateway::log_store {

/// All routes of a configuration that came into force.
struct RoutesInForce {
    std::int64_t time = 0;
    std::string source;
    std::vector<std::pair<std::string, std::string>> routes; // name, JSON
};

} // namespace gateway::log_store
