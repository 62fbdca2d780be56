// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

namespace gateway::log_store {

/// Prepares, binds and executes; the values stand for the places in their order. False: see `error`.
[[nodiscard]] bool run(QSqlQuery& query, const QString& statement, const std::vector<QVariant>& values,
                       QSqlError& error);
/// Of the row that the query is at; a NULL is empty, or 0.
[[nodiscard]] std::string textAt(const QSqlQuery& query, int column);
[[nodiscard]] std::int64_t numberAt(const QSqlQuery& query, int column);
/// The texts of a list in JSON.
[[nodiscard]] std::vector<std::string> tagsAt(const QSqlQuery& query, int column);

} // namespace gateway::log_store
