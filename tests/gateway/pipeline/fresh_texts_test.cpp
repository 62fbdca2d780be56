// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <QTest>

#include "base/json_text.h"
#include "pipeline/fresh_texts.h"

using namespace gateway;
using namespace gateway::pipeline;
using dialect::TextPlace;
using guardrail::CleanPrefixes;
using guardrail::Rule;

namespace {

const std::string kMark = "THE NEW WORDS";

/// How a dialect writes a conversation.
struct Shape {
    DialectId dialect = DialectId::OpenAiChat;
    std::string before, after; // the messages
    bool inParts = false;
};

Shape shapeOf(DialectId dialect)
{
    switch (dialect) {
    case DialectId::AnthropicMessages:
        return {dialect, R"({"model":"m","messages":[)",
                R"(],"system":[{"type":"text","text":")" + std::string(700, 's') + R"("}],"max_tokens":5})",
                true};
    case DialectId::OpenAiResponses:
        return {dialect, R"({"instructions":")" + std::string(700, 'i') + R"(","input":[ )", " ]}", true};
    case DialectId::Gemini:
        return {dialect, R"({ "contents" : [)",
                R"(], "systemInstruction": {"parts":[{"text":")" + std::string(700, 's') + R"("}]}})", true};
    default:
        return {dialect, R"({"stream":true,"messages":[)",
                R"(],"tools":[{"function":{"description":"THE NEW WORDS are no text here"}}]})"};
    }
}

std::string messageOf(const Shape& shape, std::size_t number, const std::string& text)
{
    const std::string quoted = jsonQuoted(text);
    const std::string role = number % 2 == 0 ? "user" : "assistant";
    if (shape.dialect == DialectId::Gemini) {
        return R"({"role":")" + std::string(number % 2 == 0 ? "user" : "model") + R"(","parts":[{"text":)" +
               quoted + "}]}";
    }
    if (shape.inParts)
        return R"({"content":[{"type":"text","text":)" + quoted + R"(}],"role":")" + role + "\"}";
    return R"({"role":")" + role + R"(","content":)" + quoted + "}";
}

std::string bodyOf(const Shape& shape, const std::vector<std::string>& texts)
{
    std::string body = shape.before;
    for (std::size_t i = 0; i < texts.size(); ++i)
        body += (i == 0 ? "" : i % 3 == 0 ? " , " : ",") + messageOf(shape, i, texts[i]);
    return body + shape.after;
}

std::vector<std::string> conversation(std::size_t messages)
{
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < messages; ++i)
        texts.push_back("message " + std::to_string(i) + "\n" + std::string(100 + i * 37 % 900, 'x') + "\"");
    return texts;
}

struct Reading {
    std::size_t bytes = 0;
    std::vector<std::string> texts; // with their messages: "3:…"
    [[nodiscard]] bool holds(const std::string& words) const
    {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const std::string& text) { return text.find(words) != std::string::npos; });
    }
};

std::vector<std::string> told(const std::vector<TextPlace>& places)
{
    std::vector<std::string> texts;
    for (const TextPlace& place : places)
        texts.push_back(std::to_string(place.message) + ":" + std::to_string(static_cast<int>(place.sort)) +
                        ":" + decodeJsonString(place.quoted).value_or("?"));
    return texts;
}

} // namespace

class FreshTextsTest : public QObject {
    Q_OBJECT

private slots:
    void readsOnlyWhatIsNew_data();
    void readsOnlyWhatIsNew();
    void seesWhatIsChangedInAnOldPlace_data();
    void seesWhatIsChangedInAnOldPlace();
    void readsWhatNobodyRemembersAgain();
    void readsAnewForOtherRules();
    void readsAnewInAnotherDialect();
    void countsMessagesThatAreLeftOut();
    void knowsALongTextAsAWhole();
    void isEnoughForRulesThatOnlyLook();

private:
    static void everyDialect();
    Reading read(const std::string& body, DialectId dialect, bool remember = true)
    {
        return read(body, dialect, m_rules, remember);
    }
    Reading read(const std::string& body, DialectId dialect, const guardrail::RuleSet& set, bool remember);

    CleanPrefixes m_known;
    guardrail::RuleSet m_rules{Config()};
};

Reading FreshTextsTest::read(const std::string& body, DialectId dialect, const guardrail::RuleSet& set,
                             bool remember)
{
    JsonDocument document;
    if (scanJson(body, document)) qFatal("no JSON");
    FreshTexts fresh(m_known, {&set.rules().front()}, dialect, document);
    Reading reading{fresh.bytes(), told(fresh.places())};
    if (remember) fresh.remember();
    return reading;
}

void FreshTextsTest::everyDialect()
{
    QTest::addColumn<int>("dialect");
    QTest::newRow("chat") << static_cast<int>(DialectId::OpenAiChat);
    QTest::newRow("responses") << static_cast<int>(DialectId::OpenAiResponses);
    QTest::newRow("anthropic") << static_cast<int>(DialectId::AnthropicMessages);
    QTest::newRow("gemini") << static_cast<int>(DialectId::Gemini);
}

void FreshTextsTest::readsOnlyWhatIsNew_data()
{
    everyDialect();
}

void FreshTextsTest::readsOnlyWhatIsNew()
{
    QFETCH(int, dialect);
    const Shape shape = shapeOf(static_cast<DialectId>(dialect));
    std::vector<std::string> texts = conversation(40);
    const std::string first = bodyOf(shape, texts);
    const Reading all = read(first, shape.dialect);
    QCOMPARE(all.texts, told(dialect::requestTexts(shape.dialect, first)));

    const Reading again = read(first, shape.dialect);
    QCOMPARE(again.bytes, std::size_t{0});
    QVERIFY(again.texts.empty());

    for (int turn = 0; turn < 30; ++turn) {
        texts.push_back(kMark + std::to_string(turn) + std::string(static_cast<std::size_t>(turn * 90), 'y'));
        const std::string body = bodyOf(shape, texts);
        const Reading reading = read(body, shape.dialect);
        const std::vector<std::string> whole = told(dialect::requestTexts(shape.dialect, body));
        // The same as if all were read, but for those that are left out.
        auto at = whole.begin();
        for (const std::string& text : reading.texts) {
            at = std::find(at, whole.end(), text);
            QVERIFY2(at != whole.end(), text.c_str());
        }
        QVERIFY(reading.holds(kMark + std::to_string(turn)));
        // A block at most stands between what is known and what is new, and messages that reach into it.
        QVERIFY2(reading.bytes < texts.back().size() + 8 * CleanPrefixes::kBlock,
                 std::to_string(reading.bytes).c_str());
    }
}

void FreshTextsTest::seesWhatIsChangedInAnOldPlace_data()
{
    everyDialect();
}

void FreshTextsTest::seesWhatIsChangedInAnOldPlace()
{
    QFETCH(int, dialect);
    const Shape shape = shapeOf(static_cast<DialectId>(dialect));
    const std::vector<std::string> texts = conversation(30);
    read(bodyOf(shape, texts), shape.dialect);
    std::mt19937 random(7);
    for (int round = 0; round < 400; ++round) {
        std::vector<std::string> others = texts;
        std::string& text = others[random() % others.size()];
        const std::size_t at = random() % text.size();
        if (round % 2 == 0)
            text.replace(at, std::min(kMark.size(), text.size() - at), kMark); // of the same size, mostly
        else
            text.insert(at, kMark);
        if (round % 5 == 0) others.resize(1 + random() % others.size());
        const bool isThere = std::any_of(others.begin(), others.end(), [](const std::string& each) {
            return each.find(kMark) != std::string::npos;
        });
        const Reading reading = read(bodyOf(shape, others), shape.dialect, false);
        QCOMPARE(reading.holds(kMark), isThere);
    }
    const Reading same = read(bodyOf(shape, texts), shape.dialect);
    QCOMPARE(same.bytes, std::size_t{0});
}

void FreshTextsTest::readsWhatNobodyRemembersAgain()
{
    const Shape shape = shapeOf(DialectId::OpenAiChat);
    std::vector<std::string> texts = conversation(20);
    read(bodyOf(shape, texts), shape.dialect);
    texts.push_back(kMark);
    texts.push_back(std::string(5000, 'z'));
    for (int turn = 0; turn < 5; ++turn) {
        texts.push_back("turn " + std::to_string(turn));
        QVERIFY(read(bodyOf(shape, texts), shape.dialect, false).holds(kMark));
    }
}

void FreshTextsTest::readsAnewForOtherRules()
{
    const Shape shape = shapeOf(DialectId::OpenAiChat);
    const std::string body = bodyOf(shape, conversation(20));
    read(body, shape.dialect);
    QVERIFY(read(body, shape.dialect).texts.empty());
    const guardrail::RuleSet other{Config()}; // of a configuration that was applied since
    QCOMPARE(read(body, shape.dialect, other, true).texts.size(), std::size_t{20});
}

void FreshTextsTest::readsAnewInAnotherDialect()
{
    const Shape shape = shapeOf(DialectId::OpenAiChat);
    const std::string body = bodyOf(shape, conversation(20));
    read(body, DialectId::OpenAiChat);
    QCOMPARE(read(body, DialectId::Ollama).texts.size(), std::size_t{20});
}

void FreshTextsTest::countsMessagesThatAreLeftOut()
{
    // The system's text stands behind the messages, and is counted after them.
    const Shape shape = shapeOf(DialectId::AnthropicMessages);
    const std::vector<std::string> texts = conversation(12);
    read(bodyOf(shape, texts), shape.dialect);
    Shape other = shape;
    other.after.replace(other.after.find("sss"), 3, kMark);
    const Reading reading = read(bodyOf(other, texts), shape.dialect);
    QCOMPARE(reading.texts.size(), std::size_t{1});
    QVERIFY2(reading.texts.front().starts_with("12:"), reading.texts.front().c_str());
}

void FreshTextsTest::knowsALongTextAsAWhole()
{
    const std::string text(50'000, 'x');
    const auto body = [](const std::string& input) { return R"({"input":")" + input + R"("})"; };
    QVERIFY(read(body(text), DialectId::OpenAiResponses).bytes > text.size());
    QCOMPARE(read(body(text), DialectId::OpenAiResponses).bytes, std::size_t{0});
    QVERIFY(read(body(text + kMark), DialectId::OpenAiResponses).holds(kMark));
    QVERIFY(read(body(kMark + text), DialectId::OpenAiResponses).holds(kMark));
}

void FreshTextsTest::isEnoughForRulesThatOnlyLook()
{
    const auto isEnough = [](const char* check, const char* on, const char* action, const char* mode) {
        Config config;
        GuardrailConfig rule;
        rule.id = GuardrailId("rule");
        rule.check = check;
        rule.on = on;
        rule.action = action;
        rule.mode = mode;
        config.guardrails = {rule};
        const guardrail::RuleSet set(config);
        return FreshTexts::isEnoughFor({&set.rules().front()});
    };
    QVERIFY(isEnough("pii", "request", "flag", "enforce"));
    QVERIFY(isEnough("pii", "request", "mask", "observe"));
    QVERIFY(!isEnough("pii", "request", "mask", "enforce"));
    QVERIFY(!isEnough("secrets", "request", "block", "enforce"));
    QVERIFY(!isEnough("pii", "both", "flag", "enforce"));
    QVERIFY(!isEnough("word_count", "request", "flag", "enforce"));
}

QTEST_APPLESS_MAIN(FreshTextsTest)
#include "fresh_texts_test.moc"
