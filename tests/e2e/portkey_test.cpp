// SPDX-License-Identifier: GPL-3.0-or-later
// Routes that come with the request, as Portkey's clients send them.
#include <memory>

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

const QByteArray kNarrowKey = "tp-narrow-key-0123456789";

QByteArray compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject target(const QString& provider, const QString& model = {}, const QJsonObject& more = {})
{
    QJsonObject made = more;
    made["provider"] = provider;
    if (!model.isEmpty()) made["override_params"] = QJsonObject{{"model", model}};
    return made;
}

QJsonObject config(const QString& mode, const QJsonArray& targets, const QJsonObject& strategy = {})
{
    QJsonObject made = strategy;
    made["mode"] = mode;
    // Retries have a test of their own.
    return {{"strategy", made}, {"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}};
}

} // namespace

class PortkeyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void fallsBack();
    void goesOnForListedStatusesOnly_data();
    void goesOnForListedStatusesOnly();
    void fallsBackWithinAFallback();
    void sharesTheLoad();
    void holdsAUser();
    void obeysConditions_data();
    void obeysConditions();
    void refusesWhereNoConditionHolds();
    void overridesParameters();
    void needsNoModelInTheBody();
    void repeatsAsAsked();
    void givesUpInTime();
    void fillsAndDropsParameters_data();
    void fillsAndDropsParameters();
    void setsATargetAsideThatFails();
    void countsOnlyListedStatuses();
    void refusesWhatIsNoRule_data();
    void refusesWhatIsNoRule();
    void takesASavedConfiguration();
    void findsWhoServesAModel();
    void refusesDestinations_data();
    void refusesDestinations();
    void refusesWhatAKeyMayNotUse();
    void keepsTheDataPolicy();
    void servesOtherCalls();
    void isRefusedWhereItIsNotObeyed();

private:
    [[nodiscard]] HttpReply send(const QByteArray& header, ModelCall call = {}) const
    {
        if (call.model.isEmpty()) call.model = "mock";
        call.headers.emplaceBack("x-portkey-config", header);
        return ask(m_gateway->port(), call);
    }
    [[nodiscard]] HttpReply send(const QJsonObject& config, const ModelCall& call = {}) const
    {
        return send(compact(config), call);
    }
    [[nodiscard]] QByteArray providerOf(const QJsonObject& config, const ModelCall& call = {}) const
    {
        const HttpReply reply = send(config, call);
        return reply.status == 200 ? reply.header("x-turnpike-provider") : reply.body;
    }
    /// What the provider was sent last.
    [[nodiscard]] QJsonObject lastBody() const
    {
        return jsonOf(m_upstream.requests().last().toObject()["body"].toString().toUtf8());
    }
    [[nodiscard]] static QByteArray refusal(const HttpReply& reply)
    {
        if (reply.status != 400) return QByteArray::number(reply.status) + reply.body;
        if (jsonOf(reply.body)["error"].toObject()["param"] != "x-portkey-config") return reply.body;
        return errorProblem(Shape::OpenAi, reply.body, "invalid_request");
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void PortkeyTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const QJsonObject provider{{"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/v1"}};
    QJsonObject modest = provider;
    modest["data_policy"] = QJsonObject{{"trains_on_data", false}};
    modest["models"] = QJsonObject{{"only-b", QJsonObject{}}};
    QJsonObject keys = m_gateway->configuration()["keys"].toObject();
    const QByteArray hash = QCryptographicHash::hash(kNarrowKey, QCryptographicHash::Sha256).toHex();
    keys["narrow"] = QJsonObject{{"sha256", QString(hash)}, {"models", QJsonArray{"a/*", "mock"}}};
    const QJsonArray saved{QJsonObject{{"provider", "b"}, {"model", "mock"}}};
    m_gateway->configure({{"providers", QJsonObject{{"a", provider}, {"b", modest}, {"c", provider}}},
                          {"routes", QJsonObject{{"pc-saved-1", QJsonObject{{"targets", saved}}}}},
                          {"keys", keys}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void PortkeyTest::fallsBack()
{
    const QJsonObject routes = config("fallback", {target("a", "mock:status:503"), target("@b")});
    for (const bool stream : {false, true}) {
        const HttpReply reply = send(routes, {Shape::OpenAi, "mock", stream});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("b"));
        QCOMPARE(reply.header("x-turnpike-route"), QByteArray("x-portkey-config"));
        QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
        QCOMPARE(reply.header("x-turnpike-cache"), QByteArray("bypass"));
    }
    const QJsonObject row = m_gateway->rows(2).last().toObject();
    QCOMPARE(row["route"].toString(), QString("x-portkey-config"));
}

void PortkeyTest::goesOnForListedStatusesOnly_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QJsonArray>("statuses");
    QTest::addColumn<int>("status"); // that the client gets
    QTest::newRow("listed") << "mock:status:429" << QJsonArray{429} << 200;
    QTest::newRow("not listed") << "mock:status:500" << QJsonArray{429} << 502;
    QTest::newRow("a fault of the request") << "mock:status:400" << QJsonArray{400} << 200;
    QTest::newRow("no answer") << "mock:reset" << QJsonArray{502} << 200;
    QTest::newRow("no answer, not listed") << "mock:reset" << QJsonArray{429} << 502;
}

void PortkeyTest::goesOnForListedStatusesOnly()
{
    QFETCH(QString, first);
    QFETCH(QJsonArray, statuses);
    QFETCH(int, status);
    const HttpReply reply = send(
        config("fallback", {target("a", first), target("b"), target("c")}, {{"on_status_codes", statuses}}));
    QCOMPARE(reply.status, status);
    int others = 0;
    const QJsonArray requests = m_upstream.requests();
    for (const auto& request : requests)
        others += request.toObject()["model"] == "mock" ? 1 : 0;
    QCOMPARE(others, status == 200 ? 1 : 0);
}

void PortkeyTest::fallsBackWithinAFallback()
{
    const QJsonObject inner = config("fallback", {target("a", "mock:status:500"), target("b")},
                                     {{"on_status_codes", QJsonArray{429}}});
    QCOMPARE(providerOf(config("fallback", {inner, target("c")}, {{"on_status_codes", QJsonArray{500}}})),
             QByteArray("c"));
    QCOMPARE(m_upstream.requests().size(), 2);
    const QJsonObject shared = config("loadbalance", {target("a", "mock:status:503")});
    QCOMPARE(providerOf(config("fallback", {shared, target("c")})), QByteArray("c"));
}

void PortkeyTest::sharesTheLoad()
{
    const QJsonObject routes =
        config("loadbalance", {target("a", {}, {{"weight", 0.75}}), target("b", {}, {{"weight", 0.25}}),
                               target("c", {}, {{"weight", 0}})});
    QMap<QByteArray, int> shares;
    for (int i = 0; i < 200; ++i)
        ++shares[providerOf(routes)];
    QVERIFY2(shares["a"] > 115 && shares["a"] < 185, QByteArray::number(shares["a"]));
    QCOMPARE(shares["a"] + shares["b"], 200);
}

void PortkeyTest::holdsAUser()
{
    const QJsonObject routes =
        config("loadbalance", {target("a"), target("b"), target("c")},
               {{"sticky", QJsonObject{{"enabled", true}, {"hash_fields", QJsonArray{"metadata.user"}}}}});
    QMap<QByteArray, int> firsts;
    for (int user = 0; user < 20; ++user) {
        ModelCall call;
        call.headers = {{"x-portkey-metadata", "{\"user\":\"u" + QByteArray::number(user) + "\"}"}};
        const QByteArray first = providerOf(routes, call);
        QCOMPARE(providerOf(routes, call), first);
        ++firsts[first];
    }
    QVERIFY(firsts.size() > 1);
}

void PortkeyTest::obeysConditions_data()
{
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<QByteArray>("extra");
    QTest::addColumn<QByteArray>("provider");
    QTest::newRow("default") << HeaderList() << QByteArray() << QByteArray("c");
    QTest::newRow("metadata") << HeaderList{{"x-portkey-metadata", "{\"plan\":\"paid\"}"}} << QByteArray()
                              << QByteArray("a");
    QTest::newRow("parameter") << HeaderList() << QByteArray(",\"temperature\":1") << QByteArray("b");
    QTest::newRow("the first that holds") << HeaderList{{"x-portkey-metadata", "{\"plan\":\"paid\"}"}}
                                          << QByteArray(",\"temperature\":1") << QByteArray("a");
}

void PortkeyTest::obeysConditions()
{
    QFETCH(HeaderList, headers);
    QFETCH(QByteArray, extra);
    QFETCH(QByteArray, provider);
    const QJsonArray rules{
        QJsonObject{{"query", QJsonObject{{"metadata.plan", QJsonObject{{"$eq", "paid"}}}}}, {"then", "big"}},
        QJsonObject{{"query", QJsonObject{{"params.temperature", QJsonObject{{"$gt", 0.5}}}}},
                    {"then", "mid"}}};
    const QJsonObject routes =
        config("conditional",
               {target("c", {}, {{"name", "small"}}), target("a", {}, {{"name", "big"}}),
                config("fallback", {target("a", "mock:status:500"), target("b")})},
               {{"conditions", rules}, {"default", "small"}});
    QJsonObject named = routes;
    QJsonArray targets = routes["targets"].toArray();
    QJsonObject inner = targets[2].toObject();
    inner["name"] = "mid";
    targets[2] = inner;
    named["targets"] = targets;
    QCOMPARE(providerOf(named, {Shape::OpenAi, "mock", false, false, headers, extra}), provider);
}

void PortkeyTest::refusesWhereNoConditionHolds()
{
    const QJsonArray rules{QJsonObject{{"query", QJsonObject{{"metadata.plan", "paid"}}}, {"then", "only"}}};
    const QJsonObject routes =
        config("conditional", {target("a", {}, {{"name", "only"}})}, {{"conditions", rules}});
    QCOMPARE(refusal(send(routes)), QByteArray());
    QCOMPARE(m_upstream.requests().size(), 0);
}

void PortkeyTest::overridesParameters()
{
    const QJsonObject changes{{"model", "mock-two"}, {"temperature", 0.25}, {"user", "u"}};
    const HttpReply reply = send(QJsonObject{{"provider", "a"}, {"override_params", changes}},
                                 {Shape::OpenAi, "mock", false, false, {}, ",\"temperature\":1"});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock-two"));
    const QJsonObject sent = jsonOf(m_upstream.requests().at(0)["body"].toString().toUtf8());
    QCOMPARE(sent["model"].toString(), QString("mock-two"));
    QCOMPARE(sent["temperature"].toDouble(), 0.25);
    QCOMPARE(sent["user"].toString(), QString("u"));
    QCOMPARE(sent["max_tokens"].toInt(), 100);
}

void PortkeyTest::needsNoModelInTheBody()
{
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                             {"x-portkey-config", compact(target("a", "mock-two"))}};
    const HttpReply reply = http(m_gateway->port(), "POST", "/v1/chat/completions", headers,
                                 "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    QCOMPARE(reply.status, 200);
    QCOMPARE(m_upstream.requests().at(0)["model"].toString(), QString("mock-two"));
    const HttpReply translated =
        http(m_gateway->port(), "POST", "/v1/messages", headers,
             "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    QVERIFY2(translated.status == 200, translated.body);
    const HttpReply modal =
        http(m_gateway->port(), "POST", "/v1/images/generations", headers, "{\"prompt\":\"a cat\"}");
    QVERIFY2(modal.status == 200, modal.body);
    QCOMPARE(m_upstream.requests().at(2)["model"].toString(), QString("mock-two"));
}

void PortkeyTest::repeatsAsAsked()
{
    QJsonObject routes = target("a", "mock:flaky:1:418");
    routes["retry"] = QJsonObject{{"attempts", 1}, {"on_status_codes", QJsonArray{418}}};
    const HttpReply reply = send(routes);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
    m_upstream.reset();
    routes["retry"] = QJsonObject{{"attempts", 1}, {"on_status_codes", QJsonArray{500}}};
    QVERIFY(send(routes).status != 200);
    QCOMPARE(m_upstream.requests().size(), 1);
}

void PortkeyTest::givesUpInTime()
{
    const QJsonObject slow = target("a", "mock:slow-head:5000", {{"request_timeout", 100}});
    QCOMPARE(providerOf(config("fallback", {slow, target("b")}, {{"on_status_codes", QJsonArray{408}}})),
             QByteArray("b"));
}

void PortkeyTest::fillsAndDropsParameters_data()
{
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<bool>("stream");
    QTest::newRow("as it came") << Shape::OpenAi << false;
    QTest::newRow("as it came, streamed") << Shape::OpenAi << true;
    QTest::newRow("translated") << Shape::Anthropic << false;
}

void PortkeyTest::fillsAndDropsParameters()
{
    QFETCH(Shape, shape);
    QFETCH(bool, stream);
    const QJsonObject rules{
        {"default_params", QJsonObject{{"temperature", 0.25}, {"max_tokens", 7}}},
        {"override_params", QJsonObject{{"top_p", 0.5}, {"seed", 3}}},
        {"drop_params", QJsonArray{"stop", "stop_sequences", "seed", "logit_bias.1", "messages[*].name"}}};
    const QByteArray more = shape == Shape::OpenAi ? R"(,"stop":["x"],"top_p":1,"logit_bias":{"1":2,"5":1})"
                                                   : R"(,"stop_sequences":["x"],"top_p":1)";
    QJsonObject single = target("a", {}, rules);
    QCOMPARE(providerOf(single, {shape, "mock", stream, false, {}, more}), QByteArray("a"));
    QJsonObject sent = lastBody();
    QCOMPARE(sent["temperature"].toDouble(), 0.25);
    QCOMPARE(sent["max_tokens"].toInt() + sent["max_completion_tokens"].toInt(), 100); // the client's
    QCOMPARE(sent["top_p"].toDouble(), 0.5);
    QVERIFY(!sent.contains("stop") && !sent.contains("seed"));
    if (shape == Shape::OpenAi) QCOMPARE(sent["logit_bias"].toObject(), (QJsonObject{{"5", 1}}));
    // What the client says goes before a default, and what stands around targets holds for them.
    const QJsonObject around = config("single", {target("b")});
    QJsonObject outer = around;
    outer["default_params"] = rules["default_params"];
    QCOMPARE(providerOf(outer, {shape, "mock", stream, false, {}, ",\"temperature\":0.75"}), QByteArray("b"));
    sent = lastBody();
    QCOMPARE(sent["temperature"].toDouble(), 0.75);
}

void PortkeyTest::setsATargetAsideThatFails()
{
    const auto routes = [](int threshold) {
        return config("fallback", {target("a", "mock:status:503"), target("b")},
                      {{"cb_config", QJsonObject{{"failure_threshold", threshold},
                                                 {"cooldown_interval", 60'000},
                                                 {"minimum_requests", 1}}}});
    };
    const auto attempts = [&](int threshold) {
        return send(routes(threshold)).header("x-turnpike-attempts");
    };
    QCOMPARE(attempts(2), QByteArray("2"));
    QCOMPARE(attempts(2), QByteArray("2"));
    QCOMPARE(attempts(2), QByteArray("1"));
    QCOMPARE(attempts(9), QByteArray("2")); // another configuration's circuit is its own
    const QJsonObject alone = config("fallback", {target("a", "mock:status:503")},
                                     {{"cb_config", QJsonObject{{"failure_threshold", 1}}}});
    for (int i = 0; i < 3; ++i) // with nothing else left it is tried anyway
        QCOMPARE(send(alone).header("x-turnpike-attempts"), QByteArray("1"));
}

void PortkeyTest::countsOnlyListedStatuses()
{
    const auto routes = [](int status) {
        return config("fallback", {target("a", "mock:status:503"), target("b")},
                      {{"cb_config", QJsonObject{{"failure_threshold_percentage", 50},
                                                 {"minimum_requests", 2},
                                                 {"failure_status_codes", QJsonArray{status}}}}});
    };
    for (int i = 0; i < 6; ++i)
        QCOMPARE(send(routes(429)).header("x-turnpike-attempts"), QByteArray("2"));
    QByteArray last;
    for (int i = 0; i < 6; ++i)
        last = send(routes(503)).header("x-turnpike-attempts");
    QCOMPARE(last, QByteArray("1"));
}

void PortkeyTest::refusesWhatIsNoRule_data()
{
    QTest::addColumn<QJsonObject>("member");
    QTest::newRow("a circuit that never opens")
        << QJsonObject{{"cb_config", QJsonObject{{"cooldown_interval", 30'000}}}};
    QTest::newRow("a circuit with a destination")
        << QJsonObject{{"cb_config", QJsonObject{{"failure_threshold", 1}, {"custom_host", "http://x"}}}};
    QTest::newRow("a default destination")
        << QJsonObject{{"default_params", QJsonObject{{"api_base", "http://x"}}}};
    QTest::newRow("a default key") << QJsonObject{{"default_params", QJsonObject{{"api_key", "k"}}}};
    QTest::newRow("a request without its model") << QJsonObject{{"drop_params", QJsonArray{"model"}}};
    QTest::newRow("no path") << QJsonObject{{"drop_params", QJsonArray{"a..b"}}};
    QTest::newRow("a list of lists") << QJsonObject{{"drop_params", QJsonArray{QJsonArray{"a"}}}};
}

void PortkeyTest::refusesWhatIsNoRule()
{
    QFETCH(QJsonObject, member);
    const bool circuit = member.contains("cb_config");
    const QJsonObject routes =
        circuit ? config("fallback", {target("a"), target("b")}, member) : target("a", {}, member);
    QCOMPARE(refusal(send(routes)), QByteArray());
    QCOMPARE(m_upstream.requests().size(), 0);
}

void PortkeyTest::takesASavedConfiguration()
{
    const HttpReply reply = send("pc-saved-1");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-route"), QByteArray("pc-saved-1"));
    const HttpReply unknown = send("pc-gone");
    QCOMPARE(refusal(unknown), QByteArray());
    QVERIFY(unknown.body.contains("pc-gone"));
    ModelCall both;
    both.headers = {{"x-turnpike-route", "pc-saved-1"}};
    QCOMPARE(refusal(send(target("a"), both)), QByteArray());
}

void PortkeyTest::findsWhoServesAModel()
{
    const QJsonObject retries{{"retry", QJsonObject{{"attempts", 0}}}};
    QCOMPARE(providerOf(retries, {Shape::OpenAi, "only-b"}), QByteArray("b"));
    QCOMPARE(providerOf(retries, {Shape::OpenAi, "@c/mock"}), QByteArray("c"));
    QCOMPARE(send(retries, {Shape::OpenAi, "nobodys"}).status, 404);
    // A saved route keeps its own rules.
    QCOMPARE(refusal(send(retries, {Shape::OpenAi, "pc-saved-1"})), QByteArray());
    QCOMPARE(providerOf(QJsonObject{}, {Shape::OpenAi, "pc-saved-1"}), QByteArray("b"));
}

void PortkeyTest::refusesDestinations_data()
{
    QTest::addColumn<QJsonObject>("bad");
    QTest::newRow("custom_host") << target("a", {}, {{"custom_host", m_upstream.url()}});
    QTest::newRow("api_key") << target("a", {}, {{"api_key", "sk-evil"}});
    QTest::newRow("forward_headers") << target("a", {}, {{"forward_headers", QJsonArray{"x-evil"}}});
    QTest::newRow("provider") << target("nobody");
    QTest::newRow("virtual_key") << QJsonObject{{"virtual_key", "nobody"}};
    QTest::newRow("guardrails") << target("a", {}, {{"input_guardrails", QJsonArray{"x"}}});
    QTest::newRow("unknown") << target("a", {}, {{"fallbacks", QJsonArray{}}});
    QTest::newRow("parameter") << QJsonObject{
        {"provider", "a"}, {"override_params", QJsonObject{{"base_url", m_upstream.url()}}}};
}

void PortkeyTest::refusesDestinations()
{
    QFETCH(QJsonObject, bad);
    QCOMPARE(refusal(send(bad)), QByteArray());
    QCOMPARE(refusal(send(config("fallback", {target("a"), config("single", {bad})}))), QByteArray());
    QCOMPARE(m_upstream.requests().size(), 0);
}

void PortkeyTest::refusesWhatAKeyMayNotUse()
{
    const auto status = [this](const QJsonObject& routes) {
        const HeaderList headers{{"Authorization", "Bearer " + kNarrowKey},
                                 {"x-portkey-config", compact(routes)}};
        return http(m_gateway->port(), "POST", "/v1/chat/completions", headers,
                    bodyOf({Shape::OpenAi, "mock"}))
            .status;
    };
    QCOMPARE(status(target("a")), 200);
    m_upstream.reset();
    QCOMPARE(status(target("b")), 403);
    QCOMPARE(status(config("fallback", {target("a"), target("b")})), 403);
    QCOMPARE(status(config("loadbalance", {target("a"), config("single", {target("@b", "mock")})})), 403);
    QCOMPARE(status(QJsonObject{{"override_params", QJsonObject{{"model", "pc-saved-1"}}}}), 403);
    QCOMPARE(status(QJsonObject{{"override_params", QJsonObject{{"model", "only-b"}}}}), 403);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void PortkeyTest::keepsTheDataPolicy()
{
    ModelCall call;
    call.headers = {{"x-turnpike-data-policy", "no-training"}};
    QCOMPARE(providerOf(config("fallback", {target("a"), target("b")}), call), QByteArray("b"));
    QVERIFY(send(target("a"), call).status != 200);
}

void PortkeyTest::servesOtherCalls()
{
    const QJsonObject routes = config("fallback", {target("a", "mock:status:503"), target("b", "mock")});
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                             {"x-portkey-config", compact(routes)}};
    for (const char* path : {"/v1/embeddings", "/v1/moderations"}) {
        const HttpReply reply =
            http(m_gateway->port(), "POST", path, headers, "{\"model\":\"m\",\"input\":\"hi\"}");
        QVERIFY2(reply.status == 200, reply.body);
        QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("b"));
    }
    QCOMPARE(providerOf(routes, {Shape::Anthropic, "claude"}), QByteArray("b"));
}

void PortkeyTest::isRefusedWhereItIsNotObeyed()
{
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                             {"x-portkey-config", compact(target("a"))}};
    for (const char* path : {"/v1/files", "/proxy/a/native/x"})
        QCOMPARE(refusal(http(m_gateway->port(), "GET", path, headers)), QByteArray());
    QCOMPARE(m_upstream.requests().size(), 0);
}

QTEST_GUILESS_MAIN(PortkeyTest)
#include "portkey_test.moc"
