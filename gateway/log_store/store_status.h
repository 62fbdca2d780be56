// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace gateway::log_store {

/// What others may know of the store at any time. Any thread.
struct StoreStatus {
    std::atomic<std::int64_t> lastLoggedId{0};
    std::atomic<std::uint64_t> loggedRows{0}, lostRows{0};

    void setProblem(std::string text)
    {
        const std::lock_guard lock(m_mutex);
        m_problem = std::move(text);
    }
    [[nodiscard]] std::string problem() const
    {
        const std::lock_guard lock(m_mutex);
        return m_problem;
    }

private:
    mutable std::mutex m_mutex;
    std::string m_problem;
};

} // namespace gateway::log_store
