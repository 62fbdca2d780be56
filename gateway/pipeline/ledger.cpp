// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/ledger.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "pipeline/answers.h"
#include "pipeline/provider_health.h"
#include "pipeline/spending.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxKeptBody = std::size_t{256} * 1024;
constexpr std::size_t kMaxLoggedMessage = 1000;
constexpr std::size_t kMaxExplained = 4096; // bytes of a header; the log has all of it

const char* sourceName(CostSource source)
{
    switch (source) {
    case CostSource::Reported:
        return "reported";
    case CostSource::Computed:
        return "computed";
    case CostSource::Estimated:
        return "estimated";
    default:
        return "unknown";
    }
}

} // namespace

void noteUse(LogRow& row, const Usage& usage, const Cost& cost)
{
    row.inputTokens = usage.inputTokens;
    row.outputTokens = usage.outputTokens;
    row.cacheReadTokens = usage.cacheReadTokens;
    row.cacheWriteTokens = usage.cacheWriteTokens;
    row.reasoningTokens = usage.reasoningTokens;
    row.costNanos = cost.source == CostSource::Unknown ? 0 : cost.amount.nanos();
    row.costSource = sourceName(cost.source);
}

std::int64_t TargetExchange::micros() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - m_start).count();
}

Cost TargetExchange::priceOf(const Attempt& attempt, const Usage& usage) const
{
    if (attempt.provider.kind->inProcess())
        return {Money(), usage.estimated ? CostSource::Estimated : CostSource::Computed};
    const Cost own = m_runtime->costOf(usage, attempt.provider, attempt.target.model);
    return m_wishes.prices ? costAsTold(*m_wishes.prices, usage, own, *m_runtime, m_row.key) : own;
}

std::optional<Money> TargetExchange::priced(const Attempt& attempt, const Usage& usage) const
{
    const Cost cost = priceOf(attempt, usage);
    if (cost.source == CostSource::Unknown) return std::nullopt;
    return cost.amount;
}

void TargetExchange::settle(const Attempt& attempt, const Usage& usage)
{
    noteUse(m_row, usage, priceOf(attempt, usage));
    m_row.costNanos += m_unusedNanos;
    if (m_guessed) m_row.costSource = sourceName(CostSource::Estimated);
}

void TargetExchange::keepBodies(bool failed)
{
    const LogBodies wish = m_runtime->config->server.logBodies;
    if (wish != LogBodies::All && !(wish == LogBodies::Errors && failed)) return;
    m_row.requestBody = withoutKeys(std::string_view(m_body).substr(0, kMaxKeptBody));
    m_row.responseBody = withoutKeys(std::string_view(m_answerBody).substr(0, kMaxKeptBody));
}

void TargetExchange::record(int status, const Error* error)
{
    if (m_recorded) return;
    finishRow(status, error);
    // A short stream's head is written after its row, from what the row says.
    m_context.rows.record(m_row);
}

void TargetExchange::recordWithAnswer(int status, const Error* error)
{
    if (m_recorded) return;
    if (!m_responder->waitsForTurn()) return record(status, error);
    finishRow(status, error);
    m_context.finished.add(std::move(m_row));
}

void TargetExchange::finishRow(int status, const Error* error)
{
    m_recorded = true;
    m_row.status = status;
    m_row.total = micros();
    if (error && m_row.costNanos < m_unusedNanos) {
        m_row.costNanos = m_unusedNanos; // of targets that were left for one that failed, too
        m_row.costSource = sourceName(CostSource::Estimated);
    }
    m_row.overhead =
        std::max<std::int64_t>(0, (m_row.firstToken ? m_row.firstToken : m_row.total) - m_away.micros());
    if (m_row.costSource.empty()) m_row.costSource = sourceName(CostSource::Unknown);
    if (error) {
        m_row.errorCode = codeName(error->code);
        m_row.errorMessage = shortened(withoutKeys(error->message), kMaxLoggedMessage);
        if (error->code == Code::ClientCancelled) m_row.status = 499; // as nginx and the peers log it
    }
    noteInRow();
    settleLimits();
    m_wentWell = !error && status >= 200 && status <= 299;
    if (!error) noteSuccess(*m_runtime, m_row);
    if (m_shared) m_shared->note(m_row, error);
    if (!m_apart && !m_row.attempts.empty()) noteRecent();
    const bool failed = error && error->code != Code::ClientCancelled;
    keepBodies(failed);
    m_context.shared.requests.fetch_add(1, std::memory_order_relaxed);
    if (failed) m_context.shared.failures.fetch_add(1, std::memory_order_relaxed);
}

void TargetExchange::noteRecent() const
{
    const std::string_view given = m_head.field("x-portkey-trace-id");
    m_context.shared.recent.add({m_id, given.empty() ? std::string_view(m_row.trace) : given, m_row.key,
                                 m_runtime->keptStateOf(m_row.provider, m_row.model)});
}

listener::Headers TargetExchange::answerHeaders(bool withCost) const
{
    listener::Headers headers;
    headers.reserve(9);
    headers.emplace_back("x-request-id", m_idText);
    if (const auto field = m_dialect.requestIdField(); !field.empty()) headers.emplace_back(field, m_idText);
    headers.emplace_back("x-turnpike-provider", m_row.provider);
    if (!m_row.model.empty()) headers.emplace_back("x-turnpike-model", m_row.model);
    if (!m_row.route.empty()) headers.emplace_back("x-turnpike-route", m_row.route);
    headers.emplace_back("x-turnpike-attempts", std::to_string(m_row.attempts.size()));
    headers.emplace_back("x-turnpike-cache", m_row.cache);
    headers.emplace_back("x-turnpike-overhead-us",
                         std::to_string(std::max<std::int64_t>(0, micros() - m_away.micros())));
    if (withCost && m_row.costSource != "unknown" && !m_row.costSource.empty())
        headers.emplace_back("x-turnpike-cost-usd", Money::fromNanos(m_row.costNanos).toString());
    addRateHeaders(headers);
    if (!m_row.dropped.empty()) {
        std::string list;
        for (const std::string& each : m_row.dropped)
            list += (list.empty() ? "" : ", ") + each;
        headers.emplace_back("x-turnpike-dropped", list);
    }
    if (!m_row.decisionJson.empty() && m_row.decisionJson.size() <= kMaxExplained &&
        m_head.field("x-turnpike-explain") == "true")
        headers.emplace_back("x-turnpike-decision", m_row.decisionJson);
    return headers;
}

net::Task<void> TargetExchange::answerError(const Error& error)
{
    if (error.code == Code::ClientCancelled) {
        record(499, &error);
        m_responder->cut();
        co_return;
    }
    listener::Answer answer = errorAnswer(m_dialect, error, m_idText);
    if (!m_row.attempts.empty()) {
        answer.headers.emplace_back("x-turnpike-provider", m_row.provider);
        answer.headers.emplace_back("x-turnpike-model", m_row.model);
        answer.headers.emplace_back("x-turnpike-attempts", std::to_string(m_row.attempts.size()));
    }
    if (!m_row.route.empty()) answer.headers.emplace_back("x-turnpike-route", m_row.route);
    addRateHeaders(answer.headers);
    m_answerBody = answer.body;
    recordWithAnswer(answer.status, &error);
    co_await m_responder->send(answer);
}

} // namespace gateway::pipeline
