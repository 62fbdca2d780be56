// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "models/request_table_model.h"
#include "ui/support/fake_link.h"

namespace ui {

class RequestTableModelTest : public QObject {
    Q_OBJECT

private slots:
    void readsPageByPageWithoutGapsOrRepeats()
    {
        FakeLink link;
        link.makeUpData(230);
        RequestTableModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPageSize(100);
        model.setQuery({}, 0);
        QTRY_VERIFY(model.rowCount() >= 100);
        QCOMPARE(model.total(), 230U);
        // The tester fetches too, as a view would; a call while a page is on its way does nothing.
        while (model.rowCount() < 230) {
            const int before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before);
        }
        QCOMPARE(model.rowCount(), 230);
        for (int row = 1; row < model.rowCount(); ++row) {
            QVERIFY(model.rowAt(row)->id < model.rowAt(row - 1)->id);
        }
    }

    void newRowsComeOnTop()
    {
        FakeLink link;
        link.makeUpData(20);
        RequestTableModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setQuery({}, 0);
        QTRY_COMPARE(model.rowCount(), 20);
        link.logOneMore();
        QTRY_COMPARE(model.rowCount(), 21);
        QCOMPARE(model.rowAt(0)->id.value, link.activity().lastLoggedId);
        QCOMPARE(model.total(), 21U);
    }

    void aRowLoggedWhileAPageIsReadIsNotMissed()
    {
        FakeLink link;
        link.makeUpData(20);
        RequestTableModel model(link);
        model.setQuery({}, 0);
        link.logOneMore(); // The answer on its way is older than this row.
        QTRY_COMPARE(model.rowCount(), 21);
        link.logOneMore();
        link.logOneMore();
        QTRY_COMPARE(model.rowCount(), 23);
    }

    void scrolledAwayTheyAreOnlyCounted()
    {
        FakeLink link;
        link.makeUpData(20);
        RequestTableModel model(link);
        model.setQuery({}, 0);
        QTRY_COMPARE(model.rowCount(), 20);
        model.setFollowing(false);
        link.logOneMore();
        QTRY_COMPARE(model.waiting(), 1U);
        link.logOneMore();
        QTRY_COMPARE(model.waiting(), 2U);
        QCOMPARE(model.rowCount(), 20);
        model.setFollowing(true);
        QTRY_COMPARE(model.rowCount(), 22);
        QCOMPARE(model.waiting(), 0U);
    }

    void aLimitKeepsTheNewest()
    {
        FakeLink link;
        link.makeUpData(50);
        RequestTableModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setLimit(10);
        model.setQuery({}, 0);
        QTRY_COMPARE(model.rowCount(), 10);
        link.logOneMore();
        QTRY_COMPARE(model.rowAt(0)->id.value, link.activity().lastLoggedId);
        QCOMPARE(model.rowCount(), 10);
        QVERIFY(!model.canFetchMore({}));
    }

    void theEngineDoesTheFiltering()
    {
        FakeLink link;
        link.makeUpData(90);
        RequestTableModel model(link);
        model.setQuery(RequestFilter::parse(QStringLiteral("status:error provider:groq")), 3'600'000'000);
        QTRY_COMPARE(model.state(), RequestTableModel::State::Ready);
        QCOMPARE(link.queries.back().status, std::string("error"));
        QCOMPARE(link.queries.back().provider, std::string("groq"));
        QVERIFY(link.queries.back().sinceMicros > 0);
        for (int row = 0; row < model.rowCount(); ++row) {
            QCOMPARE(outcomeOf(*model.rowAt(row)), Outcome::Bad);
        }
    }

    void anAnswerThatCameTooLateIsThrownAway()
    {
        FakeLink link;
        link.makeUpData(30);
        RequestTableModel model(link);
        model.setQuery({}, 0);
        model.setQuery(RequestFilter::parse(QStringLiteral("provider:nobody")), 0);
        QTRY_COMPARE(model.state(), RequestTableModel::State::Ready);
        QCOMPARE(model.rowCount(), 0);
    }

    void aLogThatDoesNotAnswerIsAFailure()
    {
        FakeLink link;
        link.dropQueries = true;
        RequestTableModel model(link);
        model.setQuery({}, 0);
        QTRY_COMPARE(model.state(), RequestTableModel::State::Failed);
    }
};

} // namespace ui

QTEST_MAIN(ui::RequestTableModelTest)
#include "request_table_model_test.moc"
