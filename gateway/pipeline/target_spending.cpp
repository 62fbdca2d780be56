// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <utility>

#include "pipeline/request_situation.h"
#include "pipeline/spending.h"
#include "pipeline/target_exchange.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kUnsaidOutput = 4096; // of a model whose largest answer nobody knows

/// As OpenAI writes durations in these headers: "1m30s", "250ms".
std::string durationText(std::int64_t micros)
{
    const std::int64_t millis = (micros + 999) / 1000;
    if (millis < 1000) return std::to_string(millis) + "ms";
    const std::int64_t whole = (millis + 999) / 1000;
    std::string text;
    if (whole >= 3600) text += std::to_string(whole / 3600) + "h";
    if (whole >= 60) text += std::to_string(whole % 3600 / 60) + "m";
    return text + std::to_string(whole % 60) + "s";
}

struct RoomNames {
    std::string_view limit, remaining, reset;
};
constexpr RoomNames kRequestNames{"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests",
                                  "x-ratelimit-reset-requests"};
constexpr RoomNames kTokenNames{"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens",
                                "x-ratelimit-reset-tokens"};

void addRoom(listener::Headers& headers, const RoomNames& names, const std::optional<access::RateRoom>& room)
{
    if (!room) return;
    headers.emplace_back(names.limit, std::to_string(room->limit));
    headers.emplace_back(names.remaining, std::to_string(room->remaining));
    headers.emplace_back(names.reset, durationText(room->resetMicros));
}

} // namespace

/// Looking at what is kept, and keeping it, is free of charge wherever it is offered.
bool TargetExchange::isPaidFor() const
{
    const bool looks = m_endpoint.kind != EndpointKind::Generate && m_head.method != "POST";
    return !looks && m_endpoint.operation != Operation::File;
}

bool TargetExchange::countsTokens() const
{
    return m_endpoint.operation == Operation::Chat || m_endpoint.operation == Operation::Embed;
}

std::int64_t TargetExchange::expectedTokens()
{
    if (!countsTokens()) return 0;
    const dialect::RequestFacts* facts = routedRequest().facts;
    const std::int64_t output = facts ? facts->maxTokens.value_or(0) : 0;
    return estimatedTokens(m_body) + std::clamp<std::int64_t>(output, 0, kUnsaidOutput * 1024);
}

net::Task<TargetExchange::Failure> TargetExchange::enter(LimitedGate gate, access::RatePass& pass)
{
    const RateLimits& limits = *gate.limits;
    const std::int64_t tokens = limits.tpm || limits.tph || limits.tpd ? expectedTokens() : 0;
    const ExchangeWaits own = waits();
    AwayTime::Wait wait(m_away);
    Failure refused = co_await enterGate(own, gate, tokens, m_totalEnd, pass);
    wait.end();
    co_return refused;
}

net::Task<TargetExchange::Failure> TargetExchange::admit()
{
    if (m_apart || m_endpoint.operation == Operation::CountTokens || std::exchange(m_admitted, true))
        co_return std::nullopt;
    if (LimitedGate gate = gateOf(m_key); gate.gate) {
        if (Failure refused = co_await enter(std::move(gate), m_keyPass)) co_return refused;
    }
    LimitedGate gate = gateOfRoute(*m_runtime, m_plan.route.text);
    if (!gate.gate) co_return std::nullopt;
    co_return co_await enter(std::move(gate), m_routePass);
}

net::Task<TargetExchange::Failure>
TargetExchange::spendOn(const routing::Target& target, const ProviderRuntime& provider, Spending& spending)
{
    if (m_endpoint.operation == Operation::CountTokens) co_return std::nullopt;
    if (Failure refused = pausedFor(target, provider)) co_return refused;
    const accounting::BudgetTable* budgets = m_runtime->budgets.get();
    if (budgets && budgets->asksRepository(m_row.key) && isPaidFor()) co_await knowOrigin();
    if (Failure refused = co_await reserveOrAsk(target, provider, spending.hold)) co_return refused;
    if (LimitedGate gate = gateOf(provider); gate.gate) {
        if (Failure refused = co_await enter(std::move(gate), spending.pass)) co_return refused;
    }
    LimitedGate gate = gateOfModel(provider, target.model);
    if (!gate.gate) co_return std::nullopt;
    co_return co_await enter(std::move(gate), spending.modelPass);
}

/// The most that a call is likely to cost: the answer as long as it may be. Nothing where no price is known.
Money TargetExchange::mostCost(const TargetFacts& facts)
{
    const Cost cost = Runtime::costOf(mostUse(facts), facts);
    return cost.source == CostSource::Unknown ? Money() : cost.amount;
}

TargetExchange::Failure TargetExchange::reserveFor(const routing::Target& target,
                                                   const ProviderRuntime& provider,
                                                   accounting::BudgetHold& hold,
                                                   const accounting::BudgetRule*& full)
{
    const TargetFacts facts = m_runtime->factsOf(provider.config.id.text, target.model);
    // What is known to cost nothing is nobody's spending.
    if (isFree(provider, facts)) return std::nullopt;
    SpendWish wish{spenderOf(m_row), mostCost(facts), target.sentTo};
    wish.spender.provider = provider.config.id.text;
    wish.spender.model = target.model;
    Failure refused = reserveSpend(*m_runtime->budgets, wish, m_context.rows, hold, full);
    if (!refused) return std::nullopt;
    m_budgetRoute = full && full->atLimit == AtLimit::Reroute ? full->route.text : std::string();
    refused->retry = Retry::NextTarget;
    return refused;
}

void TargetExchange::settleLimits()
{
    m_usedTokens = m_row.inputTokens + m_row.outputTokens;
    m_keyPass.leave(m_usedTokens);
    m_routePass.leave(m_usedTokens);
}

void TargetExchange::addRateHeaders(listener::Headers& headers) const
{
    if (!m_key || !m_key->gate) return;
    const std::int64_t now = access::steadyMicros();
    addRoom(headers, kRequestNames, m_key->gate->requests(m_key->limits, now));
    addRoom(headers, kTokenNames, m_key->gate->tokens(m_key->limits, now));
}

} // namespace gateway::pipeline
