// SPDX-License-Identifier: GPL-3.0-or-later
// The door of the administration, and the configuration through it.
#include <algorithm>
#include <memory>
#include <vector>

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include "e2e/administered_gateway.h"
#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

class AdminConfigTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_admin.start({})); }
    void takesTheAdminKeyAlone();
    void keepsTheAdminKeyToItself();
    void staysShutToPages();
    void knowsItsPathsAndMethods();
    void answersHeadWithoutABody();
    void wantsJson();
    void refusesHostileBodies_data();
    void refusesHostileBodies();
    void refusesABodyLargerThanAnyByItsHead();
    void tellsItsStatus();
    void givesTheFileAsItIs();
    void putsTheFileAsItIs();
    void wantsTheTagOfWhatWasRead();
    void letsOneOfTwoWritersIn();
    void losesNothingOfManyWritersAtOnce();
    void refusesWhatIsNotValid();
    void leavesABrokenFileAlone();
    void mendsAFileWithNothingInIt();
    void forgetsNothingWhereTheFileIsGone();
    void pausesSpendingInTheFileAsItStands();
    void refusesMoreMembersThanAKeyHas();
    void reloads();
    void goesOnWithoutThoseWhoLeave();
    void endsWithCallsUnderWay();
    void describesAllOfItself();

private:
    [[nodiscard]] quint16 port() const { return m_admin.gateway->port(); }
    [[nodiscard]] QByteArray file() const
    {
        QFile file(m_admin.gateway->configPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QByteArray& text) const
    {
        QFile file(m_admin.gateway->configPath());
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text), text.size());
    }
    [[nodiscard]] HttpReply put(const QByteArray& text, const QByteArray& tag) const
    {
        return m_admin.call("PUT", "/config", text, {{"If-Match", tag}});
    }

    AdministeredGateway m_admin;
};

void AdminConfigTest::takesTheAdminKeyAlone()
{
    const QByteArray path = "/admin/v1/status";
    QCOMPARE(openAiFault(http(port(), "GET", path), 401, "invalid_api_key"), QByteArray());
    for (const char* key : {GatewayProcess::kKey, "adm-canary-5a1f0be7c", "adm-canary-5a1f0be7c45", ""})
        QCOMPARE(openAiFault(http(port(), "GET", path, {{"x-api-key", key}}), 401, "invalid_api_key"),
                 QByteArray());
    QCOMPARE(http(port(), "GET", path, {{"x-api-key", AdministeredGateway::kAdminKey}}).status, 200);
    QCOMPARE(openAiFault(http(port(), "GET", path + "?key=" + AdministeredGateway::kAdminKey), 401,
                         "invalid_api_key"),
             QByteArray());
    const HeaderList both{{"x-api-key", AdministeredGateway::kAdminKey},
                          {"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}};
    QCOMPARE(http(port(), "GET", path, both).status, 401);
}

void AdminConfigTest::keepsTheAdminKeyToItself()
{
    const HttpReply reply =
        http(port(), "GET", "/v1/models", {{"x-api-key", AdministeredGateway::kAdminKey}});
    QCOMPARE(openAiFault(reply, 401, "invalid_api_key"), QByteArray());
}

void AdminConfigTest::staysShutToPages()
{
    QCOMPARE(m_admin.call("GET", "/status", {}, {{"Origin", "http://evil.example"}}).status, 403);
    RawClient client(port());
    client.send("GET /admin/v1/status HTTP/1.1\r\nHost: evil.example\r\nx-api-key: " +
                QByteArray(AdministeredGateway::kAdminKey) + "\r\n\r\n");
    QCOMPARE(client.receive().status, 403);
}

void AdminConfigTest::knowsItsPathsAndMethods()
{
    for (const char* path : {"", "/", "/nothing", "/keys/", "/keys//rotate", "/keys/a/b", "/status/",
                             "/../admin", "/keys/a/rotate/", "/KEYS"})
        QVERIFY2(openAiFault(m_admin.call("GET", path), 404, "unknown_url").isEmpty(), path);
    const HttpReply wrong = m_admin.call("DELETE", "/config");
    QCOMPARE(openAiFault(wrong, 405, "method_not_allowed"), QByteArray());
    QCOMPARE(wrong.header("allow"), QByteArray("GET, HEAD, PUT"));
    QCOMPARE(m_admin.call("GET", "/keys/default/rotate").header("allow"), QByteArray("POST"));
    QCOMPARE(m_admin.call("GET", "/keys/..%2f..%2fetc%00").status, 404);
}

void AdminConfigTest::answersHeadWithoutABody()
{
    RawClient client(port());
    const HeaderList headers{{"x-api-key", AdministeredGateway::kAdminKey}};
    client.send(requestBytes(port(), "HEAD", "/admin/v1/config", headers, {}) +
                requestBytes(port(), "GET", "/health", {}, {}));
    const QByteArray both = client.receiveUntil(R"({"status":"ok"})");
    QVERIFY2(both.startsWith("HTTP/1.1 200") && both.contains("\r\n\r\nHTTP/1.1 200 "), both);
    QVERIFY(both.toLower().contains("etag: \""));
}

void AdminConfigTest::wantsJson()
{
    const HttpReply text = m_admin.call("POST", "/keys", "name=x", {{"Content-Type", "text/plain"}});
    QCOMPARE(openAiFault(text, 415, "unsupported_media_type"), QByteArray());
    const HttpReply reply = m_admin.call("GET", "/status");
    QCOMPARE(reply.header("content-type"), QByteArray("application/json"));
    QCOMPARE(reply.header("cache-control"), QByteArray("no-store"));
    QVERIFY(reply.header("x-request-id").startsWith("req_"));
}

void AdminConfigTest::refusesHostileBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("cut") << QByteArray(R"({"name":"a")") << 400;
    QTest::newRow("list") << QByteArray("[1]") << 400;
    QTest::newRow("text") << QByteArray(R"("a")") << 400;
    QTest::newRow("twice") << QByteArray(R"({"name":"a","name":"b"})") << 400;
    QTest::newRow("deep") << R"({"name":"a","x":)" + QByteArray(5000, '[') + QByteArray(5000, ']') + "}"
                          << 400;
    QTest::newRow("not UTF-8") << QByteArray("{\"name\":\"a\xff\"}") << 400;
    QTest::newRow("no name") << QByteArray(R"({"models":["*"]})") << 400;
    QTest::newRow("name of another kind") << QByteArray(R"({"name":7})") << 400;
    QTest::newRow("owner's name") << QByteArray(R"({"name":"x-mine"})") << 400;
    QTest::newRow("strange name") << QByteArray(R"({"name":"a b/../c"})") << 400;
    QTest::newRow("large") << R"({"name":")" + QByteArray(2'000'000, 'a') + R"("})" << 413;
}

void AdminConfigTest::refusesHostileBodies()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    const QByteArray before = file();
    const HttpReply reply = m_admin.call("POST", "/keys", body);
    QVERIFY2(reply.status == status, QByteArray::number(reply.status) + reply.body.left(500));
    QVERIFY(!jsonOf(reply.body)["error"].toObject()["message"].toString().isEmpty());
    QCOMPARE(file(), before);
    QCOMPARE(m_admin.call("GET", "/status").status, 200);
}

void AdminConfigTest::refusesABodyLargerThanAnyByItsHead()
{
    RawClient client(port());
    client.send(
        "PUT /admin/v1/config HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port()) +
        "\r\nContent-Type: application/json\r\nIf-Match: *\r\nContent-Length: 9000000\r\nx-api-key: " +
        AdministeredGateway::kAdminKey + "\r\n\r\n");
    QCOMPARE(client.receive().status, 413);
}

void AdminConfigTest::tellsItsStatus()
{
    QJsonObject status = m_admin.read("/status");
    QCOMPARE(status["state"].toString(), QString("running"));
    QCOMPARE(status["port"].toInt(), port());
    QVERIFY(status["version"].toString().contains('.'));
    QVERIFY(status["uptime_seconds"].toInt(-1) >= 0);
    QCOMPARE(status["problems"].toArray().size(), 0);
    QCOMPARE(m_admin.call("POST", "/pause").status, 200);
    QCOMPARE(m_admin.read("/status")["state"].toString(), QString("paused"));
    QCOMPARE(ask(port(), {Shape::OpenAi, "sandbox/echo"}).status, 503);
    QCOMPARE(m_admin.call("POST", "/resume").status, 200);
    QCOMPARE(ask(port(), {Shape::OpenAi, "sandbox/echo"}).status, 200);
}

void AdminConfigTest::givesTheFileAsItIs()
{
    const QByteArray text =
        R"({ "x-note": "mine",  "version":1.0e0, "keys": {} ,"server":{"admin_key":"file:)" +
        m_admin.gateway->folder().toUtf8() + "/admin.key\"}}\n\n";
    write(text);
    QTRY_COMPARE(m_admin.read("/keys")["keys"].toArray().size(), 0);
    const HttpReply reply = m_admin.call("GET", "/config");
    QCOMPARE(reply.body, text);
    QCOMPARE(reply.header("etag"),
             '"' + QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex() + '"');
}

void AdminConfigTest::putsTheFileAsItIs()
{
    const HttpReply read = m_admin.call("GET", "/config");
    QByteArray text = read.body;
    const qsizetype end = text.lastIndexOf('}');
    text.insert(end, ",\n\n   \"x-after\" : [1,  2],   \"aliases\":{\"fast\":\"sandbox/echo\"}  ");
    const HttpReply done = put(text, read.header("etag"));
    QVERIFY2(done.status == 200, done.body);
    QCOMPARE(jsonOf(done.body)["problems"].toArray().size(), 0);
    QCOMPARE(file(), text);
    // It is in force with the answer.
    QCOMPARE(ask(port(), {Shape::OpenAi, "fast"}).status, 200);
    const HttpReply again = m_admin.call("GET", "/config");
    QCOMPARE(again.header("etag"), done.header("etag"));
    QJsonObject open = jsonOf(text);
    QJsonObject server = open["server"].toObject();
    server["require_key"] = false;
    open["server"] = server;
    const QJsonArray warnings = jsonOf(put(QJsonDocument(open).toJson(), "*").body)["problems"].toArray();
    QCOMPARE(warnings.first().toObject()["path"].toString(), QString("server.require_key"));
    QCOMPARE(warnings.first().toObject()["weight"].toString(), QString("warning"));
    QCOMPARE(put(text, "*").status, 200);
    QCOMPARE(again.body, text);
}

void AdminConfigTest::wantsTheTagOfWhatWasRead()
{
    const HttpReply read = m_admin.call("GET", "/config");
    QCOMPARE(openAiFault(m_admin.call("PUT", "/config", read.body), 428, "precondition_required"),
             QByteArray());
    for (const QByteArray& tag : {QByteArray("\"abc\""), "W/" + read.header("etag"), QByteArray("x")})
        QCOMPARE(openAiFault(put(read.body, tag), 412, "precondition_failed"), QByteArray());
    QCOMPARE(put(read.body, "\"abc\", " + read.header("etag")).status, 200);
    QCOMPARE(put(read.body, "*").status, 200);
    QCOMPARE(m_admin.call("POST", "/keys", R"({"name":"a"})", {{"If-Match", "\"abc\""}}).status, 412);
    QCOMPARE(m_admin.call("POST", "/keys", R"({"name":"a"})", {{"If-Match", read.header("etag")}}).status,
             201);
}

void AdminConfigTest::letsOneOfTwoWritersIn()
{
    const HttpReply read = m_admin.call("GET", "/config");
    const auto text = [&read](const char* name) {
        QJsonObject config = jsonOf(read.body);
        config["aliases"] = QJsonObject{{name, "sandbox/echo"}};
        return QJsonDocument(config).toJson();
    };
    const HeaderList headers{{"x-api-key", AdministeredGateway::kAdminKey},
                             {"If-Match", read.header("etag")}};
    RawClient first(port()), second(port());
    first.send(requestBytes(port(), "PUT", "/admin/v1/config", headers, text("one")));
    second.send(requestBytes(port(), "PUT", "/admin/v1/config", headers, text("two")));
    QList<int> statuses{first.receive().status, second.receive().status};
    std::sort(statuses.begin(), statuses.end());
    QCOMPARE(statuses, (QList<int>{200, 412}));
}

void AdminConfigTest::losesNothingOfManyWritersAtOnce()
{
    std::vector<std::unique_ptr<RawClient>> clients;
    const HeaderList headers{{"x-api-key", AdministeredGateway::kAdminKey}};
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<RawClient>(port()));
        clients.back()->send(requestBytes(port(), "POST", "/admin/v1/keys", headers,
                                          R"({"name":"k)" + QByteArray::number(i) + "\"}"));
    }
    for (const auto& client : clients)
        QCOMPARE(client->receive().status, 201);
    QCOMPARE(m_admin.read("/keys")["keys"].toArray().size(), 9);
    QCOMPARE(jsonOf(file())["keys"].toObject().size(), 9);
}

void AdminConfigTest::refusesWhatIsNotValid()
{
    const QByteArray before = file();
    QJsonObject config = jsonOf(before);
    config["sever"] = QJsonObject();
    config["routes"] =
        QJsonObject{{"r", QJsonObject{{"targets", QJsonArray{QJsonObject{{"provider", "lb"}}}}}}};
    const HttpReply reply = put(QJsonDocument(config).toJson(), "*");
    QVERIFY2(openAiFault(reply, 400, "invalid_request").isEmpty(), reply.body);
    const QJsonArray problems = jsonOf(reply.body)["error"].toObject()["problems"].toArray();
    QStringList paths;
    for (const QJsonValue& each : problems)
        paths.append(each["path"].toString());
    QVERIFY2(paths.contains("sever") && paths.contains("routes.r.targets[0].provider"), reply.body);
    QVERIFY2(reply.body.contains("Did you mean \\\"server\\\"?"), reply.body);
    QVERIFY(problems.first()["line"].toInt() > 0);
    QCOMPARE(file(), before);
    QCOMPARE(ask(port(), {Shape::OpenAi, "sandbox/echo"}).status, 200);
    for (const QByteArray& text : {QByteArray(), QByteArray(" \n"), QByteArray("[]"), QByteArray("{"),
                                   R"({"x-a":")" + QByteArray(1'100'000, 'a') + "\"}"})
        QCOMPARE(put(text, "*").status, 400);
    QCOMPARE(file(), before);
}

void AdminConfigTest::leavesABrokenFileAlone()
{
    const QByteArray good = file();
    const QByteArray broken = good + "oops";
    write(broken);
    QTRY_VERIFY(!m_admin.read("/status")["problems"].toArray().isEmpty());
    const HttpReply reply = m_admin.call("POST", "/keys", R"({"name":"a"})");
    QCOMPARE(openAiFault(reply, 409, "config_invalid"), QByteArray());
    QCOMPARE(file(), broken);
    QCOMPARE(m_admin.call("POST", "/reload").status, 400);
    // A whole one mends it.
    QCOMPARE(put(good, "*").status, 200);
    QCOMPARE(m_admin.call("POST", "/keys", R"({"name":"a"})").status, 201);
}

void AdminConfigTest::mendsAFileWithNothingInIt()
{
    const QByteArray good = file();
    write(" \n"); // What a loss of power leaves.
    QTRY_VERIFY(!m_admin.read("/status")["problems"].toArray().isEmpty());
    QCOMPARE(openAiFault(m_admin.call("POST", "/keys", R"({"name":"a"})"), 409, "config_invalid"),
             QByteArray());
    QCOMPARE(openAiFault(m_admin.call("POST", "/spending", R"({"paused":true})"), 409, "config_invalid"),
             QByteArray());
    QCOMPARE(put(good, "*").status, 200);
    QCOMPARE(file(), good);
}

void AdminConfigTest::forgetsNothingWhereTheFileIsGone()
{
    const QByteArray good = file();
    QVERIFY(QFile::remove(m_admin.gateway->configPath()));
    const HttpReply read = m_admin.call("GET", "/config");
    QCOMPARE(read.body, good);
    QCOMPARE(put(read.body, read.header("ETag")).status, 200);
    QCOMPARE(file(), good);
}

void AdminConfigTest::pausesSpendingInTheFileAsItStands()
{
    QJsonObject config = jsonOf(file());
    config["aliases"] = QJsonObject{{"fast", "sandbox/echo"}};
    write(QJsonDocument(config).toJson()); // and nobody has seen it yet
    QCOMPARE(m_admin.call("POST", "/spending", R"({"paused":true})").status, 200);
    QCOMPARE(jsonOf(file())["aliases"].toObject().size(), 1);
    QCOMPARE(jsonOf(file())["pause_spending"].toBool(), true);
    QCOMPARE(m_admin.call("POST", "/spending", R"({"paused":false})", {{"If-Match", "\"old\""}}).status, 412);
}

void AdminConfigTest::refusesMoreMembersThanAKeyHas()
{
    QCOMPARE(m_admin.call("POST", "/keys", R"({"name":"a"})").status, 201);
    QByteArray many = "{";
    for (int i = 0; i < 60'000; ++i)
        many += (i > 0 ? ",\"m" : "\"m") + QByteArray::number(i) + "\":0";
    QCOMPARE(m_admin.call("PATCH", "/keys/a", many + "}").status, 400);
}

void AdminConfigTest::reloads()
{
    QJsonObject config = jsonOf(file());
    config["aliases"] = QJsonObject{{"fast", "sandbox/echo"}};
    write(QJsonDocument(config).toJson());
    QCOMPARE(m_admin.call("POST", "/reload").status, 200);
    QCOMPARE(ask(port(), {Shape::OpenAi, "fast"}).status, 200);
}

void AdminConfigTest::goesOnWithoutThoseWhoLeave()
{
    const HeaderList headers{{"x-api-key", AdministeredGateway::kAdminKey}};
    for (int i = 0; i < 50; ++i) {
        RawClient client(port());
        client.send(requestBytes(port(), "POST", "/admin/v1/keys", headers,
                                 R"({"name":"k)" + QByteArray::number(i) + "\"}"));
        client.abort();
    }
    QTRY_COMPARE(m_admin.read("/status")["open_connections"].toInt(), 1);
    QVERIFY(m_admin.gateway->process().state() == QProcess::Running);
}

void AdminConfigTest::endsWithCallsUnderWay()
{
    const HeaderList headers{{"x-api-key", AdministeredGateway::kAdminKey}};
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<RawClient>(port()));
        clients.back()->send(requestBytes(port(), "POST", "/admin/v1/keys", headers,
                                          R"({"name":"k)" + QByteArray::number(i) + "\"}") +
                             requestBytes(port(), "GET", "/admin/v1/logs", headers, {}));
    }
    QCOMPARE(m_admin.gateway->terminate(), 0);
    QVERIFY(m_admin.gateway->run({"check"}).contains(": valid"));
}

void AdminConfigTest::describesAllOfItself()
{
    const QJsonObject described =
        jsonOf(http(port(), "GET", "/openapi.json", {{"x-api-key", GatewayProcess::kKey}}).body)["paths"]
            .toObject();
    int asked = 0;
    for (auto each = described.begin(); each != described.end(); ++each) {
        if (!each.key().startsWith("/admin/v1")) continue;
        const QJsonObject methods = each.value().toObject();
        for (const QString& method : methods.keys()) {
            if (method == "parameters") continue;
            const QByteArray path = each.key().mid(9).replace("{name}", "none").toUtf8();
            const HttpReply reply = m_admin.call(method.toUpper().toUtf8(), path);
            QVERIFY2(reply.status != 405 && errorCode(reply) != "unknown_url", method.toUtf8() + ' ' + path);
            ++asked;
        }
    }
    QVERIFY2(asked > 20, QByteArray::number(asked));
}

QTEST_GUILESS_MAIN(AdminConfigTest)
#include "admin_config_test.moc"
