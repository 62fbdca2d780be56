// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "pipeline/data_rules.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

DataRules within(std::vector<std::string> regions)
{
    DataRules rules;
    rules.regions = std::move(regions);
    return rules;
}

ProviderConfig at(const char* region)
{
    ProviderConfig provider;
    provider.kind = "openai";
    provider.dataPolicy = DataPolicy{false, 0, region};
    return provider;
}

bool holds(const ProviderConfig& provider, const DataRules& rules)
{
    return meets(provider, *provider::findKind(provider.kind), rules);
}

} // namespace

class DataRulesTest : public QObject {
    Q_OBJECT

private slots:
    void believesNoProviderThatSaysNothing()
    {
        ProviderConfig provider;
        provider.kind = "openai";
        QVERIFY(holds(provider, {}));
        const DataRules all{true, true, true, {"eu", "ch"}};
        const std::vector<std::string> names{"local", "no-training", "zero-retention", "region=eu|ch"};
        QVERIFY(unmet(provider, *provider::findKind("openai"), all, false) == names);
        provider.dataPolicy = DataPolicy{};
        QVERIFY(unmet(provider, *provider::findKind("openai"), all, false) == names);
        provider.dataPolicy = DataPolicy{true, 30, "us"};
        QVERIFY(unmet(provider, *provider::findKind("openai"), all, false) == names);
    }

    void takesWhatIsStated()
    {
        QVERIFY(holds(at("eu"), DataRules{false, true, true, {"eu"}}));
        QVERIFY(!holds(at("eu"), DataRules{true, false, false, {}}));
    }

    void knowsWhereARegionIs_data()
    {
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<QByteArray>("region");
        QTest::addColumn<bool>("inside");
        const auto row = [](const char* place, const char* region, bool inside) {
            QTest::addRow("%s in %s", place, region) << QByteArray(place) << QByteArray(region) << inside;
        };
        row("eu", "eu", true);
        row("EU", "eu", true);
        row("eu-west-1", "EU", true);
        row("eu-west-1", "eu-west-1", true);
        row("eu", "eu-west-1", false);
        row("europe-west1", "eu", false);
        row("us", "eu", false);
        row("", "eu", false);
    }

    void knowsWhereARegionIs()
    {
        QFETCH(QByteArray, place);
        QFETCH(QByteArray, region);
        QFETCH(bool, inside);
        QCOMPARE(holds(at(place.constData()), within({region.toStdString()})), inside);
        QCOMPARE(holds(at(place.constData()), within({"nowhere", region.toStdString()})), inside);
    }

    void trustsWhatRunsHere()
    {
        ProviderConfig local;
        local.kind = "ollama";
        local.local = true;
        QVERIFY(holds(local, DataRules{true, true, true, {}}));
        QVERIFY(!holds(local, within({"eu"}))); // where that is, only its policy tells
        local.dataPolicy = DataPolicy{std::nullopt, std::nullopt, "eu"};
        QVERIFY(holds(local, within({"eu"})));
        ProviderConfig sandbox;
        sandbox.kind = "sandbox";
        QVERIFY(holds(sandbox, DataRules{true, true, true, {"eu"}}));
    }
};

QTEST_APPLESS_MAIN(DataRulesTest)
#include "data_rules_test.moc"
