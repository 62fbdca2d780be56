// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/price.h"
#include "exchange/usage.h"

namespace gateway::accounting {

/// What an exchange cost by prices of tokens alone. What the provider itself reported wins; else tokens times
/// prices, rounded to the nano-dollar once, and a tier holds for all tokens as soon as the input is longer
/// than its mark. Unknown where a price is missing for tokens that were used, or no usage is known. Never
/// negative; an amount out of range stays at the largest.
Cost computeCost(const Usage& usage, const PriceList& prices, const PriceTiers& tiers = {});

/// `base` with what `over` states instead: a tier's or a service's prices leave out what stays the same.
[[nodiscard]] PriceList overlaid(const PriceList& base, const PriceList& over);

/// What an owner states himself of a model's prices. It holds for every size and every service; with a price
/// of both input and output, so does all else.
struct OwnPrices {
    PriceList prices;
    std::vector<UnitPrice> units;

    bool operator==(const OwnPrices&) const = default;
};

/// What is paid of a price in the end: it is divided by `kWhole` twice.
struct Terms {
    static constexpr std::int64_t kWhole = 100'000'000'000; // percent of nine decimals

    std::int64_t less = kWhole; // that much of it after the discount
    std::int64_t more = kWhole; // and with the margin on top that much of what is left

    [[nodiscard]] bool isPlain() const { return less == kWhole && more == kWhole; }
};

/// Of percent as decimal text; what is not said or cannot be read changes nothing.
[[nodiscard]] Terms termsOf(const std::optional<std::string>& discountPercent,
                            const std::optional<std::string>& marginPercent);

/// All that is known of a model's prices; null: not stated. What it points to outlives it.
struct Prices {
    const PriceList* list = nullptr; // a catalog's, with what belongs to it
    const PriceTiers* tiers = nullptr;
    const std::vector<ServicePrices>* services = nullptr;
    const std::vector<UnitPrice>* units = nullptr;
    const OwnPrices* own = nullptr;
    Terms terms = {};
};

/// The prices of tokens without a service and without a size.
[[nodiscard]] PriceList usualPrices(const Prices& prices);

/// What an exchange cost. What the provider reported wins and is not changed by any terms. Else the prices of
/// the service that served it: tokens, or where those have no price the first piece that was counted and has
/// one, and beside either what a request and what its searches cost; all rounded once. An estimate where the
/// service, the size or a part has no price of its own and another stands in for it, where the usage is one,
/// and for images of a catalog, whose size and quality change what they cost.
/// `isSum`: of many requests whose sizes nobody told.
[[nodiscard]] Cost costBy(const Prices& prices, const Usage& usage, bool isSum = false);

} // namespace gateway::accounting
