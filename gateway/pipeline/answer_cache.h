// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "cache/answer_disk.h"
#include "cache/answer_table.h"

namespace gateway::pipeline {

/// The kept answers of all IO threads. Any thread.
struct AnswerCache {
    cache::AnswerTable table{{std::int64_t{512} << 20, std::int64_t{64} << 20}};
    std::atomic<cache::AnswerDisk*> disk{nullptr}; // outlives the threads; null: none, or not open yet
    std::atomic<std::uint64_t> hits{0}, misses{0}, kept{0};
    std::atomic<std::int64_t> savedNanos{0}, savedMicros{0};
};

/// What the answer says, and the tools that it calls; its bytes where it says neither.
[[nodiscard]] std::string wordsOf(const cache::CachedAnswer& answer);

} // namespace gateway::pipeline
