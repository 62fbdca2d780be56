// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "access/virtual_keys.h"
#include "base/iso_time.h"

using gateway::Code;
using gateway::Config;
using gateway::VirtualKeyConfig;
using gateway::VirtualKeyId;
using gateway::access::VirtualKeys;

class VirtualKeysTest : public QObject {
    Q_OBJECT

private:
    static VirtualKeyConfig row(const char* name, std::string_view key)
    {
        VirtualKeyConfig config;
        config.id = VirtualKeyId(name);
        config.sha256 = gateway::hexText(gateway::sha256(key));
        return config;
    }
    static std::int64_t at(const char* time) { return gateway::parseIsoTime(time)->micros; }

private slots:
    void findsAKeyAmongMany()
    {
        Config config;
        for (int i = 0; i < 500; ++i)
            config.keys.push_back(row(("k" + std::to_string(i)).c_str(), "tp-key-" + std::to_string(i)));
        const VirtualKeys keys(config);
        for (int i = 0; i < 500; ++i) {
            const auto admitted = keys.admit("tp-key-" + std::to_string(i), 0);
            QVERIFY(admitted.ok());
            QCOMPARE((*admitted)->id.text, "k" + std::to_string(i));
        }
    }

    void refusesWhatIsNotExactlyAKey()
    {
        Config config;
        config.keys = {row("a", "tp-abcdefghijklmnopqrstuvwxyz")};
        const VirtualKeys keys(config);
        for (const char* wrong :
             {"", "tp-abcdefghijklmnopqrst", "tp-abcdefghijklmnopqrstuvwxyzz",
              "TP-abcdefghijklmnopqrstuvwxyz", " tp-abcdefghijklmnopqrstuvwxyz", "' OR 1=1 --"}) {
            const auto admitted = keys.admit(wrong, 0);
            QVERIFY(!admitted.ok());
            QCOMPARE(admitted.error().code, Code::InvalidApiKey);
        }
        QVERIFY(!keys.admit(std::string(100'000, 'x'), 0).ok());
        QVERIFY(!keys.admit(config.keys[0].sha256, 0).ok());
        QVERIFY(!VirtualKeys(Config()).admit("tp-x", 0).ok());
    }

    void aDateIsGoodUntilItsDayEnds()
    {
        Config config;
        config.keys = {row("day", "one"), row("moment", "two")};
        config.keys[0].expires = "2026-12-31";
        config.keys[1].expires = "2026-12-31T18:00:00+01:00";
        const VirtualKeys keys(config);
        QVERIFY(keys.admit("one", at("2026-12-31T23:59:59Z")).ok());
        QVERIFY(!keys.admit("one", at("2027-01-01T00:00:00Z")).ok());
        QVERIFY(keys.admit("two", at("2026-12-31T16:59:59Z")).ok());
        QVERIFY(!keys.admit("two", at("2026-12-31T17:00:00Z")).ok());
        QVERIFY(keys.find("one") != nullptr);
    }

    void anUnreadableExpiryIsOver()
    {
        Config config;
        config.keys = {row("a", "one")};
        config.keys[0].expires = "soon";
        QVERIFY(!VirtualKeys(config).admit("one", 1).ok());
    }

    void refusesAPausedKey()
    {
        Config config;
        config.keys = {row("a", "one")};
        config.keys[0].paused = true;
        const auto admitted = VirtualKeys(config).admit("one", 0);
        QVERIFY(!admitted.ok());
        QVERIFY(admitted.error().message.find("paused") != std::string::npos);
    }

    void holdsAKeyToItsModelsAndDialects()
    {
        Config config;
        config.keys = {row("a", "one"), row("b", "two")};
        config.keys[0].models = {"gpt-4.1*", "smart"};
        config.keys[0].dialects = {"openai"};
        const VirtualKeys keys(config);
        const auto& narrow = **keys.admit("one", 0);
        QVERIFY(narrow.allows("gpt-4.1-mini", ""));
        QVERIFY(narrow.allows("smart", "smart"));
        QVERIFY(!narrow.allows("gpt-4o", ""));
        QVERIFY(narrow.allowsDialect("openai"));
        QVERIFY(!narrow.allowsDialect("anthropic"));
        QVERIFY((*keys.admit("two", 0))->allows("anything", ""));
        QVERIFY((*keys.admit("two", 0))->allowsDialect("anthropic"));
    }

    void holdsAKeyToItsRoutes()
    {
        Config config;
        config.keys = {row("a", "one"), row("b", "two")};
        config.keys[0].routes = {"team-*"};
        config.keys[1].routes = {"team-*"};
        config.keys[1].models = {"gpt-4o"};
        const VirtualKeys keys(config);
        const auto& routesOnly = **keys.admit("one", 0);
        QVERIFY(routesOnly.allows("team-a", "team-a"));
        QVERIFY(routesOnly.allows("fast", "team-a")); // an alias of it
        QVERIFY(!routesOnly.allows("other", "other"));
        QVERIFY(!routesOnly.allows("gpt-4o", ""));
        const auto& both = **keys.admit("two", 0);
        QVERIFY(both.allows("team-a", "team-a"));
        QVERIFY(both.allows("gpt-4o", ""));
        QVERIFY(!both.allows("gpt-4o", "gpt-4o")); // a route of a model's name
        QVERIFY(!both.allows("o3", ""));
    }

    void takesTheFormerKeyForAWhileYet()
    {
        Config config;
        config.keys = {row("a", "new")};
        config.keys[0].former =
            gateway::FormerKey{gateway::hexText(gateway::sha256("old")), "2026-12-31T18:00:00Z"};
        const VirtualKeys keys(config);
        QVERIFY(keys.admit("new", at("2027-06-01T00:00:00Z")).ok());
        QCOMPARE((*keys.admit("old", at("2026-12-31T17:59:59Z")))->id.text, std::string("a"));
        QVERIFY(!keys.admit("old", at("2026-12-31T18:00:00Z")).ok());
        config.keys[0].expires = "2026-12-30";
        QVERIFY(!VirtualKeys(config).admit("old", at("2026-12-31T10:00:00Z")).ok());
    }

    void comparesWithAnotherSecret()
    {
        QVERIFY(gateway::access::isSameKey("admin", "admin"));
        QVERIFY(!gateway::access::isSameKey("admin", "admin2"));
        QVERIFY(!gateway::access::isSameKey("", ""));
    }
};

QTEST_GUILESS_MAIN(VirtualKeysTest)
#include "virtual_keys_test.moc"
