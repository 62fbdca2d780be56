// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "gateway/config.h"
#include "gateway/error.h"

namespace gateway::routing {

/// HTTP statuses, 100 to 599; others are never in it. Plans copy one for each target, so it allocates
/// nothing.
class StatusSet {
public:
    StatusSet() = default;
    StatusSet(std::initializer_list<int> statuses) { addAll(statuses); }
    StatusSet(
        const std::vector<int>& statuses) // NOLINT(google-explicit-constructor): the configuration's form
    {
        addAll(statuses);
    }
    [[nodiscard]] bool contains(int status) const
    {
        return isStatus(status) && m_bits.test(static_cast<std::size_t>(status));
    }
    [[nodiscard]] bool empty() const { return m_bits.none(); }
    void clear() { m_bits.reset(); }
    bool operator==(const StatusSet&) const = default;

private:
    void addAll(const auto& statuses)
    {
        for (const int status : statuses) {
            if (isStatus(status)) m_bits.set(static_cast<std::size_t>(status));
        }
    }
    [[nodiscard]] static bool isStatus(int status) { return status >= 100 && status < 600; }
    std::bitset<600> m_bits;
};

/// What of a route's, a provider's and the contract's defaults is in force for one target.
struct RetryRules {
    std::uint32_t attempts = 2; // tries after the first on the same target
    StatusSet onStatus{408, 409, 429, 500, 502, 503, 504, 529};
    milliseconds backoff{250};
    milliseconds maxBackoff{8000};
    bool honorRetryAfter = true;
};

/// When a likeness of a request to a target counts. What was found on CLINC150 for ten targets of five
/// examples each: with these, 92 % of what belongs to a target goes there, 2 % to another one and 6 % to the
/// default, and so do 90 % of what belongs to none.
struct MeaningRules {
    double threshold = 0.45;
    double margin = 0.02; // to the second
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

/// When a route's likenesses count; what it does not say has its default.
[[nodiscard]] MeaningRules meaningRules(const SemanticConfig& config);

/// What to do after the `failed`-th failure (0: the first) on one target: wait so long and try it again, or
/// nothing: go on to the next. `random` in [0, 1) spreads the wait (full jitter).
[[nodiscard]] std::optional<milliseconds> nextTry(const RetryRules& rules, const Error& error,
                                                  std::uint32_t failed, double random);

} // namespace gateway::routing
