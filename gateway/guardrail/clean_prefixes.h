// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// How far values of requests were read before without a find. A conversation's list of messages begins like
/// the one that was sent a turn earlier: only what is new has to be read. Kept by a hash of everything
/// before, with a seed that nobody knows, so that nobody can make up texts that are taken for others. A table
/// of a fixed size, where a newer mark takes an older one's place: what is forgotten is read again. Any
/// thread; no locks.
class CleanPrefixes {
public:
    /// What is read is known by the block.
    static constexpr std::size_t kBlock = 1024;
    static constexpr std::size_t kMarks = std::size_t{1} << 15;

    /// So much of a value was read.
    struct Mark {
        std::uint32_t offset = 0;   // in bytes
        std::uint32_t messages = 0; // that end before
        bool operator==(const Mark&) const = default;
    };

    CleanPrefixes();

    /// Of a few bytes and what they are to be told apart by.
    [[nodiscard]] std::uint64_t hashOf(std::string_view bytes, std::uint64_t apart) const;
    /// Of all beginnings of a value: the i-th of i + 1 whole blocks, the last of all of it. `apart`: who
    /// reads it, and what it is. Never empty.
    [[nodiscard]] std::vector<std::uint64_t> hashesOf(std::string_view value, std::uint64_t apart) const;
    [[nodiscard]] std::optional<Mark> find(std::uint64_t hash) const;
    void keep(std::uint64_t hash, Mark mark);

private:
    /// Written without a lock: the first half is the hash with the mark in it, so that halves of two writers
    /// are taken for no mark.
    struct Slot {
        std::uint64_t proof = 0, mark = 0;
    };
    struct Release {
        void operator()(Slot* table) const { std::free(table); }
    };
    [[nodiscard]] Slot& slotOf(std::uint64_t hash) const { return m_slots.get()[hash % kMarks]; }

    std::uint64_t m_seed;
    std::unique_ptr<Slot, Release> m_slots; // kMarks of them; their memory is taken when they are used
};

} // namespace gateway::guardrail
