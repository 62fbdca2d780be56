// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class OllamaRequestTest : public QObject {
    Q_OBJECT

private slots:
    void streamsWhereNothingIsSaid();
    void readsFacts();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void keepsUnknownFieldsByteForByte();
    void readsAnAgentsRequest();
    void pairsResultsWithTheirCalls();
    void givesTheSameIdsEachTime();
    void writesAnAgentsRequest();
    void saysThinkingAsTheModelTakesIt_data();
    void saysThinkingAsTheModelTakesIt();
    void saysStructuredOutput();
    void notesWhatItCannotSay();
    void asksOnePrompt();
    void translatesAPrompt();
};

namespace {

const dialect::Dialect& ollama()
{
    return dialect::dialectOf(DialectId::Ollama);
}

const dialect::Dialect& prompt()
{
    return dialect::dialectOf(DialectId::OllamaPrompt);
}

Request read(const dialect::Dialect& dialect, std::string_view body)
{
    auto request = dialect.decodeRequest(body, {});
    return request ? std::move(request.value()) : Request();
}

Json encodedFor(const dialect::Dialect& dialect, Request request)
{
    return Json::parse(dialect.encodeRequest(request), nullptr, false);
}

Json translated(const dialect::Dialect& from, const dialect::Dialect& to, std::string_view body)
{
    return encodedFor(to, read(from, body));
}

bool has(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr const char* kHello = R"("messages":[{"role":"user","content":"Hello"}])";

} // namespace

void OllamaRequestTest::streamsWhereNothingIsSaid()
{
    const auto facts = [](const std::string& body) { return ollama().facts(scanned(body), {}).value(); };
    QVERIFY(facts(R"({"model":"a"})").stream);
    QVERIFY(facts(R"({"model":"a","stream":true})").stream);
    QVERIFY(!facts(R"({"model":"a","stream":false})").stream);
    QVERIFY(read(ollama(), std::string("{\"model\":\"a\",") + kHello + "}").stream);
    QVERIFY(facts(R"({"model":"a"})").includeUsage);
    dialect::PathFacts embed;
    embed.operation = Operation::Embed;
    QVERIFY(!ollama().facts(scanned(R"({"model":"a","input":"x"})"), embed)->stream);
}

void OllamaRequestTest::readsFacts()
{
    const std::string body = fixture("ollama/request_agent.json");
    const auto document = scanned(body);
    const auto facts = ollama().facts(document, {});
    QVERIFY(facts.ok());
    QCOMPARE(facts->model, std::string("qwen3:8b"));
    QVERIFY(facts->hasTools && facts->hasImages);
    QCOMPARE(*facts->maxTokens, 512);
    const std::string endless = R"({"model":"a","options":{"num_predict":-1}})";
    QVERIFY(!ollama().facts(scanned(endless), {})->maxTokens);
    const std::string picture = R"({"model":"a","prompt":"?","images":["/9j/"]})";
    QVERIFY(prompt().facts(scanned(picture), {})->hasImages);
}

void OllamaRequestTest::refusesWhatCannotBe_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("param");
    const auto row = [](const char* body, const char* param) { QTest::newRow(body) << body << param; };
    row(R"({"model":1,"messages":[{"role":"user","content":"a"}]})", "model");
    row(R"({"model":"a","stream":"yes","messages":[{"role":"user","content":"a"}]})", "stream");
    row(R"({"model":"a","options":[],"messages":[{"role":"user","content":"a"}]})", "options");
    row(R"({"model":"a","messages":[]})", "messages");
    row(R"({"model":"a","messages":[{"role":"robot","content":"a"}]})", "messages[0].role");
    row(R"({"model":"a","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function"}]})",
        "tools[0].function.name");
}

void OllamaRequestTest::refusesWhatCannotBe()
{
    QFETCH(QString, body);
    QFETCH(QString, param);
    const std::string text = body.toStdString();
    const auto document = scanned(text);
    const auto facts = ollama().facts(document, {});
    const Error error = facts ? ollama().decodeRequest(text, {}).error() : facts.error();
    QCOMPARE(error.code, Code::InvalidRequest);
    QCOMPARE(error.param, param.toStdString());
}

void OllamaRequestTest::keepsUnknownFieldsByteForByte()
{
    const std::string body =
        "{ \"x_new\" : [1.0e5], \"model\" : \"a\" ,\"options\":{\"num_ctx\":8,\"y\":1}, \"keep_alive\":-1 }";
    const std::string wanted =
        "{ \"x_new\" : [1.0e5], \"model\" : \"qwen3\" ,\"options\":{\"num_ctx\":8,\"y\":1}, "
        "\"keep_alive\":-1 }";
    for (const dialect::Dialect* each : {&ollama(), &prompt()}) {
        dialect::BodyEdit edit;
        edit.model = "qwen3";
        edit.addUsage = true;
        const auto edited = each->edit(body, scanned(body), edit);
        QVERIFY(edited.ok());
        QCOMPARE(edited.value(), wanted);
    }
}

void OllamaRequestTest::readsAnAgentsRequest()
{
    const Request request = read(ollama(), fixture("ollama/request_agent.json"));
    QCOMPARE(request.messages.size(), std::size_t(5));
    QCOMPARE(request.messages[0].role, Role::System);
    const auto& image = std::get<ImagePart>(request.messages[1].parts.at(1));
    QCOMPARE(image.mediaType, std::string("image/png"));
    QCOMPARE(std::get<ThinkingPart>(request.messages[2].parts.at(0)).text, std::string("Two calls."));
    QCOMPARE(std::get<ToolCallPart>(request.messages[2].parts.at(2)).argumentsJson,
             std::string(R"({"city":"Bern"})"));
    QCOMPARE(*request.maxTokens, 512);
    QCOMPARE(*request.topK, 40);
    QCOMPARE(*request.seed, 7);
    QCOMPARE(*request.temperature, 0.2);
    QCOMPARE(*request.frequencyPenalty, -0.5);
    QCOMPARE(request.stop, std::vector<std::string>{"END"});
    QCOMPARE(request.reasoning.effort, Effort::High);
    QCOMPARE(request.dropped, std::vector<std::string>{"options.min_p"});
    const Json chat = encodedFor(openAi(), request);
    QCOMPARE(chat["response_format"]["json_schema"]["schema"]["properties"]["answer"]["type"].dump(),
             std::string("\"string\""));
    QCOMPARE(chat["tools"].size(), std::size_t(2));
    QCOMPARE(chat["messages"][1]["content"][1]["image_url"]["url"].get<std::string>(),
             std::string("data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="));
}

void OllamaRequestTest::pairsResultsWithTheirCalls()
{
    const Json chat = translated(ollama(), openAi(), fixture("ollama/request_agent.json"));
    const Json& calls = chat["messages"][2]["tool_calls"];
    QVERIFY(calls[0]["id"] != calls[1]["id"]);
    // Answered by name, in the other order.
    QCOMPARE(chat["messages"][3]["tool_call_id"].dump(), calls[1]["id"].dump());
    QCOMPARE(chat["messages"][4]["tool_call_id"].dump(), calls[0]["id"].dump());
    const Json messages = translated(ollama(), anthropic(), fixture("ollama/request_agent.json"))["messages"];
    QCOMPARE(messages[2]["content"][1]["is_error"].dump(), std::string("true"));
    // By id where there is one, in order where there is nothing.
    const Json plain = translated(ollama(), openAi(),
                                  R"({"model":"m","messages":[{"role":"assistant","content":"","tool_calls":[
            {"id":"one","function":{"name":"f","arguments":{}}},{"id":"two","function":{"name":"f","arguments":{}}},
            {"id":"three","function":{"name":"f","arguments":{}}}]},
            {"role":"tool","content":"2","tool_call_id":"two"},{"role":"tool","content":"1"},
            {"role":"tool","content":"3"}]})");
    QCOMPARE(plain["messages"][1]["tool_call_id"].get<std::string>(), std::string("two"));
    QCOMPARE(plain["messages"][2]["tool_call_id"].get<std::string>(), std::string("one"));
    QCOMPARE(plain["messages"][3]["tool_call_id"].get<std::string>(), std::string("three"));
}

void OllamaRequestTest::givesTheSameIdsEachTime()
{
    const std::string body = fixture("ollama/request_agent.json");
    QCOMPARE(translated(ollama(), anthropic(), body).dump(), translated(ollama(), anthropic(), body).dump());
}

void OllamaRequestTest::writesAnAgentsRequest()
{
    const Json request =
        translated(openAi(), ollama(), R"({"model":"m","stream":true,"max_tokens":9,"stop":"E",
        "temperature":0.5,"seed":3,"messages":[{"role":"developer","content":"Be short."},
        {"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
        {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":[1]}"}},
        {"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
        {"role":"tool","tool_call_id":"c2","content":"two"},{"role":"tool","tool_call_id":"c1","content":"one"}],
        "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},
                 {"type":"function","function":{"name":"g"}}]})");
    const Json wanted = Json::parse(R"({"model":"m","messages":[{"role":"system","content":"Be short."},
        {"role":"user","content":"See","images":["AAAA"]},
        {"role":"assistant","content":"I look.","tool_calls":[
          {"id":"c1","function":{"index":0,"name":"f","arguments":{"a":[1]}}},
          {"id":"c2","function":{"index":1,"name":"g","arguments":{}}}]},
        {"role":"tool","content":"two","tool_name":"g","tool_call_id":"c2"},
        {"role":"tool","content":"one","tool_name":"f","tool_call_id":"c1"}],
        "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},
                 {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],
        "options":{"temperature":0.5,"num_predict":9,"seed":3,"stop":["E"]},"stream":true})");
    QCOMPARE(request.dump(), wanted.dump());
}

void OllamaRequestTest::saysThinkingAsTheModelTakesIt_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<QString>("think");
    QTest::newRow("level") << "gpt-oss:20b"
                           << "low"
                           << "\"low\"";
    QTest::newRow("least") << "gpt-oss:20b"
                           << "minimal"
                           << "\"low\"";
    // It thinks without being asked, and a model that cannot would refuse the wish.
    QTest::newRow("unsaid") << "qwen3:8b"
                            << "high"
                            << "null";
    QTest::newRow("off") << "qwen3:8b"
                         << "none"
                         << "false";
}

void OllamaRequestTest::saysThinkingAsTheModelTakesIt()
{
    QFETCH(QString, model);
    QFETCH(QString, effort);
    QFETCH(QString, think);
    const std::string body = "{\"model\":\"" + model.toStdString() + "\",\"reasoning_effort\":\"" +
                             effort.toStdString() + "\"," + kHello + "}";
    QCOMPARE(translated(openAi(), ollama(), body)["think"].dump(), think.toStdString());
    const std::string silent = std::string("{\"model\":\"m\",") + kHello + "}";
    QVERIFY(!translated(openAi(), ollama(), silent).contains("think"));
}

void OllamaRequestTest::saysStructuredOutput()
{
    const auto body = [](const char* format) {
        return std::string("{\"model\":\"m\",\"response_format\":") + format + "," + kHello + "}";
    };
    const char* const schema =
        R"({"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}})";
    QCOMPARE(translated(openAi(), ollama(), body(schema))["format"].dump(),
             std::string(R"({"type":"object"})"));
    QCOMPARE(translated(openAi(), ollama(), body(R"({"type":"json_object"})"))["format"].dump(),
             std::string("\"json\""));
    const std::string back = std::string("{\"model\":\"m\",\"format\":\"json\",") + kHello + "}";
    QCOMPARE(translated(ollama(), openAi(), back)["response_format"]["type"].get<std::string>(),
             std::string("json_object"));
}

void OllamaRequestTest::notesWhatItCannotSay()
{
    Request request = read(openAi(), R"({"model":"m","tool_choice":"required","parallel_tool_calls":false,
        "tools":[{"type":"function","function":{"name":"f","strict":true}}],"messages":[{"role":"user","content":[
        {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}}]}]})");
    const Json body = Json::parse(ollama().encodeRequest(request));
    for (const char* name : {"tool_choice", "parallel_tool_calls", "strict", "image_url", "document"})
        QVERIFY2(has(request.dropped, name), name);
    QVERIFY(!body["messages"][0].contains("images"));
    // No tools where none may be called.
    Request none =
        read(openAi(), std::string(R"({"model":"m","tool_choice":"none","tools":[{"type":"function",
        "function":{"name":"f"}}],)") +
                           kHello + "}");
    QVERIFY(!Json::parse(ollama().encodeRequest(none)).contains("tools"));
    QVERIFY(none.dropped.empty());
}

void OllamaRequestTest::asksOnePrompt()
{
    const Request request = read(prompt(), R"({"model":"m","system":"Be short.","prompt":"Why?",
        "images":["/9j/AA=="],"raw":true,"suffix":"}","context":[1],"template":"","stream":false})");
    QVERIFY(!request.stream);
    QCOMPARE(request.messages.size(), std::size_t(2));
    QCOMPARE(std::get<ImagePart>(request.messages[1].parts.at(1)).mediaType, std::string("image/jpeg"));
    for (const char* name : {"raw", "suffix", "context"})
        QVERIFY2(has(request.dropped, name), name);
    QVERIFY(!has(request.dropped, "template"));
    QCOMPARE(prompt().decodeRequest(R"({"model":"m","prompt":""})", {}).error().param, std::string("prompt"));
}

void OllamaRequestTest::translatesAPrompt()
{
    const Json messages =
        translated(prompt(), anthropic(), R"({"model":"claude-x","system":"Be short.","prompt":"Why?"})");
    QCOMPARE(messages["system"][0]["text"].get<std::string>(), std::string("Be short."));
    QCOMPARE(messages["messages"][0]["content"][0]["text"].get<std::string>(), std::string("Why?"));
    Request talk = read(ollama(), fixture("ollama/request_agent.json"));
    const Json asked = Json::parse(prompt().encodeRequest(talk));
    QCOMPARE(asked["prompt"].get<std::string>(), std::string("And now?"));
    QCOMPARE(asked["system"].get<std::string>(), std::string("Answer shortly."));
    QVERIFY(has(talk.dropped, "messages") && has(talk.dropped, "tools"));
}

QTEST_GUILESS_MAIN(OllamaRequestTest)
#include "ollama_request_test.moc"
