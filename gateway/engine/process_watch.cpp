// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process_watch.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

namespace gateway::engine {

namespace {

constexpr std::size_t kMostWaiting = 512; // more connections at once are somebody's test
constexpr std::size_t kMostSeen = 16;

} // namespace

void ProcessWatch::find(std::shared_ptr<pipeline::ClientOrigin> origin, std::uint16_t clientPort,
                        std::uint16_t ourPort)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopped && m_questions.size() < kMostWaiting) {
            try {
                if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
                m_questions.push_back({std::move(origin), {clientPort, ourPort}});
                m_wake.notify_one();
                return;
            } catch (const std::exception&) {
                // No thread or no memory: the request goes on without.
            }
        }
    }
    if (origin) origin->settle({});
}

void ProcessWatch::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

void ProcessWatch::run()
{
    using Clock = std::chrono::steady_clock;
    Clock::duration rest{0};
    for (;;) {
        std::vector<Question> questions;
        {
            std::unique_lock lock(m_mutex);
            // However many connections are opened, half of a processor at most goes into looking.
            m_wake.wait_for(lock, rest, [this] { return m_stopped; });
            m_wake.wait(lock, [this] { return m_stopped || !m_questions.empty(); });
            questions.swap(m_questions);
            if (m_stopped) {
                lock.unlock();
                for (const Question& each : questions)
                    each.origin->settle({});
                return;
            }
        }
        const Clock::time_point begin = Clock::now();
        try {
            answer(questions);
        } catch (const std::exception&) {
            // Memory ran out.
            for (const Question& each : questions) {
                if (!each.origin->facts()) each.origin->settle({});
            }
        }
        rest = Clock::now() - begin;
    }
}

void ProcessWatch::answer(std::vector<Question>& questions)
{
    std::vector<ClientSocket> sockets;
    sockets.reserve(questions.size());
    for (const Question& each : questions)
        sockets.push_back(each.socket);
    findProcesses(sockets, m_seen);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const int process = sockets[i].process;
        if (process != 0) remember(process);
        questions[i].origin->settle(process != 0 ? originOf(process) : pipeline::OriginFacts());
    }
}

/// A tool opens connection after connection.
void ProcessWatch::remember(int process)
{
    std::erase(m_seen, process);
    m_seen.insert(m_seen.begin(), process);
    if (m_seen.size() > kMostSeen) m_seen.pop_back();
}

} // namespace gateway::engine
