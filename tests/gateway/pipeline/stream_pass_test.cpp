// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <string>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "pipeline/stream_pass.h"

using namespace gateway;
using namespace gateway::pipeline;
using namespace gateway::dialect::testing;
using dialect::Dialect;

namespace {

constexpr std::string_view kDone = "data: [DONE]\n\n";
constexpr std::string_view kStop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

/// A provider's stream and the way to its client.
struct Way {
    const char* name;
    std::string stream;
    bool translated;
    bool fromOpenAi;
    bool toOpenAi;

    [[nodiscard]] const Dialect& provider() const { return fromOpenAi ? openAi() : anthropic(); }
    [[nodiscard]] std::string_view end() const { return toOpenAi ? kDone : kStop; }
    [[nodiscard]] std::unique_ptr<StreamPass> pass() const
    {
        if (!translated) return passThrough(provider(), {}, context());
        const Dialect& client = toOpenAi ? openAi() : anthropic();
        return translation(provider(), client.eventEncoder(context(), {}), {}, client);
    }
};

std::vector<Way> ways()
{
    const std::string text = fixture("openai/stream_text.sse"), tools = fixture("openai/stream_tools.sse"),
                      thinking = fixture("anthropic/stream_thinking_tool.sse");
    return {{"openai text", text, false, true, true},
            {"openai tools", tools, false, true, true},
            {"anthropic", thinking, false, false, false},
            {"openai text to anthropic", text, true, true, false},
            {"openai tools to anthropic", tools, true, true, false},
            {"anthropic to openai", thinking, true, false, true}};
}

/// What the client got, and how it ended.
struct Sent {
    std::string out;
    bool ended = false, committed = false;
    std::string failure; // its code
    std::int64_t inputTokens = 0, outputTokens = 0;
    std::size_t answerChars = 0;
    bool operator==(const Sent&) const = default;
};

/// As the relay does it: nothing more is read behind the end or a failure; the provider's close comes last.
Sent sent(StreamPass& pass, std::string_view stream, std::size_t first = std::string_view::npos,
          std::size_t step = std::string_view::npos)
{
    Sent result;
    SseScanner scanner;
    const auto over = [&pass] { return pass.ended() || pass.failure().has_value(); };
    const auto take = [&](const SseEvent& event) {
        pass.take(event, result.out);
        return !over();
    };
    for (std::size_t at = 0, size = first; at < stream.size() && !over(); size = step) {
        scanner.feed(stream.substr(at, size), take);
        at += std::min(size, stream.size() - at);
    }
    if (!over()) {
        scanner.finish(take);
        pass.close(result.out);
    }
    result.ended = pass.ended();
    result.committed = pass.committed();
    if (pass.failure()) result.failure = codeName(pass.failure()->code);
    result.inputTokens = pass.usage().inputTokens;
    result.outputTokens = pass.usage().outputTokens;
    result.answerChars = pass.answerChars();
    return result;
}

Sent sent(const Way& way, std::string_view stream, std::size_t first = std::string_view::npos,
          std::size_t step = std::string_view::npos)
{
    return sent(*way.pass(), stream, first, step);
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

std::size_t countOf(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

} // namespace

class StreamPassTest : public QObject {
    Q_OBJECT

    std::vector<Way> m_ways = ways();

    void addWays()
    {
        QTest::addColumn<int>("place");
        for (std::size_t i = 0; i < m_ways.size(); ++i)
            QTest::newRow(m_ways[i].name) << static_cast<int>(i);
    }

private slots:
    void passesAStreamOfTheSameDialectByteForByte()
    {
        for (const Way& each : m_ways) {
            if (each.translated) continue;
            QVERIFY(!each.stream.empty());
            const Sent whole = sent(each, each.stream);
            QCOMPARE(whole.out, each.stream);
            QVERIFY(whole.ended && whole.failure.empty() && whole.committed);
        }
    }

    void translatesToACompleteStream()
    {
        for (const Way& each : m_ways) {
            const Sent whole = sent(each, each.stream);
            QVERIFY2(whole.out.ends_with(each.end()), each.name);
            QCOMPARE(countOf(whole.out, each.end()), std::size_t{1});
            QVERIFY(whole.ended && whole.failure.empty());
        }
    }

    void givesTheSameHoweverItIsCut_data() { addWays(); }
    void givesTheSameHoweverItIsCut()
    {
        QFETCH(int, place);
        const Way& way = m_ways[static_cast<std::size_t>(place)];
        const Sent whole = sent(way, way.stream);
        for (std::size_t cut = 1; cut < way.stream.size(); ++cut)
            QVERIFY(sent(way, way.stream, cut) == whole);
        QVERIFY(sent(way, way.stream, 1, 1) == whole);
        QVERIFY(sent(way, way.stream, 7, 7) == whole);
    }

    void endsCleanlyOnlyWhereTheAnswerIsComplete_data() { addWays(); }
    void endsCleanlyOnlyWhereTheAnswerIsComplete()
    {
        QFETCH(int, place);
        const Way& way = m_ways[static_cast<std::size_t>(place)];
        // The provider closes behind each of its bytes.
        const std::string whole = sent(way, way.stream).out;
        bool completed = false;
        for (std::size_t size = 0; size < way.stream.size(); ++size) {
            const Sent part = sent(way, std::string_view(way.stream).substr(0, size));
            QVERIFY(part.ended == part.failure.empty());
            completed = completed || part.ended;
            QCOMPARE(part.ended, completed); // once complete, always
            if (part.ended) {
                QVERIFY(part.out.ends_with(way.end()));
                continue;
            }
            QCOMPARE(part.failure, std::string("upstream_truncated"));
            QVERIFY(whole.starts_with(part.out));
            QCOMPARE(countOf(part.out, way.end()), std::size_t{0});
        }
        QVERIFY(completed);
    }

    void addsTheEndMarkerThatIsMissing()
    {
        for (const Way& each : m_ways) {
            const std::string_view theirs = each.fromOpenAi ? kDone : kStop;
            const std::string without = replaced(each.stream, theirs, "");
            QVERIFY(without != each.stream);
            const Sent whole = sent(each, each.stream), added = sent(each, without);
            QVERIFY(added.ended && added.failure.empty());
            QCOMPARE(added.out, whole.out);
            QCOMPARE(added.outputTokens, whole.outputTokens);
        }
    }

    void takesNoEndMarkerForAnAnswer()
    {
        for (const Way& each : m_ways) {
            const std::string only = std::string(each.fromOpenAi ? kDone : kStop);
            const Sent result = sent(each, only);
            QCOMPARE(result.failure, std::string("upstream_truncated"));
            QVERIFY2(!result.ended && !result.committed, each.name);
            QVERIFY(result.out.find(each.end()) == std::string::npos);
        }
        for (const Way& each : m_ways) {
            const Sent nothing = sent(each, "");
            QCOMPARE(nothing.failure, std::string("upstream_truncated"));
            QVERIFY(nothing.out.empty() && !nothing.committed);
        }
    }

    void countsUsageEitherWay()
    {
        const auto check = [](const Sent& result, std::int64_t input, std::int64_t output) {
            QCOMPARE(result.inputTokens, input);
            QCOMPARE(result.outputTokens, output);
            QVERIFY(result.answerChars > 0);
        };
        for (const Way& each : m_ways) {
            const Sent result = sent(each, each.stream);
            if (std::string_view(each.name).starts_with("openai text")) check(result, 120, 30);
            if (std::string_view(each.name).starts_with("openai tools")) check(result, 50, 20);
            if (!each.fromOpenAi) check(result, 100, 89);
        }
    }

    void takesUsageOutAgainThatOnlyWeAskedFor()
    {
        const std::string& stream = m_ways[0].stream;
        dialect::MeterOptions options;
        options.stripUsage = true;
        const auto whole = passThrough(openAi(), options, context());
        const Sent result = sent(*whole, stream);
        QVERIFY(result.ended);
        QCOMPARE(result.outputTokens, std::int64_t{30});
        QCOMPARE(countOf(result.out, "\"usage\":"), std::size_t{0});
        QCOMPARE(countOf(result.out, "\\\"usage\\\":"), std::size_t{1}); // the model's own words
        QCOMPARE(datas(result.out).size(), datas(stream).size() - 1);
        for (std::size_t step = 1; step < 40; ++step) {
            const auto pass = passThrough(openAi(), options, context());
            QCOMPARE(sent(*pass, stream, step, step).out, result.out);
        }
    }

    void putsTheCostIntoTheLastUsage()
    {
        dialect::MeterOptions options;
        options.costOf = [](const Usage& usage) {
            return std::optional(Money::fromNanos(usage.outputTokens * 1'000'000));
        };
        for (const std::size_t place : {std::size_t{0}, std::size_t{2}}) {
            const auto pass = passThrough(m_ways[place].provider(), options, context());
            const Sent result = sent(*pass, m_ways[place].stream);
            QCOMPARE(countOf(result.out, "\"cost\":"), std::size_t{1});
            QVERIFY(result.out.find(place == 0 ? "\"cost\":0.03" : "\"cost\":0.089") != std::string::npos);
        }
    }

    void failsOnTheProvidersErrorInsideOfItsStream_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("code");
        const QByteArray openAiError =
            "data: {\"error\":{\"message\":\"canary: busy\",\"type\":\"overloaded_error\"}}\n\n";
        const QByteArray anthropicError =
            "event: error\ndata: "
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"canary: busy\"}}\n\n";
        for (std::size_t i = 0; i < m_ways.size(); ++i)
            QTest::newRow(m_ways[i].name)
                << static_cast<int>(i) << (m_ways[i].fromOpenAi ? openAiError : anthropicError)
                << QByteArray("upstream_overloaded");
    }

    void failsOnTheProvidersErrorInsideOfItsStream()
    {
        QFETCH(int, place);
        const Way& way = m_ways[static_cast<std::size_t>(place)];
        QFETCH(QByteArray, event);
        QFETCH(QByteArray, code);
        const std::string error = event.toStdString();
        const Sent first = sent(way, error + way.stream);
        QCOMPARE(first.failure, code.toStdString());
        QVERIFY(!first.ended && !first.committed); // another target may still answer
        const std::size_t middle = way.stream.find("\n\n", way.stream.size() / 2) + 2;
        const std::string cut = way.stream.substr(0, middle);
        const Sent later = sent(way, cut + error + way.stream.substr(middle));
        QCOMPARE(later.failure, code.toStdString());
        QVERIFY(later.committed && !later.ended);
        QVERIFY(later.out.find("canary") == std::string::npos); // our words, not the provider's
        QVERIFY(sent(way, way.stream).out.starts_with(later.out));
    }

    void isNotCommittedBeforeThereIsAnAnswer()
    {
        for (const Way& each : m_ways) {
            const auto pass = each.pass();
            std::string out;
            SseScanner scanner;
            scanner.feed(": processing\n\n: still\n\n\n",
                         [&](const SseEvent& event) { pass->take(event, out); });
            QVERIFY2(!pass->committed() && !pass->ended() && !pass->failure(), each.name);
            if (each.translated) QVERIFY(out.empty());
        }
    }

    void holdsBackNoMoreThanItMust()
    {
        const std::string comment = ": " + std::string(1000, 'x') + "\n\n";
        const auto pass = passThrough(openAi(), {}, context());
        std::string out;
        SseScanner scanner;
        const auto take = [&](const SseEvent& event) { pass->take(event, out); };
        for (int i = 0; i < 1000; ++i)
            scanner.feed(comment, take);
        QVERIFY(!pass->committed() && out.size() < 300'000);
        const std::string stream = fixture("openai/stream_text.sse");
        scanner.feed(stream, take);
        QVERIFY(pass->committed() && out.ends_with(stream));
    }

    void keepsTheBeginningOfALargeStream()
    {
        // The dialect repeats the whole request in its first events.
        const std::string request =
            "{\"model\":\"m\",\"input\":\"x\",\"instructions\":\"" + std::string(300'000, 'i') + "\"}";
        const JsonDocument document = scanned(request);
        dialect::CompletionContext made = context();
        made.document = &document;
        const Dialect& responses = dialect::dialectOf(DialectId::OpenAiResponses);
        const auto pass = translation(openAi(), responses.eventEncoder(made, {}), {}, responses);
        std::string out;
        SseScanner scanner;
        const auto take = [&](const SseEvent& event) { pass->take(event, out); };
        const std::string stream = fixture("openai/stream_text.sse");
        const std::size_t first = stream.find("\n\n") + 2;
        scanner.feed(std::string_view(stream).substr(0, first), take);
        QVERIFY(out.starts_with("event: response.created\n"));
        scanner.feed(std::string_view(stream).substr(first), take);
        QVERIFY(out.starts_with("event: response.created\n") && pass->ended());
    }

    void endsAnAnswerWithoutEnd()
    {
        const auto pass = translation(openAi(), anthropic().eventEncoder(context(), {}), {}, anthropic());
        const std::string event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" +
                                  std::string(1u << 20, 'x') + "\"}}]}\n\n";
        SseScanner scanner;
        std::string out;
        for (int i = 0; i < 70 && !pass->failure(); ++i) {
            out.clear();
            scanner.feed(event, [&](const SseEvent& each) { pass->take(each, out); });
        }
        QVERIFY(pass->failure().has_value());
        QCOMPARE(pass->failure()->code, Code::UpstreamResponseTooLarge);
    }

    void saysWhatItsClientCannotBeShown()
    {
        const std::string stream =
            "data: {\"choices\":[{\"delta\":{\"images\":[{\"image_url\":{\"url\":"
            "\"data:image/png;base64,AAAA\"}}]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        const auto shown = translation(openAi(), openAi().eventEncoder(context(), {}), {}, openAi());
        QVERIFY(sent(*shown, stream).out.find("base64,AAAA") != std::string::npos);
        const auto told = translation(openAi(), anthropic().eventEncoder(context(), {}), {}, anthropic());
        const Sent result = sent(*told, stream);
        QVERIFY(result.ended);
        QVERIFY(result.out.find("answered with an image (image/png)") != std::string::npos);
        QVERIFY(result.out.find("AAAA") == std::string::npos);
    }

    void restoresTheNamesOfTools()
    {
        Request request;
        request.tools.emplace_back().name = "mcp.server.tool";
        const dialect::ToolNames names(request, dialect::ToolNameRule{});
        const std::string stream =
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\","
            "\"function\":{\"name\":\"" +
            request.tools[0].name +
            "\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n"
            "data: [DONE]\n\n";
        const auto pass = translation(openAi(), anthropic().eventEncoder(context(), {}), names, anthropic());
        QVERIFY(sent(*pass, stream).out.find("\"name\":\"mcp.server.tool\"") != std::string::npos);
    }

    void isNotCommittedByWhatItDrops()
    {
        const Dialect& gemini = dialect::testing::gemini();
        const auto pass = passThrough(gemini, {}, context());
        std::string out;
        SseScanner scanner;
        scanner.feed("data: [DONE]\n\n", [&](const SseEvent& event) { pass->take(event, out); });
        QVERIFY(out.empty() && !pass->committed()); // nothing began that an error could end
    }

    void tellsTheClientThatTheProviderIsStillThere()
    {
        for (const Way& each : m_ways) {
            const std::size_t middle = each.stream.find("\n\n", each.stream.size() / 2) + 2;
            const std::string with =
                each.stream.substr(0, middle) + ": still there\n\n" + each.stream.substr(middle);
            const Sent plain = sent(each, each.stream), kept = sent(each, with);
            QVERIFY(kept.ended && kept.failure.empty());
            QVERIFY2(kept.out.size() > plain.out.size(), each.name);
            QCOMPARE(kept.outputTokens, plain.outputTokens);
            if (!each.translated) QCOMPARE(kept.out, with);
        }
    }

    void readsStreamsWithOtherLineEnds_data() { addWays(); }
    void readsStreamsWithOtherLineEnds()
    {
        QFETCH(int, place);
        const Way& way = m_ways[static_cast<std::size_t>(place)];
        for (const char* lineEnd : {"\r\n", "\r"}) {
            const std::string stream = replaced(way.stream, "\n", lineEnd);
            const Sent whole = sent(way, stream), plain = sent(way, way.stream);
            QVERIFY(whole.ended && whole.failure.empty());
            QCOMPARE(whole.outputTokens, plain.outputTokens);
            QCOMPARE(whole.answerChars, plain.answerChars);
            QCOMPARE(whole.out, way.translated ? plain.out : stream);
            QVERIFY(sent(way, stream, 1, 1) == whole);
        }
    }

    void failsOnAnythingElse_data() { addWays(); }
    void failsOnAnythingElse()
    {
        QFETCH(int, place);
        const Way& way = m_ways[static_cast<std::size_t>(place)];
        for (const char* garbage :
             {"<html>busy</html>", "data: \n\n", "data: {}\n\n", "data: null\n\n", "data: [1,2]\n\n",
              "event: message_stop\n\n", "data: {\"type\":\"message_delta\"}\n\n",
              "data: {\"choices\":7}\n\n", "data: {\"choices\":[{\"delta\":{\"tool_calls\":\"x\"}}]}\n\n",
              "data: {\"error\":7}\n\n",
              "data: {\"type\":\"content_block_delta\",\"index\":-1,\"delta\":null}\n\n",
              "data: \xff\xfe\n\n"}) {
            const Sent result = sent(way, garbage);
            QVERIFY2(!result.ended && !result.failure.empty(), garbage);
            QVERIFY(result.out.find(way.end()) == std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(StreamPassTest)
#include "stream_pass_test.moc"
