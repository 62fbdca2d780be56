// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

namespace {

const std::string kPixel = "iVBORw0KGgo=";

Completion withImage()
{
    Completion completion;
    completion.parts = {TextPart{"Here:", {}}, ImagePart{"image/png", kPixel, {}, {}}};
    completion.finish = Finish::Stop;
    return completion;
}

std::vector<Event> streamWithImage()
{
    return {Started{"id", "model"},
            BlockStarted{0, BlockKind::Text, {}, {}},
            TextDelta{"Here:"},
            BlockEnded{0},
            ImageGiven{1, ImagePart{"image/png", kPixel, {}, {}}},
            Finished{Finish::Stop, {}},
            Ended{}};
}

/// Only what was drawn.
std::vector<std::string> imagesOf(const std::vector<Event>& events)
{
    std::vector<std::string> found;
    for (const Event& event : events) {
        if (const auto* given = std::get_if<ImageGiven>(&event))
            found.push_back(given->image.mediaType + ' ' + given->image.base64);
    }
    return found;
}

} // namespace

class AnswerImagesTest : public QObject {
    Q_OBJECT

private slots:
    void comeThroughWhole_data();
    void comeThroughWhole();
    void comeThroughStreams();
    void standInResponsesAsTheirToolsItem();
    void areAskedForOfGemini();
    void areShownAgainWithTheNextQuestion();
    void areNotTakenFromThoughts();
    void doNotComeBeforeAnOpenCallIsWhole();
};

void AnswerImagesTest::comeThroughWhole_data()
{
    QTest::addColumn<int>("dialect");
    QTest::newRow("chat") << int(DialectId::OpenAiChat);
    QTest::newRow("responses") << int(DialectId::OpenAiResponses);
    QTest::newRow("gemini") << int(DialectId::Gemini);
}

void AnswerImagesTest::comeThroughWhole()
{
    QFETCH(int, dialect);
    const Dialect& shape = dialectOf(DialectId(dialect));
    QVERIFY(shape.answersWith(std::get<ImagePart>(withImage().parts[1])));
    const auto read = shape.decodeCompletion(shape.encodeCompletion(withImage(), context()));
    QVERIFY(read.ok());
    QCOMPARE(read->parts.size(), std::size_t(2));
    QCOMPARE(std::get<TextPart>(read->parts[0]).text, "Here:");
    QCOMPARE(std::get<ImagePart>(read->parts[1]).base64, kPixel);
    QCOMPARE(std::get<ImagePart>(read->parts[1]).mediaType, "image/png");
}

void AnswerImagesTest::comeThroughStreams()
{
    for (const Dialect* shape : {&openAi(), &gemini()}) {
        const std::string stream = encoded(*shape, streamWithImage(), context());
        for (const std::size_t step : {std::size_t(1), std::size_t(17), stream.size()})
            QCOMPARE(imagesOf(decoded(*shape, stream, step)),
                     std::vector<std::string>{"image/png " + kPixel});
    }
}

void AnswerImagesTest::standInResponsesAsTheirToolsItem()
{
    const auto events = datas(encoded(responses(), streamWithImage(), context()));
    std::vector<std::string> types;
    int sequence = 0;
    Json item;
    for (const Json& event : events) {
        QCOMPARE(event["sequence_number"].get<int>(), sequence++);
        const auto type = event["type"].get<std::string>();
        if (event.contains("item") && event["item"]["type"] == "image_generation_call") {
            types.push_back(type);
            item = event["item"];
        }
    }
    QCOMPARE(types, (std::vector<std::string>{"response.output_item.added", "response.output_item.done"}));
    QCOMPARE(item["result"].get<std::string>(), kPixel);
    QCOMPARE(item["status"].get<std::string>(), "completed");
    QCOMPARE(events.back()["response"]["output"][1].dump(), item.dump());
}

void AnswerImagesTest::areAskedForOfGemini()
{
    const auto request = openAi().decodeRequest(
        R"({"model":"m","modalities":["image","text"],"messages":[{"role":"user","content":"Draw"}]})", {});
    QVERIFY(request.ok() && request->wantsImages && request->dropped.empty());
    Request copy = *request;
    const Json body = Json::parse(gemini().encodeRequest(copy));
    QCOMPARE(body["generationConfig"]["responseModalities"].dump(), std::string(R"(["TEXT","IMAGE"])"));
    const auto spoken = openAi().decodeRequest(
        R"({"model":"m","modalities":["text","audio"],"messages":[{"role":"user","content":"Say"}]})", {});
    QCOMPARE(spoken->dropped, std::vector<std::string>{"modalities"});
}

void AnswerImagesTest::areShownAgainWithTheNextQuestion()
{
    const Json image = {{"type", "image_url"}, {"image_url", {{"url", "data:image/png;base64," + kPixel}}}};
    const Json drawn = {{"role", "assistant"}, {"content", "Here:"}, {"images", {image}}};
    const Json user = {{"role", "user"}, {"content", "Make it blue."}};
    const auto request =
        openAi().decodeRequest(Json{{"model", "m"}, {"messages", {user, drawn, user}}}.dump(), {});
    QVERIFY(request.ok());
    QCOMPARE(request->messages[1].parts.size(), std::size_t(1));
    QCOMPARE(std::get<ImagePart>(request->messages[2].parts[0]).base64, kPixel);
    QCOMPARE(std::get<TextPart>(request->messages[2].parts[1]).text, "Make it blue.");
    const auto last = openAi().decodeRequest(Json{{"model", "m"}, {"messages", {user, drawn}}}.dump(), {});
    QCOMPARE(last->dropped, std::vector<std::string>{"images"});
}

void AnswerImagesTest::areNotTakenFromThoughts()
{
    const auto read = gemini().decodeCompletion(
        R"({"candidates":[{"content":{"parts":[{"thought":true,"inlineData":{"mimeType":"image/png","data":"AA=="}},)"
        R"({"inlineData":{"mimeType":"audio/wav","data":"AA=="}},{"text":"Hi"}]},"finishReason":"STOP"}]})");
    QVERIFY(read.ok());
    QCOMPARE(read->parts.size(), std::size_t(1));
}

void AnswerImagesTest::doNotComeBeforeAnOpenCallIsWhole()
{
    const std::string start = R"(data: {"choices":[{"delta":)";
    const std::string stream =
        start +
        R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}}]})"
        "\n\n" +
        start +
        R"({"images":[{"image_url":{"url":"data:image/png;base64,AA=="}}]}}]})"
        "\n\n" +
        start +
        R"({"tool_calls":[{"index":0,"function":{"arguments":"}"}}]},"finish_reason":"tool_calls"}]})"
        "\n\n";
    bool ended = false;
    std::size_t images = 0;
    for (const Event& event : decoded(openAi(), stream, stream.size())) {
        ended = ended || std::holds_alternative<BlockEnded>(event);
        if (!std::holds_alternative<ImageGiven>(event)) continue;
        QVERIFY(ended);
        ++images;
    }
    QCOMPARE(images, std::size_t(1));
}

QTEST_APPLESS_MAIN(AnswerImagesTest)
#include "answer_images_test.moc"
