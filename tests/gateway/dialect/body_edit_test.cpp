// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class BodyEditTest : public QObject {
    Q_OBJECT

private slots:
    void exchangesTheModelAndNothingElse();
    void addsUsageOnlyToStreams();
    void keepsOtherStreamOptions();
    void mergesOverridesButNeverModelOrStream();
    void readsFactsOfAnOpenAiBody();
    void readsFactsOfAnAnthropicBody();
    void refusesWrongTypes_data();
    void refusesWrongTypes();
    void seesImagesInToolResultsOnly();
    void addsCostToAWholeAnswer();
    void tellsCompletionsFromOtherJson();
};

namespace {

std::string edited(const dialect::Dialect& dialect, std::string_view body, const dialect::BodyEdit& edit)
{
    const auto result = dialect.edit(body, scanned(body), edit);
    return result ? *result : "error: " + result.error().message;
}

} // namespace

void BodyEditTest::exchangesTheModelAndNothingElse()
{
    const std::string body =
        "{ \"x_new\" : [1.0e5, \"\\u00e9é\"],\n\t\"m\\u006fdel\" : \"a\" , \"messages\":[{}] }\n";
    const std::string wanted =
        "{ \"x_new\" : [1.0e5, \"\\u00e9é\"],\n\t\"m\\u006fdel\" : \"gpt-4.1\" , \"messages\":[{}] }\n";
    QCOMPARE(edited(openAi(), body, {"gpt-4.1", true, {}}), wanted);
    QCOMPARE(edited(anthropic(), body, {"gpt-4.1", true, {}}), wanted);
}

void BodyEditTest::addsUsageOnlyToStreams()
{
    QCOMPARE(edited(openAi(), R"({"model":"a","stream":true})", {"b", true, {}}),
             std::string(R"({"model":"b","stream":true,"stream_options":{"include_usage":true}})"));
    QCOMPARE(edited(openAi(), R"({"model":"a","stream":false})", {"b", true, {}}),
             std::string(R"({"model":"b","stream":false})"));
    QCOMPARE(edited(anthropic(), R"({"model":"a","stream":true})", {"b", true, {}}),
             std::string(R"({"model":"b","stream":true})"));
}

void BodyEditTest::keepsOtherStreamOptions()
{
    QCOMPARE(
        edited(openAi(), R"({"stream_options":{ "include_obfuscation" : false },"model":"a","stream":true})",
               {"b", true, {}}),
        std::string(R"({"stream_options":{ "include_obfuscation" : false ,"include_usage":true},"model":"b",)"
                    R"("stream":true})"));
    QCOMPARE(edited(openAi(), R"({"stream_options":{"include_usage":false},"model":"a","stream":true})",
                    {"b", true, {}}),
             std::string(R"({"stream_options":{"include_usage":true},"model":"b","stream":true})"));
    QCOMPARE(edited(openAi(), R"({"stream_options":null,"model":"a","stream":true})", {"b", true, {}}),
             std::string(R"({"stream_options":{"include_usage":true},"model":"b","stream":true})"));
}

void BodyEditTest::mergesOverridesButNeverModelOrStream()
{
    const std::string overrides =
        R"({"temperature":0.2,"reasoning":{"effort":"low"},"model":"evil","stream":true})";
    QCOMPARE(edited(openAi(), R"({"temperature":1,"model":"a","n":1})", {"b", false, overrides}),
             std::string(R"({"temperature":0.2,"model":"b","n":1,"reasoning":{"effort":"low"}})"));
}

void BodyEditTest::readsFactsOfAnOpenAiBody()
{
    const std::string body = fixture("openai/request_agent.json");
    const JsonDocument document = scanned(body);
    const auto facts = openAi().facts(document, {});
    QVERIFY(facts.ok());
    QCOMPARE(facts->model, std::string("gpt-4.1"));
    QCOMPARE(facts->modelSpan, std::string_view("\"gpt-4.1\""));
    QVERIFY(facts->stream && facts->includeUsage && facts->hasTools && facts->hasImages);
    QCOMPARE(*facts->maxTokens, 2000);
    const auto listed = openAi().facts(scanned(R"({"model":"a","models":["a","b/c"],"messages":[1]})"), {});
    QVERIFY(listed.ok());
    QCOMPARE(listed->fallbackModels, (std::vector<std::string>{"a", "b/c"}));
}

void BodyEditTest::readsFactsOfAnAnthropicBody()
{
    const auto facts = anthropic().facts(scanned(fixture("anthropic/request_agent.json")), {});
    QVERIFY(facts.ok());
    QVERIFY(facts->stream && facts->includeUsage && facts->hasTools);
    QCOMPARE(*facts->maxTokens, 32000);
    QVERIFY(
        anthropic().facts(scanned(R"({"model":"a","messages":[{"role":"user","content":"x"}]})"), {}).ok());
}

void BodyEditTest::refusesWrongTypes_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("param");
    const auto row = [](const char* body, const char* param) { QTest::newRow(body) << body << param; };
    row(R"({"messages":[1]})", "model");
    row(R"({"model":"","messages":[1]})", "model");
    row(R"({"model":7,"messages":[1]})", "model");
    row(R"({"model":"../x","messages":[1]})", "model");
    row(R"({"model":"a b","messages":[1]})", "model");
    row(R"({"model":"a\n","messages":[1]})", "model");
    row(R"({"model":"a","messages":[]})", "messages");
    row(R"({"model":"a","messages":{}})", "messages");
    row(R"({"model":"a"})", "messages");
    row(R"({"model":"a","messages":[1],"stream":"true"})", "stream");
    row(R"({"model":"a","messages":[1],"stream":1})", "stream");
    row(R"({"model":"a","messages":[1],"max_tokens":0})", "max_tokens");
    row(R"({"model":"a","messages":[1],"max_tokens":1.5})", "max_tokens");
    row(R"({"model":"a","messages":[1],"max_tokens":"9"})", "max_tokens");
    row(R"({"model":"a","messages":[1],"models":["a",""]})", "models");
}

void BodyEditTest::refusesWrongTypes()
{
    QFETCH(QString, body);
    QFETCH(QString, param);
    const std::string text = body.toStdString();
    for (const dialect::Dialect* dialect : {&openAi(), &anthropic()}) {
        const auto facts = dialect->facts(scanned(text), {});
        QVERIFY(!facts.ok());
        QCOMPARE(facts.error().code, Code::InvalidRequest);
        QCOMPARE(facts.error().param, param.toStdString());
    }
    QVERIFY(!openAi().facts(scanned(R"({"model":"a","messages":[1],"stream_options":true})"), {}).ok());
}

void BodyEditTest::seesImagesInToolResultsOnly()
{
    const auto images = [](std::string_view body) { return anthropic().facts(scanned(body), {})->hasImages; };
    QVERIFY(images(fixture("anthropic/request_agent.json")));
    QVERIFY(
        !images(R"({"model":"a","messages":[{"role":"user","content":[{"type":"text","text":"image"}]}]})"));
    // moc cannot read a raw string with escaped quotes inside of a macro's arguments.
    const auto* const quoted =
        R"({"model":"a","tools":[{"type":"image"}],"messages":[{"role":"user","content":"\"image\""}]})";
    QVERIFY(!images(quoted));
}

void BodyEditTest::addsCostToAWholeAnswer()
{
    const std::string answer = R"({"choices":[], "usage":{ "prompt_tokens":1 }, "z":[ ]})";
    QCOMPARE(openAi().addCost(answer, scanned(answer), Money::fromNanos(2500)),
             std::string(R"({"choices":[], "usage":{ "prompt_tokens":1 ,"cost":0.0000025}, "z":[ ]})"));
    const std::string bare = R"({"choices":[]})";
    QCOMPARE(openAi().addCost(bare, scanned(bare), Money::fromNanos(2500)), bare);
}

void BodyEditTest::tellsCompletionsFromOtherJson()
{
    QVERIFY(openAi().isAnswer(scanned(R"({"choices":[{"message":{"role":"assistant"}}]})"), Operation::Chat));
    QVERIFY(!openAi().isAnswer(scanned(R"({"choices":[]})"), Operation::Chat));
    QVERIFY(!openAi().isAnswer(scanned(R"({"ok":true})"), Operation::Chat));
    QVERIFY(anthropic().isAnswer(scanned(R"({"type":"message","content":[]})"), Operation::Chat));
    QVERIFY(anthropic().isAnswer(scanned(R"({"input_tokens":12})"), Operation::CountTokens));
    QVERIFY(!anthropic().isAnswer(scanned(R"({"choices":[{"message":{}}]})"), Operation::Chat));
}

QTEST_GUILESS_MAIN(BodyEditTest)
#include "body_edit_test.moc"
