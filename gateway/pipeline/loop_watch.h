// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

#include "net/task.h"
#include "pipeline/loop_guard.h"

namespace gateway::pipeline {

/// A look at a conversation while its request is answered. Made on the IO thread, filled in by a worker.
struct LoopWatch {
    LoopSigns signs; // once it is done
    std::atomic<bool> done{false};
    net::Signal ended; // IO thread
    bool told = false; // IO thread
};

} // namespace gateway::pipeline
