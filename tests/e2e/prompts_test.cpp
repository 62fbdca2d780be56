// SPDX-License-Identifier: GPL-3.0-or-later
// What routes and presets add to requests, as providers get it, and answers that guardrails want anew.
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/every_dialect.h"
#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

const HeaderList kHeaders{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                          {"Content-Type", "application/json"}};

QJsonObject textOf(const char* role, const char* text)
{
    return {{"role", role}, {"text", text}};
}

QJsonObject route(const char* provider, const QString& model, const QJsonObject& decorate = {},
                  const QJsonArray& guardrails = {})
{
    QJsonObject all{{"targets", QJsonArray{QJsonObject{{"provider", provider}, {"model", model}}}},
                    {"retry", QJsonObject{{"attempts", 0}}}};
    if (!decorate.isEmpty()) all["decorate"] = decorate;
    if (!guardrails.isEmpty()) all["guardrails"] = guardrails;
    return all;
}

} // namespace

Q_DECLARE_METATYPE(Words)

class PromptsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void decoratesEveryDialect_data();
    void decoratesEveryDialect();
    void nestsAroundTheClientsWords();
    void pinsAndDefaults();
    void servesPresets_data();
    void servesPresets();
    void listsPresets();
    void tellsOfUnknownPresets();
    void holdsPresetsToKeys();
    void marksForTheCache();
    void leavesOtherRequestsAlone();
    void guardsVariables();
    void countsWhatIsAdded();
    void keepsTheDifferenceInTheLog();
    void mendsAnswers_data();
    void mendsAnswers();
    void watchesTools();
    void asksAnewForAnAnswer_data();
    void asksAnewForAnAnswer();

private:
    [[nodiscard]] HttpReply chat(const QByteArray& model, const QByteArray& extra = {},
                                 const HeaderList& headers = {}, const QByteArray& says = "hi") const
    {
        return http(m_gateway->port(), "POST", "/v1/chat/completions", kHeaders + headers,
                    R"({"model":")" + model + R"(","messages":[{"role":"user","content":")" + says +
                        R"("}])" + extra + "}");
    }
    [[nodiscard]] QByteArray lastBody() const
    {
        return m_upstream.requests().last().toObject()["body"].toString().toUtf8();
    }
    [[nodiscard]] QJsonObject lastJson() const { return jsonOf(lastBody()); }
    [[nodiscard]] QJsonObject rowOf(const HttpReply& reply) const;

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void PromptsTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const QJsonObject both{
        {"before", QJsonArray{textOf("system", "Be brief."), textOf("user", "Context: none.")}},
        {"after", QJsonArray{textOf("system", "Be kind."), textOf("user", "Answer in French.")}}};
    const QJsonArray tools{QJsonObject{
        {"type", "function"},
        {"function", QJsonObject{{"name", "look_up"}, {"parameters", QJsonObject{{"type", "object"}}}}}}};
    const QJsonObject says{{"check", "contains"},
                           {"on", "response"},
                           {"action", "block"},
                           {"retries", 2},
                           {"params", QJsonObject{{"words", QJsonArray{"never said"}}}}};
    const QJsonObject json{{"check", "json_schema"},
                           {"on", "response"},
                           {"action", "rewrite"},
                           {"params", QJsonObject{{"schema", QJsonObject{{"required", QJsonArray{"a"}}}}}}};
    const QJsonObject opens{
        {"tool", "open"}, {"decision", "allow"}, {"arguments", QJsonObject{{"*", "/home/.*"}}}};
    const QJsonObject allowed{{"check", "tool_rules"},
                              {"on", "both"},
                              {"action", "block"},
                              {"params", QJsonObject{{"rules", QJsonArray{opens}}}}};
    m_gateway->configure(
        {{"providers", m_gateway->configuration()["providers"]},
         {"routes",
          QJsonObject{
              {"lab-both", route("lab", "mock", both)},
              {"ant-both", route("ant", "mock", both)},
              {"outer",
               QJsonObject{{"targets", QJsonArray{QJsonObject{{"route", "inner"}}}},
                           {"decorate", QJsonObject{{"before", QJsonArray{textOf("system", "outer")}},
                                                    {"after", QJsonArray{textOf("user", "last")}},
                                                    {"pinned", QJsonObject{{"top_p", 0.5}}}}}}},
              {"inner", route("lab", "mock",
                              {{"before", QJsonArray{textOf("system", "inner")}},
                               {"after", QJsonArray{textOf("user", "first")}},
                               {"pinned", QJsonObject{{"top_p", 0.9}}}})},
              {"set", route("lab", "mock",
                            {{"pinned", QJsonObject{{"temperature", 0.1}}},
                             {"defaults", QJsonObject{{"seed", 7}}}})},
              {"cached", route("ant", "mock", {{"cache_prefix", "1h"}})},
              {"cached-lab", route("lab", "mock", {{"cache_prefix", "1h"}})},
              {"named", route("lab", "mock",
                              {{"before", QJsonArray{textOf("system", "For {{metadata.who}}.")}}}, {"hide"})},
              {"never", route("lab", "mock:repeat:4", {}, {"says"})},
              {"mended", route("lab", "mock:repeat:5", {}, {"json"})},
              {"calls", route("lab", "mock:repeat-call:7", {}, {"tools"})},
              {"plain", route("lab", "mock")}}},
         {"guardrails", QJsonObject{{"says", says},
                                    {"json", json},
                                    {"tools", allowed},
                                    {"hide", QJsonObject{{"check", "pii"}, {"action", "mask"}}}}},
         {"aliases", QJsonObject{{"teacher", "preset/coach"}}},
         {"keys", QJsonObject{{"test", m_gateway->configuration()["keys"].toObject().begin().value()}}},
         {"presets",
          QJsonObject{
              {"coach", QJsonObject{{"model", "plain"},
                                    {"system", "You coach {{key}}."},
                                    {"defaults", QJsonObject{{"temperature", 0.3}}},
                                    {"tools", tools}}},
              {"free", QJsonObject{{"model", "sandbox/echo"},
                                   {"after", QJsonArray{textOf("user", "Said on {{weekday}}.")}}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

QJsonObject PromptsTest::rowOf(const HttpReply& reply) const
{
    const QByteArray id = reply.header("x-request-id");
    QJsonObject row;
    [&] {
        QTRY_VERIFY([&] {
            for (const QJsonValue& each : m_gateway->rows()) {
                if (each["id"].toString().toUtf8() == id) row = each.toObject();
            }
            return !row.isEmpty();
        }());
    }();
    return row;
}

void PromptsTest::decoratesEveryDialect_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("model");
    for (const Words words : kAllWords) {
        for (const bool stream : {false, true}) {
            for (const char* model : {"lab-both", "ant-both"})
                QTest::addRow("%d %s %s", static_cast<int>(words), stream ? "streamed" : "whole", model)
                    << words << stream << QByteArray(model);
        }
    }
}

void PromptsTest::decoratesEveryDialect()
{
    QFETCH(Words, words);
    QFETCH(bool, stream);
    QFETCH(QByteArray, model);
    const HttpReply reply = ask(m_gateway->port(), {words, model, stream});
    QCOMPARE(reply.status, 200);
    const QByteArray body = lastBody();
    // All of it, in this order but for Anthropic's system, which stands by itself.
    for (const char* text : {"Be brief.", "Be kind.", "Context: none.", "Answer in French."})
        QVERIFY2(body.count(text) == 1, body.constData());
    QVERIFY2(body.indexOf("Be brief.") < body.indexOf("Be kind."), body.constData());
    QVERIFY2(body.indexOf("Context: none.") < body.indexOf("hi"), body.constData());
    QVERIFY2(body.indexOf("hi") < body.indexOf("Answer in French."), body.constData());
}

void PromptsTest::nestsAroundTheClientsWords()
{
    QCOMPARE(chat("outer").status, 200);
    QStringList said;
    for (const QJsonValue& message : lastJson()["messages"].toArray())
        said += message["content"].toString();
    QCOMPARE(said.join("|"), QString("outer\n\ninner|hi|first\n\nlast"));
    QCOMPARE(lastJson()["top_p"].toDouble(), 0.5);
}

void PromptsTest::pinsAndDefaults()
{
    QCOMPARE(chat("set", R"(,"temperature":1,"seed":9)").status, 200);
    QCOMPARE(lastJson()["temperature"].toDouble(), 0.1);
    QCOMPARE(lastJson()["seed"].toInt(), 9);
    QCOMPARE(chat("set").status, 200);
    QCOMPARE(lastJson()["seed"].toInt(), 7);
    // Another dialect's words for the same.
    QCOMPARE(
        http(m_gateway->port(), "POST", "/v1beta/models/set:generateContent", kHeaders,
             R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{"temperature":1}})")
            .status,
        200);
    QCOMPARE(lastJson()["temperature"].toDouble(), 0.1);
}

void PromptsTest::servesPresets_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("by its name") << QByteArray("preset/coach");
    QTest::newRow("as OpenRouter has it") << QByteArray("@preset/coach");
    QTest::newRow("with another model") << QByteArray("lab/mock@preset/coach");
    QTest::newRow("by an alias") << QByteArray("teacher");
    QTest::newRow("with Ollama's tag") << QByteArray("preset/coach:latest");
}

void PromptsTest::servesPresets()
{
    QFETCH(QByteArray, name);
    QCOMPARE(chat(name).status, 200);
    const QJsonObject body = lastJson();
    QCOMPARE(body["model"].toString(), QString("mock"));
    QCOMPARE(body["messages"][0]["content"].toString(), QString("You coach test."));
    QCOMPARE(body["temperature"].toDouble(), 0.3);
    QCOMPARE(body["tools"][0]["function"]["name"].toString(), QString("look_up"));
}

void PromptsTest::listsPresets()
{
    const HttpReply list = http(m_gateway->port(), "GET", "/v1/models", kHeaders);
    QVERIFY2(list.body.contains("preset/coach"), list.body.constData());
}

void PromptsTest::tellsOfUnknownPresets()
{
    const HttpReply reply = chat("preset/couch");
    QCOMPARE(reply.status, 404);
    QVERIFY2(reply.body.contains("preset/coach"), reply.body.constData());
    QCOMPARE(errorCode(reply), QByteArray("model_not_found"));
}

void PromptsTest::holdsPresetsToKeys()
{
    QJsonObject config = m_gateway->configuration();
    QJsonObject key = config["keys"].toObject().begin().value().toObject();
    const auto allow = [&](const QJsonArray& models) {
        key["models"] = models;
        config["keys"] = QJsonObject{{"test", key}};
        m_gateway->configure(config);
        QVERIFY(m_gateway->writeConfig());
    };
    const auto status = [this](const QByteArray& name) { return chat(name).status; };
    allow({"preset/coach"});
    QTRY_COMPARE(status("plain"), 403);
    QCOMPARE(status("preset/coach"), 200);
    QCOMPARE(status("preset/free"), 403);
    QCOMPARE(status("sandbox/echo@preset/coach"), 403);
    allow({"plain"});
    QTRY_COMPARE(status("plain"), 200);
    QCOMPARE(status("preset/coach"), 200);
    QCOMPARE(status("preset/free"), 403);
    QCOMPARE(status("lab/mock@preset/coach"), 403);
    allow({"*"});
    QTRY_COMPARE(status("preset/free"), 200);
}

void PromptsTest::marksForTheCache()
{
    const QByteArray text(5000, 'a');
    QCOMPARE(
        chat(
            "cached",
            R"(,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"user":")" +
                text + "\"")
            .status,
        200);
    QCOMPARE(lastBody().count(R"("cache_control":{"type":"ephemeral","ttl":"1h"})"), 2);
    const QByteArray own = R"({"model":"cached","max_tokens":9,"system":")" + text +
                           R"(","messages":[{"role":"user","content":"hi"}]})";
    QCOMPARE(http(m_gateway->port(), "POST", "/v1/messages", kHeaders, own).status, 200);
    QCOMPARE(lastBody().count(R"("cache_control":{"type":"ephemeral","ttl":"1h"})"), 2);
    // Nobody is sent marks who does not know them.
    QCOMPARE(chat("cached-lab", R"(,"user":")" + text + "\"").status, 200);
    QVERIFY(!lastBody().contains("cache_control"));
}

void PromptsTest::leavesOtherRequestsAlone()
{
    const QByteArray body = R"({"model":"lab-both","input":"hi"})";
    QCOMPARE(http(m_gateway->port(), "POST", "/v1/embeddings", kHeaders, body).status, 200);
    QVERIFY2(!lastBody().contains("brief"), lastBody().constData());
}

void PromptsTest::guardsVariables()
{
    QCOMPARE(chat("named", {}, {{"x-turnpike-metadata", R"({"who":"jane.doe@acme-corp.com"})"}}).status, 200);
    QCOMPARE(lastJson()["messages"][0]["content"].toString(), QString("For [EMAIL]."));
    QCOMPARE(chat("named", {}, {{"x-turnpike-metadata", R"({"who":"Jane"})"}}).status, 200);
    QCOMPARE(lastJson()["messages"][0]["content"].toString(), QString("For Jane."));
}

void PromptsTest::countsWhatIsAdded()
{
    // The sandbox answers with the user's last words.
    const HttpReply reply = chat("preset/free");
    QCOMPARE(reply.status, 200);
    QVERIFY2(reply.body.contains("Said on ") && reply.body.contains("day."), reply.body.constData());
}

void PromptsTest::keepsTheDifferenceInTheLog()
{
    const QJsonArray rewrites = rowOf(chat("preset/coach", R"(,"temperature":1)"))["rewrites"].toArray();
    QStringList all;
    for (const QJsonValue& each : rewrites)
        all += each["by"].toString() + ":" + each["change"].toString() + ":" +
               (each["change"] == "text" ? each["text"] : each["name"]).toString();
    QCOMPARE(all.join("|"), QString("preset/coach:text:You coach {{key}}.|preset/coach:parameter:tools"));
    const QJsonValue pinned = rowOf(chat("set", R"(,"temperature":1,"seed":1)"))["rewrites"][0];
    QCOMPARE(pinned["by"].toString(), QString("set"));
    QCOMPARE(pinned["before"].toInt(), 1);
    QCOMPARE(pinned["now"].toDouble(), 0.1);
    QVERIFY(!rowOf(chat("plain")).contains("rewrites"));
}

void PromptsTest::mendsAnswers_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<bool>("stream");
    for (const Words words : kAllWords) {
        QTest::addRow("%d whole", static_cast<int>(words)) << words << false;
        QTest::addRow("%d streamed", static_cast<int>(words)) << words << true;
    }
}

void PromptsTest::mendsAnswers()
{
    QFETCH(Words, words);
    QFETCH(bool, stream);
    const Question question{words, "mended", stream};
    const auto answered = [&](const QByteArray& said) {
        return http(m_gateway->port(), "POST", pathOf(question), kHeaders,
                    bodyOf(question).replace("\"hi\"", "\"say <<" + said + ">> please\""));
    };
    const HttpReply reply = answered("so: {a: 1,}");
    QCOMPARE(reply.status, 200);
    QVERIFY2(reply.body.contains(R"({\"a\":1})") && !reply.body.contains("so:"), reply.body.constData());
    // What fits goes as it came, and what cannot be mended goes nowhere.
    const HttpReply good = answered(R"({\"a\": 2})");
    QCOMPARE(good.status, 200);
    QVERIFY2(good.body.contains(" 2}"), good.body.constData());
    const HttpReply bad = answered("no JSON");
    QCOMPARE(bad.status, 400);
    QVERIFY2(bad.body.contains("no valid JSON"), bad.body.constData());
}

void PromptsTest::watchesTools()
{
    const auto asked = [this](const QByteArray& tool, const QByteArray& says, bool stream) {
        return chat("calls",
                    R"(,"tools":[{"type":"function","function":{"name":")" + tool +
                        R"(","parameters":{"type":"object"}}}],"stream":)" + (stream ? "true" : "false"),
                    {}, says);
    };
    for (const bool stream : {false, true}) {
        const HttpReply offered = asked("close", "say <</home/me>>", stream);
        QCOMPARE(offered.status, 400);
        QVERIFY2(offered.body.contains("may not be offered"), offered.body.constData());
        const HttpReply good = asked("open", "say <</home/me>>", stream);
        QVERIFY2(good.status == 200 && !good.body.contains("guardrail_blocked"), good.body.constData());
        const HttpReply bad = asked("open", "say <</etc/passwd>>", stream);
        QVERIFY2(bad.body.contains("may not be called so"), bad.body.constData());
    }
}

void PromptsTest::asksAnewForAnAnswer_data()
{
    QTest::addColumn<QByteArray>("extra");
    QTest::newRow("whole") << QByteArray();
    QTest::newRow("streamed") << QByteArray(R"(,"stream":true)");
}

void PromptsTest::asksAnewForAnAnswer()
{
    QFETCH(QByteArray, extra);
    const HttpReply reply = chat("never", extra);
    QCOMPARE(reply.status, 400);
    QCOMPARE(errorCode(reply), QByteArray("guardrail_blocked"));
    QCOMPARE(m_upstream.requests().size(), 3);
    const QJsonObject row = rowOf(reply);
    QCOMPARE(row["attempts"].toArray().size(), 3);
    QCOMPARE(row["guardrails"][0]["asked_anew"].toInt(), 2);
}

QTEST_GUILESS_MAIN(PromptsTest)
#include "prompts_test.moc"
