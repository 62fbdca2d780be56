// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::upstream {

using RequestFields = std::vector<std::pair<std::string, std::string>>;

/// Appends a request head. `secretLine` ("x-api-key: …") goes in last and only here, so that
/// the caller can wipe the one buffer that holds it. Fields that would break the head are left out.
void appendRequestHead(std::string& out, std::string_view method, std::string_view target,
                       std::string_view authority, const RequestFields& fields, std::string_view secretLine);

} // namespace gateway::upstream
