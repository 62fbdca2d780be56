// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/loop_sessions.h"

#include <algorithm>

namespace gateway::pipeline {

LoopSessions::Session& LoopSessions::touch(const std::string& name)
{
    const auto found = m_entries.find(name);
    if (found != m_entries.end()) {
        m_order.splice(m_order.begin(), m_order, found->second.place);
        return found->second.session;
    }
    if (m_entries.size() >= kMost) {
        m_entries.erase(m_order.back());
        m_order.pop_back();
    }
    m_order.push_front(name);
    return m_entries.emplace(name, Entry{{}, m_order.begin()}).first->second.session;
}

void LoopSessions::charge(const std::string& name, std::int64_t nanos)
{
    if (nanos <= 0) return;
    const std::lock_guard lock(m_mutex);
    touch(name).spent += nanos;
}

LoopSessions::Session LoopSessions::find(const std::string& name)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(name);
    return found == m_entries.end() ? Session() : found->second.session;
}

void LoopSessions::letGoOn(const std::string& name, const Session& upTo)
{
    const std::lock_guard lock(m_mutex);
    Session& session = touch(name);
    session.sameCalls = std::max(session.sameCalls, upTo.sameCalls);
    session.idleTurns = std::max(session.idleTurns, upTo.idleTurns);
    session.spend = std::max(session.spend, upTo.spend);
}

} // namespace gateway::pipeline
