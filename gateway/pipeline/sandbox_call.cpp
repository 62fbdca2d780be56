// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/completion_events.h"
#include "pipeline/event_guard.h"
#include "pipeline/generate_exchange.h"
#include "provider/sandbox.h"

namespace gateway::pipeline {

namespace {

/// A whole answer out of the steps of a simulated stream.
Completion collected(const std::vector<provider::SandboxStep>& steps)
{
    std::vector<Event> events;
    events.reserve(steps.size());
    for (const auto& step : steps)
        events.push_back(step.event);
    return dialect::completionOf(events);
}

std::size_t textBytesOf(const Event& event)
{
    if (const auto* text = std::get_if<TextDelta>(&event)) return text->text.size();
    if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) return arguments->json.size();
    return 0;
}

} // namespace

net::Task<GenerateExchange::Failure> GenerateExchange::callSandbox(Attempt& attempt)
{
    auto request = requestFor(attempt);
    if (!request) co_return request.error();
    const std::uint64_t call = attempt.target.model == "flaky"
                                   ? m_context.shared.sandboxCalls.fetch_add(1, std::memory_order_relaxed)
                                   : 0;
    auto steps = provider::sandboxAnswer(request.value(), attempt.target.model, call);
    if (!steps) {
        attempt.row.status = httpStatus(steps.error());
        co_return steps.error();
    }
    attempt.row.status = 200;
    if (m_facts.stream) co_return co_await streamSandbox(steps.value(), attempt);
    co_return co_await sendSandbox(steps.value(), attempt);
}

Error GenerateExchange::leaveSandbox(Usage whole, std::size_t said, const Attempt& attempt)
{
    whole.outputTokens = std::min(whole.outputTokens, roughTokens(said));
    settleOrEstimate(attempt, whole, 0);
    return goneError();
}

net::Task<GenerateExchange::Failure>
GenerateExchange::sendSandbox(const std::vector<provider::SandboxStep>& steps, Attempt& attempt)
{
    const Completion whole = collected(steps);
    std::size_t said = 0;
    for (const auto& step : steps) {
        const bool goesOn = co_await pause(step.delay, &attempt);
        if (isLost(attempt)) co_return goneError();
        if (!goesOn) co_return leaveSandbox(whole.usage, said, attempt);
        said += textBytesOf(step.event);
    }
    if (!claim(attempt)) co_return goneError();
    settleOrEstimate(attempt, whole.usage, 0);
    attempt.row.total = attempt.row.firstByte = micros() - attempt.row.startedAfter;
    note(attempt);
    m_row.firstToken = micros();
    listener::Answer answer;
    auto body = guardedAnswer(m_dialect.encodeCompletion(whole, completionContext(attempt.target.model)));
    if (!body) co_return body.error();
    if (Failure refused = co_await askAboutAnswer(body.value())) co_return refused;
    answer.body = std::move(body.value());
    settleLimits(); // so that the head tells what is left after it
    answer.headers = answerHeaders(true);
    record(200, nullptr);
    co_await m_responder->send(answer);
    co_return std::nullopt;
}

net::Task<GenerateExchange::Failure>
GenerateExchange::streamSandbox(const std::vector<provider::SandboxStep>& steps, Attempt& attempt)
{
    const Usage usage = collected(steps).usage;
    std::size_t said = 0;
    auto encoder = m_dialect.eventEncoder(completionContext(attempt.target.model), nullptr);
    const auto guard = guardsAnswers() ? std::make_unique<EventGuard>(*m_guarding) : nullptr;
    std::vector<Event> events;
    Failure failure;
    std::string out;
    for (const auto& step : steps) {
        if (step.delay.count() > 0 && !out.empty()) {
            if (!claim(attempt)) co_return goneError();
            const bool sent = co_await sendBytes(out, attempt);
            out.clear();
            if (!sent) leaveClient();
        }
        if (!m_cancelled) co_await pause(step.delay, &attempt);
        if (isLost(attempt)) co_return goneError();
        if (m_cancelled) {
            const Error gone = leaveSandbox(usage, said, attempt);
            record(200, &gone);
            m_responder->cut();
            co_return std::nullopt;
        }
        said += textBytesOf(step.event);
        if (!guard) {
            encoder->write(step.event, out);
            continue;
        }
        events.clear();
        guard->pass(step.event, events);
        for (const Event& each : events) {
            if (const auto* refused = std::get_if<Failed>(&each)) failure = refused->error;
            encoder->write(each, out);
        }
        if (failure && m_guarding->holdsAnswers()) co_return failure; // nobody has seen anything of it
        if (failure) break;
    }
    if (guard && guard->waits()) {
        auto asks = guard->asks();
        co_await askFor(std::move(asks), true);
        events.clear();
        guard->goOn(events);
        for (const Event& each : events) {
            if (const auto* refused = std::get_if<Failed>(&each)) failure = refused->error;
            if (!failure || !m_guarding->holdsAnswers()) encoder->write(each, out);
        }
        if (failure && m_guarding->holdsAnswers()) co_return failure;
    }
    if (!claim(attempt)) co_return goneError();
    settleOrEstimate(attempt, usage, 0);
    attempt.row.total = micros() - attempt.row.startedAfter;
    note(attempt);
    record(200, failure ? &*failure : nullptr);
    if (!m_begun) {
        if (co_await sendBytes(out, attempt)) co_await m_responder->finish({});
        co_return std::nullopt;
    }
    co_await m_responder->finish(out);
    co_return std::nullopt;
}

} // namespace gateway::pipeline
