// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies that are no JSON, or not the JSON of a request: a clear 4xx in the caller's shape, nothing sent on.
#include <memory>

#include <QJsonArray>
#include <QTest>

#include "support/error_reply.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::anthropicFault;
using support::FakeUpstream;
using support::GatewayProcess;
using support::HeaderList;
using support::http;
using support::HttpReply;
using support::openAiFault;
using support::RawClient;
using support::requestBytes;

namespace {

const QByteArray kChat = "/v1/chat/completions";
const QByteArray kMessages = "/v1/messages";
const QByteArray kContent = R"("max_tokens":20,"messages":[{"role":"user","content":"hi"}])";

/// A good request but for `member`, which stands before the others.
QByteArray requestWith(const QByteArray& member)
{
    return R"({"model":"lab/any",)" + member + "," + kContent + "}";
}

QByteArray nested(const char* open, const char* close, int depth)
{
    return QByteArray(open).repeated(depth) + QByteArray(close).repeated(depth);
}

} // namespace

class JsonAbuseTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void refusesWhatIsNoJson_data();
    void refusesWhatIsNoJson();
    void refusesRepeatedKeys_data();
    void refusesRepeatedKeys();
    void refusesEveryCutOfABody();
    void takesDepthOf128_data();
    void takesDepthOf128();
    void refusesWrongTypes_data();
    void refusesWrongTypes();
    void refusesBadModelNames_data();
    void refusesBadModelNames();
    void forwardsUnusualJsonAsItCame_data();
    void forwardsUnusualJsonAsItCame();
    void answersManyBadBodiesOnOneConnection();

private:
    [[nodiscard]] HttpReply post(const QByteArray& target, const QByteArray& body) const
    {
        return http(m_gateway->port(), "POST", target, {{"x-api-key", GatewayProcess::kKey}}, body);
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    bool m_forwards = false; // this test's requests may reach the provider
};

void JsonAbuseTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    QTRY_COMPARE(http(m_gateway->port(), "GET", "/ready").status, 200);
}

void JsonAbuseTest::cleanup()
{
    if (!m_forwards) QCOMPARE(m_upstream.requests().size(), 0);
    m_forwards = false;
    QCOMPARE(post(kChat, requestWith(R"("n":1)")).status, 200);
    m_upstream.reset();
}

void JsonAbuseTest::refusesWhatIsNoJson_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto member = [](const char* name, const QByteArray& text) {
        QTest::newRow(name) << requestWith(text);
    };
    QTest::newRow("blanks") << QByteArray("  \r\n ");
    QTest::newRow("word") << QByteArray("hello");
    QTest::newRow("form") << QByteArray("model=lab%2Fany&stream=true");
    QTest::newRow("trailing comma") << "{" + kContent + ",}";
    QTest::newRow("trailing byte") << requestWith(R"("a":1)") + "x";
    QTest::newRow("two bodies") << requestWith(R"("a":1)") + requestWith(R"("a":1)");
    QTest::newRow("NUL behind") << requestWith(R"("a":1)") + QByteArray(1, '\0');
    QTest::newRow("two byte order marks") << "\xEF\xBB\xBF\xEF\xBB\xBF" + requestWith(R"("a":1)");
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE{\0}\0", 6);
    member("NaN", R"("temperature":NaN)");
    member("Infinity", R"("temperature":-Infinity)");
    member("hex", R"("seed":0x10)");
    member("leading zero", R"("seed":01)");
    member("plus", R"("seed":+1)");
    member("bare point", R"("temperature":1.)");
    member("bare exponent", R"("temperature":1e)");
    member("single quotes", "'a':'b'");
    member("no quotes", "a:1");
    member("comment", R"("a":1/*x*/)");
    member("True", R"("stream":True)");
    member("line break in a string", "\"a\":\"x\ny\"");
    member("control byte in a string", "\"a\":\"x\x01y\"");
    member("bad escape", R"("a":"\x41")");
    member("half an escape", R"("a":"\u12")");
    member("lone high surrogate", R"("a":"\ud83d")");
    member("lone low surrogate", R"("a":"\ude00x")");
    member("UTF-8 cut", "\"a\":\"\xE2\x82\"");
    member("UTF-8 overlong", "\"a\":\"\xC0\xAF\"");
    member("UTF-8 surrogate", "\"a\":\"\xED\xA0\x80\"");
    member("UTF-8 too large", "\"a\":\"\xF4\x90\x80\x80\"");
    member("Latin-1", "\"a\":\"\xE9t\xE9\"");
    member("depth 257", "\"a\":" + nested("[", "]", 256));
    member("depth 100,000", "\"a\":" + nested("[", "]", 100'000));
    member("objects 100,000 deep", "\"a\":" + nested("{\"a\":", "}", 100'000).replace(":}", ":1}"));
    QTest::newRow("a million open") << QByteArray(1'000'000, '[');
    QTest::newRow("a million open objects") << QByteArray("{\"a\":").repeated(200'000);
}

void JsonAbuseTest::refusesWhatIsNoJson()
{
    QFETCH(QByteArray, body);
    QCOMPARE(openAiFault(post(kChat, body), 400, "invalid_json"), QByteArray());
    QCOMPARE(anthropicFault(post(kMessages, body), 400, "invalid_json"), QByteArray());
    QCOMPARE(anthropicFault(post(kMessages + "/count_tokens", body), 400, "invalid_json"), QByteArray());
}

void JsonAbuseTest::refusesRepeatedKeys_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("model") << requestWith(R"("model":"ant/any")");
    QTest::newRow("stream") << requestWith(R"("stream":false,"stream":true)");
    QTest::newRow("escaped") << requestWith(R"("mode\u006c":"ant/any")");
    QTest::newRow("same value") << requestWith(R"("a":1,"a":1)");
    QTest::newRow("inside") << requestWith(R"("x":{"y":[{"a":1,"b":2,"a":3}]})");
    QTest::newRow("empty key") << requestWith(R"("":1,"":2)");
    QTest::newRow("behind many") << requestWith([] {
        QByteArray members;
        for (int i = 0; i < 5'000; ++i)
            members += "\"k" + QByteArray::number(i) + "\":0,";
        return members + "\"k17\":1";
    }());
}

void JsonAbuseTest::refusesRepeatedKeys()
{
    QFETCH(QByteArray, body);
    QCOMPARE(openAiFault(post(kChat, body), 400, "duplicate_key"), QByteArray());
    QCOMPARE(anthropicFault(post(kMessages, body), 400, "duplicate_key"), QByteArray());
}

void JsonAbuseTest::refusesEveryCutOfABody()
{
    const QByteArray whole = requestWith("\"a\":[true,null,-1.5e3,\"\\u00e9\xC3\xA9\"]");
    RawClient client(m_gateway->port());
    for (qsizetype size = 0; size < whole.size(); ++size) {
        client.send(requestBytes(m_gateway->port(), "POST", kChat, {{"x-api-key", GatewayProcess::kKey}},
                                 whole.left(size)));
        const HttpReply reply = client.receive();
        QVERIFY2(openAiFault(reply, 400, "invalid_json").isEmpty(),
                 QByteArray::number(size) + " " + reply.body);
    }
    QVERIFY(client.connected());
}

void JsonAbuseTest::takesDepthOf128_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("model");
    for (const char* model : {"lab/any", "ant/any", "sandbox/echo"}) {
        QTest::addRow("OpenAI to %s", model) << kChat << QByteArray(model);
        QTest::addRow("Anthropic to %s", model) << kMessages << QByteArray(model);
    }
}

void JsonAbuseTest::takesDepthOf128()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, model);
    m_forwards = true;
    const QByteArray body = requestWith("\"metadata\":" + nested("{\"a\":", "}", 127).replace(":}", ":1}"))
                                .replace("lab/any", model);
    const HttpReply reply = post(target, body);
    QVERIFY2(reply.status == 200, reply.body);
}

void JsonAbuseTest::refusesWrongTypes_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    QTest::newRow("no model") << "{" + kContent + "}" << QByteArray("model");
    for (const char* value : {"5", "null", "true", "[]", "{}", "[\"lab/any\"]", "\"\""})
        QTest::addRow("model %s", value)
            << "{\"model\":" + QByteArray(value) + "," + kContent + "}" << QByteArray("model");
    QTest::newRow("no messages") << QByteArray(R"({"model":"lab/any","max_tokens":20})")
                                 << QByteArray("messages");
    for (const char* value : {"5", "null", "\"hi\"", "{}", "[]", "true"})
        QTest::addRow("messages %s", value)
            << R"({"model":"lab/any","max_tokens":20,"messages":)" + QByteArray(value) + "}"
            << QByteArray("messages");
    for (const char* value : {"1", "\"true\"", "[]", "{}"})
        QTest::addRow("stream %s", value)
            << requestWith("\"stream\":" + QByteArray(value)) << QByteArray("stream");
    QTest::newRow("models, a text") << requestWith(R"("models":"lab/other")") << QByteArray("models");
    QTest::newRow("models of numbers") << requestWith(R"("models":[1,2])") << QByteArray("models");
    QTest::newRow("root list") << QByteArray("[1]") << QByteArray();
    QTest::newRow("root text") << QByteArray("\"hi\"") << QByteArray();
    QTest::newRow("root null") << QByteArray("null") << QByteArray();
    QTest::newRow("root number") << QByteArray("1e9999") << QByteArray();
    QTest::newRow("empty object") << QByteArray("{}") << QByteArray("model");
}

void JsonAbuseTest::refusesWrongTypes()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const HttpReply chat = post(kChat, body);
    QCOMPARE(openAiFault(chat, 400, "invalid_request"), QByteArray());
    QCOMPARE(support::errorParam(chat), param);
    const HttpReply messages = post(kMessages, body);
    QCOMPARE(anthropicFault(messages, 400, "invalid_request"), QByteArray());
    QCOMPARE(support::errorParam(messages), param);
}

void JsonAbuseTest::refusesBadModelNames_data()
{
    QTest::addColumn<QByteArray>("name"); // as it stands in the JSON text
    for (const char* name : {"lab/../../admin", "lab/a b", "lab/a?b=c", "lab/a#b", "lab/{{7*7}}",
                             "lab/a\\r\\nX-Y: z", "lab/a\\u0000b", "lab/%2e%2e", "lab/\\u202eabc", "lab/é",
                             "lab/a;b", "lab/$(id)", "lab/<script>", "lab/a\\\\b"})
        QTest::newRow(name) << QByteArray(name);
    QTest::newRow("257 bytes") << QByteArray(257, 'a');
    QTest::newRow("a megabyte") << QByteArray(1'000'000, 'a');
}

void JsonAbuseTest::refusesBadModelNames()
{
    QFETCH(QByteArray, name);
    const QByteArray body = requestWith(R"("a":1)").replace("lab/any", name);
    const HttpReply chat = post(kChat, body);
    QCOMPARE(openAiFault(chat, 400, "invalid_request"), QByteArray());
    QCOMPARE(support::errorParam(chat), QByteArray("model"));
    QVERIFY(chat.body.size() < 1'000);
    QCOMPARE(anthropicFault(post(kMessages, body), 400, "invalid_request"), QByteArray());
}

void JsonAbuseTest::forwardsUnusualJsonAsItCame_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::newRow("large number") << QByteArray(R"("seed":123456789012345678901234567890)");
    QTest::newRow("huge exponent") << QByteArray(R"("x":1e9999)");
    QTest::newRow("many digits") << "\"x\":" + QByteArray(100'000, '7');
    QTest::newRow("escapes") << QByteArray(R"("x":"\ud83d\ude00 \u0000 \/")");
    QTest::newRow("four bytes") << QByteArray("\"x\":\"\xF0\x9F\x98\x80\xEF\xBF\xBF\"");
    QTest::newRow("blanks") << QByteArray(" \t\"x\" :\r\n[ 1 ,2\n]  ");
    QTest::newRow("proto") << QByteArray(R"("__proto__":{"constructor":1})");
    QTest::newRow("same key elsewhere") << QByteArray(R"("x":{"model":"a","y":{"model":"b"}})");
}

void JsonAbuseTest::forwardsUnusualJsonAsItCame()
{
    QFETCH(QByteArray, member);
    m_forwards = true;
    QCOMPARE(post(kChat, requestWith(member)).status, 200);
    const QJsonArray seen = m_upstream.requests();
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen[0]["body"].toString().toUtf8(), requestWith(member).replace("lab/any", "any"));
}

void JsonAbuseTest::answersManyBadBodiesOnOneConnection()
{
    RawClient client(m_gateway->port());
    const HeaderList headers{{"x-api-key", GatewayProcess::kKey}};
    for (int i = 0; i < 200; ++i) {
        const QByteArray body = i % 2 ? QByteArray(50'000, '[') : requestWith(R"("stream":5)");
        client.send(requestBytes(m_gateway->port(), "POST", i % 3 ? kChat : kMessages, headers, body));
        QCOMPARE(client.receive().status, 400);
    }
    QVERIFY(client.connected());
}

QTEST_GUILESS_MAIN(JsonAbuseTest)
#include "json_abuse_test.moc"
