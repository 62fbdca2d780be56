// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gateway::pipeline {

/// What agents' sessions have spent since the start, and how far the user lets one go on that was asked
/// about. Any thread. Of very many, those that were used longest ago are forgotten, and begin at nothing.
class LoopSessions {
public:
    struct Session {
        std::int64_t spent = 0; // nano-dollars
        // On the user's word, up to here; 0: the configuration's limits hold.
        std::uint32_t sameCalls = 0, idleTurns = 0;
        std::int64_t spend = 0;
    };

    void charge(const std::string& name, std::int64_t nanos);
    [[nodiscard]] Session find(const std::string& name);
    /// What is more than it had; 0 leaves what there is.
    void letGoOn(const std::string& name, const Session& upTo);

    static constexpr std::size_t kMost = 10'000;

private:
    using Order = std::list<std::string>; // the one used last in front
    struct Entry {
        Session session;
        Order::iterator place;
    };
    Session& touch(const std::string& name);

    std::mutex m_mutex;
    Order m_order;
    std::unordered_map<std::string, Entry> m_entries;
};

} // namespace gateway::pipeline
