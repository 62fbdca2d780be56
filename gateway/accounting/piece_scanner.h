// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "accounting/vocabulary.h"

namespace gateway::accounting {

/// How text is cut into pieces before its bytes are paired: the patterns of OpenAI's cl100k_base and
/// o200k_base, which are public with their vocabularies.
enum class PiecePattern : std::uint8_t { Undecided, Cl100k, O200k };

/// Cuts a text into pieces: together they are the text, none is empty. Linear in the text. Bytes that are no
/// UTF-8 are characters of no class, one each.
class PieceScanner {
public:
    PieceScanner(std::string_view text, PiecePattern pattern, const CharClasses& classes)
        : m_text(text), m_pattern(pattern), m_classes(classes)
    {
    }
    /// Empty at the end.
    [[nodiscard]] std::string_view next();

private:
    struct Char {
        std::size_t size = 0; // 0: the end
        CharClass kind = CharClass::Other;
        char byte = 0; // of ASCII
    };
    [[nodiscard]] Char at(std::size_t place) const;
    /// The end of the run of characters from `place` on for which `is` holds.
    template <class Is>
    [[nodiscard]] std::size_t runEnd(std::size_t place, Is is) const;
    // Where the alternative of the pattern ends that begins at `begin`; `begin` itself: it does not match.
    [[nodiscard]] std::size_t contraction(std::size_t begin) const;
    [[nodiscard]] std::size_t letters(std::size_t begin) const;
    [[nodiscard]] std::size_t word(std::size_t begin) const;
    [[nodiscard]] std::size_t mixedWord(std::size_t begin) const;
    [[nodiscard]] std::size_t capitals(std::size_t begin) const;
    [[nodiscard]] std::size_t digits(std::size_t begin) const;
    [[nodiscard]] std::size_t signs(std::size_t begin) const;
    [[nodiscard]] std::size_t blanks(std::size_t begin) const;
    [[nodiscard]] std::size_t pieceEnd(std::size_t begin) const;

    std::string_view m_text;
    PiecePattern m_pattern;
    const CharClasses& m_classes;
    std::size_t m_place = 0;
};

} // namespace gateway::accounting
