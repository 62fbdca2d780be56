// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "accounting/budget_table.h"

using namespace gateway;
using namespace gateway::accounting;

namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;

Config withScope(const std::string& repository, const std::string& key = {})
{
    Config config;
    BudgetConfig budget;
    budget.id = BudgetId("work");
    budget.usd = "1";
    budget.per = BudgetPeriod::Total;
    budget.scope.repository = repository;
    budget.scope.key = key;
    config.budgets.push_back(budget);
    return config;
}

bool holds(const std::string& scope, std::string_view repository)
{
    BudgetAccounts accounts;
    const BudgetTable table(withScope(scope), accounts);
    Spender spender{};
    spender.repository = repository;
    return table.rules().front().holdsFor(spender);
}

} // namespace

class BudgetTableTest : public QObject {
    Q_OBJECT

private slots:
    void takesARepositoryByPathOrName()
    {
        QVERIFY(holds("/home/me/code/api", "/home/me/code/api"));
        QVERIFY(holds("/home/me/code/*", "/home/me/code/api"));
        QVERIFY(holds("api", "/home/me/code/api"));
        QVERIFY(holds("a*", "/home/me/code/api"));
        QVERIFY(!holds("code", "/home/me/code/api"));
        QVERIFY(!holds("api", "/home/me/api/web"));
    }

    void nothingIsInAnyRepository()
    {
        QVERIFY(holds("", ""));
        QVERIFY(holds("", "/home/me/code/api"));
        QVERIFY(holds("*", "/home/me/code/api"));
        QVERIFY(!holds("*", ""));
    }

    void saysWhoseCallsHaveToBeKnown()
    {
        BudgetAccounts accounts;
        Config config = withScope("api", "a*");
        VirtualKeyConfig key;
        key.id = VirtualKeyId("ann");
        config.keys.push_back(key);
        key.id = VirtualKeyId("bob");
        config.keys.push_back(key);
        const BudgetTable table(config, accounts);
        QVERIFY(table.asksRepository("ann"));
        QVERIFY(!table.asksRepository("bob"));
        QVERIFY(!BudgetTable(withScope(""), accounts).asksRepository("ann"));
    }

    void whatIsSetAsideIsNotSpent()
    {
        BudgetAccounts accounts;
        const BudgetTable table(withScope(""), accounts);
        const Spender spender{};
        BudgetHold hold, second;
        QVERIFY(!table.reserve(spender, Money::fromNanos(900'000'000), kNow, {}, hold));
        table.charge(spender, 200'000'000, kNow);
        QVERIFY(table.reserve(spender, Money(), kNow, {}, second)); // there is no room for another call,
        QVERIFY(table.standing(spender, kNow).isHeld);
        QVERIFY(!table.standing(spender, kNow).spent); // and yet what was set aside may be given back
        table.charge(spender, 800'000'000, kNow);
        QCOMPARE(table.standing(spender, kNow).spent, &table.rules().front());
        Config warning = withScope("");
        warning.budgets.front().atLimit = AtLimit::Warn;
        QVERIFY(!BudgetTable(warning, accounts).standing(spender, kNow).isHeld);
    }

    void countsEachRepositoryByItself()
    {
        BudgetAccounts accounts;
        Config config = withScope("api");
        BudgetConfig other = config.budgets.front();
        other.scope.repository = "web";
        config.budgets.push_back(other);
        const BudgetTable table(config, accounts);
        Spender spender{};
        spender.repository = "/src/web";
        table.charge(spender, 5, kNow);
        QCOMPARE(table.rules()[0].account->state(kNow).spent, 0);
        QCOMPARE(table.rules()[1].account->state(kNow).spent, 5);
    }
};

QTEST_APPLESS_MAIN(BudgetTableTest)
#include "budget_table_test.moc"
