// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/statements.h"

#include <nlohmann/json.hpp>

#include <QByteArray>

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

std::vector<std::string> tagsAt(const QSqlQuery& query, int column)
{
    std::vector<std::string> tags;
    if (query.isNull(column)) return tags;
    const QByteArray text = query.value(column).toByteArray();
    const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_array()) return tags;
    for (const auto& tag : json) {
        if (tag.is_string()) tags.push_back(tag.get<std::string>());
    }
    return tags;
}

} // namespace gateway::log_store
