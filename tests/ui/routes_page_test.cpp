// SPDX-License-Identifier: GPL-3.0-or-later
// What a user does on the page Routes, over a made-up gateway.
#include <string>
#include <utility>
#include <vector>

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "models/route_list_model.h"
#include "ui/support/opened_routes.h"

namespace ui {
namespace {

struct Routes : OpenedRoutes {
    [[nodiscard]] QStringList names() const
    {
        QStringList found;
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            found.append(list->model()->index(row, 0).data(RouteListModel::IdRole).toString());
        }
        return found;
    }
    [[nodiscard]] QPushButton* button(const char* name) const { return find<QPushButton>(name); }
};

void type(QLineEdit* edit, const QString& text)
{
    edit->selectAll();
    edit->del();
    QTest::keyClicks(edit, text);
    OpenedWindow::settle();
}

} // namespace

class RoutesPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void theListSaysWhatEachRouteDoes()
    {
        Routes at;
        QCOMPARE(at.names(),
                 QStringList({QStringLiteral("smart"), QStringLiteral("by-size"), QStringLiteral("local")}));
        const QModelIndex smart = at.list->model()->index(0, 0);
        QVERIFY(smart.data(RouteListModel::DetailRole).toString().startsWith(QLatin1String("In order")));
        QCOMPARE(smart.data(RouteListModel::MarkRole).toString(), QStringLiteral("25%"));
        QVERIFY(
            smart.data(Qt::AccessibleTextRole).toString().contains(QLatin1String("25% of the last 24 h")));
        const auto mark = [&at](int row) {
            return static_cast<TargetMark>(
                at.list->model()->index(row, 0).data(RouteListModel::ShapeRole).toInt());
        };
        QCOMPARE(mark(2), TargetMark::Ready);
        QCOMPARE(mark(0), TargetMark::Partly); // Anthropic's key is missing.
        QVERIFY(smart.data(Qt::AccessibleTextRole).toString().contains(QLatin1String("targets set aside")));
    }

    void withoutRoutesATemplateBeginsOne()
    {
        Routes at;
        gateway::Config config = *at.link.config();
        config.routes.clear();
        at.link.setConfig(config);
        OpenedWindow::settle();
        QVERIFY(at.press("useTemplateButton", QStringLiteral("Use Failover pair")));
        QCOMPARE(at.names(), QStringList(QStringLiteral("failover")));
        QVERIFY(at.link.config()->routes.empty()); // Nothing is in force before it is applied.
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.route("failover") != nullptr);
        QCOMPARE(at.route("failover")->targets.size(), 2U);
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QVERIFY(at.route("failover") == nullptr);
        QCOMPARE(at.names(), QStringList(QStringLiteral("failover"))); // The draft is still there.
    }

    void anAddedRouteWaitsUntilItIsValidAndApplied()
    {
        Routes at;
        QVERIFY(at.press("addRouteButton"));
        auto* name = at.dialog()->findChild<QLineEdit*>(QStringLiteral("routeNameEdit"));
        name->setText(QStringLiteral("smart"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("already")));
        name->setText(QStringLiteral("mine"));
        QVERIFY(at.press("acceptButton"));
        QCOMPARE(at.names().last(), QStringLiteral("mine"));
        QVERIFY(!at.button("applyButton")->isEnabled());
        QVERIFY(shows(at.window, QStringLiteral("Needs a provider and a model, or a route.")));
        auto* goal = at.find<QComboBox>("targetProviderComboBox");
        goal->setCurrentIndex(goal->findData(QStringLiteral("lab")));
        QVERIFY(!at.button("applyButton")->isEnabled());
        auto* model = at.find<QComboBox>("targetModelComboBox");
        QVERIFY(model->findText(QStringLiteral("qwen3-coder")) >= 0);
        model->setEditText(QStringLiteral("qwen3-coder"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("mine")->targets[0].model, std::string("qwen3-coder"));
    }

    void anEditIsADraftUntilItIsApplied()
    {
        Routes at;
        at.setStrategy("weighted");
        QVERIFY(shows(at.window, QStringLiteral("Not applied yet")));
        QCOMPARE(at.route("smart")->strategy, std::string("priority"));
        at.choose(1);
        QVERIFY(!shows(at.window, QStringLiteral("Not applied yet")));
        at.choose(0); // It waits there.
        QVERIFY(shows(at.window, QStringLiteral("33%")));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("smart")->strategy, std::string("weighted"));
        QVERIFY(!at.button("applyButton")->isEnabled());
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.route("smart")->strategy, std::string("priority"));
    }

    void revertGoesBackAndCanBeUndone()
    {
        Routes at;
        at.setStrategy("sticky");
        QVERIFY(at.press("revertButton"));
        QCOMPARE(at.find<QComboBox>("strategyComboBox")->currentData().toString(),
                 QStringLiteral("priority"));
        QVERIFY(!at.button("revertButton")->isEnabled());
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.find<QComboBox>("strategyComboBox")->currentData().toString(), QStringLiteral("sticky"));
    }

    void aProblemStandsUnderItsField()
    {
        Routes at;
        type(at.find<QLineEdit>("overrideEdit"), QStringLiteral("{\"temperature\": "));
        QVERIFY(shows(at.window, QStringLiteral("override: Needs a JSON object.")));
        QVERIFY(!at.button("applyButton")->isEnabled());
        type(at.find<QLineEdit>("overrideEdit"), QStringLiteral("{\"temperature\": 1}"));
        QVERIFY(!shows(at.window, QStringLiteral("override: Needs a JSON object.")));
        type(at.find<QLineEdit>("routeStatusesEdit"), QStringLiteral("429, soon"));
        QVERIFY(!at.button("applyButton")->isEnabled());
        QVERIFY(at.press("segmentButton", QStringLiteral("Set aside")));
        QVERIFY(at.find<QPushButton>("segmentButton") != nullptr);
        type(at.find<QLineEdit>("overrideEdit"), QString());
        QVERIFY(!at.button("applyButton")->isEnabled()); // The other one is still wrong, and its tab says so.
        QVERIFY(at.press("segmentButton", QStringLiteral("Retries (!)")));
    }

    void aKindOfFailureLeadsToAnotherRoute()
    {
        Routes at;
        QVERIFY(at.press("segmentButton", QStringLiteral("Go to")));
        auto* goal = at.find<QComboBox>("context_lengthFallbackComboBox");
        QVERIFY(goal != nullptr && goal->findText(QStringLiteral("local")) >= 0);
        QVERIFY(goal->findText(QStringLiteral("smart")) < 0); // Not to itself.
        type(goal->lineEdit(), QStringLiteral("nowhere"));
        QVERIFY(shows(at.window, QStringLiteral("There is no route")));
        QVERIFY(!at.button("applyButton")->isEnabled());
        type(goal->lineEdit(), QStringLiteral("local"));
        QVERIFY(at.press("applyButton"));
        using Fallbacks = std::vector<std::pair<std::string, std::string>>;
        QVERIFY(at.route("smart")->fallbacks == (Fallbacks{{"context_length", "local"}}));
        type(goal->lineEdit(), QString());
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.route("smart")->fallbacks.empty());
    }

    void severalFieldsMayStickTogether()
    {
        Routes at;
        at.setStrategy("sticky");
        auto* sticky = at.find<QComboBox>("stickyByComboBox");
        QVERIFY(sticky->toolTip().contains(QLatin1String("key, metadata.user")));
        sticky->setFocus();
        type(sticky->lineEdit(), QStringLiteral("key, metadata.user"));
        QCOMPARE(sticky->currentText(), QStringLiteral("key, metadata.user"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("smart")->stickyBy, std::string("key, metadata.user"));
        QCOMPARE(sticky->currentText(), QStringLiteral("key, metadata.user"));
    }

    void aRefusedChangeSaysWhy()
    {
        Routes at;
        at.link.nextProblems = {
            {gateway::ConfigProblem::Weight::Error, "", "The file cannot be written.", 0}};
        at.setStrategy("sticky");
        QVERIFY(at.press("applyButton"));
        QVERIFY(shows(at.window, QStringLiteral("The file cannot be written.")));
        QVERIFY(at.button("applyButton")->isEnabled());
        QCOMPARE(at.route("smart")->strategy, std::string("priority"));
    }

    void altWithArrowsMovesATarget()
    {
        Routes at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        auto* model = at.find<QComboBox>("targetModelComboBox", 1);
        QCOMPARE(model->currentText(), QStringLiteral("gpt-4.1"));
        model->setFocus();
        QTest::keyClick(model, Qt::Key_Up, Qt::AltModifier);
        OpenedWindow::settle();
        QVERIFY(model->hasFocus());
        QCOMPARE(at.find<QComboBox>("targetModelComboBox", 0), model);
        QTest::keyClick(model, Qt::Key_Up, Qt::AltModifier); // It is the first one.
        QTest::keyClick(model, Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(model, Qt::Key_Down, Qt::AltModifier);
        OpenedWindow::settle();
        QVERIFY(at.press("applyButton"));
        const auto& targets = at.route("smart")->targets;
        QCOMPARE(targets[1].route.text, std::string("local"));
        QCOMPARE(targets[2].model, std::string("gpt-4.1"));
        QVERIFY(!targets[2].overrideJson.empty()); // What belongs to it went along.
    }

    void linesAndTextOfAConditionAreInStep()
    {
        Routes at;
        at.choose(1);
        QCOMPARE(at.find<QLineEdit>("conditionValueEdit", 0)->text(), QStringLiteral("4000"));
        type(at.find<QLineEdit>("conditionValueEdit", 0), QStringLiteral("2000"));
        QVERIFY(at.press("segmentButton", QStringLiteral("JSON")));
        auto* text = at.find<QPlainTextEdit>("conditionTextEdit");
        QVERIFY(text->toPlainText().contains(QLatin1String("{\"$lt\": 2000}")));
        text->setPlainText(QStringLiteral("{\"hour\": {\"$above\": 9}}"));
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("Is no operator")));
        QVERIFY(!at.button("applyButton")->isEnabled());
        text->setPlainText(QStringLiteral("{\"$or\": [{\"hour\": 9}, {\"images\": true}]}"));
        QVERIFY(at.press("segmentButton", QStringLiteral("Builder")));
        QCOMPARE(at.find<QLineEdit>("conditionValueEdit", 1)->text(), QStringLiteral("true"));
        QVERIFY(at.press("removeConditionButton"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("by-size")->targets[0].whenJson, std::string("{\"images\": true}"));
    }

    void groupsOfAConditionAreBuiltWithinGroups()
    {
        Routes at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.choose(2);
        QVERIFY(at.press("useConditionsButton"));
        QVERIFY(at.press("addConditionButton"));
        QVERIFY(at.find<QComboBox>("conditionFieldComboBox")->hasFocus());
        type(at.find<QLineEdit>("conditionValueEdit", 0), QStringLiteral("a"));
        QVERIFY(at.press("addGroupButton"));
        QVERIFY(at.find<QComboBox>("conditionFieldComboBox", 1)->hasFocus());
        type(at.find<QLineEdit>("conditionValueEdit", 1), QStringLiteral("b"));
        const auto condition = [&at] {
            at.press("applyButton");
            return at.route("local")->targets[0].whenJson;
        };
        QCOMPARE(condition(),
                 std::string("{\"$and\": [{\"model\": \"a\"}, {\"$or\": [{\"model\": \"b\"}]}]}"));
        auto* inner = at.find<QComboBox>("conditionGroupComboBox", 1);
        QCOMPARE(inner->accessibleName(), QStringLiteral("How many of group 2 must hold"));
        inner->setCurrentIndex(2);
        at.find<QPushButton>("addGroupButton", 0)->click(); // In the group.
        OpenedWindow::settle();
        type(at.find<QLineEdit>("conditionValueEdit", 2), QStringLiteral("c"));
        QCOMPARE(condition(),
                 std::string("{\"$and\": [{\"model\": \"a\"}, {\"$not\": {\"$or\": [{\"model\": \"b\"}, "
                             "{\"$and\": [{\"model\": \"c\"}]}]}}]}"));
        at.find<QPushButton>("removeConditionButton", 2)->click(); // Its group goes with it.
        OpenedWindow::settle();
        at.find<QComboBox>("conditionGroupComboBox", 0)->setCurrentIndex(1);
        QCOMPARE(condition(), std::string("{\"$or\": [{\"model\": \"a\"}, {\"$not\": {\"model\": \"b\"}}]}"));
        QVERIFY(at.press("removeGroupButton"));
        QCOMPARE(condition(), std::string("{\"model\": \"a\"}"));
    }

    void altWithArrowsMovesAPartOfACondition()
    {
        Routes at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.choose(1);
        QVERIFY(at.press("segmentButton", QStringLiteral("JSON")));
        at.find<QPlainTextEdit>("conditionTextEdit")
            ->setPlainText(
                QStringLiteral("{\"$and\": [{\"key\": \"a\"}, {\"$or\": [{\"hour\": 1}, {\"hour\": 2}]}]}"));
        QVERIFY(at.press("segmentButton", QStringLiteral("Builder")));
        at.find<QLineEdit>("conditionValueEdit", 0)->setFocus();
        const auto move = [&at](Qt::Key key) {
            QTest::keyClick(at.window.focusWidget(), key, Qt::AltModifier);
            OpenedWindow::settle();
            auto* edit = qobject_cast<QLineEdit*>(at.window.focusWidget());
            return edit != nullptr && edit->text() == QLatin1String("a"); // The cursor went along.
        };
        QVERIFY(move(Qt::Key_Down));
        QVERIFY(move(Qt::Key_Down));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("by-size")->targets[0].whenJson,
                 std::string("{\"$and\": [{\"$or\": [{\"hour\": 1}, {\"key\": \"a\"}, {\"hour\": 2}]}]}"));
        at.find<QLineEdit>("conditionValueEdit", 1)->setFocus();
        QVERIFY(move(Qt::Key_Up));
        QVERIFY(move(Qt::Key_Up));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("by-size")->targets[0].whenJson,
                 std::string("{\"$and\": [{\"key\": \"a\"}, {\"$or\": [{\"hour\": 1}, {\"hour\": 2}]}]}"));
        auto* group = at.find<QComboBox>("conditionGroupComboBox", 1);
        group->setFocus();
        QTest::keyClick(group, Qt::Key_Up, Qt::AltModifier);
        OpenedWindow::settle();
        QCOMPARE(at.find<QLineEdit>("conditionValueEdit", 2)->text(), QStringLiteral("a"));
        // Tab goes through the lines as they are seen.
        at.find<QComboBox>("conditionFieldComboBox", 1)->setFocus();
        QStringList names;
        for (int i = 0; i < 5; ++i) {
            QTest::keyClick(at.window.focusWidget(), Qt::Key_Tab);
            names.append(at.window.focusWidget()->accessibleName());
        }
        QCOMPARE(names,
                 QStringList(
                     {QStringLiteral("Comparison of condition 1.2"), QStringLiteral("Value of condition 1.2"),
                      QStringLiteral("Remove condition 1.2"), QStringLiteral("Add condition to group 1"),
                      QStringLiteral("Add group to group 1")}));
    }

    void aConditionThatCannotBeBuiltStaysJson()
    {
        Routes at;
        gateway::Config config = *at.link.config();
        config.routes[1].targets[0].whenJson = "{\"$or\": [{}, {\"hour\": 9}]}";
        at.link.setConfig(config);
        OpenedWindow::settle();
        at.choose(1);
        auto* text = at.find<QPlainTextEdit>("conditionTextEdit");
        QVERIFY(text != nullptr); // It opens as JSON.
        QVERIFY(shows(at.window, QStringLiteral("the builder cannot show this. It has an empty condition")));
        QVERIFY(at.press("segmentButton", QStringLiteral("Builder")));
        QVERIFY(shows(at.window, QStringLiteral("the builder cannot show this")));
        QVERIFY(at.find<QLineEdit>("conditionValueEdit") == nullptr);
        QVERIFY(at.find<QPushButton>("addConditionButton") == nullptr); // It would replace the condition.
        QCOMPARE(at.route("by-size")->targets[0].whenJson, config.routes[1].targets[0].whenJson);
        QVERIFY(at.press("segmentButton", QStringLiteral("JSON")));
        text->clear();
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("the builder cannot show this")));
        text->setPlainText(QStringLiteral("{\"hour\": 9}"));
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("the builder cannot show this")));
        QVERIFY(at.press("segmentButton", QStringLiteral("Builder")));
        QCOMPARE(at.find<QLineEdit>("conditionValueEdit")->text(), QStringLiteral("9"));
    }

    void aTargetsConditionIsOneClickAway()
    {
        Routes at;
        QVERIFY(at.press("useConditionsButton"));
        QCOMPARE(at.find<QComboBox>("strategyComboBox")->currentData().toString(),
                 QStringLiteral("conditional"));
        at.find<QPushButton>("targetConditionButton", 1)->click();
        QVERIFY(
            at.find<QComboBox>("conditionTargetComboBox")->currentText().contains(QLatin1String("gpt-4.1")));
        QVERIFY(at.press("addConditionButton"));
        type(at.find<QLineEdit>("conditionValueEdit"), QStringLiteral("x"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("smart")->targets[1].whenJson, std::string("{\"model\": \"x\"}"));
        QVERIFY(at.route("smart")->targets[0].whenJson.empty());
    }

    void aDeletedRouteComesBackInItsPlace()
    {
        Routes at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.choose(1);
        at.list->setFocus();
        QTest::keyClick(at.list, Qt::Key_Delete);
        QTRY_VERIFY(at.route("by-size") == nullptr);
        OpenedWindow::settle();
        QTest::keyClick(&at.window, Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(at.route("by-size") != nullptr);
        OpenedWindow::settle();
        QCOMPARE(at.names()[1], QStringLiteral("by-size"));
    }

    void renamingKeepsWhatIsNotAppliedYet()
    {
        Routes at;
        at.choose(2);
        at.setStrategy("sticky");
        QVERIFY(at.press("renameRouteButton"));
        at.dialog()->findChild<QLineEdit*>(QStringLiteral("routeNameEdit"))->setText(QStringLiteral("home"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(at.route("home") != nullptr && at.route("local") == nullptr);
        QCOMPARE(at.route("smart")->targets[2].route.text, std::string("home"));
        QVERIFY(shows(at.window, QStringLiteral("Not applied yet")));
        QCOMPARE(at.find<QComboBox>("strategyComboBox")->currentData().toString(), QStringLiteral("sticky"));
    }

    void aCopyIsADraftOfItsOwn()
    {
        Routes at;
        QVERIFY(at.press("duplicateRouteButton"));
        QCOMPARE(at.names().last(), QStringLiteral("smart-2"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("smart-2")->targets.size(), at.route("smart")->targets.size());
    }

    void aDryRunExplainsTheDraft()
    {
        Routes at;
        at.choose(1);
        auto* result = at.find<QPlainTextEdit>("dryRunResultEdit");
        QVERIFY(result != nullptr); // In a wide window it is there from the start.
        QVERIFY(at.press("dryRunButton"));
        QTRY_VERIFY(result->toPlainText().contains(QStringLiteral("→ groq/gpt-oss-20b would answer")));
        QVERIFY(result->toPlainText().contains(QLatin1String("input_tokens is below 4000: it is")));
        type(at.find<QLineEdit>("conditionValueEdit", 0), QStringLiteral("1"));
        QVERIFY(shows(at.window, QStringLiteral("Changed since this run")));
        QVERIFY(at.press("dryRunButton"));
        QTRY_VERIFY(result->toPlainText().contains(QStringLiteral("→ openai/gpt-4.1 would answer")));
        QCOMPARE(at.route("by-size")->targets[0].whenJson.find("4000") != std::string::npos, true);
        at.find<QPlainTextEdit>("dryRunBodyEdit")->setPlainText(QStringLiteral("{"));
        QVERIFY(at.press("dryRunButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("not valid JSON")));
    }

    void controlNAddsARoute()
    {
        Routes at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QTest::keyClick(&at.window, Qt::Key_N, Qt::ControlModifier);
        QVERIFY(at.dialog() != nullptr);
        QCOMPARE(at.dialog()->windowTitle(), QStringLiteral("Add route"));
    }
};

} // namespace ui

QTEST_MAIN(ui::RoutesPageTest)
#include "routes_page_test.moc"
