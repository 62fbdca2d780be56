// SPDX-License-Identifier: GPL-3.0-or-later
// Spending that is paused: what costs money, or may, is refused; all else goes on.
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QString codeOf(const HttpReply& reply)
{
    return jsonOf(reply.body)["error"].toObject()["code"].toString();
}

} // namespace

class PauseTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    [[nodiscard]] HttpReply asked(const QByteArray& model) const
    {
        return ask(m_gateway->port(), {Shape::OpenAi, model});
    }

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }

    void init()
    {
        m_upstream.reset();
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        QJsonObject priced = providers["lab"].toObject();
        const QJsonObject price{{"input", 1}, {"output", 1}};
        priced["models"] = QJsonObject{{"mock", QJsonObject{{"price", price}}},
                                       {"mock:hang-stream:2", QJsonObject{{"price", price}}}};
        providers["priced"] = priced;
        QJsonObject local = providers["lab"].toObject();
        local["local"] = true;
        providers["own"] = local;
        const QJsonArray targets{QJsonObject{{"provider", "priced"}, {"model", "mock"}},
                                 QJsonObject{{"provider", "own"}, {"model", "mock"}}};
        m_gateway->configure({{"providers", providers},
                              {"routes", QJsonObject{{"smart", QJsonObject{{"targets", targets}}}}}});
    }

    void refusesWhatCostsOrMay()
    {
        m_gateway->configure({{"pause_spending", true}});
        QVERIFY(m_gateway->start());
        const HttpReply refused = asked("priced/mock");
        QCOMPARE(refused.status, 503);
        QCOMPARE(codeOf(refused), QString("gateway_paused"));
        QCOMPARE(refused.header("x-should-retry"), QByteArray("false"));
        QVERIFY2(refused.body.contains("turnpiked spending resume"), refused.body);
        QCOMPARE(asked("lab/mock").status, 503); // of a price that nobody knows
        QCOMPARE(m_upstream.requests().size(), 0);
        QCOMPARE(asked("own/mock").status, 200);
        QCOMPARE(asked("sandbox/echo").status, 200);
        const HttpReply next = asked("smart");
        QCOMPARE(next.status, 200);
        QCOMPARE(next.header("x-turnpike-provider"), QByteArray("own"));
        // Looking costs nothing.
        QCOMPARE(http(m_gateway->port(), "GET", "/v1/models",
                      {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}})
                     .status,
                 200);
    }

    void beginsAndEndsFromTheCommandLine()
    {
        QVERIFY(m_gateway->start());
        QCOMPARE(asked("priced/mock").status, 200);
        int code = -1;
        const QByteArray paused = m_gateway->run({"spending", "pause", "--json"}, &code);
        QCOMPARE(code, 0);
        QCOMPARE(jsonOf(paused)["paused"].toBool(), true);
        QTRY_COMPARE(asked("priced/mock").status, 503);
        QVERIFY(m_gateway->run({"doctor"}).contains("WARN  spending: is paused"));
        QVERIFY(m_gateway->run({"spending", "resume"}, &code).contains("Spending goes on."));
        QCOMPARE(code, 0);
        QTRY_COMPARE(asked("priced/mock").status, 200);
        QVERIFY(!m_gateway->run({"doctor"}).contains("spending:"));
        // Both are among the alerts.
        QJsonArray alerts;
        QTRY_VERIFY((alerts = QJsonDocument::fromJson(m_gateway->run({"alerts", "--json"})).array()).size() >=
                    2);
        QCOMPARE(alerts.at(0).toObject()["kind"].toString(), QString("spending_paused"));
        QCOMPARE(alerts.at(0).toObject()["level"].toString(), QString("warning"));
        QCOMPARE(alerts.at(1).toObject()["level"].toString(), QString("info"));
        QCOMPARE(alerts.size(), 2);
        QVERIFY(m_gateway->run({"alerts"}).contains("All spending is paused"));
        QCOMPARE(m_gateway->run({"alerts", "--since", "2099-01-01", "--json"}).trimmed(), QByteArray("[]"));
    }

    void whatRunsGoesOn()
    {
        QVERIFY(m_gateway->start());
        RawClient client(m_gateway->port());
        client.send(bytesOf(m_gateway->port(), {Shape::OpenAi, "priced/mock:hang-stream:2", true}));
        QTRY_COMPARE(m_upstream.openConnections(), 1);
        static_cast<void>(m_gateway->run({"spending", "pause"}));
        QTRY_COMPARE(asked("priced/mock").status, 503);
        QCOMPARE(m_upstream.requests().first().toObject()["state"].toString(), QString("open"));
    }
};

QTEST_GUILESS_MAIN(PauseTest)
#include "pause_test.moc"
