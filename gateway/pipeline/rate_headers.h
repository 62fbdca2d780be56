// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace gateway::pipeline {

/// What a provider says is left of a key's rate. Instants are microseconds since 1970; 0: none that counts.
struct RateLeft {
    std::optional<std::int64_t> requests, tokens; // nothing: it does not say
    std::int64_t requestsUntil = 0, tokensUntil = 0;
    bool operator==(const RateLeft&) const = default;
};

/// Nobody is believed for longer.
inline constexpr std::int64_t kLongestReset = 600'000'000;

/// Reads `x-ratelimit-*` (OpenAI, Groq, Azure: durations or seconds; OpenRouter: an instant),
/// `anthropic-ratelimit-*` (RFC 3339) and `ratelimit-*` (the IETF's drafts: seconds). Of several counts of
/// tokens the tightest holds. What makes no sense is left out.
[[nodiscard]] RateLeft readRateHeaders(std::span<const std::pair<std::string_view, std::string_view>> fields,
                                       std::int64_t nowMicros);

} // namespace gateway::pipeline
