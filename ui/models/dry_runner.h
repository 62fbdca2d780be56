// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QString>

#include "gateway/config.h"
#include "gateway/dry_run.h"

namespace ui {

/// What a dry run said, or why there was none.
struct DryAnswer {
    gateway::DryRun run;
    QString problem;
};

/// gateway::dryRun on a thread of Qt's pool, over values of its own: reading the catalog takes a while. The
/// future completes on the caller's thread.
[[nodiscard]] QFuture<DryAnswer> startDryRun(const gateway::Config& config, const QString& dataFolder,
                                             const QString& body, const gateway::RouteId& route);

} // namespace ui
