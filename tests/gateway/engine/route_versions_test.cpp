// SPDX-License-Identifier: GPL-3.0-or-later
// Versions of routes through the public door: applied, edited from outside, over a restart.
#include <memory>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

using namespace gateway;

namespace {

constexpr int kPatience = 20'000;

template <class T>
T resultOf(QFuture<T> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, kPatience)) qFatal("no answer came");
    return future.resultCount() > 0 ? future.result() : T();
}

RouteConfig echoRoute(const char* id, const char* model)
{
    RouteConfig route;
    route.id = RouteId(id);
    TargetConfig& target = route.targets.emplace_back();
    target.provider = ProviderId("sandbox");
    target.model = model;
    return route;
}

} // namespace

class RouteVersionsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        start();
    }
    void cleanup() { m_gateway.reset(); }

    void aChangeThatIsAppliedIsAVersion()
    {
        apply({echoRoute("mine", "echo")});
        apply({echoRoute("mine", "slow")});
        Config other = *m_gateway->config();
        other.aliases = {{"fast", "mine"}};
        QVERIFY(resultOf(m_gateway->apply(other)).empty()); // Changes no route.
        const auto versions = of("mine");
        QCOMPARE(versions.size(), std::size_t{2});
        QCOMPARE(versions[0].source, std::string("window"));
        QCOMPARE(versions[0].json, routeText(echoRoute("mine", "slow")));
        QVERIFY(versions[0].time >= versions[1].time);
        const auto back = parseRoute(RouteId("mine"), versions[1].json);
        QVERIFY(back && *back == echoRoute("mine", "echo"));
    }

    void aRefusedChangeIsNone()
    {
        apply({echoRoute("mine", "echo")});
        Config bad = *m_gateway->config();
        bad.routes[0].targets[0].provider = ProviderId("nobody");
        QVERIFY(!resultOf(m_gateway->apply(bad)).empty());
        QCOMPARE(of("mine").size(), std::size_t{1});
    }

    void anEditFromOutsideSaysThatItIsOne()
    {
        apply({echoRoute("mine", "echo")});
        write(R"({"version":1,"server":{"port":0,"require_key":false},)"
              R"("routes":{"mine":{"targets":[{"provider":"sandbox","model":"flaky"}]}}})");
        QTRY_COMPARE_WITH_TIMEOUT(of("mine").size(), std::size_t{2}, kPatience);
        QCOMPARE(of("mine").front().source, std::string("file"));
        write("{broken");
        QTRY_VERIFY_WITH_TIMEOUT(!m_gateway->configProblems().empty(), kPatience);
        QCOMPARE(of("mine").size(), std::size_t{2});
    }

    void aDeletedRouteKeepsItsVersions()
    {
        apply({echoRoute("mine", "echo")});
        apply({});
        const auto versions = of("mine");
        QCOMPARE(versions.size(), std::size_t{2});
        QVERIFY(versions[0].json.empty());
        QVERIFY(!versions[1].json.empty());
    }

    void aRestartAddsNoneUnlessTheFileSaysOtherwise()
    {
        apply({echoRoute("mine", "echo")});
        restart();
        QCOMPARE(of("mine").size(), std::size_t{1});
        m_gateway.reset();
        write(R"({"version":1,"server":{"port":0,"require_key":false},)"
              R"("routes":{"mine":{"targets":[{"provider":"sandbox","model":"tools"}]}}})");
        start();
        QCOMPARE(of("mine").size(), std::size_t{2});
        QCOMPARE(of("mine").front().source, std::string("file"));
    }

    void theOldestOfManyGo()
    {
        for (std::uint32_t weight = 1; weight <= 104; ++weight) {
            RouteConfig route = echoRoute("mine", "echo");
            route.targets[0].weight = weight;
            apply({route});
        }
        QCOMPARE(of("mine").size(), std::size_t{100});
        const auto oldest = parseRoute(RouteId("mine"), of("mine").back().json);
        QCOMPARE(oldest->targets[0].weight, 5U);
    }

private:
    void start()
    {
        GatewayOptions options;
        options.configPath = m_dir->filePath(QStringLiteral("config.json")).toStdString();
        options.dataDir = m_dir->filePath(QStringLiteral("data")).toStdString();
        options.port = std::uint16_t{0};
        m_gateway = std::make_unique<Gateway>(options);
        QSignalSpy started(m_gateway.get(), &Gateway::started);
        m_gateway->start();
        QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, kPatience);
    }
    void restart()
    {
        m_gateway.reset();
        start();
    }
    void write(const QByteArray& text) const
    {
        QFile file(m_dir->filePath(QStringLiteral("config.json")));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
    }
    void apply(const std::vector<RouteConfig>& routes)
    {
        Config config = *m_gateway->config();
        config.routes = routes;
        const auto problems = resultOf(m_gateway->apply(config));
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().message.c_str());
    }
    [[nodiscard]] std::vector<RouteVersion> of(const char* route) const
    {
        return resultOf(m_gateway->routeVersions(RouteId(route)));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Gateway> m_gateway;
};

QTEST_GUILESS_MAIN(RouteVersionsTest)
#include "route_versions_test.moc"
