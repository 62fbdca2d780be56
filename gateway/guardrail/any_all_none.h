// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// Whether any, all or none of a list are there, as the parameter `operator` of some checks says.
template <class IsThere>
[[nodiscard]] bool holds(std::string_view which, const std::vector<std::string>& list, IsThere isThere)
{
    if (which == "any") return std::any_of(list.begin(), list.end(), isThere);
    return which == "all" ? std::all_of(list.begin(), list.end(), isThere)
                          : std::none_of(list.begin(), list.end(), isThere);
}

} // namespace gateway::guardrail
