// SPDX-License-Identifier: GPL-3.0-or-later
// Which provider and which key a request comes to, and what it may not say about that itself.
#include <memory>

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QSet>
#include <QTest>

#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const QString& provider, const QString& model)
{
    return {{"provider", provider}, {"model", model}};
}

} // namespace

class RoutingTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    HttpReply askFor(const QByteArray& model, const QByteArray& extra = {}, const HeaderList& headers = {})
    {
        return ask(m_gateway->port(), {Shape::OpenAi, model, false, false, headers, extra});
    }

    /// The key of each request at the upstream, in order.
    QList<QByteArray> keysUsed() const
    {
        QList<QByteArray> keys;
        for (const QJsonValue& request : m_upstream.requests()) {
            for (const QJsonValue& field : request["headers"].toArray()) {
                if (field[0].toString().toLower() == QLatin1String("authorization"))
                    keys.append(field[1].toString().mid(7).toUtf8());
            }
        }
        return keys;
    }

    /// A provider key that lies in a file, as {"id", "secret", "weight"}.
    QJsonObject keyOf(const QString& name, int weight = 1)
    {
        QFile file(m_gateway->folder() + "/" + name);
        if (file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
            file.write(name.toUtf8());
        return {{"id", name}, {"secret", "file:" + file.fileName()}, {"weight", weight}};
    }

    QJsonObject provider(const QJsonArray& keys, const QJsonObject& members = {}) const
    {
        QJsonObject result = members;
        result["kind"] = "openai-compatible";
        result["base_url"] = m_upstream.url() + "/v1";
        result["retry"] = QJsonObject{{"attempts", 0}};
        if (!keys.isEmpty()) result["keys"] = keys;
        return result;
    }

    static QJsonObject priced(double input, double output)
    {
        return {{"models", QJsonObject{{"shared", QJsonObject{{"price", QJsonObject{{"input", input},
                                                                                    {"output", output}}}}}}}};
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_upstream.start());
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        const QJsonObject providers{
            {"heavy", provider({keyOf("sk-one"), keyOf("sk-three", 3)})},
            {"refused", provider({keyOf("sk-bad-1")})},
            {"limited", provider({keyOf("sk-limited")})},
            {"good", provider({keyOf("sk-good")})},
            {"dear", provider({}, priced(3, 15))},
            {"cheap", provider({}, priced(1, 5))},
            {"home", provider({}, {{"local", true},
                                   {"models", QJsonObject{{"own", QJsonObject{{"context", 4096}}}}}})}};
        QJsonObject key = m_gateway->configuration()["keys"].toObject()["test"].toObject();
        key["tags"] = QJsonArray{"team-a", "night"};
        const QJsonObject narrow{
            {"sha256",
             QString::fromLatin1(QCryptographicHash::hash("tp-narrow", QCryptographicHash::Sha256).toHex())},
            {"models", QJsonArray{"shared"}}};
        const auto route = [](const QJsonArray& targets) { return QJsonObject{{"targets", targets}}; };
        m_gateway->configure(
            {{"providers", providers},
             {"keys", QJsonObject{{"test", key}, {"narrow", narrow}}},
             {"routes",
              QJsonObject{
                  {"past-refused", route({target("refused", "mock"), target("good", "mock")})},
                  {"past-limited", route({target("limited", "mock:status:429:60"), target("good", "mock")})},
                  {"only-refused", route({target("refused", "mock")})},
                  {"both", route({target("dear", "shared"), target("cheap", "shared")})}}}});
        QVERIFY2(m_gateway->start(), m_gateway->errors());
    }

    void init() { m_upstream.reset(); }

    void sharesCallsByTheKeysWeights()
    {
        constexpr int kCalls = 200;
        for (int i = 0; i < kCalls; ++i)
            QCOMPARE(askFor("heavy/mock").status, 200);
        QMap<QByteArray, int> count;
        for (const QByteArray& key : keysUsed())
            ++count[key];
        // Expected are 50 and 150; six times the deviation away is never chance.
        QVERIFY2(count["sk-one"] > 13 && count["sk-one"] < 87, QByteArray::number(count["sk-one"]));
        QCOMPARE(count["sk-one"] + count["sk-three"], kCalls);
    }

    void keepsASessionOnItsKey()
    {
        QSet<QByteArray> keys;
        for (int session = 0; session < 20; ++session) {
            m_upstream.reset();
            const QByteArray name = "session-" + QByteArray::number(session);
            for (int turn = 0; turn < 5; ++turn)
                QCOMPARE(askFor("heavy/mock", {}, {{"x-turnpike-session", name}}).status, 200);
            const auto used = keysUsed();
            QCOMPARE(QSet<QByteArray>(used.begin(), used.end()).size(), 1);
            keys.insert(used.first());
        }
        QCOMPARE(keys.size(), 2);
    }

    void triesTargetsThatAreSetAsideLast_data()
    {
        QTest::addColumn<QByteArray>("route");
        QTest::newRow("refused") << QByteArray("past-refused");
        QTest::newRow("rate-limited") << QByteArray("past-limited");
    }

    void triesTargetsThatAreSetAsideLast()
    {
        QFETCH(QByteArray, route);
        QCOMPARE(askFor(route).header("x-turnpike-attempts"), QByteArray("2"));
        for (int i = 0; i < 3; ++i) {
            const HttpReply reply = askFor(route);
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("1"));
            QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("good"));
        }
    }

    void triesWhatIsSetAsideWhenNothingElseIsLeft()
    {
        for (int i = 0; i < 3; ++i)
            QCOMPARE(openAiFault(askFor("only-refused"), 502, "provider_auth_failed"), QByteArray());
        QCOMPARE(keysUsed().size(), 3);
    }

    void honoursSuffixes_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("provider"); // empty: nobody
        QTest::newRow("cheapest of those that serve it") << QByteArray("shared:floor") << QByteArray("cheap");
        QTest::newRow("cheapest of a route") << QByteArray("both:floor") << QByteArray("cheap");
        QTest::newRow("a route as it is") << QByteArray("both") << QByteArray("dear");
        QTest::newRow("nobody for free") << QByteArray("shared:free") << QByteArray();
        QTest::newRow("free at home") << QByteArray("own:free") << QByteArray("home");
        QTest::newRow("a provider's own name") << QByteArray("good/mock:free") << QByteArray("good");
        QTest::newRow("unknown") << QByteArray("no-such-model:floor") << QByteArray();
    }

    void honoursSuffixes()
    {
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, provider);
        const HttpReply reply = askFor(model);
        if (provider.isEmpty()) {
            QCOMPARE(openAiFault(reply, 404, "model_not_found"), QByteArray());
            return;
        }
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), provider);
    }

    void honoursProviderPreferences_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("wish");
        QTest::addColumn<QByteArray>("provider"); // empty: nobody
        const auto row = [](const char* model, const char* wish, const char* provider) {
            QTest::addRow("%s %s", model, wish)
                << QByteArray(model) << QByteArray(wish) << QByteArray(provider);
        };
        row("shared", "{}", "cheap");
        row("shared", R"({"order":["nobody","Dear"]})", "dear");
        row("shared", R"({"only":["dear/turbo"]})", "dear");
        row("shared", R"({"ignore":["cheap"]})", "dear");
        row("shared", R"({"only":["nobody"]})", "");
        row("shared", R"({"order":["nobody"],"allow_fallbacks":false})", "");
        row("shared", R"({"sort":"price","order":null})", "cheap");
        row("both", "{}", "dear");
        row("both", R"({"sort":"price"})", "cheap");
        row("both", R"({"sort":{"by":"price"},"allow_fallbacks":false})", "cheap");
        row("both", R"({"ignore":["dear"]})", "cheap");
        row("both", R"({"max_price":{"prompt":2}})", "cheap");
        row("both", R"({"max_price":{"prompt":"3","completion":15}})", "dear");
        row("both", R"({"max_price":{"completion":1}})", "");
        // The provider is named, so there is nothing to choose.
        row("good/mock", R"({"only":["cheap"]})", "good");
    }

    void honoursProviderPreferences()
    {
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, wish);
        QFETCH(QByteArray, provider);
        const HttpReply reply = askFor(model, ",\"provider\":" + wish);
        if (provider.isEmpty()) {
            QCOMPARE(openAiFault(reply, 404, "model_not_found"), QByteArray());
            QCOMPARE(errorParam(reply), QByteArray("provider"));
            return;
        }
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), provider);
        QVERIFY(!m_upstream.requests().last()["body"].toString().contains("\"provider\""));
    }

    void keepsDataAwayWhereTheBodySaysSo()
    {
        for (const char* wish : {R"({"data_collection":"deny"})", R"({"zdr":true})"})
            QCOMPARE(openAiFault(askFor("shared", QByteArray(",\"provider\":") + wish), 403, "data_policy"),
                     QByteArray());
        QCOMPARE(askFor("own", R"(,"provider":{"zdr":true})").header("x-turnpike-provider"),
                 QByteArray("home"));
        for (const char* wrong : {R"({"order":"dear"})", R"({"only":[1]})", R"({"sort":"best"})",
                                  R"({"zdr":1})", R"({"max_price":{"prompt":"much"}})",
                                  R"({"max_price":{"completion":-1}})", R"({"require_parameters":"yes"})"})
            QCOMPARE(
                openAiFault(askFor("shared", QByteArray(",\"provider\":") + wrong), 400, "invalid_request"),
                QByteArray());
    }

    void keepsTheListOfModelsToItself()
    {
        const HttpReply reply = askFor("no-such-model", R"(,"models":["shared","good/mock"])");
        QCOMPARE(reply.status, 200);
        const QJsonObject sent = jsonOf(m_upstream.requests().last()["body"].toString().toUtf8());
        QCOMPARE(sent["model"].toString(), QString("shared"));
        QVERIFY(!sent.contains(QLatin1String("models")));
    }

    void allowsSuffixesOfAllowedNames()
    {
        const HttpReply reply = http(m_gateway->port(), "POST", "/v1/chat/completions",
                                     {{"x-api-key", "tp-narrow"}}, bodyOf({Shape::OpenAi, "shared:floor"}));
        QCOMPARE(reply.status, 200);
        QCOMPARE(openAiFault(http(m_gateway->port(), "POST", "/v1/chat/completions",
                                  {{"x-api-key", "tp-narrow"}}, bodyOf({Shape::OpenAi, "both:floor"})),
                             403, "model_not_allowed"),
                 QByteArray());
    }

    void showsTheContextOfItsOwnModels()
    {
        const HttpReply reply =
            http(m_gateway->port(), "GET", "/api/v1/models", {{"x-api-key", GatewayProcess::kKey}});
        for (const QJsonValue& model : jsonOf(reply.body)["data"].toArray()) {
            if (model["id"].toString() == QLatin1String("own"))
                QCOMPARE(model["context_length"].toInt(), 4096);
        }
        QVERIFY(reply.body.contains("4096"));
    }

    void prefersTheFastestBySuffix()
    {
        GatewayProcess fresh; // which has measured nobody yet
        fresh.configure(m_gateway->configuration());
        QVERIFY2(fresh.start(), fresh.errors());
        const auto fastest = [&fresh] {
            return ask(fresh.port(), {Shape::OpenAi, "both:nitro"}).header("x-turnpike-provider");
        };
        QCOMPARE(ask(fresh.port(), {Shape::OpenAi, "cheap/shared"}).status, 200);
        // Known to be of some speed goes before not known at all; else the order is the configuration's.
        QCOMPARE(fastest(), QByteArray("cheap"));
    }

    void refusesADestinationInTheRequest_data()
    {
        QTest::addColumn<QByteArray>("extra");
        QTest::addColumn<HeaderList>("headers");
        QTest::addColumn<QByteArray>("param");
        for (const char* key : {"api_base", "base_url", "api_key"})
            QTest::newRow(key) << QByteArray(",\"") + key + "\":\"http://evil.test\"" << HeaderList{}
                               << QByteArray(key);
        QTest::newRow("header") << QByteArray() << HeaderList{{"x-portkey-custom-host", "http://evil.test"}}
                                << QByteArray("x-portkey-custom-host");
    }

    void refusesADestinationInTheRequest()
    {
        QFETCH(QByteArray, extra);
        QFETCH(HeaderList, headers);
        QFETCH(QByteArray, param);
        const HttpReply reply = askFor("good/mock", extra, headers);
        QCOMPARE(openAiFault(reply, 400, "invalid_request"), QByteArray());
        QCOMPARE(jsonOf(reply.body)["error"].toObject()["param"].toString(), QString(param));
        const HttpReply other =
            ask(m_gateway->port(), {Shape::Anthropic, "good/mock", false, false, headers, extra});
        QCOMPARE(anthropicFault(other, 400, "invalid_request"), QByteArray());
        QCOMPARE(m_upstream.requests().size(), 0);
    }

    void tellsClientsNotToRepeatWhatHasNoCredit()
    {
        const HttpReply reply = askFor("good/mock:quota");
        QCOMPARE(reply.status, 429);
        QCOMPARE(reply.header("x-should-retry"), QByteArray("false"));
        QVERIFY(reply.body.contains("insufficient_quota"));
        const HttpReply translated = ask(m_gateway->port(), {Shape::Anthropic, "good/mock:quota"});
        QCOMPARE(translated.status, 429);
        QCOMPARE(translated.header("x-should-retry"), QByteArray("false"));
        QVERIFY(askFor("good/mock:status:429").header("x-should-retry").isEmpty());
    }

    void costsWhatTheClientSays()
    {
        const HttpReply reply = askFor(
            "cheap/shared", {}, {{"cf-aig-custom-cost", R"({"per_token_in":0.001,"per_token_out":0.01})"}});
        // 16 tokens in and 7 out.
        QCOMPARE(reply.header("x-turnpike-cost-usd"), QByteArray("0.086"));
    }

    void logsTheKeysTags()
    {
        const HttpReply reply = askFor("good/mock", {}, {{"x-turnpike-tags", "mine, night"}});
        QCOMPARE(reply.status, 200);
        QJsonArray tags;
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     for (const QJsonValue& row : m_gateway->rows(1)) {
                                         if (row["id"].toString() == reply.header("x-request-id"))
                                             tags = row["tags"].toArray();
                                     }
                                     return !tags.isEmpty();
                                 })(),
                                 5'000);
        QCOMPARE(tags, (QJsonArray{"team-a", "night", "mine"}));
    }
};

QTEST_GUILESS_MAIN(RoutingTest)
#include "routing_test.moc"
