// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/limited_gate.h"

#include <algorithm>

namespace gateway::pipeline {

namespace {

constexpr milliseconds kSlice{250};
constexpr milliseconds kLook{20}; // how often a request that waits for others to end looks again

} // namespace

LimitedGate gateOf(const access::VirtualKey* key)
{
    if (!key || !key->gate) return {};
    return {key->gate, &key->limits, "The key `" + key->id.text + "`"};
}

LimitedGate gateOf(const ProviderRuntime& provider)
{
    if (!provider.gate) return {};
    return {provider.gate, &provider.config.limits, "The provider `" + provider.config.id.text + "`"};
}

LimitedGate gateOfModel(const ProviderRuntime& provider, std::string_view model)
{
    const ModelConfig* const entry = provider.modelGates.empty() ? nullptr : provider.entryOf(model);
    const auto gate = entry ? provider.modelGates[provider.placeOf(*entry)] : nullptr;
    if (!gate) return {};
    return {gate, &entry->limits, "The model `" + entry->name + "` of `" + provider.config.id.text + "`"};
}

LimitedGate gateOfRoute(const Runtime& runtime, const std::string& route)
{
    const RouteConfig* config = route.empty() ? nullptr : runtime.config->findRoute(route);
    const RouteRuntime* gates = config ? runtime.findRoute(config->id.text) : nullptr;
    if (!gates || !gates->gate) return {};
    return {gates->gate, &config->limits, "The route `" + config->id.text + "`"};
}

Error rateError(const LimitedGate& gate, const access::RateGate::Refusal& refusal)
{
    Error error = gatewayError(Code::RateLimitExceeded, gate.who + " allows " + refusal.what +
                                                            ". Try again later, or raise the limit.");
    const milliseconds wait((refusal.waitMicros + 999) / 1000);
    error.retryAfter = std::max(wait, milliseconds(1000));
    error.retry = Retry::NextTarget;
    return error;
}

net::Task<std::optional<Error>> enterGate(const ExchangeWaits& waits, const LimitedGate& gate,
                                          std::int64_t tokens, net::Clock::time_point until,
                                          access::RatePass& pass)
{
    if (!gate.gate) co_return std::nullopt;
    const auto patience = net::Clock::now() + gate.limits->queue.value_or(milliseconds(0));
    std::int64_t entered = 0;
    for (;;) {
        if (waits.isOver()) co_return goneError();
        entered = access::steadyMicros();
        const auto refusal = gate.gate->enter(*gate.limits, tokens, entered);
        if (!refusal) break;
        const milliseconds wait =
            refusal->isConcurrency ? kLook : milliseconds(refusal->waitMicros / 1000 + 1);
        if (net::Clock::now() + wait > std::min(patience, until)) co_return rateError(gate, *refusal);
        // In slices: another target may answer meanwhile.
        if (!co_await waitFor(waits, std::min(wait, kSlice))) co_return goneError();
    }
    pass = access::RatePass(gate.gate, tokens, entered);
    co_return std::nullopt;
}

} // namespace gateway::pipeline
