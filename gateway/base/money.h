// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// An amount of US dollars, counted in whole nano-dollars: sums of prices never drift as a double would.
/// A plain value. Sums and differences that leave the range (about 9.2 billion dollars) stay at its edge.
class Money {
public:
    static constexpr std::int64_t kNanosPerDollar = 1'000'000'000;

    constexpr Money() = default;

    static constexpr Money fromNanos(std::int64_t nanos)
    {
        Money money;
        money.m_nanos = nanos;
        return money;
    }

    /// Dollars written as JSON writes a number ("2.5", "-0.01", "1e-7"). Nothing where the text is not one,
    /// is out of range, or says more than nine decimals can hold.
    static std::optional<Money> parse(std::string_view text);

    /// As `parse`, but an amount finer than a nano-dollar is rounded to the nearest, halves away from zero.
    /// For amounts that providers report, which are often printed doubles.
    static std::optional<Money> parseRounded(std::string_view text);

    constexpr std::int64_t nanos() const { return m_nanos; }

    /// Plain decimal dollars without exponent or trailing zeros: "2.5", "0.000001", "0".
    std::string toString() const;

    constexpr Money& operator+=(Money other)
    {
        if (__builtin_add_overflow(m_nanos, other.m_nanos, &m_nanos)) m_nanos = edge(other.m_nanos > 0);
        return *this;
    }
    constexpr Money& operator-=(Money other)
    {
        if (__builtin_sub_overflow(m_nanos, other.m_nanos, &m_nanos)) m_nanos = edge(other.m_nanos < 0);
        return *this;
    }
    friend constexpr Money operator+(Money left, Money right) { return left += right; }
    friend constexpr Money operator-(Money left, Money right) { return left -= right; }
    constexpr bool operator==(const Money&) const = default;
    constexpr std::strong_ordering operator<=>(Money other) const { return m_nanos <=> other.m_nanos; }

private:
    static constexpr std::int64_t edge(bool upper)
    {
        return upper ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
    }

    std::int64_t m_nanos = 0;
};

} // namespace gateway
