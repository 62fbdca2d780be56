// SPDX-License-Identifier: GPL-3.0-or-later
// Calls in a provider's own words: passed on both ways as they are, with its key, and never anywhere else.
#include <memory>

#include <QCryptographicHash>
#include <QTest>

#include "e2e/administered_gateway.h"
#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

const HeaderList kKeyed{{"x-api-key", GatewayProcess::kKey}};

QByteArray headerOf(const QJsonObject& request, const QString& name)
{
    for (const QJsonValue& each : request["headers"].toArray()) {
        if (each[0].toString().compare(name, Qt::CaseInsensitive) == 0) return each[1].toString().toUtf8();
    }
    return {};
}

QByteArray manyBytes(qsizetype size)
{
    QByteArray bytes(size, '\0');
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 7 % 253);
    return bytes;
}

} // namespace

class ProxyTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void findsTheProvidersPath_data();
    void findsTheProvidersPath();
    void passesTheBodyWithTheProvidersKey();
    void keepsBackWhatIsNotForTheProvider();
    void streamsByteForByte();
    void countsAndPricesWhatWasUsed();
    void passesEveryMethod();
    void passesBytesOfEveryValue();
    void showsThatAnAnswerWasCut();
    void refusesToGoElsewhere_data();
    void refusesToGoElsewhere();
    void refusesWhatPagesCouldSend();
    void refusesBadJson();
    void tellsOfUnknownProviders();
    void passesTheProvidersErrors();
    void hidesAProvidersKeyProblem();
    void obeysTheKeysModels();
    void guardsRequests_data();
    void guardsRequests();
    void guardsWholeAnswers_data();
    void guardsWholeAnswers();
    void keepsNothingMaskedInTheLog();
    void passesNoStreamThatItMustLookAt();
    void passesLargeBodiesWithoutHoldingThem();
    void passesChunkedBodies();
    void refusesBodiesOverTheLimit();
    void stopsWhenTheClientLeaves();

private:
    [[nodiscard]] HttpReply call(const QByteArray& method, const QByteArray& path,
                                 const QByteArray& body = {}, const HeaderList& more = {}) const
    {
        return http(m_gateway->port(), method, "/proxy/" + path, kKeyed + more, body);
    }
    [[nodiscard]] QJsonObject sent() const { return m_upstream.requests().last().toObject(); }
    [[nodiscard]] QJsonValue rowOf(const HttpReply& reply) const;

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void ProxyTest::init()
{
    if (m_upstream.port() == 0) {
        QVERIFY(m_upstream.start());
        GatewayProcess::measureMemory();
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        QJsonObject lab = providers["lab"].toObject();
        lab["models"] =
            QJsonObject{{"mock", QJsonObject{{"price", QJsonObject{{"input", 2}, {"output", 8}}}}}};
        providers["lab"] = lab;
        QJsonObject keys = m_gateway->configuration()["keys"].toObject();
        const QByteArray hash = QCryptographicHash::hash("tp-small", QCryptographicHash::Sha256).toHex();
        keys["small"] = QJsonObject{{"sha256", QString(hash)}, {"models", QJsonArray{"lab/mock"}}};
        const auto guardrail = [](const char* client, const char* action) {
            return QJsonObject{{"check", "pii"},
                               {"action", action},
                               {"scope", QJsonObject{{"clients", QJsonArray{client}}}}};
        };
        // The upstream's usual answer begins with that word.
        const auto ofAnswers = [](const char* client, const char* action) {
            return QJsonObject{{"check", "words"},
                               {"action", action},
                               {"on", "response"},
                               {"params", QJsonObject{{"words", QJsonArray{"Hello"}}}},
                               {"scope", QJsonObject{{"clients", QJsonArray{client}}}}};
        };
        m_gateway->configure({{"providers", providers},
                              {"keys", keys},
                              {"guardrails", QJsonObject{{"hide", guardrail("hides*", "mask")},
                                                         {"hide-answers", ofAnswers("answers*", "mask")},
                                                         {"refuse-answers", ofAnswers("nothing*", "block")},
                                                         {"watch", ofAnswers("watched*", "flag")},
                                                         {"refuse", guardrail("refuses*", "block")},
                                                         {"stay", guardrail("stays*", "reroute")}}}});
        QVERIFY2(m_gateway->start(), m_gateway->errors());
    }
    m_upstream.reset();
}

QJsonValue ProxyTest::rowOf(const HttpReply& reply) const
{
    for (const QJsonValue& each : m_gateway->rows(1)) {
        if (each["id"].toString().toUtf8() == reply.header("x-request-id")) return each;
    }
    return {};
}

void ProxyTest::findsTheProvidersPath_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("target");
    QTest::newRow("as the SDK's base URL wants it") << QByteArray("lab/native/a") << "/v1/native/a";
    QTest::newRow("with the base URL's version") << QByteArray("lab/v1/native/a") << "/v1/native/a";
    QTest::newRow("below the root") << QByteArray("ant/v1/native/a") << "/v1/native/a";
    QTest::newRow("query") << QByteArray("lab/native/a?x=1&y=%2F") << "/v1/native/a?x=1&y=%2F";
    QTest::newRow("a key in the query") << QByteArray("lab/native/a?key=tp-x&y=2") << "/v1/native/a?y=2";
    QTest::newRow("an encoded slash") << QByteArray("lab/native/a%2Fb") << "/v1/native/a%2Fb";
}

void ProxyTest::findsTheProvidersPath()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, target);
    const HttpReply reply = call("GET", path);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent()["target"].toString(), target);
}

void ProxyTest::passesTheBodyWithTheProvidersKey()
{
    const QByteArray body =
        R"({ "model":"mock", "messages":[{"role":"user","content":"hi"}], "x_new":[1.0e5] })";
    const HttpReply reply = call("POST", "lab/chat/completions", body, {{"X-Native", "kept"}});
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent()["body"].toString().toUtf8(), body);
    QCOMPARE(headerOf(sent(), "authorization"), QByteArray("Bearer ") + GatewayProcess::kProviderKey);
    QCOMPARE(headerOf(sent(), "x-native"), QByteArray("kept"));
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("lab"));
    QCOMPARE(reply.body, askDirectly(m_upstream.port(), {Shape::OpenAi, "mock"}).body);
    const HttpReply messages = call("POST", "ant/v1/messages", bodyOf({Shape::Anthropic, "mock"}));
    QCOMPARE(messages.status, 200);
    QCOMPARE(headerOf(sent(), "x-api-key"), QByteArray(GatewayProcess::kProviderKey));
    QVERIFY(!headerOf(sent(), "anthropic-version").isEmpty());
}

void ProxyTest::keepsBackWhatIsNotForTheProvider()
{
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                             {"Connection", "x-hop"},
                             {"x-hop", "1"},
                             {"Cookie", "a=b"},
                             {"TE", "trailers"},
                             {"x-turnpike-tags", "t"},
                             {"x-portkey-metadata", "{}"},
                             {"cf-aig-metadata", "{}"},
                             {"x-forwarded-for", "10.0.0.1"}};
    QCOMPARE(call("GET", "ant/v1/native/a", {}, headers).status, 200);
    for (const char* name : {"authorization", "connection", "x-hop", "cookie", "te", "x-turnpike-tags",
                             "x-portkey-metadata", "cf-aig-metadata", "x-forwarded-for"})
        QVERIFY2(headerOf(sent(), name).isEmpty(), name);
    QVERIFY(!QJsonDocument(sent()).toJson().contains(GatewayProcess::kKey));
}

void ProxyTest::streamsByteForByte()
{
    const ModelCall asked{Shape::OpenAi, "mock:burst:200", true, true};
    const HttpReply reply = call("POST", "lab/chat/completions", bodyOf(asked));
    QVERIFY(reply.complete);
    QCOMPARE(reply.header("content-type"), askDirectly(m_upstream.port(), asked).header("content-type"));
    QCOMPARE(reply.body, askDirectly(m_upstream.port(), asked).body);
}

void ProxyTest::countsAndPricesWhatWasUsed()
{
    HttpReply reply = call("POST", "lab/chat/completions", bodyOf({Shape::OpenAi, "mock"}));
    QCOMPARE(reply.header("x-turnpike-cost-usd"), QByteArray("0.000088"));
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(reply)["usage"]["input_tokens"].toInt(), 16, 10'000);
    QCOMPARE(rowOf(reply)["usage"]["output_tokens"].toInt(), 7);
    QCOMPARE(rowOf(reply)["cost_source"].toString(), QString("computed"));
    QCOMPARE(rowOf(reply)["requested_model"].toString(), QString("lab/mock"));
    reply = call("POST", "lab/chat/completions", bodyOf({Shape::OpenAi, "mock", true, true}));
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(reply)["usage"]["output_tokens"].toInt(), 7, 10'000);
    QCOMPARE(rowOf(reply)["cost_usd"].toDouble(), 0.000088);
    QCOMPARE(rowOf(reply)["stream"].toBool(), true);
    reply = call("POST", "ant/v1/messages", bodyOf({Shape::Anthropic, "mock", true}));
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(reply)["usage"]["output_tokens"].toInt(), 7, 10'000);
    QCOMPARE(rowOf(reply)["dialect"].toString(), QString("anthropic"));
}

void ProxyTest::passesEveryMethod()
{
    for (const QByteArray method : {"GET", "PUT", "PATCH", "DELETE", "POST"}) {
        const HttpReply reply = call(method, "lab/native/thing");
        QCOMPARE(reply.status, 200);
        QCOMPARE(jsonOf(reply.body)["method"].toString().toUtf8(), method);
    }
    RawClient client(m_gateway->port());
    client.send(requestBytes(m_gateway->port(), "HEAD", "/proxy/lab/native/thing", kKeyed, {}));
    const QByteArray head = client.receiveUntil("\r\n\r\n");
    QVERIFY(head.startsWith("HTTP/1.1 200") && head.endsWith("\r\n\r\n"));
    QVERIFY(head.toLower().contains("content-length: ") && !head.toLower().contains("content-length: 0\r"));
    // A provider that sends a body all the same does not spoil the next call.
    QCOMPARE(call("GET", "lab/native/thing").status, 200);
    QCOMPARE(call("TRACE", "lab/native/thing").status, 405);
    QCOMPARE(call("OPTIONS", "lab/native/thing").status, 405);
}

void ProxyTest::passesBytesOfEveryValue()
{
    const HttpReply reply = call("GET", "lab/files/file-1/content");
    QVERIFY(reply.complete);
    QCOMPARE(reply.body.size(), 100'000);
    QCOMPARE(reply.body, http(m_upstream.port(), "GET", "/v1/files/file-1/content").body);
    QCOMPARE(reply.header("content-type"), QByteArray("application/octet-stream"));
}

void ProxyTest::showsThatAnAnswerWasCut()
{
    RawClient client(m_gateway->port());
    client.send(requestBytes(m_gateway->port(), "POST", "/proxy/lab/audio/speech", kKeyed,
                             R"({"model":"mock:cut-binary:90000","input":"x"})"));
    const HttpReply reply = client.receive();
    QCOMPARE(reply.status, 200);
    QVERIFY(!reply.complete);
    QVERIFY(client.closed());
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(reply)["error"]["code"].toString(), QString("upstream_truncated"),
                              10'000);
}

void ProxyTest::refusesToGoElsewhere_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char* path :
         {"lab/../v1/models", "lab/native/../../x", "lab/native/..", "lab/./models", "lab/%2e%2e/x",
          "lab/.%2E/x", "lab/%252e%252e/x", "lab/%25252e%25252e/x", "lab/a/..%2Fb", "lab/a%2F..%2Fb",
          "lab/..%5Cx", "lab/a\\..\\x", "lab/..;/x", "lab//evil.example/x", "lab/http://evil.example/x",
          "lab/a%00b", "lab/a%0d%0ahost:x", "lab/a%23b", "lab/a%3Fb"})
        QTest::newRow(path) << QByteArray(path);
}

void ProxyTest::refusesToGoElsewhere()
{
    QFETCH(QByteArray, path);
    const HttpReply reply = call("GET", path);
    QVERIFY2(reply.status == 400, QByteArray::number(reply.status) + reply.body);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void ProxyTest::refusesWhatPagesCouldSend()
{
    for (const QByteArray type :
         {"text/plain", "application/x-www-form-urlencoded", "TEXT/plain; charset=utf-8", ""}) {
        const HttpReply reply = call("POST", "lab/native/a", "{}", {{"Content-Type", type}});
        QCOMPARE(reply.status, 415);
    }
    QCOMPARE(m_upstream.requests().size(), 0);
    QCOMPARE(call("POST", "lab/native/a", "{}", {{"Content-Type", "application/x-ndjson"}}).status, 200);
}

void ProxyTest::refusesBadJson()
{
    const HttpReply reply = call("POST", "lab/chat/completions", R"({"model":"mock","model":"other"})");
    QCOMPARE(reply.status, 400);
    QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "duplicate_key"), QByteArray());
    QCOMPARE(m_upstream.requests().size(), 0);
}

void ProxyTest::tellsOfUnknownProviders()
{
    QCOMPARE(call("GET", "nobody/v1/models").status, 404);
    QCOMPARE(call("GET", "sandbox/v1/models").status, 400);
    QCOMPARE(call("GET", "lab").status, 404);
    QCOMPARE(http(m_gateway->port(), "GET", "/proxy/lab/native/a").status, 401);
}

void ProxyTest::passesTheProvidersErrors()
{
    const HttpReply reply = call("POST", "ant/v1/messages", bodyOf({Shape::Anthropic, "mock:status:429:7"}));
    QCOMPARE(reply.status, 429);
    QCOMPARE(reply.header("retry-after"), QByteArray("7"));
    QCOMPARE(reply.body, askDirectly(m_upstream.port(), {Shape::Anthropic, "mock:status:429:7"}).body);
    const HttpReply html = call("POST", "lab/chat/completions", bodyOf({Shape::OpenAi, "mock:html:503"}));
    QCOMPARE(html.status, 503);
    QCOMPARE(errorProblem(Shape::OpenAi, html.body, "upstream_overloaded"), QByteArray());
    m_upstream.reset();
    QCOMPARE(call("POST", "lab/chat/completions", bodyOf({Shape::OpenAi, "mock:status:500"})).status, 502);
    // Nobody knows what a second call would do.
    QCOMPARE(m_upstream.requests().size(), 1);
}

void ProxyTest::hidesAProvidersKeyProblem()
{
    const HttpReply reply = call("POST", "lab/chat/completions", bodyOf({Shape::OpenAi, "mock:status:401"}));
    QCOMPARE(reply.status, 502);
    QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "provider_auth_failed"), QByteArray());
    const HttpReply echo = call("POST", "lab/chat/completions", bodyOf({Shape::OpenAi, "mock:echo-key"}));
    QCOMPARE(echo.status, 400);
    QVERIFY(!echo.body.contains(GatewayProcess::kProviderKey));
}

void ProxyTest::obeysTheKeysModels()
{
    const auto ask = [this](const QByteArray& model) {
        return http(m_gateway->port(), "POST", "/proxy/lab/chat/completions", {{"x-api-key", "tp-small"}},
                    bodyOf({Shape::OpenAi, model}))
            .status;
    };
    QCOMPARE(ask("mock"), 200);
    QCOMPARE(ask("mock-large"), 403);
    const auto get = [this](const QByteArray& path) {
        return http(m_gateway->port(), "GET", "/proxy/lab/" + path, {{"x-api-key", "tp-small"}}).status;
    };
    QCOMPARE(get("models/mock-large:generateContent"), 403);
    QCOMPARE(get("deployments/mock-large/chat"), 403);
    QCOMPARE(get("native/a"), 200);
}

void ProxyTest::guardsRequests_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("chat") << QByteArray("lab/chat/completions")
                          << QByteArray(R"({"model":"mock","messages":[{"role":"user","content":"SAID"}]})");
    QTest::newRow("messages") << QByteArray("ant/v1/messages")
                              << QByteArray(
                                     R"({"model":"mock","max_tokens":9,"system":"SAID","messages":)"
                                     R"([{"role":"user","content":[{"type":"text","text":"SAID"}]}]})");
    QTest::newRow("responses") << QByteArray("lab/responses")
                               << QByteArray(R"({"model":"mock","input":"SAID"})");
    QTest::newRow("long") << QByteArray("lab/chat/completions")
                          << QByteArray(R"({"model":"mock","messages":[{"role":"user","content":")") +
                                 QByteArray(20'000, 'a') + R"( SAID"}]})";
}

void ProxyTest::guardsRequests()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    body.replace("SAID", "I am jane.doe@acme-corp.com");
    const auto by = [&](const char* client) {
        return call("POST", path, body, {{"Content-Type", "application/json"}, {"User-Agent", client}});
    };
    QCOMPARE(by("hides/1").status, 200);
    const QByteArray got = sent()["body"].toString().toUtf8();
    QVERIFY2(got.contains("I am [EMAIL]") && !got.contains("jane"), got.constData());
    const qsizetype before = m_upstream.requests().size();
    for (const char* client : {"refuses/1", "stays/1"}) {
        const HttpReply refused = by(client);
        QCOMPARE(refused.status, 400);
        QVERIFY2(refused.body.contains("guardrail_blocked"), refused.body.constData());
    }
    QCOMPARE(m_upstream.requests().size(), before);
    QCOMPARE(by("others/1").status, 200);
    QVERIFY(sent()["body"].toString().contains("jane"));
}

void ProxyTest::guardsWholeAnswers_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    const QByteArray messages = R"("messages":[{"role":"user","content":"hi"}]})";
    QTest::newRow("OpenAI") << QByteArray("lab/chat/completions") << R"({"model":"mock",)" + messages;
    QTest::newRow("Anthropic") << QByteArray("ant/v1/messages")
                               << R"({"model":"mock","max_tokens":9,)" + messages;
}

void ProxyTest::guardsWholeAnswers()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    const auto by = [&](const char* client) {
        return call("POST", path, body, {{"Content-Type", "application/json"}, {"User-Agent", client}});
    };
    const HttpReply plain = by("others/1");
    QVERIFY2(plain.status == 200 && plain.body.contains("Hello"), plain.body.constData());
    QByteArray masked = plain.body;
    masked.replace("Hello", "[WORD]");
    QCOMPARE(by("answers/1").body, masked);
    const HttpReply watched = by("watched/1");
    QCOMPARE(watched.body, plain.body);
    QVERIFY(rowOf(watched)["guardrails"].toArray().size() == 1);
    const HttpReply refused = by("nothing/1");
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.contains("guardrail_blocked") && !refused.body.contains("Hello"), refused.body);
    const QJsonValue row = rowOf(refused);
    QCOMPARE(row["cost_usd"].toDouble(), rowOf(plain)["cost_usd"].toDouble()); // it was paid for
}

void ProxyTest::keepsNothingMaskedInTheLog()
{
    AdministeredGateway admin;
    const QJsonObject rule{{"check", "pii"}, {"action", "mask"}, {"restore", true}, {"scope", QJsonObject()}};
    QVERIFY(admin.start(m_upstream.url(), {{"server", QJsonObject{{"log_bodies", "all"}}},
                                           {"guardrails", QJsonObject{{"hide", rule}}}}));
    const QByteArray body =
        R"({"model":"mock:repeat:100","messages":[{"role":"user","content":"<<ann@acme-corp.com>>"}]})";
    const HttpReply reply = http(admin.gateway->port(), "POST", "/proxy/lab/chat/completions",
                                 {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                                  {"Content-Type", "application/json"}},
                                 body);
    QVERIFY2(reply.body.contains("ann@acme-corp.com"), reply.body.constData()); // put back for the client
    QJsonArray rows;
    QTRY_COMPARE((rows = admin.read("/logs?bodies=true")["logs"].toArray()).size(), 1);
    for (const char* side : {"request_body", "response_body"}) {
        const QString kept = rows[0].toObject()[QLatin1String(side)].toString();
        QVERIFY2(kept.contains("[EMAIL") && !kept.contains("acme"), qPrintable(kept));
    }
}

void ProxyTest::passesNoStreamThatItMustLookAt()
{
    const QByteArray body = R"({"model":"mock","stream":true,"messages":[{"role":"user","content":"hi"}]})";
    const auto by = [&](const char* client) {
        return call("POST", "lab/chat/completions", body,
                    {{"Content-Type", "application/json"}, {"User-Agent", client}});
    };
    for (const char* client : {"answers/1", "nothing/1"}) {
        const HttpReply refused = by(client);
        QCOMPARE(refused.status, 400);
        QVERIFY2(refused.body.contains("cannot look at a stream behind /proxy/"), refused.body.constData());
    }
    QCOMPARE(m_upstream.requests().size(), 0);
    const HttpReply watched = by("watched/1");
    QVERIFY2(watched.status == 200 && watched.body.contains("Hello"), watched.body.constData());
}

void ProxyTest::passesLargeBodiesWithoutHoldingThem()
{
    const HeaderList type{{"Content-Type", "application/octet-stream"}};
    QCOMPARE(call("POST", "lab/native/upload", manyBytes(100'000), type).status, 200);
    const qint64 before = m_gateway->memory("VmHWM");
    QVERIFY(before > 0);
    const QByteArray body = manyBytes(50 << 20);
    const HttpReply reply = call("POST", "lab/native/upload", body, type);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(jsonOf(reply.body)["bytes"].toInt(), body.size());
    const qint64 grown = m_gateway->memory("VmHWM") - before;
    QVERIFY2(grown < 24 * 1024, QByteArray::number(grown));
}

void ProxyTest::passesChunkedBodies()
{
    QByteArray body;
    const QByteArray bytes = manyBytes(6 << 20);
    for (qsizetype at = 0; at < bytes.size(); at += 100'000) {
        const QByteArray piece = bytes.mid(at, 100'000);
        body += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    }
    body += "0\r\n\r\n";
    const HttpReply reply =
        call("POST", "lab/native/upload", body,
             {{"Content-Type", "application/octet-stream"}, {"Transfer-Encoding", "chunked"}});
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(jsonOf(reply.body)["bytes"].toInt(), bytes.size());
    QCOMPARE(headerOf(sent(), "transfer-encoding"), QByteArray("chunked"));
}

void ProxyTest::refusesBodiesOverTheLimit()
{
    RawClient client(m_gateway->port());
    client.send(requestBytes(
        m_gateway->port(), "POST", "/proxy/lab/native/upload",
        kKeyed + HeaderList{{"Content-Type", "application/octet-stream"}, {"Content-Length", "70000000"}},
        {}));
    QCOMPARE(client.receive().status, 413);
    QVERIFY(client.closed());
    QCOMPARE(m_upstream.requests().size(), 0);
}

void ProxyTest::stopsWhenTheClientLeaves()
{
    const int open = m_upstream.openConnections();
    RawClient client(m_gateway->port());
    const HeaderList headers = kKeyed + HeaderList{{"Content-Type", "application/octet-stream"},
                                                   {"Content-Length", "20000000"},
                                                   {"x-turnpike-tags", "leaver"}};
    client.send(requestBytes(m_gateway->port(), "POST", "/proxy/lab/native/upload", headers, {}));
    client.send(manyBytes(6 << 20));
    QTRY_VERIFY_WITH_TIMEOUT(m_upstream.openConnections() > open, 5'000);
    client.abort();
    QTRY_COMPARE_WITH_TIMEOUT(m_upstream.openConnections(), open, 5'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_gateway->rows(1).last()["status"].toInt(), 499, 10'000);
    QCOMPARE(m_gateway->rows(1).last()["tags"].toArray().at(0).toString(), QString("leaver"));
    QCOMPARE(call("GET", "lab/native/a").status, 200);
}

QTEST_GUILESS_MAIN(ProxyTest)
#include "proxy_test.moc"
