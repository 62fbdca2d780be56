// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "cache/lexical_guard.h"
#include "cache/lexical_openings.h"
#include "cache/lexical_tokens.h"
#include "cache/lexical_words.h"
#include "cache/own_words.h"

namespace gateway::cache {

namespace {

using Kind = LexicalText::Kind;
using Role = LexicalText::Role;
using Wish = LexicalText::Wish;
using TokenKind = Token::Kind;

constexpr std::size_t kTopicWords = 2;
constexpr std::size_t kLongestText = 4096; // bytes; far more than kMostWords words

/// Whether capital letters tell nothing, as in headings.
bool hasCapitalsEverywhere(const std::vector<Token>& tokens)
{
    std::size_t words = 0, capitals = 0;
    for (const Token& each : tokens) {
        if (each.kind != TokenKind::Word || each.text.size() < 3) continue;
        ++words;
        capitals += each.isCapital ? 1 : 0;
    }
    return words >= 4 && capitals * 4 > words * 3;
}

/// "Now", "last week", "what time is it".
bool tellsOfNow(const std::vector<Token>& tokens)
{
    const auto word = [&tokens](std::size_t at) {
        return at < tokens.size() && tokens[at].kind == TokenKind::Word ? std::string_view(tokens[at].text)
                                                                        : "";
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool isAsked =
            (word(i) == "time" || word(i) == "day" || word(i) == "date" || word(i) == "year") &&
            word(i + 1) == "is" && word(i + 2) == "it" && i + 4 >= tokens.size();
        if (isAsked || isTimely(word(i)) || isTimelyBefore(word(i), word(i + 1))) return true;
    }
    return false;
}

/// Goes through a text word by word and keeps what says something.
class LexicalReader {
public:
    LexicalReader(const std::vector<Token>& tokens, LexicalText& into)
        : m_tokens(tokens), m_text(into), m_hasCapitals(!hasCapitalsEverywhere(tokens))
    {
    }

    void read()
    {
        std::size_t at = 0;
        bool mayOpen = true;
        while (at < m_tokens.size()) {
            if (mayOpen) at = readOpening(at);
            mayOpen = false;
            if (at == m_tokens.size()) break;
            const Token& token = m_tokens[at];
            if (token.kind == TokenKind::Pause || token.kind == TokenKind::End) {
                pause();
                m_isFirstPart = false;
                mayOpen = true;
            } else {
                readToken(at);
            }
            ++at;
        }
        // "Square root of 2?" asks, whatever may be squared.
        const bool asks =
            !m_tokens.empty() && m_tokens.back().kind == TokenKind::End && m_tokens.back().text == "?";
        if (m_plainWish == Wish::Order && asks) m_plainWish = Wish::Phrase;
        if (m_text.wish == Wish::Undecided) m_text.wish = m_plainWish;
        finish();
    }

private:
    /// What is asked in one part of the sentence is asked in all of it: "In Go, how do I".
    std::size_t readOpening(std::size_t at)
    {
        const Opening opening = openingAt(m_tokens, at);
        const bool isAsked = opening.wish != Wish::Undecided && opening.wish != Wish::Giving;
        if (m_isFirstPart || m_text.words.empty() || isAsked) {
            if (isAsked && m_text.wish != Wish::Undecided && m_text.wish != Wish::Giving &&
                m_text.wish != opening.wish)
                return at; // a second question
            for (std::size_t i = at; i < opening.end; ++i)
                noteUnsaid(m_tokens[i].text);
            // What stood before the question could stand behind it.
            const std::size_t before = m_text.words.size();
            if (isAsked && m_text.wish == Wish::Undecided && (m_hasRoleFirst || before <= kTopicWords))
                takeAsTopic(before);
            if (opening.wish != Wish::Undecided) m_text.wish = opening.wish;
            // "Can they" and "should they" are two questions.
            const bool mayBeAble = opening.wish == Wish::Whether || opening.wish == Wish::WhatDone;
            if (mayBeAble && isModal(m_tokens[opening.end - 1].text)) keepPlain(opening.end - 1);
            if (opening.end > at) {
                ++m_run;
                m_isOne = m_tokens[opening.end - 1].text == "a" || m_tokens[opening.end - 1].text == "an";
                m_runOfOne = m_run;
            }
            at = opening.end;
        }
        if (at < m_tokens.size() && m_plainWish == Wish::Undecided && m_tokens[at].kind == TokenKind::Word)
            m_plainWish =
                (ownWords().kinds(m_tokens[at].text) & Thesaurus::Verb) != 0 ? Wish::Order : Wish::Phrase;
        m_hasRoleFirst = at < m_tokens.size() && roleBehind(m_tokens[at].text).has_value();
        return at;
    }

    /// "Python: how do I": as if it were "in Python".
    void takeAsTopic(std::size_t end)
    {
        for (std::size_t i = 0; i < end; ++i) {
            if (m_text.words[i].role == Role::None) m_text.words[i].role = Role::In;
        }
    }

    void finish()
    {
        auto& words = m_text.words;
        for (std::size_t i = 0; i + 1 < words.size(); ++i)
            words[i].isModifier = words[i].run == words[i + 1].run;
        // "What does it mean", "what it means".
        const bool asksMeaning = (m_text.wish == Wish::WhatDone || m_text.wish == Wish::Which) &&
                                 words.size() > 1 &&
                                 (words.back().text == "mean" || words.back().text == "means");
        if (asksMeaning) {
            words.pop_back();
            m_text.wish = Wish::What;
        }
        askPurpose();
        askPopulation();
    }

    /// "What is it used for" asks for its purpose.
    void askPurpose()
    {
        std::size_t last = m_tokens.size();
        while (last > 0 &&
               (m_tokens[last - 1].kind == TokenKind::End || m_tokens[last - 1].kind == TokenKind::Pause))
            --last;
        auto& words = m_text.words;
        if (m_text.wish != Wish::What || words.size() < 2 || words.back().text != "used" || last == 0 ||
            m_tokens[last - 1].text != "for")
            return;
        become(words.back(), "purpose");
    }

    /// "How many people live in" asks for a population.
    void askPopulation()
    {
        auto& words = m_text.words;
        if (words.size() < 4 || words[0].text != "many" || words[1].text != "people" ||
            words[2].text != "live")
            return;
        words.erase(words.begin() + 1, words.begin() + 3);
        become(words[0], "population");
    }

    static void become(LexicalText::Word& word, std::string_view other)
    {
        word.text = word.spelling = other;
        word.bases = {};
        word.isPast = word.isSeveral = false;
    }

    void pause()
    {
        m_role = Role::None;
        ++m_run;
    }

    void noteUnsaid(std::string_view word)
    {
        m_text.tenses |= tenseOf(word);
        m_text.saysMy = m_text.saysMy || word == "my" || word == "mine" || word == "our";
        m_text.saysYour = m_text.saysYour || word == "your" || word == "yours";
    }

    void readToken(std::size_t at)
    {
        const Token& token = m_tokens[at];
        switch (token.kind) {
        case TokenKind::Number:
            return keep(token.text, Kind::Number);
        case TokenKind::Quote:
            return readQuote(at);
        case TokenKind::Code:
            return keepCode(token);
        case TokenKind::Sign:
            return readSign(at);
        case TokenKind::Word:
            return readWord(at);
        case TokenKind::Pause:
        case TokenKind::End:
            return;
        }
    }

    /// "Fix this sentence: …" says no more than "Fix this: …".
    void readQuote(std::size_t at)
    {
        const bool isHandedOver = at >= 2 && m_tokens[at - 1].kind == TokenKind::Pause;
        if (isHandedOver && m_text.words.size() > 1 && m_text.words.back().text == m_tokens[at - 2].text &&
            isCarrier(m_tokens[at - 2].text))
            m_text.words.pop_back();
        m_role = Role::None;
        keep(m_tokens[at].text, Kind::Quote);
    }

    void keepCode(const Token& token)
    {
        keep(token.text, Kind::Code);
        if (token.isOwner) m_text.words.back().role = Role::Of;
    }

    /// A dash between words is a pause, between figures it takes one from the other.
    void readSign(std::size_t at)
    {
        const auto isOperand = [this](std::size_t place) {
            return place < m_tokens.size() &&
                   (m_tokens[place].kind != TokenKind::Word || m_tokens[place].text.size() == 1);
        };
        const bool isDash = m_tokens[at].text.find_first_not_of('-') == std::string::npos;
        if (isDash && !(at > 0 && isOperand(at - 1) && isOperand(at + 1))) return pause();
        keep(m_tokens[at].text, Kind::Sign);
    }

    [[nodiscard]] bool isName(std::size_t at) const
    {
        const Token& token = m_tokens[at];
        if (!token.isCapital) return false;
        if (token.isAllCapital) return m_hasCapitals;
        if (token.text == "i") { // "World War I"
            return at > 0 && m_tokens[at - 1].isCapital && !m_tokens[at - 1].beginsSentence;
        }
        return m_hasCapitals && !token.beginsSentence;
    }

    void readWord(std::size_t at)
    {
        const Token& token = m_tokens[at];
        if (isName(at)) return keepName(at);
        if (token.text == "to") return readTo(at);
        if (token.text == "and" || token.text == "or" || token.text == "vs" || token.text == "versus")
            m_joins = true;
        if (token.text == "rather") return setRole(Role::Instead);
        const bool isBehindNumber = at > 0 && m_tokens[at - 1].kind == TokenKind::Number;
        if (token.text == "am" && isBehindNumber) return keepPlain(at);
        // "Turn it on", "turn it off".
        const bool isLast = at + 1 == m_tokens.size() || m_tokens[at + 1].kind == TokenKind::End;
        if (token.text == "on" && isLast) return keepPlain(at);
        if (isSubjectOf(at)) return;
        if (isNegation(token.text)) return keep(token.text, Kind::Negation);
        if (const auto role = roleBehind(token.text)) {
            // "instead of", "differ from".
            const bool isBehind =
                (m_role == Role::Instead && (token.text == "of" || token.text == "than")) ||
                (token.text == "from" && !m_text.words.empty() && m_text.words.back().text == "differ");
            return isBehind ? setRole(m_role == Role::Instead ? Role::Instead : Role::Of) : setRole(*role);
        }
        if (saysNothing(token.text)) {
            noteUnsaid(token.text);
            ++m_run;
            m_isOne = token.text == "a" || token.text == "an";
            m_runOfOne = m_run;
            return;
        }
        noteUnsaid(token.text);
        keepPlain(at);
    }

    /// "on the topic of" is "about".
    bool isSubjectOf(std::size_t at)
    {
        const std::string& text = m_tokens[at].text;
        const bool isSubject = (text == "topic" || text == "theme" || text == "subject") &&
                               m_role == Role::In && at + 1 < m_tokens.size() &&
                               m_tokens[at + 1].text == "of";
        if (isSubject) m_isSubject = true;
        return isSubject;
    }

    void setRole(Role role)
    {
        if (std::exchange(m_isSubject, false)) role = Role::About;
        m_role = role;
        ++m_run;
    }

    /// "to Paris", but not "to sort".
    void readTo(std::size_t at)
    {
        ++m_run;
        const bool isVerb = at + 1 < m_tokens.size() && m_tokens[at + 1].kind == TokenKind::Word &&
                            !m_tokens[at + 1].isCapital &&
                            ((ownWords().kinds(m_tokens[at + 1].text) & Thesaurus::Verb) != 0 ||
                             m_tokens[at + 1].text == "be");
        m_role = isVerb && m_role != Role::From ? Role::None : Role::To;
    }

    void keepName(std::size_t at)
    {
        const Token& token = m_tokens[at];
        keep(token.text, Kind::Name);
        // "APIs" are several of "API".
        LexicalText::Word& word = m_text.words.back();
        if (token.isSeveral) word.bases[0] = word.text.substr(0, word.text.size() - 1);
        if (token.isOwner) word.role = Role::Of;
    }

    void keepPlain(std::size_t at)
    {
        const Token& token = m_tokens[at];
        const bool isBehindNumber = at > 0 && m_tokens[at - 1].kind == TokenKind::Number;
        if (const auto figures = figuresOf(token.text);
            figures && !(isBehindNumber && token.text == "second"))
            return keep(*figures, Kind::Number);
        // "What documents do I need for": what is needed is asked for.
        const bool isNeed = m_text.wish == Wish::Which && !m_text.words.empty() && token.text == "need" &&
                            at >= 2 && tenseOf(m_tokens[at - 2].text) != 0;
        const bool isCapitalCity = token.text == "city" && !m_text.words.empty() &&
                                   m_text.words.back().text == "capital" && m_text.words.back().run == m_run;
        const bool isHappening =
            m_text.wish == Wish::Why && (token.text == "happen" || token.text == "occur");
        if (isNeed || isCapitalCity || isHappening) return;
        const bool isDegree = at > 0 && m_tokens[at - 1].text == "how";
        const bool isDifferent =
            token.text == "different" && at + 1 < m_tokens.size() && m_tokens[at + 1].text == "from";
        // "The number of" is "how many".
        const bool isCount = token.text == "number" && m_text.words.empty() && at + 1 < m_tokens.size() &&
                             m_tokens[at + 1].text == "of";
        const std::string_view known = isDegree ? measureOf(token.text) : oneFor(token.text);
        const std::string one(isDifferent ? "differ" : isCount ? "many" : known);
        keep(one, isUnit(one) ? Kind::Unit : Kind::Plain);
        LexicalText::Word& word = m_text.words.back();
        word.bases = basesOf(word.text);
        word.isPast = maybePast(word.text);
        word.isSeveral = maybeSeveral(word.text);
        word.isOne = m_isOne && word.run == m_runOfOne;
        word.movesFreely =
            word.movesFreely || word.text == "differ" || (word.text.size() > 5 && word.text.ends_with("est"));
        if (token.isOwner) word.role = Role::Of;
        if (word.text == "differ") m_role = Role::None;
        const bool isBehindWhich = m_text.wish == Wish::Which && m_text.words.size() == 1;
        word.isCategory = isBehindWhich && at + 1 < m_tokens.size() &&
                          (tenseOf(m_tokens[at + 1].text) != 0 || maybePast(m_tokens[at + 1].text));
    }

    void keep(std::string text, Kind kind)
    {
        LexicalText::Word word;
        word.text = std::move(text);
        word.kind = kind;
        if (kind == Kind::Plain || kind == Kind::Unit || kind == Kind::Name)
            word.spelling = oneSpelling(word.text);
        word.role = m_role;
        word.run = m_run;
        if (std::exchange(m_joins, false)) {
            word.isJoined = true;
            if (!m_text.words.empty()) m_text.words.back().isJoined = true;
        }
        m_text.words.push_back(std::move(word));
    }

    const std::vector<Token>& m_tokens;
    LexicalText& m_text;
    bool m_hasCapitals;
    Wish m_plainWish = Wish::Undecided;
    Role m_role = Role::None;
    std::uint16_t m_run = 0, m_runOfOne = 0;
    bool m_isOne = false, m_joins = false, m_isSubject = false, m_isFirstPart = true, m_hasRoleFirst = false;
};

} // namespace

LexicalText digest(std::string_view text)
{
    LexicalText digested;
    if (text.size() > kLongestText) {
        digested.unfit = reason::kLength;
        return digested;
    }
    const auto tokens = lexicalTokens(text);
    if (!tokens) {
        digested.unfit = reason::kLanguage;
        return digested;
    }
    std::size_t words = 0;
    for (const Token& each : *tokens) {
        const bool isPause = each.kind == TokenKind::Pause || each.kind == TokenKind::End;
        words +=
            isPause ? 0 : 1 + static_cast<std::size_t>(std::count(each.text.begin(), each.text.end(), ' '));
    }
    if (words == 0 || words > LexicalText::kMostWords) {
        digested.unfit = reason::kLength;
        return digested;
    }
    digested.isTimely = tellsOfNow(*tokens);
    LexicalReader(*tokens, digested).read();
    if (digested.words.empty()) {
        for (const Token& each : *tokens) {
            if (each.kind != TokenKind::End) digested.bare += each.text + ' ';
        }
    }
    return digested;
}

std::optional<std::string_view> unfitness(const LexicalText& text)
{
    if (!text.unfit.empty()) return text.unfit;
    if (text.isTimely) return reason::kTime;
    return std::nullopt;
}

} // namespace gateway::cache
