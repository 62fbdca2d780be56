// SPDX-License-Identifier: GPL-3.0-or-later
// What people think of answers, and what the strategy `adaptive` makes of it.
#include <memory>

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr const char* kOtherKey = "tp-other-key-0123456789";

} // namespace

class FeedbackTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void takesFeedbackByTraceAndById();
    void knowsNothingOfOthersRequests();
    void refusesWhatItCannotRead();
    void teachesAdaptive();

private:
    [[nodiscard]] HttpReply send(const QByteArray& body, const char* key = GatewayProcess::kKey,
                                 const char* type = "application/json") const
    {
        HeaderList headers{{"Content-Type", type}};
        if (key) headers.emplaceBack("Authorization", QByteArray("Bearer ") + key);
        return http(m_gateway->port(), "POST", "/v1/feedback", headers, body);
    }
    [[nodiscard]] HttpReply asked(const QByteArray& model, const HeaderList& headers = {}) const
    {
        return ask(m_gateway->port(), {Shape::OpenAi, model, false, false, headers});
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void FeedbackTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject keys = m_gateway->configuration()["keys"].toObject();
    keys["other"] = QJsonObject{
        {"sha256",
         QString::fromLatin1(QCryptographicHash::hash(kOtherKey, QCryptographicHash::Sha256).toHex())}};
    const auto target = [](const char* model) { return QJsonObject{{"provider", "lab"}, {"model", model}}; };
    m_gateway->configure(
        {{"keys", keys},
         {"routes", QJsonObject{{"plain", QJsonObject{{"targets", QJsonArray{target("mock")}}}},
                                {"bad-one", QJsonObject{{"targets", QJsonArray{target("mock-bad")}}}},
                                {"learn", QJsonObject{{"strategy", "adaptive"},
                                                      {"targets", QJsonArray{target("mock-bad"),
                                                                             target("mock-good")}}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void FeedbackTest::takesFeedbackByTraceAndById()
{
    const HttpReply reply = asked("plain", {{"x-portkey-trace-id", "trace-1"}});
    QCOMPARE(reply.status, 200);
    const HttpReply one =
        send(R"({"trace_id":"trace-1","value":-10,"weight":0.5,"metadata":{"text":"irrelevant"}})");
    QCOMPARE(one.status, 200);
    QCOMPARE(jsonOf(one.body)["status"].toString(), QStringLiteral("success"));
    QVERIFY(!jsonOf(one.body)["message"].toString().isEmpty());
    QCOMPARE(jsonOf(one.body)["feedback_ids"].toArray().size(), 1);
    const HttpReply two = send(R"([{"trace_id":"trace-1","value":5},{"id":")" + reply.header("x-request-id") +
                               R"(","value":0}])");
    QCOMPARE(two.status, 200);
    const QJsonArray ids = jsonOf(two.body)["feedback_ids"].toArray();
    QCOMPARE(ids.size(), 2);
    QVERIFY(ids.first() != ids.last());
    // One that no route led to can be rated as well.
    const HttpReply direct = asked("lab/mock");
    QCOMPARE(send(R"({"id":")" + direct.header("x-request-id") + R"(","value":1})").status, 200);
}

void FeedbackTest::knowsNothingOfOthersRequests()
{
    const QByteArray id = asked("plain", {{"x-request-id", "trace-2"}}).header("x-request-id");
    QCOMPARE(send(R"({"trace_id":"trace-2","value":1})").status, 200);
    for (const QByteArray& body :
         {QByteArray(R"({"trace_id":"trace-2","value":1})"), R"({"id":")" + id + R"(","value":1})"}) {
        const HttpReply reply = send(body, kOtherKey);
        QCOMPARE(reply.status, 404);
        QVERIFY2(reply.body.contains("of this key is known"), reply.body);
    }
    QCOMPARE(send(R"({"trace_id":"nobody","value":1})").status, 404);
}

void FeedbackTest::refusesWhatItCannotRead()
{
    QCOMPARE(send(R"({"trace_id":"t","value":1})", nullptr).status, 401);
    QCOMPARE(send(R"({"trace_id":"t","value":1})", GatewayProcess::kKey, "text/plain").status, 415);
    QCOMPARE(send("{").status, 400);
    const HttpReply reply = send(R"({"trace_id":"t","value":11})");
    QCOMPARE(reply.status, 400);
    QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "invalid_request"), QByteArray());
    QCOMPARE(http(m_gateway->port(), "GET", "/v1/feedback",
                  {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}})
                 .status,
             405);
}

void FeedbackTest::teachesAdaptive()
{
    const QByteArray id = asked("bad-one").header("x-request-id");
    QByteArray many = "[";
    for (int i = 0; i < 100; ++i)
        many += (i == 0 ? R"({"id":")" : R"(,{"id":")") + id + R"(","value":-10})";
    QCOMPARE(send(many + "]").status, 200);
    int good = 0;
    for (int i = 0; i < 20; ++i) {
        const HttpReply reply = asked("learn");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("1"));
        good += reply.header("x-turnpike-model") == "mock-good" ? 1 : 0;
    }
    QVERIFY2(good >= 15, qPrintable(QString::number(good)));
    // Its circuit knows nothing of it.
    QCOMPARE(asked("bad-one").status, 200);
}

QTEST_GUILESS_MAIN(FeedbackTest)
#include "feedback_test.moc"
