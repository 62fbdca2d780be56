// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <string>

#include <QTest>

#include "guardrail/check_kind.h"
#include "guardrail/code/code_signs.h"
#include "place_texts.h"

using namespace gateway::guardrail;

namespace {

std::string codeIn(std::string_view text, const std::string& parameters = {})
{
    const auto check = makeCheck(*findCheckKind("code"), parameters);
    std::vector<Found> found;
    check.value()->find(text, found);
    std::string line;
    for (const Found& each : found)
        line += (line.empty() ? "" : "|") + std::string(text.substr(each.start, each.size));
    return line;
}

} // namespace

class CodeTest : public QObject {
    Q_OBJECT

private slots:
    void findsFencedBlocks();
    void findsProgramsByTheirLines_data();
    void findsProgramsByTheirLines();
    void leavesProse_data();
    void leavesProse();
    void everyLanguageHasAFence();
    void hostileTextsDoNoHarm();
    void isTheSameHoweverItIsCut();
};

void CodeTest::findsFencedBlocks()
{
    const std::string block = "```python\nx\n```";
    QCOMPARE(codeIn("Here:\n" + block + "\nThat is all."), block);
    QCOMPARE(codeIn("Here:\n" + block + "\n", R"({"formats":["Python"]})"), block);
    QCOMPARE(codeIn("Here:\n" + block + "\n", R"({"formats":["SQL","C++"]})"), std::string());
    QCOMPARE(codeIn("~~~c++\ny\n~~~\n", R"({"formats":["C++"]})"), std::string("~~~c++\ny\n~~~"));
    QCOMPARE(codeIn("a\n  ```Js title=\"x\"\n  y\n  ```\nb"), std::string("```Js title=\"x\"\n  y\n  ```"));
    QCOMPARE(codeIn("````md\n```\nz\n```\n````\n", R"({"formats":["Markdown"]})"),
             std::string("````md\n```\nz\n```\n````"));
    QCOMPARE(codeIn("```sql\nnever closed"), std::string("```sql\nnever closed"));
    QCOMPARE(codeIn("```text\nHello there, how are you?\n```\n"), std::string());
    QCOMPARE(codeIn("```\nA poem, in which nothing rhymes.\n```\n"), std::string());
    QCOMPARE(codeIn("```\ndef f(x):\n    return x\n```\n"), std::string("def f(x):\n    return x"));
}

void CodeTest::findsProgramsByTheirLines_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* language, const char* code) {
        QTest::newRow(language) << QString::fromLatin1(language) << QString::fromUtf8(code);
    };
    row("SQL", "SELECT name FROM people WHERE age > 3;");
    row("Python", "def add(a, b):\n    return a + b");
    row("TypeScript", "export interface Point {\n  x: number;\n}");
    row("JavaScript", "const a = 1;\nconsole.log(a);");
    row("Java", "public class A {\n  public static void main(String[] args) {\n    System.out.println(1);");
    row("C#", "using System;\nConsole.WriteLine(1);");
    row("C++", "#include <vector>\nint main() { return 0; }");
    row("PHP", "<?php\necho 1;");
    row("Ruby", "class A < B\n  attr_reader :x\nend");
    row("Swift", "import SwiftUI\nstruct A: View {");
    row("Kotlin", "fun main() {\n  val a = 1");
    row("Go", "package main\nfunc main() {");
    row("Rust", "fn main() {\n    let mut a = 1;");
    row("Scala", "case class A(x: Int)\nval a = A(1)");
    row("R", "f <- function(x) {\n  y <- x");
    row("Perl", "use strict;\nmy $a = 1;");
    row("Shell", "#!/bin/sh\nexport A=1");
    row("PowerShell", "$a = Get-ChildItem\nWrite-Host $a");
    row("HTML", "<!DOCTYPE html>\n<html>\n<body>");
    row("CSS", "body {\n  color: red;\n  margin: 0;");
    row("XML", "<?xml version=\"1.0\"?>\n<a>1</a>");
    row("JSON", "{\"a\": 1, \"b\": [2]}");
    row("YAML", "apiVersion: v1\nkind: Pod");
    row("Markdown", "# Title\n\n- **a** b");
    row("Dockerfile", "FROM python:3.11\nRUN pip install x\nCMD [\"python\"]");
    row("C", "#include <stdio.h>\nint main(void) {");
}

void CodeTest::findsProgramsByTheirLines()
{
    QFETCH(QString, language);
    QFETCH(QString, code);
    const std::string text = "Here is what you asked me for, I hope it helps.\n" + code.toStdString() +
                             "\nTell me whether it does what you wanted to have.";
    const std::string only = R"({"formats":[")" + language.toStdString() + R"("]})";
    QCOMPARE(QString::fromStdString(codeIn(text, only)), code);
    const QString any = QString::fromStdString(codeIn(text));
    QCOMPARE(any, language == QLatin1String("Markdown") ? QString() : code);
}

void CodeTest::leavesProse_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"The weather is fine today.\nNobody expected that.",
          "Please select a seat from the list.\nThen pay for it.",
          "# Title\n\n- one\n- two\n\n| a | b |\n| -- | -- |", "Use `x = 1` for that, or `print(x)`.",
          "Import duties rose.\nFrom here we import goods.", "1. Open the lid;\n2. pour (slowly) the water;",
          "Dear Jane:\n\nI hope you are well;\nI am.\n\nYours, Bob", "Note: it rains.\nName: Bob\nAge: 7",
          "For all in favour:\nWhile we wait:", "Let x be 3.\nLet y be 4.", "Q: who?\nA: me."})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void CodeTest::leavesProse()
{
    QFETCH(QString, text);
    QCOMPARE(codeIn(text.toStdString()), std::string());
}

void CodeTest::everyLanguageHasAFence()
{
    QCOMPARE(codeLanguageNames().size(), std::size_t(26));
    for (const std::string_view name : codeLanguageNames())
        QCOMPARE(languageOfFence(name), codeLanguageBit(name));
    QCOMPARE(languageOfFence("text"), CodeLanguages(0));
    QCOMPARE(codeLanguageBit("Cobol"), CodeLanguages(0));
    QVERIFY(!makeCheck(*findCheckKind("code"), R"({"formats":["Cobol"]})"));
}

void CodeTest::hostileTextsDoNoHarm()
{
    requirePlacesInOrder(*makeCheck(*findCheckKind("code"), {}).value());
    requirePlacesInOrder(*makeCheck(*findCheckKind("code"), R"({"formats":["Markdown","CSS"]})").value());
}

void CodeTest::isTheSameHoweverItIsCut()
{
    const std::string prose =
        "The committee met on Tuesday to talk about the new bridge, and nobody could say "
        "when it will be open to the public.\n";
    requireSameInParts("code", prose + "```python\nimport os\nprint(os.name)\n```\n" + prose + prose +
                                   "def add(a, b):\n    return a + b\n\nx = add(1, 2)\n" + prose + prose +
                                   prose + "```\nSELECT a FROM b;\n```\n" + prose + "~~~js\nlet a = 1;\n~~~");
}

QTEST_GUILESS_MAIN(CodeTest)
#include "code_test.moc"
