// SPDX-License-Identifier: GPL-3.0-or-later
// What guardrails say to a Realtime connection, event by event.
#include <chrono>
#include <utility>

#include "base/wall_clock.h"
#include "net/offload.h"
#include "pipeline/guard_scope.h"
#include "pipeline/realtime_socket.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kLongEvent = std::size_t{16} << 10; // reading it would hold the others up

} // namespace

RealtimeSocket::Failure RealtimeSocket::beginGuarding(const routing::Plan& plan,
                                                      const std::vector<routing::RouteStep>& steps)
{
    const Runtime& runtime = *m_admitted.runtime;
    if (runtime.guardrails.empty()) return std::nullopt;
    const auto rules = runtime.guardrails.rulesFor(
        guardAsker(*runtime.config, plan, steps, m_row, dialectName(DialectId::OpenAiRealtime)));
    if (rules.empty()) return std::nullopt;
    m_guard =
        std::make_unique<RealtimeGuard>(rules, m_context.shared, m_row.requestedModel, m_row.metadataJson);
    m_inquiry.trace = m_admitted.id.text();
    Failure refused = m_guard->refusedToOpen();
    if (refused) refused->retry = Retry::Never;
    return refused;
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::askAboutHead()
{
    if (!m_guard) co_return std::nullopt;
    const auto asks =
        m_guard->headAsks([this](std::string_view name) { return m_admitted.head.onlyField(name); });
    for (const Guarding::Ask& ask : asks) {
        const net::Clock::time_point begun = net::Clock::now();
        auto opinion = co_await opinionOf(m_context, m_admitted.runtime, *ask.rule, ask.inquiry, m_inquiry);
        if (m_cancelled) co_return goneError();
        const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(net::Clock::now() - begun);
        m_guard->takeHead(ask, std::move(opinion), took.count());
    }
    Failure refused = m_guard->refusedByHead();
    if (refused) refused->retry = Retry::Never;
    co_return refused;
}

net::Task<bool> RealtimeSocket::guardUp(net::WebSocket& client, std::string& event)
{
    Failure refused;
    {
        co_await m_guardTurn.free();
        const net::Turn::Hold hold(m_guardTurn);
        Result<std::optional<std::string>> other = std::optional<std::string>();
        if (event.size() < kLongEvent)
            other = m_guard->client(event);
        else
            other = co_await net::offload(m_context.pool, m_context.context,
                                          [this, &event] { return m_guard->client(event); });
        if (!other)
            refused = other.error();
        else if (*other)
            event = **std::move(other);
    }
    if (!refused) co_await askRules(event);
    if (!refused) refused = co_await obeyVerdicts();
    m_guard->endClientEvent();
    if (!refused) {
        if (m_guard->hasMuchToTell()) recordFound();
        co_return true;
    }
    record(rowOf(Response{nextRequestId(nowMicros()), net::Clock::now()}), &*refused);
    const std::string told = errorEvent(*refused);
    if (!m_toldOver && !m_ending) co_await toClient(client, told, false);
    co_return false;
}

/// A row of its own: nobody may answer for long.
void RealtimeSocket::recordFound()
{
    record(rowOf(Response{nextRequestId(nowMicros()), net::Clock::now()}), nullptr);
}

net::Task<void> RealtimeSocket::askRules(std::string_view event)
{
    for (const Guarding::Ask& ask : m_guard->asks(event)) {
        if (m_cancelled) co_return;
        const net::Clock::time_point begun = net::Clock::now();
        auto opinion = co_await opinionOf(m_context, m_admitted.runtime, *ask.rule, ask.inquiry, m_inquiry);
        const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(net::Clock::now() - begun);
        m_guard->guarding().take(ask, std::move(opinion), took.count(), false);
    }
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::obeyVerdicts()
{
    using guardrail::Action;
    const Guarding& guarding = m_guard->guarding();
    if (const auto* blocks = guarding.requestThat(Action::Block)) co_return guardrailBlocked(*blocks, false);
    if (const auto* asks = guarding.requestThat(Action::Ask)) {
        const SpendWord word =
            co_await askUser(askingAbout(*asks, m_admitted.id.text(), m_row.requestedModel));
        if (Failure refused = refusedBy(*asks, word)) co_return refused;
    }
    // It is open already: there is no other provider to turn to.
    const auto* keepsIn = guarding.requestThat(Action::Reroute);
    if (keepsIn && !m_provider->config.local) co_return guardrailBlocked(*keepsIn, false);
    co_return std::nullopt;
}

net::Task<RealtimeGuard::Passed> RealtimeSocket::guardDown(std::string_view event)
{
    co_await m_guardTurn.free();
    const net::Turn::Hold hold(m_guardTurn);
    co_return m_guard->provider(event);
}

net::Task<bool> RealtimeSocket::toClient(net::WebSocket& client, std::string_view bytes, bool binary)
{
    co_await m_sendTurn.free();
    const net::Turn::Hold hold(m_sendTurn);
    if (m_toldOver) co_return false;
    m_sending = true;
    const bool sent = co_await client.send(bytes, binary);
    m_sending = false;
    co_return sent;
}

net::Task<bool> RealtimeSocket::passDown(net::WebSocket& client, net::WebSocket::Message message)
{
    RealtimeGuard::Passed passed;
    if (m_guard && !message.binary && !m_toldOver) passed = co_await guardDown(message.bytes);
    if (passed.refused) m_over = std::move(passed.refused);
    if (!message.binary) look(message.bytes);
    if (m_guard && m_guard->hasMuchToTell()) recordFound();
    if (isRefused()) {
        recordUnfinished();
        co_return true; // who calls this ends it
    }
    if (m_toldOver) co_return true; // till the provider has said goodbye
    for (const std::string& event : passed.before) {
        const bool sent = co_await toClient(client, event, false);
        if (!sent) co_return false;
    }
    if (passed.held) co_return true;
    const std::string& event = passed.other ? *passed.other : message.bytes;
    co_return co_await toClient(client, event, message.binary);
}

} // namespace gateway::pipeline
