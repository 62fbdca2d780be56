// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QTest>

#include "gateway/config_io.h"

#include "provider/kind.h"

using namespace gateway;
using namespace gateway::provider;

class OllamaCohereTest : public QObject {
    Q_OBJECT

private slots:
    void callsOllama_data();
    void callsOllama();
    void callsCohere_data();
    void callsCohere();
    void callsOpenAisEmbeddings();
    void proveWhoCalls();
    void speakTheirDialects();
    void passOnlyWhatConcernsThem();
    void areKinds();
};

namespace {

CallShape shape(std::string_view basePath, Operation operation, DialectId dialect)
{
    CallShape call;
    call.basePath = basePath;
    call.operation = operation;
    call.dialect = dialect;
    call.model = "m";
    return call;
}

std::string_view everyField(const void*, std::string_view)
{
    return "given";
}

} // namespace

void OllamaCohereTest::callsOllama_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("root");
    QTest::newRow("root") << QByteArray() << QByteArray();
    QTest::newRow("v1") << QByteArray("/v1") << QByteArray();
    QTest::newRow("api") << QByteArray("/api") << QByteArray();
    QTest::newRow("behind a path") << QByteArray("/team/v1") << QByteArray("/team");
    QTest::newRow("only like it") << QByteArray("/v10") << QByteArray("/v10");
}

void OllamaCohereTest::callsOllama()
{
    QFETCH(QByteArray, base);
    QFETCH(QByteArray, root);
    const Kind& kind = *findKind("ollama");
    const std::string_view path(base.constData(), static_cast<std::size_t>(base.size()));
    const std::string begin = root.toStdString();
    QCOMPARE(kind.path(shape(path, Operation::Chat, DialectId::Ollama)), begin + "/api/chat");
    QCOMPARE(kind.path(shape(path, Operation::Embed, DialectId::Ollama)), begin + "/api/embed");
    QCOMPARE(kind.path(shape(path, Operation::Chat, DialectId::OllamaPrompt)), begin + "/api/generate");
    QCOMPARE(kind.path(shape(path, Operation::Embed, DialectId::OllamaPrompt)), begin + "/api/embeddings");
    QCOMPARE(kind.modelsPath(path), begin + "/api/tags");
}

void OllamaCohereTest::callsCohere_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("root");
    QTest::newRow("root") << QByteArray() << QByteArray();
    QTest::newRow("v1") << QByteArray("/v1") << QByteArray();
    QTest::newRow("v2") << QByteArray("/v2") << QByteArray();
    QTest::newRow("behind a path") << QByteArray("/team/v2") << QByteArray("/team");
}

void OllamaCohereTest::callsCohere()
{
    QFETCH(QByteArray, base);
    QFETCH(QByteArray, root);
    const Kind& kind = *findKind("cohere");
    const std::string_view path(base.constData(), static_cast<std::size_t>(base.size()));
    const std::string begin = root.toStdString();
    QCOMPARE(kind.path(shape(path, Operation::Chat, DialectId::Cohere)), begin + "/v2/chat");
    QCOMPARE(kind.path(shape(path, Operation::Embed, DialectId::Cohere)), begin + "/v2/embed");
    QCOMPARE(kind.modelsPath(path), begin + "/v1/models?page_size=1000");
}

void OllamaCohereTest::callsOpenAisEmbeddings()
{
    for (const char* id : {"openai", "openai-compatible"}) {
        const Kind& kind = *findKind(id);
        QVERIFY(kind.supports(Operation::Embed));
        QCOMPARE(kind.path(shape("/v1", Operation::Embed, DialectId::OpenAiChat)),
                 std::string("/v1/embeddings"));
        QCOMPARE(kind.path(shape("/v1", Operation::Chat, DialectId::OpenAiChat)),
                 std::string("/v1/chat/completions"));
    }
}

void OllamaCohereTest::proveWhoCalls()
{
    const Fields none;
    const CallBytes call{"POST", "host", "/", none, {}, 0};
    for (const char* id : {"ollama", "cohere"})
        QCOMPARE(findKind(id)->authLines(Secret("k-1"), call), std::string("Authorization: Bearer k-1"));
    QVERIFY(!findKind("ollama")->needsKey());
    QVERIFY(findKind("cohere")->needsKey());
}

void OllamaCohereTest::speakTheirDialects()
{
    const Kind& ollama = *findKind("ollama");
    QCOMPARE(ollama.dialect("m"), DialectId::Ollama);
    QVERIFY(ollama.speaks(DialectId::OllamaPrompt, "m") && !ollama.speaks(DialectId::OpenAiChat, "m"));
    QCOMPARE(findKind("cohere")->dialect("m"), DialectId::Cohere);
    for (const Kind* kind : {&ollama, findKind("cohere")}) {
        QVERIFY(kind->supports(Operation::Chat) && kind->supports(Operation::Embed));
        QVERIFY(!kind->supports(Operation::CountTokens));
    }
    QCOMPARE(ollama.defaultBaseUrl(), std::string_view("http://127.0.0.1:11434"));
    QCOMPARE(findKind("cohere")->defaultBaseUrl(), std::string_view("https://api.cohere.com"));
}

void OllamaCohereTest::passOnlyWhatConcernsThem()
{
    Fields fields;
    findKind("ollama")->addFields(fields, nullptr, everyField);
    QVERIFY(fields.empty());
    findKind("cohere")->addFields(fields, nullptr, everyField);
    QCOMPARE(fields.size(), std::size_t(1));
    QCOMPARE(fields.front().first, std::string("x-client-name"));
}

void OllamaCohereTest::areKinds()
{
    const auto kinds = providerKinds();
    for (const char* id : {"ollama", "cohere"}) {
        QVERIFY(std::find(kinds.begin(), kinds.end(), id) != kinds.end());
        const auto config = parseConfig("{\"providers\":{\"x\":{\"kind\":\"" + std::string(id) +
                                        "\",\"keys\":[{\"id\":\"k\",\"secret\":\"env:K\"}]}}}");
        QVERIFY2(config.problems.empty(), id);
    }
}

QTEST_GUILESS_MAIN(OllamaCohereTest)
#include "ollama_cohere_test.moc"
