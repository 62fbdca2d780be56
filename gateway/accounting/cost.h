// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "base/price.h"
#include "exchange/usage.h"

namespace gateway::accounting {

/// What an exchange cost. What the provider itself reported wins; else tokens times prices, rounded to the
/// nano-dollar once, and a tier holds for all tokens as soon as the input is longer than its mark. Unknown
/// where a price is missing for tokens that were used, or no usage is known. Never negative; an amount out of
/// range stays at the largest.
Cost computeCost(const Usage& usage, const PriceList& prices, const PriceTiers& tiers = {});

/// `base` with what `over` states instead: a tier's or a service's prices leave out what stays the same.
[[nodiscard]] PriceList overlaid(const PriceList& base, const PriceList& over);

/// What is sold by the piece: the first price whose piece was counted. Unknown where none was. An estimate
/// for images, whose size and quality change what they cost, and for what is only ordered yet.
Cost computeUnitCost(const Usage& usage, const std::vector<UnitPrice>& units);

} // namespace gateway::accounting
