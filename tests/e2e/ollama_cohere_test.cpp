// SPDX-License-Identifier: GPL-3.0-or-later
// Clients of Ollama and Cohere at providers that speak OpenAI's and Anthropic's words.
#include <memory>

#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr const char* kTools =
    R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}])";

QList<QJsonObject> linesOf(const QByteArray& body)
{
    QList<QJsonObject> lines;
    for (const QByteArray& line : body.split('\n')) {
        if (!line.isEmpty()) lines.append(jsonOf(line));
    }
    return lines;
}

QList<QJsonObject> eventsOf(const QByteArray& body)
{
    QList<QJsonObject> events;
    for (const QByteArray& line : body.split('\n')) {
        if (line.startsWith("data: {")) events.append(jsonOf(line.mid(6)));
    }
    return events;
}

} // namespace

class OllamaCohereTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void answersOllamasChat_data() { addProviders(); }
    void answersOllamasChat();
    void streamsOllamasToolCall_data() { addProviders(); }
    void streamsOllamasToolCall();
    void finishesOllamasToolTurn_data() { addProviders(); }
    void finishesOllamasToolTurn();
    void answersOllamasPrompt();
    void endsOllamasStreamWithItsError();
    void saysErrorsAsOllamaDoes();
    void listsModelsAsOllamaDoes();
    void loadsWhatNeedsNoLoading();
    void showsWhatAModelCan();
    void tellsItsVersion();
    void answersCoheresChat_data() { addProviders(); }
    void answersCoheresChat();
    void streamsCoheresToolCall_data() { addProviders(); }
    void streamsCoheresToolCall();
    void endsCoheresStreamWithItsError();
    void needsAKey_data();
    void needsAKey();

private:
    static void addProviders()
    {
        QTest::addColumn<QByteArray>("provider");
        QTest::newRow("OpenAI") << QByteArray("lab");
        QTest::newRow("Anthropic") << QByteArray("ant");
    }
    [[nodiscard]] HttpReply call(const QByteArray& method, const QByteArray& target,
                                 const QByteArray& body = {}) const
    {
        return http(m_gateway->port(), method, target, {{"x-api-key", GatewayProcess::kKey}}, body);
    }
    [[nodiscard]] HttpReply chat(const QByteArray& target, const QByteArray& model,
                                 const QByteArray& members = {}) const
    {
        return call("POST", target,
                    R"({"model":")" + model + R"(","messages":[{"role":"user","content":"hi"}])" + members +
                        "}");
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void OllamaCohereTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    m_gateway->configure(
        {{"routes",
          QJsonObject{{"smart", QJsonObject{{"targets", QJsonArray{QJsonObject{{"provider", "lab"},
                                                                               {"model", "mock"}}}}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void OllamaCohereTest::answersOllamasChat()
{
    QFETCH(QByteArray, provider);
    for (const char* target : {"/api/chat", "/ollama/api/chat"}) {
        const HttpReply reply = chat(target, provider + "/mock", R"(,"stream":false)");
        QVERIFY2(reply.status == 200, reply.body);
        const QJsonObject answer = jsonOf(reply.body);
        QCOMPARE(answer["message"]["content"].toString(), QString("Hello from the fake upstream."));
        QCOMPARE(answer["message"]["role"].toString(), QString("assistant"));
        QCOMPARE(answer["done"].toBool(), true);
        QCOMPARE(answer["done_reason"].toString(), QString("stop"));
        QVERIFY(answer["prompt_eval_count"].toInt() >= 16);
        QCOMPARE(answer["eval_count"].toInt(), 7);
        QVERIFY(answer["total_duration"].toDouble() > 0);
    }
}

void OllamaCohereTest::streamsOllamasToolCall()
{
    QFETCH(QByteArray, provider);
    const HttpReply reply = chat("/api/chat", provider + "/mock", kTools);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("content-type"), QByteArray("application/x-ndjson"));
    const QList<QJsonObject> lines = linesOf(reply.body);
    QVERIFY(lines.size() >= 2);
    QJsonArray calls;
    for (const QJsonObject& line : lines) {
        for (const QJsonValue& each : line["message"]["tool_calls"].toArray())
            calls.append(each);
        QCOMPARE(line["done"].toBool(), &line == &lines.last());
    }
    QCOMPARE(calls.size(), 1);
    QCOMPARE(calls.at(0)["function"]["name"].toString(), QString("weather"));
    QCOMPARE(calls.at(0)["function"]["arguments"].toObject(), (QJsonObject{{"city", "Paris"}}));
    QCOMPARE(lines.last()["eval_count"].toInt(), 7);
}

void OllamaCohereTest::finishesOllamasToolTurn()
{
    QFETCH(QByteArray, provider);
    const QByteArray body = R"({"model":")" + provider +
                            R"(/mock","stream":false,"messages":[{"role":"user","content":"hi"},
           {"role":"assistant","content":"","tool_calls":[{"function":{"name":"weather","arguments":{"city":"Paris"}}}]},
           {"role":"tool","tool_name":"weather","content":"sunny"}])" +
                            kTools + "}";
    const HttpReply reply = call("POST", "/api/chat", body);
    QVERIFY2(reply.status == 200, reply.body);
    QVERIFY(!jsonOf(reply.body).value("message")["content"].toString().isEmpty());
    QVERIFY(jsonOf(reply.body).value("message")["tool_calls"].toArray().isEmpty());
}

void OllamaCohereTest::answersOllamasPrompt()
{
    const QByteArray body = R"({"model":"lab/mock","prompt":"hi","system":"Be short."})";
    const QList<QJsonObject> lines = linesOf(call("POST", "/api/generate", body).body);
    QString text;
    for (const QJsonObject& line : lines)
        text += line["response"].toString();
    QCOMPARE(text, QString("Hello from the fake upstream."));
    QCOMPARE(lines.last()["done"].toBool(), true);
    const QJsonArray messages =
        jsonOf(m_upstream.requests().last()["body"].toString().toUtf8())["messages"].toArray();
    QCOMPARE(messages.size(), 2);
    QCOMPARE(messages[0]["role"].toString(), QString("system"));
}

void OllamaCohereTest::endsOllamasStreamWithItsError()
{
    const QList<QJsonObject> lines = linesOf(chat("/api/chat", "lab/mock:error-stream:3").body);
    QVERIFY(lines.last()["error"].isString());
    QCOMPARE(lines.last()["code"].toString(), QString("upstream_error"));
    for (const QJsonObject& line : lines)
        QVERIFY(!line["done"].toBool());
}

void OllamaCohereTest::saysErrorsAsOllamaDoes()
{
    const HttpReply unknown = chat("/api/chat", "no-such-model");
    QCOMPARE(unknown.status, 404);
    QCOMPARE(jsonOf(unknown.body).keys(), (QStringList{"code", "error"}));
    QCOMPARE(jsonOf(unknown.body)["code"].toString(), QString("model_not_found"));
    QCOMPARE(call("POST", "/api/chat", "{").status, 400);
    const HttpReply method = call("GET", "/api/chat");
    QCOMPARE(method.status, 405);
    QCOMPARE(jsonOf(method.body)["code"].toString(), QString("method_not_allowed"));
}

void OllamaCohereTest::listsModelsAsOllamaDoes()
{
    for (const char* target : {"/api/tags", "/ollama/api/tags"}) {
        QStringList names;
        for (const QJsonValue& model : jsonOf(call("GET", target).body)["models"].toArray()) {
            names.append(model["name"].toString());
            QCOMPARE(model["model"].toString(), names.last());
            QCOMPARE(model["digest"].toString().size(), 64);
            QVERIFY(model["details"].isObject() && model["modified_at"].isString() &&
                    model["size"].isDouble());
        }
        QVERIFY2(names.contains("smart:latest") && names.contains("sandbox/echo:latest"),
                 qPrintable(names.join(' ')));
    }
    // Whatever is listed can be asked for by that name.
    QCOMPARE(call("POST", "/api/show", R"({"model":"smart:latest"})").status, 200);
    QCOMPARE(call("POST", "/api/chat",
                  R"({"model":"sandbox/echo:latest","messages":[{"role":"user","content":"Hi"}]})")
                 .status,
             200);
    QCOMPARE(call("GET", "/api/ps").body, QByteArray(R"({"models":[]})"));
}

/// `ollama run MODEL` begins with a request without a message.
void OllamaCohereTest::loadsWhatNeedsNoLoading()
{
    m_upstream.reset();
    const auto loaded = [this](const char* target, const QByteArray& body) {
        const HttpReply reply = call("POST", target, body);
        const QJsonObject answer = jsonOf(reply.body);
        return reply.status == 200 && answer["done"].toBool() ? answer["done_reason"].toString()
                                                              : QString(reply.body);
    };
    for (const char* model : {"ant/mock", "lab/mock", "sandbox/echo"}) {
        const QByteArray name = QByteArray(R"({"model":")") + model + '"';
        QCOMPARE(loaded("/api/chat", name + "}"), QString("load"));
        QCOMPARE(loaded("/api/chat", name + R"(,"messages":[],"keep_alive":0})"), QString("unload"));
        QCOMPARE(loaded("/api/generate", name + R"(,"prompt":""})"), QString("load"));
    }
    QCOMPARE(m_upstream.requests().size(), 0);
}

void OllamaCohereTest::showsWhatAModelCan()
{
    const QJsonObject known = jsonOf(call("POST", "/api/show", R"({"model":"ant/claude-sonnet-4-5"})").body);
    const QJsonArray capabilities = known["capabilities"].toArray();
    for (const char* name : {"completion", "tools", "vision"})
        QVERIFY2(capabilities.contains(QJsonValue(name)), name);
    const QString family = known["model_info"]["general.architecture"].toString();
    QVERIFY(known["model_info"].toObject()[family + ".context_length"].toInt() >= 100'000);
    QVERIFY(known["details"].isObject());
    const QJsonObject route = jsonOf(call("POST", "/api/show", R"({"name":"smart"})").body);
    QVERIFY(route["capabilities"].toArray().contains(QJsonValue("tools")));
    const HttpReply unknown = call("POST", "/api/show", R"({"model":"no-such-model"})");
    QCOMPARE(unknown.status, 404);
    QCOMPARE(jsonOf(unknown.body)["code"].toString(), QString("model_not_found"));
    for (const char* body : {"{}", "[]", "", R"({"model":7})"})
        QCOMPARE(call("POST", "/api/show", body).status, 400);
    QCOMPARE(call("GET", "/api/show").status, 405);
    QCOMPARE(http(m_gateway->port(), "POST", "/api/show",
                  {{"x-api-key", GatewayProcess::kKey}, {"Content-Type", "text/plain"}}, "{}")
                 .status,
             415);
    QCOMPARE(call("POST", "/api/show", QByteArray(100'000, ' ')).status, 413);
}

void OllamaCohereTest::tellsItsVersion()
{
    const QStringList parts = jsonOf(call("GET", "/api/version").body)["version"].toString().split('.');
    QCOMPARE(parts.size(), 3);
    // Editors refuse servers before 0.6.4.
    QVERIFY(parts[0].toInt() > 0 || parts[1].toInt() > 6);
}

void OllamaCohereTest::answersCoheresChat()
{
    QFETCH(QByteArray, provider);
    const HttpReply reply = chat("/v2/chat", provider + "/mock", R"(,"max_tokens":50)");
    QVERIFY2(reply.status == 200, reply.body);
    const QJsonObject answer = jsonOf(reply.body);
    QCOMPARE(answer["message"]["content"][0]["text"].toString(), QString("Hello from the fake upstream."));
    QCOMPARE(answer["finish_reason"].toString(), QString("COMPLETE"));
    QCOMPARE(answer["usage"]["billed_units"]["output_tokens"].toInt(), 7);
}

void OllamaCohereTest::streamsCoheresToolCall()
{
    QFETCH(QByteArray, provider);
    const HttpReply reply = chat("/v2/chat", provider + "/mock", QByteArray(R"(,"stream":true)") + kTools);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("content-type"), QByteArray("text/event-stream"));
    const QList<QJsonObject> events = eventsOf(reply.body);
    QCOMPARE(events.first()["type"].toString(), QString("message-start"));
    QCOMPARE(events.last()["type"].toString(), QString("message-end"));
    QCOMPARE(events.last()["delta"]["finish_reason"].toString(), QString("TOOL_CALL"));
    QString name;
    QString arguments;
    for (const QJsonObject& event : events) {
        const QJsonValue function = event["delta"]["message"]["tool_calls"]["function"];
        name += function["name"].toString();
        arguments += function["arguments"].toString();
    }
    QCOMPARE(name, QString("weather"));
    QCOMPARE(jsonOf(arguments.toUtf8()), (QJsonObject{{"city", "Paris"}}));
    QVERIFY(reply.body.endsWith("data: [DONE]\n\n"));
}

void OllamaCohereTest::endsCoheresStreamWithItsError()
{
    const QList<QJsonObject> events =
        eventsOf(chat("/v2/chat", "lab/mock:error-stream:3", R"(,"stream":true)").body);
    QCOMPARE(events.last()["delta"]["finish_reason"].toString(), QString("ERROR"));
    QCOMPARE(events.last()["delta"]["code"].toString(), QString("upstream_error"));
}

void OllamaCohereTest::needsAKey_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    for (const char* target : {"/api/tags", "/api/version", "/api/ps", "/ollama/api/version"})
        QTest::newRow(target) << QByteArray("GET") << QByteArray(target);
    for (const char* target : {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/api/show"})
        QTest::newRow(target) << QByteArray("POST") << QByteArray(target);
}

void OllamaCohereTest::needsAKey()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    const HttpReply reply = http(m_gateway->port(), method, target, {}, method == "POST" ? "{}" : "");
    QCOMPARE(reply.status, 401);
    QCOMPARE(jsonOf(reply.body)["code"].toString(), QString("invalid_api_key"));
    QVERIFY(jsonOf(reply.body)["error"].isString());
}

QTEST_GUILESS_MAIN(OllamaCohereTest)
#include "ollama_cohere_test.moc"
