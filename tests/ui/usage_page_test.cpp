// SPDX-License-Identifier: GPL-3.0-or-later
// The page Usage over a made-up gateway.
#include <QAction>
#include <QClipboard>
#include <QDateEdit>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSemaphore>
#include <QTableView>
#include <QTest>
#include <QThreadPool>

#include "charts/usage_chart.h"
#include "models/usage_table_model.h"
#include "ui/support/window_walk.h"
#include "widgets/choice_button.h"

namespace ui {
namespace {

struct OpenedUsage : OpenedWindow {
    explicit OpenedUsage(int rows = 120) : OpenedWindow(rows, QSize(1440, 900))
    {
        window.openPage(QStringLiteral("usage"));
        settle();
    }
    [[nodiscard]] QTableView* table() const
    {
        return window.findChild<QTableView*>(QStringLiteral("usageTable"));
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return table()->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QString header(int column) const
    {
        return table()->model()->headerData(column, Qt::Horizontal).toString();
    }
    [[nodiscard]] QString value(const char* key) const
    {
        for (const QLabel* label : window.findChildren<QLabel*>()) {
            if (label->accessibleDescription() == QLatin1String(key)) return label->text();
        }
        return {};
    }
    void group(const char* by)
    {
        auto* button = window.findChild<ChoiceButton*>(QStringLiteral("usageGroupButton"));
        for (QAction* action : button->menu()->actions()) {
            if (action->data().toString() == QLatin1String(by)) action->trigger();
        }
        settle();
    }
    /// Exports the table to the file, as if it had been chosen in the dialog.
    void exportTo(const QString& path)
    {
        QVERIFY(press("exportUsageButton"));
        auto* files = window.findChild<QFileDialog*>();
        QVERIFY(files != nullptr);
        emit files->fileSelected(path);
        files->reject();
        settle();
    }
    [[nodiscard]] UsageChart* chart(int place) const
    {
        return window.findChildren<UsageChart*>().value(place);
    }
};

/// As long as it lives nothing runs in the pool.
class HeldPool {
public:
    HeldPool()
    {
        m_pool->setMaxThreadCount(1);
        m_pool->start([this] {
            m_held.release();
            m_end.acquire();
        });
        m_held.acquire();
    }
    HeldPool(const HeldPool&) = delete;
    HeldPool& operator=(const HeldPool&) = delete;
    ~HeldPool()
    {
        m_end.release();
        m_pool->waitForDone();
        m_pool->setMaxThreadCount(m_threads);
    }

private:
    QThreadPool* m_pool = QThreadPool::globalInstance();
    int m_threads = m_pool->maxThreadCount();
    QSemaphore m_held, m_end;
};

} // namespace

class UsagePageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void everyKindOfTokenStandsAlone()
    {
        const OpenedUsage at;
        for (const char* key :
             {"usage-spend", "usage-requests", "usage-success", "usage-cache-saved", "usage-routing-saved",
              "usage-tokens-input", "usage-tokens-output", "usage-tokens-cache-read",
              "usage-tokens-cache-write", "usage-tokens-reasoning"}) {
            QVERIFY2(!at.value(key).isEmpty() && at.value(key) != QStringLiteral("—"), key);
        }
        QVERIFY(at.value("usage-spend-change").endsWith(QLatin1Char('%')));
        QVERIFY(shows(at.window, QStringLiteral("vs prior 24 h")));
    }

    void theGroupChangesTableAndChart()
    {
        OpenedUsage at;
        QCOMPARE(at.header(UsageTableModel::Name), QStringLiteral("Model"));
        at.group("provider");
        QCOMPARE(at.header(UsageTableModel::Name), QStringLiteral("Provider"));
        QVERIFY(shows(at.window, QStringLiteral("Spend by provider")));
        QStringList names;
        for (int row = 0; row < at.table()->model()->rowCount(); ++row) {
            names.append(at.cell(row, UsageTableModel::Name));
        }
        QVERIFY(names.contains(QStringLiteral("anthropic")));
        QCOMPARE(names.last(), QStringLiteral("Together"));
    }

    void withoutComparisonNothingIsSaidOfBefore()
    {
        OpenedUsage at;
        QVERIFY(at.press("comparePriorButton"));
        QVERIFY(!shows(at.window, QStringLiteral("vs prior")));
        QCOMPARE(at.cell(0, UsageTableModel::Change), QStringLiteral("—"));
        QVERIFY(at.press("comparePriorButton"));
        QVERIFY(at.cell(0, UsageTableModel::Change) != QStringLiteral("—"));
    }

    void daysOfOnesOwnCanBeChosen()
    {
        OpenedUsage at;
        QVERIFY(at.find<QDateEdit>("firstDayDateEdit") == nullptr);
        QVERIFY(at.press("segmentButton", QStringLiteral("Custom")));
        auto* first = at.find<QDateEdit>("firstDayDateEdit");
        QVERIFY(first != nullptr);
        first->setDate(QDate::currentDate().addDays(-2));
        OpenedWindow::settle();
        const gateway::UsageQuery& asked = at.link.usageQueries[at.link.usageQueries.size() - 4];
        QCOMPARE(asked.sinceMicros, QDate::currentDate().addDays(-2).startOfDay().toMSecsSinceEpoch() * 1000);
        QVERIFY(shows(at.window, QStringLiteral(" to ")));
        at.press("segmentButton", QStringLiteral("7 d"));
        QVERIFY(at.find<QDateEdit>("firstDayDateEdit") == nullptr);
    }

    void theLegendHidesAPart()
    {
        OpenedUsage at;
        const UsageChart* spend = at.chart(0);
        auto* button = spend->findChild<QPushButton*>(QStringLiteral("legendButton"));
        QVERIFY(button != nullptr && button->isChecked());
        const double before = spend->bars().highest();
        button->click();
        OpenedWindow::settle();
        QVERIFY(spend->bars().highest() < before);
        QVERIFY(!button->isChecked());
        at.press("refreshButton"); // New figures leave it hidden.
        QVERIFY(spend->bars().stacks[0].hidden);
        button->click();
        OpenedWindow::settle();
        QCOMPARE(spend->bars().highest(), before);
    }

    void chartsGiveAwayTheirFigures()
    {
        const OpenedUsage at;
        const auto actions = at.chart(1)->actions();
        QCOMPARE(actions.size(), 2);
        actions[1]->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QLatin1String("start,OK,Failed\n")));
        QVERIFY(shows(at.window, QStringLiteral("Figures copied")));
        actions[0]->trigger();
        OpenedWindow::settle();
        QVERIFY(at.dialog() != nullptr);
        at.dialog()->reject();
    }

    void aRowLeadsToItsRequests()
    {
        OpenedUsage at;
        at.group("client");
        QVERIFY(!at.window.findChild<QPushButton*>(QStringLiteral("showUsageRequestsButton"))->isEnabled());
        at.table()->selectRow(0);
        const QString client = at.cell(0, UsageTableModel::Name);
        emit at.table()->activated(at.table()->model()->index(0, 0));
        OpenedWindow::settle();
        QCOMPARE(at.window.currentPage(), QStringLiteral("requests"));
        const auto* filter = at.find<QLineEdit>("filterEdit");
        QVERIFY2(filter->text().startsWith(QStringLiteral("client:\"%1\" since:").arg(client)),
                 qPrintable(filter->text()));
        QCOMPARE(at.link.queries.back().client, client.toStdString());
        QVERIFY(at.link.queries.back().sinceMicros > 0);
    }

    void theSumLeadsNowhere()
    {
        OpenedUsage at;
        at.table()->selectRow(at.table()->model()->rowCount() - 1);
        OpenedWindow::settle();
        QVERIFY(!at.window.findChild<QPushButton*>(QStringLiteral("showUsageRequestsButton"))->isEnabled());
        emit at.table()->activated(at.table()->currentIndex());
        QCOMPARE(at.window.currentPage(), QStringLiteral("usage"));
    }

    void theTableIsCopiedWithExactFigures()
    {
        QGuiApplication::clipboard()->clear();
        OpenedUsage at;
        QVERIFY(at.press("copyUsageButton"));
        QTRY_VERIFY(
            QGuiApplication::clipboard()->text().startsWith(QLatin1String("model,requests,failures,")));
        QTRY_VERIFY(shows(at.window, QStringLiteral("Table copied")));
    }

    void theCsvIsMadeBesideTheWindow()
    {
        QGuiApplication::clipboard()->clear();
        OpenedUsage at;
        auto* copy = at.find<QPushButton>("copyUsageButton");
        const auto* file = at.find<QPushButton>("exportUsageButton");
        copy->setFocus();
        {
            const HeldPool held;
            QVERIFY(at.press("copyUsageButton"));
            QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
            // One at a time.
            QVERIFY(!copy->isEnabled() && !file->isEnabled());
        }
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QLatin1String("model,requests,")));
        QVERIFY(copy->isEnabled() && file->isEnabled());
        QVERIFY(at.window.focusWidget() == copy); // Which it lost.
    }

    void theCsvIsWrittenBesideTheWindow()
    {
        OpenedUsage at;
        const QString path = at.folder.filePath(QStringLiteral("usage.csv"));
        const auto* file = at.find<QPushButton>("exportUsageButton");
        {
            const HeldPool held;
            at.exportTo(path);
            QVERIFY(!QFile::exists(path));
            QVERIFY(!file->isEnabled());
        }
        QTRY_VERIFY(shows(at.window, QStringLiteral("The table was written to ")));
        QVERIFY(file->isEnabled());
        QFile written(path);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().startsWith("model,requests,failures,"));

        at.exportTo(at.folder.filePath(QStringLiteral("nowhere/usage.csv")));
        QTRY_VERIFY(shows(at.window, QStringLiteral("usage.csv could not be written: ")));
        QVERIFY(file->isEnabled());
    }

    void aLogThatFailsIsNoEmptyTable()
    {
        OpenedUsage at;
        at.link.groupsAtMost = 2;
        at.group("session");
        QTRY_VERIFY(at.cell(2, UsageTableModel::Name).endsWith(QLatin1String("other(s)")));
        at.link.usageFails = [](const gateway::UsageQuery& query) { return query.by == "session"; };
        const QString path = at.folder.filePath(QStringLiteral("usage.csv"));
        at.exportTo(path);
        QTRY_VERIFY(shows(at.window, QStringLiteral("The log did not answer")));
        QVERIFY(!QFile::exists(path));
        QVERIFY(at.find<QPushButton>("exportUsageButton")->isEnabled());
    }

    void theCsvHasWhatTheTableSumsUp()
    {
        OpenedUsage at;
        at.link.groupsAtMost = 2;
        at.group("session");
        QTRY_VERIFY(at.cell(2, UsageTableModel::Name).endsWith(QLatin1String("other(s)")));
        QVERIFY(at.press("copyUsageButton"));
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QLatin1String("session,requests,")));
        QVERIFY(QGuiApplication::clipboard()->text().count(QLatin1Char('\n')) > 5);
        QVERIFY(!QGuiApplication::clipboard()->text().contains(QLatin1String("other")));
        at.link.dropQueries = true;
        QVERIFY(at.press("copyUsageButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("The log did not answer")));
    }

    void recalculatingCountsBeforeItChangesAnything()
    {
        OpenedUsage at;
        QVERIFY(at.press("unpricedButton"));
        QVERIFY(at.dialog() != nullptr);
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("31 can be priced now: $0.42")));
        QCOMPARE(at.link.recalculations.size(), std::size_t{1});
        QVERIFY(!at.link.recalculations[0].second);
        QVERIFY(at.link.recalculations[0].first > 0);
        QVERIFY(at.press("segmentButton", QStringLiteral("The whole log")));
        QCOMPARE(at.link.recalculations.back(), (std::pair<std::int64_t, bool>{0, false}));
        QVERIFY(at.press("acceptButton"));
        QCOMPARE(at.link.recalculations.back(), (std::pair<std::int64_t, bool>{0, true}));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("have a price now: $0.42")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("still have none")));
        at.dialog()->reject();
    }

    void recalculatingGoesOnWithoutItsDialog()
    {
        OpenedUsage at;
        QVERIFY(at.press("unpricedButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("can be priced now")));
        auto* accept = at.dialog()->findChild<QPushButton*>(QStringLiteral("acceptButton"));
        accept->click();
        at.dialog()->reject(); // The answer comes later.
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        QTRY_VERIFY(shows(at.window, QStringLiteral("have a price now: $0.42")));
    }

    void aCountWithNothingToDoOffersNothing()
    {
        OpenedUsage at;
        at.link.nextRecalculation = {4, 0, 0, {}};
        QVERIFY(at.press("unpricedButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("none has one now")));
        QVERIFY(!at.dialog()->findChild<QPushButton*>(QStringLiteral("acceptButton"))->isEnabled());
        at.link.nextRecalculation = {0, 0, 0, "The log cannot be written: the disk is full. Make room."};
        at.press("segmentButton", QStringLiteral("The whole log"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("the disk is full")));
        QVERIFY(!at.dialog()->findChild<QPushButton*>(QStringLiteral("acceptButton"))->isEnabled());
        at.dialog()->reject();
    }

    void theNumbersAreExplained()
    {
        OpenedUsage at;
        QVERIFY(at.press("aboutUsageButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("The catalog of the program")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Computed from its token counts: $")));
        QVERIFY(at.press("recalculateButton"));
        QTRY_COMPARE(at.dialog()->windowTitle(), QStringLiteral("Recalculate costs"));
        at.dialog()->reject();
    }

    void anEmptyTimeLeadsToTheLastRequest()
    {
        OpenedUsage at(5);
        at.press("segmentButton", QStringLiteral("Custom"));
        const QDate longAgo = QDate::currentDate().addYears(-2);
        at.find<QDateEdit>("firstDayDateEdit")->setDate(longAgo);
        at.find<QDateEdit>("lastDayDateEdit")->setDate(longAgo);
        OpenedWindow::settle();
        QTRY_VERIFY(shows(at.window, QStringLiteral("No requests in this time")));
        QVERIFY(shows(at.window, QStringLiteral("The last request was")));
        QVERIFY(at.press("emptyActionButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("Last hour")));
        QTRY_VERIFY(at.table()->isVisible());
    }

    void theFirstRequestFillsThePage()
    {
        OpenedUsage at(0);
        QVERIFY(shows(at.window, QStringLiteral("No requests yet")));
        QVERIFY(at.press("emptyActionButton"));
        QTRY_VERIFY(at.table()->isVisible());
    }

    void aSilentLogIsAFailureThatCanBeTriedAgain()
    {
        OpenedWindow at(20);
        at.link.dropQueries = true;
        at.window.openPage(QStringLiteral("usage"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("The figures cannot be read")));
        at.link.dropQueries = false;
        QVERIFY(at.press("emptyActionButton"));
        QTRY_VERIFY(!shows(at.window, QStringLiteral("The figures cannot be read")));
    }
};

} // namespace ui

QTEST_MAIN(ui::UsagePageTest)
#include "usage_page_test.moc"
