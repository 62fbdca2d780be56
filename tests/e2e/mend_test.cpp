// SPDX-License-Identifier: GPL-3.0-or-later
// A stream that breaks in its middle: the next target goes on from what was said, and the client sees one
// answer.
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const QString& provider, const QString& model)
{
    return {{"provider", provider}, {"model", model}};
}

QJsonObject mended(const QJsonArray& targets)
{
    // They break again and again here, and are to be asked all the same.
    const QJsonObject circuit{{"failures", 1000}, {"minimum_requests", 40}};
    return {{"targets", targets},
            {"retry", QJsonObject{{"attempts", 0}}},
            {"circuit", circuit},
            {"on_break", "continue"}};
}

} // namespace

class MendTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void theNextTargetGoesOn_data();
    void theNextTargetGoesOn();
    void leavesOutWhatIsRepeated();
    void wholeStreamsStayAsTheyAre();
    void endsWithAnErrorWhereNobodyCanGoOn();
    void goesOnFromNoToolCall();
    void countsAllParts();
    void endsWhereTheRouteSaysSo();

private:
    [[nodiscard]] HttpReply asked(const ModelCall& call) const { return ask(m_gateway->port(), call); }
    [[nodiscard]] QJsonObject rowOf(const HttpReply& reply) const { return e2e::rowOf(*m_gateway, reply); }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void MendTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject routes;
    for (const char* first : {"lab", "ant"}) {
        for (const char* next : {"lab", "ant"}) {
            for (const char* how : {"cut", "reset"})
                routes[QString("%1-%2-%3").arg(first, next, how)] = mended(
                    {target(first, QString("mock:%1-stream:5").arg(how)), target(next, "mock:burst:3")});
        }
    }
    routes["repeats"] = mended({target("lab", "mock:cut-stream:5"), target("lab", "mock-plain")});
    routes["good"] = mended({target("lab", "mock-plain"), target("lab", "mock:burst:3")});
    routes["nobody"] = mended({target("lab", "mock:cut-stream:5"), target("ant", "mock:status:500")});
    routes["tools"] = mended({target("lab", "mock:cut-stream:3"), target("lab", "mock-plain")});
    QJsonObject plain = mended({target("lab", "mock:cut-stream:5"), target("lab", "mock-plain")});
    plain.remove("on_break");
    routes["plain"] = plain;
    m_gateway->configure({{"routes", routes}});
    QVERIFY(m_gateway->start());
}

void MendTest::theNextTargetGoesOn_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<int>("shape");
    for (const char* first : {"lab", "ant"}) {
        for (const char* next : {"lab", "ant"}) {
            for (const char* how : {"cut", "reset"}) {
                const QByteArray route = QByteArray(first) + "-" + next + "-" + how;
                QTest::newRow((route + " to openai").constData()) << route << static_cast<int>(Shape::OpenAi);
                QTest::newRow((route + " to anthropic").constData())
                    << route << static_cast<int>(Shape::Anthropic);
            }
        }
    }
}

void MendTest::theNextTargetGoesOn()
{
    QFETCH(QByteArray, route);
    QFETCH(int, shape);
    const ModelCall call{static_cast<Shape>(shape), route, true};
    const HttpReply reply = asked(call);
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.complete);
    const QString text = textOf(call, reply.body);
    // How much of the first answer came depends on the events that its dialect begins with.
    QVERIFY2(text.startsWith("Hello from"), reply.body.constData());
    QVERIFY2(text.endsWith("w0 w1 w2 "), reply.body.constData());
    QVERIFY(reply.body.contains(endMarker(call.shape)));
    QCOMPARE(
        reply.body.count(call.shape == Shape::Anthropic ? "event: message_start" : "\"role\":\"assistant\""),
        1);
    QCOMPARE(reply.body.count("event: content_block_start"), call.shape == Shape::Anthropic ? 1 : 0);

    const QJsonArray sent = m_upstream.requests();
    QCOMPARE(sent.size(), 2);
    const QJsonArray messages = jsonOf(sent[1].toObject()["body"].toString().toUtf8())["messages"].toArray();
    QCOMPARE(messages.size(), 3);
    QCOMPARE(messages[1].toObject()["role"].toString(), QString("assistant"));
    QCOMPARE(messages[2].toObject()["role"].toString(), QString("user"));
    QVERIFY(sent[1].toObject()["body"].toString().contains("Hello from"));
    const QJsonArray attempts = rowOf(reply)["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    QVERIFY(!attempts[0].toObject()["error"].toString().isEmpty());
    QVERIFY(attempts[1].toObject()["error"].toString().isEmpty());
}

void MendTest::leavesOutWhatIsRepeated()
{
    const ModelCall call{Shape::OpenAi, "repeats", true};
    const QString text = textOf(call, asked(call).body);
    // The second one says all of it again.
    QCOMPARE(text.count("Hello"), 1);
    QCOMPARE(text, QString("Hello from the fake upstream."));
}

void MendTest::wholeStreamsStayAsTheyAre()
{
    const ModelCall call{Shape::OpenAi, "good", true};
    const HttpReply reply = asked(call);
    QCOMPARE(textOf(call, reply.body), QString("Hello from the fake upstream."));
    QVERIFY(reply.body.contains(endMarker(call.shape)));
    QCOMPARE(m_upstream.requests().size(), 1);
}

void MendTest::endsWithAnErrorWhereNobodyCanGoOn()
{
    for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
        const ModelCall call{shape, "nobody", true};
        const HttpReply reply = asked(call);
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.body.contains("\"error\""), reply.body.constData());
        QVERIFY(!reply.body.contains(endMarker(shape)));
        QCOMPARE(rowOf(reply)["attempts"].toArray().size(), 2);
        QVERIFY(!rowOf(reply)["error"].toObject()["code"].toString().isEmpty());
    }
}

void MendTest::goesOnFromNoToolCall()
{
    const QByteArray tools =
        R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}])";
    const HttpReply reply = asked({Shape::OpenAi, "tools", true, false, {}, tools});
    QVERIFY2(reply.body.contains("upstream_truncated"), reply.body.constData());
    QCOMPARE(m_upstream.requests().size(), 1);
}

void MendTest::countsAllParts()
{
    ModelCall call{Shape::OpenAi, "lab-lab-cut", true};
    call.usage = true;
    const HttpReply reply = asked(call);
    const QJsonObject row = rowOf(reply);
    // The second answer has three tokens; what the first one used of its own was never told.
    QVERIFY2(row["usage"].toObject()["output_tokens"].toInt() > 3,
             QByteArray::number(row["usage"].toObject()["output_tokens"].toInt()).constData());
    QVERIFY(row["usage"].toObject()["input_tokens"].toInt() > 16);
    QCOMPARE(row["cost_source"].toString(), QString("unknown")); // of neither model is there a price
    const QByteArray told =
        "\"completion_tokens\":" + QByteArray::number(row["usage"].toObject()["output_tokens"].toInt());
    QVERIFY2(reply.body.contains(told), reply.body.constData());
}

void MendTest::endsWhereTheRouteSaysSo()
{
    const HttpReply reply = asked({Shape::OpenAi, "plain", true});
    QVERIFY(reply.body.contains("upstream_truncated"));
    QCOMPARE(m_upstream.requests().size(), 1);
}

QTEST_GUILESS_MAIN(MendTest)

#include "mend_test.moc"
