// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/signature.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::Maker;
using dialect::PathFacts;

class GeminiAnswerTest : public QObject {
    Q_OBJECT

private slots:
    void readsAnAnswerWithTools();
    void givesItToTheOtherDialects();
    void writesAnAnswer();
    void hidesThoughtsThatNobodyAskedFor();
    void mapsFinishReasons_data();
    void mapsFinishReasons();
    void readsABlockedPrompt();
    void refusesABrokenToolCall();
    void readsAndWritesUsage();
    void addsCostToAWholeAnswer();
    void tellsAnswersFromOtherJson();
    void writesErrors_data();
    void writesErrors();
    void writesErrorsInStreams();
    void readsProviderErrors_data();
    void readsProviderErrors();
    void countsTokens();
    void readsEmbeddings();
    void writesEmbeddings();
    void translatesEmbeddingPurposes();
};

namespace {

Completion decodedAnswer(std::string_view body)
{
    const auto completion = gemini().decodeCompletion(body);
    return completion ? *completion : Completion{};
}

std::string answerWith(const std::string& parts, const std::string& finish)
{
    return R"({"candidates":[{"content":{"parts":)" + parts + R"(},"finishReason":")" + finish + "\"}]}";
}

Completion textAnswer(Finish finish = Finish::Stop)
{
    Completion completion;
    completion.parts.emplace_back(TextPart{"é", {}});
    completion.finish = finish;
    return completion;
}

} // namespace

void GeminiAnswerTest::readsAnAnswerWithTools()
{
    const Completion completion = decodedAnswer(fixture("gemini/answer_tools.json"));
    QCOMPARE(completion.parts.size(), 4U);
    QCOMPARE(std::get<ThinkingPart>(completion.parts[0]).text, std::string("Hm."));
    QCOMPARE(std::get<TextPart>(completion.parts[1]).text, std::string("Let me look."));
    const auto& signature = std::get<ThinkingPart>(completion.parts[2]);
    QVERIFY(signature.text.empty());
    QCOMPARE(signature.signature, dialect::markedSignature(Maker::Gemini, "R29vZ2xlU2lnMQ=="));
    const auto& call = std::get<ToolCallPart>(completion.parts[3]);
    QVERIFY(call.id.starts_with("call_"));
    QCOMPARE(call.argumentsJson, std::string(R"({"city":"Paris"})"));
    QVERIFY(completion.finish == Finish::ToolCalls);
    QCOMPARE(completion.id, std::string("Zx7aYvK"));
}

void GeminiAnswerTest::givesItToTheOtherDialects()
{
    const Completion completion = decodedAnswer(fixture("gemini/answer_tools.json"));
    const Json chat = Json::parse(openAi().encodeCompletion(completion, context()));
    QCOMPARE(chat["choices"][0]["finish_reason"].get<std::string>(), std::string("tool_calls"));
    QCOMPARE(chat["choices"][0]["message"]["reasoning_details"][1]["format"].get<std::string>(),
             std::string("google-gemini-v1"));
    const Json message = Json::parse(anthropic().encodeCompletion(completion, context()));
    QCOMPARE(message["stop_reason"].get<std::string>(), std::string("tool_use"));
    QCOMPARE(message["content"][1]["type"].get<std::string>(), std::string("thinking"));
    QCOMPARE(message["content"][2]["type"].get<std::string>(), std::string("tool_use"));
    // And back: the next turn signs the call with what Google gave.
    auto request = anthropic().decodeRequest(
        R"({"messages":[{"role":"assistant","content":)" + message["content"].dump() + "}]}", {});
    request->model = "gemini-3.5-flash";
    const Json body = Json::parse(gemini().encodeRequest(*request));
    QCOMPARE(body["contents"][0]["parts"][1]["thoughtSignature"].get<std::string>(),
             std::string("R29vZ2xlU2lnMQ=="));
}

void GeminiAnswerTest::writesAnAnswer()
{
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", {}, {}}, TextPart{"é", {}},
                        ToolCallPart{"call_1", "f", R"({"a":1})", false}};
    completion.finish = Finish::ToolCalls;
    completion.usage = {10, 4, 0, 7, 2, {}, false, true};
    auto where = context();
    where.cost = Money::fromNanos(5000);
    const std::string text = gemini().encodeCompletion(completion, where);
    QVERIFY(text.find("\\u00e9") != std::string::npos);
    QCOMPARE(Json::parse(text).dump(1),
             Json::parse(R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true},
                {"text":"é"},{"functionCall":{"id":"call_1","name":"f","args":{"a":1}}}]},
                "finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,
                "totalTokenCount":17,"cachedContentTokenCount":4,"thoughtsTokenCount":2,"cost":0.000005},
                "modelVersion":"smart","responseId":")" +
                         where.id.text() + "\"}")
                 .dump(1));
    // Clients look at the first part, whatever there is.
    const Json empty = Json::parse(gemini().encodeCompletion({}, context()));
    QCOMPARE(empty["candidates"][0]["content"]["parts"].dump(), std::string(R"([{"text":""}])"));
}

void GeminiAnswerTest::hidesThoughtsThatNobodyAskedFor()
{
    Completion completion;
    completion.parts = {ThinkingPart{"Hm.", "EqQB", {}}, TextPart{"Hi", {}}};
    const std::string plain = R"({"contents":[]})";
    const std::string asking =
        R"({"generation_config":{"thinking_config":{"include_thoughts":true}},"contents":[]})";
    const auto parts = [&completion](const std::string& body) {
        const JsonDocument document = scanned(body);
        auto where = context();
        where.document = &document;
        return Json::parse(gemini().encodeCompletion(completion, where))["candidates"][0]["content"]["parts"];
    };
    QCOMPARE(parts(plain).dump(), std::string(R"([{"text":"Hi"}])"));
    QCOMPARE(parts(asking).size(), 2U);
    QCOMPARE(parts(asking)[0]["text"].get<std::string>(), std::string("Hm."));
}

void GeminiAnswerTest::mapsFinishReasons_data()
{
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("openAiReason");
    QTest::newRow("stop") << "STOP"
                          << "stop";
    QTest::newRow("other") << "OTHER"
                           << "stop";
    QTest::newRow("recitation") << "RECITATION"
                                << "stop";
    QTest::newRow("unspecified") << "FINISH_REASON_UNSPECIFIED"
                                 << "stop";
    QTest::newRow("length") << "MAX_TOKENS"
                            << "length";
    for (const char* blocked : {"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE"})
        QTest::newRow(blocked) << blocked << "content_filter";
}

void GeminiAnswerTest::mapsFinishReasons()
{
    QFETCH(QString, reason);
    QFETCH(QString, openAiReason);
    const Completion completion = decodedAnswer(answerWith(R"([{"text":"x"}])", reason.toStdString()));
    const Json chat = Json::parse(openAi().encodeCompletion(completion, context()));
    QCOMPARE(chat["choices"][0]["finish_reason"].get<std::string>(), openAiReason.toStdString());
    const auto back = [](Finish finish) {
        const Json json = Json::parse(gemini().encodeCompletion(textAnswer(finish), context()));
        return json["candidates"][0]["finishReason"].get<std::string>();
    };
    QCOMPARE(back(Finish::Length), std::string("MAX_TOKENS"));
    QCOMPARE(back(Finish::ContentFilter), std::string("SAFETY"));
    QCOMPARE(back(Finish::StopSequence), std::string("STOP"));
}

void GeminiAnswerTest::readsABlockedPrompt()
{
    const Completion completion = decodedAnswer(
        R"({"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}})");
    QVERIFY(completion.finish == Finish::ContentFilter);
    QVERIFY(completion.parts.empty());
    QCOMPARE(completion.usage.inputTokens, 9);
    QVERIFY(!gemini().decodeCompletion(R"({"x":1})").ok());
    QVERIFY(!gemini().decodeCompletion(R"({"error":{"code":503,"message":"m"}})").ok());
}

void GeminiAnswerTest::refusesABrokenToolCall()
{
    const auto completion = gemini().decodeCompletion(answerWith("[]", "MALFORMED_FUNCTION_CALL"));
    QVERIFY(!completion.ok());
    QVERIFY(completion.error().code == Code::UpstreamInvalidResponse);
    QVERIFY(gemini().decodeCompletion(answerWith(R"([{"text":"x"}])", "MALFORMED_FUNCTION_CALL")).ok());
}

void GeminiAnswerTest::readsAndWritesUsage()
{
    const Usage usage = gemini().readUsage(scanned(fixture("gemini/answer_tools.json")));
    QVERIFY(usage.known);
    QCOMPARE(usage.inputTokens, 125); // what tools brought is input, too
    QCOMPARE(usage.cacheReadTokens, 100);
    QCOMPARE(usage.outputTokens, 54);
    QCOMPARE(usage.reasoningTokens, 20);
    QVERIFY(!gemini().readUsage(scanned("{}")).known);
    const Usage hostile = gemini().readUsage(scanned(
        R"({"usageMetadata":{"promptTokenCount":-5,"cachedContentTokenCount":1e300,"thoughtsTokenCount":"x"}})"));
    QCOMPARE(hostile.inputTokens, 0);
    QCOMPARE(hostile.cacheReadTokens, 0);
}

void GeminiAnswerTest::addsCostToAWholeAnswer()
{
    const std::string body = R"({"candidates":[], "usageMetadata":{"promptTokenCount": 1 },"x":"é"})";
    QCOMPARE(gemini().addCost(body, scanned(body), Money::fromNanos(5000)),
             std::string(
                 R"({"candidates":[], "usageMetadata":{"promptTokenCount": 1 ,"cost":0.000005},"x":"é"})"));
    QCOMPARE(gemini().addCost("{}", scanned("{}"), Money::fromNanos(1)), std::string("{}"));
}

void GeminiAnswerTest::tellsAnswersFromOtherJson()
{
    const auto is = [](const char* body, Operation operation) {
        return gemini().isAnswer(scanned(body), operation);
    };
    QVERIFY(is(R"({"candidates":[]})", Operation::Chat));
    QVERIFY(is(R"({"promptFeedback":{}})", Operation::Chat));
    QVERIFY(!is(R"({"choices":[]})", Operation::Chat));
    QVERIFY(is(R"({"totalTokens":0})", Operation::CountTokens));
    QVERIFY(!is(R"({"candidates":[]})", Operation::CountTokens));
    QVERIFY(is(R"({"embedding":{}})", Operation::Embed));
    QVERIFY(is(R"({"embeddings":[]})", Operation::Embed));
    QVERIFY(!is(R"({"data":[]})", Operation::Embed));
}

void GeminiAnswerTest::writesErrors_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("http");
    QTest::addColumn<QString>("status");
    const auto row = [](Code code, int http, const char* status) {
        QTest::newRow(status) << static_cast<int>(code) << http << status;
    };
    row(Code::InvalidRequest, 400, "INVALID_ARGUMENT");
    row(Code::InvalidApiKey, 401, "UNAUTHENTICATED");
    row(Code::ModelNotAllowed, 403, "PERMISSION_DENIED");
    row(Code::ModelNotFound, 404, "NOT_FOUND");
    row(Code::RateLimitExceeded, 429, "RESOURCE_EXHAUSTED");
    row(Code::UpstreamOverloaded, 503, "UNAVAILABLE");
    row(Code::UpstreamTimeout, 504, "DEADLINE_EXCEEDED");
}

void GeminiAnswerTest::writesErrors()
{
    QFETCH(int, code);
    QFETCH(int, http);
    QFETCH(QString, status);
    Error error = gatewayError(static_cast<Code>(code), "Do thïs.");
    error.param = "contents";
    error.retryAfter = std::chrono::milliseconds(1500);
    const Json body = Json::parse(gemini().encodeError(error, "req_1"))["error"];
    QCOMPARE(int(body["code"]), http);
    QCOMPARE(body["status"].get<std::string>(), status.toStdString());
    QCOMPARE(body["message"].get<std::string>(), std::string("Do thïs."));
    QCOMPARE(body["details"][0]["@type"].get<std::string>(),
             std::string("type.googleapis.com/google.rpc.ErrorInfo"));
    QCOMPARE(body["details"][0]["reason"].get<std::string>(), std::string(codeName(error.code)));
    QCOMPARE(body["details"][1]["fieldViolations"][0]["field"].get<std::string>(), std::string("contents"));
    QCOMPARE(body["details"][2]["retryDelay"].get<std::string>(), std::string("2s"));
}

void GeminiAnswerTest::writesErrorsInStreams()
{
    const Error error = upstreamError(Code::UpstreamTruncated, Retry::Never, "Cut.");
    auto where = context();
    const std::string event = gemini().encodeStreamError(error, where);
    QVERIFY(event.starts_with("data: {\"error\":{\"code\":502,") && event.ends_with("}\r\n\r\n"));
    where.jsonArray = true;
    const std::string element = gemini().encodeStreamError(error, where);
    QVERIFY(Json::accept("[{}" + element));
}

void GeminiAnswerTest::readsProviderErrors_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("shaped");
    const auto none = static_cast<int>(Code::Undecided);
    QTest::newRow("plain") << R"({"error":{"code":404,"message":"no","status":"NOT_FOUND"}})"
                           << "no" << none << true;
    QTest::newRow("in a list") << R"([{"error":{"code":404,"message":"no"}}])"
                               << "no" << none << false;
    QTest::newRow("too long")
        << R"({"error":{"code":400,"message":"The input token count exceeds the maximum number of tokens allowed (9)."}})"
        << "The input token count exceeds the maximum number of tokens allowed (9)."
        << static_cast<int>(Code::ContextLengthExceeded) << true;
    QTest::newRow("key")
        << R"({"error":{"code":400,"message":"bad key","details":[{"reason":"API_KEY_INVALID"}]}})"
        << "bad key" << static_cast<int>(Code::ProviderAuthFailed) << true;
    QTest::newRow("no json") << "<html>"
                             << "" << none << false;
}

void GeminiAnswerTest::readsProviderErrors()
{
    QFETCH(QString, body);
    QFETCH(QString, message);
    QFETCH(int, code);
    QFETCH(bool, shaped);
    const auto read = gemini().readError(body.toStdString());
    QCOMPARE(read.message, message.toStdString());
    QCOMPARE(static_cast<int>(read.code), code);
    QCOMPARE(read.shaped, shaped);
}

void GeminiAnswerTest::countsTokens()
{
    QCOMPARE(gemini().encodeCount(31), std::string(R"({"totalTokens":31})"));
    QCOMPARE(*gemini().readCount(scanned(R"({"totalTokens":31,"promptTokensDetails":[]})")), 31);
    QVERIFY(!gemini().readCount(scanned(R"({"input_tokens":31})")));
}

void GeminiAnswerTest::readsEmbeddings()
{
    PathFacts path;
    path.model = "gemini-embedding-001";
    const auto& shape = *gemini().embedding();
    const auto one = shape.decodeRequest(
        R"({"content":{"parts":[{"text":"a"},{"text":"b"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":64})",
        path);
    QVERIFY(one.ok() && one->single);
    QVERIFY(one->texts == std::vector<std::string>{"ab"});
    QCOMPARE(one->purpose, std::string("RETRIEVAL_QUERY"));
    QCOMPARE(*one->dimensions, 64);
    path.batch = true;
    const auto many = shape.decodeRequest(
        R"({"requests":[{"model":"models/x","content":{"parts":[{"text":"a"}]},"title":"t"},)"
        R"({"content":{"parts":[{"text":"b"}]}}]})",
        path);
    QVERIFY(many.ok() && !many->single);
    QVERIFY(many->texts == (std::vector<std::string>{"a", "b"}));
    QCOMPARE(many->model, std::string("gemini-embedding-001"));
    QCOMPARE(shape.decodeRequest(R"({"requests":[]})", path).error().param, std::string("requests"));
    const auto answer = shape.decodeAnswer(R"({"embeddings":[{"values":[0.5,-1]},{"values":[]}]})");
    QVERIFY(answer.ok());
    QCOMPARE(answer->vectors.size(), 2U);
    QVERIFY(answer->vectors[0] == (std::vector<float>{0.5F, -1.0F}));
    QVERIFY(!shape.decodeAnswer("{}").ok());
}

void GeminiAnswerTest::writesEmbeddings()
{
    const auto& shape = *gemini().embedding();
    EmbedRequest request;
    request.model = "gemini-embedding-001";
    request.texts = {"a"};
    request.dimensions = 64;
    request.title = "t";
    QCOMPARE(shape.encodeRequest(request),
             std::string(
                 R"({"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},)"
                 R"("title":"t","outputDimensionality":64}]})"));
    Embeddings answer;
    answer.vectors = {{0.5F, -1.0F}};
    QCOMPARE(shape.encodeAnswer(answer, request), std::string(R"({"embeddings":[{"values":[0.5,-1]}]})"));
    request.single = true;
    QCOMPARE(shape.encodeAnswer(answer, request), std::string(R"({"embedding":{"values":[0.5,-1]}})"));
}

void GeminiAnswerTest::translatesEmbeddingPurposes()
{
    const auto task = [](const char* purpose, std::vector<std::string>* dropped = nullptr) {
        EmbedRequest request;
        request.texts = {"a"};
        request.purpose = purpose;
        const Json body = Json::parse(gemini().embedding()->encodeRequest(request));
        if (dropped) *dropped = request.dropped;
        return body["requests"][0].value("taskType", std::string());
    };
    QCOMPARE(task("search_query"), std::string("RETRIEVAL_QUERY"));
    QCOMPARE(task("CODE_RETRIEVAL_QUERY"), std::string("CODE_RETRIEVAL_QUERY"));
    std::vector<std::string> dropped;
    QCOMPARE(task("image", &dropped), std::string());
    QVERIFY(dropped == std::vector<std::string>{"input_type"});
}

QTEST_GUILESS_MAIN(GeminiAnswerTest)
#include "gemini_answer_test.moc"
