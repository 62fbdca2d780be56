// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "accounting/vocabulary.h"

namespace gateway::accounting {

/// The tokens of a piece: of neighbouring parts, those whose token has the smallest number become one, again
/// and again. O(n log n) for long pieces. A byte that no token has is one of its own, kNone.
class BytePairs {
public:
    explicit BytePairs(const Vocabulary& vocabulary) : m_vocabulary(vocabulary) {}
    /// How many; their numbers are appended to `tokens`, where somebody wants them.
    std::size_t count(std::string_view piece, std::vector<std::uint32_t>* tokens = nullptr);

private:
    struct Part {
        std::uint32_t begin = 0, next = 0, before = 0;
        std::uint32_t rank = Vocabulary::kNone; // of it with the next one
    };
    struct Pair {
        std::uint32_t rank = 0, part = 0;
    };

    std::size_t countShort(std::string_view piece, std::vector<std::uint32_t>* tokens);
    std::size_t countLong(std::string_view piece, std::vector<std::uint32_t>* tokens);
    [[nodiscard]] std::uint32_t pairRank(std::string_view piece, std::uint32_t part) const;
    void offer(std::string_view piece, std::uint32_t part);

    const Vocabulary& m_vocabulary;
    std::vector<Part> m_parts; // kept, as are the pairs: most pieces are short
    std::vector<Pair> m_pairs;
};

} // namespace gateway::accounting
