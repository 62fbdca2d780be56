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
        QVERIFY(!refuseUse(narrow, "gpt-4.1-mini", "openai"));
        QVERIFY(!refuseUse(narrow, "smart", "openai"));
        QCOMPARE(refuseUse(narrow, "gpt-4o", "openai")->code, Code::ModelNotAllowed);
        QCOMPARE(refuseUse(narrow, "gpt-4o", "openai")->param, std::string("model"));
        QCOMPARE(refuseUse(narrow, "smart", "anthropic")->code, Code::ModelNotAllowed);
        QVERIFY(!refuseUse(**keys.admit("two", 0), "anything", "anthropic"));
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
