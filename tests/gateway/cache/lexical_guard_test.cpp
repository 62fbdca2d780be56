// SPDX-License-Identifier: GPL-3.0-or-later
// Which wordings may share an answer. tests/fixtures/cache/near_misses.tsv: pairs that look alike and must
// not, each with the reason; paraphrases.tsv: pairs that may, each with the care that is enough.
#include <set>
#include <string>

#include <QFile>
#include <QTest>

#include "cache/lexical_guard.h"
#include "cache/own_words.h"

using namespace gateway::cache;

namespace {

struct Row {
    std::string kind, left, right;
};

std::vector<Row> rowsOf(const char* name)
{
    QFile file(QStringLiteral(TURNPIKE_FIXTURES "/cache/") + name);
    std::vector<Row> rows;
    if (!file.open(QIODevice::ReadOnly)) return rows;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const auto parts = line.split('\t');
        if (parts.size() == 3)
            rows.push_back({parts[0].toStdString(), parts[1].toStdString(), parts[2].toStdString()});
    }
    return rows;
}

std::string told(const std::string& left, const std::string& right, Care care)
{
    return std::string(difference(digest(left), digest(right), care).value_or("none"));
}

std::string told(const Row& row, Care care)
{
    return told(row.left, row.right, care);
}

} // namespace

class LexicalGuardTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(ownWords().hasWords(), "The build had no WordNet (wordnet-base) to read.");
    }

    void tellsNearMissesApart()
    {
        const auto rows = rowsOf("near_misses.tsv");
        QVERIFY(rows.size() >= 100);
        std::set<std::string> reasons;
        for (const Row& row : rows) {
            reasons.insert(row.kind);
            const QByteArray pair = (row.left + " | " + row.right).c_str();
            for (const Care care : {Care::Strict, Care::Balanced}) {
                QVERIFY2(told(row, care) == row.kind, pair + " -> " + told(row, care).c_str());
                QVERIFY2(told(row.right, row.left, care) != "none", pair);
            }
        }
        for (const std::string_view each : reason::kAll)
            QVERIFY2(each == reason::kTime || reasons.contains(std::string(each)), each.data());
    }

    void letsParaphrasesShare()
    {
        const auto rows = rowsOf("paraphrases.tsv");
        QVERIFY(rows.size() >= 40);
        for (const Row& row : rows) {
            const QByteArray pair = (row.left + " | " + row.right).c_str();
            for (const Care care : {Care::Strict, Care::Balanced}) {
                if (care == Care::Strict && row.kind != "strict") continue;
                QVERIFY2(told(row, care) == "none", pair + " -> " + told(row, care).c_str());
                QVERIFY2(told(row.right, row.left, care) == "none", pair);
            }
        }
    }

    void strictTakesLessThanBalanced()
    {
        int apart = 0;
        for (const Row& row : rowsOf("paraphrases.tsv"))
            apart += row.kind == "balanced" && told(row, Care::Strict) != "none" ? 1 : 0;
        QVERIFY(apart >= 5);
    }

    void aTextIsLikeItself()
    {
        for (const char* name : {"near_misses.tsv", "paraphrases.tsv"}) {
            for (const Row& row : rowsOf(name)) {
                if (row.kind == "language" || row.kind == "length") continue;
                QCOMPARE(told(row.left, row.left, Care::Strict), std::string("none"));
                QCOMPARE(told(row.right, row.right, Care::Strict), std::string("none"));
            }
        }
    }

    void onlyWhatWasDoneOnceHasNoTense()
    {
        QCOMPARE(told("Who is the winner of the 2010 final?", "Who won the 2010 final?", Care::Balanced),
                 std::string("none"));
        QCOMPARE(told("Who is the owner of the farm?", "Who owned the farm?", Care::Balanced),
                 std::string("tense"));
    }

    void takesNoLongTexts()
    {
        std::string text;
        for (std::size_t i = 0; i < LexicalText::kMostWords; ++i)
            text += "word ";
        QCOMPARE(told(text, text, Care::Balanced), std::string("none"));
        QCOMPARE(told(text + "more", text + "more", Care::Balanced), std::string("length"));
        QCOMPARE(told(std::string(1 << 20, 'a'), "a", Care::Balanced), std::string("length"));
        QCOMPARE(told("", "", Care::Balanced), std::string("length"));
        QCOMPARE(told("\xFF\xFE", "a", Care::Balanced), std::string("language"));
        // Words that say nothing by themselves are compared as they stand.
        QCOMPARE(told("Who are you?", "who are you", Care::Balanced), std::string("none"));
        QVERIFY(told("Who are you?", "Who am I?", Care::Balanced) != "none");
    }

    void comparesAllOfALongerText()
    {
        const std::string code = "Explain this code.\n\nfor (;;) {\n  run(1);\n}";
        QCOMPARE(told(code, "Explain this code.\nfor (;;) { run(1); }", Care::Balanced), std::string("none"));
        QCOMPARE(told(code, "Explain this code.\nfor (;;) { run(2); }", Care::Balanced),
                 std::string("quote"));
    }

    void timelyTextsAreUnfit_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("today") << QByteArray("What is today's date?") << QByteArray("time");
        QTest::newRow("latest") << QByteArray("What is the latest version of Qt?") << QByteArray("time");
        QTest::newRow("current") << QByteArray("Who is the current champion?") << QByteArray("time");
        QTest::newRow("last week") << QByteArray("Who logged in last week?") << QByteArray("time");
        QTest::newRow("tomorrow") << QByteArray("Will it rain tomorrow?") << QByteArray("time");
        QTest::newRow("ago") << QByteArray("What happened two days ago?") << QByteArray("time");
        QTest::newRow("what time") << QByteArray("What time is it?") << QByteArray("time");
        QTest::newRow("another script") << QByteArray("Привет, мир") << QByteArray("language");
        QTest::newRow("nothing") << QByteArray(" ") << QByteArray("length");
        QTest::newRow("lasting") << QByteArray("What is the last line of Hamlet?") << QByteArray("");
        QTest::newRow("plain") << QByteArray("How do I sort a list in Python?") << QByteArray("");
        QTest::newRow("accents") << QByteArray("Where is the best café in Zürich?") << QByteArray("");
    }

    void timelyTextsAreUnfit()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, why);
        QCOMPARE(QByteArray(unfitness(digest(text.toStdString())).value_or("").data()), why);
    }
};

QTEST_APPLESS_MAIN(LexicalGuardTest)
#include "lexical_guard_test.moc"
