// SPDX-License-Identifier: GPL-3.0-or-later
// What a user tries a guardrail's draft on: texts, kept texts, and requests of a made-up log.
#include <QComboBox>
#include <QDialog>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "models/guardrail_runner.h"
#include "models/guardrail_source.h"
#include "models/guardrails_model.h"
#include "pages/tool_rules_field.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

const std::string kMail = "ann.example@turnpike-mail.org";

gateway::GuardrailConfig mailRule(const char* name)
{
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId(name);
    rule.check = "pii";
    rule.mode = "observe";
    rule.scope.emplace();
    return rule;
}

gateway::LogRow rowOf(int number, const std::string& text)
{
    gateway::LogRow row;
    row.id.value = (1'795'305'600'000'000LL + number * 1'000'000LL) << 12;
    row.dialect = "openai";
    row.requestedModel = "gpt-x";
    row.status = 200;
    if (!text.empty())
        row.requestBody = R"({"model": "gpt-x", "messages": [{"role": "user", "content": )"
                          "\"" +
                          text + "\"}]}";
    return row;
}

struct Bench : OpenedWindow {
    explicit Bench(const std::vector<gateway::LogRow>& rows = {},
                   const gateway::GuardrailConfig& rule = mailRule("mail"))
        : OpenedWindow(20, {1440, 900})
    {
        if (!rows.empty()) link.setRows(rows);
        gateway::Config config = *link.config();
        config.guardrails = {rule};
        link.setConfig(config);
        window.openPage(QStringLiteral("guardrails"));
        settle();
    }
    [[nodiscard]] const gateway::GuardrailConfig& rule() { return link.config()->guardrails.front(); }
    void tryText(const QString& text) const
    {
        auto* edit = find<QPlainTextEdit>("guardrailTryEdit");
        edit->setPlainText(text);
        auto* keep = find<QPushButton>("keepGuardrailTestButton");
        QTRY_VERIFY(keep->isEnabled()); // It is known what becomes of it.
    }
    void pick(const QString& part) const
    {
        auto* source = find<QComboBox>("guardrailSourceComboBox");
        for (int row = 0; row < source->count(); ++row) {
            if (source->itemText(row).contains(part)) {
                source->setCurrentIndex(row);
                return;
            }
        }
        QFAIL("no such source");
    }
    template <class Widget>
    [[nodiscard]] Widget* inDialog(const char* name) const
    {
        return dialog() == nullptr ? nullptr : dialog()->findChild<Widget*>(QLatin1String(name));
    }
};

} // namespace

class GuardrailsBenchTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void rowsSayHowOftenAndInWhichMode()
    {
        OpenedWindow at(20);
        at.link.guardrailUses.resize(1);
        at.link.guardrailUses[0].name = "mail";
        at.link.guardrailUses[0].requests = 1204;
        gateway::Config config = *at.link.config();
        config.guardrails = {mailRule("mail"), mailRule("other")};
        config.guardrails[1].mode = "enforce";
        at.link.setConfig(config);
        at.window.openPage(QStringLiteral("guardrails"));
        OpenedWindow::settle();
        const auto* list = at.find<QListView>("guardrailsList");
        const QModelIndex first = list->model()->index(0, 0), second = list->model()->index(1, 0);
        QVERIFY(first.data().toString().contains(QLatin1String("1,204 in 24 h")));
        QVERIFY(second.data().toString().contains(QLatin1String("0 in 24 h")));
        QCOMPARE(first.data(GuardrailsModel::ModeRole).toString(), QStringLiteral("Observe"));
        QVERIFY(second.data(GuardrailsModel::IsEnforcedRole).toBool());
        QVERIFY(first.data(Qt::AccessibleTextRole).toString().contains(QLatin1String("1,204 in 24 h")));
    }

    void hitsAreNotAskedForBeforeThePageIsOpened()
    {
        OpenedWindow at(20);
        OpenedWindow::settle();
        for (const gateway::UsageQuery& query : at.link.usageQueries) {
            QVERIFY(query.by != "guardrail");
        }
    }

    void aSampleFillsTextAndDirection()
    {
        Bench at;
        at.pick(QStringLiteral("Personal data"));
        auto* spots = at.find<QListWidget>("guardrailSpotsList");
        QTRY_VERIFY(spots->count() >= 2); // The address and the card.
        at.pick(QStringLiteral("carries data"));
        QTRY_COMPARE(spots->count(), 0); // It is an answer: this guardrail looks at requests.
        at.find<QPlainTextEdit>("guardrailTryEdit")->setPlainText(QStringLiteral("typed"));
        QCOMPARE(at.find<QComboBox>("guardrailSourceComboBox")->currentIndex(), 0);
    }

    void aLoggedRequestFillsTheText()
    {
        Bench at({rowOf(1, "write to " + kMail), rowOf(2, {})});
        auto* source = at.find<QComboBox>("guardrailSourceComboBox");
        source->setCurrentIndex(source->count() - 1); // The older one.
        auto* text = at.find<QPlainTextEdit>("guardrailTryEdit");
        QTRY_COMPARE(text->toPlainText(), QStringLiteral("write to ") + QString::fromStdString(kMail));
        source->setCurrentIndex(source->count() - 2);
        QTRY_VERIFY(shows(at.window, QStringLiteral("The log did not keep its text")));
        QVERIFY(!text->toPlainText().isEmpty()); // What stood there is not lost.
    }

    void whatWasLoggedIsBounded()
    {
        const std::string longText = QString(QStringLiteral("ab ")).repeated(30'000).toStdString();
        const LoggedWords words = loggedWords(rowOf(1, longText), false);
        QVERIFY(words.isCut);
        QCOMPARE(words.text.size(), 32'768);
        QVERIFY(!loggedWords(rowOf(1, "short"), false).isCut);
        QVERIFY(loggedWords(rowOf(1, "short"), true).text.isEmpty());
    }

    void theLastRequestsAreRunAndAFalseAlarmIsAnException()
    {
        std::vector<gateway::LogRow> rows;
        for (int i = 0; i < 250; ++i) { // More than one page of the log.
            rows.push_back(rowOf(i, i % 100 == 7 ? "é write to " + kMail : "nothing"));
        }
        rows.push_back(rowOf(250, {}));
        Bench at(rows);
        QVERIFY(at.press("guardrailReplayButton"));
        auto* examples = at.inDialog<QListWidget>("guardrailExamplesList");
        QVERIFY(examples != nullptr);
        QTRY_COMPARE(examples->count(), 3);
        QVERIFY(shows(*at.dialog(), QStringLiteral("Something was found in 3 of 251 requests.")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Of 1 the log kept no request to look at")));
        const auto* text = at.inDialog<QPlainTextEdit>("guardrailExampleEdit");
        QCOMPARE(text->extraSelections().constFirst().cursor.selectedText(), QString::fromStdString(kMail));
        auto* falseAlarm = at.inDialog<QPushButton>("falseAlarmButton");
        QVERIFY(falseAlarm->isEnabled());
        falseAlarm->click();
        QVERIFY(!falseAlarm->isEnabled());
        QVERIFY(examples->item(2)->text().startsWith(QLatin1String("Exception")));
        at.dialog()->accept();
        OpenedWindow::settle();
        QVERIFY(at.rule().exceptions.empty()); // It is the draft's.
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rule().exceptions.size(), 1U);
        QVERIFY(at.press("guardrailReplayButton"));
        QTRY_VERIFY(at.dialog() != nullptr &&
                    shows(*at.dialog(), QStringLiteral("Something was found in 0 of 251 requests.")));
    }

    void whatJudgesTheWholeHasNoFalseAlarm()
    {
        gateway::GuardrailConfig rule = mailRule("long");
        rule.check = "word_count";
        rule.paramsJson = R"({"max":2})";
        Bench at({rowOf(1, "one two three")}, rule);
        QVERIFY(at.press("guardrailReplayButton"));
        auto* examples = at.inDialog<QListWidget>("guardrailExamplesList");
        QTRY_COMPARE(examples->count(), 1);
        auto* falseAlarm = at.inDialog<QPushButton>("falseAlarmButton");
        QVERIFY(!falseAlarm->isEnabled());
        QVERIFY(falseAlarm->toolTip().contains(QLatin1String("whole request")));
    }

    void aRunIsGivenUp()
    {
        Bench at({rowOf(1, kMail)});
        at.link.neverAnswers = true;
        QVERIFY(at.press("guardrailReplayButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Reading the log")));
        at.dialog()->reject();
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        at.link.neverAnswers = false;
        at.link.dropQueries = true;
        QVERIFY(at.press("guardrailReplayButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("The log could not be read")));
    }

    void aTextIsKeptAsATestAndRun()
    {
        Bench at;
        at.tryText(QStringLiteral("to ") + QString::fromStdString(kMail));
        QTRY_VERIFY(at.find<QPushButton>("keepGuardrailTestButton")
                        ->toolTip()
                        .contains(QLatin1String("has to find something")));
        QVERIFY(at.press("keepGuardrailTestButton"));
        QVERIFY(!at.find<QPushButton>("keepGuardrailTestButton")->isEnabled()); // It is one already.
        at.tryText(QStringLiteral("nobody"));
        QVERIFY(at.press("keepGuardrailTestButton"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rule().tests, (std::vector<gateway::GuardrailTest>{{"to " + kMail, "request", "hit"},
                                                                       {"nobody", "request", "pass"}}));
        QVERIFY(at.press("segmentButton", QStringLiteral("Tests 2")));
        QVERIFY(at.press("runGuardrailTestsButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("2 of 2 passed")));
        auto* list = at.find<QListWidget>("guardrailTestsList");
        list->setCurrentRow(1);
        QVERIFY(at.press("turnGuardrailTestButton"));
        QVERIFY(at.press("runGuardrailTestsButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("1 of 2 passed")));
        QVERIFY(list->item(1)->text().contains(QLatin1String("failed")));
        QVERIFY(at.press("removeGuardrailTestButton"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.rule().tests.size(), 1U);
    }

    void resultsAreOfWhatStandsThere()
    {
        gateway::GuardrailConfig rule = mailRule("mail");
        rule.tests = {{kMail, "request", "hit"}};
        Bench at({}, rule);
        QVERIFY(at.press("segmentButton", QStringLiteral("Tests 1")));
        QVERIFY(at.press("runGuardrailTestsButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("1 of 1 passed")));
        auto* box = at.find<QComboBox>("guardrailActionComboBox");
        box->setCurrentIndex(box->findData(QStringLiteral("mask")));
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("1 of 1 passed")));
    }

    void toolRulesAreLinesAndJson()
    {
        ToolRulesField field;
        QJsonValue last;
        connect(&field, &ToolRulesField::edited, this, [&last](const QJsonValue& value) { last = value; });
        auto* json = field.findChild<QPlainTextEdit*>(QStringLiteral("rulesEdit"));
        field.findChild<QPushButton*>(QStringLiteral("addToolRuleButton"))->click();
        auto* tool = field.findChild<QLineEdit*>(QStringLiteral("toolRuleNameEdit"));
        QVERIFY(tool != nullptr);
        QTest::keyClicks(tool, QStringLiteral("mcp__*"));
        auto* arguments = field.findChild<QLineEdit*>(QStringLiteral("toolRuleArgumentsEdit"));
        QTest::keyClicks(arguments, QStringLiteral(R"({"path":"/srv/.*"})"));
        const QJsonArray wanted{QJsonObject{
            {"tool", "mcp__*"}, {"decision", "allow"}, {"arguments", QJsonObject{{"path", "/srv/.*"}}}}};
        QCOMPARE(last.toArray(), wanted);
        QVERIFY(json->toPlainText().contains(QLatin1String("mcp__*")));
        json->setPlainText(
            QStringLiteral(R"([{"tool":"a","decision":"deny"},{"tool":"b","decision":"allow"}])"));
        QCOMPARE(last.toArray().size(), 2);
        OpenedWindow::settle(); // What was there before is gone then.
        QCOMPARE(field.findChildren<QComboBox*>(QStringLiteral("toolRuleDecisionComboBox")).size(), 2);
        json->setPlainText(QStringLiteral("[{"));
        QVERIFY(last.isString()); // The check refuses it.
    }

    void theAgentsPackBeginsTwo()
    {
        OpenedWindow at(20);
        at.window.openPage(QStringLiteral("guardrails"));
        OpenedWindow::settle();
        QVERIFY(at.press("watchAgentsButton"));
        QVERIFY(at.link.config()->guardrails.empty());
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.link.config()->guardrails.size(), 1U);
        auto* list = at.find<QListView>("guardrailsList");
        list->setCurrentIndex(list->model()->index(1, 0));
        QVERIFY(at.press("applyButton"));
        const auto& rules = at.link.config()->guardrails;
        QCOMPARE(rules.size(), 2U);
        QCOMPARE(rules[0].check + ' ' + rules[0].on + ' ' + rules[0].action,
                 std::string("injection tool_results flag"));
        QCOMPARE(rules[1].check + ' ' + rules[1].on + ' ' + rules[1].action,
                 std::string("urls response mask"));
        QCOMPARE(rules[1].mode, std::string("observe"));
    }
};

} // namespace ui

QTEST_MAIN(ui::GuardrailsBenchTest)
#include "guardrails_bench_test.moc"
