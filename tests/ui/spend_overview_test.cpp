// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>

#include "models/spend_overview.h"

namespace ui {
namespace {

constexpr std::int64_t kDollar = 1'000'000'000;
constexpr std::int64_t kHour = 3'600'000'000;

const QDateTime kNow(QDate(2026, 12, 10), QTime(12, 0));

gateway::BudgetConfig budget(const char* id, const char* usd, gateway::BudgetPeriod per)
{
    gateway::BudgetConfig made;
    made.id = gateway::BudgetId(id);
    made.usd = usd;
    made.per = per;
    return made;
}

gateway::BudgetState stateOf(const char* name, std::int64_t limit, std::int64_t spent)
{
    const std::int64_t now = kNow.toMSecsSinceEpoch() * 1000;
    gateway::BudgetState state;
    state.name = name;
    state.limitNanos = limit;
    state.spentNanos = spent;
    state.since = now - 12 * kHour;
    state.until = now + 12 * kHour;
    state.complete = true;
    return state;
}

} // namespace

class SpendOverviewTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void withoutABudgetTodayIsAll()
    {
        const SpendOverview spend = spendOverview({}, {}, 1'840'000'000, kNow);
        QCOMPARE(spend.today, QStringLiteral("$1.84 today"));
        QVERIFY(!spend.hasBudget());
    }

    void aBudgetOverEverythingForADayIsTheDays()
    {
        gateway::Config config;
        gateway::ActivitySnapshot activity;
        config.budgets = {budget("opus", "5", gateway::BudgetPeriod::Day),
                          budget("day", "10", gateway::BudgetPeriod::Day)};
        config.budgets[0].scope.model = "claude-opus-*";
        activity.budgets = {stateOf("opus", 5 * kDollar, 0), stateOf("day", 10 * kDollar, 2 * kDollar)};
        QCOMPARE(spendOverview(config, activity, 1'840'000'000, kNow).today,
                 QStringLiteral("Today $1.84 of $10"));
        activity.budgets[1].allowedNanos = 5 * kDollar;
        QCOMPARE(spendOverview(config, activity, 1'840'000'000, kNow).today,
                 QStringLiteral("Today $1.84 of $15"));
    }

    void theNearestIsTheOneWithTheGreatestShare()
    {
        gateway::Config config;
        gateway::ActivitySnapshot activity;
        config.budgets = {budget("month", "200", gateway::BudgetPeriod::Month),
                          budget("opus", "5", gateway::BudgetPeriod::Day)};
        activity.budgets = {stateOf("month", 200 * kDollar, 20 * kDollar),
                            stateOf("opus", 5 * kDollar, 4 * kDollar)};
        const SpendOverview spend = spendOverview(config, activity, 0, kNow);
        QCOMPARE(spend.name, QStringLiteral("opus"));
        QCOMPARE(spend.budgetText(), QStringLiteral("opus: $4.00 of $5 a day"));
        QVERIFY(spend.cell.tone == SpentCell::Tone::Near);
        QVERIFY(spend.cell.note.startsWith(QLatin1String("Used up today about ")));
        activity.budgets[1].complete = false; // What is not known yet is not near.
        QCOMPARE(spendOverview(config, activity, 0, kNow).name, QStringLiteral("month"));
    }

    void aKeysOwnBudgetCountsToo()
    {
        gateway::Config config;
        gateway::ActivitySnapshot activity;
        gateway::VirtualKeyConfig key;
        key.id = gateway::VirtualKeyId("cursor");
        key.budget = gateway::KeyBudget{"10", gateway::BudgetPeriod::Day};
        config.keys = {key};
        activity.budgets = {stateOf("cursor", 10 * kDollar, 11 * kDollar)};
        activity.budgets[0].ofKey = true;
        const SpendOverview spend = spendOverview(config, activity, 0, kNow);
        QVERIFY(spend.ofKey);
        QCOMPARE(spend.budgetText(), QStringLiteral("Key cursor: $11.00 of $10 a day"));
        QVERIFY(spend.cell.tone == SpentCell::Tone::Over);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::SpendOverviewTest)
#include "spend_overview_test.moc"
