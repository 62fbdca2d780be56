// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/import/imported.h"

using namespace gateway;
using namespace imported;

namespace {

Imported take(const std::string& text, const Config& current = {})
{
    const auto result = importConfig(current, text);
    if (result) return *result;
    qWarning("%s", result.error().message.c_str());
    return {};
}

/// One row of model_list, and what stands behind the list.
Imported takeRow(const std::string& name, const std::string& params, const std::string& rest = {})
{
    return take("model_list:\n  - model_name: \"" + name + "\"\n    litellm_params: {" + params + "}\n" +
                rest);
}

} // namespace

class LiteLlmTest : public QObject {
    Q_OBJECT

private slots:
    void readsARealFile()
    {
        const Imported imported = take(fixture("litellm.yaml"));
        QVERIFY(imported.kind == ImportKind::LiteLlm);
        QVERIFY(isUsable(imported.config));
        QCOMPARE(described(imported.config, "gpt-4o-pool"),
                 std::string("weighted: azure/gpt-4o-eu *3 openai/gpt-4o"));
        // Each of the two is the other's fallback: the pool stands between, so that there is no circle.
        QCOMPARE(described(imported.config, "gpt-4o"),
                 std::string("priority: route gpt-4o-pool anthropic/claude-sonnet-4-5 ollama/llama3.2"));
        QCOMPARE(described(imported.config, "claude"),
                 std::string("priority: anthropic/claude-sonnet-4-5 route gpt-4o-pool"));
        QCOMPARE(aliasGoal(imported.config, "lab/qwen"), std::string("lab-qwen"));
        QCOMPARE(aliasGoal(imported.config, "gpt-4"), std::string("gpt-4o"));
        QCOMPARE(lineFrom(imported, "model_list[7]").line, std::size_t(45));
        using Fallbacks = std::vector<std::pair<std::string, std::string>>;
        QVERIFY(imported.config.findRoute("gpt-4o")->fallbacks == (Fallbacks{{"context_length", "claude"}}));
        QCOMPARE(lineFrom(imported, "router_settings.context_window_fallbacks[0].gpt-4o[0]").to,
                 std::string("routes.gpt-4o.fallbacks.context_length"));
        for (const char* from : {"model_list[7]", "litellm_settings.cache", "general_settings.master_key",
                                 "general_settings.database_url", "general_settings.something_new"})
            QVERIFY2(isLeft(imported, from), from);
    }

    void takesProvidersWithTheirAddresses()
    {
        const Config config = take(fixture("litellm.yaml")).config;
        QCOMPARE(config.findProvider("azure")->baseUrl, std::string("https://team-eu.openai.azure.com"));
        QCOMPARE(config.findProvider("azure")->keys[0].secret.text(), std::string("env:AZURE_EU_KEY"));
        QCOMPARE(config.findProvider("10.0.0.7-8000")->kind, std::string("openai-compatible"));
        QVERIFY(config.findProvider("10.0.0.7-8000")->keys.empty());
        QCOMPARE(config.findProvider("ollama")->baseUrl, std::string("http://localhost:11434"));
        QCOMPARE(config.findProvider("groq")->keys[0].secret.text(), std::string("env:GROQ_API_KEY"));
        QCOMPARE(config.findProvider("bedrock")->baseUrl,
                 std::string("https://bedrock-runtime.eu-central-1.amazonaws.com"));
    }

    void keepsKeysOutOfAllButTheSecrets()
    {
        const Imported imported = take(fixture("litellm.yaml"));
        QVERIFY(everything(imported).find("not-a-real") == std::string::npos);
        QCOMPARE(imported.secrets.size(), std::size_t(2));
        QCOMPARE(imported.secrets[0].name, std::string("anthropic/imported"));
        QVERIFY(imported.secrets[0].value.reveal() == "not-a-real-key-anthropic-0001");
        // Two variables are no single secret: the user has to save the pair.
        QCOMPARE(imported.secrets[1].name, std::string("bedrock/imported"));
        QVERIFY(imported.secrets[1].value.empty());
    }

    void takesPricesForAMillionTokens()
    {
        const Config config = take(fixture("litellm.yaml")).config;
        const auto& models = config.findProvider("anthropic")->models;
        QCOMPARE(models.size(), std::size_t(1));
        QCOMPARE(*models[0].price->input, std::string("3"));
        QCOMPARE(*models[0].price->output, std::string("15"));
        QCOMPARE(*models[0].context, std::int64_t(200'000));
    }

    void takesLimitsOfAllRoutes()
    {
        const Config config = take(fixture("litellm.yaml")).config;
        const RouteConfig* route = config.findRoute("gpt-4o-pool");
        QCOMPARE(*route->retry.attempts, 3U);
        QVERIFY(route->timeout.firstByte == seconds(45));
        QCOMPARE(*route->circuit.failures, 4U);
        QVERIFY(route->circuit.wait == seconds(30));
        QCOMPARE(*route->targets[1].limits.tpm, 200'000U);
        QCOMPARE(config.findRoute("claude")->targets[0].overrideJson, std::string("{\"temperature\":0.2}"));
    }

    void strategies_data()
    {
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("ours");
        QTest::newRow("shuffle") << "simple-shuffle"
                                 << "weighted";
        QTest::newRow("busy") << "least-busy"
                              << "least_busy";
        QTest::newRow("usage") << "usage-based-routing"
                               << "lowest_usage";
        QTest::newRow("usage 2") << "usage-based-routing-v2"
                                 << "lowest_usage";
        QTest::newRow("latency") << "latency-based-routing"
                                 << "lowest_latency";
        QTest::newRow("cost") << "cost-based-routing"
                              << "lowest_cost";
        QTest::newRow("unknown") << "fortune-telling"
                                 << "weighted";
    }

    void strategies()
    {
        QFETCH(QString, theirs);
        QFETCH(QString, ours);
        const Imported imported =
            take("model_list:\n"
                 "  - {model_name: m, litellm_params: {model: openai/a, api_key: os.environ/A}}\n"
                 "  - {model_name: m, litellm_params: {model: groq/b, api_key: os.environ/B}}\n"
                 "router_settings: {routing_strategy: " +
                 theirs.toStdString() + "}\n");
        QCOMPARE(described(imported.config, "m"), ours.toStdString() + ": openai/a groq/b");
    }

    void aSingleModelIsAnAlias()
    {
        const Imported imported = takeRow("fast", "model: groq/llama-3.1-8b-instant, api_key: os.environ/G");
        QVERIFY(imported.config.routes.empty());
        QCOMPARE(aliasGoal(imported.config, "fast"), std::string("groq/llama-3.1-8b-instant"));
        QCOMPARE(aliasGoal(takeRow("claude-*", "model: anthropic/claude-x").config, "claude-*"),
                 std::string("anthropic/claude-x"));
    }

    void aKeyThatIsNotSaidIsTheUsualVariable()
    {
        const Config config = takeRow("m", "model: mistral/mistral-small").config;
        QCOMPARE(config.findProvider("mistral")->keys[0].secret.text(), std::string("env:MISTRAL_API_KEY"));
    }

    void twoKeysAreTwoProviders()
    {
        const Imported imported =
            take("model_list:\n"
                 "  - {model_name: m, litellm_params: {model: openai/a, api_key: os.environ/A}}\n"
                 "  - {model_name: m, litellm_params: {model: openai/a, api_key: os.environ/B}}\n"
                 "  - {model_name: n, litellm_params: {model: openai/b, api_key: os.environ/A}}\n");
        QCOMPARE(described(imported.config, "m"), std::string("weighted: openai/a openai-2/a"));
        QCOMPARE(aliasGoal(imported.config, "n"), std::string("openai/b"));
    }

    void whatIsThereIsLeftAsItIs()
    {
        const Config current =
            take("model_list:\n"
                 "  - {model_name: m, litellm_params: {model: openai/a, api_key: k-0001-k-0001}}\n"
                 "  - {model_name: m, litellm_params: {model: groq/a}}\n"
                 "  - {model_name: n, litellm_params: {model: groq/n}}\n")
                .config;
        const Imported again =
            take("model_list:\n"
                 "  - {model_name: m, litellm_params: {model: openai/c, api_key: k-0002-k-0002}}\n"
                 "  - {model_name: m, litellm_params: {model: groq/c}}\n"
                 "  - {model_name: n, litellm_params: {model: groq/o}}\n",
                 current);
        QVERIFY(isUsable(again.config));
        QCOMPARE(described(again.config, "m"), std::string("weighted: openai/a groq/a"));
        // The same variable is the same provider; a key that stands in the file may be another one.
        QCOMPARE(described(again.config, "m-2"), std::string("weighted: openai-2/c groq/c"));
        QCOMPARE(aliasGoal(again.config, "n"), std::string("groq/n"));
        QCOMPARE(aliasGoal(again.config, "n-2"), std::string("groq/o"));
        QVERIFY(lineFrom(again, "model_list[2].model_name").note.find("n-2") != std::string::npos);
    }

    void patternsOfManyModels()
    {
        const Imported same = takeRow("groq/*", "model: \"groq/*\", api_key: os.environ/G");
        QVERIFY(same.config.aliases.empty());
        QCOMPARE(lineFrom(same, "model_list[0].model_name").to, std::string("providers.groq"));
        QVERIFY(isLeft(takeRow("*", "model: \"openai/*\""), "model_list[0].model_name"));
    }

    void aPatternOfAProvidersModelsIsHowTheyAreAskedFor()
    {
        const Imported some = takeRow("openai/gpt-*", "model: \"openai/gpt-*\"");
        QCOMPARE(lineFrom(some, "model_list[0].model_name").to, std::string("providers.openai"));
        QVERIFY(isLeft(takeRow("openai/gpt-*", "model: \"openai/o*\""), "model_list[0].model_name"));
        QVERIFY(isLeft(takeRow("openai/*", "model: \"groq/*\""), "model_list[0].model_name"));
        // All that a pattern stands for goes to one model, or to a route.
        const Config two = take("model_list:\n"
                                "  - {model_name: \"claude-*\", litellm_params: {model: anthropic/c}}\n"
                                "  - {model_name: \"claude-*\", litellm_params: {model: openai/c}}\n")
                               .config;
        QCOMPARE(aliasGoal(two, "claude-*"), std::string("claude"));
        QCOMPARE(described(two, "claude"), std::string("weighted: anthropic/c openai/c"));
    }

    void fallbacksAfterOneKindOfFailure()
    {
        using Fallbacks = std::vector<std::pair<std::string, std::string>>;
        const Imported imported = take("model_list:\n"
                                       "  - {model_name: small, litellm_params: {model: groq/small}}\n"
                                       "  - {model_name: long, litellm_params: {model: openai/long}}\n"
                                       "  - {model_name: pool, litellm_params: {model: openai/x}}\n"
                                       "  - {model_name: pool, litellm_params: {model: groq/x}}\n"
                                       "litellm_settings:\n"
                                       "  context_window_fallbacks: [{small: [long]}, {pool: [nowhere, pool, "
                                       "long, small]}, {gone: [long]}]\n"
                                       "  content_policy_fallbacks: [{small: [pool]}, {\"*\": [small]}]\n");
        QVERIFY(isUsable(imported.config));
        const auto of = [&imported](const char* route) {
            return imported.config.findRoute(route)->fallbacks;
        };
        QVERIFY(of("small") == (Fallbacks{{"content_refused", "pool"}, {"context_length", "long"}}));
        QVERIFY(of("long") == (Fallbacks{{"content_refused", "small"}}));
        QVERIFY(of("pool") ==
                (Fallbacks{{"content_refused", "small"}, {"context_length", "pool-context_length"}}));
        QCOMPARE(described(imported.config, "pool-context_length"),
                 std::string("priority: route long route small"));
        for (const char* from : {"litellm_settings.context_window_fallbacks[1].pool[0]",
                                 "litellm_settings.context_window_fallbacks[1].pool[1]",
                                 "litellm_settings.context_window_fallbacks[2].gone"})
            QVERIFY2(isLeft(imported, from), from);
    }

    void defaultFallbacksAreForThoseWithoutTheirOwn()
    {
        const Imported imported =
            take("model_list:\n"
                 "  - {model_name: a, litellm_params: {model: openai/a}}\n"
                 "  - {model_name: b, litellm_params: {model: groq/b}}\n"
                 "litellm_settings: {default_fallbacks: [b, nowhere], fallbacks: [{nobody: [a]}]}\n");
        QCOMPARE(described(imported.config, "a"), std::string("priority: openai/a groq/b"));
        QCOMPARE(aliasGoal(imported.config, "b"), std::string("groq/b"));
        QVERIFY(isLeft(imported, "litellm_settings.default_fallbacks[1]"));
        QVERIFY(isLeft(imported, "litellm_settings.fallbacks[0].nobody"));
    }

    void orderIsTheOrderOfTargets()
    {
        const Imported imported = take("model_list:\n"
                                       "  - {model_name: m, litellm_params: {model: openai/a, order: 2}}\n"
                                       "  - {model_name: m, litellm_params: {model: groq/b, order: 1}}\n");
        QCOMPARE(described(imported.config, "m"), std::string("priority: groq/b openai/a"));
    }

    void namedCredentialsAreUsed()
    {
        const Imported imported =
            takeRow("m", "model: azure/gpt, litellm_credential_name: az",
                    "credential_list:\n  - credential_name: az\n    credential_values: {api_base: "
                    "\"https://r.openai.azure.com\", api_key: os.environ/AZ}\n");
        const ProviderConfig* azure = imported.config.findProvider("azure");
        QVERIFY(azure);
        QCOMPARE(azure->keys[0].secret.text(), std::string("env:AZ"));
    }

    void whatNeedsAnAddressAndHasNoneIsLeft()
    {
        QVERIFY(isLeft(takeRow("m", "model: azure/gpt"), "model_list[0]"));
        QVERIFY(isLeft(takeRow("m", "model: vertex_ai/gemini-2.5-pro"), "model_list[0]"));
        QVERIFY(isLeft(takeRow("m", "model: azure/gpt, api_base: os.environ/BASE"), "model_list[0]"));
        QVERIFY(isLeft(takeRow("m", "model: openai/x, api_base: \"ftp://h/v1\""), "model_list[0]"));
        QVERIFY(isLeft(takeRow("m", "model: openai/x, api_base: \"https://u:p@h/v1\""), "model_list[0]"));
    }

    void vertexHasProjectAndPlace()
    {
        const Config config =
            takeRow("m", "model: vertex_ai/gemini-2.5-pro, vertex_project: p-1, vertex_location: global, "
                         "vertex_credentials: /etc/turnpike/sa.json")
                .config;
        QCOMPARE(config.findProvider("vertex")->baseUrl,
                 std::string("https://aiplatform.googleapis.com/v1/projects/p-1/locations/global"));
        QCOMPARE(config.findProvider("vertex")->keys[0].secret.text(),
                 std::string("file:/etc/turnpike/sa.json"));
    }
};

QTEST_APPLESS_MAIN(LiteLlmTest)
#include "litellm_test.moc"
