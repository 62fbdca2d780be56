// SPDX-License-Identifier: GPL-3.0-or-later
// The page Keys & budgets over a made-up gateway.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include "models/budget_text.h"
#include "models/budgets_model.h"
#include "models/key_table_models.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

struct OpenedKeys : OpenedWindow {
    explicit OpenedKeys(int rows = 40, const char* what = "") : OpenedWindow(rows, QSize(1440, 900))
    {
        window.openPage(QStringLiteral("keys"), QLatin1String(what));
        settle();
    }
    [[nodiscard]] QTableView* keys() const
    {
        return window.findChild<QTableView*>(QStringLiteral("virtualKeysTable"));
    }
    [[nodiscard]] QTableView* budgets() const
    {
        return window.findChild<QTableView*>(QStringLiteral("budgetsTable"));
    }
    [[nodiscard]] QString keyCell(int row, int column) const
    {
        return keys()->model()->index(row, column).data().toString();
    }
    void choose(QTableView* table, int row) const
    {
        table->selectRow(row);
        settle();
    }
    // After a dialog, the offscreen platform leaves it to us that the window is active again.
    void press(QTableView* table, Qt::Key key)
    {
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window)) qFatal("not active");
        table->setFocus();
        QTest::keyClick(table, key);
    }
    using OpenedWindow::press;
    void type(const char* name, const QString& text) const
    {
        dialog()->findChild<QLineEdit*>(QLatin1String(name))->setText(text);
    }
};

} // namespace

class KeysPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void theModelsAreSound()
    {
        FakeLink link;
        VirtualKeysModel keys;
        BudgetsModel budgets;
        const QAbstractItemModelTester first(&keys, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester second(&budgets,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        link.makeUpData(3);
        keys.setBudgets(link.activity().budgets);
        keys.setKeys(link.config()->keys);
        budgets.setBudgets(link.config()->budgets);
        budgets.setStates(link.activity().budgets);
        QCOMPARE(keys.rowCount(), 2);
        QCOMPARE(budgets.rowCount(), 3);
        QCOMPARE(budgets.rowOf(gateway::BudgetId("opus")), 1);
        QCOMPARE(budgets.rowOf(gateway::BudgetId("none")), -1);
        std::vector<gateway::VirtualKeyConfig> fewer = link.config()->keys;
        fewer.pop_back();
        keys.setKeys(fewer);
        budgets.setBudgets({});
        QCOMPARE(keys.rowCount(), 1);
        QCOMPARE(budgets.rowCount(), 0);
    }

    void aKeyTellsWhatItMayDoAndHasSpent()
    {
        const OpenedKeys at;
        QCOMPARE(at.keyCell(1, VirtualKeysModel::Name), QStringLiteral("cursor"));
        QCOMPARE(at.keyCell(1, VirtualKeysModel::Allowed), QStringLiteral("gpt-*, claude-*"));
        QCOMPARE(at.keyCell(1, VirtualKeysModel::Limits), QStringLiteral("60 rpm, 200k tpm"));
        QCOMPARE(at.keyCell(1, VirtualKeysModel::Budget), QStringLiteral("$1.84 of $10 a day"));
        QCOMPARE(at.keyCell(1, VirtualKeysModel::State), QStringLiteral("Active"));
        QCOMPARE(at.keyCell(0, VirtualKeysModel::Budget), QStringLiteral("—"));
    }

    void spendingMovesTheBarsAndKeepsTheChoice()
    {
        OpenedKeys at;
        at.choose(at.keys(), 1);
        gateway::ActivitySnapshot activity = at.link.activity();
        activity.budgets[3].spentNanos = 10'200'000'000;
        at.link.setActivity(activity);
        QCOMPARE(at.keyCell(1, VirtualKeysModel::Budget), QStringLiteral("$10.20 of $10 a day"));
        const auto cell = at.keys()
                              ->model()
                              ->index(1, VirtualKeysModel::Budget)
                              .data(VirtualKeysModel::SpentRole)
                              .value<SpentCell>();
        QVERIFY(cell.tone == SpentCell::Tone::Over);
        QVERIFY(at.keys()->selectionModel()->isRowSelected(1));
    }

    void aNewKeyIsShownOnceAndChosen()
    {
        OpenedKeys at(40, "new-key");
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("New key"));
        at.type("nameEdit", QStringLiteral("aider"));
        at.type("rpmEdit", QStringLiteral("30"));
        at.press("acceptButton");
        QTRY_VERIFY(at.window.findChild<QLineEdit*>(QStringLiteral("newKeyEdit")) != nullptr);
        QCOMPARE(at.link.config()->findKey("aider")->limits.rpm.value(), 30U);
        at.dialog()->reject();
        QVERIFY(at.keys()->selectionModel()->isRowSelected(2));
    }

    void aKeyIsChangedAndChangedBack()
    {
        OpenedKeys at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.choose(at.keys(), 1);
        const gateway::VirtualKeyConfig before = *at.link.config()->findKey("cursor");
        QVERIFY(at.press("editVirtualKeyButton"));
        at.type("usdEdit", QStringLiteral("25"));
        at.press("acceptButton");
        QTRY_VERIFY(at.dialog() == nullptr);
        QCOMPARE(at.link.config()->findKey("cursor")->budget->usd.value(), std::string("25"));
        QCOMPARE(at.link.config()->findKey("cursor")->sha256, before.sha256);
        QVERIFY(at.keys()->selectionModel()->isRowSelected(1));
        OpenedWindow::settle();
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QTRY_VERIFY(*at.link.config()->findKey("cursor") == before);
    }

    void aKeyIsPausedAndResumed()
    {
        OpenedKeys at;
        at.choose(at.keys(), 1);
        QVERIFY(at.press("pauseVirtualKeyButton", QStringLiteral("Pause key")));
        QTRY_VERIFY(at.link.config()->findKey("cursor")->paused);
        QCOMPARE(at.keyCell(1, VirtualKeysModel::State), QStringLiteral("Paused"));
        OpenedWindow::settle();
        QVERIFY(at.press("pauseVirtualKeyButton", QStringLiteral("Resume key")));
        QTRY_VERIFY(!at.link.config()->findKey("cursor")->paused);
    }

    void revokingNamesWhatStopsWorking()
    {
        OpenedKeys at;
        gateway::Config config = *at.link.config();
        config.budgets[2].scope.key = "default";
        at.link.setConfig(config);
        at.choose(at.keys(), 0);
        at.press(at.keys(), Qt::Key_Delete);
        QVERIFY(at.dialog() != nullptr);
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("claude-code")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("These budgets count nothing else: trial.")));
        at.press("cancelButton");
        QVERIFY(at.link.config()->findKey("default") != nullptr);
        QVERIFY(at.press("revokeVirtualKeyButton"));
        at.press("acceptButton");
        QTRY_VERIFY(at.link.config()->findKey("default") == nullptr);
        QCOMPARE(at.keys()->model()->rowCount(), 1);
    }

    void revokingSaysWhereNobodyUsedIt()
    {
        OpenedKeys at;
        at.choose(at.keys(), 1);
        QVERIFY(at.press("revokeVirtualKeyButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("No request in the log came with it.")));
        QCOMPARE(at.link.queries.back().key, std::string("cursor"));
        at.press("cancelButton");
        at.link.dropQueries = true;
        QVERIFY(at.press("revokeVirtualKeyButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("The log does not tell")));
    }

    void whatIsRefusedIsToldUntilItIsRead()
    {
        OpenedKeys at(40, "budgets");
        at.choose(at.budgets(), 0);
        QVERIFY(at.press("editBudgetButton"));
        at.type("usdEdit", QStringLiteral("300"));
        at.link.nextProblems = {
            {gateway::ConfigProblem::Weight::Error, "budgets.everything.usd", "Is too much.", 0}};
        at.press("acceptButton");
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("budgets.everything.usd: Is too much.")));
        QCOMPARE(at.link.config()->budgets[0].usd.value(), std::string("200"));
        at.press("acceptButton"); // The dialog is still there, with what was typed.
        QTRY_COMPARE(at.link.config()->budgets[0].usd.value(), std::string("300"));
        OpenedWindow::settle();
        QVERIFY(at.press("segmentButton", QStringLiteral("Keys")));
        at.choose(at.keys(), 0);
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "", "The disk is full.", 0}};
        QVERIFY(at.press("pauseVirtualKeyButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("The disk is full.")));
        QVERIFY(!at.link.config()->findKey("default")->paused);
    }

    void aBudgetIsAddedChangedAndRemoved()
    {
        OpenedKeys at(40, "new-budget");
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("Add budget"));
        at.type("nameEdit", QStringLiteral("research"));
        at.type("usdEdit", QStringLiteral("12"));
        at.press("acceptButton");
        QTRY_COMPARE(at.link.config()->budgets.size(), 4U);
        OpenedWindow::settle();
        QVERIFY(at.budgets()->selectionModel()->isRowSelected(3));
        at.press(at.budgets(), Qt::Key_Return);
        QVERIFY(at.dialog() != nullptr);
        at.type("scopeModelEdit", QStringLiteral("gpt-*"));
        at.press("acceptButton");
        QTRY_COMPARE(at.link.config()->budgets[3].scope.model, std::string("gpt-*"));
        OpenedWindow::settle();
        at.press(at.budgets(), Qt::Key_Delete);
        QVERIFY(shows(*at.dialog(), QStringLiteral("Remove the budget research ($12 a month)?")));
        at.press("acceptButton");
        QTRY_COMPARE(at.link.config()->budgets.size(), 3U);
    }

    void aBudgetSaysWhenItIsUsedUp()
    {
        const OpenedKeys at(40, "budgets");
        const QModelIndex opus = at.budgets()->model()->index(1, BudgetsModel::Spent);
        QCOMPARE(opus.data().toString(), QStringLiteral("$4.60 of $5 a day"));
        const auto cell = opus.data(BudgetsModel::SpentRole).value<SpentCell>();
        QVERIFY2(cell.note.startsWith(QLatin1String("Used up ")), qPrintable(cell.note));
        QVERIFY(opus.data(Qt::AccessibleTextRole).toString().contains(cell.note));
        const QModelIndex trial = at.budgets()->model()->index(2, BudgetsModel::Spent);
        QVERIFY(trial.data(BudgetsModel::SpentRole).value<SpentCell>().note.isEmpty());
    }

    void aUsedUpBudgetMayBeAllowedMore()
    {
        OpenedKeys at(40, "budgets");
        at.choose(at.budgets(), 1);
        QVERIFY(!at.press("allowMoreButton")); // Something is left of it.
        at.choose(at.budgets(), 2);
        QVERIFY(at.press("allowMoreButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("$20.40 of $20 are spent of the budget trial.")));
        QVERIFY(at.press("segmentButton", QStringLiteral("Other")));
        at.type("otherAmountEdit", QStringLiteral("none"));
        at.press("acceptButton");
        QVERIFY(shows(*at.dialog(), QStringLiteral("Write the amount in US dollars")));
        at.type("otherAmountEdit", QStringLiteral("2.50"));
        at.link.nextSpendProblem = QStringLiteral("There is no such budget.");
        at.press("acceptButton");
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("There is no such budget.")));
        at.press("acceptButton");
        QTRY_VERIFY(at.dialog() == nullptr);
        const QModelIndex spent = at.budgets()->model()->index(2, BudgetsModel::Spent);
        QCOMPARE(spent.data().toString(), QStringLiteral("$20.40 of $20 + $2.50 allowed"));
        QVERIFY(!at.press("allowMoreButton"));
    }

    void anEmptyPageSaysWhatItIsForAndWhatToDo()
    {
        OpenedKeys at(0, "budgets");
        QVERIFY(shows(at.window, QStringLiteral("No budgets yet")));
        QVERIFY(at.press("emptyActionButton", QStringLiteral("Add a budget…")));
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("Add budget"));
        at.press("cancelButton");
        at.link.setConfig({});
        QVERIFY(at.press("segmentButton", QStringLiteral("Keys")));
        QVERIFY(shows(at.window, QStringLiteral("No key yet")));
        QVERIFY(at.press("emptyActionButton", QStringLiteral("Make a key…")));
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("New key"));
    }

    void newAddsWhatTheTabHolds()
    {
        OpenedKeys at(40, "budgets");
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QTest::keyClick(&at.window, Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("Add budget"));
    }
};

} // namespace ui

QTEST_MAIN(ui::KeysPageTest)
#include "keys_page_test.moc"
