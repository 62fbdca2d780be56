// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::CompletionContext;

class StreamTranslationTest : public QObject {
    Q_OBJECT

private slots:
    void saysTheSameHoweverItIsCut_data();
    void saysTheSameHoweverItIsCut();
    void givesAnthropicsEventOrder();
    void givesOpenAisChunkOrder();
    void tellsUsageOnlyWhereAskedFor();
    void putsTheCostIntoTheLastUsage();
    void carriesSignaturesRound();
    void hidesUnsignedReasoningFromAnthropicClients();
    void neverOverlapsBlocks_data();
    void neverOverlapsBlocks();
    void keepsInterleavedCallsApart();
    void tellsCallsApartThatShareAnIndex();
    void saysToolCallsWhereTheProviderSaysStop();
    void leavesOutCallsWithoutAName();
    void givesEmptyArgumentsAsAnObject();
    void callsCustomToolsAsTheClientKnowsThem();
    void endsWithAnErrorAndNothingMore_data();
    void endsWithAnErrorAndNothingMore();
    void completesAStreamWithoutItsEndMarker();
    void writesAsciiOnly();
};

namespace {

std::string translated(const dialect::Dialect& from, const dialect::Dialect& to, std::string_view stream,
                       std::size_t step = 64, bool includeUsage = true)
{
    return encoded(to, decoded(from, stream, step), context(includeUsage));
}

/// One OpenAI chunk with that delta.
std::string chunk(std::string_view delta, std::string_view finish = "null")
{
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":" + std::string(delta) +
           ",\"finish_reason\":" + std::string(finish) + "}]}\n\n";
}

/// "0:text 1:tool …" with each block's content; a fault in their order is named instead.
std::string blocksOf(const std::vector<Event>& events)
{
    std::string out;
    int next = 0;
    bool open = false;
    for (const Event& event : events) {
        if (const auto* begun = std::get_if<BlockStarted>(&event)) {
            if (open || begun->index != next) return "overlap";
            open = true;
            out += '[' + begun->toolName + ' ';
        } else if (const auto* ended = std::get_if<BlockEnded>(&event)) {
            if (!open || ended->index != next) return "not open";
            open = false;
            ++next;
            out += ']';
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            out += open ? text->text : "outside";
        } else if (const auto* json = std::get_if<ArgumentsDelta>(&event)) {
            out += open ? json->json : "outside";
        }
    }
    return open ? "left open" : out;
}

} // namespace

void StreamTranslationTest::saysTheSameHoweverItIsCut_data()
{
    QTest::addColumn<QString>("file");
    for (const char* file :
         {"openai/stream_text.sse", "openai/stream_tools.sse", "anthropic/stream_thinking_tool.sse"}) {
        QTest::newRow(file) << file;
    }
}

void StreamTranslationTest::saysTheSameHoweverItIsCut()
{
    QFETCH(QString, file);
    const std::string stream = fixture(file.toStdString());
    const dialect::Dialect& from = file.startsWith("openai") ? openAi() : anthropic();
    const dialect::Dialect& to = file.startsWith("openai") ? anthropic() : openAi();
    const std::string whole = translated(from, to, stream, stream.size());
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        SseScanner scanner;
        const auto decoder = from.eventDecoder();
        std::vector<Event> events;
        const auto read = [&](const SseEvent& event) { decoder->read(event, events); };
        scanner.feed(std::string_view(stream).substr(0, cut), read);
        scanner.feed(std::string_view(stream).substr(cut), read);
        decoder->close(events);
        QCOMPARE(encoded(to, events, context()), whole);
    }
}

void StreamTranslationTest::givesAnthropicsEventOrder()
{
    std::string order;
    for (const Json& data : datas(translated(openAi(), anthropic(), fixture("openai/stream_tools.sse")))) {
        order += data["type"].get<std::string>() +
                 (data.contains("index") ? std::to_string(int(data["index"])) : "") + ' ';
    }
    QCOMPARE(order,
             std::string("message_start content_block_start0 content_block_delta0 content_block_delta0 "
                         "content_block_stop0 content_block_start1 content_block_delta1 content_block_stop1 "
                         "message_delta message_stop "));
    const auto all = datas(translated(openAi(), anthropic(), fixture("openai/stream_tools.sse")));
    const Json& last = all[all.size() - 2];
    QCOMPARE(last["delta"]["stop_reason"].get<std::string>(), std::string("tool_use"));
    QCOMPARE(int(last["usage"]["input_tokens"]), 50);
    QCOMPARE(int(last["usage"]["output_tokens"]), 20);
    QVERIFY(all[0]["message"]["content"].empty() && all[0]["message"]["stop_reason"].is_null());
}

void StreamTranslationTest::givesOpenAisChunkOrder()
{
    const auto all = datas(translated(anthropic(), openAi(), fixture("anthropic/stream_thinking_tool.sse")));
    std::string reasoning;
    std::string text;
    std::string arguments;
    for (const Json& data : all) {
        if (!data.is_object() || data["choices"].empty()) continue;
        QCOMPARE(data["id"].dump(), all[0]["id"].dump());
        const Json& delta = data["choices"][0]["delta"];
        reasoning += delta.value("reasoning_content", "");
        text += delta.value("content", "");
        if (delta.contains("tool_calls")) {
            arguments += delta["tool_calls"][0]["function"]["arguments"].get<std::string>();
        }
    }
    QCOMPARE(all[0]["choices"][0]["delta"]["role"].get<std::string>(), std::string("assistant"));
    QCOMPARE(reasoning, std::string("The user asks about Paris."));
    QCOMPARE(text, std::string("I look it up."));
    QCOMPARE(arguments, std::string("{\"city\": \"Paris\"}"));
    const std::size_t count = all.size();
    QCOMPARE(all[count - 1].get<std::string>(), std::string("[DONE]"));
    QVERIFY(all[count - 2]["choices"].empty());
    QCOMPARE(int(all[count - 2]["usage"]["prompt_tokens"]), 100);
    QCOMPARE(all[count - 3]["choices"][0]["finish_reason"].get<std::string>(), std::string("tool_calls"));
}

void StreamTranslationTest::tellsUsageOnlyWhereAskedFor()
{
    const std::string out =
        translated(anthropic(), openAi(), fixture("anthropic/stream_thinking_tool.sse"), 64, false);
    QVERIFY(out.find("usage") == std::string::npos);
    QVERIFY(out.ends_with("data: [DONE]\n\n"));
}

void StreamTranslationTest::putsTheCostIntoTheLastUsage()
{
    const auto cost = [](const Usage& usage) {
        return std::optional(Money::fromNanos(usage.inputTokens * 1000));
    };
    const std::string one = encoded(
        openAi(), decoded(anthropic(), fixture("anthropic/stream_thinking_tool.sse"), 64), context(), cost);
    QVERIFY(one.find("\"cost\":0.0001}") != std::string::npos);
    const std::string other =
        encoded(anthropic(), decoded(openAi(), fixture("openai/stream_tools.sse"), 64), context(), cost);
    QVERIFY(other.find("\"cost\":0.00005}") != std::string::npos);
}

void StreamTranslationTest::carriesSignaturesRound()
{
    const std::string stream = fixture("anthropic/stream_thinking_tool.sse");
    const std::string asOpenAi = translated(anthropic(), openAi(), stream);
    const std::string back = translated(openAi(), anthropic(), asOpenAi);
    QVERIFY(back.find("\"signature\":\"EqQBCgIYAhIM+sig/==\"") != std::string::npos);
    QCOMPARE(blocksOf(decoded(anthropic(), back, 64)), blocksOf(decoded(anthropic(), stream, 64)));
    // What a client collects from the chunks is what it gives back: the signed block, whole.
    for (const Json& data : datas(asOpenAi)) {
        if (!data.is_object() || data["choices"].empty()) continue;
        const Json& delta = data["choices"][0]["delta"];
        if (!delta.contains("reasoning_details")) continue;
        const Json request = {
            {"model", "m"},
            {"messages",
             {{{"role", "assistant"}, {"content", "x"}, {"reasoning_details", delta["reasoning_details"]}}}}};
        auto decodedRequest = openAi().decodeRequest(request.dump(), {});
        QVERIFY(decodedRequest.ok());
        const Json sent = Json::parse(anthropic().encodeRequest(*decodedRequest));
        QCOMPARE(sent["messages"][0]["content"][0]["thinking"].get<std::string>(),
                 std::string("The user asks about Paris."));
        return;
    }
    QFAIL("no reasoning_details");
}

void StreamTranslationTest::hidesUnsignedReasoningFromAnthropicClients()
{
    const std::string stream = chunk("{\"reasoning_content\":\"secret\"}") + chunk("{\"content\":\"Hi\"}") +
                               chunk("{}", "\"stop\"") + "data: [DONE]\n\n";
    const std::string out = translated(openAi(), anthropic(), stream);
    QVERIFY(out.find("secret") == std::string::npos);
    QCOMPARE(blocksOf(decoded(anthropic(), out, 64)), std::string("[ Hi]"));
}

void StreamTranslationTest::neverOverlapsBlocks_data()
{
    QTest::addColumn<QString>("stream");
    QTest::addColumn<QString>("blocks");
    const auto row = [](const char* name, const std::string& deltas, const char* blocks) {
        QTest::newRow(name) << QString::fromStdString(deltas) << blocks;
    };
    const std::string first =
        R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]})";
    const std::string firstRest = R"({"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]})";
    const std::string second =
        R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]})";
    const std::string secondRest = R"({"tool_calls":[{"index":1,"function":{"arguments":"}"}}]})";
    row("one after another", chunk(first) + chunk(firstRest) + chunk(second) + chunk(secondRest),
        "[f {\"x\":1}][g {}]");
    row("interleaved", chunk(first) + chunk(second) + chunk(firstRest) + chunk(secondRest),
        "[f {\"x\":1}][g {}]");
    row("text in between", chunk(first) + chunk("{\"content\":\"late\"}") + chunk(firstRest),
        "[f {\"x\":1}][ late]");
    row("text after", chunk(first) + chunk(firstRest) + chunk("{\"content\":\"after\"}"),
        "[f {\"x\":1}][ after]");
    row("whole call", chunk(R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x": 1}}}]})"),
        "[f {\"x\":1}]");
    row("name later",
        chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{"}}]})") +
            chunk(R"({"tool_calls":[{"index":0,"function":{"name":"f","arguments":"}"}}]})"),
        "[f {}]");
    row("refusal", chunk(R"({"refusal":"No."})"), "[ No.]");
    row("two choices",
        "data: "
        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"}},{\"index\":0,\"delta\":{\"content\":\"a\"}"
        "}]}\n\n",
        "[ a]");
    row("unsaid", chunk("{}") + chunk("null") + chunk("{\"content\":null,\"tool_calls\":null}"), "");
}

void StreamTranslationTest::neverOverlapsBlocks()
{
    QFETCH(QString, stream);
    QFETCH(QString, blocks);
    const std::string all = stream.toStdString() + chunk("{}", "\"stop\"") + "data: [DONE]\n\n";
    QCOMPARE(blocksOf(decoded(openAi(), all, 64)), blocks.toStdString());
}

void StreamTranslationTest::keepsInterleavedCallsApart()
{
    const std::string wild = "event: content_block_start\ndata: "
                             "{\"type\":\"content_block_start\",\"index\":3,\"content_block\":{\"type\":"
                             "\"text\",\"text\":\"\"}}\n\n"
                             "event: content_block_start\ndata: "
                             "{\"type\":\"content_block_start\",\"index\":4,\"content_block\":{\"type\":"
                             "\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}}\n\n"
                             "event: content_block_delta\ndata: "
                             "{\"type\":\"content_block_delta\",\"index\":3,\"delta\":{\"type\":\"text_"
                             "delta\",\"text\":\"lost\"}}\n\n"
                             "event: content_block_start\ndata: "
                             "{\"type\":\"content_block_start\",\"index\":5,\"content_block\":{\"type\":"
                             "\"web_search_tool_result\"}}\n\n"
                             "event: content_block_delta\ndata: "
                             "{\"type\":\"content_block_delta\",\"index\":5,\"delta\":{\"type\":\"text_"
                             "delta\",\"text\":\"skipped\"}}\n\n"
                             "event: new_event\ndata: {\"type\":\"new_event\"}\n\n"
                             "event: message_delta\ndata: "
                             "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n\n";
    const auto events = decoded(anthropic(), wild, 64);
    QCOMPARE(blocksOf(events), std::string("[ ][f {\"a\":1}]"));
    QVERIFY(std::holds_alternative<Started>(events.front()));
    QVERIFY(std::holds_alternative<Ended>(events.back()));
}

void StreamTranslationTest::tellsCallsApartThatShareAnIndex()
{
    const std::string stream =
        chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]})") +
        chunk(R"({"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]})") +
        chunk("{}", "\"tool_calls\"");
    QCOMPARE(blocksOf(decoded(openAi(), stream, 64)), std::string("[f {}][f {}]"));
}

void StreamTranslationTest::saysToolCallsWhereTheProviderSaysStop()
{
    const std::string stream =
        chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]})") +
        chunk("{}", "\"stop\"");
    QVERIFY(translated(openAi(), anthropic(), stream).find("\"stop_reason\":\"tool_use\"") !=
            std::string::npos);
}

/// Nobody could carry them out, and Cohere's clients take them for a broken stream.
void StreamTranslationTest::leavesOutCallsWithoutAName()
{
    const std::string claude =
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
        "data: "
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\"}"
        "}\n\n"
        "data: "
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_"
        "json\":\"{}\"}}\n\n"
        "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n\n"
        "data: {\"type\":\"message_stop\"}\n\n";
    const std::string google =
        "data: "
        "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"args\":{}}}],\"role\":\"model\"},"
        "\"finishReason\":\"STOP\"}]}\n\n";
    for (const auto& events : {decoded(anthropic(), claude, 64), decoded(gemini(), google, 64)}) {
        QCOMPARE(blocksOf(events), std::string());
        QVERIFY(std::holds_alternative<Ended>(events.back()));
    }
}

void StreamTranslationTest::givesEmptyArgumentsAsAnObject()
{
    const std::string stream =
        chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]})") +
        chunk("{}", "\"tool_calls\"");
    QCOMPARE(blocksOf(decoded(anthropic(), translated(openAi(), anthropic(), stream), 64)),
             std::string("[f {}]"));
    QCOMPARE(blocksOf(decoded(openAi(), translated(openAi(), openAi(), stream), 64)), std::string("[f {}]"));
}

void StreamTranslationTest::callsCustomToolsAsTheClientKnowsThem()
{
    CompletionContext custom = context();
    const Request request = withCustomTool("apply_patch");
    custom.request = &request;
    const std::vector<Event> events{Started{},
                                    BlockStarted{0, BlockKind::ToolCall, "t", "apply_patch"},
                                    ArgumentsDelta{"{\"inp"},
                                    ArgumentsDelta{"ut\":\"*** Begin\"}"},
                                    BlockEnded{0},
                                    Finished{Finish::ToolCalls, {}},
                                    Ended{}};
    const auto all = datas(encoded(openAi(), events, custom));
    QCOMPARE(all[1]["choices"][0]["delta"]["tool_calls"][0]["type"].get<std::string>(),
             std::string("custom"));
    QCOMPARE(all[2]["choices"][0]["delta"]["tool_calls"][0]["custom"]["input"].get<std::string>(),
             std::string("*** Begin"));
}

void StreamTranslationTest::endsWithAnErrorAndNothingMore_data()
{
    QTest::addColumn<bool>("isOpenAi");
    QTest::addColumn<QString>("stream");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, bool isOpenAi, const std::string& stream, const char* code) {
        QTest::newRow(name) << isOpenAi << QString::fromStdString(stream) << code;
    };
    const std::string hi = chunk("{\"content\":\"Hi\"}");
    row("cut", true, hi, "upstream_truncated");
    row("done without finish", true, hi + "data: [DONE]\n\n", "upstream_truncated");
    row("nothing", true, "", "upstream_truncated");
    row("not json", true, hi + "data: <html>\n\n" + chunk("{}", "\"stop\""), "upstream_invalid_response");
    row("no object", true, "data: []\n\n", "upstream_invalid_response");
    row("error", true, hi + "data: {\"error\":{\"message\":\"m\"}}\n\n" + hi, "upstream_error");
    row("finish error", true, hi + chunk("{}", "\"error\""), "upstream_error");
    row("anthropic cut", false, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n",
        "upstream_truncated");
    row("stop without reason", false, "data: {\"type\":\"message_stop\"}\n\n", "upstream_truncated");
    row("anthropic error", false,
        "event: error\ndata: "
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}\n\n",
        "upstream_overloaded");
}

void StreamTranslationTest::endsWithAnErrorAndNothingMore()
{
    QFETCH(bool, isOpenAi);
    QFETCH(QString, stream);
    QFETCH(QString, code);
    const auto events = decoded(isOpenAi ? openAi() : anthropic(), stream.toStdString(), 64);
    for (const dialect::Dialect* to : {&openAi(), &anthropic()}) {
        const auto all = datas(encoded(*to, events, context()));
        QVERIFY(!all.empty());
        QCOMPARE(all.back()["error"]["code"].get<std::string>(), code.toStdString());
    }
}

void StreamTranslationTest::completesAStreamWithoutItsEndMarker()
{
    const std::string stream = chunk("{\"content\":\"Hi\"}") + chunk("{}", "\"length\"");
    const std::string out = translated(openAi(), anthropic(), stream);
    QVERIFY(out.find("\"stop_reason\":\"max_tokens\"") != std::string::npos);
    QVERIFY(out.ends_with("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
}

void StreamTranslationTest::writesAsciiOnly()
{
    const std::string out = translated(openAi(), anthropic(), fixture("openai/stream_text.sse"));
    QVERIFY(std::all_of(out.begin(), out.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); }));
    QCOMPARE(blocksOf(decoded(anthropic(), out, 64)),
             std::string("[ Grüße \"usage\": \xE2\x80\xA8 \xF0\x9F\x98\x80]"));
}

QTEST_GUILESS_MAIN(StreamTranslationTest)
#include "stream_translation_test.moc"
