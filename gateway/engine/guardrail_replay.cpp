// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/guardrail_replay.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "engine/logged_texts.h"
#include "guardrail/check_kind.h"
#include "guardrail/text_guard.h"
#include "pipeline/guarding.h"

namespace gateway {

namespace {

using engine::LoggedText;
using guardrail::Stage;

constexpr std::size_t kMostFirst = 5;        // of one request
constexpr std::size_t kAroundBytes = 120;    // on each side of what was found
constexpr std::size_t kMostFoundBytes = 400; // that are shown

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// At most so many bytes of the text's end or beginning, without half a character.
std::string tailOf(std::string_view text, std::size_t most)
{
    std::size_t from = text.size() > most ? text.size() - most : 0;
    while (from < text.size() && isContinuation(text[from]))
        ++from;
    return std::string(text.substr(from));
}

std::string headOf(std::string_view text, std::size_t most)
{
    std::size_t size = std::min(text.size(), most);
    while (size > 0 && size < text.size() && isContinuation(text[size]))
        --size;
    return std::string(text.substr(0, size));
}

GuardrailReplay::Find shownFind(std::string_view text, const guardrail::Found& found, bool inAnswer)
{
    const std::string_view there = text.substr(found.start, found.size);
    GuardrailReplay::Find find;
    find.inAnswer = inAnswer;
    find.before = tailOf(text.substr(0, found.start), kAroundBytes);
    find.found = headOf(there, kMostFoundBytes);
    find.after = headOf(text.substr(found.start + found.size), kAroundBytes);
    find.kind = found.kind;
    find.sha256 = hexText(sha256(there));
    return find;
}

/// What was wrong with a whole, by the text for the log; nothing: it was let by.
std::optional<std::string> reasonIn(const std::string& verdicts)
{
    const auto json = nlohmann::json::parse(verdicts, nullptr, false);
    if (!json.is_array() || json.empty() || !json.front().is_object()) return std::nullopt;
    return json.front().value("reason", std::string());
}

} // namespace

struct GuardrailReplay::Parts {
    std::string problem;
    std::optional<guardrail::RuleSet> rules;
    const guardrail::Rule* rule = nullptr;
    std::string salt = guardrail::newMaskSalt();

    void addFinds(const std::vector<LoggedText>& texts, bool inAnswer, Look& into) const
    {
        guardrail::Masks masks(salt);
        guardrail::TextGuard guard({rule}, masks);
        for (const LoggedText& each : texts) {
            if (!rule->covers(each.stage)) continue;
            for (const auto& placed : guard.find(each.text, each.stage)) {
                ++into.finds;
                if (into.first.size() < kMostFirst)
                    into.first.push_back(shownFind(each.text, placed.found, inAnswer));
            }
        }
    }

    /// As a request that comes is judged.
    void addWhole(DialectId dialect, const LogRow& row, bool inAnswer, Look& into) const
    {
        guardrail::FindCache cache;
        pipeline::Guarding guarding({rule}, salt, cache);
        if (inAnswer) {
            std::ignore = guarding.answer(dialect, row.responseBody);
            std::ignore = guarding.ponder(guarding.answerAsks(dialect), true);
        } else {
            pipeline::Guarding::About about;
            about.model = row.requestedModel;
            about.metadataJson = row.metadataJson;
            about.requestType = dialect == DialectId::OpenAiCompletions ? "completions" : "chat";
            about.tokens = row.inputTokens;
            about.isStream = row.stream;
            std::ignore = guarding.request(dialect, row.requestBody, about);
            std::ignore = guarding.ponder(guarding.requestAsks(dialect, row.requestBody, about), false);
        }
        const auto reason = reasonIn(guarding.verdictsJson());
        if (!reason) return;
        ++into.finds;
        Find find;
        find.inAnswer = inAnswer;
        find.reason = *reason;
        const std::string said = inAnswer ? loggedAnswerText(row) : loggedRequestText(row);
        find.before = headOf(said, kMostFoundBytes);
        into.first.push_back(std::move(find));
    }

    [[nodiscard]] bool isInScope(const LogRow& row) const
    {
        guardrail::Asker asker;
        if (!row.route.empty()) asker.routes.emplace_back(row.route);
        asker.key = row.key;
        asker.dialect = row.dialect;
        asker.client = row.client;
        const auto those = rules->rulesFor(asker);
        return std::find(those.begin(), those.end(), rule) != those.end();
    }
};

GuardrailReplay::GuardrailReplay(const Config& config, const GuardrailId& id)
    : m_parts(std::make_unique<Parts>())
{
    Config only;
    only.routes = config.routes;
    for (const GuardrailConfig& each : config.guardrails) {
        if (each.id == id) only.guardrails = {each};
    }
    for (RouteConfig& route : only.routes)
        std::erase_if(route.guardrails, [&id](const std::string& name) { return name != id.text; });
    if (!only.guardrails.empty()) only.guardrails.front().enabled = true;
    m_parts->rules.emplace(only);
    for (const guardrail::Rule& rule : m_parts->rules->rules()) {
        if (!only.guardrails.empty() && rule.config.id == id) m_parts->rule = &rule;
    }
    if (!m_parts->rule)
        m_parts->problem = "There is no such guardrail, or it is not valid: correct it first.";
    else if (m_parts->rule->kind->asks && !m_parts->rule->kind->ponders)
        m_parts->problem = "This check asks somebody else about each text, which takes time and may cost "
                           "money: it is not run here. Observe it for a while instead.";
}

GuardrailReplay::~GuardrailReplay() = default;

const std::string& GuardrailReplay::problem() const
{
    return m_parts->problem;
}

GuardrailReplay::Look GuardrailReplay::look(const LogRow& row) const
{
    Look made;
    if (!m_parts->problem.empty() || !m_parts->isInScope(row)) return made;
    made.inScope = true;
    const DialectId dialect = engine::dialectOfRow(row);
    for (const bool inAnswer : {false, true}) {
        const guardrail::Rule& rule = *m_parts->rule;
        if (!(inAnswer ? rule.looksAtAnswers() : rule.looksAtRequests())) continue;
        const auto texts = inAnswer ? engine::loggedAnswerTexts(row) : engine::loggedRequestTexts(row);
        if (!texts) {
            (inAnswer ? made.lackedAnswer : made.lackedRequest) = true;
        } else if (rule.kind->places) {
            m_parts->addFinds(*texts, inAnswer, made);
        } else {
            m_parts->addWhole(dialect, row, inAnswer, made);
        }
    }
    return made;
}

bool GuardrailReplay::findsIn(std::string_view text, bool isAnswer) const
{
    const Stage stage = isAnswer ? Stage::Response : Stage::Request;
    if (!m_parts->problem.empty() || !m_parts->rule->covers(stage)) return false;
    guardrail::Masks masks(m_parts->salt);
    guardrail::TextGuard guard({m_parts->rule}, masks);
    guardrail::Subject subject;
    subject.stage = stage;
    subject.text = text;
    subject.textBytes = text.size();
    std::ignore = guard.judge(subject);
    guard.ponder(subject);
    std::ignore = guard.guard(text, stage, 1);
    return guard.anyAlarm();
}

} // namespace gateway
