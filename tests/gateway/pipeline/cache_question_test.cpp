// SPDX-License-Identifier: GPL-3.0-or-later
// When two requests ask the same, in whatever dialect.
#include <QTest>

#include "pipeline/cache_question.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

struct Body {
    DialectId dialect = DialectId::Undecided;
    const char* text = nullptr;
};

QByteArray question(const Body& body)
{
    dialect::PathFacts path;
    path.operation = Operation::Chat;
    if (body.dialect == DialectId::Gemini) path.model = "m";
    return QByteArray::fromStdString(questionText(dialect::dialectOf(body.dialect), path, body.text));
}

const Body kChat{DialectId::OpenAiChat, R"({"model":"a","messages":[{"role":"user","content":"hi"}]})"};
const Body kChatMore{
    DialectId::OpenAiChat,
    R"({"model":"a","max_tokens":50,"temperature":0.5,"messages":[{"role":"user","content":"hi"}]})"};
const Body kMessagesMore{
    DialectId::AnthropicMessages,
    R"({"model":"b","messages":[{"role":"user","content":"hi"}],"max_tokens":50,"temperature":0.5})"};

} // namespace

Q_DECLARE_METATYPE(Body)

class CacheQuestionTest : public QObject {
    Q_OBJECT

private slots:
    void isTheSame_data();
    void isTheSame();
    void isAnother_data();
    void isAnother();
    void isNeverEmpty();
};

void CacheQuestionTest::isTheSame_data()
{
    QTest::addColumn<Body>("one");
    QTest::addColumn<Body>("other");
    const auto row = [](const char* name, Body one, Body other) { QTest::newRow(name) << one << other; };
    row("another model: the caller knows that", kChat,
        {DialectId::OpenAiChat, R"({"model":"b","messages":[{"role":"user","content":"hi"}]})"});
    row("who asks, and how it is sent", kChat,
        {DialectId::OpenAiChat,
         R"({"user":"u","metadata":{"a":"b"},"stream":true,"stream_options":{"include_usage":true},"model":"a","messages":[{"role":"user","content":"hi"}]})"});
    row("chat and messages", kChatMore, kMessagesMore);
    row("chat and Ollama's chat", kChat,
        {DialectId::Ollama, R"({"model":"a","stream":false,"messages":[{"role":"user","content":"hi"}]})"});
    row("chat and Gemini", kChat,
        {DialectId::Gemini, R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}]})"});
}

void CacheQuestionTest::isTheSame()
{
    QFETCH(Body, one);
    QFETCH(Body, other);
    QCOMPARE(question(one), question(other));
}

void CacheQuestionTest::isAnother_data()
{
    QTest::addColumn<Body>("one");
    QTest::addColumn<Body>("other");
    const auto row = [](const char* name, Body one, Body other) { QTest::newRow(name) << one << other; };
    row("words", kChat,
        {DialectId::OpenAiChat, R"({"model":"a","messages":[{"role":"user","content":"ho"}]})"});
    row("who says it", kChat,
        {DialectId::OpenAiChat, R"({"model":"a","messages":[{"role":"system","content":"hi"}]})"});
    row("a parameter", kChat, kChatMore);
    // What the neutral form does not know tells questions apart all the same.
    row("a member that nobody knows", kChat,
        {DialectId::OpenAiChat,
         R"({"model":"a","messages":[{"role":"user","content":"hi"}],"x_unknown":1})"});
    row("one within a message", kChat,
        {DialectId::OpenAiChat,
         R"({"model":"a","messages":[{"role":"user","content":"hi","x_unknown":1}]})"});
    row("a name within a message", kChat,
        {DialectId::OpenAiChat, R"({"model":"a","messages":[{"role":"user","content":"hi","name":"ada"}]})"});
    row("top_k, which not all dialects have", kMessagesMore,
        {DialectId::AnthropicMessages,
         R"({"model":"b","messages":[{"role":"user","content":"hi"}],"max_tokens":50,"temperature":0.5,"top_k":3})"});
    row("safety settings", {DialectId::Gemini, R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}]})"},
        {DialectId::Gemini,
         R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"safetySettings":[{"category":"a","threshold":"b"}]})"});
    row("a tool", kChat,
        {DialectId::OpenAiChat,
         R"({"model":"a","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}]})"});
    row("likelihoods", kChat,
        {DialectId::OpenAiChat,
         R"({"model":"a","messages":[{"role":"user","content":"hi"}],"logprobs":true})"});
    row("several answers", kChat,
        {DialectId::OpenAiChat, R"({"model":"a","messages":[{"role":"user","content":"hi"}],"n":2})"});
    row("logit bias", kChat,
        {DialectId::OpenAiChat,
         R"({"model":"a","messages":[{"role":"user","content":"hi"}],"logit_bias":{"5":1}})"});
}

void CacheQuestionTest::isAnother()
{
    QFETCH(Body, one);
    QFETCH(Body, other);
    QVERIFY2(question(one) != question(other), question(one).constData());
}

void CacheQuestionTest::isNeverEmpty()
{
    for (const char* text : {"{}", "[]", "not json", "{\"messages\":5}"}) {
        QVERIFY(!question({DialectId::OpenAiChat, text}).isEmpty());
        QVERIFY(!question({DialectId::AnthropicMessages, text}).isEmpty());
    }
}

QTEST_APPLESS_MAIN(CacheQuestionTest)
#include "cache_question_test.moc"
