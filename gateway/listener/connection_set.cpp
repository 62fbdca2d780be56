// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/connection_set.h"

#include <utility>
#include <vector>

#include "listener/server_connection.h"

namespace gateway::listener {

void ConnectionSet::add(ServerConnection* connection)
{
    m_connections.insert(connection);
    m_turn.setConnections(m_connections.size());
    m_open.fetch_add(1, std::memory_order_relaxed);
}

void ConnectionSet::remove(ServerConnection* connection)
{
    if (m_connections.erase(connection) == 0) return;
    m_turn.setConnections(m_connections.size());
    m_open.fetch_sub(1, std::memory_order_relaxed);
    if (m_draining && m_connections.empty() && m_empty) std::exchange(m_empty, nullptr)();
}

void ConnectionSet::drain(std::function<void()> empty)
{
    m_draining = true;
    m_empty = std::move(empty);
    // Closing removes from the set.
    const std::vector<ServerConnection*> all(m_connections.begin(), m_connections.end());
    for (ServerConnection* connection : all)
        connection->drain();
    if (m_connections.empty() && m_empty) std::exchange(m_empty, nullptr)();
}

void ConnectionSet::closeAll()
{
    const std::vector<ServerConnection*> all(m_connections.begin(), m_connections.end());
    for (ServerConnection* connection : all)
        connection->close();
}

} // namespace gateway::listener
