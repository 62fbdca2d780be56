// SPDX-License-Identifier: GPL-3.0-or-later
// The snapshot says which targets are set aside for failing, until when, and that they are back.
#include <memory>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/canned_chat.h"
#include "e2e/started_gateway.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;
using Circuit = gateway::TargetHealth::Circuit;

class CircuitHealthTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_status = 200; // of the first provider
    std::unique_ptr<CannedServer> m_first, m_second;
    std::unique_ptr<gateway::Gateway> m_gateway;

    void writeConfig(const QByteArray& circuit)
    {
        QFile config(m_folder.filePath(QStringLiteral("config.json")));
        QVERIFY(config.open(QIODevice::WriteOnly | QIODevice::Truncate));
        config.write(
            quoted("{'providers':{'first':{'kind':'openai-compatible','models':{'m':{'alias':'mine'}},"
                   "'base_url':'") +
            m_first->url("/v1") + quoted("'},'second':{'kind':'openai-compatible','base_url':'") +
            m_second->url("/v1") +
            quoted("'}},'routes':{'both':{'targets':[{'provider':'first','model':'mine'},{'provider':"
                   "'second','model':'m'}],'retry':{'attempts':0},'circuit':") +
            circuit +
            quoted("},'outer':{'targets':[{'route':'both'},{'provider':'second',"
                   "'model':'m'}]}}}"));
    }

    void begin(const QByteArray& circuit)
    {
        m_status = 200;
        m_first = std::make_unique<CannedServer>([this](const QByteArray&) {
            return m_status == 200 ? CannedServer::json(200, completion())
                                   : CannedServer::json(m_status, quoted("{'error':{'message':'No.'}}"));
        });
        m_second = std::make_unique<CannedServer>(
            [](const QByteArray&) { return CannedServer::json(200, completion()); });
        writeConfig(circuit);
        m_gateway = startedGateway(m_folder);
        QVERIFY(m_gateway);
    }

    [[nodiscard]] gateway::TargetHealth target(const char* provider) const
    {
        for (const auto& each : m_gateway->activity().targets) {
            if (each.provider.text == provider) return each;
        }
        return {};
    }

    [[nodiscard]] QByteArray ask() const
    {
        const auto answer = m_gateway->sendTrial(QStringLiteral("both"), QStringLiteral("Hi"));
        if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20000)) return {};
        return QByteArray::fromStdString(answer.result().provider);
    }

private slots:
    void cleanup() { m_gateway.reset(); }

    void aTargetThatFailsIsSetAsideForAWhile()
    {
        begin(quoted("{'failures':2,'wait_ms':600000}"));
        QTRY_COMPARE(m_gateway->activity().targets.size(), std::size_t{2}); // Each once.
        QCOMPARE(target("first").model, std::string("m"));                  // Not as the route calls it.
        QVERIFY(target("first").circuit == Circuit::Closed);
        m_status = 500;
        QCOMPARE(ask(), QByteArray("second"));
        QTRY_COMPARE(target("first").failuresInARow, 1U);
        QVERIFY(target("first").circuit == Circuit::Closed);
        QCOMPARE(target("first").until, 0);
        QCOMPARE(ask(), QByteArray("second"));
        QTRY_VERIFY(target("first").circuit == Circuit::Open);
        QCOMPARE(target("first").failuresInARow, 2U);
        QCOMPARE(target("first").errorPercent, 100U);
        QVERIFY(target("first").since > 0);
        QCOMPARE(target("first").until - target("first").since, 600'000'000);
        QVERIFY(target("second").circuit == Circuit::Closed);
        QCOMPARE(target("second").errorPercent, 0U);
    }

    void itIsHalfOpenWithoutARequestAndClosedByAGoodOne()
    {
        begin(quoted("{'failures':1,'wait_ms':1500,'recover':1}"));
        m_status = 500;
        QCOMPARE(ask(), QByteArray("second"));
        QTRY_VERIFY(target("first").circuit == Circuit::Open);
        QTRY_VERIFY(target("first").circuit == Circuit::HalfOpen);
        QVERIFY(target("first").until > 0);
        m_status = 200;
        QCOMPARE(ask(), QByteArray("first"));
        QTRY_VERIFY(target("first").circuit == Circuit::Closed);
        QCOMPARE(target("first").failuresInARow, 0U);
        QCOMPARE(target("first").since, 0);
    }

    void aTargetThatNoRouteHasIsNotTold()
    {
        begin(quoted("{'failures':1}"));
        gateway::Config config = *m_gateway->config();
        config.routes.pop_back();
        config.routes[0].targets.pop_back();
        m_gateway->apply(config);
        QTRY_COMPARE(m_gateway->activity().targets.size(), std::size_t{1});
        QCOMPARE(m_gateway->activity().targets[0].provider.text, std::string("first"));
    }
};

QTEST_GUILESS_MAIN(CircuitHealthTest)
#include "circuit_health_test.moc"
