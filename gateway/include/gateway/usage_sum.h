// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/snapshot.h"

namespace gateway {

/// Adds the figures of a group to those of others; the sum keeps its name, and `others`.
inline void addUsage(UsageRow& sum, const UsageRow& row)
{
    sum.requests += row.requests;
    sum.failures += row.failures;
    sum.inputTokens += row.inputTokens;
    sum.outputTokens += row.outputTokens;
    sum.cacheReadTokens += row.cacheReadTokens;
    sum.cacheWriteTokens += row.cacheWriteTokens;
    sum.costNanos += row.costNanos;
    sum.reasoningTokens += row.reasoningTokens;
    sum.savedNanos += row.savedNanos;
    sum.routedNanos += row.routedNanos;
    sum.unpriced += row.unpriced;
}

} // namespace gateway
