// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/exact_sum.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gateway::accounting {

namespace {

using Wide = unsigned __int128;

constexpr Wide kWidest = ~Wide{0};
constexpr Wide kPriceUnit = 1'000'000;
constexpr Wide kLargest = std::numeric_limits<std::int64_t>::max();

Wide product(Wide left, Wide right)
{
    Wide result = 0;
    return __builtin_mul_overflow(left, right, &result) ? kWidest : result;
}

Wide sum(Wide left, Wide right)
{
    return left > kWidest - right ? kWidest : left + right;
}

Wide commonDivisor(Wide left, Wide right)
{
    while (right != 0)
        left = std::exchange(right, left % right);
    return left;
}

/// left * right / divisor, halves up, in 256 bits: of the digits of a long division one is a bit.
Wide scaled(Wide left, Wide right, Wide divisor)
{
    constexpr int kBits = 64;
    constexpr Wide kLow = (Wide{1} << kBits) - 1;
    const Wide low = (left & kLow) * (right & kLow);
    const Wide crossed = (left >> kBits) * (right & kLow) + (low >> kBits);
    const Wide middle = (left & kLow) * (right >> kBits) + (crossed & kLow);
    Wide high = (left >> kBits) * (right >> kBits) + (crossed >> kBits) + (middle >> kBits);
    const Wide rest = (middle << kBits) | (low & kLow);
    if (high >= divisor) return kWidest;
    Wide quotient = 0;
    for (int bit = 2 * kBits - 1; bit >= 0; --bit) {
        // Divisors have less than 127 bits, so that the shift loses nothing.
        high = (high << 1) | ((rest >> bit) & 1);
        quotient <<= 1;
        if (high < divisor) continue;
        high -= divisor;
        quotient |= 1;
    }
    return high >= divisor - high ? quotient + 1 : quotient;
}

} // namespace

void ExactSum::add(std::int64_t count, std::int64_t nanos, std::int64_t millionths)
{
    if (count <= 0 || nanos <= 0) return;
    const Wide price = product(static_cast<Wide>(nanos), static_cast<Wide>(millionths));
    // What was taken before was taken of the others only.
    const Wide share = product(product(static_cast<Wide>(count), price), m_divisor);
    m_total = sum(product(m_total, m_numerator), share);
    m_numerator = 1;
}

void ExactSum::take(std::int64_t numerator, std::int64_t divisor)
{
    m_numerator *= static_cast<Wide>(std::max<std::int64_t>(numerator, 0));
    m_divisor *= static_cast<Wide>(std::max<std::int64_t>(divisor, 1));
    reduce();
}

void ExactSum::reduce()
{
    const Wide common = commonDivisor(m_numerator, m_divisor);
    if (common <= 1) return;
    m_numerator /= common;
    m_divisor /= common;
}

Money ExactSum::rounded() const
{
    const Wide divisor = m_divisor * kPriceUnit;
    Wide total = 0;
    if (!__builtin_mul_overflow(m_total, m_numerator, &total)) {
        const Wide nanos = total / divisor + (total % divisor >= divisor - total % divisor ? 1 : 0);
        return Money::fromNanos(static_cast<std::int64_t>(std::min(nanos, kLargest)));
    }
    const Wide nanos = scaled(m_total, m_numerator, divisor);
    return Money::fromNanos(static_cast<std::int64_t>(std::min(nanos, kLargest)));
}

} // namespace gateway::accounting
