// SPDX-License-Identifier: GPL-3.0-or-later
// What a user does on the page Cache, over a made-up gateway.
#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include "models/cache_text.h"
#include "models/cached_answers_model.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

struct CacheWindow : OpenedWindow {
    explicit CacheWindow(bool full = true, int rows = 20) : OpenedWindow(rows, {1440, 900})
    {
        if (full) link.makeUpCache();
        window.openPage(QStringLiteral("cache"));
        settle();
        table = window.findChild<QTableView*>(QStringLiteral("cachedAnswersTable"));
    }
    [[nodiscard]] int rowsShown() const { return table->isVisible() ? table->model()->rowCount() : 0; }
    void choose(int row)
    {
        table->selectRow(row);
        settle();
    }
    /// Presses a key where the table has the keyboard.
    void pressInTable(Qt::Key key)
    {
        QVERIFY(QTest::qWaitForWindowActive(&window));
        table->setFocus();
        QTest::keyClick(table, key);
        settle();
    }
    void openSettings()
    {
        window.openPage(QStringLiteral("cache"), QStringLiteral("settings"));
        settle();
    }
    [[nodiscard]] QString tile(const char* key) const
    {
        for (const QLabel* label : window.findChildren<QLabel*>()) {
            if (label->isVisible() && label->accessibleDescription() == QLatin1String(key))
                return label->text();
        }
        return {};
    }
    [[nodiscard]] const std::optional<gateway::CacheConfig>& cacheOf(const char* route) const
    {
        return link.config()->findRoute(route)->cache;
    }
    /// The box of that route, by its name.
    [[nodiscard]] QCheckBox* box(const QString& name) const
    {
        for (auto* each : window.findChildren<QCheckBox*>()) {
            if (each->isVisible() && each->accessibleName() == name) return each;
        }
        return nullptr;
    }

    QTableView* table = nullptr;
};

} // namespace

class CachePageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void tellsWhatTheCacheSaves()
    {
        CacheWindow at;
        QCOMPARE(at.tile("cache-rate"), QStringLiteral("35.0%"));
        QCOMPARE(at.tile("cache-money"), QStringLiteral("$0.2352"));
        QCOMPARE(at.tile("cache-kept"), QStringLiteral("4"));
        QVERIFY(shows(at.window, QStringLiteral("46.9 kB of 512.0 MB")));
        gateway::ActivitySnapshot activity = at.link.activity();
        activity.cache.problem = "the disk is full";
        at.link.setActivity(activity);
        QVERIFY(shows(at.window, QStringLiteral("Nothing is kept on disk: the disk is full")));
    }

    void leadsFromNothingToTheRoutes()
    {
        CacheWindow at(false);
        QVERIFY(shows(at.window, QStringLiteral("No route keeps answers")));
        QVERIFY(at.press("emptyActionButton"));
        QCheckBox* smart = at.box(QStringLiteral("smart keeps its answers"));
        QVERIFY(smart != nullptr);
        smart->click();
        QVERIFY(at.press("applyCacheButton"));
        QVERIFY(at.cacheOf("smart") && at.cacheOf("smart")->exact);
        at.window.openPage(QStringLiteral("cache"), QStringLiteral("answers"));
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("No answer is kept yet")));
    }

    void withoutRoutesLeadsToTheirPage()
    {
        CacheWindow at(false, 0);
        QVERIFY(at.press("emptyActionButton"));
        QVERIFY(at.table->window()->findChild<QWidget*>(QStringLiteral("routesList")) != nullptr);
    }

    void filtersByTextRouteAndModel()
    {
        CacheWindow at;
        QCOMPARE(at.rowsShown(), 4);
        auto* find = at.find<QLineEdit>("cacheFilterEdit");
        find->setText(QStringLiteral("sky"));
        QTest::keyClick(find, Qt::Key_Return);
        OpenedWindow::settle();
        QCOMPARE(at.rowsShown(), 1);
        find->setText(QStringLiteral("nothing like it"));
        QTest::keyClick(find, Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("No answer matches")));
        QVERIFY(at.press("emptyActionButton"));
        QCOMPARE(at.rowsShown(), 4);
    }

    void showsOneInDetail()
    {
        CacheWindow at;
        at.choose(0);
        QCOMPARE(at.find<QPlainTextEdit>("cachedPromptEdit")->toPlainText(),
                 QStringLiteral("Why is the sky blue?"));
        QCOMPARE(at.find<QPlainTextEdit>("cachedTextEdit")->toPlainText(),
                 QStringLiteral("The answer to: Why is the sky blue?"));
        QVERIFY(shows(at.window, QStringLiteral("openai/gpt-4.1")));
        at.pressInTable(Qt::Key_Escape);
        QVERIFY(at.find<QPlainTextEdit>("cachedTextEdit") == nullptr);
    }

    void pinsAndUnpins()
    {
        CacheWindow at;
        at.choose(0);
        const QModelIndex left = at.table->model()->index(0, CachedAnswersModel::Left);
        QVERIFY(at.press("pinButton", QStringLiteral("Pin")));
        OpenedWindow::settle();
        QVERIFY(at.link.kept[0].pinned);
        QCOMPARE(left.data().toString(), QStringLiteral("pinned"));
        QVERIFY(at.press("pinButton", QStringLiteral("Unpin")));
        QVERIFY(!at.link.kept[0].pinned);
    }

    void tellsHowManyBeforeItPurges()
    {
        CacheWindow at;
        QVERIFY(at.press("purgeButton"));
        OpenedWindow::settle();
        QDialog* dialog = at.dialog();
        QVERIFY(dialog != nullptr);
        auto* what = dialog->findChild<QComboBox*>(QStringLiteral("purgeWhatComboBox"));
        auto* accept = dialog->findChild<QPushButton*>(QStringLiteral("acceptButton"));
        QVERIFY(!accept->isDefault());
        dialog->findChild<QSpinBox*>(QStringLiteral("purgeAgeSpinBox"))->setValue(1); // hours
        OpenedWindow::settle();
        QVERIFY(shows(*dialog, QStringLiteral("1 answer(s) will be forgotten"))); // The other is pinned.
        auto* pinned = dialog->findChild<QCheckBox*>(QStringLiteral("purgePinnedCheckBox"));
        pinned->click();
        OpenedWindow::settle();
        QVERIFY(shows(*dialog, QStringLiteral("2 answer(s) will be forgotten")));
        what->setCurrentIndex(what->findText(QStringLiteral("All answers")));
        pinned->click();
        OpenedWindow::settle();
        QVERIFY(shows(*dialog, QStringLiteral("3 answer(s) will be forgotten")));
        QVERIFY(at.link.purges.empty());
        accept->click();
        OpenedWindow::settle();
        QCOMPARE(at.link.purges.size(), 1U);
        QCOMPARE(at.rowsShown(), 1);
        QVERIFY(shows(at.window, QStringLiteral("3 answer(s) purged")));
    }

    void purgesTheChosenOneByItsKey()
    {
        CacheWindow at;
        at.choose(3);
        const std::string key = at.link.kept[3].key; // a pinned one
        at.pressInTable(Qt::Key_Delete);
        QDialog* dialog = at.dialog();
        QVERIFY(dialog != nullptr);
        dialog->findChild<QPushButton*>(QStringLiteral("acceptButton"))->click();
        OpenedWindow::settle();
        QCOMPARE(at.link.purges.size(), 1U);
        QCOMPARE(at.link.purges[0].key, key);
        QCOMPARE(at.rowsShown(), 3);
        QVERIFY(at.find<QPlainTextEdit>("cachedTextEdit") == nullptr); // Its details are gone with it.
    }

    void purgesWhatTheFilterShows()
    {
        CacheWindow at;
        auto* find = at.find<QLineEdit>("cacheFilterEdit");
        find->setText(QStringLiteral("commit"));
        QTest::keyClick(find, Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(at.press("purgeButton"));
        OpenedWindow::settle();
        at.dialog()->findChild<QPushButton*>(QStringLiteral("acceptButton"))->click();
        OpenedWindow::settle();
        QCOMPARE(at.link.purges.size(), 1U);
        QCOMPARE(at.link.purges[0].text, std::string("commit"));
        QCOMPARE(at.link.kept.size(), 3U);
    }

    void editsAreADraftUntilTheyAreApplied()
    {
        CacheWindow at;
        at.openSettings();
        QVERIFY(!at.find<QPushButton>("applyCacheButton")->isEnabled());
        at.find<QSpinBox>("cacheSecondsSpinBox")->setValue(7200);
        QVERIFY(shows(at.window, QStringLiteral("2 h")));
        auto* scope = at.find<QComboBox>("cacheScopeComboBox");
        scope->setCurrentIndex(scope->findData(QStringLiteral("shared")));
        at.box(QStringLiteral("smart: not with: Tools"))->click();
        QCOMPARE(at.cacheOf("smart")->ttlSeconds, 3600U);
        QVERIFY(at.press("revertCacheButton"));
        QCOMPARE(at.find<QSpinBox>("cacheSecondsSpinBox")->value(), 3600);
        at.find<QSpinBox>("cacheSecondsSpinBox")->setValue(7200);
        at.box(QStringLiteral("smart: not with: Tools"))->click();
        at.link.setConfig(*at.link.config()); // A change from elsewhere leaves the draft alone.
        QVERIFY(at.press("applyCacheButton"));
        QCOMPARE(at.cacheOf("smart")->ttlSeconds, 7200U);
        QCOMPARE(at.cacheOf("smart")->never, std::vector<std::string>{"tools"});
        QVERIFY(!at.find<QPushButton>("applyCacheButton")->isEnabled());
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.cacheOf("smart")->ttlSeconds, 3600U);
    }

    void switchedOnAndOffIsNoChange()
    {
        CacheWindow at(false);
        at.openSettings();
        at.box(QStringLiteral("smart keeps its answers"))->click();
        at.link.setConfig(*at.link.config());
        QVERIFY(at.find<QPushButton>("applyCacheButton")->isEnabled());
        at.box(QStringLiteral("smart keeps its answers"))->click();
        QVERIFY(!at.find<QPushButton>("applyCacheButton")->isEnabled());
    }

    void setsTheRoom()
    {
        CacheWindow at;
        at.openSettings();
        at.find<QSpinBox>("cacheDiskSpinBox")->setValue(100);
        QVERIFY(at.press("applyCacheButton"));
        QCOMPARE(at.link.config()->cache.maxMb, 100U);
        QCOMPARE(at.link.config()->cache.memoryMb, 64U);
    }

    void tellsWhatIsRefused()
    {
        CacheWindow at;
        at.openSettings();
        at.find<QSpinBox>("cacheDiskSpinBox")->setValue(100);
        gateway::ConfigProblem problem;
        problem.path = "cache.max_mb";
        problem.message = "Is too small.";
        at.link.nextProblems = {problem};
        QVERIFY(at.press("applyCacheButton"));
        QVERIFY(shows(at.window, QStringLiteral("Is too small.")));
        QVERIFY(at.find<QPushButton>("applyCacheButton")->isEnabled());
    }

    void saysWhenTheGatewayIsSilent()
    {
        CacheWindow at;
        at.link.dropQueries = true;
        at.find<QLineEdit>("cacheFilterEdit")->setText(QStringLiteral("x"));
        QTest::keyClick(at.find<QLineEdit>("cacheFilterEdit"), Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("The answers cannot be read")));
        at.link.dropQueries = false;
        QVERIFY(at.press("emptyActionButton"));
        QVERIFY(!shows(at.window, QStringLiteral("The answers cannot be read")));
    }

    void theModelKeepsItsContract()
    {
        CachedAnswersModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        FakeLink link;
        link.makeUpCache();
        model.setEntries(link.kept, 0);
        std::swap(link.kept[0], link.kept[1]);
        model.setEntries(link.kept, 0);
        QCOMPARE(model.rowOf(link.kept[0].key), 0);
        link.kept.pop_back();
        model.setEntries(link.kept, 0);
        QCOMPARE(model.rowCount(), 3);
    }

    void saysTimesInTheGreatestUnit()
    {
        QCOMPARE(timeText(-5), QStringLiteral("0 s"));
        QCOMPARE(timeText(59), QStringLiteral("59 s"));
        QCOMPARE(timeText(3599), QStringLiteral("59 min"));
        QCOMPARE(timeText(86'400), QStringLiteral("24 h"));
        QCOMPARE(timeText(172'800), QStringLiteral("2 days"));
    }
};

} // namespace ui

QTEST_MAIN(ui::CachePageTest)
#include "cache_page_test.moc"
