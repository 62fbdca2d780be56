// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"
#include "gateway/log_store/log_fixture.h"

#include "log_store/row_codec.h"

using namespace gateway;
using namespace gateway::log_store;

class LogReaderTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    std::string freshDir() { return m_dir.path().toStdString() + "/" + std::to_string(++m_count); }

    void fill(const std::string& dir, int from, int to)
    {
        LogStore store;
        store.start(dir);
        for (int n = from; n < to; ++n)
            store.record(fullRow(n));
    }

    /// What a killed program leaves in its journal.
    void addToJournal(const std::string& dir, int from, int to)
    {
        Journal journal;
        QVERIFY(journal.open(journalFolder(dir)).ok());
        for (int n = from; n < to; ++n) {
            std::string encoded;
            encodeRow(fullRow(n), encoded);
            QVERIFY(journal.append(encoded) != 0);
        }
    }

private slots:
    void isEmptyWhereThereIsNothing()
    {
        const auto page = readLog(freshDir(), {});
        QVERIFY(page.ok());
        QVERIFY(page->rows.empty());
        const auto usage = readUsage(freshDir(), {});
        QVERIFY(usage.ok());
        QCOMPARE(usage->size(), 1u);
    }

    void readsDatabaseOfStoppedProgram()
    {
        const std::string dir = freshDir();
        fill(dir, 0, 10);
        LogQuery query;
        query.withBodies = true;
        const auto page = readLog(dir, query);
        QVERIFY(page.ok());
        QCOMPARE(page->total, 10u);
        QCOMPARE(described(page->rows.front()), described(fullRow(9)));
    }

    void addsWhatOnlyTheJournalHas()
    {
        const std::string dir = freshDir();
        fill(dir, 0, 10);
        addToJournal(dir, 8, 15);
        LogQuery query;
        query.withBodies = true;
        query.limit = 3;
        auto page = readLog(dir, query);
        QVERIFY2(page.ok(), page.ok() ? "" : page.error().message.c_str());
        QCOMPARE(page->total, 15u);
        QCOMPARE(described(page->rows.front()), described(fullRow(14)));
        query.before = fullRow(11).id.value;
        page = readLog(dir, query);
        QVERIFY(page.ok());
        QCOMPARE(idsOf(*page),
                 (std::vector<std::int64_t>{fullRow(10).id.value, fullRow(9).id.value, fullRow(8).id.value}));
        const auto usage = readUsage(dir, UsageQuery{0, "tag"});
        QVERIFY(usage.ok());
        QCOMPARE(usage->front().requests, 15u);
        // Looking changes nothing.
        QCOMPARE(readLog(dir, {})->total, 15u);
        LogStore store;
        store.start(dir);
        flushNow(store);
        flushNow(store);
        QCOMPARE(ask(store).total, 15u);
    }

    void countsOnceWhatIsToldAgain()
    {
        const auto told = [](int n) {
            LogRow row = plainRow(n);
            row.once = "batch b at p";
            return row;
        };
        const auto addTold = [&](const std::string& dir, std::initializer_list<int> numbers) {
            Journal journal;
            QVERIFY(journal.open(journalFolder(dir)).ok());
            for (const int n : numbers) {
                std::string encoded;
                encodeRow(told(n), encoded);
                QVERIFY(journal.append(encoded) != 0);
            }
        };
        const std::string dir = freshDir();
        addTold(dir, {1, 2});
        QCOMPARE(idsOf(*readLog(dir, {})), (std::vector<std::int64_t>{told(1).id.value}));
        fill(dir, 5, 6); // takes in what the journal has
        QCOMPARE(readLog(dir, {})->total, 2u);
        addTold(dir, {3});
        QCOMPARE(readLog(dir, {})->total, 2u);
        LogStore store;
        store.start(dir);
        QVERIFY(store.record(told(7)));
        LogRow other = told(8);
        other.once = "batch c at p";
        QVERIFY(store.record(other));
        flushNow(store);
        flushNow(store);
        QCOMPARE(idsOf(ask(store)),
                 (std::vector<std::int64_t>{other.id.value, fullRow(5).id.value, told(1).id.value}));
    }

    void readsJournalWithoutDatabase()
    {
        const std::string dir = freshDir();
        addToJournal(dir, 0, 5);
        const auto page = readLog(dir, {});
        QVERIFY(page.ok());
        QCOMPARE(page->total, 5u);
        QCOMPARE(modeOf(dir + "/turnpike.db"), -1);
    }

    void seesRowsOfRunningProgram()
    {
        const std::string dir = freshDir();
        LogStore store;
        store.start(dir);
        for (int n = 0; n < 20; ++n) {
            QVERIFY(store.record(plainRow(n)));
            const auto page = readLog(dir, {});
            QVERIFY(page.ok());
            QCOMPARE(page->total, static_cast<std::uint64_t>(n + 1));
            if (n == 10) flushNow(store);
        }
    }

    void seesEveryRowWhileSegmentsComeAndGo()
    {
        const std::string dir = freshDir();
        LogStoreOptions options;
        options.segmentBytes = 500;
        options.commitInterval = options.retryInterval = std::chrono::milliseconds(1);
        LogStore store(options);
        store.start(dir);
        flushNow(store);
        for (int n = 0; n < 200; ++n) {
            QVERIFY(store.record(plainRow(n)));
            const auto page = readLog(dir, {});
            QVERIFY2(page.ok(), page.ok() ? "" : page.error().message.c_str());
            QCOMPARE(page->total, static_cast<std::uint64_t>(n + 1));
        }
    }

    void saysWhatIsWrong()
    {
        const std::string dir = freshDir();
        std::filesystem::create_directories(dir);
        std::ofstream(dir + "/turnpike.db") << std::string(5000, 'x');
        const auto page = readLog(dir, {});
        QVERIFY(!page.ok());
        QVERIFY(QString::fromStdString(page.error().message).contains(QStringLiteral("damaged")));
        const auto usage = readUsage(dir, UsageQuery{0, "colour"});
        QVERIFY(!usage.ok());
        QCOMPARE(usage.error().code, Code::InvalidRequest);
    }
};

QTEST_GUILESS_MAIN(LogReaderTest)
#include "log_reader_test.moc"
