// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class RequestTranslationTest : public QObject {
    Q_OBJECT

private slots:
    void translatesAnAgentsRequestToAnthropic();
    void translatesClaudeCodesRequestToOpenAi();
    void keepsReasoningForServersThatTakeItBack();
    void saysWhatWasDropped();
    void mapsToolChoice_data();
    void mapsToolChoice();
    void mapsReasoning_data();
    void mapsReasoning();
    void raisesMaxTokensAboveTheBudget();
    void leavesThinkingOutWhereTheClientCannotGiveItBack();
    void mapsResponseFormat();
    void takesMaxCompletionTokensForReasoningModelsOnly();
    void keepsBrokenArgumentsAsText();
    void refusesUnknownRoles();
    void refusesToolsWithoutAName();
    void turnsALoneSystemMessageIntoAQuestion();
    void isStableWhenSentRound_data();
    void isStableWhenSentRound();
};

namespace {

Json translated(const dialect::Dialect& from, const dialect::Dialect& to, std::string_view body,
                std::string model = {}, std::vector<std::string>* dropped = nullptr)
{
    auto request = from.decodeRequest(body, {});
    if (!request) return {{"refused", request.error().param}};
    if (!model.empty()) {
        request->model = std::move(model);
    }
    const std::string text = to.encodeRequest(*request);
    if (dropped) {
        *dropped = request->dropped;
    }
    return Json::parse(text);
}

/// The member that is at fault, where the request was refused.
std::string refused(const Json& translation)
{
    return translation.value("refused", std::string());
}

Json toAnthropic(std::string_view body, std::string model = "claude-sonnet-4-5")
{
    return translated(openAi(), anthropic(), body, std::move(model));
}

Json toOpenAi(std::string_view body, std::string model = "gpt-4.1")
{
    return translated(anthropic(), openAi(), body, std::move(model));
}

} // namespace

void RequestTranslationTest::translatesAnAgentsRequestToAnthropic()
{
    const Json body = toAnthropic(fixture("openai/request_agent.json"));
    const Json wanted = Json::parse(R"json({
      "model": "claude-sonnet-4-5", "max_tokens": 2000, "stream": true, "temperature": 1,
      "system": [{"type":"text","text":"You are helpful."}, {"type":"text","text":"Answer in French."}],
      "messages": [
        {"role":"user","content":[
          {"type":"text","text":"What is this?"},
          {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/4AAQ"}},
          {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},
          {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}]},
        {"role":"assistant","content":[
          {"type":"thinking","thinking":"Hm.","signature":"c2ln"},
          {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"Paris"}},
          {"type":"tool_use","id":"call_2","name":"weather","input":{}},
          {"type":"tool_use","id":"call_3","name":"apply_patch","input":{"input":"*** Begin"}}]},
        {"role":"user","content":[
          {"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"sunny"}]},
          {"type":"tool_result","tool_use_id":"call_2","content":[{"type":"text","text":"{\"error\": \"no city\"}"}],"is_error":true},
          {"type":"tool_result","tool_use_id":"call_3","content":[{"type":"text","text":"done"}]}]},
        {"role":"user","content":[{"type":"text","text":"Go on"}]}],
      "tools": [
        {"name":"weather","description":"Weather of a city","strict":true,
         "input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}},
        {"name":"apply_patch","description":"Patches\n\nThe input has to follow this grammar:\nstart: /.+/",
         "input_schema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}],
      "tool_choice": {"type":"any","disable_parallel_tool_use":true},
      "stop_sequences": ["END"], "metadata": {"user_id":"u-1"}
    })json");
    QCOMPARE(body.dump(1), wanted.dump(1));
}

void RequestTranslationTest::translatesClaudeCodesRequestToOpenAi()
{
    const Json body = toOpenAi(fixture("anthropic/request_agent.json"), "gpt-5.1");
    const Json wanted = Json::parse(R"json({
      "model": "gpt-5.1", "max_completion_tokens": 32000, "stream": true, "stream_options": {"include_usage": true},
      "reasoning_effort": "high",
      "messages": [
        {"role":"system","content":"You are an agent.\n\nBe brief."},
        {"role":"user","content":"<system-reminder>x</system-reminder>\n\nList files"},
        {"role":"user","content":"please"},
        {"role":"system","content":"Mind the gap."},
        {"role":"assistant","content":"Running.","tool_calls":[
          {"id":"toolu_1","type":"function","function":{"name":"Bash","arguments":"{\"command\":\"ls\"}"}},
          {"id":"toolu_2","type":"function","function":{"name":"Bash","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"toolu_1","content":"a.txt"},
        {"role":"tool","tool_call_id":"toolu_2","content":"{\"error\":\"no such file\"}"},
        {"role":"tool","tool_call_id":"toolu_3","content":"Tool now available: WebFetch"},
        {"role":"user","content":[
          {"type":"text","text":"Image in the result of tool call toolu_1:"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
        {"role":"user","content":"And now?"}],
      "tools": [
        {"type":"function","function":{"name":"Bash","description":"Runs a command",
          "parameters":{"type":"object","properties":{"command":{"type":"string"}}}}},
        {"type":"function","function":{"name":"WebFetch","description":"Fetches","parameters":{"type":"object"}}}]
    })json");
    QCOMPARE(body.dump(1), wanted.dump(1));
}

void RequestTranslationTest::keepsReasoningForServersThatTakeItBack()
{
    const Json body = toOpenAi(fixture("anthropic/request_agent.json"), "anthropic/claude-sonnet-4.5");
    const Json& message = body["messages"][4];
    QCOMPARE(message["reasoning_content"].get<std::string>(), std::string("ls it"));
    QCOMPARE(message["reasoning_details"][0]["signature"].get<std::string>(), std::string("c2ln"));
    // And from there to Anthropic again: the signature is still the same.
    const Json again = toAnthropic(body.dump());
    QCOMPARE(again["messages"][2]["content"][0]["thinking"].get<std::string>(), std::string("ls it"));
    QCOMPARE(again["messages"][2]["content"][0]["signature"].get<std::string>(), std::string("c2ln"));
}

void RequestTranslationTest::saysWhatWasDropped()
{
    std::vector<std::string> dropped;
    translated(openAi(), anthropic(), fixture("openai/request_agent.json"), "claude-sonnet-4-5", &dropped);
    std::sort(dropped.begin(), dropped.end());
    QCOMPARE(dropped, (std::vector<std::string>{"logprobs", "n", "seed", "temperature>1"}));
    translated(anthropic(), openAi(), fixture("anthropic/request_agent.json"), "gpt-4.1", &dropped);
    std::sort(dropped.begin(), dropped.end());
    QCOMPARE(dropped, (std::vector<std::string>{"reasoning", "tools.web_search_20250305"}));
}

void RequestTranslationTest::mapsToolChoice_data()
{
    QTest::addColumn<QString>("openAiChoice");
    QTest::addColumn<QString>("anthropicChoice");
    QTest::newRow("auto") << R"("auto")"
                          << R"({"type":"auto"})";
    QTest::newRow("none") << R"("none")"
                          << R"({"type":"none"})";
    QTest::newRow("required") << R"("required")"
                              << R"({"type":"any"})";
    QTest::newRow("named") << R"({"type":"function","function":{"name":"f"}})"
                           << R"({"type":"tool","name":"f"})";
}

void RequestTranslationTest::mapsToolChoice()
{
    QFETCH(QString, openAiChoice);
    QFETCH(QString, anthropicChoice);
    const std::string one =
        R"({"model":"a","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function",)"
        R"("function":{"name":"f"}}],"tool_choice":)" +
        openAiChoice.toStdString() + "}";
    const std::string other =
        R"({"model":"a","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[)"
        R"({"name":"f","input_schema":{"type":"object"}}],"tool_choice":)" +
        anthropicChoice.toStdString() + "}";
    QCOMPARE(toAnthropic(one)["tool_choice"].dump(), Json::parse(anthropicChoice.toStdString()).dump());
    QCOMPARE(toOpenAi(other)["tool_choice"].dump(), Json::parse(openAiChoice.toStdString()).dump());
}

void RequestTranslationTest::mapsReasoning_data()
{
    QTest::addColumn<QString>("wish");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* wish, const char* model, const char* wanted) {
        QTest::addRow("%s %s", wish, model) << wish << model << wanted;
    };
    row(R"("reasoning_effort":"low")", "claude-sonnet-4-5",
        R"({"thinking":{"type":"enabled","budget_tokens":1024}})");
    row(R"("reasoning_effort":"high")", "claude-3-7-sonnet-20250219",
        R"({"thinking":{"type":"enabled","budget_tokens":4096}})");
    row(R"("reasoning_effort":"medium")", "claude-opus-4-5-20251101",
        R"({"thinking":{"type":"enabled","budget_tokens":2048},"output_config":{"effort":"medium"}})");
    row(R"("reasoning_effort":"high")", "claude-sonnet-4-6",
        R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}})");
    row(R"("reasoning_effort":"xhigh")", "claude-opus-5-5",
        R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"max"}})");
    row(R"("reasoning":{"max_tokens":9000})", "claude-sonnet-4-5",
        R"({"thinking":{"type":"enabled","budget_tokens":9000}})");
    row(R"("reasoning":{"enabled":true})", "claude-sonnet-4-6", R"({"thinking":{"type":"adaptive"}})");
    row(R"("reasoning_effort":"none")", "claude-sonnet-4-5", "{}");
    row(R"("reasoning_effort":"high")", "claude-3-5-haiku-20241022", "{}");
}

void RequestTranslationTest::mapsReasoning()
{
    QFETCH(QString, wish);
    QFETCH(QString, model);
    QFETCH(QString, wanted);
    const Json body =
        toAnthropic(R"({"model":"a","messages":[{"role":"user","content":"x"}],)" + wish.toStdString() + "}",
                    model.toStdString());
    Json found = Json::object();
    for (const char* key : {"thinking", "output_config"}) {
        if (body.contains(key)) {
            found[key] = body[key];
        }
    }
    QCOMPARE(found.dump(), Json::parse(wanted.toStdString()).dump());
}

void RequestTranslationTest::raisesMaxTokensAboveTheBudget()
{
    const Json body =
        toAnthropic(R"({"model":"a","max_tokens":1000,"temperature":0.2,"top_k":5,"reasoning_effort":"high",)"
                    R"("messages":[{"role":"user","content":"x"}]})");
    QCOMPARE(body["max_tokens"].get<int>(), 5096);
    QVERIFY(!body.contains("temperature") && !body.contains("top_k"));
    QCOMPARE(
        toAnthropic(R"({"model":"a","messages":[{"role":"user","content":"x"}]})")["max_tokens"].get<int>(),
        4096);
}

void RequestTranslationTest::leavesThinkingOutWhereTheClientCannotGiveItBack()
{
    const std::string body =
        R"({"model":"a","reasoning_effort":"high","messages":[{"role":"user","content":"x"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"c","content":"1"}]})";
    std::vector<std::string> dropped;
    QVERIFY(!translated(openAi(), anthropic(), body, "claude-sonnet-4-5", &dropped).contains("thinking"));
    QCOMPARE(dropped, std::vector<std::string>{"reasoning"});
    QVERIFY(toAnthropic(body, "claude-sonnet-4-6").contains("thinking"));
}

void RequestTranslationTest::mapsResponseFormat()
{
    const std::string start = R"({"model":"a","messages":[{"role":"user","content":"x"}],"response_format":)";
    const Json schema = Json::parse(R"({"type":"object","additionalProperties":false})");
    const Json one = toAnthropic(
        start +
        R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","additionalProperties":false}}}})");
    QCOMPARE(one["output_config"]["format"]["schema"].dump(), schema.dump());
    const Json back = toOpenAi(one.dump());
    QCOMPARE(back["response_format"]["json_schema"]["schema"].dump(), schema.dump());
    std::vector<std::string> dropped;
    const Json asked = translated(openAi(), anthropic(), start + R"({"type":"json_object"}})", {}, &dropped);
    QVERIFY(asked["system"][0]["text"].get<std::string>().find("JSON object") != std::string::npos);
    QVERIFY(dropped.empty());
    translated(openAi(), anthropic(), start + R"({"type":"text"}})", {}, &dropped);
    QVERIFY(dropped.empty());
    translated(openAi(), anthropic(), start + R"({"type":"grammar"}})", {}, &dropped);
    QCOMPARE(dropped, std::vector<std::string>{"response_format"});
}

void RequestTranslationTest::takesMaxCompletionTokensForReasoningModelsOnly()
{
    const std::string body = R"({"model":"a","max_tokens":9,"temperature":0.5,"stop_sequences":["a"],)"
                             R"("messages":[{"role":"user","content":"x"}]})";
    for (const char* model : {"o3", "o4-mini", "gpt-5", "openai/gpt-5.2-codex"}) {
        const Json found = toOpenAi(body, model);
        QCOMPARE(found["max_completion_tokens"].get<int>(), 9);
        QVERIFY(!found.contains("max_tokens") && !found.contains("temperature") && !found.contains("stop"));
    }
    for (const char* model : {"gpt-4.1", "gpt-5-chat-latest", "qwen3", "gpt-oss-120b", "openrouter/auto"}) {
        const Json found = toOpenAi(body, model);
        QCOMPARE(found["max_tokens"].get<int>(), 9);
        QVERIFY(found.contains("temperature") && found.contains("stop"));
    }
}

void RequestTranslationTest::keepsBrokenArgumentsAsText()
{
    const Json body = toAnthropic(R"({"model":"a","messages":[{"role":"assistant","tool_calls":[
      {"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":"}},
      {"id":"d","type":"function","function":{"name":"f","arguments":"[1]"}},
      {"id":"e","type":"function","function":{"name":"f","arguments":" {\"n\" : 1 } "}}]}]})");
    const Json& content = body["messages"][0]["content"];
    const Json broken = {{"arguments", "{\"a\":"}};
    const Json list = {{"arguments", "[1]"}};
    QCOMPARE(content[0]["input"].dump(), broken.dump());
    QCOMPARE(content[1]["input"].dump(), list.dump());
}

void RequestTranslationTest::refusesUnknownRoles()
{
    QCOMPARE(
        refused(translated(openAi(), anthropic(),
                           R"({"model":"a","messages":[{"role":"user","content":"x"},{"role":"robot"}]})")),
        std::string("messages[1].role"));
    QCOMPARE(refused(translated(anthropic(), openAi(), R"({"model":"a","messages":[7]})")),
             std::string("messages.0.role"));
}

void RequestTranslationTest::refusesToolsWithoutAName()
{
    const std::string start = R"({"model":"a","messages":[{"role":"user","content":"x"}],"tools":)";
    QCOMPARE(
        refused(translated(openAi(), anthropic(), start + R"([{"type":"function","function":{"a":1}}]})")),
        std::string("tools[0].function.name"));
    QCOMPARE(refused(translated(anthropic(), openAi(), start + R"([{"input_schema":{}}]})")),
             std::string("tools.0.name"));
}

void RequestTranslationTest::turnsALoneSystemMessageIntoAQuestion()
{
    const Json body = toAnthropic(R"({"model":"a","messages":[{"role":"system","content":"Hi"}]})");
    QVERIFY(!body.contains("system"));
    QCOMPARE(body["messages"].dump(),
             std::string(R"([{"content":[{"text":"Hi","type":"text"}],"role":"user"}])"));
}

void RequestTranslationTest::isStableWhenSentRound_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("isOpenAi");
    QTest::newRow("openai") << "openai/request_agent.json" << true;
    QTest::newRow("anthropic") << "anthropic/request_agent.json" << false;
}

void RequestTranslationTest::isStableWhenSentRound()
{
    QFETCH(QString, file);
    QFETCH(bool, isOpenAi);
    const dialect::Dialect& dialect = isOpenAi ? openAi() : anthropic();
    auto first = dialect.decodeRequest(fixture(file.toStdString()), {});
    QVERIFY(first.ok());
    const std::string once = dialect.encodeRequest(*first);
    auto second = dialect.decodeRequest(once, {});
    QVERIFY(second.ok());
    QCOMPARE(dialect.encodeRequest(*second), once);
}

QTEST_GUILESS_MAIN(RequestTranslationTest)
#include "request_translation_test.moc"
