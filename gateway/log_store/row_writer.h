// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QSqlError>
#include <QSqlQuery>

#include "gateway/snapshot.h"

#include "log_store/insert_statement.h"

namespace gateway::log_store {

/// Inserts rows through one connection; ids that are there already are left as they are. One thread, that of
/// the connection, which outlives this.
class RowWriter {
public:
    /// `prefix` goes before the tables' names; ours, never a user's.
    explicit RowWriter(const QSqlDatabase& sql, const QString& prefix = {});

    /// False: see lastError(). The caller makes the transaction.
    [[nodiscard]] bool insert(const LogRow& row);
    [[nodiscard]] const QSqlError& lastError() const { return m_error; }

private:
    [[nodiscard]] bool insertBodies(const LogRow& row);
    [[nodiscard]] bool count(const std::string& name);
    [[nodiscard]] bool execute(QSqlQuery& query);

    InsertStatement m_insert;
    QSqlQuery m_insertBodies, m_count;
    QSqlError m_error;
    std::string m_tags, m_detail; // of the row that is inserted
    bool m_prepared = false;
};

} // namespace gateway::log_store
