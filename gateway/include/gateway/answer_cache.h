// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Kept answers, for the window, the command line and the administration.
namespace gateway {

/// Which of them; what is not said does not matter. Names and text are patterns with `*`.
struct CacheFilter {
    std::string key; // 64 hex digits; empty: any
    std::string owner, route, model;
    std::string text;                      // within the prompt, whatever the case of its letters
    std::optional<std::int64_t> olderThan; // seconds since it was made
    bool pinnedToo = true;
    bool operator==(const CacheFilter&) const = default;
};

struct CacheEntry {
    std::string key; // 64 hex digits of what was asked
    std::string owner, route, asked, provider, model;
    std::string prompt;                                 // the beginning of the last user text
    std::int64_t madeAt = 0, expiresAt = 0, usedAt = 0; // seconds since 1970; usedAt 0: never yet
    std::uint32_t hits = 0;
    std::int64_t costNanos = 0;  // what it cost once
    std::int64_t savedNanos = 0; // by its hits
    std::int64_t bytes = 0;
    bool isStream = false;
    bool pinned = false;
};

/// Since the start, but for what is kept.
struct CacheFigures {
    std::uint64_t hits = 0, misses = 0, kept = 0;
    std::int64_t savedNanos = 0, savedMicros = 0;
    std::size_t answers = 0;
    std::int64_t bytes = 0, maxBytes = 0, memoryBytes = 0;
    std::string problem; // why nothing is kept on disk; empty: it is
    bool operator==(const CacheFigures&) const = default;
};

} // namespace gateway
