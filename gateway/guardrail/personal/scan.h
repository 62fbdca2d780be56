// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.h"

/// What finders of personal data look at: a text as words of letters and digits.
namespace gateway::guardrail {

[[nodiscard]] inline bool isAsciiLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] inline char capital(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
/// A letter of any script (as far as bytes tell), a digit or an underscore.
[[nodiscard]] inline bool isWordByte(char c)
{
    return isAsciiLetter(c) || isAsciiDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// A run of word bytes.
struct Word {
    std::size_t start = 0, end = 0;
    bool digits = false; // nothing else
    [[nodiscard]] std::size_t size() const { return end - start; }
};

/// A text and those of its words that hold a digit or are short: no number is written with others.
struct Scan {
    std::string_view text;
    std::vector<Word> words;

    [[nodiscard]] std::string_view of(const Word& word) const
    {
        return text.substr(word.start, word.end - word.start);
    }
    /// What stands between a word and the next.
    [[nodiscard]] std::string_view gap(std::size_t word) const
    {
        return text.substr(words[word].end, words[word + 1].start - words[word].end);
    }
    [[nodiscard]] char before(std::size_t place) const { return place == 0 ? '\0' : text[place - 1]; }
    [[nodiscard]] char at(std::size_t place) const { return place < text.size() ? text[place] : '\0'; }
    /// Nothing of a number, a name or a path goes on at either side.
    [[nodiscard]] bool standsAlone(std::size_t start, std::size_t end) const;
    /// One of these words (small letters) is near before the place, or right behind.
    [[nodiscard]] bool isCalled(std::size_t start, std::size_t end,
                                std::initializer_list<std::string_view> names) const;
    /// One of these words is right behind.
    [[nodiscard]] bool isFollowedBy(std::size_t end, std::initializer_list<std::string_view> names) const;
    /// The text holds hardly anything else: a field of a form, an argument of a tool.
    [[nodiscard]] bool isAll(std::size_t start, std::size_t end) const;
};

[[nodiscard]] Scan scanned(std::string_view text);

/// Words of digits in a row, between which stands one of `separators` alone.
struct DigitRun {
    std::size_t first = 0, last = 0; // words
    std::string digits;
};
/// The run from `first` on that has between `least` and `most` digits, the longest that `accepts`.
template <class Accepts>
[[nodiscard]] std::optional<DigitRun> longestRun(const Scan& scan, std::size_t first,
                                                 std::string_view separators, std::size_t most,
                                                 Accepts accepts)
{
    std::optional<DigitRun> found;
    DigitRun run{first, first, {}};
    for (std::size_t i = first; i < scan.words.size() && scan.words[i].digits; ++i) {
        if (i > first) {
            const std::string_view gap = scan.gap(i - 1);
            if (gap.size() != 1 || separators.find(gap.front()) == std::string_view::npos) break;
        }
        if (run.digits.size() + scan.words[i].size() > most) break;
        run.digits.append(scan.of(scan.words[i]));
        run.last = i;
        if (accepts(run)) found = run;
    }
    return found;
}

[[nodiscard]] bool passesLuhn(std::string_view digits);
[[nodiscard]] inline int digitAt(std::string_view digits, std::size_t place)
{
    return digits[place] - '0';
}
/// Remainder of a number of any length.
[[nodiscard]] int remainder(std::string_view digits, int modulus);

} // namespace gateway::guardrail
