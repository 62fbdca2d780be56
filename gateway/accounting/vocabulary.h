// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::accounting {

/// What a character is to the patterns that cut text into pieces.
enum class CharClass : std::uint8_t { Other, Upper, Lower, Letter, Mark, Number, Space };

/// The tokens of one byte-pair encoding, in the form that the build writes (resources/tokenizers): a table to
/// look them up stands in it, so that nothing is made of it in memory. A view of bytes that outlive it.
class Vocabulary {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    Vocabulary() = default;
    /// Takes its part off the begin of `bytes`; empty where they are none.
    static Vocabulary take(std::string_view& bytes);

    [[nodiscard]] bool empty() const { return m_count == 0; }
    /// The number of the token of these bytes, kNone where there is none. The smaller, the earlier two parts
    /// become one.
    [[nodiscard]] std::uint32_t rank(std::string_view token) const;

private:
    [[nodiscard]] std::string_view tokenAt(std::uint32_t rank) const;

    std::uint32_t m_count = 0, m_slots = 0; // m_slots: a power of two
    std::string_view m_ends, m_table, m_bytes;
};

/// Classes of all characters beyond ASCII, in ranges.
class CharClasses {
public:
    CharClasses() = default;
    static CharClasses take(std::string_view& bytes);

    [[nodiscard]] CharClass of(char32_t codePoint) const;

private:
    std::uint32_t m_count = 0;
    std::string_view m_ranges;
};

} // namespace gateway::accounting
