// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <QRegularExpression>
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect;

namespace {

Request requestWith(const std::vector<std::string>& names)
{
    Request request;
    for (const std::string& name : names) {
        Tool tool;
        tool.name = name;
        request.tools.push_back(tool);
    }
    return request;
}

std::string restored(const ToolNames& names, const std::string& name)
{
    Event event = BlockStarted{0, BlockKind::ToolCall, "call_1", name};
    names.restore(event);
    return std::get<BlockStarted>(event).toolName;
}

} // namespace

class ToolNamesTest : public QObject {
    Q_OBJECT

private slots:
    void leavesWhatFits();
    void fitsAndRestores_data();
    void fitsAndRestores();
    void keepsDifferentOnesApart();
    void renamesEverywhere();
    void isTheSameInEveryTurn();
};

void ToolNamesTest::leavesWhatFits()
{
    Request request = requestWith({"read_file", "a-b", std::string(64, 'x')});
    const ToolNames names(request, ToolNameRule{});
    QCOMPARE(request.tools[0].name, "read_file");
    QCOMPARE(request.tools[1].name, "a-b");
    QCOMPARE(request.tools[2].name, std::string(64, 'x'));
    QCOMPARE(restored(names, "read_file"), "read_file");
    QCOMPARE(restored(names, "never_given"), "never_given");
}

void ToolNamesTest::fitsAndRestores_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("digitFirst");
    QTest::newRow("65 letters") << QByteArray(65, 'x') << true;
    QTest::newRow("dots") << QByteArray("mcp.server.tool") << true;
    QTest::newRow("not ASCII") << QByteArray("größe") << true;
    QTest::newRow("empty") << QByteArray() << true;
    QTest::newRow("digit first") << QByteArray("2fa") << false;
    QTest::newRow("long, digit first") << QByteArray(200, '7') << false;
    QTest::newRow("a kilobyte of signs") << QByteArray(1024, '/') << false;
}

void ToolNamesTest::fitsAndRestores()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, digitFirst);
    Request request = requestWith({name.toStdString(), "other"});
    const ToolNames names(request, ToolNameRule{64, "_-", digitFirst});
    const std::string& fitted = request.tools[0].name;
    QVERIFY(fitted != name.toStdString());
    QVERIFY(fitted.size() <= 64);
    const QRegularExpression rule(digitFirst ? "^[A-Za-z0-9_-]+$" : "^[A-Za-z_][A-Za-z0-9_-]*$");
    QVERIFY2(rule.match(QString::fromStdString(fitted)).hasMatch(), fitted.c_str());
    QCOMPARE(restored(names, fitted), name.toStdString());

    Completion completion;
    completion.parts.push_back(ToolCallPart{"call_1", fitted, "{}"});
    names.restore(completion);
    QCOMPARE(std::get<ToolCallPart>(completion.parts[0]).name, name.toStdString());
}

void ToolNamesTest::keepsDifferentOnesApart()
{
    const std::string start(70, 'x');
    Request request = requestWith({start + "1", start + "2", "a.b", "a/b", "a_b"});
    // What the first would get is taken by a tool that is really called so.
    Request alone = requestWith({start + "1"});
    const ToolNames first(alone, ToolNameRule{});
    request.tools.push_back(alone.tools[0]);
    const ToolNames names(request, ToolNameRule{});
    std::set<std::string> fitted;
    for (const Tool& tool : request.tools)
        fitted.insert(tool.name);
    QCOMPARE(fitted.size(), std::size_t(6));
    QCOMPARE(restored(names, request.tools[0].name), start + "1");
    QCOMPARE(restored(names, request.tools[1].name), start + "2");
    QCOMPARE(restored(names, request.tools[3].name), "a/b");
    QCOMPARE(restored(names, "a_b"), "a_b");
}

void ToolNamesTest::renamesEverywhere()
{
    Request request = requestWith({"a.b"});
    request.toolChoice = {ToolChoice::Mode::Named, "a.b"};
    request.messages.push_back({Role::Assistant, {ToolCallPart{"call_1", "a.b", "{}"}}});
    request.messages.push_back({Role::Assistant, {ToolCallPart{"call_2", "gone.since", "{}"}}});
    const ToolNames names(request, ToolNameRule{});
    const std::string fitted = request.tools[0].name;
    QCOMPARE(request.toolChoice.name, fitted);
    QCOMPARE(std::get<ToolCallPart>(request.messages[0].parts[0]).name, fitted);
    const std::string gone = std::get<ToolCallPart>(request.messages[1].parts[0]).name;
    QVERIFY(gone.find('.') == std::string::npos);
}

void ToolNamesTest::isTheSameInEveryTurn()
{
    Request first = requestWith({"a.b"});
    Request second = requestWith({"c.d", "a.b", "e"});
    const ToolNames once(first, ToolNameRule{});
    const ToolNames again(second, ToolNameRule{});
    QCOMPARE(second.tools[1].name, first.tools[0].name);
}

QTEST_APPLESS_MAIN(ToolNamesTest)
#include "tool_names_test.moc"
