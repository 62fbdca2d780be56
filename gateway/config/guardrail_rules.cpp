// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/config_rules.h"
#include "guardrail/check_kind.h"
#include "guardrail/rule_set.h"

namespace gateway::config {

namespace {

constexpr std::size_t kMaxGuardrails = 200;
constexpr std::size_t kMaxExceptions = 10'000;
constexpr std::size_t kMaxMessageBytes = 2048;
constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kMaxGuardrailTests = 200;
constexpr std::size_t kMaxTestBytes = 16384;
constexpr std::size_t kMaxBytesOfTests = 262'144; // of all guardrails: a quarter of what the file may have
constexpr std::uint32_t kMostRetries = 5;

using Words = std::vector<std::string>;

void checkWord(const std::string& path, const std::string& word, const Words& allowed, ProblemList& problems)
{
    if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return;
    problems.error(path, "Found " + quotedName(word) + ", allowed is " + alternatives(allowed) + "." +
                             didYouMean(word, allowed));
}

void checkStages(const std::string& path, const GuardrailConfig& rule, const guardrail::CheckKind& kind,
                 ProblemList& problems)
{
    const Words allowed{"request", "response", "both", "tool_results", "tool_calls"};
    for (const std::string_view part : splitAt(rule.on, ',')) {
        const std::string word(trimmed(part));
        checkWord(path + ".on", word, allowed, problems);
        const bool ofRequest = word == "request" || word == "tool_results" || word == "both";
        const bool ofResponse = word == "response" || word == "tool_calls" || word == "both";
        if ((ofRequest && !kind.onRequest) || (ofResponse && !kind.onResponse))
            problems.error(path + ".on", "The check " + quotedName(rule.check) + " looks at " +
                                             (kind.onRequest ? "requests" : "answers") + " only.");
        if (!kind.places && word.starts_with("tool_"))
            problems.error(path + ".on",
                           "The check " + quotedName(rule.check) + " judges a whole request or answer.");
    }
}

void checkAction(const std::string& path, const GuardrailConfig& rule, const guardrail::CheckKind& kind,
                 ProblemList& problems)
{
    checkWord(path + ".action", rule.action, guardrail::actionNames(), problems);
    const bool ofAnswers = rule.on.find("response") != std::string::npos ||
                           rule.on.find("both") != std::string::npos ||
                           rule.on.find("tool_calls") != std::string::npos;
    // What would do nothing is refused: a rule that is ignored is worse than none.
    if ((rule.action == "mask" || rule.action == "rewrite") && !kind.places &&
        !(rule.action == "rewrite" && kind.mends))
        problems.error(path + ".action", "The check " + quotedName(rule.check) +
                                             " judges the whole; there is nothing to mask.");
    if (kind.tells && (rule.action != "flag" || rule.onError == "closed"))
        problems.error(path + (rule.action != "flag" ? ".action" : ".on_error"),
                       "The check " + quotedName(rule.check) + " only tells, and never refuses: " +
                           (rule.action != "flag" ? "the action has to be flag." : "it has to be open."));
    if (rule.retries > kMostRetries)
        problems.error(path + ".retries", "Found " + std::to_string(rule.retries) + ", at most " +
                                              std::to_string(kMostRetries) + " are possible.");
    if (rule.retries > 0 && (kind.places || !ofAnswers))
        problems.error(path + ".retries", "Only an answer that is judged as a whole can be asked for anew.");
    if (ofAnswers && (rule.action == "reroute" || rule.action == "ask"))
        problems.error(path + ".action",
                       "An answer is there already: " + quotedName(rule.action) + " is for requests.");
    if (rule.restore && rule.action != "mask" && rule.action != "rewrite")
        problems.error(path + ".restore", "Only what was masked can be restored: the action has to be mask.");
}

void checkGlobs(const std::string& path, const Words& globs, ProblemList& problems)
{
    for (std::size_t i = 0; i < globs.size(); ++i) {
        if (globs[i].size() > 256 || hasControlByte(globs[i]))
            problems.error(elementPath(path, i), "Needs a name or a pattern such as \"team-*\".");
    }
}

void checkDetails(const std::string& path, const GuardrailConfig& rule, ProblemList& problems)
{
    checkWord(path + ".mode", rule.mode, {"enforce", "observe"}, problems);
    if (!rule.onError.empty()) checkWord(path + ".on_error", rule.onError, {"open", "closed"}, problems);
    for (const auto& [kind, style] : rule.maskAs)
        checkWord(memberPath(path + ".mask_as", kind), style, guardrail::maskStyleNames(), problems);
    if (rule.message.size() > kMaxMessageBytes || hasControlByte(rule.message))
        problems.error(path + ".message", "Needs a sentence of at most 2048 bytes, in one line.");
    if (checkCount(path + ".exceptions", rule.exceptions.size(), kMaxExceptions, problems)) {
        for (std::size_t i = 0; i < rule.exceptions.size(); ++i) {
            const std::string& hash = rule.exceptions[i];
            const bool isHash =
                hash.size() == kSha256Digits &&
                std::all_of(hash.begin(), hash.end(), [](char c) { return hexValue(c) >= 0; });
            if (!isHash)
                problems.error(elementPath(path + ".exceptions", i),
                               "Needs the SHA-256 of the text that is none, as 64 hexadecimal digits.");
        }
    }
    if (!rule.scope) return;
    checkGlobs(path + ".scope.routes", rule.scope->routes, problems);
    checkGlobs(path + ".scope.keys", rule.scope->keys, problems);
    checkGlobs(path + ".scope.dialects", rule.scope->dialects, problems);
    checkGlobs(path + ".scope.clients", rule.scope->clients, problems);
}

void checkGuardrailTests(const std::string& path, const GuardrailConfig& rule, ProblemList& problems)
{
    if (!checkCount(path, rule.tests.size(), kMaxGuardrailTests, problems)) return;
    std::set<std::pair<std::string_view, std::string_view>> known;
    for (std::size_t i = 0; i < rule.tests.size(); ++i) {
        const GuardrailTest& test = rule.tests[i];
        const std::string at = elementPath(path, i);
        if (test.text.empty() || test.text.size() > kMaxTestBytes)
            problems.error(at + ".text", "Needs a text of 1 to 16384 bytes.");
        checkWord(at + ".on", test.on, {"request", "response"}, problems);
        checkWord(at + ".expect", test.expect, {"hit", "pass"}, problems);
        if (!known.emplace(test.text, test.on).second)
            problems.error(at + ".text", "There are two tests with this text.");
    }
}

void checkGuardrail(const GuardrailConfig& rule, const Config& config, ProblemList& problems)
{
    const std::string path = memberPath("guardrails", rule.id.text);
    checkName(path, rule.id.text, problems);
    checkDetails(path, rule, problems);
    checkGuardrailTests(path + ".tests", rule, problems);
    if (rule.check.empty()) {
        problems.error(path + ".check", "Is missing: what is looked for, such as \"pii\".");
        return;
    }
    const guardrail::CheckKind* kind = guardrail::findCheckKind(rule.check);
    if (!kind) {
        Words known;
        for (const guardrail::CheckKind* each : guardrail::checkKinds())
            known.emplace_back(each->id);
        checkWord(path + ".check", rule.check, known, problems);
        return;
    }
    checkStages(path, rule, *kind, problems);
    if (!rule.route.empty() && !config.findRoute(rule.route.text))
        problems.error(path + ".route", "There is no route " + quotedName(rule.route.text) + ".");
    checkAction(path, rule, *kind, problems);
    if (problems.touches(path + ".params")) return;
    const auto made = guardrail::makeCheck(*kind, rule.paramsJson);
    if (made && rule.secret && made.value()->address().empty())
        problems.error(path + ".secret", "The check " + quotedName(rule.check) + " shows it to nobody.");
    if (made && rule.restore && made.value()->replacement())
        problems.error(path + ".restore", "What the check " + quotedName(rule.check) +
                                              " puts in its place cannot be told from others like it.");
    if (made) return;
    const std::string at = path + ".params";
    problems.error(made.error().param.empty() ? at : memberPath(at, made.error().param),
                   made.error().message);
}

} // namespace

void checkGuardrails(const Config& config, ProblemList& problems)
{
    if (!checkCount("guardrails", config.guardrails.size(), kMaxGuardrails, problems)) return;
    Words names;
    std::size_t bytesOfTests = 0;
    for (const GuardrailConfig& rule : config.guardrails) {
        checkGuardrail(rule, config, problems);
        for (const GuardrailTest& test : rule.tests)
            bytesOfTests += test.text.size();
        if (std::find(names.begin(), names.end(), rule.id.text) != names.end())
            problems.error(memberPath("guardrails", rule.id.text), "There are two guardrails of this name.");
        names.push_back(rule.id.text);
    }
    if (bytesOfTests > kMaxBytesOfTests)
        problems.error("guardrails", "The texts of all tests have more than 262144 bytes: remove some.");
    for (const RouteConfig& route : config.routes) {
        for (std::size_t i = 0; i < route.guardrails.size(); ++i) {
            if (std::find(names.begin(), names.end(), route.guardrails[i]) != names.end()) continue;
            problems.error(elementPath(memberPath("routes", route.id.text) + ".guardrails", i),
                           "There is no guardrail " + quotedName(route.guardrails[i]) + "." +
                               didYouMean(route.guardrails[i], names));
        }
    }
}

} // namespace gateway::config
