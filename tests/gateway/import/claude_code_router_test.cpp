// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/import/imported.h"

using namespace gateway;
using namespace imported;

class ClaudeCodeRouterTest : public QObject {
    Q_OBJECT

private slots:
    void readsARealFile()
    {
        const auto imported = importConfig({}, fixture("claude_code_router.json"));
        QVERIFY(imported);
        QVERIFY(imported->kind == ImportKind::ClaudeCodeRouter);
        QVERIFY(isUsable(imported->config));
        QCOMPARE(described(imported->config, "default"), std::string("priority: deepseek/deepseek-chat"));
        QCOMPARE(described(imported->config, "background"),
                 std::string("priority: ollama/qwen2.5-coder:latest"));
        QCOMPARE(described(imported->config, "claude-code"),
                 std::string("conditional: route longContext route think route default"));
        const auto& targets = imported->config.findRoute("claude-code")->targets;
        QCOMPARE(targets[0].whenJson, std::string("{\"input_tokens\":{\"$gt\":80000}}"));
        QVERIFY(targets[1].whenJson.find("params.thinking.type") != std::string::npos);
        QVERIFY(targets[2].whenJson.empty());
        QCOMPARE(imported->config.network.proxy, std::string("http://127.0.0.1:7890"));
    }

    void tellsKindsByAddresses()
    {
        const auto imported = importConfig({}, fixture("claude_code_router.json"));
        QVERIFY(imported);
        const Config& config = imported->config;
        QCOMPARE(config.findProvider("openrouter")->baseUrl, std::string("https://openrouter.ai/api/v1"));
        QCOMPARE(config.findProvider("openrouter")->models.size(), std::size_t(2));
        QCOMPARE(config.findProvider("deepseek")->baseUrl, std::string("https://api.deepseek.com"));
        QCOMPARE(config.findProvider("gemini")->kind, std::string("gemini"));
        QVERIFY(config.findProvider("ollama")->local && config.findProvider("ollama")->keys.empty());
        QCOMPARE(config.findProvider("gemini")->keys[0].secret.text(), std::string("env:GEMINI_API_KEY"));
    }

    void anthropicsWayOfCallingIsItsKind()
    {
        const auto imported = importConfig(
            {},
            "{\"Providers\":[{\"name\":\"z\",\"api_base_url\":\"https://api.z.ai/api/anthropic/v1/messages\","
            "\"api_key\":\"$Z\",\"models\":[\"glm\"]}],\"Router\":{\"default\":\"z,glm\"}}");
        QVERIFY(imported);
        QCOMPARE(imported->config.findProvider("z")->kind, std::string("anthropic"));
        QCOMPARE(imported->config.findProvider("z")->baseUrl, std::string("https://api.z.ai/api/anthropic"));
    }

    void tellsTheClientWhatToSet()
    {
        const auto imported = importConfig({}, fixture("claude_code_router.json"));
        QVERIFY(imported);
        QVERIFY(std::any_of(imported->lines.begin(), imported->lines.end(), [](const ImportLine& line) {
            return line.note.find("ANTHROPIC_DEFAULT_HAIKU_MODEL to background") != std::string::npos;
        }));
        for (const char* from : {"APIKEY", "LOG", "Providers[0].transformer", "Router.image"})
            QVERIFY2(isLeft(*imported, from), from);
    }

    void keysAreSecretsOnly()
    {
        const auto imported = importConfig({}, fixture("claude_code_router.json"));
        QVERIFY(imported);
        QVERIFY(everything(*imported).find("not-a-real") == std::string::npos);
        QCOMPARE(imported->secrets.size(), std::size_t(1));
        QCOMPARE(imported->secrets[0].name, std::string("openrouter/imported"));
    }

    void aProxyWithAPasswordIsLeft()
    {
        const auto imported = importConfig({}, "{\"Router\":{},\"PROXY_URL\":\"http://u:not-a-real-1@h:1\"}");
        QVERIFY(imported);
        QCOMPARE(imported->config.network.proxy, NetworkConfig().proxy);
        QVERIFY(isLeft(*imported, "PROXY_URL"));
        QVERIFY(everything(*imported).find("not-a-real") == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(ClaudeCodeRouterTest)
#include "claude_code_router_test.moc"
