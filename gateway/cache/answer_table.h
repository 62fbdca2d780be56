// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/sha256.h"
#include "cache/cached_answer.h"

namespace gateway::cache {

/// What is known of a kept answer without its bytes.
struct AnswerNote {
    Sha256 key = {};
    std::int64_t bytes = 0;
    std::int64_t costNanos = 0;
    std::int64_t madeAt = 0, expiresAt = 0, usedAt = 0; // seconds since 1970; usedAt 0: not yet
    std::uint32_t hits = 0;
    bool pinned = false; // neither expires nor is dropped for want of room
};

/// Which answers are kept, and the bytes of those that were used lately. What is dropped for want of room is
/// what saved least for its size, older uses counting less (GreedyDual-Size of P. Cao and S. Irani,
/// Cost-Aware WWW Proxy Caching Algorithms, 1997). Any thread: eight parts, each with a lock of its own that
/// is held for a look-up. No I/O: whoever owns this keeps the rest on disk.
class AnswerTable {
public:
    struct Limits {
        std::int64_t keptBytes = 0;   // of all answers
        std::int64_t memoryBytes = 0; // of those whose bytes are here
        std::size_t most = 100'000;   // answers
    };
    struct Found {
        std::shared_ptr<const CachedAnswer> answer; // null: its bytes are on disk
        std::int64_t madeAt = 0;
        bool isKnown = false;
    };
    struct Figures {
        std::size_t answers = 0;
        std::int64_t bytes = 0, memoryBytes = 0;
    };

    explicit AnswerTable(Limits limits) : m_limits(limits) {}

    /// Answers that are over are not found. `maxAge`: seconds; older ones are not.
    [[nodiscard]] Found find(const Sha256& key, std::int64_t now,
                             const std::optional<std::int64_t>& maxAge = {}) const;
    /// In place of one of the same key. The answers that had to go for it; itself, where it is too large.
    [[nodiscard]] std::vector<Sha256> keep(std::shared_ptr<const CachedAnswer> answer);
    /// One that is on disk; not if there is a newer one. The answers that had to go for it.
    [[nodiscard]] std::vector<Sha256> know(const AnswerNote& note);
    /// The bytes of a known one were read.
    void warm(std::shared_ptr<const CachedAnswer> answer);
    /// It was given to somebody.
    void noteHit(const Sha256& key, std::int64_t now);
    void pin(const Sha256& key, bool pinned);
    void forget(const Sha256& key);
    void forgetAll(bool pinnedToo = true);
    [[nodiscard]] std::optional<AnswerNote> noteOf(const Sha256& key) const;
    /// Those that are over by now, and are dropped with this.
    [[nodiscard]] std::vector<Sha256> takeExpired(std::int64_t now);
    [[nodiscard]] Figures figures() const;
    void setLimits(Limits limits);

    /// What stands for a request byte for byte: its canonical key, and what its client gets, where that is
    /// ready. Of very many the oldest are forgotten.
    struct Alias {
        Sha256 key = {};
        std::shared_ptr<const ReadyAnswer> ready; // null: not yet
    };
    [[nodiscard]] std::optional<Alias> aliasOf(const Sha256& raw) const;
    void noteAlias(const Sha256& raw, Alias alias);

private:
    struct KeyHash {
        std::size_t operator()(const Sha256& key) const
        {
            std::size_t value = 0;
            std::memcpy(&value, key.data(), sizeof value); // any part of it is as good as random
            return value;
        }
    };
    struct Slot {
        AnswerNote note;
        std::shared_ptr<const CachedAnswer> answer;
        double worth = 0;
        std::uint64_t turn = 0;             // in which that was found
        std::list<Sha256>::iterator recent; // of Part::recent, where `answer` is not null
    };
    /// What goes first: what is worth least, of the same worth the older.
    struct Rank {
        double worth = 0;
        std::uint64_t turn = 0;
        Sha256 key = {};
        bool operator<(const Rank& other) const
        {
            return std::tie(worth, turn, key) < std::tie(other.worth, other.turn, other.key);
        }
    };
    struct AliasSlot {
        Alias alias;
        std::list<Sha256>::iterator place;
    };
    struct Part {
        mutable std::mutex mutex;
        std::unordered_map<Sha256, Slot, KeyHash> entries;
        std::set<Rank> byWorth;   // but those that are pinned
        std::list<Sha256> recent; // those in memory, the latest used first
        std::unordered_map<Sha256, AliasSlot, KeyHash> aliases;
        std::list<Sha256> aliasOrder; // the newest first
        std::int64_t bytes = 0, memoryBytes = 0, aliasBytes = 0;
        double floor = 0; // worth of what went last
        std::uint64_t turns = 0;
    };

    static constexpr std::size_t kParts = 8;

    [[nodiscard]] Part& partOf(const Sha256& key) const { return m_parts[key[31] % kParts]; }
    static void value(Part& part, Slot& slot);
    static void cool(Part& part, Slot& slot);
    static void drop(Part& part, std::unordered_map<Sha256, Slot, KeyHash>::iterator at);
    static void dropAlias(Part& part, std::unordered_map<Sha256, AliasSlot, KeyHash>::iterator at);
    Slot& place(Part& part, const AnswerNote& note);
    void warmSlot(Part& part, Slot& slot, std::shared_ptr<const CachedAnswer> answer);
    [[nodiscard]] std::vector<Sha256> makeRoom(Part& part);

    mutable std::array<Part, kParts> m_parts;
    Limits m_limits; // changed under the locks of all parts
};

} // namespace gateway::cache
