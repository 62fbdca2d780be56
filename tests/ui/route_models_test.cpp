// SPDX-License-Identifier: GPL-3.0-or-later
// The models behind a route's versions, its picture and its traffic.
#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

#include "gateway/config_io.h"

#include "models/route_graph.h"
#include "models/route_list_model.h"
#include "models/route_versions_model.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

gateway::TargetConfig target(const char* provider, const char* model, std::uint32_t weight = 1)
{
    gateway::TargetConfig made;
    made.provider = gateway::ProviderId(provider);
    made.model = model;
    made.weight = weight;
    return made;
}

gateway::TargetConfig toRoute(const char* route)
{
    gateway::TargetConfig made;
    made.route = gateway::RouteId(route);
    return made;
}

gateway::RouteConfig route(const char* id, std::vector<gateway::TargetConfig> targets)
{
    gateway::RouteConfig made;
    made.id = gateway::RouteId(id);
    made.targets = std::move(targets);
    return made;
}

QString changeOf(const gateway::RouteConfig& before, const gateway::RouteConfig& after)
{
    return routeChangeText(before.id, gateway::routeText(before), gateway::routeText(after));
}

/// "title<depth>" of all nodes.
QStringList titles(const RouteGraph& graph)
{
    QStringList all;
    for (const RouteNode& node : graph.nodes) {
        all.append(QStringLiteral("%1<%2>").arg(node.title).arg(node.depth));
    }
    return all;
}

} // namespace

class RouteModelsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void aChangeIsToldInALine()
    {
        const gateway::RouteConfig before = route("r", {target("a", "x"), target("b", "y")});
        gateway::RouteConfig after = before;
        after.strategy = "weighted";
        QCOMPARE(changeOf(before, after), QStringLiteral("Strategy In order → Weighted split"));
        after = before;
        std::swap(after.targets[0], after.targets[1]);
        QCOMPARE(changeOf(before, after), QStringLiteral("Targets in another order"));
        after = before;
        after.targets[0].overrideJson = "{\"a\":1}";
        QVERIFY(changeOf(before, after).contains(QLatin1String("changed")));
        after = route("r", {target("b", "y"), target("c", "z"), target("c", "z")});
        after.retry.attempts = 3;
        const QString text = changeOf(before, after);
        QVERIFY2(text.startsWith(QLatin1String("2 target")), qPrintable(text));
        QVERIFY(text.contains(QLatin1String("added")) && text.contains(QLatin1String("removed")));
        QVERIFY(text.endsWith(QLatin1String("retries changed")));
        QCOMPARE(routeChangeText(before.id, gateway::routeText(before), {}), QStringLiteral("Deleted"));
        QVERIFY(
            routeChangeText(before.id, {}, gateway::routeText(before)).startsWith(QLatin1String("Made: ")));
    }

    void aRouteComesBackFromItsText()
    {
        gateway::RouteConfig all = route("r", {target("a", "x", 7), toRoute("other")});
        all.targets[0].whenJson = "{\"hour\": 9}";
        all.strategy = "conditional";
        all.retry.attempts = 0;
        all.fallbacks = {{"timeout", "gone/away"}};
        const auto back = gateway::parseRoute(all.id, gateway::routeText(all));
        QVERIFY(back && gateway::routeText(*back) == gateway::routeText(all));
        QVERIFY(!gateway::parseRoute(all.id, "[]"));
        QVERIFY(!gateway::parseRoute(all.id, "{"));
    }

    void versionsAreATable()
    {
        RouteVersionsModel model;
        const QAbstractItemModelTester tester(&model);
        const gateway::RouteConfig one = route("r", {target("a", "x")});
        gateway::RouteConfig two = one;
        two.strategy = "sticky";
        model.setVersions({{one.id, 3, "file", ""},
                           {one.id, 2, "window", gateway::routeText(two)},
                           {one.id, 1, "file", gateway::routeText(one)}});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, RouteVersionsModel::Change).data().toString(), QStringLiteral("Deleted"));
        QVERIFY(model.index(1, RouteVersionsModel::Change)
                    .data()
                    .toString()
                    .startsWith(QLatin1String("Strategy")));
        QCOMPARE(model.index(1, RouteVersionsModel::Source).data().toString(), QStringLiteral("Window"));
        QVERIFY(model.index(2, RouteVersionsModel::When).data().toString().contains(QStringLiteral(" · ")));
        model.setVersions({});
        QCOMPARE(model.rowCount(), 0);
    }

    void thePictureGoesFromTheNameToTheModels()
    {
        gateway::Config config;
        gateway::RouteConfig top = route("top", {target("a", "x"), toRoute("inner"), toRoute("other")});
        top.targets[0].whenJson = "{\"input_tokens\": {\"$lt\": 4000}}";
        top.fallbacks = {{"context_length", "inner"}, {"timeout", "b/z"}, {"network", "b/z"}};
        config.routes = {top, route("inner", {target("b", "y")}), route("other", {toRoute("inner")})};
        RouteState state;
        state.use.requests = 10;
        state.use.byTarget = {{"a/x", 7}, {"b/y", 3}};
        const RouteGraph graph = routeGraph(config, top, state);
        QCOMPARE(titles(graph),
                 QStringList({QStringLiteral("top<0>"), QStringLiteral("In order<0>"), QStringLiteral("x<1>"),
                              QStringLiteral("inner<1>"), QStringLiteral("y<2>"), QStringLiteral("other<1>"),
                              QStringLiteral("z<1>")}));
        const auto edge = [&](int from, int to, bool fallback) -> const RouteEdge* {
            for (const RouteEdge& each : graph.edges) {
                if (each.from == from && each.to == to && each.fallback == fallback) return &each;
            }
            return nullptr;
        };
        QVERIFY(edge(1, 2, false)->label.startsWith(QLatin1String("input_tokens is below 4000")));
        QCOMPARE(edge(1, 2, false)->share, 0.7);
        QVERIFY(edge(1, 3, false)->share < 0); // Two of the targets lead to that model.
        QVERIFY(edge(5, 3, false) != nullptr); // The shared route is drawn once.
        QCOMPARE(edge(1, 3, true)->label, QStringLiteral("Too long"));
        QCOMPARE(edge(1, 6, true)->label, QStringLiteral("Too slow, Not reached"));
        QVERIFY(graph.nodes[2].description.contains(QLatin1String("70% of the last 24 h")));
        QCOMPARE(graph.nodes[4].target, 1);
    }

    void aCircleInADraftIsDrawnWithoutEnd()
    {
        gateway::Config config;
        const gateway::RouteConfig a = route("a", {toRoute("b")}), b = route("b", {toRoute("a")});
        config.routes = {a, b};
        QCOMPARE(routeGraph(config, a, {}).nodes.size(), std::size_t{3});
        gateway::RouteConfig many = route("many", {});
        for (int i = 0; i < 300; ++i) {
            many.targets.push_back(target("a", "x"));
        }
        const RouteGraph cut = routeGraph(config, many, {});
        QVERIFY(cut.cut && cut.nodes.size() <= 200);
    }

    void healthHasItsShape()
    {
        using State = gateway::ProviderHealth::State;
        const gateway::RouteConfig r =
            route("r", {target("good", "x"), target("bad", "x"), target("half", "x"), target("new", "x")});
        gateway::Config config;
        config.routes = {r};
        RouteState state;
        state.providers = {{gateway::ProviderId("good"), State::Ready, 1, 1, {}},
                           {gateway::ProviderId("bad"), State::NoKey, 0, 1, {}},
                           {gateway::ProviderId("half"), State::Ready, 1, 2, {}}};
        const auto nodes = routeGraph(config, r, state).nodes;
        QVERIFY(nodes[2].standing.mark == TargetMark::Ready);
        QVERIFY(nodes[3].standing.mark == TargetMark::Down);
        QVERIFY(nodes[4].standing.mark == TargetMark::Partly);
        QVERIFY(nodes[5].standing.mark == TargetMark::Unknown);
        QVERIFY(nodes[3].description.contains(QLatin1String("cannot be called")));
    }

    void aCircuitSaysWhatHappenedAndWhenItIsTriedAgain()
    {
        using Circuit = gateway::TargetHealth::Circuit;
        using State = gateway::ProviderHealth::State;
        const gateway::ProviderId a("a");
        gateway::Config config;
        config.providers.emplace_back().id = a;
        config.providers[0].models.emplace_back().name = "m";
        config.providers[0].models[0].alias = "mine";
        const auto at = [](int hour, int minute) {
            return QDateTime(QDate::currentDate(), QTime(hour, minute)).toMSecsSinceEpoch() * 1000;
        };
        RouteState state;
        state.providers = {{a, State::Ready, 1, 1, {}}};
        state.targets = {{a, "m", Circuit::Open, 4, 40, at(9, 30), at(9, 31)}};
        const auto standing = [&] { return targetStanding(config, state, "a", "mine"); };
        QVERIFY(standing().mark == TargetMark::Aside && standing().isNews());
        QVERIFY(standing().text.startsWith(QLatin1String("set aside since 09:30:00: 4 request")));
        QVERIFY(standing().text.contains(QLatin1String("tried again at 09:31:00")));
        QVERIFY(targetStanding(config, state, "a", "other").mark == TargetMark::Ready);
        state.targets[0].failuresInARow = 1;
        QVERIFY(standing().text.contains(QLatin1String("40% of the last requests failed")));
        state.targets[0].circuit = Circuit::HalfOpen;
        QVERIFY(standing().mark == TargetMark::Trying);
        QVERIFY(standing().text.contains(QLatin1String("the next request finds out")));
        state.targets[0].circuit = Circuit::Closed;
        QVERIFY(standing().mark == TargetMark::Ready && !standing().isNews());
        QVERIFY(standing().text.contains(QLatin1String("last 1 request")));
        state.targets[0].circuit = Circuit::Open;
        state.providers[0].state = State::KeyRefused;
        state.providers[0].problem = "The provider refused the key.";
        QVERIFY(standing().mark == TargetMark::Down); // That is what has to be mended first.
        QVERIFY(standing().text.contains(QLatin1String("refused the key")));
        const gateway::RouteConfig r = route("r", {target("a", "mine")});
        state.providers[0].state = State::Ready;
        const auto nodes = routeGraph(config, r, state).nodes;
        QVERIFY(nodes[2].standing.mark == TargetMark::Aside);
        QVERIFY(nodes[2].description.contains(QLatin1String("set aside since")));
    }

    void theTrafficIsReadOnlyWhileSomebodyLooks()
    {
        FakeLink link;
        link.makeUpData(40);
        link.usageQueries.clear();
        RouteTraffic traffic(link);
        RouteListModel list(link);
        const QAbstractItemModelTester tester(&list);
        QSignalSpy changed(&traffic, &RouteTraffic::changed);
        traffic.setRoute(gateway::RouteId("smart"));
        link.logOneMore();
        QCoreApplication::processEvents();
        QVERIFY(link.usageQueries.empty());
        traffic.setActive(true);
        QTRY_COMPARE(traffic.use().requests, 10U);
        QCOMPARE(link.usageQueries.front().route, std::string("smart"));
        QCOMPARE(traffic.use().byTarget.at("anthropic/claude-sonnet-4-5"), 10U);
        const auto reads = link.usageQueries.size();
        link.logOneMore(); // Not at once: it waits for more.
        link.logOneMore();
        QCoreApplication::processEvents();
        QCOMPARE(link.usageQueries.size(), reads);
        QVERIFY(!changed.isEmpty());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::RouteModelsTest)
#include "route_models_test.moc"
