// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include <QDateTime>
#include <QString>

#include "gateway/snapshot.h"

namespace ui {

/// When a budget is used up if spending goes on at the pace of its span so far, in microseconds since 1970.
/// Nothing where it lasts until it begins anew, where it is used up already, where too little is spent or too
/// little of the span is over to tell, and for budgets without a span (the last 24 hours, all time).
[[nodiscard]] std::optional<std::int64_t> usedUpAt(const gateway::BudgetState& state,
                                                   gateway::BudgetPeriod per, std::int64_t nowMicros);
/// "Used up on Thursday about 14:00"; empty where usedUpAt() knows nothing.
[[nodiscard]] QString forecastText(const gateway::BudgetState& state, gateway::BudgetPeriod per,
                                   const QDateTime& now);
/// What a day of spending costs at the pace of its span so far; nothing where too little of it is over to
/// tell, and for all time.
[[nodiscard]] std::optional<std::int64_t> dayPace(const gateway::BudgetState& state,
                                                  gateway::BudgetPeriod per, std::int64_t nowMicros);
/// "$1.20 a day"; "—" where dayPace() knows nothing.
[[nodiscard]] QString paceText(const gateway::BudgetState* state, gateway::BudgetPeriod per,
                               const QDateTime& now);

} // namespace ui
