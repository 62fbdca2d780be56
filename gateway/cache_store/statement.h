// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace gateway::cache_store {

/// A prepared statement of SQLite (https://sqlite.org/c3ref/stmt.html). Places of parameters count from 1,
/// those of columns from 0. One thread at a time; the connection outlives it.
class Statement {
public:
    /// isReady() is false where it cannot be prepared.
    Statement(sqlite3* database, std::string_view text);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    [[nodiscard]] bool isReady() const { return m_statement != nullptr; }
    /// The bytes have to live until the next reset().
    Statement& bind(int place, std::int64_t number);
    Statement& bindText(int place, std::string_view text);
    Statement& bindBytes(int place, std::string_view bytes);

    /// True: there is a row.
    [[nodiscard]] bool next();
    /// Without rows. False: it failed, see code().
    bool run();
    void reset();
    [[nodiscard]] int code() const { return m_code; }

    [[nodiscard]] std::int64_t number(int column) const;
    /// Valid until the next row.
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

private:
    sqlite3_stmt* m_statement = nullptr;
    int m_code = 0;
};

} // namespace gateway::cache_store
