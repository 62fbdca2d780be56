// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/thesaurus.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gateway::cache {

namespace {

constexpr std::string_view kWordsMark = "TPWORD01";
constexpr std::size_t kHeadBytes = 20;
constexpr std::uint32_t kSenses = 4, kTagBits = 4, kTagMask = 15;

std::uint32_t wordAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::vector<std::uint32_t> wordsAt(std::string_view bytes, std::size_t at, std::size_t count)
{
    std::vector<std::uint32_t> values(count);
    if (count > 0) std::memcpy(values.data(), bytes.data() + at, count * sizeof(std::uint32_t));
    return values;
}

bool areEnds(const std::vector<std::uint32_t>& ends, std::size_t last)
{
    return std::is_sorted(ends.begin(), ends.end()) && ends.back() == last;
}

} // namespace

Thesaurus::Thesaurus(std::string_view bytes)
{
    if (bytes.size() < kHeadBytes || !bytes.starts_with(kWordsMark)) return;
    const std::uint64_t words = wordAt(bytes, 8), relations = wordAt(bytes, 12), size = wordAt(bytes, 16);
    const std::uint64_t kinds = (words + 3) / 4 * 4;
    if (words == 0 || bytes.size() != kHeadBytes + words * 8 + kinds + relations * 4 + size) return;
    auto ends = wordsAt(bytes, kHeadBytes, words);
    auto relationEnds = wordsAt(bytes, kHeadBytes + words * 4, words);
    if (!areEnds(ends, size) || !areEnds(relationEnds, relations)) return;
    m_relations = wordsAt(bytes, kHeadBytes + words * 8 + kinds, relations);
    for (const std::uint32_t each : m_relations) {
        if ((each & kTagMask) >= kSenses && (each >> kTagBits) >= words) return;
    }
    m_ends = std::move(ends);
    m_relationEnds = std::move(relationEnds);
    m_kinds = bytes.substr(kHeadBytes + words * 8, words);
    m_text = bytes.substr(bytes.size() - size);
}

std::string_view Thesaurus::at(std::size_t place) const
{
    const std::size_t begin = place == 0 ? 0 : m_ends[place - 1];
    return m_text.substr(begin, m_ends[place] - begin);
}

std::optional<std::size_t> Thesaurus::placeOf(std::string_view word) const
{
    std::size_t low = 0, high = m_ends.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (at(middle) < word)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == m_ends.size() || at(low) != word) return std::nullopt;
    return low;
}

std::pair<std::size_t, std::size_t> Thesaurus::relationsOf(std::size_t place) const
{
    return {place == 0 ? 0 : m_relationEnds[place - 1], m_relationEnds[place]};
}

std::uint8_t Thesaurus::kinds(std::string_view word) const
{
    const auto place = placeOf(word);
    return place ? static_cast<std::uint8_t>(m_kinds[*place]) : std::uint8_t{0};
}

std::vector<std::string_view> Thesaurus::basesOf(std::string_view form) const
{
    std::vector<std::string_view> bases;
    const auto place = placeOf(form);
    if (!place) return bases;
    for (auto [i, end] = relationsOf(*place); i < end; ++i) {
        const std::uint32_t tag = m_relations[i] & kTagMask;
        if (tag == Form || tag == Past) bases.push_back(at(m_relations[i] >> kTagBits));
    }
    return bases;
}

bool Thesaurus::isIrregularPast(std::string_view form) const
{
    const auto place = placeOf(form);
    if (!place) return false;
    const auto [begin, end] = relationsOf(*place);
    return std::any_of(m_relations.begin() + static_cast<std::ptrdiff_t>(begin),
                       m_relations.begin() + static_cast<std::ptrdiff_t>(end),
                       [](std::uint32_t each) { return (each & kTagMask) == Past; });
}

std::optional<int> Thesaurus::synonyms(std::string_view left, std::string_view right) const
{
    const auto one = placeOf(left), other = placeOf(right);
    if (!one || !other) return std::nullopt;
    std::optional<int> least;
    const auto [begin, end] = relationsOf(*other);
    for (auto [i, last] = relationsOf(*one); i < last; ++i) {
        if ((m_relations[i] & kTagMask) >= kSenses) continue;
        for (std::size_t j = begin; j < end; ++j) {
            if ((m_relations[j] & kTagMask) >= kSenses ||
                m_relations[i] >> kTagBits != m_relations[j] >> kTagBits)
                continue;
            const int places = static_cast<int>((m_relations[i] & kTagMask) + (m_relations[j] & kTagMask));
            least = least ? std::min(*least, places) : places;
        }
    }
    return least;
}

bool Thesaurus::areRelated(std::string_view left, std::string_view right, Relation by) const
{
    const auto one = placeOf(left), other = placeOf(right);
    if (!one || !other) return false;
    for (auto [i, end] = relationsOf(*one); i < end; ++i) {
        if ((m_relations[i] & kTagMask) == by && m_relations[i] >> kTagBits == *other) return true;
    }
    return false;
}

bool Thesaurus::areOpposites(std::string_view left, std::string_view right) const
{
    return areRelated(left, right, Opposite) || areRelated(right, left, Opposite);
}

bool Thesaurus::areOneRoot(std::string_view left, std::string_view right) const
{
    return areRelated(left, right, Made) || areRelated(right, left, Made);
}

bool Thesaurus::areDoerAndDeed(std::string_view left, std::string_view right) const
{
    return areRelated(left, right, Doer) || areRelated(right, left, Doer);
}

} // namespace gateway::cache
