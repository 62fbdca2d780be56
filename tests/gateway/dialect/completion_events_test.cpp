// SPDX-License-Identifier: GPL-3.0-or-later
// An answer as events, and back again.
#include <QTest>

#include "dialect/completion_events.h"
#include "dialect/dialect.h"

using namespace gateway;
using namespace gateway::dialect;

namespace {

Completion answer()
{
    Completion completion;
    completion.id = "id";
    completion.model = "m";
    completion.parts.emplace_back(ThinkingPart{"let me see", "signed", "hidden"});
    TextPart text;
    text.text = "two words";
    text.citations.push_back({"https://example.org", "A page", "its words", 0, 3});
    text.logprobs.push_back({"two", -0.5});
    completion.parts.emplace_back(text);
    completion.parts.emplace_back(ToolCallPart{"call-1", "look", "{\"at\":1}"});
    completion.parts.emplace_back(ToolCallPart{"call-2", "rest", "{}"});
    completion.parts.emplace_back(ImagePart{"image/png", "aGk=", {}, {}});
    completion.finish = Finish::StopSequence;
    completion.stopSequence = "END";
    completion.usage.known = true;
    completion.usage.inputTokens = 7;
    completion.usage.outputTokens = 9;
    return completion;
}

/// The same answer says the same in each dialect; what differs is shown by it.
QByteArray said(const Completion& completion, DialectId dialect)
{
    CompletionContext context;
    context.model = "m";
    return QByteArray::fromStdString(dialectOf(dialect).encodeCompletion(completion, context));
}

} // namespace

class CompletionEventsTest : public QObject {
    Q_OBJECT

private slots:
    void goesThereAndBack();
    void opensOneBlockAtATime();
    void putsDeltasTogether();
    void keepsRefusals();
};

void CompletionEventsTest::goesThereAndBack()
{
    const Completion first = answer();
    const Completion again = completionOf(eventsOf(first));
    QCOMPARE(again.parts.size(), first.parts.size());
    QCOMPARE(again.finish, first.finish);
    QCOMPARE(again.stopSequence, first.stopSequence);
    QCOMPARE(again.usage.outputTokens, first.usage.outputTokens);
    QCOMPARE(std::get<ThinkingPart>(again.parts[0]).signature, std::string("signed"));
    QCOMPARE(std::get<ThinkingPart>(again.parts[0]).redacted, std::string("hidden"));
    QCOMPARE(std::get<TextPart>(again.parts[1]).citations.size(), std::size_t{1});
    QCOMPARE(std::get<TextPart>(again.parts[1]).logprobs.size(), std::size_t{1});
    QCOMPARE(std::get<ImagePart>(again.parts[4]).base64, std::string("aGk="));
    for (const DialectId dialect : {DialectId::OpenAiChat, DialectId::AnthropicMessages, DialectId::Gemini,
                                    DialectId::Ollama, DialectId::Cohere, DialectId::OpenAiCompletions})
        QCOMPARE(said(again, dialect), said(first, dialect));
}

void CompletionEventsTest::opensOneBlockAtATime()
{
    int open = 0, index = 0;
    for (const Event& event : eventsOf(answer())) {
        if (const auto* block = std::get_if<BlockStarted>(&event)) {
            QCOMPARE(++open, 1);
            QCOMPARE(block->index, index++);
        }
        if (std::get_if<BlockEnded>(&event)) QCOMPARE(--open, 0);
        if (std::get_if<ImageGiven>(&event)) ++index;
    }
    QCOMPARE(open, 0);
}

void CompletionEventsTest::putsDeltasTogether()
{
    const Completion whole = completionOf(
        std::vector<Event>{Started{"id", "m"}, BlockStarted{0, BlockKind::Text, {}, {}}, TextDelta{"one "},
                           TextDelta{"two"}, BlockEnded{0}, BlockStarted{1, BlockKind::ToolCall, "c", "f"},
                           BlockEnded{1}, Finished{Finish::ToolCalls, {}}, Ended{}});
    QCOMPARE(std::get<TextPart>(whole.parts.at(0)).text, std::string("one two"));
    QCOMPARE(std::get<ToolCallPart>(whole.parts.at(1)).argumentsJson, std::string("{}"));
    QCOMPARE(whole.finish, Finish::ToolCalls);
}

void CompletionEventsTest::keepsRefusals()
{
    Completion refusal;
    refusal.parts.emplace_back(TextPart{"I would rather not.", {}});
    refusal.refused = true;
    QVERIFY(completionOf(eventsOf(refusal)).refused);
    QVERIFY(!completionOf(eventsOf(answer())).refused);
}

QTEST_APPLESS_MAIN(CompletionEventsTest)
#include "completion_events_test.moc"
