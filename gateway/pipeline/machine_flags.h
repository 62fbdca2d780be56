// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace gateway::pipeline {

/// A name that one thread finds out and others ask for. Any thread.
class NetworkName {
public:
    void set(std::string name)
    {
        const std::lock_guard lock(m_mutex);
        m_name = std::move(name);
    }
    [[nodiscard]] std::string text() const
    {
        const std::lock_guard lock(m_mutex);
        return m_name;
    }

private:
    mutable std::mutex m_mutex;
    std::string m_name;
};

/// How the machine is doing, for conditions. Written by the engine's owner, read by any thread.
struct MachineFlags {
    std::atomic<bool> online{true};   // there is a way out of this machine
    std::atomic<bool> metered{false}; // which costs by what it carries
    std::atomic<bool> battery{false}; // it runs on its battery
    NetworkName network; // of the wireless network, or else of the interface that leads out; empty: neither
};

} // namespace gateway::pipeline
