// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway::dialect {

/// The names of all tools that a request of any dialect offers, in order. A tool that a provider runs itself
/// and that has no name is called by its type ("web_search").
[[nodiscard]] std::vector<std::string> offeredTools(std::string_view body);

/// The same of one element of its list: several where it holds a group.
[[nodiscard]] std::vector<std::string> toolNamesIn(std::string_view tool);

} // namespace gateway::dialect
