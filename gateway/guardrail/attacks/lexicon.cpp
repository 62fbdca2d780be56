// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/attacks/lexicon.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"
#include "guardrail/attacks/fold.h"

namespace gateway::guardrail {

namespace {

struct WordList {
    Meaning meaning;
    std::string_view words;
};
constexpr WordList kWordLists[] = {
#define WORDS(meaning, words) {Meaning::meaning, words},
#include "guardrail/attacks/words.def"
#undef WORDS
};

/// Those that are looked for in disguise, too: long, and in hardly any harmless sentence together.
constexpr std::string_view kDisguised =
    "ignore disregard forget override bypass previous previously prior above instruction instructions "
    "directives guidelines rules prompt system reveal display output repeat hidden secret developer "
    "jailbreak unrestricted unfiltered uncensored restrictions everything without password passwords "
    "conversation credentials your print show all";
constexpr std::size_t kLeastStirred = 5; // letters

std::string rot13(std::string_view word)
{
    std::string out(word);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    }
    return out;
}

/// The same for all words that differ in the order of their inner letters only.
std::string stirKey(std::string_view word)
{
    std::string key(word);
    std::sort(key.begin() + 1, key.end() - 1);
    return key;
}

bool isPlain(std::string_view word)
{
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::size_t firstSize(std::string_view text)
{
    return std::max<std::size_t>(1, utf8Sequence(text.data(), text.data() + text.size()));
}

} // namespace

const Lexicon& Lexicon::shared()
{
    static const Lexicon kShared;
    return kShared;
}

Lexicon::Lexicon() : m_words(kBuckets), m_ciphered(kBuckets), m_stirred(kBuckets), m_phrases(kBuckets)
{
    for (const WordList& list : kWordLists)
        add(list.words, list.meaning);
    for (const std::string_view word : splitAt(kDisguised, ' ')) {
        if (word.size() >= kLeastStirred) addStirred(word);
        addCiphered(word);
    }
    for (auto& those : m_phrases)
        std::sort(those.begin(), those.end(),
                  [](const Entry& left, const Entry& right) { return left.word.size() > right.word.size(); });
}

void Lexicon::add(std::string_view words, Meaning meaning)
{
    for (std::string_view word : splitAt(words, ' ')) {
        if (word.empty()) continue;
        const bool stem = word.ends_with('*');
        if (stem) word.remove_suffix(1);
        const char32_t first = decodeUtf8(word.data(), firstSize(word));
        if (isUnspaced(first)) {
            addPhrase(word, meaning);
            continue;
        }
        std::string plain = foldedText(word);
        auto& bucket = m_words[bucketOf(plain)];
        const auto same = std::find_if(bucket.begin(), bucket.end(), [&](const Entry& entry) {
            return entry.word == plain && entry.stem == stem;
        });
        if (same != bucket.end())
            same->meanings |= bitOf(meaning);
        else
            bucket.push_back({std::move(plain), bitOf(meaning), stem});
    }
}

void Lexicon::addPhrase(std::string_view phrase, Meaning meaning)
{
    auto& bucket = m_phrases[bucketOf(phrase.substr(0, firstSize(phrase)))];
    const auto same =
        std::find_if(bucket.begin(), bucket.end(), [&](const Entry& entry) { return entry.word == phrase; });
    if (same != bucket.end())
        same->meanings |= bitOf(meaning);
    else
        bucket.push_back({std::string(phrase), bitOf(meaning), false});
}

void Lexicon::addStirred(std::string_view word)
{
    std::string key = stirKey(word);
    auto& bucket = m_stirred[bucketOf(key)];
    bucket.push_back({std::move(key), meaningsOf(word), false});
}

void Lexicon::addCiphered(std::string_view word)
{
    for (std::string each : {rot13(word), std::string(word.rbegin(), word.rend())}) {
        auto& bucket = m_ciphered[bucketOf(each)];
        bucket.push_back({std::move(each), meaningsOf(word), false});
    }
}

std::size_t Lexicon::bucketOf(std::string_view word)
{
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < std::min(word.size(), kKey); ++i)
        key = (key << 8U) | static_cast<unsigned char>(word[i]);
    return (key * 2654435761U) >> 20U;
}

Meanings Lexicon::meaningsOf(std::string_view word) const
{
    Meanings all = 0;
    for (const Entry& entry : m_words[bucketOf(word)]) {
        if (entry.stem ? word.starts_with(entry.word) : word == entry.word) all |= entry.meanings;
    }
    return all;
}

Meanings Lexicon::cipheredMeanings(std::string_view word) const
{
    for (const Entry& entry : m_ciphered[bucketOf(word)]) {
        if (word == entry.word) return entry.meanings;
    }
    return 0;
}

Meanings Lexicon::stirredMeanings(std::string_view word) const
{
    constexpr std::size_t kMost = 14;
    if (word.size() < kLeastStirred || word.size() > kMost || !isPlain(word)) return 0;
    const std::string key = stirKey(word);
    for (const Entry& entry : m_stirred[bucketOf(key)]) {
        if (key == entry.word) return entry.meanings;
    }
    return 0;
}

Meanings Lexicon::takeFrom(std::string_view letters, std::size_t& at) const
{
    constexpr std::size_t kLongest = 14, kShortest = 3;
    const std::size_t most = std::min(kLongest, letters.size() - at);
    for (std::size_t size = most; size >= kShortest; --size) {
        if (const Meanings found = meaningsOf(letters.substr(at, size)); found != 0) {
            at += size;
            return found;
        }
    }
    return 0;
}

Meanings Lexicon::phraseAt(std::string_view text, std::size_t& size) const
{
    for (const Entry& entry : m_phrases[bucketOf(text.substr(0, firstSize(text)))]) {
        if (!text.starts_with(entry.word)) continue;
        size = entry.word.size();
        return entry.meanings;
    }
    return 0;
}

} // namespace gateway::guardrail
