// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/citation_support.h"

#include "dialect/citations.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

namespace {

Completion answer()
{
    Completion completion;
    completion.parts = {TextPart{kText, {}, {}, {cited()}}};
    completion.finish = Finish::Stop;
    return completion;
}

Json grounding()
{
    return Json::parse(
        R"({"webSearchQueries":["rain"],"groundingChunks":[{"web":{"uri":"https://x.test/a","title":"A page"}},)"
        R"({"web":{"uri":"https://x.test/b","title":"B"}},{"web":{}}],"groundingSupports":[{"segment":)"
        R"({"startIndex":15,"endIndex":25,"text":"Es regnet."},"groundingChunkIndices":[0,2,7,-1],"confidenceScores":[1]}]})");
}

Json googleAnswer(const Json& parts, bool last)
{
    Json candidate = {{"content", Json{{"role", "model"}, {"parts", parts}}}, {"index", 0}};
    if (last) {
        candidate["finishReason"] = "STOP";
        candidate["groundingMetadata"] = grounding();
    }
    Json body;
    body["candidates"] = Json::array({candidate});
    return body;
}

Json webCitation(const std::string& url, const std::string& index = "enc")
{
    return Json{{"type", "web_search_result_location"},
                {"url", url},
                {"title", "A page"},
                {"cited_text", "It rains."},
                {"encrypted_index", index}};
}

Json textBlock(const std::string& text, const Json& citations = nullptr)
{
    return Json{{"type", "text"}, {"text", text}, {"citations", citations}};
}

} // namespace

class CitationsTest : public QObject {
    Q_OBJECT

private slots:
    void comeThroughWhole_data();
    void comeThroughWhole();
    void comeThroughStreams_data();
    void comeThroughStreams();
    void withoutAPlaceAreOfAllTheText();
    void ofGeminiReachChatClients();
    void ofGeminiAreFoundInTheirPart();
    void ofGeminiStreamsComeBeforeTheTextEnds();
    void ofChatReachGeminiClients();
    void ofSeveralTextsArePlacedInTheWhole();
    void ofAnthropicJoinPiecesOfASentence();
    void ofAnthropicStreamsCoverTheirBlock();
    void ofOthersAreTakenOutBeforeAnthropicSeesThem();
    void inAConversationDisturbNobody();
    void ofCohereAreReadWhereTheyHaveAnAddress();
    void ofBedrockComeWithTheirText();
    void areLeftOutWhereThereIsNoPlace();
    void areNotTakenFromNonsense();
};

void CitationsTest::comeThroughWhole_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArray>("wanted");
    const QByteArray placed = "https://x.test/a 'A page' 11-21";
    QTest::newRow("chat") << int(DialectId::OpenAiChat) << placed;
    QTest::newRow("responses") << int(DialectId::OpenAiResponses) << placed;
    QTest::newRow("gemini") << int(DialectId::Gemini) << placed;
    // There all of a block cites.
    QTest::newRow("anthropic") << int(DialectId::AnthropicMessages)
                               << QByteArray("https://x.test/a 'A page' 0-21");
    QTest::newRow("bedrock") << int(DialectId::Bedrock) << QByteArray("https://x.test/a 'A page'");
}

void CitationsTest::comeThroughWhole()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, wanted);
    const Dialect& form = dialectOf(DialectId(dialect));
    const auto read = form.decodeCompletion(form.encodeCompletion(answer(), context()));
    QVERIFY(read.ok());
    const auto& text = std::get<TextPart>(read->parts[0]);
    QCOMPARE(text.text, kText);
    QCOMPARE(shownAll(text.citations), std::vector<std::string>{wanted.toStdString()});
    Completion plain = answer();
    std::get<TextPart>(plain.parts[0]).citations.clear();
    const std::string body = form.encodeCompletion(plain, context());
    QVERIFY(body.find("citation") == std::string::npos && body.find("grounding") == std::string::npos);
}

void CitationsTest::comeThroughStreams_data()
{
    comeThroughWhole_data();
}

void CitationsTest::comeThroughStreams()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, wanted);
    const Dialect& form = dialectOf(DialectId(dialect));
    const std::string sent = encoded(form, stream(), context());
    const bool block = DialectId(dialect) == DialectId::AnthropicMessages;
    const std::string place = block ? "https://x.test/a 'A page'" : wanted.toStdString();
    for (const std::size_t step : {std::size_t(1), std::size_t(7), std::size_t(31), sent.size()})
        QCOMPARE(shownAll(decoded(form, sent, step)), std::vector<std::string>{place});
}

void CitationsTest::withoutAPlaceAreOfAllTheText()
{
    Completion completion = answer();
    Citation& citation = std::get<TextPart>(completion.parts[0]).citations[0];
    citation = {"https://x.test/a", {}, {}};
    const Json chat = Json::parse(openAi().encodeCompletion(completion, context()));
    QCOMPARE(chat["choices"][0]["message"]["annotations"].dump(),
             std::string(R"([{"type":"url_citation","url_citation":{"end_index":21,"start_index":0,)"
                         R"("title":"https://x.test/a","url":"https://x.test/a"}}])"));
    const Json google = Json::parse(gemini().encodeCompletion(completion, context()));
    QCOMPARE(google["candidates"][0]["groundingMetadata"]["groundingSupports"].dump(),
             std::string(R"([{"groundingChunkIndices":[0],"segment":{"endIndex":25,"startIndex":0}}])"));
}

void CitationsTest::ofGeminiReachChatClients()
{
    const Json body = googleAnswer(Json::array({Json{{"text", kText}}}), true);
    const auto read = gemini().decodeCompletion(body.dump());
    QVERIFY(read.ok());
    const Json chat = Json::parse(openAi().encodeCompletion(*read, context()));
    const Json& annotations = chat["choices"][0]["message"]["annotations"];
    QCOMPARE(annotations.size(), std::size_t(2));
    QCOMPARE(annotations[0].dump(), annotation(11, 21).dump());
    // A page that nothing in particular relies on.
    QCOMPARE(annotations[1]["url_citation"]["url"].get<std::string>(), std::string("https://x.test/b"));
    QCOMPARE(int(annotations[1]["url_citation"]["end_index"]), 21);
}

void CitationsTest::ofGeminiAreFoundInTheirPart()
{
    const Json call = {{"functionCall", Json{{"name", "f"}, {"args", Json::object()}}}};
    Json parts = Json::array({Json{{"text", "Hm"}, {"thought", true}}, Json{{"text", "First."}}, call});
    parts.push_back(Json{{"text", kText}});
    Json body = googleAnswer(parts, true);
    body["candidates"][0]["groundingMetadata"]["groundingSupports"][0]["segment"]["partIndex"] = 3;
    const auto read = gemini().decodeCompletion(body.dump());
    QVERIFY(read.ok());
    QCOMPARE(shownAll(std::get<TextPart>(read->parts[1]).citations),
             std::vector<std::string>{"https://x.test/b 'B'"});
    QCOMPARE(shownAll(std::get<TextPart>(read->parts[3]).citations),
             std::vector<std::string>{"https://x.test/a 'A page' 11-21"});
    const Json again = Json::parse(gemini().encodeCompletion(*read, context()));
    const Json& told = again["candidates"][0]["groundingMetadata"];
    QCOMPARE(told["groundingChunks"].size(), std::size_t(2));
    QCOMPARE(told["groundingSupports"][1]["segment"].dump(),
             std::string(R"({"endIndex":25,"partIndex":3,"startIndex":15,"text":"Es regnet."})"));
}

void CitationsTest::ofGeminiStreamsComeBeforeTheTextEnds()
{
    const Json signedEnd = Json::array({Json{{"text", ""}, {"thoughtSignature", "c2ln"}}});
    const std::string sent = data(googleAnswer(Json::array({Json{{"text", kText.substr(0, 8)}}}), false)) +
                             data(googleAnswer(Json::array({Json{{"text", kText.substr(8)}}}), true)) +
                             data(googleAnswer(signedEnd, true));
    for (const std::size_t step : {std::size_t(1), std::size_t(23), sent.size()}) {
        QCOMPARE(shownAll(decoded(gemini(), sent, step)),
                 (std::vector<std::string>{"https://x.test/a 'A page' 11-21", "https://x.test/b 'B'"}));
    }
    Json found;
    for (const Json& event : datas(encoded(openAi(), decoded(gemini(), sent, 64), context()))) {
        const Json choice = event.is_object() ? event["choices"][0] : Json();
        if (choice.is_object() && choice["delta"].contains("annotations") && found.is_null())
            found = choice["delta"]["annotations"];
    }
    QCOMPARE(found.dump(), Json::array({annotation(11, 21)}).dump());
}

void CitationsTest::ofChatReachGeminiClients()
{
    const Json message = {
        {"role", "assistant"}, {"content", kText}, {"annotations", Json::array({annotation(11, 21)})}};
    const Json choice = {{"index", 0}, {"message", message}, {"finish_reason", "stop"}};
    const auto read = openAi().decodeCompletion(Json{{"choices", Json::array({choice})}}.dump());
    QVERIFY(read.ok());
    const Json whole = Json::parse(gemini().encodeCompletion(*read, context()));
    const std::string wanted =
        R"({"groundingChunks":[{"web":{"title":"A page","uri":"https://x.test/a"}}],"groundingSupports":)"
        R"([{"groundingChunkIndices":[0],"segment":{"endIndex":25,"startIndex":15,"text":"Es regnet."}}]})";
    QCOMPARE(whole["candidates"][0]["groundingMetadata"].dump(), wanted);
    const std::string sent = chunk(Json{{"role", "assistant"}, {"content", kText.substr(0, 8)}}) +
                             chunk(Json{{"content", kText.substr(8)}}) +
                             chunk(Json{{"annotations", Json::array({annotation(11, 21)})}}) +
                             chunk(Json::object(), "stop");
    const auto events = datas(encoded(gemini(), decoded(openAi(), sent, 17), context()));
    QCOMPARE(events.back()["candidates"][0]["groundingMetadata"].dump(), wanted);
}

void CitationsTest::ofSeveralTextsArePlacedInTheWhole()
{
    Completion completion;
    completion.parts = {TextPart{"\u00c4h.", {}}, ToolCallPart{"a", "f", "{}"},
                        TextPart{kText, {}, {}, {cited()}}};
    const Json chat = Json::parse(openAi().encodeCompletion(completion, context()));
    const Json& message = chat["choices"][0]["message"];
    QCOMPARE(message["content"].get<std::string>(), "\u00c4h.\n\n" + kText);
    QCOMPARE(message["annotations"][0].dump(), annotation(16, 26).dump());
    std::vector<Event> events = {Started{"id", "m"}, BlockStarted{0, BlockKind::Text, {}, {}},
                                 TextDelta{"\u00c4h."}, BlockEnded{0}};
    const std::vector<Event> more = stream();
    events.insert(events.end(), more.begin() + 1, more.end());
    Json found;
    for (const Json& event : datas(encoded(openAi(), events, context()))) {
        if (event.is_object() && event["choices"][0]["delta"].contains("annotations"))
            found = event["choices"][0]["delta"]["annotations"][0];
    }
    QCOMPARE(found.dump(), annotation(14, 24).dump());
}

void CitationsTest::ofAnthropicJoinPiecesOfASentence()
{
    Json body = {{"type", "message"}, {"stop_reason", "end_turn"}};
    body["content"] = Json::array(
        {textBlock("Let me look."), Json{{"type", "server_tool_use"}, {"id", "s"}, {"name", "web_search"}},
         textBlock("\u00c4h: "), textBlock("it rains", Json::array({webCitation("https://x.test/a")})),
         textBlock(", and "), textBlock("it pours", Json::array({webCitation("https://x.test/b"), 5})),
         Json{{"type", "tool_use"}, {"id", "t"}, {"name", "f"}, {"input", Json::object()}}, textBlock("One."),
         textBlock("Two.")});
    const auto read = anthropic().decodeCompletion(body.dump());
    QVERIFY(read.ok());
    QCOMPARE(read->parts.size(), std::size_t(5));
    const auto& text = std::get<TextPart>(read->parts[1]);
    QCOMPARE(text.text, std::string("\u00c4h: it rains, and it pours"));
    QCOMPARE(shownAll(text.citations),
             (std::vector<std::string>{"https://x.test/a 'A page' 4-12", "https://x.test/b 'A page' 18-26"}));
    QCOMPARE(text.citations[0].text, std::string("It rains."));
    // Texts that cite nothing stay what they were.
    QCOMPARE(std::get<TextPart>(read->parts[3]).text, std::string("One."));
}

void CitationsTest::ofAnthropicStreamsCoverTheirBlock()
{
    const auto event = [](const char* type, const Json& more) {
        Json made = {{"type", type}, {"index", 0}};
        made.update(more);
        return data(made);
    };
    const Json cites = {{"type", "citations_delta"}, {"citation", webCitation("https://x.test/a")}};
    const std::string sent =
        event("message_start", Json{{"message", Json{{"id", "m"}}}}) +
        event("content_block_start", Json{{"content_block", textBlock("")}}) +
        event("content_block_delta", Json{{"delta", cites}}) +
        event("content_block_delta", Json{{"delta", Json{{"type", "text_delta"}, {"text", kText}}}}) +
        event("content_block_stop", Json::object()) +
        event("message_delta", Json{{"delta", Json{{"stop_reason", "end_turn"}}}}) +
        event("message_stop", Json::object());
    const auto events = decoded(anthropic(), sent, 33);
    QCOMPARE(shownAll(events), std::vector<std::string>{"https://x.test/a 'A page'"});
    Json found;
    for (const Json& one : datas(encoded(openAi(), events, context()))) {
        if (one.is_object() && one["choices"][0]["delta"].contains("annotations"))
            found = one["choices"][0]["delta"]["annotations"][0];
    }
    QCOMPARE(found.dump(), annotation(0, 21).dump());
}

void CitationsTest::ofOthersAreTakenOutBeforeAnthropicSeesThem()
{
    const Json made = Json::parse(anthropic().encodeCompletion(answer(), context()))["content"];
    QCOMPARE(made[0]["citations"][0]["cited_text"].get<std::string>(), std::string("It rains."));
    const Json own = textBlock("Yes.", Json::array({webCitation("https://x.test/c", "RW5j")}));
    const Json both = textBlock("So.", Json::array({made[0]["citations"][0], own["citations"][0]}));
    Json content = made;
    content.push_back(own);
    content.push_back(both);
    Json request = {{"model", "m"}, {"max_tokens", 5}};
    request["messages"] = Json::array(
        {Json{{"role", "user"}, {"content", "Hi"}}, Json{{"role", "assistant"}, {"content", content}}});
    const std::string body = request.dump();
    QVERIFY(anthropic().facts(scanned(body), {})->needsEdit);
    BodyEdit edit;
    edit.model = "m";
    const auto edited = anthropic().edit(body, scanned(body), edit);
    QVERIFY(edited.ok());
    const Json sent = Json::parse(*edited)["messages"][1]["content"];
    QCOMPARE(sent[0].dump(), (Json{{"type", "text"}, {"text", kText}}).dump());
    QCOMPARE(sent[1].dump(), own.dump());
    QCOMPARE(sent[2]["citations"].dump(), own["citations"].dump());
    request["messages"][1]["content"] = Json::array({own});
    QVERIFY(!anthropic().facts(scanned(request.dump()), {})->needsEdit);
}

void CitationsTest::inAConversationDisturbNobody()
{
    const Json made = Json::parse(anthropic().encodeCompletion(answer(), context()))["content"];
    Json request = {{"model", "m"}, {"max_tokens", 5}};
    request["messages"] = Json::array({Json{{"role", "user"}, {"content", "Hi"}},
                                       Json{{"role", "assistant"}, {"content", made}},
                                       Json{{"role", "user"}, {"content", "And?"}}});
    for (const Dialect* target : allDialects()) {
        auto read = anthropic().decodeRequest(request.dump(), {});
        QVERIFY(read.ok());
        const std::string body = target->encodeRequest(*read);
        QVERIFY(Json::accept(body));
        QVERIFY(body.find("x.test") == std::string::npos);
    }
    // And those that a chat client sends back.
    const Json message = {
        {"role", "assistant"}, {"content", kText}, {"annotations", Json::array({annotation(11, 21)})}};
    Json chat = {{"model", "m"}};
    chat["messages"] = Json::array({Json{{"role", "user"}, {"content", "Hi"}}, message});
    auto read = openAi().decodeRequest(chat.dump(), {});
    QVERIFY(read.ok() && read->dropped.empty());
}

void CitationsTest::ofCohereAreReadWhereTheyHaveAnAddress()
{
    const Json page = {{"type", "document"},
                       {"id", "d:0"},
                       {"document", Json{{"url", "https://x.test/a"}, {"title", "A page"}}}};
    const Json own = {{"type", "document"}, {"id", "d:1"}, {"document", Json{{"title", "Mine"}}}};
    const Json citation = {
        {"start", 11}, {"end", 21}, {"text", "Es regnet."}, {"sources", Json::array({page, own})}};
    const Json thought = {{"start", 0}, {"end", 1}, {"type", "PLAN"}, {"sources", Json::array({page})}};
    Json message = {{"role", "assistant"}, {"citations", Json::array({citation, thought})}};
    message["content"] = Json::array({Json{{"type", "text"}, {"text", kText}}});
    const Dialect& cohere = dialectOf(DialectId::Cohere);
    const auto read = cohere.decodeCompletion(
        Json{{"id", "c"}, {"finish_reason", "COMPLETE"}, {"message", message}}.dump());
    QVERIFY(read.ok());
    const std::vector<std::string> wanted{"https://x.test/a 'A page' 11-21"};
    QCOMPARE(shownAll(std::get<TextPart>(read->parts[0]).citations), wanted);
    const auto event = [](const char* type, const Json& told) {
        return data(Json{{"type", type}, {"index", 0}, {"delta", Json{{"message", told}}}});
    };
    const std::string sent =
        event("content-delta", Json{{"content", Json{{"text", kText}}}}) +
        event("citation-start", Json{{"citations", citation}}) +
        data(Json{{"type", "message-end"}, {"delta", Json{{"finish_reason", "COMPLETE"}}}});
    QCOMPARE(shownAll(decoded(cohere, sent, 11)), wanted);
}

void CitationsTest::ofBedrockComeWithTheirText()
{
    const Dialect& bedrock = dialectOf(DialectId::Bedrock);
    const std::string body =
        R"({"output":{"message":{"role":"assistant","content":[{"citationsContent":{"content":[{"text":"It "},{"text":"rains."}],)"
        R"("citations":[{"title":"A page","location":{"web":{"url":"https://x.test/a","domain":"x.test"}},)"
        R"("sourceContent":[{"text":"It "},{"text":"rains."}]},{"title":"P","location":{"documentPage":{"start":1}}}]}}]}},)"
        R"("stopReason":"end_turn"})";
    const auto read = bedrock.decodeCompletion(body);
    QVERIFY(read.ok());
    const auto& text = std::get<TextPart>(read->parts[0]);
    QCOMPARE(text.text, std::string("It rains."));
    QCOMPARE(shownAll(text.citations), std::vector<std::string>{"https://x.test/a 'A page'"});
    QCOMPARE(text.citations[0].text, std::string("It rains."));
}

void CitationsTest::areLeftOutWhereThereIsNoPlace()
{
    for (const DialectId id :
         {DialectId::Ollama, DialectId::OllamaPrompt, DialectId::Cohere, DialectId::OpenAiCompletions}) {
        const Dialect& form = dialectOf(id);
        QVERIFY(form.encodeCompletion(answer(), context()).find("x.test") == std::string::npos);
        const std::string sent = encoded(form, stream(), context());
        QVERIFY(sent.find("x.test") == std::string::npos);
        QVERIFY(std::holds_alternative<Ended>(decoded(form, sent, sent.size()).back()));
    }
}

void CitationsTest::areNotTakenFromNonsense()
{
    QCOMPARE(
        shownAll(readAnnotations(
            R"([1,"x",null,{},{"type":"file_citation","file_id":"f"},{"type":"url_citation"},)"
            R"({"type":"url_citation","url":5},{"type":"url_citation","url":"u","start_index":-3,"end_index":2},)"
            R"({"type":"url_citation","url":"u","start_index":3,"end_index":2},)"
            R"({"type":"url_citation","url":"u","start_index":1e999,"end_index":9223372036854775807},)"
            R"({"type":"url_citation","url":"u","start_index":1}])",
            5)),
        (std::vector<std::string>{"u ''", "u ''", "u ''", "u ''"}));
    QVERIFY(readSources(R"([1,null,{},[],{"url":7},""])").empty());
    const char* const metadata[] = {
        "[]", R"({"groundingChunks":{},"groundingSupports":5})",
        R"({"groundingChunks":[{"web":{"uri":"u"}}],"groundingSupports":[{"segment":{"startIndex":-5,"endIndex":9},)"
        R"("groundingChunkIndices":[0,0,-1,5,1e30,"x"]},{"segment":{"startIndex":9e18,"endIndex":9223372036854775807,)"
        R"("partIndex":-7},"groundingChunkIndices":[0]},{"segment":{"endIndex":400},"groundingChunkIndices":[0]}]})"};
    for (const char* told : metadata) {
        const std::string body =
            R"({"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP",)"
            R"("groundingMetadata":)" +
            std::string(told) + "}]}";
        const auto read = gemini().decodeCompletion(body);
        QVERIFY(read.ok());
        for (const Dialect* client : allDialects())
            QVERIFY(Json::accept(client->encodeCompletion(*read, context())));
        const auto events = decoded(gemini(), "data: " + body + "\n\n", 9);
        for (const Dialect* client : allDialects())
            QVERIFY(!encoded(*client, events, context()).empty());
    }
    // A few bytes must not become many: each support names the same page again.
    std::string supports;
    for (int i = 0; i < 5000; ++i)
        supports.append(i == 0 ? "" : ",")
            .append(R"({"segment":{"startIndex":)" + std::to_string(i) +
                    R"(,"endIndex":5000},"groundingChunkIndices":[0]})");
    const auto read = gemini().decodeCompletion(
        R"({"candidates":[{"content":{"parts":[{"text":")" + std::string(5000, 'x') +
        R"("}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],)"
        R"("groundingSupports":[)" +
        supports + "]}}]}");
    QVERIFY(std::get<TextPart>(read->parts[0]).citations.size() <= 1024);
}

QTEST_APPLESS_MAIN(CitationsTest)
#include "citations_test.moc"
