// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include <QTemporaryDir>
#include <QTest>

#include "gateway/log_store/log_fixture.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

constexpr std::int64_t kHour = 3'600'000'000;

LogRow rowAt(std::int64_t micros, const char* model, std::int64_t nanos)
{
    LogRow row = plainRow(0);
    row.id = idAt(micros);
    row.model = model;
    row.costNanos = nanos;
    row.inputTokens = 10;
    row.outputTokens = 3;
    row.cacheReadTokens = 4;
    row.cacheWriteTokens = 2;
    row.reasoningTokens = 1;
    return row;
}

// "START/NAME:requests/failures,nanos" for each point, START in hours from midnight.
std::string written(const std::vector<UsagePoint>& points)
{
    std::string text;
    for (const UsagePoint& point : points)
        text += std::to_string((point.start - kMidnight) / kHour) + "/" + point.name + ":" +
                std::to_string(point.requests) + "/" + std::to_string(point.failures) + "," +
                std::to_string(point.costNanos) + " ";
    return text;
}

} // namespace

class UsageSeriesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<LogStore> m_store;
    int m_count = 0;

    void put(const std::vector<LogRow>& rows)
    {
        for (const LogRow& row : rows)
            QVERIFY(m_store->record(row));
        flushNow(*m_store);
    }

    std::vector<UsagePoint> pointsOf(const UsageSeriesQuery& query)
    {
        std::promise<std::vector<UsagePoint>> answer;
        m_store->usageSeries(
            query, [&answer](std::vector<UsagePoint> points) { answer.set_value(std::move(points)); });
        return answer.get_future().get();
    }

private slots:
    void init()
    {
        m_store = std::make_unique<LogStore>();
        m_store->start(m_dir.path().toStdString() + "/" + std::to_string(++m_count));
    }

    void cleanup() { m_store.reset(); }

    void sumsByBucketAndName()
    {
        LogRow failed = rowAt(kMidnight + 61, "b", 0);
        failed.status = 500;
        put({rowAt(kMidnight, "b", 5), rowAt(kMidnight + 60, "a", 7), failed,
             rowAt(kMidnight + 3 * kHour, "a", 9), rowAt(kMidnight + 4 * kHour, "a", 11)});
        const std::vector<UsagePoint> points =
            pointsOf({kMidnight, kMidnight + 4 * kHour, kHour, 0, "model"});
        QCOMPARE(written(points), std::string("0/a:1/0,7 0/b:2/1,5 3/a:1/0,9 "));
        const UsagePoint& both = points[1];
        QCOMPARE(both.inputTokens, 20);
        QCOMPARE(both.outputTokens, 6);
        QCOMPARE(both.cacheReadTokens, 8);
        QCOMPARE(both.cacheWriteTokens, 4);
        QCOMPARE(both.reasoningTokens, 2);
    }

    void whatIsBeyondTheLimitIsOnePointOfEachBucket()
    {
        put({rowAt(kMidnight, "b", 5), rowAt(kMidnight + 60, "a", 7), rowAt(kMidnight + 61, "c", 1),
             rowAt(kMidnight + kHour, "c", 2), rowAt(kMidnight + kHour + 1, "d", 1),
             rowAt(kMidnight + kHour + 2, "d", 0)});
        UsageSeriesQuery query{kMidnight, kMidnight + 4 * kHour, kHour, 0, "model"};
        query.limit = 1;
        const std::vector<UsagePoint> points = pointsOf(query);
        QCOMPARE(written(points), std::string("0/a:1/0,7 0/:2/0,6 1/:3/0,3 "));
        QVERIFY(!points[0].others && points[1].others && points[2].others);
        QCOMPARE(points[2].inputTokens, 30);
        QCOMPARE(points[2].outputTokens, 9);
        QCOMPARE(points[2].cacheReadTokens, 12);
        QCOMPARE(points[2].cacheWriteTokens, 6);
        QCOMPARE(points[2].reasoningTokens, 3);
        query.limit = 2;
        QCOMPARE(written(pointsOf(query)), std::string("0/a:1/0,7 0/b:1/0,5 0/:1/0,1 1/:3/0,3 "));
    }

    void bucketsBeginInLocalTime()
    {
        put({rowAt(kMidnight, "a", 1), rowAt(kMidnight + 19 * kHour, "a", 2)});
        // In India the first one is at 5:30, the second one half an hour into the next day.
        const UsageSeriesQuery query{kMidnight, kMidnight + 24 * kHour, 24 * kHour, 19'800, ""};
        const std::vector<UsagePoint> points = pointsOf(query);
        QCOMPARE(points.size(), std::size_t{2});
        QCOMPARE(points[0].start, kMidnight - 11 * kHour / 2);
        QCOMPARE(points[1].start, kMidnight + 37 * kHour / 2);
    }

    void dividesByTagAndSourceAndTakesNoOtherWord()
    {
        LogRow tagged = rowAt(kMidnight, "a", 3), plain = rowAt(kMidnight + 1, "a", 4);
        tagged.tags = {"team", "night"};
        tagged.costSource = "reported";
        plain.costSource = "computed";
        put({tagged, plain});
        const auto by = [&](const char* column) {
            return written(pointsOf({kMidnight, kMidnight + kHour, kHour, 0, column}));
        };
        QCOMPARE(by("tag"), std::string("0/night:1/0,3 0/team:1/0,3 "));
        QCOMPARE(by("cost_source"), std::string("0/computed:1/0,4 0/reported:1/0,3 "));
        QCOMPARE(by(""), std::string("0/:2/0,7 "));
        QCOMPARE(by("day"), std::string());
        QCOMPARE(by("1; DROP TABLE requests"), std::string());
        LogQuery query;
        query.tag = "team";
        QCOMPARE(idsOf(ask(*m_store, query)), std::vector{tagged.id.value});
    }

    void staysSmallForStrangeSpans()
    {
        put({rowAt(kMidnight, "a", 1), rowAt(kMidnight + 1, "a", 1)});
        constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
        QCOMPARE(pointsOf({5, 4, 1, 0, ""}).size(), std::size_t{0});
        QCOMPARE(pointsOf({0, 0, 1, 0, ""}).size(), std::size_t{1});
        QCOMPARE(pointsOf({-kFar, kFar, -5, -2'000'000'000, ""}).size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(UsageSeriesTest)
#include "usage_series_test.moc"
