// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "models/route_templates.h"
#include "ui/support/fake_models.h"

namespace ui {
namespace {

const gateway::RouteId kName("mine");

gateway::Config withProviders(const std::vector<const char*>& ids)
{
    gateway::Config config;
    for (const char* id : ids) {
        gateway::ProviderConfig& provider = config.providers.emplace_back();
        provider.id = gateway::ProviderId(id);
        provider.kind = "openai-compatible";
        provider.baseUrl = "http://127.0.0.1:8000/v1";
        provider.local = provider.id.text == "lab";
    }
    return config;
}

gateway::RouteConfig made(const char* id)
{
    return fromTemplate(QLatin1String(id), kName, withProviders({"openai", "anthropic", "groq", "lab"}),
                        madeUpModels())
        .route;
}

} // namespace

class RouteTemplatesTest : public QObject {
    Q_OBJECT

private slots:
    void theGalleryHasWhatIsOftenWanted()
    {
        QStringList names;
        for (const RouteTemplate& each : routeTemplates()) {
            names.append(each.id);
        }
        for (const char* id : {"failover", "by-size", "claude", "local-first", "long-context", "vision",
                               "split", "office-hours", "offline", "sensitive-local"}) {
            QVERIFY2(names.contains(QLatin1String(id)), id);
        }
    }

    void everyTemplateIsValidWithEnoughProviders()
    {
        const gateway::Config config = withProviders({"openai", "anthropic", "groq", "lab"});
        QCOMPARE(routeTemplates().size(), 10U);
        for (const RouteTemplate& each : routeTemplates()) {
            const NewRoute route = fromTemplate(each.id, kName, config, madeUpModels());
            const auto problems =
                routeProblems(withAliases(withRoute(config, route.route), route.aliases), route.route);
            QVERIFY2(problems.empty(), qPrintable(each.id + (problems.empty() ? "" : problems[0].message)));
            QVERIFY(route.route.targets.size() >= 2);
            QVERIFY(!each.name.isEmpty() && !each.sentence.isEmpty());
        }
    }

    void withoutProvidersTargetsAreLeftToBeChosen()
    {
        for (const RouteTemplate& each : routeTemplates()) {
            const NewRoute route = fromTemplate(each.id, kName, {}, {});
            const auto problems = routeProblems({}, route.route);
            QVERIFY(!problems.empty());
            for (const RouteProblem& problem : problems) {
                QVERIFY2(problem.field.startsWith(QLatin1String("targets[")), qPrintable(problem.field));
            }
        }
    }

    void anEmptyRouteHasOneTargetToChoose()
    {
        const NewRoute route = fromTemplate({}, kName, withProviders({"openai"}), madeUpModels());
        QCOMPARE(route.route.id, kName);
        QCOMPARE(route.route.targets.size(), 1U);
        QVERIFY(route.route.targets[0] == gateway::TargetConfig());
    }

    void targetsAreWhatTheTemplatePromises()
    {
        QCOMPARE(made("failover").targets[0].provider.text, std::string("openai"));
        QCOMPARE(made("failover").targets[1].provider.text, std::string("anthropic"));
        QCOMPARE(made("by-size").targets[0].model, std::string("gpt-4.1-mini"));
        QCOMPARE(made("local-first").targets[0].provider.text, std::string("lab"));
        QCOMPARE(made("long-context").targets[0].whenJson,
                 std::string("{\"input_tokens\": {\"$gt\": 100000}}"));
        QCOMPARE(made("vision").targets[0].whenJson, std::string("{\"images\": true}"));
        QCOMPARE(made("split").strategy, std::string("weighted"));
        QCOMPARE(made("split").targets[0].weight, 90U);
        QCOMPARE(made("split").targets[1].weight, 10U);
    }

    void claudesNamesLeadToTheRoute()
    {
        const NewRoute route = fromTemplate(QStringLiteral("claude"), kName,
                                            withProviders({"openai", "anthropic", "groq"}), madeUpModels());
        QCOMPARE(route.aliases.size(), 3U);
        QCOMPARE(route.aliases[0].second, kName.text);
        QCOMPARE(route.route.targets[0].provider.text, std::string("openai"));
        QCOMPARE(route.route.targets[1].provider.text, std::string("groq"));
        QCOMPARE(route.route.targets[2].provider.text, std::string("anthropic"));
        QVERIFY(route.route.targets[2].whenJson.empty());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::RouteTemplatesTest)
#include "route_templates_test.moc"
