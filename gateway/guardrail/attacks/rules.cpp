// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/attacks/rules.h"

namespace gateway::guardrail {

namespace {

template <class... Each>
constexpr Meanings oneOf(Each... meanings)
{
    return (bitOf(meanings) | ...);
}

// Weights: two harmless sentences in a thousand hold a sign of 2; one of 4 is hardly ever meant well; one of
// 6 never.
void addIgnoring(std::vector<SignRule>& rules)
{
    using enum Meaning;
    const auto rule = [&](int weight, std::vector<SignStep> steps, bool elsewhere = true) {
        rules.push_back({AttackFamily::IgnoreInstructions, static_cast<std::uint8_t>(weight), 0, true, false,
                         elsewhere, std::move(steps)});
    };
    rule(6, {{oneOf(Ignore)}, {oneOf(Prev), 4}, {oneOf(Instr), 3}});
    rule(6, {{oneOf(Ignore)}, {oneOf(Instr), 4}, {oneOf(Prev), 3}}); // as in French and Spanish
    rule(6, {{oneOf(Ignore)}, {oneOf(Your), 3}, {oneOf(Instr), 3}});
    rule(6, {{oneOf(Ignore)}, {oneOf(Instr), 2}, {oneOf(You), 3}, {oneOf(Told), 3}});
    rule(4, {{oneOf(Ignore)}, {oneOf(All), 2}, {oneOf(Instr), 2}}, false);
    rule(4, {{oneOf(Ignore)}, {oneOf(System, SystemPrompt), 3}, {oneOf(Instr), 2}});
    rule(4, {{oneOf(Ignore)}, {oneOf(All), 2}, {oneOf(You), 3}, {oneOf(Told), 3}});
    rule(4, {{oneOf(Ignore)}, {oneOf(All), 2}, {oneOf(Told), 3}, {oneOf(Prev), 3}});
    rule(4, {{oneOf(Ignore)}, {oneOf(All), 2}, {oneOf(Prev), 3}});
    rule(2, {{oneOf(Ignore)}, {oneOf(Prev), 2}});
    rule(4, {{oneOf(Override)}, {oneOf(Your), 3}, {oneOf(Instr), 3}});
    rule(4, {{oneOf(Override)}, {oneOf(Prev), 3}, {oneOf(Instr), 2}});
    rule(2, {{oneOf(Override)}, {oneOf(System), 2}, {oneOf(Instr), 1}});
    rule(6, {{oneOf(Prev)}, {oneOf(Instr), 3}, {oneOf(Ignore), 4}}); // as in German and Japanese
    rule(6, {{oneOf(Your)}, {oneOf(Instr), 2}, {oneOf(Ignore), 4}});
    rule(4, {{oneOf(Instr)}, {oneOf(Prev), 2}, {oneOf(Ignore), 3}});
    rule(2, {{oneOf(Prev)}, {oneOf(Instr), 2}, {oneOf(Void), 5}});
    rule(4, {{oneOf(All)}, {oneOf(Prev), 2}, {oneOf(Instr), 2}, {oneOf(Void), 5}});
    rule(4, {{oneOf(Your)}, {oneOf(Prev), 2}, {oneOf(Instr), 2}, {oneOf(Void), 5}});
    rule(2, {{oneOf(New)}, {oneOf(Instr), 0}});
    rule(4, {{oneOf(Your)}, {oneOf(New), 1}, {oneOf(Instr), 1}});
    rule(4, {{oneOf(System)}, {oneOf(Override), 0}, {oneOf(Mode, Enable, Instr, New), 3}});
    rules.push_back({AttackFamily::IgnoreInstructions,
                     4,
                     0,
                     false,
                     false,
                     true,
                     {{oneOf(Not)}, {oneOf(Follow), 2}, {oneOf(Prev, Your), 3}, {oneOf(Instr), 3}}});
}

void addTakeovers(std::vector<SignRule>& rules)
{
    using enum Meaning;
    const auto rule = [&](int weight, std::vector<SignStep> steps) {
        rules.push_back({AttackFamily::RoleTakeover, static_cast<std::uint8_t>(weight), 0, false, false, true,
                         std::move(steps)});
    };
    rule(6, {{oneOf(Do)}, {oneOf(Anything), 0}, {oneOf(Now), 0}});
    rule(4, {{oneOf(You)}, {oneOf(Jailbreak), 3}});
    rule(4, {{oneOf(Jailbreak)}, {oneOf(Mode, Enable), 1}});
    rule(4, {{oneOf(Enable)}, {oneOf(Jailbreak, Unrestricted), 2}, {oneOf(Mode), 1}});
    rule(4, {{oneOf(You)}, {oneOf(Dev), 4}, {oneOf(Mode), 0}});
    rule(4, {{oneOf(Role, Model)}, {oneOf(Dev), 6}, {oneOf(Mode), 0}});
    rule(4, {{oneOf(Dev)}, {oneOf(Mode), 0}, {oneOf(Answer, You, Model), 2}});
    rule(2, {{oneOf(Dev)}, {oneOf(Mode), 0}, {oneOf(Enable), 1}});
    rule(4, {{oneOf(You)}, {oneOf(Unrestricted), 4}, {oneOf(Model), 3}});
    rule(4, {{oneOf(Role)}, {oneOf(Unrestricted), 6}});
    rule(4, {{oneOf(Role)}, {oneOf(Model), 6}, {oneOf(Without), 8}, {oneOf(Restriction), 3}});
    rule(4, {{oneOf(Model)}, {oneOf(Without), 5}, {oneOf(Ethics), 3}});
    rule(4, {{oneOf(You)}, {oneOf(Without), 2}, {oneOf(Ethics), 3}});
    rule(4, {{oneOf(Now)}, {oneOf(Without), 5}, {oneOf(Ethics), 3}});
    rule(4, {{oneOf(Answer, Role)}, {oneOf(Without), 6}, {oneOf(Ethics), 2}});
    rule(4,
         {{oneOf(You)}, {oneOf(Not), 3}, {oneOf(Bound), 1}, {oneOf(Restriction, Ethics, Instr, Vendor), 4}});
    rule(4, {{oneOf(Not)}, {oneOf(Bound), 1}, {oneOf(Ethics, Vendor), 5}});
    rule(4, {{oneOf(You)}, {oneOf(Not), 3}, {oneOf(Refuse), 1}});
    rule(2, {{oneOf(Not)}, {oneOf(Refuse), 1}});
    rule(4, {{oneOf(Ignore, Override, Not)}, {oneOf(Vendor), 4}, {oneOf(Restriction, Ethics), 3}});
    rule(4, {{oneOf(Ignore, Override)}, {oneOf(Your), 3}, {oneOf(Ethics), 3}});
    rule(4, {{oneOf(Ignore)}, {oneOf(Ethics), 3}});
    rule(2, {{oneOf(Override)}, {oneOf(Ethics), 3}});
    rule(2, {{oneOf(Now)}, {oneOf(You), 3}, {oneOf(Role, Follow, Answer), 4}});
    rule(4, {{oneOf(Start)}, {oneOf(Answer), 3}, {oneOf(Sure), 3}});
    rule(4, {{oneOf(Persona)}, {oneOf(Mode, Unrestricted, Anything), 3}});
    rule(4, {{oneOf(Persona)}, {oneOf(Without), 2}, {oneOf(Restriction, Ethics, Without), 4}});
    rule(6, {{oneOf(Role, You)}, {oneOf(Persona), 4}});
    rule(2,
         {{oneOf(Model, You, Persona)}, {oneOf(Not), 4}, {oneOf(Follow), 4}, {oneOf(Restriction, Instr), 4}});
    rule(2, {{oneOf(Role)}, {oneOf(Without), 4}, {oneOf(Restriction), 1}});
}

void addExtractions(std::vector<SignRule>& rules)
{
    using enum Meaning;
    const auto rule = [&](int weight, std::vector<SignStep> steps, bool leads = false) {
        rules.push_back({AttackFamily::PromptExtraction, static_cast<std::uint8_t>(weight), 0, true, leads,
                         !leads, std::move(steps)});
    };
    rule(6, {{oneOf(Reveal, Repeat)}, {oneOf(Your), 6}, {oneOf(SystemPrompt), 3}});
    rule(6, {{oneOf(Reveal, Repeat)}, {oneOf(SystemPrompt), 4}, {oneOf(Your), 1}});
    rule(4, {{oneOf(Reveal, Repeat)},
             {oneOf(Your), 4},
             {oneOf(Hidden, Prev, System), 2},
             {oneOf(Prompt, Instr), 2}});
    rule(4, {{oneOf(Reveal, Repeat)}, {oneOf(Your), 4}, {oneOf(Prompt, Instr), 1}, {oneOf(Hidden, Prev), 2}});
    rule(4, {{oneOf(Reveal, Repeat)}, {oneOf(Your), 4}, {oneOf(Prompt), 1}});
    rule(4, {{oneOf(Retell)}, {oneOf(Your), 1}, {oneOf(SystemPrompt), 2}});
    rule(4, {{oneOf(Retell)}, {oneOf(Your), 0}, {oneOf(Prompt), 0}});
    rule(4, {{oneOf(What)},
             {oneOf(Your), 3},
             {oneOf(Hidden, Prev, System, SystemPrompt), 3},
             {oneOf(Prompt, Instr), 2}});
    rule(4, {{oneOf(What)}, {oneOf(Your), 3}, {oneOf(SystemPrompt), 3}});
    rule(4, {{oneOf(What)}, {oneOf(Your), 2}, {oneOf(Prompt), 1}});
    rule(4, {{oneOf(What)}, {oneOf(Instr, Prompt), 3}, {oneOf(You), 3}, {oneOf(Told), 3}});
    rule(4, {{oneOf(What)}, {oneOf(You), 2}, {oneOf(Told), 2}, {oneOf(Prev), 3}, {oneOf(Convo, What), 3}});
    rule(4, {{oneOf(Reveal, Repeat)}, {oneOf(SystemPrompt), 4}}, true);
    rule(4, {{oneOf(Reveal, Repeat)}, {oneOf(Hidden), 3}, {oneOf(Prompt), 1}}, true);
    rule(2, {{oneOf(Reveal, Repeat)}, {oneOf(SystemPrompt), 5}});
    rule(2, {{oneOf(Reveal, Repeat)}, {oneOf(Hidden), 4}, {oneOf(Prompt), 1}});
    rule(4, {{oneOf(Repeat)}, {oneOf(Words), 4}, {oneOf(Prev), 3}});
    rule(4, {{oneOf(Reveal)}, {oneOf(Words), 3}, {oneOf(Prev), 2}, {oneOf(Verbatim), 6}});
    rule(4, {{oneOf(Reveal, Repeat)}, {oneOf(Start), 8}, {oneOf(You), 3}});
    rule(4, {{oneOf(SystemPrompt)}, {oneOf(Verbatim), 6}});
    rule(4, {{oneOf(Verbatim)}, {oneOf(SystemPrompt), 6}});
    rule(4, {{oneOf(SystemPrompt)}, {oneOf(RevealEnd), 6}});
    rule(4, {{oneOf(Your)}, {oneOf(Prompt, Instr), 4}, {oneOf(RevealEnd), 5}});
}

void addExfiltrations(std::vector<SignRule>& rules)
{
    using enum Meaning;
    const auto rule = [&](int weight, std::vector<SignStep> steps) {
        rules.push_back({AttackFamily::Exfiltration, static_cast<std::uint8_t>(weight), 0, true, false, true,
                         std::move(steps)});
    };
    const Meanings goods = oneOf(Convo, SystemPrompt);
    rule(4, {{oneOf(Send)}, {goods, 8}, {oneOf(Url), 10}});
    rule(4, {{oneOf(Send)}, {oneOf(Url), 5}, {goods, 10}});
    rule(4, {{oneOf(Send)}, {oneOf(Personal), 6}, {oneOf(Secret), 4}, {oneOf(Url), 10}});
    rule(4, {{oneOf(Send)}, {oneOf(Url), 5}, {oneOf(Personal), 10}, {oneOf(Secret), 4}});
    rule(4, {{oneOf(Append)}, {goods, 6}, {oneOf(Url, UrlWord), 8}});
    rule(4, {{oneOf(Append)}, {oneOf(Personal), 5}, {oneOf(Secret), 3}, {oneOf(Url, UrlWord), 8}});
    rule(4, {{oneOf(Append)}, {oneOf(Url, UrlWord), 4}, {goods, 8}});
    rule(2, {{oneOf(Send)}, {oneOf(Secret), 4}, {oneOf(Url), 8}});
    rule(2, {{oneOf(Send)}, {oneOf(Personal), 4}, {oneOf(Secret), 3}});
    rule(2, {{oneOf(Send)}, {oneOf(Convo), 4}, {oneOf(UrlWord), 6}});
}

void addHijacks(std::vector<SignRule>& rules)
{
    using enum Meaning;
    const auto rule = [&](int weight, int manner, std::vector<SignStep> steps) {
        rules.push_back({AttackFamily::ToolHijack, static_cast<std::uint8_t>(weight),
                         static_cast<std::uint8_t>(manner), steps.front().meanings != bitOf(Not), false, true,
                         std::move(steps)});
    };
    rule(2, 1, {{oneOf(Not)}, {oneOf(Tell), 2}, {oneOf(User), 4}});
    rule(2, 1, {{oneOf(Without)}, {oneOf(Tell), 1}, {oneOf(User), 3}});
    rule(2, 2, {{oneOf(Without)}, {oneOf(Asking), 1}});
    rule(2, 3, {{oneOf(Call)}, {oneOf(Tool), 4}});
    rule(2, 3, {{oneOf(Destroy, Send)}, {oneOf(Without), 10}, {oneOf(Asking, Tell), 1}});
    rule(4, 3, {{oneOf(Silent)}, {oneOf(Call), 2}, {oneOf(Tool), 4}});
    rule(4, 3, {{oneOf(Silent)}, {oneOf(Send, Destroy), 2}});
    rule(4, 3, {{oneOf(Prev)}, {oneOf(Call), 2}, {oneOf(Tool), 4}, {oneOf(Personal), 8}});
    rule(2, 4, {{oneOf(Model)}, {oneOf(Must), 2}, {oneOf(Call), 3}});
}

void addDelimiters(std::vector<SignRule>& rules)
{
    using enum Meaning;
    rules.push_back({AttackFamily::Delimiter, 4, 0, false, false, true, {{oneOf(Delimiter)}}});
    rules.push_back(
        {AttackFamily::Delimiter, 6, 0, false, false, true, {{oneOf(Delimiter)}, {oneOf(System), 0}}});
    rules.push_back({AttackFamily::Delimiter, 2, 0, false, false, true, {{oneOf(LooseDelimiter)}}});
}

} // namespace

const std::vector<std::string_view>& attackFamilyNames()
{
    static const std::vector<std::string_view> kNames{
        "ignore_instructions", "role_takeover", "prompt_extraction", "delimiter",
        "exfiltration",        "tool_hijack",   "encoded",           "typoglycemia"};
    return kNames;
}

const std::vector<SignRule>& signRules()
{
    static const std::vector<SignRule> kRules = [] {
        std::vector<SignRule> rules;
        addIgnoring(rules);
        addTakeovers(rules);
        addExtractions(rules);
        addExfiltrations(rules);
        addHijacks(rules);
        addDelimiters(rules);
        return rules;
    }();
    return kRules;
}

} // namespace gateway::guardrail
