// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/recalculation.h"

#include <string>
#include <utility>
#include <vector>

#include <QByteArray>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "log_store/log_queries.h"
#include "log_store/row_codec.h"

namespace gateway::log_store {

namespace {

constexpr int kRowsAtOnce = 500;

bool runStatement(const QSqlDatabase& sql, const char* statement, QSqlError& error)
{
    QSqlQuery query(sql);
    if (query.exec(QLatin1String(statement))) return true;
    error = query.lastError();
    return false;
}

bool updateCost(const QSqlDatabase& sql, const LogRow& row, QSqlError& error)
{
    std::string detail;
    encodeDetail(row, detail);
    QSqlQuery query(sql);
    // Of rows from before these columns were there, their values stand in the detail, which is written anew.
    bool done = query.prepare(
        QStringLiteral("UPDATE requests SET cost_nanos=?, cost_source=?, detail=?, reasoning_tokens=?, "
                       "saved_nanos=?, session=nullif(?,'') WHERE id=?"));
    query.addBindValue(static_cast<qint64>(row.costNanos));
    query.addBindValue(QString::fromStdString(row.costSource));
    query.addBindValue(QByteArray::fromStdString(detail));
    query.addBindValue(static_cast<qint64>(row.reasoningTokens));
    query.addBindValue(static_cast<qint64>(row.savedNanos));
    query.addBindValue(QString::fromStdString(row.session));
    query.addBindValue(static_cast<qint64>(row.id.value));
    done = done && query.exec();
    if (!done) error = query.lastError();
    return done;
}

} // namespace

RecalculationRun::RecalculationRun(RecalculationWish wish)
    : m_wish(std::move(wish)), m_next(firstIdAt(m_wish.sinceMicros))
{
}

bool RecalculationRun::step(const QSqlDatabase& sql, QSqlError& error)
{
    // The right to write is taken before anything is read, so that no other writer can come in between.
    if (m_wish.write && !runStatement(sql, "BEGIN IMMEDIATE", error)) return false;
    std::vector<LogRow> rows = selectUnpriced(sql, m_next, kRowsAtOnce, error);
    Recalculation batch;
    bool done = !error.isValid();
    for (LogRow& row : rows) {
        m_next = row.id.value + 1;
        if (!done || !m_wish.price(row)) continue;
        ++batch.rows;
        if (row.costSource == "unknown") continue;
        ++batch.priced;
        batch.nanos += row.costNanos;
        done = !m_wish.write || updateCost(sql, row, error);
    }
    done = done && (!m_wish.write || runStatement(sql, "COMMIT", error));
    if (!done && m_wish.write) {
        QSqlError none; // there may be nothing left to take back; what went wrong before says more
        static_cast<void>(runStatement(sql, "ROLLBACK", none));
    }
    if (!done) return false;
    m_result.rows += batch.rows;
    m_result.priced += batch.priced;
    m_result.nanos += batch.nanos;
    return rows.size() == static_cast<std::size_t>(kRowsAtOnce);
}

} // namespace gateway::log_store
