// SPDX-License-Identifier: GPL-3.0-or-later
// What a user does on the page Guardrails, over a made-up gateway.
#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include "models/guardrail_text.h"
#include "models/guardrails_model.h"
#include "models/mask_kinds.h"
#include "pages/guardrail_parameters.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

gateway::GuardrailConfig ruleOf(const char* name)
{
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId(name);
    rule.check = "pii";
    rule.scope.emplace();
    return rule;
}

struct Guardrails : OpenedWindow {
    explicit Guardrails(const std::vector<const char*>& names = {"first", "second"}) : OpenedWindow(20)
    {
        gateway::Config config = *link.config();
        for (const char* name : names) {
            config.guardrails.push_back(ruleOf(name));
        }
        link.setConfig(config);
        window.openPage(QStringLiteral("guardrails"));
        settle();
        list = window.findChild<QListView*>(QStringLiteral("guardrailsList"));
    }
    [[nodiscard]] const std::vector<gateway::GuardrailConfig>& rules() { return link.config()->guardrails; }
    [[nodiscard]] QStringList names()
    {
        QStringList found;
        for (const gateway::GuardrailConfig& rule : rules()) {
            found.append(QString::fromStdString(rule.id.text));
        }
        return found;
    }
    void choose(const char* combo, const char* value) const
    {
        auto* box = find<QComboBox>(combo);
        box->setCurrentIndex(box->findData(QLatin1String(value)));
        settle();
    }
    void key(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        list->setFocus();
        QTest::keyClick(list, static_cast<Qt::Key>(key), modifiers);
        settle();
    }

    QListView* list = nullptr;
};

void type(QLineEdit* edit, const QString& text)
{
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    OpenedWindow::settle();
}

gateway::CheckDescription allSorts()
{
    using Type = gateway::CheckParameter::Type;
    gateway::CheckDescription check;
    check.id = "sorts";
    check.parameters = {{"flag", "Flag", "", Type::Flag, "false", {}, 0, 0},
                        {"number", "Number", "", Type::Number, "3", {}, 1, 9},
                        {"text", "Text", "", Type::Text, "\"\"", {}, 0, 0},
                        {"texts", "Texts", "", Type::Texts, "[]", {}, 0, 0},
                        {"choice", "Choice", "", Type::Choice, "\"a\"", {"a", "b"}, 0, 0},
                        {"choices", "Choices", "", Type::Choices, "[\"a\"]", {"a", "b"}, 0, 0},
                        {"json", "Json", "", Type::Json, "null", {}, 0, 0}};
    return check;
}

} // namespace

class GuardrailsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void packsBeginTheFirstGuardrail()
    {
        Guardrails at(std::vector<const char*>{});
        QVERIFY(at.press("hidePersonalDataButton"));
        QVERIFY(at.rules().empty()); // Nothing is in force before it is applied.
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().size(), 1U);
        const gateway::GuardrailConfig& rule = at.rules().front();
        QCOMPARE(rule.action, std::string("mask"));
        QCOMPARE(rule.mode, std::string("observe"));
        QVERIFY(rule.restore);
        QVERIFY(rule.scope == gateway::GuardrailScope());
        QVERIFY(at.press("toastActionButton"));
        QVERIFY(at.rules().empty());
    }

    void packsAreOfferedForKnownChecksOnly()
    {
        Guardrails at(std::vector<const char*>{});
        bool words = false;
        for (const gateway::CheckDescription& check : gateway::checkDescriptions()) {
            words = words || check.id == "words";
        }
        QCOMPARE(at.find<QPushButton>("blockListButton") != nullptr, words);
    }

    void editingIsADraftUntilApplied()
    {
        Guardrails at;
        at.choose("guardrailActionComboBox", "block");
        at.choose("guardrailModeComboBox", "observe");
        type(at.find<QLineEdit>("guardrailNameEdit"), QStringLiteral("renamed"));
        QCOMPARE(at.rules().front().action, std::string("flag"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.names(), QStringList({QStringLiteral("renamed"), QStringLiteral("second")}));
        QCOMPARE(at.rules().front().action, std::string("block"));
        QCOMPARE(at.rules().front().mode, std::string("observe"));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
    }

    void revertGivesUpTheDraft()
    {
        Guardrails at;
        at.choose("guardrailActionComboBox", "mask");
        QVERIFY(at.press("revertButton"));
        QCOMPARE(at.find<QComboBox>("guardrailActionComboBox")->currentData().toString(),
                 QStringLiteral("flag"));
        QVERIFY(at.press("toastActionButton"));
        QCOMPARE(at.find<QComboBox>("guardrailActionComboBox")->currentData().toString(),
                 QStringLiteral("mask"));
    }

    void revertIsGreyWhereNothingWasChanged()
    {
        Guardrails at;
        auto* revert = at.find<QPushButton>("revertButton");
        QVERIFY(!revert->isEnabled());
        const QImage grey = revert->grab().toImage();
        at.choose("guardrailActionComboBox", "mask");
        QVERIFY(revert->isEnabled());
        QVERIFY(revert->grab().toImage() != grey);
    }

    void answersThatAreRefusedMayBeAskedForAnew()
    {
        Guardrails at;
        auto* retries = at.find<QSpinBox>("guardrailRetriesSpinBox");
        QVERIFY(!retries->isEnabled()); // It finds places.
        gateway::Config config = *at.link.config();
        config.guardrails.front().check = "word_count";
        config.guardrails.front().on = "response";
        config.guardrails.front().action = "block";
        config.guardrails.front().paramsJson = R"({"max":5})";
        at.link.setConfig(config);
        OpenedWindow::settle();
        QVERIFY(retries->isEnabled());
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        retries->setFocus();
        QTest::keyClick(retries, Qt::Key_Up);
        QTest::keyClick(retries, Qt::Key_Up);
        OpenedWindow::settle();
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().front().retries, 2U);
        at.choose("guardrailOnComboBox", "request");
        QVERIFY(shows(at.window, QStringLiteral("can be asked for anew")));
        QVERIFY(retries->isEnabled()); // It can be taken back.
    }

    void everyKindHasItsOwnMask()
    {
        Guardrails at;
        QVERIFY(at.find<QComboBox>("guardrailKindMaskComboBox") == nullptr); // Nothing is masked.
        at.choose("guardrailActionComboBox", "mask");
        auto* email = at.find<QComboBox>("guardrailKindMaskComboBox");
        QCOMPARE(email->accessibleName(), QStringLiteral("How email is masked"));
        email->setCurrentIndex(email->findData(QStringLiteral("hash")));
        at.choose("guardrailMaskComboBox", "last4");
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().front().maskAs, (MaskAs{{"email", "hash"}, {"*", "last4"}}));
        email->setCurrentIndex(0);
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().front().maskAs, (MaskAs{{"*", "last4"}}));
    }

    void kindsAreThoseThatAreLookedFor()
    {
        gateway::CheckDescription check = allSorts();
        gateway::GuardrailConfig rule = ruleOf("a");
        QVERIFY(maskKinds(check, rule).empty());
        check.parameters[5].name = "entities";
        QCOMPARE(maskKinds(check, rule), std::vector<std::string>{"a"});
        rule.paramsJson = R"({"entities":["b"]})";
        rule.maskAs = {{"*", "hash"}, {"c", "hash"}};
        QCOMPARE(maskKinds(check, rule), (std::vector<std::string>{"b", "c"}));
    }

    void aRefusedDraftStays()
    {
        Guardrails at;
        at.choose("guardrailActionComboBox", "mask");
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "guardrails", "No room.", 0}};
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().front().action, std::string("flag"));
        QCOMPARE(at.find<QComboBox>("guardrailActionComboBox")->currentData().toString(),
                 QStringLiteral("mask"));
        QVERIFY(at.find<QPushButton>("applyButton")->isEnabled());
    }

    void whatIsWrongIsSaidAndNotApplied()
    {
        Guardrails at;
        type(at.find<QLineEdit>("guardrailNameEdit"), QStringLiteral("not a name"));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
        QVERIFY(shows(at.window, QStringLiteral("needs 1 to 64 letters")));
    }

    void theScopeIsWritten()
    {
        Guardrails at;
        QVERIFY(at.find<QCheckBox>("guardrailEverywhereCheckBox")->isChecked());
        type(at.find<QLineEdit>("guardrailKeysEdit"), QStringLiteral("team-*, me"));
        QVERIFY(!at.find<QCheckBox>("guardrailEverywhereCheckBox")->isChecked());
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.rules().front().scope);
        QCOMPARE(at.rules().front().scope->keys, (std::vector<std::string>{"team-*", "me"}));
        at.find<QCheckBox>("guardrailEverywhereCheckBox")->click();
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.rules().front().scope == gateway::GuardrailScope());
        at.find<QCheckBox>("guardrailEverywhereCheckBox")->click();
        QVERIFY(at.press("applyButton"));
        QVERIFY(!at.rules().front().scope);
    }

    void theOrderIsChangedByKeysAndTakenBack()
    {
        Guardrails at;
        at.key(Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(at.names(), QStringList({QStringLiteral("second"), QStringLiteral("first")}));
        at.key(Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(at.names(), QStringList({QStringLiteral("first"), QStringLiteral("second")}));
        QVERIFY(at.press("toastActionButton"));
        QCOMPARE(at.names(), QStringList({QStringLiteral("second"), QStringLiteral("first")}));
    }

    void spaceSwitchesItOff()
    {
        Guardrails at;
        at.key(Qt::Key_Space);
        QVERIFY(!at.rules().front().enabled);
        at.key(Qt::Key_Space);
        QVERIFY(at.rules().front().enabled);
    }

    void whatIsEditedIsSwitchedAsWell()
    {
        Guardrails at;
        at.choose("guardrailActionComboBox", "block");
        at.key(Qt::Key_Space);
        QVERIFY(!at.rules().front().enabled);
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().front().action, std::string("block"));
        QVERIFY(!at.rules().front().enabled); // What was switched meanwhile is not switched back.
    }

    void deletingAlsoLeavesTheRoutesAndIsTakenBack()
    {
        Guardrails at;
        gateway::Config config = *at.link.config();
        QVERIFY(!config.routes.empty());
        config.routes.front().guardrails = {"first"};
        at.link.setConfig(config);
        OpenedWindow::settle();
        at.key(Qt::Key_Delete);
        QCOMPARE(at.names(), QStringList(QStringLiteral("second")));
        QVERIFY(at.link.config()->routes.front().guardrails.empty());
        QVERIFY(at.press("toastActionButton"));
        QCOMPARE(at.rules().size(), 2U);
        QCOMPARE(at.link.config()->routes.front().guardrails, std::vector<std::string>{"first"});
    }

    void theMenuAddsAndTheButtonDuplicates()
    {
        Guardrails at;
        at.window.findChild<QMenu*>(QStringLiteral("addGuardrailMenu"))->actions().constFirst()->trigger();
        OpenedWindow::settle();
        QCOMPARE(at.list->model()->rowCount(), 3);
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().back().mode, std::string("observe"));
        QVERIFY(at.press("duplicateGuardrailButton"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().size(), 4U);
        QVERIFY(at.rules()[2].id != at.rules()[3].id);
    }

    void exceptionsAreCleared()
    {
        Guardrails at;
        gateway::Config config = *at.link.config();
        config.guardrails.front().exceptions = {std::string(64, 'a')};
        at.link.setConfig(config);
        OpenedWindow::settle();
        QVERIFY(at.press("clearExceptionsButton"));
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.rules().front().exceptions.empty());
    }

    void aTextIsTriedAndItsSpotMadeAnException()
    {
        Guardrails at({"first"});
        at.window.resize(1440, 900);
        at.choose("guardrailActionComboBox", "mask");
        auto* text = at.find<QPlainTextEdit>("guardrailTryEdit");
        text->setPlainText(QStringLiteral("Écrire à ann.example@turnpike-mail.org !"));
        auto* spots = at.find<QListWidget>("guardrailSpotsList");
        QTRY_COMPARE(spots->count(), 1);
        auto* result = at.find<QPlainTextEdit>("guardrailResultEdit");
        QVERIFY(!result->toPlainText().contains(QLatin1String("ann.example")));
        QVERIFY(shows(at.window, QStringLiteral("The client gets 200")));
        QCOMPARE(text->extraSelections().size(), 1);
        QCOMPARE(text->extraSelections().constFirst().cursor.selectedText(),
                 QStringLiteral("ann.example@turnpike-mail.org"));
        spots->setCurrentRow(0);
        QVERIFY(at.press("noAlarmButton"));
        QTRY_COMPARE(spots->count(), 0);
        QTRY_COMPARE(result->toPlainText(), text->toPlainText()); // It is no alarm any more.
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rules().front().exceptions.size(), 1U);
    }

    void everySortOfParameterHasItsField()
    {
        GuardrailParameters fields;
        fields.setParameters(allSorts(), {});
        QCOMPARE(fields.json(), std::string());
        fields.findChild<QCheckBox*>(QStringLiteral("flagCheckBox"))->click();
        fields.findChild<QSpinBox*>(QStringLiteral("numberSpinBox"))->setValue(7);
        QTest::keyClicks(fields.findChild<QLineEdit*>(QStringLiteral("textEdit")), QStringLiteral("x"));
        fields.findChild<QPlainTextEdit*>(QStringLiteral("textsEdit"))
            ->setPlainText(QStringLiteral("x\ny\n"));
        fields.findChild<QComboBox*>(QStringLiteral("choiceComboBox"))->setCurrentIndex(1);
        fields.findChild<QListWidget*>(QStringLiteral("choicesList"))->item(1)->setCheckState(Qt::Checked);
        fields.findChild<QPlainTextEdit*>(QStringLiteral("jsonEdit"))
            ->setPlainText(QStringLiteral("{\"a\":1}"));
        QCOMPARE(fields.json(), std::string("{\"choice\":\"b\",\"choices\":[\"a\",\"b\"],\"flag\":true,"
                                            "\"json\":{\"a\":1},\"number\":7,\"text\":\"x\","
                                            "\"texts\":[\"x\",\"y\"]}"));
    }

    void theModelHoldsWhatModelsPromise()
    {
        FakeLink link;
        GuardrailsModel model(link);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        gateway::Config config = *link.config();
        config.guardrails = {ruleOf("a"), ruleOf("b")};
        link.setConfig(config);
        const int row = model.addNew(ruleOf("c"));
        QCOMPARE(row, 2);
        QVERIFY(model.isNew(2));
        QCOMPARE(model.configWith(2).guardrails.size(), 3U);
        model.discard(2);
        QCOMPARE(model.rowCount(), 2);
    }

    void theLogIsToldInWords()
    {
        QCOMPARE(guardrailText(R"([{"guardrail":"own","check":"pii","action":"mask","mode":"observe",)"
                               R"("found":{"email":2},"us":5}])"),
                 QStringLiteral("own: Mask, 2 email (observed only)"));
        QCOMPARE(guardrailText("broken"), QString());
    }
};

} // namespace ui

QTEST_MAIN(ui::GuardrailsPageTest)
#include "guardrails_page_test.moc"
