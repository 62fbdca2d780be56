// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::StreamMeter;

class StreamMeterTest : public QObject {
    Q_OBJECT

private slots:
    void forwardsEveryByteAtEveryCut();
    void dropsTheUsageChunkThatOnlyWeAskedFor();
    void takesOutTheEmptyUsageThatOnlyWeAskedFor();
    void putsTheCostIntoOpenAisUsage();
    void putsTheCostIntoAnthropicsLastUsage();
    void readsCumulativeUsageOfAnthropic();
    void keepsUsageWhenALaterDeltaHasNone();
    void knowsWhatEndIsMissing();
    void failsAStreamThatEndsWithoutAFinish();
    void reportsErrorsInTheStream_data();
    void reportsErrorsInTheStream();
    void countsTheAnswersText();
};

namespace {

dialect::MeterOptions priced()
{
    return {false, false, [](const Usage&) { return std::optional(Money::fromNanos(123'000)); }};
}

} // namespace

void StreamMeterTest::forwardsEveryByteAtEveryCut()
{
    for (const char* file :
         {"openai/stream_text.sse", "openai/stream_tools.sse", "anthropic/stream_thinking_tool.sse"}) {
        const std::string stream = fixture(file);
        const dialect::Dialect& dialect = std::string(file).starts_with("openai") ? openAi() : anthropic();
        for (std::size_t step = 1; step < 40; ++step) {
            const auto meter = dialect.meter({});
            const Metered result = metered(*meter, stream, step);
            QCOMPARE(result.out, stream);
            QVERIFY(result.ended && !result.failed && meter->finished() && meter->ended());
            QVERIFY(meter->usage().known);
            QVERIFY(meter->missingEnd().empty());
        }
    }
}

void StreamMeterTest::dropsTheUsageChunkThatOnlyWeAskedFor()
{
    const std::string stream = fixture("openai/stream_text.sse");
    const auto meter = openAi().meter({true, false, {}});
    const std::string out = metered(*meter, stream).out;
    const std::size_t chunk = stream.find("data: ", stream.find("x4"));
    std::string wanted = stream;
    wanted.erase(chunk, stream.find("data: [DONE]") - chunk);
    const std::string_view empty = ",\"usage\":null";
    for (std::size_t at = wanted.find(empty); at != wanted.npos; at = wanted.find(empty))
        wanted.erase(at, empty.size());
    QCOMPARE(out, wanted);
    QCOMPARE(meter->usage().inputTokens, 120);
}

void StreamMeterTest::takesOutTheEmptyUsageThatOnlyWeAskedFor()
{
    const auto chunk = [](const char* members) { return std::string("data: {") + members + "}\n\n"; };
    const char* const plain = R"("id":"a","choices":[{"delta":{"content":"\"usage\":null"}}])";
    for (const char* members :
         {R"("id":"a","choices":[{"delta":{"content":"\"usage\":null"}}],"usage":null)",
          R"("usage": null ,"id":"a","choices":[{"delta":{"content":"\"usage\":null"}}])",
          R"("id":"a", "usage" : null,"choices":[{"delta":{"content":"\"usage\":null"}}])"}) {
        const auto meter = openAi().meter({true, false, {}});
        const std::string out = metered(*meter, chunk(members)).out;
        QCOMPARE(out, chunk(plain));
        QCOMPARE(metered(*openAi().meter({}), chunk(members)).out, chunk(members));
    }
    QCOMPARE(metered(*openAi().meter({true, false, {}}), chunk(R"("usage":null)")).out, chunk(""));
    for (const char* no : {"nul", "nullx", "n"}) {
        const std::string broken = chunk((std::string(R"("a":1,"usage":)") + no).c_str());
        const std::string out = metered(*openAi().meter({true, false, {}}), broken).out;
        QVERIFY2(out.size() <= broken.size(), out.c_str());
    }
    // One that stands deeper is the provider's own.
    const std::string deeper = chunk(R"("x":{"usage":null})");
    QCOMPARE(metered(*openAi().meter({true, false, {}}), deeper).out, deeper);
}

void StreamMeterTest::putsTheCostIntoOpenAisUsage()
{
    const std::string stream = fixture("openai/stream_text.sse");
    std::string wanted = stream;
    const std::string last = "\"rejected_prediction_tokens\":0}";
    wanted.insert(wanted.find(last) + last.size(), ",\"cost\":0.000123");
    const auto meter = openAi().meter(priced());
    QCOMPARE(metered(*meter, stream, 7).out, wanted);
    const std::string known =
        "data: "
        "{\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"cost\":9,\"prompt_tokens\":1}}\r\n\r\n";
    const std::string exchanged = "data: "
                                  "{\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"cost\":0.000123,"
                                  "\"prompt_tokens\":1}}\r\n\r\n";
    QCOMPARE(metered(*openAi().meter(priced()), known).out, exchanged);
}

void StreamMeterTest::putsTheCostIntoAnthropicsLastUsage()
{
    const std::string stream = fixture("anthropic/stream_thinking_tool.sse");
    std::string wanted = stream;
    const std::string last = "\"usage\":{\"output_tokens\":89";
    wanted.insert(wanted.find(last) + last.size(), ",\"cost\":0.000123");
    QCOMPARE(metered(*anthropic().meter(priced()), stream, 11).out, wanted);
}

void StreamMeterTest::readsCumulativeUsageOfAnthropic()
{
    const auto meter = anthropic().meter({});
    metered(*meter, fixture("anthropic/stream_thinking_tool.sse"));
    QCOMPARE(meter->usage().inputTokens, 100);
    QCOMPARE(meter->usage().cacheReadTokens, 50);
    QCOMPARE(meter->usage().cacheWriteTokens, 30);
    QCOMPARE(meter->usage().outputTokens, 89);
}

void StreamMeterTest::keepsUsageWhenALaterDeltaHasNone()
{
    const auto meter = anthropic().meter({});
    metered(
        *meter,
        "data: "
        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n"
        "data: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":5}}\n\n"
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n");
    QCOMPARE(meter->usage().inputTokens, 9);
    QCOMPARE(meter->usage().outputTokens, 5);
    QVERIFY(meter->finished() && !meter->ended());
}

void StreamMeterTest::knowsWhatEndIsMissing()
{
    const std::string one = fixture("openai/stream_text.sse");
    const auto meter = openAi().meter({});
    metered(*meter, one.substr(0, one.find("data: [DONE]")));
    QCOMPARE(meter->missingEnd(), std::string("data: [DONE]\n\n"));
    const std::string other = fixture("anthropic/stream_thinking_tool.sse");
    const auto second = anthropic().meter({});
    const std::size_t cut = other.find("event: message_stop");
    metered(*second, other.substr(0, cut));
    QCOMPARE(second->missingEnd(), other.substr(cut));
    QVERIFY(openAi().meter({})->missingEnd().empty());
}

void StreamMeterTest::failsAStreamThatEndsWithoutAFinish()
{
    const auto meter = openAi().meter({});
    const Metered result = metered(
        *meter,
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\ndata: [DONE]\n\n");
    QVERIFY(result.failed);
    QVERIFY(result.out.find("[DONE]") == std::string::npos);
    QCOMPARE(meter->failure()->code, Code::UpstreamTruncated);
    const auto other = anthropic().meter({});
    QVERIFY(metered(*other, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n").failed);
}

void StreamMeterTest::reportsErrorsInTheStream_data()
{
    QTest::addColumn<bool>("isOpenAi");
    QTest::addColumn<QString>("event");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, bool isOpenAi, const char* event, Code code) {
        QTest::newRow(name) << isOpenAi << event << static_cast<int>(code);
    };
    row("openai", true, "data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}\n\n",
        Code::UpstreamError);
    row("text", true, "data: {\"error\":\"m\"}\n\n", Code::UpstreamError);
    row("code", true, "data: {\"error\":{\"message\":\"m\",\"code\":429},\"choices\":[]}\n\n",
        Code::RateLimitExceeded);
    row("context", true, "data: {\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}\n\n",
        Code::ContextLengthExceeded);
    row("anthropic", false,
        "event: error\ndata: "
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}\n\n",
        Code::UpstreamOverloaded);
    row("unnamed", false,
        "data: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}\n\n",
        Code::UpstreamError);
}

void StreamMeterTest::reportsErrorsInTheStream()
{
    QFETCH(bool, isOpenAi);
    QFETCH(QString, event);
    QFETCH(int, code);
    const auto meter = (isOpenAi ? openAi() : anthropic()).meter({});
    const Metered result = metered(*meter, event.toStdString());
    QVERIFY(result.failed && result.out.empty());
    QCOMPARE(meter->failure()->code, static_cast<Code>(code));
    QVERIFY(meter->failure()->message.find(": m") != std::string::npos);
    QVERIFY(!metered(*openAi().meter({}), "data: {\"error\":null,\"choices\":[]}\n\n").failed);
}

void StreamMeterTest::countsTheAnswersText()
{
    const auto meter = openAi().meter({});
    metered(*meter,
            "data: {\"choices\":[{\"delta\":{\"content\":\"12345\",\"reasoning_content\":\"678\"}}]}\n\n");
    QCOMPARE(meter->answerChars(), std::size_t(8));
    const auto other = anthropic().meter({});
    metered(*other,
            "event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"1234\"}}\n\n");
    QCOMPARE(other->answerChars(), std::size_t(4));
}

QTEST_GUILESS_MAIN(StreamMeterTest)
#include "stream_meter_test.moc"
