// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "log_store/log_queries.h"

namespace gateway::log_store {

namespace {

/// More points than any chart has; a smaller bucket is widened so that the answer stays small.
constexpr std::int64_t kMaxBuckets = 10'000;

/// Half-open, in microseconds.
struct Span {
    std::int64_t since, until;
    std::string provider; // empty: all
};

/// How time is cut: bucket n begins at n * width - offset.
struct Buckets {
    std::int64_t width, offset, first, count;

    [[nodiscard]] std::int64_t startOf(std::int64_t number) const { return number * width - offset; }
};

std::int64_t floorDivided(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

Buckets bucketsFor(const FiguresQuery& query, const Span& span)
{
    Buckets buckets{};
    const std::int64_t length = span.until - span.since;
    buckets.width = query.bucketMicros > 0 ? query.bucketMicros : length;
    buckets.width = std::max({buckets.width, length / kMaxBuckets, std::int64_t{1}});
    // One bucket over all begins where the span does.
    constexpr int kDay = 86'400;
    buckets.offset = query.bucketMicros > 0
                         ? std::int64_t{std::clamp(query.utcOffsetSeconds, -kDay, kDay)} * 1'000'000
                         : -span.since;
    buckets.first = floorDivided(span.since + buckets.offset, buckets.width);
    buckets.count = floorDivided(span.until - 1 + buckets.offset, buckets.width) - buckets.first + 1;
    return buckets;
}

/// The smallest value that at least that share of all is not above; 0 of none.
std::int64_t percentile(std::vector<std::int64_t>& values, double share)
{
    if (values.empty()) return 0;
    const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
    const auto at = values.begin() + std::max<std::ptrdiff_t>(rank, 0);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

/// `statement` with the place {rows} for which rows it is about.
bool runOverSpan(QSqlQuery& query, QString statement, const Span& span, QSqlError& error)
{
    query.setForwardOnly(true);
    QString rows = QStringLiteral("id>=:since AND id<:until");
    if (!span.provider.empty()) rows += QStringLiteral(" AND provider=:provider");
    bool done = query.prepare(statement.replace(QStringLiteral("{rows}"), rows));
    if (!span.provider.empty())
        query.bindValue(QStringLiteral(":provider"), QString::fromStdString(span.provider));
    query.bindValue(QStringLiteral(":since"), static_cast<qint64>(firstIdAt(span.since)));
    query.bindValue(QStringLiteral(":until"), static_cast<qint64>(firstIdAt(span.until)));
    done = done && query.exec();
    if (!done) error = query.lastError();
    return done;
}

/// Counts, spend and tokens: summed up by SQLite, one row for each bucket and provider.
void addSums(const QSqlDatabase& sql, const Buckets& buckets, const Span& span, Figures& figures,
             QSqlError& error)
{
    QSqlQuery query(sql);
    // Numbers only are put into the statement. (id>>12)+offset is never negative for a time after 1970.
    const QString statement =
        QStringLiteral("SELECT ((id>>12)+%1)/%2 AS bucket, provider, count(*), sum(%3), sum(cost_nanos), "
                       "sum(input_tokens), "
                       "sum(output_tokens) FROM requests WHERE {rows} GROUP BY 1,2 ORDER BY 1,2")
            .arg(buckets.offset)
            .arg(buckets.width)
            .arg(QLatin1String(kIsFailure));
    if (!runOverSpan(query, statement, span, error)) return;
    while (query.next()) {
        const std::int64_t number = query.value(0).toLongLong();
        const std::int64_t index = number - buckets.first;
        if (index < 0 || index >= buckets.count) continue;
        FigureBucket& bucket = figures.buckets[static_cast<std::size_t>(index)];
        const auto requests = static_cast<std::uint64_t>(query.value(2).toLongLong());
        const auto failures = static_cast<std::uint64_t>(query.value(3).toLongLong());
        const std::int64_t nanos = query.value(4).toLongLong();
        bucket.requests += requests;
        bucket.failures += failures;
        figures.requests += requests;
        figures.failures += failures;
        figures.spendNanos += nanos;
        figures.inputTokens += query.value(5).toLongLong();
        figures.outputTokens += query.value(6).toLongLong();
        if (nanos != 0)
            figures.spend.push_back({bucket.start, query.value(1).toString().toStdString(), nanos});
    }
    if (query.lastError().isValid()) error = query.lastError();
}

void addLatencies(const QSqlDatabase& sql, const Buckets& buckets, const Span& span, Figures& figures,
                  QSqlError& error)
{
    QSqlQuery query(sql);
    const QString statement =
        QStringLiteral("SELECT id,total FROM requests WHERE {rows} AND NOT %1 ORDER BY id")
            .arg(QLatin1String(kIsFailure));
    if (!runOverSpan(query, statement, span, error)) return;
    std::vector<std::int64_t> all, inBucket;
    std::int64_t current = 0;
    const auto closeBucket = [&] {
        if (inBucket.empty()) return;
        FigureBucket& bucket = figures.buckets[static_cast<std::size_t>(current)];
        bucket.p50 = percentile(inBucket, 0.50);
        bucket.p95 = percentile(inBucket, 0.95);
        inBucket.clear();
    };
    while (query.next()) {
        const std::int64_t micros = query.value(0).toLongLong() >> 12;
        const std::int64_t index = floorDivided(micros + buckets.offset, buckets.width) - buckets.first;
        if (index < 0 || index >= buckets.count) continue;
        if (index != current) closeBucket();
        current = index;
        inBucket.push_back(query.value(1).toLongLong());
        all.push_back(inBucket.back());
    }
    closeBucket();
    figures.p50 = percentile(all, 0.50);
    figures.p95 = percentile(all, 0.95);
    if (query.lastError().isValid()) error = query.lastError();
}

void addPrevious(const QSqlDatabase& sql, const Span& span, Figures& figures, QSqlError& error)
{
    QSqlQuery query(sql);
    const QString statement = QStringLiteral("SELECT %1,total,cost_nanos FROM requests WHERE {rows}")
                                  .arg(QLatin1String(kIsFailure));
    if (!runOverSpan(query, statement, span, error)) return;
    std::vector<std::int64_t> latencies;
    while (query.next()) {
        ++figures.previousRequests;
        if (query.value(0).toBool())
            ++figures.previousFailures;
        else
            latencies.push_back(query.value(1).toLongLong());
        figures.previousSpendNanos += query.value(2).toLongLong();
    }
    figures.previousP95 = percentile(latencies, 0.95);
    if (query.lastError().isValid()) error = query.lastError();
}

} // namespace

Figures selectFigures(const QSqlDatabase& sql, const FiguresQuery& query, std::int64_t nowMicros,
                      QSqlError& error)
{
    Figures figures;
    figures.query = query;
    constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() >> 12;
    Span span{std::clamp<std::int64_t>(query.sinceMicros, 0, kLast),
              query.untilMicros > 0 ? query.untilMicros : nowMicros, query.provider};
    span.until = std::clamp<std::int64_t>(span.until, 0, kLast);
    if (span.until <= span.since) return figures;

    const Buckets buckets = bucketsFor(query, span);
    figures.query.sinceMicros = span.since;
    figures.query.untilMicros = span.until;
    figures.query.bucketMicros = buckets.width;
    for (std::int64_t i = 0; i < buckets.count; ++i)
        figures.buckets.push_back({.start = buckets.startOf(buckets.first + i)});
    addSums(sql, buckets, span, figures, error);
    addLatencies(sql, buckets, span, figures, error);
    const std::int64_t length = span.until - span.since;
    addPrevious(sql, {std::max<std::int64_t>(span.since - length, 0), span.since, query.provider}, figures,
                error);
    return figures;
}

} // namespace gateway::log_store
