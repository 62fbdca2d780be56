// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <chrono>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "dialect/modal_usage.h"
#include "dialect/request_facts.h"
#include "pipeline/ledger.h"
#include "pipeline/provider_health.h"
#include "pipeline/realtime_socket.h"
#include "pipeline/spending.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kTypeWithin = 256; // OpenAI's servers write the type first
constexpr std::size_t kMaxTurnMessage = 1000;
constexpr std::string_view kHeard = "\"conversation.item.input_audio_transcription.completed\"";
// Two begin with another word in the beta's sessions that only transcribe.
constexpr std::array<std::string_view, 5> kReadTypes{"\"response.created\"", "\"response.done\"",
                                                     "session.created\"", "session.updated\"", kHeard};

std::int64_t microsSince(net::Clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - start).count();
}

} // namespace

/// Sound comes in hundreds of messages an answer: those are told by their first bytes and not read.
void RealtimeSocket::look(std::string_view message)
{
    if (message.substr(0, kTypeWithin).find(".delta\"") != std::string_view::npos) {
        if (m_response && m_response->firstToken == 0)
            m_response->firstToken = std::max<std::int64_t>(1, microsSince(m_response->start));
        return;
    }
    if (std::none_of(kReadTypes.begin(), kReadTypes.end(), [message](std::string_view type) {
            return message.find(type) != std::string_view::npos;
        }))
        return;
    JsonDocument document;
    if (scanJson(message, document)) return;
    const JsonMember* named = document.find("type");
    const std::string_view type = named ? named->value : std::string_view();
    const auto member = [&document](std::string_view key) {
        const JsonMember* found = document.find(key);
        return found ? found->value : std::string_view();
    };
    if (type == "\"response.created\"") m_response = Response{nextRequestId(nowMicros()), net::Clock::now()};
    if (type == "\"response.done\"") finish(member("response"));
    if (type.ends_with("session.created\"") || type.ends_with("session.updated\""))
        noteTranscriber(member("session"));
    if (type == kHeard) finishHearing(document);
}

/// Which model writes down what is said; it has prices of its own. In the shape of today and of the beta.
void RealtimeSocket::noteTranscriber(std::string_view session)
{
    std::string_view settings =
        memberValue(memberValue(memberValue(session, "audio"), "input"), "transcription");
    if (settings.empty()) settings = memberValue(session, "input_audio_transcription");
    const auto model = decodeJsonString(memberValue(settings, "model"));
    if (model && dialect::isModelName(*model)) m_transcriber = *model;
}

/// What was said is written down: use beside that of the answers, counted as a transcription's is.
void RealtimeSocket::finishHearing(const JsonDocument& event)
{
    if (!event.find("usage")) return;
    Usage usage;
    dialect::addModalAnswer(usage, event, Operation::Transcribe);
    LogRow row = rowOf(Response{nextRequestId(nowMicros()), net::Clock::now()});
    row.total = row.attempts.back().total = 0; // how long it took nobody says
    if (!m_transcriber.empty()) row.model = row.attempts.back().model = m_transcriber;
    price(usage, row);
    record(std::move(row), nullptr);
}

LogRow RealtimeSocket::rowOf(const Response& response) const
{
    LogRow row = m_row;
    row.id = response.id;
    row.firstToken = response.firstToken;
    row.total = microsSince(response.start);
    // What it took to open the connection is no part of an answer.
    row.attempts.erase(row.attempts.begin(), row.attempts.end() - 1);
    row.attempts.back().startedAfter = row.attempts.back().connect = 0;
    row.attempts.back().firstByte = row.firstToken;
    row.attempts.back().total = row.total;
    return row;
}

void RealtimeSocket::price(const Usage& usage, LogRow& row) const
{
    const Runtime& runtime = *m_admitted.runtime;
    const Cost own = runtime.costOf(usage, *m_provider, row.model);
    noteUse(row, usage, m_wishes.prices ? costAsTold(*m_wishes.prices, usage, own, runtime, row.key) : own);
}

void RealtimeSocket::finish(std::string_view response)
{
    const Response begun = m_response.value_or(Response{nextRequestId(nowMicros()), net::Clock::now()});
    m_response.reset();
    LogRow row = rowOf(begun);
    price(dialect::readRealtimeUsage(memberValue(response, "usage")), row);
    if (isRefused()) {
        record(std::move(row), &*m_over);
        return;
    }
    if (memberValue(response, "status") != "\"failed\"") {
        record(std::move(row), nullptr);
        return;
    }
    const Error failed =
        upstreamError(Code::UpstreamError, Retry::Never, m_row.provider + " could not finish its answer.");
    record(std::move(row), &failed);
}

void RealtimeSocket::recordUnfinished()
{
    if (!m_response) return;
    const Error left = m_providerLeft
                           ? upstreamError(Code::UpstreamConnectionClosed, Retry::Never,
                                           m_row.provider + " closed the connection within an answer.")
                           : clientError(Code::ClientCancelled, "The client closed the connection.");
    const Response begun = *m_response;
    m_response.reset();
    record(rowOf(begun), isRefused() ? &*m_over : &left);
}

void RealtimeSocket::record(LogRow row, const Error* error)
{
    noteOrigin(m_admitted.origin, row);
    m_recorded = true;
    if (m_guard) row.guardrailsJson = m_guard->takeNoted();
    row.status = error ? httpStatus(*error) : 200;
    if (error) {
        row.errorCode = codeName(error->code);
        row.errorMessage = shortened(withoutKeys(error->message), kMaxTurnMessage);
        if (error->code == Code::ClientCancelled) row.status = 499; // as nginx and the peers log it
    } else if (m_open) {
        noteSuccess(*m_admitted.runtime, row);
    }
    if (row.costSource.empty()) row.costSource = "unknown";
    m_context.shared.requests.fetch_add(1, std::memory_order_relaxed);
    if (error && error->code != Code::ClientCancelled)
        m_context.shared.failures.fetch_add(1, std::memory_order_relaxed);
    m_context.rows.record(row);
    if (m_client) countAnswer(row);
}

/// Of a connection that had no answer to log, or whose last ones had nothing to tell with what was found.
void RealtimeSocket::recordSession(const Error* error)
{
    if (m_recorded && !(m_guard && m_guard->hasToTell())) return;
    LogRow row = m_row;
    row.total = microsSince(m_start);
    record(std::move(row), error);
}

} // namespace gateway::pipeline
