// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/import/imported.h"

using namespace gateway;
using namespace imported;

namespace {

Imported take(const std::string& text)
{
    const auto result = importConfig({}, text);
    if (result) return *result;
    qWarning("%s", result.error().message.c_str());
    return {};
}

} // namespace

class PortkeyTest : public QObject {
    Q_OBJECT

private slots:
    void readsATreeOfStrategies()
    {
        const Imported imported = take(fixture("portkey.json"));
        QVERIFY(imported.kind == ImportKind::Portkey);
        QVERIFY(isUsable(imported.config));
        QCOMPARE(
            described(imported.config, "portkey"),
            std::string(
                "conditional: route portkey-paid mistral-prod/mistral-large-latest route portkey-cheap"));
        QCOMPARE(described(imported.config, "portkey-paid"),
                 std::string("priority: anthropic/claude-sonnet-4-5 openai/gpt-4.1"));
        QCOMPARE(described(imported.config, "portkey-cheap"),
                 std::string("weighted: gemini/gemini-2.5-flash *700 groq/llama-3.3-70b-versatile *300"));
        const auto& targets = imported.config.findRoute("portkey")->targets;
        QCOMPARE(targets[0].whenJson, std::string("{\"metadata.plan\":{\"$eq\":\"paid\"}}"));
        QVERIFY(targets[2].whenJson.empty());
    }

    void tellsWhatItCannotSay()
    {
        const Imported imported = take(fixture("portkey.json"));
        for (const char* from :
             {"strategy.conditions[2]", "cache", "targets[2].input_guardrails", "targets[3]"})
            QVERIFY2(isLeft(imported, from), from);
        QCOMPARE(lineFrom(imported, "strategy.conditions[2]").line, std::size_t(7));
        QVERIFY(lineFrom(imported, "targets[3]").note.find("model") != std::string::npos);
    }

    void handsDownWhatStandsFurtherOut()
    {
        const Imported imported = take(fixture("portkey.json"));
        const RouteConfig* paid = imported.config.findRoute("portkey-paid");
        QCOMPARE(*paid->retry.attempts, 2U);
        QVERIFY(paid->retry.onStatus == std::vector<int>({429, 503, 529}));
        QVERIFY(paid->timeout.firstByte == seconds(20));
        QCOMPARE(paid->targets[0].overrideJson, std::string("{\"max_tokens\":4096,\"top_p\":0.8}"));
        QCOMPARE(paid->targets[1].overrideJson, std::string("{\"top_p\":0.8}"));
        QVERIFY(!imported.config.findRoute("portkey-cheap")->timeout.firstByte);
    }

    void takesConditionsOnThePath()
    {
        const Imported imported = take(
            "{\"strategy\":{\"mode\":\"conditional\",\"conditions\":[{\"query\":{\"url.pathname\":"
            "{\"$eq\":\"/v1/messages\"}},\"then\":\"a\"}],\"default\":\"b\"},\"targets\":["
            "{\"name\":\"a\",\"provider\":\"openai\",\"override_params\":{\"model\":\"gpt-4.1\"}},"
            "{\"name\":\"b\",\"provider\":\"openai\",\"override_params\":{\"model\":\"gpt-4.1-mini\"}}]}");
        const RouteConfig* route = imported.config.findRoute("portkey");
        QVERIFY(route && route->targets.size() == 2);
        QCOMPARE(route->targets[0].whenJson, std::string("{\"url.pathname\":{\"$eq\":\"/v1/messages\"}}"));
    }

    void keysAreSecretsOnly()
    {
        const Imported imported = take(fixture("portkey.json"));
        QVERIFY(everything(imported).find("not-a-real") == std::string::npos);
        QVERIFY(everything(imported).find("2f91") == std::string::npos);
        QCOMPARE(imported.secrets.size(), std::size_t(3));
        QVERIFY(imported.secrets[0].value.reveal() == "not-a-real-key-portkey-0001");
        // What Portkey keeps has to be saved here by hand.
        QCOMPARE(imported.secrets[1].name, std::string("openai/imported"));
        QVERIFY(imported.secrets[1].value.empty());
    }

    void overridesHoldNoKeys()
    {
        const Imported imported =
            take("{\"provider\":\"openai\",\"api_key\":\"$K\",\"retry\":{\"attempts\":1},"
                 "\"override_params\":{\"model\":\"gpt-4o\",\"seed\":1,\"tool\":{\"api_key\":"
                 "\"not-a-real-key-9\"}}}");
        QCOMPARE(described(imported.config, "portkey"), std::string("priority: openai/gpt-4o"));
        const RouteConfig* route = imported.config.findRoute("portkey");
        QCOMPARE(route->targets[0].overrideJson, std::string("{\"seed\":1}"));
        QCOMPARE(*route->retry.attempts, 1U);
        QVERIFY(everything(imported).find("not-a-real") == std::string::npos);
        QVERIFY(isLeft(imported, "override_params.tool"));
    }

    void aSavedProviderMayStandInTheModel()
    {
        const Imported imported = take(
            "{\"config\":{\"strategy\":{\"mode\":\"single\"},\"targets\":[{\"override_params\":{\"model\":"
            "\"@anthropic-eu/claude-x\"}}]}}");
        QCOMPARE(described(imported.config, "portkey"), std::string("priority: anthropic-eu/claude-x"));
        QCOMPARE(imported.config.findProvider("anthropic-eu")->kind, std::string("anthropic"));
    }

    void nothingUsableGivesNoRoute()
    {
        const Imported imported = take("{\"provider\":\"unheard-of\",\"api_key\":\"not-a-real-key-1\"}");
        QVERIFY(imported.config == Config());
        QVERIFY(imported.secrets.empty());
        QVERIFY(!imported.lines.empty());
    }
};

QTEST_APPLESS_MAIN(PortkeyTest)
#include "portkey_test.moc"
