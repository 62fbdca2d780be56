// SPDX-License-Identifier: GPL-3.0-or-later
// All parts of its use that a provider's answer tells, whole, streamed and translated.
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

namespace {

/// With ' for ": moc loses its way in raw strings.
std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

Usage ofAnswer(const Dialect& dialect, const std::string& body)
{
    return dialect.readUsage(scanned(body));
}

Usage ofTranslation(const Dialect& dialect, const std::string& body)
{
    const auto completion = dialect.decodeCompletion(body);
    return completion ? completion->usage : Usage();
}

Usage ofEvents(const Dialect& dialect, const std::string& stream)
{
    const auto decoder = dialect.eventDecoder();
    std::vector<Event> events;
    FrameScanner scanner(dialect.framing());
    const auto take = [&](const SseEvent& event) {
        decoder->read(event, events);
        return true;
    };
    static_cast<void>(scanner.feed(stream, take));
    scanner.finish(take);
    Usage last;
    for (const Event& event : events) {
        if (const auto* reported = std::get_if<UsageReported>(&event)) last = reported->usage;
    }
    return last;
}

/// The same however the bytes come.
Usage ofStream(const Dialect& dialect, const std::string& stream)
{
    const auto whole = dialect.meter({});
    metered(*whole, stream);
    const auto cut = dialect.meter({});
    metered(*cut, stream, 1);
    const Usage one = whole->usage();
    const Usage other = cut->usage();
    return one.inputTokens == other.inputTokens && one.searches == other.searches &&
                   one.service == other.service
               ? one
               : Usage();
}

} // namespace

class ToldUsageTest : public QObject {
    Q_OBJECT

private slots:
    void readsAnthropicsParts()
    {
        const std::string usage =
            "{'input_tokens':5,'cache_creation_input_tokens':30,'cache_read_input_tokens':1,"
            "'cache_creation':{'ephemeral_5m_input_tokens':10,'ephemeral_1h_input_tokens':20},"
            "'server_tool_use':{'web_search_requests':2,'web_fetch_requests':9},'service_tier':'priority',"
            "'output_tokens':4}";
        const std::string body =
            quoted("{'id':'m','type':'message','role':'assistant','model':'c','content':[{'type':'text',"
                   "'text':'x'}],'stop_reason':'end_turn','usage':" +
                   usage + "}");
        const std::string stream = quoted(
            "event: message_start\ndata: {'type':'message_start','message':{'id':'m','model':'c','usage':{"
            "'input_tokens':5,'cache_creation_input_tokens':30,'cache_read_input_tokens':1,'cache_creation':{"
            "'ephemeral_5m_input_tokens':10,'ephemeral_1h_input_tokens':20},'service_tier':'priority',"
            "'output_tokens':1}}}\n\nevent: message_delta\ndata: {'type':'message_delta','delta':{"
            "'stop_reason':'end_turn'},'usage':{'output_tokens':4,'server_tool_use':{'web_search_requests':2}"
            "}}"
            "\n\nevent: message_stop\ndata: {'type':'message_stop'}\n\n");
        for (const Usage& found : {ofAnswer(anthropic(), body), ofTranslation(anthropic(), body),
                                   ofStream(anthropic(), stream), ofEvents(anthropic(), stream)}) {
            QCOMPARE(found.inputTokens, 36);
            QCOMPARE(found.cacheWriteTokens, 30);
            QCOMPARE(found.cacheWriteHourTokens, 20);
            QCOMPARE(found.searches, 2);
            QCOMPARE(found.outputTokens, 4);
            QVERIFY(found.service == ServiceTier::Priority);
        }
        // What Anthropic's clients read is told them again, whoever was asked.
        const auto completion = anthropic().decodeCompletion(body);
        QVERIFY(completion);
        const Usage again = ofAnswer(anthropic(), anthropic().encodeCompletion(*completion, context()));
        QCOMPARE(again.cacheWriteHourTokens, 20);
        QCOMPARE(again.searches, 2);
    }

    void readsOpenAisParts()
    {
        const std::string rest =
            "'usage':{'prompt_tokens':100,'completion_tokens':50,'prompt_tokens_details':{'cached_tokens':10,"
            "'audio_tokens':20},'completion_tokens_details':{'reasoning_tokens':5,'audio_tokens':30}},"
            "'service_tier':'flex'}";
        const std::string body =
            quoted("{'id':'c','object':'chat.completion','model':'g','choices':[{'index':0,"
                   "'message':{'role':'assistant','content':'x'},'finish_reason':'stop'}]," +
                   rest);
        const std::string stream =
            quoted("data: {'id':'c','object':'chat.completion.chunk','model':'g','service_tier':'flex',"
                   "'choices':[{'index':0,'delta':{'content':'x'},'finish_reason':'stop'}]}\n\n"
                   "data: {'id':'c','object':'chat.completion.chunk','model':'g','choices':[]," +
                   rest + "\n\ndata: [DONE]\n\n");
        for (const Usage& found : {ofAnswer(openAi(), body), ofTranslation(openAi(), body),
                                   ofStream(openAi(), stream), ofEvents(openAi(), stream)}) {
            QCOMPARE(found.inputTokens, 100);
            QCOMPARE(found.audioInputTokens, 20);
            QCOMPARE(found.audioOutputTokens, 30);
            QCOMPARE(found.reasoningTokens, 5);
            QVERIFY(found.service == ServiceTier::Flex);
        }
    }

    void readsWhatProvidersSayTheyCharge_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<qlonglong>("nanos");
        QTest::newRow("OpenRouter") << QByteArray("'cost':0.000014") << qlonglong{14'000};
        QTest::newRow("Perplexity")
            << QByteArray("'cost':{'input_tokens_cost':0.1,'request_cost':0.005,'total_cost':0.0051}")
            << qlonglong{5'100'000};
        QTest::newRow("xAI") << QByteArray("'cost_in_usd_ticks':37756005") << qlonglong{3'775'601};
        QTest::newRow("nobody") << QByteArray("'cost':'free'") << qlonglong{-1};
        QTest::newRow("less than nothing") << QByteArray("'cost_in_usd_ticks':-5") << qlonglong{-1};
    }

    void readsWhatProvidersSayTheyCharge()
    {
        QFETCH(QByteArray, member);
        QFETCH(qlonglong, nanos);
        const std::string more = member.toStdString();
        const Usage chat =
            ofAnswer(openAi(), quoted("{'choices':[],'usage':{'prompt_tokens':1," + more + "}}"));
        const Usage response =
            ofAnswer(responses(), quoted("{'output':[],'usage':{'input_tokens':1," + more + "}}"));
        QCOMPARE(chat.reportedCost ? chat.reportedCost->nanos() : -1, nanos);
        QCOMPARE(response.reportedCost ? response.reportedCost->nanos() : -1, nanos);
    }

    void countsSearches()
    {
        const Usage perplexity =
            ofAnswer(openAi(), quoted("{'choices':[],'usage':{'prompt_tokens':1,'num_search_queries':4}}"));
        QCOMPARE(perplexity.searches, 4);
        // Pages that are opened are no searches.
        const std::string response =
            "'output':[{'type':'web_search_call','action':{'type':'search','query':'a'}},"
            "{'type':'web_search_call','action':{'type':'open_page'}},{'type':'web_search_call'},"
            "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'web_search_call'}]"
            "}],"
            "'service_tier':'priority','usage':{'input_tokens':7,'output_tokens':3}}";
        const std::string body =
            quoted("{'id':'r','object':'response','status':'completed','model':'g'," + response);
        const std::string stream =
            quoted("event: response.completed\ndata: {'type':'response.completed','response':{'id':'r',"
                   "'status':'completed','model':'g'," +
                   response + "}\n\n");
        for (const Usage& found : {ofAnswer(responses(), body), ofTranslation(responses(), body),
                                   ofStream(responses(), stream), ofEvents(responses(), stream)}) {
            QCOMPARE(found.searches, 2);
            QCOMPARE(found.inputTokens, 7);
            QVERIFY(found.service == ServiceTier::Priority);
        }
    }

    void readsGeminisParts_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<int>("searches");
        QTest::newRow("a prompt is one") << QByteArray("gemini-2.5-pro") << 1;
        QTest::newRow("each query is one") << QByteArray("gemini-3-pro-preview") << 2;
    }

    void readsGeminisParts()
    {
        QFETCH(QByteArray, model);
        QFETCH(int, searches);
        const std::string grounded = "'groundingMetadata':{'webSearchQueries':['a','b']}";
        const std::string usage =
            "'usageMetadata':{'promptTokenCount':100,'candidatesTokenCount':40,'cachedContentTokenCount':30,"
            "'promptTokensDetails':[{'modality':'TEXT','tokenCount':60},{'modality':'AUDIO','tokenCount':40}]"
            ","
            "'cacheTokensDetails':[{'modality':'AUDIO','tokenCount':15}],"
            "'candidatesTokensDetails':[{'modality':'IMAGE','tokenCount':33}],'trafficType':'ON_DEMAND_FLEX'"
            "}";
        const std::string name = ",'modelVersion':'" + model.toStdString() + "'";
        const std::string body =
            quoted("{'candidates':[{'content':{'parts':[{'text':'x'}]},'finishReason':'STOP'," + grounded +
                   "}]," + usage + name + "}");
        // The queries may come before the last counts.
        const std::string stream = quoted(
            "data: {'candidates':[{'content':{'parts':[{'text':'x'}]}," + grounded + "}]" + name +
            "}\r\n\r\ndata: {'candidates':[{'content':{'parts':[{'text':'y'}]},'finishReason':'STOP'}]," +
            usage + name + "}\r\n\r\n");
        for (const Usage& found : {ofAnswer(gemini(), body), ofTranslation(gemini(), body),
                                   ofStream(gemini(), stream), ofEvents(gemini(), stream)}) {
            QCOMPARE(found.inputTokens, 100);
            QCOMPARE(found.audioInputTokens, 25);
            QCOMPARE(found.imageOutputTokens, 33);
            QCOMPARE(found.searches, searches);
            QVERIFY(found.service == ServiceTier::Flex);
        }
    }
};

QTEST_GUILESS_MAIN(ToldUsageTest)
#include "told_usage_test.moc"
