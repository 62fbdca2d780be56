// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that makes and changes a virtual key.
#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QTest>

#include "dialogs/new_key_dialog.h"
#include "theme/theme.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

gateway::VirtualKeyConfig fullKey()
{
    gateway::VirtualKeyConfig key;
    key.id = gateway::VirtualKeyId("cursor");
    key.sha256 = std::string(64, 'b');
    key.prefix = "tp-AbC";
    key.created = "2026-03-02T12:00:00Z";
    key.models = {"gpt-*", "claude-*"};
    key.routes = {"smart", "team-*"};
    key.expires = "2030-01-31";
    key.tags = {"team-a"};
    key.dialects = {"openai", "anthropic"};
    key.budget = gateway::KeyBudget{"10", gateway::BudgetPeriod::Day};
    key.limits = {60, 600, 6000, 200'000, 2'000'000, 20'000'000, 4, gateway::milliseconds(3000)};
    key.former = gateway::FormerKey{std::string(64, 'c'), "2030-01-01"};
    return key;
}

struct Opened {
    explicit Opened(const std::optional<gateway::VirtualKeyConfig>& present = {})
        : dialog(configOf(present), present)
    {
        QObject::connect(&dialog, &NewKeyDialog::submitted,
                         [this](const gateway::VirtualKeyConfig& key) { made.push_back(key); });
        dialog.show();
        OpenedWindow::settle();
    }
    static gateway::Config configOf(const std::optional<gateway::VirtualKeyConfig>& present)
    {
        gateway::Config config;
        config.keys.push_back(present.value_or(fullKey()));
        return config;
    }
    [[nodiscard]] QLineEdit* edit(const char* name) const
    {
        return dialog.findChild<QLineEdit*>(QLatin1String(name));
    }
    void type(const char* name, const char* text) const { edit(name)->setText(QLatin1String(text)); }
    void submit() const
    {
        dialog.findChild<QPushButton*>(QStringLiteral("acceptButton"))->click();
        OpenedWindow::settle();
    }
    // What is told right below the field.
    [[nodiscard]] QString problemBelow(const char* name) const
    {
        const QLineEdit* field = edit(name);
        const QPoint foot = field->mapTo(&dialog, QPoint(2, field->height()));
        for (const QLabel* label : dialog.findChildren<QLabel*>()) {
            if (!label->isVisible() || label->accessibleDescription() != QLatin1String("problem")) continue;
            const QPoint at = label->mapTo(&dialog, QPoint(0, 0));
            if (at.y() >= foot.y() && at.y() - foot.y() < 16 && qAbs(at.x() + 2 - foot.x()) < 8)
                return label->text();
        }
        return {};
    }

    NewKeyDialog dialog;
    std::vector<gateway::VirtualKeyConfig> made;
};

} // namespace

class KeyDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void whatIsNotTouchedStaysAsItIs()
    {
        const Opened at(fullKey());
        at.submit();
        QCOMPARE(at.made.size(), 1U);
        QVERIFY(at.made[0] == fullKey());
    }

    void emptiedFieldsLiftTheirLimits()
    {
        gateway::VirtualKeyConfig key = fullKey();
        key.limits.rph.reset();
        const Opened at(key);
        for (const char* field : {"usdEdit", "rpmEdit", "tpmEdit", "modelsEdit", "routesEdit", "tagsEdit",
                                  "rpdEdit", "tphEdit", "tpdEdit", "concurrentEdit", "queueEdit"}) {
            at.type(field, "");
        }
        at.submit();
        gateway::VirtualKeyConfig bare = fullKey();
        bare.models = bare.routes = bare.tags = {};
        bare.budget.reset();
        bare.limits = {};
        QVERIFY(at.made.at(0) == bare);
    }

    void everythingOfAKeyCanBeSaid()
    {
        const Opened at;
        at.type("nameEdit", "aider");
        at.type("modelsEdit", "gpt-*, claude-*");
        at.type("routesEdit", "smart");
        at.type("tagsEdit", "team-b, nightly");
        at.type("usdEdit", "2.50");
        at.type("rpmEdit", "30");
        at.type("tpdEdit", "1,000,000");
        at.type("concurrentEdit", "2");
        at.type("queueEdit", "1500");
        at.dialog.findChild<QCheckBox*>(QStringLiteral("pausedCheckBox"))->setChecked(true);
        for (auto* box : at.dialog.findChildren<QCheckBox*>(QStringLiteral("dialectCheckBox"))) {
            if (box->accessibleName() == QLatin1String("Gemini")) box->setChecked(true);
        }
        auto* expires = at.dialog.findChild<QComboBox*>(QStringLiteral("expiresComboBox"));
        expires->setCurrentIndex(1);
        at.dialog.findChild<QDateEdit*>(QStringLiteral("expiresDateEdit"))->setDate(QDate(2031, 5, 6));
        at.submit();
        QCOMPARE(at.made.size(), 1U);
        const gateway::VirtualKeyConfig& key = at.made[0];
        QCOMPARE(key.id.text, std::string("aider"));
        QVERIFY(key.models == (std::vector<std::string>{"gpt-*", "claude-*"}));
        QVERIFY(key.routes == std::vector<std::string>{"smart"});
        QVERIFY(key.tags == (std::vector<std::string>{"team-b", "nightly"}));
        QVERIFY(key.dialects == std::vector<std::string>{"gemini"});
        QCOMPARE(key.expires, std::string("2031-05-06"));
        QVERIFY(key.budget == (gateway::KeyBudget{"2.5", gateway::BudgetPeriod::Month}));
        gateway::RateLimits limits;
        limits.rpm = 30;
        limits.tpd = 1'000'000;
        limits.concurrent = 2;
        limits.queue = gateway::milliseconds(1500);
        QVERIFY(key.limits == limits);
        QVERIFY(key.paused);
    }

    void aTimeOfDayIsKept()
    {
        gateway::VirtualKeyConfig key = fullKey();
        key.expires = "2030-01-31T18:00:00Z";
        const Opened at(key);
        QVERIFY(!at.dialog.findChild<QDateEdit*>(QStringLiteral("expiresDateEdit"))->isVisible());
        at.submit();
        QCOMPARE(at.made.at(0).expires, key.expires);
    }

    void neverTakesTheExpiryAway()
    {
        const Opened at(fullKey());
        at.dialog.findChild<QComboBox*>(QStringLiteral("expiresComboBox"))->setCurrentIndex(0);
        at.submit();
        QVERIFY(at.made.at(0).expires.empty());
    }

    void moreLimitsAreFoldedUntilOneIsSaid()
    {
        const Opened fresh;
        QVERIFY(fresh.edit("rpmEdit")->isVisible());
        QVERIFY(!fresh.edit("rphEdit")->isVisible());
        fresh.dialog.findChild<QPushButton*>(QStringLiteral("moreLimitsButton"))->click();
        QVERIFY(fresh.edit("rphEdit")->isVisible());
        const Opened present(fullKey());
        QVERIFY(present.edit("rphEdit")->isVisible());
        QCOMPARE(present.edit("tpdEdit")->text(), QStringLiteral("20000000"));
    }

    void problemsStandBesideTheirFields()
    {
        const Opened at;
        at.type("nameEdit", "cursor");
        at.type("usdEdit", "ten");
        at.type("rpmEdit", "0");
        at.type("rphEdit", "many");
        at.submit();
        QVERIFY(at.made.empty());
        QCOMPARE(at.problemBelow("nameEdit"), QStringLiteral("There is a key of this name already."));
        QVERIFY(at.problemBelow("rpmEdit").startsWith(QLatin1String("Write a whole number from 1 to")));
        QVERIFY(at.edit("rphEdit")->isVisible()); // Unfolded, or nobody would find it.
        QVERIFY(!at.problemBelow("rphEdit").isEmpty());
        QVERIFY(shows(at.dialog, QStringLiteral("Write the budget in US dollars")));
        at.type("nameEdit", "aider");
        at.type("usdEdit", "10");
        at.type("rpmEdit", "");
        at.type("rphEdit", "");
        at.submit();
        QCOMPARE(at.made.size(), 1U);
    }

    void theRulesOfTheConfigurationAreTheSame()
    {
        const Opened at;
        at.type("nameEdit", "aider");
        at.type("tagsEdit", qPrintable(QString(70, QLatin1Char('x'))));
        at.submit();
        QVERIFY(at.made.empty());
        QVERIFY(at.problemBelow("tagsEdit").contains(QLatin1String("1 to 64 bytes")));
        at.type("tagsEdit", "team-a");
        at.submit();
        QCOMPARE(at.made.size(), 1U);
    }
};

} // namespace ui

QTEST_MAIN(ui::KeyDialogTest)
#include "key_dialog_test.moc"
