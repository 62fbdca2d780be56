// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QSqlDatabase>
#include <QSqlError>

#include "log_store/spent_rows.h"

namespace gateway::log_store {

/// From a moment on, which is rounded down to the quarter of an hour, without what ended since it was asked:
/// that much budgets have counted themselves by then. What several targets were paid is each one's, as
/// budgets count it. Read-only, on the connection's thread; incomplete where `error` is set.
[[nodiscard]] SpentReply selectSpent(const QSqlDatabase& sql, std::int64_t sinceMicros,
                                     std::int64_t askedMicros, QSqlError& error);

} // namespace gateway::log_store
