// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "main_window.h"
#include "models/key_table_models.h"
#include "models/provider_keys_model.h"
#include "models/provider_list_model.h"
#include "pages/page_table.h"
#include "translation.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

bool isInteractive(const QWidget* widget)
{
    return qobject_cast<const QAbstractButton*>(widget) != nullptr ||
           qobject_cast<const QLineEdit*>(widget) != nullptr ||
           qobject_cast<const QAbstractItemView*>(widget) != nullptr ||
           qobject_cast<const QAbstractSpinBox*>(widget) != nullptr ||
           qobject_cast<const QPlainTextEdit*>(widget) != nullptr;
}

// Parts that Qt makes inside of its own widgets carry the name of those.
bool isInnerPart(const QWidget* widget)
{
    return widget->objectName().startsWith(QLatin1String("qt_")) || widget->inherits("QHeaderView") ||
           widget->inherits("QTableCornerButton");
}

QStringList namelessWidgets(const QWidget& root)
{
    QStringList nameless;
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (!isInteractive(widget) || isInnerPart(widget)) continue;
        if (widget->accessibleName().isEmpty()) {
            nameless.append(QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') +
                            widget->objectName());
        }
    }
    return nameless;
}

bool shows(const QWidget& root, const QString& text)
{
    for (const QLabel* label : root.findChildren<QLabel*>()) {
        if (label->isVisible() && label->text().contains(text)) return true;
    }
    for (const QAbstractButton* button : root.findChildren<QAbstractButton*>()) {
        if (button->isVisible() && button->text().contains(text)) return true;
    }
    return false;
}

struct Opened {
    explicit Opened(int rows = 0)
    {
        if (rows > 0) link.makeUpData(rows);
        window.show();
    }
    QTemporaryDir folder;
    FakeLink link;
    Preferences preferences{folder.filePath(QStringLiteral("p.ini"))};
    MainWindow window{link, preferences};
};

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        Theme::instance().apply(ThemeChoice::Dark);
        QVERIFY(loadTranslation(m_plurals));
        QCoreApplication::installTranslator(&m_plurals);
    }

    void shortcutsOpenThePages()
    {
        Opened at(5);
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        int number = 0;
        for (const PageEntry& page : pageTable()) {
            if (number == 9) break; // There are no more digits.
            QTest::keyClick(&at.window, static_cast<Qt::Key>(Qt::Key_1 + number++), Qt::ControlModifier);
            QCOMPARE(at.window.currentPage(), page.id);
        }
        QTest::keyClick(&at.window, Qt::Key_1, Qt::ControlModifier);
        QTest::keyClick(&at.window, Qt::Key_Comma, Qt::ControlModifier);
        QCOMPARE(at.window.currentPage(), QStringLiteral("settings"));
        QTest::keyClick(&at.window, Qt::Key_2, Qt::ControlModifier);
        QTest::keyClick(&at.window, Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(QApplication::focusWidget()->accessibleName(), QStringLiteral("Filter requests"));
        QTest::keyClick(&at.window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(at.link.activity().state, gateway::EngineState::Paused);
        QSignalSpy quits(&at.window, &MainWindow::quitWanted);
        QTest::keyClick(&at.window, Qt::Key_Q, Qt::ControlModifier);
        QCOMPARE(quits.size(), 1);
    }

    void everyInteractiveWidgetHasAName()
    {
        for (const int rows : {0, 40}) {
            Opened at(rows);
            for (const PageEntry& page : pageTable()) {
                at.window.openPage(page.id);
            }
            at.window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
            at.window.openPage(QStringLiteral("keys"), QStringLiteral("new-key"));
            QCOMPARE(at.window.findChildren<QDialog*>().size(), 2);
            // Qt's own clear button inside a line edit has no name of ours.
            QStringList nameless = namelessWidgets(at.window);
            nameless.removeIf(
                [](const QString& name) { return name.startsWith(QLatin1String("QLineEditIconButton")); });
            QCOMPARE(nameless.join(QLatin1Char(';')), QString());
        }
    }

    void aFreshStartShowsWhatToDoAndNoError()
    {
        Opened at;
        QTRY_VERIFY(shows(at.window, QStringLiteral("Your gateway is ready")));
        QVERIFY(shows(at.window, QStringLiteral("http://127.0.0.1:4777")));
        QTRY_VERIFY(shows(at.window, QStringLiteral("…")));
        at.window.openPage(QStringLiteral("requests"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("No requests yet")));
        at.window.openPage(QStringLiteral("providers"));
        QVERIFY(shows(at.window, QStringLiteral("No providers yet")));
        QVERIFY(!shows(at.window, QStringLiteral("Dismiss")));
    }

    void theTrialTurnsTheEmptyHomeIntoTheRealOne()
    {
        Opened at;
        QTRY_VERIFY(shows(at.window, QStringLiteral("Your gateway is ready")));
        at.window.commands().sendTrial->trigger();
        QTRY_COMPARE(at.link.trials, 1);
        QTRY_VERIFY(shows(at.window, QStringLiteral("sandbox/echo answered in 12 ms")));
        QTRY_VERIFY(shows(at.window, QStringLiteral("Recent requests")));
        QVERIFY(at.window.commands().sendTrial->isEnabled());
    }

    void aLogThatCannotBeReadIsSaidOnItsPages()
    {
        Opened at;
        at.link.dropQueries = true;
        at.window.commands().refresh->trigger();
        QTRY_VERIFY(shows(at.window, QStringLiteral("The figures cannot be read")));
        at.window.openPage(QStringLiteral("requests"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("The log cannot be read")));
        at.link.dropQueries = false;
        at.window.commands().refresh->trigger();
        QTRY_VERIFY(shows(at.window, QStringLiteral("No requests yet")));
    }

    void aFilterWithoutAHitCanBeCleared()
    {
        Opened at(30);
        at.window.openPage(QStringLiteral("requests"));
        auto* filter = at.window.findChild<QLineEdit*>(QStringLiteral("filterEdit"));
        filter->setText(QStringLiteral("provider:nobody"));
        QTest::keyClick(filter, Qt::Key_Return);
        QTRY_VERIFY(shows(at.window, QStringLiteral("No request matches")));
        for (auto* button : at.window.findChildren<QPushButton*>(QStringLiteral("emptyActionButton"))) {
            if (button->isVisible()) button->click();
        }
        QTRY_VERIFY(!shows(at.window, QStringLiteral("No request matches")));
        QVERIFY(filter->text().isEmpty());
    }

    void refreshingCountsWhatWasJustTyped()
    {
        Opened at(30);
        at.window.openPage(QStringLiteral("requests"));
        at.window.findChild<QLineEdit*>(QStringLiteral("filterEdit"))
            ->setText(QStringLiteral("provider:nobody"));
        at.window.commands().refresh->trigger();
        QVERIFY(!at.link.queries.empty());
        QCOMPARE(at.link.queries.back().provider, std::string("nobody"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("No request matches")));
    }

    void aRowOpensItsDetailsWithBodiesOrTheReason()
    {
        Opened at(30);
        at.window.openPage(QStringLiteral("requests"));
        auto* table = at.window.findChild<QTableView*>(QStringLiteral("requestsTable"));
        QTRY_COMPARE(table->model()->rowCount(), 30);
        table->selectRow(0);
        QTRY_VERIFY(shows(at.window, QStringLiteral("stored for errors only")));
        QVERIFY(at.link.queries.back().withBodies);
        for (int row = 0; row < 30; ++row) {
            if (table->model()->index(row, 1).data().toString().startsWith(QLatin1String("429"))) {
                table->selectRow(row);
                break;
            }
        }
        QTRY_VERIFY(shows(at.window, QStringLiteral("failed after")));
        bool body = false;
        for (const auto* view : at.window.findChildren<QPlainTextEdit*>()) {
            body = body || (view->isVisible() &&
                            view->toPlainText().contains(QStringLiteral("Why is the sky blue?")));
        }
        QVERIFY(body);
        at.window.findChild<QPushButton*>(QStringLiteral("copyCurlButton"))->click();
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("$TURNPIKE_KEY")));
    }

    void theGravestNoticeComesFirstAndStaysAway()
    {
        Opened at(1);
        gateway::ActivitySnapshot activity = at.link.activity();
        activity.port = 4778;
        activity.keychainProblem = "The key ring is locked.";
        activity.logProblem = "The disk is full.";
        at.link.setActivity(activity);
        QVERIFY(shows(at.window, QStringLiteral("The disk is full.")));
        auto* dismiss = at.window.findChild<QPushButton*>(QStringLiteral("bannerDismissButton"));
        dismiss->click();
        QVERIFY(shows(at.window, QStringLiteral("The key ring is locked.")));
        dismiss->click();
        QVERIFY(shows(at.window, QStringLiteral("Port 4777 is taken")));
        dismiss->click();
        QVERIFY(!dismiss->isVisible());
        at.link.setActivity(activity);
        QVERIFY(!dismiss->isVisible());
    }

    void aSettingAppliesAtOnceAndCanBeUndone()
    {
        Opened at(1);
        at.window.openPage(QStringLiteral("settings"));
        auto* requireKey = at.window.findChild<QCheckBox*>(QStringLiteral("requireKeyCheckBox"));
        requireKey->click();
        QTRY_VERIFY(!at.link.config()->server.requireKey);
        auto* undo = at.window.findChild<QPushButton*>(QStringLiteral("toastActionButton"));
        QTRY_VERIFY(undo->isVisible());
        undo->click();
        QTRY_VERIFY(at.link.config()->server.requireKey);
    }

    void aRefusedSettingSaysWhyBesideItsField()
    {
        Opened at(1);
        at.window.openPage(QStringLiteral("settings"));
        at.link.nextProblems = {
            {gateway::ConfigProblem::Weight::Error, "server.port", "Port 80 needs root.", 0}};
        at.window.findChild<QSpinBox*>(QStringLiteral("portSpinBox"))->setValue(80);
        at.window.findChild<QPushButton*>(QStringLiteral("applyPortButton"))->click();
        QTRY_VERIFY(shows(at.window, QStringLiteral("Port 80 needs root.")));
        QCOMPARE(at.window.findChild<QSpinBox*>(QStringLiteral("portSpinBox"))->value(), 4777);
    }

    void aNewVirtualKeyIsShownOnce()
    {
        Opened at(1);
        at.window.openPage(QStringLiteral("keys"), QStringLiteral("new-key"));
        auto* ask = at.window.findChild<QDialog*>();
        ask->findChild<QLineEdit*>(QStringLiteral("nameEdit"))->setText(QStringLiteral("aider"));
        ask->findChild<QPushButton*>(QStringLiteral("acceptButton"))->click();
        QTRY_VERIFY(at.window.findChild<QLineEdit*>(QStringLiteral("newKeyEdit")) != nullptr);
        auto* shown = at.window.findChild<QLineEdit*>(QStringLiteral("newKeyEdit"));
        QCOMPARE(shown->text(), QStringLiteral("tp-made-up-key-for-aider"));
        qobject_cast<QDialog*>(shown->window())->accept();
        QVERIFY(shown->text().isEmpty());
        QVERIFY(at.link.config()->findKey("aider") != nullptr);
    }

    void aFirstKeyThatTheKeychainKeepsIsOnlyAnnounced()
    {
        Opened at;
        at.link.firstKey = gateway::Secret("tp-first-key");
        emit at.link.firstKeyMade(QStringLiteral("turnpike/other-name"));
        QVERIFY(shows(at.window, QStringLiteral("put into the keychain")));
        QVERIFY(at.window.findChild<QDialog*>() == nullptr);
        QCOMPARE(at.preferences.clientKeyName(), QStringLiteral("turnpike/other-name"));
        QVERIFY(at.link.firstKey.empty());
    }

    void aFirstKeyThatNobodyKeepsIsShown()
    {
        Opened at;
        at.link.firstKey = gateway::Secret("tp-first-key");
        emit at.link.firstKeyMade(QString());
        auto* shown = at.window.findChild<QLineEdit*>(QStringLiteral("newKeyEdit"));
        QVERIFY(shown != nullptr && shown->isVisible());
        QCOMPARE(shown->text(), QStringLiteral("tp-first-key"));
    }

    void withoutATrayClosingQuits()
    {
        Opened at(1);
        at.window.setTrayPresent(true); // The offscreen platform shows none, whatever the program made.
        QSignalSpy quits(&at.window, &MainWindow::quitWanted);
        at.window.close();
        QCOMPARE(quits.size(), 1);
        QVERIFY(!at.preferences.geometry().isEmpty());
    }

    void listModelsAreSound()
    {
        FakeLink link;
        ProviderListModel providers(link);
        const QAbstractItemModelTester first(&providers,
                                             QAbstractItemModelTester::FailureReportingMode::QtTest);
        ProviderKeysModel keys;
        const QAbstractItemModelTester second(&keys, QAbstractItemModelTester::FailureReportingMode::QtTest);
        VirtualKeysModel virtualKeys;
        const QAbstractItemModelTester third(&virtualKeys,
                                             QAbstractItemModelTester::FailureReportingMode::QtTest);
        link.makeUpData(3);
        QCOMPARE(providers.rowCount(), 4);
        QCOMPARE(providers.index(0).data(ProviderListModel::DetailRole).toString(),
                 QStringLiteral("2 of 2 keys"));
        keys.setProvider(*link.config()->findProvider("openai"),
                         providers.healthOf(gateway::ProviderId("openai")));
        QCOMPARE(keys.rowCount(), 2);
        QCOMPARE(keys.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Key"));
        QVERIFY(!keys.headerData(0, Qt::Horizontal, Qt::SizeHintRole).isValid());
        virtualKeys.setKeys(link.config()->keys);
        QCOMPARE(virtualKeys.rowCount(), 2);
        QCOMPARE(virtualKeys.index(0, VirtualKeysModel::Allowed).data().toString(), QStringLiteral("All"));
    }

private:
    QTranslator m_plurals;
};

} // namespace ui

QTEST_MAIN(ui::MainWindowTest)
#include "main_window_test.moc"
