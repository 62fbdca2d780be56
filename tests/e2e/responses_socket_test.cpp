// SPDX-License-Identifier: GPL-3.0-or-later
// The Responses dialect on a WebSocket, as Codex uses it.
#include <memory>

#include <QTest>

#include "e2e/model_call.h"
#include "support/socket_client.h"
#include "support/socket_upstream.h"

using namespace support;
using namespace e2e;

namespace {

const QByteArray kPath = "/v1/responses";

HeaderList withKey(HeaderList more = {})
{
    more.emplaceBack("Authorization", QByteArray("Bearer ") + GatewayProcess::kKey);
    return more;
}

QJsonObject create(const QString& model, const QJsonValue& input, QJsonObject members = {})
{
    members["type"] = "response.create";
    members["model"] = model;
    members["input"] = input;
    members["store"] = false;
    return members;
}

QJsonArray says(const QString& text)
{
    return {QJsonObject{{"type", "message"}, {"role", "user"}, {"content", text}}};
}

/// The messages of one turn, up to the one that ends it.
QList<QJsonObject> turn(SocketClient& client)
{
    QList<QJsonObject> events;
    while (const auto event = client.receiveObject()) {
        events.append(*event);
        const QString type = (*event)["type"].toString();
        if (type == "response.completed" || type == "response.incomplete" || type == "response.failed" ||
            type == "error")
            break;
    }
    return events;
}

QJsonObject lastOf(const QList<QJsonObject>& events)
{
    return events.isEmpty() ? QJsonObject() : events.last();
}

QString codeOf(const QJsonObject& event)
{
    return event["error"].toObject()["code"].toString();
}

QString idOf(const QList<QJsonObject>& events)
{
    return lastOf(events)["response"].toObject()["id"].toString();
}

} // namespace

class ResponsesSocketTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { begin(60'000); }
    void sendsEachEventAsOneMessage();
    void goesOnFromAnswerOfSameConnection_data();
    void goesOnFromAnswerOfSameConnection();
    void goesOnFromAnswerWithoutItems();
    void passesRequestOnAsItCame();
    void answersWarmUpByItself();
    void refusesUnknownPreviousAnswer();
    void goesOnFromStoredAnswerOfPost();
    void saysErrorsAsMessages_data();
    void saysErrorsAsMessages();
    void endsBrokenStreamWithOneError();
    void servesTurnsOneAfterTheOther();
    void endsConnectionWithTooManyTurnsWaiting();
    void logsEachTurn();
    void cancelsProviderWhenClientLeaves_data();
    void cancelsProviderWhenClientLeaves();
    void refusesAtTheDoor_data();
    void refusesAtTheDoor();
    void refusesOtherPaths();
    void refusesBytesBeforeTheUpgrade();
    void upgradesConnectionThatWasUsed();
    void offersNoCompression();
    void closesOnTooLongMessage();
    void closesOnBinaryMessage();
    void closesIdleConnection();
    void refusesRevokedKeyInItsNextTurn();
    void finishesTurnWhenItShutsDown();
    void guardsEachTurn_data() { goesOnFromAnswerOfSameConnection_data(); }
    void guardsEachTurn();

private:
    void begin(int idleMilliseconds);
    [[nodiscard]] quint16 port() const { return m_gateway->port(); }
    bool open(SocketClient& client) const { return client.open(port(), kPath, withKey()).status == 101; }
    [[nodiscard]] QJsonObject rowOf(const QString& model, int atLeast);

    FakeUpstream m_chat;
    SocketUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void ResponsesSocketTest::initTestCase()
{
    QVERIFY(m_chat.start());
    QVERIFY(m_upstream.start());
}

/// A gateway of its own for each test, since some of them end it or change its keys.
void ResponsesSocketTest::begin(int idleMilliseconds)
{
    m_upstream.forget();
    m_gateway = std::make_unique<GatewayProcess>(m_chat.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    const QJsonArray keys{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    const QJsonObject price{{"price", QJsonObject{{"input", 2}, {"output", 10}, {"cache_read", 0.5}}}};
    providers["own"] = QJsonObject{{"kind", "openai"},
                                   {"base_url", m_upstream.url() + "/v1"},
                                   {"keys", keys},
                                   {"models", QJsonObject{{"mock", price}}},
                                   {"retry", QJsonObject{{"attempts", 0}}}};
    m_gateway->configure(
        {{"providers", providers},
         {"server", QJsonObject{{"max_body_bytes", 200'000},
                                {"limits", QJsonObject{{"websocket_idle_ms", idleMilliseconds}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

QJsonObject ResponsesSocketTest::rowOf(const QString& model, int atLeast)
{
    for (const auto& row : m_gateway->rows(atLeast)) {
        if (row.toObject()["model"] == model) return row.toObject();
    }
    return {};
}

void ResponsesSocketTest::sendsEachEventAsOneMessage()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("lab/mock", "hi")));
    const auto events = turn(client);
    QCOMPARE(events.first()["type"].toString(), QString("response.created"));
    QCOMPARE(lastOf(events)["type"].toString(), QString("response.completed"));
    QString text;
    for (const QJsonObject& event : events) {
        QCOMPARE(event["sequence_number"].toInt(), events.indexOf(event));
        if (event["type"] == "response.output_text.delta") text += event["delta"].toString();
    }
    QCOMPARE(text, QString("Hello from the fake upstream."));
}

void ResponsesSocketTest::goesOnFromAnswerOfSameConnection_data()
{
    QTest::addColumn<QString>("model");
    QTest::newRow("provider of another dialect") << "lab/mock";
    QTest::newRow("provider of the same dialect") << "own/mock";
}

void ResponsesSocketTest::goesOnFromAnswerOfSameConnection()
{
    QFETCH(QString, model);
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create(model, says("one"))));
    const QString first = idOf(turn(client));
    QVERIFY(!first.isEmpty());
    QVERIFY(client.send(create(model, says("two"), {{"previous_response_id", first}})));
    const QString second = idOf(turn(client));
    QVERIFY(!second.isEmpty() && second != first);
    QVERIFY(client.send(create(model, says("three"), {{"previous_response_id", second}})));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));

    const bool own = model.startsWith("own");
    const QJsonObject last =
        own ? m_upstream.requests().last().toObject() : m_chat.requests().last().toObject();
    const QJsonObject body = jsonOf(last["body"].toString().toUtf8());
    QVERIFY(!body.contains("previous_response_id"));
    QStringList said;
    for (const auto& each : body[QLatin1String(own ? "input" : "messages")].toArray()) {
        const QJsonObject item = each.toObject();
        const QJsonValue content = item["content"];
        said +=
            item["role"].toString() + ' ' +
            (content.isString() ? content.toString() : content.toArray().at(0).toObject()["text"].toString());
    }
    QCOMPARE(said.size(), 5);
    QCOMPARE(said[0], QString("user one"));
    QVERIFY(said[1].startsWith("assistant "));
    QCOMPARE(said[2], QString("user two"));
    QVERIFY(said[3].startsWith("assistant "));
    QCOMPARE(said[4], QString("user three"));
}

void ResponsesSocketTest::goesOnFromAnswerWithoutItems()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/bare", "one")));
    const QString first = idOf(turn(client));
    QVERIFY(client.send(create("own/bare", "two", {{"previous_response_id", first}})));
    turn(client);
    const QJsonArray input =
        jsonOf(m_upstream.requests().last().toObject()["body"].toString().toUtf8())["input"].toArray();
    QCOMPARE(input.size(), 3);
    QCOMPARE(input[0].toObject()["content"].toString(), QString("one"));
    QCOMPARE(input[1].toObject()["role"].toString(), QString("assistant"));
}

void ResponsesSocketTest::passesRequestOnAsItCame()
{
    SocketClient client;
    QVERIFY(client
                .open(port(), kPath,
                      withKey({{"OpenAI-Beta", "responses_websockets=2026-02-06"}, {"session-id", "s-1"}}))
                .status == 101);
    QVERIFY(client.send(QByteArray(R"({"type":"response.create","model":"own/mock","unknown":[1, 2.50],)"
                                   R"("input":[{"role":"user","content":"hi"}]})")));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
    const QJsonObject request = m_upstream.requests().last().toObject();
    QCOMPARE(request["target"].toString(), QString("/v1/responses"));
    const QString body = request["body"].toString();
    QVERIFY2(body.contains(R"("unknown":[1, 2.50])"), qPrintable(body));
    QVERIFY2(body.contains(R"("stream":true)"), qPrintable(body));
    QVERIFY2(!body.contains("response.create"), qPrintable(body));
    const QJsonObject headers = request["headers"].toObject();
    QCOMPARE(headers["authorization"].toString(), QString("Bearer ") + GatewayProcess::kProviderKey);
    QVERIFY(!headers.contains("openai-beta"));
    QVERIFY(!headers.contains("upgrade"));
    QCOMPARE(rowOf("mock", 1)["session"].toString(), QString("s-1"));
}

void ResponsesSocketTest::answersWarmUpByItself()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/mock", says("the prompt"), {{"generate", false}})));
    const auto warm = turn(client);
    QCOMPARE(warm.first()["type"].toString(), QString("response.created"));
    QCOMPARE(lastOf(warm)["type"].toString(), QString("response.completed"));
    QCOMPARE(lastOf(warm)["response"].toObject()["output"].toArray().size(), 0);
    QVERIFY(m_upstream.requests().isEmpty());
    QVERIFY(client.send(create("own/mock", says("the question"), {{"previous_response_id", idOf(warm)}})));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
    const QJsonObject body = jsonOf(m_upstream.requests().last().toObject()["body"].toString().toUtf8());
    QCOMPARE(body["input"].toArray().size(), 2);
    QVERIFY(!body.contains("generate"));
    QCOMPARE(m_gateway->rows(1).size(), 1);
}

void ResponsesSocketTest::refusesUnknownPreviousAnswer()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/mock", "hi", {{"previous_response_id", "resp_elsewhere"}})));
    const QJsonObject error = lastOf(turn(client));
    QCOMPARE(error["type"].toString(), QString("error"));
    QCOMPARE(error["status"].toInt(), 400);
    QCOMPARE(codeOf(error), QString("previous_response_not_found"));
    QVERIFY(m_upstream.requests().isEmpty());
    QVERIFY(client.send(create("own/mock", "hi")));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
}

void ResponsesSocketTest::goesOnFromStoredAnswerOfPost()
{
    const HttpReply reply = http(port(), "POST", kPath, withKey(), R"({"model":"lab/mock","input":"one"})");
    QVERIFY2(reply.status == 200, reply.body);
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/mock", "two", {{"previous_response_id", jsonOf(reply.body)["id"]}})));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
    const QJsonObject body = jsonOf(m_upstream.requests().last().toObject()["body"].toString().toUtf8());
    QCOMPARE(body["input"].toArray().size(), 3);
}

void ResponsesSocketTest::saysErrorsAsMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::newRow("no JSON") << QByteArray("{") << 400 << "invalid_json";
    QTest::newRow("no object") << QByteArray("[1]") << 400 << "invalid_request";
    QTest::newRow("twice") << QByteArray(R"({"type":"response.create","a":1,"a":2})") << 400
                           << "invalid_json";
    QTest::newRow("other type") << QByteArray(R"({"type":"session.update"})") << 400 << "invalid_request";
    QTest::newRow("too deep") << QByteArray(300, '[') + QByteArray(300, ']') << 400 << "invalid_json";
    QTest::newRow("lane") << QByteArray(R"({"type":"response.create","stream_id":"a","model":"own/mock"})")
                          << 400 << "invalid_request";
    QTest::newRow("no model") << QByteArray(R"({"type":"response.create","input":"x"})") << 400
                              << "invalid_request";
    QTest::newRow("no such model") << QByteArray(R"({"type":"response.create","model":"nope","input":"x"})")
                                   << 404 << "model_not_found";
    QTest::newRow("provider's refusal")
        << QByteArray(R"({"type":"response.create","model":"lab/mock:status:400","input":"x"})") << 400 << "";
    QTest::newRow("provider is down")
        << QByteArray(R"({"type":"response.create","model":"lab/mock:status:503","input":"x"})") << 503
        << "upstream_overloaded";
}

void ResponsesSocketTest::saysErrorsAsMessages()
{
    QFETCH(QByteArray, message);
    QFETCH(int, status);
    QFETCH(QString, code);
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(message));
    const auto error = client.receiveObject();
    QVERIFY(error);
    QCOMPARE((*error)["type"].toString(), QString("error"));
    QCOMPARE((*error)["status"].toInt(), status);
    QVERIFY(!(*error)["error"].toObject()["message"].toString().isEmpty());
    if (!code.isEmpty()) QCOMPARE(codeOf(*error), code);
    // The connection goes on.
    QVERIFY(client.send(create("own/mock", "hi")));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
}

void ResponsesSocketTest::endsBrokenStreamWithOneError()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/cut", "hi")));
    const QJsonObject error = lastOf(turn(client));
    QCOMPARE(error["type"].toString(), QString("error"));
    QCOMPARE(error["status"].toInt(), 502);
    QCOMPARE(codeOf(error), QString("upstream_truncated"));
    QVERIFY(client.send(create("own/mock", "hi")));
    const auto next = turn(client);
    QCOMPARE(next.first()["type"].toString(), QString("response.created"));
    QCOMPARE(lastOf(next)["type"].toString(), QString("response.completed"));
}

void ResponsesSocketTest::servesTurnsOneAfterTheOther()
{
    SocketClient client;
    QVERIFY(open(client));
    for (const char* text : {"one", "two", "three"})
        QVERIFY(client.send(create("sandbox/slow", text)));
    QStringList ids;
    for (int i = 0; i < 3; ++i) {
        const auto events = turn(client);
        QCOMPARE(events.first()["type"].toString(), QString("response.created"));
        QCOMPARE(events.first()["sequence_number"].toInt(), 0);
        ids += idOf(events);
    }
    QCOMPARE(QSet<QString>(ids.begin(), ids.end()).size(), 3);
}

void ResponsesSocketTest::endsConnectionWithTooManyTurnsWaiting()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/hang", "hi")));
    QTRY_COMPARE(m_upstream.requests().size(), 1);
    for (int i = 0; i < 17; ++i)
        client.send(create("own/mock", "hi"));
    QCOMPARE(client.closeCode(), 1008);
    QTRY_COMPARE(m_upstream.abandoned(), 1);
}

void ResponsesSocketTest::logsEachTurn()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/mock", "one")));
    turn(client);
    QVERIFY(client.send(create("nope", "two")));
    turn(client);
    const QJsonArray rows = m_gateway->rows(2);
    QCOMPARE(rows.size(), 2);
    const QJsonObject good = rowOf("mock", 2);
    QCOMPARE(good["status"].toInt(), 200);
    QCOMPARE(good["stream"].toBool(), true);
    QCOMPARE(good["key"].toString(), QString("test"));
    QCOMPARE(good["usage"]["input_tokens"].toInt(), 20);
    QCOMPARE(good["usage"]["output_tokens"].toInt(), 5);
    QVERIFY(good["cost_usd"].toDouble() > 0);
}

void ResponsesSocketTest::cancelsProviderWhenClientLeaves_data()
{
    QTest::addColumn<bool>("politely");
    QTest::newRow("with a close frame") << true;
    QTest::newRow("without a word") << false;
}

void ResponsesSocketTest::cancelsProviderWhenClientLeaves()
{
    QFETCH(bool, politely);
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/hang", "hi")));
    QCOMPARE(client.receiveObject().value_or(QJsonObject())["type"].toString(), QString("response.created"));
    politely ? client.close() : client.drop();
    QTRY_COMPARE_WITH_TIMEOUT(m_upstream.abandoned(), 1, 2000);
    QCOMPARE(rowOf("hang", 1)["error"].toObject()["code"].toString(), QString("client_cancelled"));
}

void ResponsesSocketTest::refusesAtTheDoor_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<int>("status");
    const QByteArray host = "127.0.0.1";
    QTest::newRow("no key") << HeaderList() << 401;
    QTest::newRow("wrong key") << HeaderList{{"Authorization", "Bearer tp-wrong"}} << 401;
    QTest::newRow("foreign origin") << withKey({{"Origin", "http://evil.example"}}) << 403;
    QTest::newRow("another local origin") << withKey({{"Origin", "http://127.0.0.1:3000"}}) << 403;
    QTest::newRow("foreign site") << withKey({{"Sec-Fetch-Site", "cross-site"}}) << 403;
    QTest::newRow("origin before key") << HeaderList{{"Origin", "null"}} << 403;
}

void ResponsesSocketTest::refusesAtTheDoor()
{
    QFETCH(HeaderList, headers);
    QFETCH(int, status);
    SocketClient client;
    const HttpReply reply = client.open(port(), kPath, headers);
    QCOMPARE(reply.status, status);
    QVERIFY(!jsonOf(reply.body)["error"].toObject()["message"].toString().isEmpty());
    RawClient foreign(port());
    foreign.send("GET /v1/responses HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\n"
                 "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " +
                 QByteArray(GatewayProcess::kKey) + "\r\n\r\n");
    QCOMPARE(foreign.receive().status, 403);
}

void ResponsesSocketTest::refusesOtherPaths()
{
    for (const char* path : {"/v1/chat/completions", "/v1/messages", "/v1/models", "/health"}) {
        SocketClient client;
        QCOMPARE(client.open(port(), path, withKey()).status, 426);
    }
    SocketClient unknown;
    QCOMPARE(unknown.open(port(), "/v1/nothing", withKey()).status, 404);
    const HttpReply old = http(port(), "GET", kPath,
                               withKey({{"Connection", "Upgrade"},
                                        {"Upgrade", "websocket"},
                                        {"Sec-WebSocket-Version", "8"},
                                        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}}));
    QCOMPARE(old.status, 426);
    QCOMPARE(old.header("Sec-WebSocket-Version"), QByteArray("13"));
    const HttpReply noKey =
        http(port(), "GET", kPath,
             withKey({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}));
    QCOMPARE(noKey.status, 400);
}

namespace {

QByteArray handshake(quint16 port, const QByteArray& more = {})
{
    return "GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) +
           "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nx-api-key: " +
           GatewayProcess::kKey + "\r\n" + more + "\r\n";
}

} // namespace

void ResponsesSocketTest::refusesBytesBeforeTheUpgrade()
{
    RawClient client(port());
    client.send(handshake(port()) + QByteArray::fromHex("8100"));
    const HttpReply reply = client.receive();
    QCOMPARE(reply.status, 400);
    QVERIFY(client.closed());
}

void ResponsesSocketTest::upgradesConnectionThatWasUsed()
{
    RawClient client(port());
    client.send(requestBytes(port(), "GET", "/v1/models", withKey(), {}));
    QCOMPARE(client.receive().status, 200);
    client.send(handshake(port()));
    const QByteArray head = client.receiveUntil("\r\n\r\n");
    QVERIFY2(head.startsWith("HTTP/1.1 101 "), head);
    // RFC 6455, section 1.3, has the answer to this key.
    QVERIFY2(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head);
}

void ResponsesSocketTest::offersNoCompression()
{
    RawClient client(port());
    client.send(handshake(port(), "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    const QByteArray head = client.receiveUntil("\r\n\r\n");
    QVERIFY2(head.startsWith("HTTP/1.1 101 "), head);
    QVERIFY2(!head.toLower().contains("permessage-deflate"), head);
    QVERIFY2(!head.contains("Beast"), head);
}

void ResponsesSocketTest::closesOnTooLongMessage()
{
    SocketClient client;
    QVERIFY(open(client));
    client.send(create("own/mock", QString(250'000, 'a')));
    QCOMPARE(client.closeCode(), 1009);
    QVERIFY(m_upstream.requests().isEmpty());
}

void ResponsesSocketTest::closesOnBinaryMessage()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send("{}", true));
    QCOMPARE(client.closeCode(), 1003);
}

void ResponsesSocketTest::closesIdleConnection()
{
    begin(300);
    SocketClient client;
    QVERIFY(open(client));
    QCOMPARE(client.closeCode(), 1001);
}

void ResponsesSocketTest::refusesRevokedKeyInItsNextTurn()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create("own/mock", "hi")));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
    int exitCode = -1;
    const QByteArray said = m_gateway->run({"key", "revoke", "test"}, &exitCode);
    QVERIFY2(exitCode == 0, said);
    QTRY_COMPARE(http(port(), "GET", "/v1/models", withKey()).status, 401);
    QVERIFY(client.send(create("own/mock", "hi")));
    const QJsonObject error = lastOf(turn(client));
    QCOMPARE(error["status"].toInt(), 401);
    QCOMPARE(codeOf(error), QString("invalid_api_key"));
    int turns = 0; // beside them the list of models was asked for
    for (const QJsonValue& request : m_upstream.requests())
        turns += request["method"].toString() == QLatin1String("POST") ? 1 : 0;
    QCOMPARE(turns, 1);
}

void ResponsesSocketTest::finishesTurnWhenItShutsDown()
{
    SocketClient busy;
    QVERIFY(open(busy));
    SocketClient idle;
    QVERIFY(open(idle));
    QVERIFY(busy.send(create("sandbox/slow", "one two three four")));
    QCOMPARE(busy.receiveObject().value_or(QJsonObject())["type"].toString(), QString("response.created"));
    m_gateway->process().terminate();
    QCOMPARE(idle.closeCode(), 1001);
    QCOMPARE(lastOf(turn(busy))["type"].toString(), QString("response.completed"));
    QCOMPARE(busy.closeCode(), 1001);
    QCOMPARE(m_gateway->terminate(), 0);
}

void ResponsesSocketTest::guardsEachTurn()
{
    QFETCH(QString, model);
    const auto rule = [](const char* check, const char* action, const char* on, const QJsonObject& params) {
        return QJsonObject{{"check", check},    {"action", action},       {"on", on},
                           {"mode", "enforce"}, {"scope", QJsonObject{}}, {"params", params}};
    };
    const QJsonObject words{{"words", QJsonArray{"secretly"}}};
    m_gateway->kill();
    m_gateway->configure({{"guardrails", QJsonObject{{"private", rule("pii", "mask", "request", {})},
                                                     {"quiet", rule("words", "block", "request", words)}}}});
    QVERIFY2(m_gateway->writeConfig() && m_gateway->start(), m_gateway->errors());
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(create(model, says("write to ann.lee@example.org"))));
    const QString first = idOf(turn(client));
    QVERIFY(!first.isEmpty());
    QVERIFY(client.send(create(model, says("do it secretly"), {{"previous_response_id", first}})));
    QCOMPARE(codeOf(lastOf(turn(client))), QString("guardrail_blocked"));
    QVERIFY(client.send(create(model, says("and bob.lee@example.org"), {{"previous_response_id", first}})));
    QCOMPARE(lastOf(turn(client))["type"].toString(), QString("response.completed"));
    const QJsonArray requests = model.startsWith("own") ? m_upstream.requests() : m_chat.requests();
    QString bodies;
    for (const auto& request : requests)
        bodies += request.toObject()["body"].toString();
    QVERIFY2(bodies.contains("[EMAIL") && bodies.contains("and "), qPrintable(bodies));
    QVERIFY2(!bodies.contains("example.org") && !bodies.contains("secretly"), qPrintable(bodies));
}

QTEST_GUILESS_MAIN(ResponsesSocketTest)
#include "responses_socket_test.moc"
