// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include <QSqlDatabase>
#include <QSqlError>

struct sqlite3;
struct sqlite3_stmt;

namespace gateway::log_store {

/// A prepared statement of SQLite's own interface, on a connection of Qt Sql, for what is executed with every
/// row of the log: handing thirty values to a QSqlQuery takes longer than inserting them. Places count from
/// 1. One thread, that of the connection, which outlives this.
class InsertStatement {
public:
    /// error() is set where it cannot be prepared.
    InsertStatement(const QSqlDatabase& sql, std::string_view statement);
    InsertStatement(const InsertStatement&) = delete;
    InsertStatement& operator=(const InsertStatement&) = delete;
    ~InsertStatement();

    void bindNumber(int place, std::int64_t number);
    /// The bytes are read when it is executed. Empty is NULL.
    void bindText(int place, std::string_view text);
    void bindBytes(int place, std::string_view bytes);
    /// False: see error().
    [[nodiscard]] bool execute();
    [[nodiscard]] const QSqlError& error() const { return m_error; }

private:
    void noteError();

    QSqlError m_error;
    sqlite3* m_sqlite; // the connection's
    sqlite3_stmt* m_statement = nullptr;
};

} // namespace gateway::log_store
