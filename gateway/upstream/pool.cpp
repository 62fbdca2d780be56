// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/pool.h"

#include <algorithm>

namespace gateway::upstream {

namespace {
constexpr std::chrono::seconds kIdle{30};
constexpr std::size_t kPerOrigin = 256;
constexpr std::chrono::milliseconds kSurelyOpen{
    500}; // put back so lately that a look at the socket is not worth it
} // namespace

Pool::Pool(net::DeadlineSweeper& deadlines) : m_expiry(deadlines, [this] { expire(); }) {}

std::unique_ptr<Transport> Pool::take(const std::string& poolKey)
{
    const auto found = m_idle.find(poolKey);
    if (found == m_idle.end()) return nullptr;
    auto& connections = found->second;
    while (!connections.empty()) {
        const bool fresh = net::Clock::now() < connections.back().until - kIdle + kSurelyOpen;
        std::unique_ptr<Transport> transport = std::move(connections.back().transport);
        connections.pop_back();
        if (!fresh && transport->stale()) continue;
        transport->reused = true;
        return transport;
    }
    return nullptr;
}

void Pool::put(std::unique_ptr<Transport> transport)
{
    auto& connections = m_idle[transport->poolKey];
    if (connections.size() >= kPerOrigin) return;
    transport->input().rest();
    const auto until = net::Clock::now() + kIdle;
    connections.push_back({std::move(transport), until});
    if (!m_expiry.active()) m_expiry.set(until);
}

void Pool::clear()
{
    m_idle.clear();
    m_expiry.clear();
}

void Pool::expire()
{
    const auto now = net::Clock::now();
    auto next = net::Clock::time_point::max();
    for (auto it = m_idle.begin(); it != m_idle.end();) {
        auto& connections = it->second;
        std::erase_if(connections, [now](const Idle& idle) { return idle.until <= now; });
        for (const Idle& idle : connections)
            next = std::min(next, idle.until);
        it = connections.empty() ? m_idle.erase(it) : std::next(it);
    }
    if (next != net::Clock::time_point::max()) m_expiry.set(next);
}

} // namespace gateway::upstream
