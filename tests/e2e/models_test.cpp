// SPDX-License-Identifier: GPL-3.0-or-later
// Models that only their provider knows of: fetched when they are asked for, listed, and found again.
#include <memory>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
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
    void offersTheListBesideTheConfiguredModels();
    void offersAnAliasInPlaceOfTheName();
    void hidesWithoutLocking();
    void usesTheNewerListThatWasTaken();

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

void ModelsTest::offersTheListBesideTheConfiguredModels()
{
    restartWith({{"kind", "openai-compatible"},
                 {"base_url", m_upstream.url() + "/v1"},
                 {"models", QJsonObject{{"mock", QJsonObject{{"context", 1000}}},
                                        {"extra", QJsonObject{}},
                                        {"secret", QJsonObject{{"hidden", true}}}}}});
    const QStringList ids = listed();
    QVERIFY2(ids.contains("mock") && ids.contains("mock-large") && ids.contains("extra"),
             qPrintable(ids.join(' ')));
    QVERIFY(!ids.contains("secret"));
    QCOMPARE(ids.count("mock"), 1);
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "secret"}).status, 200);
}

void ModelsTest::offersAnAliasInPlaceOfTheName()
{
    restartWith({{"kind", "openai-compatible"},
                 {"base_url", m_upstream.url() + "/v1"},
                 {"models", QJsonObject{{"mock-large", QJsonObject{{"alias", "big"}}}}}});
    const QStringList ids = listed();
    QVERIFY2(ids.contains("mock") && ids.contains("big") && !ids.contains("mock-large"),
             qPrintable(ids.join(' ')));
    for (const char* name : {"big", "lab/big", "mock-large", "lab/mock-large"}) {
        const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, name});
        QVERIFY2(reply.status == 200, name);
        QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-large"));
    }
}

void ModelsTest::hidesWithoutLocking()
{
    restartWith({{"kind", "openai-compatible"},
                 {"base_url", m_upstream.url() + "/v1"},
                 {"models", QJsonObject{{"mock-large", QJsonObject{{"hidden", true}}}}}});
    const QStringList ids = listed();
    QVERIFY2(ids.contains("mock") && !ids.join(' ').contains("mock-large"), qPrintable(ids.join(' ')));
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "lab/mock-large"}).status, 200);
    QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "mock-large"}).status, 200);
    QVERIFY(!errorMessage(ask(m_gateway->port(), {Shape::OpenAi, "mock-larg"})).contains("mock-large"));
}

void ModelsTest::usesTheNewerListThatWasTaken()
{
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QVERIFY(QDir().mkpath(m_gateway->dataDir()));
    QFile update(m_gateway->dataDir() + "/catalog-update.json");
    QVERIFY(update.open(QIODevice::WriteOnly));
    const QJsonObject row{{"id", "mock"},      {"kind", "anthropic"}, {"in", QJsonArray{"text"}},
                          {"input", "100000"}, {"output", "100000"},  {"context", 4321}};
    update.write(QJsonDocument(QJsonObject{{"schema", 1},
                                           {"date", "2099-01-01"},
                                           {"source", "a test"},
                                           {"models", QJsonArray{row}}})
                     .toJson());
    update.close();
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    const HttpReply list =
        http(m_gateway->port(), "GET", "/api/v1/models", {{"x-api-key", GatewayProcess::kKey}});
    QJsonObject mock;
    for (const QJsonValue& model : jsonOf(list.body)["data"].toArray()) {
        if (model["id"] == QLatin1String("ant/mock")) mock = model.toObject();
    }
    QCOMPARE(mock.value("context_length").toInt(), 4321);
    QCOMPARE(mock.value("pricing")["prompt"].toString(), QString("100000e-6"));
    const HttpReply reply = ask(m_gateway->port(), {Shape::Anthropic, "ant/mock"});
    QVERIFY2(reply.status == 200, reply.body);
    const QJsonObject logged = m_gateway->rows(1).last().toObject();
    const int tokens = logged["usage"]["input_tokens"].toInt() + logged["usage"]["output_tokens"].toInt();
    QVERIFY(tokens > 0);
    QCOMPARE(logged["cost_usd"].toDouble(), tokens * 0.1);
}

QTEST_GUILESS_MAIN(ModelsTest)
#include "models_test.moc"
