// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>
#include <vector>

#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

#include "log_store/database.h"
#include "log_store/note_table.h"

using namespace gateway;
using namespace gateway::log_store;

class NoteTableTest : public QObject {
    Q_OBJECT

private:
    static Alert alert(std::int64_t id)
    {
        Alert alert;
        alert.id = id;
        alert.time = id * 10;
        alert.kind = Alert::Kind::KeyRefused;
        alert.level = Alert::Level::Critical;
        alert.text = "Text \u00e4.";
        return alert;
    }

private slots:
    void keepsAlerts()
    {
        Database database;
        QVERIFY(database.openInMemory() == DatabaseState::Ready);
        QSqlError error;
        for (std::int64_t id = 1; id <= 3; ++id)
            QVERIFY(recordNote(database.sql(), alert(id), error));
        QVERIFY(recordNote(database.sql(), alert(3), error)); // the same once more
        QVERIFY(
            (selectAlerts(database.sql(), {}, error) == std::vector<Alert>{alert(3), alert(2), alert(1)}));
        QVERIFY((selectAlerts(database.sql(), {3, 0, 1}, error) == std::vector<Alert>{alert(2)}));
        QVERIFY((selectAlerts(database.sql(), {0, 21, 9}, error) == std::vector<Alert>{alert(3)}));
        QVERIFY(!error.isValid());
    }

    void keepsTheNewestAlerts()
    {
        Database database;
        QVERIFY(database.openInMemory() == DatabaseState::Ready);
        QSqlError error;
        const QSqlDatabase& sql = database.sql();
        const auto most = static_cast<std::int64_t>(kKeptAlerts);
        QVERIFY(QSqlQuery(sql).exec(
            QStringLiteral(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%1) INSERT INTO "
                "alerts(id,time,kind,level,subject,text) SELECT i,i,'log_trouble','info','','' FROM n")
                .arg(most)));
        QVERIFY(recordNote(sql, alert(most + 1), error));
        QVERIFY(recordNote(sql, alert(most + 2), error));
        const auto kept = selectAlerts(sql, {0, 0, 1'000'000}, error);
        QCOMPARE(kept.size(), kKeptAlerts);
        QCOMPARE(kept.front().id, most + 2);
        QCOMPARE(kept.back().id, 3);
    }

    void keepsTheLastAllowanceOfEachBudget()
    {
        Database database;
        QVERIFY(database.openInMemory() == DatabaseState::Ready);
        QSqlError error;
        AllowanceRow day{"day", false, "day", 1, std::numeric_limits<std::int64_t>::max(), 5, 7};
        const AllowanceRow key{"day", true, "week", 1, 2, 5, 3};
        QVERIFY(recordNote(database.sql(), day, error));
        QVERIFY(recordNote(database.sql(), key, error));
        day.nanos = 9;
        QVERIFY(recordNote(database.sql(), day, error));
        QVERIFY((selectAllowances(database.sql(), error) == std::vector<AllowanceRow>{day, key}));
    }

    void everyKindHasItsName()
    {
        for (int kind = 1; kind <= static_cast<int>(Alert::Kind::SpendingPaused); ++kind)
            QVERIFY(!alertKindName(static_cast<Alert::Kind>(kind)).empty());
        for (int level = 1; level <= static_cast<int>(Alert::Level::Critical); ++level)
            QVERIFY(!alertLevelName(static_cast<Alert::Level>(level)).empty());
        QVERIFY(alertKindName(Alert::Kind::Undecided).empty());
    }

    void readsWhereThereIsNoLog()
    {
        const QTemporaryDir folder;
        const auto alerts = readAlerts(folder.path().toStdString(), {});
        QVERIFY(alerts.ok());
        QVERIFY(alerts->empty());
    }
};

QTEST_GUILESS_MAIN(NoteTableTest)
#include "note_table_test.moc"
