// SPDX-License-Identifier: GPL-3.0-or-later
// Which strings of a body are texts that somebody said.
#include <QTest>

#include "base/json_text.h"
#include "dialect/text_places.h"

using namespace gateway;
using namespace gateway::dialect;

namespace {

const char* nameOf(TextSort sort)
{
    switch (sort) {
    case TextSort::System:
        return "system";
    case TextSort::User:
        return "user";
    case TextSort::Assistant:
        return "assistant";
    case TextSort::ToolCall:
        return "call";
    case TextSort::ToolResult:
        return "result";
    case TextSort::Undecided:
        break;
    }
    return "?";
}

/// "user:hello|call:{…}" in the body's order.
QByteArray textsIn(const std::vector<TextPlace>& places)
{
    QByteArray all;
    for (const TextPlace& place : places) {
        if (!all.isEmpty()) all += "|";
        all += nameOf(place.sort);
        all += ":";
        all += place.isObject ? QByteArray(place.quoted.data(), static_cast<qsizetype>(place.quoted.size()))
                              : QByteArray::fromStdString(decodeJsonString(place.quoted).value());
    }
    return all;
}

struct Sample {
    const char* name;
    DialectId dialect;
    const char* body;
    const char* texts;
};

const Sample kRequests[] = {
    {"chat", DialectId::OpenAiChat,
     R"({"model":"m","user":"id-1","messages":[{"role":"system","content":"be kind"},{"role":"developer","content":"too"},)"
     R"({"role":"user","name":"Jane","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:x"}}]},)"
     R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},)"
     R"({"role":"tool","tool_call_id":"c1","content":"done"}],"tools":[{"type":"function","function":{"name":"f","description":"not said"}}]})",
     "system:be kind|system:too|user:look|call:{\"a\":1}|result:done"},
    {"messages", DialectId::AnthropicMessages,
     R"({"model":"m","system":[{"type":"text","text":"be kind","cache_control":{"type":"ephemeral"}}],"messages":[)"
     R"({"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"signed","signature":"s"},)"
     R"({"type":"text","text":"ok"},{"type":"tool_use","id":"t","name":"f","input":{"a":["b"]}}]},)"
     R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"done"}]},)"
     R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},)"
     R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"a letter"}}]}]})",
     R"(system:be kind|user:hi|assistant:ok|call:{"a":["b"]}|result:done|user:a letter)"},
    {"messages with plain texts", DialectId::AnthropicMessages,
     R"({"system":"be kind","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"done"}]}]})",
     "system:be kind|result:done"},
    {"responses", DialectId::OpenAiResponses,
     R"({"model":"m","instructions":"be kind","input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]},)"
     R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]},)"
     R"({"type":"function_call","call_id":"c","name":"f","arguments":"{}"},)"
     R"({"type":"function_call_output","call_id":"c","output":"done"},{"type":"reasoning","encrypted_content":"xyz","summary":[]}]})",
     "system:be kind|user:hi|assistant:ok|call:{}|result:done"},
    {"responses, one text", DialectId::OpenAiResponses, R"({"input":"hi","metadata":{"text":"not said"}})",
     "user:hi"},
    {"gemini", DialectId::Gemini,
     R"({"systemInstruction":{"parts":[{"text":"be kind"}]},"contents":[{"role":"user","parts":[{"text":"hi"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},)"
     R"({"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":"b"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"r":"done"}}}]}]})",
     R"(system:be kind|user:hi|call:{"a":"b"}|result:{"r":"done"})"},
    {"ollama", DialectId::Ollama,
     R"({"messages":[{"role":"user","content":"hi","images":["AAAA"]},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":"b"}}}]},)"
     R"({"role":"tool","content":"done","tool_name":"f"}]})",
     R"(user:hi|assistant:|call:{"a":"b"}|result:done)"},
    {"ollama, a prompt", DialectId::OllamaPrompt,
     R"({"model":"m","system":"be kind","prompt":"hi","context":[1]})", "system:be kind|user:hi"},
    {"cohere", DialectId::Cohere,
     R"({"messages":[{"role":"user","content":"hi"}],"documents":["one",{"id":"d","data":{"text":"two"}}]})",
     R"(user:hi|result:one|result:{"text":"two"})"},
    {"completions", DialectId::OpenAiCompletions, R"({"prompt":["a","b"],"stop":"no"})", "user:a|user:b"},
    {"embeddings", DialectId::OpenAiChat, R"({"model":"m","input":["a","b"]})", "user:a|user:b"},
    {"an escaped name", DialectId::OpenAiChat, R"({"mess\u0061ges":[{"role":"user","content":"hi"}]})",
     "user:hi"},
};

const Sample kAnswers[] = {
    {"chat", DialectId::OpenAiChat,
     R"({"id":"x","choices":[{"message":{"role":"assistant","content":"ok","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}}]})",
     "assistant:ok|call:{}"},
    {"messages", DialectId::AnthropicMessages,
     R"({"id":"x","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"ok"},{"type":"tool_use","id":"t","name":"f","input":{"a":"b"}}]})",
     R"(assistant:ok|call:{"a":"b"})"},
    {"responses", DialectId::OpenAiResponses,
     R"({"id":"x","instructions":"not said","output":[{"type":"message","content":[{"type":"output_text","text":"ok"}]},{"type":"function_call","name":"f","arguments":"{}"}]})",
     "assistant:ok|call:{}"},
    {"gemini", DialectId::Gemini,
     R"({"candidates":[{"content":{"parts":[{"text":"ok"},{"functionCall":{"name":"f","args":{}}}]}}]})",
     "assistant:ok|call:{}"},
    {"ollama", DialectId::Ollama, R"({"message":{"role":"assistant","content":"ok"},"done":true})",
     "assistant:ok"},
    {"ollama, a prompt", DialectId::OllamaPrompt, R"({"response":"ok","context":[1]})", "assistant:ok"},
    {"cohere", DialectId::Cohere,
     R"({"id":"x","message":{"role":"assistant","content":[{"type":"text","text":"ok"}]}})", "assistant:ok"},
    {"completions", DialectId::OpenAiCompletions, R"({"choices":[{"text":"ok"}]})", "assistant:ok"},
};

} // namespace

class TextPlacesTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatWasSaid_data() { rows(kRequests, std::size(kRequests)); }
    void findsWhatWasSaid();
    void findsWhatIsAnswered_data() { rows(kAnswers, std::size(kAnswers)); }
    void findsWhatIsAnswered();
    void changesThatAlone();
    void countsMessages();

private:
    static void rows(const Sample* samples, std::size_t count)
    {
        QTest::addColumn<int>("place");
        for (std::size_t i = 0; i < count; ++i)
            QTest::newRow(samples[i].name) << static_cast<int>(i);
    }
};

void TextPlacesTest::findsWhatWasSaid()
{
    QFETCH(int, place);
    const Sample& sample = kRequests[place];
    QCOMPARE(textsIn(requestTexts(sample.dialect, sample.body)), QByteArray(sample.texts));
}

void TextPlacesTest::findsWhatIsAnswered()
{
    QFETCH(int, place);
    const Sample& sample = kAnswers[place];
    QCOMPARE(textsIn(answerTexts(sample.dialect, sample.body)), QByteArray(sample.texts));
}

void TextPlacesTest::changesThatAlone()
{
    for (const Sample& sample : kRequests) {
        const std::string body = sample.body;
        const auto places = requestTexts(sample.dialect, body);
        const std::string other = "x \"y\" \xc3\xbc", object = R"({"z":1})";
        std::vector<const std::string*> texts;
        std::string expected = body;
        for (auto place = places.rbegin(); place != places.rend(); ++place) {
            const auto at = static_cast<std::size_t>(place->quoted.data() - body.data());
            expected.replace(at, place->quoted.size(), place->isObject ? object : jsonQuoted(other));
        }
        for (const TextPlace& place : places)
            texts.push_back(place.isObject ? &object : &other);
        QCOMPARE(withTexts(body, places, texts), expected);
        QCOMPARE(withTexts(body, places, std::vector<const std::string*>(places.size(), nullptr)), body);
    }
}

void TextPlacesTest::countsMessages()
{
    const auto places = requestTexts(DialectId::OpenAiChat, kRequests[0].body);
    QCOMPARE(places.front().message, 1U);
    QCOMPARE(places.back().message, 5U);
}

QTEST_APPLESS_MAIN(TextPlacesTest)
#include "text_places_test.moc"
