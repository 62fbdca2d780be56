// SPDX-License-Identifier: GPL-3.0-or-later
#include <future>

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/log_store/log_fixture.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

RoutesInForce routes(std::int64_t time, std::vector<std::pair<std::string, std::string>> all,
                     const char* source = "window")
{
    return {time, source, std::move(all)};
}

std::vector<RouteVersion> versionsOf(LogStore& store, const char* route)
{
    std::promise<std::vector<RouteVersion>> answer;
    store.routeVersions(RouteId(route),
                        [&answer](std::vector<RouteVersion> rows) { answer.set_value(std::move(rows)); });
    return answer.get_future().get();
}

/// "TIME SOURCE JSON;" for each, newest first.
std::string told(const std::vector<RouteVersion>& versions)
{
    std::string text;
    for (const RouteVersion& each : versions)
        text += std::to_string(each.time) + " " + each.source + " " + each.json + ";";
    return text;
}

void execute(const std::string& path, const QStringList& statements)
{
    {
        auto sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("history"));
        sql.setDatabaseName(QString::fromStdString(path));
        if (!sql.open()) qCritical("cannot open");
        for (const QString& statement : statements) {
            QSqlQuery query(sql);
            if (!query.exec(statement)) qCritical("%s", qPrintable(query.lastError().text()));
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("history"));
}

} // namespace

class RouteHistoryTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    std::string freshDir() { return m_dir.path().toStdString() + "/" + std::to_string(++m_count); }

private slots:
    void keepsARowOnlyForWhatChanged()
    {
        LogStore store;
        store.start(freshDir());
        store.recordRoutes(routes(1, {{"a", "{1}"}, {"b", "{1}"}}, "file"));
        store.recordRoutes(routes(2, {{"a", "{1}"}, {"b", "{2}"}}));
        store.recordRoutes(routes(3, {{"b", "{2}"}, {"a", "{1}"}}));
        QCOMPARE(told(versionsOf(store, "a")), std::string("1 file {1};"));
        QCOMPARE(told(versionsOf(store, "b")), std::string("2 window {2};1 file {1};"));
        QVERIFY(versionsOf(store, "c").empty());
    }

    void marksADeletionOnceAndKeepsWhatWasBefore()
    {
        LogStore store;
        store.start(freshDir());
        store.recordRoutes(routes(1, {{"a", "{1}"}}));
        store.recordRoutes(routes(2, {}));
        store.recordRoutes(routes(3, {}));
        QCOMPARE(told(versionsOf(store, "a")), std::string("2 window ;1 window {1};"));
        store.recordRoutes(routes(4, {{"a", "{1}"}}));
        QCOMPARE(told(versionsOf(store, "a")), std::string("4 window {1};2 window ;1 window {1};"));
    }

    void keepsAHundredOfEach()
    {
        LogStore store;
        store.start(freshDir());
        store.recordRoutes(routes(1, {{"other", "{}"}, {"a", "{0}"}}));
        for (int i = 1; i <= 130; ++i)
            store.recordRoutes(routes(i, {{"other", "{}"}, {"a", "{" + std::to_string(i) + "}"}}));
        const auto versions = versionsOf(store, "a");
        QCOMPARE(versions.size(), std::size_t{100});
        QCOMPARE(versions.front().json, std::string("{130}"));
        QCOMPARE(versions.back().json, std::string("{31}"));
        QCOMPARE(versionsOf(store, "other").size(), std::size_t{1});
    }

    void knowsThemAfterARestart()
    {
        const std::string dir = freshDir();
        {
            LogStore store;
            store.start(dir);
            store.recordRoutes(routes(1, {{"a", "{1}"}}));
        }
        LogStore store;
        store.start(dir);
        store.recordRoutes(routes(2, {{"a", "{1}"}}, "file"));
        QCOMPARE(told(versionsOf(store, "a")), std::string("1 window {1};"));
        store.recordRoutes(routes(3, {{"a", "{2}"}}, "file"));
        QCOMPARE(told(versionsOf(store, "a")), std::string("3 file {2};1 window {1};"));
        store.stop();
        QVERIFY(versionsOf(store, "a").empty()); // Answered, though nobody is there any more.
    }

    void bringsAnOlderLogUpToDate()
    {
        const std::string dir = freshDir();
        {
            LogStore store;
            store.start(dir);
            store.record(plainRow(1));
        }
        QStringList statements;
        for (const std::string& statement : backTo(2))
            statements << QString::fromStdString(statement);
        execute(dir + "/turnpike.db", statements);
        LogStore store;
        store.start(dir);
        store.recordRoutes(routes(1, {{"a", "{1}"}}));
        QCOMPARE(told(versionsOf(store, "a")), std::string("1 window {1};"));
        QCOMPARE(store.problem(), std::string());
        QCOMPARE(ask(store).total, 1u);
    }

    void waitsForADatabaseThatCannotTakeThem()
    {
        const std::string dir = freshDir();
        LogStoreOptions options;
        options.retryInterval = std::chrono::milliseconds(20);
        LogStore store(options);
        store.start(dir);
        store.recordRoutes(routes(1, {{"a", "{1}"}}));
        QCOMPARE(versionsOf(store, "a").size(), std::size_t{1});
        execute(dir + "/turnpike.db",
                {QStringLiteral("CREATE TRIGGER trouble BEFORE INSERT ON route_versions "
                                "BEGIN SELECT RAISE(ABORT, 'trouble'); END")});
        store.recordRoutes(routes(2, {{"a", "{2}"}}));
        QCOMPARE(versionsOf(store, "a").size(), std::size_t{1});
        QVERIFY(!store.problem().empty());
        execute(dir + "/turnpike.db", {QStringLiteral("DROP TRIGGER trouble")});
        QTRY_COMPARE(told(versionsOf(store, "a")), std::string("2 window {2};1 window {1};"));
        QTRY_COMPARE(store.problem(), std::string());
    }
};

QTEST_GUILESS_MAIN(RouteHistoryTest)
#include "route_history_test.moc"
