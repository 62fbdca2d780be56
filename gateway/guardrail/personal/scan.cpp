// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/scan.h"

#include <algorithm>

namespace gateway::guardrail {

namespace {

// How far from a number a word still says what it is.
constexpr std::size_t kReachBefore = 40;
constexpr std::size_t kReachBehind = 16;

bool holdsWord(std::string_view text, std::string_view word)
{
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !isAsciiLetter(text[at - 1]);
        const std::size_t end = at + word.size();
        // "phones" and "telephone:" are meant, too, by "phone".
        const bool ends = end >= text.size() || !isAsciiLetter(text[end]) || text[end] == 's';
        if (begins && ends) return true;
    }
    return false;
}

} // namespace

bool Scan::standsAlone(std::size_t start, std::size_t end) const
{
    const char left = before(start), right = at(end);
    if (isWordByte(left) || isWordByte(right)) return false;
    const bool number = right == '.' && isAsciiDigit(at(end + 1));
    const bool fraction = (left == '.' || left == ',') && start > 1 && isAsciiDigit(text[start - 2]);
    return !number && !fraction;
}

bool Scan::isCalled(std::size_t start, std::size_t end, std::initializer_list<std::string_view> names) const
{
    const std::size_t from = start > kReachBefore ? start - kReachBefore : 0;
    const std::string left = lowered(text.substr(from, start - from));
    const std::string right = lowered(text.substr(std::min(end, text.size()), kReachBehind));
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        return holdsWord(left, name) || holdsWord(right, name);
    });
}

bool Scan::isFollowedBy(std::size_t end, std::initializer_list<std::string_view> names) const
{
    const std::string right = lowered(text.substr(std::min(end, text.size()), kReachBehind));
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return holdsWord(right, name); });
}

bool Scan::isAll(std::size_t start, std::size_t end) const
{
    constexpr std::size_t kLittle = 3; // quotes, a full stop
    return text.size() - (end - start) <= kLittle;
}

Scan scanned(std::string_view text)
{
    Scan scan{text, {}};
    for (std::size_t at = 0; at < text.size();) {
        if (!isWordByte(text[at])) {
            ++at;
            continue;
        }
        Word word{at, at, true};
        bool hasDigit = false;
        for (; at < text.size() && isWordByte(text[at]); ++at) {
            const bool digit = isAsciiDigit(text[at]);
            hasDigit = hasDigit || digit;
            word.digits = word.digits && digit;
        }
        word.end = at;
        // Identifiers of some countries have groups of letters alone behind their digits.
        constexpr std::size_t kShort = 6;
        if (hasDigit || word.size() <= kShort) scan.words.push_back(word);
    }
    return scan;
}

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool twice = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, twice = !twice) {
        int value = *at - '0';
        if (twice) value = value > 4 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return sum % 10 == 0;
}

int remainder(std::string_view digits, int modulus)
{
    int rest = 0;
    for (const char digit : digits)
        rest = (rest * 10 + (digit - '0')) % modulus;
    return rest;
}

} // namespace gateway::guardrail
