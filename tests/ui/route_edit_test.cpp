// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/config_io.h"

#include "models/route_edit.h"
#include "models/route_text.h"
#include "ui/support/fake_models.h"

namespace ui {
namespace {

gateway::Config madeUpConfig()
{
    gateway::Config config;
    for (const char* id : {"openai", "anthropic", "groq", "lab"}) {
        gateway::ProviderConfig& provider = config.providers.emplace_back();
        provider.id = gateway::ProviderId(id);
        provider.kind = "openai-compatible";
        provider.baseUrl = "http://127.0.0.1:8000/v1";
    }
    config.routes = madeUpRoutes();
    config.aliases = {{"fast", "local"}, {"other", "lab/qwen3"}};
    gateway::VirtualKeyConfig& key = config.keys.emplace_back();
    key.id = gateway::VirtualKeyId("k");
    key.sha256 = std::string(64, 'a');
    key.models = {"local", "gpt-*"};
    return config;
}

QString messageAt(const std::vector<RouteProblem>& problems, const char* field)
{
    for (const RouteProblem& problem : problems) {
        if (problem.field == QLatin1String(field)) return problem.message;
    }
    return {};
}

gateway::ProviderHealth health(const char* id, gateway::ProviderHealth::State state)
{
    gateway::ProviderHealth made;
    made.id = gateway::ProviderId(id);
    made.state = state;
    return made;
}

} // namespace

class RouteEditTest : public QObject {
    Q_OBJECT

private slots:
    void aRouteSurvivesTheFile()
    {
        gateway::Config config = madeUpConfig();
        gateway::RouteConfig& route = config.routes[1];
        route.stickyBy = "metadata.user";
        route.retry = {3, std::vector<int>{429, 503}, gateway::milliseconds(100), gateway::milliseconds(900),
                       false};
        route.timeout = {gateway::milliseconds(1), gateway::milliseconds(2), gateway::milliseconds(3),
                         gateway::milliseconds(4)};
        route.circuit = {5, 50, 12, 3, gateway::milliseconds(30'000)};
        route.unsupported = gateway::Unsupported::Error;
        route.targets[0].weight = 7;
        route.targets[0].limits = {60, 100'000};
        const auto read = gateway::parseConfig(gateway::updateConfigText("{}", config));
        QVERIFY(read.usable());
        const gateway::RouteConfig* again = read.config.findRoute(route.id.text);
        QVERIFY(again != nullptr);
        QVERIFY(withRoute(config, *again).routes == config.routes);
    }

    void aNewRouteComesLastAndBackInItsPlace()
    {
        const gateway::Config config = madeUpConfig();
        gateway::RouteConfig route;
        route.id = gateway::RouteId("new");
        QCOMPARE(withRoute(config, route).routes.back().id, route.id);
        const gateway::Config without = withoutRoute(config, config.routes[0].id);
        QCOMPARE(without.routes.size(), config.routes.size() - 1);
        QVERIFY(withRoute(without, config.routes[0], 0) == config);
    }

    void aRenamedRouteIsStillFoundByAllThatLeadThere()
    {
        gateway::Config before = madeUpConfig();
        gateway::BudgetConfig& budget = before.budgets.emplace_back();
        budget.id = gateway::BudgetId("all");
        budget.usd = "5";
        budget.per = gateway::BudgetPeriod::Day;
        budget.scope.route = "local";
        budget.atLimit = gateway::AtLimit::Reroute;
        budget.route = gateway::RouteId("local");
        const gateway::Config next =
            withRenamedRoute(before, gateway::RouteId("local"), gateway::RouteId("home"));
        QVERIFY(next.findRoute("local") == nullptr && next.findRoute("home") != nullptr);
        QCOMPARE(next.routes[0].targets[2].route.text, std::string("home"));
        QCOMPARE(next.aliases[0].second, std::string("home"));
        QCOMPARE(next.aliases[1].second, std::string("lab/qwen3"));
        QCOMPARE(next.keys[0].models[0], std::string("home"));
        QCOMPARE(next.budgets[0].route.text, std::string("home"));
        QCOMPARE(next.budgets[0].scope.route, std::string("home"));
        QVERIFY(gateway::validate(next).empty());
    }

    void presetsGuardrailsAndKeysFollowARenamedRoute()
    {
        gateway::Config before = madeUpConfig();
        before.keys[0].routes = {"local", "smart"};
        gateway::PresetConfig& preset = before.presets.emplace_back();
        preset.id = gateway::PresetId("coach");
        preset.model = "local";
        gateway::GuardrailConfig& rule = before.guardrails.emplace_back();
        rule.id = gateway::GuardrailId("personal");
        rule.check = "pii";
        rule.action = "reroute";
        rule.route = gateway::RouteId("local");
        rule.scope = gateway::GuardrailScope{{"smart", "local"}, {}, {}, {}};
        const gateway::Config next =
            withRenamedRoute(before, gateway::RouteId("local"), gateway::RouteId("home"));
        QCOMPARE(next.keys[0].routes, (std::vector<std::string>{"home", "smart"}));
        QCOMPARE(next.presets[0].model, std::string("home"));
        QCOMPARE(next.guardrails[0].route.text, std::string("home"));
        QCOMPARE(next.guardrails[0].scope->routes, (std::vector<std::string>{"smart", "home"}));
        QVERIFY(gateway::validate(next).empty());
    }

    void problemsStandBesideTheirFields()
    {
        gateway::RouteConfig draft = madeUpRoutes()[0];
        QVERIFY(routeProblems(madeUpConfig(), draft).empty());
        draft.targets[0].model.clear();
        draft.targets[1].overrideJson = "{";
        draft.targets[2].whenJson = "{\"hour\": {\"$above\": 1}}";
        draft.retry.onStatus = std::vector<int>{0};
        draft.stickyBy = "nothing";
        const auto problems = routeProblems(madeUpConfig(), draft);
        for (const char* field : {"targets[0].model", "targets[1].override", "targets[2].when.hour.$above",
                                  "retry.on_status[0]", "sticky_by"}) {
            QVERIFY2(!messageAt(problems, field).isEmpty(), field);
        }
        QCOMPARE(problems.size(), 5U);
    }

    void aNameWithADotHasItsFieldsToo()
    {
        gateway::RouteConfig draft;
        draft.id = gateway::RouteId("a.b-c");
        QVERIFY(!messageAt(routeProblems(madeUpConfig(), draft), "targets").isEmpty());
    }

    void aCircleThatClosesElsewhereKeepsItsPath()
    {
        gateway::Config config = madeUpConfig();
        gateway::RouteConfig draft = config.routes[2];
        draft.targets.emplace_back().route = gateway::RouteId("smart");
        const auto problems = routeProblems(config, draft);
        QCOMPARE(problems.size(), 1U);
        QVERIFY(problems[0].message.contains(QLatin1String("circle")));
    }

    void namesAreFreeAndValid()
    {
        const gateway::Config config = madeUpConfig();
        QCOMPARE(freeRouteName(config, QStringLiteral("smart")), QStringLiteral("smart-2"));
        QCOMPARE(freeRouteName(config, QStringLiteral("smart"), {"smart-2"}), QStringLiteral("smart-3"));
        QCOMPARE(freeRouteName(config, QStringLiteral("sandbox")), QStringLiteral("sandbox-2"));
        QCOMPARE(freeRouteName(config, QString()), QStringLiteral("route"));
        for (const char* bad : {"", "two words", "x-mine", "sandbox", "smart"}) {
            QVERIFY2(!routeNameProblem(config, QLatin1String(bad)).isEmpty(), bad);
        }
        QCOMPARE(routeNameProblem(config, QStringLiteral("good.name")), QString());
    }

    void aliasesThatAreThereStay()
    {
        const gateway::Config next = withAliases(madeUpConfig(), {{"fast", "smart"}, {"new", "smart"}});
        QCOMPARE(next.aliases.size(), 3U);
        QCOMPARE(next.aliases[0].second, std::string("local"));
    }

    void healthIsThatOfAllTargetsBehindIt()
    {
        using State = gateway::ProviderHealth::State;
        const gateway::Config config = madeUpConfig();
        const gateway::RouteConfig& smart = config.routes[0]; // anthropic, openai, and lab behind a route
        const auto healthOf = [&config](const gateway::RouteConfig& route, const RouteState& state) {
            return routeHealth(config, route, state);
        };
        QCOMPARE(routeMark(healthOf(smart, {})), TargetMark::Unknown);
        QCOMPARE(routeHealthText(healthOf(smart, {})), QStringLiteral("Not tried yet"));
        RouteState state{{health("lab", State::Failing), health("openai", State::Ready)}};
        QCOMPARE(healthOf(smart, state), (RouteHealth{1, 1, 1}));
        QCOMPARE(routeMark(healthOf(smart, state)), TargetMark::Partly);
        QCOMPARE(routeHealthText(healthOf(smart, state)), QStringLiteral("1 of 3 targets set aside"));
        QCOMPARE(routeMark(healthOf(config.routes[2], state)), TargetMark::Down);
        QCOMPARE(routeHealthText(healthOf(config.routes[2], state)), QStringLiteral("All targets set aside"));
        state.providers = {health("lab", State::Ready), health("openai", State::Ready)};
        QCOMPARE(routeMark(healthOf(config.routes[2], state)), TargetMark::Ready);
        QCOMPARE(routeMark(healthOf(smart, state)), TargetMark::Ready);
        // A provider that answers, but not with this model.
        gateway::TargetHealth open;
        open.provider = gateway::ProviderId("openai");
        open.model = "gpt-4.1";
        open.circuit = gateway::TargetHealth::Circuit::Open;
        state.targets = {open};
        QCOMPARE(routeMark(healthOf(smart, state)), TargetMark::Partly);
        QCOMPARE(routeMark(healthOf(config.routes[2], state)), TargetMark::Ready);
    }

    void everyStrategyHasItsWords()
    {
        const auto texts = strategyTexts();
        QCOMPARE(texts.size(), gateway::strategyNames().size());
        for (const StrategyText& text : texts) {
            QVERIFY2(!text.sentence.isEmpty(), text.id.c_str());
            QVERIFY(text.name != QString::fromStdString(text.id));
        }
        QCOMPARE(strategyText("later").name, QStringLiteral("later"));
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::RouteEditTest)
#include "route_edit_test.moc"
