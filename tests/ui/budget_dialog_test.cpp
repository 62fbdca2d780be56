// SPDX-License-Identifier: GPL-3.0-or-later
// What goes into the dialogs of a budget and of a key comes out of them again.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "gateway/config_io.h"

#include "dialogs/budget_dialog.h"
#include "dialogs/new_key_dialog.h"
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

gateway::VirtualKeyConfig keyFrom(NewKeyDialog& dialog)
{
    return submitted<NewKeyDialog, gateway::VirtualKeyConfig>(dialog);
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
        full.scope = {"openai", "gpt-*", "smart", "cursor", "team-*", "aider"};
        full.warnAt = {25, 50, 90};
        full.atLimit = gateway::AtLimit::Reroute;
        full.route = config.routes.back().id;
        std::vector<gateway::BudgetConfig> all = config.budgets;
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

    void aKeyComesBackAsItWas()
    {
        const gateway::Config config = madeUpConfig();
        gateway::VirtualKeyConfig full = *config.findKey("cursor");
        full.tags = {"team"};
        full.dialects = {"openai"};
        full.paused = true;
        full.limits.rph = 900;
        full.limits.concurrent = 2;
        for (const gateway::VirtualKeyConfig& key : {config.keys[0], config.keys[1], full}) {
            NewKeyDialog dialog(config, key);
            QVERIFY2(keyFrom(dialog) == key, key.id.text.c_str());
        }
    }

    void aNewKeyIsWhatWasTyped()
    {
        NewKeyDialog dialog(madeUpConfig(), std::nullopt);
        type(dialog, "nameEdit", QStringLiteral("aider"));
        type(dialog, "modelsEdit", QStringLiteral("gpt-*, claude-*"));
        type(dialog, "expiresEdit", QStringLiteral("2030-01-31"));
        type(dialog, "usdEdit", QStringLiteral("3"));
        choose(dialog, "periodComboBox", QStringLiteral("day"));
        type(dialog, "rpmEdit", QStringLiteral("60"));
        type(dialog, "tpmEdit", QStringLiteral("200,000"));
        const gateway::VirtualKeyConfig made = keyFrom(dialog);
        QCOMPARE(made.id.text, std::string("aider"));
        QCOMPARE(made.models, (std::vector<std::string>{"gpt-*", "claude-*"}));
        QCOMPARE(made.expires, std::string("2030-01-31"));
        QVERIFY(made.budget == (gateway::KeyBudget{"3", gateway::BudgetPeriod::Day}));
        QCOMPARE(made.limits.rpm.value(), 60U);
        QCOMPARE(made.limits.tpm.value(), 200'000);
    }

    void emptiedFieldsLiftTheirLimits()
    {
        const gateway::Config config = madeUpConfig();
        NewKeyDialog dialog(config, *config.findKey("cursor"));
        for (const char* field : {"usdEdit", "rpmEdit", "tpmEdit", "modelsEdit", "expiresEdit"}) {
            type(dialog, field, QString());
        }
        gateway::VirtualKeyConfig bare;
        bare.id = gateway::VirtualKeyId("cursor");
        bare.sha256 = config.findKey("cursor")->sha256;
        QVERIFY(keyFrom(dialog) == bare);
    }

    void aKeyThatCannotBeIsToldAndKept()
    {
        NewKeyDialog dialog(madeUpConfig(), std::nullopt);
        dialog.show();
        QSignalSpy asked(&dialog, &NewKeyDialog::submitted);
        const auto refuses = [&](const char* field, const char* bad, const QString& text) {
            type(dialog, field, QLatin1String(bad));
            accept(dialog);
            const bool told = asked.isEmpty() && shows(dialog, text);
            type(dialog, field, QString());
            return told;
        };
        QVERIFY(refuses("nameEdit", "cursor", QStringLiteral("a key of this name")));
        type(dialog, "nameEdit", QStringLiteral("aider"));
        QVERIFY(refuses("expiresEdit", "tomorrow", QStringLiteral("year-month-day")));
        QVERIFY(refuses("usdEdit", "-3", QStringLiteral("Write the budget")));
        QVERIFY(refuses("rpmEdit", "0", QStringLiteral("requests a minute")));
        QVERIFY(refuses("tpmEdit", "many", QStringLiteral("tokens a minute")));
        accept(dialog);
        QCOMPARE(asked.size(), 1);
    }
};

} // namespace ui

QTEST_MAIN(ui::BudgetDialogTest)
#include "budget_dialog_test.moc"
