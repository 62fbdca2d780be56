// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health_report.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "base/wall_clock.h"
#include "provider/kind.h"
#include "routing/plan.h"

namespace gateway::engine {

namespace {

constexpr std::uint32_t kFailing = 3; // bad answers in a row

std::string whyRefused(int status)
{
    if (status == 402)
        return "The credit of this key's account is used up (402). Add some at the provider, then test the "
               "key.";
    const std::string with = status == 0 ? "" : " (" + std::to_string(status) + ")";
    return "The provider refused this key" + with + ". Put it right there or replace it, then test it.";
}

KeyHealth healthOf(const pipeline::ProviderKeyRuntime& key)
{
    KeyHealth health;
    health.id = key.id;
    health.masked = key.secret.masked();
    if (key.secret.empty()) {
        health.state = KeyHealth::State::Unreadable;
        health.masked.clear();
        health.problem = key.problem;
    } else if (key.health->refused.load()) {
        health.state = KeyHealth::State::Refused;
        health.since = key.health->refusedAt.load();
        health.problem = whyRefused(key.health->refusedWith.load());
    } else if (const std::int64_t until =
                   std::max(key.health->coolingUntil.load(), key.health->usedUpUntil());
               until > nowMicros()) {
        health.state = KeyHealth::State::RateLimited;
        health.until = until;
        health.problem =
            "The provider limits how often this key may be used. It has its turn again by itself.";
    } else {
        health.state = KeyHealth::State::Ready;
    }
    return health;
}

TargetHealth healthOf(const routing::TargetState& state, std::int64_t now)
{
    using Circuit = TargetHealth::Circuit;
    TargetHealth health;
    health.failuresInARow = state.failedInARow();
    const double all = state.successes() + state.failures();
    if (all > 0) health.errorPercent = static_cast<std::uint32_t>(std::lround(state.failures() * 100 / all));
    switch (state.circuit(now)) {
    case routing::CircuitState::Open:
        health.circuit = Circuit::Open;
        break;
    case routing::CircuitState::HalfOpen:
        health.circuit = Circuit::HalfOpen;
        break;
    default:
        health.circuit = Circuit::Closed;
        return health;
    }
    health.since = state.openedAt();
    health.until = state.openUntil();
    return health;
}

} // namespace

std::vector<TargetHealth> targetHealth(const Config& config, pipeline::TargetStates& states, std::int64_t now)
{
    std::vector<TargetHealth> all;
    std::set<std::pair<std::string_view, std::string>> seen;
    for (const RouteConfig& route : config.routes) {
        for (const TargetConfig& target : route.targets) {
            if (target.provider.empty()) continue;
            const ProviderConfig* provider = config.findProvider(target.provider.text);
            std::string model(provider ? routing::listedName(*provider, target.model) : target.model);
            if (!seen.emplace(target.provider.text, model).second) continue;
            all.push_back(healthOf(*states.stateOf(target.provider.text, model), now));
            all.back().provider = target.provider;
            all.back().model = std::move(model);
        }
    }
    return all;
}

std::int64_t nextHalfOpen(const std::vector<TargetHealth>& targets)
{
    std::int64_t next = 0;
    for (const TargetHealth& target : targets) {
        const bool open = target.circuit == TargetHealth::Circuit::Open;
        if (open && (next == 0 || target.until < next)) next = target.until;
    }
    return next;
}

ProviderHealth healthOf(const ProviderConfig& provider, SecretTable& secrets)
{
    ProviderHealth health;
    health.id = provider.id;
    health.state = ProviderHealth::State::Ready;
    bool refused = false;
    for (const pipeline::ProviderKeyRuntime& key : secrets.keysOf(provider)) {
        health.keys.push_back(healthOf(key));
        const KeyHealth& now = health.keys.back();
        ++health.keysTotal;
        refused = refused || now.state == KeyHealth::State::Refused;
        if (now.state == KeyHealth::State::Ready || now.state == KeyHealth::State::RateLimited)
            ++health.keysReady;
        if (now.state == KeyHealth::State::Unreadable) health.problem = now.problem;
    }
    const auto* kind = provider::findKind(provider.kind);
    const bool keyWanted = (kind && kind->needsKey()) || health.keysTotal > 0;
    if (keyWanted && health.keysReady == 0) {
        health.state = refused ? ProviderHealth::State::KeyRefused : ProviderHealth::State::NoKey;
        if (refused) health.problem = "The provider refused the key. Replace it or test it again.";
        if (health.problem.empty()) health.problem = "No key yet. Add one.";
    } else if (secrets.stateOf(provider.id)->down.load()) {
        health.state = ProviderHealth::State::Failing;
        health.problem =
            "The health checks fail: this provider cannot be reached, or answers with errors. Its "
            "targets come last until it is back.";
    } else if (secrets.stateOf(provider.id)->failuresInARow.load() >= kFailing) {
        health.state = ProviderHealth::State::Failing;
        health.problem = "The last requests to this provider failed. See Requests.";
    }
    return health;
}

} // namespace gateway::engine
