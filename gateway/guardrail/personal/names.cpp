// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "guardrail/personal/finders.h"
#include "guardrail/personal/name_words.h"

namespace gateway::guardrail {

namespace {

using Sort = NameWord::Sort;

bool isGiven(const NameWord& word)
{
    return word.sort == Sort::Capital && word.sense.given && !word.sense.givenIsWord;
}
bool isSurname(const NameWord& word)
{
    return word.sort == Sort::Capital && word.sense.surname && !word.sense.surnameIsWord;
}

/// Endings that hardly anything has but surnames.
bool looksLikeSurname(const NameWord& word)
{
    const std::string_view name = word.folded.text();
    for (const std::string_view ending :
         {"ssen",  "sson",  "dottir", "ovic",    "evic",   "owski",   "ewski", "inski",
          "owska", "ewska", "wicz",   "enko",    "shvili", "opoulos", "idis",  "escu",
          "mann",  "ovich", "evich",  "ishvili", "oglu",   "yan",     "enberg"}) {
        if (name.size() > ending.size() + 1 && name.ends_with(ending)) return true;
    }
    return false;
}

/// How a chain of words is read as a name: how many of them, and what speaks for it.
struct Reading {
    std::size_t words = 0; // 0: not at all
    bool given = false;    // begins with a given name, or one that is a word as well
    bool sureGiven = false;
    bool surname = false;      // has any word behind
    bool knownSurname = false; // that is one
    bool particle = false;
    bool tooLong = false; // more capital words follow, as in headings
};

/// A given name and what is behind: others, initials, particles, a surname or two.
Reading readName(const NameChain& chain)
{
    Reading reading;
    reading.given = chain.words[0].sense.given;
    reading.sureGiven = isGiven(chain.words[0]);
    reading.words = 1;
    bool unknown = false; // a word that no list has
    for (std::size_t i = 1; i < chain.size; ++i) {
        const NameWord& word = chain.words[i];
        if (word.sort == Sort::Initial) {
            if (reading.surname) break;
            continue; // belongs to it where a surname follows
        }
        if (word.sort == Sort::Particle) {
            if (reading.surname && !reading.particle && !unknown) break;
            reading.particle = true;
            continue;
        }
        const bool known = word.sense.surname || word.sense.given || looksLikeSurname(word);
        const bool led = chain.words[i - 1].sort == Sort::Particle;
        if (reading.surname && !known && !led) {
            reading.tooLong = unknown;
            return reading;
        }
        reading.words = i + 1;
        reading.surname = true;
        reading.knownSurname = reading.knownSurname || isSurname(word) || looksLikeSurname(word) ||
                               (isGiven(word) && reading.sureGiven);
        unknown = unknown || !known;
    }
    reading.tooLong = chain.goesOn && unknown;
    return reading;
}

/// Written as an unknown one: a word, another behind it, particles between.
std::size_t wordsOfUnknown(const NameChain& chain)
{
    std::size_t words = 1, capitals = 1;
    if (isSurname(chain.words[0]) && !chain.words[0].sense.given &&
        (chain.size < 2 || !chain.words[1].sense.given))
        return 1;
    for (std::size_t i = 1; i < chain.size && capitals < 2; ++i) {
        if (chain.words[i].sort != Sort::Capital) continue;
        words = i + 1;
        ++capitals;
    }
    return words;
}

class NameFinder {
public:
    explicit NameFinder(std::string_view text) : m_text(text) {}

    void note(std::size_t end) { m_last = end; }

    /// The end of a name that begins at `start`; 0: there is none. `end`: of the word there.
    [[nodiscard]] std::size_t endOfName(std::size_t start, std::size_t& end) const
    {
        const NameChain chain = nameChainAt(m_text, start);
        if (chain.size == 0) return 0;
        const NameWord& first = chain.words[0];
        end = first.end;
        const NameHint hint = nameHintBefore(m_text, start);
        if (hint == NameHint::Place) return 0;
        const std::size_t words =
            first.sort == Sort::Initial ? ofInitials(chain, hint) : ofWords(chain, hint);
        if (words == 0 || (chain.ofPlace && words == chain.size)) return 0;
        return chain.words[words - 1].end;
    }

    /// The same where somebody writes nothing in capitals: only of words that are in the lists and nothing
    /// else.
    [[nodiscard]] std::size_t endOfSmallName(std::size_t start, std::size_t end) const
    {
        const std::string_view word = m_text.substr(start, end - start);
        bool plain = true; // nothing to be folded, as nearly always
        for (const char c : word)
            plain = plain && c >= 'a' && c <= 'z';
        const NameSense sense = nameSense(plain ? word : FoldedWord(word).text());
        if (!sense.given || sense.givenIsWord) return 0;
        const NameWord first = nameWordAt(m_text, start);
        if (first.sort != Sort::Small || first.end != end) return 0;
        if (m_text.substr(end, 1) == " ") {
            const NameWord second = nameWordAt(m_text, end + 1);
            const bool surname =
                (second.sense.surname && !second.sense.surnameIsWord) || looksLikeSurname(second);
            const bool known = surname && !second.sense.givenIsWord;
            if (second.sort == Sort::Small && known && second.end - start <= NameChain::kMostBytes)
                return second.end;
        }
        return nameHintBefore(m_text, start) == NameHint::Sure ? end : 0;
    }

private:
    /// "J. R. Tolkien".
    [[nodiscard]] std::size_t ofInitials(const NameChain& chain, NameHint hint) const
    {
        // One letter alone is many things.
        const bool point = m_text[chain.words[0].end - 1] == '.';
        if (!point && chain.words[1].sort != Sort::Initial && hint < NameHint::Some) return 0;
        std::size_t i = 0;
        while (i < chain.size && chain.words[i].sort == Sort::Initial)
            ++i;
        if (i == chain.size || !isSurname(chain.words[i])) return 0;
        return i + 1;
    }

    [[nodiscard]] std::size_t ofWords(const NameChain& chain, NameHint hint) const
    {
        const NameWord& first = chain.words[0];
        if (first.sort != Sort::Capital) return 0;
        const Reading reading = readName(chain);
        if (first.capitals && (hint != NameHint::Sure || !(first.sense.given || first.sense.surname)))
            return reading.sureGiven && reading.knownSurname ? reading.words : 0;
        if (reading.given && isNamed(chain, reading, hint)) return reading.words;
        if (!reading.given && isSurname(first) && chain.size >= 2 && isGiven(chain.words[1]) &&
            !reading.tooLong)
            return std::min<std::size_t>(reading.words, 2);
        return byHint(chain, reading, hint);
    }

    /// A given name with what belongs to it.
    [[nodiscard]] bool isNamed(const NameChain& chain, const Reading& reading, NameHint hint) const
    {
        if (!reading.surname || reading.tooLong) return false;
        if (reading.knownSurname || reading.particle) return true;
        if (hint >= NameHint::Some) return true;
        // "Charlotte Airport", and what is written in capitals.
        const NameWord& last = chain.words[reading.words - 1];
        return reading.sureGiven && !chain.ofPlace && !last.capitals && !isNumbered(m_text, last.end);
    }

    [[nodiscard]] std::size_t byHint(const NameChain& chain, const Reading& reading, NameHint hint) const
    {
        const NameWord& first = chain.words[0];
        const bool sure = isGiven(first);
        if (hint <= NameHint::Thin) {
            if (reading.surname || chain.ofPlace) return 0;
            if (sure && (hint == NameHint::Thin || isPersonDoing(m_text, first.end))) return 1;
            return (sure || isSurname(first)) && isJoined(first.start, first.end) ? 1 : 0;
        }
        if (first.sense.nobody || first.sense.other) return 0;
        if (hint == NameHint::Sure) return reading.given ? reading.words : wordsOfUnknown(chain);
        if (sure || isSurname(first)) return reading.given && reading.surname ? 1 : wordsOfUnknown(chain);
        if (hint != NameHint::Letter) return 0;
        const std::size_t words = wordsOfUnknown(chain);
        const std::size_t end = chain.words[words - 1].end;
        return end < m_text.size() && (m_text[end] == ',' || m_text[end] == '\n') ? words : 0;
    }

    /// One of several names: "Anna and Peter", "Smith, Jones".
    [[nodiscard]] bool isJoined(std::size_t start, std::size_t end) const
    {
        if (m_last != 0 && joinedAt(m_text, m_last) == start) return true;
        const std::size_t at = joinedAt(m_text, end);
        if (at == 0) return false;
        const NameWord next = nameWordAt(m_text, at);
        return next.end - next.start <= kMostBehind - 3 && (isGiven(next) || isSurname(next));
    }

    std::string_view m_text;
    std::size_t m_last = 0; // the end of the name before
};

bool mayBegin(char c)
{
    return (c >= 'A' && c <= 'Z') ||
           (static_cast<unsigned char>(c) >= 0xC3 && static_cast<unsigned char>(c) <= 0xC8);
}

} // namespace

/// Names of people, by lists of common ones and by the words around.
void findNames(const Scan& scan, std::vector<Finding>& found)
{
    const std::string_view text = scan.text;
    NameFinder finder(text);
    for (std::size_t at = 0; at < text.size();) {
        if (!isWordByte(text[at])) {
            ++at;
            continue;
        }
        std::size_t next = at + 1, end = 0;
        if (mayBegin(text[at]) && nameLetterAt(text, at).capital) {
            end = finder.endOfName(at, next);
        } else {
            while (next < text.size() && isWordByte(text[next]))
                ++next;
            if (next - at > 2 && next - at <= FoldedWord::kMost) end = finder.endOfSmallName(at, next);
        }
        if (end != 0) {
            found.push_back({at, end - at, Entity::Name});
            finder.note(end);
        }
        at = std::max(end, next);
        while (at < text.size() && isWordByte(text[at]))
            ++at;
    }
}

} // namespace gateway::guardrail
