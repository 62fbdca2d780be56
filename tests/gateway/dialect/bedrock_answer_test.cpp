// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/bedrock_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::StreamMeter;

class BedrockAnswerTest : public QObject {
    Q_OBJECT

private slots:
    void readsAWholeAnswer();
    void tellsEveryReasonToStop_data();
    void tellsEveryReasonToStop();
    void refusesAnAnswerThatIsNone_data();
    void refusesAnAnswerThatIsNone();
    void writesAnAnswerThatItReads();
    void saysTheSameHoweverItIsCut();
    void givesTheOtherDialectsTheirStreams();
    void carriesSignaturesRound();
    void keepsTheOrderOfEvents_data();
    void keepsTheOrderOfEvents();
    void failsWithTheProvidersException_data();
    void failsWithTheProvidersException();
    void failsAStreamThatIsCutOff();
    void readsTheStreamsThatItWrites();
    void metersWithoutChangingAByte();
    void metersCostAndExceptions();
    void readsErrorBodies_data();
    void readsErrorBodies();
};

namespace {

std::string answer(const std::string& reason)
{
    return R"({"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":")" + reason +
           R"(","usage":{"inputTokens":5,"outputTokens":2,"totalTokens":7}})";
}

std::string stream()
{
    return framed(fixture("bedrock/stream_thinking_tool.events"));
}

/// Kinds and contents in a line, to compare by.
std::string told(const std::vector<Event>& events)
{
    std::string out;
    for (const Event& event : events) {
        if (std::holds_alternative<Started>(event)) out += "started ";
        if (const auto* begun = std::get_if<BlockStarted>(&event))
            out += std::to_string(begun->index) + "[" + begun->toolId + begun->toolName + ' ';
        if (const auto* text = std::get_if<TextDelta>(&event)) out += text->text;
        if (const auto* json = std::get_if<ArgumentsDelta>(&event)) out += json->json;
        if (const auto* mark = std::get_if<SignatureDelta>(&event))
            out += '<' + mark->signature + mark->redacted + '>';
        if (std::holds_alternative<BlockEnded>(event)) out += "] ";
        if (const auto* used = std::get_if<UsageReported>(&event))
            out += "used " + std::to_string(used->usage.inputTokens) + ' ';
        if (const auto* finished = std::get_if<Finished>(&event))
            out += "finished " + std::to_string(static_cast<int>(finished->finish)) + finished->stopSequence +
                   ' ';
        if (std::holds_alternative<Ended>(event)) out += "ended";
        if (const auto* failed = std::get_if<Failed>(&event))
            out += "failed " + std::string(codeName(failed->error.code));
    }
    return out;
}

constexpr const char* kStop = "messageStop {\"stopReason\":\"end_turn\"}\n";

} // namespace

void BedrockAnswerTest::readsAWholeAnswer()
{
    const std::string body = fixture("bedrock/answer_tools.json");
    QVERIFY(bedrock().isAnswer(scanned(body), Operation::Chat));
    const auto completion = bedrock().decodeCompletion(body);
    QVERIFY(completion.ok());
    QCOMPARE(completion->finish, Finish::ToolCalls);
    QCOMPARE(completion->usage.inputTokens, 20 + 1024 + 256);
    QCOMPARE(completion->usage.cacheReadTokens, 1024);
    QCOMPARE(completion->usage.cacheWriteTokens, 256);
    QCOMPARE(completion->usage.outputTokens, 88);
    QCOMPARE(bedrock().readUsage(scanned(body)).inputTokens, 1300);
    const Json claude = Json::parse(anthropic().encodeCompletion(*completion, context()));
    QCOMPARE(claude["content"][0].dump(),
             std::string(R"({"signature":"EqQBsig==","thinking":"Two cities.","type":"thinking"})"));
    QCOMPARE(claude["content"][1]["data"].get<std::string>(), std::string("RW1wdHk="));
    QCOMPARE(claude["content"][4]["input"]["city"].get<std::string>(), std::string("Zürich"));
    QCOMPARE(claude["stop_reason"].get<std::string>(), std::string("tool_use"));
    QCOMPARE(int(claude["usage"]["input_tokens"]), 20);
    const Json chat = Json::parse(openAi().encodeCompletion(*completion, context()));
    const Json& message = chat["choices"][0]["message"];
    QCOMPARE(message["content"].get<std::string>(), std::string("I look up both."));
    QCOMPARE(message["tool_calls"].size(), std::size_t{2});
    QCOMPARE(message["tool_calls"][1]["id"].get<std::string>(), std::string("tooluse_2"));
    QCOMPARE(int(chat["usage"]["prompt_tokens"]), 1300);
}

void BedrockAnswerTest::tellsEveryReasonToStop_data()
{
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("chat");
    QTest::addColumn<QByteArray>("claude");
    const auto row = [](const char* reason, const char* chat, const char* claude) {
        QTest::newRow(reason) << QByteArray(reason) << QByteArray(chat) << QByteArray(claude);
    };
    row("end_turn", "stop", "end_turn");
    row("stop_sequence", "stop", "stop_sequence");
    row("max_tokens", "length", "max_tokens");
    row("model_context_window_exceeded", "length", "max_tokens");
    row("guardrail_intervened", "content_filter", "refusal");
    row("content_filtered", "content_filter", "refusal");
    row("tool_use", "stop", "end_turn"); // without a call there is none to wait for
    row("something_new", "stop", "end_turn");
    row("", "stop", "end_turn");
}

void BedrockAnswerTest::tellsEveryReasonToStop()
{
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, chat);
    QFETCH(QByteArray, claude);
    const auto completion = bedrock().decodeCompletion(answer(reason.toStdString()));
    QVERIFY(completion.ok());
    const Json asChat = Json::parse(openAi().encodeCompletion(*completion, context()));
    QCOMPARE(asChat["choices"][0]["finish_reason"].get<std::string>(), chat.toStdString());
    const Json asClaude = Json::parse(anthropic().encodeCompletion(*completion, context()));
    QCOMPARE(asClaude["stop_reason"].get<std::string>(), claude.toStdString());
    if (reason.isEmpty()) return;
    const auto events =
        decoded(bedrock(),
                framed("contentBlockDelta {\"delta\":{\"text\":\"Hi\"},\"contentBlockIndex\":0}\n"
                       "messageStop {\"stopReason\":\"" +
                       reason.toStdString() + "\"}\n"),
                7);
    const std::string chunks = encoded(openAi(), events, context());
    QVERIFY2(chunks.find("\"finish_reason\":\"" + chat.toStdString() + '"') != std::string::npos,
             chunks.c_str());
}

void BedrockAnswerTest::refusesAnAnswerThatIsNone_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray("{}");
    QTest::newRow("other shape") << QByteArray(R"({"output":{"message":[]}})");
    QTest::newRow("chat") << QByteArray(R"({"choices":[{"message":{}}]})");
    for (const char* reason : {"malformed_model_output", "malformed_tool_use"})
        QTest::newRow(reason) << QByteArray::fromStdString(answer(reason));
}

void BedrockAnswerTest::refusesAnAnswerThatIsNone()
{
    QFETCH(QByteArray, body);
    const auto completion = bedrock().decodeCompletion(body.toStdString());
    QVERIFY(!completion.ok());
    QCOMPARE(completion.error().code, Code::UpstreamInvalidResponse);
    QCOMPARE(completion.error().retry, Retry::NextTarget);
}

void BedrockAnswerTest::writesAnAnswerThatItReads()
{
    const auto first = bedrock().decodeCompletion(fixture("bedrock/answer_tools.json"));
    const std::string written = bedrock().encodeCompletion(*first, context());
    const auto second = bedrock().decodeCompletion(written);
    QVERIFY(second.ok());
    QCOMPARE(bedrock().encodeCompletion(*second, context()), written);
    const std::string priced = bedrock().addCost(written, scanned(written), Money::fromNanos(2'000'000));
    QCOMPARE(Json::parse(priced)["usage"]["cost"].dump(), std::string("0.002"));
}

void BedrockAnswerTest::saysTheSameHoweverItIsCut()
{
    const std::string all = stream();
    const std::string whole = told(decoded(bedrock(), all, all.size()));
    QCOMPARE(whole, std::string(
                        "started 0[ The user asks about Paris.<EqQBCgIYAhIM+sig/==>] 1[ I look it up – now.] "
                        "2[tooluse_Xy-1_aget_weather {\"city\": \"Paris\"}] 3[tooluse_2get_time ] "
                        "finished 3 used 100 ended"));
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        FrameScanner scanner(bedrock().framing());
        const auto decoder = bedrock().eventDecoder();
        std::vector<Event> events;
        const auto read = [&](const SseEvent& event) { decoder->read(event, events); };
        QVERIFY(scanner.feed(std::string_view(all).substr(0, cut), read));
        QVERIFY(scanner.feed(std::string_view(all).substr(cut), read));
        decoder->close(events);
        QCOMPARE(told(events), whole);
    }
}

void BedrockAnswerTest::givesTheOtherDialectsTheirStreams()
{
    const auto events = decoded(bedrock(), stream(), 100);
    std::string order;
    Json last;
    for (const Json& data : datas(encoded(anthropic(), events, context()))) {
        order += data["type"].get<std::string>().substr(0, 17) + ' ';
        if (data["type"] == "message_delta") last = data;
    }
    QCOMPARE(order, std::string("message_start content_block_sta content_block_del content_block_del "
                                "content_block_sto content_block_sta content_block_del content_block_del "
                                "content_block_sto content_block_sta content_block_del content_block_del "
                                "content_block_sto content_block_sta content_block_del content_block_sto "
                                "message_delta message_stop "));
    QCOMPARE(last["delta"]["stop_reason"].get<std::string>(), std::string("tool_use"));
    QCOMPARE(int(last["usage"]["input_tokens"]), 50);
    QCOMPARE(int(last["usage"]["cache_read_input_tokens"]), 40);
    const auto chunks = datas(encoded(openAi(), events, context()));
    QCOMPARE(chunks.back().get<std::string>(), std::string("[DONE]"));
    QCOMPARE(int(chunks[chunks.size() - 2]["usage"]["prompt_tokens"]), 100);
    QCOMPARE(chunks[chunks.size() - 3]["choices"][0]["finish_reason"].get<std::string>(),
             std::string("tool_calls"));
}

void BedrockAnswerTest::carriesSignaturesRound()
{
    const std::string chat = encoded(openAi(), decoded(bedrock(), stream(), 100), context());
    const std::string back = encoded(bedrock(), decoded(openAi(), chat, 64), context());
    QVERIFY(told(decoded(bedrock(), back, 64)).find("Paris.<EqQBCgIYAhIM+sig/==>]") != std::string::npos);
    const auto redacted = decoded(
        bedrock(),
        framed("contentBlockDelta {\"delta\":{\"reasoningContent\":{\"redactedContent\":\"UmVk\"}}}\n" +
               std::string(kStop)),
        100);
    QCOMPARE(told(redacted), std::string("started 0[ <UmVk>] finished 1 ended"));
}

void BedrockAnswerTest::keepsTheOrderOfEvents_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("events");
    const auto row = [](const char* name, const std::string& lines, const char* events) {
        QTest::newRow(name) << QByteArray::fromStdString(lines) << QByteArray(events);
    };
    const std::string text = "contentBlockDelta {\"delta\":{\"text\":\"a\"},\"contentBlockIndex\":0}\n";
    const std::string tool =
        "contentBlockStart "
        "{\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\"}},\"contentBlockIndex\":1}\n";
    const std::string input =
        "contentBlockDelta {\"delta\":{\"toolUse\":{\"input\":\"{}\"}},\"contentBlockIndex\":1}\n";
    row("no start", text + kStop, "started 0[ a] finished 1 ended");
    row("no stop of blocks", text + tool + input + kStop, "started 0[ a] 1[tf {}] finished 1 ended");
    row("text in a tool's block",
        tool + "contentBlockDelta {\"delta\":{\"text\":\"x\"},\"contentBlockIndex\":1}\n" + input + kStop,
        "started 0[tf {}] finished 1 ended");
    row("arguments of no call", input + text + input + kStop, "started 0[ a] finished 1 ended");
    row("text between arguments", tool + text + input + kStop, "started 0[tf ] 1[ a] finished 1 ended");
    row("a tool of the server",
        "contentBlockStart {\"start\":{\"toolUse\":{\"toolUseId\":\"s\",\"name\":\"g\",\"type\":"
        "\"server_tool_use\"}},\"contentBlockIndex\":1}\n" +
            input + "contentBlockStop {\"contentBlockIndex\":1}\n" + text + kStop,
        "started 0[ a] finished 1 ended");
    row("a call without a name",
        "contentBlockStart {\"start\":{\"toolUse\":{\"toolUseId\":\"t\"}},\"contentBlockIndex\":1}\n" +
            input + "contentBlockStop {\"contentBlockIndex\":1}\n" + text + kStop,
        "started 0[ a] finished 1 ended");
    row("unknown events and deltas",
        "futureEvent {\"x\":1}\ncontentBlockDelta {\"delta\":{\"citation\":{}},\"contentBlockIndex\":0}\n"
        "contentBlockStart {\"start\":{},\"contentBlockIndex\":0}\ninitial-response\n" +
            text + kStop,
        "started 0[ a] finished 1 ended");
    row("more after the stop",
        text + kStop + text + tool + "metadata {\"usage\":{\"inputTokens\":3}}\n" + text,
        "started 0[ a] finished 1 used 3 ended");
    row("usage before the stop", "metadata {\"usage\":{\"inputTokens\":3}}\n" + text + kStop,
        "started used 3 0[ a] finished 1 ended");
    row("stop sequence",
        text + "messageStop "
               "{\"stopReason\":\"stop_sequence\",\"additionalModelResponseFields\":{\"stop_sequence\":"
               "\"END\"}}\n",
        "started 0[ a] finished 5END ended");
    row("wrong kinds",
        "contentBlockDelta {\"delta\":[],\"contentBlockIndex\":\"0\"}\ncontentBlockStart {\"start\":7}\n"
        "metadata {\"usage\":[1]}\nmessageStop {\"stopReason\":7}\n" +
            text + kStop,
        "started 0[ a] finished 1 ended");
    row("no JSON", text + "contentBlockDelta {\"delta\n" + kStop,
        "started 0[ afailed upstream_invalid_response");
    row("malformed", text + "messageStop {\"stopReason\":\"malformed_tool_use\"}\n",
        "started 0[ afailed upstream_invalid_response");
}

void BedrockAnswerTest::keepsTheOrderOfEvents()
{
    QFETCH(QByteArray, lines);
    QFETCH(QByteArray, events);
    QCOMPARE(told(decoded(bedrock(), framed(lines.toStdString()), 33)), events.toStdString());
}

void BedrockAnswerTest::failsWithTheProvidersException_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* line, const char* code) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(code);
    };
    row(R"(throttlingException! {"message":"slow down"})", "rate_limit_exceeded");
    row(R"(serviceUnavailableException! {"message":"no capacity"})", "upstream_overloaded");
    row(R"(modelTimeoutException! {"message":"late"})", "upstream_timeout");
    row(R"(internalServerException! {"message":"broken"})", "upstream_error");
    row(R"(modelStreamErrorException! {"message":"broken","originalStatusCode":500})", "upstream_error");
    row(R"(validationException! {"message":"Input is too long for requested model."})",
        "context_length_exceeded");
    row(R"(newException! no json)", "upstream_error");
    row(R"(newException!)", "upstream_error");
}

void BedrockAnswerTest::failsWithTheProvidersException()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, code);
    const auto events =
        decoded(bedrock(), framed("messageStart {}\n" + line.toStdString() + '\n' + kStop), 50);
    QCOMPARE(told(events), "started failed " + code.toStdString());
    const Error& error = std::get<Failed>(events.back()).error;
    QCOMPARE(error.source, Source::Upstream);
    if (line.contains("slow")) QVERIFY(error.message.ends_with("slow down"));
}

void BedrockAnswerTest::failsAStreamThatIsCutOff()
{
    const std::string all = stream();
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{5}, all.size() / 2}) {
        const auto events = decoded(bedrock(), all.substr(0, bytes), 64);
        QVERIFY(told(events).ends_with("failed upstream_truncated"));
    }
    // What is missing then is only the usage.
    const auto events = decoded(bedrock(), framed(kStop), 64);
    QCOMPARE(told(events), std::string("started finished 1 ended"));
}

void BedrockAnswerTest::readsTheStreamsThatItWrites()
{
    const auto first = decoded(bedrock(), stream(), 100);
    const std::string written = encoded(bedrock(), first, context());
    QCOMPARE(told(decoded(bedrock(), written, 10)), told(first));
    const auto failed = decoded(
        bedrock(),
        encoded(bedrock(), {Failed{upstreamError(Code::UpstreamTimeout, Retry::Never, "late")}}, context()),
        9);
    QCOMPARE(told(failed), std::string("failed upstream_timeout"));
    const auto own =
        bedrock().encodeStreamError(upstreamError(Code::Overloaded, Retry::Never, "full"), context());
    QCOMPARE(told(decoded(bedrock(), own, 9)), std::string("failed upstream_overloaded"));
}

void BedrockAnswerTest::metersWithoutChangingAByte()
{
    const std::string all = stream();
    const auto meter = bedrock().meter({});
    FrameScanner scanner(bedrock().framing());
    std::string out;
    bool ended = false;
    scanner.feed(all, [&](const SseEvent& event) {
        const auto reading = meter->read(event);
        QVERIFY(reading.act == StreamMeter::Act::Forward);
        ended = reading.ended;
        out += event.raw;
    });
    QCOMPARE(out, all);
    QVERIFY(ended && meter->finished() && meter->ended() && meter->missingEnd().empty());
    QCOMPARE(meter->usage().inputTokens, 100);
    QCOMPARE(meter->usage().outputTokens, 30);
    QVERIFY(meter->answerChars() > 40);
}

void BedrockAnswerTest::metersCostAndExceptions()
{
    const auto meter =
        bedrock().meter({false, false, [](const Usage&) { return std::optional(Money::fromNanos(5)); }});
    FrameScanner scanner(bedrock().framing());
    std::string replaced;
    scanner.feed(stream(), [&](const SseEvent& event) { replaced += meter->read(event).replacement; });
    QVERIFY(replaced.find("\"cost\":0.000000005") != std::string::npos);
    FrameScanner again(bedrock().framing());
    bool failed = false;
    QVERIFY(again.feed(replaced + framed("throttlingException! {\"message\":\"no\"}\n"),
                       [&](const SseEvent& event) { failed = meter->read(event).failed; }));
    QVERIFY(failed);
    QCOMPARE(meter->failure()->code, Code::RateLimitExceeded);
}

void BedrockAnswerTest::readsErrorBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<bool>("tooLong");
    const auto row = [](const char* body, const char* message, bool tooLong = false) {
        QTest::newRow(body) << QByteArray(body) << QByteArray(message) << tooLong;
    };
    row(R"({"message":"The provided model identifier is invalid."})",
        "The provided model identifier is invalid.");
    row(R"({"Message":"User is not authorized"})", "User is not authorized");
    row(R"({"message":"Input is too long for requested model."})", "Input is too long for requested model.",
        true);
    row("<html>", "");
    row("[]", "");
}

void BedrockAnswerTest::readsErrorBodies()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, message);
    QFETCH(bool, tooLong);
    const auto read = bedrock().readError(body.toStdString());
    QCOMPARE(read.message, message.toStdString());
    QCOMPARE(read.code == Code::ContextLengthExceeded, tooLong);
    const Json own = Json::parse(bedrock().encodeError(clientError(Code::InvalidRequest, "No.", "x"), "id"));
    QCOMPARE(own.dump(), std::string(R"({"code":"invalid_request","message":"No."})"));
}

QTEST_GUILESS_MAIN(BedrockAnswerTest)
#include "bedrock_answer_test.moc"
