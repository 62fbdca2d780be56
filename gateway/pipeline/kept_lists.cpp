// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_lists.h"

#include <utility>

namespace gateway::pipeline {

std::shared_ptr<const std::string> KeptLists::find(std::string_view address, std::chrono::seconds keptFor,
                                                   Clock::time_point now) const
{
    const std::lock_guard lock(m_mutex);
    for (const Entry& each : m_entries) {
        if (each.address == address && now - each.since < keptFor) return each.list;
    }
    return nullptr;
}

void KeptLists::keep(std::string_view address, std::string list, Clock::time_point now)
{
    auto shared = std::make_shared<const std::string>(std::move(list));
    const std::lock_guard lock(m_mutex);
    m_entries.remove_if([address](const Entry& each) { return each.address == address; });
    m_entries.push_front({std::string(address), std::move(shared), now, now});
    if (m_entries.size() > kMost) m_entries.pop_back();
}

bool KeptLists::mayAskAnew(std::string_view address, Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    for (Entry& each : m_entries) {
        if (each.address != address) continue;
        if (now - each.asked < kAskAnew) return false;
        each.asked = now;
    }
    return true;
}

} // namespace gateway::pipeline
