// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/plan_limits.h"

#include "pipeline/target_fitness.h"

namespace gateway::pipeline {

namespace {

bool meets(const ProviderRuntime& provider, DataWish wish)
{
    if (provider.config.local || provider.kind->inProcess()) return true;
    const auto& policy = provider.config.dataPolicy;
    switch (wish) {
    case DataWish::NoTraining:
        return policy && policy->trainsOnData == false;
    case DataWish::ZeroRetention:
        return policy && policy->retentionDays == 0;
    default:
        return false;
    }
}

} // namespace

std::optional<Error> limitToDataWish(std::vector<routing::Target>& targets, const Runtime& runtime,
                                     DataWish wish)
{
    if (wish == DataWish::Undecided) return std::nullopt;
    std::erase_if(targets, [&](const routing::Target& target) {
        const ProviderRuntime* provider = runtime.findProvider(target.provider.text);
        return !provider || !meets(*provider, wish);
    });
    if (!targets.empty()) return std::nullopt;
    return gatewayError(Code::DataPolicy,
                        "No target of this model meets x-turnpike-data-policy. Add one that does, or "
                        "state the provider's data_policy in the configuration.");
}

std::optional<Error> limitToAble(std::vector<routing::Target>& targets,
                                 const routing::Preferences& preferences)
{
    if (!preferences.requireAbilities) return std::nullopt;
    std::erase_if(targets, [](const routing::Target& target) { return lacksAbility(target.setback); });
    if (!targets.empty()) return std::nullopt;
    return clientError(Code::ModelNotFound,
                       "No target of this model can do all that the request asks for, and its `provider` "
                       "object has require_parameters.",
                       "provider.require_parameters");
}

} // namespace gateway::pipeline
