// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QCryptographicHash>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/guardrail_replay.h"

using namespace gateway;

namespace {

const std::string kMail = "ann.example@turnpike-mail.org";

/// One guardrail "g" with these members.
Config configWith(const std::string& members)
{
    const ParsedConfig parsed = parseConfig(R"({"guardrails": {"g": {)" + members + "}}}");
    for (const ConfigProblem& problem : parsed.problems) {
        if (problem.weight != ConfigProblem::Weight::Warning)
            qFatal("%s: %s", problem.path.c_str(), problem.message.c_str());
    }
    return parsed.config;
}

LogRow rowOf(const std::string& request, const std::string& answer = {})
{
    LogRow row;
    row.dialect = "openai";
    row.key = "laptop";
    row.requestedModel = "gpt-x";
    row.requestBody = request;
    row.responseBody = answer;
    return row;
}

std::string asking(const std::string& text)
{
    return R"({"model": "m", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": )"
           "\"" +
           text + "\"}]}";
}

std::string saying(const std::string& text)
{
    return R"({"choices": [{"index": 0, "message": {"role": "assistant", "content": )"
           "\"" +
           text + "\"}}]}";
}

GuardrailReplay replayOf(const std::string& members)
{
    return {configWith(members), GuardrailId("g")};
}

} // namespace

class GuardrailReplayTest : public QObject {
    Q_OBJECT

private slots:
    void whatStandsInABodyIsFound()
    {
        const GuardrailReplay replay = replayOf(R"("check": "pii", "scope": {})");
        QCOMPARE(replay.problem(), std::string());
        const auto look = replay.look(rowOf(asking("é " + kMail + " ü")));
        QVERIFY(look.inScope && !look.lackedRequest);
        QCOMPARE(look.finds, 1U);
        const GuardrailReplay::Find& find = look.first.front();
        QVERIFY(!find.inAnswer);
        QCOMPARE(find.before, std::string("é "));
        QCOMPARE(find.found, kMail);
        QCOMPARE(find.after, std::string(" ü"));
        QCOMPARE(find.kind, std::string("email"));
        QCOMPARE(
            QByteArray::fromStdString(find.sha256),
            QCryptographicHash::hash(QByteArray::fromStdString(kMail), QCryptographicHash::Sha256).toHex());
        QCOMPARE(replay.look(rowOf(asking("nothing"))).finds, 0U);
    }

    void exceptionsAreNotFound()
    {
        const std::string hash =
            QCryptographicHash::hash(QByteArray::fromStdString(kMail), QCryptographicHash::Sha256)
                .toHex()
                .toStdString();
        const auto replay = replayOf(R"("check": "pii", "scope": {}, "exceptions": [)"
                                     "\"" +
                                     hash + "\"]");
        QCOMPARE(replay.look(rowOf(asking(kMail))).finds, 0U);
        QVERIFY(!replay.findsIn(kMail, false));
    }

    void answersAreLookedAtWhereTheGuardrailDoes()
    {
        const LogRow row = rowOf(asking("hi"), saying(kMail));
        QCOMPARE(replayOf(R"("check": "pii", "scope": {})").look(row).finds, 0U);
        const auto look = replayOf(R"("check": "pii", "on": "response", "scope": {})").look(row);
        QCOMPARE(look.finds, 1U);
        QVERIFY(look.first.front().inAnswer);
    }

    void whatWasNotKeptIsSaid()
    {
        const auto replay = replayOf(R"("check": "pii", "on": "both", "scope": {})");
        const auto none = replay.look(rowOf({}, {}));
        QVERIFY(none.lackedRequest && none.lackedAnswer);
        const auto cut = replay.look(rowOf(asking("hi").substr(0, 40), saying("ho")));
        QVERIFY(cut.lackedRequest && !cut.lackedAnswer);
        LogRow strange = rowOf(asking(kMail));
        strange.dialect = "another";
        QVERIFY(replay.look(strange).lackedRequest);
    }

    void theScopeIsObeyedAndBeingOffIsNot()
    {
        const auto replay = replayOf(R"("check": "pii", "enabled": false, "scope": {"keys": ["team-*"]})");
        LogRow row = rowOf(asking(kMail));
        QVERIFY(!replay.look(row).inScope);
        QCOMPARE(replay.look(row).finds, 0U);
        row.key = "team-a";
        QCOMPARE(replay.look(row).finds, 1U);
    }

    void aWholeIsJudgedWithItsReason()
    {
        const auto replay = replayOf(R"("check": "word_count", "params": {"max": 2}, "scope": {})");
        const auto look = replay.look(rowOf(asking("one two three")));
        QCOMPARE(look.finds, 1U);
        QCOMPARE(look.first.front().before, std::string("one two three"));
        QVERIFY(look.first.front().sha256.empty());
        QVERIFY(!look.first.front().reason.empty());
        QCOMPARE(replay.look(rowOf(asking("one two"))).finds, 0U);
    }

    void argumentsOfToolsAreLookedInto()
    {
        const std::string call =
            "{\"function\": {\"name\": \"mail\", \"arguments\": \"{\\\"to\\\": [\\\"" + kMail + "\\\"]}\"}}";
        const std::string called =
            "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"tool_calls\": [" + call + "]}}]}";
        const auto replay = replayOf(R"("check": "pii", "on": "tool_calls", "scope": {})");
        QCOMPARE(replay.look(rowOf(asking("hi"), called)).finds, 1U);
        QCOMPARE(replay.look(rowOf(asking("hi"), saying(kMail))).finds, 0U);
    }

    void whoAsksOthersIsNotRun()
    {
        const auto replay = replayOf(
            "\"check\": \"webhook\", \"params\": {\"url\": \"http://127.0.0.1:1/x\"}, \"scope\": {}");
        QVERIFY(!replay.problem().empty());
        QCOMPARE(replay.look(rowOf(asking("x"))).finds, 0U);
        const GuardrailReplay none(Config(), GuardrailId("g"));
        QVERIFY(!none.problem().empty());
        QVERIFY(!none.findsIn("x", false));
    }

    void textsAreTried()
    {
        const auto replay = replayOf(R"("check": "pii", "scope": {})");
        QVERIFY(replay.findsIn("to " + kMail, false));
        QVERIFY(!replay.findsIn("to " + kMail, true)); // It looks at requests only.
        QVERIFY(!replay.findsIn("to nobody", false));
    }

    void theLastMessageIsTheText()
    {
        const LogRow row = rowOf(asking("why?"), saying("so"));
        QCOMPARE(loggedRequestText(row), std::string("why?"));
        QCOMPARE(loggedAnswerText(row), std::string("so"));
        QCOMPARE(loggedRequestText(rowOf("broken")), std::string());
    }
};

QTEST_GUILESS_MAIN(GuardrailReplayTest)
#include "guardrail_replay_test.moc"
