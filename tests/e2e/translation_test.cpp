// SPDX-License-Identifier: GPL-3.0-or-later
// What a client of one dialect sees of a provider of the other: large bodies, keep-alives, ids.
#include <memory>

#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

class TranslationTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void translatesLargeRequests_data();
    void translatesLargeRequests();
    void translatesLargeAnswers_data();
    void translatesLargeAnswers();
    void survivesClientsThatLeaveDuringTranslation();
    void passesKeepAlivesOn();
    void namesRequestAsEachSdkReadsIt();
    void namesToolsAsProvidersTakeThem_data();
    void namesToolsAsProvidersTakeThem();
    void refusesHeldThreadsElsewhere();
    void refusesWhatATargetCannotDoWhereTheRouteSaysSo();

private:
    /// The call's bytes with `question` for its text.
    [[nodiscard]] QByteArray bytesAtLength(const ModelCall& call, const QByteArray& question) const
    {
        const QByteArray body = bodyOf(call).replace("\"hi\"", '"' + question + '"');
        return requestBytes(m_gateway->port(), "POST", pathOf(call), headersOf(call, GatewayProcess::kKey),
                            body);
    }
    [[nodiscard]] HttpReply askAtLength(const ModelCall& call, const QByteArray& question) const
    {
        RawClient client(m_gateway->port());
        client.send(bytesAtLength(call, question));
        return client.receive(30'000);
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void TranslationTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const auto target = [](const char* provider) {
        return QJsonObject{{"provider", provider}, {"model", "mock"}};
    };
    m_gateway->configure(
        {{"routes", QJsonObject{{"lenient", QJsonObject{{"targets", QJsonArray{target("ant")}}}},
                                {"strict", QJsonObject{{"targets", QJsonArray{target("ant")}},
                                                       {"unsupported", "error"}}},
                                {"either", QJsonObject{{"targets", QJsonArray{target("ant"), target("lab")}},
                                                       {"unsupported", "error"}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void TranslationTest::translatesLargeRequests_data()
{
    QTest::addColumn<int>("shape");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("stream");
    for (const bool stream : {false, true}) {
        QTest::addRow("OpenAI to Anthropic, %d", stream)
            << int(Shape::OpenAi) << QByteArray("ant/mock") << stream;
        QTest::addRow("Anthropic to OpenAI, %d", stream)
            << int(Shape::Anthropic) << QByteArray("lab/mock") << stream;
    }
}

void TranslationTest::translatesLargeRequests()
{
    QFETCH(int, shape);
    QFETCH(QByteArray, model);
    QFETCH(bool, stream);
    const ModelCall call{Shape(shape), model, stream};
    const QByteArray question(600'000, 'q');
    const HttpReply reply = askAtLength(call, question);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(textOf(call, reply.body), QString("Hello from the fake upstream."));
    QVERIFY(m_upstream.requests().at(0)["body"].toString().contains(QString::fromLatin1(question)));
}

void TranslationTest::translatesLargeAnswers_data()
{
    translatesLargeRequests_data();
}

void TranslationTest::translatesLargeAnswers()
{
    QFETCH(int, shape);
    QFETCH(QByteArray, model);
    QFETCH(bool, stream);
    const ModelCall call{Shape(shape), model + ":big:700000", stream};
    const HttpReply reply = ask(m_gateway->port(), call);
    QVERIFY2(reply.status == 200, reply.body.left(300));
    QCOMPARE(textOf(call, reply.body).size(), 700'000);
}

void TranslationTest::survivesClientsThatLeaveDuringTranslation()
{
    const QByteArray bytes = bytesAtLength({Shape::OpenAi, "ant/mock"}, QByteArray(2'000'000, 'u'));
    for (int i = 0; i < 20; ++i) {
        RawClient client(m_gateway->port());
        client.send(bytes);
        client.abort();
    }
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "ant/mock"}).status, 200);
    QCOMPARE(m_gateway->terminate(), 0);
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void TranslationTest::passesKeepAlivesOn()
{
    const HttpReply reply = ask(m_gateway->port(), {Shape::Anthropic, "lab/mock:comments", true});
    QCOMPARE(reply.status, 200);
    QVERIFY2(reply.body.contains("event: ping\ndata: {\"type\":\"ping\"}\n\n"), reply.body);
    QVERIFY2(reply.body.startsWith("event: message_start"), reply.body.left(200));
}

void TranslationTest::namesRequestAsEachSdkReadsIt()
{
    for (const char* model : {"lab/mock", "ant/mock", "sandbox/echo", "sandbox/none"}) {
        const HttpReply anthropic = ask(m_gateway->port(), {Shape::Anthropic, model});
        QCOMPARE(anthropic.header("request-id"), anthropic.header("x-request-id"));
        QVERIFY(!anthropic.header("request-id").isEmpty());
        const HttpReply openAi = ask(m_gateway->port(), {Shape::OpenAi, model});
        QVERIFY(!openAi.header("x-request-id").isEmpty());
        QCOMPARE(openAi.header("request-id"), QByteArray());
    }
}

void TranslationTest::namesToolsAsProvidersTakeThem_data()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("whole") << false;
    QTest::newRow("streamed") << true;
}

void TranslationTest::namesToolsAsProvidersTakeThem()
{
    QFETCH(bool, stream);
    // Anthropic takes 128 characters, OpenAI 64.
    const QByteArray name = "mcp__plugin_jenkins-mcp-plugin_jenkins__" + QByteArray(50, 'x');
    ModelCall call{Shape::Anthropic, "lab/mock", stream};
    call.extra = R"(,"tools":[{"name":")" + name + R"(","input_schema":{"type":"object"}}])";
    const HttpReply reply = ask(m_gateway->port(), call);
    QVERIFY2(reply.status == 200, reply.body);
    QVERIFY2(reply.body.contains(R"("name":")" + name + '"'), reply.body);
    const QByteArray sent = m_upstream.requests().at(0)["body"].toString().toUtf8();
    QVERIFY(!sent.contains(name));
    const QJsonObject tool = jsonOf(sent)["tools"].toArray().at(0).toObject()["function"].toObject();
    QVERIFY(tool["name"].toString().size() <= 64);
    QVERIFY(tool["name"].toString().startsWith("mcp__plugin_jenkins-mcp-plugin_jenkins__"));
}

void TranslationTest::refusesHeldThreadsElsewhere()
{
    ModelCall call{Shape::Anthropic, "lab/mock"};
    call.extra = R"(,"thread":{"id":"thread_1"})";
    const HttpReply refused = ask(m_gateway->port(), call);
    QCOMPARE(refused.status, 400);
    const QJsonObject error = jsonOf(refused.body)["error"].toObject();
    QCOMPARE(error["details"]["error_code"].toString(), QString("thread_unsupported_request"));
    QCOMPARE(jsonOf(refused.body)["request_id"].toString().toUtf8(), refused.header("x-request-id"));
    QCOMPARE(m_upstream.requests().size(), 0);
    call.model = "ant/mock";
    QCOMPARE(ask(m_gateway->port(), call).status, 200);
}

void TranslationTest::refusesWhatATargetCannotDoWhereTheRouteSaysSo()
{
    // Anthropic has no seed.
    ModelCall call{Shape::OpenAi, "lenient"};
    call.extra = R"(,"seed":7)";
    const HttpReply dropped = ask(m_gateway->port(), call);
    QCOMPARE(dropped.status, 200);
    QCOMPARE(dropped.header("x-turnpike-dropped"), QByteArray("seed"));
    m_upstream.reset();
    call.model = "strict";
    const HttpReply refused = ask(m_gateway->port(), call);
    QCOMPARE(refused.status, 400);
    const QJsonObject error = jsonOf(refused.body)["error"].toObject();
    QCOMPARE(error["code"].toString(), QString("invalid_request"));
    QCOMPARE(error["param"].toString(), QString("seed"));
    QCOMPARE(m_upstream.requests().size(), 0);
    call.model = "either";
    const HttpReply other = ask(m_gateway->port(), call);
    QCOMPARE(other.status, 200);
    QCOMPARE(other.header("x-turnpike-provider"), QByteArray("lab"));
}

QTEST_GUILESS_MAIN(TranslationTest)
#include "translation_test.moc"
