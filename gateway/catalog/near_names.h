// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::catalog {

/// For "did you mean": the candidates nearest to `wanted`, nearest first and at most three. Letter case does
/// not count; a name that contains `wanted` is near too. Empty where nothing is near enough to be meant.
std::vector<std::string> nearNames(std::string_view wanted, std::span<const std::string_view> candidates);

} // namespace gateway::catalog
