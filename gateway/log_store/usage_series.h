// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QSqlDatabase>
#include <QSqlError>

#include "gateway/snapshot.h"

namespace gateway::log_store {

/// By bucket, then by name. Empty for a `by` that is none, and for "day". `nowMicros` is the end of a span
/// that is left open. Read-only, on the connection's thread; `error` is set where it failed.
[[nodiscard]] std::vector<UsagePoint> selectUsageSeries(const QSqlDatabase& sql,
                                                        const UsageSeriesQuery& query, std::int64_t nowMicros,
                                                        QSqlError& error);

} // namespace gateway::log_store
