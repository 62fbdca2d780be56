// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/log_reader.h"

#include <utility>

#include <QByteArray>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "gateway/gateway.h"

#include "base/wall_clock.h"
#include "log_store/log_queries.h"
#include "log_store/log_store.h"
#include "log_store/note_table.h"
#include "log_store/row_codec.h"
#include "log_store/row_writer.h"

namespace gateway::log_store {

namespace {

Error failure(const QSqlError& error, const std::string& path)
{
    return gatewayError(Code::Internal, explain(error, path));
}

} // namespace

Outcome LogReader::open(const std::string& dataDir)
{
    m_path = databasePath(dataDir);
    // Segments are opened before the database: what is folded and deleted from now on is seen in one or the
    // other.
    Segments segments;
    const std::string folder = journalFolder(dataDir);
    for (const std::uint32_t number : segmentNumbers(folder))
        segments.push_back(std::make_unique<SegmentReader>(segmentPath(folder, number)));

    DatabaseState state = m_database.openForReading(m_path);
    m_inMemory = state == DatabaseState::Missing;
    if (m_inMemory) state = m_database.openInMemory();
    if (state != DatabaseState::Ready) return gatewayError(Code::Internal, m_database.problem());
    return addUnfolded(segments);
}

Outcome LogReader::execute(const QString& statement)
{
    QSqlQuery query(sql());
    if (!query.exec(statement)) return failure(query.lastError(), m_path);
    return Done{};
}

Outcome LogReader::addUnfolded(const Segments& segments)
{
    // Within one transaction all statements see the same moment, so no row can be in both places.
    if (Outcome begun = execute(QStringLiteral("BEGIN")); !begun) return begun;
    if (m_inMemory) return insertMissing(segments, {});
    if (Outcome made = makeOverlay(); !made) return made;
    if (Outcome added = insertMissing(segments, QStringLiteral("temp.unfolded_")); !added) return added;
    for (const char* table : {"requests", "bodies"}) {
        const QString view = QStringLiteral(
            "CREATE TEMP VIEW %1 AS SELECT * FROM main.%1 UNION ALL SELECT * FROM temp.unfolded_%1");
        if (Outcome made = execute(view.arg(QLatin1String(table))); !made) return made;
    }
    return Done{};
}

Outcome LogReader::makeOverlay()
{
    for (const auto& [table, unique] : {std::pair{"requests", "id"}, {"bodies", "id"}, {"counted", "name"}}) {
        const QString statement =
            QStringLiteral("CREATE TEMP TABLE unfolded_%1 AS SELECT * FROM main.%1 LIMIT 0");
        if (Outcome made = execute(statement.arg(QLatin1String(table))); !made) return made;
        const QString index = QStringLiteral("CREATE UNIQUE INDEX temp.unfolded_%1_key ON unfolded_%1(%2)");
        if (Outcome made = execute(index.arg(QLatin1String(table), QLatin1String(unique))); !made)
            return made;
    }
    return Done{};
}

Outcome LogReader::insertMissing(const Segments& segments, const QString& prefix)
{
    QSqlQuery known(sql());
    known.setForwardOnly(true);
    if (!known.prepare(QStringLiteral("SELECT 1 FROM main.requests WHERE id=? UNION ALL "
                                      "SELECT 1 FROM main.counted WHERE name=CAST(? AS TEXT)")))
        return failure(known.lastError(), m_path);
    RowWriter writer(sql(), prefix);
    LogRow row;
    for (const auto& segment : segments) {
        while (const auto record = segment->next()) {
            if (!decodeRowInto(*record, row)) continue;
            known.bindValue(0, static_cast<qint64>(row.id.value));
            known.bindValue(1, row.once.empty() ? QVariant() : QVariant(QByteArray::fromStdString(row.once)));
            if (!known.exec()) return failure(known.lastError(), m_path);
            const bool isKnown = known.next();
            known.finish();
            if (!isKnown && !writer.insert(row)) return failure(writer.lastError(), m_path);
        }
    }
    return Done{};
}

} // namespace gateway::log_store

namespace gateway {

Result<LogPage> readLog(const std::string& dataDir, const LogQuery& query)
{
    log_store::LogReader reader;
    if (const Outcome opened = reader.open(dataDir); !opened) return opened.error();
    QSqlError error;
    LogPage page = log_store::selectPage(reader.sql(), query, error);
    if (error.isValid()) return log_store::failure(error, log_store::databasePath(dataDir));
    return page;
}

Result<std::vector<Alert>> readAlerts(const std::string& dataDir, const AlertQuery& query)
{
    log_store::Database database;
    const std::string path = log_store::databasePath(dataDir);
    const log_store::DatabaseState state = database.openForReading(path);
    if (state == log_store::DatabaseState::Missing) return std::vector<Alert>();
    if (state != log_store::DatabaseState::Ready) return gatewayError(Code::Internal, database.problem());
    QSqlError error;
    std::vector<Alert> alerts = log_store::selectAlerts(database.sql(), query, error);
    if (error.isValid()) return log_store::failure(error, path);
    return alerts;
}

Result<std::vector<UsageRow>> readUsage(const std::string& dataDir, const UsageQuery& query)
{
    if (!log_store::isUsageColumn(query.by))
        return clientError(
            Code::InvalidRequest,
            "Usage is shown by model, provider, target, route, key, tag, client, program, repository, "
            "session or day, not by \"" +
                query.by + "\".");
    log_store::LogReader reader;
    if (const Outcome opened = reader.open(dataDir); !opened) return opened.error();
    QSqlError error;
    std::vector<UsageRow> rows = log_store::selectUsage(reader.sql(), query, error);
    if (error.isValid()) return log_store::failure(error, log_store::databasePath(dataDir));
    return rows;
}

Result<std::vector<KeyUse>> readKeyUses(const std::string& dataDir)
{
    log_store::LogReader reader;
    if (const Outcome opened = reader.open(dataDir); !opened) return opened.error();
    QSqlError error;
    std::vector<KeyUse> uses = log_store::selectKeyUses(reader.sql(), nowMicros(), error);
    if (error.isValid()) return log_store::failure(error, log_store::databasePath(dataDir));
    return uses;
}

} // namespace gateway
