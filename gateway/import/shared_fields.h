// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "import/draft.h"

/// Small pieces of files that several programs have.
namespace gateway::imports {

using Reason = std::pair<std::string_view, std::string_view>;

/// Tells why the members of these names are not taken over.
template <class Reasons>
void leaveAll(const FileValue& map, const Reasons& reasons, Draft& draft)
{
    for (const auto& [name, why] : reasons) {
        if (const FileValue* found = map.find(name)) draft.left(*found, std::string(why));
    }
}

/// Weights as whole numbers in the same proportions.
[[nodiscard]] std::vector<std::uint32_t> wholeWeights(const std::vector<double>& weights);

/// A time in `unit`s from a millisecond to a day.
[[nodiscard]] std::optional<milliseconds> timeIn(const FileValue& value, milliseconds unit);

/// HTTP statuses; nothing where one of them is none.
[[nodiscard]] std::optional<std::vector<int>> statusesIn(const FileValue& list);

} // namespace gateway::imports
