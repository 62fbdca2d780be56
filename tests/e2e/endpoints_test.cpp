// SPDX-License-Identifier: GPL-3.0-or-later
// What is answered where: paths and their aliases, methods, content types, model lists.
#include <memory>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "support/error_reply.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::anthropicFault;
using support::GatewayProcess;
using support::HeaderList;
using support::http;
using support::HttpReply;
using support::openAiFault;
using support::RawClient;
using support::requestBytes;

namespace {

const QByteArray kKey = GatewayProcess::kKey;
const QByteArray kChat = "/v1/chat/completions";
const QByteArray kChatBody = R"({"model":"sandbox/echo","messages":[{"role":"user","content":"hi"}]})";
const QByteArray kMessagesBody =
    R"({"model":"sandbox/echo","max_tokens":20,"messages":[{"role":"user","content":"hi"}]})";

QJsonObject objectOf(const HttpReply& reply)
{
    return QJsonDocument::fromJson(reply.body).object();
}

} // namespace

class EndpointsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void answersEveryPathOfChat_data();
    void answersEveryPathOfChat();
    void answersEveryPathOfMessages_data();
    void answersEveryPathOfMessages();
    void refusesOtherPaths_data();
    void refusesOtherPaths();
    void namesBaseUrlWhereVersionIsDoubled_data();
    void namesBaseUrlWhereVersionIsDoubled();
    void namesAllowedMethods_data();
    void namesAllowedMethods();
    void answersHeadLikeGetWithoutBody_data();
    void answersHeadLikeGetWithoutBody();
    void checksContentType_data();
    void checksContentType();
    void refusesContentEncoding_data();
    void refusesContentEncoding();
    void listsModelsInOpenAiShape_data();
    void listsModelsInOpenAiShape();
    void listsModelsInAnthropicShape_data();
    void listsModelsInAnthropicShape();
    void listsModelsInOpenRouterShape();
    void answersOneModel();
    void refusesWebSocketWhereThereIsNone();
    void ignoresOtherUpgrades_data();
    void ignoresOtherUpgrades();
    void keepsAdministrationShut();

private:
    [[nodiscard]] quint16 port() const { return m_gateway.port(); }
    [[nodiscard]] HttpReply call(const QByteArray& method, const QByteArray& target, HeaderList headers = {},
                                 const QByteArray& body = {}) const
    {
        headers.append({"x-api-key", kKey});
        return http(port(), method, target, headers, body);
    }

    // The sandbox is all that these tests need.
    GatewayProcess m_gateway;
};

void EndpointsTest::initTestCase()
{
    m_gateway.configure(
        {{"routes",
          QJsonObject{{"smart", QJsonObject{{"targets", QJsonArray{QJsonObject{{"provider", "sandbox"},
                                                                               {"model", "echo"}}}}}}}}});
    QVERIFY2(m_gateway.start(), m_gateway.errors());
    QTRY_COMPARE(http(port(), "GET", "/ready").status, 200);
}

void EndpointsTest::answersEveryPathOfChat_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target :
         {"/v1/chat/completions", "/chat/completions", "/api/v1/chat/completions",
          "/openai/v1/chat/completions", "/openai/chat/completions", "/v1/chat/completions?x=1"})
        QTest::newRow(target) << QByteArray(target);
}

void EndpointsTest::answersEveryPathOfChat()
{
    QFETCH(QByteArray, target);
    const HttpReply reply = call("POST", target, {}, kChatBody);
    QCOMPARE(reply.status, 200);
    QCOMPARE(objectOf(reply).value("object").toString(), QString("chat.completion"));
    QCOMPARE(openAiFault(call("POST", target, {}, "{"), 400, "invalid_json"), QByteArray());
}

void EndpointsTest::answersEveryPathOfMessages_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target : {"/v1/messages", "/messages", "/anthropic/v1/messages", "/anthropic/messages",
                               "/v1/messages?beta=true", "/api/v1/messages"})
        QTest::newRow(target) << QByteArray(target);
}

void EndpointsTest::answersEveryPathOfMessages()
{
    QFETCH(QByteArray, target);
    const HttpReply reply = call("POST", target, {}, kMessagesBody);
    QCOMPARE(reply.status, 200);
    QCOMPARE(objectOf(reply).value("type").toString(), QString("message"));
    QCOMPARE(anthropicFault(call("POST", target, {}, "{"), 400, "invalid_json"), QByteArray());
    const qsizetype query = target.indexOf('?');
    const QByteArray count = (query < 0 ? target : target.left(query)) + "/count_tokens" +
                             (query < 0 ? QByteArray() : target.mid(query));
    const HttpReply counted = call("POST", count, {}, kMessagesBody);
    QCOMPARE(counted.status, 200);
    QVERIFY(objectOf(counted).value("input_tokens").toInt() > 0);
}

void EndpointsTest::refusesOtherPaths_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target : {"/v1",
                               "/v1/",
                               "/v2/chat/completions",
                               "/v1/chat/completions/",
                               "/v1//chat/completions",
                               "/V1/chat/completions",
                               "/v1/chat/Completions",
                               "/v1/chat%2fcompletions",
                               "/v1/chat/completions%00",
                               "/v1/./chat/completions",
                               "/v1/x/../chat/completions",
                               "/v1;x/chat/completions",
                               "/chat",
                               "/v1/chat/completionsx",
                               "/openai",
                               "*",
                               "/v1/chat/completions#x",
                               "/openai/openai/v1/chat/completions",
                               "/favicon.ico",
                               "/.env",
                               "/index.html",
                               "\\v1\\chat\\completions",
                               "v1/chat/completions"})
        QTest::newRow(target) << QByteArray(target);
}

void EndpointsTest::refusesOtherPaths()
{
    QFETCH(QByteArray, target);
    QCOMPARE(openAiFault(call("POST", target, {}, kChatBody), 404, "unknown_url"), QByteArray());
}

void EndpointsTest::namesBaseUrlWhereVersionIsDoubled_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target :
         {"/v1/v1/chat/completions", "/v1/v1/messages", "/v1/v1/models", "/openai/v1/v1/models"})
        QTest::newRow(target) << QByteArray(target);
}

void EndpointsTest::namesBaseUrlWhereVersionIsDoubled()
{
    QFETCH(QByteArray, target);
    const HttpReply reply = call("POST", target, {}, kChatBody);
    QCOMPARE(support::errorCode(reply), QByteArray("unknown_url"));
    QCOMPARE(reply.status, 404);
    const QByteArray message = support::errorMessage(reply);
    QVERIFY2(message.contains("http://127.0.0.1:" + QByteArray::number(port()) + ","), message);
}

void EndpointsTest::namesAllowedMethods_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("allow");
    for (const char* target : {"/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens"})
        QTest::newRow(target) << QByteArray(target) << QByteArray("POST");
    for (const char* target : {"/", "/api/hello", "/health", "/ready", "/metrics", "/openapi.json",
                               "/v1/models", "/v1/models/sandbox/echo", "/api/v1/models"})
        QTest::newRow(target) << QByteArray(target) << QByteArray("GET, HEAD");
}

void EndpointsTest::namesAllowedMethods()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, allow);
    for (const char* method :
         {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"}) {
        if (allow.contains(method)) continue;
        const HttpReply reply = call(method, target);
        const QByteArray fault = target.contains("messages")
                                     ? anthropicFault(reply, 405, "method_not_allowed")
                                     : openAiFault(reply, 405, "method_not_allowed");
        QVERIFY2(fault.isEmpty(), QByteArray(method) + ": " + fault);
        QCOMPARE(reply.header("allow"), allow);
    }
}

void EndpointsTest::answersHeadLikeGetWithoutBody_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    for (const char* target : {"/", "/api/hello", "/health", "/openapi.json", "/v1/models"})
        QTest::newRow(target) << QByteArray(target) << 200;
    QTest::newRow("chat") << kChat << 405;
    QTest::newRow("unknown") << QByteArray("/nowhere") << 404;
}

void EndpointsTest::answersHeadLikeGetWithoutBody()
{
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    RawClient client(port());
    const HeaderList headers{{"x-api-key", kKey}};
    client.send(requestBytes(port(), "HEAD", target, headers, {}) +
                requestBytes(port(), "GET", "/health", {}, {}));
    const QByteArray both = client.receiveUntil(R"({"status":"ok"})");
    QVERIFY2(both.startsWith("HTTP/1.1 " + QByteArray::number(status)), both);
    QVERIFY2(both.contains("\r\n\r\nHTTP/1.1 200 "), both);
    if (status == 200)
        QVERIFY(both.toLower().contains("content-length: " +
                                        QByteArray::number(call("GET", target).body.size())));
}

void EndpointsTest::checksContentType_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("good");
    for (const char* type :
         {"application/json", "Application/JSON", "application/json; charset=utf-8",
          "application/json;charset=UTF-8", "application/json; charset=\"utf-8\"", "application/json;"})
        QTest::newRow(type) << QByteArray(type) << true;
    for (const char* type :
         {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
          "text/json", "application/jsonx", "application/json, text/plain", "application/*",
          "application/json; charset=utf-16", "application/json; charset=latin1", "json",
          "text/plain; application/json", "application/vnd.api+json"})
        QTest::addRow("'%s'", type) << QByteArray(type) << false;
}

void EndpointsTest::checksContentType()
{
    QFETCH(QByteArray, type);
    QFETCH(bool, good);
    const HttpReply chat = call("POST", kChat, {{"Content-Type", type}}, kChatBody);
    const HttpReply messages = call("POST", "/v1/messages", {{"Content-Type", type}}, kMessagesBody);
    QCOMPARE(chat.status, good ? 200 : 415);
    if (good) return;
    QCOMPARE(openAiFault(chat, 415, "unsupported_media_type"), QByteArray());
    QCOMPARE(anthropicFault(messages, 415, "unsupported_media_type"), QByteArray());
}

void EndpointsTest::refusesContentEncoding_data()
{
    QTest::addColumn<QByteArray>("encoding");
    for (const char* encoding : {"gzip", "br", "deflate", "zstd", "identity, gzip", "x"})
        QTest::newRow(encoding) << QByteArray(encoding);
}

void EndpointsTest::refusesContentEncoding()
{
    QFETCH(QByteArray, encoding);
    const HttpReply reply = call("POST", kChat, {{"Content-Encoding", encoding}}, kChatBody);
    QCOMPARE(openAiFault(reply, 415, "unsupported_media_type"), QByteArray());
}

void EndpointsTest::listsModelsInOpenAiShape_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target : {"/v1/models", "/models", "/openai/v1/models"})
        QTest::newRow(target) << QByteArray(target);
}

void EndpointsTest::listsModelsInOpenAiShape()
{
    QFETCH(QByteArray, target);
    const QJsonObject list = objectOf(call("GET", target));
    QCOMPARE(list.value("object").toString(), QString("list"));
    QStringList ids;
    for (const QJsonValue& model : list.value("data").toArray()) {
        ids.append(model["id"].toString());
        QCOMPARE(model["object"].toString(), QString("model"));
        QVERIFY(model["created"].isDouble() && model["owned_by"].isString());
    }
    QVERIFY2(ids.contains("smart") && ids.contains("sandbox/echo"), qPrintable(ids.join(' ')));
}

void EndpointsTest::listsModelsInAnthropicShape_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<HeaderList>("headers");
    QTest::newRow("by header") << QByteArray("/v1/models") << HeaderList{{"anthropic-version", "2023-06-01"}};
    QTest::newRow("by prefix") << QByteArray("/anthropic/v1/models") << HeaderList{};
    QTest::newRow("paged") << QByteArray("/v1/models?limit=1000")
                           << HeaderList{{"anthropic-version", "2023-06-01"}};
}

void EndpointsTest::listsModelsInAnthropicShape()
{
    QFETCH(QByteArray, target);
    QFETCH(HeaderList, headers);
    const QJsonObject list = objectOf(call("GET", target, headers));
    const QJsonArray models = list.value("data").toArray();
    QVERIFY(!models.isEmpty());
    for (const QJsonValue& model : models) {
        QCOMPARE(model["type"].toString(), QString("model"));
        QVERIFY(model["id"].isString() && model["display_name"].isString() && model["created_at"].isString());
    }
    QCOMPARE(list.value("has_more").toBool(true), false);
    QCOMPARE(list.value("first_id"), models.first()["id"]);
    QCOMPARE(list.value("last_id"), models.last()["id"]);
    // Errors of a list that is asked for in Anthropic's way have Anthropic's shape as well.
    QCOMPARE(anthropicFault(http(port(), "GET", target, headers), 401, "invalid_api_key"), QByteArray());
}

void EndpointsTest::listsModelsInOpenRouterShape()
{
    const QJsonObject list = objectOf(call("GET", "/api/v1/models"));
    const QJsonArray models = list.value("data").toArray();
    QVERIFY(!models.isEmpty());
    QCOMPARE(list.value("total_count").toInt(), models.size());
    QVERIFY(list.value("links")["next"].isNull() && list.value("links").isObject());
    for (const QJsonValue& model : models) {
        QVERIFY(model["id"].isString() && model["name"].isString());
        QVERIFY(model["links"]["details"].isString() && model["supported_voices"].isNull());
        QVERIFY(model["pricing"]["prompt"].isString() && model["pricing"]["completion"].isString());
        QVERIFY(model["architecture"]["input_modalities"].isArray());
    }
}

void EndpointsTest::answersOneModel()
{
    QCOMPARE(objectOf(call("GET", "/v1/models/sandbox/echo")).value("object").toString(), QString("model"));
    QCOMPARE(objectOf(call("GET", "/v1/models/smart")).value("id").toString(), QString("smart"));
    // Clients write the slash of a name as %2F: it is one path segment to them.
    QCOMPARE(objectOf(call("GET", "/v1/models/sandbox%2Fecho")).value("id").toString(),
             QString("sandbox/echo"));
    const HeaderList version{{"anthropic-version", "2023-06-01"}};
    QCOMPARE(objectOf(call("GET", "/v1/models/sandbox/echo", version)).value("type").toString(),
             QString("model"));
    QCOMPARE(openAiFault(call("GET", "/v1/models/no-such"), 404, "model_not_found"), QByteArray());
    QCOMPARE(anthropicFault(call("GET", "/v1/models/no-such", version), 404, "model_not_found"),
             QByteArray());
}

void EndpointsTest::refusesWebSocketWhereThereIsNone()
{
    const HeaderList upgrade{{"Upgrade", "websocket"},
                             {"Connection", "keep-alive, Upgrade"},
                             {"Sec-WebSocket-Version", "13"},
                             {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    QCOMPARE(call("POST", "/v1/responses", upgrade).status, 426);
    for (const QByteArray& target : {kChat, QByteArray("/v1/messages"), QByteArray("/v1/models")})
        QCOMPARE(call("GET", target, upgrade).status, 426);
    QCOMPARE(call("GET", "/v1/nowhere", upgrade).status, 404);
    // The door comes first.
    QCOMPARE(http(port(), "GET", "/v1/responses", upgrade).status, 401);
    QCOMPARE(call("GET", "/v1/responses", HeaderList{{"Origin", "http://evil.test"}} + upgrade).status, 403);
    QCOMPARE(call("GET", "/v1/responses", HeaderList{{"Host", "evil.test"}} + upgrade).status, 403);
}

void EndpointsTest::ignoresOtherUpgrades_data()
{
    QTest::addColumn<QByteArray>("token");
    for (const char* token : {"h2c", "HTTP/2.0", "TLS/1.0", "foo"})
        QTest::newRow(token) << QByteArray(token);
}

void EndpointsTest::ignoresOtherUpgrades()
{
    QFETCH(QByteArray, token);
    const HeaderList upgrade{
        {"Upgrade", token}, {"Connection", "Upgrade, HTTP2-Settings"}, {"HTTP2-Settings", "AAMAAABk"}};
    QCOMPARE(call("POST", kChat, upgrade, kChatBody).status, 200);
    QCOMPARE(call("GET", "/v1/models", upgrade).status, 200);
}

void EndpointsTest::keepsAdministrationShut()
{
    for (const char* target : {"/admin/v1/keys", "/admin/v1/", "/admin/"}) {
        QCOMPARE(openAiFault(http(port(), "GET", target), 401, "invalid_api_key"), QByteArray());
        QCOMPARE(openAiFault(call("GET", target), 404, "unknown_url"), QByteArray());
    }
}

QTEST_GUILESS_MAIN(EndpointsTest)
#include "endpoints_test.moc"
