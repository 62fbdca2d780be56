// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/usage_series.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "log_store/log_queries.h"
#include "log_store/statements.h"

namespace gateway::log_store {

namespace {

/// More bars than any chart has; smaller buckets are widened so that the answer stays small.
constexpr std::int64_t kMostBars = 2'000;
constexpr std::int64_t kLastMicros = std::numeric_limits<std::int64_t>::max() >> 12;

UsagePoint pointAt(const QSqlQuery& select, std::int64_t width, std::int64_t offset)
{
    UsagePoint point;
    point.start = numberAt(select, 0) * width - offset;
    point.name = textAt(select, 1);
    point.requests = static_cast<std::uint64_t>(numberAt(select, 2));
    point.failures = static_cast<std::uint64_t>(numberAt(select, 3));
    int column = 4;
    for (std::int64_t* sum : {&point.inputTokens, &point.outputTokens, &point.cacheReadTokens,
                              &point.cacheWriteTokens, &point.reasoningTokens, &point.costNanos})
        *sum = numberAt(select, column++);
    return point;
}

/// The groups that cost most in the time; the others are not told apart.
std::set<std::string> costliest(const QSqlDatabase& sql, const UsageSeriesQuery& query,
                                const UsageColumn& column, const std::vector<QVariant>& span,
                                QSqlError& error)
{
    std::set<std::string> names;
    QSqlQuery select(sql);
    const QString statement =
        QStringLiteral("SELECT %1 AS name FROM %2 WHERE requests.id>=? AND requests.id<? "
                       "GROUP BY 1 ORDER BY sum(cost_nanos) DESC, count(*) DESC, 1 LIMIT %3")
            .arg(QLatin1String(column.expression), QLatin1String(column.from))
            .arg(query.limit);
    if (!run(select, statement, span, error)) return names;
    while (select.next())
        names.insert(textAt(select, 0));
    if (select.lastError().isValid()) error = select.lastError();
    return names;
}

/// Points come by bucket: one of others is always that of the same bucket's other groups.
void addPointToOthers(UsagePoint point, std::vector<UsagePoint>& points, std::optional<std::size_t>& others)
{
    if (!others || points[*others].start != point.start) {
        others = points.size();
        point.name.clear();
        point.others = true;
        points.push_back(std::move(point));
        return;
    }
    UsagePoint& sum = points[*others];
    sum.requests += point.requests;
    sum.failures += point.failures;
    sum.inputTokens += point.inputTokens;
    sum.outputTokens += point.outputTokens;
    sum.cacheReadTokens += point.cacheReadTokens;
    sum.cacheWriteTokens += point.cacheWriteTokens;
    sum.reasoningTokens += point.reasoningTokens;
    sum.costNanos += point.costNanos;
}

} // namespace

std::vector<UsagePoint> selectUsageSeries(const QSqlDatabase& sql, const UsageSeriesQuery& query,
                                          std::int64_t nowMicros, QSqlError& error)
{
    std::vector<UsagePoint> points;
    const UsageColumn* column = findUsageColumn(query.by);
    if (column == nullptr || query.by == "day") return points;
    const std::int64_t since = std::clamp<std::int64_t>(query.sinceMicros, 0, kLastMicros);
    const std::int64_t until =
        std::clamp<std::int64_t>(query.untilMicros > 0 ? query.untilMicros : nowMicros, 0, kLastMicros);
    if (until <= since) return points;
    constexpr int kDaySeconds = 86'400;
    const std::int64_t width =
        std::clamp<std::int64_t>(std::max(query.bucketMicros, (until - since) / kMostBars), 1, kLastMicros);
    const std::int64_t offset =
        std::int64_t{std::clamp(query.utcOffsetSeconds, -kDaySeconds, kDaySeconds)} * 1'000'000;
    QSqlQuery select(sql);
    // Only numbers and our own words are put into the statement. Divided upwards from 1970, so that a time
    // before the offset still rounds down.
    const QString statement =
        QStringLiteral("SELECT ((requests.id>>12)+%1+%2)/%2-1 AS bucket, %3 AS name, count(*), sum(%4), "
                       "sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), "
                       "sum(cache_write_tokens), sum(reasoning_tokens), sum(cost_nanos) "
                       "FROM %5 WHERE requests.id>=? AND requests.id<? GROUP BY 1,2 ORDER BY 1,2")
            .arg(offset)
            .arg(width)
            .arg(QLatin1String(column->expression), QLatin1String(kIsFailure), QLatin1String(column->from));
    const std::vector<QVariant> span{static_cast<qint64>(firstIdAt(since)),
                                     static_cast<qint64>(firstIdAt(until))};
    std::set<std::string> named;
    if (query.limit > 0) named = costliest(sql, query, *column, span, error);
    if (error.isValid() || !run(select, statement, span, error)) return points;
    std::optional<std::size_t> others;
    while (select.next()) {
        UsagePoint point = pointAt(select, width, offset);
        if (query.limit == 0 || named.contains(point.name))
            points.push_back(std::move(point));
        else
            addPointToOthers(std::move(point), points, others);
    }
    if (select.lastError().isValid()) error = select.lastError();
    return points;
}

} // namespace gateway::log_store
