// SPDX-License-Identifier: GPL-3.0-or-later
// What budgets, pauses and limits say to a Realtime connection, before it is open and while it is.
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "pipeline/client_origin.h"
#include "pipeline/limited_gate.h"
#include "pipeline/realtime_socket.h"
#include "pipeline/spending.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kLongWish = 65'536;    // only sound is so long
constexpr std::size_t kWishTypeWithin = 256; // SDKs write the type first
constexpr std::string_view kSound = "\"input_audio_buffer.append\"";
constexpr std::string_view kHears = "input_audio_buffer.";
constexpr std::string_view kWantsAnswer = "response.create";
constexpr std::chrono::seconds kLookAgain{1};

enum class Wish : std::uint8_t {
    Undecided,
    Answer,
    Hearing, // the provider may begin an answer by itself, once it has heard enough
    Other,
};

Wish wishOf(std::string_view message)
{
    if (message.size() > kLongWish &&
        message.substr(0, kWishTypeWithin).find(kSound) != std::string_view::npos)
        return Wish::Hearing;
    JsonDocument document;
    if (scanJson(message, document)) return Wish::Other;
    const JsonMember* const member = document.find("type");
    const std::string type = member ? decodeJsonString(member->value).value_or(std::string()) : std::string();
    if (type == kWantsAnswer) return Wish::Answer;
    return type.starts_with(kHears) ? Wish::Hearing : Wish::Other;
}

/// As OpenAI's servers name it.
std::string_view eventType(Code code)
{
    if (code == Code::BudgetExceeded) return "insufficient_quota";
    if (code == Code::GuardrailBlocked || code == Code::InvalidJson) return "invalid_request_error";
    return code == Code::RateLimitExceeded ? "rate_limit_error" : "server_error";
}

std::string_view goodbyeOf(Code code)
{
    if (code == Code::BudgetExceeded) return "A budget is used up.";
    if (code == Code::GuardrailBlocked) return "A guardrail refused the answer.";
    if (code == Code::GatewayPaused) return "Spending is paused.";
    if (code == Code::RateLimitExceeded) return "A limit of tokens is reached.";
    return "What is spent cannot be written down.";
}

/// By what is in force now, whoever is no longer there has none.
std::array<LimitedGate, 4> gatesOf(const Runtime& runtime, const LogRow& row)
{
    std::array<LimitedGate, 4> gates{gateOf(runtime.keys.named(row.key)), gateOfRoute(runtime, row.route)};
    if (const ProviderRuntime* provider = runtime.findProvider(row.provider)) {
        gates[2] = gateOf(*provider);
        gates[3] = gateOfModel(*provider, row.model);
    }
    return gates;
}

} // namespace

std::string errorEvent(const Error& error)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject().key("type").string("error").key("error").beginObject();
    json.key("type").string(eventType(error.code)).key("code").string(codeName(error.code));
    json.key("message").string(error.message).key("param").null().endObject().endObject();
    return text;
}

ExchangeWaits RealtimeSocket::waits()
{
    return {m_context, m_sleeps, [this] { return m_cancelled; }};
}

net::Task<void> RealtimeSocket::knowOrigin()
{
    const ExchangeWaits own = waits();
    co_await waitForOrigin(own, m_admitted.origin);
    noteOrigin(m_admitted.origin, m_row);
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::admit()
{
    const ExchangeWaits own = waits();
    const LimitedGate key = gateOf(m_admitted.key);
    Failure refused = co_await enterGate(own, key, 0, m_openedBy, m_keyPass);
    if (!refused) {
        const LimitedGate route = gateOfRoute(*m_admitted.runtime, m_row.route);
        refused = co_await enterGate(own, route, 0, m_openedBy, m_routePass);
    }
    if (refused) refused->retry = Retry::Never;
    co_return refused;
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::spendOn(const routing::Target& target,
                                                           const ProviderRuntime& provider, Passes& passes)
{
    const Runtime& runtime = *m_admitted.runtime;
    if (runtime.budgets && runtime.budgets->asksRepository(m_row.key)) co_await knowOrigin();
    const SpendAsk::Reserve reserve = [&](const accounting::BudgetRule*& full) {
        accounting::Spender spender = spenderOf(m_row);
        spender.provider = target.provider.text;
        spender.model = target.model;
        Failure refused = spentProblem(runtime, spender, m_context.rows, full);
        if (refused) refused->retry = Retry::NextTarget;
        return refused;
    };
    const SpendAsk::Ask ask = [this](SpendAsking asking) { return askUser(std::move(asking)); };
    Failure refused =
        co_await m_ask.reserve(*runtime.config, target.provider.text + "/" + target.model, reserve, ask);
    if (refused) co_return refused;
    const ExchangeWaits own = waits();
    const LimitedGate gate = gateOf(provider);
    refused = co_await enterGate(own, gate, 0, m_openedBy, passes.provider);
    if (refused) co_return refused;
    const LimitedGate modelGate = gateOfModel(provider, target.model);
    co_return co_await enterGate(own, modelGate, 0, m_openedBy, passes.model);
}

net::Task<SpendWord> RealtimeSocket::askUser(SpendAsking asking)
{
    noteOrigin(m_admitted.origin, m_row); // may have become known since
    const ExchangeWaits own = waits();
    co_return co_await waitForWord(own, std::move(asking), m_row, m_openedBy);
}

void RealtimeSocket::countAnswer(const LogRow& row)
{
    const std::int64_t tokens = row.inputTokens + row.outputTokens;
    for (const LimitedGate& each : gatesOf(*m_context.runtime, row)) {
        if (each.gate && tokens > 0) each.gate->note(tokens, access::steadyMicros());
    }
    if (!m_over) m_over = nothingLeft(row);
}

RealtimeSocket::Failure RealtimeSocket::nothingLeft(const LogRow& row) const
{
    const Runtime& now = *m_context.runtime;
    if (Failure problem = goneOnProblem(now, spenderOf(row), m_context.rows)) return problem;
    for (const LimitedGate& each : gatesOf(now, row)) {
        if (!each.gate) continue;
        if (const auto refusal = each.gate->tokensRefusal(*each.limits, access::steadyMicros()))
            return rateError(each, *refusal);
    }
    return std::nullopt;
}

bool RealtimeSocket::mayPass(std::string_view message)
{
    const Wish wish = wishOf(message);
    if (wish == Wish::Other) return true;
    if (wish == Wish::Hearing) {
        const auto now = net::Clock::now();
        if (m_over || m_response || now < m_lookAgain) return true;
        m_lookAgain = now + kLookAgain;
    }
    noteOrigin(m_admitted.origin, m_row);
    if (!m_over) m_over = nothingLeft(m_row);
    return !m_over;
}

/// Sends and closes by itself: from sendUp() only where sendDown() does not send at that moment.
net::Task<void> RealtimeSocket::endWhereOver(net::WebSocket& client)
{
    if (!m_over || m_response || m_ending || m_sending) co_return;
    m_ending = m_toldOver = true;
    m_goodbye = goodbyeOf(m_over->code);
    const std::string text = errorEvent(*m_over);
    const bool sent = co_await client.send(text);
    if (sent) co_await client.close(net::close_code::kPolicy, m_goodbye);
}

} // namespace gateway::pipeline
