// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "models/model_filter.h"
#include "models/model_text.h"
#include "ui/support/fake_link.h"

Q_DECLARE_METATYPE(ui::ModelFilter)

namespace ui {
namespace {

using Reporting = QAbstractItemModelTester::FailureReportingMode;

QStringList namesOf(const FilteredModels& models)
{
    QStringList names;
    for (int row = 0; row < models.rowCount(); ++row) {
        names.append(models.index(row, 0).data().toString());
    }
    return names;
}

struct Read {
    Read()
    {
        link.makeUpData(40);
        model.read();
    }
    FakeLink link;
    ModelTableModel model{link};
    FilteredModels shown{model};
};

} // namespace

class ModelTableModelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void readsWhatTheEngineKnows()
    {
        FakeLink link;
        link.makeUpData(40);
        ModelTableModel model(link);
        const QAbstractItemModelTester tester(&model, Reporting::QtTest);
        FilteredModels shown(model);
        const QAbstractItemModelTester shownTester(&shown, Reporting::QtTest);
        model.read();
        QTRY_COMPARE(model.state(), ModelTableModel::State::Ready);
        QCOMPARE(model.rowCount(), 15);
        QCOMPARE(shown.rowCount(), 15);
        const int row = model.rowOf(gateway::ProviderId("openai"), "gpt-4.1");
        const auto text = [&](int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(ModelTableModel::Context), QStringLiteral("1.05M"));
        QCOMPARE(text(ModelTableModel::Input), QStringLiteral("2.00"));
        QCOMPARE(text(ModelTableModel::Cache), QStringLiteral("0.50 / –"));
        QCOMPARE(text(ModelTableModel::Abilities), QStringLiteral("Tools, Vision, JSON"));
        QCOMPARE(text(ModelTableModel::Source), QStringLiteral("Catalog, Jul 24 2026"));
        QTRY_COMPARE(text(ModelTableModel::Requests), QStringLiteral("10"));
    }

    void whatIsNotKnownIsADash()
    {
        Read at;
        QTRY_COMPARE(at.model.rowCount(), 15);
        const int row = at.model.rowOf(gateway::ProviderId("lab"), "my-fine-tune");
        for (const int column : {ModelTableModel::Context, ModelTableModel::MaxOutput, ModelTableModel::Input,
                                 ModelTableModel::Output, ModelTableModel::Cache, ModelTableModel::Abilities,
                                 ModelTableModel::Source}) {
            QCOMPARE(at.model.index(row, column).data().toString(), QStringLiteral("–"));
        }
        const int free = at.model.rowOf(gateway::ProviderId("lab"), "qwen3-coder");
        QCOMPARE(at.model.index(free, ModelTableModel::Input).data().toString(), QStringLiteral("free"));
    }

    void anAliasIsWhatClientsCallIt()
    {
        Read at;
        QTRY_COMPARE(at.model.rowCount(), 15);
        gateway::Config config = *at.link.config();
        gateway::ModelConfig entry;
        entry.name = "gpt-4.1";
        entry.alias = "smart";
        entry.hidden = true;
        config.providers[0].models.push_back(entry);
        const QSignalSpy resets(&at.model, &QAbstractItemModel::modelReset);
        at.link.setConfig(config);
        const int row = at.model.rowOf(gateway::ProviderId("openai"), "gpt-4.1");
        QTRY_COMPARE(at.model.index(row, 0).data().toString(), QStringLiteral("smart"));
        const QModelIndex box = at.model.index(row, ModelTableModel::Exposed);
        QCOMPARE(box.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QCOMPARE(box.data(Qt::AccessibleTextRole).toString(), QStringLiteral("hidden"));
        QCOMPARE(resets.size(), 0); // The rows stay, and with them what was chosen.
    }

    void everyConditionHolds_data()
    {
        QTest::addColumn<ModelFilter>("filter");
        QTest::addColumn<QStringList>("names");
        const auto add = [](const char* name, auto change, const QStringList& names) {
            ModelFilter filter;
            change(filter);
            QTest::newRow(name) << filter << names;
        };
        add("words", [](ModelFilter& f) { f.text = QStringLiteral("GPT openai mini"); }, {"gpt-4.1-mini"});
        add("provider", [](ModelFilter& f) { f.provider = QStringLiteral("lab"); },
            {"qwen3-coder", "my-fine-tune"});
        add("mode", [](ModelFilter& f) { f.mode = QStringLiteral("image"); }, {"gpt-image-1"});
        add("abilities", [](ModelFilter& f) { f.abilities = AbilityVision | AbilityReasoning | AbilityJson; },
            {"o4-mini", "claude-sonnet-4-5"});
        add("price", [](ModelFilter& f) { f.mostInput = 75000000; },
            {"text-embedding-3-small", "gpt-oss-20b", "guard-preview", "qwen3-coder"});
        add("context", [](ModelFilter& f) { f.leastContext = 262'144; },
            {"gpt-4.1", "gpt-4.1-mini", "qwen3-coder"});
        add("free", [](ModelFilter& f) { f.freeOnly = true; }, {"guard-preview", "qwen3-coder"});
        add("local and free", [](ModelFilter& f) { f.freeOnly = f.localOnly = true; }, {"qwen3-coder"});
        add("hidden", [](ModelFilter& f) { f.shown = ModelFilter::Shown::Hidden; }, {});
    }
    void everyConditionHolds()
    {
        QFETCH(ModelFilter, filter);
        QFETCH(QStringList, names);
        Read at;
        QTRY_COMPARE(at.model.rowCount(), 15);
        at.shown.setFilter(filter);
        QCOMPARE(namesOf(at.shown), names);
        at.shown.setFilter({});
        QCOMPARE(at.shown.rowCount(), 15);
    }

    void everyColumnSortsAndWhatIsNotKnownComesLast()
    {
        Read at;
        QTRY_COMPARE(at.model.rowCount(), 15);
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            at.shown.sort(ModelTableModel::Input, order);
            QCOMPARE(namesOf(at.shown).mid(13).contains(QStringLiteral("my-fine-tune")), true);
            QCOMPARE(namesOf(at.shown).mid(13).contains(QStringLiteral("whisper-large-v3")), true);
        }
        QCOMPARE(namesOf(at.shown).constFirst(), QStringLiteral("claude-opus-4-1"));
        at.shown.sort(ModelTableModel::Context, Qt::DescendingOrder);
        QCOMPARE(namesOf(at.shown).constFirst(), QStringLiteral("gpt-4.1"));
        at.shown.sort(ModelTableModel::Name, Qt::AscendingOrder);
        QCOMPARE(namesOf(at.shown).constFirst(), QStringLiteral("claude-3-haiku"));
        at.shown.sort(-1);
        QCOMPARE(namesOf(at.shown).constFirst(), QStringLiteral("gpt-4.1")); // as the engine gives them
    }

    void thousandsAreFiltered()
    {
        FakeLink link;
        link.makeUpCrowd();
        ModelTableModel model(link);
        FilteredModels shown(model);
        model.read();
        QTRY_VERIFY(model.rowCount() > 3000);
        shown.sort(ModelTableModel::Output, Qt::AscendingOrder);
        ModelFilter filter;
        filter.text = QStringLiteral("coder");
        shown.setFilter(filter);
        QCOMPARE(shown.rowCount(), 201);
    }

    void aSilentEngineIsAFailure()
    {
        FakeLink link;
        link.makeUpData(1);
        link.dropQueries = true;
        ModelTableModel model(link);
        model.read();
        QTRY_COMPARE(model.state(), ModelTableModel::State::Failed);
    }

    void aRefreshCanBeStopped()
    {
        Read at;
        QTRY_COMPARE(at.model.state(), ModelTableModel::State::Ready);
        at.link.neverAnswers = true;
        at.model.refreshLists();
        QVERIFY(at.model.isRefreshing());
        QCOMPARE(at.link.refreshes, 1);
        at.model.stopRefresh();
        QVERIFY(!at.model.isRefreshing());
        QCOMPARE(at.model.state(), ModelTableModel::State::Ready);
        QCOMPARE(at.model.rowCount(), 15);
    }
};

} // namespace ui

QTEST_MAIN(ui::ModelTableModelTest)
#include "model_table_model_test.moc"
