// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/command_line.h"

using app::CommandLine;
using app::CommandSpec;
using app::parseCommandLine;

namespace {

int runNothing(const CommandLine&)
{
    return 0;
}

const std::vector<CommandSpec>& commands()
{
    static const std::vector<CommandSpec> specs = {
        {"serve", "", "serve", {}, 0, 0, runNothing},
        {"check", "[FILE]", "check", {}, 0, 1, runNothing},
        {"key create",
         "NAME",
         "make",
         {{"models", "GLOB", "models"}, {"rpm", "N", "limit", true}, {"tag", "T", "tag", false, true}},
         1,
         1,
         runNothing},
        {"key list", "", "list", {}, 0, 0, runNothing},
        {"asks", "", "list", {}, 0, 1, runNothing},
        {"asks answer", "ID", "answer", {}, 1, 1, runNothing},
        {"import", "FILE", "import", {}, 0, 1, nullptr},
    };
    return specs;
}

} // namespace

class CommandLineTest : public QObject {
    Q_OBJECT

private slots:
    void servesByDefault()
    {
        const auto line = parseCommandLine({}, commands());
        QVERIFY(line.ok());
        QVERIFY(line->command->name == "serve");
        QVERIFY(!line->port);
        QVERIFY(QString::fromStdString(line->configPath).endsWith("turnpike/config.json"));
    }

    void readsOptionsOnEitherSideOfTheCommand()
    {
        const auto line = parseCommandLine({"--config", "a.json", "key", "create", "--models=x,y", "bob",
                                            "--json", "--data", "d", "--port", "0", "--log-level", "debug"},
                                           commands());
        QVERIFY(line.ok());
        QVERIFY(line->command->name == "key create");
        QCOMPARE(line->operands, std::vector<std::string>{"bob"});
        QCOMPARE(line->value("models"), std::string("x,y"));
        QCOMPARE(line->configPath, std::string("a.json"));
        QCOMPARE(line->dataDir, std::string("d"));
        QCOMPARE(*line->port, std::uint16_t(0));
        QVERIFY(line->json);
        QVERIFY(line->logLevel == gateway::LogLevel::Debug);
    }

    void anOptionThatRepeatsKeepsItsOrder()
    {
        const auto line =
            parseCommandLine({"key", "create", "--tag", "b", "bob", "--tag=a", "--tag", "c"}, commands());
        QVERIFY(line.ok());
        QCOMPARE(line->values("tag"), (std::vector<std::string>{"b", "a", "c"}));
        QCOMPARE(line->operands, std::vector<std::string>{"bob"});
        QVERIFY(line->values("models").empty());
    }

    void takesTheLongerNameOfTwo()
    {
        QVERIFY(parseCommandLine({"asks"}, commands())->command->name == "asks");
        QVERIFY(parseCommandLine({"asks", "else"}, commands())->command->name == "asks");
        const auto line = parseCommandLine({"asks", "--json", "answer", "5"}, commands());
        QVERIFY(line.ok());
        QVERIFY(line->command->name == "asks answer");
        QCOMPARE(line->operands, std::vector<std::string>{"5"});
    }

    void refusesWhatItDoesNotKnow_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("command") << QStringList{"bogus"} << "no command \"bogus\"";
        QTest::newRow("half a command") << QStringList{"key"} << "key create, key list";
        QTest::newRow("option") << QStringList{"--nope"} << "no option --nope";
        QTest::newRow("another command's option")
            << QStringList{"check", "--models", "x"} << "no option --models";
        QTest::newRow("value missing") << QStringList{"--config"} << "needs a value: FILE";
        QTest::newRow("value for a switch") << QStringList{"--json=1"} << "takes no value";
        QTest::newRow("twice") << QStringList{"--port", "1", "--port", "2"} << "given twice";
        QTest::newRow("port") << QStringList{"--port", "65536"} << "0 to 65535";
        QTest::newRow("port text") << QStringList{"--port", "1x"} << "0 to 65535";
        QTest::newRow("empty path") << QStringList{"--config", ""} << "need a path";
        QTest::newRow("level") << QStringList{"--log-level", "loud"} << "trace, debug";
        QTest::newRow("operand missing") << QStringList{"key", "create"} << "needs NAME";
        QTest::newRow("too many operands") << QStringList{"check", "a", "b"} << "Too many words: \"b\"";
        QTest::newRow("later command") << QStringList{"import", "x"} << "not in this version";
        QTest::newRow("later option")
            << QStringList{"key", "create", "a", "--rpm", "5"} << "not in this version";
    }

    void refusesWhatItDoesNotKnow()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        std::vector<std::string> arguments;
        for (const QString& word : words)
            arguments.push_back(word.toStdString());
        const auto line = parseCommandLine(arguments, commands());
        QVERIFY(!line.ok());
        QVERIFY2(QString::fromStdString(line.error().message).contains(says), line.error().message.c_str());
    }

    void givesHelpWhateverElseStandsThere()
    {
        QVERIFY(parseCommandLine({"--help"}, commands())->help);
        QVERIFY(!parseCommandLine({"--help"}, commands())->command);
        QVERIFY(parseCommandLine({"bogus", "--help"}, commands())->help);
        QVERIFY(parseCommandLine({"key", "create", "-h"}, commands())->help);
        QVERIFY(parseCommandLine({"import", "--help"}, commands())->help);
        QVERIFY(parseCommandLine({"--version"}, commands())->version);
        const std::string text = app::helpText("turnpiked", commands());
        QVERIFY(text.find("key create NAME") != std::string::npos);
        QVERIFY(text.find("import") == std::string::npos);
        QVERIFY(app::helpText("turnpiked", commands(), &commands()[2]).find("--rpm") == std::string::npos);
    }

    void aProgramWithoutCommandsTakesOptionsOnly()
    {
        const auto line = parseCommandLine({"--port", "5"}, {});
        QVERIFY(line.ok());
        QCOMPARE(*line->port, std::uint16_t(5));
        QVERIFY(!parseCommandLine({"serve"}, {}).ok());
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
