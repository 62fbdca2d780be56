// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/signature.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::Maker;
using dialect::MeterOptions;
using dialect::StreamMeter;

class GeminiStreamTest : public QObject {
    Q_OBJECT

private slots:
    void saysTheSameHoweverItIsCut();
    void givesBlocksInOrder();
    void givesAnthropicsClientASignedCall();
    void finishesOnceWhateverTheProviderRepeats();
    void failsWithoutAFinish();
    void failsOnAnErrorInTheStream();
    void failsOnABrokenToolCall();
    void readsABlockedPrompt();
    void writesWholeCallsAndOneEnd();
    void writesOneArray();
    void writesErrorsAndNothingAfterThem();
    void carriesForeignSignatures();
    void writesPlainAsciiEvents();
    void readsWhatItWrites();
    void meterForwardsEveryByteAtEveryCut();
    void meterReadsUsageAndFinish();
    void meterPutsTheCostIntoTheLastUsage();
    void meterMakesAnArray();
    void meterKeepsTheStreamCleanForTheTools();
    void meterReportsErrors();
};

namespace {

std::string chunk(const std::string& parts, const std::string& more = {})
{
    return R"(data: {"candidates":[{"content":{"parts":)" + parts + R"(,"role":"model"})" + more +
           "}]}\r\n\r\n";
}

std::string blocksOf(const std::vector<Event>& events)
{
    std::string out;
    for (const Event& event : events) {
        if (const auto* begun = std::get_if<BlockStarted>(&event))
            out += begun->kind == BlockKind::Thinking ? "[? " : "[" + begun->toolName + " ";
        if (std::holds_alternative<BlockEnded>(event)) out += ']';
        if (const auto* text = std::get_if<TextDelta>(&event)) out += text->text;
        if (const auto* json = std::get_if<ArgumentsDelta>(&event)) out += json->json;
        if (const auto* signature = std::get_if<SignatureDelta>(&event)) out += "#" + signature->signature;
        if (std::holds_alternative<Finished>(event)) out += '!';
        if (std::holds_alternative<Ended>(event)) out += '.';
        if (std::holds_alternative<Failed>(event)) out += 'x';
    }
    return out;
}

const Finished* finishOf(const std::vector<Event>& events)
{
    for (const Event& event : events) {
        if (const auto* finished = std::get_if<Finished>(&event)) return finished;
    }
    return nullptr;
}

Code failureOf(const std::vector<Event>& events)
{
    const auto* failed = events.empty() ? nullptr : std::get_if<Failed>(&events.back());
    return failed ? failed->error.code : Code::Undecided;
}

MeterOptions options(bool jsonArray, bool priced = false)
{
    MeterOptions made;
    made.jsonArray = jsonArray;
    if (priced) made.costOf = [](const Usage&) { return std::optional(Money::fromNanos(123'000)); };
    return made;
}

} // namespace

void GeminiStreamTest::saysTheSameHoweverItIsCut()
{
    for (const char* file : {"gemini/stream_text.sse", "gemini/stream_tools.sse"}) {
        const std::string stream = fixture(file);
        const std::string whole = encoded(anthropic(), decoded(gemini(), stream, stream.size()), context());
        for (std::size_t cut = 1; cut < stream.size(); ++cut) {
            SseScanner scanner;
            const auto decoder = gemini().eventDecoder();
            std::vector<Event> events;
            const auto read = [&](const SseEvent& event) { decoder->read(event, events); };
            scanner.feed(std::string_view(stream).substr(0, cut), read);
            scanner.feed(std::string_view(stream).substr(cut), read);
            decoder->close(events);
            QCOMPARE(encoded(anthropic(), events, context()), whole);
        }
    }
}

void GeminiStreamTest::givesBlocksInOrder()
{
    const auto events = decoded(gemini(), fixture("gemini/stream_tools.sse"), 50);
    const std::string mark = dialect::markedSignature(Maker::Gemini, "R29vZ2xlU2lnMQ==");
    QCOMPARE(blocksOf(events), "[? The user asks about Paris.][ Let me look é\u2028.][? #" + mark +
                                   R"(][weather {"city":"Paris"}][weather {"city":"Rome"}]!.)");
    QVERIFY(finishOf(events)->finish == Finish::ToolCalls);
    const auto& started = std::get<Started>(events.front());
    QCOMPARE(started.id, std::string("Zx7aYvK"));
    QCOMPARE(started.model, std::string("gemini-3.5-flash"));
}

void GeminiStreamTest::givesAnthropicsClientASignedCall()
{
    const auto events = decoded(gemini(), fixture("gemini/stream_tools.sse"), 50);
    std::string order;
    Json last;
    for (const Json& data : datas(encoded(anthropic(), events, context()))) {
        if (data["type"] == "content_block_start")
            order += data["content_block"]["type"].get<std::string>() + ' ';
        if (data["type"] == "message_delta") last = data;
    }
    // Thoughts that nobody signed could not come back, so this client does not see them.
    QCOMPARE(order, std::string("text thinking tool_use tool_use "));
    QCOMPARE(int(last["usage"]["input_tokens"]), 20);
    QCOMPARE(int(last["usage"]["cache_read_input_tokens"]), 100);
    QCOMPARE(int(last["usage"]["output_tokens"]), 54);
}

void GeminiStreamTest::finishesOnceWhateverTheProviderRepeats()
{
    const auto events = decoded(gemini(), fixture("gemini/stream_text.sse"), 50);
    const std::string mark = dialect::markedSignature(Maker::Gemini, "U2lnbg==");
    QCOMPARE(blocksOf(events), "[ Hello.][? #" + mark + "]!.");
    const auto early = decoded(gemini(),
                               chunk(R"([{"text":"a"}])", R"(,"finishReason":"STOP")") +
                                   chunk(R"([{"text":"b"}])", R"(,"finishReason":"MAX_TOKENS")"),
                               9);
    QCOMPARE(blocksOf(early), std::string("[ ab]!."));
    QVERIFY(finishOf(early)->finish == Finish::Length);
}

void GeminiStreamTest::failsWithoutAFinish()
{
    const auto events = decoded(gemini(), chunk(R"([{"text":"a"}])"), 9);
    QCOMPARE(blocksOf(events), std::string("[ a]x"));
    QVERIFY(failureOf(events) == Code::UpstreamTruncated);
    QVERIFY(failureOf(decoded(gemini(), "data: nonsense\n\n", 9)) == Code::UpstreamInvalidResponse);
}

void GeminiStreamTest::failsOnAnErrorInTheStream()
{
    const auto events =
        decoded(gemini(),
                chunk(R"([{"text":"a"}])") +
                    R"(data: {"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}})" + "\r\n\r\n" +
                    chunk(R"([{"text":"b"}])", R"(,"finishReason":"STOP")"),
                9);
    QCOMPARE(blocksOf(events), std::string("[ ax"));
    QVERIFY(failureOf(events) == Code::UpstreamOverloaded);
}

void GeminiStreamTest::failsOnABrokenToolCall()
{
    const std::string broken = R"(,"finishReason":"MALFORMED_FUNCTION_CALL")";
    QVERIFY(failureOf(decoded(gemini(), chunk("[]", broken), 9)) == Code::UpstreamInvalidResponse);
    QCOMPARE(blocksOf(decoded(gemini(), chunk(R"([{"text":"a"}])", broken), 9)), std::string("[ a]!."));
}

void GeminiStreamTest::readsABlockedPrompt()
{
    const auto events =
        decoded(gemini(), "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}\n\n", 9);
    QVERIFY(finishOf(events)->finish == Finish::ContentFilter);
}

void GeminiStreamTest::writesWholeCallsAndOneEnd()
{
    const auto events = decoded(openAi(), fixture("openai/stream_tools.sse"), 7);
    const auto all = datas(encoded(gemini(), events, context()));
    std::string calls;
    for (const Json& data : all) {
        QCOMPARE(data["modelVersion"].get<std::string>(), std::string("smart"));
        for (const Json& part : data["candidates"][0]["content"]["parts"]) {
            if (part.contains("functionCall")) calls += part["functionCall"]["args"].dump() + ' ';
        }
        QCOMPARE(data["candidates"][0].contains("finishReason"), &data == &all.back());
        QCOMPARE(data.contains("usageMetadata"), &data == &all.back());
    }
    QVERIFY(!calls.empty());
    QCOMPARE(int(all.back()["usageMetadata"]["promptTokenCount"]), 50);
    QCOMPARE(int(all.back()["usageMetadata"]["candidatesTokenCount"]), 20);
    QCOMPARE(all.back()["candidates"][0]["finishReason"].get<std::string>(), std::string("STOP"));
}

void GeminiStreamTest::writesOneArray()
{
    auto where = context();
    where.jsonArray = true;
    const auto events = decoded(openAi(), fixture("openai/stream_text.sse"), 7);
    const std::string text = encoded(gemini(), events, where);
    QVERIFY(text.starts_with("[{") && text.ends_with("}]") && text.find(",\r\n{") != std::string::npos);
    QCOMPARE(Json::parse(text).size(), datas(encoded(gemini(), events, context())).size());
    QVERIFY(Json::accept(encoded(gemini(), {Failed{gatewayError(Code::Internal, "x")}}, where)));
    const std::string cut = encoded(
        gemini(), {Started{}, BlockStarted{0, BlockKind::Text, {}, {}}, TextDelta{"a"}, Failed{}}, where);
    QCOMPARE(Json::parse(cut).size(), 2U);
}

void GeminiStreamTest::writesErrorsAndNothingAfterThem()
{
    const Error error = upstreamError(Code::UpstreamTruncated, Retry::Never, "Cut.");
    const auto all = datas(encoded(gemini(),
                                   {Started{}, BlockStarted{0, BlockKind::Text, {}, {}}, TextDelta{"a"},
                                    Failed{error}, TextDelta{"b"}, Ended{}},
                                   context()));
    QCOMPARE(all.size(), 2U);
    QCOMPARE(int(all[1]["error"]["code"]), 502);
}

void GeminiStreamTest::carriesForeignSignatures()
{
    const auto events = decoded(anthropic(), fixture("anthropic/stream_thinking_tool.sse"), 30);
    Json parts = Json::array();
    for (const Json& data : datas(encoded(gemini(), events, context()))) {
        for (const Json& part : data["candidates"][0]["content"]["parts"])
            parts.push_back(part);
    }
    const Json content = {{"role", "model"}, {"parts", parts}};
    const auto request = gemini().decodeRequest(Json{{"contents", Json::array({content})}}.dump(), {});
    QVERIFY(request.ok());
    const auto& thinking = std::get<ThinkingPart>(request->messages[0].parts[0]);
    QCOMPARE(thinking.text, std::string("The user asks about Paris."));
    QCOMPARE(thinking.signature, std::string("EqQBCgIYAhIM+sig/=="));
}

void GeminiStreamTest::writesPlainAsciiEvents()
{
    const auto events = decoded(gemini(), fixture("gemini/stream_tools.sse"), 50);
    const std::string out = encoded(gemini(), events, context());
    QVERIFY(std::all_of(out.begin(), out.end(), [](char c) { return static_cast<signed char>(c) > 0; }));
    std::size_t begin = 0;
    for (std::size_t end = out.find("\r\n\r\n"); end != out.npos; end = out.find("\r\n\r\n", begin)) {
        QVERIFY(out.compare(begin, 7, "data: {") == 0);
        QCOMPARE(out.substr(begin, end - begin).find('\n'), std::string::npos);
        begin = end + 4;
    }
    QCOMPARE(begin, out.size());
}

void GeminiStreamTest::readsWhatItWrites()
{
    const auto events = decoded(gemini(), fixture("gemini/stream_tools.sse"), 50);
    const std::string once = encoded(gemini(), events, context());
    QCOMPARE(encoded(gemini(), decoded(gemini(), once, 11), context()), once);
}

void GeminiStreamTest::meterForwardsEveryByteAtEveryCut()
{
    for (const char* file : {"gemini/stream_text.sse", "gemini/stream_tools.sse"}) {
        const std::string stream = fixture(file);
        for (std::size_t step = 1; step < 40; ++step) {
            const auto meter = gemini().meter({});
            const Metered result = metered(*meter, stream, step);
            QCOMPARE(result.out, stream);
            QVERIFY(!result.failed && meter->finished() && meter->missingEnd().empty());
        }
    }
}

void GeminiStreamTest::meterReadsUsageAndFinish()
{
    const auto meter = gemini().meter({});
    metered(*meter, chunk(R"([{"functionCall":{"name":"f","args":{"finishReason":"STOP"}}}])"));
    QVERIFY(!meter->finished()); // an argument of that name is no finish
    metered(*meter, fixture("gemini/stream_tools.sse"));
    QCOMPARE(meter->usage().inputTokens, 120);
    QCOMPARE(meter->usage().outputTokens, 54);
    QVERIFY(meter->finished());
    QVERIFY(meter->answerChars() > 30);
}

void GeminiStreamTest::meterPutsTheCostIntoTheLastUsage()
{
    const std::string stream = fixture("gemini/stream_tools.sse");
    std::string wanted = stream;
    const std::string last = "\"thoughtsTokenCount\":20";
    wanted.insert(wanted.rfind(last) + last.size(), ",\"cost\":0.000123");
    QCOMPARE(metered(*gemini().meter(options(false, true)), stream, 11).out, wanted);
}

void GeminiStreamTest::meterMakesAnArray()
{
    const std::string stream = fixture("gemini/stream_text.sse");
    const auto meter = gemini().meter(options(true));
    std::string out = metered(*meter, stream, 5).out;
    out += meter->missingEnd();
    const Json array = Json::parse(out);
    QCOMPARE(array.size(), datas(stream).size());
    QVERIFY(array.back() == datas(stream).back());
}

void GeminiStreamTest::meterKeepsTheStreamCleanForTheTools()
{
    const auto out = [](const std::string& stream) { return metered(*gemini().meter({}), stream).out; };
    QCOMPARE(out(": keep-alive\n\n\n\ndata: [DONE]\n\ndata:\n\n"), std::string());
    QCOMPARE(out("event: x\ndata: {\"a\":1}\n\n"), std::string("data: {\"a\":1}\r\n\r\n"));
    QCOMPARE(out("data: {\"a\":\ndata: 1}\n\n"), std::string("data: {\"a\": 1}\r\n\r\n"));
    QCOMPARE(out("data: {\"text\":\"\u2028é\"}\n\n"), std::string("data: {\"text\":\"\\u2028\\u00e9\"}\n\n"));
}

void GeminiStreamTest::meterReportsErrors()
{
    const auto meter = gemini().meter({});
    const Metered result = metered(*meter, R"(data: {"error":{"code":429,"message":"slow"}})"
                                           "\n\n");
    QVERIFY(result.failed && result.out.empty());
    QVERIFY(meter->failure()->code == Code::RateLimitExceeded);
    QVERIFY(metered(*gemini().meter({}), "data: <html>\n\n").failed);
    QVERIFY(!metered(*gemini().meter({}), chunk(R"([{"functionCall":{"name":"f","args":{"error":"x"}}}])"))
                 .failed);
}

QTEST_GUILESS_MAIN(GeminiStreamTest)
#include "gemini_stream_test.moc"
