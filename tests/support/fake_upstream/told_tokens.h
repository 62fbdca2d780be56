// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ask.h"

namespace fake {

/// The tokens of one answer, none of them counted twice.
struct Tokens {
    uint64_t fresh = 0; // of the input
    uint64_t cacheRead = 0;
    uint64_t cacheWrite = 0;     // for five minutes
    uint64_t cacheWriteHour = 0; // for an hour
    uint64_t spoken = 0;         // of the output
    uint64_t thought = 0;
};

/// What was told of the use of each answer that drew it: the upstream's own account of what it is owed.
class TokenTally {
public:
    /// The next numbers, which are the same ones each time, without what the dialect has no word for.
    Tokens draw(const Ask& ask);
    void reset();
    std::string json() const;

private:
    struct Told {
        std::string model;
        Tokens tokens;
    };
    std::mt19937 m_random;
    std::vector<Told> m_told;
};

/// As the dialect says it, each in its own way: the cache inside the input or beside it, thoughts likewise.
std::string usageText(Dialect dialect, const Tokens& tokens);

} // namespace fake
