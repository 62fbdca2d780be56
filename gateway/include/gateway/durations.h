// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gateway {

/// "90s", "15m", "2h", "7d", "4w": a whole number and its unit, as people write it on a command line and in
/// queries. A longer time than three thousand years is three thousand years. Nothing where it is no such
/// text.
[[nodiscard]] std::optional<std::chrono::seconds> durationIn(std::string_view text);

} // namespace gateway
