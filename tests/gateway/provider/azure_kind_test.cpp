// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "provider/kind.h"

using namespace gateway;
using namespace gateway::provider;

namespace {

std::string pathOf(std::string_view base, std::string_view model, Operation operation = Operation::Chat)
{
    return findKind("azure")->path({base, operation, DialectId::OpenAiChat, model, false});
}

std::string openAiPath(const char* id, DialectId dialect, std::string_view model)
{
    return findKind(id)->path({"/v1", Operation::Chat, dialect, model, false});
}

} // namespace

class AzureKindTest : public QObject {
    Q_OBJECT

private slots:
    void namesTheDeploymentInThePath()
    {
        const std::string wanted = "/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21";
        QCOMPARE(pathOf("", "my-gpt"), wanted);
        QCOMPARE(pathOf("/openai", "my-gpt"), wanted);
        QCOMPARE(pathOf("", "a/b"),
                 std::string("/openai/deployments/a%2Fb/chat/completions?api-version=2024-10-21"));
        QCOMPARE(findKind("azure")->modelsPath(""), std::string("/openai/models?api-version=2024-10-21"));
    }

    void hasPlainPathsBehindTheVersion()
    {
        QCOMPARE(pathOf("/openai/v1", "my-gpt"), std::string("/openai/v1/chat/completions"));
        QCOMPARE(findKind("azure")->modelsPath("/openai/v1"), std::string("/openai/v1/models"));
    }

    void embeds()
    {
        const Kind& azure = *findKind("azure");
        QVERIFY(azure.supports(Operation::Embed) && !azure.supports(Operation::CountTokens));
        QCOMPARE(pathOf("", "vectors", Operation::Embed),
                 std::string("/openai/deployments/vectors/embeddings?api-version=2024-10-21"));
        QCOMPARE(pathOf("/openai/v1", "vectors", Operation::Embed), std::string("/openai/v1/embeddings"));
        // A deployment's name does not tell whether it only goes on with text; nearly all of them chat.
        QVERIFY(!azure.speaks(DialectId::OpenAiCompletions, "my-gpt"));
    }

    void asksForResponsesWhereTheModelHasNothingElse()
    {
        const Kind& azure = *findKind("azure");
        QVERIFY(azure.speaks(DialectId::OpenAiResponses, "gpt-5-codex"));
        QVERIFY(azure.speaks(DialectId::OpenAiResponses, "o3-pro"));
        QVERIFY(azure.speaks(DialectId::OpenAiResponses, "gpt-5-pro-2025-10-06"));
        QVERIFY(azure.speaks(DialectId::OpenAiResponses, {}));
        QVERIFY(azure.speaks(DialectId::OpenAiChat, "gpt-4.1"));
        QVERIFY(!azure.speaks(DialectId::OpenAiResponses, "gpt-4.1"));
        QVERIFY(!azure.speaks(DialectId::OpenAiChat, "gpt-5-codex"));
        QVERIFY(azure.dialect("team-codex") == DialectId::OpenAiResponses);
        for (const char* name : {"my-products", "gpt-4o-prod", "gpt-4.1-production", "o4-mini-prod"})
            QVERIFY2(azure.dialect(name) == DialectId::OpenAiChat, name);
        QVERIFY(!azure.speaks(DialectId::OpenAiResponses, "DeepSeek-V3"));
        for (const char* base : {"", "/openai", "/openai/v1"})
            QCOMPARE(azure.path({base, Operation::Chat, DialectId::OpenAiResponses, "gpt-5-codex", true}),
                     std::string("/openai/v1/responses"));
        QVERIFY(azure.supports(Operation::Response));
        QCOMPARE(azure.path({"", Operation::Response, DialectId::OpenAiResponses, {}, false}),
                 std::string("/openai/v1/responses"));
    }

    void tellsAKeyFromAToken()
    {
        const Fields none;
        const CallBytes call{"POST", "r.openai.azure.com", "/", none, {}, 0};
        QCOMPARE(findKind("azure")->authLines(Secret("0123456789abcdef"), call),
                 std::string("api-key: 0123456789abcdef"));
        QCOMPARE(findKind("azure")->authLines(Secret("eyJhbGciOi.eyJhdWQi.sig"), call),
                 std::string("Authorization: Bearer eyJhbGciOi.eyJhdWQi.sig"));
    }

    void listsNoDeployments()
    {
        QVERIFY(!findKind("azure")->listsItsModels());
        QVERIFY(findKind("openai")->listsItsModels());
        QVERIFY(findKind("azure")->needsKey() && findKind("azure")->defaultBaseUrl().empty());
    }

    void goesOnWithTextWhereTheServerCan()
    {
        const Kind& openAi = *findKind("openai");
        QVERIFY(openAi.speaks(DialectId::OpenAiCompletions, "gpt-3.5-turbo-instruct"));
        QVERIFY(!openAi.speaks(DialectId::OpenAiChat, "davinci-002"));
        QVERIFY(!openAi.speaks(DialectId::OpenAiCompletions, "gpt-4.1"));
        QVERIFY(openAi.speaks(DialectId::OpenAiChat, "gpt-4.1"));
        const Kind& compatible = *findKind("openai-compatible");
        QVERIFY(compatible.speaks(DialectId::OpenAiCompletions, "qwen2.5-coder"));
        QVERIFY(compatible.speaks(DialectId::OpenAiChat, "davinci-002"));
        QCOMPARE(openAiPath("openai", DialectId::OpenAiCompletions, "davinci-002"),
                 std::string("/v1/completions"));
        QCOMPARE(openAiPath("openai-compatible", DialectId::OpenAiChat, "x"),
                 std::string("/v1/chat/completions"));
    }
};

QTEST_GUILESS_MAIN(AzureKindTest)
#include "azure_kind_test.moc"
