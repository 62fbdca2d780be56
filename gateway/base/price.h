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

/// The prices of a model. An absent one is unknown, which is not the same as free.
struct PriceList {
    std::optional<Price> input;
    std::optional<Price> output;
    std::optional<Price> cacheRead;
    std::optional<Price> cacheWrite;

    bool operator==(const PriceList&) const = default;
};

/// Prices that hold for a whole request once its input is longer than `above` tokens.
struct PriceTier {
    std::int64_t above = 0;
    PriceList prices;

    bool operator==(const PriceTier&) const = default;
};

using PriceTiers = std::vector<PriceTier>;

} // namespace gateway
