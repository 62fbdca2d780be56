// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "pipeline/mended_stream.h"

using namespace gateway;
using pipeline::MendedStream;

namespace {

/// Writes events in a form that can be read: "[0" a text block, "<0" reasoning, "{0" a tool call; "]" its
/// end.
class Plain : public dialect::EventEncoder {
public:
    void write(const Event& event, std::string& out) override
    {
        if (const auto* block = std::get_if<BlockStarted>(&event)) {
            out += block->kind == BlockKind::Text ? '[' : block->kind == BlockKind::Thinking ? '<' : '{';
            out += std::to_string(block->index) + ":";
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            out += text->text;
        } else if (const auto* ended = std::get_if<BlockEnded>(&event)) {
            out += "]" + std::to_string(ended->index);
        } else if (const auto* used = std::get_if<UsageReported>(&event)) {
            out += "(" + std::to_string(used->usage.outputTokens) + ")";
        } else if (std::holds_alternative<SignatureDelta>(event)) {
            out += "~";
        } else if (std::holds_alternative<Started>(event)) {
            out += "S";
        } else if (std::holds_alternative<Finished>(event)) {
            out += "F";
        } else if (std::holds_alternative<Failed>(event)) {
            out += "!";
        }
    }
};

class Written {
public:
    std::string text;
    MendedStream stream{std::make_unique<Plain>()};

    Written& operator<<(const Event& event)
    {
        stream.write(event, text);
        return *this;
    }
    /// A whole text block.
    Written& says(const std::string& words)
    {
        return *this << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{words} << BlockEnded{0};
    }
    void breaks(std::int64_t outputTokens = 0)
    {
        Usage used;
        used.outputTokens = outputTokens;
        used.known = true;
        stream.leave(used);
    }
};

} // namespace

class MendedStreamTest : public QObject {
    Q_OBJECT

private slots:
    void passesAWholeAnswer();
    void goesOnInTheSameBlock();
    void leavesOutTheRepeatedEnd_data();
    void leavesOutTheRepeatedEnd();
    void closesReasoningThatBrokeOff();
    void leavesOutReasoningOfLaterTargets();
    void addsUpWhatAllUsed();
    void goesOnFromNoTool();
    void losesNothingThatWasHeldBack();
    void goesOnMoreThanOnce();
    void tellsTheNextWhatWasSaid();
    void signsNoReasoningOfAnother();
    void goesOnFromNothingThatIsFinished();
};

void MendedStreamTest::passesAWholeAnswer()
{
    Written written;
    written << Started{} << BlockStarted{0, BlockKind::Thinking, {}, {}} << TextDelta{"hm"} << BlockEnded{0};
    written << BlockStarted{1, BlockKind::Text, {}, {}} << TextDelta{"yes"} << BlockEnded{1};
    written << Finished{} << Ended{};
    QCOMPARE(written.text, std::string("S<0:hm]0[1:yes]1F"));
}

void MendedStreamTest::goesOnInTheSameBlock()
{
    Written written;
    written << Started{} << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"one, "};
    QVERIFY(written.stream.mayGoOn());
    written.breaks();
    written << Started{};
    written.says("two");
    written << Finished{} << Ended{};
    QCOMPARE(written.text, std::string("S[0:one, two]0F"));
}

void MendedStreamTest::leavesOutTheRepeatedEnd_data()
{
    QTest::addColumn<QByteArrayList>("next");
    QTest::addColumn<QByteArray>("whole");
    const QByteArray said = "The quick brown fox jumps";
    QTest::newRow("nothing repeated") << QByteArrayList{" over"} << said + " over";
    QTest::newRow("its last words") << QByteArrayList{"brown fox jumps over"} << said + " over";
    QTest::newRow("all of it") << QByteArrayList{"The quick brown fox jumps over"} << said + " over";
    QTest::newRow("in pieces") << QByteArrayList{"brown", " fox", " jumps", " over", " it"}
                               << said + " over it";
    QTest::newRow("too little to be told") << QByteArrayList{"jumps over"} << said + "jumps over";
    QTest::newRow("nothing else") << QByteArrayList{"brown fox jumps"} << said;
}

void MendedStreamTest::leavesOutTheRepeatedEnd()
{
    QFETCH(QByteArrayList, next);
    QFETCH(QByteArray, whole);
    Written written;
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"The quick brown fox jumps"};
    written.breaks();
    written << BlockStarted{0, BlockKind::Text, {}, {}};
    for (const QByteArray& piece : next)
        written << TextDelta{piece.toStdString()};
    written << BlockEnded{0} << Finished{};
    QCOMPARE(QByteArray::fromStdString(written.text), "[0:" + whole + "]0F");
}

void MendedStreamTest::closesReasoningThatBrokeOff()
{
    Written written;
    written << BlockStarted{0, BlockKind::Thinking, {}, {}} << TextDelta{"hm"};
    QVERIFY(written.stream.mayGoOn());
    written.breaks();
    written.says("yes");
    QCOMPARE(written.text, std::string("<0:hm]0[1:yes]1"));
}

void MendedStreamTest::leavesOutReasoningOfLaterTargets()
{
    Written written;
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"one, "};
    written.breaks();
    written << BlockStarted{0, BlockKind::Thinking, {}, {}} << TextDelta{"how to go on"}
            << SignatureDelta{"s", {}} << BlockEnded{0};
    written << BlockStarted{1, BlockKind::Text, {}, {}} << TextDelta{"two"} << BlockEnded{1} << Finished{};
    QCOMPARE(written.text, std::string("[0:one, two]0F"));
}

void MendedStreamTest::addsUpWhatAllUsed()
{
    Written written;
    Usage used;
    used.outputTokens = 3;
    written << UsageReported{used};
    written.breaks(5);
    used.outputTokens = 4;
    written << UsageReported{used};
    QCOMPARE(written.text, std::string("(3)(9)"));
    QCOMPARE(written.stream.earlier().outputTokens, 5);
    QCOMPARE(written.stream.current().outputTokens, 4);
}

void MendedStreamTest::goesOnFromNoTool()
{
    Written written;
    written.says("let me see");
    QVERIFY(written.stream.mayGoOn());
    written << BlockStarted{1, BlockKind::ToolCall, "id", "look"} << ArgumentsDelta{"{"};
    QVERIFY(!written.stream.mayGoOn());
}

void MendedStreamTest::losesNothingThatWasHeldBack()
{
    Written written;
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"a long beginning of it all"};
    written.breaks();
    // Ends before it is clear whether it repeats.
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{", and"} << Finished{};
    QCOMPARE(written.text, std::string("[0:a long beginning of it all, and]0F"));
}

void MendedStreamTest::goesOnMoreThanOnce()
{
    Written written;
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"one, "};
    written.breaks();
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"two, "};
    written.breaks();
    written.says("three");
    QCOMPARE(written.text, std::string("[0:one, two, three]0"));
    // What nobody has seen is not gone on from.
    Written held;
    held << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"a long beginning of it all"};
    held.breaks();
    held << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"x"};
    held.breaks();
    Request request;
    held.stream.appendTo(request);
    QCOMPARE(std::get<TextPart>(request.messages.front().parts.front()).text,
             std::string("a long beginning of it all"));
}

void MendedStreamTest::tellsTheNextWhatWasSaid()
{
    Written written;
    Request request;
    written.stream.appendTo(request);
    QVERIFY(request.messages.empty());
    written << BlockStarted{0, BlockKind::Text, {}, {}} << TextDelta{"one, "} << TextDelta{"two"};
    written.breaks();
    written.stream.appendTo(request);
    QCOMPARE(request.messages.size(), std::size_t{2});
    QVERIFY(request.messages[0].role == Role::Assistant);
    QCOMPARE(std::get<TextPart>(request.messages[0].parts.front()).text, std::string("one, two"));
    QVERIFY(request.messages[1].role == Role::User);
}

void MendedStreamTest::signsNoReasoningOfAnother()
{
    Written written;
    written << BlockStarted{0, BlockKind::Thinking, {}, {}} << TextDelta{"hm"};
    written.breaks();
    written << BlockStarted{0, BlockKind::Thinking, {}, {}} << TextDelta{"well"} << SignatureDelta{"s", {}};
    written << BlockEnded{0} << BlockStarted{1, BlockKind::Text, {}, {}} << TextDelta{"yes"};
    QCOMPARE(written.text, std::string("<0:hm]0[1:yes"));
}

void MendedStreamTest::goesOnFromNothingThatIsFinished()
{
    Written written;
    written.says("all of it");
    written << Finished{};
    QVERIFY(!written.stream.mayGoOn());
}

QTEST_GUILESS_MAIN(MendedStreamTest)

#include "mended_stream_test.moc"
