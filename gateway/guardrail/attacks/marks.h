// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "guardrail/attacks/lexicon.h"

namespace gateway::guardrail {

/// How a word had to be read to mean something.
enum class Reading : std::uint8_t {
    Plain,
    Stirred, // its inner letters in another order
    Ciphered // backwards, rot13
};

/// A word that means something, with its place in the text.
struct AttackMark {
    std::size_t start = 0, end = 0;
    Meanings meanings = 0;
    std::uint32_t word = 0;     // how many words stand before it
    std::uint32_t sentence = 0; // or line
    std::uint32_t passage = 0;  // that no sign reaches over
    Reading reading = Reading::Plain;
};

struct SentencePlace {
    std::size_t start = 0, end = 0;
    std::uint32_t word = 0; // its first one
};

/// What attacks are made of in a text, in one pass over it.
struct AttackMarks {
    std::vector<AttackMark> marks;
    std::vector<SentencePlace> sentences; // by AttackMark::sentence
    std::uint32_t words = 0;              // all
    std::size_t lastWord = 0;             // where the last one begins, which a stream may go on with
    bool lastOpen = false;                // it reaches the end
    std::uint32_t passage = 0;            // the last one
};

[[nodiscard]] AttackMarks marksOf(std::string_view text);

} // namespace gateway::guardrail
