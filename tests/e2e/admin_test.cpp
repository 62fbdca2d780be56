// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, budgets, routes, providers and the log through the administration.
#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "e2e/administered_gateway.h"
#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

class AdminTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void init();
    void makesKeysThatWork();
    void changesKeys();
    void refusesWhatKeysDoNotHave_data();
    void refusesWhatKeysDoNotHave();
    void makesKeysAnew();
    void takesKeysBack();
    void keepsBudgets();
    void tellsKeysOwnBudgets();
    void allowsMoreOfABudget();
    void answersQuestions();
    void pausesSpending();
    void tellsAlerts();
    void keepsRoutes();
    void keepsProvidersWithoutTheirSecrets();
    void tellsUsage();
    void pagesThroughTheLog();
    void refusesStrangeParameters_data();
    void refusesStrangeParameters();
    void tellsNoSecret();
    void worksBesideTheCommandLine();

private:
    [[nodiscard]] quint16 port() const { return m_admin.gateway->port(); }
    [[nodiscard]] HttpReply asked(const QByteArray& key, const QByteArray& model = "lab/mock") const
    {
        const ModelCall call{Shape::OpenAi, model};
        RawClient client(port());
        client.send(requestBytes(port(), "POST", pathOf(call), headersOf(call, key), bodyOf(call)));
        return client.receive(30'000);
    }
    /// A key of that name with these members; its clear text.
    [[nodiscard]] QByteArray makeKey(QJsonObject members) const
    {
        const HttpReply made = m_admin.call("POST", "/keys", QJsonDocument(members).toJson());
        return made.status == 201 ? jsonOf(made.body)["key"].toString().toUtf8() : QByteArray();
    }
    [[nodiscard]] QJsonObject fileOf() const
    {
        QFile file(m_admin.gateway->configPath());
        return file.open(QIODevice::ReadOnly) ? jsonOf(file.readAll()) : QJsonObject();
    }
    /// As the file has it.
    [[nodiscard]] QJsonObject keyOf(const char* name) const
    {
        return fileOf()["keys"].toObject()[QLatin1String(name)].toObject();
    }
    [[nodiscard]] QJsonObject budgetNow(const QByteArray& name) const
    {
        return m_admin.read("/budgets/" + name)["now"].toObject();
    }

    FakeUpstream m_upstream;
    AdministeredGateway m_admin;
};

void AdminTest::init()
{
    m_upstream.reset();
    QVERIFY(m_admin.start(m_upstream.url()));
}

void AdminTest::makesKeysThatWork()
{
    const HttpReply made =
        m_admin.call("POST", "/keys", R"({"name":"cursor","models":["sandbox/*"],"tags":["t"],
        "budget":{"usd":2.50,"per":"day"},"limits":{"rpm":60,"concurrent":3},"expires":"2099-12-31"})");
    QVERIFY2(made.status == 201, made.body);
    const QJsonObject key = jsonOf(made.body);
    const QByteArray clear = key["key"].toString().toUtf8();
    QVERIFY(clear.startsWith("tp-") && clear.size() == 46);
    QCOMPARE(key["prefix"].toString().toUtf8(), clear.left(8));
    QCOMPARE(asked(clear, "sandbox/echo").status, 200);
    QCOMPARE(asked(clear, "lab/mock").status, 403);
    const QByteArray hash = QCryptographicHash::hash(clear, QCryptographicHash::Sha256).toHex();
    QCOMPARE(keyOf("cursor")["sha256"].toString().toUtf8(), hash);
    const QJsonObject read = m_admin.read("/keys/cursor");
    QVERIFY(!read.contains("key") && !read.contains("sha256"));
    QCOMPARE(read["sha256_begin"].toString().toUtf8(), hash.left(8));
    QCOMPARE(read["budget"].toObject(), (QJsonObject{{"usd", 2.5}, {"per", "day"}}));
    QCOMPARE(read["limits"].toObject(), (QJsonObject{{"rpm", 60}, {"concurrent", 3}}));
    QCOMPARE(read["state"].toString(), QString("active"));
    QVERIFY(m_admin.call("GET", "/config").body.contains("\"usd\": 2.50"));
    const HttpReply again = m_admin.call("POST", "/keys", R"({"name":"cursor"})");
    QCOMPARE(openAiFault(again, 409, "already_exists"), QByteArray());
    QCOMPARE(m_admin.read("/keys")["keys"].toArray().size(), 2);
    QCOMPARE(fileOf()["x-team"].toString(), QString("ours"));
}

void AdminTest::changesKeys()
{
    const QByteArray clear = makeKey({{"name", "a"}, {"limits", QJsonObject{{"rpm", 60}, {"tpm", 1000}}}});
    QCOMPARE(asked(clear, "sandbox/echo").status, 200);
    const HttpReply paused =
        m_admin.call("PATCH", "/keys/a", R"({"paused":true,"limits":{"rpm":null,"tpd":5},"tags":["x"]})");
    QVERIFY2(paused.status == 200, paused.body);
    QCOMPARE(jsonOf(paused.body)["state"].toString(), QString("paused"));
    QCOMPARE(jsonOf(paused.body)["limits"].toObject(), (QJsonObject{{"tpm", 1000}, {"tpd", 5}}));
    QCOMPARE(asked(clear, "sandbox/echo").status, 401);
    QCOMPARE(m_admin.call("PATCH", "/keys/a", R"({"paused":null,"limits":null,"tags":null})").status, 200);
    QCOMPARE(asked(clear, "sandbox/echo").status, 200);
    QCOMPARE(keyOf("a").keys(), (QStringList{"created", "prefix", "sha256"}));
    QCOMPARE(openAiFault(m_admin.call("PATCH", "/keys/none", "{}"), 404, "not_found"), QByteArray());
}

void AdminTest::refusesWhatKeysDoNotHave_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("param");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("unknown") << QByteArray(R"("modles":["*"])") << QByteArray("keys.a.modles")
                             << QByteArray("Did you mean \\\"models\\\"?");
    QTest::newRow("of another kind") << QByteArray(R"("paused":"yes")") << QByteArray("keys.a.paused")
                                     << QByteArray("true or false");
    QTest::newRow("below") << QByteArray(R"("limits":{"rmp":1})") << QByteArray("keys.a.limits.rmp")
                           << QByteArray("rpm");
    QTest::newRow("period") << QByteArray(R"("budget":{"usd":1,"per":"dya"})")
                            << QByteArray("keys.a.budget.per") << QByteArray("day");
    QTest::newRow("hash") << QByteArray(R"("sha256":"00")") << QByteArray("sha256") << QByteArray("made by");
    QTest::newRow("former") << QByteArray(R"("former":{})") << QByteArray("former") << QByteArray("made by");
}

void AdminTest::refusesWhatKeysDoNotHave()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, param);
    QFETCH(QByteArray, says);
    const HttpReply made = m_admin.call("POST", "/keys", R"({"name":"a",)" + members + "}");
    QVERIFY2(openAiFault(made, 400, "invalid_request").isEmpty(), made.body);
    QCOMPARE(errorParam(made), param);
    QVERIFY2(made.body.contains(says), made.body);
    QVERIFY(!makeKey({{"name", "a"}}).isEmpty());
    const QJsonObject before = fileOf();
    QCOMPARE(errorParam(m_admin.call("PATCH", "/keys/a", "{" + members + "}")), param);
    QCOMPARE(fileOf(), before);
}

void AdminTest::makesKeysAnew()
{
    const QByteArray old = makeKey({{"name", "a"}, {"tags", QJsonArray{"t"}}});
    const HttpReply made = m_admin.call("POST", "/keys/a/rotate", R"({"overlap_seconds":0})");
    QVERIFY2(made.status == 200, made.body);
    const QByteArray fresh = jsonOf(made.body)["key"].toString().toUtf8();
    QVERIFY(fresh != old);
    QCOMPARE(asked(fresh, "sandbox/echo").status, 200);
    QCOMPARE(asked(old, "sandbox/echo").status, 401);
    QCOMPARE(m_admin.read("/keys/a")["tags"].toArray(), QJsonArray{"t"});
    QVERIFY(m_admin.read("/keys/a")["former_until"].isNull());
    const HttpReply later = m_admin.call("POST", "/keys/a/rotate");
    QVERIFY2(later.status == 200, later.body);
    QVERIFY(!m_admin.read("/keys/a")["former_until"].toString().isEmpty());
    QCOMPARE(keyOf("a")["former"].toObject()["sha256"].toString().toUtf8(),
             QCryptographicHash::hash(fresh, QCryptographicHash::Sha256).toHex());
    for (const char* body : {R"({"overlap_seconds":-1})", R"({"overlap_seconds":"1"})", R"({"overlap":1})",
                             R"({"overlap_seconds":99999999999})"})
        QCOMPARE(m_admin.call("POST", "/keys/a/rotate", body).status, 400);
    QCOMPARE(m_admin.call("POST", "/keys/none/rotate").status, 404);
}

void AdminTest::takesKeysBack()
{
    const QByteArray clear = makeKey({{"name", "a"}});
    QCOMPARE(asked(clear, "sandbox/echo").status, 200);
    QCOMPARE(m_admin.call("DELETE", "/keys/a").status, 200);
    QCOMPARE(asked(clear, "sandbox/echo").status, 401);
    QCOMPARE(openAiFault(m_admin.call("DELETE", "/keys/a"), 404, "not_found"), QByteArray());
    QCOMPARE(m_admin.call("GET", "/keys/a").status, 404);
}

void AdminTest::keepsBudgets()
{
    const QByteArray body = R"({"usd":0.040,"per":"day","scope":{"key":"test"},"warn_at":[50]})";
    const HttpReply made = m_admin.call("PUT", "/budgets/daily", body);
    QVERIFY2(made.status == 201, made.body);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QTRY_COMPARE(budgetNow("daily")["spent_usd"].toDouble(), 0.023);
    const QJsonObject now = budgetNow("daily");
    QCOMPARE(now["limit_usd"].toDouble(), 0.04);
    QCOMPARE(now["left_usd"].toDouble(), 0.017);
    QCOMPARE(now["reserved_usd"].toDouble(), 0.0);
    QTRY_COMPARE(budgetNow("daily")["state"].toString(), QString("open"));
    QVERIFY(now["since"].toString() < now["until"].toString());
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QTRY_COMPARE(budgetNow("daily")["state"].toString(), QString("used_up"));
    QCOMPARE(asked(GatewayProcess::kKey).status, 402);
    // What was read can be sent back, changed.
    QJsonObject read = m_admin.read("/budgets/daily");
    read["usd"] = 5;
    QCOMPARE(m_admin.call("PUT", "/budgets/daily", QJsonDocument(read).toJson()).status, 200);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QCOMPARE(m_admin.read("/budgets")["budgets"].toArray().size(), 1);
    QCOMPARE(errorParam(m_admin.call("PUT", "/budgets/x", R"({"usd":1,"per":"dya"})")),
             QByteArray("budgets.x.per"));
    QCOMPARE(m_admin.call("PUT", "/budgets/x", R"({"name":"y","usd":1,"per":"day"})").status, 400);
    QCOMPARE(m_admin.call("PUT", "/budgets/x-mine", body).status, 404);
    QCOMPARE(m_admin.call("PUT", "/budgets/a%20b", body).status, 400);
    QCOMPARE(m_admin.call("DELETE", "/budgets/daily").status, 200);
    QCOMPARE(m_admin.call("GET", "/budgets/daily").status, 404);
    QCOMPARE(fileOf()["budgets"].toObject(), QJsonObject());
}

void AdminTest::tellsKeysOwnBudgets()
{
    const QByteArray clear = makeKey({{"name", "a"}, {"budget", QJsonObject{{"usd", 1}, {"per", "month"}}}});
    QCOMPARE(asked(clear).status, 200);
    const auto own = [this] { return m_admin.read("/budgets")["keys"].toArray().first().toObject(); };
    QTRY_COMPARE(own()["spent_usd"].toDouble(), 0.023);
    QCOMPARE(own()["name"].toString(), QString("a"));
}

void AdminTest::allowsMoreOfABudget()
{
    QCOMPARE(m_admin.call("PUT", "/budgets/daily", R"({"usd":0.02,"per":"day"})").status, 201);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QCOMPARE(asked(GatewayProcess::kKey).status, 402);
    const HttpReply allowed = m_admin.call("POST", "/budgets/daily/allow", R"({"usd":0.02})");
    QVERIFY2(allowed.status == 200, allowed.body);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QTRY_COMPARE(budgetNow("daily")["allowed_usd"].toDouble(), 0.02);
    for (const char* body : {"{}", R"({"usd":0})", R"({"usd":-1})", R"({"usd":"5"})", R"({"usd":1e99})",
                             R"({"usd":1,"of_key":1})", R"({"usd":1,"more":1})"})
        QVERIFY2(m_admin.call("POST", "/budgets/daily/allow", body).status == 400, body);
    QCOMPARE(m_admin.call("POST", "/budgets/none/allow", R"({"usd":1})").status, 404);
    QCOMPARE(m_admin.call("POST", "/budgets/daily/allow", R"({"usd":1,"of_key":true})").status, 404);
}

void AdminTest::answersQuestions()
{
    // What is allowed is less than a call costs: the next one asks again.
    QCOMPARE(
        m_admin
            .call("PUT", "/budgets/daily", R"({"usd":0.02,"per":"day","at_limit":"ask","ask_more_usd":0.01})")
            .status,
        201);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    const ModelCall call{Shape::OpenAi, "lab/mock"};
    for (const bool allow : {true, false}) {
        RawClient client(port());
        client.send(
            requestBytes(port(), "POST", pathOf(call), headersOf(call, GatewayProcess::kKey), bodyOf(call)));
        QJsonObject question;
        QTRY_VERIFY(
            !(question = m_admin.read("/questions")["questions"].toArray().first().toObject()).isEmpty());
        QCOMPARE(question["subject"].toString(), QString("daily"));
        const QByteArray path = "/questions/" + question["id"].toString().toUtf8();
        QCOMPARE(m_admin.call("POST", path, R"({"allow":"yes"})").status, 400);
        const HttpReply said = m_admin.call("POST", path, allow ? R"({"allow":true})" : R"({"allow":false})");
        QVERIFY2(said.status == 200, said.body);
        QCOMPARE(client.receive(30'000).status, allow ? 200 : 402);
        QTRY_COMPARE(m_admin.call("POST", path, R"({"allow":true})").status, 404);
    }
}

void AdminTest::pausesSpending()
{
    QCOMPARE(m_admin.call("POST", "/spending", R"({"paused":true})").status, 200);
    QCOMPARE(asked(GatewayProcess::kKey).status, 503);
    QCOMPARE(asked(GatewayProcess::kKey, "sandbox/echo").status, 200);
    QCOMPARE(m_admin.read("/status")["spending_paused"].toBool(), true);
    QCOMPARE(m_admin.call("POST", "/spending", R"({"paused":false})").status, 200);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QCOMPARE(m_admin.call("POST", "/spending", "{}").status, 400);
}

void AdminTest::tellsAlerts()
{
    QCOMPARE(m_admin.call("PUT", "/budgets/daily", R"({"usd":0.02,"per":"day"})").status, 201);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    QCOMPARE(asked(GatewayProcess::kKey).status, 402);
    QJsonArray alerts;
    QTRY_VERIFY(!(alerts = m_admin.read("/alerts")["alerts"].toArray()).isEmpty());
    QCOMPARE(alerts[0].toObject()["subject"].toString(), QString("daily"));
    QVERIFY(!alerts[0].toObject()["text"].toString().isEmpty());
    QCOMPARE(m_admin.read("/alerts?since=2099-01-01")["alerts"].toArray().size(), 0);
    for (const char* query : {"?limit=0", "?limit=1001", "?before=x", "?since=soon", "?kind=x"})
        QVERIFY2(m_admin.call("GET", QByteArray("/alerts") + query).status == 400, query);
}

void AdminTest::keepsRoutes()
{
    const HttpReply made = m_admin.call("PUT", "/routes/smart",
                                        R"({"targets":[{"provider":"lab","model":"mock"}],"x-note":1.50})");
    QVERIFY2(made.status == 201, made.body);
    QCOMPARE(asked(GatewayProcess::kKey, "smart").header("x-turnpike-provider"), QByteArray("lab"));
    QVERIFY2(m_admin.call("GET", "/routes/smart").body.contains(R"("x-note":1.50)"),
             "the owner's own is kept");
    QJsonObject route = m_admin.read("/routes")["routes"].toArray().first().toObject();
    route["targets"] = QJsonArray{QJsonObject{{"provider", "sandbox"}, {"model", "echo"}}};
    QCOMPARE(m_admin.call("PUT", "/routes/smart", QJsonDocument(route).toJson()).status, 200);
    QCOMPARE(asked(GatewayProcess::kKey, "smart").header("x-turnpike-provider"), QByteArray("sandbox"));
    const HttpReply cycle = m_admin.call("PUT", "/routes/smart", R"({"targets":[{"route":"smart"}]})");
    QCOMPARE(openAiFault(cycle, 400, "invalid_request"), QByteArray());
    QCOMPARE(m_admin.call("DELETE", "/routes/smart").status, 200);
    QCOMPARE(asked(GatewayProcess::kKey, "smart").status, 404);
}

void AdminTest::keepsProvidersWithoutTheirSecrets()
{
    QJsonArray providers;
    QTRY_COMPARE((providers = m_admin.read("/providers")["providers"].toArray()).size(), 2);
    QJsonObject lab;
    for (const QJsonValue& each : providers) {
        if (each["name"].toString() == "lab") lab = each.toObject();
    }
    QCOMPARE(lab["kind"].toString(), QString("openai-compatible"));
    QCOMPARE(lab["base_url"].toString(), m_upstream.url() + "/v1");
    QCOMPARE(lab["state"].toString(), QString("ready"));
    QCOMPARE(lab["keys"][0]["id"].toString(), QString("main"));
    QCOMPARE(lab["keys"][0]["masked"].toString(), QString("…a8b6"));
    QVERIFY(lab["models"].toInt() >= 1);
    const QByteArray body = R"({"kind":"openai-compatible","base_url":")" + m_upstream.url().toUtf8() +
                            R"(/v1","headers":{"x-hidden":"hdr-canary-77"},
                               "keys":[{"id":"k","secret":"env:TURNPIKE_TEST_PROVIDER_KEY"}]})";
    const HttpReply made = m_admin.call("PUT", "/providers/new", body);
    QVERIFY2(made.status == 201, made.body);
    QVERIFY(!made.body.contains("hdr-canary") &&
            !m_admin.call("GET", "/providers").body.contains("hdr-canary"));
    QCOMPARE(asked(GatewayProcess::kKey, "new/mock").status, 200);
    const HttpReply pasted =
        m_admin.call("PUT", "/providers/bad",
                     R"({"kind":"openai","keys":[{"id":"k","secret":"sk-pasted-000111222333"}]})");
    QCOMPARE(openAiFault(pasted, 400, "invalid_request"), QByteArray());
    QVERIFY2(!pasted.body.contains("sk-pasted"), pasted.body);
    QCOMPARE(m_admin.call("DELETE", "/providers/new").status, 200);
    QVERIFY(asked(GatewayProcess::kKey, "new/mock").status != 200);
}

void AdminTest::tellsUsage()
{
    const QByteArray clear = makeKey({{"name", "a"}});
    for (int i = 0; i < 3; ++i)
        QCOMPARE(asked(clear).status, 200);
    QCOMPARE(asked(GatewayProcess::kKey).status, 200);
    const auto usage = [this](const QByteArray& query) {
        return m_admin.read("/usage" + query)["usage"].toArray();
    };
    QTRY_COMPARE(usage("?by=").first()["requests"].toInt(), 4);
    const QJsonObject sum = usage("?by=").first().toObject();
    QCOMPARE(sum["cost_usd"].toDouble(), 0.092);
    QCOMPARE(sum["input_tokens"].toInt(), 4 * 16);
    QCOMPARE(sum["output_tokens"].toInt(), 4 * 7);
    const QJsonArray keys = usage("?by=key");
    QCOMPARE(keys.size(), 2);
    QCOMPARE(keys[0]["name"].toString(), QString("a"));
    QCOMPARE(keys[0]["cost_usd"].toDouble(), 0.069);
    QCOMPARE(usage("").first()["name"].toString(), QString("mock"));
    QCOMPARE(usage("?by=key&since=1h").size(), 2);
    QCOMPARE(usage("?by=key&until=2020-01-01").size(), 0);
    QCOMPARE(usage("?by=key&route=none").size(), 0);
    for (const char* by : {"client", "program", "repository", "session", "day", "target", "tag", "route"})
        QCOMPARE(m_admin.call("GET", QByteArray("/usage?by=") + by).status, 200);
    // The command line says the same.
    const QByteArray told = m_admin.gateway->run({"usage", "--by", "key", "--json"});
    QCOMPARE(QJsonDocument::fromJson(told)[0]["cost_usd"].toDouble(), 0.069);
    QCOMPARE(QJsonDocument::fromJson(told)[0]["key"].toString(), QString("a"));
}

void AdminTest::pagesThroughTheLog()
{
    QStringList sent;
    for (int i = 0; i < 5; ++i)
        sent.prepend(QString::fromUtf8(asked(GatewayProcess::kKey).header("x-request-id")));
    QCOMPARE(asked(GatewayProcess::kKey, "lab/mock:status:400").status, 400);
    QTRY_COMPARE(m_admin.read("/logs")["total"].toInt(), 6);
    QStringList found;
    QByteArray next;
    do {
        const QJsonObject page =
            m_admin.read("/logs?limit=2&status=ok" + (next.isEmpty() ? "" : "&before=" + next));
        for (const QJsonValue& row : page["logs"].toArray())
            found.append(row["id"].toString());
        next = page["next"].toString().toUtf8();
    } while (!next.isEmpty() && found.size() < 20);
    QCOMPARE(found, sent);
    const QJsonArray failed = m_admin.read("/logs?status=error")["logs"].toArray();
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0]["status"].toInt(), 400);
    QVERIFY(!failed[0].toObject().contains("request_body"));
    const QJsonObject whole = m_admin.read("/logs?status=400&bodies=true")["logs"][0].toObject();
    QVERIFY2(whole["request_body"].toString().contains("\"hi\""), QJsonDocument(whole).toJson());
    QCOMPARE(m_admin.read("/logs?key=nobody")["total"].toInt(), 0);
    QCOMPARE(m_admin.read("/logs?text=" + sent.first().toUtf8())["total"].toInt(), 1);
    QCOMPARE(m_admin.read("/logs?text=%27%20OR%201%3D1--")["total"].toInt(), 0);
    // The same rows as from the command line, member for member.
    const QJsonArray rows = m_admin.gateway->rows(6);
    QCOMPARE(m_admin.read("/logs?limit=1")["logs"][0].toObject(), rows.last().toObject());
}

void AdminTest::refusesStrangeParameters_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("param");
    QTest::newRow("unknown") << QByteArray("/logs?limt=1") << QByteArray("limt");
    QTest::newRow("twice") << QByteArray("/logs?limit=1&limit=2") << QByteArray("limit");
    QTest::newRow("none") << QByteArray("/logs?limit=0") << QByteArray("limit");
    QTest::newRow("too many") << QByteArray("/logs?limit=1001") << QByteArray("limit");
    QTest::newRow("too many whole") << QByteArray("/logs?limit=51&bodies=true") << QByteArray("limit");
    QTest::newRow("no number") << QByteArray("/logs?limit=1e2") << QByteArray("limit");
    QTest::newRow("no id") << QByteArray("/logs?before=12") << QByteArray("before");
    QTest::newRow("status") << QByteArray("/logs?status=bad") << QByteArray("status");
    QTest::newRow("time") << QByteArray("/logs?since=yesterday") << QByteArray("since");
    QTest::newRow("column") << QByteArray("/usage?by=colour") << QByteArray("by");
    QTest::newRow("statement") << QByteArray("/usage?by=model;DROP%20TABLE%20requests") << QByteArray("by");
}

void AdminTest::refusesStrangeParameters()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, param);
    const HttpReply reply = m_admin.call("GET", query);
    QVERIFY2(openAiFault(reply, 400, "invalid_request").isEmpty(), reply.body);
    QCOMPARE(errorParam(reply), param);
}

void AdminTest::tellsNoSecret()
{
    const QByteArray clear = makeKey({{"name", "a"}});
    QCOMPARE(asked(clear).status, 200);
    QTRY_COMPARE(m_admin.read("/logs")["total"].toInt(), 1);
    const QByteArray hash = QCryptographicHash::hash(clear, QCryptographicHash::Sha256).toHex();
    QByteArray told;
    for (const char* path : {"/status", "/config", "/keys", "/keys/a", "/budgets", "/routes", "/providers",
                             "/providers/lab", "/usage", "/logs?bodies=true&limit=50"})
        told += m_admin.call("GET", path).body;
    told += m_admin.gateway->errors();
    for (const QByteArray& secret :
         {clear, QByteArray(GatewayProcess::kProviderKey), QByteArray(AdministeredGateway::kAdminKey),
          QByteArray(GatewayProcess::kKey)})
        QVERIFY2(!told.contains(secret), secret);
    // Of the hash only the file itself knows all.
    for (const char* path : {"/keys", "/keys/a"})
        QVERIFY(!m_admin.call("GET", path).body.contains(hash.mid(8)));
}

void AdminTest::worksBesideTheCommandLine()
{
    int code = -1;
    const QByteArray made = m_admin.gateway->run({"key", "create", "cli"}, &code).trimmed();
    QCOMPARE(code, 0);
    // The file has it, whether or not the server has read that yet.
    QVERIFY(!makeKey({{"name", "api"}}).isEmpty());
    const QStringList names = fileOf()["keys"].toObject().keys();
    QCOMPARE(names, (QStringList{"api", "cli", "test"}));
    QCOMPARE(asked(made, "sandbox/echo").status, 200);
    QVERIFY(!m_admin.gateway->run({"budget", "set", "daily", "--usd", "3", "--per", "day"}, &code).isEmpty());
    QCOMPARE(code, 0);
    QTRY_COMPARE(budgetNow("daily")["limit_usd"].toDouble(), 3.0);
}

QTEST_GUILESS_MAIN(AdminTest)
#include "admin_test.moc"
