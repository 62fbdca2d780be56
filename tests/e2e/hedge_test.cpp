// SPDX-License-Identifier: GPL-3.0-or-later
// A second target is asked while the first has not begun to answer: who is first answers, the other is left.
#include <memory>

#include <QElapsedTimer>
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

QJsonObject hedged(const QJsonArray& targets, int after, int extra = 1)
{
    return {{"targets", targets},
            {"retry", QJsonObject{{"attempts", 0}}},
            {"hedge", QJsonObject{{"after_ms", after}, {"extra", extra}}}};
}

} // namespace

class HedgeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void takesWhoAnswersFirst_data();
    void takesWhoAnswersFirst();
    void asksNobodyElseWhereTheFirstIsQuick();
    void asksTheNextAtOnceWhenOneFails();
    void leavesBothWhenTheClientLeaves();
    void keepsTheFirstWhereItIsFirstAfterAll();
    void saysWhatAllFailedWith();
    void endsWithARefusalThatNobodyCanMend();
    void asksAsManyAsTheRouteSays();
    void translatesLongRequestsForBoth();
    void simulatedTargetsRaceToo();
    void goesOnWhenTheFastestFailsAfterAll();
    void waitingIsNotItsOwnTime();

private:
    [[nodiscard]] HttpReply asked(const ModelCall& call) const { return ask(m_gateway->port(), call); }
    [[nodiscard]] QJsonObject lastRow(const HttpReply& reply) const { return e2e::rowOf(*m_gateway, reply); }
    [[nodiscard]] bool leftAt(const QString& model) const
    {
        return QTest::qWaitFor([&] {
            for (const auto& each : m_upstream.requests()) {
                if (each.toObject()["model"].toString() == model)
                    return each.toObject()["state"].toString() == "cancelled";
            }
            return false;
        });
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void HedgeTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const auto slow = [](const char* provider) { return target(provider, "mock:silent"); };
    QJsonObject breaks =
        hedged({slow("lab"), target("lab", "mock:cut-stream:5"), target("ant", "mock:burst:3")}, 30);
    breaks["on_break"] = "continue";
    const QJsonObject routes{
        {"slow-openai", hedged({slow("lab"), target("lab", "mock-quick")}, 60)},
        {"slow-anthropic", hedged({slow("ant"), target("lab", "mock-quick")}, 60)},
        {"slow-first-event",
         hedged({target("lab", "mock:slow-first:60000"), target("ant", "mock-quick")}, 60)},
        {"quick", hedged({target("lab", "mock-quick"), target("lab", "mock-other")}, 60'000)},
        {"failing", hedged({target("lab", "mock:status:500"), target("lab", "mock-quick")}, 60'000)},
        {"both-slow", hedged({slow("lab"), target("ant", "mock:silent")}, 30)},
        {"first-after-all", hedged({target("lab", "mock:slow-head:400"), slow("ant")}, 30)},
        {"both-fail", hedged({target("lab", "mock:slow-head:200"), target("lab", "mock:status:500")}, 30)},
        {"all-fail", hedged({target("lab", "mock:status:503"), target("ant", "mock:status:500")}, 30)},
        {"refused", hedged({target("lab", "mock:status:422"), target("ant", "mock-quick")}, 60'000)},
        {"three", hedged({slow("lab"), target("ant", "mock:silent"), target("lab", "mock-quick")}, 30, 2)},
        {"invalid", hedged({slow("lab"), target("lab", "mock:not-json"), target("ant", "mock-quick")}, 30)},
        {"breaks", breaks},
        {"patient", hedged({slow("lab"), target("ant", "mock-quick")}, 1500)},
        {"simulated", hedged({target("sandbox", "slow"), target("lab", "mock-quick")}, 30)}};
    m_gateway->configure({{"routes", routes}});
    QVERIFY(m_gateway->start());
}

void HedgeTest::takesWhoAnswersFirst_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QString>("slow");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("shape");
    for (const bool stream : {false, true}) {
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            const auto name = [&](const char* route) {
                return QByteArray(route) + (stream ? " streamed" : " whole") +
                       (shape == Shape::OpenAi ? " to openai" : " to anthropic");
            };
            const int number = static_cast<int>(shape);
            QTest::newRow(name("openai")) << QByteArray("slow-openai") << "mock:silent" << stream << number;
            QTest::newRow(name("anthropic"))
                << QByteArray("slow-anthropic") << "mock:silent" << stream << number;
            if (stream)
                QTest::newRow(name("first event"))
                    << QByteArray("slow-first-event") << "mock:slow-first:60000" << stream << number;
        }
    }
}

void HedgeTest::takesWhoAnswersFirst()
{
    QFETCH(QByteArray, route);
    QFETCH(QString, slow);
    QFETCH(bool, stream);
    QFETCH(int, shape);
    const HttpReply reply = asked({static_cast<Shape>(shape), route, stream});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-quick"));
    QVERIFY2(reply.body.contains("Hello"), reply.body.constData());
    QVERIFY(leftAt(slow));
    const QJsonObject row = lastRow(reply);
    const QJsonArray attempts = row["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    QCOMPARE(attempts[0].toObject()["error"].toString(), QString("hedge_lost"));
    QCOMPARE(attempts[1].toObject()["error"].toString(), QString());
    QCOMPARE(row["status"].toInt(), 200);
    QCOMPARE(row["model"].toString(), QString("mock-quick"));
    QCOMPARE(row["usage"].toObject()["output_tokens"].toInt(), 7);
}

void HedgeTest::asksNobodyElseWhereTheFirstIsQuick()
{
    const HttpReply reply = asked({Shape::OpenAi, "quick"});
    QCOMPARE(reply.status, 200);
    QCOMPARE(m_upstream.requests().size(), 1);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("1"));
}

void HedgeTest::asksTheNextAtOnceWhenOneFails()
{
    // A minute would pass before it were hedged.
    const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, "failing"}, 20'000);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-quick"));
    const QJsonArray attempts = lastRow(reply)["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    QCOMPARE(attempts[0].toObject()["status"].toInt(), 500);
}

void HedgeTest::leavesBothWhenTheClientLeaves()
{
    {
        RawClient client(m_gateway->port());
        client.send(bytesOf(m_gateway->port(), {Shape::OpenAi, "both-slow", true}));
        QTRY_COMPARE(m_upstream.requests().size(), 2);
    }
    QTRY_VERIFY([this] {
        int left = 0;
        for (const auto& each : m_upstream.requests())
            left += each.toObject()["state"].toString() == "cancelled" ? 1 : 0;
        return left == 2;
    }());
}

void HedgeTest::keepsTheFirstWhereItIsFirstAfterAll()
{
    const HttpReply reply = asked({Shape::OpenAi, "first-after-all"});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("lab"));
    QVERIFY(leftAt("mock:silent"));
    const QJsonArray attempts = lastRow(reply)["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    QCOMPARE(attempts[1].toObject()["error"].toString(), QString("hedge_lost"));
    // One that fails while the other is under way changes nothing.
    const HttpReply other = asked({Shape::OpenAi, "both-fail"});
    QCOMPARE(other.status, 200);
    QCOMPARE(other.header("x-turnpike-model"), QByteArray("mock:slow-head:200"));
}

void HedgeTest::saysWhatAllFailedWith()
{
    const HttpReply reply = asked({Shape::OpenAi, "all-fail"});
    QCOMPARE(reply.status, 502);
    QVERIFY2(reply.body.contains("all_targets_failed"), reply.body.constData());
    QCOMPARE(lastRow(reply)["attempts"].toArray().size(), 2);
}

void HedgeTest::endsWithARefusalThatNobodyCanMend()
{
    const HttpReply reply = asked({Shape::OpenAi, "refused"});
    QCOMPARE(reply.status, 422);
    QCOMPARE(m_upstream.requests().size(), 1);
}

void HedgeTest::asksAsManyAsTheRouteSays()
{
    const HttpReply reply = asked({Shape::OpenAi, "three", true});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("3"));
    QCOMPARE(lastRow(reply)["attempts"].toArray().size(), 3);
}

void HedgeTest::translatesLongRequestsForBoth()
{
    const QByteArray extra = R"(,"metadata":{"user_id":")" + QByteArray(300'000, 'x') + R"("})";
    const HttpReply reply = asked({Shape::Anthropic, "slow-openai", true, false, {}, extra});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-quick"));
    QVERIFY(leftAt("mock:silent"));
}

void HedgeTest::simulatedTargetsRaceToo()
{
    for (const bool stream : {false, true}) {
        const HttpReply reply = asked({Shape::OpenAi, "simulated", stream});
        QCOMPARE(reply.status, 200);
        // The simulated one has its first word before the other is asked, where it streams.
        QCOMPARE(reply.header("x-turnpike-provider"), QByteArray(stream ? "sandbox" : "lab"));
    }
}

void HedgeTest::goesOnWhenTheFastestFailsAfterAll()
{
    const HttpReply whole = asked({Shape::OpenAi, "invalid"});
    QCOMPARE(whole.status, 200);
    QCOMPARE(whole.header("x-turnpike-model"), QByteArray("mock-quick"));
    QCOMPARE(lastRow(whole)["status"].toInt(), 200);

    const ModelCall call{Shape::OpenAi, "breaks", true};
    const HttpReply stream = asked(call);
    QVERIFY(stream.complete);
    QVERIFY2(textOf(call, stream.body).endsWith("w0 w1 w2 "), stream.body.constData());
    QVERIFY(stream.body.contains(endMarker(Shape::OpenAi)));
    const QJsonObject row = lastRow(stream);
    QCOMPARE(row["status"].toInt(), 200);
    QCOMPARE(row["attempts"].toArray().size(), 3);
}

void HedgeTest::waitingIsNotItsOwnTime()
{
    const HttpReply reply = asked({Shape::OpenAi, "patient"});
    QCOMPARE(reply.status, 200);
    const QJsonObject row = lastRow(reply);
    // It waited for the first target for one and a half seconds and more.
    QVERIFY(row["total_us"].toInt() >= 1'500'000);
    QVERIFY2(row["overhead_us"].toInt() < 1'000'000,
             QByteArray::number(row["overhead_us"].toInt()).constData());
    QVERIFY(reply.header("x-turnpike-overhead-us").toInt() < 1'000'000);
}

QTEST_GUILESS_MAIN(HedgeTest)

#include "hedge_test.moc"
