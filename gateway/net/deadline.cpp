// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/deadline.h"

#include <algorithm>
#include <utility>

namespace gateway::net {

DeadlineSweeper::DeadlineSweeper(boost::asio::io_context& context) : m_timer(context) {}

void DeadlineSweeper::stop()
{
    m_stopped = true;
    m_timer.cancel();
}

void DeadlineSweeper::add(Deadline* deadline)
{
    deadline->m_index = m_active.size();
    m_active.push_back(deadline);
}

void DeadlineSweeper::remove(Deadline* deadline)
{
    if (deadline->m_index != Deadline::kNone) {
        m_active.back()->m_index = deadline->m_index;
        m_active[deadline->m_index] = m_active.back();
        m_active.pop_back();
        deadline->m_index = Deadline::kNone;
    }
    std::replace(m_expiring.begin(), m_expiring.end(), deadline, static_cast<Deadline*>(nullptr));
}

void DeadlineSweeper::wake(Clock::time_point at)
{
    if (at >= m_wakeAt || m_stopped) return;
    m_wakeAt = at;
    m_timer.expires_at(at);
    m_timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) sweep();
    });
}

void DeadlineSweeper::sweep()
{
    m_wakeAt = Clock::time_point::max();
    const auto now = Clock::now();
    for (std::size_t i = 0; i < m_active.size();) {
        if (m_active[i]->m_at <= now) {
            Deadline* due = m_active[i];
            remove(due);
            m_expiring.push_back(due);
        } else {
            ++i;
        }
    }
    for (std::size_t i = 0; i < m_expiring.size(); ++i) {
        if (!m_expiring[i]) continue;
        // A copy: the call may end the deadline, and with it the function that runs.
        const std::function<void()> expired = std::exchange(m_expiring[i], nullptr)->m_expired;
        expired();
    }
    m_expiring.clear();
    auto next = Clock::time_point::max();
    for (const Deadline* deadline : m_active)
        next = std::min(next, deadline->m_at);
    if (next != Clock::time_point::max()) wake(next);
}

Deadline::Deadline(DeadlineSweeper& sweeper, std::function<void()> expired)
    : m_sweeper(sweeper), m_expired(std::move(expired))
{
}

Deadline::~Deadline()
{
    clear();
}

void Deadline::set(Clock::time_point at)
{
    m_at = at;
    if (m_index == kNone) m_sweeper.add(this);
    m_sweeper.wake(at);
}

void Deadline::clear()
{
    m_sweeper.remove(this);
}

} // namespace gateway::net
