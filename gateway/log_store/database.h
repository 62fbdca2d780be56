// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include <QSqlDatabase>
#include <QSqlError>

namespace gateway::log_store {

enum class DatabaseState {
    Undecided,
    Ready,
    Missing, // reading only: there is no log yet
    Damaged, // not a database, or its content is broken
    Newer,   // written by a later version of the program; left alone
    Failed,  // disk full, no permission, …: try again later
};

/// One connection to the log's database. Lives, with everything made from it, on the thread that opened it.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Makes file (0600) and tables where they are missing. `check`: look for damage in every page.
    DatabaseState openForWriting(const std::string& path, bool check);
    DatabaseState openForReading(const std::string& path);
    /// An empty log in memory, to be filled from the journal.
    DatabaseState openInMemory();
    void close();

    [[nodiscard]] DatabaseState state() const { return m_state; }
    [[nodiscard]] bool isReady() const { return m_state == DatabaseState::Ready; }
    [[nodiscard]] const QSqlDatabase& sql() const { return m_sql; }
    /// What is wrong and what to do, in plain words.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    /// 0 for an empty log.
    [[nodiscard]] std::int64_t greatestId() const;
    [[nodiscard]] bool isWhole() const;
    /// Writes what the write-ahead log holds to the database and syncs both; false when not all could be.
    [[nodiscard]] bool checkpoint();

private:
    DatabaseState connect(const std::string& path, bool readOnly);
    DatabaseState prepareForWriting(bool check);
    DatabaseState migrate();
    [[nodiscard]] QSqlError readVersion(std::int64_t& version) const;
    DatabaseState fail(const QSqlError& error);
    DatabaseState refuse(DatabaseState state, std::string problem);

    QSqlDatabase m_sql;
    std::string m_path;
    std::string m_problem;
    DatabaseState m_state = DatabaseState::Undecided;
};

[[nodiscard]] bool isDamage(const QSqlError& error);
/// The same for the person in front: what happened to the log at `path` and what helps.
[[nodiscard]] std::string explain(const QSqlError& error, const std::string& path);
/// Renames a damaged database and its two companions to NAME.damaged-TIME. The new name; empty: it failed. No
/// connection of this program may be open: closing one would delete the new database's companions.
[[nodiscard]] std::string setDatabaseAside(const std::string& path);
/// True where the program that wrote last had no time to close it.
[[nodiscard]] bool wasLeftOpen(const std::string& path);

} // namespace gateway::log_store
