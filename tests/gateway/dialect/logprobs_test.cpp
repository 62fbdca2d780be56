// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

#include "dialect/logprobs.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

namespace {

const Dialect& shape(DialectId id)
{
    return dialectOf(id);
}

/// "Hé", whose second token is the second byte of a character.
std::vector<TokenLogprob> tokens()
{
    TokenLogprob first{"H", -0.25};
    first.top = {{"H", -0.25}, {"h", -1.5}};
    TokenLogprob second{"\u00e9", -2};
    second.top = {{"\u00e9", -2}, {"e", -2.5}};
    return {first, second};
}

std::string shown(const std::vector<TokenLogprob>& list, bool tops)
{
    std::string text;
    for (const TokenLogprob& token : list) {
        text += token.token + '=' + Json(token.logprob).dump();
        for (const TokenLogprob& likely : token.top) {
            if (tops) text += ' ' + likely.token + ':' + Json(likely.logprob).dump();
        }
        text += ';';
    }
    return text;
}

std::vector<TokenLogprob> tokensOf(const std::vector<Event>& events)
{
    std::vector<TokenLogprob> found;
    for (const Event& event : events) {
        const auto* delta = std::get_if<TextDelta>(&event);
        if (delta) found.insert(found.end(), delta->logprobs.begin(), delta->logprobs.end());
    }
    return found;
}

std::string textOf(const std::vector<Event>& events)
{
    std::string text;
    for (const Event& event : events) {
        if (const auto* delta = std::get_if<TextDelta>(&event)) text += delta->text;
    }
    return text;
}

Completion answer()
{
    Completion completion;
    completion.parts = {TextPart{"H\u00e9", {}, tokens(), {}}};
    completion.finish = Finish::Stop;
    return completion;
}

std::vector<Event> stream()
{
    const std::vector<TokenLogprob> each = tokens();
    return {Started{"id", "model"},
            BlockStarted{0, BlockKind::Text, {}, {}},
            TextDelta{"H", {each[0]}},
            TextDelta{"\u00e9", {each[1]}},
            BlockEnded{0},
            UsageReported{},
            Finished{Finish::Stop, {}},
            Ended{}};
}

std::string chunk(const std::string& choice)
{
    return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0," + choice + "}]}\n\n";
}

/// A stream of a chat server in which the first character comes in two tokens.
std::string chatStream()
{
    return chunk(R"("delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null)") +
           chunk(
               R"("delta":{"content":""},"logprobs":{"content":[{"token":"\\xc3","logprob":-0.5,"bytes":[195],)"
               R"("top_logprobs":[]}],"refusal":null},"finish_reason":null)") +
           chunk("\"delta\":{\"content\":\"\u00e9\"},\"logprobs\":{\"content\":[{\"token\":\"\\\\xa9\","
                 "\"logprob\":-1,\"bytes\":[169],\"top_logprobs\":[{\"token\":\"a\",\"logprob\":-3,\"bytes\":"
                 "[97]}]}]},"
                 "\"finish_reason\":null") +
           chunk(R"("delta":{},"logprobs":null,"finish_reason":"stop")") + "data: [DONE]\n\n";
}

Request asked(bool top = true)
{
    Json body = {{"model", "m"}, {"logprobs", true}, {"messages", Json::array()}};
    body["messages"].push_back(Json{{"role", "user"}, {"content", "Hi"}});
    if (top) body["top_logprobs"] = 3;
    return *openAi().decodeRequest(body.dump(), {});
}

} // namespace

class LogprobsTest : public QObject {
    Q_OBJECT

private slots:
    void areAskedFor_data();
    void areAskedFor();
    void areWishedForByEachClient_data();
    void areWishedForByEachClient();
    void areDroppedAndSaidWhereThereAreNone_data();
    void areDroppedAndSaidWhereThereAreNone();
    void areAskedForNoMoreThanATargetHas();
    void comeThroughWhole_data();
    void comeThroughWhole();
    void comeThroughStreams_data();
    void comeThroughStreams();
    void changeNothingWhereNoneAreGiven_data();
    void changeNothingWhereNoneAreGiven();
    void ofGeminiReachChatClients();
    void ofChatReachGeminiClients();
    void ofChatStreamsReachResponsesClients();
    void ofResponsesStreamsThatTellThemLateAreRead();
    void ofOllamasThoughtsAreLeftOut();
    void ofCoherePiecesAreOneToken();
    void ofCompletionsHaveOffsets();
    void ofCompletionsNameNothingTwice();
    void waitForTheTextOfTheirCharacter();
    void areNotTakenFromNonsense_data();
    void areNotTakenFromNonsense();
    void areNoMoreThanAnAnswerCanHave();
};

void LogprobsTest::areAskedFor_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char* name, DialectId id, const char* path, const char* wanted) {
        QTest::newRow(name) << int(id) << QByteArray(path) << QByteArray(wanted);
    };
    row("chat", DialectId::OpenAiChat, "/logprobs", "true");
    row("chat top", DialectId::OpenAiChat, "/top_logprobs", "3");
    row("responses", DialectId::OpenAiResponses, "/include", R"(["message.output_text.logprobs"])");
    row("responses top", DialectId::OpenAiResponses, "/top_logprobs", "3");
    row("gemini", DialectId::Gemini, "/generationConfig/responseLogprobs", "true");
    row("gemini top", DialectId::Gemini, "/generationConfig/logprobs", "3");
    row("ollama", DialectId::Ollama, "/logprobs", "true");
    row("ollama top", DialectId::OllamaPrompt, "/top_logprobs", "3");
    row("cohere", DialectId::Cohere, "/logprobs", "true");
    row("completions", DialectId::OpenAiCompletions, "/logprobs", "3");
}

void LogprobsTest::areAskedFor()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, wanted);
    Request request = asked();
    const Json body = Json::parse(shape(DialectId(dialect)).encodeRequest(request));
    QCOMPARE(body.value(Json::json_pointer(path.toStdString()), Json()).dump(), wanted.toStdString());
    const bool cohere = DialectId(dialect) == DialectId::Cohere;
    QCOMPARE(request.dropped, cohere ? std::vector<std::string>{"top_logprobs"} : std::vector<std::string>());
    Request silent = asked();
    silent.logprobs = false;
    silent.topLogprobs.reset();
    QVERIFY(shape(DialectId(dialect)).encodeRequest(silent).find("ogprobs") == std::string::npos);
}

void LogprobsTest::areWishedForByEachClient_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("top");
    const auto row = [](const char* name, DialectId id, const char* body, int top) {
        QTest::newRow(name) << int(id) << QByteArray(body) << top;
    };
    const char* const messages = R"({"model":"m","logprobs":true,"top_logprobs":2,)"
                                 R"("messages":[{"role":"user","content":"x"}]})";
    row("chat", DialectId::OpenAiChat, messages, 2);
    row("ollama", DialectId::Ollama, messages, 2);
    row("cohere", DialectId::Cohere, messages, 0);
    row("prompt", DialectId::OllamaPrompt, R"({"model":"m","prompt":"x","logprobs":true})", 0);
    row("completions", DialectId::OpenAiCompletions, R"({"model":"m","prompt":"x","logprobs":2})", 2);
    row("completions 0", DialectId::OpenAiCompletions, R"({"model":"m","prompt":"x","logprobs":0})", 0);
    row("responses", DialectId::OpenAiResponses,
        R"({"model":"m","input":"x","include":["message.output_text.logprobs"]})", 0);
    row("responses top", DialectId::OpenAiResponses, R"({"model":"m","input":"x","top_logprobs":2})", 2);
    row("gemini", DialectId::Gemini,
        R"({"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"responseLogprobs":true,"logprobs":2}})",
        2);
}

void LogprobsTest::areWishedForByEachClient()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, body);
    QFETCH(int, top);
    const auto request = shape(DialectId(dialect)).decodeRequest(body.toStdString(), {});
    QVERIFY(request.ok());
    QVERIFY(request->logprobs);
    QCOMPARE(request->topLogprobs.value_or(0), top);
    QVERIFY(request->dropped.empty());
}

void LogprobsTest::areDroppedAndSaidWhereThereAreNone_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArray>("model");
    QTest::newRow("anthropic") << int(DialectId::AnthropicMessages) << QByteArray("claude-sonnet-4-5");
    QTest::newRow("bedrock") << int(DialectId::Bedrock) << QByteArray("amazon.nova-pro-v1:0");
    QTest::newRow("chat that reasons") << int(DialectId::OpenAiChat) << QByteArray("gpt-5");
    QTest::newRow("responses that reasons") << int(DialectId::OpenAiResponses) << QByteArray("gpt-5");
}

void LogprobsTest::areDroppedAndSaidWhereThereAreNone()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, model);
    Request request = asked();
    request.model = model.toStdString();
    const std::string body = shape(DialectId(dialect)).encodeRequest(request);
    QVERIFY(body.find("logprobs") == std::string::npos);
    QCOMPARE(request.dropped, (std::vector<std::string>{"top_logprobs", "logprobs"}));
    Request plain = asked(false);
    plain.model = model.toStdString();
    (void)shape(DialectId(dialect)).encodeRequest(plain);
    QCOMPARE(plain.dropped, std::vector<std::string>{"logprobs"});
}

void LogprobsTest::areAskedForNoMoreThanATargetHas()
{
    Request request = asked();
    request.topLogprobs = 50;
    const Json chat = Json::parse(openAi().encodeRequest(request));
    QCOMPARE(int(chat["top_logprobs"]), 20);
    const Json legacy = Json::parse(shape(DialectId::OpenAiCompletions).encodeRequest(request));
    QCOMPARE(int(legacy["logprobs"]), 5);
    QCOMPARE(request.dropped, (std::vector<std::string>{"top_logprobs>20", "top_logprobs>5"}));
    const auto lonely = openAi().decodeRequest(
        R"({"model":"m","top_logprobs":2,"messages":[{"role":"user","content":"x"}]})", {});
    QVERIFY(!lonely->logprobs && !lonely->topLogprobs);
    QCOMPARE(lonely->dropped, std::vector<std::string>{"top_logprobs"});
}

void LogprobsTest::comeThroughWhole_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<bool>("tops");
    QTest::newRow("chat") << int(DialectId::OpenAiChat) << true;
    QTest::newRow("responses") << int(DialectId::OpenAiResponses) << true;
    QTest::newRow("gemini") << int(DialectId::Gemini) << true;
    QTest::newRow("ollama") << int(DialectId::Ollama) << true;
    QTest::newRow("prompt") << int(DialectId::OllamaPrompt) << true;
    QTest::newRow("completions") << int(DialectId::OpenAiCompletions) << true;
    QTest::newRow("cohere") << int(DialectId::Cohere) << false;
}

void LogprobsTest::comeThroughWhole()
{
    QFETCH(int, dialect);
    QFETCH(bool, tops);
    const Dialect& form = shape(DialectId(dialect));
    const std::string body = form.encodeCompletion(answer(), context());
    QVERIFY(form.isAnswer(scanned(body), Operation::Chat));
    const auto read = form.decodeCompletion(body);
    QVERIFY(read.ok());
    QCOMPARE(shown(std::get<TextPart>(read->parts[0]).logprobs, tops), shown(tokens(), tops));
}

void LogprobsTest::comeThroughStreams_data()
{
    comeThroughWhole_data();
}

void LogprobsTest::comeThroughStreams()
{
    QFETCH(int, dialect);
    QFETCH(bool, tops);
    const Dialect& form = shape(DialectId(dialect));
    const std::string sent = encoded(form, stream(), context());
    for (const std::size_t step : {std::size_t(1), std::size_t(3), std::size_t(17), sent.size()}) {
        const auto events = decoded(form, sent, step);
        QCOMPARE(shown(tokensOf(events), tops), shown(tokens(), tops));
        QCOMPARE(textOf(events), std::string("H\u00e9"));
        QVERIFY(std::holds_alternative<Ended>(events.back()));
    }
}

void LogprobsTest::changeNothingWhereNoneAreGiven_data()
{
    comeThroughWhole_data();
}

void LogprobsTest::changeNothingWhereNoneAreGiven()
{
    QFETCH(int, dialect);
    const Dialect& form = shape(DialectId(dialect));
    std::vector<Event> events = stream();
    for (Event& event : events) {
        if (auto* delta = std::get_if<TextDelta>(&event)) delta->logprobs.clear();
    }
    Completion plain = answer();
    std::get<TextPart>(plain.parts[0]).logprobs.clear();
    const std::string sent = encoded(form, events, context()) + form.encodeCompletion(plain, context());
    QVERIFY(sent.find("logprob\"") == std::string::npos);
    QVERIFY(sent.find("logprobs\":{") == std::string::npos);
    QVERIFY(sent.find("ogprobsResult") == std::string::npos);
    const auto read = form.decodeCompletion(form.encodeCompletion(plain, context()));
    QVERIFY(std::get<TextPart>(read->parts[0]).logprobs.empty());
}

void LogprobsTest::ofGeminiReachChatClients()
{
    const std::string candidate =
        R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","avgLogprobs":-0.1,)"
        R"("logprobsResult":{"topCandidates":[{"candidates":[{"token":"Hi","tokenId":5,"logProbability":-0.1},)"
        R"({"token":"Yo","tokenId":6,"logProbability":-3}]}],)"
        R"("chosenCandidates":[{"token":"Hi","tokenId":5,"logProbability":-0.1}]}}]})";
    const auto read = gemini().decodeCompletion(candidate);
    QVERIFY(read.ok());
    const Json chat = Json::parse(openAi().encodeCompletion(*read, context()));
    const std::string wanted =
        R"([{"bytes":[72,105],"logprob":-0.1,"token":"Hi","top_logprobs":[{"bytes":[72,105],"logprob":-0.1,"token":"Hi"},)"
        R"({"bytes":[89,111],"logprob":-3,"token":"Yo"}]}])";
    QCOMPARE(chat["choices"][0]["logprobs"]["content"].dump(), wanted);
    QVERIFY(chat["choices"][0]["logprobs"]["refusal"].is_null());
    const std::string sent =
        encoded(openAi(), decoded(gemini(), "data: " + candidate + "\n\n", 5), context());
    Json found;
    for (const Json& event : datas(sent)) {
        const Json choice = event.is_object() && !event["choices"].empty() ? event["choices"][0] : Json();
        if (choice.contains("logprobs")) found = choice;
    }
    QCOMPARE(found["logprobs"]["content"].dump(), wanted);
    QCOMPARE(found["delta"]["content"].get<std::string>(), std::string("Hi"));
}

void LogprobsTest::ofChatReachGeminiClients()
{
    const auto read = openAi().decodeCompletion(openAi().encodeCompletion(answer(), context()));
    const Json body = Json::parse(gemini().encodeCompletion(*read, context()));
    const Json& candidate = body["candidates"][0];
    QCOMPARE(candidate["avgLogprobs"].get<double>(), -1.125);
    QCOMPARE(candidate["logprobsResult"]["chosenCandidates"][1].dump(),
             std::string("{\"logProbability\":-2,\"token\":\"\u00e9\"}"));
    QCOMPARE(candidate["logprobsResult"]["topCandidates"][0]["candidates"].size(), std::size_t(2));
    const auto events = datas(encoded(gemini(), decoded(openAi(), chatStream(), 11), context()));
    const Json& first = events[0]["candidates"][0];
    QCOMPARE(first["content"]["parts"][0]["text"].get<std::string>(), std::string("\u00e9"));
    QCOMPARE(first["logprobsResult"]["chosenCandidates"].size(), std::size_t(2));
    QVERIFY(!events.back()["candidates"][0].contains("logprobsResult"));
}

void LogprobsTest::ofChatStreamsReachResponsesClients()
{
    const auto events = datas(encoded(responses(), decoded(openAi(), chatStream(), 13), context()));
    Json all = Json::array();
    for (const Json& event : events) {
        const std::string type = event["type"];
        if (type == "response.output_text.delta") {
            for (const Json& token : event["logprobs"])
                all.push_back(token);
        }
        if (type == "response.output_text.done") QCOMPARE(event["logprobs"].dump(), all.dump());
        if (type == "response.content_part.done") QCOMPARE(event["part"]["logprobs"].dump(), all.dump());
        if (type == "response.output_item.done")
            QCOMPARE(event["item"]["content"][0]["logprobs"].dump(), all.dump());
    }
    QCOMPARE(all.size(), std::size_t(2));
    QCOMPARE(all[1]["bytes"].dump(), std::string("[169]"));
    QCOMPARE(all[1]["top_logprobs"][0]["token"].get<std::string>(), std::string("a"));
    QCOMPARE(events.back()["response"]["output"][0]["content"][0]["logprobs"].dump(), all.dump());
}

void LogprobsTest::ofResponsesStreamsThatTellThemLateAreRead()
{
    const std::string item =
        R"({"id":"i","type":"message","content":[{"type":"output_text","text":"Hi","annotations":[],)"
        R"("logprobs":[{"token":"Hi","logprob":-1,"bytes":[72,105],"top_logprobs":[]}]}]})";
    const std::string sent =
        "data: "
        "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"Hi\",\"logprobs\":[]}\n\n"
        "data: {\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" +
        item +
        "}\n\n"
        "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[" +
        item + "]}}\n\n";
    const auto events = decoded(responses(), sent, 19);
    QCOMPARE(shown(tokensOf(events), true), std::string("Hi=-1.0;"));
    QCOMPARE(textOf(events), std::string("Hi"));
}

void LogprobsTest::ofOllamasThoughtsAreLeftOut()
{
    const std::string told = R"(,"logprobs":[{"token":"x","logprob":-1}])";
    const std::string sent =
        R"({"model":"m","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false)" + told +
        "}\n" + R"({"model":"m","message":{"role":"assistant","content":"Hi"},"done":false)" + told + "}\n" +
        R"({"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"})" +
        "\n";
    const auto events = decoded(shape(DialectId::Ollama), sent, 9);
    QCOMPARE(shown(tokensOf(events), true), std::string("x=-1.0;"));
    const std::string lines = encoded(shape(DialectId::Ollama), events, context());
    QVERIFY(lines.find(R"("logprobs":[{"token":"x","logprob":-1,"bytes":[120],"top_logprobs":[]}]})") !=
            std::string::npos);
}

void LogprobsTest::ofCoherePiecesAreOneToken()
{
    const auto read =
        shape(DialectId::Cohere)
            .decodeCompletion(
                R"({"id":"c","message":{"role":"assistant","content":[{"type":"text","text":"Hi you"}]},)"
                R"("logprobs":[{"text":"Hi you","token_ids":[1,2],"logprobs":[-1,-0.5]},{"text":"","token_ids":[]}],)"
                R"("finish_reason":"COMPLETE"})");
    QVERIFY(read.ok());
    QCOMPARE(shown(std::get<TextPart>(read->parts[0]).logprobs, true), std::string("Hi you=-1.5;"));
}

void LogprobsTest::ofCompletionsHaveOffsets()
{
    const Dialect& legacy = shape(DialectId::OpenAiCompletions);
    const Json whole = Json::parse(legacy.encodeCompletion(answer(), context()))["choices"][0]["logprobs"];
    QCOMPARE(whole.dump(),
             std::string("{\"text_offset\":[0,1],\"token_logprobs\":[-0.25,-2],\"tokens\":[\"H\",\"\u00e9\"],"
                         "\"top_logprobs\":[{\"H\":-0.25,\"h\":-1.5},{\"e\":-2.5,\"\u00e9\":-2}]}"));
    const auto events = datas(encoded(legacy, stream(), context()));
    QCOMPARE(events[1]["choices"][0]["logprobs"]["text_offset"].dump(), std::string("[1]"));
    const auto read = legacy.decodeCompletion(
        R"({"choices":[{"text":"Hi","logprobs":{"tokens":["H","i"],"token_logprobs":[null,-1],"top_logprobs":null,)"
        R"("text_offset":[9,10]},"finish_reason":"stop"}]})");
    QVERIFY(read.ok());
    QCOMPARE(shown(std::get<TextPart>(read->parts[0]).logprobs, true), std::string("H=-9999.0;i=-1.0;"));
    const Json again = Json::parse(legacy.encodeCompletion(*read, context()));
    QVERIFY(again["choices"][0]["logprobs"]["top_logprobs"].is_null());
}

void LogprobsTest::ofCompletionsNameNothingTwice()
{
    Completion completion = answer();
    TokenLogprob& token = std::get<TextPart>(completion.parts[0]).logprobs[0];
    token.top = {{"?", -1}, {"?", -2}, {"\"", -3}};
    const std::string body = shape(DialectId::OpenAiCompletions).encodeCompletion(completion, context());
    JsonDocument document;
    QVERIFY(!scanJson(body, document));
    QCOMPARE(Json::parse(body)["choices"][0]["logprobs"]["top_logprobs"][0].dump(),
             std::string(R"({"\"":-3,"?":-1})"));
}

void LogprobsTest::waitForTheTextOfTheirCharacter()
{
    for (const std::size_t step : {std::size_t(1), std::size_t(29), chatStream().size()}) {
        const auto events = decoded(openAi(), chatStream(), step);
        const auto found = tokensOf(events);
        QCOMPARE(shown(found, true), std::string("\\xc3=-0.5;\\xa9=-1.0 a:-3.0;"));
        QCOMPARE(found[0].bytes, std::string("\xc3"));
        QVERIFY(found[1].top[0].bytes.empty()); // those of its text
    }
    const std::string calls =
        chunk(R"("delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]},)"
              R"("logprobs":{"content":[{"token":"{}","logprob":-1}]},"finish_reason":"tool_calls")");
    QVERIFY(tokensOf(decoded(openAi(), calls, calls.size())).empty());
}

void LogprobsTest::areNotTakenFromNonsense_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char* name, const char* list, const char* wanted) {
        QTest::newRow(name) << QByteArray(list) << QByteArray(wanted);
    };
    row("no list", R"({"token":"a","logprob":-1})", "");
    row("no objects", R"([1,"a",null,[],true,{}])", "");
    row("no token", R"([{"logprob":-1},{"token":5,"logprob":-1},{"token":null}])", "");
    row("no number", R"([{"token":"a","logprob":"-1"},{"token":"b"},{"token":"c","logprob":null}])",
        "a=-9999.0;b=-9999.0;c=-9999.0;");
    row("too large", R"([{"token":"a","logprob":1e999},{"token":"b","logprob":-1e999}])",
        "a=-9999.0;b=-9999.0;");
    row("wrong members", R"([{"token":"a","logprob":-1,"bytes":{"a":1},"top_logprobs":{"token":"b"}}])",
        "a=-1.0;");
    row("wrong bytes", R"([{"token":"a","logprob":-1,"bytes":[-1,256,1e99,"x",97.5]}])", "a=-1.0;");
    row("wrong others", R"([{"token":"a","logprob":-1,"top_logprobs":[3,{"token":[]},{"token":"b"}]}])",
        "a=-1.0 b:-9999.0;");
}

void LogprobsTest::areNotTakenFromNonsense()
{
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, wanted);
    const std::string given = list.toStdString();
    QCOMPARE(shown(readLogprobs(given), true), wanted.toStdString());
    const auto body = [&given](const char* before, const char* behind) { return before + given + behind; };
    const std::string chat =
        body(R"({"choices":[{"message":{"content":"x"},"logprobs":{"content":)", R"(}}]})");
    const std::string google =
        body(R"({"candidates":[{"content":{"parts":[{"text":"x"}]},"logprobsResult":{"chosenCandidates":)",
             R"(,"topCandidates":[[],{"candidates":[1]},{},{},{},{},{},{}]},"finishReason":"STOP"}]})");
    const std::string legacy =
        body(R"({"choices":[{"text":"x","logprobs":{"tokens":)",
             R"(,"token_logprobs":[[],{}],"top_logprobs":[[],5]},"finish_reason":"stop"}]})");
    const std::string cohere = body(
        R"({"message":{"content":[{"type":"text","text":"x"}]},"finish_reason":"COMPLETE","logprobs":)", "}");
    for (const auto& [id, text] : {std::pair(DialectId::OpenAiChat, chat),
                                   {DialectId::Gemini, google},
                                   {DialectId::OpenAiCompletions, legacy},
                                   {DialectId::Cohere, cohere}}) {
        const auto read = shape(id).decodeCompletion(text);
        QVERIFY(read.ok());
        for (const TokenLogprob& token : joinedLogprobs(read->parts))
            QVERIFY(std::isfinite(token.logprob));
        for (const Dialect* client : allDialects())
            QVERIFY(Json::accept(client->encodeCompletion(*read, context())));
    }
}

void LogprobsTest::areNoMoreThanAnAnswerCanHave()
{
    std::string list = "[";
    for (std::size_t i = 0; i < kMaxTokens + 5; ++i)
        list.append(i == 0 ? "" : ",").append(R"({"token":""})");
    QCOMPARE(readLogprobs(list + ']').size(), kMaxTokens);
    std::string many = R"([{"token":"a","logprob":-1,"top_logprobs":[)";
    for (int i = 0; i < 100; ++i)
        many.append(i == 0 ? "" : ",").append(R"({"token":"b","logprob":-2})");
    QCOMPARE(readLogprobs(many + "]}]")[0].top.size(), std::size_t(kMostTopLogprobs));
}

QTEST_APPLESS_MAIN(LogprobsTest)
#include "logprobs_test.moc"
