// SPDX-License-Identifier: GPL-3.0-or-later
#include <future>

#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/log_store/log_fixture.h"

#include "log_store/database.h"
#include "log_store/later_costs.h"
#include "log_store/recalculation.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

LogRow unpriced(int n)
{
    LogRow row = plainRow(n);
    row.costSource = "unknown";
    row.inputTokens = 100;
    row.searches = 2; // stands in the detail
    row.session = "s";
    row.reasoningTokens = 7;
    return row;
}

/// A price for all models but one.
bool price(LogRow& row)
{
    if (row.inputTokens == 0) return false;
    if (row.model == "nobody") return true;
    row.costNanos = row.inputTokens * 3;
    row.costSource = "computed";
    row.priceVersion = "recalculated 2026-11-27";
    return true;
}

} // namespace

class RecalculationTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    LogStore m_store;

    Recalculation recalculated(bool write, std::int64_t since = 0)
    {
        std::promise<Recalculation> promise;
        auto future = promise.get_future();
        m_store.recalculate({since, write, price},
                            [&promise](Recalculation result) { promise.set_value(std::move(result)); });
        return future.get();
    }

    LogRow row(int n)
    {
        LogQuery query;
        query.untilMicros = kMidnight + 9'000'000;
        for (LogRow& each : ask(m_store, query).rows) {
            if (each.id == plainRow(n).id) return each;
        }
        return {};
    }

private slots:
    void pricesRowsThatHaveNone()
    {
        m_store.start(m_dir.path().toStdString());
        LogRow paid = unpriced(1);
        paid.costSource = "reported";
        paid.costNanos = 5;
        LogRow nobody = unpriced(2);
        nobody.model = "nobody";
        LogRow refused = unpriced(3);
        refused.inputTokens = 0;
        LogRow partly = unpriced(5); // another target was paid
        partly.costNanos = 6;
        QVERIFY(m_store.record({std::vector{paid, nobody, refused, unpriced(4), partly}}));
        // More than one batch of them.
        for (int n = 10; n < 1210; ++n)
            QVERIFY(m_store.record(unpriced(n)));

        const Recalculation dry = recalculated(false);
        QCOMPARE(dry.rows, std::uint64_t{1202});
        QCOMPARE(dry.priced, std::uint64_t{1201});
        QCOMPARE(dry.nanos, std::int64_t{1201 * 300});
        QVERIFY(dry.problem.empty());
        QCOMPARE(row(4).costSource, std::string("unknown"));

        const Recalculation later = recalculated(false, kMidnight + 1209 * 1'000'000LL);
        QCOMPARE(later.rows, std::uint64_t{1});

        QCOMPARE(recalculated(true).priced, std::uint64_t{1201});
        const LogRow done = row(4);
        QCOMPARE(done.costSource, std::string("computed"));
        QCOMPARE(done.costNanos, 300);
        QCOMPARE(done.priceVersion, std::string("recalculated 2026-11-27"));
        QCOMPARE(done.searches, 2); // nothing else is lost
        QCOMPARE(done.session, std::string("s"));
        QCOMPARE(done.reasoningTokens, 7);
        QCOMPARE(row(1).costNanos, 5);
        QCOMPARE(row(5).costNanos, 6);
        QCOMPARE(row(2).costSource, std::string("unknown"));
        QCOMPARE(recalculated(true).priced, std::uint64_t{0});
    }

    void goesOnAfterWhatCouldNotBeCommitted()
    {
        QTemporaryDir dir;
        {
            LogStore store;
            store.start(dir.path().toStdString());
            QVERIFY(store.record(unpriced(1)));
            store.stop();
        }
        Database database;
        const std::string path = databasePath(dir.path().toStdString());
        QVERIFY(database.openForWriting(path, false) == DatabaseState::Ready);
        const auto run = [&database](const char* statement) {
            return QSqlQuery(database.sql()).exec(QLatin1String(statement));
        };
        QVERIFY(run("PRAGMA foreign_keys=ON"));
        QVERIFY(run("CREATE TABLE fault (of INTEGER REFERENCES requests(id) DEFERRABLE INITIALLY DEFERRED)"));
        bool isFaulty = true;
        RecalculationRun recalculation({0, true, [&](LogRow& row) {
                                            return (!isFaulty || run("INSERT INTO fault VALUES (1)")) &&
                                                   price(row);
                                        }});
        QSqlError error;
        QVERIFY(!recalculation.step(database.sql(), error));
        QVERIFY2(error.text().contains(QLatin1String("FOREIGN KEY")), qPrintable(error.text()));
        QCOMPARE(recalculation.result().priced, std::uint64_t{0});
        isFaulty = false;
        QSqlError none;
        RecalculationRun again({0, true, price});
        QVERIFY(!again.step(database.sql(), none));
        QVERIFY2(!none.isValid(), qPrintable(none.text()));
        QCOMPARE(again.result().priced, std::uint64_t{1});
    }

    void tellsThatAStoppedStoreCannot()
    {
        m_store.stop();
        QVERIFY(!recalculated(true).problem.empty());
    }

    void addsUpDaysAsProvidersCountThem()
    {
        LogStore store;
        QTemporaryDir dir;
        store.start(dir.path().toStdString());
        LogRow late = unpriced(24 * 3600 - 1);
        late.cacheReadTokens = 40;
        LogRow next = unpriced(24 * 3600);
        next.costNanos = 9;
        LogRow other = unpriced(5);
        other.provider = "other";
        LogRow failed = unpriced(6);
        failed.inputTokens = 0;
        QVERIFY(store.record({std::vector{unpriced(1), late, next, other, failed}}));
        std::promise<std::vector<DayUse>> promise;
        store.days("sandbox", kMidnight, kMidnight + 2 * 86'400'000'000LL,
                   [&promise](std::vector<DayUse> days) { promise.set_value(std::move(days)); });
        const std::vector<DayUse> days = promise.get_future().get();
        QCOMPARE(days.size(), std::size_t{2});
        QCOMPARE(days[0].day, std::string("2026-11-22"));
        QCOMPARE(days[0].inputTokens, 200);
        QCOMPARE(days[0].cacheReadTokens, 40);
        QCOMPARE(days[0].requests, 2);
        QCOMPARE(days[1].day, std::string("2026-11-23"));
        QCOMPARE(days[1].costNanos, 9);
    }
};

QTEST_GUILESS_MAIN(RecalculationTest)
#include "recalculation_test.moc"
