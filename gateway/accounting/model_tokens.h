// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "accounting/piece_scanner.h"
#include "accounting/vocabulary.h"

namespace gateway::accounting {

/// How models count text, as far as that is public.
enum class TokenFamily : std::uint8_t { Undecided, O200k, Cl100k, Claude, Gemini, Other };

/// By the name that a provider or a router gives the model.
[[nodiscard]] TokenFamily tokenFamily(std::string_view model);

/// Counts text by the vocabularies that the build put into the program; where it could not get them, by
/// bytes. Nothing of them is read before the first count. Any thread; a long text takes its time.
class Tokenizers {
public:
    /// What resources/tokenizers made; empty: it could not.
    explicit Tokenizers(std::string_view bytes);

    [[nodiscard]] bool hasVocabularies() const { return !m_o200k.empty() && !m_cl100k.empty(); }
    /// Exact for the first two families, near for the others.
    [[nodiscard]] std::int64_t count(std::string_view text, TokenFamily family) const;
    /// The numbers themselves, of the first two families.
    [[nodiscard]] std::vector<std::uint32_t> encode(std::string_view text, TokenFamily family) const;
    /// Gives back the memory that counting touched.
    void release() const;

private:
    std::string_view m_bytes;
    CharClasses m_classes;
    Vocabulary m_o200k, m_cl100k;
};

} // namespace gateway::accounting
