// SPDX-License-Identifier: GPL-3.0-or-later
// Making a key anew, the time in which both are good, and what a row tells of a key.
#include <utility>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "gateway/gateway.h"
#include "gateway/secrets.h"

#include "models/engine_link.h"
#include "models/key_table_models.h"
#include "models/key_text.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

struct OpenedKey : OpenedWindow {
    explicit OpenedKey(QSize size = {1440, 900}) : OpenedWindow(40, size)
    {
        window.openPage(QStringLiteral("keys"));
        settle();
        table = window.findChild<QTableView*>(QStringLiteral("virtualKeysTable"));
        table->selectRow(1);
        settle();
    }
    [[nodiscard]] QModelIndex cell(int column) const { return table->model()->index(1, column); }
    [[nodiscard]] const gateway::VirtualKeyConfig& key() const { return *link.config()->findKey("cursor"); }
    void rotate(int choice)
    {
        QVERIFY(press("rotateVirtualKeyButton"));
        QVERIFY(dialog() != nullptr);
        dialog()->findChild<QComboBox*>(QStringLiteral("overlapComboBox"))->setCurrentIndex(choice);
        press("acceptButton");
        QTRY_VERIFY(window.findChild<QLineEdit*>(QStringLiteral("newKeyEdit")) != nullptr);
        settle();
    }

    QTableView* table;
};

/// A keychain that gives nothing, in a state of the test's choice.
class NoSecrets : public gateway::SecretStore {
public:
    explicit NoSecrets(gateway::KeychainState state) : m_state(state) {}
    void read(const std::string& /*name*/, ReadDone done) override
    {
        QTimer::singleShot(0, &m_context, [done = std::move(done)] { done(refusal()); });
    }
    void write(const std::string& /*name*/, gateway::Secret /*secret*/, WriteDone done) override
    {
        QTimer::singleShot(0, &m_context, [done = std::move(done)] { done(refusal()); });
    }
    void remove(const std::string& /*name*/, WriteDone done) override
    {
        QTimer::singleShot(0, &m_context, [done = std::move(done)] { done(refusal()); });
    }
    [[nodiscard]] gateway::KeychainState state() const override { return m_state; }
    [[nodiscard]] std::string problem() const override { return {}; }

private:
    static gateway::Error refusal()
    {
        gateway::Error error;
        error.message = "There is no key.";
        return error;
    }

    QObject m_context;
    gateway::KeychainState m_state;
};

} // namespace

class KeyRotationTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void aRowTellsHowTheKeyBeginsWhenItWasMadeAndUsed()
    {
        const OpenedKey at;
        QCOMPARE(at.cell(VirtualKeysModel::Prefix).data().toString(), QStringLiteral("tp-AbC…"));
        QCOMPARE(at.cell(VirtualKeysModel::Created).data().toString(), QStringLiteral("Mar 2, 2026"));
        QCOMPARE(at.cell(VirtualKeysModel::LastUsed).data().toString(), QStringLiteral("3 h ago"));
        QVERIFY(at.cell(VirtualKeysModel::LastUsed)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QLatin1String("Program: /usr/bin/cursor")));
        QCOMPARE(at.cell(VirtualKeysModel::Expires).data().toString(), QStringLiteral("Jan 31, 2030"));
        for (int column = 0; column < VirtualKeysModel::ColumnCount; ++column) {
            QVERIFY(!at.table->isColumnHidden(column));
        }
    }

    void aSmallWindowLeavesOutWhatMattersLeast()
    {
        const OpenedKey at(QSize(1000, 640));
        QVERIFY(at.table->isColumnHidden(VirtualKeysModel::Created));
        QVERIFY(!at.table->isColumnHidden(VirtualKeysModel::Budget));
        QVERIFY(!at.table->isColumnHidden(VirtualKeysModel::State));
        const QString story = at.cell(VirtualKeysModel::Name).data(Qt::ToolTipRole).toString();
        QVERIFY(story.contains(QStringLiteral("Begins with tp-AbC…")));
        QVERIFY(story.contains(QLatin1String("Created: Mar 2, 2026")));
    }

    void theNewKeyIsShownOnceAndCanBeCopied()
    {
        OpenedKey at;
        at.rotate(2);
        auto* shown = at.dialog()->findChild<QLineEdit*>(QStringLiteral("newKeyEdit"));
        QCOMPARE(shown->text(), QStringLiteral("tp-made-anew-for-cursor"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("What it was before is good until")));
        QVERIFY(at.press("copyButton"));
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("tp-made-anew-for-cursor"));
        QVERIFY(at.press("copyExportButton"));
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("export TURNPIKE_KEY='tp-made-anew-for-cursor'"));
        at.dialog()->accept();
        QVERIFY(shown->text().isEmpty());
        QVERIFY(at.table->selectionModel()->isRowSelected(1));
    }

    void bothAreGoodUntilTheOverlapEnds()
    {
        OpenedKey at;
        QVERIFY(!at.press("endOverlapButton"));
        const QDateTime before = QDateTime::currentDateTimeUtc().addSecs(-1);
        at.rotate(1);
        at.dialog()->accept();
        OpenedWindow::settle();
        QVERIFY(at.key().former.has_value());
        const auto end = configTime(at.key().former->until);
        QVERIFY(end && qAbs(before.addSecs(3600).secsTo(*end)) < 60);
        const auto cell =
            at.cell(VirtualKeysModel::Name).data(VirtualKeysModel::SpentRole).value<SpentCell>();
        QVERIFY2(cell.note.startsWith(QLatin1String("Old key good until ")), qPrintable(cell.note));
        QVERIFY(at.cell(VirtualKeysModel::Name).data(Qt::AccessibleTextRole).toString().contains(cell.note));
        QVERIFY(at.press("endOverlapButton"));
        QTRY_VERIFY(!at.key().former.has_value());
        OpenedWindow::settle();
        QVERIFY(!at.press("endOverlapButton"));
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QTRY_VERIFY(at.key().former.has_value());
    }

    void withoutAnOverlapTheOldOneStopsAtOnce()
    {
        OpenedKey at;
        at.rotate(0);
        QVERIFY(shows(*at.dialog(), QStringLiteral("What it was before is refused from now on.")));
        QVERIFY(!at.key().former.has_value());
    }

    void theKeyThatIsCopiedIsTheNewOne()
    {
        OpenedKey at;
        at.table->selectRow(0);
        at.rotate(2);
        QTRY_COMPARE(at.link.secrets[QStringLiteral("turnpike/default-key")],
                     std::string("tp-made-anew-for-default"));
        at.dialog()->accept();
        OpenedWindow::settle();
        at.table->selectRow(1);
        at.rotate(2);
        OpenedWindow::settle();
        QCOMPARE(at.link.secrets.size(), 1U); // Only that one is kept.
    }

    void aKeychainThatIsClosedMayStillHaveTheOldKey()
    {
        OpenedKey at;
        at.link.secretReadProblem = QStringLiteral("The keychain is locked.");
        at.link.keychainClosed = true;
        at.table->selectRow(0);
        at.rotate(2);
        at.dialog()->accept();
        QTRY_VERIFY(shows(at.window, QStringLiteral("The keychain still has the old key")));
    }

    void withoutAKeychainNothingIsSaidOfIt()
    {
        OpenedKey at;
        at.link.secretReadProblem = QStringLiteral("No keychain service runs.");
        at.table->selectRow(0);
        at.rotate(2);
        at.dialog()->accept();
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("The keychain still has the old key")));
    }

    void onlyAKeychainThatCouldNotBeAskedIsClosed()
    {
        using State = gateway::KeychainState;
        const QTemporaryDir folder;
        for (const State state :
             {State::Undecided, State::Ready, State::Waiting, State::Locked, State::Unavailable}) {
            NoSecrets secrets(state);
            gateway::GatewayOptions options;
            options.configPath = folder.filePath(QStringLiteral("config.json")).toStdString();
            options.dataDir = folder.path().toStdString();
            gateway::Gateway gateway(options);
            EngineLink link(gateway, &secrets, {});
            const QFuture<SecretAnswer> read = link.readSecret(QStringLiteral("turnpike/default-key"));
            QTRY_VERIFY(read.isFinished());
            QCOMPARE(read.result().problem, QStringLiteral("There is no key."));
            QCOMPARE(read.result().closed, state == State::Waiting || state == State::Locked);
        }
    }

    void whatIsRefusedIsToldInTheDialog()
    {
        OpenedKey at;
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "", "The disk is full.", 0}};
        QVERIFY(at.press("rotateVirtualKeyButton"));
        at.press("acceptButton");
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("The disk is full.")));
        QVERIFY(!at.key().former.has_value());
    }

    void aUsedUpKeyMayBeAllowedMore()
    {
        OpenedKey at;
        QVERIFY(!at.press("allowMoreForKeyButton"));
        gateway::ActivitySnapshot activity = at.link.activity();
        activity.budgets[3].spentNanos = 10'200'000'000;
        at.link.setActivity(activity);
        OpenedWindow::settle();
        QVERIFY(at.press("allowMoreForKeyButton"));
        at.press("acceptButton");
        QTRY_COMPARE(at.link.activity().budgets[3].allowedNanos, std::int64_t(5'000'000'000));
        QCOMPARE(at.cell(VirtualKeysModel::Budget).data().toString(),
                 QStringLiteral("$10.20 of $10 + $5 allowed"));
    }
};

} // namespace ui

QTEST_MAIN(ui::KeyRotationTest)
#include "key_rotation_test.moc"
