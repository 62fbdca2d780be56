// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/money.h"

namespace gateway::accounting {

/// Adds up shares of prices without any loss: the sum is in millionths of nano-dollars, over a divisor that
/// grows with each part that is taken of it, and is rounded once, when it is read. What is out of range stays
/// at the largest. A plain value.
class ExactSum {
public:
    /// Tokens at a price for a million of them, or pieces each of which is so many millionths of a price.
    void add(std::int64_t count, std::int64_t nanos, std::int64_t millionths = 1);
    /// From here on only that part of what was added is left: numerator/divisor, both at least 0 and 1.
    void take(std::int64_t numerator, std::int64_t divisor);
    /// Halves away from zero.
    [[nodiscard]] Money rounded() const;

private:
    using Wide = unsigned __int128;

    void reduce();

    // total * numerator / (divisor * 1'000'000)
    Wide m_total = 0;
    Wide m_numerator = 1;
    Wide m_divisor = 1;
};

} // namespace gateway::accounting
