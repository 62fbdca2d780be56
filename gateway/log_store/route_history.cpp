// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/route_history.h"

#include <map>

#include <QSqlQuery>
#include <QString>
#include <QVariant>

namespace gateway::log_store {

namespace {

QString textOf(const std::string& text)
{
    // A null string would be NULL, which no column of the table may be.
    return text.empty() ? QStringLiteral("") : QString::fromStdString(text);
}

/// One attempt to write what differs, within the caller's transaction.
class Writer {
public:
    explicit Writer(const QSqlDatabase& sql) : m_sql(sql) {}

    [[nodiscard]] bool write(const RoutesInForce& now)
    {
        std::map<std::string, std::string> gone;
        if (!readNewest(gone)) return false;
        for (const auto& [name, json] : now.routes) {
            const auto before = gone.find(name);
            const bool same = before != gone.end() && before->second == json;
            if (!same && !add({RouteId(name), now.time, now.source, json})) return false;
            if (before != gone.end()) gone.erase(before);
        }
        for (const auto& [name, json] : gone) {
            if (!json.empty() && !add({RouteId(name), now.time, now.source, {}})) return false;
        }
        return true;
    }
    [[nodiscard]] const QSqlError& error() const { return m_error; }

private:
    bool readNewest(std::map<std::string, std::string>& newest)
    {
        QSqlQuery query(m_sql);
        if (!query.exec(QStringLiteral("SELECT route,json FROM route_versions WHERE id IN "
                                       "(SELECT max(id) FROM route_versions GROUP BY route)")))
            return failed(query);
        while (query.next())
            newest[query.value(0).toString().toStdString()] = query.value(1).toString().toStdString();
        return true;
    }

    bool add(const RouteVersion& version)
    {
        QSqlQuery insert(m_sql);
        insert.prepare(QStringLiteral("INSERT INTO route_versions(route,time,source,json) VALUES(?,?,?,?)"));
        insert.addBindValue(textOf(version.route.text));
        insert.addBindValue(static_cast<qint64>(version.time));
        insert.addBindValue(textOf(version.source));
        insert.addBindValue(textOf(version.json));
        if (!insert.exec()) return failed(insert);
        QSqlQuery trim(m_sql);
        trim.prepare(QStringLiteral("DELETE FROM route_versions WHERE route=? AND id<=(SELECT id FROM "
                                    "route_versions WHERE route=? ORDER BY id DESC LIMIT 1 OFFSET ?)"));
        trim.addBindValue(textOf(version.route.text));
        trim.addBindValue(textOf(version.route.text));
        trim.addBindValue(static_cast<qint64>(kKeptVersions));
        return trim.exec() || failed(trim);
    }

    bool failed(const QSqlQuery& query)
    {
        m_error = query.lastError();
        return false;
    }

    const QSqlDatabase& m_sql;
    QSqlError m_error;
};

} // namespace

bool recordRoutes(const QSqlDatabase& sql, const RoutesInForce& routes, QSqlError& error)
{
    QSqlDatabase connection = sql;
    if (!connection.transaction()) {
        error = connection.lastError();
        return false;
    }
    Writer writer(connection);
    const bool written = writer.write(routes);
    if (written && connection.commit()) return true;
    error = written ? connection.lastError() : writer.error();
    connection.rollback();
    return false;
}

std::vector<RouteVersion> selectRouteVersions(const QSqlDatabase& sql, const RouteId& route, QSqlError& error)
{
    std::vector<RouteVersion> versions;
    QSqlQuery query(sql);
    query.setForwardOnly(true);
    query.prepare(
        QStringLiteral("SELECT time,source,json FROM route_versions WHERE route=? ORDER BY id DESC LIMIT ?"));
    query.addBindValue(textOf(route.text));
    query.addBindValue(static_cast<qint64>(kKeptVersions));
    if (!query.exec()) {
        error = query.lastError();
        return versions;
    }
    while (query.next()) {
        versions.push_back({route, query.value(0).toLongLong(), query.value(1).toString().toStdString(),
                            query.value(2).toString().toStdString()});
    }
    if (query.lastError().isValid()) error = query.lastError();
    return versions;
}

} // namespace gateway::log_store
