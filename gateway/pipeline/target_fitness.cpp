// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/target_fitness.h"

#include <algorithm>
#include <utility>

#include "pipeline/provider_health.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

using routing::Setback;

Setback unsuitable(const TargetFacts& facts, const Demands& demands)
{
    if (facts.context && demands.tokens > *facts.context) return Setback::Context;
    const catalog::CatalogModel* const row = facts.row;
    if (!row) return Setback::Undecided;
    if (demands.tools && !row->tools) return Setback::Tools;
    if (demands.images && !row->modalities.image) return Setback::Images;
    if (demands.others.audio && !row->modalities.audio) return Setback::Audio;
    if (demands.others.schema && !row->jsonSchema) return Setback::Schema;
    if (demands.others.reasoning && !row->reasoning) return Setback::Reasoning;
    return Setback::Undecided;
}

bool isUsedUp(const routing::TargetState& state, const TargetLimits& limits, std::int64_t tokens,
              std::int64_t now)
{
    return (limits.rpm && state.requestsThisMinute(now) >= *limits.rpm) ||
           (limits.tpm && state.tokensThisMinute(now) + tokens > *limits.tpm);
}

Setback setbackOf(const TargetFacts& facts, const routing::Target& target,
                  const std::optional<Demands>& demands, std::int64_t now)
{
    if (!facts.provider) return Setback::Undecided;
    const ProviderRuntime& provider = *facts.provider;
    const std::int64_t tokens = demands ? demands->tokens : 0;
    const Setback misfit = demands ? unsuitable(facts, *demands) : Setback::Undecided;
    if (misfit != Setback::Undecided) return misfit;
    if (provider.state && provider.state->down.load(std::memory_order_relaxed)) return Setback::Down;
    if (keysAreAside(provider, now)) return Setback::Keys;
    if (keysLackRoom(provider, {tokens, RateNeed::markOf(target.model)}, now)) return Setback::Headroom;
    const routing::TargetState* const state = facts.state;
    const routing::TargetState* const own = target.own ? target.own->circuit.get() : nullptr;
    const routing::TargetState* const circuit = own ? own : state;
    if (circuit && circuit->isAside(now)) return Setback::Circuit;
    if (!state) return Setback::Undecided;
    return isUsedUp(*state, target.limits, tokens, now) ? Setback::Limits : Setback::Undecided;
}

int rankOf(Setback setback)
{
    switch (setback) {
    case Setback::Undecided:
        return 0;
    case Setback::Down:
    case Setback::Keys:
    case Setback::Headroom:
    case Setback::Circuit:
    case Setback::Limits:
        return 1;
    default:
        return 2;
    }
}

} // namespace

Demands demandsOf(const dialect::Dialect& dialect, const RoutedRequest& request)
{
    Demands demands;
    demands.tokens = estimatedTokens(request.bytes);
    demands.tools = request.facts && request.facts->hasTools;
    demands.images = request.facts && request.facts->hasImages;
    if (request.body) demands.others = dialect.needs(*request.body);
    return demands;
}

void moveSetBackToEnd(std::vector<routing::Target>& targets, const Runtime& runtime,
                      const std::optional<Demands>& demands, std::int64_t nowMicros)
{
    // Looked at once: all of it changes on other threads meanwhile, and a sort may leave the list then.
    const RouteConfig* route = nullptr;
    const RouteRuntime* known = nullptr; // of that route
    for (routing::Target& target : targets) {
        if (target.route && target.route != std::exchange(route, target.route))
            known = runtime.findRoute(route->id.text);
        const bool found = target.route && known && target.place < known->targets.size();
        const TargetFacts& facts =
            found ? known->targets[target.place] : runtime.factsOf(target.provider.text, target.model);
        target.setback = setbackOf(facts, target, demands, nowMicros);
    }
    const auto before = [](const routing::Target& left, const routing::Target& right) {
        return rankOf(left.setback) < rankOf(right.setback);
    };
    // Mostly nothing has to be moved, and there is much to a target.
    if (!std::is_sorted(targets.begin(), targets.end(), before))
        std::stable_sort(targets.begin(), targets.end(), before);
}

bool lacksAbility(Setback setback)
{
    return setback == Setback::Tools || setback == Setback::Images || setback == Setback::Audio ||
           setback == Setback::Schema || setback == Setback::Reasoning;
}

std::string_view setbackName(Setback setback)
{
    switch (setback) {
    case Setback::Down:
        return "provider_down";
    case Setback::Keys:
        return "keys_aside";
    case Setback::Headroom:
        return "headroom_used";
    case Setback::Circuit:
        return "circuit_open";
    case Setback::Limits:
        return "limits_used";
    case Setback::Tools:
        return "no_tools";
    case Setback::Images:
        return "no_images";
    case Setback::Audio:
        return "no_audio";
    case Setback::Schema:
        return "no_json_schema";
    case Setback::Reasoning:
        return "no_reasoning";
    case Setback::Context:
        return "context_too_small";
    default:
        return {};
    }
}

} // namespace gateway::pipeline
