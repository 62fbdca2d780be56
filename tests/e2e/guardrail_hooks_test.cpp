// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that guardrails post to: webhooks that put another text in the place of what was said, and logs
// that are told what passes.
#include <memory>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "e2e/every_dialect.h"
#include "e2e/meanwhile.h"
#include "support/canned_server.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

const HeaderList kHookHeaders{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                              {"Content-Type", "application/json"}};

QByteArray transformed(const QByteArray& side, const QByteArray& what, bool verdict = true)
{
    return QByteArray(R"({"verdict":)") + (verdict ? "true" : "false") + R"(,"transformedData":{")" + side +
           R"(":)" + what + "}}";
}

} // namespace

Q_DECLARE_METATYPE(Words)

class GuardrailHooksTest : public QObject {
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
    void rewritesRequests_data();
    void rewritesRequests();
    void takesOnlyTextsOfABody();
    void putsNothingWhereItIsNotPlain_data();
    void putsNothingWhereItIsNotPlain();
    void takesNoOtherTextUnlessItMay();
    void putsAPrefixBeforeTheFirstOfARole_data();
    void putsAPrefixBeforeTheFirstOfARole();
    void rewritesAnswers_data();
    void rewritesAnswers();
    void putsBackWhatIsInAnotherText_data();
    void putsBackWhatIsInAnotherText();
    void replacesByExpression_data();
    void replacesByExpression();
    void tellsALog_data();
    void tellsALog();

private:
    [[nodiscard]] HttpReply sent(const QByteArray& path, const QByteArray& body) const;
    [[nodiscard]] HttpReply chat(const QByteArray& model, const QByteArray& rest) const
    {
        return sent("/v1/chat/completions", R"({"model":")" + model + R"(",)" + rest + "}");
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    std::unique_ptr<CannedServer> m_asked;
    QByteArray m_says;
    int m_status = 200;
};

HttpReply GuardrailHooksTest::sent(const QByteArray& path, const QByteArray& body) const
{
    return httpMeanwhile(m_gateway->port(), "POST", path, kHookHeaders, body);
}

void GuardrailHooksTest::initTestCase()
{
    m_asked = std::make_unique<CannedServer>([this](const QByteArray&) {
        QByteArray says = m_says;
        // What it was told, in other words.
        const QJsonObject asked = QJsonDocument::fromJson(m_asked->bodies().last()).object();
        says.replace("$SAID", asked["response"]["text"].toString().toUtf8());
        return says.isEmpty() ? says : CannedServer::json(m_status, says);
    });
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const auto hook = [this](const char* check, const char* on, const char* action) {
        return QJsonObject{
            {"check", check},
            {"on", on},
            {"action", action},
            {"params", QJsonObject{{"url", QString(m_asked->url("/hook"))}, {"timeout_ms", 300}}}};
    };
    const auto prefix = [](const char* role, const char* text, const QJsonObject& more = {}) {
        QJsonObject params = more;
        params.insert("prefix", text);
        params.insert("role", role);
        return QJsonObject{{"check", "add_prefix"}, {"action", "rewrite"}, {"params", params}};
    };
    const auto route = [](const QString& model, const QJsonArray& guardrails) {
        return QJsonObject{{"targets", QJsonArray{QJsonObject{{"provider", "lab"}, {"model", model}}}},
                           {"guardrails", guardrails},
                           {"retry", QJsonObject{{"attempts", 0}}}};
    };
    m_gateway->configure(
        {{"routes", QJsonObject{{"rewritten", route("mock", {"rewrite"})},
                                {"blocked", route("mock", {"block"})},
                                {"answers", route("mock:repeat:3", {"rewrite-answer"})},
                                {"restored", route("mock:repeat:6", {"hide", "rewrite-answer"})},
                                {"prefixed-system", route("mock", {"prefix-system"})},
                                {"prefixed-user", route("mock", {"prefix-user"})},
                                {"prefixed-both", route("mock", {"prefix-user", "prefix-last"})},
                                {"apart-system", route("mock", {"apart-system"})},
                                {"apart-user", route("mock", {"apart-user"})},
                                {"empty-system", route("mock", {"empty-system"})},
                                {"empty-user", route("mock", {"empty-user"})},
                                {"replaced", route("mock:repeat:4", {"replace"})},
                                {"logged", route("mock:repeat:3", {"log"})}}},
         {"guardrails",
          QJsonObject{
              {"rewrite", hook("webhook", "request", "rewrite")},
              {"block", hook("webhook", "request", "block")},
              {"rewrite-answer", hook("webhook", "response", "rewrite")},
              {"hide", QJsonObject{{"check", "pii"}, {"action", "mask"}, {"restore", true}}},
              {"prefix-system", prefix("system", "S: ")},
              {"prefix-user", prefix("user", "U: ")},
              {"prefix-last", prefix("last", "L: ")},
              {"apart-system", prefix("system", "S: ", {{"add_to_existing", false}})},
              {"apart-user", prefix("user", "U: ", {{"add_to_existing", false}})},
              {"empty-system", prefix("system", "S: ", {{"only_if_empty", true}})},
              {"empty-user", prefix("user", "U: ", {{"only_if_empty", true}})},
              {"log", hook("log", "both", "flag")},
              {"replace", QJsonObject{{"check", "regex_replace"},
                                      {"on", "both"},
                                      {"action", "rewrite"},
                                      {"params", QJsonObject{{"rule", "/poem/i"}, {"with", "<verse>"}}}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void GuardrailHooksTest::rewritesRequests_data()
{
    QTest::addColumn<Words>("words");
    for (const Words words : kAllWords)
        QTest::addRow("%d", static_cast<int>(words)) << words;
}

void GuardrailHooksTest::rewritesRequests()
{
    QFETCH(Words, words);
    const Question question{words, "rewritten", false};
    m_says = transformed("request", R"({"text":"a \"new\" one"})");
    const HttpReply reply = sent(pathOf(question), bodyOf(question));
    QVERIFY2(reply.status == 200, reply.body.constData());
    const QByteArray asked = m_upstream.requests().last()["body"].toString().toUtf8();
    QVERIFY2(asked.contains(R"(a \"new\" one)") && !asked.contains("\"hi\""), asked.constData());
}

void GuardrailHooksTest::takesOnlyTextsOfABody()
{
    m_says = transformed("request", R"({"json":{"model":"dearer","temperature":2,"messages":[
        {"role":"system","content":"be kind"},
        {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"2"}]}]}})");
    const HttpReply reply = chat("rewritten", R"("temperature":1,"messages":[
        {"role":"system","content":"be rude"},
        {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}])");
    QVERIFY2(reply.status == 200, reply.body.constData());
    const QByteArray asked = m_upstream.requests().last()["body"].toString().toUtf8();
    QVERIFY2(asked.contains("be kind") && asked.contains(R"("2")") && asked.contains(R"("one")"),
             asked.constData());
    QVERIFY2(!asked.contains("be rude") && !asked.contains("two"), asked.constData());
    QVERIFY2(!asked.contains("dearer") && asked.contains(R"("temperature":1)"), asked.constData());
}

void GuardrailHooksTest::putsNothingWhereItIsNotPlain_data()
{
    QTest::addColumn<QByteArray>("says");
    const auto json = [](const char* messages) {
        return transformed("request", QByteArray(R"({"json":{"messages":)") + messages + "}}");
    };
    QTest::newRow("another message") << json(
        R"([{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"user","content":"c"}])");
    QTest::newRow("one less") << json(R"([{"role":"user","content":"a"}])");
    QTest::newRow("other roles") << json(
        R"([{"role":"system","content":"a"},{"role":"user","content":"b"}])");
    QTest::newRow("a text for two") << transformed("request", R"({"text":"other"})");
    QTest::newRow("refused as well") << transformed("request", R"({"text":"other"})", false);
    QTest::newRow("refused") << QByteArray(R"({"verdict":false})");
}

void GuardrailHooksTest::putsNothingWhereItIsNotPlain()
{
    QFETCH(QByteArray, says);
    m_says = says;
    const HttpReply reply = chat("rewritten", R"("messages":[{"role":"user","content":"x"},{"role":"user",
        "content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}])");
    QCOMPARE(reply.status, 400);
    QCOMPARE(errorCode(reply), QByteArray("guardrail_blocked"));
    QCOMPARE(m_upstream.requests().size(), 0);
}

void GuardrailHooksTest::takesNoOtherTextUnlessItMay()
{
    m_says = transformed("request", R"({"text":"other"})");
    QCOMPARE(chat("blocked", R"("messages":[{"role":"user","content":"own"}])").status, 200);
    const QByteArray asked = m_upstream.requests().last()["body"].toString().toUtf8();
    QVERIFY2(asked.contains("own") && !asked.contains("other"), asked.constData());
}

void GuardrailHooksTest::putsAPrefixBeforeTheFirstOfARole_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("messages");
    QTest::addColumn<QByteArray>("asked");
    const QByteArray many = R"([{"role":"system","content":"a"},{"role":"user","content":"b"},)"
                            R"({"role":"assistant","content":"c"},{"role":"user","content":"d"}])";
    const auto row = [](const char* name, const char* route, const QByteArray& messages, const char* asked) {
        QTest::newRow(name) << QByteArray(route) << messages << QByteArray(asked);
    };
    row("system", "prefixed-system", many, "S: a,b,c,d");
    row("user", "prefixed-user", many, "a,U: b,c,d");
    row("user and last", "prefixed-both", many, "a,U: b,c,L: d");
    row("who is the last", "prefixed-both", R"([{"role":"user","content":"b"}])", "U: L: b");
    const QByteArray alone = R"([{"role":"user","content":"b"}])";
    const QByteArray system = R"([{"role":"system","content":"a"}])";
    row("no system's", "prefixed-system", alone, "S: ,b");
    row("no user's", "prefixed-user", system, "a,U: ");
    row("a system's of its own", "apart-system", many, "S: ,a,b,c,d");
    row("a system's of its own, no other", "apart-system", alone, "S: ,b");
    row("a user's of its own", "apart-user", many, "a,U: ,b,c,d");
    row("a user's of its own, no other", "apart-user", system, "a,U: ");
    row("only the missing system's", "empty-system", alone, "S: ,b");
    row("the system's is there", "empty-system", many, "a,b,c,d");
    row("only the missing user's", "empty-user", system, "a,U: ");
    row("the user's is there", "empty-user", many, "a,b,c,d");
}

void GuardrailHooksTest::putsAPrefixBeforeTheFirstOfARole()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, messages);
    QFETCH(QByteArray, asked);
    const HttpReply reply = chat(route, R"("messages":)" + messages);
    QVERIFY2(reply.status == 200, reply.body.constData());
    QByteArrayList texts;
    const QByteArray body = m_upstream.requests().last()["body"].toString().toUtf8();
    for (const QJsonValue& each : QJsonDocument::fromJson(body).object()["messages"].toArray())
        texts.append(each["content"].toString().toUtf8());
    QCOMPARE(texts.join(','), asked);
}

void GuardrailHooksTest::rewritesAnswers_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<bool>("stream");
    for (const Words words : kAllWords) {
        QTest::addRow("%d whole", static_cast<int>(words)) << words << false;
        QTest::addRow("%d streamed", static_cast<int>(words)) << words << true;
    }
}

void GuardrailHooksTest::rewritesAnswers()
{
    QFETCH(Words, words);
    QFETCH(bool, stream);
    const Question question{words, "answers", stream};
    const QByteArray body = bodyOf(question).replace("\"hi\"", "\"say <<a poem>> please\"");
    m_says = transformed("response", R"({"text":"some prose"})");
    const HttpReply reply = sent(pathOf(question), body);
    QVERIFY2(reply.status == 200, reply.body.constData());
    QVERIFY2(reply.body.contains("some prose") && !reply.body.contains("oem"), reply.body.constData());
    m_says = R"({"verdict":true})";
    QVERIFY(sent(pathOf(question), body).body.contains("oem"));
}

void GuardrailHooksTest::putsBackWhatIsInAnotherText_data()
{
    QTest::addColumn<QByteArray>("extra");
    QTest::newRow("whole") << QByteArray();
    QTest::newRow("streamed") << QByteArray(R"(,"stream":true)");
}

void GuardrailHooksTest::putsBackWhatIsInAnotherText()
{
    QFETCH(QByteArray, extra);
    m_says = transformed("response", R"({"text":"well, $SAID!"})");
    const HttpReply reply =
        chat("restored",
             R"("messages":[{"role":"user","content":"say <<I am jane.doe@acme-corp.com>>"}])" + extra);
    QVERIFY2(reply.status == 200, reply.body.constData());
    QVERIFY2(!m_asked->bodies().last().contains("jane"), m_asked->bodies().last().constData());
    QVERIFY2(reply.body.contains("well, ") && reply.body.contains("jane.doe@acme-corp.com"),
             reply.body.constData());
}

void GuardrailHooksTest::replacesByExpression_data()
{
    putsBackWhatIsInAnotherText_data();
}

void GuardrailHooksTest::replacesByExpression()
{
    QFETCH(QByteArray, extra);
    const HttpReply reply =
        chat("replaced", R"("messages":[{"role":"user","content":"say <<one Poem and>>, a poem"}])" + extra);
    QVERIFY2(reply.status == 200, reply.body.constData());
    const QByteArray asked = m_upstream.requests().last()["body"].toString().toUtf8();
    QVERIFY2(asked.contains("one <verse> and>>, a <verse>"), asked.constData());
    QVERIFY2(!asked.contains("oem") && !reply.body.contains("oem"), asked.constData());
}

void GuardrailHooksTest::tellsALog_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::addColumn<QByteArray>("extra");
    for (const char* extra : {"", R"(,"stream":true)"}) {
        const char* const how = *extra ? "streamed" : "whole";
        QTest::addRow("%s", how) << 200 << QByteArray("{}") << QByteArray(extra);
        QTest::addRow("%s, which says no", how)
            << 200 << QByteArray(R"({"verdict":false})") << QByteArray(extra);
        QTest::addRow("%s, which fails", how) << 500 << QByteArray("{}") << QByteArray(extra);
        QTest::addRow("%s, which says nothing", how) << 200 << QByteArray() << QByteArray(extra);
    }
}

void GuardrailHooksTest::tellsALog()
{
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    QFETCH(QByteArray, extra);
    m_status = status;
    m_says = says;
    const HttpReply reply =
        chat("logged", R"("messages":[{"role":"user","content":"say <<a poem>>"}])" + extra);
    QVERIFY2(reply.status == 200, reply.body.constData());
    QVERIFY2(reply.body.contains("oem"), reply.body.constData());
    QCOMPARE(m_asked->bodies().size(), 2);
    const QJsonObject asked = QJsonDocument::fromJson(m_asked->bodies().first()).object();
    QCOMPARE(asked["request"]["text"].toString(), QString("say <<a poem>>"));
    const QJsonObject answered = QJsonDocument::fromJson(m_asked->bodies().last()).object();
    QCOMPARE(answered["eventType"].toString(), QString("afterRequestHook"));
    QCOMPARE(answered["response"]["text"].toString(), QString("a poem"));
}

QTEST_GUILESS_MAIN(GuardrailHooksTest)
#include "guardrail_hooks_test.moc"
