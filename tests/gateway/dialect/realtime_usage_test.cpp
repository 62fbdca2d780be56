// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "dialect/realtime_usage.h"

using gateway::dialect::readRealtimeUsage;

class RealtimeUsageTest : public QObject {
    Q_OBJECT

private slots:
    void tellsSoundFromText()
    {
        const auto found = readRealtimeUsage(
            R"({"total_tokens":150,"input_tokens":100,"output_tokens":50,"input_token_details":{"text_tokens":40,)"
            R"("audio_tokens":60,"cached_tokens":20,"cached_tokens_details":{"text_tokens":10,"audio_tokens":10}},)"
            R"("output_token_details":{"text_tokens":20,"audio_tokens":30}})");
        QVERIFY(found.known);
        QCOMPARE(found.inputTokens, 100);
        QCOMPARE(found.cacheReadTokens, 20);
        QCOMPARE(found.outputTokens, 50);
        QCOMPARE(found.audioInputTokens, 50);
        QCOMPARE(found.audioOutputTokens, 30);
    }
    void countsNothingTwiceWhereFiguresDoNotFit_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::newRow("none") << QByteArray("null");
        QTest::newRow("a text") << QByteArray("\"x\"");
        QTest::newRow("other kinds") << QByteArray(R"({"input_tokens":"9","input_token_details":[1]})");
        QTest::newRow("negative") << QByteArray(R"({"input_tokens":-5,"output_tokens":-1})");
        QTest::newRow("more parts than the whole")
            << QByteArray(R"({"input_tokens":10,"output_tokens":5,"input_token_details":{"audio_tokens":99,)"
                          R"("cached_tokens":70},"output_token_details":{"audio_tokens":1e300}})");
    }
    void countsNothingTwiceWhereFiguresDoNotFit()
    {
        QFETCH(QByteArray, usage);
        const auto found = readRealtimeUsage({usage.constData(), static_cast<std::size_t>(usage.size())});
        QVERIFY(found.inputTokens >= 0 && found.outputTokens >= 0);
        QVERIFY(found.audioInputTokens + found.cacheReadTokens <= found.inputTokens);
        QVERIFY(found.audioOutputTokens <= found.outputTokens);
        QVERIFY(found.audioInputTokens >= 0 && found.audioOutputTokens >= 0);
    }
};

QTEST_GUILESS_MAIN(RealtimeUsageTest)
#include "realtime_usage_test.moc"
