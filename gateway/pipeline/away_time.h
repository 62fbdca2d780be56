// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

#include "net/deadline.h"

namespace gateway::pipeline {

/// How long an exchange has waited for others; of waits at the same time, each moment counts once. IO thread
/// only.
class AwayTime {
public:
    /// One wait, from here to end() or the end of its scope.
    class Wait {
    public:
        explicit Wait(AwayTime& sum) : m_sum(&sum) { m_sum->begin(); }
        Wait(const Wait&) = delete;
        Wait& operator=(const Wait&) = delete;
        ~Wait() { end(); }
        void end()
        {
            if (m_sum) m_sum->end();
            m_sum = nullptr;
        }

    private:
        AwayTime* m_sum;
    };

    /// With what is waited for now.
    [[nodiscard]] std::int64_t micros() const
    {
        const net::Clock::duration now =
            m_waits > 0 ? net::Clock::now() - m_since : net::Clock::duration::zero();
        return std::chrono::duration_cast<std::chrono::microseconds>(m_time + now).count();
    }

private:
    void begin()
    {
        if (m_waits++ == 0) m_since = net::Clock::now();
    }
    void end()
    {
        if (--m_waits == 0) m_time += net::Clock::now() - m_since;
    }

    int m_waits = 0;
    net::Clock::time_point m_since;
    net::Clock::duration m_time{};
};

} // namespace gateway::pipeline
