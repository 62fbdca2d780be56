// SPDX-License-Identifier: GPL-3.0-or-later
// Budgets and rate limits, as a client meets them.
#include <memory>
#include <vector>

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

// Every answer of the upstream is 16 tokens in and 7 out.
constexpr double kEach = 0.023;

QJsonObject key(const QByteArray& secret, QJsonObject members)
{
    members["sha256"] =
        QString::fromLatin1(QCryptographicHash::hash(secret, QCryptographicHash::Sha256).toHex());
    return members;
}

QJsonObject budget(double usd, const char* per = "day")
{
    return {{"usd", usd}, {"per", per}};
}

QJsonObject with(QJsonObject object, const QJsonObject& more)
{
    for (auto each = more.begin(); each != more.end(); ++each)
        object[each.key()] = each.value();
    return object;
}

QJsonObject target(const char* provider, const char* model)
{
    return {{"provider", provider}, {"model", model}};
}

QJsonObject route(const QJsonArray& targets, const QJsonObject& more = {})
{
    return with({{"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}}, more);
}

QString codeOf(const HttpReply& reply)
{
    return jsonOf(reply.body)["error"].toObject()["code"].toString();
}

} // namespace

class SpendingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void stopsAKeyWhoseBudgetIsUsedUp();
    void tellsItInTheClientsDialect();
    void whatCostsNothingGoesOn();
    void holdsBackWhatCallsUnderWayMayCost();
    void remembersAfterAKill();
    void holdsForTagsAndProviders();
    void leadsToAnotherRoute();
    void leadsNowhereElse();
    void takesNoPriceFromTheClient();
    void knowsWhatWasSpentWhileItWasAway();
    void refusesWhereTheLogCannotBeRead();
    void onlyWarnsWhereAsked();
    void chargesStreams();
    void routesBySpending();
    void limitsRequests();
    void limitsTokens();
    void limitsRequestsAtATime();
    void waitsForItsTurn();
    void leavesAProviderThatIsFull();
    void limitsARoute();
    void limitsThoseWhoReadAlong();
    void keepsCountsOverAChange();

private:
    [[nodiscard]] HttpReply asked(const QByteArray& secret, const QByteArray& model,
                                  const HeaderList& headers = {}, bool stream = false) const
    {
        RawClient client(m_gateway->port());
        client.send(request(secret, model, headers, stream));
        return client.receive(30'000);
    }
    [[nodiscard]] QByteArray request(const QByteArray& secret, const QByteArray& model,
                                     const HeaderList& headers = {}, bool stream = false) const
    {
        const ModelCall call{Shape::OpenAi, model, stream, false, headers};
        return requestBytes(m_gateway->port(), "POST", pathOf(call), headersOf(call, secret), bodyOf(call));
    }
    void begin(const QJsonObject& keys, const QJsonObject& more = {});
    [[nodiscard]] int statusOf(const QByteArray& secret, const QByteArray& model) const
    {
        return asked(secret, model).status;
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void SpendingTest::initTestCase()
{
    QVERIFY(m_upstream.start());
}

void SpendingTest::init()
{
    m_upstream.reset();
}

void SpendingTest::begin(const QJsonObject& keys, const QJsonObject& more)
{
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    const QJsonObject price{{"input", 1000}, {"output", 1000}, {"cache_read", 1000}, {"cache_write", 1000}};
    QJsonObject models;
    for (const char* model : {"mock", "mock:slow-head:400", "mock:hang-stream:2"})
        models[model] = QJsonObject{{"price", price}};
    for (const char* name : {"lab", "ant"}) {
        QJsonObject provider = providers[QLatin1String(name)].toObject();
        provider["models"] = models;
        providers[QLatin1String(name)] = provider;
    }
    QJsonObject free = providers["lab"].toObject();
    const QJsonObject nothing{{"input", 0}, {"output", 0}, {"cache_read", 0}, {"cache_write", 0}};
    free["models"] = QJsonObject{{"mock", QJsonObject{{"price", nothing}}}};
    providers["free"] = free;
    if (more.contains("limited")) {
        QJsonObject limited = providers["lab"].toObject();
        limited["limits"] = more["limited"];
        providers["limited"] = limited;
    }
    QJsonObject all = m_gateway->configuration()["keys"].toObject();
    m_gateway->configure({{"providers", providers}, {"keys", with(all, keys)}});
    QJsonObject rest = more;
    rest.remove("limited");
    m_gateway->configure(rest);
    QVERIFY(m_gateway->start());
}

void SpendingTest::stopsAKeyWhoseBudgetIsUsedUp()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0.05)}})}});
    for (int i = 0; i < 3; ++i) // 0.023, 0.046, and the one that goes beyond
        QCOMPARE(statusOf("tp-poor", "lab/mock"), 200);
    const HttpReply refused = asked("tp-poor", "lab/mock");
    QCOMPARE(refused.status, 402);
    QCOMPARE(refused.header("x-should-retry"), QByteArray("false"));
    const QJsonObject error = jsonOf(refused.body)["error"].toObject();
    QCOMPARE(error["code"].toString(), QString("budget_exceeded"));
    for (const char* part : {"`poor`", "$0.05 a day", "$0.069", "begins anew at"})
        QVERIFY2(error["message"].toString().contains(part), refused.body);
    // Nothing of it went to the provider, and others are served.
    QCOMPARE(m_upstream.requests().size(), 3);
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200);
    const QJsonObject row = m_gateway->rows(5).at(3).toObject();
    QCOMPARE(row["status"].toInt(), 402);
    QCOMPARE(row["error"].toObject()["code"].toString(), QString("budget_exceeded"));
}

void SpendingTest::tellsItInTheClientsDialect()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0)}})}});
    const QByteArray messages =
        R"({"model":"ant/mock","max_tokens":5,"messages":[{"role":"user","content":"x"}]})";
    const HttpReply anthropic =
        http(m_gateway->port(), "POST", "/v1/messages",
             {{"x-api-key", "tp-poor"}, {"Content-Type", "application/json"}}, messages);
    QCOMPARE(anthropic.status, 402);
    QCOMPARE(codeOf(anthropic), QString("budget_exceeded"));
    const HttpReply responses =
        http(m_gateway->port(), "POST", "/v1/responses",
             {{"Authorization", "Bearer tp-poor"}, {"Content-Type", "application/json"}},
             R"({"model":"lab/mock","input":"x"})");
    QCOMPARE(responses.status, 429); // which Codex takes as final with this code
    QCOMPARE(codeOf(responses), QString("insufficient_quota"));
}

void SpendingTest::whatCostsNothingGoesOn()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0)}})}},
          {{"routes", QJsonObject{{"smart", route({target("lab", "mock"), target("free", "mock")})}}}});
    QCOMPARE(statusOf("tp-poor", "lab/mock"), 402);
    QCOMPARE(statusOf("tp-poor", "free/mock"), 200);
    QCOMPARE(statusOf("tp-poor", "sandbox/echo"), 200);
    const HttpReply next = asked("tp-poor", "smart");
    QCOMPARE(next.status, 200);
    QCOMPARE(next.header("x-turnpike-provider"), QByteArray("free"));
    QCOMPARE(next.header("x-turnpike-attempts"), QByteArray("1"));
}

void SpendingTest::holdsBackWhatCallsUnderWayMayCost()
{
    // Each may cost 0.1 for its answer alone, and costs 0.023: of twenty at once only some can be let in.
    begin({{"many", key("tp-many", {{"budget", budget(0.5)}})}});
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<RawClient>(m_gateway->port()));
        clients.back()->send(request("tp-many", "lab/mock:slow-head:400"));
    }
    int good = 0;
    for (const auto& client : clients) {
        const int status = client->receive(30'000).status;
        QVERIFY(status == 200 || status == 402);
        good += status == 200;
    }
    QVERIFY2(good >= 1 && good <= 5, QByteArray::number(good));
    QCOMPARE(m_upstream.requests().size(), good);
    // What was set aside is free again.
    int more = 0;
    while (statusOf("tp-many", "lab/mock") == 200)
        ++more;
    const double spent = (good + more) * kEach;
    QVERIFY2(spent >= 0.5 && spent < 0.5 + kEach, QByteArray::number(spent));
}

void SpendingTest::remembersAfterAKill()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0.05, "month")}})}});
    for (int i = 0; i < 3; ++i)
        QCOMPARE(statusOf("tp-poor", "lab/mock"), 200);
    m_gateway->kill();
    QVERIFY(m_gateway->start());
    const HttpReply refused = asked("tp-poor", "lab/mock");
    QCOMPARE(refused.status, 402);
    QVERIFY2(refused.body.contains("$0.069 are spent"), refused.body);
}

void SpendingTest::holdsForTagsAndProviders()
{
    const QJsonObject budgets{
        {"team", with(budget(0.02, "total"), {{"scope", QJsonObject{{"tag", "team-*"}}}})},
        {"vendor", with(budget(0.06), {{"scope", QJsonObject{{"provider", "ant"}, {"model", "mock*"}}}})}};
    begin({{"a", key("tp-a", {{"tags", QJsonArray{"team-blue"}}})}}, {{"budgets", budgets}});
    QCOMPARE(statusOf("tp-a", "lab/mock"), 200);
    const HttpReply refused = asked("tp-a", "lab/mock");
    QCOMPARE(refused.status, 402);
    QVERIFY2(refused.body.contains("budget `team` of $0.02 in all"), refused.body);
    const HeaderList tagged{{"x-turnpike-tags", "team-red"}};
    QCOMPARE(asked(GatewayProcess::kKey, "lab/mock", tagged).status, 402);
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(statusOf(GatewayProcess::kKey, "ant/mock"), 200);
    QCOMPARE(statusOf(GatewayProcess::kKey, "ant/mock"), 402);
}

void SpendingTest::leadsToAnotherRoute()
{
    const QJsonObject budgets{{"day", with(budget(0.02), {{"at_limit", "reroute"}, {"route", "cheap"}})}};
    begin({}, {{"budgets", budgets},
               {"routes", QJsonObject{{"smart", route({target("lab", "mock"), target("ant", "mock")})},
                                      {"cheap", route({target("ant", "mock")})}}}});
    QCOMPARE(asked(GatewayProcess::kKey, "smart").header("x-turnpike-provider"), QByteArray("lab"));
    const HttpReply other = asked(GatewayProcess::kKey, "smart");
    QVERIFY2(other.status == 200, other.body);
    QCOMPARE(other.header("x-turnpike-provider"), QByteArray("ant"));
    QCOMPARE(asked(GatewayProcess::kKey, "lab/mock").header("x-turnpike-provider"), QByteArray("ant"));
}

void SpendingTest::leadsNowhereElse()
{
    const QJsonObject budgets{{"day", with(budget(0.02), {{"at_limit", "reroute"}, {"route", "broken"}})}};
    begin({}, {{"budgets", budgets},
               {"routes", QJsonObject{{"smart", route({target("lab", "mock"), target("ant", "mock")})},
                                      {"broken", route({target("lab", "mock:status:503")})}}}});
    QCOMPARE(statusOf(GatewayProcess::kKey, "smart"), 200);
    const HttpReply refused = asked(GatewayProcess::kKey, "smart");
    QVERIFY(refused.status != 200);
    // The route that it leads to was asked, and nobody that it holds for.
    QCOMPARE(m_upstream.requests().size(), 2);
    QCOMPARE(m_upstream.requests().last().toObject()["model"].toString(), QString("mock:status:503"));
}

void SpendingTest::takesNoPriceFromTheClient()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0.02)}})}});
    const HeaderList price{{"cf-aig-custom-cost", R"({"per_token_in":0,"per_token_out":0})"}};
    QCOMPARE(asked("tp-poor", "lab/mock", price).status, 200);
    QCOMPARE(asked("tp-poor", "lab/mock", price).status, 402);
    // Where there is no budget to get around, it is believed.
    QCOMPARE(asked(GatewayProcess::kKey, "lab/mock", price).header("x-turnpike-cost-usd"), QByteArray("0"));
}

void SpendingTest::knowsWhatWasSpentWhileItWasAway()
{
    const QJsonObject budgets{{"all", budget(0.06)}};
    begin({}, {{"budgets", budgets}});
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200);
    const auto apply = [this](const QJsonObject& all, const QJsonObject& aliases) {
        m_gateway->configure({{"budgets", all}, {"aliases", aliases}});
        QVERIFY(m_gateway->writeConfig());
    };
    // An alias tells when a change has come into force.
    apply({}, {{"one", "lab/mock"}});
    bool there = false;
    QTRY_VERIFY(there || (there = statusOf(GatewayProcess::kKey, "one") == 200));
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200); // 0.069
    apply(budgets, {{"two", "lab/mock"}});
    QTRY_COMPARE(statusOf(GatewayProcess::kKey, "two"), 402);
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 402);
}

void SpendingTest::refusesWhereTheLogCannotBeRead()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(5)}})}});
    QCOMPARE(statusOf("tp-poor", "lab/mock"), 200);
    QCOMPARE(m_gateway->rows(1).size(), 1);
    QCOMPARE(m_gateway->terminate(), 0);
    {
        // As a newer version of the program leaves it.
        QSqlDatabase sql = QSqlDatabase::addDatabase("QSQLITE", "newer");
        sql.setDatabaseName(m_gateway->dataDir() + "/turnpike.db");
        QVERIFY(sql.open());
        QVERIFY(QSqlQuery(sql).exec("PRAGMA user_version=999"));
        sql.close();
    }
    QSqlDatabase::removeDatabase("newer");
    QVERIFY(m_gateway->start());
    const HttpReply refused = asked("tp-poor", "lab/mock");
    QVERIFY2(refused.status == 503, refused.body);
    QCOMPARE(codeOf(refused), QString("ledger_unavailable"));
    QCOMPARE(statusOf("tp-poor", "free/mock"), 200);
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200);
}

void SpendingTest::onlyWarnsWhereAsked()
{
    begin({}, {{"budgets", QJsonObject{{"day", with(budget(0.01), {{"at_limit", "warn"}})}}}});
    for (int i = 0; i < 3; ++i)
        QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200);
}

void SpendingTest::chargesStreams()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0.02)}})}});
    QCOMPARE(asked("tp-poor", "lab/mock", {}, true).status, 200);
    QCOMPARE(asked("tp-poor", "lab/mock", {}, true).status, 402);
    // One that its client leaves is charged for what came of it.
    begin({{"poor", key("tp-poor", {{"budget", budget(0.02)}})}});
    {
        RawClient client(m_gateway->port());
        client.send(request("tp-poor", "lab/mock:hang-stream:2", {}, true));
        QVERIFY(client.receiveUntil("data:").contains("data:"));
    }
    const QJsonObject row = m_gateway->rows(1).at(0).toObject();
    QCOMPARE(row["status"].toInt(), 499);
    QVERIFY(row["cost_usd"].toDouble() > 0);
    QCOMPARE(statusOf("tp-poor", "lab/mock"), row["cost_usd"].toDouble() >= 0.02 ? 402 : 200);
}

void SpendingTest::routesBySpending()
{
    const QJsonObject spent{{"spend.today", QJsonObject{{"$lt", 0.03}}}};
    const QJsonObject left{{"budget.left", QJsonObject{{"$gt", 0.06}}}};
    const auto when = [](const QJsonObject& condition) {
        return QJsonArray{with(target("lab", "mock"), {{"when", condition}}), target("ant", "mock")};
    };
    begin({{"a", key("tp-a", {{"budget", budget(0.1)}})}},
          {{"routes", QJsonObject{{"by-day", route(when(spent), {{"strategy", "conditional"}})},
                                  {"by-budget", route(when(left), {{"strategy", "conditional"}})}}}});
    const auto provider = [this](const QByteArray& secret, const char* model) {
        return asked(secret, model).header("x-turnpike-provider");
    };
    QCOMPARE(provider("tp-a", "by-budget"), QByteArray("lab")); // 0.1 are left, then 0.077
    QCOMPARE(provider("tp-a", "by-day"), QByteArray("lab"));    // 0.023 are spent
    QCOMPARE(provider("tp-a", "by-day"), QByteArray("ant"));    // 0.046
    QCOMPARE(provider("tp-a", "by-budget"), QByteArray("ant"));
    // A key without a budget has nothing that could be left of it.
    QCOMPARE(provider(GatewayProcess::kKey, "by-budget"), QByteArray("ant"));
}

void SpendingTest::limitsRequests()
{
    begin({{"slow", key("tp-slow", {{"limits", QJsonObject{{"rpm", 2}}}})}});
    const HttpReply first = asked("tp-slow", "lab/mock");
    QCOMPARE(first.status, 200);
    QCOMPARE(first.header("x-ratelimit-limit-requests"), QByteArray("2"));
    QCOMPARE(first.header("x-ratelimit-remaining-requests"), QByteArray("1"));
    QVERIFY(!first.header("x-ratelimit-reset-requests").isEmpty());
    QCOMPARE(asked("tp-slow", "lab/mock").header("x-ratelimit-remaining-requests"), QByteArray("0"));
    const HttpReply refused = asked("tp-slow", "lab/mock");
    QCOMPARE(refused.status, 429);
    QCOMPARE(codeOf(refused), QString("rate_limit_exceeded"));
    QVERIFY2(refused.body.contains("2 requests a minute"), refused.body);
    const int wait = refused.header("retry-after").toInt();
    QVERIFY2(wait > 50 && wait <= 62, refused.header("retry-after"));
    QCOMPARE(refused.header("x-ratelimit-remaining-requests"), QByteArray("0"));
    QCOMPARE(m_upstream.requests().size(), 2);
    QVERIFY(asked(GatewayProcess::kKey, "lab/mock").header("x-ratelimit-limit-requests").isEmpty());
    // Counting tokens asks no model.
    const HttpReply counted = http(m_gateway->port(), "POST", "/v1/messages/count_tokens",
                                   {{"x-api-key", "tp-slow"}, {"Content-Type", "application/json"}},
                                   R"({"model":"ant/mock","messages":[{"role":"user","content":"x"}]})");
    QCOMPARE(counted.status, 200);
}

void SpendingTest::limitsTokens()
{
    begin({{"slow", key("tp-slow", {{"limits", QJsonObject{{"tpm", 130}}}})}});
    const HttpReply first = asked("tp-slow", "lab/mock"); // as many as 130 by estimate, and 23 in truth
    QCOMPARE(first.status, 200);
    QCOMPARE(first.header("x-ratelimit-limit-tokens"), QByteArray("130"));
    QCOMPARE(first.header("x-ratelimit-remaining-tokens"), QByteArray("107"));
    QCOMPARE(statusOf("tp-slow", "lab/mock"), 429);
}

void SpendingTest::limitsRequestsAtATime()
{
    begin({{"one", key("tp-one", {{"limits", QJsonObject{{"concurrent", 1}}}})}});
    RawClient client(m_gateway->port());
    client.send(request("tp-one", "lab/mock:slow-head:400"));
    QTRY_COMPARE(m_upstream.requests().size(), 1);
    const HttpReply refused = asked("tp-one", "lab/mock");
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.body.contains("1 requests at a time"), refused.body);
    QCOMPARE(client.receive(10'000).status, 200);
    QCOMPARE(statusOf("tp-one", "lab/mock"), 200);
}

void SpendingTest::waitsForItsTurn()
{
    begin({{"one", key("tp-one", {{"limits", QJsonObject{{"concurrent", 1}, {"queue_ms", 20'000}}}})}});
    RawClient client(m_gateway->port());
    client.send(request("tp-one", "lab/mock:slow-head:400"));
    QTRY_COMPARE(m_upstream.requests().size(), 1);
    QCOMPARE(statusOf("tp-one", "lab/mock"), 200);
    QCOMPARE(client.receive(10'000).status, 200);
}

void SpendingTest::leavesAProviderThatIsFull()
{
    begin({}, {{"limited", QJsonObject{{"rpm", 1}}},
               {"routes", QJsonObject{{"two", route({target("limited", "mock"), target("ant", "mock")})}}}});
    QCOMPARE(asked(GatewayProcess::kKey, "two").header("x-turnpike-provider"), QByteArray("limited"));
    const HttpReply next = asked(GatewayProcess::kKey, "two");
    QCOMPARE(next.status, 200);
    QCOMPARE(next.header("x-turnpike-provider"), QByteArray("ant"));
    const HttpReply alone = asked(GatewayProcess::kKey, "limited/mock");
    QCOMPARE(alone.status, 429);
    QVERIFY(!alone.header("retry-after").isEmpty());
}

void SpendingTest::limitsARoute()
{
    begin({},
          {{"routes",
            QJsonObject{{"narrow", route({target("lab", "mock")}, {{"limits", QJsonObject{{"rpm", 1}}}})}}}});
    QCOMPARE(statusOf(GatewayProcess::kKey, "narrow"), 200);
    QCOMPARE(statusOf(GatewayProcess::kKey, "narrow"), 429);
    QCOMPARE(statusOf(GatewayProcess::kKey, "lab/mock"), 200);
}

void SpendingTest::limitsThoseWhoReadAlong()
{
    begin({{"two", key("tp-two", {{"limits", QJsonObject{{"rpm", 2}}}})}},
          {{"routes", QJsonObject{{"one", route({target("lab", "mock:slow-head:400")}, {{"join", true}})}}}});
    RawClient first(m_gateway->port());
    RawClient second(m_gateway->port());
    first.send(request("tp-two", "one"));
    QTRY_COMPARE(m_upstream.requests().size(), 1);
    second.send(request("tp-two", "one"));
    QCOMPARE(first.receive().status, 200);
    QCOMPARE(second.receive().header("x-turnpike-cache"), QByteArray("hit"));
    QCOMPARE(statusOf("tp-two", "one"), 429);
    QCOMPARE(m_upstream.requests().size(), 1);
}

void SpendingTest::keepsCountsOverAChange()
{
    begin({{"poor", key("tp-poor", {{"budget", budget(0.02)}, {"limits", QJsonObject{{"rpm", 100'000}}}})}});
    QCOMPARE(statusOf("tp-poor", "lab/mock"), 200);
    QCOMPARE(statusOf("tp-poor", "lab/mock"), 402);
    QJsonObject keys = m_gateway->configuration()["keys"].toObject();
    QJsonObject richer = keys["poor"].toObject();
    richer["budget"] = budget(0.04);
    keys["poor"] = richer;
    // A budget that is new knows what was spent before it was there.
    m_gateway->configure({{"keys", keys}, {"budgets", QJsonObject{{"all", budget(0.045)}}}});
    QVERIFY(m_gateway->writeConfig());
    bool served = false; // once: 0.046 are spent then
    QTRY_VERIFY_WITH_TIMEOUT(served || (served = statusOf("tp-poor", "lab/mock") == 200), 10'000);
    QCOMPARE(statusOf("tp-poor", "lab/mock"), 402);
    const HttpReply other = asked(GatewayProcess::kKey, "lab/mock");
    QCOMPARE(other.status, 402);
    QVERIFY2(other.body.contains("budget `all`"), other.body);
}

QTEST_GUILESS_MAIN(SpendingTest)
#include "spending_test.moc"
