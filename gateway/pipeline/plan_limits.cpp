// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/plan_limits.h"

#include "pipeline/target_fitness.h"

namespace gateway::pipeline {

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
