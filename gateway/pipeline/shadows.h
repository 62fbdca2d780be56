// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "listener/request_handler.h"

namespace gateway::pipeline {

/// How many requests of one IO thread are on their way to a second model without a client (a route's
/// `shadow`). That thread only.
class Shadows {
public:
    static constexpr std::uint32_t kMost = 8;

    /// False: there are enough, or none begins any more. What is let in calls leave().
    [[nodiscard]] bool enter()
    {
        if (m_idle || m_count >= kMost) return false;
        ++m_count;
        return true;
    }
    void leave()
    {
        --m_count;
        if (m_idle && m_count == 0) std::exchange(m_idle, [] {})();
    }
    /// None begins any more; `idle` is called when the last has ended, which may be at once.
    void close(std::function<void()> idle)
    {
        m_idle = std::move(idle);
        if (m_count == 0) std::exchange(m_idle, [] {})();
    }

    /// Ends those under way.
    void cancelAll()
    {
        m_cancelled = true;
        for (listener::Exchange* const each : m_running)
            each->cancel();
    }
    [[nodiscard]] bool cancelled() const { return m_cancelled; }

    /// Shows one that is under way, for as long as this lives.
    class Running {
    public:
        Running(Shadows& shadows, listener::Exchange& exchange) : m_shadows(shadows), m_exchange(exchange)
        {
            m_shadows.m_running.push_back(&m_exchange);
        }
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;
        ~Running() { std::erase(m_shadows.m_running, &m_exchange); }

    private:
        Shadows& m_shadows;
        listener::Exchange& m_exchange;
    };

private:
    std::uint32_t m_count = 0;
    std::vector<listener::Exchange*> m_running;
    bool m_cancelled = false;
    std::function<void()> m_idle; // set: closed
};

} // namespace gateway::pipeline
