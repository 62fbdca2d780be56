// SPDX-License-Identifier: GPL-3.0-or-later
// Requests for embeddings and their answers, in each dialect that has them and from one to the other.
#include <algorithm>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/vector_text.h"

using namespace gateway;
using namespace gateway::dialect::testing;
using dialect::EmbeddingShape;

class EmbeddingTest : public QObject {
    Q_OBJECT

private slots:
    void readsBothFormsOfAVector();
    void refusesBrokenVectors_data();
    void refusesBrokenVectors();
    void writesTheShortestNumbers();
    void needsNoMessages();
    void readsOpenAisInputs_data();
    void readsOpenAisInputs();
    void refusesWhatCannotBeEmbedded_data();
    void refusesWhatCannotBeEmbedded();
    void translatesRequests_data();
    void translatesRequests();
    void notesWhatIsLost();
    void translatesAnswers_data();
    void translatesAnswers();
    void answersInTheAskedForm();
    void ordersOpenAisByIndex();
    void readsErrorsAndOtherJson();
};

namespace {

const EmbeddingShape& shape(DialectId id)
{
    return *dialect::dialectOf(id).embedding();
}

EmbedRequest read(DialectId id, std::string_view body)
{
    auto request = shape(id).decodeRequest(body, {});
    return request ? std::move(request.value()) : EmbedRequest();
}

constexpr const char* kPacked = "AACAPwAAAL8="; // 1, -0.5

} // namespace

void EmbeddingTest::readsBothFormsOfAVector()
{
    const std::vector<float> wanted{1.0F, -0.5F};
    QCOMPARE(*dialect::readVector("[1.0, -5e-1]"), wanted);
    QCOMPARE(*dialect::readVector("\"AACAPwAAAL8=\""), wanted);
    QCOMPARE(*dialect::readVector("\"AACAPwAAAL8\""), wanted);
    QCOMPARE(dialect::packed(wanted), std::string(kPacked));
    QVERIFY(dialect::readVector("[]")->empty());
    std::vector<float> many;
    for (int i = 0; i < 1537; ++i)
        many.push_back(static_cast<float>(i) * 0.37F - 200.0F);
    QCOMPARE(*dialect::readPacked(dialect::packed(many)), many);
}

void EmbeddingTest::refusesBrokenVectors_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char* value :
         {"[1,\"2\"]", "[1e99]", "[[1]]", "{}", "1", "\"AACA\"", "\"AAC?PwAAAL8=\"", "\"AACAfw==\"", "null"})
        QTest::newRow(value) << QByteArray(value);
}

void EmbeddingTest::refusesBrokenVectors()
{
    QFETCH(QByteArray, value);
    QVERIFY(!dialect::readVector(value.toStdString()));
}

void EmbeddingTest::writesTheShortestNumbers()
{
    std::string out;
    JsonWriter json(out);
    dialect::writeNumbers(json, {0.1F, -3.0F, 1.5e-9F});
    QCOMPARE(out, std::string("[0.1,-3,1.5e-09]"));
}

void EmbeddingTest::needsNoMessages()
{
    dialect::PathFacts path;
    path.operation = Operation::Embed;
    for (const DialectId id :
         {DialectId::OpenAiChat, DialectId::Ollama, DialectId::OllamaPrompt, DialectId::Cohere}) {
        const auto facts =
            dialect::dialectOf(id).facts(scanned(R"({"model":"e","input":"a","stream":true})"), path);
        QVERIFY(facts.ok());
        QCOMPARE(facts->model, std::string("e"));
        QVERIFY(!facts->stream);
    }
    QVERIFY(!openAi().facts(scanned(R"({"model":"e"})"), {}).ok());
    QVERIFY(openAi().isAnswer(scanned(R"({"data":[]})"), Operation::Embed));
    QVERIFY(!openAi().isAnswer(scanned(R"({"data":[]})"), Operation::Chat));
}

void EmbeddingTest::readsOpenAisInputs_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("texts");
    QTest::addColumn<QByteArray>("tokens");
    QTest::addColumn<bool>("single");
    QTest::newRow("text") << QByteArray(R"("a")") << 1 << QByteArray() << true;
    QTest::newRow("texts") << QByteArray(R"(["a","b"])") << 2 << QByteArray() << false;
    QTest::newRow("tokens") << QByteArray("[1, 2]") << 0 << QByteArray("[1,2]") << true;
    QTest::newRow("lists of tokens") << QByteArray("[[1,2],[3]]") << 0 << QByteArray("[[1,2],[3]]") << false;
}

void EmbeddingTest::readsOpenAisInputs()
{
    QFETCH(QByteArray, input);
    QFETCH(int, texts);
    QFETCH(QByteArray, tokens);
    QFETCH(bool, single);
    EmbedRequest request =
        read(DialectId::OpenAiChat,
             "{\"model\":\"e\",\"dimensions\":8,\"user\":\"u\",\"input\":" + input.toStdString() + "}");
    QCOMPARE(request.texts.size(), std::size_t(texts));
    QCOMPARE(request.tokensJson, tokens.toStdString());
    QCOMPARE(request.single, single);
    const Json again = Json::parse(shape(DialectId::OpenAiChat).encodeRequest(request));
    QCOMPARE(again["input"].dump(), Json::parse(input.toStdString()).dump());
    QCOMPARE(int(again["dimensions"]), 8);
    QCOMPARE(again["user"].get<std::string>(), std::string("u"));
}

void EmbeddingTest::refusesWhatCannotBeEmbedded_data()
{
    QTest::addColumn<int>("id");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](DialectId id, const char* body, const char* param) {
        QTest::newRow(body) << int(id) << QByteArray(body) << QByteArray(param);
    };
    row(DialectId::OpenAiChat, R"({"input":[]})", "input");
    row(DialectId::OpenAiChat, R"({"input":{}})", "input");
    row(DialectId::OpenAiChat, R"({"input":["a",1]})", "input");
    row(DialectId::OpenAiChat, R"({"input":[[1],"a"]})", "input");
    row(DialectId::OpenAiChat, R"({"input":[[[1]]]})", "input");
    row(DialectId::OpenAiChat, R"({"input":"a","encoding_format":"hex"})", "encoding_format");
    row(DialectId::OpenAiChat, R"({"input":"a","dimensions":0})", "dimensions");
    row(DialectId::Ollama, R"({"input":[1]})", "input");
    row(DialectId::Ollama, R"({"prompt":"a"})", "input");
    row(DialectId::OllamaPrompt, R"({"prompt":["a"]})", "prompt");
    row(DialectId::Cohere, R"({"texts":[]})", "texts");
    row(DialectId::Cohere, R"({"images":["data:image/png;base64,AA"]})", "images");
}

void EmbeddingTest::refusesWhatCannotBeEmbedded()
{
    QFETCH(int, id);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const auto request = shape(DialectId(id)).decodeRequest(body.toStdString(), {});
    QVERIFY(!request.ok());
    QCOMPARE(request.error().code, Code::InvalidRequest);
    QCOMPARE(request.error().param, param.toStdString());
}

void EmbeddingTest::translatesRequests_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char* name, DialectId from, DialectId to, const char* body,
                        const char* wanted) {
        QTest::newRow(name) << int(from) << int(to) << QByteArray(body) << QByteArray(wanted);
    };
    row("OpenAI to Ollama", DialectId::OpenAiChat, DialectId::Ollama,
        R"({"model":"e","input":["a","b"],"dimensions":4})",
        R"({"model":"e","input":["a","b"],"dimensions":4})");
    row("OpenAI to Cohere", DialectId::OpenAiChat, DialectId::Cohere, R"({"model":"e","input":"a"})",
        R"({"model":"e","input_type":"search_document","texts":["a"],"embedding_types":["float"]})");
    row("Ollama to OpenAI", DialectId::Ollama, DialectId::OpenAiChat, R"({"model":"e","input":"a"})",
        R"({"model":"e","input":"a","encoding_format":"float"})");
    row("Ollama's prompt to Ollama", DialectId::OllamaPrompt, DialectId::Ollama,
        R"({"model":"e","prompt":"a"})", R"({"model":"e","input":"a"})");
    row("Ollama to Cohere", DialectId::Ollama, DialectId::Cohere,
        R"({"model":"e","input":["a"],"truncate":false})",
        R"({"model":"e","input_type":"search_document","texts":["a"],"embedding_types":["float"],"truncate":"NONE"})");
    row("Cohere to OpenAI", DialectId::Cohere, DialectId::OpenAiChat,
        R"({"model":"e","texts":["a"],"output_dimension":2,"embedding_types":["base64"]})",
        R"({"model":"e","input":["a"],"dimensions":2,"encoding_format":"float"})");
    row("Cohere to Ollama", DialectId::Cohere, DialectId::Ollama,
        R"({"model":"e","texts":["a"],"truncate":"END"})", R"({"model":"e","input":["a"],"truncate":true})");
    row("Cohere again", DialectId::Cohere, DialectId::Cohere,
        R"({"model":"e","texts":["a"],"input_type":"search_query"})",
        R"({"model":"e","input_type":"search_query","texts":["a"],"embedding_types":["float"]})");
}

void EmbeddingTest::translatesRequests()
{
    QFETCH(int, from);
    QFETCH(int, to);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, wanted);
    EmbedRequest request = read(DialectId(from), body.toStdString());
    QCOMPARE(shape(DialectId(to)).encodeRequest(request), wanted.toStdString());
}

void EmbeddingTest::notesWhatIsLost()
{
    EmbedRequest request = read(DialectId::Cohere,
                                R"({"model":"e","texts":["a"],"input_type":"search_query","truncate":"START",
        "embedding_types":["float","base64","int8"],"images":["data:image/png;base64,AAAA"]})");
    QVERIFY(!request.base64);
    (void)shape(DialectId::Ollama).encodeRequest(request);
    for (const char* name :
         {"input_type", "truncate", "embedding_types.base64", "embedding_types.int8", "images"})
        QVERIFY2(std::find(request.dropped.begin(), request.dropped.end(), name) != request.dropped.end(),
                 name);
    QVERIFY(shape(DialectId::OpenAiChat).takesTokens() && !shape(DialectId::Ollama).takesTokens());
    // What Gemini's clients say of the purpose has a word here, where it has one.
    EmbedRequest query;
    query.texts = {"a"};
    query.purpose = "RETRIEVAL_QUERY";
    const std::string body = shape(DialectId::Cohere).encodeRequest(query);
    QVERIFY(body.find("\"search_query\"") != std::string::npos && query.dropped.empty());
}

void EmbeddingTest::translatesAnswers_data()
{
    QTest::addColumn<int>("id");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* name, DialectId id, const char* body) {
        QTest::newRow(name) << int(id) << QByteArray(body);
    };
    row("OpenAI", DialectId::OpenAiChat,
        R"({"object":"list","data":[{"index":0,"embedding":[1,-0.5]},{"index":1,"embedding":"AACAPwAAAL8="}],
            "model":"e","usage":{"prompt_tokens":6,"total_tokens":6}})");
    row("Ollama", DialectId::Ollama,
        R"({"model":"e","embeddings":[[1,-0.5],[1,-0.5]],"prompt_eval_count":6})");
    row("Cohere", DialectId::Cohere,
        R"({"id":"i","embeddings":{"float":[[1,-0.5],[1,-0.5]]},"texts":["a","b"],
            "meta":{"billed_units":{"input_tokens":6}}})");
    row("Cohere, packed", DialectId::Cohere,
        R"({"embeddings":{"base64":["AACAPwAAAL8=","AACAPwAAAL8="]},"meta":{"billed_units":{"input_tokens":6}}})");
}

void EmbeddingTest::translatesAnswers()
{
    QFETCH(int, id);
    QFETCH(QByteArray, body);
    const auto answer = shape(DialectId(id)).decodeAnswer(body.toStdString());
    QVERIFY(answer.ok());
    QCOMPARE(answer->vectors, (std::vector<std::vector<float>>{{1.0F, -0.5F}, {1.0F, -0.5F}}));
    QVERIFY(answer->usage.known);
    QCOMPARE(answer->usage.inputTokens, 6);
    EmbedRequest request;
    request.texts = {"a", "b"};
    const Json chat = Json::parse(shape(DialectId::OpenAiChat).encodeAnswer(*answer, request));
    QCOMPARE(chat["data"][1]["embedding"].dump(), std::string("[1,-0.5]"));
    QCOMPARE(int(chat["data"][1]["index"]), 1);
    QCOMPARE(int(chat["usage"]["total_tokens"]), 6);
    const Json ollama = Json::parse(shape(DialectId::Ollama).encodeAnswer(*answer, request));
    QCOMPARE(ollama["embeddings"].dump(), std::string("[[1,-0.5],[1,-0.5]]"));
    QCOMPARE(int(ollama["prompt_eval_count"]), 6);
    const Json prompt = Json::parse(shape(DialectId::OllamaPrompt).encodeAnswer(*answer, request));
    QCOMPARE(prompt.dump(), std::string(R"({"embedding":[1,-0.5]})"));
    const Json cohere = Json::parse(shape(DialectId::Cohere).encodeAnswer(*answer, request));
    QCOMPARE(cohere["embeddings"].dump(), std::string(R"({"float":[[1,-0.5],[1,-0.5]]})"));
    QCOMPARE(cohere["texts"].dump(), std::string(R"(["a","b"])"));
    QCOMPARE(int(cohere["meta"]["billed_units"]["input_tokens"]), 6);
}

void EmbeddingTest::answersInTheAskedForm()
{
    Embeddings answer;
    answer.vectors = {{1.0F, -0.5F}};
    const EmbedRequest openAiRequest =
        read(DialectId::OpenAiChat, R"({"model":"e","input":"a","encoding_format":"base64"})");
    const Json chat = Json::parse(shape(DialectId::OpenAiChat).encodeAnswer(answer, openAiRequest));
    QCOMPARE(chat["data"][0]["embedding"].get<std::string>(), std::string(kPacked));
    const EmbedRequest cohereRequest =
        read(DialectId::Cohere, R"({"model":"e","texts":["a"],"embedding_types":["base64"]})");
    const Json cohere = Json::parse(shape(DialectId::Cohere).encodeAnswer(answer, cohereRequest));
    QCOMPARE(cohere["embeddings"].dump(), std::string(R"({"base64":["AACAPwAAAL8="]})"));
}

void EmbeddingTest::ordersOpenAisByIndex()
{
    const auto answer =
        shape(DialectId::OpenAiChat)
            .decodeAnswer(R"({"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]})");
    QCOMPARE(answer->vectors, (std::vector<std::vector<float>>{{1.0F}, {2.0F}}));
}

void EmbeddingTest::readsErrorsAndOtherJson()
{
    const auto code = [](DialectId id, const char* body) {
        return shape(id).decodeAnswer(body).error().code;
    };
    QCOMPARE(code(DialectId::OpenAiChat, R"({"error":{"message":"m"}})"), Code::UpstreamError);
    QCOMPARE(code(DialectId::OpenAiChat, R"({"data":[{"embedding":[true]}]})"),
             Code::UpstreamInvalidResponse);
    QCOMPARE(code(DialectId::OpenAiChat, "{}"), Code::UpstreamInvalidResponse);
    QCOMPARE(code(DialectId::Ollama, R"({"error":"m"})"), Code::UpstreamError);
    QCOMPARE(code(DialectId::Ollama, R"({"embeddings":[1]})"), Code::UpstreamInvalidResponse);
    QCOMPARE(code(DialectId::Cohere, R"({"embeddings":{"int8":[[1]]}})"), Code::UpstreamInvalidResponse);
}

QTEST_GUILESS_MAIN(EmbeddingTest)
#include "embedding_test.moc"
