// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

#include "net/task.h"
#include "pipeline/loop_guard.h"

namespace gateway::pipeline {

/// What a look at a conversation finds.
struct LoopSight {
    LoopSigns signs;
    std::uint64_t mark = 0; // of a conversation that is kept here: conversationMark() of all of it
};

/// A look at a conversation while its request is answered. Made on the IO thread, filled in by a worker.
struct LoopWatch {
    LoopSight sight; // once it is done
    std::atomic<bool> done{false};
    net::Signal ended; // IO thread
    bool told = false; // IO thread
};

} // namespace gateway::pipeline
