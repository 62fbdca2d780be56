// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/inline_circuits.h"

#include <string>

namespace gateway::pipeline {

std::shared_ptr<routing::TargetState> InlineCircuits::of(std::string_view key, std::string_view config,
                                                         std::string_view at)
{
    std::string text(key);
    text.append(1, '\0').append(config).append(1, '\0').append(at);
    const Sha256 name = sha256(text);
    const std::lock_guard lock(m_mutex);
    auto& state = m_states[name];
    if (state) return state;
    state = std::make_shared<routing::TargetState>();
    auto made = state;
    m_order.push_back(name);
    if (m_order.size() > kMost) {
        m_states.erase(m_order.front());
        m_order.pop_front();
    }
    return made;
}

} // namespace gateway::pipeline
