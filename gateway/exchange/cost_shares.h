// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "gateway/snapshot.h"

namespace gateway {

/// Calls `take` with each target that was paid a part of what a request cost: provider, model and
/// nano-dollars. The row's own target comes last, with what the others leave. Budgets count by this, whether
/// they see the request or read of it in the log.
template <class Take>
void forEachCostShare(const LogRow& row, Take take)
{
    std::int64_t rest = row.costNanos;
    for (const AttemptRow& attempt : row.attempts) {
        const std::int64_t share = std::min(attempt.costNanos, rest);
        if (share <= 0 || (attempt.provider == row.provider && attempt.model == row.model)) continue;
        take(attempt.provider, attempt.model, share);
        rest -= share;
    }
    if (rest > 0) take(row.provider, row.model, rest);
}

} // namespace gateway
