// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/result.h"

#include "app/command_line.h"

namespace app {

/// Reads `--since`: "90s", "15m", "2h", "7d", "4w" before `nowMicros`, or an ISO date or time (local time
/// where it names no zone). Microseconds since 1970 UTC.
[[nodiscard]] std::optional<std::int64_t> parseSince(std::string_view text, std::int64_t nowMicros);
/// The same of a command's `--since`; 0 where there is none.
[[nodiscard]] gateway::Result<std::int64_t> sinceOf(const CommandLine& line);

} // namespace app
