// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <string>
#include <vector>

#include <QTest>

#include "gateway/config_io.h"

#include "pipeline/data_rules.h"
#include "pipeline/plan_limits.h"
#include "pipeline/runtime.h"

using namespace gateway;
using namespace gateway::pipeline;
using routing::Setback;
using Names = std::vector<std::string>;

namespace {

const char* const kConfig = R"({"providers": {
    "careful": {"kind": "openai", "data_policy": {"trains_on_data": false, "retention_days": 30}},
    "forgetful": {"kind": "openai", "data_policy": {"retention_days": 0}},
    "silent": {"kind": "openai"},
    "home": {"kind": "openai-compatible", "base_url": "http://127.0.0.1:1", "local": true}}})";

std::unique_ptr<Runtime> runtimeOf()
{
    const auto models = std::make_shared<const catalog::Catalog>();
    const auto config = std::make_shared<const Config>(parseConfig(kConfig).config);
    return std::make_unique<Runtime>(config, 0, models, catalog::Presets());
}

std::vector<routing::Target> targets(const Names& providers)
{
    std::vector<routing::Target> made;
    for (const std::string& provider : providers) {
        made.emplace_back().provider = ProviderId(provider);
        made.back().model = "m";
    }
    return made;
}

Names left(const std::vector<routing::Target>& targets)
{
    Names names;
    for (const routing::Target& target : targets)
        names.push_back(target.provider.text);
    return names;
}

const Names kAll{"careful", "forgetful", "silent", "home", "sandbox", "unknown"};

} // namespace

class PlanLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void withoutAWishAllStay()
    {
        const auto runtime = runtimeOf();
        auto all = targets(kAll);
        QVERIFY(!keepMeeting(all, *runtime, {}, false));
        QCOMPARE(left(all), kAll);
        QVERIFY(!limitToAble(all, {}));
        QCOMPARE(left(all), kAll);
    }

    void aWishTakesAwayWhatDoesNotSayIt()
    {
        const auto runtime = runtimeOf();
        const auto after = [&runtime](const DataRules& wish) {
            auto all = targets(kAll);
            return keepMeeting(all, *runtime, wish, false) ? Names() : left(all);
        };
        QCOMPARE(after({false, true, false, {}}), (Names{"careful", "home", "sandbox"}));
        QCOMPARE(after({false, false, true, {}}), (Names{"forgetful", "home", "sandbox"}));
        QCOMPARE(after({true, false, false, {}}), (Names{"home", "sandbox"}));
    }

    void whereNothingIsLeftItIsRefused()
    {
        const auto runtime = runtimeOf();
        auto silent = targets({"silent"});
        const auto refused = keepMeeting(silent, *runtime, {false, true, false, {}}, false);
        QVERIFY(refused && refused->code == Code::DataPolicy);
    }

    void whoLacksAnAbilityIsTakenAwayOnlyWhenAsked()
    {
        auto all = targets({"careful", "silent"});
        all[0].setback = Setback::Tools;
        all[1].setback = Setback::Circuit; // It is able, only not now.
        routing::Preferences preferences;
        preferences.requireAbilities = true;
        QVERIFY(!limitToAble(all, preferences));
        QCOMPARE(left(all), Names{"silent"});
        all[0].setback = Setback::Schema;
        const auto refused = limitToAble(all, preferences);
        QVERIFY(refused && refused->code == Code::ModelNotFound);
        QCOMPARE(refused->param, std::string("provider.require_parameters"));
    }
};

QTEST_GUILESS_MAIN(PlanLimitsTest)
#include "plan_limits_test.moc"
