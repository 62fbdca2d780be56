// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <vector>

#include <QTest>

#include "base/utf8.h"
#include "provider/sandbox.h"

using namespace gateway;
using namespace gateway::provider;
using std::chrono::milliseconds;

namespace {

using Steps = std::vector<SandboxStep>;

Message message(Role role, std::vector<Part> parts)
{
    Message made;
    made.role = role;
    made.parts = std::move(parts);
    return made;
}

Request asking(const std::string& text)
{
    Request request;
    request.messages.push_back(message(Role::User, {TextPart{text, {}}}));
    return request;
}

Request withTool(Request request)
{
    request.tools.push_back({"weather", "", "{}", std::nullopt, "", false, ""});
    request.tools.push_back({"other", "", "{}", std::nullopt, "", false, ""});
    return request;
}

Steps answer(const Request& request, std::string_view model, std::uint64_t call = 0)
{
    auto made = sandboxAnswer(request, model, call);
    return made ? std::move(made.value()) : Steps();
}

std::string textOf(const Steps& steps)
{
    std::string text;
    for (const SandboxStep& step : steps) {
        if (const auto* delta = std::get_if<TextDelta>(&step.event)) text += delta->text;
    }
    return text;
}

template <class T>
std::vector<T> all(const Steps& steps)
{
    std::vector<T> found;
    for (const SandboxStep& step : steps) {
        if (const auto* event = std::get_if<T>(&step.event)) found.push_back(*event);
    }
    return found;
}

/// The order of events that exchange/canonical.h promises; empty when it is kept.
std::string disorder(const Steps& steps)
{
    if (steps.size() < 4 || !std::holds_alternative<Started>(steps.front().event)) return "does not begin";
    if (!std::holds_alternative<Ended>(steps.back().event)) return "does not end";
    if (!std::holds_alternative<Finished>(steps[steps.size() - 2].event)) return "does not finish last";
    int open = -1, next = 0;
    for (const SandboxStep& step : steps) {
        if (const auto* begun = std::get_if<BlockStarted>(&step.event)) {
            if (open != -1 || begun->index != next) return "begins a block inside of another";
            open = next++;
        }
        const bool delta = std::holds_alternative<TextDelta>(step.event) ||
                           std::holds_alternative<ArgumentsDelta>(step.event);
        if (delta && open == -1) return "says something outside of a block";
        if (const auto* ended = std::get_if<BlockEnded>(&step.event)) {
            if (ended->index != open) return "ends another block";
            open = -1;
        }
    }
    return open == -1 ? std::string() : "leaves a block open";
}

} // namespace

class SandboxTest : public QObject {
    Q_OBJECT

private slots:
    void echoesTheLastUserText()
    {
        Request request = asking("first");
        request.messages.push_back(message(Role::Assistant, {TextPart{"no", {}}}));
        request.messages.push_back(
            message(Role::User, {TextPart{"look at", {}}, ImagePart{}, TextPart{"this", {}}}));
        QCOMPARE(textOf(answer(request, "echo")), std::string("[simulated] look at this"));
        request.messages.push_back(message(Role::Assistant, {TextPart{"prefill", {}}}));
        QCOMPARE(textOf(answer(request, "echo")), std::string("[simulated] look at this"));
        QCOMPARE(textOf(answer(Request(), "echo")), std::string("[simulated] "));
    }

    void keepsTheOrderOfEvents()
    {
        Request request = withTool(asking("a text that is longer than one piece of an echo is"));
        for (const std::string_view model : sandboxModels()) {
            const std::string problem = disorder(answer(request, model));
            QVERIFY2(problem.empty(), (std::string(model) + " " + problem).c_str());
            const auto begun = all<Started>(answer(request, model));
            QCOMPARE(begun.front().model, "sandbox/" + std::string(model));
        }
    }

    void cutsNoCharacter()
    {
        std::string text;
        for (int i = 0; i < 50; ++i)
            text += "äß€😀x";
        for (int shift = 0; shift < 8; ++shift) {
            const Steps steps =
                answer(asking(std::string(static_cast<std::size_t>(shift), '.') + text), "echo");
            QVERIFY(all<TextDelta>(steps).size() > 10);
            for (const TextDelta& delta : all<TextDelta>(steps))
                QVERIFY(isUtf8(delta.text));
        }
        // No text at all, to the eyes of UTF-8; it must only end.
        const std::string broken(1000, '\x80');
        QCOMPARE(textOf(answer(asking(broken), "echo")), "[simulated] " + broken);
    }

    void isSlowByTheWord()
    {
        const Steps steps = answer(asking("one two  three"), "slow");
        QCOMPARE(textOf(steps), std::string("[simulated] one two  three"));
        milliseconds total{0};
        std::size_t words = 0;
        for (const SandboxStep& step : steps) {
            const bool text = std::holds_alternative<TextDelta>(step.event);
            QCOMPARE(step.delay, text ? milliseconds(200) : milliseconds(0));
            total += step.delay;
            words += text ? 1 : 0;
        }
        QCOMPARE(total, milliseconds(200) * words);
        for (const SandboxStep& step : answer(asking("one two"), "echo"))
            QCOMPARE(step.delay, milliseconds(0));
    }

    void failsEverySecondCallOfFlaky()
    {
        for (std::uint64_t call = 0; call < 10; ++call) {
            const auto made = sandboxAnswer(asking("hi"), "flaky", call);
            QCOMPARE(made.ok(), call % 2 == 0);
            if (made) continue;
            QCOMPARE(httpStatus(made.error()), 503);
            QCOMPARE(made.error().code, Code::UpstreamOverloaded);
            QCOMPARE(made.error().retry, Retry::SameTarget);
            QVERIFY(made.error().message.starts_with("[simulated] "));
        }
        QVERIFY(sandboxAnswer(asking("hi"), "echo", 1).ok());
    }

    void callsTheFirstToolAndAnswersItsResult()
    {
        Request request = withTool(asking("weather?"));
        const Steps first = answer(request, "tools");
        const auto blocks = all<BlockStarted>(first);
        QCOMPARE(blocks.size(), std::size_t{2});
        QCOMPARE(blocks[1].kind, BlockKind::ToolCall);
        QCOMPARE(blocks[1].toolName, std::string("weather"));
        QVERIFY(!blocks[1].toolId.empty());
        QCOMPARE(all<ArgumentsDelta>(first).front().json, std::string("{}"));
        QCOMPARE(all<Finished>(first).front().finish, Finish::ToolCalls);

        request.messages.push_back(
            message(Role::Assistant, {ToolCallPart{blocks[1].toolId, "weather", "{}", false}}));
        request.messages.push_back(message(Role::User, {ToolResultPart{blocks[1].toolId, {}, false}}));
        const Steps second = answer(request, "tools");
        QCOMPARE(all<BlockStarted>(second).size(), std::size_t{1});
        QCOMPARE(all<Finished>(second).front().finish, Finish::Stop);
        QVERIFY(textOf(second).starts_with("[simulated] "));

        QCOMPARE(textOf(answer(asking("hi"), "tools")), std::string("[simulated] hi"));
    }

    void countsUsageAndCostsNothing()
    {
        for (const std::string_view model : sandboxModels()) {
            const auto usage = all<UsageReported>(answer(withTool(asking("some words to count")), model));
            QCOMPARE(usage.size(), std::size_t{1});
            QVERIFY(usage[0].usage.known && !usage[0].usage.estimated);
            QVERIFY(usage[0].usage.inputTokens > 0 && usage[0].usage.outputTokens > 0);
            QVERIFY(usage[0].usage.reportedCost == Money());
        }
    }

    void namesItsModelsWhereItIsAskedForAnother()
    {
        for (const char* model : {"", "Echo", "gpt-4.1", "echo "}) {
            const auto made = sandboxAnswer(asking("hi"), model, 0);
            QVERIFY(!made);
            QCOMPARE(made.error().code, Code::ModelNotFound);
            for (const std::string_view known : sandboxModels())
                QVERIFY(made.error().message.find(known) != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(SandboxTest)
#include "sandbox_test.moc"
