// SPDX-License-Identifier: GPL-3.0-or-later
// What a user does on the page Presets, over a made-up gateway.
#include <algorithm>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "gateway/config_io.h"

#include "models/preset_templates.h"
#include "models/presets_model.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

gateway::PresetConfig presetOf(const char* name)
{
    gateway::PresetConfig preset;
    preset.id = gateway::PresetId(name);
    preset.model = "smart";
    preset.system = "Be brief.";
    return preset;
}

struct Presets : OpenedWindow {
    explicit Presets(const std::vector<const char*>& names = {"coach", "other"}) : OpenedWindow(20)
    {
        gateway::Config config = *link.config();
        for (const char* name : names) {
            config.presets.push_back(presetOf(name));
        }
        link.setConfig(config);
        window.openPage(QStringLiteral("presets"));
        settle();
        list = window.findChild<QListView*>(QStringLiteral("presetsList"));
    }
    [[nodiscard]] const std::vector<gateway::PresetConfig>& presets() { return link.config()->presets; }
    [[nodiscard]] bool canApply() const { return find<QPushButton>("applyButton")->isEnabled(); }

    QListView* list = nullptr;
};

void type(QLineEdit* edit, const QString& text)
{
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    OpenedWindow::settle();
}

} // namespace

class PresetsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void aTemplateBeginsTheFirstOne()
    {
        Presets at(std::vector<const char*>{});
        QVERIFY(at.press("usePresetButton", QStringLiteral("Use Code reviewer")));
        QVERIFY(!at.canApply()); // It has no model yet.
        QVERIFY(shows(at.window, QStringLiteral("Is missing: a route, or provider/model.")));
        auto* model = at.find<QComboBox>("presetModelComboBox");
        QVERIFY(model->findText(QStringLiteral("smart")) >= 0);
        model->setEditText(QStringLiteral("smart"));
        QVERIFY(at.presets().empty());
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.presets().size(), 1U);
        QCOMPARE(at.presets()[0].id.text, std::string("reviewer"));
        QCOMPARE(at.presets()[0].defaultsJson, std::string(R"({"temperature": 0})"));
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QVERIFY(at.presets().empty());
    }

    void everyTemplateIsValidWithAModel()
    {
        FakeLink link;
        gateway::Config config = *link.config();
        for (const PresetTemplate& each : presetTemplates()) {
            config.presets.push_back(each.preset);
            config.presets.back().model = "smart";
        }
        QCOMPARE(config.presets.size(), 3U);
        const auto problems = gateway::validate(config);
        QVERIFY(std::none_of(problems.begin(), problems.end(),
                             [](const auto& each) { return each.path.starts_with("presets"); }));
    }

    void editingIsADraftUntilItIsApplied()
    {
        Presets at;
        type(at.find<QLineEdit>("presetDescriptionEdit"), QStringLiteral("Says what to do"));
        at.find<QPlainTextEdit>("presetSystemEdit")->setPlainText(QStringLiteral("Today is {{date}}."));
        QVERIFY(at.press("addPromptTextButton"));
        at.find<QPlainTextEdit>("promptTextEdit")->setPlainText(QStringLiteral("And be kind."));
        OpenedWindow::settle();
        QCOMPARE(at.presets()[0].system, std::string("Be brief."));
        at.list->setCurrentIndex(at.list->model()->index(1, 0));
        OpenedWindow::settle();
        QVERIFY(!at.canApply());
        at.list->setCurrentIndex(at.list->model()->index(0, 0)); // It waits there.
        OpenedWindow::settle();
        QVERIFY(at.press("applyButton"));
        const gateway::PresetConfig& applied = at.presets()[0];
        QCOMPARE(applied.description, std::string("Says what to do"));
        QCOMPARE(applied.system, std::string("Today is {{date}}."));
        QCOMPARE(applied.before.size(), 1U);
        QCOMPARE(applied.before[0].text, std::string("And be kind."));
        QVERIFY(!at.canApply());
    }

    void revertGivesUpTheDraftAndUndoBringsItBack()
    {
        Presets at;
        auto* system = at.find<QPlainTextEdit>("presetSystemEdit");
        QVERIFY(!at.find<QPushButton>("revertButton")->isEnabled());
        system->setPlainText(QStringLiteral("Be long."));
        QVERIFY(at.press("revertButton"));
        QCOMPARE(system->toPlainText(), QStringLiteral("Be brief."));
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(system->toPlainText(), QStringLiteral("Be long."));
    }

    void whatIsWrongStandsBesideItsField()
    {
        Presets at;
        type(at.find<QLineEdit>("presetNameEdit"), QStringLiteral("no name"));
        QVERIFY(shows(at.window, QStringLiteral("needs 1 to 64 letters")));
        type(at.find<QLineEdit>("presetNameEdit"), QStringLiteral("coach"));
        at.find<QComboBox>("presetModelComboBox")->setEditText(QStringLiteral("preset/other"));
        QVERIFY(shows(at.window, QStringLiteral("A preset cannot lead to a preset.")));
        at.find<QComboBox>("presetModelComboBox")->setEditText(QStringLiteral("smart"));
        at.find<QPlainTextEdit>("presetSystemEdit")->setPlainText(QStringLiteral("{{weather}}"));
        QVERIFY(shows(at.window, QStringLiteral("There is no variable")));
        QVERIFY(!at.canApply());
    }

    void toolsHaveToBeAListOfTools()
    {
        Presets at;
        auto* tools = at.find<QPlainTextEdit>("presetToolsEdit");
        tools->setPlainText(QStringLiteral("[{"));
        QVERIFY(shows(at.window, QStringLiteral("This is not JSON")));
        QVERIFY(!at.canApply());
        tools->setPlainText(QStringLiteral("{}"));
        QVERIFY(shows(at.window, QStringLiteral("Needs a list of tools")));
        QVERIFY(!at.canApply());
        tools->setPlainText(QStringLiteral("[{\"type\": \"function\"}]"));
        QVERIFY(shows(at.window, QStringLiteral("Needs a tool as OpenAI")));
        QVERIFY(!at.canApply());
        const QString good =
            QStringLiteral("[{\"type\": \"function\", \"function\": {\"name\": \"look_up\"}}]");
        tools->setPlainText(good + QLatin1Char('\n'));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(QString::fromStdString(at.presets()[0].toolsJson), good);
    }

    void aliasesAndKeysFollowANewName()
    {
        Presets at;
        gateway::Config config = *at.link.config();
        config.aliases = {{"c", "preset/coach"}, {"o", "preset/other"}};
        config.keys[0].models = {"preset/coach"};
        at.link.setConfig(config);
        OpenedWindow::settle();
        type(at.find<QLineEdit>("presetNameEdit"), QStringLiteral("trainer"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.presets()[0].id.text, std::string("trainer"));
        QCOMPARE(at.link.config()->aliases[0].second, std::string("preset/trainer"));
        QCOMPARE(at.link.config()->aliases[1].second, std::string("preset/other"));
        QCOMPARE(at.link.config()->keys[0].models, std::vector<std::string>{"preset/trainer"});
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.link.config()->keys[0].models, std::vector<std::string>{"preset/coach"});
        QCOMPARE(at.presets()[0].id.text, std::string("coach"));
    }

    void deleteAsksAndIsTakenBack()
    {
        Presets at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.list->setFocus();
        QTest::keyClick(at.list, Qt::Key_Delete);
        QVERIFY(at.dialog() != nullptr);
        QCOMPARE(at.presets().size(), 2U);
        QVERIFY(at.press("acceptButton"));
        QTRY_COMPARE(at.presets().size(), 1U);
        OpenedWindow::settle();
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.presets().size(), 2U);
        QCOMPARE(at.presets()[0].id.text, std::string("coach"));
    }

    void theNameIsCopiedAndThePresetDuplicated()
    {
        Presets at;
        QVERIFY(at.press("copyPresetNameButton"));
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("preset/coach"));
        QVERIFY(at.press("duplicatePresetButton"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.presets().size(), 3U);
        QCOMPARE(at.presets()[2].id.text, std::string("coach-2"));
        QCOMPARE(at.presets()[2].system, std::string("Be brief."));
    }

    void itSaysHowOftenTheLogHasIt()
    {
        Presets at({"coach", "coaching"});
        QVERIFY(shows(at.window, QStringLiteral("What clients ask for"))); // "coaching" would count, too.
        at.list->setCurrentIndex(at.list->model()->index(1, 0));
        QTRY_VERIFY(shows(at.window, QStringLiteral("Requests in the log: 0")));
        QCOMPARE(at.link.queries.back().text, std::string("preset/coaching"));
    }

    void aRefusedDraftStays()
    {
        Presets at;
        at.find<QPlainTextEdit>("presetSystemEdit")->setPlainText(QStringLiteral("Be long."));
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "", "No room.", 0}};
        QVERIFY(at.press("applyButton"));
        QVERIFY(shows(at.window, QStringLiteral("No room.")));
        QVERIFY(at.canApply());
        QCOMPARE(at.presets()[0].system, std::string("Be brief."));
    }

    void theModelHoldsWhatModelsPromise()
    {
        FakeLink link;
        PresetsModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        gateway::Config config = *link.config();
        config.presets = {presetOf("a"), presetOf("b")};
        link.setConfig(config);
        const int row = model.addNew(presetOf("c"));
        QCOMPARE(row, 2);
        QVERIFY(model.savedAt(2) == nullptr);
        QCOMPARE(model.configWith(2).presets.size(), 3U);
        QCOMPARE(model.freeName("c").text, std::string("c-2"));
        model.discard(2);
        QCOMPARE(model.rowCount(), 2);
    }
};

} // namespace ui

QTEST_MAIN(ui::PresetsPageTest)
#include "presets_page_test.moc"
