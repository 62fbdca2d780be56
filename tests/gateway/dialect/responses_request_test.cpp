// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/responses_history.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class ResponsesRequestTest : public QObject {
    Q_OBJECT

private slots:
    void readsFactsWithoutATree();
    void refusesWhatIsNoRequest_data();
    void refusesWhatIsNoRequest();
    void takesAnInputThatIsOneText();
    void translatesAnAgentsRequestToAnthropic();
    void translatesAnAgentsRequestToChat();
    void keepsCustomToolsWhereChatHasThem();
    void saysNamespacesInShortNamesToo();
    void narrowsToolsToTheAllowed();
    void readsEveryToolChoice_data();
    void readsEveryToolChoice();
    void carriesStructuredOutputBothWays();
    void takesFilesAndAudio();
    void namesWhatCannotBeSaid();
    void refusesStateThatIsElsewhere_data();
    void refusesStateThatIsElsewhere();
    void asksOpenAiInItsOwnWords();
    void asksReasoningModelsForTheirReasoning();
    void givesReasoningBackToItsMakerOnly();
    void saysTheSameAfterARound();
    void keepsUnknownFieldsWhenPassingThrough();
    void takesForeignReasoningOutOnTheWayToOpenAi();
    void takesUnsignedReasoningOutOnTheWayToOpenAi();
    void tellsModelsNotToReason_data();
    void tellsModelsNotToReason();
    void asksWithAudioAndTextFiles();
    void limitsWhatReferencesGrowTo();
    void putsAConversationTogether();
    void listsItemsWithIds();
};

namespace {

Request decodedRequest(std::string_view body)
{
    auto request = responses().decodeRequest(body, {});
    return request ? std::move(request.value()) : Request();
}

Json sentTo(const dialect::Dialect& dialect, Request request, const std::string& model)
{
    request.model = model;
    return Json::parse(dialect.encodeRequest(request));
}

Json translated(const dialect::Dialect& from, std::string_view body, const std::string& model)
{
    auto request = from.decodeRequest(body, {});
    if (!request) return {};
    request->model = model;
    return Json::parse(responses().encodeRequest(*request));
}

std::string input(std::string_view items)
{
    return R"({"model":"m","input":)" + std::string(items) + "}";
}

} // namespace

void ResponsesRequestTest::readsFactsWithoutATree()
{
    const std::string body = fixture("responses/request_codex.json");
    const auto facts = responses().facts(scanned(body), {});
    QVERIFY(facts.ok());
    QCOMPARE(facts->model, std::string("smart"));
    QVERIFY(facts->stream && facts->includeUsage && facts->hasTools && facts->hasImages);
    QVERIFY(!facts->needsEdit);
    const std::string limited = R"({"model":"m","input":"hi","max_output_tokens":7})";
    const auto plain = responses().facts(scanned(limited), {});
    QCOMPARE(plain->maxTokens, std::optional<std::int64_t>(7));
    QVERIFY(!plain->hasTools && !plain->hasImages && !plain->stream);
    const std::string added =
        input(R"([{"type":"additional_tools","tools":[{"type":"function","name":"a"}]}])");
    QVERIFY(responses().facts(scanned(added), {})->hasTools);
    // An image may come out of a tool.
    const std::string seen = input(
        R"([{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"u"}]}])");
    QVERIFY(responses().facts(scanned(seen), {})->hasImages);
}

void ResponsesRequestTest::refusesWhatIsNoRequest_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    QTest::newRow("no model") << QByteArray(R"({"input":"hi"})") << QByteArray("model");
    QTest::newRow("input") << QByteArray(R"({"model":"m","input":7})") << QByteArray("input");
    QTest::newRow("limit") << QByteArray(R"({"model":"m","input":"","max_output_tokens":0})")
                           << QByteArray("max_output_tokens");
    QTest::newRow("stream") << QByteArray(R"({"model":"m","input":"","stream":"yes"})")
                            << QByteArray("stream");
}

void ResponsesRequestTest::refusesWhatIsNoRequest()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const std::string text = body.toStdString();
    const auto facts = responses().facts(scanned(text), {});
    QVERIFY(!facts.ok());
    QCOMPARE(facts.error().code, Code::InvalidRequest);
    QCOMPARE(facts.error().param, param.toStdString());
}

void ResponsesRequestTest::takesAnInputThatIsOneText()
{
    const Request request = decodedRequest(R"({"model":"m","instructions":"Be brief.","input":"hi"})");
    const Json sent = sentTo(openAi(), request, "gpt-4.1");
    QCOMPARE(sent["messages"].dump(), std::string(R"([{"content":"Be brief.","role":"system"},)"
                                                  R"({"content":"hi","role":"user"}])"));
}

void ResponsesRequestTest::translatesAnAgentsRequestToAnthropic()
{
    Request request = decodedRequest(fixture("responses/request_codex.json"));
    const Json sent = sentTo(anthropic(), request, "claude-sonnet-4-6");
    QCOMPARE(sent["system"][0]["text"].get<std::string>(), std::string("Be careful."));
    // A turn of the model is one message, and so are the results of its calls.
    QCOMPARE(sent["messages"].size(), std::size_t(4));
    const Json& turn = sent["messages"][1]["content"];
    QCOMPARE(sent["messages"][1]["role"].get<std::string>(), std::string("assistant"));
    QCOMPARE(turn.size(), std::size_t(4)); // OpenAI's reasoning stays away
    QCOMPARE(turn[1]["name"].get<std::string>(), std::string("exec_command"));
    QCOMPARE(turn[1]["input"].dump(), std::string(R"({"cmd":"ls"})"));
    QCOMPARE(turn[2]["name"].get<std::string>(), std::string("multi_agent_v1__wait"));
    QCOMPARE(turn[3]["input"]["input"].get<std::string>(), std::string("*** Begin Patch\n"));
    const Json& results = sent["messages"][2]["content"];
    QCOMPARE(results.size(), std::size_t(3));
    QCOMPARE(results[1]["content"][1]["type"].get<std::string>(), std::string("image"));
    QVERIFY(results[2]["is_error"].get<bool>());
    std::string names;
    for (const Json& tool : sent["tools"]) {
        names += tool["name"].get<std::string>() + ' ';
    }
    QCOMPARE(names, std::string("exec_command apply_patch multi_agent_v1__spawn_agent multi_agent_v1__wait "
                                "view_image "));
    QVERIFY(sent["tools"][1]["description"].get<std::string>().find("*** Begin") != std::string::npos);
    QCOMPARE(sent["tools"][1]["input_schema"]["required"].dump(), std::string(R"(["input"])"));
    QCOMPARE(sent["thinking"]["type"].get<std::string>(), std::string("adaptive"));
    QCOMPARE(sent["output_config"]["effort"].get<std::string>(), std::string("high"));
}

void ResponsesRequestTest::translatesAnAgentsRequestToChat()
{
    const Request request = decodedRequest(fixture("responses/request_codex.json"));
    const Json sent = sentTo(openAi(), request, "qwen3");
    QCOMPARE(sent["messages"].size(), std::size_t(8));
    const Json& turn = sent["messages"][2];
    QCOMPARE(turn["content"].get<std::string>(), std::string("I look."));
    QCOMPARE(turn["tool_calls"].size(), std::size_t(3));
    // A server that is not OpenAI's gets a function in place of a custom tool.
    QCOMPARE(turn["tool_calls"][2]["type"].get<std::string>(), std::string("function"));
    QCOMPARE(turn["tool_calls"][2]["function"]["arguments"].get<std::string>(),
             std::string(R"({"input":"*** Begin Patch\n"})"));
    QCOMPARE(sent["messages"][3]["tool_call_id"].get<std::string>(), std::string("call_1"));
    QCOMPARE(sent["messages"][6]["role"].get<std::string>(), std::string("user")); // the result's image
    QCOMPARE(sent["tools"][1]["type"].get<std::string>(), std::string("function"));
    QVERIFY(sent["tools"][1]["function"]["description"].get<std::string>().find("*** Begin") !=
            std::string::npos);
    QCOMPARE(sent["parallel_tool_calls"].get<bool>(), true);
}

void ResponsesRequestTest::keepsCustomToolsWhereChatHasThem()
{
    const Request request = decodedRequest(fixture("responses/request_codex.json"));
    const Json sent = sentTo(openAi(), request, "gpt-5.1");
    QCOMPARE(sent["tools"][1]["type"].get<std::string>(), std::string("custom"));
    QCOMPARE(sent["tools"][1]["custom"]["format"]["grammar"]["syntax"].get<std::string>(),
             std::string("lark"));
    QCOMPARE(sent["messages"][2]["tool_calls"][2]["custom"]["input"].get<std::string>(),
             std::string("*** Begin Patch\n"));
    QCOMPARE(sent["verbosity"].get<std::string>(), std::string("low"));
}

void ResponsesRequestTest::saysNamespacesInShortNamesToo()
{
    const std::string name(50, 'n');
    const std::string tools = R"([{"type":"namespace","name":"space_of_tools","description":"d","tools":[)"
                              R"({"type":"function","name":")" +
                              name + R"(1"},{"type":"function","name":")" + name + R"(2"}]}])";
    const Request request = decodedRequest(R"({"model":"m","input":"x","tools":)" + tools + "}");
    QCOMPARE(request.tools.size(), std::size_t(2));
    QVERIFY(request.tools[0].name.size() <= 64 && request.tools[1].name.size() <= 64);
    QVERIFY(request.tools[0].name != request.tools[1].name);
    QCOMPARE(request.tools[1].nameInSpace, name + '2');
    QCOMPARE(request.tools[1].nameSpace, std::string("space_of_tools"));
}

void ResponsesRequestTest::narrowsToolsToTheAllowed()
{
    const std::string body = R"({"model":"m","input":"x","tools":[{"type":"function","name":"a"},)"
                             R"({"type":"custom","name":"b"},{"type":"function","name":"c"}],)"
                             R"("tool_choice":{"type":"allowed_tools","mode":"required","tools":[)"
                             R"({"type":"web_search"},{"type":"custom","name":"b"}]}})";
    const Request request = decodedRequest(body);
    QCOMPARE(request.tools.size(), std::size_t(1));
    QCOMPARE(request.tools[0].name, std::string("b"));
    QCOMPARE(request.toolChoice.mode, ToolChoice::Mode::Required);
}

void ResponsesRequestTest::readsEveryToolChoice_data()
{
    QTest::addColumn<QByteArray>("choice");
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("dropped");
    using Mode = ToolChoice::Mode;
    QTest::newRow("auto") << QByteArray(R"("auto")") << int(Mode::Auto) << false;
    QTest::newRow("none") << QByteArray(R"("none")") << int(Mode::None) << false;
    QTest::newRow("required") << QByteArray(R"("required")") << int(Mode::Required) << false;
    QTest::newRow("function") << QByteArray(R"({"type":"function","name":"a"})") << int(Mode::Named) << false;
    QTest::newRow("custom") << QByteArray(R"({"type":"custom","name":"a"})") << int(Mode::Named) << false;
    QTest::newRow("hosted") << QByteArray(R"({"type":"file_search"})") << int(Mode::Undecided) << true;
}

void ResponsesRequestTest::readsEveryToolChoice()
{
    QFETCH(QByteArray, choice);
    QFETCH(int, mode);
    QFETCH(bool, dropped);
    const Request request =
        decodedRequest(R"({"model":"m","input":"x","tools":[{"type":"custom","name":"a"}],)"
                       R"("tool_choice":)" +
                       choice.toStdString() + "}");
    QCOMPARE(int(request.toolChoice.mode), mode);
    QCOMPARE(!request.dropped.empty(), dropped);
    const Json sent = sentTo(responses(), request, "gpt-5");
    if (request.toolChoice.mode == ToolChoice::Mode::Named) {
        QCOMPARE(sent["tool_choice"].dump(), std::string(R"({"name":"a","type":"custom"})"));
    }
}

void ResponsesRequestTest::carriesStructuredOutputBothWays()
{
    const Request request =
        decodedRequest(R"({"model":"m","input":"x","text":{"format":{"type":"json_schema","name":"city",)"
                       R"("strict":true,"schema":{"type":"object"}},"verbosity":"high"}})");
    const Json chat = sentTo(openAi(), request, "gpt-4.1");
    QCOMPARE(chat["response_format"].dump(),
             std::string(R"({"json_schema":{"name":"city","schema":{"type":"object"},"strict":true},)"
                         R"("type":"json_schema"})"));
    const Json back = translated(openAi(),
                                 R"({"model":"m","messages":[{"role":"user","content":"x"}],)"
                                 R"("response_format":)" +
                                     chat["response_format"].dump() + "}",
                                 "gpt-5");
    QCOMPARE(back["text"]["format"].dump(),
             std::string(R"({"name":"city","schema":{"type":"object"},"strict":true,"type":"json_schema"})"));
    QCOMPARE(sentTo(responses(),
                    decodedRequest(R"({"model":"m","input":"x","text":{"format":{"type":"json_object"}}})"),
                    "gpt-5")["text"]["format"]["type"]
                 .get<std::string>(),
             std::string("json_object"));
}

void ResponsesRequestTest::takesFilesAndAudio()
{
    const Request request = decodedRequest(input(
        R"([{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"},)"
        R"({"type":"input_file","file_url":"https://x.test/b.pdf"},{"type":"input_file","file_id":"file_1"},)"
        R"({"type":"input_image","file_id":"file_2"},{"type":"input_image","image_url":"https://x.test/c.png","detail":"original"},)"
        R"({"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}}]}])"));
    const auto& parts = request.messages.at(0).parts;
    QCOMPARE(parts.size(), std::size_t(4));
    QCOMPARE(std::get<DocumentPart>(parts[0]).mediaType, std::string("application/pdf"));
    QCOMPARE(std::get<DocumentPart>(parts[1]).url, std::string("https://x.test/b.pdf"));
    QCOMPARE(std::get<ImagePart>(parts[2]).detail, std::string("high"));
    QCOMPARE(std::get<DocumentPart>(parts[3]).mediaType, std::string("audio/wav"));
    QCOMPARE(request.dropped, (std::vector<std::string>{"input_file", "input_image"}));
    const Json sent = sentTo(responses(), request, "gpt-5");
    QCOMPARE(sent["input"][0]["content"][0]["file_data"].get<std::string>(),
             std::string("data:application/pdf;base64,AAAA"));
    QCOMPARE(sent["input"][0]["content"][1]["file_url"].get<std::string>(),
             std::string("https://x.test/b.pdf"));
}

void ResponsesRequestTest::namesWhatCannotBeSaid()
{
    const Request request = decodedRequest(fixture("responses/request_codex.json"));
    QCOMPARE(request.dropped, (std::vector<std::string>{"tools.web_search", "tools.tool_search"}));
    const Request other = decodedRequest(
        R"({"model":"m","background":true,"top_logprobs":2,"truncation":"auto","max_tool_calls":3,)"
        R"("input":[{"role":"user","content":"x"},{"type":"web_search_call","id":"ws"},{"type":"a\r\nb: c"}]})");
    QCOMPARE(other.dropped, (std::vector<std::string>{"input.web_search_call", "input", "max_tool_calls",
                                                      "background", "truncation"}));
}

void ResponsesRequestTest::refusesStateThatIsElsewhere_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("param");
    QTest::newRow("previous") << QByteArray(R"("input":"x","previous_response_id":"resp_x")")
                              << QByteArray("previous_response_id");
    QTest::newRow("conversation") << QByteArray(R"("input":"x","conversation":"conv_1")")
                                  << QByteArray("conversation");
    QTest::newRow("prompt") << QByteArray(R"("prompt":{"id":"pmpt_1"})") << QByteArray("prompt");
    QTest::newRow("reference")
        << QByteArray(R"("input":[{"role":"user","content":"x"},{"type":"item_reference","id":"msg_9"}])")
        << QByteArray("input[1].id");
    QTest::newRow("bare reference") << QByteArray(R"("input":[{"id":"msg_9"}])") << QByteArray("input[0].id");
    QTest::newRow("role") << QByteArray(R"("input":[{"role":"pope","content":"x"}])")
                          << QByteArray("input[0].role");
    QTest::newRow("nothing") << QByteArray(R"("input":[])") << QByteArray("input");
}

void ResponsesRequestTest::refusesStateThatIsElsewhere()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, param);
    const auto request = responses().decodeRequest("{\"model\":\"m\"," + members.toStdString() + "}", {});
    QVERIFY(!request.ok());
    QCOMPARE(request.error().code, Code::InvalidRequest);
    QCOMPARE(request.error().param, param.toStdString());
    QVERIFY(!request.error().message.empty());
    // What OpenAI may hold is for the next target to say; nobody understands the rest.
    const bool held = !(param.endsWith("role") || param == "input");
    QCOMPARE(int(request.error().retry), int(held ? Retry::NextTarget : Retry::Never));
}

void ResponsesRequestTest::asksOpenAiInItsOwnWords()
{
    const Json sent = translated(openAi(), fixture("openai/request_agent.json"), "gpt-4.1");
    QCOMPARE(sent["store"].get<bool>(), false);
    QCOMPARE(sent["include"].dump(), std::string(R"(["message.output_text.logprobs"])"));
    QVERIFY(!sent.contains("messages"));
    for (const Json& tool : sent["tools"]) {
        QVERIFY(tool.contains("name") && tool.contains("strict") != (tool["type"] == "custom"));
    }
    const Json small = translated(
        openAi(),
        R"({"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5,"temperature":0.5,"stop":["a"],)"
        R"("seed":1,"tools":[{"type":"function","function":{"name":"f"}}]})",
        "gpt-4.1");
    QCOMPARE(int(small["max_output_tokens"]), 16);
    QCOMPARE(small["temperature"].get<double>(), 0.5);
    QCOMPARE(small["tools"][0].dump(),
             std::string(R"({"name":"f","parameters":{"properties":{},"type":"object"},"strict":false,)"
                         R"("type":"function"})"));
    Request request = *openAi().decodeRequest(
        R"({"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5,"stop":["a"],"seed":1})",
        {});
    (void)responses().encodeRequest(request);
    QCOMPARE(request.dropped, (std::vector<std::string>{"max_tokens<16", "seed", "stop"}));
}

void ResponsesRequestTest::asksReasoningModelsForTheirReasoning()
{
    const Json sent = translated(
        anthropic(),
        R"({"model":"m","max_tokens":4000,"messages":[{"role":"user","content":"x"}],"temperature":0.2,)"
        R"("thinking":{"type":"enabled","budget_tokens":4096}})",
        "gpt-5-codex");
    QCOMPARE(sent["include"].dump(), std::string(R"(["reasoning.encrypted_content"])"));
    QCOMPARE(sent["reasoning"].dump(), std::string(R"({"effort":"high"})"));
    QVERIFY(!sent.contains("temperature"));
}

void ResponsesRequestTest::givesReasoningBackToItsMakerOnly()
{
    const Request request = decodedRequest(fixture("responses/request_codex.json"));
    const Json own = sentTo(responses(), request, "gpt-5");
    QCOMPARE(own["input"][2]["type"].get<std::string>(), std::string("reasoning"));
    QCOMPARE(own["input"][2]["encrypted_content"].get<std::string>(), std::string("gAAAAABo-opaque=="));
    QCOMPARE(own["input"][2]["summary"][0]["text"].get<std::string>(), std::string("I list the files."));
    // Anthropic's comes back through a client of this dialect and goes to Anthropic as it was.
    Completion completion;
    completion.parts = {ThinkingPart{"Deep thought.", "EqQBsig/==", {}}, ThinkingPart{{}, {}, "opaque=="},
                        ToolCallPart{"toolu_1", "f", "{}", false}};
    completion.finish = Finish::ToolCalls;
    const Json answer = Json::parse(responses().encodeCompletion(completion, context()));
    Json again = {{"model", "m"}, {"input", answer["output"]}};
    again["input"].push_back({{"type", "function_call_output"}, {"call_id", "toolu_1"}, {"output", "ok"}});
    const Request next = decodedRequest(again.dump());
    const Json toAnthropic = sentTo(anthropic(), next, "claude-sonnet-4-5");
    const Json& turn = toAnthropic["messages"][0]["content"];
    QCOMPARE(turn[0].dump(),
             std::string(R"({"signature":"EqQBsig/==","thinking":"Deep thought.","type":"thinking"})"));
    QCOMPARE(turn[1].dump(), std::string(R"({"data":"opaque==","type":"redacted_thinking"})"));
    QCOMPARE(turn[2]["id"].get<std::string>(), std::string("toolu_1"));
    QVERIFY(sentTo(responses(), next, "gpt-5")["input"][0]["type"].get<std::string>() == "function_call");
}

void ResponsesRequestTest::saysTheSameAfterARound()
{
    Request first = decodedRequest(fixture("responses/request_codex.json"));
    first.model = "gpt-5";
    const std::string once = responses().encodeRequest(first);
    Request second = decodedRequest(once);
    QCOMPARE(responses().encodeRequest(second), once);
    // Long ids are shortened alike in a call and its result.
    const std::string id(90, 'i');
    Request request = decodedRequest(input(R"([{"type":"custom_tool_call","call_id":")" + id +
                                           R"(","name":"a","input":"x"},{"type":"custom_tool_call_output",)"
                                           R"("call_id":")" +
                                           id + R"(","output":"y"}])"));
    const Json sent = sentTo(responses(), request, "gpt-5");
    QVERIFY(sent["input"][0]["call_id"].get<std::string>().size() <= 64);
    QCOMPARE(sent["input"][0]["call_id"].dump(), sent["input"][1]["call_id"].dump());
    QCOMPARE(sent["input"][1]["type"].get<std::string>(), std::string("custom_tool_call_output"));
}

void ResponsesRequestTest::keepsUnknownFieldsWhenPassingThrough()
{
    const std::string body = fixture("responses/request_codex.json");
    dialect::BodyEdit edit;
    edit.model = "gpt-5.5";
    const auto edited = responses().edit(body, scanned(body), edit);
    QVERIFY(edited.ok());
    std::string expected = body;
    expected.replace(expected.find("\"smart\""), 7, "\"gpt-5.5\"");
    QCOMPARE(*edited, expected);
}

void ResponsesRequestTest::takesForeignReasoningOutOnTheWayToOpenAi()
{
    const std::string body =
        input(R"([ {"role":"user","content":"x"}, {"type":"reasoning","id":"rs","summary":[],)"
              R"("encrypted_content":"tp1.anthropic.Eq=="}, {"id":"m","unknown":[1, 2]} ])");
    QVERIFY(responses().facts(scanned(body), {})->needsEdit);
    dialect::BodyEdit edit;
    edit.model = "m";
    const auto edited = responses().edit(body, scanned(body), edit);
    QCOMPARE(*edited, input(R"([{"role":"user","content":"x"},{"id":"m","unknown":[1, 2]}])"));
    const std::string said = input(R"([{"role":"user","content":"tp1.anthropic.Eq=="}])");
    QVERIFY(!responses().facts(scanned(said), {})->needsEdit);
}

void ResponsesRequestTest::takesUnsignedReasoningOutOnTheWayToOpenAi()
{
    // Many servers tell their reasoning without signing it. OpenAI would look for it among its own.
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", {}, {}}, TextPart{"Hi", {}}};
    completion.finish = Finish::Stop;
    const Json output = Json::parse(responses().encodeCompletion(completion, context()))["output"];
    QCOMPARE(output[0]["summary"][0]["text"].get<std::string>(), std::string("Hm."));
    const std::string body = input(output.dump());
    QVERIFY(responses().facts(scanned(body), {})->needsEdit);
    const auto edited = responses().edit(body, scanned(body), {});
    QCOMPARE(Json::parse(*edited)["input"].dump(), Json::array({output[1]}).dump());
    // For all others it is what it was.
    const Request again = decodedRequest(body);
    const auto& thinking = std::get<ThinkingPart>(again.messages.at(0).parts.at(0));
    QCOMPARE(thinking.text, std::string("Hm."));
    QVERIFY(thinking.signature.empty() && thinking.redacted.empty());
    // What only opens an item says nothing yet.
    const std::string stream = encoded(responses(),
                                       {Started{"a", "b"}, BlockStarted{0, BlockKind::Thinking, {}, {}},
                                        TextDelta{"Hm."}, BlockEnded{0}, Finished{Finish::Stop, {}}, Ended{}},
                                       context());
    QCOMPARE(datas(stream).back()["response"]["output"][0].dump(), output[0].dump());
    QVERIFY(!datas(stream)[2]["item"].contains("encrypted_content"));
}

void ResponsesRequestTest::tellsModelsNotToReason_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("effort");
    QTest::newRow("5") << QByteArray("gpt-5-mini") << QByteArray("minimal");
    QTest::newRow("5.1") << QByteArray("gpt-5.1") << QByteArray("none");
    QTest::newRow("codex") << QByteArray("gpt-5.1-codex") << QByteArray("low");
    QTest::newRow("o") << QByteArray("o4-mini") << QByteArray("low");
    QTest::newRow("pro") << QByteArray("gpt-5-pro") << QByteArray();
    QTest::newRow("none to tell") << QByteArray("gpt-4.1") << QByteArray();
}

void ResponsesRequestTest::tellsModelsNotToReason()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, effort);
    Request request;
    request.messages.push_back({Role::User, {TextPart{"x", {}}}});
    request.reasoning.effort = Effort::None;
    const Json sent = sentTo(responses(), request, model.toStdString());
    const Json chat = sentTo(openAi(), request, model.toStdString());
    if (effort.isEmpty()) {
        QVERIFY(!sent.contains("reasoning") && !chat.contains("reasoning_effort"));
    } else {
        QCOMPARE(sent["reasoning"]["effort"].get<std::string>(), effort.toStdString());
        QCOMPARE(chat["reasoning_effort"].get<std::string>(), effort.toStdString());
    }
}

void ResponsesRequestTest::asksWithAudioAndTextFiles()
{
    Request request;
    request.messages.push_back(
        {Role::User,
         {DocumentPart{"audio/wav", "UklG", {}, {}}, DocumentPart{"text/plain", "aGk=", {}, {}}}});
    const Json content = sentTo(responses(), request, "gpt-4.1")["input"][0]["content"];
    QCOMPARE(content[0].dump(),
             std::string(R"({"input_audio":{"data":"UklG","format":"wav"},"type":"input_audio"})"));
    QCOMPARE(content[1]["filename"].get<std::string>(), std::string("document.txt"));
}

void ResponsesRequestTest::limitsWhatReferencesGrowTo()
{
    const std::string item = R"({"id":"msg_1","x":")" + std::string(4u << 20, 'x') + "\"}";
    std::string references;
    for (int i = 0; i < 40; ++i)
        references += std::string(i == 0 ? "" : ",") + R"({"type":"item_reference","id":"msg_1"})";
    const std::string body = input('[' + references + ']');
    const auto whole = dialect::responses::expandedRequest(
        body, scanned(body), {}, [&item](std::string_view) { return std::string_view(item); });
    QVERIFY(!whole.ok());
    QCOMPARE(whole.error().code, Code::RequestTooLarge);
}

void ResponsesRequestTest::putsAConversationTogether()
{
    const std::string body =
        R"({"previous_response_id":"resp_1","model":"m","x":1,)"
        R"("input":[{"type":"item_reference","id":"msg_1"},{"role":"user","content":"b"}]})";
    const auto find = [](std::string_view id) {
        return id == "msg_1" ? std::string_view(R"({"id":"msg_1"})") : std::string_view();
    };
    const JsonDocument document = scanned(body);
    QCOMPARE(dialect::responses::previousId(document), std::string("resp_1"));
    QCOMPARE(dialect::responses::referredItems(document), std::vector<std::string>{"msg_1"});
    QCOMPARE(*dialect::responses::expandedRequest(body, document, {"{\"a\":1}", "{\"b\":2}"}, find),
             std::string(R"({"model":"m","x":1,"input":[{"a":1},{"b":2},{"id":"msg_1"},)"
                         R"({"role":"user","content":"b"}]})"));
    const std::string text = R"({"model":"m","input":"c","previous_response_id":"resp_1"})";
    QCOMPARE(*dialect::responses::expandedRequest(text, scanned(text), {"{}"}, find),
             std::string(R"({"model":"m","input":[{},{"type":"message","role":"user",)"
                         R"("content":[{"type":"input_text","text":"c"}]}]})"));
}

void ResponsesRequestTest::listsItemsWithIds()
{
    const std::string body = input(R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},)"
                                   R"({"type":"function_call","call_id":"c","name":"f","arguments":"{}"},)"
                                   R"({"type":"message","id":"msg_own","role":"user","content":[]}])");
    const auto items = dialect::responses::inputItems(scanned(body), "r1",
                                                      [](std::string_view) { return std::string_view(); });
    QCOMPARE(items.size(), std::size_t(4));
    const Json first = Json::parse(items[0]);
    QCOMPARE(first.dump(), std::string(R"({"content":[{"text":"a","type":"input_text"}],"id":"msg_r1_in0",)"
                                       R"("role":"user","type":"message"})"));
    QCOMPARE(Json::parse(items[1])["content"][0]["type"].get<std::string>(), std::string("output_text"));
    QCOMPARE(dialect::responses::idOf(items[2]), std::string("fc_r1_in2"));
    QCOMPARE(dialect::responses::idOf(items[3]), std::string("msg_own"));
    const std::string text = input(R"("hi")");
    QCOMPARE(dialect::responses::inputItems(scanned(text), "r1", {}).size(), std::size_t(1));
    QVERIFY(dialect::responses::wantsKept(scanned(text)));
    QVERIFY(!dialect::responses::wantsKept(scanned(R"({"store":false})")));
}

QTEST_APPLESS_MAIN(ResponsesRequestTest)
#include "responses_request_test.moc"
