// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include <QSqlDatabase>
#include <QSqlError>

#include "log_store/store_note.h"

namespace gateway::log_store {

inline constexpr std::size_t kKeptAlerts = 10'000;

/// An alert with its id, which is left alone where it is there already, the oldest beyond kKeptAlerts go; or
/// an allowance in place of the one before. The connection's thread.
[[nodiscard]] bool recordNote(const QSqlDatabase& sql, const StoreNote& note, QSqlError& error);
/// Newest first.
[[nodiscard]] std::vector<Alert> selectAlerts(const QSqlDatabase& sql, const AlertQuery& query,
                                              QSqlError& error);
[[nodiscard]] std::vector<AllowanceRow> selectAllowances(const QSqlDatabase& sql, QSqlError& error);

} // namespace gateway::log_store
