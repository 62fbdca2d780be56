// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>

#include <QTest>

#include "gateway/config_io.h"

using gateway::Config;
using gateway::parseConfig;
using gateway::ProviderConfig;
using gateway::updateConfigText;

namespace {

using Random = std::mt19937;

bool coin(Random& random)
{
    return random() % 2 == 0;
}

std::string word(Random& random)
{
    static const char* const kWords[] = {"alpha", "beta", "gamma", "delta", "omega", "sigma"};
    return kWords[random() % 6] + std::to_string(random() % 4);
}

template <class Row>
void addNamed(std::vector<Row>& rows, Row row)
{
    for (const Row& other : rows) {
        if (other.id == row.id) return;
    }
    rows.push_back(std::move(row));
}

gateway::RouteTest someTest(Random& random, const std::string& name)
{
    gateway::RouteTest test{name + " " + word(random), R"({"model":"r","messages":[]})", {}, {}, {}, {}};
    test.expect.target = "sandbox/" + word(random);
    if (coin(random)) test.expect.never = {"sandbox", "sand*"};
    if (coin(random)) test.expect.maxCost = "0.050";
    if (coin(random)) test.down = {"sandbox"};
    if (coin(random)) test.slow = {"sandbox"};
    return test;
}

ProviderConfig someProvider(Random& random)
{
    ProviderConfig provider;
    provider.id = gateway::ProviderId(word(random));
    provider.kind = coin(random) ? "openai" : "openai-compatible";
    provider.baseUrl = "http://127.0.0.1:" + std::to_string(1 + random() % 9000);
    provider.local = coin(random);
    for (unsigned i = 0; i < random() % 3; ++i)
        provider.keys.push_back({gateway::ProviderKeyId("k" + std::to_string(i)),
                                 {gateway::SecretKind::Environment, "V" + std::to_string(random() % 9)},
                                 1U + static_cast<unsigned>(random() % 5)});
    if (coin(random)) {
        gateway::ModelConfig model;
        model.name = "x-ai/é\"\\" + word(random);
        if (coin(random)) model.price = gateway::PriceOverride{"2.50", std::nullopt, "0", "1e-7"};
        if (coin(random)) model.context = 1 + random() % 1000;
        model.hidden = coin(random);
        provider.models.push_back(model);
    }
    if (coin(random)) provider.headers = {{"x-team", word(random)}, {"x-b", "tab\tin"}};
    if (coin(random)) provider.dataPolicy = gateway::DataPolicy{coin(random), std::nullopt, word(random)};
    if (coin(random)) provider.keyOrder = gateway::KeyOrder::Listed;
    if (coin(random)) provider.retry.onStatus = std::vector<int>{500, 529};
    if (coin(random)) provider.timeout.idle = gateway::milliseconds(1 + random() % 1000);
    return provider;
}

gateway::RouteConfig someRoute(Random& random, const Config& config)
{
    gateway::RouteConfig route;
    route.id = gateway::RouteId("r" + word(random));
    for (unsigned i = 0; i <= random() % 3; ++i) {
        gateway::TargetConfig target;
        target.provider = config.providers.empty() ? gateway::ProviderId("sandbox")
                                                   : config.providers[random() % config.providers.size()].id;
        target.model = word(random);
        if (coin(random))
            target.overrideJson = R"({"temperature":0.20,"stop":["a",{"b":12345678901234567890123}]})";
        route.targets.push_back(target);
    }
    if (coin(random)) route.retry.attempts = random() % 5;
    if (coin(random)) route.unsupported = gateway::Unsupported::Error;
    return route;
}

Config someConfig(Random& random)
{
    Config config;
    if (coin(random)) config.server.port = static_cast<std::uint16_t>(random() % 60000);
    if (coin(random)) config.server.logBodies = gateway::LogBodies::Off;
    if (coin(random)) config.server.allowedOrigins = {"http://localhost:3000"};
    if (coin(random)) config.server.adminKey = {gateway::SecretKind::File, "/run/ü"};
    if (coin(random)) config.server.limits.connections = 5;
    if (coin(random)) config.network.proxy = "none";
    for (unsigned i = 0; i < random() % 4; ++i)
        addNamed(config.providers, someProvider(random));
    for (unsigned i = 0; i < random() % 4; ++i)
        addNamed(config.routes, someRoute(random, config));
    for (unsigned i = 0; i < random() % 3; ++i) {
        gateway::VirtualKeyConfig key;
        key.id = gateway::VirtualKeyId(word(random));
        key.sha256 = std::string(62, 'a') + std::to_string(10 + i);
        key.paused = coin(random);
        if (coin(random)) key.expires = "2026-12-31";
        if (coin(random)) key.models = {"gpt-*"};
        if (coin(random)) key.budget = {{"2.50", gateway::BudgetPeriod::Week}};
        if (coin(random)) key.limits.rpm = 1 + random() % 100;
        addNamed(config.keys, key);
    }
    for (unsigned i = 0; i < random() % 3; ++i) {
        gateway::BudgetConfig budget;
        budget.id = gateway::BudgetId(word(random));
        budget.usd = std::to_string(random() % 50);
        budget.per = gateway::BudgetPeriod::Month;
        if (coin(random)) budget.scope.tag = "team-*";
        if (coin(random)) budget.warnAt = {10, 90};
        if (coin(random)) budget.atLimit = gateway::AtLimit::Warn;
        addNamed(config.budgets, budget);
    }
    if (coin(random)) config.aliases = {{"z-" + word(random), "sandbox/echo"}, {"x-*", "sandbox/slow"}};
    for (gateway::RouteConfig& route : config.routes) {
        for (unsigned i = 0; i < random() % 3; ++i)
            route.tests.push_back(someTest(random, std::to_string(i)));
    }
    return config;
}

} // namespace

class ConfigUpdateTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsReadBack()
    {
        Random random(20'261'122);
        std::string text;
        for (int i = 0; i < 2000; ++i) {
            const Config config = someConfig(random);
            text = updateConfigText(random() % 8 == 0 ? "" : text, config);
            const auto parsed = parseConfig(text);
            QVERIFY2(parsed.usable(), text.c_str());
            QVERIFY2(parsed.config == config, text.c_str());
            QCOMPARE(updateConfigText(text, config), text);
        }
    }

    void keepsOrderAndTheOwnersKeys()
    {
        const std::string before = R"({
  "x-note": "mine",
  "keys": {},
  "providers": {
    "x-later": {"a": 1.50},
    "b": {"x-why": [1, 2], "local": true, "kind": "openai", "keys": [{"x-from": "me", "secret": "env:B", "id": "k"}]},
    "a": {"kind": "openai", "local": true}
  },
  "server": {"x-s": null, "port": 5000}
})";
        Config config = parseConfig(before).config;
        config.server.port = 5001;
        config.providers[0].keys[0].weight = 3;
        config.providers[0].keys.insert(
            config.providers[0].keys.begin(),
            {gateway::ProviderKeyId("first"), {gateway::SecretKind::Environment, "F"}, 1});
        const std::string after = updateConfigText(before, config);
        QCOMPARE(after, std::string(R"({
  "x-note": "mine",
  "keys": {},
  "providers": {
    "x-later": {
      "a": 1.50
    },
    "b": {
      "x-why": [1, 2],
      "local": true,
      "kind": "openai",
      "keys": [
        {
          "id": "first",
          "secret": "env:F"
        },
        {
          "x-from": "me",
          "secret": "env:B",
          "id": "k",
          "weight": 3
        }
      ]
    },
    "a": {
      "kind": "openai",
      "local": true
    }
  },
  "server": {
    "x-s": null,
    "port": 5001
  }
}
)"));
    }

    void anUnchangedFileIsLeftAsItIs()
    {
        const std::string text = "{ \"server\":{\"port\":5000} }";
        QCOMPARE(updateConfigText(text, parseConfig(text).config), text);
    }

    void aNewFileHoldsOnlyWhatDiffers()
    {
        Config config;
        config.server.port = 5000;
        QCOMPARE(updateConfigText("", config),
                 std::string("{\n  \"version\": 1,\n  \"server\": {\n    \"port\": 5000\n  }\n}\n"));
        QCOMPARE(updateConfigText("", Config()), std::string("{\n  \"version\": 1\n}\n"));
    }

    void removesWhatIsGone()
    {
        const std::string before =
            R"({"providers": {"a": {"kind": "sandbox"}, "b": {"kind": "sandbox", "proxy": "none"}}})";
        Config config = parseConfig(before).config;
        config.providers.erase(config.providers.begin());
        config.providers[0].proxy.clear();
        const auto after = parseConfig(updateConfigText(before, config));
        QVERIFY(after.usable());
        QVERIFY(after.config == config);
        QVERIFY(updateConfigText(before, config).find("proxy") == std::string::npos);
    }

    void takesANewOrder()
    {
        const std::string before = R"({"aliases": {"a": "sandbox/echo", "b": "sandbox/slow"},
            "providers": {"p": {"kind": "sandbox", "x-p": 1}, "x-between": 0, "q": {"kind": "sandbox", "x-q": 2}}})";
        Config config = parseConfig(before).config;
        std::swap(config.aliases[0], config.aliases[1]);
        std::swap(config.providers[0], config.providers[1]);
        const std::string after = updateConfigText(before, config);
        QVERIFY(parseConfig(after).config == config);
        QVERIFY(after.find("\"x-q\": 2") < after.find("x-between"));
        QVERIFY(after.find("\"x-p\": 1") > after.find("x-between"));
    }
};

QTEST_GUILESS_MAIN(ConfigUpdateTest)
#include "config_update_test.moc"
