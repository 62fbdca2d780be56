// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include "gateway/snapshot.h"

#include "log_store/later_costs.h"

namespace gateway::log_store {

/// The questions to the log, all read-only, on the connection's thread. `error` is set where one failed; what
/// is returned is then incomplete. Nothing a user wrote is ever part of a statement.
[[nodiscard]] LogPage selectPage(const QSqlDatabase& sql, const LogQuery& query, QSqlError& error);
/// `nowMicros` is the end of a span that is left open.
[[nodiscard]] Figures selectFigures(const QSqlDatabase& sql, const FiguresQuery& query,
                                    std::int64_t nowMicros, QSqlError& error);
/// Costliest first. Empty for a `by` that is none.
[[nodiscard]] std::vector<UsageRow> selectUsage(const QSqlDatabase& sql, const UsageQuery& query,
                                                QSqlError& error);
/// Rows of requests of whose cost nothing is known, the oldest first, from an id on.
[[nodiscard]] std::vector<LogRow> selectUnpriced(const QSqlDatabase& sql, std::int64_t fromId, int limit,
                                                 QSqlError& error);
/// What was used of a provider, by its own days and by model, in a span of time.
[[nodiscard]] std::vector<DayUse> selectDays(const QSqlDatabase& sql, const std::string& provider,
                                             std::int64_t sinceMicros, std::int64_t untilMicros,
                                             QSqlError& error);
/// Of keys that were used within 90 days before.
[[nodiscard]] std::vector<KeyUse> selectKeyUses(const QSqlDatabase& sql, std::int64_t nowMicros,
                                                QSqlError& error);
/// From the second column on, in the order of UsageRow's figures: the first is for whoever asked.
[[nodiscard]] UsageRow usageAt(const QSqlQuery& select);
[[nodiscard]] bool isUsageColumn(const std::string& by);

/// What usage can be divided by, in SQL.
struct UsageColumn {
    const char* name;
    const char* expression;
    const char* from;
};
[[nodiscard]] const UsageColumn* findUsageColumn(const std::string& by); // null: there is none

/// The smallest id of that moment; open ends and moments beyond the range are clamped.
[[nodiscard]] std::int64_t firstIdAt(std::int64_t micros);

/// A row that did not give a good answer, in SQL.
inline constexpr const char* kIsFailure = "(status<200 OR status>=400 OR error_code IS NOT NULL)";

} // namespace gateway::log_store
