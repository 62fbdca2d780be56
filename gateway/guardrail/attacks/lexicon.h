// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// What words of attacks mean, whatever their language. Each is a bit.
enum class Meaning : std::uint8_t {
    None,
#define MEANING(name) name,
#include "guardrail/attacks/meanings.def"
#undef MEANING
    Count
};
using Meanings = std::uint64_t;
constexpr Meanings bitOf(Meaning meaning)
{
    return Meanings{1} << static_cast<unsigned>(meaning);
}
static_assert(static_cast<unsigned>(Meaning::Count) <= 64);

/// The words that attacks are made of. Constant; any thread.
class Lexicon {
public:
    [[nodiscard]] static const Lexicon& shared();

    /// Of a folded word; 0: none.
    [[nodiscard]] Meanings meaningsOf(std::string_view word) const;
    /// Of a word that is written backwards or with rot13.
    [[nodiscard]] Meanings cipheredMeanings(std::string_view word) const;
    /// Of a word whose inner letters were stirred.
    [[nodiscard]] Meanings stirredMeanings(std::string_view word) const;
    /// The longest word that letters without spaces begin with; its size is added to `at`.
    [[nodiscard]] Meanings takeFrom(std::string_view letters, std::size_t& at) const;
    /// Of a text in a script without spaces, of which `first` is the first character: what it begins with,
    /// and its bytes.
    [[nodiscard]] Meanings phraseAt(std::string_view text, std::size_t& size) const;

private:
    struct Entry {
        std::string word;
        Meanings meanings = 0;
        bool stem = false;
    };
    static constexpr std::size_t kBuckets = 4096;
    static constexpr std::size_t kKey = 4; // letters that a bucket is chosen by

    Lexicon();
    void add(std::string_view words, Meaning meaning);
    void addPhrase(std::string_view phrase, Meaning meaning);
    void addStirred(std::string_view word);
    void addCiphered(std::string_view word);
    [[nodiscard]] static std::size_t bucketOf(std::string_view word);

    std::vector<std::vector<Entry>> m_words, m_ciphered, m_stirred;
    std::vector<std::vector<Entry>> m_phrases; // by the first character, the longest first
};

} // namespace gateway::guardrail
