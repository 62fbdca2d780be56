// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/guarding.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <tuple>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/prompt_edit.h"
#include "dialect/text_places.h"
#include "dialect/tool_offers.h"
#include "meaning/own_embedder.h"
#include "pipeline/personal_text.h"

namespace gateway::pipeline {

namespace {

using dialect::TextPlace;
using dialect::TextSort;
using guardrail::Action;
using guardrail::Rule;
using guardrail::Stage;
using guardrail::Verdict;

std::vector<const Rule*> those(const std::vector<const Rule*>& rules, bool (Rule::*look)() const)
{
    std::vector<const Rule*> found;
    for (const Rule* rule : rules) {
        if ((rule->*look)()) found.push_back(rule);
    }
    return found;
}

Stage stageOf(TextSort sort, bool isAnswer)
{
    if (sort == TextSort::ToolResult) return Stage::ToolResult;
    if (!isAnswer) return Stage::Request; // arguments of earlier calls, too
    return sort == TextSort::ToolCall ? Stage::ToolCall : Stage::Response;
}

/// A text of a body, decoded.
std::string textOf(const TextPlace& place)
{
    if (place.isObject) return std::string(place.quoted);
    return decodeJsonString(place.quoted).value_or(std::string());
}

/// The body with its texts guarded, and with `restore`'s masks put back.
std::optional<std::string> guardedBody(guardrail::TextGuard& guard, std::string_view body,
                                       const std::vector<TextPlace>& places, bool isAnswer,
                                       const guardrail::Masks* restore = nullptr)
{
    std::vector<std::string> texts(places.size());
    std::vector<const std::string*> changes(places.size(), nullptr);
    bool changed = false;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const TextPlace& place = places[i];
        texts[i] = textOf(place);
        if (isEncodedFile(texts[i])) continue;
        const Stage stage = stageOf(place.sort, isAnswer);
        const bool asJson = place.isObject || place.isJson;
        auto other = asJson ? guard.guardJson(texts[i], stage, place.message)
                            : guard.guard(texts[i], stage, place.message);
        if (restore && restore->restores()) {
            std::string again = restore->restored(other ? *other : texts[i], asJson);
            if (again != (other ? *other : texts[i])) other = std::move(again);
        }
        if (!other) continue;
        texts[i] = *std::move(other);
        changes[i] = &texts[i];
        changed = true;
    }
    if (!changed) return std::nullopt;
    return dialect::withTexts(body, places, changes);
}

/// Places whose texts are one text, joined.
struct Joined {
    std::vector<std::size_t> parts;
    std::string text;
};

/// The last message of a request: what stands behind its last part's message number.
Joined lastMessage(const std::vector<TextPlace>& places)
{
    Joined last;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const TextPlace& place = places[i];
        const bool isPart = place.message == places.back().message &&
                            (place.sort != TextSort::System || places.back().sort == TextSort::System);
        if (!isPart) continue;
        if (!last.parts.empty()) last.text.append("\n");
        last.text.append(textOf(place));
        last.parts.push_back(i);
    }
    return last;
}

/// The first message that somebody said. No parts: there is none.
Joined firstMessage(const std::vector<TextPlace>& places, TextSort sort)
{
    Joined first;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool isOfIt = places[i].sort == sort &&
                            (first.parts.empty() || places[first.parts.front()].message == places[i].message);
        if (!isOfIt) continue;
        if (!first.parts.empty()) first.text.append("\n");
        first.text.append(textOf(places[i]));
        first.parts.push_back(i);
    }
    return first;
}

using guardrail::MessageOf;
constexpr std::array<std::pair<MessageOf, TextSort>, 3> kMessages{
    {{MessageOf::System, TextSort::System},
     {MessageOf::User, TextSort::User},
     {MessageOf::Assistant, TextSort::Assistant}}};

/// The body with a better text for joined places. Nothing where it is not plain which of them says what.
std::optional<std::string> withBetter(std::string_view body, const std::vector<TextPlace>& places,
                                      const Joined& joined, const std::string& better)
{
    if (joined.parts.empty()) return std::nullopt;
    std::size_t part = joined.parts.front();
    std::string text = better;
    if (joined.parts.size() > 1) {
        const bool isPrefixed = better.ends_with(joined.text);
        if (!isPrefixed && !better.starts_with(joined.text)) return std::nullopt;
        part = isPrefixed ? joined.parts.front() : joined.parts.back();
        const std::string own = textOf(places[part]);
        text = isPrefixed ? better.substr(0, better.size() - joined.text.size()) + own
                          : own + better.substr(joined.text.size());
    }
    if (places[part].isJson || places[part].isObject) return std::nullopt;
    std::vector<const std::string*> changes(places.size(), nullptr);
    changes[part] = &text;
    return dialect::withTexts(body, places, changes);
}

/// The body with the texts of another that has the same places; anything else of that is left out. Nothing
/// where it has others.
std::optional<std::string> withTextsOf(std::string_view other, std::string_view body, DialectId dialect,
                                       bool isAnswer)
{
    JsonDocument document;
    if (scanJson(other, document)) return std::nullopt;
    const auto textsIn = isAnswer ? &dialect::answerTexts : &dialect::requestTexts;
    const std::vector<TextPlace> places = textsIn(dialect, body);
    const std::vector<TextPlace> others = textsIn(dialect, other);
    const auto isSame = [](const TextPlace& left, const TextPlace& right) {
        return left.sort == right.sort && left.message == right.message && left.isJson == right.isJson &&
               left.isObject == right.isObject;
    };
    if (!std::equal(places.begin(), places.end(), others.begin(), others.end(), isSame)) return std::nullopt;
    std::vector<std::string> texts(places.size());
    std::vector<const std::string*> changes(places.size(), nullptr);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].isJson || places[i].isObject) continue; // of tools, no texts that were said
        texts[i] = textOf(others[i]);
        if (texts[i] != textOf(places[i])) changes[i] = &texts[i];
    }
    return dialect::withTexts(body, places, changes);
}

/// The body with better texts for the first messages of some. Nothing where one cannot be put in.
std::optional<std::string> withBetterMessages(std::string_view body, DialectId dialect,
                                              const std::map<MessageOf, std::string>& better)
{
    std::optional<std::string> other = std::string(body);
    for (const auto& [message, sort] : kMessages) {
        const auto text = better.find(message);
        if (text == better.end()) continue;
        const std::vector<TextPlace> places = dialect::requestTexts(dialect, *other);
        other = withBetter(*other, places, firstMessage(places, sort), text->second);
        if (!other) break;
    }
    return other;
}

/// The body with messages added. Nothing where one has no place in it.
std::optional<std::string> withAdded(std::string_view body, DialectId dialect,
                                     const std::vector<guardrail::AddedMessage>& added)
{
    std::string other(body);
    for (const guardrail::AddedMessage& each : added) {
        std::string next = dialect::withPromptTexts(
            dialect, other, {{each.of == MessageOf::System, each.isBefore, each.text}});
        if (next == other) return std::nullopt;
        other = std::move(next);
    }
    return other;
}

bool wantMessages(const std::vector<const Rule*>& rules)
{
    return std::any_of(rules.begin(), rules.end(),
                       [](const Rule* rule) { return rule->kind->mends && !rule->kind->asks; });
}

bool anyOfTools(const std::vector<const Rule*>& rules)
{
    return std::any_of(rules.begin(), rules.end(), [](const Rule* rule) { return rule->kind->tools; });
}

} // namespace

Guarding::Guarding(const std::vector<const Rule*>& rules, const std::string& salt,
                   guardrail::FindCache& cache)
    : m_ofRequests(those(rules, &Rule::looksAtRequests))
    , m_ofAnswers(those(rules, &Rule::looksAtAnswers))
    , m_cache(cache)
    , m_masks(salt)
    , m_answerMasks(salt)
    , m_request(m_ofRequests, m_masks, &cache)
    , m_answer(m_ofAnswers, m_answerMasks)
    , m_looksAtAnswers(!m_ofAnswers.empty())
    , m_judgesAnswers(std::any_of(m_ofAnswers.begin(), m_ofAnswers.end(),
                                  [](const Rule* rule) { return !rule->kind->places; }))
    , m_actsOnAnswers(
          std::any_of(m_ofAnswers.begin(), m_ofAnswers.end(), [](const Rule* rule) { return rule->acts(); }))
    , m_holdsAnswers(std::any_of(m_ofAnswers.begin(), m_ofAnswers.end(),
                                 [](const Rule* rule) { return rule->holdsAnswers(); }))
    , m_asksAboutAnswers(std::any_of(m_ofAnswers.begin(), m_ofAnswers.end(),
                                     [](const Rule* rule) { return rule->kind->asks; }))
{
}

bool Guarding::mustRead(std::string_view body) const
{
    return std::any_of(m_ofRequests.begin(), m_ofRequests.end(), [body](const Rule* rule) {
        return !rule->kind->places || rule->check->mayFind(body);
    });
}

namespace {

guardrail::Subject subjectOf(const std::vector<TextPlace>& places, const Guarding::About& about)
{
    guardrail::Subject subject;
    subject.stage = Stage::Request;
    subject.model = about.model;
    subject.metadataJson = about.metadataJson;
    subject.requestType = about.requestType;
    subject.tokens = about.tokens;
    subject.isStream = about.isStream;
    for (const TextPlace& place : places)
        subject.textBytes += place.quoted.size();
    return subject;
}

std::vector<ToolCallPart> callsIn(DialectId dialect, std::string_view body)
{
    std::vector<ToolCallPart> calls;
    auto whole = dialect::dialectOf(dialect).decodeCompletion(body);
    for (Part& part : whole ? whole->parts : std::vector<Part>()) {
        if (auto* call = std::get_if<ToolCallPart>(&part)) calls.push_back(std::move(*call));
    }
    return calls;
}

std::vector<guardrail::ToolUse> usesOf(const std::vector<ToolCallPart>& calls)
{
    std::vector<guardrail::ToolUse> uses;
    uses.reserve(calls.size());
    for (const ToolCallPart& call : calls)
        uses.push_back({call.name, call.argumentsJson});
    return uses;
}

guardrail::Subject answerSubject(std::string_view text, const std::vector<ToolCallPart>& calls)
{
    guardrail::Subject subject;
    subject.stage = Stage::Response;
    subject.text = text;
    subject.textBytes = text.size();
    subject.tools = usesOf(calls);
    return subject;
}

/// `about`: of a request; null: of an answer.
std::vector<Guarding::Ask> asksOf(const guardrail::TextGuard& guard, guardrail::Subject subject,
                                  const Guarding::About* about = nullptr)
{
    std::vector<Guarding::Ask> asks;
    for (const std::size_t place : guard.asking(subject.stage)) {
        const Rule* rule = guard.verdicts()[place].rule;
        // No rule sees more of the head than the field that it names.
        const std::string_view name = rule->check->fieldName();
        subject.field = about && about->field && !name.empty() ? about->field(name) : std::string_view();
        if (auto inquiry = rule->check->inquiry(subject)) asks.push_back({rule, place, *std::move(inquiry)});
    }
    return asks;
}

/// What an answer says, of all its texts.
Joined saidIn(const std::vector<TextPlace>& places)
{
    Joined said;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].sort == TextSort::ToolCall) continue;
        said.text += textOf(places[i]);
        said.parts.push_back(i);
    }
    return said;
}

} // namespace

std::optional<std::string> Guarding::request(DialectId dialect, std::string_view body, const About& about)
{
    std::vector<TextPlace> places = dialect::requestTexts(dialect, body);
    guardrail::Subject subject = subjectOf(places, about);
    const std::vector<std::string> tools =
        anyOfTools(m_ofRequests) ? dialect::offeredTools(body) : std::vector<std::string>();
    for (const std::string& name : tools)
        subject.tools.push_back({name, {}});
    const Joined last = lastMessage(places);
    subject.text = last.text;
    std::array<Joined, kMessages.size()> firsts;
    for (std::size_t i = 0; wantMessages(m_ofRequests) && i < kMessages.size(); ++i) {
        const auto& [message, sort] = kMessages[i];
        firsts[i] = firstMessage(places, sort);
        subject.firstOf[static_cast<std::size_t>(message)] = firsts[i].text;
        if (!last.parts.empty() && firsts[i].parts == last.parts) subject.lastIs = message;
    }
    const auto better = m_request.judge(subject);
    std::optional<std::string> mended;
    if (better) mended = withBetter(body, places, last, *better);
    if ((mended || !better) && !m_request.betterMessages().empty())
        mended = withBetterMessages(mended ? *mended : body, dialect, m_request.betterMessages());
    if (!mended && (better || !m_request.betterMessages().empty())) m_request.giveUpMended();
    if (!m_request.addedMessages().empty()) {
        auto other = withAdded(mended ? *mended : body, dialect, m_request.addedMessages());
        if (!other) m_request.giveUpMended();
        if (other) mended = std::move(other);
    }
    if (!mended) return guardedBody(m_request, body, places, false);
    places = dialect::requestTexts(dialect, *mended);
    auto other = guardedBody(m_request, *mended, places, false);
    return other ? std::move(other) : std::move(mended);
}

bool Guarding::lookAt(const std::vector<TextPlace>& places)
{
    for (const TextPlace& place : places) {
        const std::string text = textOf(place);
        if (isEncodedFile(text)) continue;
        const Stage stage = stageOf(place.sort, false);
        if (place.isObject || place.isJson)
            std::ignore = m_request.guardJson(text, stage, place.message);
        else
            std::ignore = m_request.guard(text, stage, place.message);
    }
    return m_request.anyAlarm();
}

std::optional<std::string> Guarding::again(DialectId dialect, std::string_view body)
{
    guardrail::TextGuard unnoted(m_ofRequests, m_masks, &m_cache);
    return guardedBody(unnoted, body, dialect::requestTexts(dialect, body), false);
}

std::string Guarding::said(const std::string& text)
{
    return m_request.guard(text, Stage::Request, 0).value_or(text);
}

void Guarding::form(std::string_view text)
{
    m_isForm = true;
    std::ignore = m_request.guard(text, Stage::Request, 1);
}

const Verdict* Guarding::requestThat(Action action) const
{
    const Verdict* found = m_request.firstThat(action);
    if (!found && action == Action::Block) found = m_request.failedClosed();
    if (!found && m_isForm && action == Action::Block) found = m_request.firstThat(Action::Mask);
    return found;
}

const Rule* Guarding::strictAboutAnswers() const
{
    const auto found = std::find_if(m_ofAnswers.begin(), m_ofAnswers.end(),
                                    [](const Rule* rule) { return rule->acts() && !rule->failsOpen; });
    return found == m_ofAnswers.end() ? nullptr : *found;
}

std::optional<std::string> Guarding::loggable(DialectId dialect, std::string_view body)
{
    if (!m_request.anyAlarm()) return std::nullopt;
    guardrail::TextGuard hiding(m_ofRequests, m_answerMasks, &m_cache, guardrail::TextGuard::Mode::HideAll);
    return guardedBody(hiding, body, dialect::requestTexts(dialect, body), false);
}

std::optional<std::string> Guarding::answer(DialectId dialect, std::string_view body)
{
    std::vector<TextPlace> places = dialect::answerTexts(dialect, body);
    const Joined said = saidIn(places);
    const std::vector<ToolCallPart> calls =
        anyOfTools(m_ofAnswers) ? callsIn(dialect, body) : std::vector<ToolCallPart>();
    std::optional<std::string> mended;
    if (const auto better = judgeAnswer(said.text, calls)) {
        mended = withBetter(body, places, said, *better);
        if (!mended) m_answer.giveUpMended();
    }
    if (mended) places = dialect::answerTexts(dialect, *mended);
    const std::string_view whole = mended ? std::string_view(*mended) : body;
    if (m_asksAboutAnswers) {
        guardrail::TextGuard unnoted(m_ofAnswers, m_answerMasks);
        m_unrestored = guardedBody(unnoted, whole, places, true).value_or(std::string(whole));
    }
    auto other = guardedBody(m_answer, whole, places, true, &m_masks);
    return other ? std::move(other) : std::move(mended);
}

std::optional<std::string> Guarding::judgeAnswer(std::string_view text,
                                                 const std::vector<ToolCallPart>& calls)
{
    return m_answer.judge(answerSubject(text, calls));
}

std::vector<Guarding::Ask> Guarding::requestAsks(DialectId dialect, std::string_view body, const About& about)
{
    if (m_request.asking(Stage::Request).empty() && !m_asksAboutAnswers) return {};
    const std::vector<TextPlace> places = dialect::requestTexts(dialect, body);
    Joined last = lastMessage(places);
    guardrail::Subject subject = subjectOf(places, about);
    subject.text = last.text;
    subject.json = body;
    guardrail::TextGuard unnoted(m_ofRequests, m_masks);
    const auto metadata = unnoted.guardJson(about.metadataJson, Stage::Request, 0);
    if (metadata) subject.metadataJson = *metadata;
    auto asks = asksOf(m_request, subject, &about);
    if (m_asksAboutAnswers) m_question = std::move(last.text);
    return asks;
}

std::vector<Guarding::Ask> Guarding::headAsks(const About& about)
{
    auto asks = asksOf(m_request, subjectOf({}, about), &about);
    std::erase_if(asks, [](const Ask& ask) { return !ask.rule->kind->ofHead; });
    return asks;
}

std::vector<Guarding::Ask> Guarding::answerAsks(DialectId dialect)
{
    const Joined said = saidIn(dialect::answerTexts(dialect, m_unrestored));
    const std::vector<ToolCallPart> calls = callsIn(dialect, m_unrestored);
    guardrail::Subject subject = answerSubject(said.text, calls);
    subject.json = m_unrestored;
    subject.question = m_question;
    return asksOf(m_answer, subject);
}

std::vector<Guarding::Ask> Guarding::answerAsks(const std::string& text, std::vector<ToolCallPart> calls)
{
    guardrail::TextGuard unnoted(m_ofAnswers, m_answerMasks);
    const std::string said = unnoted.guard(text, Stage::Response, 0).value_or(text);
    for (ToolCallPart& call : calls) {
        auto other = unnoted.guardJson(call.argumentsJson, Stage::ToolCall, 0);
        if (other) call.argumentsJson = *std::move(other);
    }
    guardrail::Subject subject = answerSubject(said, calls);
    subject.question = m_question;
    subject.isStream = true;
    return asksOf(m_answer, subject);
}

std::optional<std::string> Guarding::rewritten(DialectId dialect, std::string_view body)
{
    const auto better = m_request.takeBetter();
    if (!better) return std::nullopt;
    const std::vector<TextPlace> places = dialect::requestTexts(dialect, body);
    auto other = better->json ? withTextsOf(*better->json, body, dialect, false)
                              : withBetter(body, places, lastMessage(places), better->text);
    if (other) m_request.putIn(*better);
    return other;
}

std::optional<std::string> Guarding::rewrittenAnswer(DialectId dialect)
{
    const auto better = m_answer.takeBetter();
    if (!better) return std::nullopt;
    const std::vector<TextPlace> places = dialect::answerTexts(dialect, m_unrestored);
    auto other = better->json ? withTextsOf(*better->json, m_unrestored, dialect, true)
                              : withBetter(m_unrestored, places, saidIn(places), better->text);
    if (!other) return std::nullopt;
    m_answer.putIn(*better);
    // Rules have looked at it before: only what is to be put back is missing.
    guardrail::TextGuard none({}, m_answerMasks);
    auto restored = guardedBody(none, *other, dialect::answerTexts(dialect, *other), true, &m_masks);
    return restored ? std::move(restored) : std::move(other);
}

std::optional<std::string> Guarding::betterAnswer()
{
    m_betterAnswer = m_answer.takeBetter();
    if (!m_betterAnswer || m_betterAnswer->json) return std::nullopt; // a stream has no body
    return m_masks.restored(m_betterAnswer->text, false);
}

void Guarding::putIn()
{
    if (m_betterAnswer) m_answer.putIn(*m_betterAnswer);
}

void Guarding::take(const Ask& ask, Result<guardrail::Opinion> opinion, std::int64_t nanos, bool isAnswer)
{
    (isAnswer ? m_answer : m_request).take(ask.place, std::move(opinion), nanos);
}

std::vector<Guarding::Ask> Guarding::ponder(std::vector<Ask> asks, bool isAnswer)
{
    std::vector<Ask> left;
    for (Ask& ask : asks) {
        if (!ask.rule->kind->ponders) {
            left.push_back(std::move(ask));
            continue;
        }
        const auto begun = std::chrono::steady_clock::now();
        auto opinion = ask.rule->check->ponder(ask.inquiry.body, meaning::ownEmbedder());
        const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
        take(ask, std::move(opinion), took.count(), isAnswer);
    }
    return left;
}

void Guarding::giveUpMended()
{
    m_answer.giveUpMended();
}

bool Guarding::asksAnew()
{
    const Verdict* wanting = m_answer.wantsAnother();
    if (wanting) m_answer.forget(*wanting);
    return wanting != nullptr;
}

std::optional<Error> Guarding::answerRefused() const
{
    const Verdict* verdict = m_answer.firstThat(Action::Block);
    if (!verdict) verdict = m_answer.failedClosed();
    if (!verdict) return std::nullopt;
    return guardrailBlocked(*verdict, true);
}

std::optional<std::string> Guarding::loggableAnswer(DialectId dialect, std::string_view body)
{
    if (!m_masks.restores() && !m_answer.anyAlarm()) return std::nullopt;
    guardrail::TextGuard hiding(m_ofAnswers, m_answerMasks, &m_cache, guardrail::TextGuard::Mode::HideAll);
    return guardedBody(hiding, body, dialect::answerTexts(dialect, body), true).value_or(std::string(body));
}

guardrail::StreamGuard Guarding::streamed(Stage stage, std::uint32_t message, bool isJson)
{
    return {m_answer, &m_masks, stage, message, isJson};
}

std::string Guarding::verdictsJson() const
{
    const std::string request = m_request.verdictsJson();
    const std::string answer = m_answer.verdictsJson();
    if (request.empty() || answer.empty()) return request.empty() ? answer : request;
    return request.substr(0, request.size() - 1) + "," + answer.substr(1);
}

std::optional<std::string> Guarding::answerAgain(DialectId dialect, std::string_view body)
{
    guardrail::TextGuard unnoted(m_ofAnswers, m_answerMasks);
    return guardedBody(unnoted, body, dialect::answerTexts(dialect, body), true, &m_masks);
}

std::string Guarding::takeVerdicts(bool ofAnswers)
{
    guardrail::TextGuard& guard = ofAnswers ? m_answer : m_request;
    std::string json = guard.verdictsJson();
    guard.forgetAll();
    return json;
}

Error guardrailBlocked(const Verdict& verdict, bool isAnswer)
{
    Error error = clientError(Code::GuardrailBlocked, refusalText(verdict, isAnswer));
    error.final = true;
    return error;
}

} // namespace gateway::pipeline
