// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/vocabulary.h"

#include <bit>
#include <cstring>

namespace gateway::accounting {

namespace {

constexpr std::size_t kWord = sizeof(std::uint32_t);
constexpr std::uint32_t kMostRanks = 1U << 24;
constexpr std::uint32_t kClassBits = 3;

/// The build writes little-endian numbers.
std::uint32_t wordAt(std::string_view words, std::size_t place)
{
    std::uint32_t word = 0;
    std::memcpy(&word, words.data() + place * kWord, kWord);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap32(word);
    return word;
}

bool takeWord(std::string_view& bytes, std::uint32_t& word)
{
    if (bytes.size() < kWord) return false;
    word = wordAt(bytes, 0);
    bytes.remove_prefix(kWord);
    return true;
}

bool takeBytes(std::string_view& bytes, std::size_t size, std::string_view& part)
{
    if (bytes.size() < size) return false;
    part = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
}

/// FNV-1a, as the build uses it.
std::uint32_t tokenHash(std::string_view token)
{
    std::uint32_t hash = 2166136261U;
    for (const char byte : token) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 16777619U;
    }
    return hash;
}

} // namespace

Vocabulary Vocabulary::take(std::string_view& bytes)
{
    Vocabulary made;
    std::uint32_t count = 0, slots = 0, size = 0;
    const bool whole = takeWord(bytes, count) && takeWord(bytes, slots) && takeWord(bytes, size) &&
                       count <= kMostRanks && slots > count && std::has_single_bit(slots) &&
                       takeBytes(bytes, std::size_t{count} * kWord, made.m_ends) &&
                       takeBytes(bytes, std::size_t{slots} * kWord, made.m_table) &&
                       takeBytes(bytes, size, made.m_bytes);
    if (!whole) {
        bytes = {};
        return {};
    }
    made.m_count = count;
    made.m_slots = slots;
    return made;
}

std::string_view Vocabulary::tokenAt(std::uint32_t rank) const
{
    if (rank >= m_count) return {};
    const std::size_t begin = rank == 0 ? 0 : wordAt(m_ends, rank - 1);
    const std::size_t end = wordAt(m_ends, rank);
    return begin <= end && end <= m_bytes.size() ? m_bytes.substr(begin, end - begin) : std::string_view();
}

std::uint32_t Vocabulary::rank(std::string_view token) const
{
    if (m_count == 0 || token.empty()) return kNone;
    // There are more slots than tokens: an empty one ends every search.
    for (std::uint32_t slot = tokenHash(token) & (m_slots - 1), tries = 0; tries < m_slots;
         slot = (slot + 1) & (m_slots - 1), ++tries) {
        const std::uint32_t found = wordAt(m_table, slot);
        if (found == kNone) return kNone;
        if (tokenAt(found) == token) return found;
    }
    return kNone;
}

CharClasses CharClasses::take(std::string_view& bytes)
{
    CharClasses made;
    if (!takeWord(bytes, made.m_count) || made.m_count > kMostRanks ||
        !takeBytes(bytes, std::size_t{made.m_count} * kWord, made.m_ranges)) {
        bytes = {};
        return {};
    }
    return made;
}

CharClass CharClasses::of(char32_t codePoint) const
{
    // The last range that begins at it or before.
    std::uint32_t low = 0, high = m_count;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (wordAt(m_ranges, middle) >> kClassBits <= codePoint)
            low = middle + 1;
        else
            high = middle;
    }
    const std::uint32_t kind = low == 0 ? 0 : wordAt(m_ranges, low - 1) & ((1U << kClassBits) - 1);
    return kind <= static_cast<std::uint32_t>(CharClass::Space) ? static_cast<CharClass>(kind)
                                                                : CharClass::Other;
}

} // namespace gateway::accounting
