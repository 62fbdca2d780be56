// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/row_writer.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QSqlDatabase>
#include <QString>
#include <QVariant>

#include "log_store/row_codec.h"

namespace gateway::log_store {

namespace {

constexpr const char* kInsertColumns =
    "id,key,client,dialect,requested_model,route,provider,model,cost_source,cache,error_code,error_message,"
    "session,program,repository,tags,stream,status,cache_read_tokens,cache_write_tokens,input_tokens,"
    "output_tokens,cost_nanos,first_token,total,overhead,reasoning_tokens,saved_nanos,routed_nanos,detail";

std::string insertion(const QString& prefix)
{
    const std::string columns = kInsertColumns;
    std::string statement =
        "INSERT OR IGNORE INTO " + prefix.toStdString() + "requests(" + columns + ") VALUES(?";
    for (auto commas = std::count(columns.begin(), columns.end(), ','); commas > 0; --commas)
        statement += ",?";
    return statement + ")";
}

/// Bytes go to SQLite as they are, where a QString would be turned into UTF-16 here and back there. They are
/// not copied: they outlive the execution.
QVariant bytesValue(std::string_view bytes)
{
    if (bytes.empty()) return {};
    return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::string tagsJson(const std::vector<std::string>& tags)
{
    if (tags.empty()) return {};
    return nlohmann::json(tags).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

RowWriter::RowWriter(const QSqlDatabase& sql, const QString& prefix)
    : m_insert(sql, insertion(prefix)), m_insertBodies(sql), m_count(sql), m_error(m_insert.error())
{
    const auto prepare = [this, &prefix](QSqlQuery& query, const QString& table, const QString& values) {
        const auto statement = QStringLiteral("INSERT OR IGNORE INTO %1%2 VALUES(%3)");
        if (!m_error.isValid() && !query.prepare(statement.arg(prefix, table, values)))
            m_error = query.lastError();
    };
    prepare(m_insertBodies, QStringLiteral("bodies"), QStringLiteral("?,?,?"));
    prepare(m_count, QStringLiteral("counted"), QStringLiteral("CAST(? AS TEXT)"));
    m_prepared = !m_error.isValid();
}

bool RowWriter::insert(const LogRow& row)
{
    if (!m_prepared) return false;
    if (!row.once.empty()) {
        if (!count(row.once)) return false;
        if (m_count.numRowsAffected() == 0) return true;
    }
    m_tags = tagsJson(row.tags);
    m_detail.clear();
    encodeDetail(row, m_detail);
    int place = 0;
    m_insert.bindNumber(++place, static_cast<std::int64_t>(row.id.value));
    const std::string* const texts[] = {
        &row.key,          &row.client,  &row.dialect,    &row.requestedModel, &row.route,
        &row.provider,     &row.model,   &row.costSource, &row.cache,          &row.errorCode,
        &row.errorMessage, &row.session, &row.program,    &row.repository,     &m_tags};
    for (const std::string* text : texts)
        m_insert.bindText(++place, *text);
    for (const std::int64_t number :
         {std::int64_t{row.stream}, std::int64_t{row.status}, row.cacheReadTokens, row.cacheWriteTokens,
          row.inputTokens, row.outputTokens, row.costNanos, row.firstToken, row.total, row.overhead,
          row.reasoningTokens, row.savedNanos, row.routedNanos})
        m_insert.bindNumber(++place, number);
    m_insert.bindBytes(++place, m_detail);
    if (m_insert.execute()) return insertBodies(row);
    m_error = m_insert.error();
    return false;
}

bool RowWriter::count(const std::string& name)
{
    m_count.bindValue(0, bytesValue(name));
    const bool done = execute(m_count);
    m_count.bindValue(0, QVariant());
    return done;
}

bool RowWriter::execute(QSqlQuery& query)
{
    if (query.exec()) return true;
    m_error = query.lastError();
    return false;
}

bool RowWriter::insertBodies(const LogRow& row)
{
    if (row.requestBody.empty() && row.responseBody.empty()) return true;
    m_insertBodies.bindValue(0, static_cast<qint64>(row.id.value));
    m_insertBodies.bindValue(1, bytesValue(row.requestBody));
    m_insertBodies.bindValue(2, bytesValue(row.responseBody));
    const bool done = execute(m_insertBodies);
    // The statement must not keep views of bytes that are about to change.
    m_insertBodies.bindValue(1, QVariant());
    m_insertBodies.bindValue(2, QVariant());
    return done;
}

} // namespace gateway::log_store
