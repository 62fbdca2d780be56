// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::CompletionContext;

class CompletionTranslationTest : public QObject {
    Q_OBJECT

private slots:
    void givesAnOpenAiAnswerToAnAnthropicClient();
    void givesAnAnthropicAnswerToAnOpenAiClient();
    void callsCustomToolsAsTheClientKnowsThem();
    void mapsFinishReasons_data();
    void mapsFinishReasons();
    void keepsUsageBothWays();
    void hidesUnsignedReasoningFromAnthropicClients();
    void refusesOtherShapes();
    void survivesHostileCounts();
};

namespace {

Json translated(const dialect::Dialect& from, const dialect::Dialect& to, const std::string& body,
                const CompletionContext& context = dialect::testing::context())
{
    const auto completion = from.decodeCompletion(body);
    return completion ? Json::parse(to.encodeCompletion(*completion, context)) : Json{{"refused", true}};
}

const char* const kOpenAiAnswer =
    R"json({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4.1",
  "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Let me see.","refusal":null,
    "tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Par\\u00eds\"}"}},
                  {"id":"call_2","type":"function","function":{"name":"now","arguments":""}}]}}],
  "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,
    "prompt_tokens_details":{"cached_tokens":60},"completion_tokens_details":{"reasoning_tokens":5}}})json";

const char* const kAnthropicAnswer =
    R"json({"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5",
  "content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"redacted_thinking","data":"b3BhcXVl"},
             {"type":"text","text":"Hello"},{"type":"server_tool_use","id":"srv","name":"web_search","input":{}},
             {"type":"tool_use","id":"toolu_1","name":"apply_patch","input":{"input":"*** Begin"}}],
  "stop_reason":"tool_use","stop_sequence":null,
  "usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":7}})json";

} // namespace

void CompletionTranslationTest::givesAnOpenAiAnswerToAnAnthropicClient()
{
    CompletionContext context = dialect::testing::context();
    context.cost = Money::fromNanos(1'500'000);
    Json body = translated(openAi(), anthropic(), kOpenAiAnswer, context);
    QVERIFY(body["id"].get<std::string>().starts_with("msg_"));
    body.erase("id");
    const Json wanted = Json::parse(R"json({"type":"message","role":"assistant","model":"smart","content":[
      {"type":"text","text":"Let me see."},
      {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"París"}},
      {"type":"tool_use","id":"call_2","name":"now","input":{}}],
      "stop_reason":"tool_use","stop_sequence":null,
      "usage":{"input_tokens":40,"cache_creation_input_tokens":0,"cache_read_input_tokens":60,"output_tokens":20,
               "cost":0.0015}})json");
    QCOMPARE(body.dump(1), wanted.dump(1));
}

void CompletionTranslationTest::givesAnAnthropicAnswerToAnOpenAiClient()
{
    Json body = translated(anthropic(), openAi(), kAnthropicAnswer);
    QVERIFY(body["id"].get<std::string>().starts_with("chatcmpl-"));
    body.erase("id");
    const Json wanted =
        Json::parse(R"json({"object":"chat.completion","created":1790000000,"model":"smart","choices":[
      {"index":0,"finish_reason":"tool_calls","logprobs":null,"message":{"role":"assistant","content":"Hello","refusal":null,
        "reasoning_content":"Hm.","reasoning_details":[
          {"type":"reasoning.text","text":"Hm.","signature":"c2ln","format":"anthropic-claude-v1","index":0},
          {"type":"reasoning.encrypted","data":"b3BhcXVl","format":"anthropic-claude-v1","index":1}],
        "tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"apply_patch",
          "arguments":"{\"input\":\"*** Begin\"}"}}]}}],
      "usage":{"prompt_tokens":60,"completion_tokens":7,"total_tokens":67,
        "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":20},
        "completion_tokens_details":{"reasoning_tokens":0}}})json");
    QCOMPARE(body.dump(1), wanted.dump(1));
}

void CompletionTranslationTest::callsCustomToolsAsTheClientKnowsThem()
{
    CompletionContext context = dialect::testing::context();
    const Request request = withCustomTool("apply_patch");
    context.request = &request;
    const Json body = translated(anthropic(), openAi(), kAnthropicAnswer, context);
    const Json wanted = Json::parse(
        R"({"id":"toolu_1","type":"custom","custom":{"name":"apply_patch","input":"*** Begin"}})");
    QCOMPARE(body["choices"][0]["message"]["tool_calls"][0].dump(), wanted.dump());
}

void CompletionTranslationTest::mapsFinishReasons_data()
{
    QTest::addColumn<bool>("fromOpenAi");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    const auto row = [](bool fromOpenAi, const char* from, const char* to) {
        QTest::newRow(from) << fromOpenAi << from << to;
    };
    row(true, "stop", "end_turn");
    row(true, "length", "max_tokens");
    row(true, "content_filter", "refusal");
    row(true, "eos", "end_turn");
    row(false, "end_turn", "stop");
    row(false, "stop_sequence", "stop");
    row(false, "pause_turn", "stop");
    row(false, "max_tokens", "length");
    row(false, "refusal", "content_filter");
    row(false, "tool_use", "tool_calls");
}

void CompletionTranslationTest::mapsFinishReasons()
{
    QFETCH(bool, fromOpenAi);
    QFETCH(QString, from);
    QFETCH(QString, to);
    const std::string reason = from.toStdString();
    std::string found;
    if (fromOpenAi) {
        const Json body = {{"choices", {{{"message", {{"content", "x"}}}, {"finish_reason", reason}}}}};
        found = translated(openAi(), anthropic(), body.dump())["stop_reason"];
    } else {
        const Json body = {{"content", Json::array()}, {"stop_reason", reason}};
        found = translated(anthropic(), openAi(), body.dump())["choices"][0]["finish_reason"];
    }
    QCOMPARE(found, to.toStdString());
}

void CompletionTranslationTest::keepsUsageBothWays()
{
    const Usage usage = openAi().readUsage(scanned(kOpenAiAnswer));
    QCOMPARE(usage.inputTokens, 100);
    QCOMPARE(usage.cacheReadTokens, 60);
    QCOMPARE(usage.reasoningTokens, 5);
    const Usage other = anthropic().readUsage(scanned(kAnthropicAnswer));
    QCOMPARE(other.inputTokens, 60);
    QCOMPARE(other.cacheReadTokens, 30);
    QCOMPARE(other.cacheWriteTokens, 20);
    QCOMPARE(other.outputTokens, 7);
    QVERIFY(!openAi().readUsage(scanned(R"({"choices":[]})")).known);
    const auto priced = openAi().readUsage(scanned(R"({"usage":{"prompt_tokens":1,"cost":1.5e-05}})"));
    QCOMPARE(priced.reportedCost->nanos(), 15000);
}

void CompletionTranslationTest::hidesUnsignedReasoningFromAnthropicClients()
{
    const Json body = translated(
        openAi(), anthropic(), R"({"choices":[{"message":{"content":"Hi","reasoning_content":"secret"}}]})");
    QCOMPARE(body["content"].dump(), std::string(R"([{"text":"Hi","type":"text"}])"));
}

void CompletionTranslationTest::refusesOtherShapes()
{
    for (const char* body :
         {R"({"choices":[]})", R"({"ok":1})", R"({"choices":[1]})", R"({"content":"x"})"}) {
        for (const dialect::Dialect* dialect : {&openAi(), &anthropic()}) {
            const auto completion = dialect->decodeCompletion(body);
            QVERIFY(!completion.ok());
            QCOMPARE(completion.error().code, Code::UpstreamInvalidResponse);
        }
    }
    const auto failed = openAi().decodeCompletion(R"({"error":{"message":"busy","code":529}})");
    QCOMPARE(failed.error().code, Code::UpstreamOverloaded);
}

void CompletionTranslationTest::survivesHostileCounts()
{
    const char* const counts = R"({"usage":{"prompt_tokens":-5,"completion_tokens":9223372036854775807,)"
                               R"("prompt_tokens_details":{"cached_tokens":99},"cost":-3}})";
    const Usage usage = openAi().readUsage(scanned(counts));
    QCOMPARE(usage.inputTokens, 0);
    QCOMPARE(usage.cacheReadTokens, 0);
    QVERIFY(usage.outputTokens > 0 && usage.outputTokens <= 1'000'000'000'000);
    QVERIFY(!usage.reportedCost);
}

QTEST_GUILESS_MAIN(CompletionTranslationTest)
#include "completion_translation_test.moc"
