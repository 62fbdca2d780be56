// SPDX-License-Identifier: GPL-3.0-or-later
// What a route adds to requests and which guardrails hold on it, over a made-up gateway.
#include <string>
#include <vector>

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "models/guardrail_scope.h"
#include "models/parameter_lines.h"
#include "ui/support/opened_routes.h"

namespace ui {
namespace {

gateway::GuardrailConfig ruleOf(const char* name, const std::optional<gateway::GuardrailScope>& scope)
{
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId(name);
    rule.check = "pii";
    rule.scope = scope;
    return rule;
}

struct Decorated : OpenedRoutes {
    void setRules(const std::vector<gateway::GuardrailConfig>& rules)
    {
        gateway::Config config = *link.config();
        config.guardrails = rules;
        link.setConfig(config);
        settle();
    }
    [[nodiscard]] const gateway::DecorationConfig& decorate() const
    {
        static const gateway::DecorationConfig kNone;
        const auto& present = route("smart")->decorate;
        return present ? *present : kNone;
    }
    [[nodiscard]] QPlainTextEdit* text(int place) const
    {
        return find<QPlainTextEdit>("promptTextEdit", place);
    }
    [[nodiscard]] QLineEdit* value(int place) const { return find<QLineEdit>("parameterValueEdit", place); }
    void addParameter(const QString& name, const QString& wanted) const
    {
        find<QPushButton>("addParameterButton")->click();
        const auto place = static_cast<int>(all<QComboBox>("parameterNameComboBox").size()) - 1;
        find<QComboBox>("parameterNameComboBox", place)->setEditText(name);
        QTest::keyClicks(value(place), wanted);
        settle();
    }
    [[nodiscard]] QCheckBox* box(int place) const { return find<QCheckBox>("routeGuardrailCheckBox", place); }
};

} // namespace

class RoutePromptsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void aScopeReachesTheRoutesOfItsGlobs()
    {
        gateway::GuardrailScope scope;
        QVERIFY(scopeReach(ruleOf("a", {}), "smart") == ScopeReach::None);
        QVERIFY(scopeReach(ruleOf("a", scope), "smart") == ScopeReach::All);
        scope.routes = {"other", "sm*.?"};
        QVERIFY(scopeReach(ruleOf("a", scope), "smart") == ScopeReach::None);
        QVERIFY(scopeReach(ruleOf("a", scope), "smart.1") == ScopeReach::All);
        scope.keys = {"team"};
        QVERIFY(scopeReach(ruleOf("a", scope), "smart.1") == ScopeReach::Some);
    }

    void namesStandInTheOrderOfTheGuardrails()
    {
        const std::vector<gateway::GuardrailConfig> rules{ruleOf("a", {}), ruleOf("b", {}), ruleOf("c", {})};
        gateway::RouteConfig route;
        route.guardrails = {"a", "c"};
        const gateway::RouteConfig more = withRouteGuardrail(route, rules, "b", true);
        QCOMPARE(more.guardrails, (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(withRouteGuardrail(more, rules, "b", false).guardrails, route.guardrails);
    }

    void guardrailsAreChosenInTheDraft()
    {
        Decorated at;
        QVERIFY(shows(at.window, QStringLiteral("There are none yet. A guardrail")));
        at.setRules(
            {ruleOf("everywhere", gateway::GuardrailScope()), ruleOf("mine", {}), ruleOf("ours", {})});
        QVERIFY(!shows(at.window, QStringLiteral("There are none yet. A guardrail")));
        QVERIFY(at.box(0)->isChecked() && !at.box(0)->isEnabled());
        QVERIFY(at.box(0)->accessibleDescription().contains(QLatin1String("by its scope")));
        QVERIFY(!at.box(1)->isChecked());
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.box(2)->setFocus();
        QTest::keyClick(at.box(2), Qt::Key_Space);
        QVERIFY(at.box(2)->hasFocus());
        QVERIFY(at.route("smart")->guardrails.empty()); // Nothing is in force before it is applied.
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("smart")->guardrails, std::vector<std::string>{"ours"});
        at.box(1)->click();
        QVERIFY(at.press("revertButton"));
        QVERIFY(!at.box(1)->isChecked());
        at.box(2)->click();
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.route("smart")->guardrails.empty());
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.route("smart")->guardrails, std::vector<std::string>{"ours"});
    }

    void aNameOfNoGuardrailIsMarkedAndCanGo()
    {
        Decorated at;
        gateway::Config config = *at.link.config();
        config.routes[0].guardrails = {"gone"};
        at.link.setConfig(config);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("There is no guardrail \"gone\".")));
        at.box(0)->click();
        OpenedWindow::settle();
        QVERIFY(at.box(0) == nullptr);
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.route("smart")->guardrails.empty());
    }

    void parametersAreReadAndWrittenAsTheyAreTyped()
    {
        const ParameterLines lines = parameterLines(R"({"stop":["a"],"temperature":0.1})",
                                                    R"({"reasoning_effort":"high","user":"7"})");
        QCOMPARE(lines, (ParameterLines{{"stop", "[\"a\"]", true},
                                        {"temperature", "0.1", true},
                                        {"reasoning_effort", "high", false},
                                        {"user", "\"7\"", false}}));
        QCOMPARE(parametersJson(lines, true), std::string(R"({"stop": ["a"], "temperature": 0.1})"));
        QCOMPARE(parametersJson(lines, false), std::string(R"({"reasoning_effort": "high", "user": "7"})"));
        QCOMPARE(parametersJson({}, true), std::string());
    }

    void whatIsHalfTypedIsKeptAndIsNoJson()
    {
        const ParameterLines lines{{"seed", "7", true}, {"response_format", "{\"type\": ", true}};
        const std::string json = parametersJson(lines, true);
        QVERIFY(parameterProblem(lines, 0).isEmpty() && !parameterProblem(lines, 1).isEmpty());
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(json)).isNull());
        QCOMPARE(parameterLines(json, {}), lines);
        const ParameterLines twice{{"seed", "7", true}, {"seed", "8", true}, {"seed", "9", false}};
        QVERIFY(!parameterProblem(twice, 0).isEmpty() && parameterProblem(twice, 2).isEmpty());
    }

    void textsAreAddedMovedAndRemoved()
    {
        Decorated at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QVERIFY(at.press("addPromptTextButton"));
        QVERIFY(at.text(0)->hasFocus());
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled()); // There is nothing to say yet.
        QTest::keyClicks(at.text(0), QStringLiteral("Be brief."));
        QVERIFY(at.press("addPromptTextButton"));
        QTest::keyClicks(at.text(1), QStringLiteral("In English."));
        auto* role = at.find<QComboBox>("promptRoleComboBox", 1);
        role->setCurrentIndex(role->findData(QStringLiteral("user")));
        at.text(1)->setFocus();
        QTest::keyClick(at.text(1), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(at.text(0)->toPlainText(), QStringLiteral("In English."));
        QVERIFY(at.text(0)->hasFocus()); // The cursor went along.
        QTest::keyClick(at.text(0), Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(at.text(1), Qt::Key_Down, Qt::AltModifier); // Over what the client says.
        QTest::keyClick(at.text(1), Qt::Key_Down, Qt::AltModifier); // It is the last one.
        QVERIFY(at.press("applyButton"));
        using Texts = std::vector<gateway::PromptText>;
        QVERIFY(at.decorate().before == (Texts{{"system", "Be brief."}}));
        QVERIFY(at.decorate().after == (Texts{{"user", "In English."}}));
        auto* place = at.find<QComboBox>("promptPlaceComboBox", 0);
        place->setCurrentIndex(place->findData(true));
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.decorate().before.empty());
        QCOMPARE(at.decorate().after.front().text, std::string("Be brief."));
        QVERIFY(at.press("removePromptTextButton", QStringLiteral("Remove text 1")));
        QVERIFY(at.press("removePromptTextButton", QStringLiteral("Remove text 1")));
        QVERIFY(at.press("applyButton"));
        QVERIFY(!at.route("smart")->decorate);
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.decorate().after.size(), 2U);
    }

    void aVariableIsPutWhereTheCursorIs()
    {
        Decorated at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QVERIFY(at.press("addPromptTextButton"));
        QTest::keyClicks(at.text(0), QStringLiteral("For  today"));
        QTextCursor cursor = at.text(0)->textCursor();
        cursor.setPosition(4);
        at.text(0)->setTextCursor(cursor);
        auto* menu = at.find<QPushButton>("insertVariableButton")->menu();
        menu->actions().constLast()->trigger();
        QCOMPARE(at.text(0)->textCursor().selectedText(), QStringLiteral("NAME"));
        QTest::keyClicks(at.text(0), QStringLiteral("team"));
        QCOMPARE(at.text(0)->toPlainText(), QStringLiteral("For {{metadata.team}} today"));
        QVERIFY(at.find<QPushButton>("applyButton")->isEnabled());
        at.text(0)->setPlainText(QStringLiteral("{{weather}}"));
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("There is no variable \"weather\"")));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
    }

    void parametersArePinnedOrDefaults()
    {
        Decorated at;
        at.addParameter(QStringLiteral("temperature"), QStringLiteral("warm"));
        QVERIFY(shows(at.window, QStringLiteral("Needs a number that it can have.")));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
        at.value(0)->clear();
        QTest::keyClicks(at.value(0), QStringLiteral("0.1"));
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("Needs a number that it can have.")));
        auto* holds = at.find<QComboBox>("parameterHoldsComboBox", 0);
        holds->setCurrentIndex(holds->findData(true));
        at.addParameter(QStringLiteral("reasoning_effort"), QStringLiteral("high"));
        at.addParameter(QStringLiteral("model"), QStringLiteral("x"));
        QVERIFY(shows(at.window, QStringLiteral("Cannot be set here.")));
        QVERIFY(at.press("removeParameterButton", QStringLiteral("Remove parameter 3")));
        QVERIFY(at.press("segmentButton", QStringLiteral("1 hour")));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.decorate().pinnedJson, std::string(R"({"temperature": 0.1})"));
        QCOMPARE(at.decorate().defaultsJson, std::string(R"({"reasoning_effort": "high"})"));
        QCOMPARE(at.decorate().cachePrefix, std::string("1h"));
    }

    void halfAValueIsNotAppliedAndIsThereWhenOneComesBack()
    {
        Decorated at;
        at.addParameter(QStringLiteral("response_format"), QStringLiteral("{\"type\":"));
        QVERIFY(shows(at.window, QStringLiteral("This is not JSON yet.")));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
        at.choose(1);
        QVERIFY(at.value(0) == nullptr);
        at.choose(0);
        QCOMPARE(at.value(0)->text(), QStringLiteral("{\"type\":"));
        at.value(0)->end(false);
        QTest::keyClicks(at.value(0), QStringLiteral("\"json_object\"}"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.decorate().defaultsJson, std::string(R"({"response_format": {"type":"json_object"}})"));
    }

    void thePageOfGuardrailsIsOneClickAway()
    {
        Decorated at;
        QVERIFY(at.press("openGuardrailsButton"));
        QVERIFY(at.find<QPushButton>("addGuardrailButton") != nullptr);
    }
};

} // namespace ui

QTEST_MAIN(ui::RoutePromptsTest)
#include "route_prompts_test.moc"
