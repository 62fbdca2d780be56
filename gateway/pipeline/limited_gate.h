// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/rate_gate.h"
#include "pipeline/exchange_waits.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// A gate and what it lets through at present. Without a gate: nothing is limited.
struct LimitedGate {
    std::shared_ptr<access::RateGate> gate = {};
    const RateLimits* limits = nullptr; // the runtime's
    std::string who = {};               // for the client: "The key `x`"
};

/// Null where no key is required.
[[nodiscard]] LimitedGate gateOf(const access::VirtualKey* key);
[[nodiscard]] LimitedGate gateOf(const ProviderRuntime& provider);
[[nodiscard]] LimitedGate gateOfModel(const ProviderRuntime& provider, std::string_view model);
/// Empty: the request has no route.
[[nodiscard]] LimitedGate gateOfRoute(const Runtime& runtime, const std::string& route);

[[nodiscard]] Error rateError(const LimitedGate& gate, const access::RateGate::Refusal& refusal);
/// Goes through, with so many tokens; waits for its turn where the limits say so, until then at most. An
/// error leads on to the next target.
net::Task<std::optional<Error>> enterGate(const ExchangeWaits& waits, const LimitedGate& gate,
                                          std::int64_t tokens, net::Clock::time_point until,
                                          access::RatePass& pass);

} // namespace gateway::pipeline
