// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace gateway::net {

using Clock = std::chrono::steady_clock;
class Deadline;

/// All deadlines of one IO thread behind a single timer. Moving a deadline later, which every byte of traffic
/// does, only writes a number; the timer runs to the earliest one known when it was set. IO thread only.
class DeadlineSweeper {
public:
    explicit DeadlineSweeper(boost::asio::io_context& context);
    void stop();

private:
    friend class Deadline;
    void add(Deadline* deadline);
    void remove(Deadline* deadline);
    void wake(Clock::time_point at);
    void sweep();

    boost::asio::steady_timer m_timer;
    std::vector<Deadline*> m_active;
    std::vector<Deadline*> m_expiring; // being called; entries of deadlines that end meanwhile become null
    Clock::time_point m_wakeAt = Clock::time_point::max();
    bool m_stopped = false;
};

/// Calls `expired` once when its time comes, unless it is moved or cleared before.
class Deadline {
public:
    Deadline(DeadlineSweeper& sweeper, std::function<void()> expired);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline();

    void set(Clock::time_point at);
    void setIn(Clock::duration time) { set(Clock::now() + time); }
    void clear();
    [[nodiscard]] bool active() const { return m_index != kNone; }
    [[nodiscard]] Clock::time_point at() const { return m_at; }

private:
    friend class DeadlineSweeper;
    static constexpr std::size_t kNone = ~std::size_t{0};

    DeadlineSweeper& m_sweeper;
    std::function<void()> m_expired;
    Clock::time_point m_at;
    std::size_t m_index = kNone;
};

} // namespace gateway::net
