// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <coroutine>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace gateway::net {

/// Where the coroutines of one IO thread wait until the events at hand have all been looked at, so that they
/// write one right after the other: a peer that the first write wakes is still awake for the next ones. IO
/// thread only.
class TurnEnd {
public:
    explicit TurnEnd(boost::asio::io_context& context) : m_context(context) {}
    TurnEnd(const TurnEnd&) = delete;
    TurnEnd& operator=(const TurnEnd&) = delete;

    /// How many connections there are: with few of them a turn has one event, and waiting for its end would
    /// only cost a look for more.
    void setConnections(std::size_t count) { m_crowded = count >= kCrowd; }

    /// What is done at the end of a turn, where somebody asked for one, before whoever waits goes on. It must
    /// not throw.
    void setFirst(std::function<void()> work) { m_first = std::move(work); }
    /// Asks for an end; whoever waits from now on waits for it. False: this turn has nothing to wait for.
    [[nodiscard]] bool ask()
    {
        if (m_crowded && !m_posted) {
            boost::asio::post(m_context, [this] { resumeAll(); });
            m_posted = true;
        }
        return m_posted;
    }

    [[nodiscard]] bool await_ready() { return !ask(); }
    void await_suspend(std::coroutine_handle<> waiting) { m_waiting.push_back(waiting); }
    void await_resume() const noexcept {}

private:
    static constexpr std::size_t kCrowd = 8;

    void resumeAll()
    {
        m_posted = false;
        if (m_first) m_first();
        m_resumed.swap(m_waiting);
        for (const auto waiting : m_resumed)
            waiting.resume();
        m_resumed.clear();
    }

    boost::asio::io_context& m_context;
    std::function<void()> m_first;
    std::vector<std::coroutine_handle<>> m_waiting, m_resumed;
    bool m_posted = false;
    bool m_crowded = false;
};

} // namespace gateway::net
