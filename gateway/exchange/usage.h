// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/money.h"
#include "base/price.h"

namespace gateway {

/// Tokens of one exchange, normalized over all providers.
struct Usage {
    std::int64_t inputTokens =
        0; // ALL input, cached included (Anthropic reports cached outside; OpenAI inside)
    std::int64_t cacheReadTokens = 0;             // part of inputTokens
    std::int64_t cacheWriteTokens = 0;            // part of inputTokens
    std::int64_t outputTokens = 0;                // reasoning included
    std::int64_t reasoningTokens = 0;             // part of outputTokens
    std::optional<Money> reportedCost;            // what the provider says it charged
    bool estimated = false;                       // counted by us, not reported
    bool known = false;                           // anything was reported or estimated at all
    std::int64_t cacheWriteHourTokens = 0;        // part of cacheWriteTokens: those kept for an hour
    ServiceTier service = ServiceTier::Undecided; // that it was served by, where that is not the usual one

    // Parts of the input and the output that have prices of their own.
    std::int64_t audioInputTokens = 0, imageInputTokens = 0;
    std::int64_t audioOutputTokens = 0, imageOutputTokens = 0;
    // What is sold by the piece, for models that are.
    std::int64_t images = 0;       // made
    std::int64_t milliseconds = 0; // of sound or film
    std::int64_t characters = 0;   // spoken
    std::int64_t requests = 0;     // or searches, where a request is charged as several
    std::int64_t searches = 0;     // of the web, that the model made on its way
};

/// About four bytes a token: for what nobody counted. Mark it as estimated.
[[nodiscard]] inline std::int64_t roughTokens(std::size_t bytes)
{
    return static_cast<std::int64_t>((bytes + 3) / 4);
}

/// Counts alone, not what was reported as cost; it is as certain as the less certain of both.
inline void addTokens(Usage& sum, const Usage& more)
{
    constexpr std::int64_t kMost = std::int64_t{1} << 60; // however much a provider makes up
    for (const auto part : {&Usage::inputTokens, &Usage::cacheReadTokens, &Usage::cacheWriteTokens,
                            &Usage::cacheWriteHourTokens, &Usage::outputTokens, &Usage::reasoningTokens,
                            &Usage::audioInputTokens, &Usage::imageInputTokens, &Usage::audioOutputTokens,
                            &Usage::imageOutputTokens, &Usage::images, &Usage::milliseconds,
                            &Usage::characters, &Usage::requests, &Usage::searches})
        sum.*part = std::min(sum.*part + more.*part, kMost);
    sum.estimated = sum.estimated || more.estimated;
    sum.known = true;
}

enum class CostSource : std::uint8_t { Undecided, Unknown, Reported, Computed, Estimated };

struct Cost {
    Money amount;
    CostSource source = CostSource::Undecided;
    std::string_view prices = {}; // where they are from, as the log says it; lives as long as who priced it
};

/// As providers and catalogs call them; empty for the usual one.
[[nodiscard]] constexpr std::string_view serviceName(ServiceTier service)
{
    switch (service) {
    case ServiceTier::Batch:
        return "batch";
    case ServiceTier::Flex:
        return "flex";
    case ServiceTier::Priority:
        return "priority";
    case ServiceTier::Undecided:
        break;
    }
    return {};
}

/// The usual one for any other name: "default", "standard", "auto".
[[nodiscard]] constexpr ServiceTier serviceNamed(std::string_view name)
{
    for (const ServiceTier each : {ServiceTier::Batch, ServiceTier::Flex, ServiceTier::Priority}) {
        if (name == serviceName(each)) return each;
    }
    return ServiceTier::Undecided;
}

} // namespace gateway
