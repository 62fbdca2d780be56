// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect;
using namespace gateway::dialect::testing;

namespace {

Json thinkingBlock(const char* signature)
{
    return {{"type", "thinking"}, {"thinking", "Hm."}, {"signature", signature}};
}

const Json kText = {{"type", "text"}, {"text", "Hi"}};
const Json kCall = {{"type", "tool_use"}, {"id", "toolu_1"}, {"name", "f"}, {"input", Json::object()}};

std::string conversation(const Json& content, const char* thinking = "adaptive")
{
    const Json user = {{"role", "user"}, {"content", "Go on."}};
    return Json{{"model", "claude-opus-4-5"},
                {"thinking", {{"type", thinking}}},
                {"messages", {user, {{"role", "assistant"}, {"content", content}}, user}}}
        .dump();
}

std::string passedOn(const std::string& body, std::vector<std::string>* dropped = nullptr)
{
    BodyEdit edit;
    edit.model = "claude-opus-4-5";
    edit.dropped = dropped;
    return anthropic().edit(body, scanned(body), edit).value();
}

bool needsEdit(const std::string& body)
{
    return anthropic().facts(scanned(body), {}).value().needsEdit;
}

/// What a client that asked for reasoning gets.
struct Thinker {
    Request request;
    CompletionContext made = context();

    Thinker()
    {
        request.reasoning.adaptive = true;
        made.request = &request;
    }
};

} // namespace

class AnthropicThinkingTest : public QObject {
    Q_OBJECT

private slots:
    void takesOutWhatOthersThought_data();
    void takesOutWhatOthersThought();
    void leavesOwnThinkingAsItCame();
    void leavesOutATurnOfNothingElse();
    void turnsABudgetOffWhereItsThinkingIsGone();
    void showsUnsignedReasoningAsItComes();
    void showsItToThoseWhoAskedOnly();
    void takesItBackUnsigned();
};

void AnthropicThinkingTest::takesOutWhatOthersThought_data()
{
    QTest::addColumn<QByteArray>("block");
    QTest::newRow("unsigned") << QByteArray::fromStdString(thinkingBlock("tp1.unsigned").dump());
    QTest::newRow("OpenAI's") << QByteArray::fromStdString(thinkingBlock("tp1.openai.gAAA").dump());
    QTest::newRow("Gemini's") << QByteArray::fromStdString(thinkingBlock("tp1.gemini.CgIB").dump());
    QTest::newRow("sealed") << QByteArray(R"({"type":"redacted_thinking","data":"tp1.openai.gAAA"})");
}

void AnthropicThinkingTest::takesOutWhatOthersThought()
{
    QFETCH(QByteArray, block);
    const std::string body = conversation({Json::parse(block.toStdString()), kText});
    QVERIFY(needsEdit(body));
    QCOMPARE(passedOn(body), conversation(Json::array({kText})));
}

void AnthropicThinkingTest::leavesOwnThinkingAsItCame()
{
    // A text that only speaks of marks is none.
    const Json talk = {{"type", "text"}, {"text", "\"tp1.openai.x\" is a mark"}};
    for (const Json& content :
         {Json{thinkingBlock("EqQBCkgIARABGAIiQL"), kText}, Json::array({talk}), Json::array({kText})}) {
        const std::string body = conversation(content);
        QVERIFY(!needsEdit(body));
        QCOMPARE(passedOn(body), body);
    }
}

void AnthropicThinkingTest::leavesOutATurnOfNothingElse()
{
    const Json sent = Json::parse(passedOn(conversation(Json::array({thinkingBlock("tp1.unsigned")}))));
    QCOMPARE(sent["messages"].size(), std::size_t(2));
    QCOMPARE(sent["messages"][1]["role"].get<std::string>(), "user");
}

void AnthropicThinkingTest::turnsABudgetOffWhereItsThinkingIsGone()
{
    std::vector<std::string> dropped;
    const Json content = {thinkingBlock("tp1.unsigned"), kCall};
    QVERIFY(!Json::parse(passedOn(conversation(content, "enabled"), &dropped)).contains("thinking"));
    QCOMPARE(dropped, std::vector<std::string>{"thinking"});
    QVERIFY(Json::parse(passedOn(conversation(content))).contains("thinking"));
    // Without a tool's call Anthropic does not ask for it.
    const Json answered = {thinkingBlock("tp1.unsigned"), kText};
    QVERIFY(Json::parse(passedOn(conversation(answered, "enabled"))).contains("thinking"));
}

void AnthropicThinkingTest::showsUnsignedReasoningAsItComes()
{
    const Thinker thinker;
    const auto encoder = anthropic().eventEncoder(thinker.made, {});
    std::string out;
    encoder->write(BlockStarted{0, BlockKind::Thinking, {}, {}}, out);
    encoder->write(TextDelta{"Let me "}, out);
    QVERIFY(out.find("Let me ") != std::string::npos); // not only once it is over
    encoder->write(TextDelta{"see."}, out);
    encoder->write(BlockEnded{0}, out);
    encoder->write(BlockStarted{1, BlockKind::Text, {}, {}}, out);
    encoder->write(TextDelta{"Hi"}, out);
    encoder->write(BlockEnded{1}, out);
    encoder->write(Finished{Finish::Stop, {}}, out);
    encoder->write(Ended{}, out);
    const auto events = datas(out);
    QCOMPARE(events[1]["content_block"]["type"].get<std::string>(), "thinking");
    QCOMPARE(events[4]["delta"].dump(),
             std::string(R"({"signature":"tp1.unsigned","type":"signature_delta"})"));
    QCOMPARE(events[6]["index"].get<int>(), 1);

    Completion whole;
    whole.parts = {ThinkingPart{"Let me see.", {}, {}}, TextPart{"Hi", {}}};
    const Json answer = Json::parse(anthropic().encodeCompletion(whole, thinker.made));
    QCOMPARE(answer["content"][0]["signature"].get<std::string>(), "tp1.unsigned");
    QCOMPARE(answer["content"][0]["thinking"].get<std::string>(), "Let me see.");
}

void AnthropicThinkingTest::showsItToThoseWhoAskedOnly()
{
    Thinker thinker;
    thinker.request.reasoning.hidden = true;
    Completion whole;
    whole.parts = {ThinkingPart{"secret", {}, {}}, TextPart{"Hi", {}}};
    for (const CompletionContext& each : {thinker.made, context()}) {
        QVERIFY(anthropic().encodeCompletion(whole, each).find("secret") == std::string::npos);
        const std::string stream =
            encoded(anthropic(),
                    {BlockStarted{0, BlockKind::Thinking, {}, {}}, TextDelta{"secret"}, BlockEnded{0}}, each);
        QVERIFY(stream.find("secret") == std::string::npos);
    }
}

void AnthropicThinkingTest::takesItBackUnsigned()
{
    const auto request = anthropic().decodeRequest(conversation({thinkingBlock("tp1.unsigned"), kText}), {});
    QVERIFY(request.ok());
    const auto& part = std::get<ThinkingPart>(request->messages[1].parts[0]);
    QCOMPARE(part.text, "Hm.");
    QVERIFY(part.signature.empty());
}

QTEST_APPLESS_MAIN(AnthropicThinkingTest)
#include "anthropic_thinking_test.moc"
