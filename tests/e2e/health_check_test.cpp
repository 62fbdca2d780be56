// SPDX-License-Identifier: GPL-3.0-or-later
// Free calls find out that a provider is down, before a request has to, and that it is back.
#include <algorithm>
#include <chrono>
#include <memory>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/canned_chat.h"
#include "e2e/started_gateway.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;
using State = gateway::ProviderHealth::State;

class HealthCheckTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_listStatus = 200, m_status = 200; // of the first provider
    std::unique_ptr<CannedServer> m_first, m_second;
    std::unique_ptr<gateway::Gateway> m_gateway;

    [[nodiscard]] static QByteArray answerTo(const QByteArray& head, int listStatus, int status)
    {
        const bool list = head.startsWith("GET ");
        const int code = list ? listStatus : status;
        if (code != 200) return CannedServer::json(code, quoted("{'error':{'message':'No.'}}"));
        return CannedServer::json(200, list ? quoted("{'object':'list','data':[{'id':'m'}]}") : completion());
    }

    [[nodiscard]] gateway::ProviderHealth health() const
    {
        for (const auto& each : m_gateway->activity().providers) {
            if (each.id.text == "first") return each;
        }
        return {};
    }

    [[nodiscard]] QByteArray ask(const QString& model = QStringLiteral("both")) const
    {
        const auto answer = m_gateway->sendTrial(model, QStringLiteral("Hi"));
        if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20000)) return {};
        return QByteArray::fromStdString(answer.result().provider);
    }

    [[nodiscard]] qsizetype questions() const
    {
        const QByteArrayList& heads = m_first->heads();
        return std::count_if(heads.begin(), heads.end(),
                             [](const QByteArray& head) { return head.startsWith("POST "); });
    }

private slots:
    void init()
    {
        m_listStatus = m_status = 200;
        m_first = std::make_unique<CannedServer>(
            [this](const QByteArray& head) { return answerTo(head, m_listStatus, m_status); });
        m_second =
            std::make_unique<CannedServer>([](const QByteArray& head) { return answerTo(head, 200, 200); });
        QFile key(m_folder.filePath(QStringLiteral("key")));
        QVERIFY(key.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QVERIFY(key.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        key.write("sk-first-1111");
        key.close();
        QFile config(m_folder.filePath(QStringLiteral("config.json")));
        QVERIFY(config.open(QIODevice::WriteOnly | QIODevice::Truncate));
        config.write(quoted("{'providers':{'first':{'kind':'openai-compatible','base_url':'") +
                     m_first->url("/v1") +
                     quoted("','health_check':{'every_seconds':30},'models':{'bare':{'price':"
                            "{'input':1,'output':1}}},'keys':[{'id':'k','secret':'file:") +
                     key.fileName().toUtf8() +
                     quoted("'}]},'second':{'kind':'openai-compatible','base_url':'") + m_second->url("/v1") +
                     quoted("','models':{'bare':{'price':{'input':2,'output':2}}}}},'routes':{'both':{'"
                            "targets':[{'provider':'first','model':'m'},{'provider':"
                            "'second','model':'m'}],'retry':{'attempts':0},'circuit':{'failures':1,"
                            "'wait_ms':600000}}}}"));
        config.close();
        gateway::GatewayOptions options;
        options.healthCheckSecond = std::chrono::milliseconds(1);
        m_gateway = startedGateway(m_folder, options);
        QVERIFY(m_gateway);
    }

    void cleanup() { m_gateway.reset(); }

    void leavesOutAProviderThatIsDown_data()
    {
        QTest::addColumn<bool>("gone");
        QTest::newRow("answers with errors") << false;
        QTest::newRow("cannot be reached") << true;
    }

    void leavesOutAProviderThatIsDown()
    {
        QFETCH(bool, gone);
        QCOMPARE(ask(), QByteArray("first"));
        m_listStatus = m_status = 503;
        const quint16 port = m_first->serverPort();
        if (gone) m_first->close();
        QTRY_VERIFY(health().state == State::Failing);
        QVERIFY(health().problem.find("health checks") != std::string::npos);
        m_first->forget();
        for (int i = 0; i < 3; ++i)
            QCOMPARE(ask(), QByteArray("second"));
        QCOMPARE(questions(), 0);

        m_listStatus = m_status = 200;
        if (gone) QVERIFY(m_first->listen(QHostAddress::LocalHost, port));
        QTRY_VERIFY(health().state == State::Ready);
        QCOMPARE(ask(), QByteArray("first"));
    }

    void aBareNameGoesToTheCheapestThatIsUp()
    {
        const QString bare = QStringLiteral("bare");
        QCOMPARE(ask(bare), QByteArray("first"));
        m_listStatus = 503;
        QTRY_VERIFY(health().state == State::Failing);
        m_first->forget();
        QCOMPARE(ask(bare), QByteArray("second"));
        QCOMPARE(questions(), 0);
        m_listStatus = 200;
        QTRY_VERIFY(health().state == State::Ready);
        QCOMPARE(ask(bare), QByteArray("first"));
    }

    void endsTheWaitOfACircuit()
    {
        m_status = 500;
        QCOMPARE(ask(), QByteArray("second"));
        m_status = 200;
        QCOMPARE(ask(), QByteArray("second")); // it is open for ten minutes
        m_listStatus = 500;
        QTRY_VERIFY(health().state == State::Failing);
        m_listStatus = 200;
        QTRY_VERIFY(health().state == State::Ready);
        QCOMPARE(ask(), QByteArray("first"));
    }

    void setsAKeyAsideThatIsRefused()
    {
        m_listStatus = 401;
        QTRY_VERIFY(health().state == State::KeyRefused);
        QVERIFY(health().keys.front().state == gateway::KeyHealth::State::Refused);
        QCOMPARE(ask(), QByteArray("second"));
    }

    void triesItWhenNothingElseIsLeft()
    {
        m_listStatus = 503;
        QTRY_VERIFY(health().state == State::Failing);
        m_second->close();
        QCOMPARE(ask(), QByteArray("first"));
        QTRY_VERIFY(health().state == State::Ready || health().state == State::Failing);
    }
};

QTEST_GUILESS_MAIN(HealthCheckTest)
#include "health_check_test.moc"
