// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <filesystem>
#include <future>
#include <map>
#include <sys/uio.h>
#include <thread>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"
#include "gateway/log_store/log_fixture.h"

#include "base/wall_clock.h"
#include "log_store/row_codec.h"
#include "log_store/segment_reader.h"

using namespace gateway;
using namespace gateway::log_store;

class LogStoreTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    std::string freshDir() { return m_dir.path().toStdString() + "/" + std::to_string(++m_count); }

private slots:
    void foldsAndReadsBackEveryField()
    {
        LogStore store;
        store.start(freshDir());
        QVERIFY(store.record(fullRow(1)));
        LogRow broken = fullRow(2);
        broken.client = "bad \xff utf-8";
        broken.requestBody.clear();
        QVERIFY(store.record(broken));
        flushNow(store);
        LogQuery query;
        query.withBodies = true;
        const LogPage page = ask(store, query);
        QCOMPARE(page.total, 2u);
        QCOMPARE(described(page.rows.at(1)), described(fullRow(1)));
        QCOMPARE(page.rows.at(0).client, std::string("bad \xEF\xBF\xBD utf-8"));
        QCOMPARE(page.rows.at(0).responseBody, fullRow(2).responseBody);
        QVERIFY(ask(store).rows.at(1).requestBody.empty());
        QCOMPARE(store.lastLoggedId(), fullRow(2).id.value);
        QCOMPARE(store.lostRows(), 0u);
        QCOMPARE(store.problem(), std::string());
    }

    void countsAsSpentWhatHadEndedWhenItWasAsked()
    {
        LogStore store;
        store.start(freshDir());
        const auto row = [](std::int64_t startMicros, std::int64_t lasted, std::int64_t nanos) {
            LogRow made = plainRow(1);
            made.id = idAt(startMicros);
            made.total = lasted;
            made.costNanos = nanos;
            return made;
        };
        const std::int64_t now = nowMicros();
        constexpr std::int64_t kSecond = 1'000'000;
        QVERIFY(store.record(row(now - 3 * kSecond, kSecond, 1)));
        QVERIFY(store.record(row(now - 2 * kSecond, 7 * kSecond, 10))); // Ends while the log looks it up.
        QVERIFY(store.record(row(now + 3600 * kSecond, kSecond, 100))); // The clock was set back since.
        std::promise<SpentReply> answer;
        store.spent(now - 60 * kSecond, [&answer](SpentReply reply) { answer.set_value(std::move(reply)); });
        const SpentReply reply = answer.get_future().get();
        QVERIFY(reply.known);
        std::int64_t sum = 0;
        for (const SpentRow& each : reply.rows)
            sum += each.nanos;
        QCOMPARE(sum, 101);
    }

    void putsPartsOfACostDownToTheTargetsThatWerePaid()
    {
        LogStore store;
        store.start(freshDir());
        const std::int64_t now = nowMicros();
        const auto row = [now](int n, std::int64_t nanos, std::vector<AttemptRow> attempts) {
            LogRow made = plainRow(1);
            made.id = idAt(now - 5'000'000 + n);
            made.total = 1;
            made.costNanos = nanos;
            made.attempts = std::move(attempts);
            return made;
        };
        const auto attempt = [](const char* provider, std::int64_t nanos) {
            AttemptRow made;
            made.provider = provider;
            made.model = "echo";
            // As long as the byte of the field that holds a cost.
            made.keyId = "a key of twenty bytes";
            made.keyId.resize(20);
            made.costNanos = nanos;
            return made;
        };
        QVERIFY(store.record(
            {std::vector{row(1, 100, {attempt("left", 0), attempt("sandbox", 0)}),
                         row(2, 100, {attempt("left", 30), attempt("sandbox", 70)}),
                         row(3, 40, {attempt("left", 40), attempt("sandbox", 0)}),
                         row(4, 5, {attempt("left", 9), attempt("other", 9)}), row(5, 1000, {})}}));
        std::promise<SpentReply> answer;
        store.spent(now - 60'000'000, [&answer](SpentReply reply) { answer.set_value(std::move(reply)); });
        const SpentReply reply = answer.get_future().get();
        QVERIFY(reply.known);
        std::map<std::string, std::int64_t> spent;
        for (const SpentRow& each : reply.rows) {
            QCOMPARE(each.key, std::string("default"));
            spent[each.provider + "/" + each.model] += each.nanos;
        }
        const std::map<std::string, std::int64_t> wanted{{"left/echo", 75}, {"sandbox/echo", 1170}};
        QCOMPARE(spent, wanted);
    }

    void writesRowsThatEndTogetherAtOnce()
    {
        std::atomic<int> writes{0};
        LogStoreOptions options;
        options.commitInterval = std::chrono::hours(1);
        options.write = [&writes](int file, const iovec* parts, int count) {
            ++writes;
            return ::writev(file, parts, count);
        };
        const std::string dir = freshDir();
        LogStore store(options);
        store.start(dir);
        std::vector<LogRow> rows;
        for (int n = 0; n < 20; ++n)
            rows.push_back(plainRow(n));
        const int before = writes;
        QVERIFY(store.record(rows));
        QCOMPARE(writes - before, 1);
        QCOMPARE(readLog(dir, {})->total, 20u); // in the journal
        // More than one write takes, with one in the middle that is large.
        rows.clear();
        for (int n = 20; n < 100; ++n)
            rows.push_back(plainRow(n));
        rows[30].requestBody = std::string(300'000, 'x');
        QVERIFY(store.record(rows));
        QVERIFY(writes - before > 3);
        QCOMPARE(readLog(dir, {})->total, 100u);
        flushNow(store);
        QCOMPARE(ask(store).total, 100u);
    }

    void foldsByItself()
    {
        LogStore store;
        store.start(freshDir());
        QVERIFY(store.record(plainRow(1)));
        QElapsedTimer timer;
        timer.start();
        while (ask(store).rows.empty())
            QVERIFY(timer.elapsed() < 20'000);
    }

    void keepsFilesPrivate()
    {
        const std::string dir = freshDir();
        LogStore store;
        store.start(dir);
        QVERIFY(store.record(plainRow(1)));
        flushNow(store);
        QCOMPARE(modeOf(dir + "/turnpike.db"), 0600);
        QCOMPARE(modeOf(dir + "/turnpike.db-wal"), 0600);
        QCOMPARE(modeOf(dir + "/turnpike.db-shm"), 0600);
        QCOMPARE(modeOf(dir + "/journal"), 0700);
        QCOMPARE(modeOf(dir + "/journal/00000001.log"), 0600);
    }

    void foldsEverythingWhenStopped()
    {
        const std::string dir = freshDir();
        {
            LogStore store;
            store.start(dir);
            for (int n = 0; n < 100; ++n)
                QVERIFY(store.record(plainRow(n)));
            store.stop();
            QVERIFY(!store.record(plainRow(100)));
            QCOMPARE(store.lostRows(), 1u);
            QVERIFY(ask(store).rows.empty());
        }
        QVERIFY(segmentNumbers(dir + "/journal").empty());
        LogStore store;
        store.start(dir);
        flushNow(store);
        QCOMPARE(store.lastLoggedId(), plainRow(99).id.value);
        QCOMPARE(ask(store).total, 100u);
    }

    void replaysJournalOfProgramThatWasKilled()
    {
        const std::string dir = freshDir(), copy = freshDir();
        {
            LogStore store;
            store.start(dir);
            for (int n = 0; n < 50; ++n)
                QVERIFY(store.record(plainRow(n)));
            flushNow(store);
            for (int n = 50; n < 60; ++n)
                QVERIFY(store.record(fullRow(n)));
            // What a kill at this moment would leave.
            std::filesystem::copy(dir, copy, std::filesystem::copy_options::recursive);
        }
        LogStore store;
        store.start(copy);
        flushNow(store);
        flushNow(store);
        LogQuery query;
        query.withBodies = true;
        const LogPage page = ask(store, query);
        QCOMPARE(page.total, 60u);
        QCOMPARE(described(page.rows.front()), described(fullRow(59)));
    }

    void turnsSegmentsOverWithoutLossOrDouble()
    {
        const std::string dir = freshDir();
        LogStoreOptions options;
        options.segmentBytes = 2000;
        options.commitInterval = std::chrono::milliseconds(5);
        LogStore store(options);
        store.start(dir);
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t) {
            threads.emplace_back([&store, t] {
                for (int n = 0; n < 3000; ++n)
                    store.record(plainRow(t * 3000 + n));
            });
        }
        for (auto& thread : threads)
            thread.join();
        flushNow(store);
        QCOMPARE(ask(store).total, 9000u);
        store.stop();
        QVERIFY(segmentNumbers(dir + "/journal").empty());
    }

    void deletesOldSegmentsWhileItRuns()
    {
        const std::string dir = freshDir();
        LogStoreOptions options;
        options.segmentAge = options.commitInterval = options.retryInterval = std::chrono::milliseconds(10);
        LogStore store(options);
        store.start(dir);
        QVERIFY(store.record(plainRow(1)));
        QTRY_VERIFY(segmentNumbers(dir + "/journal") == std::vector<std::uint32_t>{2});
        QCOMPARE(ask(store).total, 1u);
    }

    void readsFromJournalWhatTheQueueCouldNotHold()
    {
        LogStoreOptions options;
        options.queuedRows = 5;
        LogStore store(options);
        store.start(freshDir());
        for (int n = 0; n < 500; ++n)
            QVERIFY(store.record(plainRow(n)));
        QTRY_COMPARE(ask(store).total, 500u);
        QCOMPARE(store.lostRows(), 0u);
    }

    void takesRowsThatWereEncodedBefore()
    {
        LogStore store;
        store.start(freshDir());
        std::string encoded;
        encodeRow(plainRow(7), encoded);
        store.add(encoded, store.journal().append(encoded));
        store.add(encoded, 0);
        flushNow(store);
        QCOMPARE(ask(store).total, 1u);
    }

    void servesTwoProgramsOnOneFolder()
    {
        const std::string dir = freshDir();
        LogStoreOptions options;
        options.retryInterval = std::chrono::milliseconds(20);
        LogStore first(options), second(options);
        first.start(dir);
        second.start(dir);
        QVERIFY(first.record(plainRow(1)));
        QVERIFY(second.record(plainRow(2)));
        // Where both make the same file at the same moment, one tries again.
        QTRY_COMPARE(ask(first).total, 2u);
        second.stop();
        QVERIFY(first.record(plainRow(3)));
        flushNow(first);
        QCOMPARE(ask(first).total, 3u);
    }
};

QTEST_GUILESS_MAIN(LogStoreTest)
#include "log_store_test.moc"
