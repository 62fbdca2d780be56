// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QSqlDatabase>
#include <QSqlError>

#include "gateway/snapshot.h"

namespace gateway::log_store {

/// Usage by the guardrails that found something, costliest first: a request counts for each of them. What
/// they found stands in the details of rows, which SQL cannot read: every row of the span is looked at.
/// The limit is not obeyed: there are few.
[[nodiscard]] std::vector<UsageRow> selectGuardrailUses(const QSqlDatabase& sql, const UsageQuery& query,
                                                        QSqlError& error);

} // namespace gateway::log_store
