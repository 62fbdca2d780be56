// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway that is killed while it settles what calls cost: whatever a client had whole is written down
// once, and budgets know the sum of what is written.
#include <cmath>
#include <random>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <QTest>

#include "e2e/administered_gateway.h"
#include "e2e/crowd.h"
#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kKills = 20;
constexpr int kClients = 8;
constexpr unsigned kSeed = 20'261'127;

qint64 nanosOf(const QJsonValue& usd)
{
    return std::llround(usd.toDouble() * 1e9);
}

/// Whole answers and streams, short ones and such as a kill finds in their middle, translated or not.
QByteArray asked(quint16 port, int client, int turn)
{
    static const QList<QByteArray> kModels{"lab/mock", "ant/mock:burst:20", "lab/mock:paced:8:2", "ant/mock"};
    const QByteArray& model = kModels[(client + turn) % kModels.size()];
    return bytesOf(port, {client % 2 ? Shape::OpenAi : Shape::Anthropic, model, model.contains(':')});
}

QDateTime momentOf(const QJsonValue& text)
{
    return QDateTime::fromString(text.toString(), Qt::ISODateWithMs);
}

} // namespace

class SettleCrashTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void losesAndDoublesNothing();

private:
    [[nodiscard]] QJsonObject budget(const QByteArray& name) const
    {
        return m_admin.read("/budgets/" + name)["now"].toObject();
    }
    void compareBudgets(const QJsonArray& rows);

    FakeUpstream m_upstream;
    AdministeredGateway m_admin;
};

void SettleCrashTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    QJsonObject models;
    for (const char* model : {"mock", "mock:burst:20", "mock:paced:8:2"})
        models[model] = QJsonObject{{"price", QJsonObject{{"input", 2.4567},
                                                          {"output", 9.8765},
                                                          {"cache_read", 0.1234},
                                                          {"cache_write", 3.0303}}}};
    QJsonObject providers = GatewayProcess(m_upstream.url()).configuration()["providers"].toObject();
    for (const QString& name : {QStringLiteral("lab"), QStringLiteral("ant")}) {
        QJsonObject provider = providers[name].toObject();
        provider["models"] = models;
        providers[name] = provider;
    }
    const auto limit = [](const char* per) { return QJsonObject{{"usd", 1'000'000}, {"per", per}}; };
    QVERIFY(m_admin.start(m_upstream.url(),
                          {{"providers", providers},
                           {"budgets", QJsonObject{{"ever", limit("total")}, {"today", limit("day")}}}}));
}

void SettleCrashTest::compareBudgets(const QJsonArray& rows)
{
    const QDateTime since = momentOf(budget("today")["since"]);
    QVERIFY(since.isValid());
    qint64 ever = 0;
    qint64 today = 0;
    for (const QJsonValue row : rows) {
        const qint64 cost = nanosOf(row["cost_usd"]);
        ever += cost;
        if (momentOf(row["time"]) >= since) today += cost;
    }
    QCOMPARE(nanosOf(budget("ever")["spent_usd"]), ever);
    QCOMPARE(nanosOf(budget("today")["spent_usd"]), today);
    QCOMPARE(nanosOf(budget("ever")["reserved_usd"]), 0);
}

void SettleCrashTest::losesAndDoublesNothing()
{
    std::mt19937 random(kSeed);
    QSet<QString> completed;
    GatewayProcess& gateway = *m_admin.gateway;
    for (int kill = 0; kill < kKills; ++kill) {
        const quint16 port = gateway.port();
        Crowd crowd(port, kClients, [port](int client, int turn) { return asked(port, client, turn); });
        QVERIFY(crowd.waitForAnswers(1 + static_cast<int>(random() % 120)));
        gateway.kill();
        for (const QString& id : crowd.completed()) {
            QVERIFY(!completed.contains(id));
            completed.insert(id);
        }
        QVERIFY2(gateway.start(), gateway.errors());
        const QJsonArray rows = gateway.rows();
        QSet<QString> logged;
        for (const QJsonValue row : rows) {
            const QString id = row["id"].toString();
            QVERIFY2(!logged.contains(id), "a row is double");
            logged.insert(id);
            if (row["status"].toInt() == 200) QVERIFY(nanosOf(row["cost_usd"]) > 0);
        }
        QVERIFY2(logged.contains(completed), "a row is missing");
        compareBudgets(rows);
        if (QTest::currentTestFailed()) return;
    }
    // Nobody is charged for what no provider was asked.
    QVERIFY(m_upstream.requests().size() >= gateway.rows().size());
    QVERIFY(completed.size() >= kKills);
}

QTEST_GUILESS_MAIN(SettleCrashTest)
#include "settle_crash_test.moc"
