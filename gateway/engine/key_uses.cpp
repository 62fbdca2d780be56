// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/key_uses.h"

namespace gateway::engine {

void KeyUses::note(std::span<const LogRow> rows)
{
    const std::lock_guard lock(m_mutex);
    for (const LogRow& row : rows) {
        if (row.key.empty()) continue;
        const auto found = m_uses.find(row.key);
        KeyUse& use = found == m_uses.end() ? m_uses[row.key] : found->second;
        const std::int64_t time = row.id.microseconds();
        if (time < use.lastUsed) continue; // a long request that ended after a shorter one
        use.lastUsed = time;
        // Almost always the same, and then nothing is copied.
        if (use.client != row.client) use.client = row.client;
        if (use.program != row.program) use.program = row.program;
    }
}

void KeyUses::seed(const std::vector<KeyUse>& uses)
{
    const std::lock_guard lock(m_mutex);
    for (const KeyUse& each : uses) {
        KeyUse& use = m_uses[each.id.text];
        if (use.lastUsed < each.lastUsed) use = each;
    }
}

std::vector<KeyUse> KeyUses::all() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<KeyUse> uses;
    uses.reserve(m_uses.size());
    for (const auto& [name, use] : m_uses) {
        uses.push_back(use);
        uses.back().id = VirtualKeyId(name);
    }
    return uses;
}

} // namespace gateway::engine
