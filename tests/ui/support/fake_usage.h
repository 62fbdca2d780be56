// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "gateway/snapshot.h"

namespace ui {

/// What made-up rows used. A question with an end is also about a made-up past of them, some weeks long: what
/// they are, at other hours of earlier days.
[[nodiscard]] std::vector<gateway::UsageRow> madeUpUsage(const std::vector<gateway::LogRow>& rows,
                                                         const gateway::UsageQuery& query);
[[nodiscard]] std::vector<gateway::UsagePoint> madeUpSeries(const std::vector<gateway::LogRow>& rows,
                                                            const gateway::UsageSeriesQuery& query);
/// The answer to a provider's export, whatever is in it: 3 days, 2 models, some of it different.
[[nodiscard]] gateway::Reconciliation madeUpReconciliation();

} // namespace ui
