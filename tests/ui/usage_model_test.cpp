// SPDX-License-Identifier: GPL-3.0-or-later
// What the page Usage shows, without a window: when it reads, and its table.
#include <algorithm>
#include <memory>
#include <optional>

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "models/reconcile_model.h"
#include "models/usage_csv.h"
#include "models/usage_model.h"
#include "models/usage_table_model.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

gateway::UsageRow row(const std::string& name, std::int64_t nanos, std::uint64_t requests = 10)
{
    gateway::UsageRow made;
    made.name = name;
    made.requests = requests;
    made.costNanos = nanos;
    made.inputTokens = 12'345;
    made.outputTokens = 60;
    made.reasoningTokens = 7;
    return made;
}

UsageView viewOf(std::vector<gateway::UsageRow> rows)
{
    UsageView view;
    view.by = "model";
    view.compared = true;
    view.rows = std::move(rows);
    view.total = sumOf(view.rows);
    return view;
}

QStringList column(const UsageTableModel& model, int column)
{
    QStringList texts;
    for (int i = 0; i < model.rowCount(); ++i) {
        texts.append(model.index(i, column).data().toString());
    }
    return texts;
}

gateway::ReconcileRow line(const char* day, const char* model, const char* kind, std::int64_t theirs,
                           std::int64_t ours)
{
    return {day, model, kind, theirs, ours};
}

} // namespace

class UsageModelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void theTableIsSoundAndSumsUpAtItsEnd()
    {
        UsageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        UsageView view = viewOf({row("big", 3'000'000'000), row("small", 1'000'000'000), row("", 5)});
        view.priorRows = {row("big", 2'000'000'000), row("gone", 7)};
        model.setView(view);
        QCOMPARE(column(model, UsageTableModel::Name),
                 QStringList({QStringLiteral("big"), QStringLiteral("small"), QStringLiteral("(no model)"),
                              QStringLiteral("Together")}));
        QCOMPARE(column(model, UsageTableModel::Change).first(), QStringLiteral("↑ 50.0%"));
        QCOMPARE(column(model, UsageTableModel::Change).at(1), QStringLiteral("new"));
        QCOMPARE(column(model, UsageTableModel::PerThousand).first(), QStringLiteral("$300.00"));
        QCOMPARE(column(model, UsageTableModel::Requests).last(), QStringLiteral("30"));
        QVERIFY(model.index(3, 0).data(UsageTableModel::StrongRole).toBool());
        QVERIFY(model.rowAt(3) == nullptr);
        model.setView(viewOf({}));
        QCOMPARE(model.rowCount(), 0);
    }

    void sortingKeepsTheSumLastAndWhatIsChosen()
    {
        UsageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setView(viewOf({row("b", 3, 1), row("a", 2, 3), row("c", 1, 2)}));
        const QPersistentModelIndex chosen = model.index(0, UsageTableModel::Spend);
        const QPersistentModelIndex sum = model.index(3, 0);
        model.sort(UsageTableModel::Requests, Qt::AscendingOrder);
        QCOMPARE(column(model, UsageTableModel::Name).join(QString()), QStringLiteral("bcaTogether"));
        QCOMPARE(chosen.row(), 0);
        model.sort(UsageTableModel::Name, Qt::DescendingOrder);
        QCOMPARE(column(model, UsageTableModel::Name).join(QString()), QStringLiteral("cbaTogether"));
        QCOMPARE(chosen.row(), 1);
        QCOMPARE(sum.row(), 3);
        QCOMPARE(model.headerData(UsageTableModel::Name, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QStringLiteral("Model ↓"));
        // New figures come in the same order.
        model.setView(viewOf({row("a", 9), row("c", 8), row("d", 7)}));
        QCOMPARE(column(model, UsageTableModel::Name).join(QString()), QStringLiteral("dcaTogether"));
    }

    void figuresOfTheSameRowsChangeInPlace()
    {
        UsageTableModel model;
        model.setView(viewOf({row("a", 5), row("b", 4)}));
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setView(viewOf({row("a", 6), row("b", 4)}));
        QCOMPARE(resets.count(), 0);
        QCOMPARE(changes.count(), 1);
        QVERIFY(usageCsv(viewOf({row("a", 6)}), model.order())
                    .startsWith(QLatin1String("model,requests,failures,")));
        QVERIFY(usageCsv(viewOf({row("a", 6)}), model.order())
                    .contains(QLatin1String("\na,10,0,12345,60,0,0,7,0.000000006,0,0.00\n")));
    }

    void whatCostsUnknownIsNotFree()
    {
        UsageTableModel model;
        gateway::UsageRow unpriced = row("local", 0);
        unpriced.unpriced = 10;
        model.setView(viewOf({unpriced, row("free", 0)}));
        QCOMPARE(column(model, UsageTableModel::Spend).first(), QStringLiteral("—"));
        QCOMPARE(column(model, UsageTableModel::Spend).at(1), QStringLiteral("$0.00"));
    }

    void whatIsNotToldApartIsOneRowAboveTheSum()
    {
        UsageTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        gateway::UsageRow others = row("", 9'000'000'000, 70), othersBefore = row("", 1, 1);
        others.others = 1700;
        othersBefore.others = 3;
        UsageView view = viewOf({row("b", 3), row("a", 2), others});
        view.priorRows = {row("b", 3), othersBefore};
        model.setView(view);
        QCOMPARE(column(model, UsageTableModel::Name).join(QLatin1Char('|')),
                 QStringLiteral("b|a|1,700 other(s)|Together"));
        QCOMPARE(column(model, UsageTableModel::Requests).join(QLatin1Char('|')),
                 QStringLiteral("10|10|70|90"));
        // Who is not told apart in the time before may have been there.
        QCOMPARE(column(model, UsageTableModel::Change).mid(0, 3).join(QLatin1Char('|')),
                 QStringLiteral("same|—|—"));
        QVERIFY(model.index(1, UsageTableModel::Change)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .startsWith(QLatin1String("Not among the 500")));
        QVERIFY(model.rowAt(2) == nullptr);
        QVERIFY(!model.index(2, 0).data(UsageTableModel::StrongRole).toBool());
        const QPersistentModelIndex chosen = model.index(2, 0);
        model.sort(UsageTableModel::Spend, Qt::AscendingOrder); // It costs most, and is no group.
        QCOMPARE(column(model, UsageTableModel::Name).join(QLatin1Char('|')),
                 QStringLiteral("a|b|1,700 other(s)|Together"));
        QCOMPARE(chosen.row(), 2);
        model.sort(UsageTableModel::Change, Qt::DescendingOrder); // What is not known comes last.
        QCOMPARE(column(model, UsageTableModel::Name).first(), QStringLiteral("b"));
        model.setView(viewOf({row("b", 3), row("a", 2)}));
        QCOMPARE(model.rowCount(), 3);
    }

    void manyGroupsAreReadWholeForTheirCsvOnly()
    {
        FakeLink link;
        link.makeUpData(120);
        link.groupsAtMost = 2;
        UsageModel model(link);
        model.setGroup("session");
        model.setRange(UsageRange::LastWeek);
        QTRY_VERIFY(model.state() == UsageModel::State::Ready);
        const auto limited = std::count_if(link.usageQueries.begin(), link.usageQueries.end(),
                                           [](const auto& query) { return query.limit == kMostGroups; });
        QVERIFY(limited >= 2);
        QCOMPARE(model.view().rows.size(), std::size_t{3});
        QVERIFY(model.view().rows.back().others > 1);
        QCOMPARE(sumOf(model.view().rows).costNanos, model.view().total.costNanos);
        const std::size_t sessions = 2 + model.view().rows.back().others;

        std::optional<UsageView> whole;
        model.readWhole(&model, [&whole](const auto& view) { whole = *view; });
        QTRY_VERIFY(whole.has_value());
        QCOMPARE(whole->rows.size(), sessions);
        QVERIFY(!whole->priorRows.empty() && whole->priorRows.back().others == 0);
        QCOMPARE(sumOf(whole->rows).requests, model.view().total.requests);
        QCOMPARE(usageCsv(*whole, UsageTableModel().order()).count(QLatin1Char('\n')),
                 static_cast<qsizetype>(sessions) + 1);

        link.dropQueries = true;
        bool answered = false;
        model.readWhole(&model, [&answered](const auto& view) { answered = view == nullptr; });
        QTRY_VERIFY(answered);
    }

    void aLogThatFailsGivesNoWholeView()
    {
        FakeLink link;
        link.makeUpData(120);
        link.groupsAtMost = 2;
        UsageModel model(link);
        model.setGroup("session");
        model.setRange(UsageRange::LastWeek);
        QTRY_VERIFY(model.state() == UsageModel::State::Ready);
        QVERIFY(!model.view().priorRows.empty());
        const std::int64_t since = model.view().span.since;
        for (const bool before : {false, true}) {
            link.usageFails = [since, before](const gateway::UsageQuery& query) {
                return (query.sinceMicros < since) == before;
            };
            bool answered = false, whole = false;
            model.readWhole(&model, [&answered, &whole](const auto& view) {
                answered = true;
                whole = view != nullptr;
            });
            QTRY_VERIFY(answered);
            QVERIFY2(!whole, before ? "of the time before" : "of this time");
        }
    }

    void aViewThatIsWholeIsNotReadAgain()
    {
        FakeLink link;
        link.makeUpData(40);
        UsageModel model(link);
        model.refresh();
        QTRY_VERIFY(model.state() == UsageModel::State::Ready);
        const std::size_t asked = link.usageQueries.size();
        std::shared_ptr<const UsageView> given;
        model.readWhole(&model, [&given](const auto& view) { given = view; });
        QVERIFY(given != nullptr);
        QCOMPARE(given->rows.size(), model.view().rows.size());
        QCOMPARE(link.usageQueries.size(), asked);
    }

    void readsWhenAskedAndWhileWatched()
    {
        FakeLink link;
        link.makeUpData(120);
        UsageModel model(link);
        const QSignalSpy changed(&model, &UsageModel::changed);
        model.setWatched(true);
        QVERIFY(model.state() == UsageModel::State::Loading);
        QTRY_VERIFY(model.state() == UsageModel::State::Ready);
        QVERIFY(model.view().total.requests >= 120);
        QVERIFY(model.view().priorTotal.requests > 0);
        const auto asked = link.usageQueries.size();
        model.setCompared(false);
        QTRY_VERIFY(!model.view().compared);
        QCOMPARE(link.usageQueries.size(), asked + 2); // And nothing of the time before.
        model.setGroup("client");
        QTRY_COMPARE(model.view().by, std::string("client"));
        QVERIFY(model.view().rows.size() > 2);
        model.setWatched(false);
        const auto before = link.usageQueries.size();
        link.logOneMore();
        QCOMPARE(link.usageQueries.size(), before);
        model.setWatched(true);
        QCOMPARE(link.usageQueries.size(), before + 2);
    }

    void sumsOfGroupsAreThoseOfAll()
    {
        FakeLink link;
        link.makeUpData(120);
        UsageModel model(link);
        model.setRange(UsageRange::LastWeek);
        QTRY_VERIFY(model.state() == UsageModel::State::Ready);
        const UsageView& view = model.view();
        QCOMPARE(sumOf(view.rows).costNanos, view.total.costNanos);
        std::int64_t spent = 0;
        for (const gateway::UsagePoint& point : view.points) {
            spent += point.costNanos;
        }
        QCOMPARE(spent, view.total.costNanos);
    }

    void anEmptyTimeTellsWhenTheLastRequestWas()
    {
        FakeLink link;
        UsageModel model(link);
        model.refresh();
        QTRY_VERIFY(model.state() == UsageModel::State::Empty);
        QCOMPARE(model.lastRequest(), 0);
        link.makeUpData(3);
        const QDate longAgo = QDate::currentDate().addYears(-1);
        model.setRange(UsageRange::Custom, {longAgo, longAgo});
        QTRY_VERIFY(model.lastRequest() > 0);
        QVERIFY(model.state() == UsageModel::State::Empty);
    }

    void anOlderAnswerIsThrownAway()
    {
        FakeLink link;
        link.makeUpData(40);
        UsageModel model(link);
        model.setRange(UsageRange::LastMonth);
        model.setRange(UsageRange::LastHour);
        QTRY_VERIFY(model.state() == UsageModel::State::Ready);
        QTest::qWait(0);
        QVERIFY(model.view().range == UsageRange::LastHour);
    }

    void aLogThatIsSilentIsAFailure()
    {
        FakeLink link;
        link.dropQueries = true;
        UsageModel model(link);
        model.refresh();
        QTRY_VERIFY(model.state() == UsageModel::State::Failed);
        link.dropQueries = false;
        gateway::ActivitySnapshot activity = link.activity();
        activity.logProblem = "The disk is full.";
        link.setActivity(activity);
        model.refresh();
        QTRY_VERIFY(model.state() == UsageModel::State::Failed);
    }

    void differencesAreToldDayByDayAndSummedUp()
    {
        ReconcileModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows({line("2026-11-20", "b", "input", 1'000, 1'000),
                       line("2026-11-21", "b", "input", 3'010, 3'000),
                       line("2026-11-21", "a", "cost", 2'000'000'000, 1'000'000'000),
                       line("2026-11-21", "a", "requests", 5, 0)});
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.differences(), 3);
        const auto cell = [&model](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(cell(0, ReconcileModel::Difference), QStringLiteral("equal"));
        QCOMPARE(cell(1, ReconcileModel::Difference), QStringLiteral("+10 (+0.3%)"));
        QCOMPARE(cell(2, ReconcileModel::Difference), QStringLiteral("+$1.00 (+100%)"));
        QCOMPARE(cell(3, ReconcileModel::Difference), QStringLiteral("+5 (not in the log)"));
        QCOMPARE(model.index(1, ReconcileModel::Difference).data(ReconcileModel::ToneRole).toString(),
                 QStringLiteral("warn"));
        QCOMPARE(model.index(2, ReconcileModel::Difference).data(ReconcileModel::ToneRole).toString(),
                 QStringLiteral("bad"));
        model.setLook(false, true);
        QCOMPARE(model.rowCount(), 3);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setLook(true, true);
        QCOMPARE(resets.count(), 1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(cell(0, ReconcileModel::Kind), QStringLiteral("Requests"));
        QCOMPARE(cell(2, ReconcileModel::Theirs), QStringLiteral("4,010"));
        QCOMPARE(cell(2, ReconcileModel::Day), QStringLiteral("All days"));
        model.setLook(false, true);
        QVERIFY(model.csv().contains(QLatin1String("2026-11-21,a,cost,2.00,1.00,1.00\n")));
    }

    void whatCancelsOutOverTheDaysStillDiffersByDay()
    {
        ReconcileModel model;
        model.setRows({line("2026-11-20", "a", "input", 10, 12), line("2026-11-21", "a", "input", 12, 10)});
        model.setLook(true, true);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.differences(), 2);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::UsageModelTest)
#include "usage_model_test.moc"
