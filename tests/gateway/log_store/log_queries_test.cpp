// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "gateway/log_store/log_fixture.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

constexpr std::int64_t kHour = 3'600'000'000;

std::vector<std::int64_t> idsOfRows(std::initializer_list<int> numbers)
{
    std::vector<std::int64_t> ids;
    for (const int n : numbers)
        ids.push_back(plainRow(n).id.value);
    return ids;
}

LogQuery textQuery(const std::string& text)
{
    LogQuery query;
    query.text = text;
    return query;
}

std::string summed(const std::vector<UsageRow>& rows)
{
    std::string text;
    for (const UsageRow& row : rows) {
        text += row.name + ":" + std::to_string(row.requests) + "/" + std::to_string(row.failures);
        for (const std::int64_t value :
             {row.inputTokens, row.outputTokens, row.cacheReadTokens, row.cacheWriteTokens, row.costNanos})
            text += "," + std::to_string(value);
        text += ' ';
    }
    return text;
}

} // namespace

class LogQueriesTest : public QObject {
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

    std::vector<std::int64_t> found(const LogQuery& query) { return idsOf(ask(*m_store, query)); }

private slots:
    void init()
    {
        m_store = std::make_unique<LogStore>();
        m_store->start(m_dir.path().toStdString() + "/" + std::to_string(++m_count));
    }

    void cleanup() { m_store.reset(); }

    void pagesBackwardsFromTheNewest()
    {
        put({plainRow(1), plainRow(2), plainRow(3), plainRow(4), plainRow(5)});
        LogQuery query;
        query.limit = 2;
        LogPage page = ask(*m_store, query);
        QCOMPARE(idsOf(page), idsOfRows({5, 4}));
        QVERIFY(page.more);
        QCOMPARE(page.total, 5u);
        query.before = page.rows.back().id.value;
        page = ask(*m_store, query);
        QCOMPARE(idsOf(page), idsOfRows({3, 2}));
        QCOMPARE(page.total, 5u);
        query.before = page.rows.back().id.value;
        page = ask(*m_store, query);
        QCOMPARE(idsOf(page), idsOfRows({1}));
        QVERIFY(!page.more);
    }

    void followsForwardsFromTheOldest()
    {
        put({plainRow(1), plainRow(2), plainRow(3)});
        LogQuery query;
        query.after = plainRow(1).id.value;
        query.limit = 1;
        QCOMPARE(found(query), idsOfRows({2}));
        query.limit = 10;
        QCOMPARE(found(query), idsOfRows({2, 3}));
        query.after = plainRow(3).id.value;
        QVERIFY(found(query).empty());
    }

    void cutsByTime()
    {
        put({plainRow(1), plainRow(2), plainRow(3)});
        LogQuery query;
        query.sinceMicros = kMidnight + 2'000'000;
        QCOMPARE(found(query), idsOfRows({3, 2}));
        query.untilMicros = kMidnight + 3'000'000;
        QCOMPARE(found(query), idsOfRows({2}));
        query.sinceMicros = std::numeric_limits<std::int64_t>::max();
        QVERIFY(found(query).empty());
        query = {};
        query.untilMicros = std::numeric_limits<std::int64_t>::max();
        QCOMPARE(found(query), idsOfRows({3, 2, 1}));
    }

    void findsTextInEveryColumnItNames()
    {
        const std::vector<std::string LogRow::*> columns{
            &LogRow::requestedModel, &LogRow::model, &LogRow::provider,  &LogRow::route,
            &LogRow::client,         &LogRow::key,   &LogRow::errorCode, &LogRow::errorMessage};
        int n = 0;
        for (const auto column : columns) {
            LogRow row = plainRow(++n);
            row.*column = "has needle" + std::to_string(n) + " inside";
            put({row});
        }
        for (int i = 1; i <= n; ++i)
            QCOMPARE(found(textQuery("Needle" + std::to_string(i))), idsOfRows({i}));
        QCOMPARE(found(textQuery("needle")).size(), static_cast<std::size_t>(n));
        QVERIFY(found(textQuery("openai")).empty());
    }

    void takesSpecialCharactersAsTheyAre()
    {
        LogRow percent = plainRow(1), underscore = plainRow(2), backslash = plainRow(3), quote = plainRow(4);
        percent.model = "100% sure";
        underscore.model = "snake_case";
        backslash.model = "back\\slash";
        quote.model = "it's'); DROP TABLE requests; --";
        put({percent, underscore, backslash, quote, plainRow(5)});
        QCOMPARE(found(textQuery("%")), idsOfRows({1}));
        QCOMPARE(found(textQuery("_c")), idsOfRows({2}));
        QCOMPARE(found(textQuery("\\")), idsOfRows({3}));
        QCOMPARE(found(textQuery("it's'); DROP TABLE requests; --")), idsOfRows({4}));
        LogQuery query;
        query.model = quote.model;
        QCOMPARE(found(query), idsOfRows({4}));
    }

    void findsPartsOfIds()
    {
        LogRow other = plainRow(7);
        other.id.value = 1;
        put({plainRow(5), other});
        const std::string text = plainRow(5).id.text();
        QCOMPARE(found(textQuery(text)), idsOfRows({5}));
        QCOMPARE(found(textQuery(text.substr(5))), idsOfRows({5}));
        QCOMPARE(found(textQuery(text.substr(0, text.size() - 3))), idsOfRows({5}));
        QCOMPARE(found(textQuery("req_")).size(), 2u);
    }

    void filtersByStatus()
    {
        LogRow limited = plainRow(2), broken = plainRow(3), gone = plainRow(4);
        limited.status = 429;
        limited.errorCode = "rate_limit_exceeded";
        broken.status = 502;
        broken.errorCode = "upstream_error";
        gone.errorCode = "upstream_truncated";
        put({plainRow(1), limited, broken, gone});
        const auto byStatus = [&](const std::string& status) {
            LogQuery query;
            query.status = status;
            return found(query);
        };
        QCOMPARE(byStatus("ok"), idsOfRows({1}));
        QCOMPARE(byStatus("error"), idsOfRows({4, 3, 2}));
        QCOMPARE(byStatus("429"), idsOfRows({2}));
        QCOMPARE(byStatus("5xx"), idsOfRows({3}));
        QCOMPARE(byStatus("upstream_truncated"), idsOfRows({4}));
        QVERIFY(byStatus("nothing").empty());
    }

    void filtersByColumns()
    {
        LogRow row = plainRow(2);
        row.provider = "openai";
        row.model = "gpt";
        row.requestedModel = "fast";
        row.key = "team";
        row.client = "cli";
        row.route = "fast";
        put({plainRow(1), row});
        LogQuery query;
        query.provider = "openai";
        query.model = "gpt";
        query.key = "team";
        query.client = "cli";
        query.route = "fast";
        QCOMPARE(found(query), idsOfRows({2}));
        query.model = "fast";
        QCOMPARE(found(query), idsOfRows({2}));
        query.key = "tea";
        QVERIFY(found(query).empty());
    }

    void givesEveryBucketOfTheSpan()
    {
        LogRow failure = plainRow(60), later = plainRow(2 * 3600 + 1);
        failure.status = 500;
        failure.total = 99'999'999;
        later.provider = "openai";
        later.costNanos = 7;
        later.inputTokens = 3;
        later.outputTokens = 4;
        LogRow first = plainRow(1);
        first.costNanos = 5;
        put({first, failure, later});
        const Figures figures = ask(*m_store, FiguresQuery{kMidnight, kMidnight + 4 * kHour, kHour, 0});
        QCOMPARE(figures.buckets.size(), 4u);
        for (int i = 0; i < 4; ++i)
            QCOMPARE(figures.buckets.at(i).start, kMidnight + i * kHour);
        QCOMPARE(figures.buckets[0].requests, 2u);
        QCOMPARE(figures.buckets[0].failures, 1u);
        QCOMPARE(figures.buckets[0].p95, first.total);
        QCOMPARE(figures.buckets[1].requests, 0u);
        QCOMPARE(figures.buckets[1].p50, 0);
        QCOMPARE(figures.buckets[2].p50, later.total);
        QCOMPARE(figures.requests, 3u);
        QCOMPARE(figures.failures, 1u);
        QCOMPARE(figures.spendNanos, 12);
        QCOMPARE(figures.inputTokens, 3);
        QCOMPARE(figures.outputTokens, 4);
        QCOMPARE(figures.spend.size(), 2u);
        QCOMPARE(figures.spend[1].start, kMidnight + 2 * kHour);
        QCOMPARE(figures.spend[1].provider, std::string("openai"));
        QCOMPARE(figures.spend[1].nanos, 7);

        const Figures own = ask(*m_store, FiguresQuery{kMidnight, kMidnight + 4 * kHour, kHour, 0, "openai"});
        QCOMPARE(own.requests, 1u);
        QCOMPARE(own.failures, 0u);
        QCOMPARE(own.p95, later.total);
        QCOMPARE(own.spendNanos, 7);
        QCOMPARE(own.spend.size(), 1u);
        const Figures after =
            ask(*m_store, FiguresQuery{kMidnight + 4 * kHour, kMidnight + 8 * kHour, kHour, 0, "openai"});
        QCOMPARE(after.previousRequests, 1u);
        QCOMPARE(after.previousFailures, 0u);
        QCOMPARE(ask(*m_store, FiguresQuery{kMidnight, kMidnight + kHour, kHour, 0, "'"}).requests, 0u);
    }

    void beginsBucketsInLocalTime()
    {
        put({plainRow(1)});
        // India: midnight there is 18:30 of the day before here.
        const int offset = 5 * 3600 + 1800;
        const Figures figures =
            ask(*m_store, FiguresQuery{kMidnight - kHour, kMidnight + 24 * kHour, 24 * kHour, offset});
        QCOMPARE(figures.buckets.size(), 2u);
        QCOMPARE(figures.buckets[0].start, kMidnight - kHour * 11 / 2);
        QCOMPARE(figures.buckets[0].requests, 1u);
        QCOMPARE(figures.buckets[1].start, kMidnight + kHour * 37 / 2);
    }

    void countsPercentilesExactly()
    {
        std::vector<LogRow> rows;
        for (int n = 1; n <= 100; ++n) {
            rows.push_back(plainRow(n));
            rows.back().total = (n * 37) % 101; // 1 to 100 in some order
        }
        put(rows);
        const Figures figures = ask(*m_store, FiguresQuery{kMidnight, kMidnight + kHour, 0, 0});
        QCOMPARE(figures.buckets.size(), 1u);
        QCOMPARE(figures.buckets[0].start, kMidnight);
        QCOMPARE(figures.buckets[0].requests, 100u);
        QCOMPARE(figures.p50, 50);
        QCOMPARE(figures.p95, 95);
        QCOMPARE(figures.buckets[0].p95, 95);
    }

    void comparesWithTheSpanBefore()
    {
        LogRow before = plainRow(-10), failedBefore = plainRow(-20), longAgo = plainRow(-7000);
        before.costNanos = 3;
        before.total = 42;
        failedBefore.status = 500;
        put({longAgo, failedBefore, before, plainRow(1)});
        const Figures figures = ask(*m_store, FiguresQuery{kMidnight, kMidnight + kHour, kHour, 0});
        QCOMPARE(figures.requests, 1u);
        QCOMPARE(figures.previousRequests, 2u);
        QCOMPARE(figures.previousFailures, 1u);
        QCOMPARE(figures.previousSpendNanos, 3);
        QCOMPARE(figures.previousP95, 42);
    }

    void staysSmallForStrangeSpans()
    {
        put({plainRow(1)});
        QVERIFY(ask(*m_store, FiguresQuery{5, 4, 1, 0}).buckets.empty());
        QVERIFY(ask(*m_store, FiguresQuery{0, 0, 1, 0}).buckets.size() <= 10'002);
        const std::int64_t far = std::numeric_limits<std::int64_t>::max();
        QVERIFY(ask(*m_store, FiguresQuery{-far, far, -5, 2'000'000'000}).buckets.size() <= 10'002);
        QCOMPARE(ask(*m_store, FiguresQuery{0, kMidnight + kHour, kHour, -43'200}).requests, 1u);
    }

    void sumsUsageByEachColumn()
    {
        LogRow first = plainRow(1), second = fullRow(2), third = fullRow(3);
        first.inputTokens = 1;
        first.tags = {"a", "b"};
        second.model = "gpt";
        second.provider = "openai";
        second.route = "fast";
        second.key = "team";
        second.tags = {"b"};
        third = second;
        third.id = idAt(kMidnight + 3'000'000);
        third.status = 200;
        third.errorCode.clear();
        third.tags.clear();
        put({first, second, third});
        const std::string firstSums = ":1/0,1,0,0,0,0 ", bothSums = ":2/1,22,24,26,28,32000000000 ";
        const auto by = [&](const std::string& column) {
            return summed(ask(*m_store, UsageQuery{0, column}));
        };
        QCOMPARE(by("model"), "gpt" + bothSums + "echo" + firstSums);
        QCOMPARE(by("provider"), "openai" + bothSums + "sandbox" + firstSums);
        QCOMPARE(by("route"), "fast" + bothSums + "smart" + firstSums);
        QCOMPARE(by("key"), "team" + bothSums + "default" + firstSums);
        QCOMPARE(by("tag"), std::string("b:2/1,12,12,13,14,16000000000 a:1/0,1,0,0,0,0 "));
        QCOMPARE(summed(ask(*m_store, UsageQuery{kMidnight + 2'000'000, "tag"})),
                 std::string("b:1/1,11,12,13,14,16000000000 "));
        QCOMPARE(by(""), std::string(":3/1,23,24,26,28,32000000000 "));
        QCOMPARE(summed(ask(*m_store, UsageQuery{0, "target", "fast"})), "openai/gpt" + bothSums);
        QCOMPARE(summed(ask(*m_store, UsageQuery{0, "", "smart' OR 1"})), std::string(":0/0,0,0,0,0,0 "));
        QCOMPARE(by("nonsense; DROP TABLE requests"), std::string());
        QCOMPARE(summed(ask(*m_store, UsageQuery{kMidnight + 9'000'000, ""})),
                 std::string(":0/0,0,0,0,0,0 "));
        QCOMPARE(summed(ask(*m_store, UsageQuery{kMidnight + 9'000'000, "model"})), std::string());
    }

    void sumsUsageByWhatGuardrailsFound()
    {
        LogRow first = plainRow(1), second = plainRow(2), third = plainRow(3);
        first.guardrailsJson = R"([{"guardrail":"mail","check":"pii"},{"guardrail":"mail","check":"pii"}])";
        second.guardrailsJson =
            R"([{"guardrail":"mail","check":"pii"},{"guardrail":"keys","check":"secrets"}])";
        second.route = "fast";
        second.status = 400;
        second.costNanos = 7;
        third.decisionJson = R"({"guardrail":"none"})";
        put({first, second, third});
        UsageQuery query{0, "guardrail"};
        QCOMPARE(summed(ask(*m_store, query)), std::string("mail:2/1,0,0,0,0,7 keys:1/1,0,0,0,0,7 "));
        query.route = "fast";
        QCOMPARE(summed(ask(*m_store, query)), std::string("keys:1/1,0,0,0,0,7 mail:1/1,0,0,0,0,7 "));
        query.route.clear();
        query.untilMicros = kMidnight + 2'000'000;
        QCOMPARE(summed(ask(*m_store, query)), std::string("mail:1/0,0,0,0,0,0 "));
    }

    void sumsWhatIsBeyondTheLimitInOneRow()
    {
        std::vector<LogRow> rows;
        for (int i = 1; i <= 6; ++i) {
            LogRow& row = rows.emplace_back(plainRow(i));
            row.session = "s" + std::to_string(i);
            row.costNanos = i;
            row.inputTokens = 10 * i;
            row.outputTokens = i == 2 ? 5 : 0;
            row.savedNanos = 100;
            row.routedNanos = 1000;
            row.costSource = i == 1 ? "unknown" : "computed";
        }
        rows[0].status = 500;
        put(rows);
        UsageQuery query{0, "session"};
        query.limit = 3;
        const std::vector<UsageRow> first = ask(*m_store, query);
        QCOMPARE(first.size(), std::size_t{4});
        QCOMPARE(first[0].name + first[1].name + first[2].name, std::string("s6s5s4"));
        QCOMPARE(first[2].others, 0u);
        const UsageRow& others = first[3];
        QCOMPARE(others.others, 3u);
        QCOMPARE(summed({others}), std::string(":3/1,60,5,0,0,6 "));
        QCOMPARE(others.savedNanos, 300);
        QCOMPARE(others.routedNanos, 3000);
        QCOMPARE(others.unpriced, 1u);
        query.limit = 6;
        QCOMPARE(ask(*m_store, query).back().others, 0u);
        query.limit = 0;
        QCOMPARE(ask(*m_store, query).size(), std::size_t{6});
    }
};

QTEST_GUILESS_MAIN(LogQueriesTest)
#include "log_queries_test.moc"
