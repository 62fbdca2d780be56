// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <mutex>

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"
#include "gateway/log_store/log_fixture.h"

#include "log_store/segment_reader.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

std::vector<std::string> filesLike(const std::string& dir, const std::string& part)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(dir)) {
        if (entry.path().filename().string().find(part) != std::string::npos) names.push_back(entry.path());
    }
    return names;
}

void overwrite(const std::string& path, std::streamoff from, std::size_t bytes)
{
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(from);
    file << std::string(bytes, '\x5A');
}

/// The first value that the statement answers with.
QVariant execute(const std::string& path, const QString& statement)
{
    QVariant first;
    {
        auto sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("trouble"));
        sql.setDatabaseName(QString::fromStdString(path));
        QSqlQuery query(sql);
        if (!sql.open() || !query.exec(statement)) qCritical("%s", qPrintable(query.lastError().text()));
        if (query.next()) first = query.value(0);
    }
    QSqlDatabase::removeDatabase(QStringLiteral("trouble"));
    return first;
}

/// Notices come on the store thread.
struct Notices {
    std::mutex mutex;
    std::vector<std::string> texts;

    LogStoreOptions options()
    {
        LogStoreOptions options;
        options.retryInterval = std::chrono::milliseconds(20);
        options.notice = [this](std::string text) {
            const std::lock_guard lock(mutex);
            texts.push_back(std::move(text));
        };
        return options;
    }
    std::size_t count()
    {
        const std::lock_guard lock(mutex);
        return texts.size();
    }
};

} // namespace

class LogTroubleTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    std::string freshDir() { return m_dir.path().toStdString() + "/" + std::to_string(++m_count); }

    void fill(const std::string& dir, int rows)
    {
        LogStore store;
        store.start(dir);
        for (int n = 0; n < rows; ++n)
            store.record(plainRow(n));
    }

private slots:
    void setsAsideWhatIsNoDatabase()
    {
        const std::string dir = freshDir();
        std::filesystem::create_directories(dir);
        std::ofstream(dir + "/turnpike.db") << std::string(10'000, 'x');
        Notices notices;
        LogStore store(notices.options());
        store.start(dir);
        QVERIFY(store.record(plainRow(1)));
        flushNow(store);
        QCOMPARE(ask(store).total, 1u);
        QCOMPARE(notices.count(), 1u);
        QCOMPARE(filesLike(dir, "turnpike.db.damaged-").size(), 1u);
        QCOMPARE(store.problem(), std::string());
        QCOMPARE(store.lostRows(), 0u);
    }

    void setsDamagedDatabaseAsideAtStart()
    {
        const std::string dir = freshDir();
        fill(dir, 2000);
        overwrite(dir + "/turnpike.db", 4096, 60'000);
        Notices notices;
        LogStore store(notices.options());
        store.start(dir);
        QVERIFY(store.record(plainRow(9000)));
        flushNow(store);
        QCOMPARE(ask(store).total, 1u);
        QCOMPARE(notices.count(), 1u);
    }

    void replacesDatabaseThatIsDamagedWhileItRuns()
    {
        const std::string dir = freshDir();
        fill(dir, 2000);
        Notices notices;
        LogStore store(notices.options());
        store.start(dir);
        QVERIFY(store.record(plainRow(5000)));
        flushNow(store);
        overwrite(dir + "/turnpike.db", 4096, 200'000);
        // The question meets the damage and the store looks after it; what the journal has comes back.
        const auto replaced = [&] {
            const LogPage page = ask(store);
            return notices.count() == 1 && page.total == 1 && page.rows.front().id == plainRow(5000).id;
        };
        QTRY_VERIFY(replaced());
        QVERIFY(store.record(plainRow(5001)));
        flushNow(store);
        QCOMPARE(ask(store).total, 2u);
    }

    void leavesLogOfLaterVersionAlone()
    {
        const std::string dir = freshDir();
        fill(dir, 3);
        const int version = execute(dir + "/turnpike.db", QStringLiteral("PRAGMA user_version")).toInt();
        execute(dir + "/turnpike.db", QStringLiteral("PRAGMA user_version=99"));
        const auto size = std::filesystem::file_size(dir + "/turnpike.db");
        {
            Notices notices;
            LogStore store(notices.options());
            store.start(dir);
            QVERIFY(store.record(plainRow(7)));
            flushNow(store);
            QVERIFY(QString::fromStdString(store.problem()).contains(QStringLiteral("later version")));
            QCOMPARE(store.lostRows(), 0u);
            QVERIFY(ask(store).rows.empty());
        }
        QCOMPARE(std::filesystem::file_size(dir + "/turnpike.db"), size);
        // Back in its own version, the log gets what the journal kept.
        execute(dir + "/turnpike.db", QStringLiteral("PRAGMA user_version=%1").arg(version));
        LogStore store;
        store.start(dir);
        flushNow(store);
        flushNow(store);
        QCOMPARE(ask(store).total, 4u);
    }

    void bringsLogOfTheFirstVersionUpToDate()
    {
        const std::string dir = freshDir();
        fill(dir, 3);
        for (const std::string& statement : backTo(1))
            execute(dir + "/turnpike.db", QString::fromStdString(statement));
        LogStore store;
        store.start(dir);
        LogRow row = plainRow(7);
        row.once = "batch b at p";
        QVERIFY(store.record(row));
        flushNow(store);
        QCOMPARE(store.problem(), std::string());
        QCOMPARE(ask(store).total, 4u);
    }

    void countsRowsNeitherJournalNorDatabaseCanTake()
    {
        const std::string dir = freshDir();
        std::atomic<bool> full{false};
        Notices notices;
        LogStoreOptions options = notices.options();
        options.write = [&full](int file, const iovec* parts, int count) -> ssize_t {
            if (!full) return ::writev(file, parts, count);
            errno = ENOSPC;
            return -1;
        };
        LogStore store(options);
        store.start(dir);
        QVERIFY(store.record(plainRow(1)));
        flushNow(store);
        full = true;
        // The database still has room: nothing is lost, but the journal's trouble is said.
        QVERIFY(!store.record(plainRow(2)));
        flushNow(store);
        QCOMPARE(ask(store).total, 2u);
        QCOMPARE(store.lostRows(), 0u);
        QVERIFY(QString::fromStdString(store.problem()).contains(QStringLiteral("No space left")));
        full = false;
        QVERIFY(store.record(plainRow(3)));
        flushNow(store);
        QCOMPARE(store.problem(), std::string());
        QCOMPARE(ask(store).total, 3u);
    }

    void foldsLaterWhatADatabaseCouldNotTake()
    {
        const std::string dir = freshDir();
        Notices notices;
        LogStore store(notices.options());
        std::filesystem::create_directories(dir + "/turnpike.db");
        store.start(dir);
        QVERIFY(store.record(plainRow(1)));
        flushNow(store);
        QVERIFY(!store.problem().empty());
        QCOMPARE(store.lostRows(), 0u);
        std::filesystem::remove(dir + "/turnpike.db");
        QTRY_COMPARE(ask(store).total, 1u);
        QTRY_COMPARE(store.problem(), std::string());
    }

    void foldsLaterWhatATransactionCouldNotTake()
    {
        const std::string dir = freshDir();
        Notices notices;
        LogStore store(notices.options());
        store.start(dir);
        QVERIFY(store.record(plainRow(1)));
        flushNow(store);
        execute(dir + "/turnpike.db", QStringLiteral("CREATE TRIGGER trouble BEFORE INSERT ON requests "
                                                     "BEGIN SELECT RAISE(ABORT, 'trouble'); END"));
        QVERIFY(store.record(plainRow(2)));
        store.add("only for the database", 0);
        flushNow(store);
        QVERIFY(!store.problem().empty());
        QCOMPARE(store.lostRows(), 1u);
        QVERIFY(store.record(plainRow(3)));
        flushNow(store);
        QCOMPARE(ask(store).total, 1u);
        execute(dir + "/turnpike.db", QStringLiteral("DROP TRIGGER trouble"));
        QTRY_COMPARE(ask(store).total, 3u);
        QTRY_COMPARE(store.problem(), std::string());
        QCOMPARE(store.lostRows(), 1u);
    }

    void servesOnWithoutAnyFolder()
    {
        const std::string dir = freshDir();
        std::ofstream(dir) << "a file where the folder should be";
        Notices notices;
        {
            LogStore store(notices.options());
            store.start(dir);
            QVERIFY(!store.record(plainRow(1)));
            flushNow(store);
            QCOMPARE(store.lostRows(), 1u);
            QVERIFY(!store.problem().empty());
            std::filesystem::remove(dir);
            QTRY_VERIFY(store.record(plainRow(2)));
            QTRY_COMPARE(ask(store).total, 1u);
            QTRY_COMPARE(store.problem(), std::string());
        }
    }

    void boundsTheJournalThatCannotBeFolded()
    {
        const std::string dir = freshDir();
        std::filesystem::create_directories(dir + "/turnpike.db");
        Notices notices;
        LogStoreOptions options = notices.options();
        options.segmentBytes = 1000;
        options.journalBytes = 5000;
        LogStore store(options);
        store.start(dir);
        int n = 0;
        while (store.record(plainRow(n)) && n < 1000) {
            ++n;
            flushNow(store);
        }
        QVERIFY(n < 100);
        flushNow(store);
        QCOMPARE(store.lostRows(), 1u);
        std::filesystem::remove(dir + "/turnpike.db");
        QTRY_COMPARE(ask(store).total, static_cast<std::uint64_t>(n));
        QTRY_VERIFY(store.record(plainRow(2000)));
    }

    void readsLogWhoseWriterWasKilledInATransaction()
    {
        namespace fs = std::filesystem;
        const std::string dir = freshDir();
        const std::string killed = freshDir();
        fill(dir, 10);
        fs::create_directories(killed);
        {
            auto sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("killed"));
            sql.setDatabaseName(QString::fromStdString(dir + "/turnpike.db"));
            QVERIFY(sql.open());
            QSqlQuery query(sql);
            // As the file is before it is switched to a write-ahead log; pages are written early, not kept.
            for (const char* statement :
                 {"PRAGMA journal_mode=DELETE", "PRAGMA cache_size=1", "BEGIN", "CREATE TABLE half(text)",
                  "INSERT INTO half WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE "
                  "i<5000) "
                  "SELECT hex(randomblob(100)) FROM n"})
                QVERIFY2(query.exec(QString::fromLatin1(statement)), statement);
            for (const char* name : {"/turnpike.db", "/turnpike.db-journal"})
                fs::copy_file(dir + name, killed + name);
            query.exec(QStringLiteral("ROLLBACK"));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("killed"));
        const auto page = readLog(killed, {});
        QVERIFY2(page.ok(), page.ok() ? "" : page.error().message.c_str());
        QCOMPARE(page->total, 10u);
    }

    void keepsSegmentThatCannotBeRead()
    {
        const std::string dir = freshDir();
        std::filesystem::create_directories(dir + "/journal");
        std::ofstream(dir + "/journal/00000004.log") << std::string(100, 'x');
        std::ofstream(dir + "/journal/00000005.log") << "TPJR";
        Notices notices;
        LogStore store(notices.options());
        store.start(dir);
        QTRY_COMPARE(notices.count(), 1u);
        QTRY_VERIFY(segmentNumbers(dir + "/journal") == std::vector<std::uint32_t>{6});
        QCOMPARE(filesLike(dir + "/journal", "00000004.log.damaged").size(), 1u);
    }
};

QTEST_GUILESS_MAIN(LogTroubleTest)
#include "log_trouble_test.moc"
