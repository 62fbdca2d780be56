// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class CohereRequestTest : public QObject {
    Q_OBJECT

private slots:
    void readsFacts();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void keepsUnknownFieldsByteForByte();
    void readsAnAgentsRequest();
    void saysAnAgentsRequestElsewhere();
    void writesAnAgentsRequest();
    void forcesOneTool();
    void keepsWithinItsLimits();
    void saysThinking_data();
    void saysThinking();
    void keepsSignedThinkingToItself();
    void saysStructuredOutput();
    void putsImagesOfResultsIntoAMessage();
    void saysTheSameWhenReadAgain();
};

namespace {

const dialect::Dialect& cohere()
{
    return dialect::dialectOf(DialectId::Cohere);
}

Request read(const dialect::Dialect& dialect, std::string_view body)
{
    auto request = dialect.decodeRequest(body, {});
    return request ? std::move(request.value()) : Request();
}

Json translated(const dialect::Dialect& from, const dialect::Dialect& to, std::string_view body)
{
    Request request = read(from, body);
    return Json::parse(to.encodeRequest(request), nullptr, false);
}

bool has(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A request of OpenAI's with one question and these further members.
std::string asked(const std::string& members)
{
    return R"({"model":"m","messages":[{"role":"user","content":"Hello"}])" + members + "}";
}

} // namespace

void CohereRequestTest::readsFacts()
{
    const std::string body = fixture("cohere/request_agent.json");
    const auto facts = cohere().facts(scanned(body), {});
    QVERIFY(facts.ok());
    QVERIFY(facts->stream && facts->hasTools && facts->hasImages && facts->includeUsage);
    QCOMPARE(*facts->maxTokens, 300);
    dialect::PathFacts embed;
    embed.operation = Operation::Embed;
    QVERIFY(cohere().facts(scanned(R"({"model":"e","texts":["a"]})"), embed).ok());
}

void CohereRequestTest::refusesWhatCannotBe_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("param");
    const auto row = [](const char* body, const char* param) { QTest::newRow(body) << body << param; };
    row(R"({"messages":[{"role":"user","content":"a"}]})", "model");
    row(R"({"model":"a","messages":[]})", "messages");
    row(R"({"model":"a","max_tokens":0,"messages":[{"role":"user","content":"a"}]})", "max_tokens");
    row(R"({"model":"a","messages":[{"role":"chatbot","content":"a"}]})", "messages[0].role");
    row(R"({"model":"a","messages":[{"role":"user","content":"a"}],"tools":[{"function":{}}]})",
        "tools[0].function.name");
}

void CohereRequestTest::refusesWhatCannotBe()
{
    QFETCH(QString, body);
    QFETCH(QString, param);
    const std::string text = body.toStdString();
    const auto document = scanned(text);
    const auto facts = cohere().facts(document, {});
    const Error error = facts ? cohere().decodeRequest(text, {}).error() : facts.error();
    QCOMPARE(error.code, Code::InvalidRequest);
    QCOMPARE(error.param, param.toStdString());
}

void CohereRequestTest::keepsUnknownFieldsByteForByte()
{
    const std::string body = "{ \"x\" : [1.0e5], \"model\" : \"a\" , \"documents\":[\"d\"] }";
    dialect::BodyEdit edit;
    edit.model = "command-r7b";
    edit.addUsage = true;
    const auto edited = cohere().edit(body, scanned(body), edit);
    QVERIFY(edited.ok());
    QCOMPARE(edited.value(),
             std::string("{ \"x\" : [1.0e5], \"model\" : \"command-r7b\" , \"documents\":[\"d\"] }"));
}

void CohereRequestTest::readsAnAgentsRequest()
{
    const Request request = read(cohere(), fixture("cohere/request_agent.json"));
    QCOMPARE(request.messages.size(), std::size_t(6));
    QCOMPARE(std::get<ImagePart>(request.messages[1].parts.at(1)).detail, std::string("low"));
    QCOMPARE(std::get<TextPart>(request.messages[2].parts.at(0)).text, std::string("I look it up."));
    QCOMPARE(std::get<ToolCallPart>(request.messages[2].parts.at(1)).argumentsJson,
             std::string(R"({"city":"Bern"})"));
    QCOMPARE(request.messages[3].parts.size(), std::size_t(2)); // both results in one message
    const auto& result = std::get<ToolResultPart>(request.messages[3].parts.at(0));
    QCOMPARE(std::get<TextPart>(result.content.at(0)).text, std::string(R"({"sky":"clear"})"));
    QCOMPARE(std::get<ThinkingPart>(request.messages[4].parts.at(0)).text, std::string("Done."));
    QCOMPARE(request.toolChoice.mode, ToolChoice::Mode::Required);
    QVERIFY(request.tools.at(0).strict == true);
    QCOMPARE(*request.reasoning.budgetTokens, 2000);
    QCOMPARE(*request.topK, 30);
    QCOMPARE(*request.topP, 0.8);
    QCOMPARE(request.stop, std::vector<std::string>{"END"});
    for (const char* name : {"documents", "citation_options", "safety_mode", "priority"})
        QVERIFY2(has(request.dropped, name), name);
}

void CohereRequestTest::saysAnAgentsRequestElsewhere()
{
    const Json chat = translated(cohere(), openAi(), fixture("cohere/request_agent.json"));
    QCOMPARE(chat["tool_choice"].get<std::string>(), std::string("required"));
    QCOMPARE(chat["messages"][3]["tool_call_id"].get<std::string>(), std::string("weather_1"));
    QCOMPARE(chat["response_format"]["json_schema"]["schema"]["type"].get<std::string>(),
             std::string("object"));
    QVERIFY(chat["stream"].get<bool>());
    const Json messages = translated(cohere(), anthropic(), fixture("cohere/request_agent.json"));
    QCOMPARE(messages["messages"][1]["content"][1]["name"].get<std::string>(), std::string("weather"));
}

void CohereRequestTest::writesAnAgentsRequest()
{
    const Json request = translated(openAi(), cohere(), R"({"model":"m","max_tokens":9,"stop":"E","top_p":1,
        "temperature":0.5,"seed":3,"messages":[{"role":"developer","content":"Be short."},
        {"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"https://a/b.png"}}]},
        {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":[1]}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"one"},
        {"role":"assistant","content":"Fine.","reasoning_content":"Hm."},{"role":"user","content":"So?"}],
        "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,"parameters":{"type":"object"}}}]})");
    const Json wanted = Json::parse(R"({"model":"m","messages":[{"role":"system","content":"Be short."},
        {"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"https://a/b.png"}}]},
        {"role":"assistant","tool_plan":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":[1]}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"one"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"Fine."}]},
        {"role":"user","content":"So?"}],
        "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],
        "strict_tools":true,"max_tokens":9,"temperature":0.5,"p":0.99,"seed":3,"stop_sequences":["E"],"stream":false})");
    QCOMPARE(request.dump(), wanted.dump());
}

void CohereRequestTest::forcesOneTool()
{
    const std::string tools =
        R"(,"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}])";
    const Json named = translated(
        openAi(), cohere(), asked(tools + R"(,"tool_choice":{"type":"function","function":{"name":"g"}})"));
    QCOMPARE(named["tool_choice"].get<std::string>(), std::string("REQUIRED"));
    QCOMPARE(named["tools"].size(), std::size_t(1));
    QCOMPARE(named["tools"][0]["function"]["name"].get<std::string>(), std::string("g"));
    const Json none = translated(openAi(), cohere(), asked(tools + R"(,"tool_choice":"none")"));
    QCOMPARE(none["tool_choice"].get<std::string>(), std::string("NONE"));
    QVERIFY(!translated(openAi(), cohere(), asked(tools)).contains("tool_choice"));
}

void CohereRequestTest::keepsWithinItsLimits()
{
    Request request =
        read(openAi(), asked(R"(,"stop":["1","2","3","4","5","6"],"presence_penalty":-1,"frequency_penalty":2,
            "top_k":9999,"seed":-4,"parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f"}},
            {"type":"function","function":{"name":"g","strict":true}}])"));
    const Json body = Json::parse(cohere().encodeRequest(request));
    QCOMPARE(body["stop_sequences"].size(), std::size_t(5));
    QCOMPARE(int(body["k"]), 500);
    for (const char* name :
         {"stop>5", "presence_penalty", "frequency_penalty", "seed", "strict", "parallel_tool_calls"})
        QVERIFY2(has(request.dropped, name), name);
    QVERIFY(!body.contains("strict_tools"));
}

void CohereRequestTest::saysThinking_data()
{
    QTest::addColumn<QString>("members");
    QTest::addColumn<QString>("thinking");
    QTest::newRow("budget") << R"(,"reasoning":{"max_tokens":700})"
                            << R"({"token_budget":700,"type":"enabled"})";
    QTest::newRow("low") << R"(,"reasoning_effort":"low")"
                         << R"({"token_budget":1024,"type":"enabled"})";
    QTest::newRow("high") << R"(,"reasoning_effort":"high")"
                          << R"({"type":"enabled"})";
    QTest::newRow("none") << R"(,"reasoning_effort":"none")"
                          << R"({"type":"disabled"})";
    QTest::newRow("unsaid") << ""
                            << "null";
}

void CohereRequestTest::saysThinking()
{
    QFETCH(QString, members);
    QFETCH(QString, thinking);
    const Json body = translated(openAi(), cohere(), asked(members.toStdString()));
    QCOMPARE(body.value("thinking", Json()).dump(), thinking.toStdString());
}

void CohereRequestTest::keepsSignedThinkingToItself()
{
    const Json body = translated(anthropic(), cohere(), R"({"model":"m","max_tokens":9,"messages":[
        {"role":"user","content":"a"},{"role":"assistant","content":[
        {"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"text","text":"b"}]},
        {"role":"user","content":"c"}]})");
    QCOMPARE(body["messages"][1]["content"].dump(), std::string("\"b\""));
}

void CohereRequestTest::saysStructuredOutput()
{
    const Json schema = translated(
        openAi(), cohere(),
        asked(
            R"(,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}})"));
    QCOMPARE(schema["response_format"].dump(),
             std::string(R"({"json_schema":{"type":"object"},"type":"json_object"})"));
    const Json plain = translated(openAi(), cohere(), asked(R"(,"response_format":{"type":"json_object"})"));
    QCOMPARE(plain["response_format"].dump(), std::string(R"({"type":"json_object"})"));
}

void CohereRequestTest::putsImagesOfResultsIntoAMessage()
{
    const Json messages = translated(anthropic(), cohere(), R"({"model":"m","max_tokens":9,"messages":[
        {"role":"user","content":"a"},
        {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"shot","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[
          {"type":"text","text":"late"},
          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}]})")
        ["messages"];
    QCOMPARE(messages[2]["content"].get<std::string>(), std::string(R"({"error":"late"})"));
    QCOMPARE(messages[3]["content"][1]["image_url"]["url"].get<std::string>(),
             std::string("data:image/png;base64,AAAA"));
    QCOMPARE(messages.size(), std::size_t(4));
}

void CohereRequestTest::saysTheSameWhenReadAgain()
{
    Request request = read(cohere(), fixture("cohere/request_agent.json"));
    const std::string once = cohere().encodeRequest(request);
    Request again = read(cohere(), once);
    QCOMPARE(cohere().encodeRequest(again), once);
}

QTEST_GUILESS_MAIN(CohereRequestTest)
#include "cohere_request_test.moc"
