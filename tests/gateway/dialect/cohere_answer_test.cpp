// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::StreamMeter;

class CohereAnswerTest : public QObject {
    Q_OBJECT

private slots:
    void readsAWholeAnswer();
    void writesAWholeAnswer();
    void namesWhyItEnded_data();
    void namesWhyItEnded();
    void countsWhatIsBilled();
    void addsTheCost();
    void saysErrorsInItsShape();
    void readsErrors();
    void saysTheSameHoweverItIsCut_data();
    void saysTheSameHoweverItIsCut();
    void translatesToolCalls();
    void translatesThinking();
    void writesItsEventsInOrder();
    void givesEmptyArgumentsAsAnObject();
    void failsAsTheStreamSays_data();
    void failsAsTheStreamSays();
    void endsWithAnErrorAndNothingMore();
    void forwardsEveryByteAtEveryCut();
    void putsTheCostIntoTheLastUsage();
    void metersErrorsAndCutStreams();
};

namespace {

const dialect::Dialect& cohere()
{
    return dialect::dialectOf(DialectId::Cohere);
}

std::string message(std::string_view type, std::string_view members)
{
    return "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + "\"," +
           std::string(members) + "}\n\n";
}

std::string started()
{
    return message("message-start", R"("id":"i","delta":{"message":{"role":"assistant"}})");
}

std::string blocksOf(const std::vector<Event>& events)
{
    std::string out;
    for (const Event& event : events) {
        if (const auto* block = std::get_if<BlockStarted>(&event)) {
            out += (block->kind == BlockKind::Thinking ? "(" : "[") + block->toolName;
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            out += text->text;
        } else if (const auto* json = std::get_if<ArgumentsDelta>(&event)) {
            out += json->json;
        } else if (std::holds_alternative<BlockEnded>(event)) {
            out += "]";
        }
    }
    return out;
}

} // namespace

void CohereAnswerTest::readsAWholeAnswer()
{
    const auto completion = cohere().decodeCompletion(
        R"({"id":"i1","finish_reason":"TOOL_CALL","message":{"role":"assistant",
            "content":[{"type":"thinking","thinking":"Hm."}],"tool_plan":"I look.",
            "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
                          {"type":"function","function":{"name":"g"}}]},
            "usage":{"billed_units":{"input_tokens":5,"output_tokens":7}}})");
    QVERIFY(completion.ok());
    QCOMPARE(completion->id, std::string("i1"));
    QCOMPARE(completion->parts.size(), std::size_t(4));
    QCOMPARE(std::get<ThinkingPart>(completion->parts[0]).text, std::string("Hm."));
    QCOMPARE(std::get<TextPart>(completion->parts[1]).text, std::string("I look."));
    QCOMPARE(std::get<ToolCallPart>(completion->parts[2]).argumentsJson, std::string(R"({"x":1})"));
    const auto& bare = std::get<ToolCallPart>(completion->parts[3]);
    QVERIFY(bare.id.starts_with("call_") && bare.argumentsJson == "{}");
    QCOMPARE(completion->finish, Finish::ToolCalls);
    QCOMPARE(completion->usage.outputTokens, 7);
    QCOMPARE(cohere().decodeCompletion("{}").error().code, Code::UpstreamInvalidResponse);
    const auto failed = cohere().decodeCompletion(R"({"finish_reason":"ERROR","message":{"content":[]}})");
    QCOMPARE(failed.error().code, Code::UpstreamError);
}

void CohereAnswerTest::writesAWholeAnswer()
{
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", {}, {}}, TextPart{"Zürich", {}}};
    completion.finish = Finish::Stop;
    completion.usage.inputTokens = 5;
    completion.usage.outputTokens = 7;
    completion.usage.known = true;
    const std::string text = cohere().encodeCompletion(completion, context());
    QVERIFY(std::all_of(text.begin(), text.end(), [](char c) { return c > 0; }));
    Json body = Json::parse(text);
    QCOMPARE(body["message"].dump(),
             Json::parse(R"({"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},
                 {"type":"text","text":"Zürich"}]})")
                 .dump());
    QCOMPARE(body["finish_reason"].get<std::string>(), std::string("COMPLETE"));
    QCOMPARE(int(body["usage"]["billed_units"]["input_tokens"]), 5);
    QCOMPARE(int(body["usage"]["tokens"]["output_tokens"]), 7);
    // A text before calls is what Cohere names the plan.
    completion.parts = {TextPart{"I look.", {}}, ToolCallPart{"a", "f", R"({"x":1})"}};
    completion.finish = Finish::ToolCalls;
    body = Json::parse(cohere().encodeCompletion(completion, context()));
    QCOMPARE(body["message"]["tool_plan"].get<std::string>(), std::string("I look."));
    QCOMPARE(body["message"]["tool_calls"][0]["function"]["arguments"].get<std::string>(),
             std::string(R"({"x":1})"));
    QVERIFY(body["message"]["content"].empty());
}

void CohereAnswerTest::namesWhyItEnded_data()
{
    QTest::addColumn<int>("finish");
    QTest::addColumn<QString>("reason");
    QTest::newRow("stop") << int(Finish::Stop) << "COMPLETE";
    QTest::newRow("length") << int(Finish::Length) << "MAX_TOKENS";
    QTest::newRow("sequence") << int(Finish::StopSequence) << "STOP_SEQUENCE";
    QTest::newRow("refused") << int(Finish::ContentFilter) << "ERROR_TOXIC";
}

void CohereAnswerTest::namesWhyItEnded()
{
    QFETCH(int, finish);
    QFETCH(QString, reason);
    Completion completion;
    completion.finish = Finish(finish);
    completion.parts = {TextPart{"a", {}}};
    const std::string body = cohere().encodeCompletion(completion, context());
    QCOMPARE(Json::parse(body)["finish_reason"].get<std::string>(), reason.toStdString());
    QCOMPARE(cohere().decodeCompletion(body)->finish, Finish(finish));
}

void CohereAnswerTest::countsWhatIsBilled()
{
    const auto usage = [](const char* body) { return cohere().readUsage(scanned(body)); };
    const Usage both = usage(R"({"usage":{"billed_units":{"input_tokens":50,"output_tokens":26},
        "tokens":{"input_tokens":793,"output_tokens":61},"cached_tokens":176}})");
    QCOMPARE(both.inputTokens, 50);
    QCOMPARE(both.outputTokens, 26);
    QCOMPARE(both.cacheReadTokens, 50);
    const Usage tokens = usage(R"({"usage":{"tokens":{"input_tokens":8.0,"output_tokens":6}}})");
    QCOMPARE(tokens.inputTokens, 8);
    const Usage embed = usage(R"({"embeddings":{},"meta":{"billed_units":{"input_tokens":4}}})");
    QVERIFY(embed.known);
    QCOMPARE(embed.inputTokens, 4);
    QVERIFY(!usage(R"({"usage":{}})").known);
    QCOMPARE(usage(R"({"usage":{"tokens":{"input_tokens":-5}}})").inputTokens, 0);
}

void CohereAnswerTest::addsTheCost()
{
    const std::string body = R"({"usage":{"billed_units":{}},"message":{}})";
    QCOMPARE(cohere().addCost(body, scanned(body), Money::fromNanos(123'000)),
             std::string(R"({"usage":{"billed_units":{},"cost":0.000123},"message":{}})"));
}

void CohereAnswerTest::saysErrorsInItsShape()
{
    const Error error = clientError(Code::ModelNotFound, "There is no model `x`.", "model");
    QCOMPARE(cohere().encodeError(error, "req_1"),
             std::string(R"({"id":"req_1","message":"There is no model `x`.","code":"model_not_found"})"));
}

void CohereAnswerTest::readsErrors()
{
    const auto read = cohere().readError(R"({"id":"1","message":"too many tokens: 9 of 8"})");
    QVERIFY(read.shaped);
    QCOMPARE(read.code, Code::ContextLengthExceeded);
    QCOMPARE(cohere().readError(R"({"message":"invalid api token"})").code, Code::Undecided);
    QVERIFY(!cohere().readError("[]").shaped);
}

void CohereAnswerTest::saysTheSameHoweverItIsCut_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("tools") << "cohere/stream_tools.sse";
    QTest::newRow("thinking") << "cohere/stream_thinking.sse";
}

void CohereAnswerTest::saysTheSameHoweverItIsCut()
{
    QFETCH(QString, file);
    const std::string stream = fixture(file.toStdString());
    const std::string whole = encoded(openAi(), decoded(cohere(), stream, stream.size()), context());
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        SseScanner scanner;
        const auto decoder = cohere().eventDecoder();
        std::vector<Event> events;
        const auto read = [&](const SseEvent& event) { decoder->read(event, events); };
        scanner.feed(std::string_view(stream).substr(0, cut), read);
        scanner.feed(std::string_view(stream).substr(cut), read);
        decoder->close(events);
        QCOMPARE(encoded(openAi(), events, context()), whole);
    }
}

void CohereAnswerTest::translatesToolCalls()
{
    const auto events = decoded(cohere(), fixture("cohere/stream_tools.sse"), 50);
    QCOMPARE(blocksOf(events), std::string("[I look it up.][weather{\"city\": \"Zürich\"}][clock]"));
    const auto messages = datas(encoded(anthropic(), events, context()));
    const Json& last = messages[messages.size() - 2];
    QCOMPARE(last["delta"]["stop_reason"].get<std::string>(), std::string("tool_use"));
    QCOMPARE(int(last["usage"]["output_tokens"]), 26);
}

void CohereAnswerTest::translatesThinking()
{
    const auto events = decoded(cohere(), fixture("cohere/stream_thinking.sse"), 50);
    QCOMPARE(blocksOf(events), std::string("(An easy one.][Blue light.]"));
    std::string reasoning;
    for (const Json& chunk : datas(encoded(openAi(), events, context()))) {
        if (chunk.is_object() && !chunk["choices"].empty())
            reasoning += chunk["choices"][0]["delta"].value("reasoning_content", "");
    }
    QCOMPARE(reasoning, std::string("An easy one."));
}

void CohereAnswerTest::writesItsEventsInOrder()
{
    const std::string stream =
        encoded(cohere(), decoded(anthropic(), fixture("anthropic/stream_thinking_tool.sse"), 64), context());
    std::string order;
    for (const Json& data : datas(stream)) {
        if (!data.is_object()) {
            order += data.get<std::string>();
            continue;
        }
        const auto type = data["type"].get<std::string>();
        const std::string step = type + (data.contains("index") ? std::to_string(int(data["index"])) : "");
        if (!order.ends_with(step + ' ')) order += step + ' ';
    }
    QCOMPARE(order,
             std::string("message-start content-start0 content-delta0 content-end0 content-start1 "
                         "content-delta1 content-end1 tool-call-start0 tool-call-delta0 tool-call-end0 "
                         "message-end [DONE]"));
    const auto all = datas(stream);
    const Json& delta = all[all.size() - 2]["delta"];
    QCOMPARE(delta["finish_reason"].get<std::string>(), std::string("TOOL_CALL"));
    QVERIFY(delta["usage"]["billed_units"]["output_tokens"].is_number());
    QVERIFY(all[0]["id"].is_string());
    // Each event is named on its own line as well.
    QVERIFY(stream.starts_with("event: message-start\ndata: "));
    // What it writes it reads again.
    QCOMPARE(blocksOf(decoded(cohere(), stream, 9)),
             blocksOf(decoded(anthropic(), fixture("anthropic/stream_thinking_tool.sse"), 64)));
}

void CohereAnswerTest::givesEmptyArgumentsAsAnObject()
{
    const auto all =
        datas(encoded(cohere(), decoded(cohere(), fixture("cohere/stream_tools.sse"), 64), context()));
    std::string arguments;
    for (const Json& data : all) {
        if (data.is_object() && data["type"] == "tool-call-delta" && data["index"] == 1)
            arguments += data["delta"]["message"]["tool_calls"]["function"]["arguments"].get<std::string>();
    }
    QCOMPARE(arguments, std::string("{}"));
}

void CohereAnswerTest::failsAsTheStreamSays_data()
{
    QTest::addColumn<QString>("stream");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& stream, Code code) {
        QTest::newRow(name) << QString::fromStdString(started() + stream) << int(code);
    };
    const std::string call =
        message("tool-call-start",
                R"("index":0,"delta":{"message":{"tool_calls":{"id":"a","function":{"name":"f"}}}})");
    row("error", message("message-end", R"("delta":{"finish_reason":"ERROR","error":"m"})"),
        Code::UpstreamError);
    row("timeout", message("message-end", R"("delta":{"finish_reason":"TIMEOUT"})"), Code::UpstreamTimeout);
    row("bare", "data: {\"message\":\"m\"}\n\n", Code::UpstreamError);
    row("cut", call, Code::UpstreamTruncated);
    row("end without a reason", "data: [DONE]\n\n", Code::UpstreamTruncated);
    row("html", "data: <html>\n\n", Code::UpstreamInvalidResponse);
    row("mixed calls",
        call + message("tool-call-delta",
                       R"("index":4,"delta":{"message":{"tool_calls":{"function":{"arguments":"{"}}}})"),
        Code::UpstreamInvalidResponse);
    row("nameless", message("tool-call-start", R"("index":0,"delta":{"message":{"tool_calls":{"id":"a"}}})"),
        Code::UpstreamInvalidResponse);
}

void CohereAnswerTest::failsAsTheStreamSays()
{
    QFETCH(QString, stream);
    QFETCH(int, code);
    const auto events = decoded(cohere(), stream.toStdString(), 13);
    QCOMPARE(std::get<Failed>(events.back()).error.code, Code(code));
}

void CohereAnswerTest::endsWithAnErrorAndNothingMore()
{
    const std::string stream =
        encoded(cohere(), decoded(openAi(), "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", 99),
                context());
    const auto all = datas(stream);
    QCOMPARE(all.back()["delta"]["finish_reason"].get<std::string>(), std::string("ERROR"));
    QCOMPARE(all.back()["delta"]["code"].get<std::string>(), std::string("upstream_truncated"));
    QVERIFY(stream.find("[DONE]") == std::string::npos);
}

void CohereAnswerTest::forwardsEveryByteAtEveryCut()
{
    for (const char* file : {"cohere/stream_tools.sse", "cohere/stream_thinking.sse"}) {
        const std::string stream = fixture(file);
        for (std::size_t step = 1; step < 40; ++step) {
            const auto meter = cohere().meter({});
            const Metered run = metered(*meter, stream, step);
            QCOMPARE(run.out, stream);
            QVERIFY(run.ended && !run.failed && meter->finished() && meter->ended());
            QVERIFY(meter->usage().known && meter->answerChars() > 0);
        }
    }
    // Without [DONE] a stream is whole, too.
    const std::string stream = fixture("cohere/stream_thinking.sse");
    const auto meter = cohere().meter({});
    metered(*meter, stream.substr(0, stream.find("data: [DONE]")));
    QVERIFY(meter->finished() && !meter->ended() && meter->missingEnd().empty());
}

void CohereAnswerTest::putsTheCostIntoTheLastUsage()
{
    const std::string stream = fixture("cohere/stream_tools.sse");
    std::string wanted = stream;
    const std::string last = "\"cached_tokens\":16";
    wanted.insert(wanted.find(last) + last.size(), ",\"cost\":0.000123");
    const auto meter =
        cohere().meter({false, false, [](const Usage&) { return std::optional(Money::fromNanos(123'000)); }});
    QCOMPARE(metered(*meter, stream, 17).out, wanted);
}

void CohereAnswerTest::metersErrorsAndCutStreams()
{
    const auto meter = cohere().meter({});
    const Metered run =
        metered(*meter, started() + message("message-end", R"("delta":{"finish_reason":"ERROR"})"));
    QVERIFY(run.failed);
    QCOMPARE(run.out, started());
    QCOMPARE(meter->failure()->code, Code::UpstreamError);
    const auto bare = cohere().meter({});
    QVERIFY(metered(*bare, "data: {\"id\":\"1\",\"message\":\"m\"}\n\n").failed);
    const auto cut = cohere().meter({});
    QVERIFY(metered(*cut, started() + "data: [DONE]\n\n").failed);
    QCOMPARE(cut->failure()->code, Code::UpstreamTruncated);
}

QTEST_GUILESS_MAIN(CohereAnswerTest)
#include "cohere_answer_test.moc"
