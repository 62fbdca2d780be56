// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/lexical_openings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/strings.h"
#include "cache/lexical_words.h"

namespace gateway::cache {

namespace {

using Wish = LexicalText::Wish;

struct OpeningPattern {
    std::string_view words; // parted by spaces; "a|b" either, "[a|b]" or neither; GOOD and NUMBER as below
    Wish wish;              // Undecided: another opening may follow that tells
};

constexpr std::string_view kGood =
    "[best|good|right|correct|proper|idiomatic|standard|recommended|usual|common]";

// The longest that fits is taken, and then what follows it is looked at again.
constexpr OpeningPattern kOpenings[] = {
    // Courtesy.
    {"please|kindly|pls|plz|hi|hello|hey|thanks|ok|okay|well", Wish::Undecided},
    {"thank you", Wish::Undecided},
    {"can|could|will|would you [please|kindly]", Wish::Undecided},
    {"i|we [would] like|love|want|need|wish|wanted [you] to [know|see|ask|learn|understand|hear]",
     Wish::Undecided},
    {"i|we [would] like|want|need [a|an|some|the] [to] [see|hear]", Wish::Giving},
    {"i|we am|are looking|trying to", Wish::Undecided},
    {"i|we am|are looking for", Wish::Giving},
    {"i|we was|were wondering [if|whether]", Wish::Undecided},
    {"i|we wonder [if|whether]", Wish::Undecided},
    {"do|would you know|mind [if|whether]", Wish::Undecided},
    {"let me know", Wish::Undecided},
    {"help me|us [to|with|understand]", Wish::Undecided},
    {"i need|want help [with|in|to]", Wish::Undecided},
    // To be given something.
    {"tell|teach me|us [more|something] [about]", Wish::Giving},
    {"give|show|send|get|offer me|us [all]", Wish::Giving},
    {"give|show|list|provide|offer", Wish::Giving},
    {"give|show|get [me|us] a list of [all]", Wish::Giving},
    {"suggest|recommend|propose [me|us]", Wish::Giving},
    {"name the|some|a|an|all|me", Wish::Giving},
    {"calculate|compute|evaluate|name NUMBER", Wish::Giving},
    {"explain|describe|define|clarify [to] [me|us]", Wish::Giving},
    {"explain|describe|clarify [to] [me|us] the concept|idea|notion|meaning|term|word [of]", Wish::Giving},
    {"the concept|idea|notion|meaning|definition of [the|a] [word|term]", Wish::Giving},
    {"meaning|definition of [the|a] [word|term]", Wish::Giving},
    {"what is|are the meaning|definition of [the|a] [word|term]", Wish::Giving},
    {"what do|does it mean to", Wish::What},
    // How to.
    {"how do|can|could|should|would|might|may|must|did i|you|we|one|someone|anyone|people|they", Wish::HowTo},
    {"how am i supposed|meant|able to", Wish::HowTo},
    {"how to", Wish::HowTo},
    {"how i|you|we|one can|could|should|would|might", Wish::HowTo},
    {"how i|you|we|one", Wish::HowTo},
    {"what is|are|would [be] [the|a|an|some|your] GOOD way|ways|method|methods|command|commands|steps|syntax|"
     "approach|procedure|technique|formula to [use] [to]",
     Wish::HowTo},
    {"what is|are|would [be] [the|a|an|some|your] GOOD way|ways|method|methods|command|steps|syntax|approach|"
     "procedure|technique of|for",
     Wish::HowTo},
    {"what|which [is] GOOD way|method|command|commands|steps|approach|formula do|can|should|could|must|would "
     "i|you|we "
     "[use|take|follow|need|have] [in] [order] [to]",
     Wish::HowTo},
    {"is|are there a|an|any|some GOOD way|ways|method|command|commands to|of|for [me|us] [to]", Wish::HowTo},
    {"the|a GOOD way|ways|steps|command|method|syntax to|of|for", Wish::HowTo},
    {"GOOD ways|steps|way|command to|for", Wish::HowTo},
    {"what can|could|should|must|would i|you|we|one do to|about", Wish::HowTo},
    // Questions.
    {"what|which is|are|was|were", Wish::What},
    {"what|which", Wish::Which},
    {"what|which year", Wish::When},
    {"in what|which year", Wish::When},
    {"what makes|made|causes|caused", Wish::Why},
    {"the mechanism|process by which", Wish::How},
    {"the way in which", Wish::How},
    {"what is|are|was|were the reason|reasons [for|that|why]", Wish::Why},
    {"what do|does|did|can|could|should|would|will", Wish::WhatDone},
    {"how", Wish::How},
    {"how is|are|was|were|do|does|did", Wish::How},
    {"why", Wish::Why},
    {"how come", Wish::Why},
    {"who|whose|whom", Wish::Who},
    {"when", Wish::When},
    {"where", Wish::Where},
    {"is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|should|shall|must|will|would",
     Wish::Whether},
};

/// Whether the word is one of "a|b|c".
bool isAnyOf(std::string_view choices, std::string_view word)
{
    while (!choices.empty()) {
        const auto bar = choices.find('|');
        if (choices.substr(0, bar) == word) return true;
        if (bar == std::string_view::npos) return false;
        choices.remove_prefix(bar + 1);
    }
    return false;
}

/// How many words of the text the pattern takes; 0: it does not fit.
std::size_t fitted(std::string_view pattern, const std::vector<Token>& tokens, std::size_t begin)
{
    std::size_t at = begin;
    for (std::string_view part : splitAt(pattern, ' ')) {
        if (part == "GOOD") part = kGood;
        if (part == "NUMBER") { // is not taken
            if (at == tokens.size()) return 0;
            if (tokens[at].kind != Token::Kind::Number && !figuresOf(tokens[at].text)) return 0;
            continue;
        }
        const bool isOptional = part.front() == '[';
        if (isOptional) part = part.substr(1, part.size() - 2);
        const bool fits =
            at < tokens.size() && tokens[at].kind == Token::Kind::Word && isAnyOf(part, tokens[at].text);
        if (fits)
            ++at;
        else if (!isOptional)
            return 0;
    }
    return at - begin;
}

/// "How long does it take": what "how" asks for is one of the words, and all else as of "what".
bool asksHowMuch(const std::vector<Token>& tokens, std::size_t at)
{
    static constexpr std::string_view kDegrees = "much|many|long|far|often|old|tall|big|large|high|deep|fast|"
                                                 "heavy|wide|hot|cold|late|soon|likely|good|bad|"
                                                 "hard|easy|safe|early|quickly|strong|expensive";
    return at + 1 < tokens.size() && tokens[at].text == "how" && isAnyOf(kDegrees, tokens[at + 1].text);
}

} // namespace

Opening openingAt(const std::vector<Token>& tokens, std::size_t begin)
{
    Opening opening{begin, Wish::Undecided};
    while (true) {
        if (asksHowMuch(tokens, opening.end)) return {opening.end + 1, Wish::What};
        std::size_t longest = 0;
        Wish wish = Wish::Undecided;
        for (const OpeningPattern& each : kOpenings) {
            const std::size_t size = fitted(each.words, tokens, opening.end);
            if (size <= longest) continue;
            longest = size;
            wish = each.wish;
        }
        // "Can you" is a courtesy and "who is" a question where nothing was asked before.
        const bool wasAsked = opening.wish != Wish::Undecided && opening.wish != Wish::Giving;
        if (longest == 0 || wasAsked || (wish == Wish::Whether && opening.wish == Wish::Giving))
            return opening;
        opening.end += longest;
        if (wish != Wish::Undecided) opening.wish = wish;
        while (opening.end < tokens.size() && tokens[opening.end].kind == Token::Kind::Pause)
            ++opening.end;
    }
}

} // namespace gateway::cache
