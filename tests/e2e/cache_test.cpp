// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that are kept: given again whole or streamed, in every dialect, to those they belong to.
#include <memory>
#include <vector>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include "e2e/every_dialect.h"
#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

Q_DECLARE_METATYPE(Words)

namespace {

const HeaderList kBearer{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                         {"Content-Type", "application/json"}};

QJsonObject cachedRoute(const QString& provider, const QString& model, const QJsonObject& cache)
{
    return {{"targets", QJsonArray{QJsonObject{{"provider", provider}, {"model", model}}}},
            {"retry", QJsonObject{{"attempts", 0}}},
            {"cache", cache}};
}

/// The words of an answer in any dialect, whole or streamed: whatever stands in members of these names.
QString wordsIn(const QByteArray& body)
{
    QString words;
    const QRegularExpression word(
        QStringLiteral("\"(?:text|content|response|delta)\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\""));
    for (auto each = word.globalMatch(QString::fromUtf8(body)); each.hasNext();)
        words += each.next().captured(1);
    return words;
}

} // namespace

class CacheTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void givesTheSameAnswerAgain_data();
    void givesTheSameAnswerAgain();
    void givesItInEveryDialect_data();
    void givesItInEveryDialect();
    void isOneQuestionHoweverItIsWritten_data();
    void isOneQuestionHoweverItIsWritten();
    void tellsQuestionsApart_data();
    void tellsQuestionsApart();
    void obeysControls_data();
    void obeysControls();
    void turnsOnByHeader();
    void givesOnlyWhatIsKept();
    void keepsKeysApart();
    void keepsGoodAnswersOnly_data();
    void keepsGoodAnswersOnly();
    void endsAfterItsTime();
    void asksOnceForAHundred();
    void outlivesTheProgram();
    void beginsAnewWhereTheFileIsDamaged();
    void guardsWhatIsKept();
    void forgetsWhenTheRouteChanges();
    void keepsThePauses();
    void takesCacheOutOfTheBody();
    void whatConditionsSeeTellsQuestionsApart();
    void limitsCountHitsAndBudgetsDoNot();

private:
    [[nodiscard]] HttpReply say(const QByteArray& model, const QByteArray& words,
                                const HeaderList& headers = {}, const QByteArray& extra = {}) const
    {
        return http(m_gateway->port(), "POST", "/v1/chat/completions", kBearer + headers,
                    R"({"model":")" + model + R"(","messages":[{"role":"user","content":")" + words +
                        R"("}])" + extra + "}");
    }
    [[nodiscard]] static QByteArray cacheOf(const HttpReply& reply)
    {
        return reply.header("x-turnpike-cache");
    }
    [[nodiscard]] int calls() const { return static_cast<int>(m_upstream.requests().size()); }
    [[nodiscard]] QJsonObject rowOf(const HttpReply& reply) const { return e2e::rowOf(*m_gateway, reply); }
    void configure(const QJsonObject& changes = {});

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    QJsonObject m_routes;
};

void CacheTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const QJsonObject on{{"exact", true}};
    m_routes["kept"] = cachedRoute("lab", "mock", on);
    m_routes["slow"] = cachedRoute("lab", "mock:slow-head:400", on);
    m_routes["short"] = cachedRoute("lab", "mock", {{"exact", true}, {"ttl_seconds", 1}});
    m_routes["shared"] = cachedRoute("lab", "mock", {{"exact", true}, {"scope", "shared"}});
    m_routes["plain"] = cachedRoute("lab", "mock", {{"exact", false}});
    m_routes["paced"] = cachedRoute("lab", "mock:paced:4:60", {{"exact", true}, {"replay", "recorded"}});
    m_routes["no-tools"] =
        cachedRoute("lab", "mock", {{"exact", true}, {"never", QJsonArray{"tools", "temperature"}}});
    for (const char* scenario : {"length", "refusal", "blocked", "status:500", "cut-body", "cut-stream:2"})
        m_routes[QString("bad-") + QString(scenario).replace(':', '-')] =
            cachedRoute("lab", QString("mock:") + scenario, on);
    for (const char* kind : {"openai", "anthropic", "gemini", "ollama", "cohere"})
        m_routes[QString("of-") + kind] = cachedRoute(QString("by-") + kind, "mock", on);
    m_routes["guarded"] = cachedRoute("lab", "mock:repeat:4", on);
    configure();
    QVERIFY(m_gateway->start());
}

void CacheTest::configure(const QJsonObject& changes)
{
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    for (const char* kind : {"openai", "anthropic", "gemini", "ollama", "cohere"})
        providers[QString("by-") + kind] = providerOf(kind, m_upstream.url());
    QJsonObject lab = providers["lab"].toObject();
    lab["models"] = QJsonObject{{"mock", QJsonObject{{"price", QJsonObject{{"input", 2}, {"output", 8}}}}}};
    providers["lab"] = lab;
    QJsonObject all{{"routes", m_routes}, {"providers", providers}};
    for (auto each = changes.begin(); each != changes.end(); ++each)
        all[each.key()] = each.value();
    m_gateway->configure(all);
}

void CacheTest::givesTheSameAnswerAgain_data()
{
    QTest::addColumn<bool>("first");
    QTest::addColumn<bool>("then");
    QTest::newRow("whole, whole") << false << false;
    QTest::newRow("streamed, streamed") << true << true;
    QTest::newRow("whole, streamed") << false << true;
    QTest::newRow("streamed, whole") << true << false;
}

void CacheTest::givesTheSameAnswerAgain()
{
    QFETCH(bool, first);
    QFETCH(bool, then);
    const QByteArray words = QByteArray("again ") + QTest::currentDataTag();
    const auto asked = [](bool stream) {
        return stream ? QByteArray(R"(,"stream":true,"stream_options":{"include_usage":true})")
                      : QByteArray();
    };
    const HttpReply made = say("kept", words, {}, asked(first));
    QCOMPARE(made.status, 200);
    QCOMPARE(cacheOf(made), QByteArray("miss"));
    const QJsonObject madeRow = rowOf(made);
    QVERIFY(madeRow["cost_usd"].toDouble() > 0);
    for (int i = 0; i < 3; ++i) { // the second of these is given ready as it is
        const HttpReply again = say("kept", words, {}, asked(then));
        QCOMPARE(again.status, 200);
        QVERIFY(again.complete);
        QCOMPARE(cacheOf(again), QByteArray("hit"));
        QCOMPARE(wordsIn(again.body), wordsIn(made.body));
        QCOMPARE(again.header("x-turnpike-cost-usd").toDouble(), 0.0);
        QCOMPARE(again.header("x-turnpike-saved-usd").toDouble(), madeRow["cost_usd"].toDouble());
        QVERIFY(again.header("x-request-id") != made.header("x-request-id"));
        if (then) QVERIFY(again.body.endsWith("data: [DONE]\n\n"));
        const QJsonObject row = rowOf(again);
        QCOMPARE(row["cache"].toString(), QString("hit"));
        QCOMPARE(row["cost_usd"].toDouble(), 0.0);
        QCOMPARE(row["saved_usd"].toDouble(), madeRow["cost_usd"].toDouble());
        QCOMPARE(row["usage"].toObject()["output_tokens"], madeRow["usage"].toObject()["output_tokens"]);
        QCOMPARE(row["provider"], madeRow["provider"]);
        QCOMPARE(row["attempts"].toArray().size(), 0);
    }
    QCOMPARE(calls(), 1);
}

void CacheTest::givesItInEveryDialect_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"openai", "anthropic", "gemini", "ollama", "cohere"})
        QTest::newRow(kind) << kind;
}

/// Whoever asks first, all others get what that one got, in their own words.
void CacheTest::givesItInEveryDialect()
{
    QFETCH(QString, kind);
    const QByteArray route = ("of-" + kind).toUtf8();
    QString words;
    int answers = 0, asked = 0;
    for (const Words dialect : kAllWords) {
        for (const bool stream : {false, true, false}) {
            const HttpReply reply = ask(m_gateway->port(), {dialect, route, stream});
            QVERIFY2(reply.status == 200, reply.body.constData());
            QVERIFY(reply.complete);
            asked += cacheOf(reply) == "miss" ? 1 : 0;
            if (words.isEmpty()) words = wordsIn(reply.body);
            QVERIFY2(!words.isEmpty() && wordsIn(reply.body).contains(words.left(5)), reply.body.constData());
            ++answers;
        }
    }
    // Each dialect asks once at most, however it wants the answer. Anthropic's has to name `max_tokens`, and
    // what Responses says of itself no other does; all others share one.
    QCOMPARE(calls(), asked);
    QVERIFY2(asked <= 3, qPrintable(QString::number(asked)));
    QCOMPARE(answers, 3 * static_cast<int>(kAllWords.size()));
}

void CacheTest::isOneQuestionHoweverItIsWritten_data()
{
    QTest::addColumn<QByteArray>("other");
    const QByteArray messages = R"("messages":[{"role":"user","content":"one question"}])";
    QTest::newRow("other order") << R"({"temperature":0,)" + messages + R"(,"model":"kept"})";
    QTest::newRow("spaces") << R"({ "model" : "kept", )" + messages + R"( , "temperature" : 0 })";
    QTest::newRow("a number with a point") << R"({"model":"kept",)" + messages + R"(,"temperature":0.0})";
    QTest::newRow("an escape") << QByteArray(
        R"({"model":"kept","messages":[{"role":"user","content":"one \u0071uestion"}],"temperature":0})");
    QTest::newRow("user and metadata")
        << R"({"model":"kept",)" + messages + R"(,"temperature":0,"user":"x","metadata":{"a":"b"}})";
    QTest::newRow("streamed") << R"({"model":"kept",)" + messages + R"(,"temperature":0,"stream":true})";
}

void CacheTest::isOneQuestionHoweverItIsWritten()
{
    QFETCH(QByteArray, other);
    const QByteArray body =
        R"({"model":"kept","messages":[{"role":"user","content":"one question"}],"temperature":0})";
    const auto post = [&](const QByteArray& text) {
        return http(m_gateway->port(), "POST", "/v1/chat/completions", kBearer, text);
    };
    QCOMPARE(post(body).status, 200);
    QCOMPARE(cacheOf(post(other)), QByteArray("hit"));
}

void CacheTest::tellsQuestionsApart_data()
{
    QTest::addColumn<QByteArray>("other");
    const QByteArray message = R"({"role":"user","content":"apart"})";
    const QByteArray begin = R"({"model":"kept","messages":[)";
    QTest::newRow("other words") << begin + R"({"role":"user","content":"apart?"}],"temperature":0})";
    QTest::newRow("other number") << begin + message + R"(],"temperature":0.5})";
    QTest::newRow("another member") << begin + message + R"(],"temperature":0,"top_p":0.5})";
    QTest::newRow("an unknown member") << begin + message + R"(],"temperature":0,"x_new":1})";
    QTest::newRow("system words") << begin + R"({"role":"system","content":"be short"},)" + message +
                                         R"(],"temperature":0})";
    QTest::newRow("earlier words")
        << begin + R"({"role":"user","content":"a"},{"role":"assistant","content":"b"},)" + message +
               R"(],"temperature":0})";
    QTest::newRow("tools")
        << begin + message + R"(],"temperature":0,"tools":[{"type":"function","function":{"name":"f"}}]})";
    QTest::newRow("another route") << R"({"model":"shared","messages":[)" + message + R"(],"temperature":0})";
}

void CacheTest::tellsQuestionsApart()
{
    QFETCH(QByteArray, other);
    const auto post = [&](const QByteArray& text) {
        return http(m_gateway->port(), "POST", "/v1/chat/completions", kBearer, text);
    };
    QCOMPARE(
        post(R"({"model":"kept","messages":[{"role":"user","content":"apart"}],"temperature":0})").status,
        200);
    const HttpReply reply = post(other);
    QCOMPARE(reply.status, 200);
    QCOMPARE(cacheOf(reply), QByteArray("miss"));
}

void CacheTest::obeysControls_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("extra");
    QTest::addColumn<QByteArray>("told");
    const auto header = [](const char* row, const char* name, const char* value, const char* told) {
        QTest::newRow(row) << QByteArray(name) << QByteArray(value) << QByteArray() << QByteArray(told);
    };
    header("ours: bypass", "x-turnpike-cache", "bypass", "bypass");
    header("ours: refresh", "x-turnpike-cache", "refresh", "miss");
    header("ours: only", "x-turnpike-cache", "only", "hit");
    header("Cloudflare: skip", "cf-aig-skip-cache", "true", "bypass");
    header("Portkey: refresh", "x-portkey-cache-force-refresh", "true", "miss");
    header("Portkey: another space", "x-portkey-cache-namespace", "elsewhere", "miss");
    header("no-cache", "cache-control", "no-cache", "miss");
    header("no-store", "cache-control", "no-store", "bypass");
    header("max-age", "cache-control", "max-age=600", "hit");
    header("only-if-cached", "cache-control", "only-if-cached", "hit");
    header("OpenRouter: off", "x-openrouter-cache", "false", "bypass");
    header("nothing of this", "x-turnpike-tags", "a", "hit");
    QTest::newRow("LiteLLM: no-cache")
        << QByteArray() << QByteArray() << QByteArray(R"(,"cache":{"no-cache":true})") << QByteArray("miss");
    QTest::newRow("LiteLLM: namespace")
        << QByteArray() << QByteArray() << QByteArray(R"(,"cache":{"namespace":"b"})") << QByteArray("miss");
    QTest::newRow("LiteLLM: nothing")
        << QByteArray() << QByteArray() << QByteArray(R"(,"cache":{})") << QByteArray("hit");
}

void CacheTest::obeysControls()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, extra);
    QFETCH(QByteArray, told);
    QCOMPARE(say("kept", "controls").status, 200);
    HeaderList headers;
    if (!name.isEmpty()) headers.emplaceBack(name, value);
    const HttpReply reply = say("kept", "controls", headers, extra);
    QCOMPARE(reply.status, 200);
    QCOMPARE(cacheOf(reply), told);
}

void CacheTest::turnsOnByHeader()
{
    for (const auto& [name, value] :
         {std::pair("x-turnpike-cache-ttl", "60"), std::pair("cf-aig-cache-ttl", "60"),
          std::pair("x-openrouter-cache", "true")}) {
        const QByteArray words = QByteArray("by header ") + name;
        const HeaderList asks{{name, value}};
        QCOMPARE(cacheOf(say("plain", words, asks)), QByteArray("miss"));
        QCOMPARE(cacheOf(say("plain", words, asks)), QByteArray("hit"));
        QCOMPARE(cacheOf(say("plain", words)), QByteArray("bypass")); // who does not ask for it has none
    }
    // A key of the client's own stands for whatever is asked.
    const HeaderList mine{{"cf-aig-cache-key", "mine"}};
    QCOMPARE(cacheOf(say("plain", "one", mine)), QByteArray("miss"));
    QCOMPARE(cacheOf(say("plain", "two", mine)), QByteArray("hit"));
    const QByteArray config = R"({"cache":{"mode":"simple","max_age":60},"provider":"lab"})";
    const HeaderList portkey{{"x-portkey-config", config}};
    QCOMPARE(cacheOf(say("mock", "by config", portkey)), QByteArray("miss"));
    QCOMPARE(cacheOf(say("mock", "by config", portkey)), QByteArray("hit"));
}

void CacheTest::givesOnlyWhatIsKept()
{
    const HttpReply reply = say("kept", "never asked before", {{"x-turnpike-cache", "only"}});
    QCOMPARE(reply.status, 504);
    QCOMPARE(jsonOf(reply.body)["error"].toObject()["code"].toString(), QString("not_cached"));
    QCOMPARE(calls(), 0);
}

void CacheTest::keepsKeysApart()
{
    const QByteArray other =
        m_gateway->run({"key", "create", "other"}).trimmed().split('\n').last().trimmed();
    QVERIFY2(other.startsWith("tp-"), other.constData());
    QTRY_VERIFY(http(m_gateway->port(), "GET", "/v1/models", {{"Authorization", "Bearer " + other}}).status ==
                200);
    const auto by = [&](const QByteArray& key, const QByteArray& route) {
        return http(m_gateway->port(), "POST", "/v1/chat/completions",
                    {{"Authorization", "Bearer " + key}, {"Content-Type", "application/json"}},
                    R"({"model":")" + route + R"(","messages":[{"role":"user","content":"whose"}]})");
    };
    QCOMPARE(cacheOf(by(GatewayProcess::kKey, "kept")), QByteArray("miss"));
    QCOMPARE(cacheOf(by(other, "kept")), QByteArray("miss"));
    QCOMPARE(cacheOf(by(other, "kept")), QByteArray("hit"));
    QCOMPARE(cacheOf(by(GatewayProcess::kKey, "shared")), QByteArray("miss"));
    QCOMPARE(cacheOf(by(other, "shared")), QByteArray("hit"));
}

void CacheTest::keepsGoodAnswersOnly_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("extra");
    for (const char* route : {"bad-length", "bad-refusal", "bad-blocked", "bad-status-500", "bad-cut-body"})
        QTest::newRow(route) << QByteArray(route) << QByteArray();
    for (const char* route : {"bad-length", "bad-refusal", "bad-blocked", "bad-cut-stream-2"})
        QTest::addRow("%s, streamed", route) << QByteArray(route) << QByteArray(R"(,"stream":true)");
    QTest::newRow("tools, which the route leaves out")
        << QByteArray("no-tools")
        << QByteArray(R"(,"tools":[{"type":"function","function":{"name":"f","parameters":{}}}])");
    QTest::newRow("temperature, which the route leaves out")
        << QByteArray("no-tools") << QByteArray(R"(,"temperature":0.7)");
}

void CacheTest::keepsGoodAnswersOnly()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, extra);
    std::ignore = say(route, "good?", {}, extra);
    const int before = calls();
    QVERIFY(before > 0);
    const HttpReply again = say(route, "good?", {}, extra);
    QVERIFY(cacheOf(again) != "hit");
    QVERIFY(calls() > before);
}

void CacheTest::endsAfterItsTime()
{
    QCOMPARE(cacheOf(say("short", "for a second")), QByteArray("miss"));
    QCOMPARE(cacheOf(say("short", "for a second", {{"x-turnpike-cache", "only"}})), QByteArray("hit"));
    QTRY_COMPARE(say("short", "for a second", {{"x-turnpike-cache", "only"}}).status, 504);
    QCOMPARE(cacheOf(say("short", "for a second")), QByteArray("miss"));
}

void CacheTest::asksOnceForAHundred()
{
    std::vector<std::unique_ptr<RawClient>> clients;
    const QByteArray body = R"({"model":"slow","messages":[{"role":"user","content":"all at once"}]})";
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<RawClient>(m_gateway->port()));
        clients.back()->send(requestBytes(m_gateway->port(), "POST", "/v1/chat/completions", kBearer, body));
    }
    QByteArray text;
    for (const auto& client : clients) {
        const HttpReply reply = client->receive();
        QCOMPARE(reply.status, 200);
        if (text.isEmpty()) text = reply.body;
        QCOMPARE(reply.body, text);
    }
    QCOMPARE(calls(), 1);
}

void CacheTest::outlivesTheProgram()
{
    for (const bool stream : {false, true}) {
        const QByteArray extra = stream ? QByteArray(R"(,"stream":true)") : QByteArray();
        const HttpReply made = say("kept", "after a start", {}, extra);
        QCOMPARE(made.status, 200);
        m_upstream.reset();
        QCOMPARE(m_gateway->terminate(), 0);
        QVERIFY(m_gateway->start());
        // It is read beside the start.
        HttpReply again;
        QTRY_VERIFY((again = say("kept", "after a start", {{"x-turnpike-cache", "only"}}, extra)).status ==
                    200);
        QCOMPARE(cacheOf(again), QByteArray("hit"));
        QCOMPARE(wordsIn(again.body), wordsIn(made.body));
        QCOMPARE(calls(), 0);
    }
    const QFileInfo file(m_gateway->dataDir() + "/cache.db");
    QVERIFY(file.exists());
    QCOMPARE(file.permissions() &
                 (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
}

void CacheTest::beginsAnewWhereTheFileIsDamaged()
{
    QCOMPARE(m_gateway->terminate(), 0);
    const QDir folder(m_gateway->dataDir());
    for (const QString& name : folder.entryList({"cache.db*"}))
        QVERIFY(QFile::remove(folder.filePath(name)));
    QFile file(folder.filePath("cache.db"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(8192, 'x'));
    file.close();
    QVERIFY(m_gateway->start());
    QTRY_VERIFY(!folder.entryList({"cache.db.damaged-*"}).isEmpty());
    QCOMPARE(cacheOf(say("kept", "anew")), QByteArray("miss"));
    QCOMPARE(cacheOf(say("kept", "anew")), QByteArray("hit"));
    QCOMPARE(m_gateway->terminate(), 0);
    QVERIFY(m_gateway->start());
    QTRY_COMPARE(say("kept", "anew", {{"x-turnpike-cache", "only"}}).status, 200);
}

void CacheTest::guardsWhatIsKept()
{
    const QByteArray words = "<<write to jane.doe@example.org please>>";
    QCOMPARE(cacheOf(say("guarded", words)), QByteArray("miss"));
    for (const bool stream : {false, true}) {
        const QByteArray extra = stream ? QByteArray(R"(,"stream":true)") : QByteArray();
        const HttpReply open = say("guarded", words, {}, extra);
        QCOMPARE(cacheOf(open), QByteArray("hit"));
        QVERIFY(wordsIn(open.body).contains("jane.doe@example.org"));
    }
    const QJsonObject rule{
        {"check", "pii"}, {"on", "response"}, {"action", "mask"}, {"scope", QJsonObject()}};
    configure({{"guardrails", QJsonObject{{"hide", rule}}}});
    QVERIFY(m_gateway->writeConfig());
    for (const bool stream : {false, true}) {
        const QByteArray extra = stream ? QByteArray(R"(,"stream":true)") : QByteArray();
        HttpReply reply;
        QTRY_VERIFY(!wordsIn((reply = say("guarded", words, {}, extra)).body).contains("jane.doe"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(cacheOf(reply), QByteArray("hit"));
        QVERIFY(wordsIn(reply.body).contains("write to"));
    }
    QCOMPARE(calls(), 1);
    configure({{"guardrails", QJsonObject()}});
    QVERIFY(m_gateway->writeConfig());
    QTRY_VERIFY(wordsIn(say("guarded", words).body).contains("jane.doe@example.org"));
}

void CacheTest::forgetsWhenTheRouteChanges()
{
    QCOMPARE(cacheOf(say("kept", "changes")), QByteArray("miss"));
    QCOMPARE(cacheOf(say("kept", "changes")), QByteArray("hit"));
    const QJsonObject before = m_routes["kept"].toObject();
    QJsonObject changed = before;
    changed["decorate"] =
        QJsonObject{{"before", QJsonArray{QJsonObject{{"role", "system"}, {"text", "Be short."}}}}};
    m_routes["kept"] = changed;
    configure();
    QVERIFY(m_gateway->writeConfig());
    QTRY_COMPARE(cacheOf(say("kept", "changes", {{"x-turnpike-cache", "only"}})), QByteArray());
    QCOMPARE(cacheOf(say("kept", "changes")), QByteArray("miss"));
    m_routes["kept"] = before;
    configure();
    QVERIFY(m_gateway->writeConfig());
    // What was kept before is good again.
    QTRY_COMPARE(say("kept", "changes", {{"x-turnpike-cache", "only"}}).status, 200);
}

void CacheTest::keepsThePauses()
{
    const QByteArray stream = R"(,"stream":true)";
    const HttpReply made = say("paced", "slowly", {}, stream);
    QCOMPARE(made.status, 200);
    RawClient client(m_gateway->port());
    client.send(
        requestBytes(m_gateway->port(), "POST", "/v1/chat/completions", kBearer,
                     R"({"model":"paced","messages":[{"role":"user","content":"slowly"}],"stream":true})"));
    const HttpReply again = client.receive();
    QCOMPARE(cacheOf(again), QByteArray("hit"));
    QCOMPARE(wordsIn(again.body), wordsIn(made.body));
    QCOMPARE(calls(), 1);
    // Four pauses of 60 ms lie between its first word and its end.
    const QJsonObject row = rowOf(again);
    QVERIFY2(row["total_us"].toInteger() - row["first_token_us"].toInteger() >= 120'000,
             QJsonDocument(row).toJson().constData());
}

void CacheTest::takesCacheOutOfTheBody()
{
    QCOMPARE(say("plain", "no stray members", {}, R"(,"cache":{"no-store":true})").status, 200);
    const QByteArray sent = m_upstream.requests().last().toObject()["body"].toString().toUtf8();
    QVERIFY2(!sent.contains("cache"), sent.constData());
}

void CacheTest::whatConditionsSeeTellsQuestionsApart()
{
    const HeaderList free{{"x-turnpike-metadata", R"({"plan":"free"})"}};
    const HeaderList paid{{"x-turnpike-metadata", R"({"plan":"paid"})"}};
    QCOMPARE(cacheOf(say("kept", "by plan", free)), QByteArray("miss"));
    QCOMPARE(cacheOf(say("kept", "by plan", paid)), QByteArray("hit"));
    m_routes["by-plan"] =
        QJsonObject{{"strategy", "conditional"},
                    {"cache", QJsonObject{{"exact", true}}},
                    {"targets", QJsonArray{QJsonObject{{"provider", "lab"},
                                                       {"model", "mock:burst:2"},
                                                       {"when", QJsonObject{{"metadata.plan", "paid"}}}},
                                           QJsonObject{{"provider", "lab"}, {"model", "mock"}}}}};
    configure();
    QVERIFY(m_gateway->writeConfig());
    QTRY_COMPARE(say("by-plan", "hi", free).status, 200);
    const HttpReply other = say("by-plan", "hi", paid);
    QCOMPARE(cacheOf(other), QByteArray("miss"));
    QCOMPARE(other.header("x-turnpike-model"), QByteArray("mock:burst:2"));
    QCOMPARE(cacheOf(say("by-plan", "hi", paid)), QByteArray("hit"));
    QCOMPARE(cacheOf(say("by-plan", "hi", free)), QByteArray("hit"));
}

void CacheTest::limitsCountHitsAndBudgetsDoNot()
{
    const QByteArray key =
        m_gateway->run({"key", "create", "limited", "--rpm", "3"}).trimmed().split('\n').last().trimmed();
    QVERIFY2(key.startsWith("tp-"), key.constData());
    QTRY_COMPARE(http(m_gateway->port(), "GET", "/v1/models", {{"Authorization", "Bearer " + key}}).status,
                 200);
    const auto ask = [&] {
        return http(m_gateway->port(), "POST", "/v1/chat/completions",
                    {{"Authorization", "Bearer " + key}, {"Content-Type", "application/json"}},
                    R"({"model":"kept","messages":[{"role":"user","content":"limited"}]})");
    };
    QCOMPARE(cacheOf(ask()), QByteArray("miss"));
    QCOMPARE(cacheOf(ask()), QByteArray("hit"));
    QCOMPARE(cacheOf(ask()), QByteArray("hit"));
    QCOMPARE(ask().status, 429);

    configure({{"budgets", QJsonObject{{"small", QJsonObject{{"usd", 0.0003}, {"per", "day"}}}}}});
    QVERIFY(m_gateway->writeConfig());
    const QByteArray shortAnswer = R"(,"max_tokens":7)";
    int refused = 0;
    const auto isUsedUp = [&] {
        const HttpReply reply = say("kept", "spend " + QByteArray::number(++refused), {}, shortAnswer);
        return reply.status == 402;
    };
    QTRY_VERIFY(isUsedUp());
    QVERIFY(refused > 1);
    const HttpReply again = say("kept", "spend 1", {}, shortAnswer);
    QCOMPARE(again.status, 200);
    QCOMPARE(cacheOf(again), QByteArray("hit"));
    configure({{"budgets", QJsonObject()}});
    QVERIFY(m_gateway->writeConfig());
}

QTEST_GUILESS_MAIN(CacheTest)
#include "cache_test.moc"
