// SPDX-License-Identifier: GPL-3.0-or-later
// What the desktop is told of, and when it is told of nothing.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "notifier.h"
#include "ui/support/fake_budgets.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

struct Told {
    Told()
    {
        QObject::connect(&notifier, &Notifier::noteWanted,
                         [this](const DesktopNote& note) { notes.push_back(note); });
    }
    void raise(gateway::Alert::Kind kind, gateway::Alert::Level level, const char* subject = "opus")
    {
        gateway::Alert alert;
        alert.kind = kind;
        alert.level = level;
        alert.subject = subject;
        alert.text = "In plain words.";
        link.raise(alert);
    }

    QTemporaryDir folder;
    FakeLink link;
    Preferences preferences{folder.filePath(QStringLiteral("p.ini"))};
    QTime time{12, 0};
    Notifier notifier{link, preferences, [this] { return time; }};
    std::vector<DesktopNote> notes;
};

using Kind = gateway::Alert::Kind;
using Level = gateway::Alert::Level;

} // namespace

class NotifierTest : public QObject {
    Q_OBJECT

private slots:
    void onlyWhatIsMoreThanAWordIsTold()
    {
        Told at;
        at.link.makeUpData(1);
        at.raise(Kind::BudgetMark, Level::Info);
        QVERIFY(at.notes.empty());
        at.raise(Kind::BudgetMark, Level::Warning);
        at.raise(Kind::KeyRefused, Level::Critical, "openai/work");
        QCOMPARE(at.notes.size(), 2U);
        QCOMPARE(at.notes[0].title, QStringLiteral("Budget mark: opus"));
        QCOMPARE(at.notes[0].text, QStringLiteral("In plain words."));
        QVERIFY(!at.notes[0].critical);
        QCOMPARE(at.notes[0].place.what, QStringLiteral("budget:opus"));
        QVERIFY(at.notes[1].critical);
        QCOMPARE(at.notes[1].place.page, QStringLiteral("providers"));
        QCOMPARE(at.notes[1].place.what, QStringLiteral("openai"));
    }

    void eachTopicCanBeTurnedOff()
    {
        Told at;
        at.preferences.setNotifies(AlertTopic::Budgets, false);
        at.raise(Kind::BudgetUsedUp, Level::Critical);
        at.raise(Kind::AgentLoop, Level::Warning);
        at.preferences.setNotifies(AlertTopic::Loops, false);
        at.raise(Kind::AgentLoop, Level::Warning);
        at.raise(Kind::ProviderDown, Level::Critical, "groq");
        at.preferences.setNotifies(AlertTopic::Providers, false);
        at.raise(Kind::KeyRefused, Level::Critical, "groq");
        at.raise(Kind::LogTrouble, Level::Critical); // Belongs to none of them.
        QCOMPARE(at.notes.size(), 3U);
    }

    void aQuestionIsToldOnce()
    {
        Told at;
        at.link.ask(madeUpQuestion());
        at.link.setActivity(at.link.activity());
        QCOMPARE(at.notes.size(), 1U);
        QVERIFY(at.notes[0].text.contains(QLatin1String("Budget opus is used up: cursor waits.")));
        gateway::SpendQuestion another = madeUpQuestion();
        another.id = 2;
        at.link.ask(another);
        QCOMPARE(at.notes.size(), 2U);
    }

    void quietHoursAreQuiet()
    {
        Told at;
        at.preferences.setQuietHours({true, QTime(22, 0), QTime(7, 0)});
        at.time = QTime(23, 0);
        at.raise(Kind::BudgetUsedUp, Level::Critical);
        at.link.ask(madeUpQuestion());
        QVERIFY(at.notes.empty());
        at.time = QTime(7, 0);
        at.raise(Kind::BudgetUsedUp, Level::Critical);
        QCOMPARE(at.notes.size(), 1U);
    }

    void theHoursMayGoOverMidnight_data()
    {
        QTest::addColumn<QTime>("from");
        QTest::addColumn<QTime>("to");
        QTest::addColumn<QTime>("time");
        QTest::addColumn<bool>("quiet");
        const QTime night(22, 0);
        const QTime morning(7, 0);
        QTest::newRow("night") << night << morning << QTime(23, 30) << true;
        QTest::newRow("after midnight") << night << morning << QTime(0, 0) << true;
        QTest::newRow("its beginning") << night << morning << night << true;
        QTest::newRow("its end") << night << morning << morning << false;
        QTest::newRow("day") << night << morning << QTime(12, 0) << false;
        QTest::newRow("within a day") << QTime(9, 0) << QTime(17, 0) << QTime(12, 0) << true;
        QTest::newRow("after it") << QTime(9, 0) << QTime(17, 0) << QTime(18, 0) << false;
        QTest::newRow("all day") << night << night << QTime(12, 0) << true;
    }
    void theHoursMayGoOverMidnight()
    {
        QFETCH(QTime, from);
        QFETCH(QTime, to);
        QFETCH(QTime, time);
        QFETCH(bool, quiet);
        QCOMPARE(isQuiet({true, from, to}, time), quiet);
        QVERIFY(!isQuiet({false, from, to}, time));
    }
};

} // namespace ui

QTEST_MAIN(ui::NotifierTest)
#include "notifier_test.moc"
