// SPDX-License-Identifier: GPL-3.0-or-later
// The alerts: how they are read, what is unread, and where they lead.
#include <QAbstractItemModelTester>
#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "models/alert_text.h"
#include "models/alerts_model.h"
#include "models/request_filter.h"
#include "ui/support/window_walk.h"
#include "widgets/choice_button.h"
#include "widgets/nav_button.h"

namespace ui {
namespace {

using Kind = gateway::Alert::Kind;
using Level = gateway::Alert::Level;

void fill(FakeLink& link, int count, Kind kind = Kind::BudgetMark)
{
    for (int i = 0; i < count; ++i) {
        gateway::Alert alert;
        alert.kind = kind;
        alert.level = Level::Warning;
        alert.subject = "opus";
        alert.text = "Number " + std::to_string(i) + ".";
        link.raise(alert);
    }
}

struct OpenedAlerts : OpenedWindow {
    explicit OpenedAlerts(int rows = 40) : OpenedWindow(rows, QSize(1440, 900))
    {
        window.openPage(QStringLiteral("keys"), QStringLiteral("alerts"));
        settle();
        table = window.findChild<QTableView*>(QStringLiteral("alertsTable"));
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return table->model()->index(row, column).data().toString();
    }
    void choose(int row) const
    {
        table->selectRow(row);
        settle();
    }
    void chooseKind(Kind kind) const
    {
        auto* button = window.findChild<ChoiceButton*>(QStringLiteral("alertKindButton"));
        for (QAction* action : button->menu()->actions()) {
            if (action->data().toInt() == static_cast<int>(kind)) action->trigger();
        }
        settle();
    }
    [[nodiscard]] int badge() const
    {
        for (const NavButton* button : window.findChildren<NavButton*>()) {
            if (button->accessibleName() == QLatin1String("Keys & budgets")) return button->badge();
        }
        return -1;
    }

    QTableView* table;
};

} // namespace

class AlertsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void theModelReadsPageByPage()
    {
        FakeLink link;
        fill(link, 250);
        AlertsModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 100);
        QCOMPARE(model.index(0, AlertsModel::Story).data().toString(), QStringLiteral("Number 249."));
        QVERIFY(model.hasOlder());
        model.readOlder();
        model.readOlder(); // One read at a time.
        QTRY_COMPARE(model.rowCount(), 200);
        model.readOlder();
        QTRY_COMPARE(model.rowCount(), 250);
        QVERIFY(!model.hasOlder());
        QCOMPARE(model.index(249, AlertsModel::Story).data().toString(), QStringLiteral("Number 0."));
        QCOMPARE(link.alertQueries.size(), 3U);
    }

    void newOnesComeOnTopAndTheOldOnesStay()
    {
        FakeLink link;
        fill(link, 120);
        AlertsModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 100);
        model.readOlder();
        QTRY_COMPARE(model.rowCount(), 120);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        fill(link, 3);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 123);
        QCOMPARE(resets.size(), 0);
        fill(link, 101); // Between the page and what is known there may be others.
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 100);
        QVERIFY(model.hasOlder());
    }

    void aKindIsLookedForInOlderOnesToo()
    {
        FakeLink link;
        fill(link, 2, Kind::AgentLoop);
        fill(link, 150);
        AlertsModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 100);
        model.setKind(Kind::AgentLoop);
        QTRY_COMPARE(model.rowCount(), 2);
        model.setKind(Kind::KeyRefused);
        QCOMPARE(model.rowCount(), 0);
        model.setKind(std::nullopt);
        QCOMPARE(model.rowCount(), 152);
    }

    void theTabTellsWhatHappenedAndHowGraveItIs()
    {
        const OpenedAlerts at;
        QTRY_COMPARE(at.table->model()->rowCount(), 6);
        QCOMPARE(at.cell(0, AlertsModel::Level), QStringLiteral("Critical"));
        QCOMPARE(at.cell(0, AlertsModel::Kind), QStringLiteral("Budget used up"));
        QCOMPARE(at.cell(0, AlertsModel::Subject), QStringLiteral("trial"));
        QVERIFY(at.cell(0, AlertsModel::Story).startsWith(QLatin1String("The budget trial is used up.")));
        QVERIFY(at.table->rowHeight(5) >= at.table->fontMetrics().height());
        at.chooseKind(Kind::AgentLoop);
        QCOMPARE(at.table->model()->rowCount(), 1);
        at.chooseKind(Kind::LogTrouble);
        QVERIFY(shows(at.window, QStringLiteral("None of this kind")));
    }

    void unreadOnesAreCountedUntilTheyAreRead()
    {
        OpenedAlerts at;
        QTRY_COMPARE(at.badge(), 6);
        QVERIFY(at.press("segmentButton", QStringLiteral("Alerts (6)")));
        QVERIFY(at.press("markAlertsReadButton"));
        QTRY_COMPARE(at.badge(), 0);
        QCOMPARE(at.preferences.lastReadAlert(), at.link.activity().lastAlertId);
        QVERIFY(at.press("segmentButton", QStringLiteral("Alerts")));
        QVERIFY(!at.table->model()->index(0, 0).data(AlertsModel::UnreadRole).toBool());
        fill(at.link, 1);
        QTRY_COMPARE(at.badge(), 1);
        QTRY_COMPARE(at.table->model()->rowCount(), 7);
        QVERIFY(at.table->model()->index(0, 0).data(AlertsModel::UnreadRole).toBool());
        QVERIFY(at.table->model()
                    ->index(0, 0)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .endsWith(QLatin1String("unread")));
    }

    void aLogThatWasBegunAnewIsUnreadAgain()
    {
        const QTemporaryDir folder;
        FakeLink link;
        Preferences preferences(folder.filePath(QStringLiteral("p.ini")));
        preferences.setLastReadAlert(500);
        AlertInbox inbox(link, preferences);
        fill(link, 2);
        QTRY_COMPARE(inbox.unread(), 2);
    }

    void anAlertLeadsToItsSubject()
    {
        OpenedAlerts at;
        QTRY_COMPARE(at.table->model()->rowCount(), 6);
        at.choose(1);
        QVERIFY(at.press("openAlertButton"));
        auto* budgets = at.window.findChild<QTableView*>(QStringLiteral("budgetsTable"));
        QVERIFY(budgets->isVisible());
        QVERIFY(budgets->selectionModel()->isRowSelected(1));
        QVERIFY(at.press("segmentButton", QStringLiteral("Alerts (6)")));
        at.choose(4);
        QVERIFY(at.press("openAlertButton"));
        QCOMPARE(at.window.currentPage(), QStringLiteral("providers"));
    }

    void anAgentLoopLeadsToItsRequests()
    {
        OpenedAlerts at;
        QTRY_COMPARE(at.table->model()->rowCount(), 6);
        at.choose(3);
        QVERIFY(at.press("openAlertButton"));
        QCOMPARE(at.window.currentPage(), QStringLiteral("requests"));
        QCOMPARE(at.window.findChild<QLineEdit*>(QStringLiteral("filterEdit"))->text(),
                 QStringLiteral("session:\"claude-code-7f3a\""));
        QCOMPARE(at.link.queries.back().session, std::string("claude-code-7f3a"));
    }

    void everySubjectHasItsPlace()
    {
        FakeLink link;
        link.makeUpData(1);
        const auto place = [&link](Kind kind, const char* subject) {
            gateway::Alert alert;
            alert.kind = kind;
            alert.subject = subject;
            return placeOf(alert, *link.config());
        };
        QCOMPARE(place(Kind::BudgetMark, "opus").what, QStringLiteral("budget:opus"));
        QCOMPARE(place(Kind::BudgetUsedUp, "cursor").what, QStringLiteral("key:cursor"));
        QCOMPARE(place(Kind::BudgetUsedUp, "gone").what, QStringLiteral("budgets"));
        QCOMPARE(place(Kind::KeyRefused, "openai/work").what, QStringLiteral("openai"));
        QCOMPARE(place(Kind::ProviderDown, "groq").page, QStringLiteral("providers"));
        QCOMPARE(place(Kind::AgentLoop, "s 1").page, QStringLiteral("requests"));
        QCOMPARE(place(Kind::AgentLoop, "s 1").what, QStringLiteral("session:\"s 1\""));
        QCOMPARE(RequestFilter::parse(place(Kind::AgentLoop, "s 1").what).session, QStringLiteral("s 1"));
        QCOMPARE(place(Kind::AgentLoop, "cursor/my agent#1f09").what,
                 QStringLiteral("key:\"cursor\" client:\"my agent\""));
        QCOMPARE(place(Kind::AgentLoop, "/curl#1f").what, QStringLiteral("client:\"curl\""));
        QCOMPARE(place(Kind::AgentLoop, "nobody/x#1f").what, QStringLiteral("session:\"nobody/x#1f\""));
        QCOMPARE(place(Kind::AgentLoop, "a\"b").what, QString());
        QCOMPARE(place(Kind::LogTrouble, "").page, QStringLiteral("settings"));
    }

    void anEmptyAndAFailedListSayWhatIsTheMatter()
    {
        OpenedAlerts at(0);
        QTRY_VERIFY(shows(at.window, QStringLiteral("No alerts")));
        at.link.dropQueries = true;
        at.window.commands().refresh->trigger();
        QTRY_VERIFY(shows(at.window, QStringLiteral("The alerts cannot be read")));
        at.link.dropQueries = false;
        QVERIFY(at.press("emptyActionButton", QStringLiteral("Try again")));
        QTRY_VERIFY(shows(at.window, QStringLiteral("No alerts")));
    }
};

} // namespace ui

QTEST_MAIN(ui::AlertsTest)
#include "alerts_test.moc"
