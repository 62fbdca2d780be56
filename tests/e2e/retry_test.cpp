// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QtTest/QtTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr const char* kGreeting = "Hello from the fake upstream.";

QJsonObject target(const QString& provider, const QString& model)
{
    return {{"provider", provider}, {"model", model}};
}

QJsonObject route(const QJsonArray& targets, int attempts, int maxBackoffMs = 2'000)
{
    const QJsonObject retry{{"attempts", attempts}, {"backoff_ms", 1}, {"max_backoff_ms", maxBackoffMs}};
    const QJsonObject timeout{{"connect_ms", 500}, {"first_byte_ms", 400}, {"idle_ms", 400}};
    return {{"targets", targets}, {"retry", retry}, {"timeout", timeout}};
}

/// The route whose first target fails in that way; a route's name has no colon.
QString nameOver(const char* scenario)
{
    return QStringLiteral("over-%1").arg(QLatin1String(scenario)).replace(':', '-');
}

} // namespace

/// How often a provider is asked, who is asked next, and what the client sees of it.
class RetryTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    HttpReply askRoute(const QByteArray& name, bool stream = false, Shape shape = Shape::OpenAi)
    {
        return ask(m_gateway->port(), {shape, name, stream});
    }

    /// The models that were asked for at the upstream, in order.
    QStringList asked() const
    {
        QStringList models;
        for (const QJsonValue& request : m_upstream.requests())
            models.append(request.toObject()["model"].toString());
        return models;
    }

    static QJsonObject routes()
    {
        const QJsonObject good = target("ant", "mock");
        QJsonObject all{
            {"flaky", route({target("lab", "mock:flaky:2:503")}, 2)},
            {"too-flaky", route({target("lab", "mock:flaky:9:503")}, 2)},
            {"resets", route({target("fresh", "mock:reset")}, 2)},
            {"closes", route({target("fresh", "mock:close")}, 1)},
            {"waits", route({target("open", "mock:status:429:1")}, 1)},
            {"long-wait", route({target("open", "mock:status:429:60"), good}, 3)},
            {"patient", route({target("open", "mock:status:429:60")}, 3)},
            {"bad-request", route({target("lab", "mock:status:400"), good}, 2)},
            {"differ", route({target("lab", "mock:status:500"), target("ant", "mock:status:503")}, 0)},
            {"alike", route({target("lab", "mock:status:503"), target("ant", "mock:status:529")}, 0)},
            {"nested", route({target("lab", "mock:status:500"), QJsonObject{{"route", "to-good"}}}, 0)},
            {"to-good", route({target("lab", "mock:status:502"), good}, 0)},
        };
        for (const char* scenario :
             {"silent", "redirect", "status:401", "status:404", "html:502", "garbage", "not-json",
              "gzip-bomb", "cut-stream:0", "reset-stream:0", "hang-stream:0", "error-first"})
            all[nameOver(scenario)] =
                route({target("open", QStringLiteral("mock:%1").arg(QLatin1String(scenario))), good}, 0);
        return all;
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_upstream.start());
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        // Under another name it has a pool of its own: that stays empty, so no connection is taken for stale.
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        QJsonObject fresh = providers["lab"].toObject();
        fresh["base_url"] = QStringLiteral("http://localhost:%1/v1").arg(m_upstream.port());
        providers["fresh"] = fresh;
        // A key that is refused or rate-limited is set aside, which is not what is looked at here.
        QJsonObject open = providers["lab"].toObject();
        open.remove("keys");
        providers["open"] = open;
        m_gateway->configure({{"providers", providers}, {"routes", routes()}});
        QVERIFY(m_gateway->start());
    }

    void init() { m_upstream.reset(); }

    void triesTheSameTargetAgain()
    {
        for (const bool stream : {false, true}) {
            m_upstream.reset();
            const HttpReply reply = askRoute("flaky", stream);
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("3"));
            QCOMPARE(reply.header("x-turnpike-route"), QByteArray("flaky"));
            QCOMPARE(asked().size(), 3);
            QCOMPARE(textOf({Shape::OpenAi, "flaky", stream}, reply.body), QString(kGreeting));
        }
    }

    void givesUpAfterItsAttempts()
    {
        const HttpReply reply = askRoute("too-flaky");
        QCOMPARE(reply.status, 503);
        QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "upstream_overloaded"), QByteArray());
        QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("3"));
        QCOMPARE(reply.header("x-turnpike-route"), QByteArray("too-flaky"));
        QCOMPARE(asked().size(), 3);
    }

    void triesAgainAfterTroubleOnTheLine()
    {
        QCOMPARE(askRoute("resets").status, 502);
        QCOMPARE(asked().size(), 3);
        m_upstream.reset();
        QCOMPARE(askRoute("closes").status, 502);
        QCOMPARE(asked().size(), 2);
    }

    /// What has begun to come is being charged for: the same target is not asked for it again.
    void asksOnceWhereAnAnswerHadBegun_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        QTest::addColumn<bool>("stream");
        for (const char* scenario : {"cut-head", "cut-body", "bad-chunk", "bad-gzip", "garbage"})
            QTest::newRow(scenario) << QByteArray(scenario) << false;
        for (const char* scenario : {"cut-stream:0", "reset-stream:0"})
            QTest::newRow(scenario) << QByteArray(scenario) << true;
    }

    void asksOnceWhereAnAnswerHadBegun()
    {
        QFETCH(QByteArray, scenario);
        QFETCH(bool, stream);
        // `lab` has the default of two further tries.
        QCOMPARE(askRoute("lab/mock:" + scenario, stream).status, 502);
        QCOMPARE(asked().size(), 1);
    }

    void waitsAsLongAsTheProviderAsks()
    {
        const HttpReply reply = askRoute("waits");
        QCOMPARE(reply.status, 429);
        QCOMPARE(reply.header("retry-after"), QByteArray("1"));
        const QJsonArray requests = m_upstream.requests();
        QCOMPARE(requests.size(), 2);
        const double apart =
            requests[1].toObject()["started_ms"].toDouble() - requests[0].toObject()["started_ms"].toDouble();
        QVERIFY2(apart >= 990 && apart < 5'000, QByteArray::number(apart));
    }

    void doesNotWaitLongerThanItsBound()
    {
        QElapsedTimer timer;
        timer.start();
        const HttpReply reply = askRoute("long-wait");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("ant"));
        QCOMPARE(asked(), QStringList({"mock:status:429:60", "mock"}));
        const HttpReply alone = askRoute("patient");
        QCOMPARE(alone.status, 429);
        QCOMPARE(alone.header("retry-after"), QByteArray("60"));
        QCOMPARE(asked().size(), 3);
        QVERIFY(timer.elapsed() < 5'000);
    }

    void takesTheNextTarget_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("onlyStreamed");
        for (const char* scenario : {"silent", "redirect", "status:401", "status:404", "html:502", "garbage",
                                     "not-json", "gzip-bomb"})
            QTest::newRow(scenario) << nameOver(scenario) << false;
        for (const char* scenario : {"cut-stream:0", "reset-stream:0", "hang-stream:0", "error-first"})
            QTest::newRow(scenario) << nameOver(scenario) << true;
    }

    void takesTheNextTarget()
    {
        QFETCH(QString, name);
        QFETCH(bool, onlyStreamed);
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            for (const bool stream : {false, true}) {
                if (onlyStreamed && !stream) continue;
                m_upstream.reset();
                const HttpReply reply = askRoute(name.toLatin1(), stream, shape);
                QVERIFY2(reply.status == 200 && reply.complete, reply.body);
                QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("ant"));
                QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
                QCOMPARE(asked().size(), 2);
                // Nothing of the first target's try is seen.
                const ModelCall direct{shape, "mock", stream};
                QCOMPARE(textOf(direct, reply.body), QString(kGreeting));
                if (stream) QCOMPARE(reply.body.count(endMarker(shape)), 1);
                if (shape == Shape::Anthropic)
                    QCOMPARE(reply.body, askDirectly(m_upstream.port(), direct).body);
            }
        }
    }

    void followsNestedRoutes()
    {
        QCOMPARE(askRoute("nested").status, 200);
        QCOMPARE(asked(), QStringList({"mock:status:500", "mock:status:502", "mock"}));
    }

    void asksNobodyElseForAVerdictOnTheRequest()
    {
        const HttpReply reply = askRoute("bad-request");
        QCOMPARE(reply.status, 400);
        QCOMPARE(asked(), QStringList("mock:status:400"));
    }

    void tellsOfAllTargets()
    {
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            for (const bool stream : {false, true}) {
                const HttpReply differ = askRoute("differ", stream, shape);
                QCOMPARE(differ.status, 502);
                QCOMPARE(errorProblem(shape, differ.body, "all_targets_failed"), QByteArray());
                const HttpReply alike = askRoute("alike", stream, shape);
                QCOMPARE(alike.status, 503);
                QCOMPARE(errorProblem(shape, alike.body, "upstream_overloaded"), QByteArray());
            }
        }
    }

    void endsWithinTheTotalTime()
    {
        QElapsedTimer timer;
        timer.start();
        const ModelCall call{
            Shape::OpenAi, "lab/mock:silent", false, false, {{"x-turnpike-timeout-ms", "300"}}};
        const HttpReply reply = ask(m_gateway->port(), call);
        QCOMPARE(reply.status, 504);
        QVERIFY(timer.elapsed() >= 290 && timer.elapsed() < 5'000);
        QCOMPARE(asked().size(), 1);
    }

    void countsAsTheClientWishes()
    {
        const ModelCall call{Shape::OpenAi, "too-flaky", false, false, {{"x-litellm-num-retries", "4"}}};
        QCOMPARE(ask(m_gateway->port(), call).status, 503);
        QCOMPARE(asked().size(), 5);
    }

    void logsEveryAttempt()
    {
        const HttpReply reply = askRoute("differ");
        const QString id = reply.header("x-request-id");
        QJsonObject row;
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     for (const QJsonValue& each : m_gateway->rows(1)) {
                                         if (each.toObject()["id"].toString() == id) row = each.toObject();
                                     }
                                     return !row.isEmpty();
                                 })(),
                                 5'000);
        QCOMPARE(row["status"].toInt(), 502);
        QCOMPARE(row["error"].toObject()["code"].toString(), QString("all_targets_failed"));
        const QJsonArray attempts = row["attempts"].toArray();
        QCOMPARE(attempts.size(), 2);
        QCOMPARE(attempts[0].toObject()["status"].toInt(), 500);
        QCOMPARE(attempts[0].toObject()["provider"].toString(), QString("lab"));
        QCOMPARE(attempts[1].toObject()["error"].toString(), QString("upstream_overloaded"));
    }

    void keepsItsConnections()
    {
        const auto accepted = [this] {
            return jsonOf(http(m_upstream.port(), "GET", "/__connections").body)["accepted"].toInt();
        };
        QCOMPARE(askRoute("lab/mock").status, 200);
        m_upstream.reset();
        const int before = accepted();
        for (int i = 0; i < 20; ++i)
            QCOMPARE(askRoute(i % 2 ? "lab/mock" : "ant/mock", i % 3 == 0).status, 200);
        // Twenty without a pool. The questions are connections themselves, and after a stream the next
        // request may come before its connection is back.
        QVERIFY2(accepted() - before <= 6, QByteArray::number(accepted() - before));
        // A refusal that was read whole keeps its connection too.
        const int later = accepted();
        for (int i = 0; i < 5; ++i)
            QCOMPARE(askRoute("lab/mock:status:404").status, 404);
        QVERIFY2(accepted() - later <= 2, QByteArray::number(accepted() - later));
    }

    void replacesAConnectionThatWentStale_data()
    {
        QTest::addColumn<QByteArray>("model");
        for (const char* name : {"stale", "stale-reset", "close-after"})
            QTest::newRow(name) << QByteArray("lab/mock:") + name;
    }

    void replacesAConnectionThatWentStale()
    {
        QFETCH(QByteArray, model);
        for (int i = 0; i < 6; ++i) {
            const HttpReply reply = askRoute(model, i % 2 == 1);
            QVERIFY2(reply.status == 200 && reply.complete, reply.body);
            // A connection that had been given up is no attempt that failed.
            QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("1"));
        }
    }
};

QTEST_GUILESS_MAIN(RetryTest)
#include "retry_test.moc"
