// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "dialect/batch_usage.h"
#include "pipeline/batch_tally.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

std::string openAiLine(const std::string& model, int input, int output)
{
    static const QString s_line =
        R"({"id":"batch_req_1","custom_id":"a","error":null,"response":{"status_code":)"
        R"(200,"body":{"model":"%1","usage":{"prompt_tokens":%2,)"
        R"("completion_tokens":%3,"prompt_tokens_details":{"cached_tokens":1}}}}})";
    return s_line.arg(QString::fromStdString(model)).arg(input).arg(output).toStdString();
}

/// A nano-dollar a token; a model called "free" has no known price.
Cost costOf(const std::string& model, const Usage& usage)
{
    if (model == "free") return {{}, CostSource::Unknown};
    return {Money::fromNanos(usage.inputTokens + usage.outputTokens),
            model == "guess" ? CostSource::Estimated : CostSource::Computed};
}

std::vector<BatchTally::Part> tallied(const std::string& results, std::size_t piece = std::size_t{1} << 20)
{
    BatchTally tally(costOf);
    for (std::size_t at = 0; at < results.size(); at += piece)
        tally.feed(std::string_view(results).substr(at, piece));
    return tally.finish();
}

} // namespace

class BatchTallyTest : public QObject {
    Q_OBJECT

private slots:
    void addsUpByModel()
    {
        const std::string results = openAiLine("m", 10, 2) + "\n" + openAiLine("guess", 5, 5) + "\r\n\n" +
                                    R"({"custom_id":"b","response":null,"error":{"code":"expired"}})" + "\n" +
                                    openAiLine("m", 20, 3);
        for (const std::size_t piece : {1u, 7u, 1000u}) {
            const auto parts = tallied(results, piece);
            QCOMPARE(parts.size(), 2u);
            QCOMPARE(parts[0].model, std::string("m"));
            QCOMPARE(parts[0].usage.inputTokens, 30);
            QCOMPARE(parts[0].usage.outputTokens, 5);
            QCOMPARE(parts[0].usage.cacheReadTokens, 2);
            QCOMPARE(parts[0].cost.amount.nanos(), 35);
            QCOMPARE(parts[0].cost.source, CostSource::Computed);
            QCOMPARE(parts[1].cost.source, CostSource::Estimated);
        }
        QCOMPARE(tallied(openAiLine("free", 1, 1)).front().cost.source, CostSource::Unknown);
    }

    void readsAnthropicsResults()
    {
        const auto parts =
            tallied(R"({"custom_id":"a","result":{"type":"succeeded","message":{"model":"claude","usage":)"
                    R"({"input_tokens":10,"cache_read_input_tokens":4,"output_tokens":3}}}})"
                    "\n"
                    R"({"custom_id":"b","result":{"type":"errored","error":{"type":"error"}}})"
                    "\n");
        QCOMPARE(parts.size(), 1u);
        QCOMPARE(parts[0].model, std::string("claude"));
        QCOMPARE(parts[0].usage.inputTokens, 14);
        QCOMPARE(parts[0].usage.cacheReadTokens, 4);
        QCOMPARE(parts[0].usage.outputTokens, 3);
    }

    void leavesOtherFilesAlone_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("picture") << QByteArray("\x89PNG\r\n\x1a\n{}");
        QTest::newRow("input of a batch") << QByteArray(R"({"custom_id":"a","method":"POST","body":{}})");
        QTest::newRow("other lines") << QByteArray(R"({"messages":[]})");
        QTest::newRow("broken in the middle")
            << QByteArray::fromStdString(openAiLine("m", 1, 1) + "\n{\"custom_id\":\n");
        QTest::newRow("a list") << QByteArray("[1]");
    }

    void leavesOtherFilesAlone()
    {
        QFETCH(QByteArray, file);
        QVERIFY(tallied(file.toStdString(), 3).empty());
    }

    void joinsModelsUnderTheOneUsedMost()
    {
        const auto all =
            BatchTally::joined(tallied(openAiLine("m", 10, 2) + "\n" + openAiLine("guess", 20, 5)));
        QCOMPARE(all.size(), 1u);
        QCOMPARE(all[0].model, std::string("guess"));
        QCOMPARE(all[0].usage.inputTokens, 30);
        QCOMPARE(all[0].cost.amount.nanos(), 37);
        QCOMPARE(all[0].cost.source, CostSource::Estimated);
        QVERIFY(BatchTally::joined({}).empty());
    }

    void takesNoNameThatIsNone()
    {
        QVERIFY(tallied(openAiLine(std::string(1000, 'x'), 10, 2)).empty());
        QVERIFY(tallied(openAiLine("", 10, 2)).empty());
    }

    void isNotFilledWithMadeUpModels()
    {
        std::string results;
        for (int i = 0; i < 1000; ++i)
            results += openAiLine("m" + std::to_string(i), 1, 1) + "\n";
        QVERIFY(tallied(results).empty());
    }

    void readsBatchesThatAreOver()
    {
        const auto batch = [](const char* status, const QString& more) {
            const QString object = R"({"object":"batch","status":"%1"%2})";
            return dialect::readBatchUse(object.arg(status, more).toStdString());
        };
        const QString usage =
            R"(,"model":"m","usage":{"input_tokens":9,"output_tokens":2,"input_tokens_details":{"cached_tokens":3}})";
        const auto use = batch("completed", usage);
        QVERIFY(use.has_value());
        QCOMPARE(use->model, std::string("m"));
        QCOMPARE(use->usage.inputTokens, 9);
        QCOMPARE(use->usage.cacheReadTokens, 3);
        QVERIFY(batch("expired", usage) && batch("cancelled", usage));
        QVERIFY(!batch("in_progress", usage) && !batch("cancelling", usage));
        QVERIFY(!batch("completed", R"(,"model":"m")"));
        QVERIFY(!batch("failed", R"(,"model":"m","usage":{"input_tokens":0,"output_tokens":0})"));
        QVERIFY(!batch("completed", R"(,"usage":{"input_tokens":9})")); // of what nobody knows
    }
};

QTEST_APPLESS_MAIN(BatchTallyTest)
#include "batch_tally_test.moc"
