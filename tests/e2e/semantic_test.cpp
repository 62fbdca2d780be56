// SPDX-License-Identifier: GPL-3.0-or-later
// Routes that go by what is asked for, as a client asks them, and as a dry run explains them.
#include <memory>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/dry_run.h"

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const QString& provider, const QJsonObject& more = {})
{
    QJsonObject made = more;
    made["provider"] = provider;
    made["model"] = "mock";
    return made;
}

QJsonObject examples(const QStringList& texts)
{
    return {{"examples", QJsonArray::fromStringList(texts)}};
}

const QStringList kCode{"Why does this function return null?", "Fix the segmentation fault in my program",
                        "Write a unit test for this class", "How do I reverse a linked list in Python?"};
const QStringList kTranslation{"Translate this letter into French", "What is the Spanish word for butterfly?",
                               "How do you say good morning in Japanese?",
                               "What does this Italian sentence mean?"};
const QStringList kCooking{"How do I cook rice?", "Give me a recipe for dinner",
                           "What can I bake with apples?"};

QJsonObject route(const QString& strategy, const QJsonArray& targets, const QJsonObject& more = {})
{
    QJsonObject made = more;
    made["strategy"] = strategy;
    made["targets"] = targets;
    made["retry"] = QJsonObject{{"attempts", 0}};
    return made;
}

QJsonObject routes()
{
    const QJsonArray three{target("a", examples(kCode)), target("b", examples(kTranslation)), target("c")};
    return {
        {"meant", route("semantic", three)},
        {"described", route("semantic",
                            {target("c"),
                             target("a", {{"description", "Translates texts into "
                                                          "other languages"}}),
                             target("b", {{"description", "Recipes and cooking"}})},
                            {{"semantic", QJsonObject{{"threshold", 0.3}}}})},
        {"strict", route("semantic", three, {{"semantic", QJsonObject{{"threshold", 0.99}}}})},
        {"nested",
         route("semantic", {QJsonObject{{"route", "turns"}, {"examples", QJsonArray::fromStringList(kCode)}},
                            target("c")})},
        {"turns", route("round_robin", {target("a"), target("b")})},
        // Turns come before it is known that a route within goes by meaning.
        {"outer", route("round_robin", {target("c"), QJsonObject{{"route", "meant"}}})},
        {"falling", route("priority", {QJsonObject{{"provider", "c"}, {"model", "mock:status:503"}}},
                          {{"fallbacks", QJsonObject{{"overloaded", "meant"}}}})},
        {"effort", route("conditional",
                         {target("a", {{"when", QJsonObject{{"complexity", "simple"}}}}),
                          target("b", {{"when", QJsonObject{{"complexity", "reasoning"}}}}), target("c")})},
        {"plain", route("priority", {target("c")})}};
}

QByteArray bodyFor(const QByteArray& model, const QString& text, bool stream = false)
{
    QJsonObject body{{"model", QString::fromUtf8(model)},
                     {"max_tokens", 50},
                     {"messages", QJsonArray{QJsonObject{{"role", "user"}, {"content", "Hello."}},
                                             QJsonObject{{"role", "assistant"}, {"content", "Hi."}},
                                             QJsonObject{{"role", "user"}, {"content", text}}}}};
    if (stream) body["stream"] = true;
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

} // namespace

class SemanticTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void goesWhereItBelongs_data();
    void goesWhereItBelongs();
    void looksAtTheLastMessageOfEachDialect();
    void saysHowAlikeTheTargetsWere();
    void takesOneTurnForEachRequest();
    void goesByMeaningAfterAFailureToo();
    void takesTheDefaultWhereNothingIsSaid();
    void answersWhileItTellsTheExamples();
    void goesByHowMuchIsAsked();
    void goesByExamplesThatAreNew();

private:
    [[nodiscard]] HttpReply sent(const QByteArray& body, const QByteArray& path = "/v1/chat/completions",
                                 const HeaderList& more = {}) const
    {
        HeaderList headers = more;
        headers.emplaceBack("Authorization", QByteArray("Bearer ") + GatewayProcess::kKey);
        return http(m_gateway->port(), "POST", path, headers, body);
    }
    [[nodiscard]] QByteArray providerOf(const QByteArray& model, const QString& text,
                                        bool stream = false) const
    {
        const HttpReply reply = sent(bodyFor(model, text, stream));
        return reply.status == 200 ? reply.header("x-turnpike-provider") : reply.body;
    }
    [[nodiscard]] QJsonObject decisionOf(const QByteArray& body) const
    {
        const HttpReply reply = sent(body, "/v1/chat/completions", {{"x-turnpike-explain", "true"}});
        return QJsonDocument::fromJson(reply.header("x-turnpike-decision")).object();
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    gateway::ParsedConfig m_config;
};

void SemanticTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const QJsonObject lab = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    m_gateway->configure(
        {{"providers", QJsonObject{{"a", lab}, {"b", lab}, {"c", lab}}}, {"routes", routes()}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    m_config = gateway::parseConfig(QJsonDocument(m_gateway->configuration()).toJson().toStdString());
    QVERIFY(m_config.usable());
}

void SemanticTest::goesWhereItBelongs_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("provider");
    const auto row = [](const char* name, const char* text, const char* provider,
                        const char* routed = "meant") {
        QTest::newRow(name) << QByteArray(routed) << QString::fromUtf8(text) << QByteArray(provider);
    };
    row("code", "Why does my Python function return null?", "a");
    row("more code", "Fix this segmentation fault", "a");
    row("translation", "Translate this sentence into French", "b");
    row("more translation", "How do you say thank you in Japanese?", "b");
    row("something else", "Who won the football match yesterday?", "c");
    row("a greeting", "hi", "c");
    row("another language", "Wie wird das Wetter morgen in Hamburg?", "c");
    row("by description", "Please translate this text into German", "a", "described");
    row("by another description", "Show me recipes for cooking pasta", "b", "described");
    row("by no description", "Why is the sky blue?", "c", "described");
    row("a threshold that nothing meets", "Fix this segmentation fault", "c", "strict");
    row("no route within", "Who won the football match yesterday?", "c", "nested");
}

void SemanticTest::goesWhereItBelongs()
{
    QFETCH(QByteArray, route);
    QFETCH(QString, text);
    QFETCH(QByteArray, provider);
    QCOMPARE(providerOf(route, text), provider);
    QCOMPARE(providerOf(route, text, true), provider);
    const auto said = gateway::dryRun(m_config.config, m_gateway->folder().toStdString(),
                                      bodyFor(route, text).toStdString(), {});
    QVERIFY(said);
    QCOMPARE(QByteArray::fromStdString(said->choices.front().provider), provider);
}

void SemanticTest::looksAtTheLastMessageOfEachDialect()
{
    const QByteArray claude = R"({"model":"meant","max_tokens":50,"messages":[{"role":"user","content":)"
                              R"([{"type":"text","text":"Translate this sentence into French"}]}]})";
    QCOMPARE(
        sent(claude, "/v1/messages", {{"anthropic-version", "2023-06-01"}}).header("x-turnpike-provider"),
        QByteArray("b"));
    const QByteArray gemini =
        R"({"contents":[{"role":"user","parts":[{"text":"Fix this segmentation fault"}]}]})";
    QCOMPARE(sent(gemini, "/v1beta/models/meant:generateContent").header("x-turnpike-provider"),
             QByteArray("a"));
}

void SemanticTest::saysHowAlikeTheTargetsWere()
{
    const QString asked = "Translate this sentence into French";
    const QJsonObject step = decisionOf(bodyFor("meant", asked))["steps"][0].toObject();
    QCOMPARE(step["strategy"].toString(), QString("semantic"));
    const QJsonArray targets = step["targets"].toArray();
    QCOMPARE(targets.size(), 3);
    QCOMPARE(targets[0]["name"].toString(), QString("b/mock"));
    QVERIFY(targets[0]["score"].toDouble() > 0.45);
    QVERIFY(targets[0]["score"].toDouble() > targets[1]["score"].toDouble());
    QVERIFY(!targets[2].toObject().contains("score")); // the default has no likeness
    QVERIFY(!step.contains("why"));
    const auto said = gateway::dryRun(m_config.config, m_gateway->folder().toStdString(),
                                      bodyFor("meant", asked).toStdString(), {});
    QVERIFY(said);
    for (int place = 0; place < 2; ++place)
        QCOMPARE(*said->steps.front().targets[std::size_t(place)].score, targets[place]["score"].toDouble());
    const QJsonObject other = decisionOf(bodyFor("strict", asked))["steps"][0].toObject();
    QCOMPARE(other["why"].toString(), QString("no target is like enough"));
    QCOMPARE(other["targets"][0]["name"].toString(), QString("c/mock"));
}

void SemanticTest::takesOneTurnForEachRequest()
{
    const QString code = "Fix this segmentation fault";
    QMap<QByteArray, int> shares;
    for (int i = 0; i < 6; ++i)
        ++shares[providerOf("nested", code)];
    QCOMPARE(shares, (QMap<QByteArray, int>{{"a", 3}, {"b", 3}}));
    shares.clear();
    for (int i = 0; i < 6; ++i)
        ++shares[providerOf("outer", code)];
    QCOMPARE(shares, (QMap<QByteArray, int>{{"a", 3}, {"c", 3}}));
}

void SemanticTest::goesByMeaningAfterAFailureToo()
{
    QCOMPARE(providerOf("falling", "Translate this sentence into French"), QByteArray("b"));
    QCOMPARE(providerOf("falling", "Why does my Python function return null?"), QByteArray("a"));
}

void SemanticTest::takesTheDefaultWhereNothingIsSaid()
{
    const HttpReply reply =
        sent(R"({"model":"meant","input":"Fix this segmentation fault"})", "/v1/embeddings");
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("c"));
    QCOMPARE(providerOf("meant", " \n "), QByteArray("c"));
}

void SemanticTest::answersWhileItTellsTheExamples()
{
    GatewayProcess busy(m_upstream.url());
    const QJsonObject lab = busy.configuration()["providers"].toObject()["lab"].toObject();
    QStringList many = kCode;
    for (int i = 0; i < 90; ++i)
        many << QString("Debug the crash of module %1 in my program").arg(i);
    busy.configure(
        {{"providers", QJsonObject{{"a", lab}, {"c", lab}}},
         {"routes", QJsonObject{{"meant", route("semantic", {target("a", examples(many)), target("c")})},
                                {"plain", route("priority", {target("c")})}}}});
    QVERIFY2(busy.start(), busy.errors());
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}};
    const auto asked = [&](const char* model) {
        return http(busy.port(), "POST", "/v1/chat/completions", headers, bodyFor(model, "Debug this crash"))
            .header("x-turnpike-provider");
    };
    QCOMPARE(asked("plain"), QByteArray("c"));
    QCOMPARE(asked("meant"), QByteArray("a"));
}

void SemanticTest::goesByHowMuchIsAsked()
{
    QCOMPARE(providerOf("effort", "What is the capital of France?"), QByteArray("a"));
    QCOMPARE(providerOf("effort", "Prove that the square root of two is irrational."), QByteArray("b"));
    QCOMPARE(providerOf("effort", "Write a Python function that reverses a string and returns it"),
             QByteArray("c"));
    const QByteArray claude =
        R"({"model":"effort","max_tokens":50,"messages":[{"role":"user","content":"hi"}]})";
    QCOMPARE(
        sent(claude, "/v1/messages", {{"anthropic-version", "2023-06-01"}}).header("x-turnpike-provider"),
        QByteArray("a"));
}

void SemanticTest::goesByExamplesThatAreNew()
{
    const QString asked = "What can I cook with apples?";
    QCOMPARE(providerOf("meant", asked), QByteArray("c"));
    QJsonObject changed = routes();
    changed["meant"] = route(
        "semantic", {target("a", examples(kCooking)), target("b", examples(kTranslation)), target("c")});
    m_gateway->configure({{"routes", changed}});
    QVERIFY(m_gateway->writeConfig());
    QTRY_COMPARE_WITH_TIMEOUT(providerOf("meant", asked), QByteArray("a"), 10'000);
    QCOMPARE(providerOf("meant", "Translate this sentence into French"), QByteArray("b"));
}

QTEST_GUILESS_MAIN(SemanticTest)
#include "semantic_test.moc"
