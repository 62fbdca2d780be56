// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::CompletionContext;

class ResponsesAnswerTest : public QObject {
    Q_OBJECT

private slots:
    void readsAWholeAnswer();
    void readsItsFinish_data();
    void readsItsFinish();
    void writesAWholeAnswer();
    void repeatsTheRequest();
    void tellsToolsAsTheClientKnowsThem();
    void readsAStreamInStrictOrder();
    void saysTheSameHoweverItIsCut();
    void survivesMissingAndMixedEvents_data();
    void survivesMissingAndMixedEvents();
    void writesTheFullSequenceOfEvents();
    void streamsWhatAWholeAnswerSays();
    void endsIncompleteStreams();
    void givesSummariesToAnthropicsClients();
    void showsRefusalsAsText();
    void failsInBothEvents();
    void readsFailures_data();
    void readsFailures();
    void keepsTheAnswerBeforeItsEnd();
};

namespace {

std::string wire(const Json& data)
{
    return "event: " + data["type"].get<std::string>() + "\ndata: " + data.dump() + "\n\n";
}

Json done(int index, const Json& item)
{
    return {{"type", "response.output_item.done"}, {"output_index", index}, {"item", item}};
}

Json completed(const Json& output)
{
    return {{"type", "response.completed"}, {"response", {{"status", "completed"}, {"output", output}}}};
}

Json message(const std::string& text)
{
    return {{"type", "message"},
            {"role", "assistant"},
            {"content", Json::array({{{"type", "output_text"}, {"text", text}}})}};
}

Json call(const std::string& id, const std::string& arguments)
{
    return {{"type", "function_call"}, {"call_id", id}, {"name", "f"}, {"arguments", arguments}};
}

/// What the blocks hold, "[kind text]" each; a fault in their order is named instead.
std::string blocksOf(const std::vector<Event>& events)
{
    std::string out;
    int next = 0;
    bool open = false;
    for (const Event& event : events) {
        if (const auto* begun = std::get_if<BlockStarted>(&event)) {
            if (open || begun->index != next) return "overlap";
            open = true;
            const bool thinks = begun->kind == BlockKind::Thinking;
            out += '[' + (thinks ? "think" : begun->kind == BlockKind::Text ? "text" : begun->toolName) + ' ';
        } else if (const auto* ended = std::get_if<BlockEnded>(&event)) {
            if (!open || ended->index != next++) return "not open";
            open = false;
            out += ']';
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            out += open ? text->text : "outside";
        } else if (const auto* json = std::get_if<ArgumentsDelta>(&event)) {
            out += open ? json->json : "outside";
        } else if (const auto* signature = std::get_if<SignatureDelta>(&event)) {
            out += '<' + signature->signature + '|' + signature->redacted + '>';
        }
    }
    return open ? "left open" : out;
}

Finish finishOf(const std::vector<Event>& events)
{
    for (const Event& event : events) {
        if (const auto* finished = std::get_if<Finished>(&event)) return finished->finish;
    }
    return Finish::Undecided;
}

const std::string kAgentBlocks = "[think The user asks.\n\nI look it up.<tp1.openai.gAAAA-enc|>]"
                                 "[text One moment \xe2\x80\xa8 \xc3\xa9.]"
                                 "[weather {\"city\":\"Paris\"}][weather {\"city\":\"Rome\"}]"
                                 "[apply_patch {\"input\":\"*** \\\"Begin\\\"\\n\"}]";

} // namespace

void ResponsesAnswerTest::readsAWholeAnswer()
{
    const std::string body = fixture("responses/answer_tools.json");
    QVERIFY(responses().isAnswer(scanned(body), Operation::Chat));
    const auto completion = responses().decodeCompletion(body);
    QVERIFY(completion.ok());
    QCOMPARE(completion->parts.size(), std::size_t(5)); // a hosted tool's call says nothing to others
    const auto& thinking = std::get<ThinkingPart>(completion->parts[0]);
    QCOMPARE(thinking.text, std::string("First.\n\nSecond."));
    QCOMPARE(thinking.signature, std::string("tp1.openai.gAAAA-enc"));
    QCOMPARE(std::get<TextPart>(completion->parts[1]).text, std::string("I look it up."));
    const auto& second = std::get<ToolCallPart>(completion->parts[3]);
    QCOMPARE(second.id, std::string("call_b"));
    QCOMPARE(second.argumentsJson, std::string("{\"city\":\"Rome\"}"));
    QVERIFY(std::get<ToolCallPart>(completion->parts[4]).custom);
    QCOMPARE(completion->finish, Finish::ToolCalls);
    const Usage usage = responses().readUsage(scanned(body));
    QCOMPARE(usage.inputTokens, 100);
    QCOMPARE(usage.cacheReadTokens, 40);
    QCOMPARE(usage.cacheWriteTokens, 10);
    QCOMPARE(usage.outputTokens, 60);
    QCOMPARE(usage.reasoningTokens, 25);
    const std::string priced = responses().addCost(body, scanned(body), Money::fromNanos(5'000'000));
    QCOMPARE(Json::parse(priced)["usage"]["cost"].get<double>(), 0.005);
    const Json chat = Json::parse(openAi().encodeCompletion(*completion, context()));
    QCOMPARE(chat["choices"][0]["message"]["tool_calls"].size(), std::size_t(3));
    QCOMPARE(chat["choices"][0]["message"]["reasoning_content"].get<std::string>(), thinking.text);
    const Json messages = Json::parse(anthropic().encodeCompletion(*completion, context()));
    QCOMPARE(messages["content"][0]["signature"].get<std::string>(), thinking.signature);
    QCOMPARE(messages["stop_reason"].get<std::string>(), std::string("tool_use"));
}

void ResponsesAnswerTest::readsItsFinish_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("finish");
    QTest::newRow("completed") << QByteArray(R"("status":"completed")") << int(Finish::Stop);
    QTest::newRow("unsaid") << QByteArray(R"("x":1)") << int(Finish::Stop);
    QTest::newRow("length")
        << QByteArray(R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"})")
        << int(Finish::Length);
    QTest::newRow("filter")
        << QByteArray(R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})")
        << int(Finish::ContentFilter);
    QTest::newRow("failed") << QByteArray(
                                   R"("status":"failed","error":{"code":"server_error","message":"No."})")
                            << int(Finish::Undecided);
    QTest::newRow("queued") << QByteArray(R"("status":"queued")") << int(Finish::Undecided);
}

void ResponsesAnswerTest::readsItsFinish()
{
    QFETCH(QByteArray, members);
    QFETCH(int, finish);
    const auto completion = responses().decodeCompletion("{\"output\":[]," + members.toStdString() + "}");
    QCOMPARE(completion.ok(), finish != int(Finish::Undecided));
    if (completion.ok()) {
        QCOMPARE(int(completion->finish), finish);
        const Json back = Json::parse(responses().encodeCompletion(*completion, context()));
        QCOMPARE(responses().decodeCompletion(back.dump())->finish, completion->finish);
    } else {
        QCOMPARE(completion.error().source, Source::Upstream);
    }
}

void ResponsesAnswerTest::writesAWholeAnswer()
{
    Completion completion = *openAi().decodeCompletion(
        R"({"id":"c","model":"up","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",)"
        R"("reasoning_content":"Hm.","content":"Hi \u2028","tool_calls":[{"id":"call_1","type":"function",)"
        R"("function":{"name":"f","arguments":"{\"a\":1}"}}]}}],)"
        R"("usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}})");
    CompletionContext made = context();
    made.cost = Money::fromNanos(1'000);
    const std::string body = responses().encodeCompletion(completion, made);
    QVERIFY(std::all_of(body.begin(), body.end(), [](char byte) { return byte > 0; }));
    const Json answer = Json::parse(body);
    QCOMPARE(answer["object"].get<std::string>(), std::string("response"));
    QCOMPARE(answer["status"].get<std::string>(), std::string("completed"));
    QCOMPARE(answer["model"].get<std::string>(), std::string("smart"));
    QVERIFY(answer["id"].get<std::string>().starts_with("resp_"));
    QCOMPARE(answer["output"].size(), std::size_t(3));
    QCOMPARE(answer["output"][0]["summary"][0]["text"].get<std::string>(), std::string("Hm."));
    QCOMPARE(answer["output"][1]["content"][0]["type"].get<std::string>(), std::string("output_text"));
    QVERIFY(answer["output"][1]["content"][0]["annotations"].empty());
    QCOMPARE(answer["output"][2]["arguments"].get<std::string>(), std::string("{\"a\":1}"));
    QVERIFY(answer["output"][0]["id"].get<std::string>().starts_with("rs_"));
    QVERIFY(answer["output"][1]["id"].get<std::string>().starts_with("msg_"));
    QVERIFY(answer["output"][2]["id"].get<std::string>().starts_with("fc_"));
    QCOMPARE(int(answer["usage"]["input_tokens"]), 10);
    QCOMPARE(int(answer["usage"]["input_tokens_details"]["cached_tokens"]), 4);
    QCOMPARE(int(answer["usage"]["total_tokens"]), 15);
    QCOMPARE(answer["usage"]["cost"].get<double>(), 0.000001);
    QVERIFY(answer["error"].is_null() && answer["incomplete_details"].is_null());
}

void ResponsesAnswerTest::repeatsTheRequest()
{
    const std::string body = fixture("responses/request_codex.json");
    const JsonDocument document = scanned(body);
    CompletionContext made = context();
    made.document = &document;
    const Json answer = Json::parse(responses().encodeCompletion({}, made));
    const Json request = Json::parse(body);
    for (const char* field : {"tools", "tool_choice", "parallel_tool_calls", "reasoning", "store"})
        QCOMPARE(answer[field].dump(), request[field].dump());
    QCOMPARE(answer["text"].dump(), std::string(R"({"format":{"type":"text"},"verbosity":"low"})"));
    QVERIFY(answer["instructions"].is_null() && answer["previous_response_id"].is_null());
    QCOMPARE(answer["temperature"].get<double>(), 1.0);
    QCOMPARE(answer["truncation"].get<std::string>(), std::string("disabled"));
    QVERIFY(!answer.contains("input") && !answer.contains("client_metadata"));
}

void ResponsesAnswerTest::tellsToolsAsTheClientKnowsThem()
{
    const auto request = responses().decodeRequest(fixture("responses/request_codex.json"), {});
    CompletionContext made = context();
    made.request = &*request;
    Completion completion;
    completion.parts = {ToolCallPart{"c1", "multi_agent_v1__spawn_agent", "{}", false},
                        ToolCallPart{"c2", "apply_patch", R"({"input":"*** Begin"})", false}};
    const Json output = Json::parse(responses().encodeCompletion(completion, made))["output"];
    QCOMPARE(output[0]["name"].get<std::string>(), std::string("spawn_agent"));
    QCOMPARE(output[0]["namespace"].get<std::string>(), std::string("multi_agent_v1"));
    QCOMPARE(output[1]["type"].get<std::string>(), std::string("custom_tool_call"));
    QCOMPARE(output[1]["input"].get<std::string>(), std::string("*** Begin"));
    const std::vector<Event> events{
        Started{"x", "y"},
        BlockStarted{0, BlockKind::ToolCall, "c1", "multi_agent_v1__spawn_agent"},
        BlockEnded{0},
        BlockStarted{1, BlockKind::ToolCall, "c2", "apply_patch"},
        ArgumentsDelta{"{\"input\":\"*** "},
        ArgumentsDelta{"Begin\"}"},
        BlockEnded{1},
        Finished{Finish::ToolCalls, {}},
        Ended{},
    };
    const auto all = datas(encoded(responses(), events, made));
    QCOMPARE(all.back()["response"]["output"].dump(), output.dump());
    std::string order;
    for (const Json& data : all)
        order += data["type"].get<std::string>().substr(9) + ' ';
    QCOMPARE(order, std::string("created in_progress output_item.added function_call_arguments.delta "
                                "function_call_arguments.done output_item.done output_item.added "
                                "custom_tool_call_input.delta custom_tool_call_input.done output_item.done "
                                "completed "));
}

void ResponsesAnswerTest::readsAStreamInStrictOrder()
{
    const auto events = decoded(responses(), fixture("responses/stream_agent.sse"), 64);
    QCOMPARE(blocksOf(events), kAgentBlocks);
    QCOMPARE(finishOf(events), Finish::ToolCalls);
    QVERIFY(std::holds_alternative<Started>(events.front()));
    QCOMPARE(std::get<Started>(events.front()).model, std::string("gpt-5.4"));
    QVERIFY(std::holds_alternative<Ended>(events.back()));
    bool counted = false;
    for (const Event& each : events) {
        if (const auto* usage = std::get_if<UsageReported>(&each)) {
            counted = usage->usage.inputTokens == 100 && usage->usage.reasoningTokens == 25;
        }
    }
    QVERIFY(counted);
}

void ResponsesAnswerTest::saysTheSameHoweverItIsCut()
{
    const std::string stream = fixture("responses/stream_agent.sse");
    for (const dialect::Dialect* to : {&openAi(), &anthropic(), &responses()}) {
        const std::string whole = encoded(*to, decoded(responses(), stream, stream.size()), context());
        for (std::size_t cut = 1; cut < stream.size(); cut += 7) {
            SseScanner scanner;
            const auto decoder = responses().eventDecoder();
            std::vector<Event> events;
            const auto read = [&](const SseEvent& each) { decoder->read(each, events); };
            scanner.feed(std::string_view(stream).substr(0, cut), read);
            scanner.feed(std::string_view(stream).substr(cut), read);
            decoder->close(events);
            QCOMPARE(encoded(*to, events, context()), whole);
        }
    }
}

void ResponsesAnswerTest::survivesMissingAndMixedEvents_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("blocks");
    const auto row = [](const char* name, const std::vector<Json>& events, const char* blocks) {
        std::string stream;
        for (const Json& each : events)
            stream += wire(each);
        QTest::newRow(name) << QByteArray::fromStdString(stream) << QByteArray(blocks);
    };
    row("only the end", {completed({message("Hi"), call("a", "{}")})}, "[text Hi][f {}]");
    row("only what is done",
        {done(0, message("Hi")), done(1, call("a", R"({"x":1})")), completed(Json::array())},
        "[text Hi][f {\"x\":1}]");
    row("without places",
        {{{"type", "response.output_item.done"}, {"item", message("A")}},
         {{"type", "response.output_item.done"}, {"item", message("B")}},
         completed(Json::array())},
        "[text A][text B]");
    row("no end of an item",
        {{{"type", "response.output_text.delta"}, {"output_index", 0}, {"delta", "Hi"}},
         completed({message("Hi")})},
        "[text Hi]");
    row("two calls at once",
        {{{"type", "response.output_item.added"}, {"output_index", 0}, {"item", call("a", "")}},
         {{"type", "response.output_item.added"}, {"output_index", 1}, {"item", call("b", "")}},
         {{"type", "response.function_call_arguments.delta"}, {"output_index", 1}, {"delta", "{\"b\":"}},
         {{"type", "response.function_call_arguments.delta"}, {"output_index", 0}, {"delta", "{\"a\":1}"}},
         {{"type", "response.function_call_arguments.delta"}, {"output_index", 1}, {"delta", "2}"}},
         done(1, call("b", "{\"b\":2}")),
         done(0, call("a", "{\"a\":1}")),
         completed({call("a", "{\"a\":1}"), call("b", "{\"b\":2}")})},
        "[f {\"a\":1}][f {\"b\":2}]");
    row("a call without deltas",
        {{{"type", "response.output_item.added"}, {"output_index", 0}, {"item", call("a", "")}},
         done(0, call("a", "{\"a\":1}")),
         completed({call("a", "{\"a\":1}")})},
        "[f {\"a\":1}]");
    row("raw reasoning",
        {{{"type", "response.reasoning_text.delta"}, {"output_index", 0}, {"delta", "raw"}},
         {{"type", "response.reasoning_summary_text.delta"}, {"output_index", 0}, {"delta", "short"}},
         done(0, {{"type", "reasoning"}, {"summary", Json::array()}}),
         completed(Json::array())},
        "[think raw]");
    row("reasoning that only its maker reads",
        {done(0, {{"type", "reasoning"}, {"summary", Json::array()}, {"encrypted_content", "gA"}}),
         done(1, message("Hi")), completed(Json::array())},
        "[think <|tp1.openai.gA>][text Hi]");
    row("told twice", {done(0, message("Hi")), done(0, message("Hi")), completed({message("Hi")})},
        "[text Hi]");
    row("wrong types",
        {{{"type", "response.output_item.added"}, {"output_index", "x"}, {"item", 7}},
         {{"type", "response.output_text.delta"}, {"output_index", 0}, {"delta", 7}},
         done(-5, 7),
         completed({7, Json(nullptr), message("Hi")})},
        "[text Hi]");
    row("an empty custom call",
        {{{"type", "response.output_item.added"},
          {"output_index", 0},
          {"item", {{"type", "custom_tool_call"}, {"call_id", "c"}, {"name", "p"}, {"input", ""}}}},
         done(0, {{"type", "custom_tool_call"}, {"call_id", "c"}, {"name", "p"}, {"input", ""}}),
         completed(Json::array())},
        "[p {\"input\":\"\"}]");
}

void ResponsesAnswerTest::survivesMissingAndMixedEvents()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, blocks);
    const auto events = decoded(responses(), stream.toStdString(), 64);
    QCOMPARE(blocksOf(events), blocks.toStdString());
    QVERIFY(std::holds_alternative<Ended>(events.back()));
    for (const dialect::Dialect* to : {&openAi(), &anthropic()})
        QCOMPARE(encoded(*to, events, context()).find("\"error\""), std::string::npos);
}

void ResponsesAnswerTest::writesTheFullSequenceOfEvents()
{
    const auto all = datas(encoded(
        responses(), decoded(anthropic(), fixture("anthropic/stream_thinking_tool.sse"), 64), context()));
    std::string order;
    int sequence = 0;
    for (const Json& data : all) {
        QCOMPARE(int(data["sequence_number"]), sequence++);
        order += data["type"].get<std::string>().substr(9) + ' ';
    }
    const std::string_view thinking =
        "output_item.added reasoning_summary_part.added reasoning_summary_text.delta ";
    QVERIFY2(order.starts_with("created in_progress " + std::string(thinking)), order.c_str());
    QVERIFY(order.find("reasoning_summary_text.done reasoning_summary_part.done output_item.done "
                       "output_item.added content_part.added output_text.delta ") != std::string::npos);
    QVERIFY(order.find("output_text.done content_part.done output_item.done output_item.added "
                       "function_call_arguments.delta ") != std::string::npos);
    QVERIFY(order.ends_with("function_call_arguments.done output_item.done completed "));
    const Json& arguments = all[all.size() - 3];
    QCOMPARE(arguments["name"].dump(), all[all.size() - 2]["item"]["name"].dump());
    const Json& response = all.back()["response"];
    QCOMPARE(response["id"].dump(), all[0]["response"]["id"].dump());
    QCOMPARE(all[0]["response"]["status"].get<std::string>(), std::string("in_progress"));
    QVERIFY(all[0]["response"]["usage"].is_null());
    QCOMPARE(response["output"][0]["encrypted_content"].get<std::string>(),
             std::string("tp1.anthropic.EqQBCgIYAhIM+sig/=="));
    // What is done is what the last event repeats, under the ids it was told with.
    std::vector<Json> items;
    for (const Json& data : all) {
        if (data["type"] == "response.output_item.done") items.push_back(data["item"]);
        if (data.contains("item_id")) {
            QCOMPARE(data["item_id"].dump(),
                     response["output"][std::size_t(data["output_index"])]["id"].dump());
        }
    }
    QCOMPARE(Json(items).dump(), response["output"].dump());
}

void ResponsesAnswerTest::streamsWhatAWholeAnswerSays()
{
    const Request request = withCustomTool("apply_patch");
    CompletionContext made = context();
    made.request = &request;
    const auto completion = responses().decodeCompletion(fixture("responses/answer_tools.json"));
    const std::string whole = responses().encodeCompletion(*completion, made);
    const std::string told = wire(completed(Json::parse(whole)["output"]));
    const std::string stream = encoded(responses(), decoded(responses(), told, 64), made);
    QCOMPARE(datas(stream).back()["response"]["output"].dump(), Json::parse(whole)["output"].dump());
}

void ResponsesAnswerTest::endsIncompleteStreams()
{
    const std::vector<Event> events{Started{"a", "b"},
                                    BlockStarted{0, BlockKind::Text, {}, {}},
                                    TextDelta{"Hi"},
                                    BlockEnded{0},
                                    Finished{Finish::Length, {}},
                                    Ended{}};
    const Json last = datas(encoded(responses(), events, context())).back();
    QCOMPARE(last["type"].get<std::string>(), std::string("response.incomplete"));
    QCOMPARE(last["response"]["incomplete_details"]["reason"].get<std::string>(),
             std::string("max_output_tokens"));
    QCOMPARE(finishOf(decoded(responses(), wire(last), 64)), Finish::Length);
    // A stream that stops without its last event is cut.
    const std::string stream = fixture("responses/stream_agent.sse");
    const auto cut = decoded(responses(), stream.substr(0, stream.find("event: response.completed")), 64);
    QCOMPARE(std::get<Failed>(cut.back()).error.code, Code::UpstreamTruncated);
}

void ResponsesAnswerTest::givesSummariesToAnthropicsClients()
{
    const std::string out =
        encoded(anthropic(), decoded(responses(), fixture("responses/stream_agent.sse"), 64), context());
    QVERIFY(out.find("\"signature\":\"tp1.openai.gAAAA-enc\"") != std::string::npos);
    QVERIFY(out.find("The user asks.\\n\\nI look it up.") != std::string::npos);
    // Their next turn, sent to OpenAI, has its reasoning again.
    const auto next = anthropic().decodeRequest(
        R"({"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"thinking",)"
        R"("thinking":"T","signature":"tp1.openai.gAAAA-enc"},{"type":"text","text":"x"}]},)"
        R"({"role":"user","content":"y"}]})",
        {});
    Request request = *next;
    request.model = "gpt-5";
    const Json sent = Json::parse(responses().encodeRequest(request));
    QCOMPARE(sent["input"][0]["encrypted_content"].get<std::string>(), std::string("gAAAA-enc"));
}

void ResponsesAnswerTest::showsRefusalsAsText()
{
    const Json refusal = {{"type", "message"},
                          {"role", "assistant"},
                          {"content", Json::array({{{"type", "refusal"}, {"refusal", "I cannot."}}})}};
    const Json whole = {{"status", "completed"}, {"output", Json::array({refusal})}};
    const auto completion = responses().decodeCompletion(whole.dump());
    QCOMPARE(std::get<TextPart>(completion->parts.at(0)).text, std::string("I cannot."));
    const Json delta = {{"type", "response.refusal.delta"}, {"output_index", 0}, {"delta", "I cannot."}};
    const auto events = decoded(responses(), wire(delta) + wire(completed({refusal})), 64);
    QCOMPARE(blocksOf(events), std::string("[text I cannot.]"));
}

void ResponsesAnswerTest::failsInBothEvents()
{
    const Error error = upstreamError(Code::UpstreamTruncated, Retry::NextTarget, "It broke.");
    const std::vector<Event> events{Started{"a", "b"}, Failed{error}, Ended{}};
    const std::string out = encoded(responses(), events, context());
    const auto all = datas(out);
    QCOMPARE(all.size(), std::size_t(4));
    QVERIFY(out.find("event: error\n") != std::string::npos);
    QCOMPARE(all[2]["code"].get<std::string>(), std::string("upstream_truncated"));
    QCOMPARE(all[2]["error"]["message"].get<std::string>(), std::string("It broke."));
    QCOMPARE(all[3]["type"].get<std::string>(), std::string("response.failed"));
    QCOMPARE(all[3]["response"]["status"].get<std::string>(), std::string("failed"));
    QCOMPARE(all[3]["response"]["error"]["code"].get<std::string>(), std::string("server_error"));
    const std::string late = responses().encodeStreamError(error, context());
    QVERIFY(late.starts_with("event: error\n") && late.find("response.failed") != std::string::npos);
    QVERIFY(std::holds_alternative<Failed>(decoded(responses(), out, 64).back()));
}

void ResponsesAnswerTest::readsFailures_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<int>("code");
    QTest::newRow("flat") << QByteArray(R"({"type":"error","code":"rate_limit_exceeded","message":"Slow."})")
                          << int(Code::RateLimitExceeded);
    QTest::newRow("object")
        << QByteArray(R"({"type":"error","error":{"code":"context_length_exceeded","message":"Slow."}})")
        << int(Code::ContextLengthExceeded);
    QTest::newRow("failed")
        << QByteArray(
               R"({"type":"response.failed","response":{"error":{"code":"server_error","message":"Slow."}}})")
        << int(Code::UpstreamError);
    QTest::newRow("overloaded")
        << QByteArray(
               R"({"type":"response.failed","response":{"error":{"code":"server_is_overloaded","message":"Slow."}}})")
        << int(Code::UpstreamOverloaded);
    QTest::newRow("spent") << QByteArray(
                                  R"({"type":"error","error":{"type":"billing","code":"insufficient_quota",)"
                                  R"("message":"Slow."}})")
                           << int(Code::RateLimitExceeded);
    QTest::newRow("prompt")
        << QByteArray(
               R"({"type":"response.failed","response":{"error":{"code":"invalid_prompt","message":"Slow."}}})")
        << int(Code::UpstreamRefused);
}

void ResponsesAnswerTest::readsFailures()
{
    QFETCH(QByteArray, data);
    QFETCH(int, code);
    const std::string stream = wire(Json::parse(data.toStdString()));
    const auto events = decoded(responses(), stream, 64);
    const auto& failed = std::get<Failed>(events.back());
    QCOMPARE(int(failed.error.code), code);
    QVERIFY(failed.error.message.find("Slow.") != std::string::npos);
    const auto meter = responses().meter({});
    const Metered result = metered(*meter, stream);
    QVERIFY(result.failed && result.out.empty());
    QCOMPARE(int(meter->failure()->code), code);
    // Codex tries again, but for the codes that it knows to be final.
    const Json last = datas(encoded(responses(), events, context())).back();
    const std::string told = last["response"]["error"]["code"];
    for (const char* final : {"insufficient_quota", "invalid_prompt", "context_length_exceeded"}) {
        QCOMPARE(told == final, data.contains(final));
    }
}

void ResponsesAnswerTest::keepsTheAnswerBeforeItsEnd()
{
    std::vector<std::string> kept;
    CompletionContext made = context();
    made.keepAnswer = [&kept](std::string_view answer) { kept.emplace_back(answer); };
    const auto events = decoded(responses(), fixture("responses/stream_agent.sse"), 64);
    const std::string stream = encoded(responses(), events, made);
    QCOMPARE(kept.size(), std::size_t(1));
    QVERIFY(stream.find(kept[0]) != std::string::npos);
    const std::string whole = responses().encodeCompletion({}, made);
    QCOMPARE(kept.at(1), whole);
    encoded(responses(),
            {Started{"a", "b"}, Failed{upstreamError(Code::UpstreamTruncated, Retry::Never, "x")}}, made);
    QCOMPARE(kept.size(), std::size_t(2));
}

QTEST_APPLESS_MAIN(ResponsesAnswerTest)
#include "responses_answer_test.moc"
