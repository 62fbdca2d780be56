// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/client_process.h"
#include "pipeline/client_origin.h"

namespace gateway::engine {

/// Finds out which processes opened connections, on a thread of its own that begins with the first question:
/// the system is asked once for all that wait, and rests as long as it took. find() on any thread, stop() on
/// the owner's.
class ProcessWatch final : public pipeline::OriginSource {
public:
    ProcessWatch() = default;
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;
    ~ProcessWatch() override { stop(); }

    void find(std::shared_ptr<pipeline::ClientOrigin> origin, std::uint16_t clientPort,
              std::uint16_t ourPort) override;
    /// Those that wait are told that nothing is known.
    void stop();

private:
    struct Question {
        std::shared_ptr<pipeline::ClientOrigin> origin;
        ClientSocket socket;
    };

    void run();
    void answer(std::vector<Question>& questions);
    void remember(int process);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Question> m_questions; // m_mutex
    bool m_stopped = false;            // m_mutex
    std::thread m_thread;              // m_mutex, until it is stopped
    std::vector<int> m_seen;           // the latest first; its own thread
};

} // namespace gateway::engine
