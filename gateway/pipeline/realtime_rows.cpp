// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>

#include "accounting/cost.h"
#include "base/json_scan.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "pipeline/provider_health.h"
#include "pipeline/realtime_socket.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kTypeWithin = 256; // OpenAI's servers write the type first
constexpr std::size_t kMaxLoggedMessage = 1000;

std::int64_t microsSince(net::Clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - start).count();
}

RequestId freshId()
{
    return nextRequestId(std::chrono::duration_cast<std::chrono::microseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
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
    if (message.find("\"response.created\"") == std::string_view::npos &&
        message.find("\"response.done\"") == std::string_view::npos)
        return;
    JsonDocument document;
    if (scanJson(message, document)) return;
    const JsonMember* type = document.find("type");
    if (!type) return;
    if (type->value == "\"response.created\"") m_response = Response{freshId(), net::Clock::now()};
    if (type->value == "\"response.done\"") {
        const JsonMember* response = document.find("response");
        finish(response ? response->value : std::string_view());
    }
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
    row.inputTokens = usage.inputTokens;
    row.outputTokens = usage.outputTokens;
    row.cacheReadTokens = usage.cacheReadTokens;
    const Runtime& runtime = *m_admitted.runtime;
    const auto* known = runtime.catalogRow(*m_provider, row.model);
    const Cost cost = m_wishes.prices ? accounting::computeCost(usage, *m_wishes.prices)
                                      : accounting::computeCost(usage, runtime.prices(*m_provider, row.model),
                                                                known ? known->tiers : PriceTiers{});
    row.costSource = cost.source == CostSource::Computed ? "computed" : "unknown";
    row.costNanos = cost.source == CostSource::Computed ? cost.amount.nanos() : 0;
}

void RealtimeSocket::finish(std::string_view response)
{
    const Response begun = m_response.value_or(Response{freshId(), net::Clock::now()});
    m_response.reset();
    LogRow row = rowOf(begun);
    price(dialect::readRealtimeUsage(memberValue(response, "usage")), row);
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
    record(rowOf(begun), &left);
}

void RealtimeSocket::record(LogRow row, const Error* error)
{
    m_recorded = true;
    row.status = error ? httpStatus(*error) : 200;
    if (error) {
        row.errorCode = codeName(error->code);
        row.errorMessage = shortened(withoutKeys(error->message), kMaxLoggedMessage);
        if (error->code == Code::ClientCancelled) row.status = 499; // as nginx and the peers log it
    } else if (m_open) {
        noteSuccess(*m_admitted.runtime, row);
    }
    if (row.costSource.empty()) row.costSource = "unknown";
    m_context.shared.requests.fetch_add(1, std::memory_order_relaxed);
    if (error && error->code != Code::ClientCancelled)
        m_context.shared.failures.fetch_add(1, std::memory_order_relaxed);
    m_context.rows.record(std::move(row));
}

/// Of a connection that had no answer to log.
void RealtimeSocket::recordSession(const Error* error)
{
    if (m_recorded) return;
    LogRow row = m_row;
    row.total = microsSince(m_start);
    record(std::move(row), error);
}

} // namespace gateway::pipeline
