// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class ResponsesMeterTest : public QObject {
    Q_OBJECT

private slots:
    void metersWithoutChangingAByte();
    void metersUsageAndCost();
    void knowsWhatTheClientHasSeen();
    void meterKnowsTheEnd_data();
    void meterKnowsTheEnd();
    void tellsASpentBudgetAsQuota();
    void countsTokens();
};

void ResponsesMeterTest::metersWithoutChangingAByte()
{
    const std::string stream = fixture("responses/stream_agent.sse");
    for (const std::size_t step : {std::size_t(1), std::size_t(13), stream.size()}) {
        const auto meter = responses().meter({});
        const Metered result = metered(*meter, stream, step);
        QCOMPARE(result.out, stream);
        QVERIFY(result.ended && !result.failed && meter->finished() && meter->ended());
        QCOMPARE(meter->usage().outputTokens, 60);
        QVERIFY(meter->answerChars() > 60);
    }
}

void ResponsesMeterTest::metersUsageAndCost()
{
    const std::string stream = fixture("responses/stream_agent.sse");
    const auto meter = responses().meter(
        {false, false, [](const Usage&) { return std::optional(Money::fromNanos(123'000)); }});
    const std::string out = metered(*meter, stream).out;
    const std::size_t last = stream.find("event: response.completed");
    QCOMPARE(out.substr(0, last), stream.substr(0, last));
    const Json usage = datas(out).back()["response"]["usage"];
    QCOMPARE(usage["cost"].get<double>(), 0.000123);
    QCOMPARE(int(usage["total_tokens"]), 160);
}

void ResponsesMeterTest::knowsWhatTheClientHasSeen()
{
    const auto meter = responses().meter({});
    const std::string seen =
        metered(*meter, R"(data: {"type":"response.created","response":{"id":"resp_theirs"}}

data: {"type":"response.in_progress","response":{"id":"resp_theirs"}}

data: {"type":"response.output_text.delta","delta":"Hi"}

data: {"type":"error","code":"server_error","message":"broke"}

)")
            .out;
    QCOMPARE(datas(seen).size(), std::size_t(3));
    QCOMPARE(meter->soFar().events, 3);

    dialect::CompletionContext seenBefore;
    seenBefore.soFar = meter->soFar();
    const auto events = datas(responses().encodeStreamError(*meter->failure(), seenBefore));
    QCOMPARE(events.size(), std::size_t(2));
    QCOMPARE(int(events[0]["sequence_number"]), 3);
    QCOMPARE(int(events[1]["sequence_number"]), 4);
    QCOMPARE(events[1]["response"]["id"].get<std::string>(), "resp_theirs");
}

void ResponsesMeterTest::meterKnowsTheEnd_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<bool>("ended");
    QTest::addColumn<bool>("failed");
    QTest::newRow("incomplete") << QByteArray("data: {\"type\":\"response.incomplete\",\"response\":{}}\n\n")
                                << true << false;
    QTest::newRow("marker first") << QByteArray("data: [DONE]\n\n") << false << true;
    QTest::newRow("cut") << QByteArray("data: {\"type\":\"response.created\"}\n\n") << false << false;
    QTest::newRow("comment") << QByteArray(": wait\n\n") << false << false;
}

void ResponsesMeterTest::meterKnowsTheEnd()
{
    QFETCH(QByteArray, stream);
    QFETCH(bool, ended);
    QFETCH(bool, failed);
    const auto meter = responses().meter({});
    const Metered result = metered(*meter, stream.toStdString());
    QCOMPARE(result.ended, ended);
    QCOMPARE(result.failed, failed);
    QCOMPARE(meter->finished(), ended);
    QVERIFY(meter->missingEnd().empty());
}

void ResponsesMeterTest::tellsASpentBudgetAsQuota()
{
    const Error spent = clientError(Code::BudgetExceeded, "The budget is used up.");
    QCOMPARE(responses().errorStatus(spent), 429);
    QCOMPARE(openAi().errorStatus(spent), 402);
    const Json body = Json::parse(responses().encodeError(spent, "req"));
    QCOMPARE(body["error"]["code"].get<std::string>(), std::string("insufficient_quota"));
    QCOMPARE(body["error"]["type"].get<std::string>(), std::string("insufficient_quota"));
    const Json other =
        Json::parse(responses().encodeError(clientError(Code::ModelNotFound, "No.", "model"), "req"));
    QCOMPARE(other.dump(),
             std::string(R"({"error":{"code":"model_not_found","message":"No.","param":"model",)"
                         R"("type":"invalid_request_error"}})"));
}

void ResponsesMeterTest::countsTokens()
{
    const std::string body = responses().encodeCount(12);
    QCOMPARE(body, std::string(R"({"object":"response.input_tokens","input_tokens":12})"));
    QVERIFY(responses().isAnswer(scanned(body), Operation::CountTokens));
    QCOMPARE(responses().readCount(scanned(body)), std::optional<std::int64_t>(12));
}

QTEST_APPLESS_MAIN(ResponsesMeterTest)
#include "responses_meter_test.moc"
