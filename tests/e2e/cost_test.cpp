// SPDX-License-Identifier: GPL-3.0-or-later
// What requests cost, as the log says it: by whatever a provider tells of their use, to the nano-dollar.
#include <cmath>
#include <memory>

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

/// With ' for ": moc loses its way in raw strings.
QByteArray quoted(const char* text)
{
    return QByteArray(text).replace("'", "\"");
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

qint64 nanos(const QJsonValue& usd)
{
    return std::llround(usd.toDouble() * 1e9);
}

QJsonObject priced(const QJsonObject& price)
{
    return {{"price", price}};
}

/// The same for all tokens.
QJsonObject evenPrice(double usd)
{
    return {{"input", usd}, {"output", usd}, {"cache_read", usd}, {"cache_write", usd}};
}

} // namespace

class CostTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void init();
    void pricesAllPartsOfAnthropicsUse_data();
    void pricesAllPartsOfAnthropicsUse();
    void pricesTheServiceThatServed_data();
    void pricesTheServiceThatServed();
    void takesWhatTheProviderReports();
    void takesOwnPricesForPieces();
    void appliesDiscountAndMarginOnce();
    void estimatesWhatAClientLeft();
    void chargesEachPartOfAMendedStreamToItsProvider_data();
    void chargesEachPartOfAMendedStreamToItsProvider();
    void chargesARefusalToWhoRefused_data();
    void chargesARefusalToWhoRefused();
    void chargesWhatAClientLeftBesideWhatItHad();
    void limitsAModel();
    void reservesAllAnswersAndPictures();
    void tellsWhatTheRouteSaved();
    void recalculatesWhileItRuns();
    void reconcilesAnExport();

private:
    /// A provider of that kind whose answers have this usage.
    [[nodiscard]] QJsonObject provider(const char* like, const QByteArray& usage, const QByteArray& service,
                                       const QJsonObject& more = {}) const
    {
        QJsonObject made = m_gateway->configuration()["providers"].toObject()[QLatin1String(like)].toObject();
        QByteArray scenario = "/scenario/usage:" + usage.toHex();
        if (!service.isEmpty()) scenario += ":" + service;
        made["base_url"] = m_upstream.url() + QString::fromLatin1(scenario) +
                           (QLatin1String(like) == QLatin1String("lab") ? "/v1" : "");
        return with(made, more);
    }
    void configure(const QJsonObject& providers, const QJsonObject& more = {})
    {
        QJsonObject all = m_gateway->configuration()["providers"].toObject();
        m_gateway->configure({{"providers", with(all, providers)}});
        m_gateway->configure(more);
    }
    [[nodiscard]] QJsonObject rowFor(const ModelCall& call)
    {
        const HttpReply reply = ask(m_gateway->port(), call);
        if (reply.status != 200) qWarning("%s", reply.body.constData());
        return e2e::rowOf(*m_gateway, reply);
    }
    [[nodiscard]] int statusOf(const QByteArray& model, const QByteArray& extra = {}) const
    {
        return ask(m_gateway->port(), {Shape::OpenAi, model, false, false, {}, extra}).status;
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void CostTest::init()
{
    m_upstream.reset();
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
}

void CostTest::pricesAllPartsOfAnthropicsUse_data()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("whole") << false;
    QTest::newRow("streamed") << true;
}

void CostTest::pricesAllPartsOfAnthropicsUse()
{
    QFETCH(bool, stream);
    const QByteArray usage =
        quoted("{'input_tokens':100,'cache_creation_input_tokens':30,'cache_read_input_tokens':50,"
               "'cache_creation':{'ephemeral_5m_input_tokens':10,'ephemeral_1h_input_tokens':20},"
               "'server_tool_use':{'web_search_requests':3},'service_tier':'standard','output_tokens':40}");
    configure({{"claude", provider("ant", usage, {})}});
    QVERIFY(m_gateway->start());
    const QJsonObject row = rowFor({Shape::Anthropic, "claude/claude-sonnet-4-5", stream});
    const QJsonObject used = row["usage"].toObject();
    QCOMPARE(used["input_tokens"].toInt(), 180);
    QCOMPARE(used["cache_write_tokens"].toInt(), 30);
    QCOMPARE(used["cache_write_1h_tokens"].toInt(), 20);
    QCOMPARE(used["searches"].toInt(), 3);
    // By the catalog: 3, 15, 0.3, 3.75 and 6 dollars a million, 10 dollars a thousand searches.
    QCOMPARE(nanos(row["cost_usd"]),
             qint64{100 * 3000 + 50 * 300 + 10 * 3750 + 20 * 6000 + 40 * 15000 + 3 * 10'000'000});
    QCOMPARE(row["cost_source"].toString(), QString("computed"));
    QVERIFY(row["price_version"].toString().startsWith("catalog 20"));
}

void CostTest::pricesTheServiceThatServed_data()
{
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<qint64>("cost");
    // gpt-4.1: 2 and 8 dollars a million, for priority 3.5 and 14.
    QTest::newRow("usual") << QByteArray("default") << false << qint64{1000 * 2000 + 100 * 8000};
    QTest::newRow("priority") << QByteArray("priority") << false << qint64{1000 * 3500 + 100 * 14000};
    QTest::newRow("priority, streamed")
        << QByteArray("priority") << true << qint64{1000 * 3500 + 100 * 14000};
}

void CostTest::pricesTheServiceThatServed()
{
    QFETCH(QByteArray, service);
    QFETCH(bool, stream);
    QFETCH(qint64, cost);
    const QByteArray usage = quoted("{'prompt_tokens':1000,'completion_tokens':100,'total_tokens':1100}");
    configure({{"oa", provider("lab", usage, service, {{"kind", "openai"}})}});
    QVERIFY(m_gateway->start());
    const QJsonObject row = rowFor({Shape::OpenAi, "oa/gpt-4.1", stream});
    QCOMPARE(nanos(row["cost_usd"]), cost);
    QCOMPARE(row["service_tier"].toString(), service == "priority" ? QString("priority") : QString());
    QCOMPARE(row["cost_source"].toString(), QString("computed"));
}

void CostTest::takesWhatTheProviderReports()
{
    const QByteArray usage =
        quoted("{'prompt_tokens':1000,'completion_tokens':100,'cost_in_usd_ticks':37756000}");
    // Terms are not for what the provider has reckoned with already.
    configure({{"x", provider("lab", usage, {}, {{"discount_percent", 50}})}});
    QVERIFY(m_gateway->start());
    const QJsonObject row = rowFor({Shape::OpenAi, "x/gpt-4.1"});
    QCOMPARE(nanos(row["cost_usd"]), qint64{3'775'600});
    QCOMPARE(row["cost_source"].toString(), QString("reported"));
    QCOMPARE(row["price_version"].toString(), QString("reported by the provider"));
}

void CostTest::takesOwnPricesForPieces()
{
    const QJsonObject models{
        {"m", priced({{"input", 1}, {"output", 2}, {"reasoning", 10}, {"per_request", 0.01}})},
        {"pictures", priced({{"per_image", 0.04}})}};
    const QByteArray usage = quoted("{'prompt_tokens':1000,'completion_tokens':100,"
                                    "'completion_tokens_details':{'reasoning_tokens':60}}");
    QJsonObject lab = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    configure({{"own", provider("lab", usage, {}, {{"models", models}})},
               {"lab", with(lab, {{"models", models}})}});
    QVERIFY(m_gateway->start());
    const QJsonObject row = rowFor({Shape::OpenAi, "own/m"});
    QCOMPARE(nanos(row["cost_usd"]), qint64{1000 * 1000 + 40 * 2000 + 60 * 10000 + 10'000'000});
    QCOMPARE(row["price_version"].toString(), QString("config"));
    const HttpReply made = http(m_gateway->port(), "POST", "/v1/images/generations",
                                {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                                 {"Content-Type", "application/json"}},
                                quoted("{'model':'lab/pictures','prompt':'a cat','n':1}"));
    QCOMPARE(made.status, 200);
    const QJsonObject picture = e2e::rowOf(*m_gateway, made);
    const int images = picture["usage"].toObject()["images"].toInt();
    QVERIFY(images > 0);
    QCOMPARE(nanos(picture["cost_usd"]), qint64{images * 40'000'000});
    QCOMPARE(picture["cost_source"].toString(), QString("computed"));
}

void CostTest::appliesDiscountAndMarginOnce()
{
    const QJsonObject models{{"m", priced({{"input", 0.001}, {"output", 0}})}};
    const QByteArray usage = quoted("{'prompt_tokens':333,'completion_tokens':1}");
    const QJsonObject terms{{"models", models}, {"discount_percent", 12.5}, {"margin_percent", 3}};
    configure({{"own", provider("lab", usage, {}, terms)}});
    QVERIFY(m_gateway->start());
    // 333 nano-dollars, less 12.5 %, and 3 % more: 300.116.
    QCOMPARE(nanos(rowFor({Shape::OpenAi, "own/m"})["cost_usd"]), qint64{300});
}

void CostTest::estimatesWhatAClientLeft()
{
    QJsonObject lab = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    configure({{"lab", with(lab, {{"models", QJsonObject{{"mock:slow-head:20000",
                                                          priced({{"input", 1000}, {"output", 1000}})}}}})}});
    QVERIFY(m_gateway->start());
    {
        RawClient client(m_gateway->port());
        client.send(bytesOf(m_gateway->port(), {Shape::OpenAi, "lab/mock:slow-head:20000"}));
        QTRY_COMPARE(m_upstream.requests().size(), 1);
    }
    const QJsonObject row = m_gateway->rows(1).at(0).toObject();
    QCOMPARE(row["status"].toInt(), 499);
    const int tokens = row["usage"].toObject()["input_tokens"].toInt();
    QVERIFY(tokens > 0);
    QCOMPARE(row["usage"].toObject()["output_tokens"].toInt(), 0);
    QCOMPARE(nanos(row["cost_usd"]), qint64{tokens} * 1'000'000);
    QCOMPARE(row["cost_source"].toString(), QString("estimated"));
}

void CostTest::chargesEachPartOfAMendedStreamToItsProvider_data()
{
    QTest::addColumn<QJsonObject>("models"); // of the one that goes on
    QTest::addColumn<bool>("isPaid");
    QTest::newRow("to one that is paid") << QJsonObject{{"mock", priced(evenPrice(1000))}} << true;
    QTest::newRow("to one that is free") << QJsonObject{{"mock", priced(evenPrice(0))}} << false;
    QTest::newRow("to one without a price") << QJsonObject() << false;
}

void CostTest::chargesEachPartOfAMendedStreamToItsProvider()
{
    QFETCH(QJsonObject, models);
    QFETCH(bool, isPaid);
    const QJsonObject all = m_gateway->configuration()["providers"].toObject();
    const QJsonObject lab = with(all["lab"].toObject(),
                                 {{"models", QJsonObject{{"mock:cut-stream:5", priced(evenPrice(1000))}}}});
    const QJsonObject budget{
        {"usd", 0.001}, {"per", "total"}, {"at_limit", "block"}, {"scope", QJsonObject{{"provider", "lab"}}}};
    const QJsonObject route{
        {"targets", QJsonArray{target("lab", "mock:cut-stream:5"), target("ant", "mock")}},
        {"retry", QJsonObject{{"attempts", 0}}},
        {"on_break", "continue"}};
    configure({{"lab", lab}, {"ant", with(all["ant"].toObject(), {{"models", models}})}},
              {{"routes", QJsonObject{{"mended", route}}}, {"budgets", QJsonObject{{"labs", budget}}}});
    QVERIFY(m_gateway->start());
    const QJsonObject row = rowFor({Shape::OpenAi, "mended", true});
    QCOMPARE(row["provider"].toString(), QString("ant"));
    const QJsonArray attempts = row["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    const qint64 first = nanos(attempts[0].toObject()["cost_usd"]);
    const qint64 second = nanos(attempts[1].toObject()["cost_usd"]);
    QVERIFY(first > 0);
    QCOMPARE(second > 0, isPaid);
    QCOMPARE(nanos(row["cost_usd"]), first + second);
    // The budget of the one that broke off knows of its part, and of no other.
    QCOMPARE(statusOf("lab/mock:cut-stream:5"), 402);
    QCOMPARE(statusOf("ant/mock"), 200);
    // As does who reads of it in the log.
    m_gateway->kill();
    QVERIFY(m_gateway->start());
    QCOMPARE(statusOf("lab/mock:cut-stream:5"), 402);
    QCOMPARE(statusOf("ant/mock"), 200);
}

void CostTest::chargesARefusalToWhoRefused_data()
{
    QTest::addColumn<QByteArray>("next");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("source");
    QTest::newRow("and another one is not there") << QByteArray("mock:status:503") << 502 << "computed";
    QTest::newRow("and another one has no price") << QByteArray("mock") << 200 << "estimated";
}

void CostTest::chargesARefusalToWhoRefused()
{
    QFETCH(QByteArray, next);
    QFETCH(int, status);
    QFETCH(QString, source);
    const QJsonObject all = m_gateway->configuration()["providers"].toObject();
    const QJsonObject lab =
        with(all["lab"].toObject(), {{"models", QJsonObject{{"mock:refusal", priced(evenPrice(1000))}}}});
    const QJsonObject budget{
        {"usd", 0.001}, {"per", "total"}, {"at_limit", "block"}, {"scope", QJsonObject{{"provider", "lab"}}}};
    const QJsonObject route{{"targets", QJsonArray{target("lab", "mock:refusal")}},
                            {"retry", QJsonObject{{"attempts", 0}}},
                            {"fallbacks", QJsonObject{{"content_refused", "ant/" + QString(next)}}}};
    configure({{"lab", lab}},
              {{"routes", QJsonObject{{"asked", route}}}, {"budgets", QJsonObject{{"labs", budget}}}});
    QVERIFY(m_gateway->start());
    QCOMPARE(statusOf("asked"), status);
    const QJsonObject row = m_gateway->rows(1).at(0).toObject();
    const QJsonArray attempts = row["attempts"].toArray();
    QVERIFY(attempts.size() >= 2); // the other one is asked again where it has no time
    const qint64 cost = nanos(attempts[0].toObject()["cost_usd"]);
    QVERIFY(cost > 0);
    QCOMPARE(nanos(row["cost_usd"]), cost);
    QCOMPARE(row["cost_source"].toString(), source);
    QCOMPARE(statusOf("lab/mock:refusal"), 402);
    // A price that comes later is not put in its place.
    QCOMPARE(jsonOf(m_gateway->run({"usage", "--recalculate", "--dry-run", "--json"}))["rows"].toInt(), 0);
}

void CostTest::chargesWhatAClientLeftBesideWhatItHad()
{
    const QJsonObject all = m_gateway->configuration()["providers"].toObject();
    const auto at = [&](const char* name, const char* model) {
        return with(all[QLatin1String(name)].toObject(),
                    {{"models", QJsonObject{{model, priced(evenPrice(1000))}}}});
    };
    const QJsonObject route{
        {"targets", QJsonArray{target("lab", "mock:cut-stream:5"), target("ant", "mock:slow-head:20000")}},
        {"retry", QJsonObject{{"attempts", 0}}},
        {"on_break", "continue"}};
    configure({{"lab", at("lab", "mock:cut-stream:5")}, {"ant", at("ant", "mock:slow-head:20000")}},
              {{"routes", QJsonObject{{"mended", route}}}});
    QVERIFY(m_gateway->start());
    {
        RawClient client(m_gateway->port());
        client.send(bytesOf(m_gateway->port(), {Shape::OpenAi, "mended", true}));
        QTRY_COMPARE(m_upstream.requests().size(), 2);
    }
    const QJsonObject row = m_gateway->rows(1).at(0).toObject();
    QCOMPARE(row["status"].toInt(), 499);
    const QJsonArray attempts = row["attempts"].toArray();
    QCOMPARE(attempts.size(), 2);
    const qint64 first = nanos(attempts[0].toObject()["cost_usd"]);
    const qint64 second = nanos(attempts[1].toObject()["cost_usd"]);
    QVERIFY(first > 0 && second > 0);
    QCOMPARE(nanos(row["cost_usd"]), first + second);
    const QJsonObject usage = row["usage"].toObject();
    const int tokens = usage["input_tokens"].toInt() + usage["output_tokens"].toInt();
    QCOMPARE(nanos(row["cost_usd"]), qint64{tokens} * 1'000'000);
    QCOMPARE(row["cost_source"].toString(), QString("estimated"));
}

void CostTest::limitsAModel()
{
    const QJsonObject lab = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    const QJsonObject models{{"mock", QJsonObject{{"limits", QJsonObject{{"rpm", 1}}}, {"alias", "small"}}}};
    const QJsonObject route{{"targets", QJsonArray{target("lab", "mock"), target("lab", "mock-other")}},
                            {"retry", QJsonObject{{"attempts", 0}}}};
    configure({{"lab", with(lab, {{"models", models}})}}, {{"routes", QJsonObject{{"both", route}}}});
    QVERIFY(m_gateway->start());
    QCOMPARE(statusOf("lab/mock"), 200);
    const HttpReply refused = ask(m_gateway->port(), {Shape::OpenAi, "small"});
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.body.contains("The model `mock` of `lab` allows 1 requests a minute") ||
                 refused.body.contains("The model `mock` of `lab` allows 1 request a minute"),
             refused.body.constData());
    QCOMPARE(statusOf("lab/mock-other"), 200);
    const HttpReply next = ask(m_gateway->port(), {Shape::OpenAi, "both"});
    QCOMPARE(next.status, 200);
    QCOMPARE(next.header("x-turnpike-model"), QByteArray("mock-other"));
}

void CostTest::reservesAllAnswersAndPictures()
{
    // While one is under way, what the other may cost does not fit in beside it.
    const QJsonObject lab = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    const QJsonObject models{{"mock:slow-head:30000", priced({{"input", 0}, {"output", 1000}})},
                             {"mock", priced({{"input", 0}, {"output", 1000}})},
                             {"pictures", priced({{"per_image", 0.3}})}};
    const QJsonObject budget{{"usd", 0.5}, {"per", "day"}, {"at_limit", "block"}};
    configure({{"lab", with(lab, {{"models", models}})}}, {{"budgets", QJsonObject{{"all", budget}}}});
    QVERIFY(m_gateway->start());
    RawClient first(m_gateway->port());
    first.send(bytesOf(m_gateway->port(), {Shape::OpenAi, "lab/mock:slow-head:30000"})); // 0.1
    QTRY_COMPARE(m_upstream.requests().size(), 1);
    QCOMPARE(statusOf("lab/mock", R"(,"n":3)"), 200);
    QCOMPARE(statusOf("lab/mock", R"(,"n":5)"), 402);
    const auto pictures = [this](const char* count) {
        return http(m_gateway->port(), "POST", "/v1/images/generations",
                    {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                     {"Content-Type", "application/json"}},
                    quoted("{'model':'lab/pictures','prompt':'a cat','n':N}").replace("N", count))
            .status;
    };
    QCOMPARE(pictures("2"), 402);
    QCOMPARE(pictures("1"), 200);
}

void CostTest::tellsWhatTheRouteSaved()
{
    const QJsonObject all = m_gateway->configuration()["providers"].toObject();
    const auto at = [&](const char* name, double usd) {
        return with(all[QLatin1String(name)].toObject(),
                    {{"models", QJsonObject{{"mock", priced(evenPrice(usd))}}}});
    };
    const QJsonObject cheapest{{"strategy", "lowest_cost"},
                               {"targets", QJsonArray{target("ant", "mock"), target("lab", "mock")}}};
    const QJsonObject alone{{"targets", QJsonArray{target("lab", "mock")}}};
    configure({{"lab", at("lab", 10)}, {"ant", at("ant", 30)}},
              {{"routes", QJsonObject{{"cheap", cheapest}, {"alone", alone}}}});
    QVERIFY(m_gateway->start());
    // 23 tokens at 10 dollars in place of 30.
    const QJsonObject row = rowFor({Shape::OpenAi, "cheap"});
    QCOMPARE(row["provider"].toString(), QString("lab"));
    QCOMPARE(nanos(row["routed_usd"]), qint64{23} * 20'000);
    QCOMPARE(nanos(rowFor({Shape::OpenAi, "alone"})["routed_usd"]), qint64{0});
    QCOMPARE(nanos(rowFor({Shape::OpenAi, "lab/mock"})["routed_usd"]), qint64{0});
    const QJsonArray usage =
        QJsonDocument::fromJson(m_gateway->run({"usage", "--by", "route", "--json"})).array();
    qint64 routed = 0;
    for (const auto& each : usage)
        routed += nanos(each.toObject()["routed_usd"]);
    QCOMPARE(routed, qint64{23} * 20'000);
}

void CostTest::recalculatesWhileItRuns()
{
    QVERIFY(m_gateway->start());
    const QJsonObject before = rowFor({Shape::OpenAi, "lab/mock"});
    QCOMPARE(before["cost_source"].toString(), QString("unknown"));
    const QJsonObject lab = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    const QJsonObject price{{"input", 1000}, {"output", 1000}};
    configure({{"lab", with(lab, {{"models", QJsonObject{{"mock", priced(price)}}}})}});
    QVERIFY(m_gateway->writeConfig());
    QJsonObject dry;
    // The server folds its journal in a moment; only what the database has can be priced.
    QTRY_VERIFY(
        (dry = jsonOf(m_gateway->run({"usage", "--recalculate", "--dry-run", "--json"})))["rows"].toInt() ==
        1);
    QCOMPARE(dry["priced"].toInt(), 1);
    QCOMPARE(m_gateway->rows(1).at(0).toObject()["cost_source"].toString(), QString("unknown"));
    const QJsonObject done = jsonOf(m_gateway->run({"usage", "--recalculate", "--json"}));
    QCOMPARE(nanos(done["cost_usd"]), qint64{23'000'000});
    const auto isPriced = [this] {
        const QJsonObject row = m_gateway->rows(1).at(0).toObject();
        return nanos(row["cost_usd"]) == 23'000'000 && row["cost_source"].toString() == "estimated" &&
               row["price_version"].toString().startsWith("recalculated 20");
    };
    QVERIFY(isPriced());
    // The server goes on, and nothing is priced twice.
    QCOMPARE(statusOf("lab/mock"), 200);
    QCOMPARE(m_gateway->terminate(), 0);
    QCOMPARE(jsonOf(m_gateway->run({"usage", "--recalculate", "--json"}))["rows"].toInt(), 0);
    QVERIFY(isPriced());
}

void CostTest::reconcilesAnExport()
{
    QVERIFY(m_gateway->start());
    const QJsonObject row = rowFor({Shape::OpenAi, "lab/mock"});
    const QString day = row["time"].toString().left(10);
    QFile file(m_gateway->folder() + "/export.csv");
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(("date,model,input,output,requests\n" + day + ",mock,20,7,1\n" + day + ",mock,\"1,000\",7,1\n")
                   .toUtf8());
    file.close();
    int code = -1;
    const QJsonObject found = jsonOf(
        m_gateway->run({"usage", "--reconcile", file.fileName(), "--provider", "lab", "--json"}, &code));
    QCOMPARE(code, 0);
    QCOMPARE(found["skipped_lines"].toInt(), 1);
    const QJsonArray rows = found["rows"].toArray();
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[0].toObject()["kind"].toString(), QString("input"));
    QCOMPARE(rows[0].toObject()["ours"].toInt(), 16);
    QCOMPARE(rows[0].toObject()["difference"].toInt(), 4);
    QCOMPARE(rows[1].toObject()["difference"].toInt(), 0);
    QCOMPARE(rows[2].toObject()["kind"].toString(), QString("requests"));
    const QByteArray table = m_gateway->run({"usage", "--reconcile", file.fileName(), "--provider", "lab"});
    QVERIFY2(table.contains("DIFFERENCE") && table.contains(day.toUtf8()), table.constData());
    QByteArray nothing =
        m_gateway->run({"usage", "--reconcile", "/no/such/file", "--provider", "lab"}, &code);
    QCOMPARE(code, 1);
}

QTEST_GUILESS_MAIN(CostTest)
#include "cost_test.moc"
