// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/snapshot.h"

#include "accounting/provider_report.h"
#include "log_store/later_costs.h"

namespace gateway::engine {

/// Microseconds; nothing where both are 0.
struct Span {
    std::int64_t since = 0, until = 0;
};
/// The days that a report is about.
[[nodiscard]] Span spanOf(const accounting::ProviderReport& report);

/// Both sides of each day and model, of the kinds of counts that the report tells at all. Names of models
/// that differ in their version only are one model; where a report tells none, a day's are added up.
[[nodiscard]] std::vector<ReconcileRow> compared(const accounting::ProviderReport& report,
                                                 const std::vector<log_store::DayUse>& days);

} // namespace gateway::engine
