// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/byte_pairs.h"

#include <algorithm>

namespace gateway::accounting {

namespace {

constexpr std::size_t kShort = 64;                       // looking through all parts is faster
constexpr std::size_t kLongest = std::size_t{64} * 1024; // longer pieces are cut, which moves a token or two
constexpr std::uint32_t kGone = 0xFFFFFFFE;              // a part that another one has taken in

} // namespace

std::size_t BytePairs::count(std::string_view piece, std::vector<std::uint32_t>* tokens)
{
    std::size_t sum = 0;
    while (!piece.empty()) {
        const std::string_view part = piece.substr(0, kLongest);
        piece.remove_prefix(part.size());
        if (const std::uint32_t whole = m_vocabulary.rank(part); whole != Vocabulary::kNone) {
            if (tokens) tokens->push_back(whole);
            ++sum;
        } else {
            sum += part.size() <= kShort ? countShort(part, tokens) : countLong(part, tokens);
        }
    }
    return sum;
}

std::size_t BytePairs::countShort(std::string_view piece, std::vector<std::uint32_t>* tokens)
{
    // The begin of each part, and the rank of it with the one behind it.
    m_parts.clear();
    for (std::uint32_t i = 0; i <= piece.size(); ++i)
        m_parts.push_back({i});
    const auto rankOf = [&](std::size_t i) {
        return i + 2 < m_parts.size() ? m_vocabulary.rank(piece.substr(
                                            m_parts[i].begin, m_parts[i + 2].begin - m_parts[i].begin))
                                      : Vocabulary::kNone;
    };
    for (std::size_t i = 0; i + 1 < m_parts.size(); ++i)
        m_parts[i].rank = rankOf(i);
    for (;;) {
        const auto best = std::min_element(m_parts.begin(), m_parts.end(),
                                           [](const Part& a, const Part& b) { return a.rank < b.rank; });
        if (best->rank == Vocabulary::kNone) break;
        const auto i = static_cast<std::size_t>(best - m_parts.begin());
        m_parts.erase(best + 1);
        m_parts[i].rank = rankOf(i);
        if (i > 0) m_parts[i - 1].rank = rankOf(i - 1);
    }
    for (std::size_t i = 0; tokens && i + 1 < m_parts.size(); ++i)
        tokens->push_back(
            m_vocabulary.rank(piece.substr(m_parts[i].begin, m_parts[i + 1].begin - m_parts[i].begin)));
    return m_parts.size() - 1;
}

std::uint32_t BytePairs::pairRank(std::string_view piece, std::uint32_t part) const
{
    const Part& first = m_parts[part];
    if (first.next >= piece.size()) return Vocabulary::kNone;
    return m_vocabulary.rank(piece.substr(first.begin, m_parts[first.next].next - first.begin));
}

void BytePairs::offer(std::string_view piece, std::uint32_t part)
{
    const std::uint32_t rank = pairRank(piece, part);
    m_parts[part].rank = rank;
    if (rank == Vocabulary::kNone) return;
    m_pairs.push_back({rank, part});
    std::push_heap(m_pairs.begin(), m_pairs.end(), [](const Pair& a, const Pair& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.part > b.part;
    });
}

/// Parts are numbered by their first byte; `next` of the last one is the piece's size.
std::size_t BytePairs::countLong(std::string_view piece, std::vector<std::uint32_t>* tokens)
{
    const auto size = static_cast<std::uint32_t>(piece.size());
    m_parts.assign(size, {});
    m_pairs.clear();
    for (std::uint32_t i = 0; i < size; ++i)
        m_parts[i] = {i, i + 1, i == 0 ? size : i - 1, Vocabulary::kNone};
    for (std::uint32_t i = 0; i < size; ++i)
        offer(piece, i);
    std::size_t left = size;
    while (!m_pairs.empty()) {
        std::pop_heap(m_pairs.begin(), m_pairs.end(), [](const Pair& a, const Pair& b) {
            return a.rank != b.rank ? a.rank > b.rank : a.part > b.part;
        });
        const Pair pair = m_pairs.back();
        m_pairs.pop_back();
        Part& part = m_parts[pair.part];
        if (part.rank != pair.rank) continue; // one of the two has become another part since
        m_parts[part.next].rank = kGone;
        part.next = m_parts[part.next].next;
        if (part.next < size) m_parts[part.next].before = pair.part;
        --left;
        offer(piece, pair.part);
        if (part.before < size) offer(piece, part.before);
    }
    for (std::uint32_t i = 0; tokens && i < size; i = m_parts[i].next)
        tokens->push_back(m_vocabulary.rank(piece.substr(i, m_parts[i].next - i)));
    return left;
}

} // namespace gateway::accounting
