// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_store/statement.h"

#include <sqlite3.h>

namespace gateway::cache_store {

Statement::Statement(sqlite3* database, std::string_view text)
{
    if (database)
        m_code =
            sqlite3_prepare_v2(database, text.data(), static_cast<int>(text.size()), &m_statement, nullptr);
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement& Statement::bind(int place, std::int64_t number)
{
    sqlite3_bind_int64(m_statement, place, number);
    return *this;
}

Statement& Statement::bindText(int place, std::string_view text)
{
    sqlite3_bind_text64(m_statement, place, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBytes(int place, std::string_view bytes)
{
    sqlite3_bind_blob64(m_statement, place, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
    return *this;
}

bool Statement::next()
{
    if (!m_statement) return false;
    m_code = sqlite3_step(m_statement);
    return m_code == SQLITE_ROW;
}

bool Statement::run()
{
    if (!m_statement) return false;
    m_code = sqlite3_step(m_statement);
    const bool done = m_code == SQLITE_DONE || m_code == SQLITE_ROW;
    reset();
    return done;
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string_view Statement::bytes(int column) const
{
    const void* const data = sqlite3_column_blob(m_statement, column);
    if (!data) return {};
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

} // namespace gateway::cache_store
