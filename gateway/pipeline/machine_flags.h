// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

namespace gateway::pipeline {

/// How the machine is doing, for conditions. Written by the engine's owner, read by any thread.
struct MachineFlags {
    std::atomic<bool> online{true};   // there is a way out of this machine
    std::atomic<bool> metered{false}; // which costs by what it carries
    std::atomic<bool> battery{false}; // it runs on its battery
};

} // namespace gateway::pipeline
