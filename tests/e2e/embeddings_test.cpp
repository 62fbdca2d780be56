// SPDX-License-Identifier: GPL-3.0-or-later
// Embeddings: passed through where the provider speaks the client's words, translated where it does not.
#include <memory>

#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

class EmbeddingsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void passesOpenAisThrough();
    void isLoggedWithUsageAndCost();
    void answersPackedVectorsAsTheyCame();
    void reachesTheSameFromOllama();
    void reachesTheSameFromOllamasPrompt();
    void reachesTheSameFromCohere();
    void refusesWhatTheProviderCannot();
    void refusesAnAnswerWithAVectorTooFew();

private:
    [[nodiscard]] HttpReply post(const QByteArray& target, const QByteArray& body) const
    {
        return http(m_gateway->port(), "POST", target, {{"x-api-key", GatewayProcess::kKey}}, body);
    }
    [[nodiscard]] QJsonObject sent() const { return m_upstream.requests().last().toObject(); }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void EmbeddingsTest::init()
{
    if (m_upstream.port() == 0) {
        QVERIFY(m_upstream.start());
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        QJsonObject lab = providers["lab"].toObject();
        lab["models"] =
            QJsonObject{{"mock", QJsonObject{{"price", QJsonObject{{"input", 2}, {"output", 8}}}}}};
        providers["lab"] = lab;
        m_gateway->configure({{"providers", providers}});
        QVERIFY2(m_gateway->start(), m_gateway->errors());
    }
    m_upstream.reset();
}

void EmbeddingsTest::passesOpenAisThrough()
{
    const QByteArray body = R"({ "x_new":[1.0e5], "model":"mock","input":["a","b"] })";
    const HttpReply reply = post("/v1/embeddings", body);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(jsonOf(reply.body)["data"].toArray().size(), 2);
    QCOMPARE(sent()["target"].toString(), QString("/v1/embeddings"));
    QCOMPARE(sent()["body"].toString().toUtf8(), body);
    QCOMPARE(reply.header("x-turnpike-cost-usd"), QByteArray("0.000032"));
    QCOMPARE(post("/openai/embeddings", body).status, 200);
}

void EmbeddingsTest::isLoggedWithUsageAndCost()
{
    const HttpReply reply = post("/v1/embeddings", R"({"model":"lab/mock","input":"a"})");
    QCOMPARE(reply.status, 200);
    QJsonObject row;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            row = {};
            for (const QJsonValue& each : m_gateway->rows(1)) {
                if (each["id"].toString().toUtf8() == reply.header("x-request-id")) row = each.toObject();
            }
            return !row.isEmpty();
        }(),
        10'000);
    QCOMPARE(row.value("usage")["input_tokens"].toInt(), 16);
    QCOMPARE(row.value("usage")["output_tokens"].toInt(), 0);
    QCOMPARE(row["cost_usd"].toDouble(), 0.000032);
    QCOMPARE(row["cost_source"].toString(), QString("computed"));
    QCOMPARE(row["stream"].toBool(true), false);
}

void EmbeddingsTest::answersPackedVectorsAsTheyCame()
{
    const HttpReply reply =
        post("/v1/embeddings", R"({"model":"mock","input":"a","encoding_format":"base64"})");
    QCOMPARE(jsonOf(reply.body)["data"][0]["embedding"].toString(), QString("AACAPwAAAL8AAIA+"));
}

void EmbeddingsTest::reachesTheSameFromOllama()
{
    const HttpReply reply = post("/api/embed", R"({"model":"mock","input":["a","b"],"dimensions":3})");
    QVERIFY2(reply.status == 200, reply.body);
    const QJsonObject answer = jsonOf(reply.body);
    const QJsonArray vector{1.0, -0.5, 0.25};
    QCOMPARE(answer["embeddings"].toArray(), (QJsonArray{vector, vector}));
    QCOMPARE(answer["prompt_eval_count"].toInt(), 16);
    QCOMPARE(sent()["target"].toString(), QString("/v1/embeddings"));
    QCOMPARE(jsonOf(sent()["body"].toString().toUtf8()),
             jsonOf(R"({"model":"mock","input":["a","b"],"dimensions":3,"encoding_format":"float"})"));
    QCOMPARE(reply.header("x-turnpike-cost-usd"), QByteArray("0.000032"));
    QCOMPARE(post("/ollama/api/embed", R"({"model":"mock","input":"a"})").status, 200);
}

void EmbeddingsTest::reachesTheSameFromOllamasPrompt()
{
    const HttpReply reply = post("/api/embeddings", R"({"model":"mock","prompt":"a"})");
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(jsonOf(reply.body), jsonOf(R"({"embedding":[1,-0.5,0.25]})"));
}

void EmbeddingsTest::reachesTheSameFromCohere()
{
    const HttpReply reply =
        post("/v2/embed",
             R"({"model":"mock","texts":["a"],"input_type":"search_query","embedding_types":["base64"]})");
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(jsonOf(reply.body).value("embeddings")["base64"][0].toString(), QString("AACAPwAAAL8AAIA+"));
    QCOMPARE(jsonOf(reply.body).value("meta")["billed_units"]["input_tokens"].toInt(), 16);
    QCOMPARE(reply.header("x-turnpike-dropped"), QByteArray("input_type"));
}

void EmbeddingsTest::refusesWhatTheProviderCannot()
{
    // Anthropic has no embeddings, and no model of the sandbox makes any.
    for (const char* model : {"ant/mock", "sandbox/echo"}) {
        const QByteArray body = QByteArray(R"({"model":")") + model + R"(","input":"a"})";
        const HttpReply reply = post("/v1/embeddings", body);
        QCOMPARE(reply.status, 400);
        QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "invalid_request"), QByteArray());
        const HttpReply ollama = post("/api/embed", body);
        QCOMPARE(jsonOf(ollama.body)["code"].toString(), QString("invalid_request"));
        QVERIFY(jsonOf(ollama.body)["error"].isString());
    }
    QCOMPARE(m_upstream.requests().size(), 0);
    const HttpReply empty = post("/v2/embed", R"({"model":"mock","images":["data:image/png;base64,AA"]})");
    QCOMPARE(jsonOf(empty.body)["code"].toString(), QString("invalid_request"));
    QVERIFY(jsonOf(empty.body)["message"].isString());
}

void EmbeddingsTest::refusesAnAnswerWithAVectorTooFew()
{
    const HttpReply reply = post("/api/embed", R"({"model":"lab/mock-short","input":["a","b"]})");
    QCOMPARE(reply.status, 502);
    QCOMPARE(jsonOf(reply.body)["code"].toString(), QString("upstream_invalid_response"));
}

QTEST_GUILESS_MAIN(EmbeddingsTest)
#include "embeddings_test.moc"
