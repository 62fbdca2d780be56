// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gateway/snapshot.h"

namespace gateway::pipeline {

/// Of the process that opened a connection; what the system does not tell is empty.
struct OriginFacts {
    std::string program;    // its name; of an interpreter, the script's
    std::string folder;     // that it works in
    std::string repository; // the top folder of the git repository that this is in
    bool operator==(const OriginFacts&) const = default;
};

/// Who opened one connection, found out beside its requests. Shared by the connection's exchanges, which read
/// it on their IO thread, and the source, which settles it once on its own.
class ClientOrigin {
public:
    /// Null until it is known, then constant.
    [[nodiscard]] const OriginFacts* facts() const
    {
        return m_known.load(std::memory_order_acquire) ? &m_facts : nullptr;
    }
    /// The source's thread, once.
    void settle(OriginFacts facts)
    {
        std::vector<std::function<void()>> waiting;
        {
            const std::lock_guard lock(m_mutex);
            m_facts = std::move(facts);
            m_known.store(true, std::memory_order_release);
            waiting.swap(m_waiting);
        }
        for (const auto& told : waiting)
            told();
    }
    /// `told` is called on the source's thread, or at once where it is known.
    void whenKnown(std::function<void()> told)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_known.load(std::memory_order_relaxed)) {
                m_waiting.push_back(std::move(told));
                return;
            }
        }
        told();
    }

private:
    std::atomic<bool> m_known{false};
    OriginFacts m_facts;
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_waiting; // m_mutex
};

/// Finds out who opened connections, without making anybody wait. Any IO thread.
class OriginSource {
public:
    virtual ~OriginSource() = default;
    /// Both ports as the client sees them: its own, and the one it is connected to.
    virtual void find(std::shared_ptr<ClientOrigin> origin, std::uint16_t clientPort,
                      std::uint16_t ourPort) = 0;
};

/// Writes into the row what is known by now.
inline void noteOrigin(const std::shared_ptr<ClientOrigin>& origin, LogRow& row)
{
    const OriginFacts* facts = origin ? origin->facts() : nullptr;
    if (!facts) return;
    row.program = facts->program;
    row.folder = facts->folder;
    row.repository = facts->repository;
}

} // namespace gateway::pipeline
