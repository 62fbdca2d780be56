// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/price.h"
#include "exchange/usage.h"

namespace gateway::accounting {

/// Tokens of sound, parts of a usage's input that was not cached and of its output.
struct AudioTokens {
    std::int64_t input = 0, output = 0;
};

/// What an exchange cost. What the provider itself reported wins; else tokens times prices, rounded to the
/// nano-dollar once, and a tier holds for all tokens as soon as the input is longer than its mark. Unknown
/// where a price is missing for tokens that were used, or no usage is known. Never negative; an amount out of
/// range stays at the largest.
Cost computeCost(const Usage& usage, const PriceList& prices, const PriceTiers& tiers = {},
                 const AudioTokens& audio = {});

} // namespace gateway::accounting
