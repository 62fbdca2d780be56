// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::StreamMeter;

class CompletionsTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatTheGatewayMustKnow();
    void takesTheDeploymentFromAzuresPath();
    void editsSpansOnly();
    void asksAModelThatChats_data();
    void asksAModelThatChats();
    void refusesPromptsThatNobodyElseTakes_data();
    void refusesPromptsThatNobodyElseTakes();
    void notesWhatAChatCannotSay();
    void writesAPromptOfAChat();
    void readsAndWritesWholeAnswers();
    void translatesStreamsBothWays();
    void saysTheSameHoweverItIsCut();
    void leavesOutWhatIsNoText();
    void endsWithAnErrorAndNothingMore();
    void metersWithoutChangingAByte();
    void stripsUsageThatOnlyWeAskedFor();
};

namespace {

const dialect::Dialect& completions()
{
    return dialect::dialectOf(DialectId::OpenAiCompletions);
}

std::string textOf(std::string_view stream)
{
    std::string text;
    for (const Json& data : datas(stream)) {
        if (data.is_object() && !data["choices"].empty())
            text += data["choices"][0]["text"].get<std::string>();
    }
    return text;
}

} // namespace

void CompletionsTest::readsWhatTheGatewayMustKnow()
{
    const std::string body = R"({"model":"coder","prompt":[1,2],"stream":true,"max_tokens":64,
        "stream_options":{"include_usage":true},"models":["a","b"],"echo":true})";
    const auto facts = completions().facts(scanned(body), {});
    QVERIFY(facts.ok());
    QCOMPARE(facts->model, std::string("coder"));
    QVERIFY(facts->stream && facts->includeUsage && !facts->hasTools);
    QCOMPARE(facts->maxTokens, std::optional<std::int64_t>(64));
    QCOMPARE(facts->fallbackModels.size(), std::size_t{2});
    QVERIFY(completions().asksForUsage());
    QCOMPARE(completions().clientName(), std::string_view("openai"));
    for (const char* bad :
         {R"({"prompt":"x"})", R"({"model":7,"prompt":"x"})", R"({"model":"m","prompt":"x","max_tokens":0})",
          R"({"model":"m","prompt":"x","stream_options":1})"})
        QVERIFY2(!completions().facts(scanned(bad), {}).ok(), bad);
}

void CompletionsTest::takesTheDeploymentFromAzuresPath()
{
    dialect::PathFacts path;
    path.model = "my-deployment";
    for (const char* body : {R"({"prompt":"x"})", R"({"model":"other","prompt":"x"})"}) {
        const auto facts = completions().facts(scanned(body), path);
        QVERIFY(facts.ok());
        QCOMPARE(facts->model, std::string("my-deployment"));
    }
    const auto chat = openAi().facts(scanned(R"({"messages":[{"role":"user","content":"x"}]})"), path);
    QVERIFY(chat.ok());
    QCOMPARE(chat->model, std::string("my-deployment"));
    path.model = "../x";
    QVERIFY(!openAi().facts(scanned(R"({"messages":[{}]})"), path).ok());
}

void CompletionsTest::editsSpansOnly()
{
    const std::string body =
        "{ \"model\": \"coder\", \"prompt\":\"fn(\",\"suffix\":\")\" , \"stream\":true,\"x\":[1 ]}";
    const auto edited = completions().edit(body, scanned(body), {"qwen", true, {}});
    QCOMPARE(*edited,
             std::string("{ \"model\": \"qwen\", \"prompt\":\"fn(\",\"suffix\":\")\" , \"stream\":true,"
                         "\"x\":[1 ],\"stream_options\":{\"include_usage\":true}}"));
    const auto named =
        completions().edit("{\"prompt\":\"x\"}", scanned("{\"prompt\":\"x\"}"), {"m", false, {}});
    QCOMPARE(*named, std::string("{\"prompt\":\"x\",\"model\":\"m\"}"));
}

void CompletionsTest::asksAModelThatChats_data()
{
    QTest::addColumn<QByteArray>("prompt");
    QTest::newRow("text") << QByteArray("\"Say hi\"");
    QTest::newRow("list of one") << QByteArray("[\"Say hi\"]");
}

void CompletionsTest::asksAModelThatChats()
{
    QFETCH(QByteArray, prompt);
    const std::string body = "{\"model\":\"m\",\"prompt\":" + prompt.toStdString() +
                             R"(,"max_tokens":50,"temperature":0.2,"stop":["\n","END"],"seed":4,"user":"u"})";
    auto request = completions().decodeRequest(body, {});
    QVERIFY(request.ok());
    QVERIFY(request->dropped.empty());
    const Json chat = Json::parse(openAi().encodeRequest(*request));
    const std::string wanted =
        R"({"max_tokens":50,"messages":[{"content":"Say hi","role":"user"}],"model":"m",)"
        R"("seed":4,"stop":["\n","END"],"temperature":0.2,"user":"u"})";
    QCOMPARE(chat.dump(), wanted);
    const Json claude = Json::parse(anthropic().encodeRequest(*request));
    QCOMPARE(claude["messages"].dump(),
             std::string(R"([{"content":[{"text":"Say hi","type":"text"}],"role":"user"}])"));
    QCOMPARE(int(claude["max_tokens"]), 50);
}

void CompletionsTest::refusesPromptsThatNobodyElseTakes_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char* body :
         {"{}", R"({"prompt":null})", R"({"prompt":""})", R"({"prompt":["a","b"]})", R"({"prompt":[1,2,3]})",
          R"({"prompt":[1]})", R"({"prompt":[[1,2]]})", R"({"prompt":[]})", R"({"prompt":{"a":1}})"})
        QTest::newRow(body) << QByteArray(body);
}

void CompletionsTest::refusesPromptsThatNobodyElseTakes()
{
    QFETCH(QByteArray, body);
    const auto request = completions().decodeRequest(body.toStdString(), {});
    QVERIFY(!request.ok());
    QCOMPARE(request.error().code, Code::InvalidRequest);
    QCOMPARE(request.error().param, std::string("prompt"));
    // Where the server speaks this API itself they are its business.
    const std::string whole = "{\"model\":\"m\"," + body.mid(1).toStdString();
    if (body != "{}") QVERIFY(completions().facts(scanned(whole), {}).ok());
}

void CompletionsTest::notesWhatAChatCannotSay()
{
    const auto request = completions().decodeRequest(
        R"({"prompt":"x","suffix":"y","echo":true,"best_of":3,"n":2,"logprobs":0,"logit_bias":{"5":1}})", {});
    QVERIFY(request.ok());
    QCOMPARE(request->dropped, (std::vector<std::string>{"suffix", "logit_bias", "n", "best_of", "echo"}));
    const auto plain = completions().decodeRequest(
        R"({"prompt":"x","suffix":"","echo":false,"best_of":1,"n":1,"logprobs":null,"logit_bias":{}})", {});
    QVERIFY(plain.ok() && plain->dropped.empty() && !plain->logprobs);
}

void CompletionsTest::writesAPromptOfAChat()
{
    const Json single = {
        {"model", "m"},
        {"stream", true},
        {"messages",
         {{{"role", "system"}, {"content", "Be brief."}}, {{"role", "user"}, {"content", "Hi"}}}}};
    auto request = openAi().decodeRequest(single.dump(), {});
    const Json first = Json::parse(completions().encodeRequest(*request));
    QCOMPARE(first["prompt"].get<std::string>(), std::string("Be brief.\n\nHi"));
    QVERIFY(first["stream_options"]["include_usage"].get<bool>());
    const Json several = {{"model", "m"},
                          {"logprobs", true},
                          {"verbosity", "low"},
                          {"tools", {{{"type", "function"}, {"function", {{"name", "f"}}}}}},
                          {"messages",
                           {{{"role", "user"}, {"content", "Hi"}},
                            {{"role", "assistant"}, {"content", "Hello"}},
                            {{"role", "user"}, {"content", "More"}}}}};
    request = openAi().decodeRequest(several.dump(), {});
    QCOMPARE(Json::parse(completions().encodeRequest(*request))["prompt"].get<std::string>(),
             std::string("User: Hi\n\nAssistant: Hello\n\nUser: More\n\nAssistant:"));
    QCOMPARE(request->dropped, (std::vector<std::string>{"tools", "verbosity"}));
}

void CompletionsTest::readsAndWritesWholeAnswers()
{
    const std::string body =
        R"({"id":"cmpl-1","object":"text_completion","model":"m","choices":[{"text":" world",
        "index":0,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":2}})";
    QVERIFY(completions().isAnswer(scanned(body), Operation::Chat));
    QVERIFY(!openAi().isAnswer(scanned(body), Operation::Chat));
    QVERIFY(!completions().isAnswer(scanned(R"({"choices":[{"message":{}}]})"), Operation::Chat));
    const auto completion = completions().decodeCompletion(body);
    QVERIFY(completion.ok());
    const Json chat = Json::parse(openAi().encodeCompletion(*completion, context()));
    QCOMPARE(chat["choices"][0]["message"]["content"].get<std::string>(), std::string(" world"));
    QCOMPARE(chat["choices"][0]["finish_reason"].get<std::string>(), std::string("length"));
    const Json own = Json::parse(completions().encodeCompletion(*completion, context()));
    QVERIFY(own["id"].get<std::string>().starts_with("cmpl-"));
    QCOMPARE(own["model"].get<std::string>(), std::string("smart"));
    QCOMPARE(own["choices"].dump(),
             std::string(R"([{"finish_reason":"length","index":0,"logprobs":null,"text":" world"}])"));
    QCOMPARE(int(own["usage"]["total_tokens"]), 5);
    QCOMPARE(completions().readUsage(scanned(body)).inputTokens, 3);
    for (const char* bad : {"{}", R"({"choices":[]})", R"({"choices":[{"message":{"content":"x"}}]})"})
        QVERIFY2(!completions().decodeCompletion(bad).ok(), bad);
}

void CompletionsTest::translatesStreamsBothWays()
{
    const auto events = decoded(completions(), fixture("completions/stream_text.sse"), 64);
    const auto chunks = datas(encoded(openAi(), events, context()));
    std::string text;
    for (const Json& data : chunks) {
        if (data.is_object() && !data["choices"].empty())
            text += data["choices"][0]["delta"].value("content", std::string());
    }
    QCOMPARE(text, std::string("return a + b; // größer"));
    const std::string claude = fixture("anthropic/stream_thinking_tool.sse");
    const std::string out = encoded(completions(), decoded(anthropic(), claude, 64), context());
    QCOMPARE(textOf(out), std::string("I look it up."));
    const auto all = datas(out);
    QCOMPARE(all.back().get<std::string>(), std::string("[DONE]"));
    QCOMPARE(int(all[all.size() - 2]["usage"]["prompt_tokens"]), 100);
    QCOMPARE(all[all.size() - 3]["choices"][0]["finish_reason"].get<std::string>(), std::string("stop"));
    QVERIFY(encoded(completions(), events, context(false)).find("usage") == std::string::npos);
}

void CompletionsTest::saysTheSameHoweverItIsCut()
{
    const std::string stream = fixture("completions/stream_text.sse");
    const std::string whole = encoded(anthropic(), decoded(completions(), stream, stream.size()), context());
    QVERIFY(whole.find("a + b") != std::string::npos);
    for (std::size_t step = 1; step < stream.size(); ++step)
        QCOMPARE(encoded(anthropic(), decoded(completions(), stream, step), context()), whole);
    const std::string again = encoded(completions(), decoded(completions(), stream, 64), context());
    QCOMPARE(encoded(anthropic(), decoded(completions(), again, 64), context()), whole);
}

void CompletionsTest::leavesOutWhatIsNoText()
{
    const std::vector<Event> events{Started{},
                                    BlockStarted{0, BlockKind::Thinking, {}, {}},
                                    TextDelta{"hm"},
                                    BlockEnded{0},
                                    BlockStarted{1, BlockKind::Text, {}, {}},
                                    TextDelta{"one"},
                                    BlockEnded{1},
                                    BlockStarted{2, BlockKind::ToolCall, "a", "f"},
                                    ArgumentsDelta{"{}"},
                                    BlockEnded{2},
                                    BlockStarted{3, BlockKind::Text, {}, {}},
                                    TextDelta{"two"},
                                    BlockEnded{3},
                                    Finished{Finish::ToolCalls, {}},
                                    Ended{}};
    const std::string out = encoded(completions(), events, context());
    QCOMPARE(textOf(out), std::string("one\n\ntwo"));
    QVERIFY(out.find("\"finish_reason\":\"stop\"") != std::string::npos);
}

void CompletionsTest::endsWithAnErrorAndNothingMore()
{
    const auto told = [](const std::string& stream) { return decoded(completions(), stream, 64); };
    const std::string chunk = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n";
    for (const std::string& bad :
         {chunk, chunk + "data: [DONE]\n\n", chunk + "data: {\"error\":{\"message\":\"x\"}}\n\n",
          chunk + "data: no json\n\n" + chunk, std::string()}) {
        const auto events = told(bad);
        QVERIFY(std::holds_alternative<Failed>(events.back()));
        const std::string out = encoded(completions(), events, context());
        QVERIFY(out.find("[DONE]") == std::string::npos && out.find("\"error\"") != std::string::npos);
    }
    const auto complete = told("data: {\"choices\":[{\"text\":\"a\",\"finish_reason\":\"stop\"}]}\n\n");
    QVERIFY(std::holds_alternative<Ended>(complete.back()));
}

void CompletionsTest::metersWithoutChangingAByte()
{
    const std::string stream = fixture("completions/stream_text.sse");
    const auto meter = completions().meter({});
    SseScanner scanner;
    std::string out;
    scanner.feed(stream, [&](const SseEvent& event) {
        QVERIFY(meter->read(event).act == StreamMeter::Act::Forward);
        out += event.raw;
    });
    QCOMPARE(out, stream);
    QVERIFY(meter->finished() && meter->ended());
    QCOMPARE(meter->usage().outputTokens, 9);
    QVERIFY(meter->answerChars() >= 23);
}

void CompletionsTest::stripsUsageThatOnlyWeAskedFor()
{
    const auto meter = completions().meter({true, false, {}});
    SseScanner scanner;
    std::string out;
    scanner.feed(fixture("completions/stream_text.sse"), [&](const SseEvent& event) {
        const auto reading = meter->read(event);
        if (reading.act == StreamMeter::Act::Forward) out += event.raw;
        if (reading.act == StreamMeter::Act::Replace) out += reading.replacement;
    });
    QVERIFY(out.find("usage") == std::string::npos);
    QVERIFY(out.ends_with("data: [DONE]\n\n"));
    QCOMPARE(meter->usage().inputTokens, 21);
}

QTEST_GUILESS_MAIN(CompletionsTest)
#include "completions_test.moc"
