// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QList>
#include <QPointF>
#include <QString>

#include "gateway/snapshot.h"

namespace ui {

/// The lines of the latency chart: x in milliseconds since 1970, y in milliseconds. Buckets without a good
/// request have no point.
struct LatencyLines {
    QList<QPointF> p50, p95;
    double top = 0; // a round number above every point
};

struct SpendStack {
    QString provider; // empty: all others together
    std::vector<double> dollars;
};

/// The bars of the spend chart: one per `start`, every provider's share in it, greatest spender first.
struct SpendBars {
    std::vector<std::int64_t> starts; // microseconds since 1970
    std::vector<SpendStack> stacks;
    double top = 0;
};

[[nodiscard]] LatencyLines latencyLines(const gateway::Figures& figures);
[[nodiscard]] SpendBars spendBars(const gateway::Figures& figures, std::int64_t barMicros);
/// The smallest of 1, 2, 4, 5, 8 times a power of ten that is not below `value`: an axis of four steps ends
/// there.
[[nodiscard]] double roundedUp(double value);

} // namespace ui
