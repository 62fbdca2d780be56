// SPDX-License-Identifier: GPL-3.0-or-later
// What the keys do, and what happens while one waits.
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QWheelEvent>

#include "ui/support/window_walk.h"

namespace ui {
namespace {

} // namespace

class KeyboardTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(ThemeChoice::Dark); }

    void jAndKMoveThroughTheRequestsAndEscapeCloses()
    {
        OpenedWindow at(40);
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.window.openPage(QStringLiteral("requests"));
        auto* table = at.window.findChild<QTableView*>(QStringLiteral("requestsTable"));
        QTRY_COMPARE(table->model()->rowCount(), 40);
        table->setFocus(Qt::TabFocusReason);
        QTest::keyClick(table, Qt::Key_J);
        QTest::keyClick(table, Qt::Key_J);
        const int row = table->currentIndex().row();
        QTest::keyClick(table, Qt::Key_K);
        QCOMPARE(table->currentIndex().row(), row - 1);
        auto* close = at.window.findChild<QPushButton*>(QStringLiteral("closeDetailButton"));
        QTRY_VERIFY(close->isVisible());
        QTest::keyClick(table, Qt::Key_Escape);
        QVERIFY(!close->isVisible());
        QVERIFY(table->hasFocus());
    }

    void controlNAddsWhatThePageHolds()
    {
        OpenedWindow at(5);
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.window.openPage(QStringLiteral("providers"));
        QTest::keyClick(&at.window, Qt::Key_N, Qt::ControlModifier);
        QVERIFY(at.dialog() != nullptr);
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("Add provider"));
        at.dialog()->reject();
        at.window.openPage(QStringLiteral("keys"));
        QTest::keyClick(&at.window, Qt::Key_N, Qt::ControlModifier);
        QVERIFY(at.dialog() != nullptr);
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("New key"));
        at.dialog()->reject();
    }

    void deleteAsksBeforeAProviderGoes()
    {
        OpenedWindow at(5);
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.window.openPage(QStringLiteral("providers"));
        auto* list = at.window.findChild<QListView*>(QStringLiteral("providersList"));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        QVERIFY(at.dialog() != nullptr);
        // What cannot be undone is not what a hasty Enter does.
        QVERIFY(QTest::qWaitForWindowActive(at.dialog()));
        QTest::keyClick(at.dialog(), Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        QCOMPARE(at.link.config()->providers.size(), 4U);
        at.window.activateWindow(); // Left to itself, the offscreen platform does not.
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        QVERIFY(at.dialog() != nullptr);
        QVERIFY(QTest::qWaitForWindowActive(at.dialog()));
        at.press("acceptButton");
        QTRY_COMPARE(at.link.config()->providers.size(), 3U);
    }

    void enterPressesTheButtonThatHasTheFocus()
    {
        OpenedWindow at(5);
        at.window.openPage(QStringLiteral("keys"), QStringLiteral("new-key"));
        QVERIFY(QTest::qWaitForWindowActive(at.dialog()));
        at.dialog()->findChild<QLineEdit*>(QStringLiteral("nameEdit"))->setText(QStringLiteral("aider"));
        auto* cancel = at.dialog()->findChild<QPushButton*>(QStringLiteral("cancelButton"));
        cancel->setFocus();
        QTest::keyClick(cancel, Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        QVERIFY(at.link.config()->findKey("aider") == nullptr);
    }

    void enterInAFieldSubmitsAndEscapeLeaves()
    {
        OpenedWindow at(5);
        at.window.openPage(QStringLiteral("keys"), QStringLiteral("new-key"));
        QVERIFY(QTest::qWaitForWindowActive(at.dialog()));
        auto* name = at.dialog()->findChild<QLineEdit*>(QStringLiteral("nameEdit"));
        QTRY_VERIFY(name->hasFocus());
        QTest::keyClicks(name, QStringLiteral("aider"));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(at.link.config()->findKey("aider") != nullptr);
        QTRY_VERIFY(at.dialog() != nullptr && at.dialog()->windowTitle() == QLatin1String("Key aider"));
        QTest::keyClick(at.dialog(), Qt::Key_Escape);
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
    }

    void controlZTakesASettingBack()
    {
        OpenedWindow at(5);
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.window.openPage(QStringLiteral("settings"));
        QVERIFY(at.press("requireKeyCheckBox"));
        QTRY_VERIFY(!at.link.config()->server.requireKey);
        OpenedWindow::settle();
        QTest::keyClick(&at.window, Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(at.link.config()->server.requireKey);
    }

    void badNewsStaysUntilItIsSentAway()
    {
        OpenedWindow at(5);
        at.link.secrets.clear();
        at.window.commands().copyKey->trigger();
        const QString bad = QStringLiteral("The key is not in the keychain");
        QTRY_VERIFY(shows(at.window, bad));
        at.window.commands().copyBaseUrl->trigger();
        QVERIFY(shows(at.window, QStringLiteral("Base URL copied")));
        QVERIFY(shows(at.window, bad)); // Good news does not push it out,
        at.window.commands().copyKey->trigger();
        OpenedWindow::settle();
        QCOMPARE(at.window.findChildren<QPushButton*>(QStringLiteral("toastDismissButton")).size(), 2);
        QTRY_VERIFY_WITH_TIMEOUT(!shows(at.window, QStringLiteral("Base URL copied")), 15'000);
        QVERIFY(shows(at.window, bad)); // and time does not either.
        QVERIFY(at.press("toastDismissButton"));
        QVERIFY(!shows(at.window, bad));
    }

    void aTestOfAProviderCanBeStopped()
    {
        OpenedWindow at(5);
        at.window.openPage(QStringLiteral("providers"));
        at.link.neverAnswers = true;
        QVERIFY(at.press("testButton", QStringLiteral("Test")));
        QVERIFY(shows(at.window, QStringLiteral("Asking for the list of models")));
        QVERIFY(at.press("testButton", QStringLiteral("Stop")));
        QVERIFY(shows(at.window, QStringLiteral("Stopped.")));
        at.link.neverAnswers = false;
        QVERIFY(at.press("testButton", QStringLiteral("Test")));
        QTRY_VERIFY(shows(at.window, QStringLiteral("Answered in")));
    }

    void aTestInTheDialogEndsWhenTheDraftChanges()
    {
        OpenedWindow at;
        at.window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
        auto* key = at.dialog()->findChild<QLineEdit*>(QStringLiteral("keyEdit"));
        key->setText(QStringLiteral("sk-ant-x"));
        at.link.neverAnswers = true;
        QVERIFY(at.press("testButton", QStringLiteral("Test")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Asking for the list of models")));
        key->setText(QStringLiteral("sk-ant-xy"));
        QVERIFY(!shows(*at.dialog(), QStringLiteral("Asking for the list of models")));
        at.link.neverAnswers = false;
        QVERIFY(at.press("testButton", QStringLiteral("Test")));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("Answered in")));
        at.dialog()->reject();
    }

    void theWheelChangesNoNumberInPassing()
    {
        OpenedWindow at(5);
        at.window.openPage(QStringLiteral("settings"));
        auto* drain = at.window.findChild<QSpinBox*>(QStringLiteral("drainSpinBox"));
        const int before = drain->value();
        const QPointF middle = drain->rect().center();
        QWheelEvent wheel(middle, drain->mapToGlobal(middle), {}, QPoint(0, 120), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(drain, &wheel);
        QCOMPARE(drain->value(), before);
        QCOMPARE(at.link.config()->server.drain.count(), std::int64_t{before});
    }

    void aRowOffersWhatCanBeDoneWithIt()
    {
        OpenedWindow at(40);
        at.window.openPage(QStringLiteral("requests"));
        auto* table = at.window.findChild<QTableView*>(QStringLiteral("requestsTable"));
        QTRY_COMPARE(table->model()->rowCount(), 40);
        table->selectRow(0);
        for (QAction* action : table->actions()) {
            if (action->text() == QLatin1String("Only this provider")) action->trigger();
        }
        auto* filter = at.window.findChild<QLineEdit*>(QStringLiteral("filterEdit"));
        QVERIFY(filter->text().startsWith(QLatin1String("provider:\"")));
        QTRY_COMPARE(table->model()->rowCount(), 10);
    }

    void theSideBarCountsFailuresUntilTheyAreLookedAt()
    {
        OpenedWindow at(5);
        gateway::ActivitySnapshot activity = at.link.activity();
        activity.failures = 3;
        activity.providers[0].state = gateway::ProviderHealth::State::KeyRefused;
        activity.providers[0].problem = "401: Incorrect API key.";
        at.link.setActivity(activity);
        const auto described = [&](const char* name) {
            for (const auto* button : at.window.findChildren<QPushButton*>(QStringLiteral("pageButton"))) {
                if (button->accessibleName() == QLatin1String(name)) return button->accessibleDescription();
            }
            return QString();
        };
        QVERIFY(described("Requests").startsWith(QLatin1Char('3')));
        QVERIFY(described("Providers").startsWith(QLatin1Char('1')));
        QVERIFY(shows(at.window, QStringLiteral("openai: 401: Incorrect API key.")));
        QVERIFY(at.press("bannerActionButton"));
        QCOMPARE(at.window.currentPage(), QStringLiteral("providers"));
        at.window.openPage(QStringLiteral("requests"));
        at.window.openPage(QStringLiteral("home"));
        QCOMPARE(described("Requests"), QString());
    }
};

} // namespace ui

QTEST_MAIN(ui::KeyboardTest)
#include "keyboard_test.moc"
