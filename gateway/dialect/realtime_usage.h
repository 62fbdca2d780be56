// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "exchange/usage.h"

namespace gateway::dialect {

/// The tokens of one answer of OpenAI's Realtime API. Those of sound have prices of their own.
struct RealtimeUsage {
    Usage usage;
    std::int64_t audioInput = 0; // part of the input that was not cached
    std::int64_t audioOutput = 0;
};

/// `usage` is that object of a `response.done` event, validated JSON; it counts as the Realtime reference has
/// it.
[[nodiscard]] RealtimeUsage readRealtimeUsage(std::string_view usage);

} // namespace gateway::dialect
