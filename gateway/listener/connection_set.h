// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <unordered_set>

#include "gateway/config.h"

#include "listener/request_handler.h"
#include "net/deadline.h"
#include "net/turn_end.h"

namespace gateway::listener {

class ServerConnection;

/// What the connections of one IO thread share. `open` counts over all threads.
class ConnectionSet {
public:
    ConnectionSet(net::DeadlineSweeper& deadlines, net::TurnEnd& turn, RequestHandler& handler,
                  std::atomic<std::uint32_t>& open)
        : m_deadlines(deadlines), m_turn(turn), m_handler(handler), m_open(open)
    {
    }

    void add(ServerConnection* connection);
    void remove(ServerConnection* connection);
    /// From now on connections close when they fall idle; `empty` is called when none is left.
    void drain(std::function<void()> empty);
    void closeAll();

    [[nodiscard]] net::DeadlineSweeper& deadlines() { return m_deadlines; }
    [[nodiscard]] net::TurnEnd& turn() { return m_turn; }
    [[nodiscard]] RequestHandler& handler() { return m_handler; }
    [[nodiscard]] const ServerLimits& limits() const { return m_limits; }
    void setLimits(const ServerLimits& limits) { m_limits = limits; }
    [[nodiscard]] bool draining() const { return m_draining; }
    /// Over the limit of connections: the newcomer is told so and closed.
    [[nodiscard]] bool full() const { return m_open.load(std::memory_order_relaxed) > m_limits.connections; }

private:
    net::DeadlineSweeper& m_deadlines;
    net::TurnEnd& m_turn;
    RequestHandler& m_handler;
    std::atomic<std::uint32_t>& m_open;
    ServerLimits m_limits;
    std::unordered_set<ServerConnection*> m_connections;
    std::function<void()> m_empty;
    bool m_draining = false;
};

} // namespace gateway::listener
