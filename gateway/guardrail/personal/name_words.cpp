// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/name_words.h"

#include <algorithm>
#include <vector>

#include "guardrail/personal/scan.h"

namespace gateway::guardrail {

namespace {

/// "O'Brien", "D'Angelo", "McDonald", "DeRose": may have a capital within.
bool maySplit(std::string_view part)
{
    return nameSense(FoldedWord(part).text()).splits;
}

bool beginsWithin(char left)
{
    return isWordByte(left) || left == '.' || left == '/' || left == '\\' || left == '@' || left == '#' ||
           left == '$' || left == '&' || left == '-' || left == '<' || left == '\'' || left == '%';
}

/// Where the text goes on as code, a path or an address does.
bool goesOn(std::string_view text, std::size_t end)
{
    const char next = end < text.size() ? text[end] : '\0';
    const char after = end + 1 < text.size() ? text[end + 1] : '\0';
    if (isWordByte(next) || next == '/' || next == '\\' || next == '@' || next == '(' || next == '=' ||
        next == '[' || next == '{' || next == '-' || next == '$' || next == '%')
        return true;
    if (next == ':') return after == ':' || after == '/';
    return (next == '.' && (isWordByte(after) || after == '/')) || (next == '<' && after != '/') ||
           (next == '-' && after == '>');
}

/// Of an apostrophe's bytes before a letter; 0: there is none.
std::size_t apostropheAt(std::string_view text, std::size_t at)
{
    if (text.substr(at, 1) == "'") return 1;
    return text.substr(at, 3) == "\xe2\x80\x99" ? 3 : 0;
}

/// Reads letters from `word.end` on; false: they are of no name.
bool readLetters(std::string_view text, NameWord& word, bool& small)
{
    const std::size_t start = word.end;
    bool first = true;
    while (word.end - word.start <= NameChain::kMostBytes) {
        const NameLetter letter = nameLetterAt(text, word.end);
        if (letter.size == 0) break;
        if (letter.capital && !first && small && !maySplit(text.substr(start, word.end - start)))
            return false;
        small = small || (!letter.capital && letter.folded[0] != '\0');
        word.end += letter.size;
        first = false;
    }
    return true;
}

NameSense senseOf(std::string_view text, NameWord& word, std::size_t lastPart)
{
    word.folded = FoldedWord(text.substr(word.start, word.end - word.start));
    if (!word.hyphened) return nameSense(word.folded.text());
    const std::string_view whole = text.substr(word.start, word.end - word.start);
    const NameSense first = nameSense(FoldedWord(whole.substr(0, whole.find('-'))).text());
    const NameSense last = nameSense(FoldedWord(text.substr(lastPart, word.end - lastPart)).text());
    return {first.given, last.surname, first.givenIsWord, last.surnameIsWord};
}

} // namespace

NameWord nameWordAt(std::string_view text, std::size_t start)
{
    NameWord word;
    word.start = word.end = start;
    if (start > 0 && beginsWithin(text[start - 1])) return word;
    if (start > 1 && text.substr(start - 2, 2) == "::") return word;
    const bool capital = nameLetterAt(text, start).capital;
    const std::size_t firstSize = nameLetterAt(text, start).size;
    bool small = false;
    std::size_t lastPart = start;
    if (firstSize == 0 || !readLetters(text, word, small)) return word;
    for (;;) {
        const std::size_t quote = apostropheAt(text, word.end);
        const bool hyphen = text.substr(word.end, 1) == "-";
        const std::size_t next = word.end + (hyphen ? 1 : quote);
        if (!hyphen && quote == 0) break;
        const bool elided = quote != 0 && maySplit(text.substr(lastPart, word.end - lastPart));
        if (nameLetterAt(text, next).size == 0 || (!hyphen && !elided)) break;
        word.hyphened = word.hyphened || hyphen;
        word.end = next;
        lastPart = hyphen ? next : lastPart;
        bool partSmall = false;
        if (!readLetters(text, word, partSmall)) return word;
        small = small || partSmall;
    }
    const bool initial = capital && word.end == start + firstSize;
    if (initial && text.substr(word.end, 1) == "." && text.substr(word.end + 1, 1) == " ")
        ++word.end;
    else if (goesOn(text, word.end) || word.end - start > NameChain::kMostBytes)
        return word;
    word.sense = senseOf(text, word, lastPart);
    word.capitals = capital && !small;
    if (initial)
        word.sort = NameWord::Sort::Initial;
    else if (capital)
        word.sort = NameWord::Sort::Capital;
    else
        word.sort = word.sense.particle ? NameWord::Sort::Particle : NameWord::Sort::Small;
    return word;
}

NameChain nameChainAt(std::string_view text, std::size_t start)
{
    NameChain chain;
    for (std::size_t at = start; chain.size < NameChain::kMostWords;) {
        const NameWord word = nameWordAt(text, at);
        const bool first = chain.size == 0;
        if (chain.size >= 2 && word.end - word.start > kMostBehind &&
            chain.words[chain.size - 1].sort == NameWord::Sort::Capital) {
            chain.goesOn = nameLetterAt(text, at).capital;
            break;
        }
        if (word.sort == NameWord::Sort::None || word.sort == NameWord::Sort::Small ||
            word.end - start > NameChain::kMostBytes)
            break;
        if (word.sort == NameWord::Sort::Capital && !first) {
            chain.ofPlace = word.sense.place && !word.sense.surname;
            // "Anna Hill" is somebody, "Anna Hill Road" is not.
            if (chain.ofPlace || word.sense.other) break;
        }
        chain.words[chain.size++] = word;
        at = word.end;
        if (text.substr(at, 1) != " ") break;
        ++at;
    }
    while (chain.size > 0 && chain.words[chain.size - 1].sort == NameWord::Sort::Particle)
        --chain.size;
    return chain;
}

namespace {

/// What has to stand between words that speak of a name and the name.
enum class Between : std::uint8_t { Space, Title, Field, Line };

struct Opening {
    std::string_view words;
    Between between;
    NameHint hint;
};

constexpr Opening kOpenings[] = {
#define OPENING(words, between, hint) {words, Between::between, NameHint::hint},
#include "guardrail/personal/name_openings.def"
#undef OPENING
};

/// Openings by their last byte.
class OpeningTable {
public:
    OpeningTable()
    {
        for (const Opening& each : kOpenings)
            m_by[static_cast<unsigned char>(each.words.back())].push_back(&each);
    }
    [[nodiscard]] const std::vector<const Opening*>& endingWith(char c) const
    {
        return m_by[static_cast<unsigned char>(c)];
    }

private:
    std::array<std::vector<const Opening*>, 256> m_by;
};

char small(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool endsWith(std::string_view text, std::string_view words)
{
    if (text.size() < words.size()) return false;
    const std::size_t from = text.size() - words.size();
    for (std::size_t i = words.size(); i-- > 0;) {
        if (small(text[from + i]) != words[i]) return false;
    }
    return from == 0 || !isWordByte(text[from - 1]) || text[from - 1] == '_';
}

bool fits(Between between, std::string_view gap)
{
    const bool line = gap.find('\n') != std::string_view::npos;
    switch (between) {
    case Between::Space:
        return !line && gap.find_first_of(".=>-") == std::string_view::npos;
    case Between::Title:
        return gap == " " || gap == ". " || gap == ".";
    case Between::Field:
        return gap.find_first_of(":=") != std::string_view::npos;
    default:
        return line;
    }
}

} // namespace

NameHint nameHintBefore(std::string_view text, std::size_t start)
{
    static const OpeningTable openings;
    constexpr std::size_t kMostGap = 12;
    std::size_t end = start;
    while (end > 0 && start - end < kMostGap &&
           std::string_view(" \t\r\n:=\"'`*,.>-").find(text[end - 1]) != std::string_view::npos)
        --end;
    if (end == 0 || end == start) return NameHint::None;
    const std::string_view gap = text.substr(end, start - end);
    NameHint best = NameHint::None;
    for (const Opening* each : openings.endingWith(small(text[end - 1]))) {
        // "MS" is no title.
        const bool shouted = each->between == Between::Title && each->words.size() > 1 &&
                             isAsciiLetter(text[end - 1]) && text[end - 1] <= 'Z';
        if (!shouted && fits(each->between, gap) && endsWith(text.substr(0, end), each->words))
            best = std::max(best, each->hint);
    }
    return best;
}

bool isNumbered(std::string_view text, std::size_t end)
{
    return text.substr(end, 1) == " " && end + 1 < text.size() && isAsciiDigit(text[end + 1]);
}

std::size_t joinedAt(std::string_view text, std::size_t end)
{
    const std::string_view behind = text.substr(end, 6);
    for (const std::string_view each :
         {", ", " and ", " & ", " und ", " et ", " y ", " e ", " og ", " och "}) {
        if (behind.starts_with(each)) return end + each.size();
    }
    return 0;
}

bool isPersonDoing(std::string_view text, std::size_t end)
{
    if (text.substr(end, 1) != " ") return false;
    const std::string_view behind = text.substr(end + 1, 12);
    for (const std::string_view each :
         {"said ",    "says ",     "said,",    "asked ",  "asks ",    "replied",    "told ",    "tells ",
          "wrote ",   "writes ",   "lives ",   "lived ",  "works ",   "worked ",    "married ", "met ",
          "thinks ",  "thought ",  "called ",  "texted ", "emailed ", "phoned ",    "smiled",   "laughed",
          "was born", "was hired", "is from ", "is my ",  "is our ",  "is a very ", "sagte ",   "sagt ",
          "wohnt ",   "schrieb ",  "meint ",   "habite ", "vive ",    "dit ",       "dice ",    "dijo "}) {
        if (behind.starts_with(each)) return true;
    }
    return false;
}

} // namespace gateway::guardrail
