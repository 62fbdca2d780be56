// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace gateway::pipeline {

/// What addresses gave to guardrails that keep it: lists of keys. Of very many addresses those asked longest
/// ago are forgotten. Any thread.
class KeptLists {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kMost = 64;
    static constexpr std::chrono::seconds kAskAnew{60};

    /// Null: there is none, or it is older than that.
    [[nodiscard]] std::shared_ptr<const std::string>
    find(std::string_view address, std::chrono::seconds keptFor, Clock::time_point now) const;
    void keep(std::string_view address, std::string list, Clock::time_point now);
    /// Whether the address may be asked although there is a list of it; if so, not again within a minute. Who
    /// sends names of keys that nobody knows must not make us ask for each.
    [[nodiscard]] bool mayAskAnew(std::string_view address, Clock::time_point now);

private:
    struct Entry {
        std::string address;
        std::shared_ptr<const std::string> list;
        Clock::time_point since, asked;
    };

    mutable std::mutex m_mutex;
    std::list<Entry> m_entries; // the last kept first
};

} // namespace gateway::pipeline
