// SPDX-License-Identifier: GPL-3.0-or-later
// Who may get a request's data, as the request and its routes say.
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const char* provider, const char* model = "mock")
{
    return {{"provider", provider}, {"model", model}};
}

} // namespace

class DataPolicyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void asksWhomTheRequestAllows_data();
    void asksWhomTheRequestAllows();
    void refusesWordsThatItDoesNotKnow();
    void holdsInAllThatARouteLeadsTo_data();
    void holdsInAllThatARouteLeadsTo();
    void holdsOnTheWayToAFallback();

private:
    [[nodiscard]] HttpReply asked(const QByteArray& model, const QByteArray& policy = {}) const
    {
        HeaderList headers;
        if (!policy.isEmpty()) headers.emplaceBack("x-turnpike-data-policy", policy);
        return ask(m_gateway->port(), {Shape::OpenAi, model, false, false, headers});
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void DataPolicyTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    const auto stating = [&providers](const QJsonObject& policy, bool local = false) {
        QJsonObject made = providers["lab"].toObject();
        made["data_policy"] = policy;
        made["local"] = local;
        return made;
    };
    providers["us"] = stating({{"trains_on_data", false}, {"retention_days", 0}, {"region", "US"}});
    providers["eu"] = stating({{"trains_on_data", false}, {"retention_days", 30}, {"region", "eu-west-1"}});
    providers["here"] = stating({}, true);
    const auto route = [](const QJsonArray& targets, const QJsonObject& policy = {}) {
        QJsonObject made{{"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}};
        if (!policy.isEmpty()) made["data_policy"] = policy;
        return made;
    };
    const QJsonObject any{{"route", "any"}};
    QJsonObject falling = route({target("us", "mock:status:429")}, {{"no_training", true}});
    falling["fallbacks"] = QJsonObject{{"rate_limit", "lab/mock-fallback"}};
    QJsonObject fallingWell = falling;
    fallingWell["fallbacks"] = QJsonObject{{"rate_limit", "any"}};
    m_gateway->configure(
        {{"providers", providers},
         {"routes", QJsonObject{{"any", route({target("lab"), target("us"), target("eu"), target("here")})},
                                {"in-eu", route({any}, {{"regions", QJsonArray{"eu"}}})},
                                {"keeps-nothing", route({any}, {{"zero_retention", true}})},
                                {"here", route({any}, {{"local", true}})},
                                {"both", route({QJsonObject{{"route", "in-eu"}}}, {{"no_training", true}})},
                                {"nobody", route({QJsonObject{{"route", "in-eu"}}}, {{"local", true}})},
                                {"falling", falling},
                                {"falling-well", fallingWell}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void DataPolicyTest::asksWhomTheRequestAllows_data()
{
    QTest::addColumn<QByteArray>("policy");
    QTest::addColumn<QByteArray>("provider"); // empty: nobody
    const auto row = [](const char* policy, const char* provider) {
        QTest::newRow(policy) << QByteArray(policy) << QByteArray(provider);
    };
    row("", "lab");
    row("no-training", "us");
    row("zero-retention", "us");
    row("local", "here");
    row("region=eu", "eu");
    row("region=EU-WEST-1", "eu");
    row("region=us", "us");
    row("region=ch|eu", "eu");
    row("no-training, region=eu", "eu");
    row("zero-retention, region=eu", "");
    row("local,region=eu", "");
    row("region=ch", "");
}

void DataPolicyTest::asksWhomTheRequestAllows()
{
    QFETCH(QByteArray, policy);
    QFETCH(QByteArray, provider);
    const HttpReply reply = asked("any", policy);
    if (!provider.isEmpty()) {
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), provider);
        return;
    }
    QCOMPARE(reply.status, 403);
    QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "data_policy"), QByteArray());
    QVERIFY2(reply.body.contains("`" + policy.split(',').last().trimmed() + "`"), reply.body);
    QVERIFY(m_upstream.requests().isEmpty());
}

void DataPolicyTest::refusesWordsThatItDoesNotKnow()
{
    for (const char* policy : {"regions=eu", "region=", "no-trainings", "local no-training"}) {
        const HttpReply reply = asked("any", policy);
        QCOMPARE(reply.status, 400);
        QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "invalid_request"), QByteArray());
        QVERIFY2(reply.body.contains("no-training, zero-retention"), reply.body);
    }
}

void DataPolicyTest::holdsInAllThatARouteLeadsTo_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("policy");
    QTest::addColumn<QByteArray>("provider");
    const auto row = [](const char* route, const char* policy, const char* provider) {
        QTest::addRow("%s, %s", route, policy)
            << QByteArray(route) << QByteArray(policy) << QByteArray(provider);
    };
    row("in-eu", "", "eu");
    row("keeps-nothing", "", "us");
    row("here", "", "here");
    row("both", "", "eu");
    row("nobody", "", "");
    row("in-eu", "no-training", "eu"); // both hold
    row("in-eu", "zero-retention", "");
    row("keeps-nothing", "local", "here");
}

void DataPolicyTest::holdsInAllThatARouteLeadsTo()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, policy);
    QFETCH(QByteArray, provider);
    const HttpReply reply = asked(route, policy);
    QCOMPARE(reply.status, provider.isEmpty() ? 403 : 200);
    QCOMPARE(reply.header("x-turnpike-provider"), provider);
}

void DataPolicyTest::holdsOnTheWayToAFallback()
{
    const HttpReply refused = asked("falling");
    QCOMPARE(refused.status, 429);
    for (const auto& request : m_upstream.requests())
        QCOMPARE(request.toObject()["model"].toString(), QStringLiteral("mock:status:429"));
    const HttpReply reply = asked("falling-well");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("eu")); // `lab` is before it, and may not
}

QTEST_GUILESS_MAIN(DataPolicyTest)
#include "data_policy_test.moc"
