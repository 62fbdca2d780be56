// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <vector>

#include <QTest>

#include "engine/spend_questions.h"

using namespace gateway;
using namespace gateway::engine;
using pipeline::SpendAsking;
using pipeline::SpendWord;

class SpendQuestionsTest : public QObject {
    Q_OBJECT

private:
    std::int64_t m_allowed = 0;
    bool m_isThere = true;             // the budget that is asked about
    std::vector<std::int64_t> m_given; // what a yes allowed
    int m_asked = 0;
    std::unique_ptr<SpendQuestions> m_questions;
    std::vector<SpendWord> m_words; // by ticket, which is its place

    static SpendAsking about(const char* subject, std::int64_t seen = 0)
    {
        SpendAsking asking;
        asking.question.kind = SpendQuestion::Kind::Budget;
        asking.question.subject = subject;
        asking.question.moreNanos = 7;
        asking.wait = milliseconds(2);
        asking.allowed = seen;
        return asking;
    }

    void ask(const SpendAsking& asking, std::int64_t now = 0)
    {
        const std::size_t ticket = m_words.size();
        m_words.push_back(SpendWord::Undecided);
        m_questions->ask(
            ticket, asking, [this, ticket](SpendWord word) { m_words[ticket] = word; }, now);
    }

private slots:
    void init()
    {
        m_allowed = 0;
        m_isThere = true;
        m_given.clear();
        m_words.clear();
        m_asked = 0;
        SpendQuestions::Means means;
        means.allowed = [this](const SpendQuestion&) { return m_allowed; };
        means.allow = [this](const SpendQuestion& question) {
            if (m_isThere) m_given.push_back(question.moreNanos);
            return m_isThere;
        };
        means.asked = [this](const SpendQuestion&) { ++m_asked; };
        means.changed = [] {};
        m_questions = std::make_unique<SpendQuestions>(std::move(means));
    }

    void thoseWhoWaitForTheSameShareAQuestion()
    {
        ask(about("day"));
        ask(about("day"));
        ask(about("week"));
        QCOMPARE(m_asked, 2);
        const auto list = m_questions->list();
        QCOMPARE(list.size(), 2U);
        QCOMPARE(list[0].waiting, 2U);
        QCOMPARE(list[0].until, 2000);
        QVERIFY(m_questions->answer(list[0].id, true, 0));
        QCOMPARE(m_given, std::vector<std::int64_t>{7}); // once for both
        QVERIFY(m_words[0] == SpendWord::Allowed && m_words[1] == SpendWord::Allowed);
        QVERIFY(m_words[2] == SpendWord::Undecided);
        QVERIFY(!m_questions->answer(list[0].id, true, 0));
    }

    void aNoHoldsForAMinute()
    {
        ask(about("day"));
        QVERIFY(m_questions->answer(m_questions->list().front().id, false, 10));
        QVERIFY(m_words[0] == SpendWord::Refused);
        QVERIFY(m_given.empty());
        ask(about("day"), 10 + SpendQuestions::kRefusedMicros - 1);
        QVERIFY(m_words[1] == SpendWord::Refused);
        QCOMPARE(m_asked, 1);
        ask(about("day"), 10 + SpendQuestions::kRefusedMicros);
        QVERIFY(m_words[2] == SpendWord::Undecided);
        QCOMPARE(m_asked, 2);
    }

    void aYesForWhatIsGoneRefuses()
    {
        ask(about("day"));
        m_isThere = false;
        QVERIFY(m_questions->answer(m_questions->list().front().id, true, 10));
        QVERIFY(m_words[0] == SpendWord::Refused);
        QVERIFY(m_questions->list().empty());
        // Nobody said no: where there is one again, it is asked about.
        ask(about("day"), 11);
        QVERIFY(m_words[1] == SpendWord::Undecided);
    }

    void sessionsOfDifferentKeysShareNothing()
    {
        const auto ofSession = [](const char* key) {
            SpendAsking asking = about("s1");
            asking.question.kind = SpendQuestion::Kind::AgentLoop;
            asking.question.key = key;
            return asking;
        };
        ask(ofSession("one"));
        ask(ofSession("two"));
        ask(ofSession("one"));
        const auto list = m_questions->list();
        QCOMPARE(list.size(), 2U);
        QCOMPARE(list[0].waiting, 2U);
        QCOMPARE(list[1].subject, std::string("s1"));
        QVERIFY(m_questions->answer(list[0].id, false, 10));
        QVERIFY(m_words[1] == SpendWord::Undecided);
        QVERIFY(m_questions->answer(list[1].id, true, 10));
        ask(ofSession("two"), 11); // the no was for the other
        QVERIFY(m_words[3] == SpendWord::Undecided);
        ask(ofSession("one"), 11);
        QVERIFY(m_words[4] == SpendWord::Refused);
        // A budget is one, whoever spends it.
        SpendAsking day = about("day");
        day.question.key = "one";
        ask(day);
        day.question.key = "two";
        ask(day);
        QCOMPARE(m_questions->list().back().waiting, 2U);
    }

    void nobodyAnswers()
    {
        ask(about("day"));
        QCOMPARE(m_questions->next(), 2000);
        m_questions->expire(1999);
        QVERIFY(m_words[0] == SpendWord::Undecided);
        m_questions->expire(2000);
        QVERIFY(m_words[0] == SpendWord::NoAnswer);
        QCOMPARE(m_questions->next(), 0);
        ask(about("day"), 2001); // is asked again
        QVERIFY(m_words[1] == SpendWord::Undecided);
    }

    void whoLeavesIsNotWaitedFor()
    {
        ask(about("day"));
        ask(about("day"));
        m_questions->leave(0);
        QCOMPARE(m_questions->list().front().waiting, 1U);
        m_questions->leave(1);
        QVERIFY(m_questions->list().empty());
        m_questions->expire(1'000'000);
        QVERIFY(m_words[0] == SpendWord::Undecided && m_words[1] == SpendWord::Undecided);
    }

    void aWordThatCameMeanwhileCounts()
    {
        m_allowed = 5;
        ask(about("day", 5)); // it had seen that already
        QVERIFY(m_words[0] == SpendWord::Undecided);
        m_allowed = 9;
        ask(about("day", 5));
        QVERIFY(m_words[1] == SpendWord::Allowed);
    }

    void whatIsAllowedUnaskedLetsGoOn()
    {
        ask(about("day"));
        m_questions->settle("week", false);
        QVERIFY(m_words[0] == SpendWord::Undecided);
        m_questions->settle("day", false);
        QVERIFY(m_words[0] == SpendWord::Allowed);
        QVERIFY(m_given.empty());
        // It takes back a no, too.
        ask(about("day"));
        QVERIFY(m_questions->answer(m_questions->list().front().id, false, 10));
        m_questions->settle("day", false);
        ask(about("day"), 11);
        QVERIFY(m_words[2] == SpendWord::Undecided);
    }

    void atTheEndAllAreRefused()
    {
        ask(about("day"));
        ask(about("week"));
        m_questions->refuseAll();
        QVERIFY(m_words[0] == SpendWord::Refused && m_words[1] == SpendWord::Refused);
        QVERIFY(m_questions->list().empty());
        ask(about("month")); // was on its way here
        QVERIFY(m_words[2] == SpendWord::Refused);
        QCOMPARE(m_asked, 2);
    }
};

QTEST_GUILESS_MAIN(SpendQuestionsTest)
#include "spend_questions_test.moc"
