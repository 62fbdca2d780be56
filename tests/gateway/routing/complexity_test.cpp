// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "routing/complexity.h"

using namespace gateway::routing;

namespace {

const char* const kCodeBlock =
    "Please have a look at this:\n```\nfor (int i = 0; i < n; ++i) sum += a[i];\n```\n";

} // namespace

class ComplexityTest : public QObject {
    Q_OBJECT

private slots:
    void tells_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("tier");
        const auto row = [](const QByteArray& text, const char* tier) {
            QTest::newRow(text.left(60).constData()) << text << QByteArray(tier);
        };
        row("", "simple");
        row("hi", "simple");
        row("Thank you!", "simple");
        row("What is the capital of France?", "simple");
        row("Translate \"good morning\" into Spanish", "simple");
        row("Wie geht es dir heute?", "simple");
        row("What's the synonym of a fast runner in English please?", "simple");
        row("Write a Python function that reverses a string and returns it", "medium");
        row("Compare tea and coffee for someone who sleeps badly at night", "medium");
        row("How do I get from Rome to Milan? And what does a ticket cost?", "medium");
        row(QByteArray(kCodeBlock) + "Does it do what it should?", "medium");
        row("Put the following notes into a table with at least four columns and two rows each", "medium");
        row("Design a distributed cache, compare the trade-offs of two eviction schemes, and plan the "
            "migration "
            "from what we have now",
            "complex");
        row(QByteArray(kCodeBlock) + "Refactor it, and write unit tests for the function in C++.", "complex");
        row("1. Read the report\n2. List its claims\n3. Check each of them\nWhich hold? Which do not? What "
            "is "
            "missing? Who says so?\nGive a table and at least two citations for each.",
            "complex");
        row("Prove that the square root of two is irrational", "reasoning");
        row("Solve this logic puzzle: three people wear hats. Infer the colour of each.", "reasoning");
        row("Think carefully: how many ways are there to seat five people?", "reasoning");
        row("Analyze the architecture of this system, and say why it is not scalable", "reasoning");
    }

    void tells()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, tier);
        ComplexitySigns signs;
        signs.text = {text.constData(), std::size_t(text.size())};
        const std::string_view told = complexityOf(signs);
        QCOMPARE(QByteArray(told.data(), qsizetype(told.size())), tier);
    }

    void countsWhatStandsAround_data()
    {
        QTest::addColumn<int>("words");
        QTest::addColumn<int>("tokens");
        QTest::addColumn<bool>("tools");
        QTest::addColumn<bool>("shape");
        QTest::addColumn<QByteArray>("tier");
        QTest::newRow("plain") << 30 << 50 << false << false << QByteArray("simple");
        QTest::newRow("tools") << 30 << 50 << true << false << QByteArray("medium");
        QTest::newRow("shape") << 30 << 50 << false << true << QByteArray("medium");
        QTest::newRow("a long conversation") << 30 << 5000 << false << false << QByteArray("medium");
        QTest::newRow("a longer one with tools and a shape")
            << 30 << 30'000 << true << true << QByteArray("complex");
        QTest::newRow("a paragraph") << 80 << 100 << false << false << QByteArray("medium");
        QTest::newRow("a page") << 700 << 900 << false << false << QByteArray("medium");
        QTest::newRow("a page with tools") << 700 << 900 << true << false << QByteArray("complex");
        QTest::newRow("a book") << 100'000 << 120'000 << false << false << QByteArray("complex");
    }

    void countsWhatStandsAround()
    {
        QFETCH(int, words);
        QFETCH(int, tokens);
        QFETCH(bool, tools);
        QFETCH(bool, shape);
        QFETCH(QByteArray, tier);
        std::string text;
        for (int i = 0; i < words; ++i)
            text += "ship ";
        const std::string_view told = complexityOf({text, tokens, tools, shape});
        QCOMPARE(QByteArray(told.data(), qsizetype(told.size())), tier);
    }

    void readsTheEndOfALongText()
    {
        const std::string story(20'000, 'x');
        QVERIFY(complexityOf({story + " And " + story, 0, false, false}) != "reasoning");
        for (const std::string& text : {story + " Prove that it is so.", "Prove that it is so. " + story})
            QCOMPARE(complexityOf({text, 0, false, false}), std::string_view("reasoning"));
    }
};

QTEST_GUILESS_MAIN(ComplexityTest)
#include "complexity_test.moc"
