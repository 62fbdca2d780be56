// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are the same, byte for byte, and under way at the same time: the provider is asked once.
#include <memory>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

class JoinTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void asksTheProviderOnce_data();
    void asksTheProviderOnce();
    void aLateOneGetsItFromItsBeginning();
    void goesOnWhenTheFirstOneLeaves();
    void stopsWhenAllHaveLeft();
    void allGetTheSameError();
    void otherRequestsGoTheirOwnWay();
    void nothingIsKeptAfterwards();
    void aSlowFirstOneHoldsUpNobody();
    void theFirstOneGetsWhatIsTooLongToBeKept();
    void whatWasGivenUpIsAskedAnew();

private:
    using Client = std::unique_ptr<RawClient>;
    static constexpr qint64 kStalls = 4096; // a buffer that is full at once, in front of full sockets
    [[nodiscard]] Client begun(const ModelCall& call, qint64 buffer = 0) const
    {
        auto client = std::make_unique<RawClient>(m_gateway->port());
        client->socket().setReadBufferSize(buffer);
        client->send(bytesOf(m_gateway->port(), call));
        return client;
    }
    struct Drained {
        bool complete = false; // with the end marker of the body
        qint64 signs = 0;      // of the text and its frame, and a few of the head
    };
    /// Reads to the end, or until the connection closes.
    [[nodiscard]] static Drained drained(RawClient& client)
    {
        Drained read;
        QByteArray last;
        QTcpSocket& socket = client.socket();
        socket.setReadBufferSize(0);
        while (!read.complete && (socket.bytesAvailable() > 0 || socket.waitForReadyRead(20'000))) {
            const QByteArray bytes = socket.readAll();
            read.signs += bytes.count('x');
            last = (last + bytes).right(64);
            read.complete = last.endsWith("\r\n0\r\n\r\n");
        }
        return read;
    }
    [[nodiscard]] bool isAsked(int times) const
    {
        return QTest::qWaitFor([&] { return m_upstream.requests().size() == times; });
    }
    [[nodiscard]] QJsonObject rowOf(const HttpReply& reply) const { return e2e::rowOf(*m_gateway, reply); }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void JoinTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject routes;
    const auto add = [&routes](const char* name, const char* model, bool joins) {
        const QJsonArray targets{QJsonObject{{"provider", "lab"}, {"model", model}}};
        routes[name] =
            QJsonObject{{"targets", targets}, {"join", joins}, {"retry", QJsonObject{{"attempts", 0}}}};
    };
    add("whole", "mock:slow-head:700", true);
    add("paced", "mock:paced:20:50", true);
    add("silent", "mock:silent", true);
    add("large", "mock:big:30000000", true); // more than all buffers on the way take
    add("too-large", "mock:big:80000000", true);
    add("given-up", "mock:slow-first:3600000", true);
    add("failing", "mock:silent", true);
    QJsonObject failing = routes["failing"].toObject();
    failing["timeout"] = QJsonObject{{"first_byte_ms", 700}};
    routes["failing"] = failing;
    add("alone", "mock:slow-head:300", false);
    m_gateway->configure({{"routes", routes}});
    QVERIFY(m_gateway->start());
}

void JoinTest::asksTheProviderOnce_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("shape");
    for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
        const char* to = shape == Shape::OpenAi ? "openai" : "anthropic";
        QTest::addRow("whole to %s", to) << QByteArray("whole") << false << static_cast<int>(shape);
        QTest::addRow("streamed to %s", to) << QByteArray("whole") << true << static_cast<int>(shape);
        QTest::addRow("paced to %s", to) << QByteArray("paced") << true << static_cast<int>(shape);
    }
}

void JoinTest::asksTheProviderOnce()
{
    QFETCH(QByteArray, route);
    QFETCH(bool, stream);
    QFETCH(int, shape);
    const ModelCall call{static_cast<Shape>(shape), route, stream};
    const Client first = begun(call);
    QVERIFY(isAsked(1));
    std::vector<Client> others;
    others.reserve(5);
    for (int i = 0; i < 5; ++i)
        others.push_back(begun(call));
    const HttpReply made = first->receive();
    QCOMPARE(made.status, 200);
    const QJsonObject madeRow = rowOf(made);
    for (const Client& other : others) {
        const HttpReply reply = other->receive();
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.complete);
        QCOMPARE(reply.body, made.body);
        QCOMPARE(reply.header("x-turnpike-cache"), QByteArray("hit"));
        QVERIFY(reply.header("x-request-id") != made.header("x-request-id"));
        const QJsonObject row = rowOf(reply);
        QCOMPARE(row["cost_usd"].toDouble(), 0.0);
        QCOMPARE(row["usage"].toObject()["output_tokens"], madeRow["usage"].toObject()["output_tokens"]);
        QCOMPARE(row["status"].toInt(), 200);
        QCOMPARE(row["attempts"].toArray().size(), 0);
    }
    QCOMPARE(m_upstream.requests().size(), 1);
}

void JoinTest::aLateOneGetsItFromItsBeginning()
{
    const ModelCall call{Shape::OpenAi, "paced", true};
    const Client first = begun(call);
    QVERIFY(first->receiveUntil("w3 ").contains("w3 "));
    const HttpReply late = ask(m_gateway->port(), call);
    QVERIFY(textOf(call, late.body).startsWith("w0 w1 w2 "));
    QVERIFY(textOf(call, late.body).endsWith("w19 "));
    QCOMPARE(m_upstream.requests().size(), 1);
}

void JoinTest::goesOnWhenTheFirstOneLeaves()
{
    const ModelCall call{Shape::OpenAi, "paced", true};
    Client first = begun(call);
    QVERIFY(first->receiveUntil("w1 ").contains("w1 "));
    const Client other = begun(call);
    QVERIFY(other->receiveUntil("w1 ").contains("w1 "));
    first.reset();
    QVERIFY(other->receiveUntil("[DONE]").contains("w19 "));
    QCOMPARE(m_upstream.requests().size(), 1);
    QTRY_COMPARE(m_upstream.requests().at(0).toObject()["state"].toString(), QString("done"));
}

void JoinTest::stopsWhenAllHaveLeft()
{
    const ModelCall call{Shape::OpenAi, "silent", true};
    Client first = begun(call);
    QVERIFY(isAsked(1));
    Client other = begun(call);
    Client third = begun(call);
    // They have been read when one behind them on the same thread is answered.
    QCOMPARE(http(m_gateway->port(), "GET", "/health").status, 200);
    first.reset();
    other.reset();
    third.reset();
    QTRY_COMPARE(m_upstream.requests().at(0).toObject()["state"].toString(), QString("cancelled"));
    QCOMPARE(m_upstream.requests().size(), 1);
}

void JoinTest::allGetTheSameError()
{
    const ModelCall call{Shape::Anthropic, "failing"};
    const Client first = begun(call);
    QVERIFY(isAsked(1));
    const Client other = begun(call);
    const HttpReply one = first->receive();
    const HttpReply two = other->receive();
    QCOMPARE(two.status, one.status);
    QCOMPARE(one.status, 504);
    QCOMPARE(errorProblem(Shape::Anthropic, two.body, "upstream_timeout"), QByteArray());
    QCOMPARE(m_upstream.requests().size(), 1);
}

void JoinTest::otherRequestsGoTheirOwnWay()
{
    const auto differs = [this](const ModelCall& one, const ModelCall& two) {
        m_upstream.reset();
        const Client first = begun(one);
        QVERIFY(isAsked(1));
        const Client other = begun(two);
        QCOMPARE(first->receive().status, 200);
        QCOMPARE(other->receive().status, 200);
        QCOMPARE(m_upstream.requests().size(), 2);
    };
    differs({Shape::OpenAi, "whole"}, {Shape::OpenAi, "whole", true});
    differs({Shape::OpenAi, "whole"}, {Shape::Anthropic, "whole"});
    differs({Shape::OpenAi, "whole"}, {Shape::OpenAi, "whole", false, false, {}, R"(,"temperature":0.5)"});
    differs({Shape::OpenAi, "whole"},
            {Shape::OpenAi, "whole", false, false, {{"x-turnpike-cache", "refresh"}}});
    differs({Shape::OpenAi, "whole"}, {Shape::OpenAi, "whole", false, false, {{"OpenAI-Project", "other"}}});
    differs({Shape::OpenAi, "alone"}, {Shape::OpenAi, "alone"});
}

void JoinTest::nothingIsKeptAfterwards()
{
    const ModelCall call{Shape::OpenAi, "paced", true};
    QCOMPARE(ask(m_gateway->port(), call).status, 200);
    QCOMPARE(ask(m_gateway->port(), call).status, 200);
    QCOMPARE(m_upstream.requests().size(), 2);
}

void JoinTest::aSlowFirstOneHoldsUpNobody()
{
    const ModelCall call{Shape::OpenAi, "large", true};
    const Client first = begun(call, kStalls);
    QVERIFY(isAsked(1));
    const Drained read = drained(*begun(call));
    QVERIFY(read.complete);
    QVERIFY2(read.signs >= 30'000'000, QByteArray::number(read.signs));
    QTRY_COMPARE(m_upstream.requests().at(0).toObject()["state"].toString(), QString("done"));
    // It gets all of it all the same, whenever it reads.
    const Drained late = drained(*first);
    QVERIFY(late.complete);
    QVERIFY2(qAbs(late.signs - read.signs) < 100, QByteArray::number(late.signs - read.signs));
    QCOMPARE(m_upstream.requests().size(), 1);
}

void JoinTest::theFirstOneGetsWhatIsTooLongToBeKept()
{
    const ModelCall call{Shape::OpenAi, "too-large", true};
    const Client first = begun(call, kStalls);
    QVERIFY(isAsked(1));
    const Drained cut = drained(*begun(call));
    QVERIFY(!cut.complete);
    QVERIFY2(cut.signs > 20'000'000 && cut.signs <= 64 << 20, QByteArray::number(cut.signs));
    const Drained whole = drained(*first);
    QVERIFY(whole.complete);
    QVERIFY2(whole.signs >= 80'000'000, QByteArray::number(whole.signs));
    QCOMPARE(m_upstream.requests().size(), 1);
}

void JoinTest::whatWasGivenUpIsAskedAnew()
{
    const ModelCall call{Shape::OpenAi, "given-up", true};
    Client first = begun(call);
    QVERIFY(isAsked(1));
    first.reset();
    QTRY_COMPARE(m_upstream.requests().at(0).toObject()["state"].toString(), QString("cancelled"));
    const Client second = begun(call);
    QVERIFY(isAsked(2));
    const Client third = begun(call);
    QCOMPARE(http(m_gateway->port(), "GET", "/health").status, 200);
    QCOMPARE(m_upstream.requests().size(), 2); // and that one is shared again
}

QTEST_GUILESS_MAIN(JoinTest)

#include "join_test.moc"
