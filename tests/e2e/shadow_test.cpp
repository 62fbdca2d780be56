// SPDX-License-Identifier: GPL-3.0-or-later
// A second model that gets the requests of a route, too: seen in the log and by nobody else.
#include <functional>
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject route(const QJsonObject& shadow)
{
    return {{"targets", QJsonArray{QJsonObject{{"provider", "lab"}, {"model", "mock"}}}},
            {"retry", QJsonObject{{"attempts", 0}}},
            {"shadow", shadow}};
}

QJsonObject shadowOf(const char* provider, const char* model)
{
    return {{"provider", provider}, {"model", model}};
}

bool hasTag(const QJsonObject& row)
{
    return row["tags"].toArray().contains("shadow");
}

} // namespace

class ShadowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void init();
    void cleanup() { m_gateway.reset(); }
    void standsInTheLogBesideTheRequest_data();
    void standsInTheLogBesideTheRequest();
    void delaysNobody();
    void failsUnseen();
    void skipsWhatIsTooMuch();
    void goesOnlyWhereItMay();
    void isWaitedForAtTheEnd();
    void holdsNobodyUpForLong();

private:
    [[nodiscard]] HttpReply asked(const QByteArray& model, bool stream = false,
                                  const HeaderList& headers = {}) const
    {
        return ask(m_gateway->port(), {Shape::OpenAi, model, stream, false, headers});
    }
    /// The row that is so, once it is there.
    [[nodiscard]] QJsonObject rowWhere(const std::function<bool(const QJsonObject&)>& isIt) const
    {
        QJsonObject found;
        static_cast<void>(QTest::qWaitFor(
            [&] {
                const QJsonArray rows = m_gateway->rows();
                for (const auto& row : rows) {
                    if (isIt(row.toObject())) found = row.toObject();
                }
                return !found.isEmpty();
            },
            20'000));
        return found;
    }
    [[nodiscard]] QJsonObject shadowRow(const HttpReply& reply) const
    {
        const QString id = QString::fromLatin1(reply.header("x-request-id"));
        return rowWhere([&id](const QJsonObject& row) { return row["trace"].toString() == id; });
    }
    [[nodiscard]] int asksFor(const char* model, const char* state = nullptr) const
    {
        int count = 0;
        for (const auto& each : m_upstream.requests()) {
            const QJsonObject request = each.toObject();
            count += request["model"].toString() == QLatin1String(model) &&
                             (!state || request["state"].toString() == QLatin1String(state))
                         ? 1
                         : 0;
        }
        return count;
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void ShadowTest::init()
{
    m_upstream.reset();
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    QJsonObject modest = providers["lab"].toObject();
    modest["data_policy"] = QJsonObject{{"trains_on_data", false}};
    providers["modest"] = modest;
    QJsonObject never = shadowOf("lab", "mock-never");
    never["share"] = 0;
    QJsonObject private1 = route(shadowOf("lab", "mock-careless"));
    private1["targets"] = QJsonArray{QJsonObject{{"provider", "modest"}, {"model", "mock"}}};
    m_gateway->configure({{"providers", providers},
                          {"server", QJsonObject{{"drain_seconds", 3}}},
                          {"routes", QJsonObject{{"same", route(shadowOf("lab", "mock-shadow"))},
                                                 {"translated", route(shadowOf("ant", "mock-shadow"))},
                                                 {"slow", route(shadowOf("lab", "mock:silent"))},
                                                 {"late", route(shadowOf("lab", "mock:slow-head:700"))},
                                                 {"bad", route(shadowOf("lab", "mock:status:500"))},
                                                 {"never", route(never)},
                                                 {"modest", private1}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void ShadowTest::standsInTheLogBesideTheRequest_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("stream");
    for (const char* model : {"same", "translated"}) {
        QTest::addRow("%s, whole", model) << QByteArray(model) << false;
        QTest::addRow("%s, streamed", model) << QByteArray(model) << true;
    }
}

void ShadowTest::standsInTheLogBesideTheRequest()
{
    QFETCH(QByteArray, model);
    QFETCH(bool, stream);
    const HttpReply reply = asked(model, stream, {{"x-turnpike-tags", "mine"}});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("x-turnpike-model"), QByteArray("mock"));
    const QJsonObject shadow = shadowRow(reply);
    QVERIFY(hasTag(shadow) && shadow["tags"].toArray().contains("mine"));
    QCOMPARE(shadow["model"].toString(), QStringLiteral("mock-shadow"));
    QCOMPARE(shadow["route"].toString().toUtf8(), model);
    QCOMPARE(shadow["key"].toString(), QStringLiteral("test"));
    QCOMPARE(shadow["status"].toInt(), 200);
    QCOMPARE(shadow["stream"].toBool(), stream);
    const QString id = QString::fromLatin1(reply.header("x-request-id"));
    const QJsonObject original =
        rowWhere([&id](const QJsonObject& row) { return row["id"].toString() == id; });
    QVERIFY(!hasTag(original));
    QCOMPARE(original["model"].toString(), QStringLiteral("mock"));
    QCOMPARE(asksFor("mock"), 1);
    QCOMPARE(asksFor("mock-shadow"), 1);
}

void ShadowTest::delaysNobody()
{
    // The shadow never answers, the client has what it asked for all the same, and can go on.
    const HttpReply first = asked("slow");
    QCOMPARE(first.status, 200);
    QTRY_COMPARE(asksFor("mock:silent", "open"), 1);
    QCOMPARE(asked("slow", true).status, 200);
    QTRY_COMPARE(asksFor("mock:silent", "open"), 2);
    QCOMPARE(asksFor("mock", "done"), 2);
}

void ShadowTest::failsUnseen()
{
    for (int i = 0; i < 5; ++i) {
        const HttpReply reply = asked("bad");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("1"));
        const QJsonObject shadow = shadowRow(reply);
        QVERIFY(hasTag(shadow));
        QCOMPARE(shadow["status"].toInt(), 502);
        QVERIFY(!shadow["error"].isNull());
    }
    QCOMPARE(asksFor("mock:status:500"), 5); // none was tried twice
}

void ShadowTest::skipsWhatIsTooMuch()
{
    for (int i = 0; i < 10; ++i)
        QCOMPARE(asked("slow").status, 200);
    QTRY_COMPARE(asksFor("mock:silent", "open"), 8);
    const HttpReply metrics = http(m_gateway->port(), "GET", "/metrics",
                                   {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}});
    QVERIFY2(metrics.body.contains("\nturnpike_shadow_requests_skipped_total 2\n"), metrics.body);
}

void ShadowTest::goesOnlyWhereItMay()
{
    QCOMPARE(asked("never").status, 200);
    QCOMPARE(asked("modest", false, {{"x-turnpike-data-policy", "no-training"}}).status, 200);
    QCOMPARE(asked("lab/mock").status, 200);
    const HttpReply embeddings = http(m_gateway->port(), "POST", "/v1/embeddings",
                                      {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}},
                                      R"({"model":"same","input":"a"})");
    QCOMPARE(embeddings.status, 200);
    // One that does go there tells when the others would have come.
    QVERIFY(hasTag(shadowRow(asked("same"))));
    QVERIFY(hasTag(shadowRow(asked("modest"))));
    QCOMPARE(asksFor("mock-never"), 0);
    QCOMPARE(asksFor("mock-careless"), 1);
    QCOMPARE(asksFor("mock-shadow"), 1);
}

void ShadowTest::isWaitedForAtTheEnd()
{
    const HttpReply reply = asked("late");
    QCOMPARE(reply.status, 200);
    QTRY_COMPARE(asksFor("mock:slow-head:700", "open"), 1);
    QCOMPARE(m_gateway->terminate(), 0);
    QCOMPARE(asksFor("mock:slow-head:700", "done"), 1);
    QCOMPARE(shadowRow(reply)["status"].toInt(), 200);
}

void ShadowTest::holdsNobodyUpForLong()
{
    const HttpReply reply = asked("slow");
    QTRY_COMPARE(asksFor("mock:silent", "open"), 1);
    QCOMPARE(m_gateway->terminate(), 0); // after drain_seconds
    QTRY_COMPARE(asksFor("mock:silent", "cancelled"), 1);
    QVERIFY(hasTag(shadowRow(reply)));
}

QTEST_GUILESS_MAIN(ShadowTest)
#include "shadow_test.moc"
