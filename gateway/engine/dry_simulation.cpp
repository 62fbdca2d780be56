// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dry_simulation.h"

#include <algorithm>
#include <string>

#include "base/nearest_name.h"
#include "base/strings.h"

namespace gateway::engine {

namespace {

using Simulated = DrySimulation::Kind;

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kSlowFirstToken = 60'000'000;
constexpr double kSlowToken = 1'000'000;

struct Named {
    std::string_view provider, model; // no model: all
};

Named split(std::string_view target)
{
    const auto slash = target.find('/');
    if (slash == std::string_view::npos) return {target, {}};
    return {target.substr(0, slash), target.substr(slash + 1)};
}

/// The same with the listed name where it names a model by its alias.
Named split(std::string_view target, const Config& config)
{
    Named named = split(target);
    const ProviderConfig* provider = config.findProvider(named.provider);
    if (provider && !named.model.empty()) named.model = routing::listedName(*provider, named.model);
    return named;
}

bool isMeant(const Named& named, std::string_view provider, std::string_view model)
{
    return named.provider == provider && (named.model.empty() || named.model == model);
}

/// "provider/model" of every target that routes lead to; a model's alias stands for the listed name.
std::vector<std::pair<std::string, std::string>> routedTargets(const Config& config)
{
    std::vector<std::pair<std::string, std::string>> found;
    for (const RouteConfig& route : config.routes) {
        for (const TargetConfig& target : route.targets) {
            if (!target.route.empty()) continue;
            const ProviderConfig* provider = config.findProvider(target.provider.text);
            found.emplace_back(target.provider.text,
                               provider ? routing::listedName(*provider, target.model) : target.model);
        }
    }
    return found;
}

bool isKnown(std::string_view target, const pipeline::Runtime& runtime)
{
    const Named named = split(target, *runtime.config);
    const pipeline::ProviderRuntime* provider = runtime.findProvider(named.provider);
    if (!provider) return false;
    if (named.model.empty()) return target.find('/') == std::string_view::npos;
    return runtime.stateOf(named.provider, named.model) || runtime.serves(provider->config, named.model);
}

void fail(routing::TargetState& state, std::int64_t now)
{
    routing::BreakerRules rules;
    rules.waitMicros = kHour;
    for (std::uint32_t i = 0; i < rules.failures; ++i)
        state.fail(now, state.begin(now), &rules);
}

void slowDown(routing::TargetState& state, std::int64_t now)
{
    state.firstToken(kSlowFirstToken, now);
    state.tokenTime(kSlowToken, now);
}

void limit(pipeline::ProviderRuntime& provider, std::int64_t now)
{
    if (provider.keys.empty()) {
        pipeline::ProviderKeyRuntime& key = provider.keys.emplace_back();
        key.secret = Secret("simulated");
        key.health = std::make_shared<pipeline::KeyHealth>();
    }
    for (pipeline::ProviderKeyRuntime& key : provider.keys)
        key.health->coolingUntil.store(now + kHour, std::memory_order_relaxed);
}

} // namespace

Outcome checkSimulations(const std::vector<DrySimulation>& simulations, const pipeline::Runtime& runtime)
{
    for (const DrySimulation& each : simulations) {
        if (isKnown(each.target, runtime)) continue;
        std::vector<std::string> names;
        for (const pipeline::ProviderRuntime& provider : runtime.providers)
            names.push_back(provider.config.id.text);
        for (const auto& [provider, model] : routedTargets(*runtime.config))
            names.emplace_back(provider).append(1, '/').append(model);
        return clientError(Code::InvalidRequest, "There is no target `" + shortened(each.target, 100) +
                                                     "` to simulate; needs a provider, or provider/model." +
                                                     didYouMean(each.target, names));
    }
    return Done{};
}

void seedSimulations(const std::vector<DrySimulation>& simulations, pipeline::Runtime& runtime,
                     std::int64_t nowMicros)
{
    for (const DrySimulation& each : simulations) {
        const Named named = split(each.target, *runtime.config);
        if (each.kind == Simulated::Limited) {
            for (pipeline::ProviderRuntime& provider : runtime.providers) {
                if (provider.config.id.text == named.provider) limit(provider, nowMicros);
            }
            continue;
        }
        for (const auto& [provider, model] : routedTargets(*runtime.config)) {
            routing::TargetState* state = runtime.stateOf(provider, model);
            if (!state || !isMeant(named, provider, model)) continue;
            if (each.kind == Simulated::Down && !state->isAside(nowMicros)) fail(*state, nowMicros);
            if (each.kind == Simulated::Slow) slowDown(*state, nowMicros);
        }
    }
}

bool isDown(const std::vector<DrySimulation>& simulations, const Config& config, std::string_view provider,
            std::string_view model)
{
    return std::any_of(simulations.begin(), simulations.end(), [&](const DrySimulation& each) {
        return each.kind == Simulated::Down && isMeant(split(each.target, config), provider, model);
    });
}

} // namespace gateway::engine
