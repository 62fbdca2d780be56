// SPDX-License-Identifier: GPL-3.0-or-later
// Citations in the words of OpenAI's two APIs and of those who answer in them.
#include <QTest>

#include "gateway/dialect/citation_support.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

class OpenAiCitationsTest : public QObject {
    Q_OBJECT

private slots:
    void ofPerplexityAreRead();
    void ofChatStreamsWaitForTheirText();
    void ofPerplexityAreToldAfterCallsToo();
    void standInResponsesWithNumbersOfTheirOwn();
    void ofResponsesStreamsAreReadOnce();
    void ofResponsesStreamsCountFromTheirPart();
};

void OpenAiCitationsTest::ofPerplexityAreRead()
{
    const Json message = {{"role", "assistant"}, {"content", "It rains[1]."}};
    Json body;
    body["choices"] = Json::array({Json{{"index", 0}, {"message", message}, {"finish_reason", "stop"}}});
    body["citations"] = Json::array({"https://x.test/a", "https://x.test/b"});
    auto read = openAi().decodeCompletion(body.dump());
    QCOMPARE(shownAll(std::get<TextPart>(read->parts[0]).citations),
             (std::vector<std::string>{"https://x.test/a ''", "https://x.test/b ''"}));
    body["search_results"] = Json::array({Json{{"title", "A page"}, {"url", "https://x.test/a"}}});
    read = openAi().decodeCompletion(body.dump());
    QCOMPARE(shownAll(std::get<TextPart>(read->parts[0]).citations),
             std::vector<std::string>{"https://x.test/a 'A page'"});
    const Json sources = {{"citations", Json::array({"https://x.test/a"})}};
    const std::string sent = chunk(Json{{"content", "It "}}, nullptr, sources) +
                             chunk(Json{{"content", "rains"}}, nullptr, sources) +
                             chunk(Json::object(), "stop", sources);
    for (const std::size_t step : {std::size_t(1), std::size_t(29), sent.size()})
        QCOMPARE(shownAll(decoded(openAi(), sent, step)), std::vector<std::string>{"https://x.test/a ''"});
}

void OpenAiCitationsTest::ofChatStreamsWaitForTheirText()
{
    const Json call = {{"index", 0}, {"id", "a"}, {"function", Json{{"name", "f"}, {"arguments", "{}"}}}};
    const std::string sent =
        chunk(Json{{"content", "\u00c4h."}}) + chunk(Json{{"tool_calls", Json::array({call})}}) +
        chunk(Json{{"annotations", Json::array({annotation(14, 24), annotation(0, 2)})}}) +
        chunk(Json{{"content", kText}}) + chunk(Json::object(), "stop");
    // The second is about a text that was over, and is not placed in another.
    QCOMPARE(shownAll(decoded(openAi(), sent, 41)),
             (std::vector<std::string>{"https://x.test/a 'A page' 11-21", "https://x.test/a 'A page'"}));
}

void OpenAiCitationsTest::ofPerplexityAreToldAfterCallsToo()
{
    const Json call = {{"index", 0}, {"id", "a"}, {"function", Json{{"name", "f"}, {"arguments", "{}"}}}};
    const Json sources = {{"citations", Json::array({"https://x.test/a"})}};
    const std::string sent = chunk(Json{{"content", "It rains."}}) +
                             chunk(Json{{"tool_calls", Json::array({call})}}) +
                             chunk(Json::object(), "tool_calls", sources);
    const std::vector<Event> events = decoded(openAi(), sent, 41);
    QCOMPARE(shownAll(events), std::vector<std::string>{"https://x.test/a ''"});
    // Anthropic refuses a conversation that holds a text of nothing, so none is made for its clients.
    int texts = 0;
    for (const Json& event : datas(encoded(anthropic(), events, context())))
        texts += event["type"] == "content_block_start" && event["content_block"]["type"] == "text" ? 1 : 0;
    QCOMPARE(texts, 1);
}

void OpenAiCitationsTest::standInResponsesWithNumbersOfTheirOwn()
{
    std::vector<Event> events = stream();
    events.insert(events.begin() + 5, Cited{{"https://x.test/b", "B", {}}});
    const auto sent = datas(encoded(responses(), events, context()));
    int sequence = 0;
    int index = 0;
    Json all = Json::array();
    for (const Json& event : sent) {
        QCOMPARE(event["sequence_number"].get<int>(), sequence++);
        if (event["type"] == "response.output_text.annotation.added") {
            QCOMPARE(event["annotation_index"].get<int>(), index++);
            QCOMPARE(int(event["output_index"]) + int(event["content_index"]), 0);
            QVERIFY(event["item_id"].get<std::string>().starts_with("msg_"));
            all.push_back(event["annotation"]);
        }
        if (event["type"] == "response.content_part.added") QVERIFY(event["part"]["annotations"].empty());
        if (event["type"] == "response.content_part.done")
            QCOMPARE(event["part"]["annotations"].dump(), all.dump());
    }
    QCOMPARE(all[0].dump(),
             std::string(R"({"end_index":21,"start_index":11,"title":"A page","type":"url_citation",)"
                         R"("url":"https://x.test/a"})"));
    QCOMPARE(int(all[1]["end_index"]), 21);
    QCOMPARE(sent.back()["response"]["output"][0]["content"][0]["annotations"].dump(), all.dump());
}

void OpenAiCitationsTest::ofResponsesStreamsAreReadOnce()
{
    Json flat = annotation(11, 21)["url_citation"];
    flat["type"] = "url_citation";
    const Json content = {{"type", "output_text"}, {"text", kText}, {"annotations", Json::array({flat})}};
    const Json item = {{"type", "message"}, {"id", "i"}, {"content", Json::array({content})}};
    const Json delta = {{"type", "response.output_text.delta"}, {"output_index", 0}, {"delta", kText}};
    const Json added = {{"type", "response.output_text.annotation.added"},
                        {"output_index", 0},
                        {"annotation_index", 0},
                        {"annotation", flat}};
    const Json done = {{"type", "response.output_item.done"}, {"output_index", 0}, {"item", item}};
    const Json end = {{"type", "response.completed"},
                      {"response", Json{{"status", "completed"}, {"output", Json::array({item})}}}};
    const std::vector<std::string> wanted{"https://x.test/a 'A page' 11-21"};
    QCOMPARE(shownAll(decoded(responses(), data(delta) + data(added) + data(done) + data(end), 37)), wanted);
    QCOMPARE(shownAll(decoded(responses(), data(delta) + data(done) + data(end), 37)), wanted);
    QCOMPARE(shownAll(decoded(responses(), data(end), 37)), wanted);
}

void OpenAiCitationsTest::ofResponsesStreamsCountFromTheirPart()
{
    Json flat = annotation(11, 21)["url_citation"];
    const auto delta = [](int part, const std::string& text) {
        return data(Json{{"type", "response.output_text.delta"},
                         {"output_index", 0},
                         {"content_index", part},
                         {"delta", text}});
    };
    const auto added = [&flat](int part) {
        return data(Json{{"type", "response.output_text.annotation.added"},
                         {"output_index", 0},
                         {"content_index", part},
                         {"annotation", flat}});
    };
    flat["type"] = "url_citation";
    const Json part = {{"type", "output_text"}, {"text", kText}, {"annotations", Json::array({flat})}};
    const Json item = {{"type", "message"}, {"id", "i"}, {"content", Json::array({part, part})}};
    const std::string end =
        data(Json{{"type", "response.completed"},
                  {"response", Json{{"status", "completed"}, {"output", Json::array({item})}}}});
    const auto chars = static_cast<int>(QString::fromStdString(kText).toUcs4().size());
    const std::string second =
        "https://x.test/a 'A page' " + std::to_string(chars + 11) + "-" + std::to_string(chars + 21);
    const std::vector<std::string> wanted{"https://x.test/a 'A page' 11-21", second};
    const std::string sent = delta(0, kText) + added(0) + delta(1, kText) + added(1);
    QCOMPARE(shownAll(decoded(responses(), sent + end, 37)), wanted);
    QCOMPARE(shownAll(decoded(responses(), end, 37)), wanted);
}

QTEST_APPLESS_MAIN(OpenAiCitationsTest)
#include "openai_citations_test.moc"
