// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/bedrock_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class BedrockRequestTest : public QObject {
    Q_OBJECT

private slots:
    void writesEveryBlock();
    void keepsTheMarksOfTheCache();
    void asksToThinkInTheModelsOwnWords_data();
    void asksToThinkInTheModelsOwnWords();
    void givesBackOnlySignedReasoningOfClaude();
    void tellsToolsAsTextWhereNoneMayBeCalled();
    void alternatesTurns();
    void namesDocumentsApart();
    void namesAGreatManyDocumentsApart();
    void sendsSoundAndFilmAsSuch();
    void holdsModelsToASchemaThatCanBe();
    void asksForStrictToolsWhereTheyAreTaken();
    void saysWhatItDropped();
    void makesIdsThatBedrockTakes();
    void saysThatAToolFailed();
    void readsWhatItWrites();
    void refusesWhatIsNoRequest();
    void takesTheModelFromThePathOnly();
    void keepsTheMarkBehindAResult();
};

namespace {

Json sentFrom(const dialect::Dialect& from, const Json& body, const std::string& model,
              std::vector<std::string>* dropped = nullptr)
{
    auto request = from.decodeRequest(body.dump(), {});
    if (!request) return Json{{"error", request.error().message}};
    request->model = model;
    const Json sent = Json::parse(bedrock().encodeRequest(*request));
    if (dropped) *dropped = request->dropped;
    return sent;
}

Json sent(const Json& chat, const std::string& model = "anthropic.claude-3-7-sonnet-20250219-v1:0",
          std::vector<std::string>* dropped = nullptr)
{
    return sentFrom(openAi(), chat, model, dropped);
}

Json user(const Json& content)
{
    return {{"role", "user"}, {"content", content}};
}

const Json kTools = Json::parse(R"([{"type":"function","function":{"name":"get_weather","description":"Looks",
    "strict":true,"parameters":{"properties":{"city":{"type":"string"}}}}}])");

Json call(const char* id, const char* arguments)
{
    return {
        {"id", id}, {"type", "function"}, {"function", {{"name", "get_weather"}, {"arguments", arguments}}}};
}

} // namespace

void BedrockRequestTest::writesEveryBlock()
{
    const Json chat = {
        {"model", "x"},
        {"max_tokens", 300},
        {"temperature", 0.5},
        {"top_p", 0.9},
        {"stop", {"END", "  "}},
        {"service_tier", "priority"},
        {"tools", kTools},
        {"tool_choice", "required"},
        {"messages",
         {{{"role", "system"}, {"content", "Be brief."}},
          user(Json::array(
              {{{"type", "text"}, {"text", "Weather?"}},
               {{"type", "image_url"}, {"image_url", {{"url", "data:image/jpg;base64,AAAA"}}}},
               {{"type", "file"},
                {"file",
                 {{"filename", "Plan_2026.pdf"}, {"file_data", "data:application/pdf;base64,BBBB"}}}}})),
          {{"role", "assistant"},
           {"content", "I look."},
           {"tool_calls", {call("call_1", R"({"city":"Paris"})"), call("call_2", "")}}},
          {{"role", "tool"}, {"tool_call_id", "call_1"}, {"content", "rain"}},
          {{"role", "tool"}, {"tool_call_id", "call_2"}, {"content", R"({"error":"no city"})"}},
          {{"role", "developer"}, {"content", "In German."}}}}};
    std::vector<std::string> dropped;
    const Json body = sent(chat, "us.anthropic.claude-3-5-sonnet-20241022-v2:0", &dropped);
    QVERIFY(!body.contains("model") && !body.contains("stream"));
    QCOMPARE(body["system"].dump(), std::string(R"([{"text":"Be brief."},{"text":"In German."}])"));
    QCOMPARE(body["inferenceConfig"].dump(),
             std::string(R"({"maxTokens":300,"stopSequences":["END"],"temperature":0.5,"topP":0.9})"));
    QCOMPARE(body["serviceTier"].dump(), std::string(R"({"type":"priority"})"));
    const std::string wantedTools =
        R"({"toolChoice":{"any":{}},"tools":[{"toolSpec":{"description":"Looks","inputSchema":)"
        R"({"json":{"properties":{"city":{"type":"string"}},"type":"object"}},)"
        R"("name":"get_weather"}}]})";
    QCOMPARE(body["toolConfig"].dump(), wantedTools);
    const Json& messages = body["messages"];
    QCOMPARE(messages.size(), std::size_t{3});
    const std::string wantedQuestion =
        R"([{"text":"Weather?"},{"image":{"format":"jpeg","source":{"bytes":"AAAA"}}},)"
        R"({"document":{"format":"pdf","name":"Plan 2026 pdf","source":{"bytes":"BBBB"}}}])";
    QCOMPARE(messages[0]["content"].dump(), wantedQuestion);
    const std::string wantedCalls =
        R"([{"text":"I look."},{"toolUse":{"input":{"city":"Paris"},"name":"get_weather",)"
        R"("toolUseId":"call_1"}},{"toolUse":{"input":{},"name":"get_weather","toolUseId":"call_2"}}])";
    QCOMPARE(messages[1]["content"].dump(), wantedCalls);
    const std::string wantedResults =
        R"([{"toolResult":{"content":[{"text":"rain"}],"toolUseId":"call_1"}},)"
        R"({"toolResult":{"content":[{"text":"{\"error\":\"no city\"}"}],"status":"error",)"
        R"("toolUseId":"call_2"}}])";
    QCOMPARE(messages[2]["content"].dump(), wantedResults);
    QCOMPARE(dropped, (std::vector<std::string>{"stop", "strict"}));
}

void BedrockRequestTest::keepsTheMarksOfTheCache()
{
    const Json mark = {{"type", "ephemeral"}};
    const Json hour = {{"type", "ephemeral"}, {"ttl", "1h"}};
    const Json body = {
        {"model", "x"},
        {"max_tokens", 10},
        {"system", {{{"type", "text"}, {"text", "S"}, {"cache_control", hour}}}},
        {"tools", {{{"name", "t"}, {"input_schema", {{"type", "object"}}}, {"cache_control", hour}}}},
        {"messages", {user(Json::array({{{"type", "text"}, {"text", "U"}, {"cache_control", mark}}}))}}};
    const Json claude = sentFrom(anthropic(), body, "anthropic.claude-sonnet-4-5-20250929-v1:0");
    QCOMPARE(claude["system"].dump(),
             std::string(R"([{"text":"S"},{"cachePoint":{"ttl":"1h","type":"default"}}])"));
    QCOMPARE(claude["toolConfig"]["tools"][1].dump(),
             std::string(R"({"cachePoint":{"ttl":"1h","type":"default"}})"));
    QCOMPARE(claude["messages"][0]["content"].dump(),
             std::string(R"([{"text":"U"},{"cachePoint":{"type":"default"}}])"));
    const Json nova = sentFrom(anthropic(), body, "amazon.nova-pro-v1:0");
    QCOMPARE(nova["system"][1].dump(), std::string(R"({"cachePoint":{"type":"default"}})"));
    QCOMPARE(nova["messages"][0]["content"][1].dump(), std::string(R"({"cachePoint":{"type":"default"}})"));
    QCOMPARE(nova["toolConfig"]["tools"].size(), std::size_t{1}); // there it is refused
    const Json sonnet = sentFrom(anthropic(), body, "anthropic.claude-3-7-sonnet-20250219-v1:0");
    QCOMPARE(sonnet["system"][1].dump(), std::string(R"({"cachePoint":{"type":"default"}})"));
    QCOMPARE(sonnet["toolConfig"]["tools"][1].dump(), std::string(R"({"cachePoint":{"type":"default"}})"));
    QVERIFY(sentFrom(anthropic(), body, "anthropic.claude-3-haiku-20240307-v1:0").dump().find("cachePoint") ==
            std::string::npos);
    const Json llama = sentFrom(anthropic(), body, "meta.llama3-3-70b-instruct-v1:0");
    QVERIFY(llama.dump().find("cachePoint") == std::string::npos);
}

void BedrockRequestTest::asksToThinkInTheModelsOwnWords_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("dropped");
    const auto row = [](const char* model, const char* fields, const char* dropped = "") {
        QTest::newRow(model) << QByteArray(model) << QByteArray(fields) << QByteArray(dropped);
    };
    row("anthropic.claude-3-7-sonnet-20250219-v1:0",
        R"({"thinking":{"budget_tokens":4096,"type":"enabled"}})");
    row("us.anthropic.claude-opus-4-5-20251101-v1:0",
        R"({"thinking":{"budget_tokens":4096,"type":"enabled"}})");
    row("anthropic.claude-opus-4-6-v1",
        R"({"output_config":{"effort":"high"},"thinking":{"type":"adaptive"}})");
    row("anthropic.claude-3-5-haiku-20241022-v1:0", "null", "reasoning");
    row("us.amazon.nova-2-lite-v1:0",
        R"({"reasoningConfig":{"maxReasoningEffort":"medium","type":"enabled"}})", "reasoning>medium");
    row("openai.gpt-oss-120b-1:0", R"({"reasoning_effort":"high"})");
    row("meta.llama3-3-70b-instruct-v1:0", "null", "reasoning");
}

void BedrockRequestTest::asksToThinkInTheModelsOwnWords()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, dropped);
    std::vector<std::string> noted;
    const Json body = sent({{"messages", {user("Hi")}}, {"max_tokens", 2000}, {"reasoning_effort", "high"}},
                           model.toStdString(), &noted);
    QCOMPARE(body.value("additionalModelRequestFields", Json()).dump(), fields.toStdString());
    QCOMPARE(noted, dropped.isEmpty() ? std::vector<std::string>{}
                                      : std::vector<std::string>{dropped.toStdString()});
    // The budget is a part of what may be written.
    if (fields.contains("budget")) QCOMPARE(int(body["inferenceConfig"]["maxTokens"]), 2000 + 4096);
}

void BedrockRequestTest::givesBackOnlySignedReasoningOfClaude()
{
    const Json body = {
        {"model", "x"},
        {"max_tokens", 10},
        {"tools", {{{"name", "t"}, {"input_schema", {{"type", "object"}}}}}},
        {"messages",
         {user("Hi"),
          {{"role", "assistant"},
           {"content",
            {{{"type", "thinking"}, {"thinking", "signed"}, {"signature", "EqQB=="}},
             {{"type", "redacted_thinking"}, {"data", "RW1w"}},
             {{"type", "thinking"}, {"thinking", "unsigned"}, {"signature", ""}},
             {{"type", "thinking"}, {"thinking", "of another"}, {"signature", "tp1.openai.abc"}},
             {{"type", "tool_use"}, {"id", "a"}, {"name", "t"}, {"input", Json::object()}}}}},
          user(Json::array({{{"type", "tool_result"}, {"tool_use_id", "a"}, {"content", "ok"}}}))}}};
    const Json claude = sentFrom(anthropic(), body, "anthropic.claude-sonnet-4-20250514-v1:0");
    const Json& content = claude["messages"][1]["content"];
    QCOMPARE(content[0].dump(),
             std::string(R"({"reasoningContent":{"reasoningText":{"signature":"EqQB==","text":"signed"}}})"));
    QCOMPARE(content[1].dump(), std::string(R"({"reasoningContent":{"redactedContent":"RW1w"}})"));
    QCOMPARE(content.size(), std::size_t{3});
    const Json nova = sentFrom(anthropic(), body, "amazon.nova-pro-v1:0");
    QVERIFY(nova.dump().find("reasoningContent") == std::string::npos);
}

void BedrockRequestTest::tellsToolsAsTextWhereNoneMayBeCalled()
{
    Json chat = {
        {"messages",
         {user("Weather?"),
          {{"role", "assistant"}, {"content", nullptr}, {"tool_calls", {call("c", R"({"city":"Rome"})")}}},
          {{"role", "tool"}, {"tool_call_id", "c"}, {"content", "sun"}},
          user("Thanks.")}}};
    const auto check = [](const Json& body) {
        QVERIFY(!body.contains("toolConfig"));
        QCOMPARE(body["messages"][1]["content"].dump(),
                 std::string(R"([{"text":"[Called the tool get_weather with {\"city\":\"Rome\"}]"}])"));
        QCOMPARE(body["messages"][2]["content"].dump(),
                 std::string(R"([{"text":"[Result of the tool call: sun]"},{"text":"Thanks."}])"));
    };
    check(sent(chat));
    chat["tools"] = kTools;
    chat["tool_choice"] = "none";
    check(sent(chat));
    chat["tool_choice"] = {{"type", "function"}, {"function", {{"name", "get_weather"}}}};
    QCOMPARE(sent(chat)["toolConfig"]["toolChoice"].dump(),
             std::string(R"({"tool":{"name":"get_weather"}})"));
}

void BedrockRequestTest::alternatesTurns()
{
    const Json body = sent({{"messages",
                             {{{"role", "assistant"}, {"content", "Hello."}},
                              user("One"),
                              user(" \n"),
                              user("Two"),
                              {{"role", "assistant"}, {"content", "So"}},
                              {{"role", "assistant"}, {"content", "far \n"}}}}});
    const std::string wanted = R"([{"content":[{"text":"Begin."}],"role":"user"},)"
                               R"({"content":[{"text":"Hello."}],"role":"assistant"},)"
                               R"({"content":[{"text":"One"},{"text":"Two"}],"role":"user"},)"
                               R"({"content":[{"text":"So"},{"text":"far"}],"role":"assistant"}])";
    QCOMPARE(body["messages"].dump(), wanted);
    const Json lone = sent({{"messages", {{{"role", "system"}, {"content", "Say hi."}}}}});
    QCOMPARE(lone["messages"].dump(), std::string(R"([{"content":[{"text":"Say hi."}],"role":"user"}])"));
    QVERIFY(!lone.contains("system"));
}

void BedrockRequestTest::namesDocumentsApart()
{
    const auto file = [](const char* name) {
        return Json{{"type", "file"},
                    {"file", {{"filename", name}, {"file_data", "data:text/csv;base64,AAAA"}}}};
    };
    const Json body =
        sent({{"messages", {user(Json::array({file("a.csv"), file("a/csv"), file("__"), file("")}))}}});
    const Json& content = body["messages"][0]["content"];
    std::string names;
    for (const Json& block : content) {
        if (block.contains("document")) names += block["document"]["name"].get<std::string>() + ';';
    }
    QCOMPARE(names, std::string("a csv;a csv 2;document;document 2;"));
    // There has to be a text beside them.
    QCOMPARE(content.back().dump(), std::string(R"({"text":"See the attached document."})"));
}

void BedrockRequestTest::namesAGreatManyDocumentsApart()
{
    constexpr std::size_t kMany = 100'000; // a body of the largest size holds more
    Request request;
    request.model = "amazon.nova-pro-v1:0";
    request.messages.push_back(
        {Role::User, std::vector<Part>(kMany, DocumentPart{"text/csv", "AA", {}, {}})});
    const std::string body = bedrock().encodeRequest(request);
    QVERIFY(body.find("\"document " + std::to_string(kMany) + '"') != std::string::npos);
}

void BedrockRequestTest::sendsSoundAndFilmAsSuch()
{
    Request request;
    request.model = "amazon.nova-pro-v1:0";
    request.messages.push_back(
        {Role::User,
         {TextPart{"What is it?", {}}, DocumentPart{"audio/mpeg", "AA", {}, {}},
          DocumentPart{"video/quicktime", "BB", {}, {}}, DocumentPart{"application/zip", "CC", {}, {}},
          ImagePart{{}, {}, "https://example.com/a.png", {}}}});
    const Json body = Json::parse(bedrock().encodeRequest(request));
    const std::string wanted =
        R"([{"text":"What is it?"},{"audio":{"format":"mp3","source":{"bytes":"AA"}}},)"
        R"({"video":{"format":"mov","source":{"bytes":"BB"}}}])";
    QCOMPARE(body["messages"][0]["content"].dump(), wanted);
    QCOMPARE(request.dropped, (std::vector<std::string>{"file", "image_url"}));
}

void BedrockRequestTest::holdsModelsToASchemaThatCanBe()
{
    const Json chat = {
        {"messages", {user("Hi")}},
        {"response_format",
         {{"type", "json_schema"}, {"json_schema", {{"name", "out"}, {"schema", {{"type", "object"}}}}}}}};
    for (const char* model : {"anthropic.claude-haiku-4-5-20251001-v1:0", "qwen.qwen3-32b-v1:0"}) {
        const Json body = sent(chat, model);
        const std::string wanted = R"({"textFormat":{"structure":{"jsonSchema":{"name":"out","schema":)"
                                   R"("{\"type\":\"object\"}"}},"type":"json_schema"}})";
        QCOMPARE(body["outputConfig"].dump(), wanted);
    }
    for (const char* model :
         {"anthropic.claude-opus-4-20250514-v1:0", "anthropic.claude-3-haiku-20240307-v1:0",
          "meta.llama3-3-70b-instruct-v1:0", "amazon.nova-pro-v1:0"}) {
        std::vector<std::string> dropped;
        const Json body = sent(chat, model, &dropped);
        QVERIFY(!body.contains("outputConfig"));
        QVERIFY(body["system"].dump().find("JSON Schema") != std::string::npos);
        QCOMPARE(dropped, std::vector<std::string>{});
    }
}

void BedrockRequestTest::asksForStrictToolsWhereTheyAreTaken()
{
    const Json chat = {{"messages", {user("Hi")}}, {"tools", kTools}};
    for (const char* model : {"anthropic.claude-sonnet-4-5-20250929-v1:0", "qwen.qwen3-32b-v1:0"})
        QCOMPARE(sent(chat, model)["toolConfig"]["tools"][0]["toolSpec"]["strict"].dump(),
                 std::string("true"));
    for (const char* model : {"anthropic.claude-opus-4-7", "anthropic.claude-sonnet-4-20250514-v1:0",
                              "anthropic.claude-3-haiku-20240307-v1:0", "amazon.nova-pro-v1:0"}) {
        std::vector<std::string> dropped;
        QVERIFY(sent(chat, model, &dropped).dump().find("strict") == std::string::npos);
        QCOMPARE(dropped, std::vector<std::string>{"strict"});
    }
}

void BedrockRequestTest::saysWhatItDropped()
{
    std::vector<std::string> dropped;
    const Json body = sent({{"messages", {user("Hi")}},
                            {"temperature", 1.7},
                            {"top_k", 5},
                            {"seed", 1},
                            {"presence_penalty", 0.5},
                            {"verbosity", "low"},
                            {"tools", kTools},
                            {"parallel_tool_calls", false}},
                           "meta.llama3-3-70b-instruct-v1:0", &dropped);
    QCOMPARE(body["inferenceConfig"].dump(), std::string(R"({"temperature":1})"));
    QCOMPARE(dropped, (std::vector<std::string>{"temperature>1", "top_k", "strict", "parallel_tool_calls",
                                                "seed", "presence_penalty", "verbosity"}));
    const Json topK = sent({{"messages", {user("Hi")}}, {"top_k", 5}});
    QCOMPARE(topK["additionalModelRequestFields"].dump(), std::string(R"({"top_k":5})"));
    const Json nova = sent({{"messages", {user("Hi")}}, {"top_k", 5}}, "amazon.nova-lite-v1:0");
    QCOMPARE(nova["additionalModelRequestFields"].dump(), std::string(R"({"inferenceConfig":{"topK":5}})"));
}

void BedrockRequestTest::makesIdsThatBedrockTakes()
{
    const std::string longId(80, 'x');
    const Json body =
        sent({{"tools", kTools},
              {"messages",
               {user("Hi"),
                {{"role", "assistant"}, {"tool_calls", {call("a:b c", "{}"), call(longId.c_str(), "{}")}}},
                {{"role", "tool"}, {"tool_call_id", "a:b c"}, {"content", "1"}},
                {{"role", "tool"}, {"tool_call_id", longId}, {"content", ""}}}}});
    const Json& calls = body["messages"][1]["content"];
    const Json& results = body["messages"][2]["content"];
    QCOMPARE(calls[0]["toolUse"]["toolUseId"].get<std::string>(), std::string("a_b_c"));
    QCOMPARE(calls[1]["toolUse"]["toolUseId"].get<std::string>().size(), std::size_t{64});
    for (int i = 0; i < 2; ++i)
        QCOMPARE(calls[i]["toolUse"]["toolUseId"].dump(), results[i]["toolResult"]["toolUseId"].dump());
    QCOMPARE(results[1]["toolResult"]["content"][0]["text"].get<std::string>(), std::string("(no output)"));
}

void BedrockRequestTest::saysThatAToolFailed()
{
    const Json body = {
        {"model", "x"},
        {"max_tokens", 10},
        {"tools", {{{"name", "t"}, {"input_schema", {{"type", "object"}}}}}},
        {"messages",
         {user("Hi"),
          {{"role", "assistant"},
           {"content", {{{"type", "tool_use"}, {"id", "a"}, {"name", "t"}, {"input", Json::object()}}}}},
          user(Json::array({{{"type", "tool_result"},
                             {"tool_use_id", "a"},
                             {"is_error", true},
                             {"content", "no such file"}}}))}}};
    const auto resultOf = [&body](const char* model) {
        return sentFrom(anthropic(), body, model)["messages"][2]["content"][0]["toolResult"];
    };
    QCOMPARE(resultOf("amazon.nova-pro-v1:0")["status"].get<std::string>(), std::string("error"));
    const Json llama = resultOf("meta.llama3-3-70b-instruct-v1:0");
    QVERIFY(!llama.contains("status"));
    QCOMPARE(llama["content"][0]["text"].get<std::string>(), std::string("Error: no such file"));
}

void BedrockRequestTest::readsWhatItWrites()
{
    auto request = anthropic().decodeRequest(fixture("anthropic/request_agent.json"), {});
    QVERIFY(request.ok());
    request->model = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    const std::string first = bedrock().encodeRequest(*request);
    dialect::PathFacts path;
    path.model = request->model;
    path.stream = true;
    auto again = bedrock().decodeRequest(first, path);
    QVERIFY(again.ok());
    QCOMPARE(again->model, request->model);
    QVERIFY(again->stream && again->includeUsage);
    QCOMPARE(Json::parse(bedrock().encodeRequest(*again)).dump(), Json::parse(first).dump());
}

void BedrockRequestTest::refusesWhatIsNoRequest()
{
    for (const char* body :
         {"{}", R"({"messages":[]})", R"({"messages":[{"role":"system","content":[]}]})",
          R"({"messages":[7]})", R"({"messages":[{"role":"user"}],"inferenceConfig":{"maxTokens":0}})"}) {
        const auto request = bedrock().decodeRequest(body, {});
        QVERIFY2(!request.ok() && request.error().code == Code::InvalidRequest, body);
    }
}

void BedrockRequestTest::takesTheModelFromThePathOnly()
{
    const std::string body =
        R"({ "messages":[{"role":"user"}],"inferenceConfig":{"maxTokens":7},"unknown":1})";
    const JsonDocument document = scanned(body);
    dialect::PathFacts path;
    QVERIFY(!bedrock().facts(document, path).ok());
    path.model = "amazon.nova-pro-v1:0";
    const auto facts = bedrock().facts(document, path);
    QVERIFY(facts.ok());
    QCOMPARE(facts->maxTokens, std::optional<std::int64_t>(7));
    QVERIFY(bedrock().paths().empty() && !bedrock().modelInBody());
    const auto same = bedrock().edit(body, document, {"other", true, {}});
    QCOMPARE(*same, body);
    const auto edited = bedrock().edit(body, document, {"other", false, R"({"unknown":2})"});
    QCOMPARE(*edited,
             std::string(R"({ "messages":[{"role":"user"}],"inferenceConfig":{"maxTokens":7},"unknown":2})"));
}

void BedrockRequestTest::keepsTheMarkBehindAResult()
{
    const Json body = {
        {"model", "x"},
        {"max_tokens", 10},
        {"tools", {{{"name", "t"}, {"input_schema", {{"type", "object"}}}}}},
        {"messages",
         {user("U"),
          {{"role", "assistant"},
           {"content", {{{"type", "tool_use"}, {"id", "a"}, {"name", "t"}, {"input", Json::object()}}}}},
          user(Json::array({{{"type", "tool_result"},
                             {"tool_use_id", "a"},
                             {"content", "1"},
                             {"cache_control", {{"type", "ephemeral"}}}},
                            {{"type", "text"}, {"text", "Go on."}}}))}}};
    const Json claude = sentFrom(anthropic(), body, "anthropic.claude-sonnet-4-5-20250929-v1:0");
    const Json& content = claude["messages"][2]["content"];
    QCOMPARE(content.size(), std::size_t{3});
    QVERIFY(content[0].contains("toolResult"));
    QCOMPARE(content[1].dump(), std::string(R"({"cachePoint":{"type":"default"}})"));
    QCOMPARE(sentFrom(anthropic(), body, "meta.llama3-3-70b-instruct-v1:0")["messages"][2]["content"].size(),
             std::size_t{2});
    Request again = *anthropic().decodeRequest(body.dump(), {});
    QVERIFY(anthropic().encodeRequest(again).find(R"("cache_control":{"type":"ephemeral"})") !=
            std::string::npos);
}

QTEST_GUILESS_MAIN(BedrockRequestTest)
#include "bedrock_request_test.moc"
