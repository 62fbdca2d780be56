// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <utility>

#include "base/wall_clock.h"
#include "pipeline/request_situation.h"
#include "pipeline/spending.h"
#include "pipeline/target_exchange.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kUnsaidOutput = 4096; // of a model whose largest answer nobody knows
constexpr milliseconds kSlice{250};
constexpr milliseconds kLook{20}; // how often a request that waits for others to end looks again

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

Error rateError(const std::string& who, const access::RateGate::Refusal& refusal)
{
    Error error = gatewayError(Code::RateLimitExceeded,
                               who + " allows " + refusal.what + ". Try again later, or raise the limit.");
    const milliseconds wait((refusal.waitMicros + 999) / 1000);
    error.retryAfter = std::max(wait, milliseconds(1000));
    return error;
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

net::Task<TargetExchange::Failure> TargetExchange::enter(const std::shared_ptr<access::RateGate>& gate,
                                                         const RateLimits& limits, std::string who,
                                                         access::RatePass& pass)
{
    const bool tokensMatter = limits.tpm || limits.tph || limits.tpd;
    const std::int64_t tokens = tokensMatter ? expectedTokens() : 0;
    const auto until = net::Clock::now() + limits.queue.value_or(milliseconds(0));
    std::int64_t entered = 0;
    for (;;) {
        if (m_race && m_race->winner) co_return goneError();
        entered = access::steadyMicros();
        const auto refusal = gate->enter(limits, tokens, entered);
        if (!refusal) break;
        const milliseconds wait =
            refusal->isConcurrency ? kLook : milliseconds(refusal->waitMicros / 1000 + 1);
        if (net::Clock::now() + wait > std::min(until, m_totalEnd)) {
            Error error = rateError(who, *refusal);
            error.retry = Retry::NextTarget;
            co_return error;
        }
        // In slices: another target may answer meanwhile.
        if (!co_await pause(std::min(wait, kSlice))) co_return goneError();
    }
    pass = access::RatePass(gate, tokens, entered);
    co_return std::nullopt;
}

net::Task<TargetExchange::Failure> TargetExchange::admit()
{
    if (m_apart || m_endpoint.operation == Operation::CountTokens || std::exchange(m_admitted, true))
        co_return std::nullopt;
    if (m_key && m_key->gate) {
        if (Failure refused =
                co_await enter(m_key->gate, m_key->limits, "The key `" + m_key->id.text + "`", m_keyPass))
            co_return refused;
    }
    const RouteConfig* route =
        m_plan.route.empty() ? nullptr : m_runtime->config->findRoute(m_plan.route.text);
    const RouteRuntime* gates = route ? m_runtime->findRoute(route->id.text) : nullptr;
    if (!gates || !gates->gate) co_return std::nullopt;
    co_return co_await enter(gates->gate, route->limits, "The route `" + route->id.text + "`", m_routePass);
}

net::Task<TargetExchange::Failure>
TargetExchange::spendOn(const routing::Target& target, const ProviderRuntime& provider, Spending& spending)
{
    if (m_endpoint.operation == Operation::CountTokens) co_return std::nullopt;
    if (Failure refused = pausedFor(target, provider)) co_return refused;
    const accounting::BudgetTable* budgets = m_runtime->budgets.get();
    if (budgets && budgets->asksRepository(m_row.key) && isPaidFor()) co_await knowOrigin();
    if (Failure refused = co_await reserveOrAsk(target, provider, spending.hold)) co_return refused;
    if (provider.gate) {
        if (Failure refused = co_await enter(provider.gate, provider.config.limits,
                                             "The provider `" + provider.config.id.text + "`", spending.pass))
            co_return refused;
    }
    co_return co_await enterModel(provider, target.model, spending.modelPass);
}

net::Task<TargetExchange::Failure> TargetExchange::enterModel(const ProviderRuntime& provider,
                                                              std::string_view model, access::RatePass& pass)
{
    const ModelConfig* const entry = provider.modelGates.empty() ? nullptr : provider.entryOf(model);
    const auto gate = entry ? provider.modelGates[provider.placeOf(*entry)] : nullptr;
    if (!gate) co_return std::nullopt;
    co_return co_await enter(gate, entry->limits,
                             "The model `" + entry->name + "` of `" + provider.config.id.text + "`", pass);
}

bool TargetExchange::isFree(const ProviderRuntime& provider, const TargetFacts& facts)
{
    if (provider.kind->inProcess()) return true;
    if (provider.config.local && !facts.prices.own) return true;
    Usage much;
    much.known = true;
    much.inputTokens = much.outputTokens = 1'000'000;
    const Cost cost = Runtime::costOf(much, facts);
    return cost.source != CostSource::Unknown && cost.amount.nanos() == 0;
}

/// The most that a call is likely to cost: the answer as long as it may be. Nothing where no price is known.
Money TargetExchange::mostCost(const TargetFacts& facts)
{
    const Cost cost = Runtime::costOf(mostUse(facts), facts);
    return cost.source == CostSource::Unknown ? Money() : cost.amount;
}

TargetExchange::Failure TargetExchange::reserveFor(const routing::Target& target,
                                                   const ProviderRuntime& provider,
                                                   accounting::BudgetHold& hold)
{
    const accounting::BudgetTable* budgets = m_runtime->budgets.get();
    if (!budgets || !budgets->holdsFor(m_row.key) || !isPaidFor()) return std::nullopt;
    const TargetFacts facts = m_runtime->factsOf(provider.config.id.text, target.model);
    // What is known to cost nothing is nobody's spending.
    if (isFree(provider, facts)) return std::nullopt;
    const accounting::Spender spender{m_row.key,    m_row.client, m_row.route,     provider.config.id.text,
                                      target.model, m_row.tags,   m_row.repository};
    const std::int64_t now = nowMicros();
    const accounting::BudgetRule* rule = budgets->reserve(spender, mostCost(facts), now, target.sentTo, hold);
    Failure refused;
    if (!rule && !hold.isEmpty() && !m_context.rows.takesRows())
        refused = gatewayError(Code::LedgerUnavailable,
                               "What is spent cannot be written down at present, and there is a budget to "
                               "keep. Free some disk space where Turnpike keeps its data.");
    else if (rule)
        refused = refusalBy(*rule, now);
    if (!refused) return std::nullopt;
    hold.release();
    m_budgetRoute = rule && rule->atLimit == AtLimit::Reroute ? rule->route.text : std::string();
    m_fullBudget = refused->code == Code::BudgetExceeded ? rule : nullptr;
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
