// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "gateway/snapshot.h"

namespace gateway::engine {

/// When each virtual key was used last, and by what: what the log says, and rows since. Any thread.
class KeyUses {
public:
    void note(std::span<const LogRow> rows);
    /// What is known already is newer, and stays.
    void seed(const std::vector<KeyUse>& uses);
    /// By name.
    [[nodiscard]] std::vector<KeyUse> all() const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, KeyUse, std::less<>> m_uses; // m_mutex
};

} // namespace gateway::engine
