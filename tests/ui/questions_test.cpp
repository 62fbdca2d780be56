// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that wait for the user's word, and spending that is paused.
#include <QAction>
#include <QDateTime>
#include <QPushButton>
#include <QTest>
#include <QTranslator>

#include "dialogs/question_dialog.h"
#include "models/question_text.h"
#include "pages/page_table.h"
#include "translation.h"
#include "tray_icon.h"
#include "ui/support/fake_budgets.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

const QString kAsked = QStringLiteral("Budget opus is used up: cursor waits.");

gateway::SpendQuestion loopQuestion()
{
    gateway::SpendQuestion question;
    question.id = 2;
    question.kind = gateway::SpendQuestion::Kind::AgentLoop;
    question.subject = "session-7";
    question.reason = "The tool read_file was called 8 times with the same arguments.";
    question.client = "claude-code";
    question.waiting = 1;
    return question;
}

} // namespace

class QuestionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
        QVERIFY(loadTranslation(m_plurals));
        QCoreApplication::installTranslator(&m_plurals);
    }

    void aQuestionIsOnEveryPageUntilItIsAnswered()
    {
        OpenedWindow at(5);
        QVERIFY(!shows(at.window, kAsked));
        at.link.ask(madeUpQuestion());
        for (const PageEntry& page : pageTable()) {
            at.window.openPage(page.id);
            OpenedWindow::settle();
            QVERIFY2(shows(at.window, kAsked), qPrintable(page.id));
        }
        QVERIFY(shows(at.window, QStringLiteral(" left")));
        QVERIFY(at.press("allowQuestionButton", QStringLiteral("Allow $5 more")));
        QTRY_VERIFY(!shows(at.window, kAsked));
        QVERIFY(at.link.answers == (std::vector<std::pair<std::uint64_t, bool>>{{1, true}}));
        QCOMPARE(at.link.activity().budgets[1].allowedNanos, std::int64_t(5'000'000'000));
    }

    void refusingAllowsNothing()
    {
        OpenedWindow at(5);
        at.link.ask(madeUpQuestion());
        OpenedWindow::settle();
        QVERIFY(at.press("refuseQuestionButton"));
        QTRY_VERIFY(!shows(at.window, kAsked));
        QVERIFY(at.link.answers == (std::vector<std::pair<std::uint64_t, bool>>{{1, false}}));
        QCOMPARE(at.link.activity().budgets[1].allowedNanos, std::int64_t(0));
    }

    void severalStandBelowEachOther()
    {
        OpenedWindow at(5);
        at.link.ask(madeUpQuestion());
        at.link.ask(loopQuestion());
        OpenedWindow::settle();
        QVERIFY(shows(at.window, kAsked));
        QVERIFY(shows(at.window, QStringLiteral("claude-code seems to go round in circles and waits.")));
        QVERIFY(at.press("allowQuestionButton", QStringLiteral("Let it go on")));
        QTRY_COMPARE(at.link.answers.size(), 1U);
        QCOMPARE(at.link.answers[0].first, std::uint64_t(2));
        OpenedWindow::settle();
        QVERIFY(shows(at.window, kAsked));
    }

    void anAnswerUnderWayIsNotGivenTwice()
    {
        OpenedWindow at(5);
        at.link.ask(madeUpQuestion());
        OpenedWindow::settle();
        at.link.neverAnswers = true;
        QVERIFY(at.press("allowQuestionButton"));
        QVERIFY(!at.press("allowQuestionButton"));
        QVERIFY(!at.press("refuseQuestionButton"));
        QCOMPARE(at.link.answers.size(), 1U);
    }

    void whatGoesWrongIsTold()
    {
        OpenedWindow at(5);
        at.link.ask(madeUpQuestion());
        OpenedWindow::settle();
        at.link.nextSpendProblem = QStringLiteral("It was answered already.");
        QVERIFY(at.press("allowQuestionButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("It was answered already.")));
        QVERIFY(at.press("allowQuestionButton")); // It can be tried again.
    }

    void whatIsOverIsNoLongerAsked()
    {
        OpenedWindow at(5);
        gateway::ActivitySnapshot activity = at.link.activity();
        gateway::SpendQuestion late = madeUpQuestion();
        late.until = QDateTime::currentMSecsSinceEpoch() * 1000 + 300'000;
        activity.questions = {late};
        at.link.setActivity(activity);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, kAsked));
        QTRY_VERIFY(!shows(at.window, kAsked)); // The engine has said nothing new.
    }

    void theDetailsStayBesideTheWindow()
    {
        OpenedWindow at(5);
        at.link.ask(madeUpQuestion());
        OpenedWindow::settle();
        QVERIFY(at.press("questionDetailsButton"));
        QVERIFY(at.press("questionDetailsButton")); // The window is not blocked; the same dialog comes up.
        QCOMPARE(at.window.findChildren<QuestionDialog*>().size(), 1);
        QVERIFY(!at.dialog()->isModal());
        for (const char* fact : {"/usr/bin/cursor", "/home/ada/turnpike", "claude-opus-4-5", "$5.02 of $5"}) {
            QVERIFY2(shows(*at.dialog(), QLatin1String(fact)), fact);
        }
        QVERIFY(at.press("acceptButton", QStringLiteral("Allow $5 more")));
        QTRY_VERIFY(at.dialog() == nullptr);
        QVERIFY(at.link.answers == (std::vector<std::pair<std::uint64_t, bool>>{{1, true}}));
    }

    void theDetailsGoWithTheirQuestion()
    {
        OpenedWindow at(5);
        at.link.ask(madeUpQuestion());
        OpenedWindow::settle();
        QVERIFY(at.press("questionDetailsButton"));
        gateway::ActivitySnapshot activity = at.link.activity();
        activity.questions.clear();
        at.link.setActivity(activity);
        QTRY_VERIFY(at.dialog() == nullptr);
        QVERIFY(at.link.answers.empty());
    }

    void theTimeLeftCountsDown()
    {
        gateway::SpendQuestion question = madeUpQuestion();
        question.until = 120'000'000;
        QCOMPARE(leftText(question, 0), QStringLiteral("2:00 left"));
        QCOMPARE(leftText(question, 28'000'001), QStringLiteral("1:32 left"));
        QCOMPARE(leftText(question, 119'500'000), QStringLiteral("0:01 left"));
        QCOMPARE(leftText(question, 120'000'000), QStringLiteral("over"));
        QVERIFY(isOver(question, 120'000'000));
        question.waiting = 3;
        QCOMPARE(questionText(question), kAsked + QStringLiteral(" 2 more requests wait with it."));
    }

    void allSpendingIsPausedAndResumed()
    {
        OpenedWindow at(5);
        at.window.openPage(QStringLiteral("home"));
        OpenedWindow::settle();
        QAction* action = at.window.commands().pauseSpending;
        QVERIFY(!action->isChecked());
        QVERIFY(at.press("pauseSpendingButton", QStringLiteral("Pause all spending")));
        QTRY_VERIFY(at.link.config()->pauseSpending);
        OpenedWindow::settle();
        QVERIFY(action->isChecked());
        QVERIFY(shows(at.window, QStringLiteral("Spending is paused")));
        QCOMPARE(at.window.status().dotToken(), "warning");
        at.window.openPage(QStringLiteral("requests"));
        OpenedWindow::settle();
        QVERIFY(at.press("bannerActionButton", QStringLiteral("Resume")));
        QTRY_VERIFY(!at.link.config()->pauseSpending);
        OpenedWindow::settle();
        QVERIFY(!action->isChecked());
        QCOMPARE(at.window.status().dotToken(), "success");
    }

    void theTrayPausesToo()
    {
        OpenedWindow at(5);
        const TrayIcon tray(at.window);
        QAction* action = at.window.commands().pauseSpending;
        QVERIFY(action->isCheckable());
        action->trigger();
        QTRY_VERIFY(at.link.activity().spendingPaused);
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "", "The disk is full.", 0}};
        action->trigger();
        QTRY_VERIFY(shows(at.window, QStringLiteral("The disk is full.")));
        QVERIFY(action->isChecked()); // It still is.
    }

    void aPauseThatWasSentAwayIsToldAgainNextTime()
    {
        OpenedWindow at(5);
        QAction* action = at.window.commands().pauseSpending;
        action->trigger();
        QTRY_VERIFY(shows(at.window, QStringLiteral("Spending is paused:")));
        QVERIFY(at.press("bannerDismissButton"));
        QVERIFY(!shows(at.window, QStringLiteral("Spending is paused:")));
        action->trigger();
        QTRY_VERIFY(!at.link.activity().spendingPaused);
        action->trigger();
        QTRY_VERIFY(shows(at.window, QStringLiteral("Spending is paused:")));
    }

    void theSpendCardIsEverywhereAndLeadsToTheBudgets()
    {
        OpenedWindow at(5);
        at.window.openPage(QStringLiteral("routes"));
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("trial: $20.40 of $20 in all")));
        auto* card = at.find<QPushButton>("spendCardButton");
        QVERIFY(card != nullptr);
        QVERIFY(card->accessibleDescription().contains(QLatin1String("102% used")));
        QVERIFY(at.press("spendCardButton"));
        QCOMPARE(at.window.currentPage(), QStringLiteral("keys"));
        QVERIFY(shows(at.window, QStringLiteral("How much may be spent in a time")));
    }

private:
    QTranslator m_plurals;
};

} // namespace ui

QTEST_MAIN(ui::QuestionsTest)
#include "questions_test.moc"
