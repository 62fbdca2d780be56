// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/statements.h"

namespace gateway::log_store {

bool run(QSqlQuery& query, const QString& statement, const std::vector<QVariant>& values, QSqlError& error)
{
    query.setForwardOnly(true);
    bool done = query.prepare(statement);
    for (const QVariant& value : values)
        query.addBindValue(value);
    done = done && query.exec();
    if (!done) error = query.lastError();
    return done;
}

std::string textAt(const QSqlQuery& query, int column)
{
    return query.isNull(column) ? std::string() : query.value(column).toString().toStdString();
}

std::int64_t numberAt(const QSqlQuery& query, int column)
{
    return query.value(column).toLongLong();
}

} // namespace gateway::log_store
