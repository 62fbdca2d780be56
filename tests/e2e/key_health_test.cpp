// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of each key of a provider, and how one that was set aside comes back.
#include <map>
#include <memory>

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/canned_chat.h"
#include "e2e/started_gateway.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;
using gateway::KeyHealth;

namespace {

QByteArray keyIn(const QByteArray& head)
{
    const qsizetype at = head.toLower().indexOf("authorization: bearer ");
    return at < 0 ? QByteArray() : head.mid(at + 22, head.indexOf("\r\n", at) - at - 22);
}

} // namespace

class KeyHealthTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::map<QByteArray, QByteArray> m_answers; // by key; without one all goes well
    std::unique_ptr<CannedServer> m_upstream;
    std::unique_ptr<gateway::Gateway> m_gateway;

    [[nodiscard]] QByteArray answerTo(const QByteArray& head) const
    {
        if (const auto told = m_answers.find(keyIn(head)); told != m_answers.end()) return told->second;
        return head.startsWith("GET ")
                   ? CannedServer::json(200, quoted("{'object':'list','data':[{'id':'m'}]}"))
                   : CannedServer::json(200, completion());
    }

    [[nodiscard]] QString pathOf(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    void writeKey(const char* name, const QByteArray& key)
    {
        QFile file(pathOf(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        file.write(key);
    }

    [[nodiscard]] KeyHealth healthOf(const char* key) const
    {
        for (const gateway::ProviderHealth& provider : m_gateway->activity().providers) {
            for (const KeyHealth& each : provider.keys) {
                if (each.id.text == key) return each;
            }
        }
        return {};
    }

    [[nodiscard]] gateway::TrialAnswer ask(const char* model, const QString& text) const
    {
        const auto answer = m_gateway->sendTrial(QLatin1String(model), text);
        return QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20000) ? answer.result()
                                                                                 : gateway::TrialAnswer();
    }
    [[nodiscard]] bool ask() const { return ask("lab/m", QStringLiteral("Hi")).ok; }

    [[nodiscard]] gateway::ProviderTest testKey(const char* key)
    {
        const auto answer = m_gateway->testKey(gateway::ProviderId("lab"), gateway::ProviderKeyId(key));
        if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20000)) return {};
        return answer.result();
    }

    [[nodiscard]] QByteArrayList keysUsed() const
    {
        QByteArrayList keys;
        for (const QByteArray& head : m_upstream->heads())
            keys.append(keyIn(head));
        return keys;
    }

private slots:
    void init()
    {
        m_answers.clear();
        m_upstream =
            std::make_unique<CannedServer>([this](const QByteArray& head) { return answerTo(head); });
        writeKey("first", "sk-first-1111");
        writeKey("second", "sk-second-2222");
        QFile config(pathOf("config.json"));
        QVERIFY(config.open(QIODevice::WriteOnly | QIODevice::Truncate));
        const auto key = [this](const char* name) {
            return quoted("{'id':'") + QByteArray(name) + quoted("','secret':'file:") +
                   pathOf(name).toUtf8() + quoted("'}");
        };
        config.write(
            quoted("{'providers':{'lab':{'kind':'openai-compatible','key_order':'listed','base_url':'") +
            m_upstream->url("/v1") + quoted("','retry':{'attempts':0},'keys':[") + key("first") + "," +
            key("second") + "," + key("missing") +
            quoted("]},'other':{'kind':'openai-compatible','base_url':'") + m_upstream->url("/v1") +
            quoted("'}},'routes':{'both':{'targets':[{'provider':'lab','model':'m'},"
                   "{'provider':'other','model':'m'}]}}}"));
        config.close();
        QFile::remove(pathOf("missing"));
        m_gateway = startedGateway(m_folder);
        QVERIFY(m_gateway);
    }

    void cleanup() { m_gateway.reset(); }

    void tellsOfEachKeyWhatItIs()
    {
        QVERIFY(healthOf("first").state == KeyHealth::State::Ready);
        QCOMPARE(healthOf("first").masked, std::string("…1111"));
        QVERIFY(healthOf("missing").state == KeyHealth::State::Unreadable);
        QVERIFY(!healthOf("missing").problem.empty());
        QVERIFY(healthOf("missing").masked.empty());
        QCOMPARE(m_gateway->activity().providers.front().keysReady, 2U);
        QCOMPARE(m_gateway->activity().providers.front().keysTotal, 3U);
    }

    void takesTheFirstOfTheListWhileItIsGood()
    {
        for (int i = 0; i < 5; ++i)
            QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList(5, "sk-first-1111"));
    }

    void setsARefusedKeyAsideUntilATestPutsItBack_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {401, 402, 403})
            QTest::addRow("%d", status) << status;
    }

    void setsARefusedKeyAsideUntilATestPutsItBack()
    {
        QFETCH(int, status);
        m_answers["sk-first-1111"] = CannedServer::json(status, quoted("{'error':{'message':'No.'}}"));
        const std::int64_t before = QDateTime::currentMSecsSinceEpoch() * 1000;
        QVERIFY(ask()); // The other key is tried within the same request.
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111", "sk-second-2222"}));
        QTRY_VERIFY(healthOf("first").state == KeyHealth::State::Refused);
        QVERIFY(healthOf("first").since >= before);
        QVERIFY(healthOf("first").problem.find(std::to_string(status)) != std::string::npos);
        m_upstream->forget();
        for (int i = 0; i < 3; ++i)
            QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList(3, "sk-second-2222"));

        QVERIFY(!testKey("first").ok);
        QVERIFY(healthOf("first").state == KeyHealth::State::Refused);
        QVERIFY(testKey("second").ok); // Says nothing of the other.
        QVERIFY(healthOf("first").state == KeyHealth::State::Refused);

        m_answers.clear();
        m_upstream->forget();
        QVERIFY(testKey("first").ok);
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111"}));
        QVERIFY(healthOf("first").state == KeyHealth::State::Ready); // at once
        m_upstream->forget();
        QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111"}));
    }

    void readsAKeyAnewThatIsTestedAgain()
    {
        m_answers["sk-first-1111"] = CannedServer::json(401, quoted("{'error':{'message':'No.'}}"));
        QVERIFY(ask());
        writeKey("first", "sk-first-3333");
        writeKey("missing", "sk-third-4444");
        QVERIFY(testKey("first").ok);
        QCOMPARE(healthOf("first").masked, std::string("…3333"));
        QVERIFY(testKey("missing").ok);
        QVERIFY(healthOf("missing").state == KeyHealth::State::Ready);
    }

    void setsARateLimitedKeyAsideUntilItsTime()
    {
        m_answers["sk-first-1111"] =
            CannedServer::json(429, quoted("{'error':{'message':'Slow.'}}"), "Retry-After: 2\r\n");
        QVERIFY(ask());
        m_answers.clear();
        QTRY_VERIFY(healthOf("first").state == KeyHealth::State::RateLimited);
        const std::int64_t until = healthOf("first").until;
        m_upstream->forget();
        QVERIFY(ask());
        if (QDateTime::currentMSecsSinceEpoch() * 1000 < until)
            QCOMPARE(keysUsed(), QByteArrayList({"sk-second-2222"}));
        QTRY_VERIFY(QDateTime::currentMSecsSinceEpoch() * 1000 > until);
        m_upstream->forget();
        QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111"}));
        QTRY_VERIFY(healthOf("first").state == KeyHealth::State::Ready);
    }

    void aTestPutsARateLimitedKeyBack()
    {
        m_answers["sk-first-1111"] =
            CannedServer::json(429, quoted("{'error':{'message':'Slow.'}}"), "Retry-After: 600\r\n");
        QVERIFY(ask());
        QTRY_VERIFY(healthOf("first").state == KeyHealth::State::RateLimited);
        QVERIFY(healthOf("first").until > (QDateTime::currentMSecsSinceEpoch() + 500000) * 1000);
        m_answers.clear();
        QVERIFY(testKey("first").ok);
        QVERIFY(healthOf("first").state == KeyHealth::State::Ready);
    }

    void spendsNothingOnAKeyWhoseRequestsAreUsedUp()
    {
        m_answers["sk-first-1111"] = CannedServer::json(
            200, completion(), "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 6m0s\r\n");
        const std::int64_t before = QDateTime::currentMSecsSinceEpoch() * 1000;
        QVERIFY(ask());
        QTRY_VERIFY(healthOf("first").state == KeyHealth::State::RateLimited);
        QVERIFY(healthOf("first").until >= before + 360'000'000);
        for (int i = 0; i < 2; ++i)
            QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111", "sk-second-2222", "sk-second-2222"}));
        // With nothing else left it is tried all the same.
        m_answers["sk-second-2222"] = CannedServer::json(401, quoted("{'error':{'message':'No.'}}"));
        m_upstream->forget();
        QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList({"sk-second-2222", "sk-first-1111"}));
    }

    void takesAKeyThatHasTokensForTheRequest()
    {
        m_answers["sk-first-1111"] = CannedServer::json(
            200, completion(), "x-ratelimit-remaining-tokens: 1000\r\nx-ratelimit-reset-tokens: 59s\r\n");
        QVERIFY(ask());
        QVERIFY(ask("lab/m", QString(10'000, QLatin1Char('x'))).ok);
        QVERIFY(ask());
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111", "sk-second-2222", "sk-first-1111"}));
        QVERIFY(healthOf("first").state == KeyHealth::State::Ready);
    }

    void turnsToTheNextTargetWhereNoKeyHasRoom()
    {
        for (const char* key : {"sk-first-1111", "sk-second-2222"})
            m_answers[key] =
                CannedServer::json(200, completion(), "ratelimit-remaining: 0\r\nratelimit-reset: 300\r\n");
        QCOMPARE(ask("both", QStringLiteral("Hi")).provider, std::string("lab"));
        QCOMPARE(ask("both", QStringLiteral("Hi")).provider, std::string("lab"));
        QCOMPARE(ask("both", QStringLiteral("Hi")).provider, std::string("other"));
        QCOMPARE(keysUsed(), QByteArrayList({"sk-first-1111", "sk-second-2222", ""}));
    }

    void testsNoKeyThatIsNotThere()
    {
        QVERIFY(!testKey("nobody").ok);
        QVERIFY(!testKey("missing").ok);
        QVERIFY(!testKey("missing").message.empty());
        QVERIFY(m_upstream->heads().isEmpty());
    }
};

QTEST_GUILESS_MAIN(KeyHealthTest)
#include "key_health_test.moc"
