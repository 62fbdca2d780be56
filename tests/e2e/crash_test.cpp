// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <vector>

#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTcpServer>
#include <QtTest/QtTest>

#include "e2e/crowd.h"
#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kKills = 50;
constexpr int kClients = 12; // with so many, rows go into the journal together

QByteArray asked(quint16 port, int client, int turn)
{
    const bool stream = (turn + client) % 2 == 0;
    const QByteArray model = stream ? "lab/mock:burst:20" : "ant/mock";
    return bytesOf(port, {client % 2 ? Shape::OpenAi : Shape::Anthropic, model, stream});
}

/// What SQLite says about a copy of the database as the kill left it: looking at the original would repair
/// it.
QString integrityOf(const QString& dataDir)
{
    const QTemporaryDir folder;
    for (const char* name : {"turnpike.db", "turnpike.db-wal"})
        QFile::copy(dataDir + '/' + QLatin1String(name), folder.filePath(QLatin1String(name)));
    QString said;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "integrity");
        database.setDatabaseName(folder.filePath("turnpike.db"));
        if (!database.open()) return "cannot be opened";
        QSqlQuery query(database);
        if (query.exec("PRAGMA integrity_check") && query.next()) said = query.value(0).toString();
    }
    QSqlDatabase::removeDatabase("integrity");
    return said;
}

QJsonObject configOf(const GatewayProcess& gateway)
{
    QFile file(gateway.configPath());
    return file.open(QIODevice::ReadOnly) ? jsonOf(file.readAll()) : QJsonObject();
}

bool refusesConnections(quint16 port)
{
    return !RawClient(port).connected();
}

} // namespace

/// Ends that were not planned, and those that were.
class CrashTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;

    static QSet<QString> loggedIds(GatewayProcess& gateway)
    {
        QSet<QString> ids;
        for (const QJsonValue& row : gateway.rows())
            ids.insert(row.toObject()["id"].toString());
        return ids;
    }

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }

    void losesNoRowByAKill()
    {
        GatewayProcess gateway(m_upstream.url());
        QSet<QString> completed;
        QElapsedTimer clock;
        for (int kill = 0; kill < kKills; ++kill) {
            clock.start();
            QVERIFY2(gateway.start(), gateway.errors());
            QVERIFY2(clock.elapsed() < 10'000, "not ready again in time");
            const quint16 port = gateway.port();
            Crowd crowd(port, kClients, [port](int client, int turn) { return asked(port, client, turn); });
            QVERIFY(crowd.waitForAnswers(1 + QRandomGenerator::global()->bounded(80)));
            gateway.kill();
            for (const QString& id : crowd.completed())
                completed.insert(id);
            QCOMPARE(integrityOf(gateway.dataDir()), QString("ok"));
            if (kill % 10 != 9) continue;
            // Once as the kill left it, and once folded by the next start.
            QVERIFY2(loggedIds(gateway).contains(completed), "a row is missing before the start");
            QVERIFY2(gateway.start(), gateway.errors());
            QVERIFY2(loggedIds(gateway).contains(completed), "a row is missing after the start");
            gateway.kill();
        }
        QVERIFY(completed.size() >= kKills);
        QVERIFY2(!gateway.errors().contains("damaged"), gateway.errors());
    }

    void keepsTheConfigurationWholeThroughKills()
    {
        GatewayProcess gateway(m_upstream.url());
        QVERIFY(gateway.start());
        QStringList made{"test"};
        for (int i = 0; i < 40; ++i) {
            const QString name = QStringLiteral("key-%1").arg(i);
            QProcess create;
            create.start(
                QStringLiteral(TURNPIKE_BIN "/turnpiked"),
                {"key", "create", name, "--config", gateway.configPath(), "--data", gateway.dataDir()});
            QVERIFY(create.waitForStarted());
            QElapsedTimer clock;
            clock.start();
            const qint64 moment = QRandomGenerator::global()->bounded(30'000'000);
            do {
                QVERIFY2(configOf(gateway)["keys"].toObject().contains("test"), "the file is not whole");
            } while (clock.nsecsElapsed() < moment && create.state() != QProcess::NotRunning);
            // Every fourth ends by itself.
            if (i % 4) create.kill();
            QVERIFY(create.waitForFinished(20'000));
            if (!create.readAllStandardOutput().isEmpty()) made.append(name);
            const QStringList names = configOf(gateway)["keys"].toObject().keys();
            for (const QString& each : made)
                QVERIFY2(names.contains(each), qPrintable(each + " was told but not kept"));
        }
        QVERIFY(made.size() > 10);
        int exitCode = -1;
        static_cast<void>(gateway.run({"check", gateway.configPath()}, &exitCode));
        QCOMPARE(exitCode, 0);
        QCOMPARE(ask(gateway.port(), {Shape::OpenAi, "lab/mock"}).status, 200);
        QVERIFY2(!gateway.errors().contains("not valid"), gateway.errors());
    }

    void finishesWhatRunsWhenItIsToldToEnd()
    {
        GatewayProcess gateway(m_upstream.url());
        QVERIFY(gateway.start());
        m_upstream.reset();
        RawClient plain(gateway.port());
        RawClient stream(gateway.port());
        const RawClient idle(gateway.port());
        plain.send(bytesOf(gateway.port(), {Shape::OpenAi, "lab/mock:slow-head:1500"}));
        stream.send(bytesOf(gateway.port(), {Shape::Anthropic, "ant/mock:paced:60:25", true}));
        QTRY_COMPARE_WITH_TIMEOUT(m_upstream.requests().size(), 2, 5'000);
        gateway.process().terminate();
        QTRY_VERIFY_WITH_TIMEOUT(refusesConnections(gateway.port()), 5'000);
        QVERIFY(gateway.process().state() == QProcess::Running);
        const HttpReply answer = plain.receive();
        QVERIFY2(answer.status == 200 && answer.complete, answer.body);
        QCOMPARE(answer.header("connection"), QByteArray("close"));
        const HttpReply streamed = stream.receive();
        QVERIFY(streamed.complete);
        QVERIFY(streamed.body.contains("w59 ") && streamed.body.contains("message_stop"));
        QVERIFY(gateway.process().waitForFinished(5'000));
        QCOMPARE(gateway.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(gateway.process().exitCode(), 0);
        QCOMPARE(gateway.rows().size(), 2);
    }

    void waitsNoLongerThanItMayDrain()
    {
        GatewayProcess gateway(m_upstream.url());
        gateway.configure({{"server", QJsonObject{{"drain_seconds", 1}}}});
        QVERIFY(gateway.start());
        m_upstream.reset();
        RawClient client(gateway.port());
        client.send(bytesOf(gateway.port(), {Shape::OpenAi, "lab/mock:silent"}));
        QTRY_COMPARE_WITH_TIMEOUT(m_upstream.requests().size(), 1, 5'000);
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(gateway.terminate(), 0);
        QVERIFY2(clock.elapsed() >= 900 && clock.elapsed() < 5'000, QByteArray::number(clock.elapsed()));
        QVERIFY(client.closed());
        QCOMPARE(gateway.rows(1).size(), 1);
    }

    void endsAtOnceWhenToldTwice()
    {
        GatewayProcess gateway(m_upstream.url());
        QVERIFY(gateway.start());
        m_upstream.reset();
        RawClient client(gateway.port());
        client.send(bytesOf(gateway.port(), {Shape::OpenAi, "lab/mock:silent"}));
        QTRY_COMPARE_WITH_TIMEOUT(m_upstream.requests().size(), 1, 5'000);
        gateway.process().terminate();
        QTRY_VERIFY_WITH_TIMEOUT(refusesConnections(gateway.port()), 5'000);
        QVERIFY(gateway.process().state() == QProcess::Running);
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(gateway.terminate(), 0);
        QVERIFY2(clock.elapsed() < 3'000, QByteArray::number(clock.elapsed()));
        QVERIFY(client.closed());
    }

    void namesWhoHoldsItsPort()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        GatewayProcess running(m_upstream.url());
        QVERIFY(running.start());
        const std::vector<std::pair<quint16, QByteArray>> holders{{taken.serverPort(), "crash_test"},
                                                                  {running.port(), "turnpiked"}};
        for (const auto& [port, holder] : holders) {
            QProcess second;
            const QTemporaryDir folder;
            second.start(QStringLiteral(TURNPIKE_BIN "/turnpiked"),
                         {"serve", "--config", running.configPath(), "--data", folder.path(), "--port",
                          QString::number(port)});
            QVERIFY(second.waitForFinished(20'000));
            QCOMPARE(second.exitCode(), 1);
            const QByteArray said = second.readAllStandardError();
            QVERIFY2(said.contains(QByteArray::number(port)), said);
            QVERIFY2(said.contains(holder), said);
            QVERIFY(second.readAllStandardOutput().isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(CrashTest)
#include "crash_test.moc"
