// SPDX-License-Identifier: GPL-3.0-or-later
// Guardrails of Realtime connections: what is said in text is masked, refused, put back and told of.
#include <memory>

#include <QTest>

#include "e2e/model_call.h"
#include "support/canned_server.h"
#include "support/socket_client.h"
#include "support/socket_upstream.h"

using namespace support;
using namespace e2e;

namespace {

const QByteArray kPath = "/v1/realtime?model=own/mock";
const QString kMail = "ann.lee@example.org";

QJsonObject said(const QString& text)
{
    return {
        {"type", "conversation.item.create"},
        {"item", QJsonObject{{"type", "message"},
                             {"role", "user"},
                             {"content", QJsonArray{QJsonObject{{"type", "input_text"}, {"text", text}}}}}}};
}

QJsonObject part(const QString& text, const char* type = "response.output_text.delta")
{
    return {{"type", type}, {"item_id", "i1"}, {"content_index", 0}, {"delta", text}};
}

QJsonObject ended(const QString& text)
{
    return {{"type", "response.output_text.done"}, {"item_id", "i1"}, {"content_index", 0}, {"text", text}};
}

QJsonObject created()
{
    return {{"type", "response.created"}, {"response", QJsonObject{{"id", "r1"}}}};
}

QJsonObject done(const QString& text)
{
    const QJsonObject content{{"type", "output_text"}, {"text", text}};
    const QJsonObject item{{"type", "message"}, {"content", QJsonArray{content}}};
    return {{"type", "response.done"},
            {"response", QJsonObject{{"status", "completed"},
                                     {"output", QJsonArray{item}},
                                     {"usage", QJsonObject{{"input_tokens", 10}, {"output_tokens", 5}}}}}};
}

QJsonObject order(const QJsonArray& events)
{
    return {{"test", "send"}, {"events", events}};
}

/// An answer with that text, cut behind every character.
QJsonArray answer(const QString& text)
{
    QJsonArray events{created()};
    for (const QChar each : text)
        events.append(part(each));
    events.append(ended(text));
    events.append(done(text));
    return events;
}

QJsonObject rule(const char* check, const char* action, const char* on, const QJsonObject& more = {})
{
    QJsonObject made{
        {"check", check}, {"action", action}, {"on", on}, {"mode", "enforce"}, {"scope", QJsonObject()}};
    for (auto each = more.begin(); each != more.end(); ++each)
        made[each.key()] = each.value();
    return made;
}

/// Of keys that nobody has.
QJsonObject token(const char* header)
{
    return {{"params", QJsonObject{{"jwks_uri", "http://127.0.0.1:1/keys"}, {"header_key", header}}}};
}

QJsonObject words(const char* word)
{
    return {{"params", QJsonObject{{"words", QJsonArray{word}}}}};
}

} // namespace

class RealtimeGuardTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void masksWhatIsSaidAndPutsItBack();
    void masksEverySortOfEvent_data();
    void masksEverySortOfEvent();
    void refusesAnEventAndGoesOn();
    void refusesWhatNobodyCanRead();
    void masksAnswers();
    void restoresArguments();
    void endsWhereAnAnswerIsRefused_data();
    void endsWhereAnAnswerIsRefused();
    void keepsToTheMachine();
    void refusesToOpen_data();
    void refusesToOpen();
    void asksAWebhook();
    void tellsEachAnswersOwnVerdicts();
    void passesSoundAsItIs();
    void losesNoVerdictWhereNobodyAnswers();
    void endsWithItsProviderWhileItAsks();

private:
    void start(const QJsonObject& guardrails, bool isLocal = false, const QString& upstream = {});
    static int verdictsIn(const QJsonArray& rows)
    {
        int count = 0;
        for (const auto& row : rows)
            count += row.toObject()["guardrails"].toArray().size();
        return count;
    }
    bool open(SocketClient& client) const
    {
        return client.open(m_gateway->port(), kPath, key()).status == 101;
    }
    [[nodiscard]] static HeaderList key()
    {
        return {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}};
    }
    /// What the provider got, in order.
    [[nodiscard]] QStringList heard() const
    {
        QStringList texts;
        for (const auto& message : m_upstream.messages()) {
            const QJsonValue text = message.toObject()["text"];
            if (text.isString()) texts.append(text.toString());
        }
        return texts;
    }
    [[nodiscard]] QString heard(int place) const { return heard()[place]; }
    /// By the error that comes next.
    static QString codeTold(SocketClient& client)
    {
        const QJsonObject event = client.receiveObject().value_or(QJsonObject());
        return event["error"]["code"].toString();
    }
    /// All texts of deltas until an event of that type, and that event.
    static QString saidUntil(SocketClient& client, const QString& type, QJsonObject& last)
    {
        QString all;
        for (;;) {
            const auto event = client.receiveObject();
            if (!event) return "nothing came";
            if ((*event)["type"].toString().endsWith(".delta")) all += (*event)["delta"].toString();
            last = *event;
            if (last["type"].toString() == type) return all;
        }
    }

    SocketUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void RealtimeGuardTest::start(const QJsonObject& guardrails, bool isLocal, const QString& upstream)
{
    m_upstream.forget();
    m_gateway = std::make_unique<GatewayProcess>();
    const QJsonArray keys{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    QJsonObject own{{"kind", "openai"},
                    {"base_url", (upstream.isEmpty() ? m_upstream.url() : upstream) + "/v1"},
                    {"keys", keys},
                    {"models", QJsonObject{{"mock", QJsonObject()}}}};
    if (isLocal) own["local"] = true;
    m_gateway->configure({{"providers", QJsonObject{{"own", own}}}, {"guardrails", guardrails}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void RealtimeGuardTest::masksWhatIsSaidAndPutsItBack()
{
    start({{"private", rule("pii", "mask", "request", {{"restore", true}})}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(said("write to " + kMail)));
    QTRY_COMPARE(heard().size(), 1);
    const QString masked =
        QJsonDocument::fromJson(heard(0).toUtf8())["item"]["content"][0]["text"].toString();
    QVERIFY2(masked.startsWith("write to [") && !masked.contains("ann"), qPrintable(masked));
    const QString mask = masked.mid(9);
    QVERIFY(client.send(order(answer("Mail went to " + mask + " now."))));
    QJsonObject last;
    QCOMPARE(saidUntil(client, "response.output_text.done", last), "Mail went to " + kMail + " now.");
    QCOMPARE(last["text"].toString(), "Mail went to " + kMail + " now.");
    saidUntil(client, "response.done", last);
    QCOMPARE(std::as_const(last)["response"]["output"][0]["content"][0]["text"].toString(),
             "Mail went to " + kMail + " now.");
    const QJsonArray rows = m_gateway->rows(1);
    const QByteArray row = QJsonDocument(rows[0].toObject()).toJson();
    QVERIFY2(row.contains("private") && !row.contains("ann.lee"), row);
}

void RealtimeGuardTest::masksEverySortOfEvent_data()
{
    QTest::addColumn<QJsonObject>("event");
    const QJsonObject content{{"type", "input_text"}, {"text", kMail}};
    const auto item = [](const QJsonObject& made) {
        return QJsonObject{{"type", "conversation.item.create"}, {"item", made}};
    };
    QTest::newRow("instructions") << QJsonObject{{"type", "session.update"},
                                                 {"session", QJsonObject{{"instructions", "Mail " + kMail}}}};
    QTest::newRow("tool result") << item({{"type", "function_call_output"}, {"output", "to: " + kMail}});
    QTest::newRow("earlier arguments")
        << item({{"type", "function_call"}, {"arguments", "{\"to\":\"" + kMail + "\"}"}});
    QTest::newRow("earlier answer") << item(
        {{"type", "message"},
         {"role", "assistant"},
         {"content", QJsonArray{QJsonObject{{"type", "output_audio"}, {"transcript", kMail}}}}});
    QTest::newRow("of one answer") << QJsonObject{
        {"type", "response.create"},
        {"response", QJsonObject{{"instructions", kMail},
                                 {"input", QJsonArray{QJsonObject{{"type", "message"},
                                                                  {"content", QJsonArray{content}}}}}}}};
    QTest::newRow("long") << item(
        {{"type", "message"},
         {"content",
          QJsonArray{QJsonObject{{"type", "input_text"}, {"text", QString(40'000, 'x') + " " + kMail}}}}});
}

void RealtimeGuardTest::masksEverySortOfEvent()
{
    QFETCH(QJsonObject, event);
    start({{"private", rule("pii", "mask", "request")}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(event));
    QTRY_COMPARE(heard().size(), 1);
    const QJsonDocument got = QJsonDocument::fromJson(heard(0).toUtf8());
    QVERIFY(got.isObject());
    QCOMPARE(got["type"], event["type"]);
    QVERIFY2(!heard(0).contains("example.org") && heard(0).contains("[EMAIL"),
             qPrintable(heard(0).right(300)));
}

void RealtimeGuardTest::refusesAnEventAndGoesOn()
{
    start({{"quiet", rule("words", "block", "request", words("secretly"))}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(said("do it secretly")));
    const QJsonObject error = client.receiveObject().value_or(QJsonObject());
    QCOMPARE(error["type"].toString(), QString("error"));
    QCOMPARE(error["error"]["code"].toString(), QString("guardrail_blocked"));
    QCOMPARE(error["error"]["type"].toString(), QString("invalid_request_error"));
    QVERIFY(error["error"]["message"].toString().contains("`quiet`"));
    QVERIFY(client.send(said("do it")));
    QTRY_COMPARE(heard().size(), 1);
    QVERIFY(heard(0).contains("do it"));
    QVERIFY(!heard(0).contains("secretly"));
    const QJsonObject row = m_gateway->rows(1)[0].toObject();
    QCOMPARE(row["status"].toInt(), 400);
    QVERIFY(QJsonDocument(row).toJson().contains("quiet"));
}

void RealtimeGuardTest::refusesWhatNobodyCanRead()
{
    start({{"private", rule("pii", "mask", "request")}});
    SocketClient client;
    QVERIFY(open(client));
    const QByteArray broken = "{\"type\":\"conversation.item.create\",\"text\":\"" + kMail.toUtf8();
    QVERIFY(client.send(broken));
    QCOMPARE(codeTold(client), QString("invalid_json"));
    QVERIFY(client.send(broken, true));
    QCOMPARE(codeTold(client), QString("invalid_json"));
    QVERIFY(client.send(said("hi")));
    QTRY_COMPARE(heard().size(), 1);
    QVERIFY(heard(0).contains("hi"));
}

void RealtimeGuardTest::masksAnswers()
{
    start({{"private", rule("pii", "mask", "response")}});
    SocketClient client;
    QVERIFY(open(client));
    QJsonArray events = answer("Ask " + kMail + " about it");
    QVERIFY(client.send(order(events)));
    QJsonObject last;
    const QString all = saidUntil(client, "response.output_text.done", last);
    QVERIFY2(all.startsWith("Ask [EMAIL") && all.endsWith("about it"), qPrintable(all));
    QVERIFY(!all.contains("ann"));
    QCOMPARE(last["text"].toString(), all);
    saidUntil(client, "response.done", last);
    QCOMPARE(std::as_const(last)["response"]["output"][0]["content"][0]["text"].toString(), all);
    // Of several events each has the count of one.
    const QByteArray row = QJsonDocument(m_gateway->rows(1)[0].toObject()).toJson(QJsonDocument::Compact);
    QVERIFY2(row.contains("\"found\":{\"email\":1}") || row.contains("\"found\":{\"EMAIL\":1}"), row);
}

void RealtimeGuardTest::restoresArguments()
{
    start({{"private", rule("pii", "mask", "request", {{"restore", true}})}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(said(kMail)));
    QTRY_COMPARE(heard().size(), 1);
    const QString mask = QJsonDocument::fromJson(heard(0).toUtf8())["item"]["content"][0]["text"].toString();
    const QString arguments = "{\"to\":\"" + mask + "\",\"n\":1}";
    QJsonArray events{created()};
    for (const QChar each : arguments)
        events.append(part(each, "response.function_call_arguments.delta"));
    events.append(QJsonObject{{"type", "response.function_call_arguments.done"},
                              {"item_id", "i1"},
                              {"content_index", 0},
                              {"arguments", arguments}});
    QVERIFY(client.send(order(events)));
    QJsonObject last;
    const QString all = saidUntil(client, "response.function_call_arguments.done", last);
    QCOMPARE(QJsonDocument::fromJson(all.toUtf8())["to"].toString(), kMail);
    QCOMPARE(QJsonDocument::fromJson(last["arguments"].toString().toUtf8())["to"].toString(), kMail);
}

void RealtimeGuardTest::endsWhereAnAnswerIsRefused_data()
{
    QTest::addColumn<QJsonObject>("guardrail");
    QTest::addColumn<QString>("reached"); // of the answer, before it was refused
    QTest::newRow("by a word in its middle")
        << rule("words", "block", "response", words("forbidden")) << "this";
    const QJsonObject twoWords{{"params", QJsonObject{{"max", 2}}}};
    QTest::newRow("by the whole") << rule("word_count", "block", "response", twoWords)
                                  << "this is forbidden here";
}

void RealtimeGuardTest::endsWhereAnAnswerIsRefused()
{
    QFETCH(QJsonObject, guardrail);
    QFETCH(QString, reached);
    start({{"quiet", guardrail}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(order(answer("this is forbidden here"))));
    QJsonObject last;
    const QString all = saidUntil(client, "error", last);
    QCOMPARE(all.trimmed(), reached);
    QCOMPARE(std::as_const(last)["error"]["code"].toString(), QString("guardrail_blocked"));
    QCOMPARE(client.closeCode(), 1008);
    const QJsonObject row = m_gateway->rows(1)[0].toObject();
    QCOMPARE(row["error"]["code"].toString(), QString("guardrail_blocked"));
    QVERIFY(QJsonDocument(row).toJson().contains("quiet"));
}

void RealtimeGuardTest::keepsToTheMachine()
{
    const QJsonObject guardrails{{"private", rule("pii", "reroute", "request")}};
    for (const bool isLocal : {false, true}) {
        start(guardrails, isLocal);
        SocketClient client;
        QVERIFY(open(client));
        QVERIFY(client.send(said(kMail)));
        if (isLocal) {
            QTRY_COMPARE(heard().size(), 1);
            QVERIFY(heard(0).contains(kMail));
        } else {
            QCOMPARE(codeTold(client), QString("guardrail_blocked"));
            QCOMPARE(heard().size(), 0);
        }
    }
}

void RealtimeGuardTest::refusesToOpen_data()
{
    QTest::addColumn<QJsonObject>("guardrail");
    QTest::addColumn<bool>("opens");
    const QJsonObject type{{"params", QJsonObject{{"allowed", QJsonArray{"chat"}}}}};
    const QJsonObject metadata{{"params", QJsonObject{{"keys", QJsonArray{"team"}}}}};
    const QJsonObject hook{{"params", QJsonObject{{"url", "http://127.0.0.1:1/"}}}};
    QJsonObject open = hook;
    open["on_error"] = "open";
    QTest::newRow("another sort of request")
        << rule("allowed_request_types", "block", "request", type) << false;
    QTest::newRow("no metadata") << rule("required_metadata_keys", "block", "request", metadata) << false;
    QTest::newRow("no token") << rule("jwt", "block", "request", token("x-user-token")) << false;
    QTest::newRow("no keys for a token") << rule("jwt", "block", "request", token("authorization")) << false;
    QTest::newRow("who asks about answers") << rule("webhook", "block", "response", hook) << false;
    QTest::newRow("who fails open") << rule("webhook", "block", "response", open) << true;
    QTest::newRow("who wants longer texts")
        << rule("word_count", "block", "request", {{"params", QJsonObject{{"min", 2}}}}) << true;
}

void RealtimeGuardTest::refusesToOpen()
{
    QFETCH(QJsonObject, guardrail);
    QFETCH(bool, opens);
    start({{"door", guardrail}});
    SocketClient client;
    const HttpReply reply = client.open(m_gateway->port(), kPath, key());
    QCOMPARE(reply.status, opens ? 101 : 400);
    if (opens) return;
    QVERIFY2(reply.body.contains("guardrail_blocked") && reply.body.contains("`door`"), reply.body);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void RealtimeGuardTest::asksAWebhook()
{
    CannedServer hook([](const QByteArray&) { return CannedServer::json(200, R"({"verdict":false})"); });
    const QString url = QString::fromUtf8(hook.url("/"));
    start({{"judge", rule("webhook", "block", "request", {{"params", QJsonObject{{"url", url}}}})}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(said("may I?")));
    QTRY_COMPARE(hook.heads().size(), 1);
    QCOMPARE(codeTold(client), QString("guardrail_blocked"));
    QCOMPARE(heard().size(), 0);
}

void RealtimeGuardTest::tellsEachAnswersOwnVerdicts()
{
    start({{"private", rule("pii", "flag", "request")}});
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(said(kMail)));
    QVERIFY(client.send(order({created(), done("one")})));
    QJsonObject last;
    saidUntil(client, "response.done", last);
    QVERIFY(client.send(said("hi")));
    QVERIFY(client.send(order({created(), done("two")})));
    saidUntil(client, "response.done", last);
    const QJsonArray rows = m_gateway->rows(2);
    QVERIFY(QJsonDocument(rows[0].toObject()).toJson().contains("\"private\""));
    QVERIFY(!QJsonDocument(rows[1].toObject()).toJson().contains("\"private\""));
}

void RealtimeGuardTest::passesSoundAsItIs()
{
    start({{"private", rule("pii", "mask", "request")}, {"out", rule("pii", "mask", "response")}});
    SocketClient client;
    QVERIFY(open(client));
    const QByteArray sound =
        R"({"type":"input_audio_buffer.append", "audio":")" + QByteArray(60'000, 'A') + "\"}";
    QVERIFY(client.send(sound));
    QTRY_COMPARE(heard().size(), 1);
    QCOMPARE(heard(0).toUtf8(), sound);
    const QJsonObject heardBack{{"type", "response.output_audio.delta"}, {"delta", QString(20'000, 'B')}};
    QVERIFY(client.send(order({heardBack})));
    QCOMPARE(client.receiveObject().value_or(QJsonObject()), heardBack);
}

void RealtimeGuardTest::losesNoVerdictWhereNobodyAnswers()
{
    start({{"private", rule("pii", "flag", "request")}});
    SocketClient client;
    QVERIFY(open(client));
    constexpr int kEvents = 600;
    for (int i = 0; i < kEvents; ++i)
        QVERIFY(client.send(said(kMail)));
    QTRY_COMPARE_WITH_TIMEOUT(heard().size(), kEvents, 30'000);
    client.close();
    int told = 0;
    QTRY_VERIFY_WITH_TIMEOUT((told = verdictsIn(m_gateway->rows(1))) == kEvents, 20'000);
}

void RealtimeGuardTest::endsWithItsProviderWhileItAsks()
{
    CannedServer silent([](const QByteArray&) { return QByteArray(); });
    auto leaves = std::make_unique<SocketUpstream>();
    QVERIFY(leaves->start());
    const QJsonObject hook{{"url", QString::fromUtf8(silent.url("/"))}, {"timeout_ms", 60'000}};
    start({{"judge", rule("webhook", "block", "request", {{"params", hook}})}}, false, leaves->url());
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(said("may I?")));
    QTRY_COMPARE(silent.heads().size(), 1);
    leaves.reset();
    QVERIFY(client.closeCode() != 0);
    QVERIFY(!m_gateway->rows(1).isEmpty()); // waits for less than the hook may take
}

QTEST_GUILESS_MAIN(RealtimeGuardTest)
#include "realtime_guard_test.moc"
