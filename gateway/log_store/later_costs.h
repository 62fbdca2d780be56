// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gateway/snapshot.h"

namespace gateway::log_store {

/// What is looked for among rows whose cost is not known. `price` writes the cost into a row, and is false
/// for one that used nothing; it is called on the thread that looks.
struct RecalculationWish {
    std::int64_t sinceMicros = 0;
    bool write = false; // false: they are only counted
    std::function<bool(LogRow& row)> price;
};

/// What was used of a provider on one of its days, of one model.
struct DayUse {
    std::string day, model; // "2026-11-27", UTC
    std::int64_t inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0;
    std::int64_t requests = 0, costNanos = 0;
};

} // namespace gateway::log_store
