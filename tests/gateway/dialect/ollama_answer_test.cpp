// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::StreamMeter;

class OllamaAnswerTest : public QObject {
    Q_OBJECT

private slots:
    void readsAWholeAnswer();
    void writesAWholeAnswer();
    void writesAnAnsweredPrompt();
    void namesWhyItEnded_data();
    void namesWhyItEnded();
    void tellsAnswersFromOtherJson();
    void saysErrorsInItsShape();
    void readsErrors();
    void saysTheSameHoweverItIsCut();
    void translatesAStream();
    void readsAPromptsStream();
    void writesAStream();
    void writesAPromptsStream();
    void failsAsTheStreamSays_data();
    void failsAsTheStreamSays();
    void endsWithAnErrorLine();
    void holdsNoCallWithoutEnd();
    void forwardsEveryByteAtEveryCut();
    void metersErrorsAndCutStreams();
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

std::vector<Json> lines(std::string_view stream)
{
    std::vector<Json> found;
    FrameScanner scanner(Framing::JsonLines);
    scanner.feed(stream, [&found](const SseEvent& event) {
        found.push_back(Json::parse(event.data, nullptr, false));
    });
    return found;
}

/// The answer's parts in the order they came: "~thought~ text name{arguments}".
std::string told(const std::vector<Event>& events)
{
    std::string out;
    BlockKind kind = BlockKind::Undecided;
    for (const Event& event : events) {
        if (const auto* block = std::get_if<BlockStarted>(&event)) {
            kind = block->kind;
            out += kind == BlockKind::Thinking ? "~" : "[" + block->toolName;
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            out += text->text;
        } else if (const auto* json = std::get_if<ArgumentsDelta>(&event)) {
            out += json->json;
        } else if (std::holds_alternative<BlockEnded>(event)) {
            out += kind == BlockKind::Thinking ? "~" : "]";
        }
    }
    return out;
}

Finish finishOf(const std::vector<Event>& events)
{
    for (const Event& event : events) {
        if (const auto* finished = std::get_if<Finished>(&event)) return finished->finish;
    }
    return Finish::Undecided;
}

Usage usageOf(const std::vector<Event>& events)
{
    for (const Event& event : events) {
        if (const auto* reported = std::get_if<UsageReported>(&event)) return reported->usage;
    }
    return {};
}

} // namespace

void OllamaAnswerTest::readsAWholeAnswer()
{
    const auto completion = ollama().decodeCompletion(
        R"({"model":"qwen3","message":{"role":"assistant","content":"Hi","thinking":"Hm.","tool_calls":[
            {"function":{"name":"f","arguments":{"a":1}}},{"id":"x","function":{"name":"g","arguments":"{\"b\":2}"}}]},
            "done":true,"done_reason":"stop","prompt_eval_count":5,"eval_count":7})");
    QVERIFY(completion.ok());
    QCOMPARE(completion->parts.size(), std::size_t(4));
    QCOMPARE(std::get<ThinkingPart>(completion->parts[0]).text, std::string("Hm."));
    const auto& call = std::get<ToolCallPart>(completion->parts[2]);
    QVERIFY(call.id.starts_with("call_"));
    QCOMPARE(call.argumentsJson, std::string(R"({"a":1})"));
    QCOMPARE(std::get<ToolCallPart>(completion->parts[3]).argumentsJson, std::string(R"({"b":2})"));
    QCOMPARE(completion->finish, Finish::ToolCalls);
    QCOMPARE(completion->usage.inputTokens, 5);
    QCOMPARE(completion->usage.outputTokens, 7);
    QCOMPARE(ollama().decodeCompletion(R"({"error":"no memory"})").error().code, Code::UpstreamError);
    QCOMPARE(ollama().decodeCompletion(R"({"done":true})").error().code, Code::UpstreamInvalidResponse);
}

void OllamaAnswerTest::writesAWholeAnswer()
{
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", "sig", {}}, TextPart{"Zürich", {}},
                        ToolCallPart{"c1", "f", R"({"a":1})"}};
    completion.finish = Finish::ToolCalls;
    completion.usage.inputTokens = 5;
    completion.usage.outputTokens = 7;
    completion.usage.known = true;
    const std::string text = ollama().encodeCompletion(completion, context());
    const Json body = Json::parse(text);
    QCOMPARE(body["model"].get<std::string>(), std::string("smart"));
    QCOMPARE(body["created_at"].get<std::string>(), std::string("2026-09-21T14:13:20.000000Z"));
    QCOMPARE(body["message"].dump(),
             Json::parse(R"({"role":"assistant","content":"Zürich","thinking":"Hm.","tool_calls":[
                 {"id":"c1","function":{"index":0,"name":"f","arguments":{"a":1}}}]})")
                 .dump());
    QVERIFY(body["done"].get<bool>());
    QCOMPARE(body["done_reason"].get<std::string>(), std::string("stop"));
    QCOMPARE(int(body["prompt_eval_count"]), 5);
    QCOMPARE(int(body["eval_count"]), 7);
    for (const char* key : {"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"})
        QVERIFY2(body[key].is_number_integer() && body[key].get<std::int64_t>() >= 0, key);
    QVERIFY(std::all_of(text.begin(), text.end(), [](char c) { return c > 0; }));
}

void OllamaAnswerTest::writesAnAnsweredPrompt()
{
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", {}, {}}, TextPart{"Blue.", {}}};
    completion.finish = Finish::Length;
    const Json body = Json::parse(prompt().encodeCompletion(completion, context()));
    QCOMPARE(body["response"].get<std::string>(), std::string("Blue."));
    QCOMPARE(body["thinking"].get<std::string>(), std::string("Hm."));
    QCOMPARE(body["done_reason"].get<std::string>(), std::string("length"));
    QVERIFY(!body.contains("message"));
}

void OllamaAnswerTest::namesWhyItEnded_data()
{
    QTest::addColumn<int>("finish");
    QTest::addColumn<QString>("reason");
    QTest::newRow("stop") << int(Finish::Stop) << "stop";
    QTest::newRow("length") << int(Finish::Length) << "length";
    QTest::newRow("tools") << int(Finish::ToolCalls) << "stop";
    QTest::newRow("sequence") << int(Finish::StopSequence) << "stop";
    QTest::newRow("refused") << int(Finish::ContentFilter) << "content_filter";
}

void OllamaAnswerTest::namesWhyItEnded()
{
    QFETCH(int, finish);
    QFETCH(QString, reason);
    Completion completion;
    completion.finish = Finish(finish);
    const Json body = Json::parse(ollama().encodeCompletion(completion, context()));
    QCOMPARE(body["done_reason"].get<std::string>(), reason.toStdString());
    const auto back = ollama().decodeCompletion(body.dump());
    const bool stops = finish == int(Finish::ToolCalls) || finish == int(Finish::StopSequence);
    QCOMPARE(back->finish, stops ? Finish::Stop : Finish(finish));
}

void OllamaAnswerTest::tellsAnswersFromOtherJson()
{
    QVERIFY(ollama().isAnswer(scanned(R"({"message":{}})"), Operation::Chat));
    QVERIFY(!ollama().isAnswer(scanned(R"({"response":"a"})"), Operation::Chat));
    QVERIFY(prompt().isAnswer(scanned(R"({"response":""})"), Operation::Chat));
    QVERIFY(ollama().isAnswer(scanned(R"({"embeddings":[]})"), Operation::Embed));
    QVERIFY(prompt().isAnswer(scanned(R"({"embedding":[]})"), Operation::Embed));
    QVERIFY(!ollama().isAnswer(scanned(R"({"error":"a"})"), Operation::Chat));
}

void OllamaAnswerTest::saysErrorsInItsShape()
{
    const Error error = clientError(Code::ModelNotFound, "There is no model `x`.", "model");
    QCOMPARE(ollama().encodeError(error, "req_1"),
             std::string(R"({"error":"There is no model `x`.","code":"model_not_found"})"));
    QCOMPARE(ollama().encodeStreamError(error, context()), ollama().encodeError(error, {}) + "\n");
}

void OllamaAnswerTest::readsErrors()
{
    const auto read = ollama().readError(R"({"error":"the input length exceeds the context length"})");
    QVERIFY(read.shaped);
    QCOMPARE(read.code, Code::ContextLengthExceeded);
    QVERIFY(!ollama().readError(R"({"error":{"message":"m"}})").shaped);
    QVERIFY(!ollama().readError("<html>").shaped);
}

void OllamaAnswerTest::saysTheSameHoweverItIsCut()
{
    const std::string stream = fixture("ollama/stream_tool.ndjson");
    // The second call has no id of its own and is given a new one each time; the rest must not differ.
    const std::string whole = told(decoded(ollama(), stream, stream.size()));
    for (std::size_t step = 1; step < 60; ++step)
        QCOMPARE(told(decoded(ollama(), stream, step)), whole);
}

void OllamaAnswerTest::translatesAStream()
{
    const auto events = decoded(ollama(), fixture("ollama/stream_tool.ndjson"), 64);
    QCOMPARE(told(events), std::string("~The user asks about Zürich.~[I look it up.]"
                                       "[weather{\"city\":\"Z\\u00fcrich\",\"days\":2}][clock{}]"));
    QCOMPARE(finishOf(events), Finish::ToolCalls);
    QCOMPARE(usageOf(events).inputTokens, 64);
    QCOMPARE(usageOf(events).outputTokens, 31);
    QVERIFY(std::holds_alternative<Ended>(events.back()));
    const auto chunks = datas(encoded(openAi(), events, context()));
    QCOMPARE(chunks[chunks.size() - 3]["choices"][0]["finish_reason"].get<std::string>(),
             std::string("tool_calls"));
    const auto messages = datas(encoded(anthropic(), events, context()));
    QCOMPARE(messages[messages.size() - 2]["delta"]["stop_reason"].get<std::string>(),
             std::string("tool_use"));
}

void OllamaAnswerTest::readsAPromptsStream()
{
    const auto events = decoded(prompt(), fixture("ollama/stream_prompt.ndjson"), 7);
    QCOMPARE(told(events), std::string("[Blue light]"));
    QCOMPARE(finishOf(events), Finish::Length);
    QCOMPARE(usageOf(events).outputTokens, 2);
    // A last line without its line feed counts, too.
    std::string stream = fixture("ollama/stream_prompt.ndjson");
    stream.pop_back();
    FrameScanner scanner(Framing::JsonLines);
    const auto decoder = prompt().eventDecoder();
    std::vector<Event> unended;
    const auto read = [&](const SseEvent& event) { decoder->read(event, unended); };
    scanner.feed(stream, read);
    scanner.finish(read);
    decoder->close(unended);
    QVERIFY(std::holds_alternative<Ended>(unended.back()));
}

void OllamaAnswerTest::writesAStream()
{
    const auto all =
        lines(encoded(ollama(), decoded(openAi(), fixture("openai/stream_tools.sse"), 99), context()));
    std::string text;
    Json calls = Json::array();
    for (const Json& line : all) {
        QCOMPARE(line["model"].get<std::string>(), std::string("smart"));
        QCOMPARE(line["message"]["role"].get<std::string>(), std::string("assistant"));
        text += line["message"]["content"].get<std::string>();
        QCOMPARE(line["done"].get<bool>(), &line == &all.back());
        for (const Json& call : line["message"].value("tool_calls", Json::array()))
            calls.push_back(call);
    }
    QCOMPARE(calls.size(), std::size_t(2));
    for (int i = 0; i < 2; ++i) {
        QVERIFY(calls[i]["function"]["arguments"].is_object());
        QCOMPARE(int(calls[i]["function"]["index"]), i);
    }
    QCOMPARE(all.back()["done_reason"].get<std::string>(), std::string("stop"));
    QCOMPARE(int(all.back()["prompt_eval_count"]), 50);
    QCOMPARE(int(all.back()["eval_count"]), 20);
    // Thinking has its own member, and what is not ASCII is escaped.
    const std::string stream =
        encoded(ollama(), decoded(anthropic(), fixture("anthropic/stream_thinking_tool.sse"), 99), context());
    QCOMPARE(lines(stream)[0]["message"]["thinking"].is_string(), true);
    QVERIFY(std::all_of(stream.begin(), stream.end(), [](char c) { return c > 0; }));
    // What it writes it reads again.
    const auto events = decoded(ollama(), stream, 33);
    QCOMPARE(told(decoded(ollama(), encoded(ollama(), events, context()), 5)), told(events));
}

void OllamaAnswerTest::writesAPromptsStream()
{
    const auto all =
        lines(encoded(prompt(), decoded(openAi(), fixture("openai/stream_text.sse"), 99), context()));
    QVERIFY(all.size() > 1);
    for (const Json& line : all)
        QVERIFY(line["response"].is_string() && !line.contains("message"));
    QVERIFY(all.back()["done"].get<bool>());
}

void OllamaAnswerTest::failsAsTheStreamSays_data()
{
    QTest::addColumn<QString>("stream");
    QTest::addColumn<int>("code");
    const QString begun = R"({"model":"m","message":{"content":"a"},"done":false})"
                          "\n";
    QTest::newRow("error") << begun + "{\"error\":\"out of memory\"}\n" << int(Code::UpstreamError);
    QTest::newRow("cut") << begun << int(Code::UpstreamTruncated);
    QTest::newRow("html") << "<html>\n" << int(Code::UpstreamInvalidResponse);
    QTest::newRow("list") << begun + "[]\n" << int(Code::UpstreamInvalidResponse);
    QTest::newRow("nothing") << "" << int(Code::UpstreamTruncated);
}

void OllamaAnswerTest::failsAsTheStreamSays()
{
    QFETCH(QString, stream);
    QFETCH(int, code);
    const auto events = decoded(ollama(), stream.toStdString(), 11);
    QCOMPARE(std::get<Failed>(events.back()).error.code, Code(code));
}

void OllamaAnswerTest::endsWithAnErrorLine()
{
    const std::string stream =
        encoded(ollama(), decoded(openAi(), "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", 99),
                context());
    const auto all = lines(stream);
    QCOMPARE(all.back()["code"].get<std::string>(), std::string("upstream_truncated"));
    QVERIFY(all.back()["error"].is_string());
    QVERIFY(stream.find("\"done\":true") == std::string::npos);
}

void OllamaAnswerTest::holdsNoCallWithoutEnd()
{
    constexpr int kPieces = 40; // of a mebibyte
    const auto encoder = ollama().eventEncoder(context(), {});
    std::string out;
    encoder->write(BlockStarted{0, BlockKind::ToolCall, "c1", "f"}, out);
    for (int i = 0; i < kPieces; ++i)
        encoder->write(ArgumentsDelta{std::string(std::size_t{1} << 20, 'x')}, out);
    encoder->write(BlockEnded{0}, out);
    encoder->write(Ended{}, out);
    QCOMPARE(lines(out).size(), std::size_t(1));
    QCOMPARE(lines(out)[0]["code"].get<std::string>(), std::string("upstream_response_too_large"));
}

void OllamaAnswerTest::forwardsEveryByteAtEveryCut()
{
    for (const char* file : {"ollama/stream_tool.ndjson", "ollama/stream_prompt.ndjson"}) {
        const std::string stream = fixture(file);
        for (std::size_t step = 1; step < 40; ++step) {
            const auto meter = ollama().meter({});
            const Metered run = metered(*meter, stream, step, Framing::JsonLines);
            QCOMPARE(run.out, stream);
            QVERIFY(run.ended && !run.failed && meter->finished() && meter->ended());
            QVERIFY(meter->usage().known && meter->usage().outputTokens > 0);
            QVERIFY(meter->missingEnd().empty() && meter->answerChars() > 0);
        }
    }
}

void OllamaAnswerTest::metersErrorsAndCutStreams()
{
    const auto meter = ollama().meter({});
    const std::string begun = "{\"message\":{\"content\":\"abc\"},\"done\":false}\n";
    const Metered run = metered(*meter, begun + "{\"error\":\"gone\"}\n", SIZE_MAX, Framing::JsonLines);
    QVERIFY(run.failed);
    QCOMPARE(run.out, begun);
    QCOMPARE(meter->failure()->code, Code::UpstreamError);
    const auto other = ollama().meter({});
    const Metered cut = metered(*other, begun, SIZE_MAX, Framing::JsonLines);
    QVERIFY(!cut.ended && !other->finished());
    QCOMPARE(other->answerChars(), std::size_t(3));
    // A tool may be called with what looks like an end or an error.
    const std::string call = "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":"
                             "{\"done\":true,\"error\":\"x\"}}}]},\"done\":false}\n";
    const Metered inner = metered(*ollama().meter({}), call, SIZE_MAX, Framing::JsonLines);
    QVERIFY(!inner.ended && !inner.failed);
    QCOMPARE(inner.out, call);
}

QTEST_GUILESS_MAIN(OllamaAnswerTest)
#include "ollama_answer_test.moc"
