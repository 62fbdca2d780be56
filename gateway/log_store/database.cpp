// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/database.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "gateway/result.h"

#include "base/set_aside.h"
#include "embedded.h"

namespace gateway::log_store {

namespace {

/// A check of so small a file takes a few milliseconds, so it is always made.
constexpr std::uintmax_t kAlwaysCheckedBytes = std::uintmax_t{8} << 20;

// Result codes of SQLite (sqlite.org/rescode.html); the low byte is the kind of error.
enum class SqliteCode {
    Undecided,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    ReadOnly = 8,
    NotADatabase = 26
};

/// By version, the first is 1; a log of an earlier version gets what it lacks.
const std::array kSchemas{&embedded::schema001, &embedded::schema002, &embedded::schema003,
                          &embedded::schema004, &embedded::schema005};
constexpr int kSchemaVersion = static_cast<int>(kSchemas.size());

/// Qt's list of connections has a lock of its own, but one whose hand-over ThreadSanitizer cannot see.
std::mutex s_connectionsMutex;

int primaryCode(const QSqlError& error)
{
    return error.nativeErrorCode().toInt() & 0xFF;
}

/// SQLite makes its files readable by others where the umask lets it, and its companions like the database.
Outcome makePrivateFile(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return gatewayError(Code::Internal, "The request log " + path +
                                                " cannot be opened: " + std::strerror(errno) +
                                                ". Requests are served, but not logged there.");
    ::fchmod(file, 0600);
    ::close(file);
    return Done{};
}

bool isUnwritable(const QSqlError& error)
{
    const int code = primaryCode(error);
    return code == static_cast<int>(SqliteCode::ReadOnly) || code == static_cast<int>(SqliteCode::CannotOpen);
}

} // namespace

bool isDamage(const QSqlError& error)
{
    const int code = primaryCode(error);
    return code == static_cast<int>(SqliteCode::Corrupt) ||
           code == static_cast<int>(SqliteCode::NotADatabase);
}

std::string explain(const QSqlError& error, const std::string& path)
{
    switch (static_cast<SqliteCode>(primaryCode(error))) {
    case SqliteCode::Full:
        return "The disk with " + path +
               " is full, so the request log cannot be written. Free some space; the log "
               "then goes on by itself.";
    case SqliteCode::ReadOnly:
    case SqliteCode::CannotOpen:
        return "The request log " + path +
               " may not be written. Check who owns it and its folder; the log then "
               "goes on by itself.";
    case SqliteCode::Corrupt:
    case SqliteCode::NotADatabase:
        return "The request log " + path + " is damaged.";
    default:
        return "The request log " + path + " cannot be used: " + error.databaseText().toStdString() +
               ". It is tried again.";
    }
}

std::string setDatabaseAside(const std::string& path)
{
    std::string target = setAside(path);
    if (target.empty()) return {};
    for (const char* companion : {"-wal", "-shm"})
        ::rename((path + companion).c_str(), (target + companion).c_str());
    return target;
}

bool wasLeftOpen(const std::string& path)
{
    std::error_code code;
    const auto size = std::filesystem::file_size(path + "-wal", code);
    return !code && size > 0;
}

Database::~Database()
{
    close();
}

void Database::close()
{
    const QString name = m_sql.connectionName();
    if (name.isEmpty()) return;
    m_sql.close();
    m_sql = QSqlDatabase();
    {
        const std::lock_guard lock(s_connectionsMutex);
        QSqlDatabase::removeDatabase(name);
    }
    m_state = DatabaseState::Undecided;
}

DatabaseState Database::refuse(DatabaseState state, std::string problem)
{
    close();
    m_problem = std::move(problem);
    return m_state = state;
}

DatabaseState Database::fail(const QSqlError& error)
{
    return refuse(isDamage(error) ? DatabaseState::Damaged : DatabaseState::Failed, explain(error, m_path));
}

DatabaseState Database::connect(const std::string& path, bool readOnly)
{
    close();
    m_problem.clear();
    m_path = path;
    {
        const std::lock_guard lock(s_connectionsMutex);
        static unsigned s_connections = 0;
        m_sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"),
                                          QStringLiteral("turnpike-log-%1").arg(++s_connections));
    }
    m_sql.setDatabaseName(QString::fromStdString(path));
    m_sql.setConnectOptions(readOnly ? QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000")
                                     : QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    if (!m_sql.isValid() || !m_sql.open()) return fail(m_sql.lastError());
    return m_state = DatabaseState::Ready;
}

DatabaseState Database::openForWriting(const std::string& path, bool check)
{
    m_path = path;
    if (const Outcome made = makePrivateFile(path); !made)
        return refuse(DatabaseState::Failed, made.error().message);
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    if (connect(path, false) != DatabaseState::Ready) return m_state;
    return prepareForWriting(check || (!code && size <= kAlwaysCheckedBytes));
}

DatabaseState Database::prepareForWriting(bool check)
{
    QSqlError error;
    std::int64_t version = 0;
    {
        QSqlQuery query(sql());
        // The version is read before anything is written: a later program's log is left as it is.
        const bool read = query.exec(QStringLiteral("PRAGMA user_version")) && query.next();
        if (read) version = query.value(0).toLongLong();
        query.finish();
        if (!read) error = query.lastError();
    }
    if (error.isValid()) return fail(error);
    if (version > kSchemaVersion) {
        return refuse(DatabaseState::Newer,
                      "The request log " + m_path +
                          " was written by a later version of Turnpike and is left alone. Use "
                          "that version, or move the file away; a new log is then begun.");
    }
    // Large pages: measured a fifth less for an insertion and half for a look at every row than with 4 KiB.
    for (const char* pragma :
         {"PRAGMA page_size=16384", "PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=512",
          "PRAGMA synchronous=NORMAL", "PRAGMA journal_size_limit=16777216", "PRAGMA temp_store=MEMORY"}) {
        QSqlQuery query(sql());
        if (!query.exec(QString::fromLatin1(pragma)) && !error.isValid()) error = query.lastError();
    }
    if (error.isValid()) return fail(error);
    if (check && !isWhole())
        return refuse(DatabaseState::Damaged, "The request log " + m_path + " is damaged.");
    return version < kSchemaVersion ? migrate() : m_state;
}

// Another program may be doing the same just now, so what is missing is looked up once we alone may write.
DatabaseState Database::migrate()
{
    QSqlError error;
    const auto execute = [&](const QString& statement) {
        QSqlQuery query(sql());
        if (!error.isValid() && !query.exec(statement)) error = query.lastError();
        return error.isValid() || !query.next() ? QVariant() : query.value(0);
    };
    execute(QStringLiteral("BEGIN IMMEDIATE"));
    const int version = execute(QStringLiteral("PRAGMA user_version")).toInt();
    for (int next = version; next < kSchemaVersion; ++next) {
        const std::string_view text = *kSchemas[static_cast<std::size_t>(next)];
        const QString script = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        // Statements of our schema files end with a semicolon at the end of a line.
        for (const QString& statement : script.split(QStringLiteral(";\n"), Qt::SkipEmptyParts)) {
            if (!statement.trimmed().isEmpty()) execute(statement);
        }
    }
    if (version < kSchemaVersion) execute(QStringLiteral("PRAGMA user_version=%1").arg(kSchemaVersion));
    execute(QStringLiteral("COMMIT"));
    if (!error.isValid()) return m_state = DatabaseState::Ready;
    QSqlQuery(sql()).exec(QStringLiteral("ROLLBACK"));
    return fail(error);
}

QSqlError Database::readVersion(std::int64_t& version) const
{
    QSqlQuery query(sql());
    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next()) return query.lastError();
    version = query.value(0).toLongLong();
    return {};
}

DatabaseState Database::openForReading(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return refuse(DatabaseState::Missing, {});
        return refuse(DatabaseState::Failed,
                      "The request log " + path + " cannot be read: " + std::strerror(errno) + ".");
    }
    if (status.st_size == 0) return refuse(DatabaseState::Missing, {});
    if (connect(path, true) != DatabaseState::Ready) return m_state;
    std::int64_t version = 0;
    QSqlError error = readVersion(version);
    // A writer killed in the middle of a transaction leaves a journal that has to be rolled back first, and
    // a connection that may only read cannot do that.
    if (isUnwritable(error)) {
        if (connect(path, false) != DatabaseState::Ready) return m_state;
        error = readVersion(version);
    }
    if (error.isValid()) return fail(error);
    if (version == 0) return refuse(DatabaseState::Missing, {});
    if (version != kSchemaVersion)
        return refuse(DatabaseState::Newer,
                      "The request log " + path +
                          " was written by another version of Turnpike. Start this version "
                          "once to bring an older log up to date.");
    return m_state;
}

DatabaseState Database::openInMemory()
{
    if (connect(":memory:", false) != DatabaseState::Ready) return m_state;
    return migrate();
}

std::int64_t Database::greatestId() const
{
    QSqlQuery query(sql());
    return query.exec(QStringLiteral("SELECT max(id) FROM requests")) && query.next()
               ? query.value(0).toLongLong()
               : 0;
}

bool Database::isWhole() const
{
    QSqlQuery query(sql());
    return query.exec(QStringLiteral("PRAGMA quick_check(1)")) && query.next() &&
           query.value(0).toString() == QStringLiteral("ok");
}

bool Database::checkpoint()
{
    QSqlQuery query(sql());
    // Answers: busy, pages in the write-ahead log, pages of them written back.
    return query.exec(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)")) && query.next() &&
           query.value(0).toInt() == 0 && query.value(1).toLongLong() == query.value(2).toLongLong();
}

} // namespace gateway::log_store
