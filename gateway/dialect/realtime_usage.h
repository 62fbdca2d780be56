// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "exchange/usage.h"

namespace gateway::dialect {

/// The tokens of one answer of OpenAI's Realtime API, counted as its reference has it. `usage` is that object
/// of a `response.done` event, validated JSON.
[[nodiscard]] Usage readRealtimeUsage(std::string_view usage);

} // namespace gateway::dialect
