// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/sha256.h"
#include "guardrail/check.h"

namespace gateway::guardrail {

/// What checks have found in texts that they were shown before: an agent sends its whole conversation with
/// each turn. Kept by the text's hash and the check; of many the least used are forgotten. Any thread.
class FindCache {
public:
    /// Who looked: a rule set's number and the rule's place in it.
    struct Looker {
        std::uint64_t set = 0;
        std::size_t rule = 0;
    };
    /// Shorter texts are looked at anew in less time.
    static constexpr std::size_t kWorth = 256;

    [[nodiscard]] std::optional<std::vector<Found>> find(const Sha256& text, Looker looker);
    void keep(const Sha256& text, Looker looker, const std::vector<Found>& found);

private:
    static constexpr std::size_t kMost = 2048;    // entries of a shard
    static constexpr std::size_t kMostFound = 64; // of a text; what has more is looked at anew
    static constexpr std::size_t kShards = 8;

    struct Key {
        Sha256 text;
        std::uint64_t set = 0;
        std::size_t rule = 0;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Entry {
        Key key;
        std::vector<Found> found;
    };
    struct Shard {
        std::mutex mutex;
        std::list<Entry> entries; // the last used first
        std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> places;
    };

    [[nodiscard]] Shard& shardOf(const Key& key) { return m_shards[KeyHash()(key) % kShards]; }

    std::array<Shard, kShards> m_shards;
};

} // namespace gateway::guardrail
