// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommands of turnpiked that speak with a running one, as a user or a script sees them.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/admin_command.h"
#include "e2e/administered_gateway.h"
#include "e2e/model_call.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;

class AdminCliTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void tellsStatus();
    void tellsWhatIsWrongWithTheFile();
    void takesTheKeyFromStandardInput();
    void takesTheKeyFromTheEnvironment();
    void takesNoProxy();
    void pausesAndResumes();
    void reloads();
    void allowsMoreOfABudget();
    void refusesStrangeAmounts_data();
    void refusesStrangeAmounts();
    void answersQuestions();
    void listsRoutesAndProviders();
    void listsWhatIsConfigured();
    void tellsThatNoServerRuns();
    void tellsThatThereIsNoKey();
    void tellsThatTheKeychainIsNotThere();
    void tellsThatTheServerHasNoKey_data();
    void tellsThatTheServerHasNoKey();
    void tellsThatTheKeyIsWrong();
    void needsAPort();

private:
    [[nodiscard]] Told run(const QStringList& words, const QByteArray& input = {}) const
    {
        return runTurnpiked(m_environment, words, input);
    }
    /// With the configuration of the gateway, at its port or another one.
    [[nodiscard]] Told tell(QStringList words, quint16 port = 0, const QByteArray& input = {}) const
    {
        words << "--config" << m_admin.gateway->configPath() << "--data" << m_admin.gateway->dataDir()
              << "--port" << QString::number(port == 0 ? this->port() : port);
        return run(words, input);
    }
    [[nodiscard]] quint16 port() const { return m_admin.gateway->port(); }
    [[nodiscard]] int asked(const QByteArray& model = "lab/mock") const
    {
        RawClient client(port());
        client.send(bytesOf(port(), {Shape::OpenAi, model}));
        return client.receive(30'000).status;
    }
    [[nodiscard]] QString keyFile() const { return m_admin.gateway->folder() + "/admin.key"; }
    /// What `server.admin_key` names can no longer be read; the gateway has it in memory.
    [[nodiscard]] bool hideKey() const { return QFile::remove(keyFile()); }

    FakeUpstream m_upstream;
    AdministeredGateway m_admin;
    QProcessEnvironment m_environment;
};

void AdminCliTest::initTestCase()
{
    QVERIFY(m_upstream.start());
}

void AdminCliTest::init()
{
    m_upstream.reset();
    QVERIFY(m_admin.start(m_upstream.url()));
    m_environment = m_admin.gateway->process().processEnvironment();
    m_environment.remove("TURNPIKE_ADMIN_KEY");
}

void AdminCliTest::tellsStatus()
{
    QCOMPARE(asked(), 200);
    // Told with the next snapshot.
    QTRY_VERIFY(m_admin.read("/status")["spent_today_usd"].toDouble() > 0);
    const QJsonObject status = tell({"status", "--json"}).json();
    QCOMPARE(status["state"].toString(), QString("running"));
    QCOMPARE(status["port"].toInt(), int(port()));
    QCOMPARE(status, [&] {
        QJsonObject same = m_admin.read("/status");
        for (const char* moves : {"uptime_seconds", "requests", "open_connections"})
            same[QLatin1String(moves)] = status[QLatin1String(moves)];
        return same;
    }());
    const Told plain = tell({"status"});
    QCOMPARE(plain.exitCode, 0);
    QVERIFY2(plain.out.contains("running") && plain.out.contains(m_admin.gateway->url().toUtf8()), plain.out);
    QVERIFY2(plain.out.contains("$0.02"), plain.out);
    QVERIFY(plain.err.isEmpty());
}

void AdminCliTest::tellsWhatIsWrongWithTheFile()
{
    QTRY_VERIFY(QFile::exists(m_admin.gateway->configPath() + ".bak")); // made soon after the start
    QFile file(m_admin.gateway->configPath());
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QVERIFY(file.write("{\n \"sever\": {}\n}") > 0);
    file.close();
    // What the file no longer says stands in the last good one: where the key is.
    const Told reloaded = tell({"reload"});
    QCOMPARE(reloaded.exitCode, 2);
    QVERIFY2(reloaded.err.contains("last good one") && reloaded.err.contains("sever:"), reloaded.err);
    const QJsonObject error = tell({"reload", "--json"}).json()["error"].toObject();
    QCOMPARE(error["code"].toString(), QString("invalid_request"));
    QCOMPARE(error["problems"].toArray()[0].toObject()["path"].toString(), QString("sever"));
    const Told status = tell({"status"});
    QCOMPARE(status.exitCode, 0);
    QVERIFY2(status.out.contains("config error") && status.out.contains("sever"), status.out);
}

void AdminCliTest::takesTheKeyFromStandardInput()
{
    const QByteArray key = AdministeredGateway::kAdminKey;
    QVERIFY(hideKey());
    QCOMPARE(tell({"status"}).exitCode, 1);
    QCOMPARE(tell({"status", "--key-stdin"}, 0, key + "\n").exitCode, 0);
    QCOMPARE(tell({"status", "--key-stdin"}, 0, "another").exitCode, 1);
    QCOMPARE(tell({"status", "--key-stdin"}).exitCode, 2);
    QCOMPARE(tell({"status", "--key-stdin"}, 0, "two\nlines").exitCode, 2);
}

void AdminCliTest::takesTheKeyFromTheEnvironment()
{
    m_environment.insert("TURNPIKE_ADMIN_KEY", "another");
    QCOMPARE(tell({"status"}).exitCode, 0); // what the configuration names comes first
    QVERIFY(hideKey());
    const Told wrong = tell({"status"});
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY2(wrong.err.contains("env:TURNPIKE_ADMIN_KEY"), wrong.err);
    m_environment.insert("TURNPIKE_ADMIN_KEY", AdministeredGateway::kAdminKey);
    QCOMPARE(tell({"status"}).exitCode, 0);
}

void AdminCliTest::takesNoProxy()
{
    CannedServer proxy([](const QByteArray&) { return CannedServer::json(200, "{}"); });
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        m_environment.insert(name, QString::fromLatin1(proxy.url()));
    QCOMPARE(tell({"status", "--json"}).json()["state"].toString(), QString("running"));
    QVERIFY(proxy.heads().isEmpty());
}

void AdminCliTest::pausesAndResumes()
{
    const Told paused = tell({"pause"});
    QCOMPARE(paused.exitCode, 0);
    QVERIFY2(paused.out.contains("turnpiked resume"), paused.out);
    QCOMPARE(asked(), 503);
    QVERIFY(tell({"status"}).out.contains("paused: calls to models are refused"));
    QCOMPARE(tell({"resume", "--json"}).json(), (QJsonObject{{"state", "running"}}));
    QCOMPARE(asked(), 200);
}

void AdminCliTest::reloads()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("lab.key");
    const auto write = [&path](const QByteArray& key) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(key) == key.size() &&
               file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    };
    QVERIFY(write("sk-first"));
    QJsonObject providers = m_admin.gateway->configuration()["providers"].toObject();
    QJsonObject lab = providers["lab"].toObject();
    lab["keys"] = QJsonArray{QJsonObject{{"id", "main"}, {"secret", "file:" + path}}};
    providers["lab"] = lab;
    QVERIFY(m_admin.start(m_upstream.url(), {{"providers", providers}}));
    const auto shown = [this] {
        if (asked() != 200) return QByteArray();
        const QJsonArray headers = m_upstream.requests().last()["headers"].toArray();
        for (const auto& each : headers) {
            if (each[0].toString().compare("authorization", Qt::CaseInsensitive) == 0)
                return each[1].toString().toUtf8();
        }
        return QByteArray();
    };
    QCOMPARE(shown(), QByteArray("Bearer sk-first"));
    QVERIFY(write("sk-second"));
    const Told told = tell({"reload"});
    QCOMPARE(told.exitCode, 0);
    QVERIFY2(told.out.contains("read again"), told.out);
    QTRY_COMPARE(shown(), QByteArray("Bearer sk-second"));
    QVERIFY(tell({"reload", "--json"}).json()["reloaded"].toBool());
}

void AdminCliTest::allowsMoreOfABudget()
{
    const QJsonObject small{{"usd", 0.02}, {"per", "day"}};
    QJsonObject keys = m_admin.gateway->configuration()["keys"].toObject();
    QJsonObject key = keys["test"].toObject();
    key["budget"] = small;
    keys["test"] = key;
    QVERIFY(m_admin.start(m_upstream.url(), {{"budgets", QJsonObject{{"daily", small}}}, {"keys", keys}}));
    QCOMPARE(asked(), 200);
    QCOMPARE(asked(), 402);
    const Told allowed = tell({"budget", "allow", "daily", "2.50"});
    QCOMPARE(allowed.exitCode, 0);
    QVERIFY2(allowed.out.contains("\"daily\" may spend $2.50 more"), allowed.out);
    QCOMPARE(m_admin.read("/budgets/daily")["now"].toObject()["allowed_usd"].toDouble(), 2.5);
    QCOMPARE(asked(), 402); // the key's own
    QCOMPARE(tell({"budget", "allow", "test", "1", "--key", "--json"}).json(),
             (QJsonObject{{"name", "test"}, {"allowed_usd", 1}}));
    QCOMPARE(asked(), 200);
    const Told none = tell({"budget", "allow", "test", "1"});
    QCOMPARE(none.exitCode, 1);
    QVERIFY2(none.err.contains("no budget `test`") && none.err.contains("--key"), none.err);
    QCOMPARE(tell({"budget", "allow", "daily", "1", "--key", "--json"}).json()["error"].toObject()["code"],
             QJsonValue("not_found"));
    // A name is one segment, whatever stands in it.
    QCOMPARE(tell({"budget", "allow", "../../pause?", "1"}).exitCode, 1);
    QCOMPARE(m_admin.read("/status")["state"].toString(), QString("running"));
}

void AdminCliTest::refusesStrangeAmounts_data()
{
    QTest::addColumn<QStringList>("words");
    for (const char* usd : {"0", "much", "1,\"of_key\":true", "1000001", "\"5\"", "$5", ""}) {
        const QString amount = QString::fromLatin1(usd);
        QTest::addRow("'%s'", usd) << QStringList{"budget", "allow", "daily", amount};
    }
    QTest::newRow("below nothing") << QStringList{"budget", "allow", "daily", "-1"};
    QTest::newRow("no amount") << QStringList{"budget", "allow", "daily"};
    QTest::newRow("no name") << QStringList{"budget", "allow"};
    QTest::newRow("no word") << QStringList{"questions", "answer", "1"};
    QTest::newRow("another word") << QStringList{"questions", "answer", "1", "maybe"};
    QTest::newRow("empty name") << QStringList{"budget", "allow", "", "1"};
    QTest::newRow("empty name of a key") << QStringList{"budget", "allow", "", "1", "--key"};
    QTest::newRow("empty id") << QStringList{"questions", "answer", "", "yes"};
}

void AdminCliTest::refusesStrangeAmounts()
{
    QFETCH(QStringList, words);
    const Told told = tell(words);
    QCOMPARE(told.exitCode, 2);
    QVERIFY(!told.err.isEmpty() && told.out.isEmpty());
}

void AdminCliTest::answersQuestions()
{
    // What is allowed is less than a call costs: the next one asks again.
    const QJsonObject asking{{"usd", 0.02}, {"per", "day"}, {"at_limit", "ask"}, {"ask_more_usd", 0.01}};
    QVERIFY(m_admin.start(m_upstream.url(), {{"budgets", QJsonObject{{"daily", asking}}}}));
    QCOMPARE(asked(), 200);
    const Told none = tell({"questions"});
    QCOMPARE(none.exitCode, 0);
    QVERIFY(none.out.isEmpty() && none.err.contains("no request waits"));
    for (const bool allow : {true, false}) {
        RawClient client(port());
        client.send(bytesOf(port(), {Shape::OpenAi, "lab/mock"}));
        QTRY_COMPARE(m_admin.read("/questions")["questions"].toArray().size(), 1);
        const QJsonArray list = QJsonDocument::fromJson(tell({"questions", "--json"}).out).array();
        QCOMPARE(list, m_admin.read("/questions")["questions"].toArray());
        const QString id = list[0].toObject()["id"].toString();
        const QByteArray table = tell({"questions"}).out;
        QVERIFY2(table.contains("budget daily") && table.contains("lab/mock"), table);
        QVERIFY2(table.contains("\n" + id.toUtf8() + " "), table);
        const Told said = tell({"questions", "answer", id, allow ? "yes" : "no"});
        QCOMPARE(said.exitCode, 0);
        QVERIFY2(said.out.contains(allow ? "Allowed" : "Refused"), said.out);
        QCOMPARE(client.receive(30'000).status, allow ? 200 : 402);
        QTRY_COMPARE(m_admin.read("/questions")["questions"].toArray().size(), 0);
        const Told late = tell({"questions", "answer", id, "yes"});
        QCOMPARE(late.exitCode, 1);
        QVERIFY2(late.err.contains("turnpiked questions"), late.err);
    }
}

namespace {

QJsonObject someRoutes()
{
    return QJsonObject{
        {"smart", QJsonObject{{"targets", QJsonArray{QJsonObject{{"provider", "lab"}, {"model", "mock"}},
                                                     QJsonObject{{"route", "cheap"}}}}}},
        {"cheap", QJsonObject{{"strategy", "weighted"},
                              {"targets", QJsonArray{QJsonObject{{"provider", "bare"}, {"model", "m"}}}}}}};
}

} // namespace

void AdminCliTest::listsRoutesAndProviders()
{
    QJsonObject providers = m_admin.gateway->configuration()["providers"].toObject();
    const QJsonArray keys{QJsonObject{{"id", "k"}, {"secret", "env:TURNPIKE_NOT_SET"}}};
    providers["bare"] = QJsonObject{{"kind", "openai"}, {"keys", keys}};
    QVERIFY(m_admin.start(m_upstream.url(), {{"providers", providers}, {"routes", someRoutes()}}));
    QCOMPARE(asked(), 200);
    const QJsonObject listed = tell({"providers", "--json"}).json();
    QCOMPARE(listed["source"].toString(), QString("server"));
    QCOMPARE(listed["providers"].toArray(), m_admin.read("/providers")["providers"].toArray());
    const Told table = tell({"providers"});
    QCOMPARE(table.exitCode, 0);
    QVERIFY2(table.out.contains("1 of 1 ready") && table.out.contains("0 of 1 ready"), table.out);
    QVERIFY2(table.out.contains("no_key") && table.out.contains("TURNPIKE_NOT_SET"), table.out);
    QVERIFY(table.err.isEmpty() && !table.out.contains(GatewayProcess::kProviderKey));

    const QJsonArray routes = tell({"routes", "--json"}).json()["routes"].toArray();
    QCOMPARE(routes.size(), 2);
    QCOMPARE(routes[1].toObject()["targets"], someRoutes()["smart"].toObject()["targets"]);
    QCOMPARE(routes[1].toObject()["provider_states"].toObject(), (QJsonObject{{"lab", "ready"}}));
    QCOMPARE(routes[0].toObject()["provider_states"].toObject(), (QJsonObject{{"bare", "no_key"}}));
    const QByteArray lines = tell({"routes"}).out;
    QVERIFY2(lines.contains("lab/mock, route cheap") && lines.contains("priority"), lines);
    QVERIFY2(lines.contains("weighted") && lines.contains("bare no_key"), lines);
}

void AdminCliTest::listsWhatIsConfigured()
{
    QJsonObject providers = m_admin.gateway->configuration()["providers"].toObject();
    providers["bare"] = QJsonObject{{"kind", "openai"}};
    QVERIFY(m_admin.start(m_upstream.url(), {{"providers", providers}, {"routes", someRoutes()}}));
    const auto check = [this](const char* why) {
        const Told routes = tell({"routes"});
        QCOMPARE(routes.exitCode, 0);
        QVERIFY2(routes.err.contains("from the configuration alone") && routes.err.contains(why), routes.err);
        QVERIFY2(routes.out.contains("lab/mock, route cheap") && !routes.out.contains("HEALTH"), routes.out);
        const QJsonObject listed = tell({"providers", "--json"}).json();
        QCOMPARE(listed["source"].toString(), QString("configuration"));
        QVERIFY(listed["reason"].toString().contains(why));
        QCOMPARE(listed["providers"].toArray().size(), 3);
        QVERIFY(!listed["providers"].toArray()[0].toObject().contains("state"));
        QCOMPARE(tell({"routes", "--json"}).json()["routes"].toArray().size(), 2);
    };
    const quint16 before = port();
    QVERIFY(hideKey());
    check("no admin key");
    QCOMPARE(m_admin.gateway->terminate(), 0);
    QCOMPARE(port(), before);
    check("No Turnpike is running");
}

void AdminCliTest::tellsThatNoServerRuns()
{
    QCOMPARE(m_admin.gateway->terminate(), 0);
    for (const QStringList& words : {QStringList{"status"},
                                     {"reload"},
                                     {"pause"},
                                     {"resume"},
                                     {"questions"},
                                     {"questions", "answer", "1", "yes"},
                                     {"budget", "allow", "daily", "1"}}) {
        const Told told = tell(words);
        QCOMPARE(told.exitCode, 1);
        QVERIFY2(told.err.contains("No Turnpike is running at " + m_admin.gateway->url().toUtf8()), told.err);
        QVERIFY2(told.err.contains("turnpiked serve"), told.err);
        QVERIFY(told.out.isEmpty());
    }
    QCOMPARE(tell({"status", "--json"}).json()["error"].toObject()["code"].toString(),
             QString("not_running"));
}

void AdminCliTest::tellsThatThereIsNoKey()
{
    QVERIFY(hideKey());
    const Told told = tell({"status"});
    QCOMPARE(told.exitCode, 1);
    QVERIFY2(told.err.contains("There is no admin key") && told.err.contains("--key-stdin"), told.err);
    QVERIFY2(told.err.contains("file:" + keyFile().toUtf8()), told.err);
    QCOMPARE(tell({"status", "--json"}).json()["error"].toObject()["code"].toString(),
             QString("no_admin_key"));
}

void AdminCliTest::tellsThatTheKeychainIsNotThere()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("config.json");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write(R"({"server":{"admin_key":"keychain:admin"}})") > 0);
    file.close();
    const QStringList words{"status", "--config", path, "--port", QString::number(port())};
    const Told told = run(words);
    QCOMPARE(told.exitCode, 1);
    QVERIFY2(told.err.contains("says keychain:admin, which cannot be read"), told.err);
    m_environment.insert("TURNPIKE_ADMIN_KEY", AdministeredGateway::kAdminKey);
    QCOMPARE(run(words).exitCode, 0);
}

void AdminCliTest::tellsThatTheServerHasNoKey_data()
{
    QTest::addColumn<bool>("needsKeys");
    QTest::addColumn<QByteArray>("sentence");
    QTest::newRow("open to all") << false << QByteArray("has no administration");
    QTest::newRow("with keys only") << true << QByteArray("or it found none when it started");
}

void AdminCliTest::tellsThatTheServerHasNoKey()
{
    QFETCH(bool, needsKeys);
    QFETCH(QByteArray, sentence);
    const QByteArray key = AdministeredGateway::kAdminKey;
    QVERIFY(m_admin.start(m_upstream.url(),
                          {{"server", QJsonObject{{"require_key", needsKeys},
                                                  {"admin_key", "file:" + keyFile() + ".not-there"}}}}));
    const Told told = tell({"status", "--key-stdin"}, 0, key);
    QCOMPARE(told.exitCode, 1);
    QVERIFY2(told.err.contains(sentence) && told.err.contains("server.admin_key"), told.err);
}

void AdminCliTest::tellsThatTheKeyIsWrong()
{
    for (const QByteArray& wrong : {QByteArray("another"), QByteArray(GatewayProcess::kKey)}) {
        const Told told = tell({"status", "--key-stdin"}, 0, wrong);
        QCOMPARE(told.exitCode, 1);
        QVERIFY2(told.err.contains("refuses the admin key") && told.err.contains("standard input"), told.err);
        QVERIFY(!told.err.contains(wrong) && told.out.isEmpty());
    }
    QCOMPARE(tell({"routes", "--key-stdin"}, 0, "another").exitCode, 1);
    for (const QStringList& words : {QStringList{"pause"}, {"budget", "allow", "daily", "1"}})
        QVERIFY(tell(words + QStringList{"--key-stdin"}, 0, "another").err.contains("refuses the admin key"));
    QCOMPARE(
        tell({"status", "--key-stdin", "--json"}, 0, "another").json()["error"].toObject()["code"].toString(),
        QString("invalid_api_key"));
}

void AdminCliTest::needsAPort()
{
    const Told told = run({"status", "--config", m_admin.gateway->configPath(), "--port", "0"});
    QCOMPARE(told.exitCode, 2);
    QVERIFY2(told.err.contains("--port N"), told.err);
}

QTEST_GUILESS_MAIN(AdminCliTest)
#include "admin_cli_test.moc"
