// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <vector>

#include <QTest>

#include "pipeline/loop_guard.h"
#include "pipeline/tool_steps.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

/// With ' for ".
std::string json(const char* text)
{
    std::string quoted = text;
    std::replace(quoted.begin(), quoted.end(), '\'', '"');
    return quoted;
}

/// A conversation in the words of a dialect, put together piece by piece.
struct Words {
    const char* name;
    DialectId dialect;
    const char* list; // the member that holds it
    const char* user;
    const char* call;   // %1 the tool, %2 the argument `path`, of a number that no two calls share
    const char* result; // %1 what it gave
};

// Calls and results have ids that differ, as clients send them; ' stands for ".
const std::vector<Words> kWords{
    {"chat", DialectId::OpenAiChat, "messages", "{'role':'user','content':'go'}",
     "{'role':'assistant','content':null,'tool_calls':[{'id':'call_%3','type':'function','function':"
     "{'name':'%1','arguments':'{\\'path\\':\\'%2\\',\\'n\\':1}'}}]}",
     "{'role':'tool','tool_call_id':'call_%3','content':'%1'}"},
    {"responses", DialectId::OpenAiResponses, "input", "{'role':'user','content':'go'}",
     "{'type':'function_call','call_id':'call_%3','name':'%1','arguments':'{\\'path\\':\\'%2\\',\\'n\\':1}'}",
     "{'type':'function_call_output','call_id':'call_%3','output':'%1'}"},
    {"anthropic", DialectId::AnthropicMessages, "messages", "{'role':'user','content':'go'}",
     "{'role':'assistant','content':[{'type':'text','text':'Now.'},{'type':'tool_use','id':'toolu_%3',"
     "'name':'%1','input':{'path':'%2','n':1}}]}",
     "{'role':'user','content':[{'type':'tool_result','tool_use_id':'toolu_%3','content':'%1'},"
     "{'type':'text','text':'<system-reminder>%3</system-reminder>'}]}"},
    {"gemini", DialectId::Gemini, "contents", "{'role':'user','parts':[{'text':'go'}]}",
     "{'role':'model','parts':[{'functionCall':{'id':'%3','name':'%1','args':{'path':'%2','n':1}}}]}",
     "{'role':'user','parts':[{'functionResponse':{'id':'%3','name':'t','response':{'out':'%1'}}}]}"},
    {"ollama", DialectId::Ollama, "messages", "{'role':'user','content':'go'}",
     "{'role':'assistant','content':'','tool_calls':[{'function':{'name':'%1','arguments':"
     "{'path':'%2','n':1}}}]}",
     "{'role':'tool','content':'%1'}"},
    {"cohere", DialectId::Cohere, "messages", "{'role':'user','content':'go'}",
     "{'role':'assistant','tool_plan':'x','tool_calls':[{'id':'c%3','type':'function','function':"
     "{'name':'%1','arguments':'{\\'path\\':\\'%2\\',\\'n\\':1}'}}]}",
     "{'role':'tool','tool_call_id':'c%3','content':[{'type':'document','document':{'data':'%1'}}]}"},
};

class Talk {
public:
    explicit Talk(const Words& words) : m_words(words) { user(); }

    Talk& user()
    {
        m_pieces << textOf(m_words.user);
        return *this;
    }
    Talk& call(const QString& tool, const QString& path)
    {
        m_pieces << textOf(m_words.call).arg(tool, path).replace("%3", QString::number(++m_count));
        return *this;
    }
    Talk& result(const QString& text)
    {
        m_pieces << textOf(m_words.result).replace("%1", text).replace("%3", QString::number(m_count));
        return *this;
    }
    Talk& turn(const QString& tool, const QString& path, const QString& text)
    {
        return call(tool, path).result(text);
    }
    [[nodiscard]] std::string body() const
    {
        return "{\"model\":\"m\",\"" + std::string(m_words.list) + "\":[" +
               m_pieces.join(QStringLiteral(",\n ")).toStdString() + "]}";
    }
    [[nodiscard]] LoopSigns signs() const { return loopSigns(m_words.dialect, body()); }

private:
    static QString textOf(const char* words) { return QString::fromStdString(json(words)); }

    const Words& m_words;
    QStringList m_pieces;
    int m_count = 0;
};

/// Of one turn: so many calls that differ, twice the first of them, and a result.
std::string wideTurn(std::size_t calls)
{
    std::string body = json("{'messages':[{'role':'user','content':'go'},{'role':'assistant','tool_calls':[");
    const auto add = [&body](std::size_t number) {
        body += R"({"function":{"name":"t","arguments":{"n":)" + std::to_string(number) + "}}}";
    };
    for (std::size_t i = 0; i + 1 < calls; ++i) {
        add(i);
        body += ',';
    }
    add(0);
    return body + json("]},{'role':'tool','content':'x'}]}");
}

std::vector<ToolStep::Kind> kindsOf(DialectId dialect, const std::string& body)
{
    std::vector<ToolStep::Kind> kinds;
    for (const ToolStep& step : toolSteps(dialect, body))
        kinds.push_back(step.kind);
    return kinds;
}

} // namespace

class LoopGuardTest : public QObject {
    Q_OBJECT

private:
    static void addDialects()
    {
        QTest::addColumn<int>("dialect");
        for (std::size_t i = 0; i < kWords.size(); ++i)
            QTest::newRow(kWords[i].name) << static_cast<int>(i);
    }
    static const Words& words()
    {
        QFETCH(int, dialect);
        return kWords[static_cast<std::size_t>(dialect)];
    }

private slots:
    void countsTheSameCallInARow_data() { addDialects(); }
    void countsTheSameCallInARow()
    {
        Talk talk(words());
        talk.turn("read", "other", "0");
        for (int i = 0; i < 5; ++i)
            talk.turn("read", "a", QString::number(i));
        const LoopSigns signs = talk.signs();
        QVERIFY(signs.goesOn);
        QCOMPARE(signs.sameCalls, 5U);
        QCOMPARE(signs.tool, std::string("read"));
        QCOMPARE(signs.idleTurns, 0U); // each result was new
        QCOMPARE(talk.turn("write", "a", "1").signs().sameCalls, 1U);
        QCOMPARE(talk.turn("read", "a", "1").signs().sameCalls, 1U);
    }

    void countsTurnsWithNothingNew_data() { addDialects(); }
    void countsTurnsWithNothingNew()
    {
        Talk talk(words());
        for (int i = 0; i < 4; ++i)
            talk.turn("read", "a", "x").turn("read", "b", "y");
        const LoopSigns signs = talk.signs();
        QCOMPARE(signs.sameCalls, 1U);
        QCOMPARE(signs.idleTurns, 6U); // all but the first two
        QCOMPARE(talk.turn("read", "a", "another").signs().idleTurns, 0U);
        QCOMPARE(talk.turn("read", "c", "x").signs().idleTurns, 0U);
        QCOMPARE(talk.turn("read", "c", "x").signs().idleTurns, 1U);
    }

    void theUsersWordBeginsAnew_data() { addDialects(); }
    void theUsersWordBeginsAnew()
    {
        Talk talk(words());
        for (int i = 0; i < 4; ++i)
            talk.turn("read", "a", "x");
        QCOMPARE(talk.signs().sameCalls, 4U);
        QVERIFY(!talk.user().signs().goesOn);
        talk.turn("read", "a", "x");
        QCOMPARE(talk.signs().sameCalls, 1U);
        QCOMPARE(talk.signs().idleTurns, 1U); // it was all there before
    }

    void callsAtTheSameTimeAreOneTurn_data() { addDialects(); }
    void callsAtTheSameTimeAreOneTurn()
    {
        Talk talk(words());
        for (int i = 0; i < 3; ++i)
            talk.call("read", "a").call("list", "b").result("x").result("y");
        const LoopSigns signs = talk.signs();
        QCOMPARE(signs.sameCalls, 3U);
        QCOMPARE(signs.idleTurns, 2U);
    }

    void aWideTurnIsReadInOneGo()
    {
        // As much as is read at all. Each call looked for in each turn would be ten thousand million looks.
        const LoopSigns signs = loopSigns(DialectId::Ollama, wideTurn(kMostToolSteps - 2));
        QVERIFY(signs.goesOn);
        QCOMPARE(signs.sameCalls, 2U);
        QCOMPARE(signs.tool, std::string("t"));
        QVERIFY(!loopSigns(DialectId::Ollama, wideTurn(kMostToolSteps - 1)).goesOn);
    }

    void ofTooMuchThereAreNoSigns()
    {
        // Within one message, and over many.
        QVERIFY(!loopSigns(DialectId::Ollama, wideTurn(1'000'000)).goesOn);
        std::string body = json("{'messages':[{'role':'user','content':'go'}");
        for (std::size_t i = 0; i < kMostToolSteps; ++i)
            body += json(",{'role':'tool','content':'x'}");
        body += json(",{'role':'assistant','tool_calls':[{'function':{'name':'t'}}]},"
                     "{'role':'tool','content':'x'}]}");
        QVERIFY(!loopSigns(DialectId::Ollama, body).goesOn);
        QCOMPARE(toolSteps(DialectId::Ollama, body).size(), kMostToolSteps + 1);
    }

    void whatATurnLacksIsNotInARow()
    {
        Talk talk(kWords.front());
        talk.call("read", "a").call("read", "b").result("1");
        talk.call("read", "b").result("2");
        talk.call("read", "a").call("read", "b").call("read", "b").result("3");
        const LoopSigns signs = talk.signs();
        QCOMPARE(signs.sameCalls, 4U); // b; a is not in the turn between
        QCOMPARE(talk.call("read", "a").result("4").signs().sameCalls, 2U);
    }

    void nothingIsNoCallAndNoResult_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("kinds"); // by their first letters
        const auto row = [](const char* name, DialectId dialect, const char* body, const char* kinds) {
            QTest::newRow(name) << static_cast<int>(dialect) << QByteArray::fromStdString(json(body))
                                << QByteArray(kinds);
        };
        row("function_call", DialectId::OpenAiChat,
            "{'messages':[{'role':'assistant','content':'x','function_call':null}]}", "");
        row("tool_calls", DialectId::OpenAiChat,
            "{'messages':[{'role':'assistant','content':'x','tool_calls':null}]}", "");
        row("functionCall", DialectId::Gemini,
            "{'contents':[{'role':'model','parts':[{'text':'x','functionCall':null}]}]}", "");
        row("functionCall, the other one", DialectId::Gemini,
            "{'contents':[{'role':'model','parts':[{'functionCall':null,'function_call':{'name':'t'}}]}]}",
            "C");
        row("functionResponse", DialectId::Gemini,
            "{'contents':[{'role':'user','parts':[{'text':'x','functionResponse':null}]}]}", "U");
        row("function_response", DialectId::Gemini,
            "{'contents':[{'role':'user','parts':[{'text':'x','function_response':null}]}]}", "U");
    }
    void nothingIsNoCallAndNoResult()
    {
        QFETCH(int, dialect);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, kinds);
        QByteArray found;
        for (const ToolStep::Kind kind : kindsOf(static_cast<DialectId>(dialect), body.toStdString()))
            found += kind == ToolStep::Kind::Call ? 'C' : kind == ToolStep::Kind::Result ? 'R' : 'U';
        QCOMPARE(found, kinds);
    }

    void aFunctionBesideNoCustomToolIsRead()
    {
        const std::string body =
            json("{'messages':[{'role':'assistant','tool_calls':[{'custom':null,'function':{'name':'t',"
                 "'arguments':'{}'}},{'function':{'name':'t','arguments':'{}'}}]}]}");
        const auto steps = toolSteps(DialectId::OpenAiChat, body); // views of it
        QCOMPARE(steps.size(), 2U);
        QCOMPARE(std::string(steps[0].name), std::string("t"));
        QCOMPARE(steps[0].mark, steps[1].mark);
    }

    void callsOfBuiltInToolsAreToldApart_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("other");
        QTest::newRow("patch") << QByteArray("apply_patch_call") << QByteArray("'operation':{'path':'a'}")
                               << QByteArray("'operation':{'path':'b'}");
        QTest::newRow("search") << QByteArray("file_search_call") << QByteArray("'queries':['a']")
                                << QByteArray("'queries':['b']");
        QTest::newRow("code") << QByteArray("code_interpreter_call") << QByteArray("'code':'1'")
                              << QByteArray("'code':'2'");
        QTest::newRow("action of nothing")
            << QByteArray("computer_call") << QByteArray("'action':null,'actions':[{'type':'wait'}]")
            << QByteArray("'action':null,'actions':[{'type':'click'}]");
    }
    void callsOfBuiltInToolsAreToldApart()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, other);
        int count = 0;
        const auto item = [&](const QByteArray& asked, const char* status) {
            const QByteArray id = QByteArray::number(++count);
            return "{'type':'" + type + "','id':'i" + id + "','call_id':'c" + id + "','status':'" + status +
                   "'," + asked + "}";
        };
        const QByteArray body = "{'input':[" + item(one, "completed") + "," + item(one, "in_progress") + "," +
                                item(other, "completed") + "]}";
        const auto steps = toolSteps(DialectId::OpenAiResponses, json(body.constData()));
        std::vector<std::uint64_t> marks;
        for (const ToolStep& step : steps)
            marks.push_back(step.mark);
        QCOMPARE(marks.size(), 3U);
        QCOMPARE(marks[0], marks[1]);
        QVERIFY(marks[0] != marks[2]);
    }

    void whatIsNoConversationHasNoSigns()
    {
        for (const std::string& body :
             {json("{}"), json("{'messages':5}"), json("{'messages':[]}"), json("{'messages':[1,'x',{}]}"),
              json("{'messages':[{'role':'tool','content':'x'}]}")})
            QVERIFY(!loopSigns(DialectId::OpenAiChat, body).goesOn);
        QVERIFY(!loopSigns(DialectId::OpenAiResponses, json("{'input':'hi'}")).goesOn);
    }

    void comparesArgumentsAsValues()
    {
        const std::uint64_t mark = valueMark(json("{'a':1,'b':[true,'x\\u0041']}"));
        QCOMPARE(valueMark("{ \"b\" : [ true , \"xA\" ],\n\"a\" : 1 }"), mark);
        for (const std::string& other :
             {json("{'a':1,'b':['xA',true]}"), json("{'a':2,'b':[true,'xA']}"),
              json("{'b':1,'a':[true,'xA']}"), json("{'a':1,'b':[true,'xA'],'c':null}"),
              json("{'a':'1','b':[true,'xA']}"), json("{}"), json("[]"), json("''")})
            QVERIFY2(valueMark(other) != mark, other.c_str());
        // Agents move the mark of what to cache on with each turn.
        QCOMPARE(valueMark(json("[{'type':'text','text':'x','cache_control':{'type':'ephemeral'}}]")),
                 valueMark(json("[{'text':'x','type':'text'}]")));
        const auto resultMark = [](const char* content) {
            const auto steps =
                toolSteps(DialectId::AnthropicMessages,
                          json("{'messages':[{'role':'user','content':[{'type':'tool_result','content':") +
                              json(content) + "}]}]}");
            return steps.empty() ? 0 : steps.front().mark;
        };
        const std::uint64_t result = resultMark("[{'type':'text','text':'x'}]");
        QVERIFY(result != 0);
        QCOMPARE(resultMark("[{'text':'x','cache_control':{'type':'ephemeral'},'type':'text'}]"), result);
        QVERIFY(resultMark("[{'type':'text','text':'y'}]") != result);
        QVERIFY(resultMark("[{'type':'text','text':'x'},{'type':'text','text':'x'}]") != result);
    }

    void readsEveryFormOfACall()
    {
        const auto marksOf = [](DialectId dialect, const std::string& body) {
            std::vector<std::uint64_t> marks;
            for (const ToolStep& step : toolSteps(dialect, body)) {
                if (step.kind == ToolStep::Kind::Call) marks.push_back(step.mark);
            }
            return marks;
        };
        const auto chat = marksOf(
            DialectId::OpenAiChat,
            json(
                "{'messages':[{'role':'assistant','tool_calls':[{'type':'custom','custom':{'name':'t','input'"
                ":'{'}}]},"
                "{'role':'assistant','function_call':{'name':'t','arguments':'{\\'a\\': 1}'}},"
                "{'role':'assistant','tool_calls':[{'function':{'name':'t','arguments':'{\\'a\\':1}'}}]}]}"));
        QCOMPARE(chat.size(), 3U);
        QVERIFY(chat[0] != chat[1]);
        QCOMPARE(chat[1], chat[2]);
        const auto responses = marksOf(
            DialectId::OpenAiResponses,
            json("{'input':[{'type':'local_shell_call','action':{'command':['ls']}},{'type':'custom_tool_"
                 "call',"
                 "'name':'t','input':'free'},{'type':'custom_tool_call','name':'t','input':'other'}]}"));
        QCOMPARE(responses.size(), 3U);
        QVERIFY(responses[1] != responses[2]);
    }

    void conversationsAreToldApartByTheirFirstWords()
    {
        const Words& chat = kWords.front();
        const std::uint64_t mark = conversationMark(chat.dialect, Talk(chat).body());
        QCOMPARE(conversationMark(chat.dialect, Talk(chat).turn("a", "b", "c").user().body()), mark);
        QVERIFY(conversationMark(chat.dialect, json("{'messages':[{'role':'user','content':'other'}]}")) !=
                mark);
        QCOMPARE(conversationMark(chat.dialect, "{}"), 0U);
    }

    void aConversationIsTheSameInBlocks()
    {
        const auto markOf = [](const char* body) {
            return conversationMark(DialectId::OpenAiResponses, json(body));
        };
        const std::uint64_t mark = markOf("{'input':'go'}");
        QCOMPARE(markOf("{'input':[{'role':'user','content':'go'}]}"), mark);
        QCOMPARE(
            markOf("{'input':[{'type':'message','role':'user','id':'msg_1','content':"
                   "[{'type':'input_text','text':'go'}]},{'type':'function_call_output','output':'x'}]}"),
            mark);
        QVERIFY(markOf("{'input':[{'role':'user','content':[{'type':'input_text','text':'go'},"
                       "{'type':'input_text','text':'on'}]}]}") != mark);
        // Of what somebody else keeps there is no begin: each part is taken for itself.
        const std::uint64_t part = markOf("{'input':[{'type':'function_call_output','output':'x'}]}");
        QVERIFY(part != 0);
        QVERIFY(markOf("{'input':[{'type':'function_call_output','output':'y'}]}") != part);
    }

    void judgesByLimits()
    {
        LoopGuardConfig limits;
        limits.sameCalls = 3;
        limits.idleTurns = 5;
        limits.sessionUsd = "2";
        LoopSigns signs;
        signs.goesOn = true;
        signs.tool = "read";
        LoopSessions::Session session;
        using Kind = LoopVerdict::Kind;
        const auto kind = [&] { return loopVerdict(signs, limits, session).kind; };
        QVERIFY(kind() == Kind::Undecided);
        signs.sameCalls = 3;
        QVERIFY(kind() == Kind::SameCalls);
        QCOMPARE(loopVerdict(signs, limits, session).text,
                 std::string("The tool `read` was called 3 times in a row with the same arguments."));
        session = goneOn(loopVerdict(signs, limits, session), signs, limits, session);
        signs.sameCalls = 5;
        QVERIFY(kind() == Kind::Undecided);
        signs.sameCalls = 6; // twice as often as when it was asked about
        QVERIFY(kind() == Kind::SameCalls);
        limits.sameCalls = 0;
        signs.idleTurns = 5;
        QVERIFY(kind() == Kind::IdleTurns);
        limits.idleTurns = 0;
        session.spent = 2'000'000'000;
        QVERIFY(kind() == Kind::SessionSpend);
        const LoopSessions::Session more =
            goneOn(loopVerdict(signs, limits, session), signs, limits, session);
        session.spend = more.spend;
        session.spent = 3'999'999'999;
        QVERIFY(kind() == Kind::Undecided);
        session.spent = 4'000'000'000;
        QVERIFY(kind() == Kind::SessionSpend);
        signs.goesOn = false;
        QVERIFY(kind() == Kind::Undecided);
    }

    void forgetsTheSessionsUsedLongestAgo()
    {
        LoopSessions sessions;
        sessions.charge("first", 1);
        sessions.charge("second", 2);
        for (std::size_t i = 2; i < LoopSessions::kMost; ++i)
            sessions.charge(std::to_string(i), 3);
        sessions.charge("first", 1);
        sessions.charge("new", 1);
        QCOMPARE(sessions.find("first").spent, 2);
        QCOMPARE(sessions.find("second").spent, 0);
        LoopSessions::Session upTo;
        upTo.sameCalls = 4;
        sessions.letGoOn("first", upTo);
        upTo.sameCalls = 2;
        sessions.letGoOn("first", upTo);
        QCOMPARE(sessions.find("first").sameCalls, 4U);
    }
};

QTEST_GUILESS_MAIN(LoopGuardTest)
#include "loop_guard_test.moc"
