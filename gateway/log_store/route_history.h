// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include <QSqlDatabase>
#include <QSqlError>

#include "gateway/snapshot.h"

#include "log_store/routes_in_force.h"

namespace gateway::log_store {

inline constexpr std::size_t kKeptVersions = 100; // of each route

/// A row for each route that differs from the newest one of its name, and for each that is gone; the oldest
/// beyond kKeptVersions go. The connection's thread; all of it or, on an error, nothing.
[[nodiscard]] bool recordRoutes(const QSqlDatabase& sql, const RoutesInForce& routes, QSqlError& error);
/// Newest first.
[[nodiscard]] std::vector<RouteVersion> selectRouteVersions(const QSqlDatabase& sql, const RouteId& route,
                                                            QSqlError& error);

} // namespace gateway::log_store
