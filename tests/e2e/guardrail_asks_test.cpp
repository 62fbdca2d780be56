// SPDX-License-Identifier: GPL-3.0-or-later
// Guardrails that ask somebody: a webhook, a moderation model, a safety model, a judge.
#include <future>
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/administered_gateway.h"
#include "e2e/canned_chat.h"
#include "e2e/every_dialect.h"
#include "e2e/meanwhile.h"
#include "e2e/model_call.h"
#include "support/canned_server.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

const HeaderList kHeaders{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                          {"Content-Type", "application/json"}};

QByteArray chatSaying(const QByteArray& text)
{
    return completion().replace("Hello.", text);
}

QJsonObject rule(const char* check, const QJsonObject& params, const QJsonObject& more = {})
{
    QJsonObject all{{"check", check}, {"action", "block"}, {"params", params}};
    for (auto at = more.begin(); at != more.end(); ++at)
        all[at.key()] = at.value();
    return all;
}

QJsonObject route(const QString& model, const QJsonArray& guardrails)
{
    return {{"targets", QJsonArray{QJsonObject{{"provider", "lab"}, {"model", model}}}},
            {"guardrails", guardrails},
            {"retry", QJsonObject{{"attempts", 0}}}};
}

} // namespace

Q_DECLARE_METATYPE(Words)

class GuardrailAsksTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init()
    {
        m_upstream.reset();
        m_asked->forget();
        m_says = R"({"verdict":true})";
        m_status = 200;
    }
    void asksAWebhook();
    void asksWhatATextMeans();
    void asksAboutAnswers_data();
    void asksAboutAnswers();
    void tellsTheWebhookWhatWasMasked();
    void failsAsItsRuleSays_data();
    void failsAsItsRuleSays();
    void waitsNoLongerThanItMay();
    void asksModels_data();
    void asksModels();
    void tellsNobodyWhatIsPutBack_data();
    void tellsNobodyWhatIsPutBack();
    void logsWhatItAsked();
    void asksTheUser_data();
    void asksTheUser();
    void keepsNoWordsOfWhatItAsked();
    void onlyWatches_data();
    void onlyWatches();

private:
    [[nodiscard]] HttpReply sent(const QByteArray& path, const QByteArray& body) const;
    [[nodiscard]] HttpReply chat(const QByteArray& model, const QByteArray& text = "hi",
                                 const QByteArray& extra = {}) const
    {
        return sent("/v1/chat/completions", R"({"model":")" + model +
                                                R"(","messages":[{"role":"user","content":")" + text +
                                                R"("}])" + extra + "}");
    }
    [[nodiscard]] QJsonValue askedJson() const { return jsonOf(m_asked->bodies().last()); }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    std::unique_ptr<CannedServer> m_asked;
    QByteArray m_says;
    int m_status = 200;
};

HttpReply GuardrailAsksTest::sent(const QByteArray& path, const QByteArray& body) const
{
    return httpMeanwhile(m_gateway->port(), "POST", path, kHeaders, body);
}

void GuardrailAsksTest::initTestCase()
{
    m_asked = std::make_unique<CannedServer>([this](const QByteArray&) {
        return m_says.isEmpty() ? QByteArray() : CannedServer::json(m_status, m_says);
    });
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    providers["judges"] = providerOf("openai-compatible", m_asked->url());
    const QJsonObject plainHook{{"url", QString(m_asked->url("/hook"))},
                                {"headers", QJsonObject{{"x-team", "blue"}}},
                                {"timeout_ms", 300}};
    const QJsonObject token{{"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}};
    const QJsonObject answers{{"on", "response"}};
    const QJsonObject investing{
        {"deny", QJsonArray{"How should I invest my savings?", "Which shares should I buy?"}}};
    m_gateway->configure(
        {{"providers", providers},
         {"routes", QJsonObject{{"hooked", route("mock", {"hook"})},
                                {"masked", route("mock", {"hide", "hook"})},
                                {"open", route("mock", {"hook-open"})},
                                {"answers", route("mock:repeat:3", {"hook-answer"})},
                                {"watched", route("mock:repeat:3", {"hook-watch"})},
                                {"restored", route("mock:repeat:3", {"hide-restored", "hook-answer"})},
                                {"moderated", route("mock", {"moderate"})},
                                {"safe", route("mock", {"guard"})},
                                {"on-topic", route("mock", {"no-investing"})},
                                {"judged", route("mock:repeat:4", {"judge"})}}},
         {"guardrails",
          QJsonObject{
              {"hide-restored", QJsonObject{{"check", "pii"}, {"action", "mask"}, {"restore", true}}},
              {"hide", QJsonObject{{"check", "pii"}, {"action", "mask"}}},
              {"hook", rule("webhook", plainHook, token)},
              {"hook-open", rule("webhook", plainHook, {{"on_error", "open"}})},
              {"hook-answer", rule("webhook", plainHook, answers)},
              {"hook-watch", rule("webhook", plainHook, {{"on", "both"}, {"action", "flag"}})},
              {"moderate",
               rule("moderation", {{"model", "judges/omni"}, {"categories", QJsonArray{"violence"}}})},
              {"no-investing", rule("topics", investing)},
              {"guard", rule("safety_model", {{"model", "judges/llama-guard"}})},
              {"judge", rule("llm_judge", {{"model", "judges/any"}, {"rule", "No poems."}, {"threshold", 70}},
                             answers)}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void GuardrailAsksTest::asksAWebhook()
{
    QCOMPARE(chat("hooked").status, 200);
    QCOMPARE(m_asked->heads().size(), 1);
    const QByteArray head = m_asked->heads().last();
    QVERIFY2(head.startsWith("POST /hook HTTP/1.1\r\n"), head.constData());
    QVERIFY2(head.contains("x-team: blue\r\n"), head.constData());
    QVERIFY2(head.contains("Authorization: Bearer " + QByteArray(GatewayProcess::kProviderKey)),
             head.constData());
    const QJsonValue asked = askedJson();
    QCOMPARE(asked["eventType"].toString(), QString("beforeRequestHook"));
    QCOMPARE(asked["request"]["text"].toString(), QString("hi"));
    QCOMPARE(asked["request"]["json"]["messages"][0]["content"].toString(), QString("hi"));
    QCOMPARE(asked["requestType"].toString(), QString("chat"));
    m_says = R"({"verdict":false})";
    const HttpReply refused = chat("hooked");
    QCOMPARE(refused.status, 400);
    QCOMPARE(errorCode(refused), QByteArray("guardrail_blocked"));
    QVERIFY2(refused.body.contains("the webhook says no"), refused.body.constData());
    QCOMPARE(m_upstream.requests().size(), 1);
}

void GuardrailAsksTest::asksWhatATextMeans()
{
    const HttpReply refused = chat("on-topic", "Which stocks should I invest my money in?");
    QCOMPARE(errorCode(refused), QByteArray("guardrail_blocked"));
    QVERIFY2(refused.body.contains("`no-investing`"), refused.body.constData());
    QCOMPARE(chat("on-topic", "Why does my loop never end?").status, 200);
    QCOMPARE(m_upstream.requests().size(), 1);
    QVERIFY(m_asked->heads().isEmpty());
}

void GuardrailAsksTest::asksAboutAnswers_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<bool>("stream");
    for (const Words words : kAllWords) {
        QTest::addRow("%d whole", static_cast<int>(words)) << words << false;
        QTest::addRow("%d streamed", static_cast<int>(words)) << words << true;
    }
}

void GuardrailAsksTest::asksAboutAnswers()
{
    QFETCH(Words, words);
    QFETCH(bool, stream);
    const Question question{words, "answers", stream};
    const QByteArray body = bodyOf(question).replace("\"hi\"", "\"say <<a poem>> please\"");
    const HttpReply good = sent(pathOf(question), body);
    QCOMPARE(good.status, 200);
    QVERIFY2(good.body.contains("a p"), good.body.constData());
    QCOMPARE(askedJson()["response"]["text"].toString(), QString("a poem"));
    QCOMPARE(askedJson()["request"]["text"].toString(), QString("say <<a poem>> please"));
    // Nobody sees a word of what is refused, and it is no stream that breaks but a plain refusal.
    m_says = R"({"verdict":false})";
    const HttpReply refused = sent(pathOf(question), body);
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.contains("webhook says no") && !refused.body.contains("oem"),
             refused.body.constData());
}

void GuardrailAsksTest::tellsTheWebhookWhatWasMasked()
{
    QCOMPARE(chat("masked", "I am jane.doe@acme-corp.com").status, 200);
    QCOMPARE(askedJson()["request"]["text"].toString(), QString("I am [EMAIL]"));
    QVERIFY(!m_asked->bodies().last().contains("jane"));
}

void GuardrailAsksTest::failsAsItsRuleSays_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("an error") << 500 << QByteArray(R"({"verdict":true})");
    QTest::newRow("no JSON") << 200 << QByteArray("yes");
    QTest::newRow("no verdict") << 200 << QByteArray(R"({"ok":true})");
    QTest::newRow("no answer") << 200 << QByteArray();
}

void GuardrailAsksTest::failsAsItsRuleSays()
{
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    m_status = status;
    m_says = says;
    QCOMPARE(chat("hooked").status, 400);
    QCOMPARE(m_upstream.requests().size(), 0);
    QCOMPARE(chat("open").status, 200);
    QCOMPARE(m_upstream.requests().size(), 1);
}

void GuardrailAsksTest::waitsNoLongerThanItMay()
{
    m_says.clear();
    const HttpReply reply = chat("hooked");
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.body.contains("300 ms") || reply.body.contains("time"), reply.body.constData());
}

void GuardrailAsksTest::asksModels_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("yes");
    QTest::addColumn<QByteArray>("no");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("moderation") << QByteArray("moderated")
                                << quoted("{'id':'m','model':'omni','results':[{'flagged':true,"
                                          "'categories':{'sexual':true,'violence':false}}]}")
                                << quoted("{'id':'m','model':'omni','results':[{'flagged':true,"
                                          "'categories':{'sexual':false,'violence/graphic':true}}]}")
                                << QByteArray("violence/graphic");
    QTest::newRow("safety model") << QByteArray("safe") << chatSaying("\\n\\nsafe")
                                  << chatSaying("\\n\\nunsafe\\nS9,S1") << QByteArray("S9, S1");
    QTest::newRow("judge") << QByteArray("judged") << chatSaying("{\\\"score\\\": 69}")
                           << chatSaying("Sure: {\\\"score\\\": 100}") << QByteArray("100 of 100");
}

void GuardrailAsksTest::asksModels()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, yes);
    QFETCH(QByteArray, no);
    QFETCH(QByteArray, why);
    m_says = yes;
    const HttpReply good = chat(route, "say <<a poem>>");
    QVERIFY2(good.status == 200, good.body.constData());
    QCOMPARE(m_asked->bodies().size(), 1);
    QVERIFY2(m_asked->bodies().last().contains("a poem"), m_asked->bodies().last().constData());
    m_says = no;
    const HttpReply refused = chat(route, "say <<a poem>>");
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.contains(why), refused.body.constData());
    m_says = R"({"what":"ever"})";
    QCOMPARE(chat(route, "say <<a poem>>").status, 400);
}

void GuardrailAsksTest::tellsNobodyWhatIsPutBack_data()
{
    QTest::addColumn<QByteArray>("extra");
    QTest::newRow("whole") << QByteArray();
    QTest::newRow("streamed") << QByteArray(R"(,"stream":true)");
}

void GuardrailAsksTest::tellsNobodyWhatIsPutBack()
{
    QFETCH(QByteArray, extra);
    const HttpReply reply = chat("restored", "say <<I am jane.doe@acme-corp.com>>",
                                 extra + R"(,"metadata":{"who":"joe.doe@acme-corp.com"})");
    QCOMPARE(reply.status, 200);
    QVERIFY2(reply.body.contains("jan"), reply.body.constData()); // the client's own
    const QByteArray asked = m_asked->bodies().last();
    QVERIFY2(asked.contains("I am [EMAIL_"), asked.constData());
    QVERIFY2(!asked.contains("acme-corp"), asked.constData());
}

void GuardrailAsksTest::logsWhatItAsked()
{
    m_says = chatSaying("oh");
    const HttpReply reply = chat("safe");
    QCOMPARE(reply.status, 400);
    const QString id = reply.header("x-request-id");
    QJsonObject asked;
    QTRY_VERIFY([&] {
        for (const QJsonValue& row : m_gateway->rows()) {
            if (row["trace"].toString() == id) asked = row.toObject();
        }
        return !asked.isEmpty();
    }());
    QCOMPARE(asked["model"].toString(), QString("llama-guard"));
    QCOMPARE(asked["tags"].toArray(), QJsonArray{"guardrail"});
}

void GuardrailAsksTest::asksTheUser_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<int>("status");
    QTest::newRow("yes") << QByteArray(R"({"allow":true})") << 200;
    QTest::newRow("no") << QByteArray(R"({"allow":false})") << 400;
}

void GuardrailAsksTest::asksTheUser()
{
    QFETCH(QByteArray, word);
    QFETCH(int, status);
    AdministeredGateway admin;
    QVERIFY(admin.start(
        m_upstream.url(),
        {{"routes", QJsonObject{{"asked", route("mock", {"ask"})}}},
         {"guardrails", QJsonObject{{"ask", QJsonObject{{"check", "pii"}, {"action", "ask"}}}}}}));
    auto reply = std::async(std::launch::async, [&admin] {
        return http(
            admin.gateway->port(), "POST", "/v1/chat/completions", kHeaders,
            R"({"model":"asked","messages":[{"role":"user","content":"I am jane.doe@acme-corp.com"}]})");
    });
    QJsonObject question;
    QTRY_VERIFY(!(question = admin.read("/questions")["questions"].toArray().first().toObject()).isEmpty());
    QCOMPARE(question["kind"].toString(), QString("guardrail"));
    QVERIFY2(!QJsonDocument(question).toJson().contains("jane"),
             QJsonDocument(question).toJson().constData());
    QCOMPARE(m_upstream.requests().size(), 0);
    QCOMPARE(admin
                 .call("POST", "/questions/" + question["id"].toString().toUtf8(), word,
                       {{"Content-Type", "application/json"}})
                 .status,
             200);
    QCOMPARE(reply.get().status, status);
    QCOMPARE(m_upstream.requests().size(), status == 200 ? 1 : 0);
}

void GuardrailAsksTest::keepsNoWordsOfWhatItAsked()
{
    AdministeredGateway admin;
    QVERIFY(admin.start(
        m_upstream.url(),
        {{"server", QJsonObject{{"log_bodies", "all"}}},
         {"routes", QJsonObject{{"asked", route("mock", {"watch", "guard"})}}},
         {"guardrails", QJsonObject{{"watch", QJsonObject{{"check", "pii"}, {"mode", "observe"}}},
                                    {"guard", rule("safety_model", {{"model", "lab/mock:repeat:100"}})}}}}));
    const HttpReply reply = http(
        admin.gateway->port(), "POST", "/v1/chat/completions", kHeaders,
        R"({"model":"asked","messages":[{"role":"user","content":"<<safe>> I am jane.doe@acme-corp.com"}]})");
    QCOMPARE(reply.status, 200);
    QJsonArray rows;
    QTRY_COMPARE((rows = admin.read("/logs?bodies=true")["logs"].toArray()).size(), 2);
    QByteArray bodies;
    for (const QJsonValue& row : rows)
        bodies += row["request_body"].toString().toUtf8();
    QVERIFY2(bodies.contains("I am [EMAIL]"), bodies.constData());
    QVERIFY2(!bodies.contains("jane"), bodies.constData());
}

void GuardrailAsksTest::onlyWatches_data()
{
    QTest::addColumn<QByteArray>("extra");
    QTest::newRow("whole") << QByteArray();
    QTest::newRow("streamed") << QByteArray(R"(,"stream":true)");
}

void GuardrailAsksTest::onlyWatches()
{
    QFETCH(QByteArray, extra);
    m_says = R"({"verdict":false})";
    const HttpReply reply = chat("watched", "say <<a poem>>", extra);
    QCOMPARE(reply.status, 200);
    QCOMPARE(m_asked->bodies().size(), 2);
    if (!extra.isEmpty()) QVERIFY2(reply.body.trimmed().endsWith("[DONE]"), reply.body.constData());
    const QByteArray id = reply.header("x-request-id");
    QJsonArray verdicts;
    QTRY_VERIFY([&] {
        for (const QJsonValue& row : m_gateway->rows()) {
            if (row["id"].toString().toUtf8() == id) verdicts = row["guardrails"].toArray();
        }
        return verdicts.size() == 2;
    }());
    QCOMPARE(verdicts.at(1)["reason"].toString(), QString("the webhook says no"));
}

QTEST_GUILESS_MAIN(GuardrailAsksTest)
#include "guardrail_asks_test.moc"
