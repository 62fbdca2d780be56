// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/target_fitness.h"

#include <algorithm>

#include "pipeline/provider_health.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

using routing::Setback;

Setback unsuitable(const Runtime& runtime, const ProviderRuntime& provider, std::string_view model,
                   const Demands& demands)
{
    const auto context = runtime.context(provider, model);
    if (context && demands.tokens > *context) return Setback::Context;
    const catalog::CatalogModel* row = runtime.catalogRow(provider, model);
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

Setback setbackOf(const routing::Target& target, const Runtime& runtime,
                  const std::optional<Demands>& demands, std::int64_t now)
{
    const ProviderRuntime* provider = runtime.findProvider(target.provider.text);
    if (!provider) return Setback::Undecided;
    const std::int64_t tokens = demands ? demands->tokens : 0;
    const Setback misfit =
        demands ? unsuitable(runtime, *provider, target.model, *demands) : Setback::Undecided;
    if (misfit != Setback::Undecided) return misfit;
    if (provider->state && provider->state->down.load(std::memory_order_relaxed)) return Setback::Down;
    if (keysAreAside(*provider, now)) return Setback::Keys;
    if (keysLackRoom(*provider, tokens, now)) return Setback::Headroom;
    const routing::TargetState* state = runtime.stateOf(target.provider.text, target.model);
    if (!state) return Setback::Undecided;
    if (state->isAside(now)) return Setback::Circuit;
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
    for (routing::Target& target : targets)
        target.setback = setbackOf(target, runtime, demands, nowMicros);
    std::stable_sort(targets.begin(), targets.end(),
                     [](const routing::Target& left, const routing::Target& right) {
                         return rankOf(left.setback) < rankOf(right.setback);
                     });
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
