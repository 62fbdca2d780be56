// SPDX-License-Identifier: GPL-3.0-or-later
// The dry run of a route's draft in the window, and the tests that are kept from it.
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include "ui/support/window_walk.h"

namespace ui {
namespace {

// The window with the page open and the route `smart` chosen: anthropic, then openai, then the route local.
struct Routes : OpenedWindow {
    explicit Routes(int rows = 40) : OpenedWindow(rows, QSize(1440, 900))
    {
        window.openPage(QStringLiteral("routes"));
        settle();
    }
    [[nodiscard]] QString result() const { return find<QPlainTextEdit>("dryRunResultEdit")->toPlainText(); }
    [[nodiscard]] QString body() const { return find<QPlainTextEdit>("dryRunBodyEdit")->toPlainText(); }
    [[nodiscard]] bool runs(const char* says)
    {
        press("dryRunButton");
        return QTest::qWaitFor([this, says] { return result().contains(QString::fromUtf8(says)); });
    }
    void chooseSource(const QString& part)
    {
        auto* sources = find<QComboBox>("dryRunSourceComboBox");
        for (int i = 0; i < sources->count(); ++i) {
            if (!sources->itemText(i).contains(part)) continue;
            sources->setCurrentIndex(i);
            break;
        }
        settle();
    }
    void simulate(const QString& target, const QString& what)
    {
        for (QAction* of : find<QPushButton>("simulateButton")->menu()->actions()) {
            if (of->text() != target) continue;
            for (QAction* action : of->menu()->actions()) {
                if (action->text() == what) action->trigger();
            }
        }
        settle();
    }
    void setStrategy(const char* id)
    {
        auto* combo = find<QComboBox>("strategyComboBox");
        combo->setCurrentIndex(combo->findData(QLatin1String(id)));
        settle();
    }
    [[nodiscard]] const gateway::RouteConfig& smart() const { return *link.config()->findRoute("smart"); }
    [[nodiscard]] bool isEnabled(const char* name) const { return find<QPushButton>(name)->isEnabled(); }
    /// A test that is in force, and as it stands fails with openai as the first target.
    void keepTest()
    {
        gateway::Config config = *link.config();
        gateway::RouteTest test;
        test.name = "short chat";
        test.requestJson = R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})";
        test.expect.target = "anthropic";
        config.routes[0].tests = {test};
        link.setConfig(config);
        settle();
    }
    [[nodiscard]] bool showsSoon(const char* text)
    {
        return QTest::qWaitFor([this, text] { return shows(window, QString::fromUtf8(text)); });
    }
    /// Of the route smart, the first target is for requests that say so only.
    void setFirstWhen(const char* json)
    {
        gateway::Config config = *link.config();
        config.routes[0].strategy = "conditional";
        config.routes[0].targets[0].whenJson = json;
        link.setConfig(config);
        settle();
    }
    /// The same, and not what stood there before.
    [[nodiscard]] bool runsAnew(const char* says)
    {
        return runs(says) && QTest::qWaitFor([this, says] {
                   return shows(window, QStringLiteral("Nothing was sent")) &&
                          result().contains(QString::fromUtf8(says));
               });
    }
    void typeHeaders(const char* text)
    {
        if (find<QPlainTextEdit>("dryRunHeadersEdit") == nullptr) press("dryRunHeadersButton");
        find<QPlainTextEdit>("dryRunHeadersEdit")->setPlainText(QString::fromUtf8(text));
        settle();
    }
    /// A change that leads to openai first.
    void removeFirstTarget() { press("removeTargetButton"); }
};

} // namespace

class RouteDryRunTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void aSampleIsThereFromTheStart()
    {
        Routes at;
        QVERIFY(at.body().contains(QLatin1String("\"model\": \"smart\"")));
        QVERIFY(at.runs("→ anthropic/claude-sonnet-4-5 would answer, about $"));
        at.chooseSource(QStringLiteral("tools"));
        QVERIFY(at.body().contains(QLatin1String("\"tools\"")));
        QVERIFY(shows(at.window, QStringLiteral("Changed since this run")));
        at.find<QPlainTextEdit>("dryRunBodyEdit")->setPlainText(QStringLiteral("{}"));
        QCOMPARE(at.find<QComboBox>("dryRunSourceComboBox")->currentText(), QStringLiteral("What is pasted"));
    }

    void whatChangesWhileItRunsMakesItStale()
    {
        Routes at;
        QVERIFY(at.runs("would answer"));
        // Not pressed through press(), which would let the answer come.
        at.find<QPushButton>("dryRunButton")->click();
        at.find<QPlainTextEdit>("dryRunBodyEdit")->setPlainText(QStringLiteral("{}"));
        QVERIFY(QTest::qWaitFor([&at] { return !shows(at.window, QStringLiteral("Looking where")); }));
        QVERIFY(shows(at.window, QStringLiteral("Changed since this run")));
        QVERIFY(!at.isEnabled("saveTestButton"));
    }

    void f5ReadsTheLogAnew()
    {
        Routes at;
        auto* sources = at.find<QComboBox>("dryRunSourceComboBox");
        const int before = sources->count();
        at.link.logOneMore();
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QTest::keyClick(&at.window, Qt::Key_F5);
        QTRY_COMPARE(sources->count(), before + 1);
        QCOMPARE(sources->currentText(), QStringLiteral("Sample: Short chat"));
    }

    void whatIsSimulatedGoesElsewhere()
    {
        Routes at;
        at.simulate(QStringLiteral("anthropic/claude-sonnet-4-5"), QStringLiteral("Down"));
        QCOMPARE(at.find<QPushButton>("simulateButton")->text(), QStringLiteral("Simulate: 1"));
        QVERIFY(at.runs("→ openai/gpt-4.1 would answer"));
        QVERIFY(at.result().contains(QLatin1String("fails: simulated to be down")));
        QVERIFY(at.result().contains(QLatin1String("later: its circuit is open")));
        at.simulate(QStringLiteral("openai/gpt-4.1"), QStringLiteral("Keys rate-limited"));
        QVERIFY(shows(at.window, QStringLiteral("Changed since this run")));
        QVERIFY(at.runs("→ lab/qwen3-coder would answer"));
        at.simulate(QStringLiteral("openai/gpt-4.1"), QStringLiteral("Normal"));
        at.simulate(QStringLiteral("anthropic/claude-sonnet-4-5"), QStringLiteral("Normal"));
        QCOMPARE(at.find<QPushButton>("simulateButton")->text(), QStringLiteral("Simulate"));
        QVERIFY(at.runs("→ anthropic/claude-sonnet-4-5 would answer"));
    }

    void conditionsSeeTheHeaders()
    {
        Routes at;
        at.setFirstWhen(R"({"headers.x-team":"red","metadata.plan":"paid"})");
        QVERIFY(at.runsAnew("→ openai/gpt-4.1 would answer"));
        at.typeHeaders("X-Team: red\nx-turnpike-metadata: {\"plan\":\"paid\"}");
        QVERIFY(shows(at.window, QStringLiteral("Changed since this run")));
        QVERIFY(at.runsAnew("→ anthropic/claude-sonnet-4-5 would answer"));
        QCOMPARE(at.find<QPushButton>("dryRunHeadersButton")->text(), QStringLiteral("&Headers: 2"));
        at.setFirstWhen(R"({"client":"my-agent"})");
        QVERIFY(at.runsAnew("→ openai/gpt-4.1 would answer"));
        at.typeHeaders("User-Agent: my-agent/1.0");
        QVERIFY(at.runsAnew("→ anthropic/claude-sonnet-4-5 would answer"));
        // They stay when they are folded away, and with another body.
        QVERIFY(at.press("dryRunHeadersButton"));
        QVERIFY(at.find<QPlainTextEdit>("dryRunHeadersEdit") == nullptr);
        at.chooseSource(QStringLiteral("tools"));
        QVERIFY(at.runsAnew("→ anthropic/claude-sonnet-4-5 would answer"));
        at.typeHeaders("x-turnpike-route: local");
        QVERIFY(at.runsAnew("→ lab/qwen3-coder would answer"));
    }

    void whatIsNoHeaderIsSaidAndNotRun()
    {
        Routes at;
        at.typeHeaders("x-team red");
        QVERIFY(shows(at.window, QStringLiteral("Line 1 is no header. Write it as name: value.")));
        QVERIFY(at.press("dryRunHeadersButton"));
        QVERIFY(shows(at.window, QStringLiteral("Line 1 is no header."))); // folded away too
        at.press("dryRunButton");
        QVERIFY(at.find<QPlainTextEdit>("dryRunHeadersEdit") != nullptr);
        QVERIFY(!shows(at.window, QStringLiteral("Looking where")));
        QVERIFY(at.result().isEmpty());
        at.typeHeaders("x-team: red");
        QVERIFY(!shows(at.window, QStringLiteral("is no header")));
        QVERIFY(at.runsAnew("would answer"));
    }

    void aLoggedRequestHasItsOwnHeaders()
    {
        Routes at;
        at.setFirstWhen(R"({"headers.x-team":"red"})");
        at.typeHeaders("x-team: red");
        at.chooseSource(QStringLiteral("lab/qwen3-coder ·"));
        QVERIFY(at.find<QPushButton>("dryRunHeadersButton") == nullptr);
        QVERIFY(at.runsAnew("→ openai/gpt-4.1 would answer"));
        at.find<QPlainTextEdit>("dryRunBodyEdit")->appendPlainText(QStringLiteral(" "));
        QVERIFY(at.find<QPushButton>("dryRunHeadersButton") != nullptr);
        QVERIFY(at.runsAnew("→ anthropic/claude-sonnet-4-5 would answer"));
    }

    void aTestIsKeptWithoutTheHeaders()
    {
        Routes at;
        QVERIFY(at.runsAnew("would answer"));
        QVERIFY(!at.find<QPushButton>("saveTestButton")->toolTip().contains(QLatin1String("headers")));
        at.typeHeaders("x-team: red");
        QVERIFY(at.runsAnew("would answer"));
        QTRY_VERIFY(at.isEnabled("saveTestButton"));
        QVERIFY(at.find<QPushButton>("saveTestButton")->toolTip().contains(QLatin1String("no headers")));
        QVERIFY(at.press("saveTestButton"));
        QVERIFY(shows(at.window, QStringLiteral("Added as “Short chat”, without the headers")));
    }

    void aLoggedRequestWithoutItsBodyIsAStandIn()
    {
        Routes at;
        at.chooseSource(QStringLiteral("lab/qwen3-coder ·"));
        QVERIFY(at.link.queries.back().withBodies);
        QCOMPARE(at.link.queries.back().limit, 1U);
        QVERIFY(shows(at.window, QStringLiteral("A stand-in: the log did not keep")));
        QVERIFY(at.body().contains(QLatin1String("\"model\": \"lab/qwen3-coder\"")));
        QVERIFY(at.runs("→ anthropic/claude-sonnet-4-5 would answer"));
        at.chooseSource(QStringLiteral("JSON schema"));
        QVERIFY(!shows(at.window, QStringLiteral("A stand-in")));
    }

    void aLoggedRequestWithItsBodyIsRunAsItWas()
    {
        Routes at;
        // The 14th of the made-up requests failed, so that its body was kept.
        auto* sources = at.find<QComboBox>("dryRunSourceComboBox");
        sources->setCurrentIndex(sources->count() - 14);
        OpenedWindow::settle();
        QVERIFY2(at.body().contains(QLatin1String("Why is the sky blue?")), qPrintable(at.body()));
        QVERIFY(!shows(at.window, QStringLiteral("A stand-in")));
        at.link.dropQueries = true;
        sources->setCurrentIndex(sources->count() - 1);
        QVERIFY(at.showsSoon("The log could not be read"));
    }

    void theLastRequestsAreRunThroughTheDraft()
    {
        Routes at;
        at.removeFirstTarget();
        QVERIFY(at.press("replayButton"));
        QVERIFY(at.dialog() != nullptr);
        QTRY_VERIFY(
            shows(*at.dialog(), QStringLiteral("9 of the last 9 answered request(s) would go elsewhere.")));
        QCOMPARE(at.link.queries.back().route, std::string("smart"));
        QCOMPARE(at.link.queries.back().limit, 500U);
        QVERIFY(shows(*at.dialog(), QStringLiteral("answers are assumed as long as they were")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("the body was not kept")));
        auto* table = at.dialog()->findChild<QTableView*>(QStringLiteral("replayTable"));
        QCOMPARE(table->model()->index(0, 0).data().toString(),
                 QStringLiteral("anthropic/claude-sonnet-4-5"));
        QCOMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("openai/gpt-4.1"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(at.dialog() == nullptr);
    }

    void aLogThatCannotBeReadIsSaid()
    {
        Routes at;
        at.link.dropQueries = true;
        QVERIFY(at.press("replayButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("The log could not be read.")));
        at.dialog()->reject();
        OpenedWindow::settle();
        at.link.dropQueries = false;
        at.link.neverAnswers = true;
        QVERIFY(at.press("replayButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Reading the log")));
        QVERIFY(at.press("cancelButton"));
        QVERIFY(at.dialog() == nullptr);
    }

    void aDryRunBecomesATest()
    {
        Routes at;
        QVERIFY(!at.isEnabled("saveTestButton"));
        QVERIFY(shows(at.window, QStringLiteral("None yet. Run a dry run")));
        at.simulate(QStringLiteral("anthropic/claude-sonnet-4-5"), QStringLiteral("Down"));
        QVERIFY(at.runs("→ openai/gpt-4.1 would answer"));
        QVERIFY(at.press("saveTestButton"));
        QVERIFY(shows(at.window,
                      QStringLiteral("goes to openai/gpt-4.1 · with anthropic/claude-sonnet-4-5 down")));
        QVERIFY(shows(at.window, QStringLiteral("Not run with this draft")));
        QVERIFY(shows(at.window, QStringLiteral("Added as “Short chat”")));
        QVERIFY(!at.isEnabled("saveTestButton"));
        QVERIFY(at.press("applyButton"));
        QTRY_COMPARE(at.smart().tests.size(), std::size_t{1});
        const gateway::RouteTest& test = at.smart().tests[0];
        QCOMPARE(test.name, std::string("Short chat"));
        QCOMPARE(test.expect.target, std::string("openai/gpt-4.1"));
        QVERIFY(test.down == std::vector<std::string>{"anthropic/claude-sonnet-4-5"});
        QVERIFY(!at.isEnabled("applyButton"));
    }

    void testsAreRunOnAWord()
    {
        Routes at;
        at.keepTest();
        QVERIFY(at.press("runTestsButton"));
        QVERIFY(at.showsSoon("All 1 test(s) passed."));
        QVERIFY(shows(at.window, QStringLiteral("Passed: anthropic/claude-sonnet-4-5, about $")));
        at.setStrategy("weighted");
        QVERIFY(shows(at.window, QStringLiteral("Not run with this draft"))); // It was about another draft.
        QVERIFY(at.press("runTestsButton"));
        QVERIFY(at.showsSoon("of 100 runs"));
        QVERIFY(at.find<QPushButton>("applyAnywayButton") == nullptr);
    }

    void applyIsRefusedWhileATestFails()
    {
        Routes at;
        at.keepTest();
        at.removeFirstTarget();
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.showsSoon("Not applied: 1 test(s) failed."));
        QVERIFY(shows(at.window,
                      QStringLiteral("short chat: `openai/gpt-4.1` would answer instead of `anthropic`.")));
        QVERIFY(shows(at.window, QStringLiteral("Failed: `openai/gpt-4.1` would answer")));
        QCOMPARE(at.smart().targets.size(), std::size_t{3});
        QVERIFY(at.isEnabled("applyButton"));
        // It stays until something is changed or said.
        at.press("applyAnywayButton");
        QVERIFY(at.dialog() != nullptr);
        at.dialog()->reject();
        OpenedWindow::settle();
        QCOMPARE(at.smart().targets.size(), std::size_t{3});
        QVERIFY(shows(at.window, QStringLiteral("Not applied: 1 test(s) failed.")));
        QVERIFY(at.press("applyAnywayButton"));
        QVERIFY(at.press("acceptButton"));
        QTRY_COMPARE(at.smart().targets.size(), std::size_t{2});
        QVERIFY(at.find<QPushButton>("applyAnywayButton") == nullptr);
    }

    void applyRunsTheTestsOfOtherRoutesToo()
    {
        Routes at;
        gateway::Config config = *at.link.config();
        gateway::RouteTest test;
        test.name = "at home in the end";
        test.requestJson = R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})";
        test.expect.target = "lab";
        test.down = {"anthropic", "openai"};
        config.routes[0].tests = {test}; // Of smart, which leads to local.
        at.link.setConfig(config);
        auto* list = at.find<QListView>("routesList");
        list->setCurrentIndex(list->model()->index(2, 0));
        OpenedWindow::settle();
        auto* goal = at.find<QComboBox>("targetProviderComboBox");
        goal->setCurrentIndex(goal->findData(QStringLiteral("groq")));
        at.find<QComboBox>("targetModelComboBox")->setEditText(QStringLiteral("gpt-oss-20b"));
        OpenedWindow::settle();
        QVERIFY(!at.isEnabled("runTestsButton")); // It has none of its own.
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.showsSoon("Not applied: 1 test(s) failed."));
        QVERIFY(shows(at.window,
                      QStringLiteral("Route smart, at home in the end: `groq/gpt-oss-20b` would answer "
                                     "instead of `lab`.")));
        QVERIFY(shows(at.window, QStringLiteral("By this draft tests of other routes fail:")));
        const auto& local = [&at]() -> const gateway::RouteConfig& {
            return *at.link.config()->findRoute("local");
        };
        QCOMPARE(local().targets[0].provider.text, std::string("lab"));
        goal->setCurrentIndex(goal->findData(QStringLiteral("lab")));
        at.find<QComboBox>("targetModelComboBox")->setEditText(QStringLiteral("qwen3"));
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("tests of other routes fail")));
        QVERIFY(at.press("applyButton"));
        QTRY_COMPARE(local().targets[0].model, std::string("qwen3"));
    }

    void whatFailedBeforeIsNotLaidToTheChange()
    {
        Routes at;
        gateway::Config config = *at.link.config();
        gateway::RouteTest test;
        test.name = "never";
        test.requestJson = R"({"model":"local","messages":[{"role":"user","content":"hi"}]})";
        test.expect.target = "openai";
        config.routes[2].tests = {test};
        at.link.setConfig(config);
        OpenedWindow::settle();
        at.setStrategy("sticky"); // Of smart.
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.showsSoon("Not applied: 1 test(s) failed."));
        QVERIFY(
            shows(at.window, QStringLiteral("would answer instead of `openai`. (Without this change too.)")));
    }

    void anEditTakesTheRefusalAway()
    {
        Routes at;
        at.keepTest();
        at.removeFirstTarget();
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.showsSoon("Not applied: 1 test(s) failed."));
        QVERIFY(at.press("removeTestButton"));
        QVERIFY(!shows(at.window, QStringLiteral("Not applied: 1 test(s) failed.")));
        QVERIFY(at.find<QPushButton>("applyAnywayButton") == nullptr);
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.smart().targets.size(), std::size_t{2});
        QVERIFY(at.smart().tests.empty());
    }

    void aTestThatHoldsLetsTheChangeThrough()
    {
        Routes at;
        at.keepTest();
        at.setStrategy("sticky");
        at.setStrategy("priority");
        auto* edit = at.find<QLineEdit>("overrideEdit");
        QVERIFY(edit != nullptr);
        edit->setText(QStringLiteral("{\"temperature\": 1}"));
        emit edit->textEdited(edit->text());
        OpenedWindow::settle();
        QVERIFY(at.press("applyButton"));
        QTRY_VERIFY(at.smart().targets[1].overrideJson.find("1}") != std::string::npos);
    }

    void aTestIsEditedInADialog()
    {
        Routes at;
        at.keepTest();
        QVERIFY(at.press("editTestButton"));
        const auto line = [&at](const char* name) {
            return at.dialog()->findChild<QLineEdit*>(QLatin1String(name));
        };
        QCOMPARE(line("testNameEdit")->text(), QStringLiteral("short chat"));
        line("testDownEdit")->setText(QStringLiteral("anthropc"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Did you mean \"anthropic\"?")));
        line("testDownEdit")->setText(QStringLiteral("anthropic, openai/gpt-4.1"));
        line("testCostEdit")->setText(QStringLiteral("cheap"));
        at.dialog()
            ->findChild<QComboBox*>(QStringLiteral("testTargetComboBox"))
            ->setEditText(QStringLiteral("lab*"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("max_cost_usd")));
        line("testCostEdit")->setText(QStringLiteral("0.05"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(at.dialog() == nullptr);
        QVERIFY(
            shows(at.window,
                  QStringLiteral("goes to lab* · for at most $0.05 · with anthropic, openai/gpt-4.1 down")));
        QVERIFY(at.press("applyButton"));
        QTRY_VERIFY(at.smart().tests[0].down.size() == 2);
        QCOMPARE(at.smart().tests[0].expect.maxCost.value_or(""), std::string("0.05"));
    }

    void aTestIsAddedByHand()
    {
        Routes at;
        QVERIFY(at.press("addTestButton"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Needs target, not or max_cost_usd.")));
        at.dialog()->findChild<QLineEdit*>(QStringLiteral("testNeverEdit"))->setText(QStringLiteral("lab"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(at.window, QStringLiteral("never to lab")));
    }
};

} // namespace ui

QTEST_MAIN(ui::RouteDryRunTest)
#include "route_dry_run_test.moc"
