// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "dialect/modal_usage.h"

using namespace gateway;
using namespace gateway::dialect;

namespace {

JsonDocument scanned(const std::string& json)
{
    JsonDocument document;
    if (scanJson(json, document)) return {};
    return document;
}

Usage answered(Operation operation, const std::string& json)
{
    Usage usage;
    addModalAnswer(usage, scanned(json), operation);
    return usage;
}

} // namespace

class ModalUsageTest : public QObject {
    Q_OBJECT

private slots:
    void countsPictures()
    {
        const Usage usage =
            answered(Operation::MakeImage, R"({"data":[{},{}],"usage":{"input_tokens":14,"output_tokens":20,)"
                                           R"("input_tokens_details":{"text_tokens":10,"image_tokens":4}}})");
        QVERIFY(usage.known);
        QCOMPARE(usage.images, 2);
        QCOMPARE(usage.inputTokens, 14);
        QCOMPARE(usage.imageInputTokens, 4);
        QCOMPARE(usage.imageOutputTokens, 20);
        QCOMPARE(answered(Operation::MakeImage, R"({"data":[{}]})").known, false);
    }

    void countsSound()
    {
        Usage usage = answered(Operation::Transcribe,
                               R"({"text":"","usage":{"type":"tokens","input_tokens":9,"output_tokens":2,)"
                               R"("input_token_details":{"audio_tokens":7}}})");
        QCOMPARE(usage.audioInputTokens, 7);
        QCOMPARE(usage.outputTokens, 2);
        usage = answered(Operation::Transcribe, R"({"text":"","duration":2.5})");
        QCOMPARE(usage.milliseconds, 2500);
        usage = answered(Operation::Transcribe,
                         R"({"text":"","duration":"2.5","usage":{"type":"duration","seconds":3}})");
        QCOMPARE(usage.milliseconds, 3000);
        QCOMPARE(usage.known, false);
        usage = {};
        addModalEvent(usage, R"({"type":"speech.audio.done","usage":{"input_tokens":1,"output_tokens":5}})",
                      Operation::Speak);
        QCOMPARE(usage.audioOutputTokens, 5);
    }

    void countsWhatIsSpoken()
    {
        const std::string json = R"({"input":"h\u00e9\u20acllo"})";
        QCOMPARE(readModalRequest(scanned(json), Operation::Speak).characters, 6);
    }

    void countsSearches()
    {
        QCOMPARE(answered(Operation::Rerank, R"({"results":[],"meta":{"billed_units":{"search_units":3}}})")
                     .requests,
                 3);
        const Usage voyage = answered(Operation::Rerank, R"({"data":[],"usage":{"total_tokens":26}})");
        QCOMPARE(voyage.requests, 1);
        QCOMPARE(voyage.inputTokens, 26);
    }

    void countsFilms()
    {
        const Usage usage = answered(Operation::Video, R"({"id":"v","seconds":"8"})");
        QCOMPARE(usage.milliseconds, 8000);
        QVERIFY(usage.estimated);
    }

    void survivesNonsense()
    {
        for (const char* json :
             {"[]", "7", R"({"usage":7})", R"({"usage":{"input_tokens":-5,"seconds":1e400}})",
              R"({"usage":{"seconds":"x"},"seconds":-1})"}) {
            for (const Operation operation : {Operation::MakeImage, Operation::Transcribe, Operation::Rerank,
                                              Operation::Video, Operation::Speak, Operation::Moderate}) {
                const Usage usage = answered(operation, json);
                QVERIFY(usage.inputTokens >= 0 && usage.milliseconds >= 0);
            }
        }
        Usage usage;
        addModalEvent(usage, R"("usage" {{{ [)", Operation::Speak);
        QVERIFY(!usage.known);
    }

    void knowsItsAnswers()
    {
        QVERIFY(isModalAnswer(scanned(R"({"data":[]})"), Operation::MakeImage));
        QVERIFY(!isModalAnswer(scanned(R"({"answer":42})"), Operation::MakeImage));
        QVERIFY(isModalAnswer(scanned(R"({"text":""})"), Operation::Transcribe));
        QVERIFY(!isModalAnswer(scanned("[]"), Operation::Rerank));
    }
};

QTEST_GUILESS_MAIN(ModalUsageTest)
#include "modal_usage_test.moc"
