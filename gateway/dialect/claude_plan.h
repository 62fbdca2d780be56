// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/model_traits.h"
#include "exchange/canonical.h"

namespace gateway::dialect {

inline constexpr std::int64_t kDefaultMaxTokens = 4096; // where a field is required and the client named none

/// How a request is put to a Claude, whichever API leads to it: with thinking on, several other fields have
/// to fit it, and each generation takes fewer of them.
struct ClaudePlan {
    bool adaptive = false;
    std::optional<std::int64_t> budget; // of thinking tokens
    std::string_view effort;
    std::optional<std::int64_t> maxTokens; // with room for the budget
    std::optional<double> temperature, topP;
    std::optional<std::int64_t> topK;
    std::vector<std::string> stops;
};

/// What does not fit is noted in `request.dropped`.
[[nodiscard]] ClaudePlan planForClaude(Request& request, const ClaudeModel& model);

} // namespace gateway::dialect
