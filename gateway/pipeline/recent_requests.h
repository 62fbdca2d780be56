// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/ids.h"

#include "routing/target_state.h"

namespace gateway::pipeline {

/// Which targets answered the last requests, so that they can be rated. Any thread: a request belongs to the
/// shard that its id says, and each shard has a lock that is held for a look or an entry only.
class RecentRequests {
public:
    static constexpr std::size_t kKept = 4096;

    struct Request {
        RequestId id;
        std::string_view trace;                      // empty: none
        std::string_view key;                        // the virtual key's name; empty: none was needed
        std::shared_ptr<routing::TargetState> state; // null: no route leads to its target
    };
    /// A target's state; null where nothing is learned of it.
    using Found = std::shared_ptr<routing::TargetState>;

    void add(const Request& request);
    /// Nothing: there is none of late, or another key made it.
    [[nodiscard]] std::optional<Found> find(RequestId id, std::string_view key) const;
    /// The last of that trace.
    [[nodiscard]] std::optional<Found> findTrace(std::string_view trace, std::string_view key) const;

private:
    struct Entry {
        std::int64_t id = 0;
        std::size_t trace = 0, key = 0; // hashes
        Found state;
    };
    static constexpr std::size_t kShards = 16;
    struct Shard {
        mutable std::mutex lock;
        std::vector<Entry> ring;
        std::size_t next = 0; // that is overwritten next, once the ring is full
    };
    [[nodiscard]] static std::size_t placeOf(RequestId id);

    std::array<Shard, kShards> m_shards;
};

} // namespace gateway::pipeline
