// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/config.h"
#include "gateway/error.h"

namespace gateway::routing {

/// What of a route's, a provider's and the contract's defaults is in force for one target.
struct RetryRules {
    std::uint32_t attempts = 2; // tries after the first on the same target
    std::vector<int> onStatus{408, 409, 429, 500, 502, 503, 504, 529};
    milliseconds backoff{250};
    milliseconds maxBackoff{8000};
    bool honorRetryAfter = true;
};

struct TimeoutRules {
    milliseconds connect{10'000};
    milliseconds firstBytePlain{600'000};
    milliseconds firstByteStreamed{120'000};
    milliseconds idle{120'000};
    std::optional<milliseconds> total;
};

/// The route says first, then the provider, then the default. Both pointers may be null.
[[nodiscard]] RetryRules retryRules(const RetryConfig* route, const RetryConfig* provider);
[[nodiscard]] TimeoutRules timeoutRules(const TimeoutConfig* route, const TimeoutConfig* provider);

/// What to do after the `failed`-th failure (0: the first) on one target: wait so long and try it again, or
/// nothing: go on to the next. `random` in [0, 1) spreads the wait (full jitter).
[[nodiscard]] std::optional<milliseconds> nextTry(const RetryRules& rules, const Error& error,
                                                  std::uint32_t failed, double random);

} // namespace gateway::routing
