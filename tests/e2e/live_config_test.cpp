// SPDX-License-Identifier: GPL-3.0-or-later
// A running server follows its configuration file: keys made and revoked, edits good and bad.
#include <csignal>
#include <cstdio>
#include <memory>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <QVariant>

#include "support/error_reply.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::GatewayProcess;
using support::http;
using support::requestBytes;

class LiveConfigTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void createdKeyWorksWithinASecond();
    void revokedKeyIsRefusedWithinASecond();
    void keyMadeWithLimitsHasThem();
    void pausesAndResumesKey();
    void appliesEditFromOutside();
    void appliesEditThatReplacesTheFile();
    void keepsAVersionOfEachRoute();
    void keepsLastGoodOnInvalidEdit_data();
    void keepsLastGoodOnInvalidEdit();
    void keepsLastGoodWhenTheFileIsDeleted();
    void keepsACopyOfWhatIsInForce();
    void saysWhatNeedsANewStart();
    void saysThatTheLogCannotBeWritten();
    void keepsStreamingThroughAnEdit();
    void reloadsOnHangUp();

private:
    [[nodiscard]] int statusWith(const QByteArray& key) const
    {
        return http(m_gateway->port(), "GET", "/v1/models", {{"x-api-key", key}}).status;
    }
    [[nodiscard]] int statusOf(const QByteArray& model) const
    {
        return http(m_gateway->port(), "GET", "/v1/models/" + model, {{"x-api-key", GatewayProcess::kKey}})
            .status;
    }
    void write(const QByteArray& text) const
    {
        QFile file(m_gateway->configPath());
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
    }
    /// "NAME:json", or "NAME:gone" where it was deleted; the oldest first.
    [[nodiscard]] QStringList versions() const
    {
        QStringList told;
        {
            auto sql = QSqlDatabase::addDatabase("QSQLITE", "versions");
            sql.setDatabaseName(m_gateway->dataDir() + "/turnpike.db");
            sql.setConnectOptions("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000");
            if (sql.open()) {
                QSqlQuery query("SELECT route,json FROM route_versions ORDER BY id", sql);
                while (query.next())
                    told.append(query.value(0).toString() +
                                (query.value(1).toString().isEmpty() ? ":gone" : ":json"));
            }
        }
        QSqlDatabase::removeDatabase("versions");
        return told;
    }
    [[nodiscard]] QByteArray withRoute(const QString& name) const
    {
        QJsonObject config = m_gateway->configuration();
        const QJsonObject target{{"provider", "sandbox"}, {"model", "echo"}};
        config["routes"] = QJsonObject{{name, QJsonObject{{"targets", QJsonArray{target}}}}};
        return QJsonDocument(config).toJson();
    }

    std::unique_ptr<GatewayProcess> m_gateway;
};

void LiveConfigTest::init()
{
    m_gateway = std::make_unique<GatewayProcess>();
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    QCOMPARE(statusWith(GatewayProcess::kKey), 200);
}

void LiveConfigTest::cleanup()
{
    QCOMPARE(m_gateway->terminate(), 0);
    m_gateway.reset();
}

void LiveConfigTest::createdKeyWorksWithinASecond()
{
    int code = -1;
    const QByteArray made = m_gateway->run({"key", "create", "fresh", "--json"}, &code);
    QElapsedTimer since;
    since.start();
    QCOMPARE(code, 0);
    const QByteArray key = QJsonDocument::fromJson(made).object().value("key").toString().toUtf8();
    QVERIFY2(key.startsWith("tp-") && key.size() == 46, made);
    QTRY_COMPARE_WITH_TIMEOUT(statusWith(key), 200, 3'000);
    QVERIFY2(since.elapsed() < 1'500, QByteArray::number(since.elapsed()));
    QCOMPARE(statusWith(GatewayProcess::kKey), 200);
    QFile file(m_gateway->configPath());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains(key));
}

void LiveConfigTest::revokedKeyIsRefusedWithinASecond()
{
    int code = -1;
    QVERIFY(!m_gateway->run({"key", "revoke", "test"}, &code).contains(GatewayProcess::kKey));
    QElapsedTimer since;
    since.start();
    QCOMPARE(code, 0);
    QTRY_COMPARE_WITH_TIMEOUT(statusWith(GatewayProcess::kKey), 401, 3'000);
    QVERIFY2(since.elapsed() < 1'500, QByteArray::number(since.elapsed()));
}

void LiveConfigTest::keyMadeWithLimitsHasThem()
{
    const QByteArray made = m_gateway->run(
        {"key", "create", "narrow", "--models", "sandbox/echo", "--expires", "2124-01-01", "--json"});
    const QByteArray key = QJsonDocument::fromJson(made).object().value("key").toString().toUtf8();
    QTRY_COMPARE_WITH_TIMEOUT(statusWith(key), 200, 3'000);
    const auto ask = [&](const QByteArray& model) {
        return http(m_gateway->port(), "POST", "/v1/chat/completions", {{"x-api-key", key}},
                    R"({"model":")" + model + R"(","messages":[{"role":"user","content":"hi"}]})");
    };
    QCOMPARE(ask("sandbox/echo").status, 200);
    QCOMPARE(support::openAiFault(ask("sandbox/tools"), 403, "model_not_allowed"), QByteArray());
}

void LiveConfigTest::pausesAndResumesKey()
{
    QJsonObject config = m_gateway->configuration();
    const QByteArray before = QJsonDocument(config).toJson();
    QJsonObject keys = config["keys"].toObject();
    QJsonObject row = keys["test"].toObject();
    row["paused"] = true;
    keys["test"] = row;
    config["keys"] = keys;
    write(QJsonDocument(config).toJson());
    QTRY_COMPARE_WITH_TIMEOUT(statusWith(GatewayProcess::kKey), 401, 3'000);
    write(before);
    QTRY_COMPARE_WITH_TIMEOUT(statusWith(GatewayProcess::kKey), 200, 3'000);
}

void LiveConfigTest::appliesEditFromOutside()
{
    QCOMPARE(statusOf("first"), 404);
    write(withRoute("first"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("first"), 200, 3'000);
    write(withRoute("second"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("second"), 200, 3'000);
    QCOMPARE(statusOf("first"), 404);
}

void LiveConfigTest::appliesEditThatReplacesTheFile()
{
    // Editors write a new file and rename it over the old one; twice, since the first ends a watch on the
    // file.
    for (const char* name : {"third", "fourth"}) {
        const QString other = m_gateway->folder() + "/config.new";
        QFile file(other);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(withRoute(QString::fromLatin1(name)));
        file.close();
        QVERIFY(::rename(qPrintable(other), qPrintable(m_gateway->configPath())) == 0);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(name), 200, 3'000);
    }
}

void LiveConfigTest::keepsAVersionOfEachRoute()
{
    write(withRoute("first"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("first"), 200, 3'000);
    QFile foreign(m_gateway->folder() + "/litellm.yaml");
    QVERIFY(foreign.open(QIODevice::WriteOnly));
    foreign.write(
        "model_list:\n  - {model_name: taken, litellm_params: {model: groq/x, temperature: 0.1}}\n");
    foreign.close();
    int code = -1;
    const QByteArray report = m_gateway->run({"import", foreign.fileName()}, &code);
    QVERIFY2(code == 0, report);
    QTRY_VERIFY_WITH_TIMEOUT(versions().contains("taken:json"), 5'000);
    write(withRoute("second")); // And so both of these are gone.
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("second"), 200, 3'000);
    QTRY_VERIFY_WITH_TIMEOUT(versions().contains("second:json"), 5'000);
    const QStringList told = versions();
    QVERIFY2(told.indexOf("taken:json") < told.indexOf("taken:gone"), qPrintable(told.join(',')));
    QVERIFY2(told.indexOf("first:json") < told.indexOf("first:gone"), qPrintable(told.join(',')));
}

void LiveConfigTest::keepsLastGoodOnInvalidEdit_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("empty") << QByteArray() << QByteArray("is empty");
    QTest::newRow("blank") << QByteArray(" \n") << QByteArray("is empty");
    QTest::newRow("cut") << QByteArray("{\"version\":1,") << QByteArray();
    QTest::newRow("unknown key") << QByteArray(R"({"version":1,"server":{"prot":1}})")
                                 << QByteArray("server.prot");
    QTest::newRow("wrong type") << QByteArray(R"({"version":1,"routes":5})") << QByteArray("routes");
    QTest::newRow("not in this version")
        << QByteArray(
               R"({"version":1,"routes":{"a":{"targets":[{"provider":"sandbox","model":"echo"}],"cache":{"semantic":{}}}}})")
        << QByteArray("not in this version");
    QTest::newRow("unknown check") << QByteArray(R"({"version":1,"guardrails":{"a":{"check":"pi"}}})")
                                   << QByteArray("guardrails.a.check");
    QTest::newRow("deep") << "{\"x-a\":" + QByteArray(100'000, '[') << QByteArray();
}

void LiveConfigTest::keepsLastGoodOnInvalidEdit()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, said);
    write(withRoute("kept"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("kept"), 200, 3'000);
    write(text);
    if (!said.isEmpty()) QTRY_VERIFY_WITH_TIMEOUT(m_gateway->errors().contains(said), 3'000);
    QCOMPARE(statusOf("kept"), 200);
    QCOMPARE(statusWith("tp-unknown"), 401);
    // A good edit after the bad one is taken.
    write(withRoute("mended"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("mended"), 200, 3'000);
}

void LiveConfigTest::keepsLastGoodWhenTheFileIsDeleted()
{
    write(withRoute("kept"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("kept"), 200, 3'000);
    QVERIFY(QFile::remove(m_gateway->configPath()));
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->errors().contains("The file is gone"), 3'000);
    QCOMPARE(statusOf("kept"), 200);
    // The same text as before is taken, too.
    write(withRoute("kept"));
    write(withRoute("back"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("back"), 200, 3'000);
}

void LiveConfigTest::keepsACopyOfWhatIsInForce()
{
    const auto copy = [this] {
        QFile file(m_gateway->configPath() + ".bak");
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    // Written by hand and never by the program: only a start tells that it is good.
    QTRY_COMPARE_WITH_TIMEOUT(QJsonDocument::fromJson(copy()).object(), m_gateway->configuration(), 3'000);
    write(withRoute("better"));
    QTRY_COMPARE_WITH_TIMEOUT(copy(), withRoute("better"), 3'000);
    write("{\"version\":1,\"routs\":{}}");
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->errors().contains("routs"), 3'000);
    QCOMPARE(copy(), withRoute("better"));
    QCOMPARE(m_gateway->terminate(), 0);
    int code = -1;
    static_cast<void>(m_gateway->run({"serve", "--port", "0"}, &code));
    QCOMPARE(code, 2);
    write(copy());
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("better"), 200, 3'000);
}

void LiveConfigTest::saysWhatNeedsANewStart()
{
    QJsonObject config = m_gateway->configuration();
    config["server"] = QJsonObject{{"io_threads", 2}};
    write(QJsonDocument(config).toJson());
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->errors().contains("server.io_threads"), 3'000);
    QCOMPARE(statusWith(GatewayProcess::kKey), 200);
}

void LiveConfigTest::saysThatTheLogCannotBeWritten()
{
    QCOMPARE(m_gateway->terminate(), 0);
    m_gateway = std::make_unique<GatewayProcess>();
    QFile inItsPlace(m_gateway->dataDir());
    QVERIFY(inItsPlace.open(QIODevice::WriteOnly));
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    // Journal and database find out on threads of their own; whoever is last is named.
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->errors().contains("request log"), 3'000);
    const QByteArray body = R"({"model":"sandbox/echo","messages":[{"role":"user","content":"hi"}]})";
    const support::HeaderList headers{{"x-api-key", GatewayProcess::kKey}};
    QCOMPARE(http(m_gateway->port(), "POST", "/v1/chat/completions", headers, body).status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(http(m_gateway->port(), "GET", "/metrics", headers)
                                 .body.contains("\nturnpike_log_rows_lost_total 1\n"),
                             5'000);
    // Once it can be written, that is said as well.
    QVERIFY(inItsPlace.remove());
    QTRY_VERIFY_WITH_TIMEOUT(
        (static_cast<void>(http(m_gateway->port(), "POST", "/v1/chat/completions", headers, body)),
         m_gateway->errors().contains("is written again; ")),
        15'000);
}

void LiveConfigTest::keepsStreamingThroughAnEdit()
{
    support::RawClient client(m_gateway->port());
    client.send(requestBytes(
        m_gateway->port(), "POST", "/v1/chat/completions", {{"x-api-key", GatewayProcess::kKey}},
        R"({"model":"sandbox/slow","stream":true,"messages":[{"role":"user","content":"a b c d"}]})"));
    QVERIFY(client.receiveUntil("data: ").contains("data: "));
    write(withRoute("meanwhile"));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("meanwhile"), 200, 3'000);
    QVERIFY(client.receiveUntil("data: [DONE]").contains("data: [DONE]"));
}

void LiveConfigTest::reloadsOnHangUp()
{
    write(withRoute("fifth"));
    QCOMPARE(::kill(static_cast<pid_t>(m_gateway->process().processId()), SIGHUP), 0);
    QTRY_COMPARE_WITH_TIMEOUT(statusOf("fifth"), 200, 3'000);
    QCOMPARE(m_gateway->process().state(), QProcess::Running);
}

QTEST_GUILESS_MAIN(LiveConfigTest)
#include "live_config_test.moc"
