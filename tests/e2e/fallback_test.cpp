// SPDX-License-Identifier: GPL-3.0-or-later
// Who is tried next, and why: what a request needs, what went wrong, and what the log says of it.
#include <memory>
#include <tuple>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const QString& provider, const QString& model, const QJsonObject& more = {})
{
    QJsonObject made = more;
    made["provider"] = provider;
    made["model"] = model;
    return made;
}

QJsonObject route(const QJsonArray& targets, const QJsonObject& fallbacks = {})
{
    QJsonObject made{{"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}};
    if (!fallbacks.isEmpty()) made["fallbacks"] = fallbacks;
    return made;
}

/// Providers whose prices are known, and one of another dialect.
void addPriced(QJsonObject& providers)
{
    const auto priced = [&providers](double price) {
        QJsonObject models;
        for (const char* model : {"mock", "mock:status:503"})
            models[model] = QJsonObject{{"price", QJsonObject{{"input", price}, {"output", price}}}};
        QJsonObject made = providers["lab"].toObject();
        made["models"] = models;
        return made;
    };
    providers["cheap"] = priced(0.5);
    providers["cheaper"] = priced(0.1);
    QJsonObject gem = providers["ant"].toObject();
    gem["kind"] = "gemini";
    providers["gem"] = gem;
}

/// Routes whose first target refuses in a stream, or is overloaded.
void addRefusing(QJsonObject& routes)
{
    const auto add = [&routes](const QString& name, const char* provider, const char* model) {
        routes[name] = route({target(provider, model), target("lab", "mock")},
                             {{"content_refused", "lab/mock-fallback"}});
    };
    for (const char* provider : {"lab", "ant", "gem"}) {
        add(QStringLiteral("blocked-") + provider, provider, "mock:blocked");
        add(QStringLiteral("thinking-") + provider, provider, "mock:blocked:thinking");
    }
    add("blocked-late", "lab", "mock:blocked:2");
    for (const auto& [name, goal] :
         {std::pair("pays-much", "large/mock"), std::pair("pays-little", "cheaper/mock")})
        routes[name] =
            route({target("cheap", "mock:status:503"), target("cheap", "mock")}, {{"overloaded", goal}});
}

/// Routes that ask how the machine is doing.
void addMachine(QJsonObject& routes)
{
    const auto add = [&routes](const char* name, const QString& first, const QJsonObject& when,
                               const QString& second) {
        routes[name] = route({target("lab", first, {{"when", when}}), target("lab", second)});
    };
    add("offline-local", "mock-local", {{"machine.online", false}}, "mock-away");
    add("office", "mock-office", {{"machine.network", QJsonObject{{"$glob", "?*"}}}}, "mock");
}

} // namespace

class FallbackTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void asksAModelThatCan_data();
    void asksAModelThatCan();
    void asksNobodyWhoCannotWhereThatIsWanted();
    void asksTheNextWhenLimitsAreUsed();
    void turnsToWhatTheKindOfFailureNames_data();
    void turnsToWhatTheKindOfFailureNames();
    void takesARefusedStreamToTheFallback_data();
    void takesARefusedStreamToTheFallback();
    void holdsNoStreamThatHasBegunToAnswer();
    void holdsAFallbackToWhatTheRequestPays();
    void triesOnlyLargerModelsWhenItIsTooLong();
    void endsWhereFallbacksLeadInACircle();
    void refusedWordsOpenNoCircuit();
    void keepsTheDecision();
    void keepsNoPromptInTheDecision();
    void explainsInAHeaderWhenAsked();
    void knowsHowTheMachineIsDoing();
    void knowsTheNetwork();
    void losesNoStreamWhenAProviderDies();
    void refusesUnknownKinds();

private:
    [[nodiscard]] HttpReply asked(const QByteArray& model, const QByteArray& extra = {}, bool stream = false,
                                  const HeaderList& headers = {}) const
    {
        return ask(m_gateway->port(), {Shape::OpenAi, model, stream, false, headers, extra});
    }
    [[nodiscard]] QJsonObject rowOf(const HttpReply& reply) const { return e2e::rowOf(*m_gateway, reply); }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void FallbackTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    QJsonObject openai = providers["lab"].toObject();
    openai["kind"] = "openai";
    const auto sized = [](const QJsonObject& from, int context, const char* model) {
        QJsonObject made = from;
        made["models"] = QJsonObject{{model, QJsonObject{{"context", context}}}};
        return made;
    };
    providers["oai"] = openai;
    providers["small"] = sized(providers["lab"].toObject(), 1000, "mock:too-long");
    providers["smaller"] = sized(providers["lab"].toObject(), 500, "mock");
    providers["large"] = sized(providers["lab"].toObject(), 100'000, "mock");
    addPriced(providers);
    const QJsonArray able{target("oai", "gpt-4-0314"), target("oai", "gpt-3.5-turbo"),
                          target("oai", "gpt-4.1"), target("oai", "gpt-5"), target("oai", "gpt-audio")};
    const auto falling = [](const char* model, const char* kind) {
        return route({target("lab", model), target("lab", "mock")}, {{kind, "lab/mock-fallback"}});
    };
    QJsonObject routes{
        {"able", route(able)},
        {"unable", route({target("oai", "gpt-4.1"), target("oai", "gpt-4o")})},
        {"limited", route({target("lab", "mock-one", {{"limits", QJsonObject{{"rpm", 2}}}}),
                           target("lab", "mock-two")})},
        {"by-context_length", falling("mock:too-long", "context_length")},
        {"by-content_refused", falling("mock:refused-prompt", "content_refused")},
        {"by-answer_refused", falling("mock:refusal", "content_refused")},
        {"by-rate_limit", falling("mock:status:429", "rate_limit")},
        {"by-overloaded", falling("mock:status:503", "overloaded")},
        {"by-network", falling("mock:reset", "network")},
        {"by-server_error", falling("mock:status:500", "server_error")},
        {"by-none", falling("mock:status:500", "network")},
        {"larger",
         route({target("small", "mock:too-long"), target("smaller", "mock"), target("large", "mock")})},
        {"circle-a", route({target("lab", "mock:status:500")}, {{"server_error", "circle-b"}})},
        {"circle-b", route({target("lab", "mock:status:502")}, {{"server_error", "circle-a"}})},
        {"wary",
         route({target("lab", "mock:refused-prompt:wary")}, {{"content_refused", "lab/mock-fallback"}})},
        {"rules",
         route(
             {target("lab", "mock-rule",
                     {{"when", QJsonObject{{"$and", QJsonArray{QJsonObject{{"metadata.plan", "paid"}},
                                                               QJsonObject{{"text.last_user",
                                                                            QJsonObject{{"$ne", "x"}}}}}}}}}),
              target("lab", "mock")})}};
    addRefusing(routes);
    addMachine(routes);
    for (const char* name : {"rules", "offline-local", "office"}) {
        QJsonObject conditional = routes[name].toObject();
        conditional["strategy"] = "conditional";
        routes[name] = conditional;
    }
    QJsonObject wary = routes["wary"].toObject();
    wary["circuit"] = QJsonObject{{"failures", 1}};
    routes["wary"] = wary;
    m_gateway->configure({{"providers", providers}, {"routes", routes}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void FallbackTest::asksAModelThatCan_data()
{
    QTest::addColumn<QByteArray>("extra");
    QTest::addColumn<QByteArray>("model");
    const QByteArray tool =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]";
    const auto said = [](const char* part) {
        return QByteArray(",\"messages\":[{\"role\":\"user\",\"content\":[") + part + "]}]";
    };
    QTest::newRow("nothing special") << QByteArray() << QByteArray("gpt-4-0314");
    QTest::newRow("tools") << tool << QByteArray("gpt-3.5-turbo");
    QTest::newRow("schema") << QByteArray(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                          "{\"name\":\"a\",\"schema\":{}}}")
                            << QByteArray("gpt-4.1");
    QTest::newRow("reasoning") << QByteArray(",\"reasoning_effort\":\"low\"") << QByteArray("gpt-5");
    QTest::newRow("no reasoning") << QByteArray(",\"reasoning_effort\":\"none\"") << QByteArray("gpt-4-0314");
    QTest::newRow("tools and reasoning") << tool + ",\"reasoning_effort\":\"high\"" << QByteArray("gpt-5");
    QTest::newRow("image")
        << said("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}")
        << QByteArray("gpt-4.1");
    QTest::newRow("audio")
        << said("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\",\"format\":\"wav\"}}")
        << QByteArray("gpt-audio");
}

void FallbackTest::asksAModelThatCan()
{
    QFETCH(QByteArray, extra);
    QFETCH(QByteArray, model);
    QByteArray body = "{\"model\":\"able\"" + extra;
    if (!extra.contains("messages")) body += ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    const HttpReply reply =
        http(m_gateway->port(), "POST", "/v1/chat/completions",
             {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}}, body + "}");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-model"), model);
}

void FallbackTest::asksNobodyWhoCannotWhereThatIsWanted()
{
    const QByteArray all = ",\"provider\":{\"require_parameters\":true}";
    const HttpReply able = asked("able", ",\"reasoning_effort\":\"low\"" + all);
    QCOMPARE(able.header("x-turnpike-model"), QByteArray("gpt-5"));
    const HttpReply nobody = asked("unable", ",\"reasoning_effort\":\"low\"" + all);
    QCOMPARE(nobody.status, 404);
    QCOMPARE(errorProblem(Shape::OpenAi, nobody.body, "model_not_found"), QByteArray());
    QCOMPARE(asked("unable", ",\"reasoning_effort\":\"low\"").status, 200);
}

void FallbackTest::asksTheNextWhenLimitsAreUsed()
{
    // A minute may turn meanwhile; in one of two tries it does not.
    const auto third = [this] {
        for (int i = 0; i < 2; ++i)
            static_cast<void>(asked("limited"));
        return asked("limited").header("x-turnpike-model");
    };
    if (third() == "mock-two") return;
    QCOMPARE(third(), QByteArray("mock-two"));
}

void FallbackTest::turnsToWhatTheKindOfFailureNames_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("model");
    for (const char* kind :
         {"context_length", "content_refused", "rate_limit", "overloaded", "network", "server_error"}) {
        for (const bool stream : {false, true})
            QTest::addRow("%s %s", kind, stream ? "stream" : "whole")
                << QByteArray("by-") + kind << stream << QByteArray("mock-fallback");
    }
    QTest::newRow("refused in an answer")
        << QByteArray("by-answer_refused") << false << QByteArray("mock-fallback");
    QTest::newRow("another kind") << QByteArray("by-none") << false << QByteArray("mock");
}

void FallbackTest::turnsToWhatTheKindOfFailureNames()
{
    QFETCH(QByteArray, route);
    QFETCH(bool, stream);
    QFETCH(QByteArray, model);
    const HttpReply reply = asked(route, {}, stream);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("x-turnpike-model"), model);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
}

void FallbackTest::takesARefusedStreamToTheFallback_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<Shape>("shape");
    for (const char* route : {"blocked-lab", "thinking-lab", "by-answer_refused", "blocked-ant",
                              "thinking-ant", "blocked-gem", "thinking-gem"}) {
        QTest::addRow("%s asked in OpenAI's words", route) << QByteArray(route) << Shape::OpenAi;
        QTest::addRow("%s asked in Anthropic's words", route) << QByteArray(route) << Shape::Anthropic;
    }
}

void FallbackTest::takesARefusedStreamToTheFallback()
{
    QFETCH(QByteArray, route);
    QFETCH(Shape, shape);
    const ModelCall call{shape, route, true};
    const HttpReply reply = ask(m_gateway->port(), call);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-fallback"));
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
    QCOMPARE(textOf(call, reply.body), QString("Hello from the fake upstream."));
    QVERIFY2(!reply.body.contains("greet back"), reply.body);
    QVERIFY2(!reply.body.contains("cannot"), reply.body);
    const QJsonArray attempts = rowOf(reply)["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    QCOMPARE(attempts.at(0).toObject()["error"].toString(), QString("upstream_refused"));
}

void FallbackTest::holdsNoStreamThatHasBegunToAnswer()
{
    const ModelCall call{Shape::OpenAi, "blocked-late", true};
    const HttpReply reply = ask(m_gateway->port(), call);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("1"));
    QCOMPARE(textOf(call, reply.body), QString("word word "));
    QVERIFY(reply.body.contains("content_filter"));
}

void FallbackTest::holdsAFallbackToWhatTheRequestPays()
{
    const QByteArray most = ",\"provider\":{\"max_price\":{\"prompt\":1,\"completion\":1}}";
    const auto who = [&](const QByteArray& route, const QByteArray& extra) {
        return asked(route, extra).header("x-turnpike-provider");
    };
    QCOMPARE(who("pays-much", {}), QByteArray("large"));
    QCOMPARE(who("pays-much", most), QByteArray("cheap")); // the next of its targets
    QCOMPARE(who("pays-little", most), QByteArray("cheaper"));
}

void FallbackTest::triesOnlyLargerModelsWhenItIsTooLong()
{
    const HttpReply reply = asked("larger");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("large"));
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
    // With nothing larger left the client gets the provider's verdict, which its tool acts upon.
    const HttpReply alone = asked("small/mock:too-long");
    QCOMPARE(alone.status, 400);
    QVERIFY(alone.body.contains("maximum context length"));
}

void FallbackTest::endsWhereFallbacksLeadInACircle()
{
    const HttpReply reply = asked("circle-a");
    QCOMPARE(reply.status, 502);
    QCOMPARE(m_upstream.requests().size(), 3); // a, b, and a once more as b's fallback
}

void FallbackTest::refusedWordsOpenNoCircuit()
{
    for (int i = 0; i < 3; ++i)
        QCOMPARE(asked("wary").header("x-turnpike-attempts"), QByteArray("2"));
}

void FallbackTest::keepsTheDecision()
{
    const HttpReply reply = asked("rules", {}, false, {{"x-turnpike-metadata", "{\"plan\":\"paid\"}"}});
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-rule"));
    const QJsonObject decision = rowOf(reply)["decision"].toObject();
    const QJsonObject step = decision["steps"].toArray().at(0).toObject();
    QCOMPARE(step["route"].toString(), QString("rules"));
    QCOMPARE(step["strategy"].toString(), QString("conditional"));
    const QJsonObject first = step["targets"].toArray().at(0).toObject();
    QCOMPARE(first["name"].toString(), QString("lab/mock-rule"));
    const QJsonObject condition = first["when"].toArray().at(0).toObject();
    QCOMPARE(condition["field"].toString(), QString("metadata.plan"));
    QCOMPARE(condition["seen"].toString(), QString("paid"));
    QVERIFY(condition["held"].toBool());
    QCOMPARE(decision["order"].toArray().at(0).toObject()["target"].toString(), QString("lab/mock-rule"));
    QVERIFY(!rowOf(asked("lab/mock")).contains("decision"));
}

void FallbackTest::keepsNoPromptInTheDecision()
{
    const HttpReply reply = asked("rules", {}, false, {{"x-turnpike-metadata", "{\"plan\":\"paid\"}"}});
    const QByteArray row = QJsonDocument(rowOf(reply)["decision"].toObject()).toJson();
    QVERIFY(row.contains("text.last_user"));
    QVERIFY2(!row.contains("\"hi\""), row);
}

void FallbackTest::explainsInAHeaderWhenAsked()
{
    QVERIFY(asked("able").header("x-turnpike-decision").isEmpty());
    const HttpReply reply =
        asked("able", ",\"reasoning_effort\":\"low\"", true, {{"x-turnpike-explain", "true"}});
    const QJsonArray order = jsonOf(reply.header("x-turnpike-decision"))["order"].toArray();
    QCOMPARE(order.at(0).toObject()["target"].toString(), QString("oai/gpt-5"));
    QCOMPARE(order.at(1).toObject()["setback"].toString(), QString("no_reasoning"));
}

void FallbackTest::knowsHowTheMachineIsDoing()
{
    QFile routes("/proc/net/route"), others("/proc/net/ipv6_route");
    QVERIFY(routes.open(QIODevice::ReadOnly));
    bool online = routes.readAll().contains("\t00000000\t");
    if (others.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : others.readAll().split('\n'))
            online =
                online || (line.startsWith(QByteArray(32, '0') + " 00 ") && !line.trimmed().endsWith("lo"));
    }
    QCOMPARE(asked("offline-local").header("x-turnpike-model"),
             QByteArray(online ? "mock-away" : "mock-local"));
}

void FallbackTest::knowsTheNetwork()
{
    const HttpReply reply = asked("office");
    const QJsonObject step = rowOf(reply)["decision"].toObject()["steps"].toArray().at(0).toObject();
    const QJsonObject when = step["targets"].toArray().at(0).toObject()["when"].toArray().at(0).toObject();
    QCOMPARE(when["field"].toString(), QString("machine.network"));
    QFile routes("/proc/net/route");
    QVERIFY(routes.open(QIODevice::ReadOnly));
    const bool leadsOut = routes.readAll().contains("\t00000000\t");
    QVERIFY(!leadsOut || when["held"].toBool());
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray(when["held"].toBool() ? "mock-office" : "mock"));
}

void FallbackTest::losesNoStreamWhenAProviderDies()
{
    constexpr int kStreams = 50;
    auto dying = std::make_unique<FakeUpstream>();
    QVERIFY(dying->start());
    GatewayProcess gateway(m_upstream.url());
    QJsonObject providers = gateway.configuration()["providers"].toObject();
    QJsonObject first = providers["lab"].toObject();
    first["base_url"] = dying->url() + "/v1";
    providers["dying"] = first;
    gateway.configure({{"providers", providers},
                       {"routes", QJsonObject{{"safe", route({target("dying", "mock:slow-first:60000"),
                                                              target("lab", "mock:paced:5:20")})}}}});
    QVERIFY2(gateway.start(), gateway.errors());
    const ModelCall call{Shape::OpenAi, "safe", true};
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < kStreams; ++i) {
        clients.push_back(std::make_unique<RawClient>(gateway.port()));
        clients.back()->send(bytesOf(gateway.port(), call));
    }
    QTRY_COMPARE(dying->requests().size(), kStreams);
    dying.reset(); // the process is killed
    for (const auto& client : clients) {
        const HttpReply reply = client->receive();
        QCOMPARE(reply.status, 200);
        QCOMPARE(textOf(call, reply.body), QString("w0 w1 w2 w3 w4 "));
        QVERIFY(reply.body.contains(endMarker(Shape::OpenAi)));
    }
    // And those that come when it is gone.
    for (int i = 0; i < kStreams; ++i) {
        const HttpReply reply = ask(gateway.port(), call);
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("lab"));
    }
}

void FallbackTest::refusesUnknownKinds()
{
    for (const auto& [kind, goal, said] :
         {std::tuple("context_lenght", "lab/mock", "Did you mean \"context_length\"?"),
          std::tuple("timeout", "nowhere", "There is no route"), std::tuple("timeout", "r", "its own")}) {
        GatewayProcess gateway(m_upstream.url());
        gateway.configure({{"routes", QJsonObject{{"r", route({target("lab", "mock")}, {{kind, goal}})}}}});
        QVERIFY(gateway.writeConfig());
        int code = 0;
        const QByteArray text = gateway.run({"check"}, &code);
        QCOMPARE(code, 2);
        QVERIFY2((text + gateway.errors()).contains(said), text);
    }
}

QTEST_GUILESS_MAIN(FallbackTest)
#include "fallback_test.moc"
