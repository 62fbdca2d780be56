// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/sha256.h"
#include "routing/target_state.h"

namespace gateway::pipeline {

/// The circuits of targets whose rules came with requests: of one client and one text of its configuration
/// each, so that nobody opens another one's. The oldest are forgotten. Any thread.
class InlineCircuits {
public:
    static constexpr std::size_t kMost = 1024;

    /// `at`: the target's place in that text.
    [[nodiscard]] std::shared_ptr<routing::TargetState> of(std::string_view key, std::string_view config,
                                                           std::string_view at);

private:
    std::mutex m_mutex;
    std::map<Sha256, std::shared_ptr<routing::TargetState>> m_states;
    std::deque<Sha256> m_order; // in which they came
};

} // namespace gateway::pipeline
