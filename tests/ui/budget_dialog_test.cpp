// SPDX-License-Identifier: GPL-3.0-or-later
// What goes into the dialog of a budget comes out of it again.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include "gateway/config_io.h"

#include "dialogs/budget_dialog.h"
#include "ui/support/fake_link.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

gateway::Config madeUpConfig()
{
    FakeLink link;
    link.makeUpData(3);
    return *link.config();
}

void type(const QDialog& dialog, const char* name, const QString& text)
{
    dialog.findChild<QLineEdit*>(QLatin1String(name))->setText(text);
}

void choose(const QDialog& dialog, const char* name, const QVariant& what)
{
    auto* combo = dialog.findChild<QComboBox*>(QLatin1String(name));
    combo->setCurrentIndex(combo->findData(what));
}

void accept(const QDialog& dialog)
{
    dialog.findChild<QPushButton*>(QStringLiteral("acceptButton"))->click();
}

// Presses the button and gives what the dialog asks for; a default value where it asks for nothing.
template <class Dialog, class Value>
Value submitted(Dialog& dialog)
{
    std::optional<Value> answer;
    QObject::connect(&dialog, &Dialog::submitted, &dialog, [&answer](const Value& value) { answer = value; });
    accept(dialog);
    return answer.value_or(Value());
}

gateway::BudgetConfig budgetFrom(BudgetDialog& dialog)
{
    return submitted<BudgetDialog, gateway::BudgetConfig>(dialog);
}

} // namespace

class BudgetDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void aBudgetComesBackAsItWas()
    {
        const gateway::Config config = madeUpConfig();
        gateway::BudgetConfig full;
        full.id = gateway::BudgetId("full");
        full.usd = "2.50";
        full.per = gateway::BudgetPeriod::RollingDay;
        full.scope = {"openai", "gpt-*", "smart", "cursor", "team-*", "aider", "turnpike"};
        full.warnAt = {25, 50, 90};
        full.atLimit = gateway::AtLimit::Reroute;
        full.route = config.routes.back().id;
        std::vector<gateway::BudgetConfig> all = config.budgets;
        all.push_back(full);
        full.id = gateway::BudgetId("asks");
        full.atLimit = gateway::AtLimit::Ask;
        full.route = {};
        full.askMore = "7.50";
        full.askWait = gateway::milliseconds(1'500); // Finer than the field shows.
        all.push_back(full);
        for (const gateway::BudgetConfig& budget : all) {
            BudgetDialog dialog(config, budget);
            dialog.show();
            QVERIFY2(budgetFrom(dialog) == budget, budget.id.text.c_str());
        }
    }

    void aNewBudgetIsWhatWasTyped()
    {
        gateway::Config config = madeUpConfig();
        BudgetDialog dialog(config, std::nullopt);
        dialog.show();
        type(dialog, "nameEdit", QStringLiteral("research"));
        type(dialog, "usdEdit", QStringLiteral("12.5"));
        choose(dialog, "periodComboBox", QStringLiteral("week"));
        type(dialog, "scopeModelEdit", QStringLiteral("claude-*"));
        dialog.findChild<QComboBox*>(QStringLiteral("scopeKeyComboBox"))
            ->setEditText(QStringLiteral("cursor"));
        type(dialog, "warnAtEdit", QStringLiteral("50, 80"));
        auto* instead = dialog.findChild<QComboBox*>(QStringLiteral("insteadComboBox"));
        QVERIFY(!instead->isVisible());
        choose(dialog, "atLimitComboBox", static_cast<int>(gateway::AtLimit::Reroute));
        QVERIFY(instead->isVisible());
        const gateway::BudgetConfig made = budgetFrom(dialog);
        QCOMPARE(made.id.text, std::string("research"));
        QCOMPARE(made.usd.value(), std::string("12.5"));
        QVERIFY(made.per == gateway::BudgetPeriod::Week);
        QCOMPARE(made.scope, (gateway::BudgetScope{{}, "claude-*", {}, "cursor", {}, {}}));
        QCOMPARE(made.warnAt, (std::vector<int>{50, 80}));
        QVERIFY(made.atLimit == gateway::AtLimit::Reroute);
        QCOMPARE(made.route, config.routes.front().id);
        config.budgets.push_back(made);
        for (const gateway::ConfigProblem& problem : gateway::validate(config)) {
            QVERIFY2(problem.path.rfind("budgets", 0) != 0, problem.message.c_str());
        }
    }

    void everyPeriodOfTheEngineCanBeChosen()
    {
        BudgetDialog dialog(madeUpConfig(), std::nullopt);
        const auto* period = dialog.findChild<QComboBox*>(QStringLiteral("periodComboBox"));
        QCOMPARE(static_cast<std::size_t>(period->count()), gateway::budgetPeriodNames().size());
        for (int i = 0; i < period->count(); ++i) {
            QVERIFY(period->itemText(i) != QStringLiteral("—"));
        }
    }

    void aBudgetThatCannotBeIsToldAndKept()
    {
        BudgetDialog dialog(madeUpConfig(), std::nullopt);
        dialog.show();
        QSignalSpy asked(&dialog, &BudgetDialog::submitted);
        const auto refuses = [&](const QString& text) {
            accept(dialog);
            return asked.isEmpty() && shows(dialog, text);
        };
        QVERIFY(refuses(QStringLiteral("The name may hold")));
        type(dialog, "nameEdit", QStringLiteral("opus"));
        QVERIFY(refuses(QStringLiteral("a budget of this name")));
        type(dialog, "nameEdit", QStringLiteral("other"));
        QVERIFY(refuses(QStringLiteral("Write the amount")));
        type(dialog, "usdEdit", QStringLiteral("ten"));
        QVERIFY(refuses(QStringLiteral("Write the amount")));
        type(dialog, "usdEdit", QStringLiteral("10"));
        type(dialog, "warnAtEdit", QStringLiteral("120"));
        QVERIFY(refuses(QStringLiteral("whole percents")));
        type(dialog, "warnAtEdit", QString());
        accept(dialog);
        QCOMPARE(asked.size(), 1);
    }

    void reroutingNeedsARoute()
    {
        gateway::Config config = madeUpConfig();
        config.routes.clear();
        BudgetDialog dialog(config, std::nullopt);
        dialog.show();
        type(dialog, "nameEdit", QStringLiteral("other"));
        type(dialog, "usdEdit", QStringLiteral("10"));
        choose(dialog, "atLimitComboBox", static_cast<int>(gateway::AtLimit::Reroute));
        QSignalSpy asked(&dialog, &BudgetDialog::submitted);
        accept(dialog);
        QVERIFY(asked.isEmpty());
        QVERIFY(shows(dialog, QStringLiteral("There is no route")));
    }

    void askingOffersAnAmountAndWaits()
    {
        BudgetDialog dialog(madeUpConfig(), std::nullopt);
        dialog.show();
        type(dialog, "nameEdit", QStringLiteral("research"));
        type(dialog, "usdEdit", QStringLiteral("12"));
        type(dialog, "scopeRepositoryEdit", QStringLiteral("turnpike"));
        auto* more = dialog.findChild<QLineEdit*>(QStringLiteral("askMoreEdit"));
        QVERIFY(!more->isVisible());
        choose(dialog, "atLimitComboBox", static_cast<int>(gateway::AtLimit::Ask));
        QVERIFY(more->isVisible());
        QSignalSpy asked(&dialog, &BudgetDialog::submitted);
        more->setText(QStringLiteral("much"));
        accept(dialog);
        QVERIFY(asked.isEmpty());
        QVERIFY(shows(dialog, QStringLiteral("Write how many US dollars are offered")));
        more->setText(QStringLiteral("2.50"));
        dialog.findChild<QSpinBox*>(QStringLiteral("askWaitSpinBox"))->setValue(45);
        const gateway::BudgetConfig made = budgetFrom(dialog);
        QVERIFY(made.atLimit == gateway::AtLimit::Ask);
        QCOMPARE(made.askMore.value(), std::string("2.5"));
        QCOMPARE(made.askWait, gateway::milliseconds(45'000));
        QCOMPARE(made.scope.repository, std::string("turnpike"));
        gateway::Config config = madeUpConfig();
        config.budgets.push_back(made);
        for (const gateway::ConfigProblem& problem : gateway::validate(config)) {
            QVERIFY2(problem.path.rfind("budgets", 0) != 0, problem.message.c_str());
        }
    }
};

} // namespace ui

QTEST_MAIN(ui::BudgetDialogTest)
#include "budget_dialog_test.moc"
