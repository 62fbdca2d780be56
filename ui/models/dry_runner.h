// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QFuture>
#include <QString>

#include "gateway/config.h"
#include "gateway/dry_run.h"
#include "gateway/route_tests.h"
#include "gateway/snapshot.h"

#include "models/route_replay.h"

/// What the engine can say of a configuration without a request being sent. Each runs on a thread of Qt's
/// pool, over values of its own: reading the catalog takes a while. Futures complete on the caller's thread;
/// the longer ones tell their progress and can be cancelled, and then complete without a result.
namespace ui {

/// A configuration, and the folder that has what the program was told of models.
struct DryGround {
    gateway::Config config;
    QString dataFolder;
};

/// What a dry run said, or why there was none.
struct DryAnswer {
    gateway::DryRun run;
    QString problem;
};

struct DryQuestion {
    QString body;
    gateway::DryRunOptions options;
    std::optional<gateway::LogRow> logged = {}; // of the request, where it was made
    gateway::DryHeaders headers = {};           // of one that was not made
};
[[nodiscard]] QFuture<DryAnswer> startDryRun(const DryGround& ground, const DryQuestion& question);

using RouteTestResults = std::vector<gateway::RouteTestResult>;
[[nodiscard]] QFuture<RouteTestResults> startRouteTests(const DryGround& ground,
                                                        const gateway::RouteId& route);
/// Those of all routes, for a change of `changed`. Of another route's that fails it is said where it does so
/// by what is in force as well.
[[nodiscard]] QFuture<RouteTestResults>
startAllRouteTests(const DryGround& ground, const gateway::Config& inForce, const gateway::RouteId& changed);

/// Requests that were made, by another draft.
[[nodiscard]] QFuture<Replay> startReplay(const DryGround& ground, std::vector<gateway::LogRow> rows,
                                          const gateway::DryRunOptions& options);

} // namespace ui
