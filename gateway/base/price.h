// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/money.h"

namespace gateway {

/// What one million tokens cost. Never negative.
struct Price {
    Money perMillion;

    bool operator==(const Price&) const = default;
};

/// The prices of a model's tokens. An absent one is unknown, which is not the same as free.
struct PriceList {
    std::optional<Price> input = std::nullopt;
    std::optional<Price> output = std::nullopt;
    std::optional<Price> cacheRead = std::nullopt;
    std::optional<Price> cacheWrite = std::nullopt;     // For five minutes, where lifetimes are told apart.
    std::optional<Price> cacheWriteHour = std::nullopt; // For an hour.
    std::optional<Price> reasoning = std::nullopt;      // Output that is thinking; absent: as other output.
    std::optional<Price> audioInput = std::nullopt;
    std::optional<Price> audioOutput = std::nullopt;
    std::optional<Price> imageInput = std::nullopt;
    std::optional<Price> imageOutput = std::nullopt;

    bool operator==(const PriceList&) const = default;
};

/// Prices that hold for a whole request once its input is longer than `above` tokens; a part that the tier
/// leaves out keeps its base price.
struct PriceTier {
    std::int64_t above = 0;
    PriceList prices;

    bool operator==(const PriceTier&) const = default;
};

using PriceTiers = std::vector<PriceTier>;

/// A way of being served that has prices of its own: cheaper later, or dearer first.
enum class ServiceTier : std::uint8_t { Undecided, Batch, Flex, Priority };

/// What is different in that service; a part it leaves out costs what it costs otherwise.
struct ServicePrices {
    ServiceTier service = ServiceTier::Undecided;
    PriceList prices;
    PriceTiers tiers;

    bool operator==(const ServicePrices&) const = default;
};

/// What is sold by the piece and not by tokens. An image is one that is made, or one that is embedded; a
/// second is one of sound or film.
enum class PriceUnit : std::uint8_t {
    Undecided,
    Image,
    Second,
    Request,
    ThousandSearches,
    MillionCharacters
};

struct UnitPrice {
    PriceUnit unit = PriceUnit::Undecided;
    Money amount; // Never negative.

    bool operator==(const UnitPrice&) const = default;
};

} // namespace gateway
