// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/spent_query.h"

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <QByteArray>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "exchange/cost_shares.h"
#include "log_store/log_queries.h"
#include "log_store/note_table.h"
#include "log_store/row_codec.h"
#include "log_store/statements.h"

namespace gateway::log_store {

namespace {

constexpr int kDetailColumn = 9;

/// Rows that cost something; `columns` begin with how much.
QString spentStatement(const char* columns, const char* condition)
{
    return QStringLiteral("SELECT (id>>12)/%1, key, client, route, provider, model, tags, repository, %2 "
                          "FROM requests WHERE id>=? AND cost_nanos>0 "
                          "AND ((id>>12)+total<? OR (id>>12)+total>=?) AND %3")
        .arg(kSpentSlotMicros)
        .arg(QLatin1String(columns), QLatin1String(condition));
}

SpentRow spentRowAt(const QSqlQuery& query)
{
    SpentRow row;
    row.micros = numberAt(query, 0) * kSpentSlotMicros;
    row.key = textAt(query, 1);
    row.client = textAt(query, 2);
    row.route = textAt(query, 3);
    row.provider = textAt(query, 4);
    row.model = textAt(query, 5);
    row.tags = tagsAt(query, 6);
    row.repository = textAt(query, 7);
    row.nanos = numberAt(query, 8);
    return row;
}

/// Adds rows up that are alike.
class SpentSum {
public:
    explicit SpentSum(std::vector<SpentRow>& rows) : m_rows(rows) {}

    void add(const SpentRow& row)
    {
        const auto [place, isNew] =
            m_places.try_emplace(Key(row.micros, row.key, row.client, row.route, row.provider, row.model,
                                     row.tags, row.repository),
                                 m_rows.size());
        if (isNew)
            m_rows.push_back(row);
        else
            m_rows[place->second].nanos += row.nanos;
    }

private:
    using Key = std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                           std::vector<std::string>, std::string>;
    std::vector<SpentRow>& m_rows;
    std::map<Key, std::size_t> m_places;
};

/// Of requests that may have paid several targets, each target's part.
void addShares(QSqlQuery& query, std::vector<SpentRow>& rows)
{
    SpentSum sum(rows);
    LogRow row;
    while (query.next()) {
        SpentRow part = spentRowAt(query);
        row = {};
        const QByteArray detail = query.value(kDetailColumn).toByteArray();
        const std::string_view bytes(detail.constData(), static_cast<std::size_t>(detail.size()));
        if (!decodeDetail(bytes, row)) row.attempts.clear();
        row.provider = part.provider;
        row.model = part.model;
        row.costNanos = part.nanos;
        forEachCostShare(row, [&](const std::string& provider, const std::string& model, std::int64_t nanos) {
            part.provider = provider;
            part.model = model;
            part.nanos = nanos;
            sum.add(part);
        });
    }
}

} // namespace

SpentReply selectSpent(const QSqlDatabase& sql, std::int64_t sinceMicros, std::int64_t askedMicros,
                       QSqlError& error)
{
    // What ended later yet ended by a clock that was set back since.
    constexpr std::int64_t kLongestAnswer = 10'000'000;
    SpentReply reply;
    const std::int64_t slot = sinceMicros / kSpentSlotMicros;
    const std::vector<QVariant> span{
        static_cast<qint64>(firstIdAt(slot * kSpentSlotMicros)), static_cast<qint64>(askedMicros),
        static_cast<qint64>(askedMicros + kLongestAnswer), QByteArray(1, kShareMark)};
    QSqlQuery select(sql);
    // Mostly few rows have parts, and only they, and some that look so, have to be read one by one.
    const QString alike =
        spentStatement("sum(cost_nanos)", "ifnull(instr(detail,?),0)=0 GROUP BY 1,2,3,4,5,6,7,8");
    if (!run(select, alike, span, error)) return reply;
    while (select.next())
        reply.rows.push_back(spentRowAt(select));
    if (select.lastError().isValid()) error = select.lastError();
    QSqlQuery shared(sql);
    if (!run(shared, spentStatement("cost_nanos, detail", "instr(detail,?)>0"), span, error)) return reply;
    addShares(shared, reply.rows);
    if (shared.lastError().isValid()) error = shared.lastError();
    QSqlQuery names(sql);
    if (!run(names, QStringLiteral("SELECT name FROM counted"), {}, error)) return reply;
    while (names.next())
        reply.once.push_back(textAt(names, 0));
    reply.allowances = selectAllowances(sql, error);
    reply.known = !error.isValid();
    return reply;
}

} // namespace gateway::log_store
