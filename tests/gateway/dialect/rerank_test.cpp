// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/rerank.h"

using namespace gateway::dialect;
using namespace gateway::dialect::testing;

class RerankTest : public QObject {
    Q_OBJECT

private slots:
    void knowsTheClientByItsLimit();
    void asksVoyageInItsWords();
    void asksOthersInTheirs();
    void answersInTheClientsWords();
    void leavesWhatIsNoAnswer();
};

void RerankTest::knowsTheClientByItsLimit()
{
    QVERIFY(rerankShapeOf(scanned(R"({"top_n":3})")) == RerankShape::Results);
    QVERIFY(rerankShapeOf(scanned(R"({"top_k":3})")) == RerankShape::Data);
    QVERIFY(rerankShapeOf(scanned(R"({"query":"top_k"})")) == RerankShape::Undecided);
}

void RerankTest::asksVoyageInItsWords()
{
    const Json sent = Json::parse(rerankRequest(
        R"({"model":"m","query":"q","documents":["a",{"text":"b"}],"top_n":2,"max_tokens_per_doc":9})",
        RerankShape::Data));
    QCOMPARE(sent.dump(), Json::parse(R"({"model":"m","query":"q","documents":["a","b"],"top_k":2})").dump());
}

void RerankTest::asksOthersInTheirs()
{
    const Json sent = Json::parse(rerankRequest(
        R"({"model":"m","query":"q","documents":["a"],"top_k":1,"truncation":true})", RerankShape::Results));
    QCOMPARE(sent.dump(), Json::parse(R"({"model":"m","query":"q","documents":["a"],"top_n":1})").dump());
}

void RerankTest::answersInTheClientsWords()
{
    const Json voyages = Json::parse(
        R"({"object":"list","data":[{"index":1,"relevance_score":0.5,"document":"b"},{"index":0,"relevance_score":0.25}],)"
        R"("model":"rerank-2.5","usage":{"total_tokens":7}})");
    const Json coheres = Json::parse(
        R"({"results":[{"index":1,"relevance_score":0.5,"document":{"text":"b"}},{"index":0,"relevance_score":0.25}],)"
        R"("model":"rerank-2.5","usage":{"total_tokens":7}})");
    QCOMPARE(Json::parse(rerankAnswer(voyages.dump(), RerankShape::Results)).dump(), coheres.dump());
    QCOMPARE(Json::parse(rerankAnswer(coheres.dump(), RerankShape::Data)).dump(), voyages.dump());
}

void RerankTest::leavesWhatIsNoAnswer()
{
    for (const char* body : {R"({"detail":"no"})", R"({"data":"no"})"})
        QCOMPARE(rerankAnswer(body, RerankShape::Results), std::string(body));
}

QTEST_APPLESS_MAIN(RerankTest)
#include "rerank_test.moc"
