// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/realtime_guard.h"

#include <tuple>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "dialect/text_places.h"

namespace gateway::pipeline {

namespace {

using guardrail::Rule;
using guardrail::Stage;

constexpr std::string_view kRequestType = "realtime";
constexpr std::size_t kTypeAtFront = 256; // OpenAI's servers write the type first
constexpr std::size_t kMostOpen = 64;     // texts of an answer at once
constexpr DialectId kEvents = DialectId::OpenAiRealtime;

std::vector<const Rule*> those(const std::vector<const Rule*>& rules, bool ofHead)
{
    std::vector<const Rule*> found;
    for (const Rule* rule : rules) {
        if (rule->kind->ofHead == ofHead) found.push_back(rule);
    }
    return found;
}

std::string stringOf(const JsonDocument& document, std::string_view name)
{
    const JsonMember* member = document.find(name);
    if (!member || member->kind != JsonKind::String) return {};
    return decodeJsonString(member->value).value_or(std::string());
}

/// Sound comes in hundreds of events an answer.
bool isSound(std::string_view event)
{
    return event.substr(0, kTypeAtFront).find("audio.delta\"") != std::string_view::npos;
}

/// So does what is said to it.
bool isSpoken(std::string_view event)
{
    return event.substr(0, kTypeAtFront).find("\"input_audio_buffer.append\"") != std::string_view::npos;
}

/// Which text of an answer an event has a part of.
std::string placeOf(const JsonDocument& document)
{
    const JsonMember* place = document.find("content_index");
    return stringOf(document, "item_id") + "/" + std::string(place ? place->value : std::string_view());
}

std::string withDelta(std::string_view event, const JsonDocument& document, std::string_view text)
{
    const std::string_view former = document.find("delta")->value;
    std::string out(event.substr(0, static_cast<std::size_t>(former.data() - event.data())));
    appendJsonString(out, text);
    out.append(event.substr(static_cast<std::size_t>(former.data() + former.size() - event.data())));
    return out;
}

std::vector<ToolCallPart> callsOf(std::string_view response)
{
    std::vector<ToolCallPart> calls;
    forEachElement(memberValue(response, "output"), [&calls](std::string_view item, JsonKind kind) {
        if (kind != JsonKind::Object || memberValue(item, "type") != R"("function_call")") return;
        const auto text = [item](const char* name) {
            return decodeJsonString(memberValue(item, name)).value_or(std::string());
        };
        calls.push_back({text("call_id"), text("name"), text("arguments")});
    });
    return calls;
}

std::string saidIn(std::string_view event)
{
    std::string said;
    for (const dialect::TextPlace& place : dialect::answerTexts(kEvents, event)) {
        if (place.sort != dialect::TextSort::ToolCall)
            said += decodeJsonString(place.quoted).value_or(std::string());
    }
    return said;
}

} // namespace

RealtimeGuard::RealtimeGuard(const std::vector<const Rule*>& rules, Shared& shared, std::string model,
                             std::string metadataJson)
    : m_head(those(rules, true), shared.maskSalt, shared.found)
    , m_guarding(those(rules, false), shared.maskSalt, shared.found)
    , m_model(std::move(model))
    , m_metadataJson(std::move(metadataJson))
{
    for (const Rule* rule : rules) {
        m_acts = m_acts || (!rule->observes && rule->looksAtRequests());
        if (rule->kind->asks && rule->looksAtAnswers() && rule->acts() && !rule->failsOpen)
            m_unable.push_back(rule);
    }
}

Guarding::About RealtimeGuard::about(std::string_view event) const
{
    Guarding::About about;
    about.model = m_model;
    about.metadataJson = m_metadataJson;
    about.requestType = kRequestType;
    about.isStream = true;
    about.tokens = roughTokens(event.size());
    return about;
}

std::optional<Error> RealtimeGuard::refusedToOpen()
{
    if (!m_unable.empty())
        return clientError(Code::GuardrailBlocked,
                           "The guardrail `" + m_unable.front()->config.id.text +
                               "` has to ask about whole answers before anybody has them, which a Realtime "
                               "connection cannot wait for. Take it off this route, or let it fail open.");
    std::ignore = m_head.request(kEvents, "{}", about("{}"));
    return refusedByHead();
}

std::vector<Guarding::Ask>
RealtimeGuard::headAsks(std::function<std::string_view(std::string_view name)> field)
{
    Guarding::About asked = about("{}");
    asked.field = std::move(field);
    return m_head.headAsks(asked);
}

void RealtimeGuard::takeHead(const Guarding::Ask& ask, Result<guardrail::Opinion> opinion, std::int64_t nanos)
{
    m_head.take(ask, std::move(opinion), nanos, false);
}

std::optional<Error> RealtimeGuard::refusedByHead()
{
    const auto* blocks = m_head.requestThat(guardrail::Action::Block);
    auto refused = blocks ? std::optional(guardrailBlocked(*blocks, false)) : std::nullopt;
    note(m_head.takeVerdicts(false));
    return refused;
}

Result<std::optional<std::string>> RealtimeGuard::client(std::string_view event)
{
    if (!m_acts && isSpoken(event)) return std::optional<std::string>();
    JsonDocument document;
    const auto problem = scanJson(event, document);
    if (problem && !m_acts) return std::optional<std::string>();
    if (problem)
        return clientError(Code::InvalidJson, "The event is not valid JSON: " + problem->message + ".");
    if (dialect::requestTexts(kEvents, event).empty()) return std::optional<std::string>();
    return m_guarding.request(kEvents, event, about(event));
}

std::vector<Guarding::Ask> RealtimeGuard::asks(std::string_view event)
{
    if (dialect::requestTexts(kEvents, event).empty()) return {};
    return m_guarding.requestAsks(kEvents, event, about(event));
}

RealtimeGuard::Passed RealtimeGuard::provider(std::string_view event)
{
    Passed passed;
    if (isSound(event) || !m_guarding.caresForAnswers()) return passed;
    JsonDocument document;
    if (scanJson(event, document) || document.root != JsonKind::Object) return passed;
    const std::string type = stringOf(document, "type");
    // The user's own words, which the provider has heard already.
    if (type.starts_with("conversation.item.input_audio")) return passed;
    const JsonMember* delta = document.find("delta");
    if (type.ends_with(".delta") && delta && delta->kind == JsonKind::String) {
        part(event, document, type.find("arguments") != std::string::npos, passed);
    } else {
        if (type.ends_with(".done")) endText(document, passed);
        if (type == "response.done") {
            m_open.clear();
            if (m_guarding.judgesAnswers()) judge(event);
        }
        passed.other = m_guarding.answerAgain(kEvents, event);
    }
    if (!passed.refused) passed.refused = m_guarding.answerRefused();
    note(m_guarding.takeVerdicts(true));
    return passed;
}

void RealtimeGuard::part(std::string_view event, const JsonDocument& document, bool isArguments,
                         Passed& passed)
{
    const std::string place = placeOf(document);
    auto open = m_open.find(place);
    if (open == m_open.end()) {
        if (m_open.size() >= kMostOpen) {
            passed.refused = upstreamError(Code::UpstreamError, Retry::Never,
                                           "The provider has begun more texts at once than any guardrail "
                                           "can look at.");
            return;
        }
        const Stage stage = isArguments ? Stage::ToolCall : Stage::Response;
        open = m_open.emplace(place, Open{m_guarding.streamed(stage, ++m_texts, isArguments), {}}).first;
    }
    const std::string text = stringOf(document, "delta");
    const std::string said = open->second.guard.feed(text);
    open->second.event = event;
    if (said.empty())
        passed.held = true;
    else if (said != text)
        passed.other = withDelta(event, document, said);
}

/// What was held back of a text goes before the event that ends it.
void RealtimeGuard::endText(const JsonDocument& document, Passed& passed)
{
    const auto open = m_open.find(placeOf(document));
    if (open == m_open.end()) return;
    const std::string rest = open->second.guard.finish();
    JsonDocument last;
    if (!rest.empty() && !scanJson(open->second.event, last))
        passed.before.push_back(withDelta(open->second.event, last, rest));
    m_open.erase(open);
}

void RealtimeGuard::judge(std::string_view event)
{
    // Too late for a better text.
    if (m_guarding.judgeAnswer(saidIn(event), callsOf(memberValue(event, "response"))))
        m_guarding.giveUpMended();
}

void RealtimeGuard::note(const std::string& verdictsJson)
{
    if (verdictsJson.empty()) return;
    if (m_noted.empty())
        m_noted = verdictsJson;
    else
        m_noted = m_noted.substr(0, m_noted.size() - 1) + "," + verdictsJson.substr(1);
}

} // namespace gateway::pipeline
