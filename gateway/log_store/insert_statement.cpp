// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/insert_statement.h"

#include <cstring>
#include <sqlite3.h>

#include <QSqlDriver>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

namespace gateway::log_store {

namespace {

/// What Qt's driver works with (https://doc.qt.io/qt-6/qsqldriver.html#handle); null, with the reason, where
/// that is not the SQLite that this program calls.
sqlite3* sqliteOf(const QSqlDatabase& sql, QSqlError& error)
{
    QSqlQuery source(sql);
    if (!source.exec(QStringLiteral("SELECT sqlite_source_id()")) || !source.next()) {
        error = source.lastError();
        return nullptr;
    }
    const QVariant handle = sql.driver()->handle();
    const bool isOurs = handle.isValid() && std::strcmp(handle.typeName(), "sqlite3*") == 0 &&
                        source.value(0).toString() == QLatin1String(sqlite3_sourceid());
    if (isOurs) return *static_cast<sqlite3* const*>(handle.constData());
    error = QSqlError({},
                      QStringLiteral("Qt's SQLite driver uses another SQLite than this program. Install both "
                                     "from your system's packages"),
                      QSqlError::ConnectionError);
    return nullptr;
}

} // namespace

InsertStatement::InsertStatement(const QSqlDatabase& sql, std::string_view statement)
    : m_sqlite(sqliteOf(sql, m_error))
{
    if (!m_sqlite) return;
    if (sqlite3_prepare_v3(m_sqlite, statement.data(), static_cast<int>(statement.size()),
                           SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr) != SQLITE_OK)
        noteError();
}

InsertStatement::~InsertStatement()
{
    sqlite3_finalize(m_statement);
}

void InsertStatement::bindNumber(int place, std::int64_t number)
{
    sqlite3_bind_int64(m_statement, place, number);
}

void InsertStatement::bindText(int place, std::string_view text)
{
    if (text.empty())
        sqlite3_bind_null(m_statement, place);
    else
        sqlite3_bind_text(m_statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void InsertStatement::bindBytes(int place, std::string_view bytes)
{
    if (bytes.empty())
        sqlite3_bind_null(m_statement, place);
    else
        sqlite3_bind_blob(m_statement, place, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
}

bool InsertStatement::execute()
{
    if (!m_statement) return false;
    const int code = sqlite3_step(m_statement);
    if (code != SQLITE_DONE) noteError();
    sqlite3_reset(m_statement);
    return code == SQLITE_DONE;
}

/// As Qt's driver tells errors.
void InsertStatement::noteError()
{
    m_error = QSqlError(QStringLiteral("The log's row cannot be inserted"),
                        QString::fromUtf8(sqlite3_errmsg(m_sqlite)), QSqlError::StatementError,
                        QString::number(sqlite3_extended_errcode(m_sqlite)));
}

} // namespace gateway::log_store
