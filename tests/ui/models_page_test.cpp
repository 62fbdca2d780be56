// SPDX-License-Identifier: GPL-3.0-or-later
// What a user does on the page Models, over a made-up gateway.
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include "models/catalog_change_model.h"
#include "models/model_table_model.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

// The window with the page open and read.
struct Models : OpenedWindow {
    explicit Models(int rows = 40) : OpenedWindow(rows, QSize(1440, 900)) { open(); }
    void open()
    {
        window.openPage(QStringLiteral("models"));
        settle();
        table = window.findChild<QTableView*>(QStringLiteral("modelsTable"));
    }
    [[nodiscard]] int rowOf(const QString& name) const
    {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            if (table->model()->index(row, 0).data().toString() == name) return row;
        }
        return -1;
    }
    void choose(const QString& name)
    {
        table->selectionModel()->setCurrentIndex(table->model()->index(rowOf(name), 0),
                                                 QItemSelectionModel::ClearAndSelect |
                                                     QItemSelectionModel::Rows);
        settle();
    }
    [[nodiscard]] QLineEdit* edit(const char* name) const
    {
        return window.findChild<QLineEdit*>(QLatin1String(name));
    }
    [[nodiscard]] QPushButton* button(const char* name) const
    {
        return window.findChild<QPushButton*>(QLatin1String(name));
    }
    [[nodiscard]] const gateway::ModelConfig* entry(const char* provider, const char* model) const
    {
        for (const auto& each : link.config()->findProvider(provider)->models) {
            if (each.name == model) return &each;
        }
        return nullptr;
    }
    [[nodiscard]] QAction* action(const QString& text) const
    {
        for (QAction* each : table->actions()) {
            if (each->text() == text) return each;
        }
        return nullptr;
    }
    void clickBox(const QString& name)
    {
        const QModelIndex box = table->model()->index(rowOf(name), ModelTableModel::Exposed);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(box).center());
        settle();
    }

    QTableView* table = nullptr;
};

} // namespace

class ModelsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void aClickOnTheBoxHidesAndCanBeUndone()
    {
        Models at;
        at.clickBox(QStringLiteral("gpt-4.1"));
        QVERIFY(at.entry("openai", "gpt-4.1") != nullptr && at.entry("openai", "gpt-4.1")->hidden);
        QVERIFY(shows(at.window, QStringLiteral("gpt-4.1 is hidden")));
        QVERIFY(at.table->selectionModel()->selectedRows().isEmpty()); // The row is not meant.
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QVERIFY(at.entry("openai", "gpt-4.1") == nullptr); // as before: no entry at all
    }

    void exposingAgainLeavesNoEmptyEntry()
    {
        Models at;
        at.clickBox(QStringLiteral("gpt-4.1"));
        at.clickBox(QStringLiteral("gpt-4.1"));
        QVERIFY(at.entry("openai", "gpt-4.1") == nullptr);
    }

    void spaceHidesAllChosenRowsAndControlZBringsThemBack()
    {
        Models at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.choose(QStringLiteral("gpt-4.1"));
        at.table->selectionModel()->select(at.table->model()->index(at.rowOf(QStringLiteral("o4-mini")), 0),
                                           QItemSelectionModel::Select | QItemSelectionModel::Rows);
        at.table->setFocus();
        QTest::keyClick(at.table, Qt::Key_Space);
        QTRY_VERIFY(at.entry("openai", "o4-mini") != nullptr);
        QVERIFY(at.entry("openai", "gpt-4.1")->hidden && at.entry("openai", "o4-mini")->hidden);
        OpenedWindow::settle();
        QTest::keyClick(&at.window, Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(at.entry("openai", "o4-mini") == nullptr);
        QVERIFY(at.entry("openai", "gpt-4.1") == nullptr);
    }

    void ownPricesAreSavedShownAndTakenBack()
    {
        Models at;
        at.choose(QStringLiteral("gpt-4.1"));
        QCOMPARE(at.edit("inputPriceEdit")->placeholderText(), QStringLiteral("2.00"));
        at.edit("inputPriceEdit")->setText(QStringLiteral("1.750"));
        at.edit("aliasEdit")->setText(QStringLiteral("clever"));
        QVERIFY(shows(at.window, QStringLiteral("Not saved yet")));
        QVERIFY(at.press("saveModelButton"));
        const gateway::ModelConfig* entry = at.entry("openai", "gpt-4.1");
        QVERIFY(entry != nullptr);
        QCOMPARE(entry->price->input, std::optional<std::string>("1.75"));
        QVERIFY(!entry->price->output.has_value());
        QCOMPARE(entry->alias, std::string("clever"));
        QVERIFY(!shows(at.window, QStringLiteral("Not saved yet")));
        QTRY_VERIFY(at.rowOf(QStringLiteral("clever")) >= 0);
        const QModelIndex price =
            at.table->model()->index(at.rowOf(QStringLiteral("clever")), ModelTableModel::Input);
        QCOMPARE(price.data().toString(), QStringLiteral("1.75"));
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QVERIFY(at.entry("openai", "gpt-4.1") == nullptr);
        QTRY_COMPARE(at.edit("aliasEdit")->text(), QString());
    }

    void resetTakesThePricesButNotTheAlias()
    {
        Models at;
        at.choose(QStringLiteral("gpt-4.1"));
        QVERIFY(!at.button("resetModelButton")->isEnabled()); // There is nothing to reset.
        at.edit("outputPriceEdit")->setText(QStringLiteral("9"));
        at.edit("contextEdit")->setText(QStringLiteral("64000"));
        at.edit("aliasEdit")->setText(QStringLiteral("clever"));
        QVERIFY(at.press("saveModelButton"));
        QCOMPARE(at.entry("openai", "gpt-4.1")->context, std::optional<std::int64_t>(64'000));
        QVERIFY(at.press("resetModelButton"));
        QVERIFY(!at.entry("openai", "gpt-4.1")->price && !at.entry("openai", "gpt-4.1")->context);
        QCOMPARE(at.entry("openai", "gpt-4.1")->alias, std::string("clever"));
        QCOMPARE(at.edit("outputPriceEdit")->text(), QString());
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.entry("openai", "gpt-4.1")->price->output, std::optional<std::string>("9"));
    }

    void aDuplicateAliasIsRefusedBeforeItIsSaved()
    {
        Models at;
        at.choose(QStringLiteral("gpt-4.1"));
        at.edit("aliasEdit")->setText(QStringLiteral("clever"));
        QVERIFY(at.press("saveModelButton"));
        at.choose(QStringLiteral("o4-mini"));
        at.edit("aliasEdit")->setText(QStringLiteral("clever"));
        QVERIFY(at.press("saveModelButton"));
        QVERIFY(shows(at.window, QStringLiteral("openai/gpt-4.1 has this alias already.")));
        QVERIFY(at.entry("openai", "o4-mini") == nullptr);
        at.edit("aliasEdit")->setText(QStringLiteral("cleverer"));
        QVERIFY(!shows(at.window, QStringLiteral("has this alias already.")));
        QVERIFY(at.press("saveModelButton"));
        QVERIFY(at.entry("openai", "o4-mini") != nullptr);
    }

    void modelsOfTwoProvidersMayShareAnAlias()
    {
        Models at;
        for (const char* model : {"gpt-4.1", "claude-sonnet-4-5"}) {
            at.choose(QString::fromLatin1(model));
            at.edit("aliasEdit")->setText(QStringLiteral("clever"));
            QVERIFY(at.press("saveModelButton"));
        }
        QCOMPARE(at.entry("openai", "gpt-4.1")->alias, std::string("clever"));
        QCOMPARE(at.entry("anthropic", "claude-sonnet-4-5")->alias, std::string("clever"));
    }

    void whatTheEngineRefusesIsSaidBesideTheField()
    {
        Models at;
        at.choose(QStringLiteral("gpt-4.1"));
        at.edit("inputPriceEdit")->setText(QStringLiteral("5"));
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error,
                                 "providers.openai.models[\"gpt-4.1\"].price.input", "Is too dear.", 0}};
        QVERIFY(at.press("saveModelButton"));
        QVERIFY(shows(at.window, QStringLiteral("Is too dear.")));
        QCOMPARE(at.edit("inputPriceEdit")->accessibleDescription(), QStringLiteral("Is too dear."));
        QVERIFY(at.entry("openai", "gpt-4.1") == nullptr);
        QCOMPARE(at.edit("inputPriceEdit")->text(), QStringLiteral("5")); // The draft is still there.
    }

    void whatWasBegunIsKeptForEachModel()
    {
        Models at;
        at.choose(QStringLiteral("gpt-4.1"));
        at.edit("inputPriceEdit")->setText(QStringLiteral("5"));
        at.choose(QStringLiteral("o4-mini"));
        QCOMPARE(at.edit("inputPriceEdit")->text(), QString());
        at.choose(QStringLiteral("gpt-4.1"));
        QCOMPARE(at.edit("inputPriceEdit")->text(), QStringLiteral("5"));
        at.clickBox(QStringLiteral("o4-mini")); // A change elsewhere does not take it away either.
        QCOMPARE(at.edit("inputPriceEdit")->text(), QStringLiteral("5"));
        QVERIFY(at.press("discardButton"));
        QCOMPARE(at.edit("inputPriceEdit")->text(), QString());
    }

    void filtersNarrowTheTableAndCanBeCleared()
    {
        Models at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QTest::keyClick(&at.window, Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(at.edit("findModelEdit")->hasFocus());
        QTest::keyClicks(at.edit("findModelEdit"), QStringLiteral("claude"));
        QCOMPARE(at.table->model()->rowCount(), 3);
        QVERIFY(shows(at.window, QStringLiteral("3 of 15")));
        QVERIFY(at.press("localChipButton"));
        QVERIFY(shows(at.window, QStringLiteral("No model matches")));
        QVERIFY(at.press("emptyActionButton"));
        QCOMPARE(at.table->model()->rowCount(), 15);
        QCOMPARE(at.edit("findModelEdit")->text(), QString());
    }

    void theOrderIsRemembered()
    {
        Models at;
        QHeaderView* header = at.table->horizontalHeader();
        // Anew each time: an arrow in a title moves those behind it.
        const auto clickTitle = [header] {
            const QPoint title(header->sectionViewportPosition(ModelTableModel::Input) + 20,
                               header->height() / 2);
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, title);
        };
        clickTitle();
        QVERIFY(at.table->model()
                    ->headerData(ModelTableModel::Input, Qt::Horizontal)
                    .toString()
                    .endsWith(QStringLiteral("↑")));
        clickTitle();
        QCOMPARE(at.table->model()->index(0, 0).data().toString(), QStringLiteral("claude-opus-4-1"));
        MainWindow second(at.link, at.preferences);
        second.openPage(QStringLiteral("models"));
        auto* table = second.findChild<QTableView*>(QStringLiteral("modelsTable"));
        QTRY_COMPARE(table->model()->rowCount(), 15);
        QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("claude-opus-4-1"));
    }

    void twoToFourModelsAreCompared()
    {
        Models at;
        at.choose(QStringLiteral("gpt-4.1"));
        QVERIFY(!at.button("compareButton")->isEnabled());
        for (const char* name : {"o4-mini", "claude-opus-4-1"}) {
            at.table->selectionModel()->select(at.table->model()->index(at.rowOf(QLatin1String(name)), 0),
                                               QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
        QVERIFY(at.press("compareButton"));
        QVERIFY(at.dialog() != nullptr);
        auto* table = at.dialog()->findChild<QTableView*>(QStringLiteral("compareTable"));
        QCOMPARE(table->model()->columnCount(), 4);
        const int last = table->model()->rowCount() - 1;
        at.dialog()->findChild<QSpinBox*>(QStringLiteral("tokensInSpinBox"))->setValue(1000000);
        at.dialog()->findChild<QSpinBox*>(QStringLiteral("tokensOutSpinBox"))->setValue(1000000);
        QCOMPARE(table->model()->index(last, 1).data().toString(), QStringLiteral("$10.00"));
        QCOMPARE(table->model()->index(last, 2).data().toString(), QStringLiteral("$5.50  ✓"));
        QCOMPARE(table->model()->index(last, 3).data().toString(), QStringLiteral("$90.00"));
        at.dialog()->reject();
        at.table->selectAll();
        OpenedWindow::settle();
        QVERIFY(!at.button("compareButton")->isEnabled());
    }

    void aRowOffersWhatCanBeDoneWithIt()
    {
        Models at;
        at.choose(QStringLiteral("claude-sonnet-4-5"));
        at.action(QStringLiteral("Copy name"))->trigger();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("anthropic/claude-sonnet-4-5"));
        at.action(QStringLiteral("Try"))->trigger();
        QTRY_COMPARE(at.link.trialModel, QStringLiteral("anthropic/claude-sonnet-4-5"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("anthropic/claude-sonnet-4-5 answered in")));
        at.action(QStringLiteral("Hide"))->trigger();
        QTRY_VERIFY(at.entry("anthropic", "claude-sonnet-4-5") != nullptr);
        QTRY_VERIFY(at.action(QStringLiteral("Expose")) != nullptr);
        at.choose(QStringLiteral("text-embedding-3-small"));
        QVERIFY(!at.action(QStringLiteral("Try"))->isEnabled()); // It answers no chat.
        at.action(QStringLiteral("Open its provider"))->trigger();
        QCOMPARE(at.window.currentPage(), QStringLiteral("providers"));
    }

    void aModelIsOpenedByItsName()
    {
        OpenedWindow at(40);
        at.window.openPage(QStringLiteral("models"), QStringLiteral("groq/gpt-oss-20b"));
        auto* table = at.window.findChild<QTableView*>(QStringLiteral("modelsTable"));
        QTRY_COMPARE(table->currentIndex().siblingAtColumn(0).data().toString(),
                     QStringLiteral("gpt-oss-20b"));
        QVERIFY(at.window.findChild<QPushButton*>(QStringLiteral("closeModelButton"))->isVisible());
    }

    void theEndOfAModelIsSaid()
    {
        Models at;
        at.choose(QStringLiteral("claude-3-haiku"));
        QVERIFY(shows(at.window, QStringLiteral("switches it off on Mar 14 2027")));
        at.choose(QStringLiteral("gpt-4.1"));
        QVERIFY(!shows(at.window, QStringLiteral("switches it off")));
    }

    void escapeClosesTheDetails()
    {
        Models at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.choose(QStringLiteral("gpt-4.1"));
        QVERIFY(at.button("closeModelButton")->isVisible());
        at.table->setFocus();
        QTest::keyClick(at.table, Qt::Key_Escape);
        QVERIFY(!at.button("closeModelButton")->isVisible());
        QVERIFY(at.table->hasFocus());
    }

    void listsAreRefreshedAndTheWaitCanBeStopped()
    {
        Models at;
        QVERIFY(at.press("refreshListsButton"));
        QCOMPARE(at.link.refreshes, 1);
        at.link.neverAnswers = true;
        QVERIFY(at.press("refreshListsButton", QStringLiteral("Refresh lists")));
        QVERIFY(shows(at.window, QStringLiteral("Asking the providers")));
        QVERIFY(at.press("refreshListsButton", QStringLiteral("Stop refreshing")));
        QVERIFY(shows(at.window, QStringLiteral("15 model")));
    }

    void nobodyIsAskedBeforeLookIsPressed()
    {
        Models at;
        QVERIFY(at.press("updateCatalogButton"));
        QCOMPARE(at.link.looks, 0);
        QVERIFY(shows(*at.dialog(), QStringLiteral("openrouter.ai is asked")));
        QVERIFY(at.press("segmentButton", QStringLiteral("models.dev")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("models.dev is asked")));
        QVERIFY(at.press("acceptButton", QStringLiteral("Look")));
        QCOMPARE(at.link.looks, 1);
        QCOMPARE(at.link.nextUpdate.origin, gateway::CatalogOrigin::ModelsDev);
        at.dialog()->reject();
        QVERIFY(at.link.catalog.updateDate.empty()); // Looking takes nothing.
    }

    void aNewerListIsShownTakenAndDropped()
    {
        Models at;
        QVERIFY(at.press("updateCatalogButton"));
        QVERIFY(at.press("acceptButton", QStringLiteral("Look")));
        auto* changes = at.dialog()->findChild<QTableView*>(QStringLiteral("changesTable"));
        QVERIFY(changes->isVisible());
        QCOMPARE(changes->model()->rowCount(), 13);
        QVERIFY(shows(*at.dialog(), QStringLiteral("8 difference")));
        QVERIFY(at.press("onlyOwnButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("7 difference")));
        QVERIFY(at.press("acceptButton", QStringLiteral("Take it")));
        QVERIFY(at.dialog() == nullptr);
        QTRY_VERIFY(shows(at.window, QStringLiteral("list of Nov 26 2026 from OpenRouter")));
        QVERIFY(at.press("updateCatalogButton"));
        QVERIFY(at.press("dropUpdateButton"));
        QVERIFY(at.dialog() == nullptr);
        QTRY_VERIFY(shows(at.window, QStringLiteral("built-in list of Jul 24 2026")));
    }

    void aLookCanBeCancelled()
    {
        Models at;
        QVERIFY(at.press("updateCatalogButton"));
        at.link.neverAnswers = true;
        QVERIFY(at.press("acceptButton", QStringLiteral("Look")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Reading the public list")));
        QVERIFY(at.press("cancelButton", QStringLiteral("Cancel")));
        QCOMPARE(at.link.cancels, 1);
        QVERIFY(at.dialog() != nullptr);
        QVERIFY(shows(*at.dialog(), QStringLiteral("Stopped.")));
        at.link.neverAnswers = false;
        QVERIFY(at.press("acceptButton", QStringLiteral("Look")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("8 difference")));
        at.dialog()->reject();
    }

    void theListIsWrittenWhereAsked()
    {
        Models at;
        const auto save = [&at](const QString& path) {
            auto* dialog = at.window.findChild<QFileDialog*>();
            if (dialog == nullptr || dialog->acceptMode() != QFileDialog::AcceptSave) return false;
            emit dialog->fileSelected(path);
            dialog->reject();
            at.settle();
            return true;
        };
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.table->setFocus();
        QTest::keyClick(at.table, Qt::Key_E, Qt::ControlModifier);
        QVERIFY(save(QStringLiteral("/tmp/list.json")));
        QCOMPARE(at.link.exportedTo, QStringLiteral("/tmp/list.json"));
        QVERIFY(shows(at.window, QStringLiteral("The list was written to /tmp/list.json")));
        at.link.nextUpdateProblem = QStringLiteral("The disk is full.");
        QVERIFY(at.press("exportModelsButton"));
        QVERIFY(save(QStringLiteral("/tmp/other.json")));
        QVERIFY(shows(at.window, QStringLiteral("The disk is full.")));
    }

    void aProblemStaysUntilItIsRead()
    {
        Models at;
        at.link.nextUpdate.problem = "openrouter.ai cannot be reached.";
        QVERIFY(at.press("updateCatalogButton"));
        QVERIFY(at.press("acceptButton", QStringLiteral("Look")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("openrouter.ai cannot be reached.")));
        at.link.nextUpdate.problem.clear();
        QVERIFY(at.press("acceptButton", QStringLiteral("Look")));
        at.link.nextUpdateProblem = QStringLiteral("The disk is full.");
        QVERIFY(at.press("acceptButton", QStringLiteral("Take it")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("The disk is full.")));
        QVERIFY(at.dialog()->findChild<QTableView*>(QStringLiteral("changesTable"))->isVisible());
        at.dialog()->reject();
    }

    void aDamagedUpdateIsABanner()
    {
        Models at;
        at.link.catalog.updateProblem = "The newer list is damaged.";
        QVERIFY(at.press("refreshListsButton"));
        QVERIFY(shows(at.window, QStringLiteral("The newer list is damaged.")));
        QVERIFY(at.press("updateProblemButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("The newer list is damaged.")));
        QVERIFY(at.press("dropUpdateButton"));
    }

    void withoutProvidersThePageSaysWhatToDo()
    {
        Models at(0);
        QVERIFY(shows(at.window, QStringLiteral("No models yet")));
        QVERIFY(at.press("emptyActionButton"));
        QCOMPARE(at.window.currentPage(), QStringLiteral("providers"));
        QVERIFY(at.dialog() != nullptr);
        at.dialog()->reject();
    }

    void aSilentGatewayCanBeAskedAgain()
    {
        OpenedWindow at(40);
        at.link.dropQueries = true;
        at.window.openPage(QStringLiteral("models"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("The models cannot be read")));
        at.link.dropQueries = false;
        QVERIFY(at.press("emptyActionButton"));
        auto* table = at.window.findChild<QTableView*>(QStringLiteral("modelsTable"));
        QTRY_COMPARE(table->model()->rowCount(), 15);
    }

    void aLongWaitIsSpokenOf()
    {
        OpenedWindow at(40);
        at.link.neverAnswers = true;
        at.window.openPage(QStringLiteral("models"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("Reading the models")));
    }
};

} // namespace ui

QTEST_MAIN(ui::ModelsPageTest)
#include "models_page_test.moc"
