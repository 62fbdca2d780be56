// SPDX-License-Identifier: GPL-3.0-or-later
// What each family of providers says of an answer's use, the tokens that it is, and what they cost: all of it
// worked out by hand. A token costs 3,000 nano-dollars in, 300 from the cache, 3,750 into it for five
// minutes, 6,000 for an hour, and 15,000 out, thinking included.
#include <algorithm>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "accounting/cost.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

namespace {

struct Tokens {
    std::int64_t input = 0, cacheRead = 0, write5m = 0, write1h = 0, output = 0, reasoning = 0;
};

/// A provider's whole answer around its usage, with ' for ": moc loses its way in raw strings.
std::string answerOf(DialectId dialect, std::string usage)
{
    std::string body;
    switch (dialect) {
    case DialectId::AnthropicMessages:
        body = "{'id':'m','type':'message','role':'assistant','model':'m','content':[{'type':'text','text':'"
               "x'}],"
               "'stop_reason':'end_turn','usage':" +
               usage + "}";
        break;
    case DialectId::OpenAiResponses:
        body = "{'id':'r','object':'response','status':'completed','model':'m','output':[{'type':'message',"
               "'role':'assistant','content':[{'type':'output_text','text':'x'}]}],'usage':" +
               usage + "}";
        break;
    case DialectId::Gemini:
        body = "{'candidates':[{'content':{'role':'model','parts':[{'text':'x'}]},'finishReason':'STOP'}],"
               "'modelVersion':'m','usageMetadata':" +
               usage + "}";
        break;
    case DialectId::Bedrock:
        body = "{'output':{'message':{'role':'assistant','content':[{'text':'x'}]}},'stopReason':'end_turn',"
               "'usage':" +
               usage + "}";
        break;
    case DialectId::Cohere:
        body = "{'id':'c','message':{'role':'assistant','content':[{'type':'text','text':'x'}]},"
               "'finish_reason':'COMPLETE','usage':" +
               usage + "}";
        break;
    case DialectId::Ollama:
        body =
            "{'model':'m','created_at':'2026-01-01T00:00:00Z','message':{'role':'assistant','content':'x'},"
            "'done':true,'done_reason':'stop'," +
            usage.substr(1);
        break;
    default:
        body = "{'id':'c','object':'chat.completion','model':'m','choices':[{'index':0,'message':{"
               "'role':'assistant','content':'x'},'finish_reason':'stop'}],'usage':" +
               usage + "}";
    }
    std::replace(body.begin(), body.end(), '\'', '"');
    return body;
}

Cost costOf(const Usage& usage)
{
    const auto price = [](const char* perMillion) { return Price{*Money::parse(perMillion)}; };
    const PriceList prices{price("3"), price("15"), price("0.3"), price("3.75"), price("6")};
    return accounting::computeCost(usage, prices);
}

} // namespace

Q_DECLARE_METATYPE(Tokens)

class UsageVectorsTest : public QObject {
    Q_OBJECT

private:
    static void row(const char* name, DialectId dialect, const char* usage, Tokens tokens, qint64 nanos)
    {
        QTest::newRow(name) << static_cast<int>(dialect) << QByteArray(usage) << tokens << nanos;
    }
    static void addOpenAis();
    static void addOthersOfChat();
    static void addOthers();

private slots:
    void costWhatTheyAre_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<QByteArray>("usage");
        QTest::addColumn<Tokens>("tokens");
        QTest::addColumn<qint64>("nanos");
        addOpenAis();
        addOthersOfChat();
        addOthers();
    }
    void costWhatTheyAre();
};

void UsageVectorsTest::addOpenAis()
{
    // What was cached and what was thought stand inside: 86 * 3,000 + 1,920 * 300 + 300 * 15,000.
    row("OpenAI chat", DialectId::OpenAiChat,
        "{'prompt_tokens':2006,'completion_tokens':300,'total_tokens':2306,'prompt_tokens_details':{"
        "'cached_tokens':1920,'audio_tokens':0},'completion_tokens_details':{'reasoning_tokens':192,"
        "'audio_tokens':0,'accepted_prediction_tokens':0,'rejected_prediction_tokens':0}}",
        {2006, 1920, 0, 0, 300, 192}, 5'334'000);
    // 500 * 3,000 + 200 * 300 + 300 * 3,750 + 10 * 15,000.
    row("OpenAI chat that fills the cache", DialectId::OpenAiChat,
        "{'prompt_tokens':1000,'completion_tokens':10,'total_tokens':1010,'prompt_tokens_details':{"
        "'cached_tokens':200,'cache_write_tokens':300},'completion_tokens_details':{'reasoning_tokens':4}}",
        {1000, 200, 300, 0, 10, 4}, 2'835'000);
    // 100 * 3,000 + 128 * 300 + 100 * 3,750 + 52 * 15,000.
    row("OpenAI Responses", DialectId::OpenAiResponses,
        "{'input_tokens':328,'input_tokens_details':{'cached_tokens':128,'cache_write_tokens':100},"
        "'output_tokens':52,'output_tokens_details':{'reasoning_tokens':32},'total_tokens':380}",
        {328, 128, 100, 0, 52, 32}, 1'493'400);
    // Nothing but the two counts: 12 * 3,000 + 7 * 15,000.
    row("Cerebras", DialectId::OpenAiChat, "{'prompt_tokens':12,'completion_tokens':7,'total_tokens':19}",
        {12, 0, 0, 0, 7, 0}, 141'000);
}

void UsageVectorsTest::addOthersOfChat()
{
    // Hits and misses are the prompt: 36 * 3,000 + 64 * 300 + 20 * 15,000.
    row("DeepSeek", DialectId::OpenAiChat,
        "{'prompt_tokens':100,'completion_tokens':20,'total_tokens':120,'prompt_cache_hit_tokens':64,"
        "'prompt_cache_miss_tokens':36,'completion_tokens_details':{'reasoning_tokens':12}}",
        {100, 64, 0, 0, 20, 12}, 427'200);
    // 13 * 3,000 + 768 * 300 + 2 * 15,000, wherever it stands.
    row("Mistral", DialectId::OpenAiChat,
        "{'prompt_tokens':781,'total_tokens':783,'completion_tokens':2,'prompt_tokens_details':{"
        "'cached_tokens':768}}",
        {781, 768, 0, 0, 2, 0}, 299'400);
    row("Mistral, one word of three", DialectId::OpenAiChat,
        "{'prompt_tokens':781,'total_tokens':783,'completion_tokens':2,'num_cached_tokens':768,"
        "'prompt_token_details':null}",
        {781, 768, 0, 0, 2, 0}, 299'400);
    row("Mistral, another", DialectId::OpenAiChat,
        "{'prompt_tokens':781,'total_tokens':783,'completion_tokens':2,'prompt_token_details':{"
        "'cached_tokens':768}}",
        {781, 768, 0, 0, 2, 0}, 299'400);
    // 50 * 3,000 + 150 * 300 + 40 * 15,000.
    row("Groq", DialectId::OpenAiChat,
        "{'queue_time':0.02,'prompt_tokens':200,'prompt_time':0.01,'completion_tokens':40,"
        "'completion_time':0.1,'total_tokens':240,'total_time':0.11,'prompt_tokens_details':{"
        "'cached_tokens':150},'completion_tokens_details':{'reasoning_tokens':8}}",
        {200, 150, 0, 0, 40, 8}, 795'000);
    // What was thought stands beside the answer, as the total tells: 72 * 3,000 + 128 * 300 + 310 * 15,000.
    row("xAI", DialectId::OpenAiChat,
        "{'prompt_tokens':200,'completion_tokens':10,'total_tokens':510,'prompt_tokens_details':{"
        "'text_tokens':200,'audio_tokens':0,'image_tokens':0,'cached_tokens':128},"
        "'completion_tokens_details':{'reasoning_tokens':300,'audio_tokens':0},'num_sources_used':0}",
        {200, 128, 0, 0, 310, 300}, 4'904'400);
    // What it charged, and not 200 * 3,000 + 10 * 15,000; of a dollar there are 10^10 ticks.
    row("xAI with its cost", DialectId::OpenAiChat,
        "{'prompt_tokens':200,'completion_tokens':10,'total_tokens':210,'cost_in_usd_ticks':6543210}",
        {200, 0, 0, 0, 10, 0}, 654'321);
    // What it charged, and not 90 * 3,000 + 10 * 3,750 + 100 * 300 + 30 * 15,000.
    row("OpenRouter", DialectId::OpenAiChat,
        "{'prompt_tokens':200,'completion_tokens':30,'total_tokens':230,'cost':0.00095,'is_byok':false,"
        "'prompt_tokens_details':{'cached_tokens':100,'cache_write_tokens':10,'audio_tokens':0},"
        "'cost_details':{'upstream_inference_cost':null},'completion_tokens_details':{'reasoning_tokens':5}}",
        {200, 100, 10, 0, 30, 5}, 950'000);
    // 44 * 3,000 + 256 * 300 + 20 * 15,000.
    row("Moonshot", DialectId::OpenAiChat,
        "{'prompt_tokens':300,'completion_tokens':20,'total_tokens':320,'cached_tokens':256}",
        {300, 256, 0, 0, 20, 0}, 508'800);
    // 100 * 3,000 + 500 * 300 + 400 * 3,750 + 20 * 15,000.
    row("Alibaba", DialectId::OpenAiChat,
        "{'prompt_tokens':1000,'completion_tokens':20,'total_tokens':1020,'prompt_tokens_details':{"
        "'cached_tokens':500,'cache_creation':{'ephemeral_5m_input_tokens':400},"
        "'cache_creation_input_tokens':400,'cache_type':'ephemeral'}}",
        {1000, 500, 400, 0, 20, 0}, 2'250'000);
}

void UsageVectorsTest::addOthers()
{
    // The cache stands beside the input: 21 * 3,000 + 1,000 * 300 + 188 * 3,750 + 112 * 6,000 + 393 * 15,000.
    row("Anthropic", DialectId::AnthropicMessages,
        "{'input_tokens':21,'cache_creation_input_tokens':300,'cache_read_input_tokens':1000,"
        "'cache_creation':{'ephemeral_5m_input_tokens':188,'ephemeral_1h_input_tokens':112},"
        "'output_tokens':393,'service_tier':'standard'}",
        {1321, 1000, 188, 112, 393, 0}, 7'635'000);
    // 10 * 3,000 + 40 * 3,750 + 1 * 15,000.
    row("Anthropic that does not tell how long", DialectId::AnthropicMessages,
        "{'input_tokens':10,'cache_creation_input_tokens':40,'cache_read_input_tokens':0,'output_tokens':1}",
        {50, 0, 40, 0, 1, 0}, 195'000);
    // Tools' results are input, thoughts stand beside the answer: 576 * 3,000 + 1,024 * 300 + 500 * 15,000.
    row("Gemini", DialectId::Gemini,
        "{'promptTokenCount':1500,'cachedContentTokenCount':1024,'candidatesTokenCount':200,"
        "'toolUsePromptTokenCount':100,'thoughtsTokenCount':300,'totalTokenCount':2100}",
        {1600, 1024, 0, 0, 500, 300}, 9'535'200);
    // The cache stands beside the input: 50 * 3,000 + 400 * 300 + 200 * 3,750 + 100 * 6,000 + 20 * 15,000.
    row("Bedrock", DialectId::Bedrock,
        "{'inputTokens':50,'outputTokens':20,'totalTokens':770,'cacheReadInputTokens':400,"
        "'cacheWriteInputTokens':300,'cacheDetails':[{'ttl':'1h','inputTokens':100},{'ttl':'5m',"
        "'inputTokens':200}]}",
        {750, 400, 200, 100, 20, 0}, 1'920'000);
    // 30 * 3,000 + 7 * 3,750 + 10 * 15,000.
    row("Bedrock that does not tell how long", DialectId::Bedrock,
        "{'inputTokens':30,'outputTokens':10,'totalTokens':47,'cacheReadInputTokens':0,"
        "'cacheWriteInputTokens':7,'cacheDetails':[]}",
        {37, 0, 7, 0, 10, 0}, 266'250);
    // Billed is less than what the model read: 55 * 3,000 + 16 * 300 + 418 * 15,000.
    row("Cohere", DialectId::Cohere,
        "{'billed_units':{'input_tokens':71,'output_tokens':418},'tokens':{'input_tokens':279,"
        "'output_tokens':418},'cached_tokens':16}",
        {71, 16, 0, 0, 418, 0}, 6'439'800);
    // 26 * 3,000 + 298 * 15,000.
    row("Ollama", DialectId::Ollama,
        "{'total_duration':9,'prompt_eval_count':26,'prompt_eval_duration':3,'eval_count':298,"
        "'eval_duration':6}",
        {26, 0, 0, 0, 298, 0}, 4'548'000);
}

void UsageVectorsTest::costWhatTheyAre()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, usage);
    QFETCH(Tokens, tokens);
    QFETCH(qint64, nanos);
    const Dialect& spoken = dialectOf(static_cast<DialectId>(dialect));
    const std::string body = answerOf(spoken.id(), usage.toStdString());
    const auto completion = spoken.decodeCompletion(body);
    QVERIFY(completion);
    // Passed through, and translated.
    for (const Usage& found : {spoken.readUsage(scanned(body)), completion->usage}) {
        QVERIFY(found.known && !found.estimated);
        QCOMPARE(found.inputTokens, tokens.input);
        QCOMPARE(found.cacheReadTokens, tokens.cacheRead);
        QCOMPARE(found.cacheWriteTokens, tokens.write5m + tokens.write1h);
        QCOMPARE(found.cacheWriteHourTokens, tokens.write1h);
        QCOMPARE(found.outputTokens, tokens.output);
        QCOMPARE(found.reasoningTokens, tokens.reasoning);
        QCOMPARE(costOf(found).amount.nanos(), nanos);
    }
    // And said again to a client in the same words.
    const Usage again = spoken.readUsage(scanned(spoken.encodeCompletion(*completion, context())));
    QCOMPARE(again.inputTokens, tokens.input);
    QCOMPARE(again.cacheReadTokens, tokens.cacheRead);
    QCOMPARE(again.cacheWriteTokens, tokens.write5m + tokens.write1h);
    QCOMPARE(again.cacheWriteHourTokens, tokens.write1h);
    QCOMPARE(again.outputTokens, tokens.output);
}

QTEST_GUILESS_MAIN(UsageVectorsTest)
#include "usage_vectors_test.moc"
