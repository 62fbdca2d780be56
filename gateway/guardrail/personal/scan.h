// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
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

/// Words (small letters) that a number may be called by.
class CalledBy {
public:
    /// Parted by "|", none begins with what is ASCII but no letter; outlives this.
    explicit CalledBy(std::string_view names);
    /// Those that begin with a letter; of no ASCII letter: all that do with none.
    [[nodiscard]] std::span<const std::string_view> beginningWith(char letter) const;
    /// A bit for each letter that one of them begins with; the highest for what is no ASCII letter.
    [[nodiscard]] std::uint32_t initials() const { return m_initials; }

private:
    std::vector<std::string_view> m_names; // by initial
    std::array<std::uint8_t, 28> m_from{}; // of each initial, where its names begin; last what is no letter
    std::uint32_t m_initials = 0;
};

/// A part of a text, and where in it words may begin.
struct NearWords {
    std::string_view text;
    std::uint64_t begins = 0; // a bit for each byte that a run of ASCII letters begins at

    [[nodiscard]] bool holdsAny(const CalledBy& names) const;
    /// As CalledBy::initials(), of words that begin in it with an ASCII letter.
    [[nodiscard]] std::uint32_t initials() const;
};

/// A text and those of its words that hold a digit or are short: no number is written with others.
struct Scan {
    std::string_view text;
    std::vector<Word> words;
    std::vector<std::uint64_t> begins; // a bit for each byte that a run of ASCII letters begins at
    bool ascii = true;                 // all of the text

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
    /// One of these words is near before the place, or right behind.
    [[nodiscard]] bool isCalled(std::size_t start, std::size_t end, const CalledBy& names) const;
    /// One of these words is right behind.
    [[nodiscard]] bool isFollowedBy(std::size_t end, const CalledBy& names) const;
    [[nodiscard]] NearWords nearBefore(std::size_t start) const;
    [[nodiscard]] NearWords nearBehind(std::size_t end) const;
    /// The text holds hardly anything else: a field of a form, an argument of a tool.
    [[nodiscard]] bool isAll(std::size_t start, std::size_t end) const;
};

[[nodiscard]] Scan scanned(std::string_view text);

/// What stands around a number, read when it is first asked for. Of one place after the other it is cheaper
/// to ask the same.
class Around {
public:
    explicit Around(const Scan& scan) : m_scan(scan) {}
    /// One of these words is near before the place, or right behind.
    [[nodiscard]] bool calls(std::size_t start, std::size_t end, const CalledBy& names);
    /// False, at hardly any cost: none of them is.
    [[nodiscard]] bool mayCall(std::size_t start, std::size_t end, const CalledBy& names);

private:
    const Scan& m_scan;
    NearWords m_left, m_right;
    std::uint32_t m_leftInitials = 0, m_rightInitials = 0;
    std::size_t m_start = std::string_view::npos, m_end = std::string_view::npos;
};

/// Of a few: a call of a library takes longer.
[[nodiscard]] inline bool isOneOf(char c, std::string_view few)
{
    bool is = false;
    for (const char each : few)
        is = is || each == c;
    return is;
}

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
            if (gap.size() != 1 || !isOneOf(gap.front(), separators)) break;
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
