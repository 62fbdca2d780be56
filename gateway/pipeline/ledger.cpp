// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/ledger.h"

#include <algorithm>
#include <array>
#include <utility>

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

using Count = std::pair<std::int64_t LogRow::*, std::int64_t Usage::*>;
constexpr std::array kCounts{Count{&LogRow::inputTokens, &Usage::inputTokens},
                             Count{&LogRow::outputTokens, &Usage::outputTokens},
                             Count{&LogRow::cacheReadTokens, &Usage::cacheReadTokens},
                             Count{&LogRow::cacheWriteTokens, &Usage::cacheWriteTokens},
                             Count{&LogRow::cacheWriteHourTokens, &Usage::cacheWriteHourTokens},
                             Count{&LogRow::reasoningTokens, &Usage::reasoningTokens},
                             Count{&LogRow::audioInputTokens, &Usage::audioInputTokens},
                             Count{&LogRow::audioOutputTokens, &Usage::audioOutputTokens},
                             Count{&LogRow::imageInputTokens, &Usage::imageInputTokens},
                             Count{&LogRow::imageOutputTokens, &Usage::imageOutputTokens},
                             Count{&LogRow::images, &Usage::images},
                             Count{&LogRow::milliseconds, &Usage::milliseconds},
                             Count{&LogRow::characters, &Usage::characters},
                             Count{&LogRow::units, &Usage::requests},
                             Count{&LogRow::searches, &Usage::searches}};

} // namespace

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

void noteUse(LogRow& row, const Usage& usage, const Cost& cost)
{
    for (const auto& [to, from] : kCounts)
        row.*to = usage.*from;
    row.serviceTier = serviceName(usage.service);
    row.priceVersion = cost.prices;
    row.costNanos = cost.source == CostSource::Unknown ? 0 : cost.amount.nanos();
    row.costSource = sourceName(cost.source);
}

void addUse(LogRow& row, const Usage& usage)
{
    for (const auto& [to, from] : kCounts)
        row.*to += usage.*from;
}

Usage usageOf(const LogRow& row)
{
    Usage usage;
    for (const auto& [from, to] : kCounts)
        usage.*to = row.*from;
    usage.service = serviceNamed(row.serviceTier);
    usage.known = usage.inputTokens + usage.outputTokens > 0;
    return usage;
}

void copyUse(const LogRow& from, LogRow& into)
{
    into.provider = from.provider;
    into.model = from.model;
    into.serviceTier = from.serviceTier;
    for (const auto& counts : kCounts)
        into.*counts.first = from.*counts.first;
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
    const Cost cost = priceOf(attempt, usage);
    noteUse(m_row, usage, cost);
    m_row.attempts[attempt.place].costNanos = m_row.costNanos;
    m_settled = usage;
    m_settledPlace = attempt.place;
    m_unpriced = cost.source == CostSource::Unknown;
    m_row.costNanos += m_unusedNanos;
    // Not unknown where another target was paid: whoever prices the row anew would forget that.
    if (m_unpriced ? m_unusedNanos > 0 : m_guessed) m_row.costSource = sourceName(CostSource::Estimated);
}

void TargetExchange::noteShares()
{
    const auto isPaid = [](const AttemptRow& attempt) { return attempt.costNanos > 0; };
    if (std::count_if(m_row.attempts.begin(), m_row.attempts.end(), isPaid) > 1) return;
    for (AttemptRow& attempt : m_row.attempts) {
        // All of it is the row's, which is put down to the row's target.
        if (attempt.provider == m_row.provider && attempt.model == m_row.model) attempt.costNanos = 0;
    }
}

std::int64_t TargetExchange::savedByRoute() const
{
    const auto isServer = [this](const routing::Target& target) {
        return target.provider.text == m_row.provider && target.model == m_row.model;
    };
    if (m_row.route.empty() || m_plan.targets.size() < 2 || !m_settled.known) return 0;
    // What runs on the user's own machine costs nothing where nobody says a price.
    const ProviderRuntime* const server = m_runtime->findProvider(m_row.provider);
    const bool isFree = server && (server->config.local || server->kind->inProcess());
    if (m_unpriced && !isFree) return 0;
    Usage same = m_settled;
    same.reportedCost.reset();
    same.service = ServiceTier::Undecided;
    std::int64_t dearest = 0;
    for (const routing::Target& target : m_plan.targets) {
        const ProviderRuntime* const provider =
            isServer(target) ? nullptr : m_runtime->findProvider(target.provider.text);
        if (!provider || provider->kind->inProcess() || unfit(*provider, target.model)) continue;
        const auto context = m_runtime->context(*provider, target.model);
        if (context && *context < same.inputTokens + same.outputTokens) continue;
        const Cost cost = m_runtime->costOf(same, *provider, target.model);
        if (cost.source != CostSource::Unknown) dearest = std::max(dearest, cost.amount.nanos());
    }
    return std::max<std::int64_t>(0, dearest - m_row.costNanos);
}

void TargetExchange::keepBodies(bool failed)
{
    // No guardrail looks at it, and what it asks about stands in the asking request's row.
    if (m_forGuardrail) return;
    const LogBodies wish = m_runtime->config->server.logBodies;
    if (wish != LogBodies::All && !(wish == LogBodies::Errors && failed)) return;
    const std::string_view asked = m_loggedBody ? *m_loggedBody : m_body;
    m_row.requestBody = withoutKeys(asked.substr(0, kMaxKeptBody));
    const std::string_view answered =
        m_loggedAnswer && !m_answerBody.empty() ? *m_loggedAnswer : m_answerBody;
    m_row.responseBody = withoutKeys(answered.substr(0, kMaxKeptBody));
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
    noteOrigin(m_origin, m_row);
    m_row.status = status;
    m_row.total = micros();
    noteLeftCalls();
    if (error && m_row.costNanos < m_unusedNanos) {
        m_row.costNanos = m_unusedNanos; // of targets that were left for one that failed, too
        m_row.costSource = sourceName(CostSource::Estimated);
    }
    m_row.overhead =
        std::max<std::int64_t>(0, (m_row.firstToken ? m_row.firstToken : m_row.total) - m_away.micros());
    if (m_row.costSource.empty()) m_row.costSource = sourceName(CostSource::Unknown);
    noteShares();
    m_row.routedNanos = error ? 0 : savedByRoute();
    if (error) {
        m_row.errorCode = codeName(error->code);
        m_row.errorMessage = shortened(withoutKeys(error->message), kMaxLoggedMessage);
        if (error->code == Code::ClientCancelled) m_row.status = 499; // as nginx and the peers log it
    }
    if (m_guarding) m_row.guardrailsJson = m_guarding->verdictsJson();
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
