// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QElapsedTimer>
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/signature.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::Maker;
using dialect::PathFacts;

class GeminiRequestTest : public QObject {
    Q_OBJECT

private slots:
    void translatesAnAgentsRequestToAnthropic();
    void translatesAnAgentsRequestToOpenAi();
    void saysWhatWasDropped();
    void translatesOpenAisRequestToGemini();
    void readsBothSpellings();
    void turnsGooglesSchemaIntoJsonSchema();
    void asksForAStrictAnswerOnlyWhereAllIsRequired();
    void takesOutWhatGeminiRefuses();
    void mapsToolChoice_data();
    void mapsToolChoice();
    void readsThinkingWishes_data();
    void readsThinkingWishes();
    void writesThinkingWishes_data();
    void writesThinkingWishes();
    void signsCalls();
    void givesForeignSignaturesBackToTheirMaker();
    void pairsResultsByNameWhereIdsAreMissing();
    void tellsIdsToModelsThatKnowThem();
    void readsHugeConversationsInOnePass();
    void readsHugeSchemasInOnePass();
    void writesResultsAsObjects();
    void turnsALoneSystemMessageIntoAQuestion();
    void limitsWhatGeminiLimits();
    void refusesWhatIsNoConversation();
    void readsFactsFromPathAndBody();
    void editsSpansOnly();
    void isStableWhenSentRound();
};

namespace {

PathFacts path(std::string model = "gemini-3.5-flash", bool stream = false)
{
    PathFacts facts;
    facts.model = std::move(model);
    facts.operation = Operation::Chat;
    facts.stream = stream;
    return facts;
}

Request decodedRequest(std::string_view body)
{
    const auto request = gemini().decodeRequest(body, path());
    return request ? *request : Request{};
}

Json translated(const dialect::Dialect& to, std::string_view body, std::string model)
{
    auto request = gemini().decodeRequest(body, path());
    if (!request) return {{"refused", request.error().param}};
    request->model = std::move(model);
    return Json::parse(to.encodeRequest(*request));
}

/// A request of OpenAI's dialect, as Gemini's model gets it.
Json toGemini(std::string_view body, std::string model = "gemini-3.5-flash",
              std::vector<std::string>* dropped = nullptr)
{
    auto request = openAi().decodeRequest(body, {});
    request->model = std::move(model);
    const Json json = Json::parse(gemini().encodeRequest(*request));
    if (dropped) *dropped = request->dropped;
    return json;
}

std::string withConfig(const std::string& config)
{
    return R"({"contents":[{"parts":[{"text":"hi"}]}],"generationConfig":)" + config + "}";
}

Message assistant(std::vector<Part> parts)
{
    return {Role::Assistant, std::move(parts)};
}

} // namespace

void GeminiRequestTest::translatesAnAgentsRequestToAnthropic()
{
    const Json body = translated(anthropic(), fixture("gemini/request_agent.json"), "claude-sonnet-4-5");
    const Json wanted = Json::parse(R"json([
        {"role":"user","content":[
          {"type":"text","text":"What is this?"},
          {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/4AAQ"}},
          {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},
          {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}]},
        {"role":"assistant","content":[
          {"type":"tool_use","id":"fc-1","name":"weather","input":{"city":"Paris"}},
          {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"Rome"}}]},
        {"role":"user","content":[
          {"type":"tool_result","tool_use_id":"fc-1","content":[{"type":"text","text":"sunny"}]},
          {"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"no such city"}],"is_error":true},
          {"type":"text","text":"Go on"}]}])json");
    QCOMPARE(body["messages"].dump(1), wanted.dump(1));
    QCOMPARE(body["system"].size(), 2U);
    QCOMPARE(int(body["max_tokens"]), 2000);
    QCOMPARE(body["tool_choice"]["type"].get<std::string>(), std::string("any"));
}

void GeminiRequestTest::translatesAnAgentsRequestToOpenAi()
{
    const Json body = translated(openAi(), fixture("gemini/request_agent.json"), "gpt-4.1");
    QCOMPARE(body["messages"][0]["role"].get<std::string>(), std::string("system"));
    QCOMPARE(body["messages"][2]["tool_calls"][0]["id"].get<std::string>(), std::string("fc-1"));
    QCOMPARE(body["messages"][2]["tool_calls"][1]["function"]["arguments"].get<std::string>(),
             std::string(R"({"city":"Rome"})"));
    QCOMPARE(body["messages"][3]["tool_call_id"].get<std::string>(), std::string("fc-1"));
    QCOMPARE(body["messages"][4]["content"].get<std::string>(), std::string(R"({"error":"no such city"})"));
    QCOMPARE(body["tool_choice"].get<std::string>(), std::string("required"));
    QCOMPARE(double(body["temperature"]), 0.5);
    QCOMPARE(double(body["top_p"]), 0.9);
    QCOMPARE(int(body["seed"]), 7);
    QCOMPARE(body["stop"][0].get<std::string>(), std::string("END"));
    QCOMPARE(body["tools"].size(), 2U);
}

void GeminiRequestTest::saysWhatWasDropped()
{
    auto dropped = decodedRequest(fixture("gemini/request_agent.json")).dropped;
    std::sort(dropped.begin(), dropped.end());
    QVERIFY(dropped ==
            (std::vector<std::string>{"executableCode", "fileData", "safetySettings", "tools.googleSearch"}));
    const auto more = decodedRequest(
        R"({"contents":[{"parts":[{"text":"x"}]}],"cachedContent":"cachedContents/1","generationConfig":)"
        R"({"candidateCount":2,"responseModalities":["TEXT","IMAGE"],"responseLogprobs":true,"speechConfig":{}}})");
    QCOMPARE(more.dropped.size(), 4U);
}

void GeminiRequestTest::translatesOpenAisRequestToGemini()
{
    std::vector<std::string> dropped;
    const Json body = toGemini(fixture("openai/request_agent.json"), "gemini-2.5-flash", &dropped);
    QCOMPARE(body["systemInstruction"]["parts"].size(), 2U);
    const Json& contents = body["contents"];
    QCOMPARE(contents.size(), 3U);
    QCOMPARE(contents[0]["parts"][1]["inlineData"]["mimeType"].get<std::string>(), std::string("image/jpeg"));
    QCOMPARE(contents[0]["parts"][2]["fileData"].dump(),
             std::string(R"({"fileUri":"https://example.com/a.png","mimeType":"image/png"})"));
    QCOMPARE(contents[1]["role"].get<std::string>(), std::string("model"));
    QCOMPARE(contents[1]["parts"][0]["functionCall"].dump(),
             std::string(R"({"args":{"city":"Paris"},"name":"weather"})"));
    // Results first, each with its tool's name; two turns of the user are one.
    QCOMPARE(contents[2]["parts"][0]["functionResponse"].dump(),
             std::string(R"({"name":"weather","response":{"output":"sunny"}})"));
    QCOMPARE(contents[2]["parts"][1]["functionResponse"]["response"].dump(),
             std::string(R"({"error":"no city"})"));
    QCOMPARE(contents[2]["parts"][3].dump(), std::string(R"({"text":"Go on"})"));
    const Json& tools = body["tools"][0]["functionDeclarations"];
    QCOMPARE(tools[0]["parametersJsonSchema"].dump(),
             std::string(R"({"properties":{"city":{"type":"string"}},"required":["city"],"type":"object"})"));
    QCOMPARE(body["toolConfig"]["functionCallingConfig"]["mode"].get<std::string>(), std::string("ANY"));
    QVERIFY(!body.contains("model"));
    QVERIFY(std::find(dropped.begin(), dropped.end(), "parallel_tool_calls") != dropped.end());
}

void GeminiRequestTest::readsBothSpellings()
{
    const Request request = decodedRequest(
        R"({"contents":[{"role":"user","parts":[{"inline_data":{"mime_type":"image/png","data":"AAAA"}}]},)"
        R"({"role":"model","parts":[{"function_call":{"name":"f","args":{}},"thought_signature":"R29v"}]}],)"
        R"("tools":[{"function_declarations":[{"name":"f","parameters_json_schema":{"type":"object"}}]}],)"
        R"("tool_config":{"function_calling_config":{"mode":"NONE"}},"generation_config":{"max_output_tokens":"9"}})");
    QCOMPARE(request.messages.size(), 2U);
    QVERIFY(std::holds_alternative<ImagePart>(request.messages[0].parts[0]));
    QCOMPARE(std::get<ThinkingPart>(request.messages[1].parts[0]).signature,
             dialect::markedSignature(Maker::Gemini, "R29v"));
    QCOMPARE(request.tools[0].parametersJson, std::string(R"({"type":"object"})"));
    QVERIFY(request.toolChoice.mode == ToolChoice::Mode::None);
    QCOMPARE(*request.maxTokens, 9);
}

void GeminiRequestTest::turnsGooglesSchemaIntoJsonSchema()
{
    const Request request = decodedRequest(fixture("gemini/request_agent.json"));
    const Json schema = Json::parse(request.tools[0].parametersJson);
    QCOMPARE(schema.dump(), Json::parse(R"({"type":"object","properties":{"city":{"type":["string","null"]},
                 "days":{"type":"integer","format":"int32","minimum":1},
                 "tags":{"type":"array","items":{"type":"string","enum":["a","b"]},"minItems":1}},
                 "required":["city"]})")
                                .dump());
}

void GeminiRequestTest::asksForAStrictAnswerOnlyWhereAllIsRequired()
{
    const auto format = [](const std::string& key, const std::string& schema) {
        return Json::parse(decodedRequest(withConfig(R"({"responseMimeType":"application/json",")" + key +
                                                     "\":" + schema + "}"))
                               .responseFormatJson);
    };
    const Json strict = format("responseSchema", R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}},)"
                                                 R"("required":["a"]})");
    QCOMPARE(strict.dump(),
             Json::parse(R"({"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":
                {"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}})")
                 .dump());
    const Json loose =
        format("responseJsonSchema", R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}}})");
    QVERIFY(!loose["json_schema"].contains("strict"));
    QCOMPARE(loose["json_schema"]["schema"]["type"].get<std::string>(), std::string("object"));
    QCOMPARE(decodedRequest(withConfig(R"({"responseMimeType":"application/json"})")).responseFormatJson,
             std::string(R"({"type":"json_object"})"));
}

void GeminiRequestTest::takesOutWhatGeminiRefuses()
{
    const Json body = toGemini(
        R"({"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":)"
        R"({"name":"n","strict":true,"schema":{"$schema":"s","type":"object","additionalProperties":false,)"
        R"("properties":{"$schema":{"const":1},"map":{"type":"object","additionalProperties":{"type":"string",)"
        R"("$comment":"c"}}}}}}})");
    QCOMPARE(body["generationConfig"].dump(),
             Json::parse(R"({"responseMimeType":"application/json","responseJsonSchema":{"type":"object",
                "properties":{"$schema":{"enum":[1]},"map":{"type":"object","additionalProperties":{"type":"string"}}}}})")
                 .dump());
    std::vector<std::string> dropped;
    const std::string withTool =
        R"({"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"},)"
        R"("tools":[{"type":"function","function":{"name":"f"}}]})";
    const Json inWords = toGemini(withTool, "gemini-2.5-pro", &dropped);
    QVERIFY(!inWords.contains("generationConfig"));
    QVERIFY(inWords["systemInstruction"].dump().find("one JSON object") != std::string::npos);
    QVERIFY(dropped.empty());
    QVERIFY(toGemini(withTool, "gemini-3.5-flash").contains("generationConfig"));
}

void GeminiRequestTest::mapsToolChoice_data()
{
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("openAiChoice");
    QTest::addColumn<int>("tools");
    QTest::newRow("auto") << R"({"mode":"AUTO"})"
                          << R"("auto")" << 2;
    QTest::newRow("none") << R"({"mode":"NONE"})"
                          << R"("none")" << 2;
    QTest::newRow("any") << R"({"mode":"ANY"})"
                         << R"("required")" << 2;
    QTest::newRow("one") << R"({"mode":"ANY","allowedFunctionNames":["b"]})"
                         << R"({"function":{"name":"b"},"type":"function"})" << 2;
    QTest::newRow("some") << R"({"mode":"VALIDATED","allowed_function_names":["b","c"]})"
                          << R"("auto")" << 1;
}

void GeminiRequestTest::mapsToolChoice()
{
    QFETCH(QString, config);
    QFETCH(QString, openAiChoice);
    QFETCH(int, tools);
    const Json body = translated(
        openAi(),
        R"({"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"a"},{"name":"b"}]}],)"
        R"("toolConfig":{"functionCallingConfig":)" +
            config.toStdString() + "}}",
        "gpt-4.1");
    QCOMPARE(body["tool_choice"].dump(), openAiChoice.toStdString());
    QCOMPARE(int(body["tools"].size()), tools);
}

void GeminiRequestTest::readsThinkingWishes_data()
{
    QTest::addColumn<QString>("thinking");
    QTest::addColumn<QString>("effort"); // as OpenAI is asked
    QTest::newRow("level") << R"({"thinkingLevel":"HIGH"})"
                           << "high";
    QTest::newRow("small letters") << R"({"thinkingLevel":"low","includeThoughts":true})"
                                   << "low";
    QTest::newRow("budget") << R"({"thinkingBudget":512})"
                            << "low";
    QTest::newRow("large budget") << R"({"thinkingBudget":20000})"
                                  << "high";
    QTest::newRow("its own") << R"({"thinkingBudget":-1})"
                             << "medium";
    QTest::newRow("off") << R"({"thinkingBudget":0})"
                         << "minimal";
    QTest::newRow("nothing") << R"({})"
                             << "";
}

void GeminiRequestTest::readsThinkingWishes()
{
    QFETCH(QString, thinking);
    QFETCH(QString, effort);
    const Json body =
        translated(openAi(), withConfig(R"({"thinkingConfig":)" + thinking.toStdString() + "}"), "gpt-5");
    QCOMPARE(body.value("reasoning_effort", std::string()), effort.toStdString());
}

void GeminiRequestTest::writesThinkingWishes_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("wish");
    QTest::addColumn<QString>("config");
    const char* const none = R"("reasoning_effort":"none")";
    QTest::newRow("level") << "gemini-3.5-flash"
                           << R"("reasoning_effort":"minimal")"
                           << R"({"includeThoughts":true,"thinkingLevel":"minimal"})";
    QTest::newRow("pro") << "gemini-3.1-pro-preview"
                         << R"("reasoning_effort":"minimal")"
                         << R"({"includeThoughts":true,"thinkingLevel":"low"})";
    QTest::newRow("first pro") << "gemini-3-pro-preview"
                               << R"("reasoning_effort":"medium")"
                               << R"({"includeThoughts":true,"thinkingLevel":"high"})";
    QTest::newRow("off") << "models/gemini-3-flash-preview" << none << R"({"thinkingLevel":"minimal"})";
    QTest::newRow("budget") << "gemini-2.5-flash"
                            << R"("reasoning":{"max_tokens":9000})"
                            << R"({"includeThoughts":true,"thinkingBudget":9000})";
    QTest::newRow("too large") << "gemini-2.5-flash"
                               << R"("reasoning":{"max_tokens":90000})"
                               << R"({"includeThoughts":true,"thinkingBudget":24576})";
    QTest::newRow("2.5 off") << "gemini-2.5-flash" << none << R"({"thinkingBudget":0})";
    QTest::newRow("2.5 pro off") << "gemini-2.5-pro" << none << R"({"thinkingBudget":128})";
    QTest::newRow("its own") << "gemini-2.5-pro"
                             << R"("reasoning":{"enabled":true})"
                             << R"({"includeThoughts":true,"thinkingBudget":-1})";
    QTest::newRow("cannot") << "gemini-2.0-flash"
                            << R"("reasoning_effort":"high")"
                            << "";
    QTest::newRow("no wish") << "gemini-3.5-flash"
                             << R"("user":"u")"
                             << "";
}

void GeminiRequestTest::writesThinkingWishes()
{
    QFETCH(QString, model);
    QFETCH(QString, wish);
    QFETCH(QString, config);
    const Json body = toGemini(R"({"messages":[{"role":"user","content":"x"}],)" + wish.toStdString() + "}",
                               model.toStdString());
    const Json found = body.value("generationConfig", Json::object()).value("thinkingConfig", Json());
    QCOMPARE(found.is_null() ? std::string() : found.dump(), config.toStdString());
}

void GeminiRequestTest::signsCalls()
{
    Request request;
    request.model = "gemini-3.5-flash";
    const std::string own = dialect::markedSignature(Maker::Gemini, "R29v");
    request.messages.push_back({Role::User, {TextPart{"x", {}}}});
    // As OpenAI's clients send it: all reasoning first, then the text, then the calls.
    request.messages.push_back(
        assistant({ThinkingPart{{}, own, {}}, ThinkingPart{"Hm.", "EqQB", {}}, TextPart{"I look.", {}},
                   ToolCallPart{"a", "f", "{}", false}, ToolCallPart{"b", "f", "{}", false}}));
    request.messages.push_back({Role::User, {ToolResultPart{"a", {TextPart{"1", {}}}, false}}});
    request.messages.push_back(assistant({ToolCallPart{"c", "f", "{}", false}}));
    const Json body = Json::parse(gemini().encodeRequest(request));
    const Json& parts = body["contents"][1]["parts"];
    QCOMPARE(parts.size(), 3U); // Anthropic's reasoning is nothing to Google
    QVERIFY(!parts[0].contains("thoughtSignature"));
    QCOMPARE(parts[1]["thoughtSignature"].get<std::string>(), std::string("R29v"));
    QVERIFY(!parts[2].contains("thoughtSignature")); // of parallel calls the first is signed
    QCOMPARE(body["contents"][3]["parts"][0]["thoughtSignature"].get<std::string>(),
             std::string("skip_thought_signature_validator"));
    request.model = "gemini-2.5-flash";
    QVERIFY(!Json::parse(gemini().encodeRequest(request))["contents"][3]["parts"][0].contains(
        "thoughtSignature"));
    // One that signs no call comes back in an empty part; thoughts of its own with their text.
    Request text;
    text.model = "gemini-3.5-flash";
    text.messages.push_back(
        assistant({ThinkingPart{"Hm.", own, {}}, TextPart{"Hello", {}}, ThinkingPart{{}, own, {}}}));
    QCOMPARE(Json::parse(gemini().encodeRequest(text))["contents"][0]["parts"].dump(),
             std::string(R"([{"text":"Hm.","thought":true,"thoughtSignature":"R29v"},{"text":"Hello"},)"
                         R"({"text":"","thoughtSignature":"R29v"}])"));
}

void GeminiRequestTest::givesForeignSignaturesBackToTheirMaker()
{
    // What Anthropic signed reaches Gemini's client as base64, and comes back as it was.
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", "EqQB+/=", {}}, ThinkingPart{{}, {}, "c2VhbGVk"},
                        ToolCallPart{"a", "f", "{}", false}};
    const Json answer = Json::parse(gemini().encodeCompletion(completion, context()));
    const Json& content = answer["candidates"][0]["content"];
    for (const Json& part : content["parts"]) {
        const std::string signature = part.value("thoughtSignature", std::string("AAAA"));
        QVERIFY(signature.find_first_not_of(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
                std::string::npos);
    }
    const Request request = decodedRequest(R"({"contents":[)" + content.dump() + "]}");
    const auto& parts = request.messages[0].parts;
    QCOMPARE(parts.size(), 3U);
    QCOMPARE(std::get<ThinkingPart>(parts[0]).text, std::string("Hm."));
    QCOMPARE(std::get<ThinkingPart>(parts[0]).signature, std::string("EqQB+/="));
    QCOMPARE(std::get<ThinkingPart>(parts[1]).redacted, std::string("c2VhbGVk"));
    // Google's stand-in is nobody's signature.
    const Request none =
        decodedRequest(R"({"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"},)"
                       R"("thoughtSignature":"skip_thought_signature_validator"}]}]})");
    QCOMPARE(none.messages[0].parts.size(), 1U);
}

void GeminiRequestTest::pairsResultsByNameWhereIdsAreMissing()
{
    const Request request = decodedRequest(
        R"({"contents":[{"role":"model","parts":[{"functionCall":{"name":"a"}},{"functionCall":{"name":"b"}},)"
        R"({"functionCall":{"name":"a"}}]},{"role":"function","parts":[{"functionResponse":{"name":"b","response":{}}}]},)"
        R"({"role":"user","parts":[{"functionResponse":{"name":"a","response":{"x":1}}},)"
        R"({"functionResponse":{"name":"a","response":{}}}]}]})");
    QCOMPARE(request.messages.size(), 2U);
    const auto id = [&request](std::size_t part) {
        return std::get<ToolResultPart>(request.messages[1].parts[part]).callId;
    };
    QCOMPARE(id(0), std::string("call_1"));
    QCOMPARE(id(1), std::string("call_0"));
    QCOMPARE(id(2), std::string("call_2"));
    const auto& result = std::get<ToolResultPart>(request.messages[1].parts[1]);
    QCOMPARE(std::get<TextPart>(result.content[0]).text, std::string(R"({"x":1})"));
}

void GeminiRequestTest::tellsIdsToModelsThatKnowThem()
{
    Request request;
    request.messages.push_back(assistant(
        {ToolCallPart{"a", "f", R"({"n":1})", false}, ToolCallPart{"b", "f", R"({"n":2})", false}}));
    request.messages.push_back({Role::User,
                                {ToolResultPart{"b", {TextPart{"two", {}}}, false},
                                 ToolResultPart{"a", {TextPart{"one", {}}}, false}}});
    request.model = "gemini-3.5-flash";
    const Json named = Json::parse(gemini().encodeRequest(request))["contents"];
    QCOMPARE(named[0]["parts"][1]["functionCall"]["id"].get<std::string>(), std::string("b"));
    QCOMPARE(named[1]["parts"][0]["functionResponse"]["id"].get<std::string>(), std::string("b"));
    // Before, only the order told which result is whose.
    request.model = "gemini-2.5-pro";
    const Json ordered = Json::parse(gemini().encodeRequest(request))["contents"];
    QVERIFY(ordered.dump().find("\"id\"") == std::string::npos);
    QCOMPARE(ordered[1]["parts"][0]["functionResponse"]["response"]["output"].get<std::string>(),
             std::string("one"));
    QCOMPARE(ordered[1]["parts"][1]["functionResponse"]["response"]["output"].get<std::string>(),
             std::string("two"));
}

void GeminiRequestTest::readsHugeConversationsInOnePass()
{
    // Looking for each result's call among all calls would take minutes.
    constexpr int kCalls = 100'000;
    std::string calls, results, names;
    for (int i = 0; i < kCalls; ++i) {
        const std::string comma = i == 0 ? "" : ",";
        calls += comma + R"({"functionCall":{"name":"a"}})";
        results += comma + R"({"functionResponse":{"name":"b"}})";
        names += comma + '"' + std::to_string(i) + '"';
    }
    QElapsedTimer timer;
    timer.start();
    const Request request =
        decodedRequest(R"({"contents":[{"role":"model","parts":[)" + calls + R"(]},{"parts":[)" + results +
                       R"(]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":[)" +
                       names + "]}}}");
    QCOMPARE(request.messages.size(), std::size_t(2));
    QVERIFY2(timer.elapsed() < 10'000, std::to_string(timer.elapsed()).c_str());
}

void GeminiRequestTest::readsHugeSchemasInOnePass()
{
    constexpr int kMembers = 50'000;
    std::string words, properties, required;
    for (int i = 0; i < kMembers; ++i) {
        const std::string name = '"' + std::to_string(i) + '"', comma = i == 0 ? "" : ",";
        words += name + ":1,";
        properties += comma + name + R"(:{"type":"STRING"})";
        required += comma + name;
    }
    QElapsedTimer timer;
    timer.start();
    const Request request = decodedRequest(withConfig(
        R"({"responseMimeType":"application/json","responseSchema":{)" + words +
        R"("type":"OBJECT","properties":{)" + properties + R"(},"required":[)" + required + "]}}"));
    QVERIFY(request.responseFormatJson.find("\"strict\":true") != std::string::npos);
    QVERIFY2(timer.elapsed() < 10'000, std::to_string(timer.elapsed()).c_str());
}

void GeminiRequestTest::writesResultsAsObjects()
{
    const auto response = [](ToolResultPart result) {
        Request request;
        request.messages.push_back({Role::User, {std::move(result), TextPart{"see", {}}}});
        return Json::parse(gemini().encodeRequest(request))["contents"][0]["parts"];
    };
    QCOMPARE(response({"a", {TextPart{"[1]", {}}}, false})[0]["functionResponse"].dump(),
             std::string(R"({"id":"a","name":"a","response":{"output":"[1]"}})"));
    QCOMPARE(response({"a", {TextPart{"{\"x\": 1}", {}}}, false})[0]["functionResponse"]["response"].dump(),
             std::string(R"({"x":1})"));
    QCOMPARE(response({"a", {TextPart{"bad", {}}}, true})[0]["functionResponse"]["response"].dump(),
             std::string(R"({"error":"bad"})"));
    const Json image = response({"a", {ImagePart{"image/png", "AAAA", {}, {}}}, false});
    QCOMPARE(image[1].dump(), std::string(R"({"inlineData":{"data":"AAAA","mimeType":"image/png"}})"));
}

void GeminiRequestTest::turnsALoneSystemMessageIntoAQuestion()
{
    const Json body = toGemini(R"({"messages":[{"role":"system","content":"Be brief."}]})");
    QCOMPARE(body.dump(), std::string(R"({"contents":[{"parts":[{"text":"Be brief."}],"role":"user"}]})"));
}

void GeminiRequestTest::limitsWhatGeminiLimits()
{
    std::vector<std::string> dropped;
    const Json body =
        toGemini(R"({"messages":[{"role":"user","content":"x"}],"stop":["1","2","3","4","5","6"],)"
                 R"("seed":5000000000,"max_tokens":9000000000})",
                 "gemini-3.5-flash", &dropped);
    QCOMPARE(body["generationConfig"]["stopSequences"].size(), 5U);
    QVERIFY(!body["generationConfig"].contains("seed"));
    QCOMPARE(body["generationConfig"]["maxOutputTokens"].get<std::int64_t>(), 2147483647);
    QVERIFY(dropped == (std::vector<std::string>{"seed", "stop>5"}));
}

void GeminiRequestTest::refusesWhatIsNoConversation()
{
    const auto param = [](const char* body) {
        const auto request = gemini().decodeRequest(body, path());
        return request ? std::string() : request.error().param;
    };
    QCOMPARE(param("{}"), std::string("contents"));
    QCOMPARE(param(R"({"contents":[]})"), std::string("contents"));
    QCOMPARE(param(R"({"contents":[{"role":"assistant"}]})"), std::string("contents[0].role"));
    QCOMPARE(param(R"({"contents":[{}],"tools":[{"functionDeclarations":[{}]}]})"),
             std::string("tools.functionDeclarations[0].name"));
    QCOMPARE(param(R"({"contents":[{}],"generationConfig":{"maxOutputTokens":0}})"),
             std::string("generationConfig.maxOutputTokens"));
}

void GeminiRequestTest::readsFactsFromPathAndBody()
{
    const std::string body = fixture("gemini/request_agent.json");
    PathFacts where = path("openai/gpt-4o", true);
    where.jsonArray = true;
    const auto facts = gemini().facts(scanned(body), where);
    QVERIFY(facts.ok());
    QCOMPARE(facts->model, std::string("openai/gpt-4o"));
    QVERIFY(facts->stream && facts->jsonArray && facts->includeUsage && facts->hasTools && facts->hasImages);
    QCOMPARE(*facts->maxTokens, 2000);
    QVERIFY(!gemini().facts(scanned(body), path("../x")).ok());
    QVERIFY(!gemini().facts(scanned("{}"), path()).ok());
    where.operation = Operation::CountTokens;
    QVERIFY(gemini().facts(scanned(R"({"generateContentRequest":{}})"), where).ok());
}

void GeminiRequestTest::editsSpansOnly()
{
    const auto edited = [](std::string_view body, const dialect::BodyEdit& edit) {
        const auto result = gemini().edit(body, scanned(body), edit);
        return result ? *result : "error: " + result.error().message;
    };
    const std::string plain = "{ \"contents\" : [ {} ],\n \"x\": \"\\u00e9é\" }";
    QCOMPARE(edited(plain, {"gemini-3.5-flash", false, {}}), plain);
    QCOMPARE(edited(R"({"requests":[ {"model":"models/a","x": 1}, {"content":{}} ]})", {"b", false, {}}),
             std::string(R"({"requests":[ {"model":"models/b","x": 1}, {"content":{}} ]})"));
    QCOMPARE(
        edited(R"({"generateContentRequest":{"model":"models/a"},"model":"models/a"})", {"b", false, {}}),
        std::string(R"({"generateContentRequest":{"model":"models/b"},"model":"models/b"})"));
    // What a target overrides is a setting of the model, whichever way it is written.
    QCOMPARE(edited(R"({"contents":[],"generation_config":{"top_p":1, "seed":2}})",
                    {"b", false, R"({"temperature":0.2,"top_p":0.5,"stop":"X","labels":{}})"}),
             std::string(R"({"contents":[],"generation_config":{"top_p":0.5, "seed":2,"temperature":0.2,)"
                         R"("stopSequences":["X"]},"labels":{}})"));
    QCOMPARE(edited(R"({"contents":[]})", {"b", false, R"({"max_tokens":9})"}),
             std::string(R"({"contents":[],"generationConfig":{"maxOutputTokens":9}})"));
}

void GeminiRequestTest::isStableWhenSentRound()
{
    Request request = decodedRequest(fixture("gemini/request_agent.json"));
    const std::string once = gemini().encodeRequest(request);
    Request again = *gemini().decodeRequest(once, path());
    QCOMPARE(Json::parse(gemini().encodeRequest(again)).dump(1), Json::parse(once).dump(1));
}

QTEST_GUILESS_MAIN(GeminiRequestTest)
#include "gemini_request_test.moc"
