// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::cache {

/// What is known of English words: those of WordNet 3.0 as resources/words/write_words.mjs writes them. Words
/// are single ones in small letters. Its text is a view into those bytes. Immutable; any thread.
class Thesaurus {
public:
    enum Kind : std::uint8_t { Noun = 1, Verb = 2, Adjective = 4, Adverb = 8 };

    /// `bytes`: what write_words.mjs writes, for as long as this lives; of any other, no word is known.
    explicit Thesaurus(std::string_view bytes);

    [[nodiscard]] bool hasWords() const { return !m_ends.empty(); }
    [[nodiscard]] bool knows(std::string_view word) const { return placeOf(word).has_value(); }
    /// Which kinds of word it is, 0 where it is unknown.
    [[nodiscard]] std::uint8_t kinds(std::string_view word) const;
    /// The words that this irregular one is a form of: "went" of "go".
    [[nodiscard]] std::vector<std::string_view> basesOf(std::string_view form) const;
    [[nodiscard]] bool isIrregularPast(std::string_view form) const;

    /// How rare a sense it is in which both say the same: 0 for the first sense of both, then the places of
    /// both added. Nothing where they do not within their first four.
    [[nodiscard]] std::optional<int> synonyms(std::string_view left, std::string_view right) const;
    [[nodiscard]] bool areOpposites(std::string_view left, std::string_view right) const;
    /// Whether one is made of the other and says what it says: "summary" and "summarize", "simply" and
    /// "simple".
    [[nodiscard]] bool areOneRoot(std::string_view left, std::string_view right) const;
    /// Whether one is who does the other: "winner" and "win".
    [[nodiscard]] bool areDoerAndDeed(std::string_view left, std::string_view right) const;

private:
    enum Relation : std::uint8_t { Opposite = 4, Made, Form, Past, Doer };

    [[nodiscard]] std::optional<std::size_t> placeOf(std::string_view word) const;
    [[nodiscard]] std::string_view at(std::size_t place) const;
    /// From where to where in m_relations.
    [[nodiscard]] std::pair<std::size_t, std::size_t> relationsOf(std::size_t place) const;
    [[nodiscard]] bool areRelated(std::string_view left, std::string_view right, Relation by) const;

    std::vector<std::uint32_t> m_ends, m_relationEnds, m_relations;
    std::string_view m_kinds, m_text;
};

} // namespace gateway::cache
