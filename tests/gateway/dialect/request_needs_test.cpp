// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "dialect/dialect.h"

using namespace gateway;
using namespace gateway::dialect;

class RequestNeedsTest : public QObject {
    Q_OBJECT

private slots:
    void areReadInEveryDialect_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("needs"); // a, s and r of audio, schema, reasoning
        const auto row = [](const char* name, DialectId dialect, const char* body, const char* needs) {
            QTest::newRow(name) << static_cast<int>(dialect) << QByteArray(body).replace('\'', '"')
                                << QByteArray(needs);
        };
        row("responses", DialectId::OpenAiResponses, "{'input':'hi'}", "");
        row("responses all", DialectId::OpenAiResponses,
            "{'input':[{'role':'user','content':[{'type':'input_audio'}]}],'reasoning':{'effort':'low'},"
            "'text':{'format':{'type':'json_schema'}}}",
            "asr");
        row("responses none", DialectId::OpenAiResponses,
            "{'input':'hi','reasoning':{'effort':'none'},'text':{'format':{'type':'text'}}}", "");
        row("anthropic", DialectId::AnthropicMessages,
            "{'thinking':{'type':'enabled'},'output_config':{'format':{'type':'json_schema'}}}", "sr");
        row("anthropic old", DialectId::AnthropicMessages,
            "{'thinking':{'type':'disabled'},'output_format':{'type':'json_schema'}}", "s");
        row("gemini", DialectId::Gemini,
            "{'contents':[{'parts':[{'inlineData':{'mimeType':'audio/wav','data':''}}]}],'generationConfig':"
            "{'responseSchema':{},'thinkingConfig':{'thinkingBudget':-1}}}",
            "asr");
        row("gemini none", DialectId::Gemini,
            "{'contents':[],'generationConfig':{'thinkingConfig':{'thinkingBudget':0}}}", "");
        row("cohere", DialectId::Cohere,
            "{'response_format':{'type':'json_object','json_schema':{}},'thinking':{'type':'enabled'}}",
            "sr");
        row("ollama", DialectId::Ollama, "{'format':{},'think':true}", "sr");
        row("ollama none", DialectId::Ollama, "{'format':'json','think':false}", "");
        row("wrong kinds", DialectId::OpenAiChat,
            "{'messages':7,'response_format':'json_schema','reasoning_effort':{},'reasoning':[]}", "");
    }

    void areReadInEveryDialect()
    {
        QFETCH(int, dialect);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, needs);
        JsonDocument document;
        QVERIFY(
            !scanJson(std::string_view(body.constData(), static_cast<std::size_t>(body.size())), document));
        const RequestNeeds found = dialectOf(static_cast<DialectId>(dialect)).needs(document);
        QByteArray letters;
        if (found.audio) letters += 'a';
        if (found.schema) letters += 's';
        if (found.reasoning) letters += 'r';
        QCOMPARE(letters, needs);
    }
};

QTEST_APPLESS_MAIN(RequestNeedsTest)
#include "request_needs_test.moc"
