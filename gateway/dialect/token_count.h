// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gateway::dialect {

/// A provider's count of tokens, 0 where it gave none; far below where sums and prices would overflow.
inline std::int64_t tokenCount(std::optional<std::int64_t> told)
{
    constexpr std::int64_t kMost = 1'000'000'000'000;
    return std::clamp<std::int64_t>(told.value_or(0), 0, kMost);
}

} // namespace gateway::dialect
