// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommands of turnpiked that speak with a running one, where something else answers.
#include <sys/prctl.h>

#include <QFile>
#include <QJsonObject>
#include <QProcessEnvironment>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/admin_command.h"
#include "e2e/administered_gateway.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;

class AdminCliStrangerTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void tellsWhatTheServerRefuses();
    void tellsThatNoAnswerComes();
    void tellsWhatIsNotTurnpike_data();
    void tellsWhatIsNotTurnpike();
    void namesWhoHoldsThePort();
    void showsNoKeyThatComesBack();
    void showsNothingATerminalObeys();
    void sendsNothingTwice_data();
    void sendsNothingTwice();
    void asksNoOtherMachine();

private:
    [[nodiscard]] Told run(const QStringList& words, const QByteArray& input = {}) const
    {
        return runTurnpiked(m_environment, words, input);
    }
    /// With a configuration and a key, at the port of a stranger.
    [[nodiscard]] Told tell(QStringList words, quint16 port, const QByteArray& input = {}) const
    {
        words << "--config" << m_folder.filePath("config.json") << "--data" << m_folder.filePath("data")
              << "--port" << QString::number(port);
        return run(words, input);
    }
    [[nodiscard]] bool write(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() &&
               file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    QTemporaryDir m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

void AdminCliStrangerTest::initTestCase()
{
    for (const char* name : {"TURNPIKE_ADMIN_KEY", "TURNPIKE_CONFIG"})
        m_environment.remove(QString::fromLatin1(name));
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
        m_environment.insert(QString::fromLatin1(name), m_folder.path());
    const QByteArray keyPath = m_folder.filePath("admin.key").toUtf8();
    QVERIFY(write("admin.key", AdministeredGateway::kAdminKey));
    QVERIFY(write("config.json", R"({"server":{"admin_key":"file:)" + keyPath + "\"}}"));
}

void AdminCliStrangerTest::tellsWhatTheServerRefuses()
{
    CannedServer server([](const QByteArray& head) {
        const qsizetype at = head.indexOf("Bearer ") + 7;
        const QByteArray key = head.mid(at, head.indexOf("\r\n", at) - at);
        return CannedServer::json(
            403, R"({"error":{"code":"host_not_allowed","message":"Not here.\u001b[2J )" + key + "\"}}");
    });
    const Told told = tell({"status"}, server.serverPort());
    QCOMPARE(told.exitCode, 1);
    QVERIFY2(told.err.contains("Not here.") && !told.err.contains('\x1b'), told.err);
    QCOMPARE(server.heads().size(), 1);
    QVERIFY(server.heads()[0].startsWith("GET /admin/v1/status HTTP/1.1\r\n"));
    QVERIFY(server.heads()[0].contains(AdministeredGateway::kAdminKey));
    QVERIFY(!server.heads()[0].toLower().contains("upgrade"));
}

void AdminCliStrangerTest::tellsThatNoAnswerComes()
{
    CannedServer silent([](const QByteArray&) { return QByteArray(); });
    const Told late = tell({"status"}, silent.serverPort());
    QCOMPARE(late.exitCode, 1);
    QVERIFY2(late.err.contains("has not answered within 10 seconds"), late.err);
    CannedServer rude(
        [](const QByteArray&) { return QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"); });
    const Told cut = tell({"pause"}, rude.serverPort());
    QCOMPARE(cut.exitCode, 1);
    QVERIFY2(cut.err.contains("broke off"), cut.err);
    QCOMPARE(rude.heads().size(), 1); // and was not sent again
}

void AdminCliStrangerTest::tellsWhatIsNotTurnpike_data()
{
    QTest::addColumn<QByteArray>("reply");
    QTest::newRow("page") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<p/>");
    QTest::newRow("list") << CannedServer::json(200, "[]");
    QTest::newRow("not found") << CannedServer::json(404, R"({"detail":"Not Found"})");
    QTest::newRow("refused") << CannedServer::json(401, R"({"error":"no"})");
    QTest::newRow("elsewhere") << QByteArray();
    QTest::newRow("nothing") << CannedServer::json(200, "{}");
    QTest::newRow("other kinds") << CannedServer::json(
        200,
        R"({"state":1,"reloaded":"yes","allowed":1,"allowed_usd":"1","routes":{},"providers":1,"questions":null})");
    QTest::newRow("other entries") << CannedServer::json(
        200, R"({"routes":["x"],"providers":[{},1],"questions":[[]]})");
    const QByteArray deep = QByteArray(50'000, '[') + QByteArray(50'000, ']');
    QTest::newRow("deep") << CannedServer::json(200,
                                                R"({"state":"running","reloaded":true,"x":)" + deep + "}");
}

void AdminCliStrangerTest::tellsWhatIsNotTurnpike()
{
    QFETCH(QByteArray, reply);
    CannedServer other([](const QByteArray&) { return CannedServer::json(200, R"({"state":"running"})"); });
    if (reply.isEmpty()) reply = CannedServer::json(307, "{}", "Location: " + other.url("/") + "\r\n");
    CannedServer server([&reply](const QByteArray&) { return reply; });
    for (const char* command : {"status", "reload", "pause", "resume", "routes", "providers", "questions",
                                "questions answer 1 yes", "budget allow daily 1", "routes --json"}) {
        const Told told = tell(QString::fromLatin1(command).split(' '), server.serverPort());
        QCOMPARE(told.exitCode, 1);
        QVERIFY2(told.err.contains("is not Turnpike") && told.err.contains("--port"), told.err);
    }
    QVERIFY(other.heads().isEmpty());
}

void AdminCliStrangerTest::namesWhoHoldsThePort()
{
    CannedServer server([](const QByteArray&) { return CannedServer::json(200, "{}"); });
    char before[16] = {};
    prctl(PR_GET_NAME, before);
    prctl(PR_SET_NAME, "odd\x1b[2J\xc2\x9bname");
    const Told told = tell({"status"}, server.serverPort());
    prctl(PR_SET_NAME, before);
    QCOMPARE(told.exitCode, 1);
    QVERIFY2(told.err.contains("the port is held by odd?[2J?name (pid "), told.err);
}

void AdminCliStrangerTest::showsNoKeyThatComesBack()
{
    QByteArray form;
    CannedServer server([&form](const QByteArray& head) {
        const qsizetype at = head.indexOf("Bearer ");
        const QByteArray sent = head.mid(at, head.indexOf("\r\n", at) - at);
        return CannedServer::json(form.contains("error") ? 422 : 200, QByteArray(form).replace("KEY", sent));
    });
    const QByteArray spelled = R"(\u0061dm-canary-5a1f0be7c4)";
    for (const QByteArray& key : {QByteArray("KEY"), spelled}) {
        form = R"({"state":"running )" + key + R"(","log_problem":")" + key + R"(","more":[")" + key + "\"]}";
        QVERIFY2(tell({"status"}, server.serverPort()).out.contains("running"), form);
        const QByteArray out = tell({"status", "--json"}, server.serverPort()).out;
        QVERIFY2(out.contains("…"), out);
        form = R"({"error":{"code":"odd","message":"odd","problems":[{"path":")" + key + R"(","message":")" +
               key + key + "\"}]}}";
        const Told told = tell({"reload", "--json"}, server.serverPort());
        QCOMPARE(told.exitCode, 1);
        QVERIFY2(told.err.contains("…") && told.out.contains("…"), told.err);
        form = R"({"state":"running",")" + key + R"(":1})";
        QCOMPARE(tell({"status", "--json"}, server.serverPort()).exitCode, 1);
    }
    // A key that is what stands in its place.
    form = R"({"state":"running KEY"})";
    QCOMPARE(tell({"pause", "--key-stdin", "--json"}, server.serverPort(), "…").exitCode, 0);
}

void AdminCliStrangerTest::showsNothingATerminalObeys()
{
    const QByteArray odd = R"(a\u001b[2Jb\u009b31m\u007f\u0090é)";
    const QByteArray problems =
        R"("problems":[{"weight":")" + odd + R"(","path":")" + odd + R"(","message":"x\n)" + odd + "\"}]";
    const QByteArray names = R"([{"name":")" + odd + R"(","kind":")" + odd + R"(","id":")" + odd + "\"}]";
    bool refuses = false;
    CannedServer server([&](const QByteArray&) {
        if (refuses)
            return CannedServer::json(422, R"({"error":{"code":")" + odd + R"(","message":")" + odd + "\"," +
                                               problems + "}}");
        return CannedServer::json(200, R"({"state":")" + odd + R"(","reloaded":true,"routes":)" + names +
                                           R"(,"providers":)" + names + R"(,"questions":)" + names + "," +
                                           problems + "}");
    });
    for (const bool each : {false, true}) {
        refuses = each;
        for (const char* command : {"status", "reload", "routes", "providers", "questions"}) {
            const Told told = tell({QString::fromLatin1(command)}, server.serverPort());
            QCOMPARE(told.exitCode, refuses ? 1 : 0);
            const QByteArray all = told.out + told.err;
            QVERIFY2(all.contains("a?[2Jb?31m??é"), all.toPercentEncoding());
            for (const char* obeyed : {"\x1b", "\x7f", "\xc2\x9b", "\xc2\x90"})
                QVERIFY2(!all.contains(obeyed), all.toPercentEncoding());
        }
    }
}

void AdminCliStrangerTest::sendsNothingTwice_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("amount") << QStringList{"budget", "allow", "daily", "1"} << QByteArray(R"({"usd":1})");
    QTest::newRow("answer") << QStringList{"questions", "answer", "1", "no"}
                            << QByteArray(R"({"allow":false})");
    QTest::newRow("no body") << QStringList{"pause"} << QByteArray();
}

void AdminCliStrangerTest::sendsNothingTwice()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, body);
    // Reads the request and hangs up without a word.
    CannedServer* self = nullptr;
    CannedServer server([&self](const QByteArray&) {
        for (QTcpSocket* socket : self->findChildren<QTcpSocket*>())
            socket->disconnectFromHost();
        return QByteArray();
    });
    self = &server;
    const Told told = tell(words, server.serverPort());
    QCOMPARE(told.exitCode, 1);
    QCOMPARE(server.heads().size(), 1);
    QVERIFY2(told.err.contains("broke off (Connection closed)"), told.err);
    QVERIFY2(told.err.contains("whether it took effect"), told.err);
    QCOMPARE(told.err.count('\n'), 1); // and no word of Qt's
    QVERIFY(server.heads()[0].startsWith("POST "));
    QVERIFY(!server.heads()[0].toLower().contains("transfer-encoding"));
    QCOMPARE(server.bodies(), QByteArrayList{body});
}

void AdminCliStrangerTest::asksNoOtherMachine()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("config.json");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(R"({"server":{"host":"192.0.2.1"}})") > 0);
    file.close();
    const Told told = run({"status", "--config", path});
    QCOMPARE(told.exitCode, 1);
    QVERIFY2(told.err.contains("No Turnpike is running at http://192.0.2.1:4777"), told.err);
}

QTEST_GUILESS_MAIN(AdminCliStrangerTest)
#include "admin_cli_stranger_test.moc"
