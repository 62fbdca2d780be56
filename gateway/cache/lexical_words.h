// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "cache/lexical_guard.h"

/// The words of English whose meaning is in what they do to others. All are in small letters.
namespace gateway::cache {

/// Articles, auxiliaries, pronouns and courtesies: two texts that differ in nothing else say the same.
[[nodiscard]] bool saysNothing(std::string_view word);
/// "not", "never", "without", "except".
[[nodiscard]] bool isNegation(std::string_view word);
/// What a preposition makes of the words behind it; not of "to", which may stand before a verb.
[[nodiscard]] std::optional<LexicalText::Role> roleBehind(std::string_view preposition);
/// "one" to "million", "first" to "twelfth", as figures.
[[nodiscard]] std::optional<std::string> figuresOf(std::string_view word);
/// Units of measure, days and months: nothing else means the same.
[[nodiscard]] bool isUnit(std::string_view word);
/// Of forms of one word all go by one: "them", "their" by "they"; "every", "each" by "all".
[[nodiscard]] std::string_view oneFor(std::string_view word);
/// "height" of "how tall", "age" of "how old"; the word itself where it is no such.
[[nodiscard]] std::string_view measureOf(std::string_view degree);
/// Words that say the same more often than a dictionary tells.
[[nodiscard]] bool areUsualSynonyms(std::string_view left, std::string_view right);
/// Whether one is who did the other once and for all, so that "is" and "was" say the same: "author" and
/// "write".
[[nodiscard]] bool areDoerOnce(std::string_view left, std::string_view right);
/// "sentence" of "in this sentence: …".
[[nodiscard]] bool isCarrier(std::string_view word);
/// "write", "create" and others before what is made.
[[nodiscard]] bool isMaking(std::string_view verb);
/// "can", "should" and the like.
[[nodiscard]] bool isModal(std::string_view word);
/// 0, or one of LexicalText::Tense, for auxiliaries.
[[nodiscard]] std::uint8_t tenseOf(std::string_view auxiliary);
/// Words of now and today.
[[nodiscard]] bool isTimely(std::string_view word);
/// "last", "next", "this", and the time that they may stand before.
[[nodiscard]] bool isTimelyBefore(std::string_view word, std::string_view span);

/// What a word may be a form of by its ending, the likelier first; empty where nothing more.
[[nodiscard]] std::array<std::string, 2> basesOf(const std::string& word);
/// "summarise", "colour", "centre" as "summarize", "color", "center"; others as they are, or a bit off but
/// always the same.
[[nodiscard]] std::string oneSpelling(std::string word);
/// Whether it may be a verb's past form.
[[nodiscard]] bool maybePast(const std::string& word);
/// Whether it may be a noun's plural.
[[nodiscard]] bool maybeSeveral(const std::string& word);
/// Whether both say the opposite of one another: "true" and "false", "lock" and "unlock".
[[nodiscard]] bool areOpposites(std::string_view left, std::string_view right);

} // namespace gateway::cache
