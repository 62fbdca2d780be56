// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <QString>

#include "gateway/dry_run.h"
#include "gateway/snapshot.h"

namespace ui {

/// Requests that were answered by one target and would now be by another, or by the same.
struct ReplayPair {
    QString from, to; // empty `from`: nobody had answered; empty `to`: nobody would
    int requests = 0;
    int costed = 0; // those of them that are in the sums
    std::int64_t realNanos = 0, estimatedNanos = 0;
    bool operator==(const ReplayPair&) const = default;
};

/// What a draft would have made of requests that were made. A request is in the sums of cost where it was
/// answered and the price of where it would go is known; one that stays where it was counts with what it
/// really cost.
struct Replay {
    QString problem; // why nothing was found out; empty: it was
    bool isSimulated = false;
    int requests = 0;
    int moved = 0;    // were answered, and would go elsewhere
    int standIns = 0; // whose body was not kept, so that one was made up for them
    int failed = 0;   // had no answer; they are neither moved nor in the sums
    int unpriced = 0; // have an answer, and go where no price is known or nobody is
    std::int64_t realNanos = 0, estimatedNanos = 0;
    std::vector<ReplayPair> pairs; // those that move first, then the most requests
};

/// Told after each request. False: the rest is left out.
using ReplayProgress = std::function<bool(std::size_t done, std::size_t all)>;

/// Reads the catalog and may take seconds: not on the GUI thread.
[[nodiscard]] Replay replay(const gateway::Config& config, const QString& dataFolder,
                            const std::vector<gateway::LogRow>& rows, const gateway::DryRunOptions& options,
                            const ReplayProgress& progress = {});

} // namespace ui
