// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cache {

/// Why two texts may not share an answer, for difference(), or why one is unfit for it, for unfitness().
namespace reason {
inline constexpr std::string_view kLanguage =
    "language"; // letters of another script than English has, or no UTF-8
inline constexpr std::string_view kLength = "length"; // nothing said, or more than kMostWords
inline constexpr std::string_view kTime = "time";     // an answer of today is none tomorrow
inline constexpr std::string_view kQuote = "quote"; // text in quotation marks, or handed over behind a colon
inline constexpr std::string_view kNumber = "number";     // figures, number words, ordinals, dates, units
inline constexpr std::string_view kOperator = "operator"; // + < && and other signs
inline constexpr std::string_view kNegation = "negation"; // not, never, without
inline constexpr std::string_view kTense = "tense";       // is, was, will be
inline constexpr std::string_view kCode = "code";         // paths, identifiers, file names
inline constexpr std::string_view kEntity = "entity";     // names and acronyms
inline constexpr std::string_view kAntonym = "antonym";   // one says the opposite
inline constexpr std::string_view kWord = "word";         // something is said in one of them alone
inline constexpr std::string_view kQuestion = "question"; // why, who, how, whether, or an order
inline constexpr std::string_view kOrder = "order"; // the same words about one another the other way round
inline constexpr std::array kAll{kLanguage, kLength, kTime,   kQuote,   kNumber, kOperator, kNegation,
                                 kTense,    kCode,   kEntity, kAntonym, kWord,   kQuestion, kOrder};
} // namespace reason

/// What the words of a text tell about it, made once for each. Small enough to be kept with every cached
/// answer: some two hundred bytes for each word that says something. A plain value.
struct LexicalText {
    static constexpr std::size_t kMostWords = 120;

    enum class Kind : std::uint8_t { Undecided, Plain, Unit, Name, Code, Number, Sign, Quote, Negation };
    /// What a word is to the one before it, as its preposition tells.
    enum class Role : std::uint8_t { None, In, Of, For, With, About, From, To, By, Than, As, Instead, Other };
    /// What is wanted.
    enum class Wish : std::uint8_t {
        Undecided,
        Phrase,   // words without a sentence
        Order,    // "sort the list"
        Giving,   // "give me a list of"
        HowTo,    // "how do I"
        What,     // "what is"
        Which,    // "which city", "what it does"
        WhatDone, // "what does it do"
        How,
        Why,
        Who,
        When,
        Where,
        Whether
    };
    enum Tense : std::uint8_t { Present = 1, Past = 2, Future = 4, Perfect = 8 };

    struct Word {
        std::string text;                 // in small letters, but for code and quotes
        std::string spelling;             // of words and names: with "color" for "colour"
        std::array<std::string, 2> bases; // what it may be a form of; empty: nothing else
        Kind kind = Kind::Undecided;
        Role role = Role::None;
        std::uint16_t run = 0;    // the same for words that nothing stands between
        bool isPast = false;      // or may be
        bool isOne = false;       // "a" stands before it
        bool isSeveral = false;   // or may be
        bool movesFreely = false; // stands where it stands in one sentence and elsewhere in another
        bool isModifier = false;  // of the word right behind it
        bool isCategory = false;  // "city" of "which city is"
        bool isJoined = false;    // by "and", "or" to the one before or behind
    };

    std::string_view unfit; // language, length, or empty
    bool isTimely = false;  // tells of now or today
    Wish wish = Wish::Undecided;
    std::uint8_t tenses = 0; // as auxiliaries tell
    bool saysMy = false, saysYour = false;
    std::vector<Word> words; // those that say something, in their order
    std::string bare;        // all of it, where no word does
};

/// How far two wordings may be apart. Strict takes the more usual synonyms alone, and one of them; Balanced
/// more of them, words of one root, and orders for questions how to do it.
enum class Care : std::uint8_t { Undecided, Strict, Balanced };

[[nodiscard]] LexicalText digest(std::string_view text);

/// Whether an answer to one of two English texts that mean about the same may be given to the other: nothing
/// where it may, else one of `reason`'s names. The same for both ways round, but for which of several reasons
/// is told.
[[nodiscard]] std::optional<std::string_view> difference(const LexicalText& asked, const LexicalText& known,
                                                         Care care);

/// Nothing where answers to the text may be given to others and later at all, else kLanguage, kLength or
/// kTime.
[[nodiscard]] std::optional<std::string_view> unfitness(const LexicalText& text);

} // namespace gateway::cache
