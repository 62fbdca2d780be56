// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "provider/kind.h"

using namespace gateway;

class OpenAiKindTest : public QObject {
    Q_OBJECT

private slots:
    void speaksBothOfItsDialects();
    void callsEachDialectAtItsPath_data();
    void callsEachDialectAtItsPath();
    void countsOnlyWhereThereIsSuchACall();
};

void OpenAiKindTest::speaksBothOfItsDialects()
{
    const provider::Kind& openAi = *provider::findKind("openai");
    QVERIFY(openAi.speaks(DialectId::OpenAiChat, "gpt-5"));
    QVERIFY(openAi.speaks(DialectId::OpenAiResponses, "gpt-5"));
    QVERIFY(!openAi.speaks(DialectId::AnthropicMessages, "gpt-5"));
    QCOMPARE(openAi.dialect("gpt-5"), DialectId::OpenAiChat);
    const provider::Kind& compatible = *provider::findKind("openai-compatible");
    QVERIFY(compatible.speaks(DialectId::OpenAiChat, "qwen3"));
    QVERIFY(!compatible.speaks(DialectId::OpenAiResponses, "qwen3"));
}

void OpenAiKindTest::callsEachDialectAtItsPath_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<int>("operation");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("chat") << int(DialectId::OpenAiChat) << int(Operation::Chat)
                          << QByteArray("/v1/chat/completions");
    QTest::newRow("responses") << int(DialectId::OpenAiResponses) << int(Operation::Chat)
                               << QByteArray("/v1/responses");
    QTest::newRow("count") << int(DialectId::OpenAiResponses) << int(Operation::CountTokens)
                           << QByteArray("/v1/responses/input_tokens");
}

void OpenAiKindTest::callsEachDialectAtItsPath()
{
    QFETCH(int, dialect);
    QFETCH(int, operation);
    QFETCH(QByteArray, path);
    provider::CallShape call;
    call.basePath = "/v1";
    call.dialect = DialectId(dialect);
    call.operation = Operation(operation);
    QCOMPARE(provider::findKind("openai")->path(call), path.toStdString());
}

void OpenAiKindTest::countsOnlyWhereThereIsSuchACall()
{
    QVERIFY(provider::findKind("openai")->supports(Operation::CountTokens));
    QVERIFY(!provider::findKind("openai-compatible")->supports(Operation::CountTokens));
}

QTEST_APPLESS_MAIN(OpenAiKindTest)
#include "openai_kind_test.moc"
