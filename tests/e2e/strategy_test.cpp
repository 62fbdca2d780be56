// SPDX-License-Identifier: GPL-3.0-or-later
// Routes with every strategy, asked as a client asks them.
#include <memory>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QSet>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const QString& provider, const QString& model = "mock", const QJsonObject& more = {})
{
    QJsonObject made = more;
    made["provider"] = provider;
    made["model"] = model;
    return made;
}

QJsonObject route(const QString& strategy, const QJsonArray& targets, const QJsonObject& more = {})
{
    QJsonObject made = more;
    made["strategy"] = strategy;
    made["targets"] = targets;
    made["retry"] = QJsonObject{{"attempts", 0}};
    return made;
}

} // namespace

class StrategyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void splitsByWeight();
    void takesTurns();
    void sparesTheBusy();
    void takesTheCheapest();
    void takesTheFastest();
    void sharesByLimits();
    void holdsASession();
    void holdsWhatTheRouteSays();
    void obeysThePath();
    void obeysConditions_data();
    void obeysConditions();
    void learnsWhoFails();
    void goesThroughRoutesInRoutes();
    void setsAFailingTargetAside();
    void triesALongerContextFirst();
    void fallsBackWhateverTheStrategy_data();
    void fallsBackWhateverTheStrategy();
    void explainsWithoutSending();
    void refusesWhatMakesNoSense_data();
    void refusesWhatMakesNoSense();

private:
    [[nodiscard]] QByteArray providerOf(const QByteArray& model, const HeaderList& headers = {},
                                        const QByteArray& extra = {}, bool stream = false) const
    {
        const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, model, stream, false, headers, extra});
        return reply.status == 200 ? reply.header("x-turnpike-provider") : reply.body;
    }
    [[nodiscard]] QMap<QByteArray, int> shares(const QByteArray& model, int requests,
                                               const HeaderList& headers = {}) const
    {
        QMap<QByteArray, int> shares;
        for (int i = 0; i < requests; ++i)
            ++shares[providerOf(model, headers)];
        return shares;
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void StrategyTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>();
    const auto provider = [this](const QJsonObject& more = {}) {
        QJsonObject made = more;
        made["kind"] = "openai-compatible";
        made["base_url"] = m_upstream.url() + "/v1";
        return made;
    };
    const auto priced = [](double input, double output) {
        return QJsonObject{
            {"models", QJsonObject{{"mock", QJsonObject{{"price", QJsonObject{{"input", input},
                                                                              {"output", output}}}}}}}};
    };
    const QJsonObject small{{"models", QJsonObject{{"mock", QJsonObject{{"context", 1000}}}}}};
    const QJsonObject big{{"models", QJsonObject{{"mock", QJsonObject{{"context", 200'000}}}}}};
    const auto when = [](const QJsonObject& condition) { return QJsonObject{{"when", condition}}; };
    // What is learned of a provider's model is known to all routes, so that tests of it need one of their
    // own.
    const QString bad = "mock:status:500";
    m_gateway->configure(
        {{"providers", QJsonObject{{"a", provider(priced(3, 15))},
                                   {"b", provider(priced(1, 20))},
                                   {"c", provider()},
                                   {"small", provider(small)},
                                   {"big", provider(big)}}},
         {"routes",
          QJsonObject{
              {"split", route("weighted", {target("a", "mock", {{"weight", 3}}), target("b"),
                                           target("c", "mock", {{"weight", 0}})})},
              {"turns", route("round_robin", {target("a"), target("b"), target("c")})},
              {"spare",
               route("least_busy", {target("a", "mock:hang-stream:3"), target("b", "mock:hang-stream:3")})},
              {"cheap", route("lowest_cost", {target("a"), target("b"), target("c")})},
              {"fast", route("lowest_latency", {target("a", "mock:slow-head:400"), target("b")})},
              {"stream-fast", route("highest_throughput", {target("a", "mock:paced:5:60"), target("b")})},
              {"limits",
               route("lowest_usage", {target("a", "mock-limited", {{"limits", QJsonObject{{"rpm", 10}}}}),
                                      target("b", "mock-limited", {{"limits", QJsonObject{{"rpm", 30}}}})})},
              {"held", route("sticky", {target("a"), target("b")})},
              {"held-user", route("sticky", {target("a"), target("b")}, {{"sticky_by", "metadata.user"}})},
              {"held-both",
               route("sticky", {target("a"), target("b")}, {{"sticky_by", "metadata.user, headers.x-team"}})},
              {"by-path", route("conditional", {target("a", "mock", when({{"url.pathname", "/v1/messages"}})),
                                                target("b")})},
              {"rules",
               route("conditional",
                     {target("a", "mock", when({{"tools", true}})),
                      target(
                          "b", "mock",
                          when({{"$or",
                                 QJsonArray{
                                     QJsonObject{{"metadata.plan", "paid"}},
                                     QJsonObject{{"headers.x-team", QJsonObject{{"$in", QJsonArray{"red"}}}}},
                                     QJsonObject{{"params.temperature", QJsonObject{{"$gt", 0.9}}}},
                                     QJsonObject{{"text.last_user", QJsonObject{{"$regex", "(?i)^secret"}}}},
                                     QJsonObject{{"stream", true}}}}})),
                      target("c")})},
              {"learn", route("adaptive", {target("a", bad), target("b")})},
              {"inner", route("lowest_cost", {target("c"), target("b")})},
              {"outer", route("lowest_cost", {target("a"), QJsonObject{{"route", "inner"}}})},
              {"broken", route("priority", {target("a", "mock:status:502"), target("b")},
                               {{"circuit", QJsonObject{{"failures", 3}}}})},
              {"context", route("priority", {target("small"), target("big")})}}}});
    QJsonObject routes = m_gateway->configuration()["routes"].toObject();
    for (const char* strategy :
         {"weighted", "round_robin", "least_busy", "lowest_latency", "highest_throughput", "lowest_cost",
          "lowest_usage", "sticky", "conditional", "adaptive"})
        routes[QString("fall-") + strategy] =
            route(strategy, {target("a", "mock:status:503"), target("b", "mock:reset"), target("c")});
    m_gateway->configure({{"routes", routes}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void StrategyTest::splitsByWeight()
{
    const auto split = shares("split", 400);
    QVERIFY2(split["a"] > 260 && split["a"] < 340, QByteArray::number(split["a"]));
    QCOMPARE(split["a"] + split["b"], 400);
}

void StrategyTest::takesTurns()
{
    QByteArrayList order;
    for (int i = 0; i < 6; ++i)
        order << providerOf("turns");
    QCOMPARE(order, (QByteArrayList{"a", "b", "c", "a", "b", "c"}));
}

void StrategyTest::sparesTheBusy()
{
    // Each stream stays open, so that the next request sees it.
    std::vector<std::unique_ptr<RawClient>> open;
    QMap<QByteArray, int> busy;
    for (int i = 0; i < 6; ++i) {
        open.push_back(std::make_unique<RawClient>(m_gateway->port()));
        open.back()->send(bytesOf(m_gateway->port(), {Shape::OpenAi, "spare", true}));
        const QByteArray head = open.back()->receiveUntil("\r\n\r\n");
        ++busy[head.contains("x-turnpike-provider: a") ? "a" : "b"];
    }
    QCOMPARE(busy["a"], 3);
    QCOMPARE(busy["b"], 3);
}

void StrategyTest::takesTheCheapest()
{
    // By this request: a long answer makes the one with the dearer output the dearer.
    QCOMPARE(providerOf("cheap"), QByteArray("a"));
    QCOMPARE(providerOf("cheap", {}, R"(,"user":")" + QByteArray(20'000, 'x') + R"(")"), QByteArray("b"));
}

void StrategyTest::takesTheFastest()
{
    for (const char* name : {"fast", "stream-fast"}) {
        // Both are tried while nobody knows them.
        for (int i = 0; i < 2; ++i)
            static_cast<void>(providerOf(name, {}, {}, true));
        const auto later = shares(name, 10);
        QVERIFY2(later["b"] >= 9, QByteArray(name) + QByteArray::number(later["b"]));
    }
}

void StrategyTest::sharesByLimits()
{
    const auto used = shares("limits", 12);
    QVERIFY2(used["b"] >= 8 && used["a"] >= 2, QByteArray::number(used["b"]));
}

void StrategyTest::holdsASession()
{
    QMap<QByteArray, int> firsts;
    for (int i = 0; i < 24; ++i) {
        const HeaderList session{{"x-turnpike-session", "session-" + QByteArray::number(i)}};
        const QByteArray first = providerOf("held", session);
        QCOMPARE(shares("held", 3, session).value(first), 3);
        ++firsts[first];
    }
    QVERIFY(firsts["a"] > 3 && firsts["b"] > 3);
}

void StrategyTest::holdsWhatTheRouteSays()
{
    const HeaderList user{{"x-turnpike-metadata", R"({"user":"ann"})"}};
    QCOMPARE(shares("held-user", 8, user).size(), 1);
    // Of several fields the first alone does not say where.
    const auto ofTeam = [this, &user](int team) {
        const HeaderList both = user + HeaderList{{"x-team", QByteArray::number(team)}};
        return shares("held-both", 4, both);
    };
    QSet<QByteArray> seen;
    for (int team = 0; team < 16; ++team) {
        const auto found = ofTeam(team);
        QCOMPARE(found.size(), 1);
        seen += QSet<QByteArray>(found.keyBegin(), found.keyEnd());
    }
    QCOMPARE(seen.size(), 2);
}

void StrategyTest::obeysThePath()
{
    const auto provider = [this](Shape shape) {
        return ask(m_gateway->port(), {shape, "by-path"}).header("x-turnpike-provider");
    };
    QCOMPARE(provider(Shape::Anthropic), QByteArray("a"));
    QCOMPARE(provider(Shape::OpenAi), QByteArray("b"));
}

void StrategyTest::obeysConditions_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<QByteArray>("extra");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("provider");
    const QByteArray tools = R"(,"tools":[{"type":"function","function":{"name":"f","parameters":{}}}])";
    QTest::newRow("nothing holds") << HeaderList() << QByteArray() << false << QByteArray("c");
    QTest::newRow("tools") << HeaderList() << tools << false << QByteArray("a");
    QTest::newRow("the first that holds")
        << HeaderList{{"x-team", "red"}} << tools << false << QByteArray("a");
    QTest::newRow("metadata") << HeaderList{{"x-portkey-metadata", R"({"plan":"paid"})"}} << QByteArray()
                              << false << QByteArray("b");
    QTest::newRow("header") << HeaderList{{"X-Team", "red"}} << QByteArray() << false << QByteArray("b");
    QTest::newRow("another header") << HeaderList{{"X-Team", "blue"}} << QByteArray() << false
                                    << QByteArray("c");
    QTest::newRow("parameter") << HeaderList() << QByteArray(R"(,"temperature":1)") << false
                               << QByteArray("b");
    QTest::newRow("stream") << HeaderList() << QByteArray() << true << QByteArray("b");
}

void StrategyTest::obeysConditions()
{
    QFETCH(HeaderList, headers);
    QFETCH(QByteArray, extra);
    QFETCH(bool, stream);
    QFETCH(QByteArray, provider);
    QCOMPARE(providerOf("rules", headers, extra, stream), provider);
}

void StrategyTest::learnsWhoFails()
{
    static_cast<void>(shares("learn", 40));
    m_upstream.reset();
    static_cast<void>(shares("learn", 40));
    int failed = 0;
    for (const QJsonValue& request : m_upstream.requests())
        failed += request["model"].toString() == "mock:status:500" ? 1 : 0;
    QVERIFY2(failed < 12, QByteArray::number(failed));
}

void StrategyTest::goesThroughRoutesInRoutes()
{
    const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, "outer"});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-route"), QByteArray("outer"));
    // The inner route is as cheap as the cheapest in it: b costs less than a for a short answer's output.
    QCOMPARE(providerOf("outer", {}, R"(,"user":")" + QByteArray(20'000, 'x') + R"(")"), QByteArray("b"));
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("a"));
}

void StrategyTest::setsAFailingTargetAside()
{
    for (int i = 0; i < 3; ++i) {
        const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, "broken"});
        QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
    }
    const HttpReply after = ask(m_gateway->port(), {Shape::OpenAi, "broken"});
    QCOMPARE(after.status, 200);
    QCOMPARE(after.header("x-turnpike-attempts"), QByteArray("1"));
    QCOMPARE(after.header("x-turnpike-provider"), QByteArray("b"));
}

void StrategyTest::triesALongerContextFirst()
{
    QCOMPARE(providerOf("context"), QByteArray("small"));
    QCOMPARE(providerOf("context", {}, R"(,"user":")" + QByteArray(8'000, 'x') + R"(")"), QByteArray("big"));
    // An estimate refuses nothing.
    QCOMPARE(providerOf("small/mock", {}, R"(,"user":")" + QByteArray(8'000, 'x') + R"(")"),
             QByteArray("small"));
}

void StrategyTest::fallsBackWhateverTheStrategy_data()
{
    QTest::addColumn<QByteArray>("strategy");
    for (const char* strategy :
         {"weighted", "round_robin", "least_busy", "lowest_latency", "highest_throughput", "lowest_cost",
          "lowest_usage", "sticky", "conditional", "adaptive"})
        QTest::newRow(strategy) << QByteArray(strategy);
}

void StrategyTest::fallsBackWhateverTheStrategy()
{
    QFETCH(QByteArray, strategy);
    for (int i = 0; i < 10; ++i) {
        QCOMPARE(providerOf("fall-" + strategy, {}, {}, i % 2 == 0), QByteArray("c"));
    }
}

void StrategyTest::explainsWithoutSending()
{
    const QString path = m_gateway->folder() + "/request.json";
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"model":"rules","temperature":1,"messages":[{"role":"user","content":"hi"}]})");
    file.close();
    int code = 0;
    const QJsonObject run = jsonOf(m_gateway->run({"dry-run", path, "--json"}, &code));
    QCOMPARE(code, 0);
    QCOMPARE(run["route"].toString(), QString("rules"));
    QCOMPARE(run["targets"][0]["provider"].toString(), QString("b"));
    const QJsonObject step = run["steps"][0].toObject();
    QCOMPARE(step["strategy"].toString(), QString("conditional"));
    QCOMPARE(step["targets"][0]["target"].toString(), QString("b/mock"));
    const QJsonArray conditions = step["targets"][0]["conditions"].toArray();
    QCOMPARE(conditions.last()["field"].toString(), QString("params.temperature"));
    QCOMPARE(conditions.last()["seen"].toString(), QString("1"));
    QVERIFY(conditions.last()["held"].toBool());
    QCOMPARE(
        jsonOf(m_gateway->run({"dry-run", path, "--route", "context", "--json"}))["targets"][0]["provider"]
            .toString(),
        QString("small"));
    QVERIFY(m_gateway->run({"dry-run", path}).contains("yes: params.temperature $gt 0.9, it is 1"));
    QVERIFY(m_gateway->run({"dry-run", path, "--route", "nowhere"}, &code).isEmpty());
    QCOMPARE(code, 1);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void StrategyTest::refusesWhatMakesNoSense_data()
{
    QTest::addColumn<QJsonObject>("wrong");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const QJsonObject& wrong, const char* said) {
        QTest::newRow(name) << wrong << QByteArray(said);
    };
    row("unknown field", route("conditional", {target("a", "mock", {{"when", QJsonObject{{"colour", 1}}}})}),
        "routes.r.targets[0].when.colour");
    row("broken expression",
        route("conditional",
              {target("a", "mock", {{"when", QJsonObject{{"model", QJsonObject{{"$regex", "("}}}}}})}),
        "routes.r.targets[0].when.model.$regex");
    row("weight", route("weighted", {target("a", "mock", {{"weight", 2'000'000}})}), "weight");
    row("limits", route("lowest_usage", {target("a", "mock", {{"limits", QJsonObject{{"rpm", 0}}}})}),
        "limits.rpm");
    row("sticky_by", route("sticky", {target("a")}, {{"sticky_by", "colour"}}), "sticky_by");
    row("one of sticky_by", route("sticky", {target("a")}, {{"sticky_by", "key,colour"}}), "sticky_by");
    row("circuit", route("priority", {target("a")}, {{"circuit", QJsonObject{{"error_percent", 101}}}}),
        "circuit.error_percent");
    row("semantic", route("semantic", {target("a")}, {{"semantic", QJsonObject{{"threshold", 2}}}}),
        "semantic.threshold");
}

void StrategyTest::refusesWhatMakesNoSense()
{
    QFETCH(QJsonObject, wrong);
    QFETCH(QByteArray, said);
    GatewayProcess gateway(m_upstream.url());
    QJsonObject providers = gateway.configuration()["providers"].toObject();
    providers["a"] = providers["lab"];
    gateway.configure({{"providers", providers}, {"routes", QJsonObject{{"r", wrong}}}});
    QVERIFY(gateway.writeConfig());
    int code = 0;
    const QByteArray text = gateway.run({"check", "--json"}, &code);
    QCOMPARE(code, 2);
    QVERIFY2(text.contains(said), text);
}

QTEST_GUILESS_MAIN(StrategyTest)
#include "strategy_test.moc"
