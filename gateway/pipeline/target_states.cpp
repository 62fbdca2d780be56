// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/target_states.h"

namespace gateway::pipeline {

std::shared_ptr<routing::TargetState> TargetStates::stateOf(const std::string& provider,
                                                            const std::string& model)
{
    auto& state = m_states[{provider, model}];
    if (!state) state = std::make_shared<routing::TargetState>();
    return state;
}

std::shared_ptr<std::atomic<std::uint64_t>> TargetStates::turnsOf(const std::string& route)
{
    auto& turns = m_turns[route];
    if (!turns) turns = std::make_shared<std::atomic<std::uint64_t>>(0);
    return turns;
}

} // namespace gateway::pipeline
