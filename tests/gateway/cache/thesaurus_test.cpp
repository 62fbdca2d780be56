// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of words, and that a file of words that was cut or written over is none.
#include <string>

#include <QTest>

#include "cache/thesaurus.h"
#include "embedded.h"

using namespace gateway;
using namespace gateway::cache;

class ThesaurusTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(m_words.hasWords(), "The build had no WordNet (wordnet-base) to read."); }

    void knowsWhatSaysTheSame()
    {
        QCOMPARE(m_words.synonyms("big", "large").value_or(-1), 0);
        QCOMPARE(m_words.synonyms("large", "big").value_or(-1), 0);
        QVERIFY(m_words.synonyms("second", "minute").value_or(0) > 0);
        QVERIFY(!m_words.synonyms("big", "small"));
        QVERIFY(!m_words.synonyms("big", "thereisnosuchword"));
    }

    void knowsOpposites()
    {
        QVERIFY(m_words.areOpposites("big", "small"));
        QVERIFY(m_words.areOpposites("fall", "rise"));
        QVERIFY(!m_words.areOpposites("big", "large"));
    }

    void knowsFormsAndRoots()
    {
        QCOMPARE(m_words.basesOf("went"), std::vector<std::string_view>{"go"});
        QVERIFY(m_words.isIrregularPast("went") && !m_words.isIrregularPast("go"));
        QCOMPARE(m_words.basesOf("mice"), std::vector<std::string_view>{"mouse"});
        QVERIFY(!m_words.isIrregularPast("mice"));
        QVERIFY(m_words.basesOf("bigger").empty()); // says something else
        QVERIFY(m_words.areOneRoot("summarize", "summary") && m_words.areOneRoot("simply", "simple"));
        QVERIFY(!m_words.areOneRoot("teach", "teacher"));
        QVERIFY(m_words.areDoerAndDeed("teach", "teacher"));
    }

    void knowsKinds()
    {
        QVERIFY((m_words.kinds("run") & Thesaurus::Verb) != 0 &&
                (m_words.kinds("run") & Thesaurus::Noun) != 0);
        QCOMPARE(m_words.kinds("quickly"), std::uint8_t{Thesaurus::Adverb});
        QCOMPARE(m_words.kinds("thereisnosuchword"), std::uint8_t{0});
        QVERIFY(!m_words.knows("") && !m_words.knows("paris"));
    }

    void needsAllOfIt()
    {
        const std::string_view whole = embedded::words;
        for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{19}, std::size_t{20},
                                       std::size_t{4000}, whole.size() / 2, whole.size() - 1})
            QVERIFY2(!Thesaurus(whole.substr(0, size)).hasWords(), qPrintable(QString::number(size)));
        QVERIFY(!Thesaurus(std::string(whole) + "more").hasWords());
    }

    void needsItsOwnSizes()
    {
        const std::string whole(embedded::words);
        // The mark, the three sizes, the first of the ends.
        for (const std::size_t at : {0, 8, 12, 16, 20}) {
            std::string other = whole;
            other.replace(at, 4, "\xFF\xFF\xFF\x7F");
            const Thesaurus words(other);
            QVERIFY2(!words.hasWords(), qPrintable(QString::number(at)));
            QVERIFY(!words.knows("big") && !words.synonyms("big", "large") && words.basesOf("went").empty());
        }
    }

private:
    const Thesaurus m_words{embedded::words};
};

QTEST_APPLESS_MAIN(ThesaurusTest)
#include "thesaurus_test.moc"
