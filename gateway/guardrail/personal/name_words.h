// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "guardrail/personal/name_lists.h"

namespace gateway::guardrail {

/// A word that may be one of a name.
struct NameWord {
    enum class Sort : std::uint8_t {
        None,     // no such word, or a part of something that is none
        Initial,  // "J.", "J"
        Particle, // "van", "de", "bin"
        Capital,
        Small // any other
    };
    std::size_t start = 0, end = 0;
    Sort sort = Sort::None;
    bool capitals = false; // nothing else
    bool hyphened = false;
    NameSense sense = {};
    FoldedWord folded{std::string_view()};
};
/// The word that begins at `start`.
[[nodiscard]] NameWord nameWordAt(std::string_view text, std::size_t start);

/// Words behind a name are looked at this far: no more of a stream is known by the time it is decided upon.
constexpr std::size_t kMostBehind = 13;

/// Words of a name in a row, each a space behind the last: a capital first, no particle last.
struct NameChain {
    static constexpr std::size_t kMostWords = 6, kMostBytes = 64;
    std::array<NameWord, kMostWords> words{};
    std::size_t size = 0;
    bool goesOn = false;  // with a word so long that a stream may not show all of it
    bool ofPlace = false; // what is behind it says that it is a street's, a firm's, a school's
};
[[nodiscard]] NameChain nameChainAt(std::string_view text, std::size_t start);

/// What the words around say of a capital word.
enum class NameHint : std::uint8_t {
    None,
    Place,  // it is none of a person: "San", "Lake"
    Thin,   // a given name may stand there: "with", "tell"
    Some,   // it may be: "customer", "Hi"
    Letter, // it is, where a comma or the line's end follows: "Dear"
    Sure    // it is: "Mr", "my name is"
};
[[nodiscard]] NameHint nameHintBefore(std::string_view text, std::size_t start);
/// A number is behind, as in streets.
[[nodiscard]] bool isNumbered(std::string_view text, std::size_t end);
/// Of "Anna and Peter", "Smith, Jones": where the word behind begins; 0: there is none.
[[nodiscard]] std::size_t joinedAt(std::string_view text, std::size_t end);
/// "said", "lives in": what only people do.
[[nodiscard]] bool isPersonDoing(std::string_view text, std::size_t end);

} // namespace gateway::guardrail
