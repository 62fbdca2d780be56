// SPDX-License-Identifier: GPL-3.0-or-later
// Models that only their provider knows of: fetched when they are asked for, listed, and found again.
#include <memory>

#include <QElapsedTimer>
#include <QTest>

#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

class ModelsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void findsModelThatOnlyItsProviderLists();
    void listsWhatProvidersName();
    void asksOnceForUnknownNames();
    void waitsShortlyForSilentProvider();
    void asksNobodyForKnownNames();
    void offersOnlyTheConfiguredModels();

private:
    [[nodiscard]] QStringList listed() const
    {
        QStringList ids;
        const HttpReply reply =
            http(m_gateway->port(), "GET", "/v1/models", {{"x-api-key", GatewayProcess::kKey}});
        for (const QJsonValue& model : jsonOf(reply.body)["data"].toArray())
            ids.append(model["id"].toString());
        return ids;
    }
    /// How often the upstream was asked for its list.
    [[nodiscard]] int lists() const
    {
        int count = 0;
        for (const QJsonValue& request : m_upstream.requests())
            count += request["method"] == QLatin1String("GET") ? 1 : 0;
        return count;
    }
    void restartWith(const QJsonObject& lab)
    {
        m_gateway = std::make_unique<GatewayProcess>();
        m_gateway->configure({{"providers", QJsonObject{{"lab", lab}}}});
        QVERIFY2(m_gateway->start(), m_gateway->errors());
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void ModelsTest::init()
{
    if (m_upstream.port() == 0) QVERIFY(m_upstream.start());
    m_upstream.reset();
    restartWith({{"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/v1"}});
}

void ModelsTest::findsModelThatOnlyItsProviderLists()
{
    const HttpReply first = ask(m_gateway->port(), {Shape::OpenAi, "mock-large"});
    QVERIFY2(first.status == 200, first.body);
    QCOMPARE(first.header("x-turnpike-provider"), QByteArray("lab"));
    QCOMPARE(ask(m_gateway->port(), {Shape::Anthropic, "mock-large", true}).status, 200);
    QCOMPARE(lists(), 1);
}

void ModelsTest::listsWhatProvidersName()
{
    const QStringList ids = listed();
    QVERIFY2(ids.contains("mock") && ids.contains("mock-large"), qPrintable(ids.join(' ')));
    QCOMPARE(listed(), ids);
    QCOMPARE(lists(), 1);
}

void ModelsTest::asksOnceForUnknownNames()
{
    for (int i = 0; i < 3; ++i) {
        const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, "mock-larg"});
        QCOMPARE(openAiFault(reply, 404, "model_not_found"), QByteArray());
    }
    QCOMPARE(lists(), 1);
    QVERIFY(errorMessage(ask(m_gateway->port(), {Shape::OpenAi, "mock-larg"})).contains("mock-large"));
}

void ModelsTest::waitsShortlyForSilentProvider()
{
    restartWith({{"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/scenario/silent/v1"}});
    QElapsedTimer time;
    time.start();
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "mock-large"}).status, 404);
    QVERIFY(!listed().contains("mock-large"));
    QVERIFY2(time.elapsed() < 8'000, QByteArray::number(time.elapsed()));
}

void ModelsTest::asksNobodyForKnownNames()
{
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "lab/anything"}).status, 200);
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "sandbox/echo"}).status, 200);
    QCOMPARE(lists(), 0);
}

void ModelsTest::offersOnlyTheConfiguredModels()
{
    restartWith(
        {{"kind", "openai-compatible"},
         {"base_url", m_upstream.url() + "/v1"},
         {"models", QJsonObject{{"mock", QJsonObject{}}, {"secret", QJsonObject{{"hidden", true}}}}}});
    const QStringList ids = listed();
    QVERIFY2(ids.contains("mock") && !ids.contains("mock-large") && !ids.contains("secret"),
             qPrintable(ids.join(' ')));
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "secret"}).status, 200);
}

QTEST_GUILESS_MAIN(ModelsTest)
#include "models_test.moc"
