// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/money.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway {

namespace {

constexpr int kDecimals = 9;
// Longer than any amount that can be held, printed in full; a hostile number of a megabyte is not read.
constexpr std::size_t kMaxTextBytes = 400;
constexpr int kMaxExponent = 1000;

bool takeSign(std::string_view& text, bool& negative, bool plusAllowed)
{
    negative = !text.empty() && text.front() == '-';
    if (negative || (plusAllowed && !text.empty() && text.front() == '+')) text.remove_prefix(1);
    return !text.empty();
}

/// A JSON number taken apart; `digits` are all of its digits, `point` how many of them stand before the point
/// once the exponent is applied.
struct Decimal {
    bool negative = false;
    std::string digits;
    int point = 0;
};

std::optional<int> takeExponent(std::string_view& text)
{
    if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return 0;
    text.remove_prefix(1);
    bool negative = false;
    if (!takeSign(text, negative, true)) return std::nullopt;
    const std::string_view digits = takeDigits(text);
    if (digits.empty()) return std::nullopt;
    int exponent = 0;
    for (const char c : digits)
        exponent = std::min(exponent * 10 + (c - '0'), kMaxExponent);
    return negative ? -exponent : exponent;
}

std::optional<Decimal> parseDecimal(std::string_view text)
{
    if (text.size() > kMaxTextBytes) return std::nullopt;
    Decimal decimal;
    if (!takeSign(text, decimal.negative, false)) return std::nullopt;
    const std::string_view whole = takeDigits(text);
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
    decimal.digits = whole;
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        const std::string_view fraction = takeDigits(text);
        if (fraction.empty()) return std::nullopt;
        decimal.digits += fraction;
    }
    const auto exponent = takeExponent(text);
    if (!exponent || !text.empty()) return std::nullopt;
    decimal.point = static_cast<int>(whole.size()) + *exponent;
    return decimal;
}

enum class Inexact { Undecided, Refuse, Round };

bool appendDigit(std::int64_t& value, int digit)
{
    // Built up as a negative number: its range reaches one further than the positive one.
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_sub_overflow(value, std::int64_t{digit}, &value);
}

std::optional<Money> toMoney(const Decimal& decimal, Inexact inexact)
{
    const int kept = decimal.point + kDecimals;
    const int count = static_cast<int>(decimal.digits.size());
    std::int64_t value = 0;
    for (int i = 0; i < kept; ++i) {
        if (i >= count && value == 0) break;
        const int digit = i < count ? decimal.digits[static_cast<std::size_t>(i)] - '0' : 0;
        if (!appendDigit(value, digit)) return std::nullopt;
    }
    const std::size_t firstCut = static_cast<std::size_t>(std::clamp(kept, 0, count));
    const bool exact = decimal.digits.find_first_not_of('0', firstCut) == std::string::npos;
    if (!exact && inexact != Inexact::Round) return std::nullopt;
    const bool roundsUp = kept >= 0 && kept < count && decimal.digits[firstCut] >= '5';
    if (roundsUp && __builtin_sub_overflow(value, std::int64_t{1}, &value)) return std::nullopt;
    if (!decimal.negative && __builtin_sub_overflow(std::int64_t{0}, value, &value)) return std::nullopt;
    return Money::fromNanos(value);
}

} // namespace

std::optional<Money> Money::parse(std::string_view text)
{
    const auto decimal = parseDecimal(text);
    return decimal ? toMoney(*decimal, Inexact::Refuse) : std::nullopt;
}

std::optional<Money> Money::parseRounded(std::string_view text)
{
    const auto decimal = parseDecimal(text);
    return decimal ? toMoney(*decimal, Inexact::Round) : std::nullopt;
}

std::string Money::toString() const
{
    // Unsigned, because the smallest amount has no positive counterpart.
    const auto bits = static_cast<std::uint64_t>(m_nanos);
    const std::uint64_t magnitude = m_nanos < 0 ? 0 - bits : bits;
    std::string text = (m_nanos < 0 ? "-" : "") + std::to_string(magnitude / kNanosPerDollar);
    if (const std::uint64_t fraction = magnitude % kNanosPerDollar; fraction != 0) {
        std::string digits = std::to_string(fraction);
        digits.insert(0, kDecimals - digits.size(), '0');
        digits.erase(digits.find_last_not_of('0') + 1);
        text += '.' + digits;
    }
    return text;
}

} // namespace gateway
