// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/row_writer.h"

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QSqlDatabase>
#include <QString>
#include <QVariant>

#include "log_store/row_codec.h"

namespace gateway::log_store {

namespace {

// Places in the statement: id, texts, tags, numbers, detail.
constexpr int kIdPlace = 0, kFirstTextPlace = 1, kTagsPlace = 15, kFirstNumberPlace = 16, kDetailPlace = 29;
constexpr const char* kInsertColumns =
    "id,key,client,dialect,requested_model,route,provider,model,cost_source,cache,error_code,error_message,"
    "session,program,repository,tags,stream,status,cache_read_tokens,cache_write_tokens,input_tokens,"
    "output_tokens,cost_nanos,first_token,total,overhead,reasoning_tokens,saved_nanos,routed_nanos,detail";

/// Text goes to SQLite as bytes, and the statement makes text of them: as a QString it would be turned into
/// UTF-16 here and back there, at every execution. The bytes are not copied: they outlive the execution.
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
    : m_insert(sql), m_insertBodies(sql), m_count(sql)
{
    QString places = QStringLiteral("?");
    for (int i = 1; i <= kDetailPlace; ++i)
        places += i <= kTagsPlace ? QStringLiteral(",CAST(? AS TEXT)") : QStringLiteral(",?");
    const auto prepare = [this, &prefix](QSqlQuery& query, const QString& table, const QString& values) {
        const auto statement = QStringLiteral("INSERT OR IGNORE INTO %1%2 VALUES(%3)");
        if (query.prepare(statement.arg(prefix, table, values))) return true;
        m_error = query.lastError();
        return false;
    };
    m_prepared =
        prepare(m_insert, QStringLiteral("requests(%1)").arg(QLatin1String(kInsertColumns)), places) &&
        prepare(m_insertBodies, QStringLiteral("bodies"), QStringLiteral("?,?,?")) &&
        prepare(m_count, QStringLiteral("counted"), QStringLiteral("CAST(? AS TEXT)"));
    for (std::size_t i = 0; i < kTexts; ++i)
        m_insert.bindValue(kFirstTextPlace + static_cast<int>(i), QVariant());
    for (std::size_t i = 0; i < kNumbers; ++i)
        m_insert.bindValue(kFirstNumberPlace + static_cast<int>(i), qint64{0});
    m_insert.bindValue(kTagsPlace, QVariant());
}

void RowWriter::bindText(std::size_t index, const std::string& text)
{
    if (m_texts[index] == text) return;
    m_texts[index] = text;
    m_insert.bindValue(kFirstTextPlace + static_cast<int>(index), bytesValue(m_texts[index]));
}

void RowWriter::bindNumber(std::size_t index, std::int64_t number)
{
    if (m_numbers[index] == number) return;
    m_numbers[index] = number;
    m_insert.bindValue(kFirstNumberPlace + static_cast<int>(index), static_cast<qint64>(number));
}

bool RowWriter::insert(const LogRow& row)
{
    if (!m_prepared) return false;
    if (!row.once.empty()) {
        if (!count(row.once)) return false;
        if (m_count.numRowsAffected() == 0) return true;
    }
    const std::string* texts[kTexts] = {&row.key,     &row.client,    &row.dialect,      &row.requestedModel,
                                        &row.route,   &row.provider,  &row.model,        &row.costSource,
                                        &row.cache,   &row.errorCode, &row.errorMessage, &row.session,
                                        &row.program, &row.repository};
    const std::int64_t numbers[kNumbers] = {row.stream ? 1 : 0,   row.status,          row.cacheReadTokens,
                                            row.cacheWriteTokens, row.inputTokens,     row.outputTokens,
                                            row.costNanos,        row.firstToken,      row.total,
                                            row.overhead,         row.reasoningTokens, row.savedNanos,
                                            row.routedNanos};
    m_insert.bindValue(kIdPlace, static_cast<qint64>(row.id.value));
    for (std::size_t i = 0; i < kTexts; ++i)
        bindText(i, *texts[i]);
    for (std::size_t i = 0; i < kNumbers; ++i)
        bindNumber(i, numbers[i]);
    if (std::string tags = tagsJson(row.tags); tags != m_tags) {
        m_tags = std::move(tags);
        m_insert.bindValue(kTagsPlace, bytesValue(m_tags));
    }
    m_detail.clear();
    encodeDetail(row, m_detail);
    m_insert.bindValue(kDetailPlace, bytesValue(m_detail));
    return execute(m_insert) && insertBodies(row);
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
