// SPDX-License-Identifier: GPL-3.0-or-later
// Who is let in: keys, Host, Origin, and the order in which they are checked.
#include <memory>

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "support/error_reply.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::FakeUpstream;
using support::GatewayProcess;
using support::HeaderList;
using support::http;
using support::HttpReply;
using support::openAiFault;
using support::RawClient;
using support::requestBytes;

namespace {

const QByteArray kKey = GatewayProcess::kKey;
const QByteArray kBearer = "Bearer " + kKey;
const QByteArray kModels = "/v1/models";
const QByteArray kChat = "/v1/chat/completions";
const QByteArray kChatBody = R"({"model":"sandbox/echo","messages":[{"role":"user","content":"hi"}]})";

QJsonObject keyRow(const QByteArray& key, const QJsonObject& members)
{
    QJsonObject row = members;
    row["sha256"] = QString::fromLatin1(QCryptographicHash::hash(key, QCryptographicHash::Sha256).toHex());
    return row;
}

/// Reads one head; for answers that have no body whatever their length says.
QByteArray headOf(RawClient& client)
{
    const QByteArray bytes = client.receiveUntil("\r\n\r\n");
    return bytes.left(bytes.indexOf("\r\n\r\n") + 4);
}

} // namespace

class DoorTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void takesKeyFromEveryField_data();
    void takesKeyFromEveryField();
    void refusesMissingAndWrongKeys_data();
    void refusesMissingAndWrongKeys();
    void takesKeyFromQueryOnGeminiPathsOnly_data();
    void takesKeyFromQueryOnGeminiPathsOnly();
    void refusesKeysThatDisagree_data();
    void refusesKeysThatDisagree();
    void checksHost_data();
    void checksHost();
    void checksOriginAndSite_data();
    void checksOriginAndSite();
    void checksInOrder_data();
    void checksInOrder();
    void answersAllowedPageWithItsOrigin();
    void answersPreflightOfAllowedPage_data();
    void answersPreflightOfAllowedPage();
    void openPathsAnswerShortlyWithoutKey_data();
    void openPathsAnswerShortlyWithoutKey();
    void operationNeedsKey_data();
    void operationNeedsKey();
    void keepsConnectionAfterRefusal();
    void neverPassesClientKeyOn();

private:
    [[nodiscard]] quint16 port() const { return m_gateway->port(); }
    [[nodiscard]] HttpReply models(const HeaderList& headers) const
    {
        return http(port(), "GET", kModels, headers);
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void DoorTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    m_gateway->configure({{"keys", QJsonObject{{"test", keyRow(kKey, {})},
                                               {"resting", keyRow("tp-paused", {{"paused", true}})},
                                               {"old", keyRow("tp-expired", {{"expires", "2024-01-31"}})},
                                               {"later", keyRow("tp-later", {{"expires", "2124-01-31"}})}}},
                          {"server", QJsonObject{{"allowed_origins", QJsonArray{"http://app.test:3000"}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    QTRY_COMPARE(http(port(), "GET", "/ready").status, 200);
}

void DoorTest::takesKeyFromEveryField_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::newRow("bearer") << HeaderList{{"Authorization", kBearer}};
    QTest::newRow("bearer, other case") << HeaderList{{"authorization", "bearer " + kKey}};
    QTest::newRow("x-api-key") << HeaderList{{"x-api-key", kKey}};
    QTest::newRow("api-key") << HeaderList{{"api-key", kKey}};
    QTest::newRow("x-goog-api-key") << HeaderList{{"x-goog-api-key", kKey}};
    QTest::newRow("x-portkey-api-key") << HeaderList{{"x-portkey-api-key", kKey}};
    QTest::newRow("two that agree") << HeaderList{{"Authorization", kBearer}, {"x-api-key", kKey}};
    QTest::newRow("not expired") << HeaderList{{"x-api-key", "tp-later"}};
}

void DoorTest::takesKeyFromEveryField()
{
    QFETCH(HeaderList, headers);
    QCOMPARE(models(headers).status, 200);
    QCOMPARE(http(port(), "POST", kChat, headers, kChatBody).status, 200);
}

void DoorTest::refusesMissingAndWrongKeys_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::newRow("none") << HeaderList{};
    QTest::newRow("empty") << HeaderList{{"x-api-key", ""}};
    QTest::newRow("empty bearer") << HeaderList{{"Authorization", "Bearer "}};
    QTest::newRow("wrong") << HeaderList{{"Authorization", "Bearer tp-wrong"}};
    QTest::newRow("basic") << HeaderList{{"Authorization", "Basic " + kKey.toBase64()}};
    QTest::newRow("no scheme") << HeaderList{{"Authorization", kKey}};
    QTest::newRow("front of the key") << HeaderList{{"x-api-key", kKey.chopped(1)}};
    QTest::newRow("key and more") << HeaderList{{"x-api-key", kKey + "0"}};
    QTest::newRow("other case") << HeaderList{{"x-api-key", kKey.toUpper()}};
    QTest::newRow("quoted") << HeaderList{{"x-api-key", '"' + kKey + '"'}};
    QTest::newRow("list") << HeaderList{{"x-api-key", kKey + ", " + kKey}};
    QTest::newRow("hash of the key") << HeaderList{
        {"x-api-key", QCryptographicHash::hash(kKey, QCryptographicHash::Sha256).toHex()}};
    QTest::newRow("the provider's") << HeaderList{{"x-api-key", GatewayProcess::kProviderKey}};
    QTest::newRow("SQL") << HeaderList{{"x-api-key", "' OR '1'='1"}};
    QTest::newRow("very long") << HeaderList{{"x-api-key", QByteArray(30'000, 'a')}};
    QTest::newRow("paused") << HeaderList{{"x-api-key", "tp-paused"}};
    QTest::newRow("expired") << HeaderList{{"x-api-key", "tp-expired"}};
    QTest::newRow("cookie") << HeaderList{{"Cookie", "key=" + kKey}};
}

void DoorTest::refusesMissingAndWrongKeys()
{
    QFETCH(HeaderList, headers);
    QCOMPARE(openAiFault(models(headers), 401, "invalid_api_key"), QByteArray());
    const HttpReply messages = http(port(), "POST", "/v1/messages", headers, kChatBody);
    QCOMPARE(support::anthropicFault(messages, 401, "invalid_api_key"), QByteArray());
    QVERIFY(!messages.body.contains(kKey));
}

void DoorTest::takesKeyFromQueryOnGeminiPathsOnly_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("taken");
    // The Gemini dialect itself is not served, so a key that was taken shows as 404.
    QTest::newRow("v1beta") << QByteArray("/v1beta/models?key=") << true;
    QTest::newRow("v1beta verb") << QByteArray("/v1beta/models/gemini-2.5-pro:generateContent?alt=sse&key=")
                                 << true;
    QTest::newRow("v1 verb") << QByteArray("/v1/models/gemini-2.5-pro:streamGenerateContent?key=") << true;
    QTest::newRow("prefix") << QByteArray("/gemini/v1beta/models?key=") << true;
    QTest::newRow("models") << QByteArray("/v1/models?key=") << false;
    QTest::newRow("one model") << QByteArray("/v1/models/gpt-4.1?key=") << false;
    QTest::newRow("metrics") << QByteArray("/metrics?key=") << false;
    QTest::newRow("chat") << QByteArray("/v1/chat/completions?key=") << false;
    QTest::newRow("admin") << QByteArray("/admin/v1/keys?key=") << false;
}

void DoorTest::takesKeyFromQueryOnGeminiPathsOnly()
{
    QFETCH(QByteArray, target);
    QFETCH(bool, taken);
    const HttpReply reply = http(port(), "GET", target + kKey);
    if (taken)
        QVERIFY(reply.status != 401 && reply.status != 0);
    else
        QCOMPARE(openAiFault(reply, 401, "invalid_api_key"), QByteArray());
    QCOMPARE(http(port(), "GET", target + "tp-wrong").status, 401);
    // Where the query counts, it must agree with the header; where it does not, it is no key at all.
    const int both = http(port(), "GET", target + "tp-wrong", {{"x-goog-api-key", kKey}}).status;
    QCOMPARE(both == 401, taken);
}

void DoorTest::refusesKeysThatDisagree_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::newRow("bearer and x-api-key")
        << HeaderList{{"Authorization", kBearer}, {"x-api-key", "tp-other"}};
    QTest::newRow("both good") << HeaderList{{"Authorization", kBearer}, {"x-api-key", "tp-later"}};
    QTest::newRow("two of a name") << HeaderList{{"x-api-key", kKey}, {"x-api-key", "tp-other"}};
    QTest::newRow("api-key and x-goog-api-key")
        << HeaderList{{"api-key", "tp-other"}, {"x-goog-api-key", kKey}};
    QTest::newRow("two Authorization") << HeaderList{{"Authorization", kBearer}, {"Authorization", kBearer}};
    QTest::newRow("Basic and Bearer")
        << HeaderList{{"Authorization", "Basic eDp5"}, {"Authorization", kBearer}};
}

void DoorTest::refusesKeysThatDisagree()
{
    QFETCH(HeaderList, headers);
    QCOMPARE(openAiFault(models(headers), 401, "invalid_api_key"), QByteArray());
}

void DoorTest::checksHost_data()
{
    QTest::addColumn<QByteArray>("host"); // PORT stands for the gateway's
    QTest::addColumn<QByteArray>("code"); // empty: let in
    for (const char* good :
         {"127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "LocalHost:PORT", "[::1]:PORT"})
        QTest::newRow(good) << QByteArray(good) << QByteArray();
    for (const char* bad : {"127.0.0.1",
                            "localhost",
                            "127.0.0.1:1",
                            "evil.test",
                            "evil.test:PORT",
                            "localhost.evil.test:PORT",
                            "127.0.0.1.evil.test:PORT",
                            "0.0.0.0:PORT",
                            "127.0.0.2:PORT",
                            "127.1:PORT",
                            "2130706433:PORT",
                            "[::]:PORT",
                            "::1:PORT",
                            "localhost.:PORT",
                            "127.0.0.1:0PORT",
                            "127.0.0.1:PORT/",
                            "x#127.0.0.1:PORT",
                            "[::1]",
                            "::1",
                            "host.docker.internal:PORT",
                            "127.0.0.1:PORT#",
                            "local%68ost:PORT"})
        QTest::newRow(bad) << QByteArray(bad) << QByteArray("host_not_allowed");
    for (const char* broken :
         {"", "127.0.0.1:PORT, evil.test", "evil.test@127.0.0.1:PORT", "127.0.0.1:PORT evil.test"})
        QTest::newRow(broken) << QByteArray(broken) << QByteArray("bad_request");
}

void DoorTest::checksHost()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, code);
    host.replace("PORT", QByteArray::number(port()));
    for (const QByteArray& target : {QByteArray("/v1/models"), QByteArray("/health"), QByteArray("/")}) {
        // Other names for the host are nobody's business.
        const HeaderList headers{{"Host", host}, {"x-api-key", kKey}, {"X-Forwarded-Host", "127.0.0.1"}};
        const HttpReply reply = http(port(), "GET", target, headers);
        if (code.isEmpty())
            QCOMPARE(reply.status, 200);
        else
            QCOMPARE(openAiFault(reply, code == "bad_request" ? 400 : 403, code), QByteArray());
    }
}

void DoorTest::checksOriginAndSite_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("none") << HeaderList{} << true;
    for (const char* site : {"none", "same-origin", "None"})
        QTest::newRow(site) << HeaderList{{"Sec-Fetch-Site", site}} << true;
    for (const char* site : {"cross-site", "same-site", "", "same-origin, cross-site", "x"})
        QTest::addRow("site '%s'", site) << HeaderList{{"Sec-Fetch-Site", site}} << false;
    QTest::newRow("site twice") << HeaderList{{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}
                                << false;
    for (const char* origin :
         {"http://evil.test", "null", "file://", "", "http://localhost:3000", "http://127.0.0.1:4777",
          "chrome-extension://abcdef", "http://app.test", "https://app.test:3000", "http://app.test:3000/",
          "http://app.test:3000.evil.test", "http://app.test:30000", "HTTP://APP.TEST:3000", "*"})
        QTest::addRow("origin '%s'", origin) << HeaderList{{"Origin", origin}} << false;
    QTest::newRow("the allowed one") << HeaderList{{"Origin", "http://app.test:3000"}} << true;
    QTest::newRow("the allowed one, cross-site")
        << HeaderList{{"Origin", "http://app.test:3000"}, {"Sec-Fetch-Site", "cross-site"}} << true;
    QTest::newRow("two origins") << HeaderList{{"Origin", "http://app.test:3000"},
                                               {"Origin", "http://evil.test"}}
                                 << false;
}

void DoorTest::checksOriginAndSite()
{
    QFETCH(HeaderList, headers);
    QFETCH(bool, allowed);
    headers.append({"x-api-key", kKey});
    const HttpReply reply = models(headers);
    if (allowed)
        QCOMPARE(reply.status, 200);
    else
        QCOMPARE(openAiFault(reply, 403, "origin_not_allowed"), QByteArray());
    const HttpReply open = http(port(), "GET", "/health", headers);
    QCOMPARE(open.status, allowed ? 200 : 403);
    if (!allowed) QCOMPARE(http(port(), "OPTIONS", kChat, headers).status, 403);
}

void DoorTest::checksInOrder_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const HeaderList size{{"Content-Length", "999999999"}};
    const HeaderList text = HeaderList{{"Content-Type", "text/plain"}} + size;
    const HeaderList page = HeaderList{{"Origin", "http://evil.test"}} + text;
    const HeaderList host = HeaderList{{"Host", "evil.test"}} + page;
    const HeaderList key{{"x-api-key", kKey}};
    // Each row heals the first fault of the row before.
    QTest::newRow("framing") << QByteArray("PUT") << QByteArray("/nowhere")
                             << HeaderList{{"Transfer-Encoding", "chunked"}} + host << 400
                             << QByteArray("bad_request");
    QTest::newRow("host") << QByteArray("PUT") << QByteArray("/nowhere") << host << 403
                          << QByteArray("host_not_allowed");
    QTest::newRow("origin") << QByteArray("PUT") << QByteArray("/nowhere") << page << 403
                            << QByteArray("origin_not_allowed");
    QTest::newRow("key") << QByteArray("PUT") << QByteArray("/nowhere") << text << 401
                         << QByteArray("invalid_api_key");
    QTest::newRow("path") << QByteArray("PUT") << QByteArray("/nowhere") << text + key << 404
                          << QByteArray("unknown_url");
    QTest::newRow("method") << QByteArray("PUT") << kChat << text + key << 405
                            << QByteArray("method_not_allowed");
    QTest::newRow("type") << QByteArray("POST") << kChat << text + key << 415
                          << QByteArray("unsupported_media_type");
    QTest::newRow("size") << QByteArray("POST") << kChat
                          << HeaderList{{"Content-Type", "application/json"}} + size + key << 413
                          << QByteArray("request_too_large");
}

void DoorTest::checksInOrder()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(HeaderList, headers);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QCOMPARE(openAiFault(http(port(), method, target, headers), status, code), QByteArray());
}

void DoorTest::answersAllowedPageWithItsOrigin()
{
    const HeaderList page{
        {"Origin", "http://app.test:3000"}, {"Sec-Fetch-Site", "cross-site"}, {"x-api-key", kKey}};
    const QByteArray stream = QByteArray(kChatBody).replace("}]}", "}],\"stream\":true}");
    const QByteArray broken = "{";
    const QList<HttpReply> replies{models(page),
                                   http(port(), "POST", kChat, page, kChatBody),
                                   http(port(), "POST", kChat, page, stream),
                                   http(port(), "POST", kChat, page, broken),
                                   http(port(), "GET", "/nowhere", page),
                                   http(port(), "GET", kModels, page.mid(0, 1))};
    const QList<int> statuses{200, 200, 200, 400, 404, 401};
    for (qsizetype i = 0; i < replies.size(); ++i) {
        QCOMPARE(replies[i].status, statuses[i]);
        // A page that may not read an error cannot tell its user what is wrong.
        QCOMPARE(replies[i].header("access-control-allow-origin"), QByteArray("http://app.test:3000"));
        QCOMPARE(replies[i].header("vary"), QByteArray("Origin"));
    }
}

void DoorTest::answersPreflightOfAllowedPage_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("method");
    QTest::newRow("chat") << QByteArray(kChat) << QByteArray("POST");
    for (const char* method : {"PUT", "PATCH", "DELETE"})
        QTest::newRow(method) << QByteArray("/admin/v1/keys/laptop") << QByteArray(method);
}

void DoorTest::answersPreflightOfAllowedPage()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, method);
    RawClient client(port());
    client.send(
        requestBytes(port(), "OPTIONS", target,
                     {{"Origin", "http://app.test:3000"},
                      {"Access-Control-Request-Method", method},
                      {"Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang"}},
                     {}));
    const QByteArray head = headOf(client).toLower();
    QVERIFY2(head.startsWith("http/1.1 204 "), head);
    QVERIFY2(head.contains("\r\naccess-control-allow-origin: http://app.test:3000\r\n"), head);
    QVERIFY2(head.contains("\r\nvary: origin\r\n"), head);
    QVERIFY2(head.contains("authorization,content-type,x-stainless-lang"), head);
    const qsizetype allowed = head.indexOf("\r\naccess-control-allow-methods: ");
    const QByteArray methods = allowed < 0 ? QByteArray() : head.mid(allowed + 2).split('\r').first();
    QVERIFY2(methods.contains(" " + method.toLower()), head);
    QVERIFY2(!head.contains("content-length"), head);
}

void DoorTest::openPathsAnswerShortlyWithoutKey_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target : {"/", "/api/hello", "/health", "/ready"})
        QTest::newRow(target) << QByteArray(target);
}

void DoorTest::openPathsAnswerShortlyWithoutKey()
{
    QFETCH(QByteArray, target);
    const HttpReply reply = http(port(), "GET", target);
    QCOMPARE(reply.status, 200);
    QVERIFY2(reply.complete && reply.body.size() <= 64 && !reply.body.isEmpty(), reply.body);
    // With any key or none, also a wrong one: nothing is told that a stranger may not know.
    QCOMPARE(http(port(), "GET", target, {{"x-api-key", "tp-wrong"}}).body, reply.body);
    RawClient client(port());
    client.send(requestBytes(port(), "HEAD", target, {}, {}));
    QVERIFY(headOf(client).startsWith("HTTP/1.1 200 "));
    RawClient next(port());
    next.send(requestBytes(port(), "HEAD", target, {}, {}) + requestBytes(port(), "GET", target, {}, {}));
    // No byte of a body stands between the two answers.
    const QByteArray both = next.receiveUntil(reply.body);
    QCOMPARE(both.count("HTTP/1.1 200 "), 2);
    QVERIFY(both.contains("\r\n\r\nHTTP/1.1 200 "));
    QCOMPARE(http(port(), "POST", target).status, 401);
}

void DoorTest::operationNeedsKey_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target :
         {"/metrics", "/openapi.json", "/v1/models", "/v1/models/sandbox/echo", "/nowhere", "/admin/v1/keys",
          "/healthz", "/health/", "//health", "/health/../metrics"})
        QTest::newRow(target) << QByteArray(target);
}

void DoorTest::operationNeedsKey()
{
    QFETCH(QByteArray, target);
    QCOMPARE(openAiFault(http(port(), "GET", target), 401, "invalid_api_key"), QByteArray());
    const int status = http(port(), "GET", target, {{"x-api-key", kKey}}).status;
    QVERIFY2(status == 200 || status == 404, QByteArray::number(status));
}

void DoorTest::keepsConnectionAfterRefusal()
{
    RawClient client(port());
    client.send(requestBytes(port(), "POST", kChat, {{"x-api-key", "tp-wrong"}}, kChatBody));
    QCOMPARE(openAiFault(client.receive(), 401, "invalid_api_key"), QByteArray());
    client.send(requestBytes(port(), "POST", kChat, {{"x-api-key", kKey}}, kChatBody));
    QCOMPARE(client.receive().status, 200);
}

void DoorTest::neverPassesClientKeyOn()
{
    m_upstream.reset();
    const HeaderList headers{{"Authorization", kBearer},  {"x-api-key", kKey},
                             {"api-key", kKey},           {"x-goog-api-key", kKey},
                             {"x-portkey-api-key", kKey}, {"Cookie", "a=" + kKey}};
    for (const char* provider : {"lab", "ant"}) {
        const QByteArray body = QByteArray(kChatBody).replace("sandbox/echo", QByteArray(provider) + "/any");
        QCOMPARE(http(port(), "POST", kChat + "?key=" + kKey, headers, body).status, 200);
    }
    const QJsonArray seen = m_upstream.requests();
    QCOMPARE(seen.size(), 2);
    const QByteArray all = QJsonDocument(seen).toJson();
    QVERIFY(all.contains(GatewayProcess::kProviderKey));
    QVERIFY2(!all.contains(kKey), all);
}

QTEST_GUILESS_MAIN(DoorTest)
#include "door_test.moc"
