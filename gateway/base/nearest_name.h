// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The candidate that is most likely meant by `name`: fewest letters changed, added, left out or swapped,
/// case aside. Empty when none is near enough to be worth a mention.
std::string nearestName(std::string_view name, const std::vector<std::string>& candidates);
/// The same as a half sentence for a message: " Did you mean \"model\"?", or nothing.
std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates);

} // namespace gateway
