// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/name_lists.h"

#include <algorithm>
#include <vector>

#include "guardrail/personal/scan.h"

namespace gateway::guardrail {

namespace {

constexpr std::string_view kGivenNames =
#include "guardrail/personal/given_names.def"
    ;
constexpr std::string_view kSurnames =
#include "guardrail/personal/surnames.def"
    ;

// Words that are in no list of names, for what NameSense says of them; each with a space behind it.
constexpr std::string_view kParticles =
    "af al av ben bin bint da das de del dell della den der des di do dos du e el ibn la le lo te "
    "ten ter van von y zu zum zur ";
constexpr std::string_view kSplitting = "al d da de di du el fitz l la le m mac mc n o st van von ";
constexpr std::string_view kPlaceWords =
    "academy act ag airport algorithm allee api arena associates ave avenue award bahnhof bank "
    "bar bay beach blvd boulevard bridge building cafe casino cathedral center centre church city "
    "class client clinic close cluster college company corp corporation county court cup database "
    "day disease district drive edition effect equation festival flughafen foundation framework "
    "function garden gardens gasse gmbh group hall highway hill hills holdings hospital hotel "
    "house inc index industries inn institute international island islands journal kirche lake "
    "lane law library llc ltd magazine medal media method model models mount mountain museum news "
    "park partners place platz plaza plc post press prize project protocol province rd records "
    "release restaurant river road scale school schule sdk series server services show software "
    "solutions square st stadium state station strasse street studio studios syndrome systems "
    "technologies technology terrace test theater theatre theorem times tower town treaty trust "
    "type universitat university valley version village way week weg ";
constexpr std::string_view kOtherWords =
    "a address age all also american an and any april are as at august be been best birth british "
    "but by can ceo cfo chinese could cto das date dear december der dezember did die dienstag do "
    "does donnerstag dr each east eastern ein eine email english european every fax februar "
    "february for freitag french friday from gender german had has hat have he hello her here hey "
    "hi his how i id if in into is ist it italian its januar january japanese juli july june juni "
    "just kind lady lord mai mail march may me mit mittwoch monday montag mr mrs ms my name new "
    "no north northern not november now number october oder of off oktober old on one or our "
    "phone please prof regards russian samstag saturday september sex she should sir so some "
    "sonntag south southern spanish street sunday tel than thank thanks that the their them then "
    "there these they this those three thursday to today tomorrow tuesday two und up us von was "
    "we wednesday were west western what when where which who why with without would yes "
    "yesterday you your ";
constexpr std::string_view kNobodies =
    "again alexa all ambassador assistant bot both chairman chairwoman chatgpt claude claus "
    "client clients colleague colleagues committee computer copilot customer customers dad "
    "darling department diary doctor editor editors everybody everyone folks friend friends "
    "future gentlemen god google gpt guys hiring judge kitty ladies lord madam madame manager "
    "member members minister mom mum officer parents people president professor reader readers "
    "recruiter sales santa secretary service sir siri sirs speaker student students support "
    "sweetheart team teams there user users valued world ";

/// From U+00C0 to U+017F; "*": two letters, "-": none.
constexpr std::string_view kFolded = "aaaaaa*ceeeeiiiidnooooo-ouuuuy*saaaaaa*ceeeeiiiidnooooo-ouuuuy*y"
                                     "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
                                     "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kFolded.size() == 0x180 - 0xC0);

std::array<char, 2> foldedPair(unsigned point)
{
    switch (point) {
    case 0xC6:
    case 0xE6:
        return {'a', 'e'};
    case 0xDE:
    case 0xFE:
        return {'t', 'h'};
    case 0x132:
    case 0x133:
        return {'i', 'j'};
    default:
        return {'o', 'e'};
    }
}

bool isCapitalPoint(unsigned point)
{
    if (point < 0x100) return point < 0xDF && point != 0xD7;
    const bool odd = (point & 1U) != 0;
    if (point == 0x178) return true;
    const bool capitalsAreOdd = (point >= 0x139 && point <= 0x148) || point >= 0x179;
    return odd == capitalsAreOdd;
}

NameLetter latinLetter(unsigned point)
{
    NameLetter letter{2, isCapitalPoint(point), {}};
    if (point == 0x218 || point == 0x219 || point == 0x21A || point == 0x21B) {
        letter.folded = {point < 0x21A ? 's' : 't', '\0'};
        letter.capital = (point & 1U) == 0;
        return letter;
    }
    if (point < 0xC0 || point >= 0x180) return {};
    const char folded = kFolded[point - 0xC0];
    if (folded == '-') return {};
    letter.folded = folded == '*' ? foldedPair(point) : std::array<char, 2>{folded, '\0'};
    return letter;
}

std::uint32_t hashOf(std::string_view word)
{
    std::uint32_t hash = 2166136261U; // FNV-1a
    for (const char c : word)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash ^ (hash >> 15U);
}

struct Entry {
    std::string_view name;
    NameSense sense;
};

/// Both lists in one table. Constant.
class NameTable {
public:
    NameTable() : m_slots(kSlots)
    {
        add(kGivenNames, &NameSense::given, &NameSense::givenIsWord);
        add(kSurnames, &NameSense::surname, &NameSense::surnameIsWord);
        add(kParticles, &NameSense::particle, &NameSense::particle);
        add(kSplitting, &NameSense::splits, &NameSense::splits);
        add(kPlaceWords, &NameSense::place, &NameSense::place);
        add(kOtherWords, &NameSense::other, &NameSense::other);
        add(kNobodies, &NameSense::nobody, &NameSense::nobody);
    }
    [[nodiscard]] NameSense find(std::string_view word) const
    {
        const Slot& slot = m_slots[slotOf(word, hashOf(word))];
        return slot.entry == 0 ? NameSense() : m_entries[slot.entry - 1].sense;
    }
    /// One of those in a list that are nothing else.
    [[nodiscard]] std::string_view pick(bool given, std::uint32_t number) const
    {
        const auto& all = given ? m_given : m_surnames;
        return m_entries[all[number % all.size()]].name;
    }

private:
    struct Slot {
        std::uint16_t tag = 0, entry = 0; // 0: none
    };
    static constexpr std::size_t kSlots = 32768; // a power of two, four times the names

    /// `isWordToo`: what else is true of those with a "?".
    void add(std::string_view list, bool NameSense::*what, bool NameSense::*isWordToo)
    {
        for (std::size_t space = list.find(' '); space != std::string_view::npos; space = list.find(' ')) {
            std::string_view name = list.substr(0, space);
            list.remove_prefix(space + 1);
            const bool isWord = name.ends_with('?');
            if (isWord) name.remove_suffix(1);
            const std::uint32_t hash = hashOf(name);
            Slot& slot = m_slots[slotOf(name, hash)];
            if (slot.entry == 0) {
                m_entries.push_back({name, {}});
                slot = {static_cast<std::uint16_t>(hash >> 16U),
                        static_cast<std::uint16_t>(m_entries.size())};
            }
            NameSense& sense = m_entries[slot.entry - 1].sense;
            sense.*what = true;
            if (isWord) sense.*isWordToo = true;
            if (what == &NameSense::given && !isWord) m_given.push_back(slot.entry - 1U);
            if (what == &NameSense::surname && !isWord) m_surnames.push_back(slot.entry - 1U);
        }
    }
    /// Where it is, or would be.
    [[nodiscard]] std::size_t slotOf(std::string_view word, std::uint32_t hash) const
    {
        std::size_t at = hash % kSlots;
        while (m_slots[at].entry != 0 && (m_slots[at].tag != static_cast<std::uint16_t>(hash >> 16U) ||
                                          m_entries[m_slots[at].entry - 1].name != word))
            at = (at + 1) % kSlots;
        return at;
    }

    std::vector<Slot> m_slots;
    std::vector<Entry> m_entries;
    std::vector<std::size_t> m_given, m_surnames;
};

const NameTable& nameTable()
{
    static const NameTable table;
    return table;
}

/// In the capitals of `like`.
void appendAs(std::string_view name, std::string_view like, std::string& into)
{
    bool capitals = true;
    for (std::size_t at = 0; at < like.size();) {
        const NameLetter letter = nameLetterAt(like, at);
        capitals = capitals && (letter.size == 0 || letter.capital);
        at += std::max<std::size_t>(letter.size, 1);
    }
    for (std::size_t i = 0; i < name.size(); ++i)
        into.push_back(capitals || (i == 0 && nameLetterAt(like, 0).capital) ? capital(name[i]) : name[i]);
}

} // namespace

NameLetter nameLetterAt(std::string_view text, std::size_t at)
{
    if (at >= text.size()) return {};
    const auto lead = static_cast<unsigned char>(text[at]);
    if (isAsciiLetter(text[at])) {
        const bool capital = text[at] <= 'Z';
        return {1, capital, {capital ? static_cast<char>(text[at] - 'A' + 'a') : text[at], '\0'}};
    }
    if (lead < 0xC3 || lead > 0xCD || at + 1 >= text.size()) return {};
    const auto next = static_cast<unsigned char>(text[at + 1]);
    if ((next & 0xC0U) != 0x80) return {};
    const unsigned point = (lead & 0x1FU) << 6U | (next & 0x3FU);
    if (point >= 0x300 && point < 0x370) return {2, false, {}};
    return latinLetter(point);
}

FoldedWord::FoldedWord(std::string_view word)
{
    for (std::size_t at = 0; at < word.size();) {
        const NameLetter letter = nameLetterAt(word, at);
        at += std::max<std::size_t>(letter.size, 1);
        for (const char c : letter.folded) {
            if (c == '\0') continue;
            if (m_size == m_letters.size()) {
                m_size = 0;
                return;
            }
            m_letters[m_size++] = c;
        }
    }
}

NameSense nameSense(std::string_view folded)
{
    return folded.empty() ? NameSense() : nameTable().find(folded);
}

std::string otherName(std::string_view name, const std::function<std::uint32_t(std::string_view)>& pick)
{
    std::string other;
    for (std::size_t at = 0; at < name.size();) {
        std::size_t end = at;
        while (nameLetterAt(name, end).size != 0)
            end += nameLetterAt(name, end).size;
        if (end == at) {
            other.push_back(name[at++]);
            continue;
        }
        const std::string_view word = name.substr(at, end - at);
        const FoldedWord folded(word);
        const NameSense sense = nameSense(folded.text());
        const bool particle =
            !nameLetterAt(word, 0).capital && (sense.particle || !(sense.given || sense.surname));
        const std::uint32_t number = pick(folded.text());
        if (particle) {
            other.append(word);
        } else if (nameLetterAt(word, 0).size == word.size()) {
            other.push_back(static_cast<char>('A' + number % 26));
        } else {
            const bool given = sense.given;
            std::string_view picked = nameTable().pick(given, number);
            if (picked == folded.text()) picked = nameTable().pick(given, number + 1);
            appendAs(picked, word, other);
        }
        at = end;
    }
    return other;
}

} // namespace gateway::guardrail
