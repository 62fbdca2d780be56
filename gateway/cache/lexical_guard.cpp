// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/lexical_guard.h"

#include <algorithm>
#include <utility>

#include "cache/lexical_words.h"
#include "cache/own_words.h"

namespace gateway::cache {

namespace {

using Kind = LexicalText::Kind;
using Role = LexicalText::Role;
using Wish = LexicalText::Wish;
using Word = LexicalText::Word;

/// How much of what a text says may be said in another word.
struct Leeway {
    int rarestSynonym = 0;      // as Thesaurus::synonyms() tells
    std::size_t otherWords = 0; // synonyms and words of one root
    bool hasRoots = false;
    bool hasDoers = false; // both ask who
};

constexpr Leeway kStrict{1, 1, false, false}, kBalanced{1, 2, true, false};

constexpr std::size_t kFewWords = 12;
constexpr std::size_t kNone = ~std::size_t{0};

bool isWordy(const Word& word)
{
    return word.kind == Kind::Plain || word.kind == Kind::Unit;
}

/// How one of the texts' words is found in the other.
enum class Match : std::uint8_t { None, Same, Form, OtherWord, DoneOnce };

bool areSame(const Word& left, const Word& right)
{
    if (left.kind == Kind::Negation && right.kind == Kind::Negation) return true;
    const auto mayBeName = [](const Word& word) { return isWordy(word) || word.kind == Kind::Name; };
    return left.text == right.text && (left.kind == right.kind || (mayBeName(left) && mayBeName(right)));
}

/// Whether both are forms of one word.
bool areForms(const Word& left, const Word& right)
{
    const bool areNames = left.kind == Kind::Name && right.kind == Kind::Name;
    if (!areNames && (!isWordy(left) || !isWordy(right))) return false;
    const auto isOf = [&](const std::string& form) {
        return !form.empty() && (form == right.spelling || form == right.bases[0] || form == right.bases[1]);
    };
    return isOf(left.spelling) || isOf(left.bases[0]) || isOf(left.bases[1]);
}

/// Whether one says what the other does, though it is another word.
Match otherWordOf(const Word& left, const Word& right, const Leeway& leeway)
{
    if (left.kind != Kind::Plain || right.kind != Kind::Plain || areOpposites(left.text, right.text))
        return Match::None;
    const auto anyOf = [&](auto&& test) {
        for (const std::string* one : {&left.text, &left.bases[0], &left.bases[1]}) {
            for (const std::string* other : {&right.text, &right.bases[0], &right.bases[1]}) {
                if (!one->empty() && !other->empty() && test(*one, *other)) return true;
            }
        }
        return false;
    };
    const Thesaurus& words = ownWords();
    const bool isSynonym = anyOf([&](const std::string& one, const std::string& other) {
        const auto rarity = words.synonyms(one, other);
        return (rarity && *rarity <= leeway.rarestSynonym) || areUsualSynonyms(one, other);
    });
    if (isSynonym) return Match::OtherWord;
    if (leeway.hasDoers && anyOf(areDoerOnce)) return Match::DoneOnce;
    const bool isRoot = anyOf([&](const std::string& one, const std::string& other) {
        return (leeway.hasDoers && words.areDoerAndDeed(one, other)) ||
               (leeway.hasRoots && words.areOneRoot(one, other));
    });
    return isRoot ? Match::OtherWord : Match::None;
}

/// Which word of the one text is which of the other.
class Alignment {
public:
    Alignment(const LexicalText& left, const LexicalText& right, const Leeway& leeway)
        : m_left(left.words)
        , m_right(right.words)
        , m_toRight(left.words.size(), kNone)
        , m_toLeft(right.words.size(), kNone)
        , m_hasCategories(leeway.hasRoots)
    {
        if (left.wish == Wish::Order && right.wish == Wish::Order && leeway.hasRoots) matchMaking();
        match(areSame, Match::Same);
        // Looking words up takes time, and texts with so many words of their own share nothing anyway.
        if (most() <= kFewWords) match(areForms, Match::Form);
        if (most() > leeway.otherWords + 1) return;
        for (const Match wanted : {Match::OtherWord, Match::DoneOnce}) {
            match(
                [&](const Word& one, const Word& other) { return otherWordOf(one, other, leeway) == wanted; },
                wanted);
        }
    }

    [[nodiscard]] std::size_t otherWords() const { return m_otherWords; }
    /// "Who is the winner" of "who won": their tenses differ.
    [[nodiscard]] bool isDoneOnce() const { return m_isDoneOnce; }
    [[nodiscard]] const std::vector<std::size_t>& toRight() const { return m_toRight; }

    /// A word that is in one text alone, of the kinds that tell most first.
    [[nodiscard]] std::optional<std::string_view> unmatched() const
    {
        std::vector<const Word*> left = without(m_left, m_toRight), right = without(m_right, m_toLeft);
        // "Which city is" and "what is", but not "which town is".
        if (m_hasCategories && left.size() + right.size() == 1 &&
            (left.empty() ? right : left)[0]->isCategory)
            return std::nullopt;
        static constexpr std::pair<Kind, std::string_view> kTold[] = {
            {Kind::Quote, reason::kQuote},   {Kind::Number, reason::kNumber},
            {Kind::Sign, reason::kOperator}, {Kind::Negation, reason::kNegation},
            {Kind::Code, reason::kCode},     {Kind::Name, reason::kEntity}};
        for (const auto& [kind, told] : kTold) {
            const auto isOf = [kind = kind](const Word* word) { return word->kind == kind; };
            if (std::any_of(left.begin(), left.end(), isOf) || std::any_of(right.begin(), right.end(), isOf))
                return told;
        }
        if (left.empty() && right.empty()) return std::nullopt;
        if (most() > kFewWords) return reason::kWord;
        for (const Word* one : left) {
            for (const Word* other : right) {
                const bool isUnit = one->kind == Kind::Unit && other->kind == Kind::Unit;
                if (isUnit) return reason::kNumber;
                if (areOpposites(one->text, other->text) || areOpposites(one->bases[0], other->bases[0]))
                    return reason::kAntonym;
            }
        }
        return reason::kWord;
    }

private:
    /// Those of `words` that nothing is matched with.
    static std::vector<const Word*> without(const std::vector<Word>& words,
                                            const std::vector<std::size_t>& matched)
    {
        std::vector<const Word*> left;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (matched[i] == kNone) left.push_back(&words[i]);
        }
        return left;
    }

    /// "Write an email" and "draft an email".
    void matchMaking()
    {
        if (m_left.empty() || m_right.empty() || !isMaking(m_left[0].text) || !isMaking(m_right[0].text))
            return;
        m_toRight[0] = m_toLeft[0] = 0;
    }

    /// How many words there are in one text alone, in the one that has more.
    [[nodiscard]] std::size_t most() const
    {
        const auto ofLeft = std::count(m_toRight.begin(), m_toRight.end(), kNone);
        const auto ofRight = std::count(m_toLeft.begin(), m_toLeft.end(), kNone);
        return static_cast<std::size_t>(std::max(ofLeft, ofRight));
    }

    template <class Test>
    void match(const Test& test, Match kind)
    {
        for (std::size_t i = 0; i < m_left.size(); ++i) {
            if (m_toRight[i] != kNone) continue;
            for (std::size_t j = 0; j < m_right.size(); ++j) {
                if (m_toLeft[j] != kNone || !test(m_left[i], m_right[j])) continue;
                m_toRight[i] = j;
                m_toLeft[j] = i;
                m_otherWords += kind == Match::OtherWord || kind == Match::DoneOnce ? 1 : 0;
                m_isDoneOnce = m_isDoneOnce || kind == Match::DoneOnce;
                break;
            }
        }
    }

    const std::vector<Word>&m_left, &m_right;
    std::vector<std::size_t> m_toRight, m_toLeft;
    bool m_hasCategories, m_isDoneOnce = false;
    std::size_t m_otherWords = 0;
};

bool isLoose(Role role)
{
    return role == Role::In || role == Role::Of || role == Role::For || role == Role::With;
}

/// Whether prepositions say the same of a word.
bool fitEachOther(Role left, Role right)
{
    if (left == right) return true;
    // With what it is done is not for whom.
    const auto isOther = [](Role one, Role other) {
        return one == Role::With && (other == Role::For || other == Role::Of);
    };
    if (isOther(left, right) || isOther(right, left)) return false;
    const auto isPlain = [](Role role) { return role == Role::None || isLoose(role); };
    if (isPlain(left) && isPlain(right)) return true;
    const auto isAbout = [](Role role) {
        return role == Role::About || role == Role::In || role == Role::Of;
    };
    return isAbout(left) && isAbout(right);
}

/// Words that are the other way round in one of the texts.
class OrderCheck {
public:
    OrderCheck(const LexicalText& left, const LexicalText& right, const Alignment& alignment)
        : m_left(left.words), m_right(right.words), m_toRight(alignment.toRight())
    {
    }

    [[nodiscard]] bool isKept() const
    {
        for (std::size_t i = 0; i < m_left.size(); ++i) {
            for (std::size_t j = i + 1; j < m_left.size(); ++j) {
                const std::size_t one = m_toRight[i], other = m_toRight[j];
                if (one == kNone || other == kNone) continue;
                if (one > other && !mayTurn(m_left[i], m_left[j], m_right[one], m_right[other])) return false;
            }
        }
        return true;
    }

private:
    /// `left`, `other` in the one text, where they stand in this order; in the other text they do not.
    static bool mayTurn(const Word& left, const Word& other, const Word& leftThere, const Word& otherThere)
    {
        if (left.movesFreely != other.movesFreely && leftThere.movesFreely == left.movesFreely) return true;
        // "from here to there" and "to there from here".
        const auto isFirm = [](Role role) { return role != Role::None && !isLoose(role); };
        if (left.role == leftThere.role && other.role == otherThere.role && left.role != other.role &&
            ((isFirm(left.role) && isFirm(other.role)) || (isLoose(left.role) && isLoose(other.role))))
            return true;
        if (left.isJoined && other.isJoined && leftThere.isJoined && otherThere.isJoined &&
            left.role == other.role)
            return true;
        return movesAlone(other, left, otherThere, leftThere) ||
               movesAlone(left, other, leftThere, otherThere);
    }

    /// "a list in Python" and "in Python … a list" or "a Python list": the word has a preposition, in the
    /// other text it has the same or stands right before what it tells of; the other word has none.
    static bool movesAlone(const Word& word, const Word& other, const Word& there, const Word& otherThere)
    {
        // "of a table in SQL" and "of a SQL table".
        const bool isOfIt = (isLoose(word.role) && there.isModifier && there.run == otherThere.run) ||
                            (isLoose(there.role) && word.isModifier && word.run == other.run);
        if (isOfIt) return true;
        const bool areLoose = isLoose(other.role) && isLoose(otherThere.role);
        if (isLoose(word.role) && isLoose(there.role)) return !areLoose;
        const bool isHere = isLoose(word.role) && there.role == Role::None && there.isModifier;
        const bool isThere = isLoose(there.role) && word.role == Role::None && word.isModifier;
        if (isHere || isThere) return true;
        const bool isPart = word.run == other.run || there.run == otherThere.run;
        return !areLoose && (isLoose(word.role) || isLoose(there.role)) && isPart;
    }

    const std::vector<Word>&m_left, &m_right;
    const std::vector<std::size_t>& m_toRight;
};

/// Whether what is asked for is the same.
bool fitEachOther(Wish left, Wish right, Care care)
{
    if (left == right) return true;
    static constexpr std::pair<Wish, Wish> kAlike[] = {
        {Wish::What, Wish::Phrase}, {Wish::What, Wish::Giving},     {Wish::Which, Wish::WhatDone},
        {Wish::What, Wish::How},    {Wish::Phrase, Wish::Giving},   {Wish::Order, Wish::Giving},
        {Wish::Which, Wish::What},  {Wish::Which, Wish::Giving},    {Wish::Which, Wish::Phrase},
        {Wish::How, Wish::Giving},  {Wish::WhatDone, Wish::Giving},
    };
    static constexpr std::pair<Wish, Wish> kBalancedAlike[] = {
        {Wish::Order, Wish::HowTo}, {Wish::Order, Wish::Phrase}, {Wish::HowTo, Wish::Phrase}};
    const auto isPair = [&](const auto& each) {
        return (each.first == left && each.second == right) || (each.first == right && each.second == left);
    };
    return std::any_of(std::begin(kAlike), std::end(kAlike), isPair) ||
           (care == Care::Balanced &&
            std::any_of(std::begin(kBalancedAlike), std::end(kBalancedAlike), isPair));
}

/// "Who won", "which country won".
bool asksWho(const LexicalText& text)
{
    return text.wish == Wish::Who ||
           (text.wish == Wish::Which && !text.words.empty() && text.words[0].isCategory);
}

/// "The difference between", "how do they differ".
bool comparesTwo(const LexicalText& text)
{
    const bool mayCompare = text.wish == Wish::How || text.wish == Wish::What || text.wish == Wish::Phrase ||
                            text.wish == Wish::Giving || text.wish == Wish::Order;
    return mayCompare && std::any_of(text.words.begin(), text.words.end(),
                                     [](const Word& word) { return word.text == "differ"; });
}

bool haveOneTense(const LexicalText& left, const LexicalText& right, const Alignment& alignment)
{
    const auto has = [](const LexicalText& text, LexicalText::Tense tense) {
        return (text.tenses & tense) != 0;
    };
    if (has(left, LexicalText::Future) != has(right, LexicalText::Future)) return false;
    const auto isPast = [](const LexicalText& text) {
        return (text.tenses & (LexicalText::Past | LexicalText::Perfect)) != 0;
    };
    const auto maybe = [](const LexicalText& text) {
        return std::any_of(text.words.begin(), text.words.end(),
                           [](const Word& word) { return word.isPast; });
    };
    // "Who wrote it" and "by whom was it written", but not "by whom is it written".
    if (isPast(left) != isPast(right)) {
        const LexicalText& other = isPast(left) ? right : left;
        if (has(other, LexicalText::Present) || !maybe(other)) return false;
    }
    if (isPast(left) && isPast(right)) return true;
    for (std::size_t i = 0; i < left.words.size(); ++i) {
        const std::size_t other = alignment.toRight()[i];
        if (other == kNone || left.words[i].isPast == right.words[other].isPast) continue;
        const LexicalText& plain = left.words[i].isPast ? right : left;
        if (!isPast(plain)) return false;
    }
    return true;
}

/// "Give me an example", "give me examples".
bool areAsMany(const LexicalText& left, const LexicalText& right, const Alignment& alignment)
{
    const auto isGiven = [](const LexicalText& text) {
        return text.wish == Wish::Giving || text.wish == Wish::Order;
    };
    if (!isGiven(left) || !isGiven(right)) return true;
    for (std::size_t i = 0; i < left.words.size(); ++i) {
        const std::size_t other = alignment.toRight()[i];
        if (other == kNone) continue;
        const Word &one = left.words[i], &there = right.words[other];
        if ((one.isOne && !one.isSeveral && there.isSeveral && !there.isOne) ||
            (there.isOne && !there.isSeveral && one.isSeveral && !one.isOne))
            return false;
    }
    return true;
}

bool areRolesKept(const LexicalText& left, const LexicalText& right, const Alignment& alignment)
{
    for (std::size_t i = 0; i < left.words.size(); ++i) {
        const std::size_t other = alignment.toRight()[i];
        if (other == kNone) continue;
        const Role one = left.words[i].role, there = right.words[other].role;
        // "in five minutes", "for five minutes".
        const bool isSpan = left.words[i].kind == Kind::Number && one != Role::None && there != Role::None;
        if (!fitEachOther(one, there) || (isSpan && one != there && (one == Role::For || there == Role::For)))
            return false;
    }
    return true;
}

} // namespace

std::optional<std::string_view> difference(const LexicalText& asked, const LexicalText& known, Care care)
{
    if (!asked.unfit.empty()) return asked.unfit;
    if (!known.unfit.empty()) return known.unfit;
    if (asked.words.empty() || known.words.empty()) {
        const bool isSame = asked.words.size() == known.words.size() && asked.bare == known.bare;
        return isSame ? std::nullopt : std::optional(reason::kWord);
    }
    // Which of several words another one is matched with depends on where one begins.
    const auto isBefore = [](const Word& left, const Word& right) { return left.text < right.text; };
    if (std::lexicographical_compare(known.words.begin(), known.words.end(), asked.words.begin(),
                                     asked.words.end(), isBefore))
        return difference(known, asked, care);
    Leeway leeway = care == Care::Balanced ? kBalanced : kStrict;
    leeway.hasDoers = leeway.hasRoots && asksWho(asked) && asksWho(known);
    const Alignment alignment(asked, known, leeway);
    if (const auto told = alignment.unmatched()) return told;
    if (!alignment.isDoneOnce() && !haveOneTense(asked, known, alignment)) return reason::kTense;
    if (alignment.otherWords() > leeway.otherWords) return reason::kWord;
    if (asked.saysMy != known.saysMy && asked.saysYour != known.saysYour) return reason::kWord;
    if (!areAsMany(asked, known, alignment)) return reason::kWord;
    const bool areCompared = comparesTwo(asked) && comparesTwo(known);
    const bool areWho = leeway.hasRoots && asksWho(asked) && asksWho(known);
    if (!areCompared && !areWho && !fitEachOther(asked.wish, known.wish, care)) return reason::kQuestion;
    if (!areRolesKept(asked, known, alignment)) return reason::kOrder;
    if (!OrderCheck(asked, known, alignment).isKept()) return reason::kOrder;
    return std::nullopt;
}

} // namespace gateway::cache
