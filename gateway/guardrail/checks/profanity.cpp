// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bitset>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"
#include "guardrail/attacks/fold.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

// Those that mean nothing else in any of the languages: no "ass" (a donkey), no "retard" (a delay).
constexpr std::string_view kProfaneWords =
    "fuck fucks fucked fucker fuckers fucking fuckin fuckface fuckhead fuckwit motherfucker motherfuckers "
    "motherfucking clusterfuck mindfuck fuckup shit shits shitty shitting shithead shitheads shithole "
    "bullshit "
    "horseshit batshit dipshit shitshow cunt cunts bitch bitches bitching bitchy asshole assholes arsehole "
    "arseholes dumbass bastard bastards wanker wankers twat twats bellend cocksucker cocksuckers dickhead "
    "dickheads whore whores slut sluts slutty nigger niggers nigga niggas faggot faggots goddamned douchebag "
    "douchebags jizz cumshot blowjob handjob "
    "scheisse scheiße scheiß scheissdreck beschissen arschloch arschlöcher wichser wichsern fotze fotzen "
    "hurensohn hurensöhne ficken gefickt miststück schlampe schlampen nutte nutten verfickt verfickte "
    "merde putain connard connards connasse salope salopes enculé enculés enculer enfoiré enfoirés "
    "mierda putas putos cabrón cabrones gilipollas pendejo pendejos hijueputa joder jodida chingada chingado "
    "maricón maricones";

char32_t plainLetter(char32_t letter)
{
    switch (letter) {
    case U'0':
        return U'o';
    case U'1':
    case U'!':
        return U'i';
    case U'3':
        return U'e';
    case U'4':
    case U'@':
        return U'a';
    case U'5':
    case U'$':
        return U's';
    case U'7':
        return U't';
    default:
        return letter;
    }
}

class ProfanityCheck final : public Check {
public:
    ProfanityCheck(const std::vector<std::string>& more, const std::vector<std::string>& except)
    {
        for (const std::string_view word : splitAt(kProfaneWords, ' '))
            m_words.insert(foldedText(word));
        for (const std::string& word : more)
            m_words.insert(foldedText(word));
        for (const std::string& word : except)
            m_words.erase(foldedText(word));
        for (const std::string& word : m_words) {
            if (word.size() >= 2) m_beginnings.set(beginningOf(word));
            m_hasLetters = m_hasLetters || word.size() == 1;
        }
    }

    void find(std::string_view text, std::vector<Found>& into) const override;
    [[nodiscard]] std::size_t openSince(std::string_view text) const override;

private:
    struct Word {
        std::size_t start = 0, end = 0; // `end`: of its last letter or digit
        std::string plain = {}, unleeted = {};
        std::string signs = {}; // that may stand for letters, if one follows
        std::size_t letters = 0;
    };
    void readLetter(Word& word, char32_t letter, std::size_t start, std::size_t end) const;
    void take(Word& word, std::vector<Found>& into) const;
    [[nodiscard]] std::size_t harmlessUntil(std::string_view text, std::size_t at) const;
    [[nodiscard]] static std::size_t beginningOf(std::string_view word);

    std::unordered_set<std::string> m_words;        // folded
    std::bitset<std::size_t{1} << 16> m_beginnings; // their first two bytes
    bool m_hasLetters = false;                      // words of a single one
};

constexpr std::string_view kProfaneSigns = "@$!";
constexpr std::size_t kMostProfane = 64; // bytes of a word that are read

void ProfanityCheck::readLetter(Word& word, char32_t letter, std::size_t start, std::size_t end) const
{
    if (word.plain.empty() && word.signs.empty()) word.start = start;
    if (letter < 0x80 && kProfaneSigns.find(static_cast<char>(letter)) != std::string_view::npos) {
        word.signs += static_cast<char>(letter);
        return;
    }
    word.end = end;
    if (word.plain.size() > kMostProfane) return;
    for (const char sign : word.signs) {
        word.plain += sign;
        appendUtf8(word.unleeted, plainLetter(static_cast<unsigned char>(sign)));
    }
    word.signs.clear();
    appendUtf8(word.plain, letter);
    const char32_t plain = plainLetter(letter);
    appendUtf8(word.unleeted, plain);
    word.letters += plain == letter ? 1 : 0;
}

void ProfanityCheck::take(Word& word, std::vector<Found>& into) const
{
    const bool found =
        m_words.count(word.plain) > 0 || (word.letters >= 2 && m_words.count(word.unleeted) > 0);
    if (found) into.push_back({word.start, word.end - word.start, "profanity"});
    word.plain.clear();
    word.unleeted.clear();
    word.signs.clear();
    word.letters = 0;
}

std::size_t ProfanityCheck::beginningOf(std::string_view word)
{
    const auto byte = [word](std::size_t at) {
        const auto c = static_cast<unsigned char>(asciiLower(word[at]));
        return c < 0x80 ? static_cast<std::size_t>(plainLetter(c)) : c;
    };
    return byte(0) << 8U | byte(1);
}

/// The end of a word of ASCII, or of what is none, that begins as none of the list does; `at` where there is
/// no such.
std::size_t ProfanityCheck::harmlessUntil(std::string_view text, std::size_t at) const
{
    std::size_t end = at;
    while (end < text.size() && isAsciiAlnum(text[end]))
        ++end;
    if (end == at && static_cast<unsigned char>(text[at]) < 0x80) return at + 1;
    const bool goesOn = end < text.size() && (static_cast<unsigned char>(text[end]) >= 0x80 ||
                                              kProfaneSigns.find(text[end]) != std::string_view::npos);
    if (goesOn || end == at) return at;
    if (end - at < 2) return m_hasLetters ? at : end;
    if (!m_beginnings.test(beginningOf(text.substr(at))) || end - at > kMostProfane) return end;
    const std::string word = lowered(text.substr(at, end - at));
    std::string unleeted;
    for (const char c : word)
        unleeted += static_cast<char>(plainLetter(static_cast<unsigned char>(c)));
    return m_words.count(word) > 0 || m_words.count(unleeted) > 0 ? at : end;
}

void ProfanityCheck::find(std::string_view text, std::vector<Found>& into) const
{
    Word word;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    for (const char* at = begin; at != end;) {
        if (word.plain.empty()) {
            const auto place = static_cast<std::size_t>(at - begin);
            if (const std::size_t next = harmlessUntil(text, place); next > place) {
                at = begin + next;
                continue;
            }
        }
        const std::size_t size = utf8Sequence(at, end);
        const char32_t point = size == 0 ? U' ' : decodeUtf8(at, size);
        const char32_t letter = folded(point);
        const auto start = static_cast<std::size_t>(at - begin);
        at += std::max<std::size_t>(1, size);
        if (letter == 0) continue; // nobody sees it
        const bool sign =
            letter < 0x80 && kProfaneSigns.find(static_cast<char>(letter)) != std::string_view::npos;
        if (sign ? !word.plain.empty() : isSpacedLetter(letter) || isUnspaced(letter))
            readLetter(word, letter, start, static_cast<std::size_t>(at - begin));
        else if (!word.plain.empty())
            take(word, into);
    }
    if (!word.plain.empty()) take(word, into);
}

std::size_t ProfanityCheck::openSince(std::string_view text) const
{
    const std::size_t least = text.size() - std::min(text.size(), kMostProfane);
    std::size_t start = text.size();
    while (start > least) {
        const char c = text[start - 1];
        const bool goesOn = isAsciiAlnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
                            kProfaneSigns.find(c) != std::string_view::npos;
        if (!goesOn) break;
        --start;
    }
    return start;
}

Result<std::unique_ptr<Check>> makeProfanity(const Parameters& parameters)
{
    constexpr std::size_t kMostWords = 10'000;
    const auto words = parameters.texts("words");
    const bool wrong = std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return word.empty() || word.find_first_of(" \t\n-.,;:") != std::string::npos;
    });
    if (wrong || words.size() > kMostWords)
        return clientError(
            Code::InvalidRequest,
            "\"words\" takes single words, 10000 at most; for phrases there is the check `words`.", "words");
    return std::unique_ptr<Check>(new ProfanityCheck(words, parameters.texts("except")));
}

} // namespace

const CheckKind& profanityKind()
{
    static const CheckKind kind{
        "profanity",
        "Profanity",
        "Finds swear words and slurs: a short list of English ones, and a few German, French and Spanish.",
        {{"words", Parameter::Type::Texts, "Other words", "[]"},
         {"except", Parameter::Type::Texts, "Words to leave", "[]"}},
        true,
        true,
        true,
        makeProfanity};
    return kind;
}

} // namespace gateway::guardrail
