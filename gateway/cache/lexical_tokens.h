// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cache {

/// A part of a text: a word ("don't" is two, "two-factor", too), a figure, something from a program, signs,
/// what is quoted, or a pause.
struct Token {
    enum class Kind : std::uint8_t { Word, Number, Code, Sign, Quote, Pause, End };

    std::string text; // of words in small letters
    Kind kind = Kind::Word;
    bool isCapital = false;    // its first letter
    bool isAllCapital = false; // at least two letters
    bool isSeveral = false;    // "APIs", but not "HTTPS"
    bool isOwner = false;      // "'s" behind it
    bool beginsSentence = false;
};

/// The parts of a text, or nothing where it is no UTF-8 or has letters that English has not.
[[nodiscard]] std::optional<std::vector<Token>> lexicalTokens(std::string_view text);

} // namespace gateway::cache
