// SPDX-License-Identifier: GPL-3.0-or-later
// What is added to a client's body in its own dialect: texts, parameters, tools and marks of the cache.
#include <algorithm>
#include <iterator>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "base/json_scan.h"
#include "dialect/prompt_edit.h"

using namespace gateway;
using namespace gateway::dialect;

namespace {

const std::vector<AddedText> kFour{
    {true, true, "S1"}, {true, false, "S2"}, {false, true, "U1"}, {false, false, "U2"}};

struct TextSample {
    const char* name;
    DialectId dialect;
    const char* body;
    const char* edited;
};

const TextSample kTexts[] = {
    {"chat", DialectId::OpenAiChat,
     R"({"model":"m","messages":[{"role":"developer","content":"own"},{"role":"user","content":"hi"}],"n":1})",
     R"({"model":"m","messages":[{"role":"system","content":"S1"},{"role":"developer","content":"own"},)"
     R"({"role":"system","content":"S2"},{"role":"user","content":"U1"},{"role":"user","content":"hi"},)"
     R"({"role":"user","content":"U2"}],"n":1})"},
    {"chat, in a tool's turn", DialectId::OpenAiChat,
     R"({"messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[]},{"role":"tool","content":"r"}]})",
     R"({"messages":[{"role":"system","content":"S1"},{"role":"system","content":"S2"},{"role":"user","content":"U1"},)"
     R"({"role":"user","content":"hi"},{"role":"user","content":"U2"},{"role":"assistant","tool_calls":[]},{"role":"tool","content":"r"}]})"},
    {"messages, without system", DialectId::AnthropicMessages,
     R"({"messages":[{"role":"user","content":"hi"}]})",
     R"({"messages":[{"role":"user","content":[{"type":"text","text":"U1"}]},{"role":"user","content":"hi"},)"
     R"({"role":"user","content":[{"type":"text","text":"U2"}]}],"system":"S1\n\nS2"})"},
    {"messages, with blocks", DialectId::AnthropicMessages,
     R"({"system":[{"type":"text","text":"own"}],"messages":[{"role":"user","content":"hi"},)"
     R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]})",
     R"({"system":[{"type":"text","text":"S1"},{"type":"text","text":"own"},{"type":"text","text":"S2"}],)"
     R"("messages":[{"role":"user","content":[{"type":"text","text":"U1"}]},{"role":"user","content":"hi"},)"
     R"({"role":"user","content":[{"type":"text","text":"U2"}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]})"},
    {"responses, one text", DialectId::OpenAiResponses, R"({"instructions":"own","input":"hi"})",
     R"({"instructions":"S1\n\nown\n\nS2","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"U1"}]},)"
     R"({"type":"message","role":"user","content":"hi"},)"
     R"({"type":"message","role":"user","content":[{"type":"input_text","text":"U2"}]}]})"},
    {"responses, going on", DialectId::OpenAiResponses,
     R"({"previous_response_id":"resp_1","input":[{"role":"user","content":"hi"}]})",
     R"({"previous_response_id":"resp_1","input":[{"role":"user","content":"hi"},)"
     R"({"type":"message","role":"user","content":[{"type":"input_text","text":"U2"}]}],"instructions":"S1\n\nS2"})"},
    {"gemini", DialectId::Gemini,
     R"({"system_instruction":{"role":"user","parts":[{"text":"own"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]},)"
     R"({"role":"user","parts":[{"functionResponse":{"name":"f"}}]}]})",
     R"({"system_instruction":{"role":"user","parts":[{"text":"S1"},{"text":"own"},{"text":"S2"}]},)"
     R"("contents":[{"role":"user","parts":[{"text":"U1"}]},{"role":"user","parts":[{"text":"hi"}]},)"
     R"({"role":"user","parts":[{"text":"U2"}]},{"role":"user","parts":[{"functionResponse":{"name":"f"}}]}]})"},
    {"gemini, no list", DialectId::Gemini, R"({"contents":{"role":"user","parts":[{"text":"hi"}]}})",
     R"({"contents":{"role":"user","parts":[{"text":"hi"}]},"systemInstruction":{"parts":[{"text":"S1"},{"text":"S2"}]}})"},
    {"completions", DialectId::OpenAiCompletions, R"({"prompt":"hi"})",
     R"({"prompt":"S1\n\nS2\n\nU1\n\nhi\n\nU2"})"},
    {"generate", DialectId::OllamaPrompt, R"({"prompt":"hi"})",
     R"({"prompt":"U1\n\nhi\n\nU2","system":"S1\n\nS2"})"},
};

struct MemberSample {
    const char* name;
    DialectId dialect;
    const char* parameters;
    const char* body;
    const char* asDefaults;
    const char* pinned;
};

const MemberSample kMembers[] = {
    {"chat", DialectId::OpenAiChat, R"({"temperature":0.2,"max_tokens":5})",
     R"({"model":"m","temperature":1,"max_completion_tokens":9})",
     R"({"model":"m","temperature":1,"max_completion_tokens":9})",
     R"({"model":"m","temperature":0.2,"max_tokens":5})"},
    {"messages", DialectId::AnthropicMessages, R"({"temperature":0.2,"max_tokens":5,"stop":"x"})",
     R"({"model":"m","max_tokens":100})",
     R"({"model":"m","max_tokens":100,"stop_sequences":["x"],"temperature":0.2})",
     R"({"model":"m","max_tokens":5,"stop_sequences":["x"],"temperature":0.2})"},
    {"gemini", DialectId::Gemini, R"({"temperature":0.2,"max_tokens":5})",
     R"({"generationConfig":{"temperature":1,"topP":0.5}})",
     R"({"generationConfig":{"temperature":1,"topP":0.5,"maxOutputTokens":5}})",
     R"({"generationConfig":{"temperature":0.2,"topP":0.5,"maxOutputTokens":5}})"},
    {"responses", DialectId::OpenAiResponses, R"({"max_tokens":50,"reasoning_effort":"low"})",
     R"({"model":"m"})", R"({"model":"m","max_output_tokens":50,"reasoning":{"effort":"low"}})",
     R"({"model":"m","max_output_tokens":50,"reasoning":{"effort":"low"}})"},
    {"ollama", DialectId::Ollama, R"({"seed":7})", R"({"model":"m","options":{"num_ctx":8}})",
     R"({"model":"m","options":{"num_ctx":8,"seed":7}})",
     R"({"model":"m","options":{"num_ctx":8,"seed":7}})"},
};

/// Members in the order of their names, so that who writes them first does not matter.
QByteArray sorted(const std::string& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).toJson(QJsonDocument::Compact);
}

std::string with(DialectId dialect, const char* body, const char* parameters, const char* tools, bool pins,
                 std::vector<SetMember>& set)
{
    const auto members = promptMembers(dialect, parameters, tools, "m");
    return members ? withPromptMembers(body, members->json, pins, set) : members.error().message;
}

} // namespace

class PromptEditTest : public QObject {
    Q_OBJECT

private slots:
    void addsTexts_data();
    void addsTexts();
    void setsMembers_data();
    void setsMembers();
    void tellsWhatItSets();
    void addsTools_data();
    void addsTools();
    void refusesWhatCannotBe();
    void marksLongPrefixes();
    void leavesOwnMarksAlone();
};

void PromptEditTest::addsTexts_data()
{
    QTest::addColumn<int>("at");
    for (int i = 0; i < static_cast<int>(std::size(kTexts)); ++i)
        QTest::newRow(kTexts[i].name) << i;
}

void PromptEditTest::addsTexts()
{
    QFETCH(int, at);
    const TextSample& sample = kTexts[at];
    QCOMPARE(QByteArray::fromStdString(withPromptTexts(sample.dialect, sample.body, kFour)),
             QByteArray(sample.edited));
    QCOMPARE(withPromptTexts(sample.dialect, sample.body, {}), std::string(sample.body));
}

void PromptEditTest::setsMembers_data()
{
    QTest::addColumn<int>("at");
    for (int i = 0; i < static_cast<int>(std::size(kMembers)); ++i)
        QTest::newRow(kMembers[i].name) << i;
}

void PromptEditTest::setsMembers()
{
    QFETCH(int, at);
    const MemberSample& sample = kMembers[at];
    std::vector<SetMember> set;
    QCOMPARE(sorted(with(sample.dialect, sample.body, sample.parameters, "", false, set)),
             sorted(sample.asDefaults));
    QCOMPARE(sorted(with(sample.dialect, sample.body, sample.parameters, "", true, set)),
             sorted(sample.pinned));
}

void PromptEditTest::tellsWhatItSets()
{
    std::vector<SetMember> set;
    with(DialectId::Gemini, R"({"generationConfig":{"temperature":1}})",
         R"({"temperature":0.5,"max_tokens":5})", "", true, set);
    QCOMPARE(set.size(), std::size_t(2));
    std::sort(set.begin(), set.end(),
              [](const auto& left, const auto& right) { return left.name < right.name; });
    QCOMPARE(set[0].name, std::string("generationConfig.maxOutputTokens"));
    QCOMPARE(set[0].before, std::string());
    QCOMPARE(set[1].name, std::string("generationConfig.temperature"));
    QCOMPARE(set[1].before, std::string("1"));
    QCOMPARE(set[1].now, std::string("0.5"));
}

void PromptEditTest::addsTools_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QByteArray>("own");
    QTest::addColumn<int>("count");
    const auto row = [](const char* name, DialectId dialect, const char* own, int count) {
        QTest::newRow(name) << static_cast<int>(dialect) << QByteArray(own) << count;
    };
    row("none of its own", DialectId::OpenAiChat, R"({"model":"m"})", 1);
    row("chat", DialectId::OpenAiChat, R"({"tools":[{"type":"function","function":{"name":"other"}}]})", 2);
    row("chat, the same", DialectId::OpenAiChat,
        R"({"tools":[{"type":"function","function":{"name":"look_up"}}]})", 1);
    row("messages", DialectId::AnthropicMessages, R"({"tools":[{"name":"other","input_schema":{}}]})", 2);
    row("messages, the same", DialectId::AnthropicMessages,
        R"({"tools":[{"name":"look_up","input_schema":{}}]})", 1);
    row("responses", DialectId::OpenAiResponses, R"({"tools":[{"type":"web_search"}]})", 2);
    row("gemini", DialectId::Gemini, R"({"tools":[{"functionDeclarations":[{"name":"other"}]}]})", 2);
    row("gemini, the same", DialectId::Gemini, R"({"tools":[{"functionDeclarations":[{"name":"look_up"}]}]})",
        1);
}

void PromptEditTest::addsTools()
{
    QFETCH(int, dialect);
    QFETCH(QByteArray, own);
    QFETCH(int, count);
    std::vector<SetMember> set;
    const std::string edited = with(
        static_cast<DialectId>(dialect), own.constData(), "",
        R"([{"type":"function","function":{"name":"look_up","parameters":{"type":"object"}}}])", false, set);
    const QJsonObject body = QJsonDocument::fromJson(QByteArray::fromStdString(edited)).object();
    QVERIFY2(edited.find("look_up") != std::string::npos, edited.c_str());
    QCOMPARE(body["tools"].toArray().size(), count);
}

void PromptEditTest::refusesWhatCannotBe()
{
    const auto members = promptMembers(DialectId::Gemini, "", R"([{"type":"function","function":{}}])", "m");
    QVERIFY(!members);
    QVERIFY2(members.error().message.find("name") != std::string::npos, members.error().message.c_str());
}

void PromptEditTest::marksLongPrefixes()
{
    const std::string text(5000, 'a');
    const std::string body =
        R"({"tools":[{"name":"a"},{"name":"b"}],"system":")" + text +
        R"(","messages":[{"role":"user","content":"one"},{"role":"user","content":"two"}]})";
    const std::string marked = withCacheMarks(body, "1h");
    const QByteArray mark = R"("cache_control":{"type":"ephemeral","ttl":"1h"})";
    const QByteArray bytes = QByteArray::fromStdString(marked);
    QCOMPARE(bytes.count(mark), 3);
    QVERIFY(bytes.contains(R"({"name":"b",)" + mark));
    QVERIFY(bytes.contains(R"("text":"two",)" + mark));
    JsonDocument document;
    QVERIFY(!scanJson(marked, document));
    QCOMPARE(withCacheMarks(R"({"system":"short","messages":[]})", "5m"),
             std::string(R"({"system":"short","messages":[]})"));
}

void PromptEditTest::leavesOwnMarksAlone()
{
    const std::string text(5000, 'a');
    const std::string body =
        R"({"system":[{"type":"text","text":")" + text +
        R"(","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"hi"}]})";
    QCOMPARE(withCacheMarks(body, "5m"), body);
    // A block that takes none.
    const std::string thought =
        R"({"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":")" + text +
        R"(","signature":"s"}]}]})";
    QCOMPARE(withCacheMarks(thought, "5m"), thought);
}

QTEST_APPLESS_MAIN(PromptEditTest)
#include "prompt_edit_test.moc"
