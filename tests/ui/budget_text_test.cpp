// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>

#include "models/budget_text.h"

namespace ui {
namespace {

using Period = gateway::BudgetPeriod;

constexpr std::int64_t kCent = 10'000'000;

gateway::BudgetState spentOf(std::int64_t cents)
{
    gateway::BudgetState state;
    state.name = "cursor";
    state.limitNanos = 1'000 * kCent;
    state.spentNanos = cents * kCent;
    state.complete = true;
    return state;
}

} // namespace

class BudgetTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void aCellTellsWhatIsSpentOfWhat()
    {
        gateway::BudgetState state = spentOf(184);
        state.reservedNanos = 50 * kCent;
        const SpentCell cell = spentCell("10", Period::Day, &state, 80);
        QCOMPARE(cell.text, QStringLiteral("$1.84 of $10 a day"));
        QCOMPARE(cell.spent, 0.184);
        QCOMPARE(cell.reserved, 0.05);
        QVERIFY(cell.tone == SpentCell::Tone::Fine);
        QCOMPARE(spokenText(cell),
                 QStringLiteral("$1.84 of $10 a day; 18% used; 5% set aside for calls under way"));
    }

    void nearAndOverAreTold()
    {
        const gateway::BudgetState nearly = spentOf(800);
        const gateway::BudgetState over = spentOf(1'200);
        QVERIFY(spentCell("10", Period::Day, &nearly, 80).tone == SpentCell::Tone::Near);
        QVERIFY(spentCell("10", Period::Day, &nearly, 90).tone == SpentCell::Tone::Fine);
        QVERIFY(spentCell("10", Period::Day, &over, 80).tone == SpentCell::Tone::Over);
        gateway::BudgetState nothing = spentOf(0);
        nothing.limitNanos = 0;
        QVERIFY(spentCell("0", Period::Day, &nothing, 80).tone == SpentCell::Tone::Over);
    }

    void whatWasAllowedCountsAsRoom()
    {
        gateway::BudgetState state = spentOf(1'200);
        QVERIFY(isUsedUp(state));
        state.allowedNanos = 500 * kCent;
        QVERIFY(!isUsedUp(state));
        const SpentCell cell = spentCell("10", Period::Day, &state, 80);
        QCOMPARE(cell.text, QStringLiteral("$12.00 of $10 + $5 allowed"));
        QCOMPARE(cell.spent, 0.8);
        QVERIFY(cell.tone == SpentCell::Tone::Near);
        state.spentNanos = 1'500 * kCent;
        QVERIFY(isUsedUp(state));
        state.complete = false;
        QVERIFY(!isUsedUp(state));
    }

    void askingSaysForHowMuch()
    {
        gateway::BudgetConfig budget;
        budget.atLimit = gateway::AtLimit::Ask;
        QCOMPARE(atLimitText(budget), QStringLiteral("Asks for $5 more"));
        budget.askMore = "2.5";
        QCOMPARE(atLimitText(budget), QStringLiteral("Asks for $2.50 more"));
    }

    void whatIsNotKnownHasNoBar()
    {
        const SpentCell stopped = spentCell("10", Period::Week, nullptr, 80);
        QCOMPARE(stopped.text, QStringLiteral("$10 a week"));
        QVERIFY(stopped.tone == SpentCell::Tone::Undecided);
        gateway::BudgetState state = spentOf(184);
        state.complete = false;
        const SpentCell reading = spentCell("10", Period::Week, &state, 80);
        QVERIFY(reading.tone == SpentCell::Tone::Undecided);
        QCOMPARE(reading.note, QStringLiteral("Reading what was spent…"));
        QCOMPARE(spentCell({}, Period::Undecided, nullptr, 80).text, QStringLiteral("—"));
    }

    void aStateIsFoundByItsNameAndKind()
    {
        std::vector<gateway::BudgetState> states{spentOf(1), spentOf(2)};
        states[1].ofKey = true;
        QCOMPARE(budgetStateOf(states, "cursor", true), &states[1]);
        QCOMPARE(budgetStateOf(states, "cursor", false), &states[0]);
        QVERIFY(budgetStateOf(states, "aider", true) == nullptr);
    }

    void scopeAndLimitAreInWords()
    {
        gateway::BudgetConfig budget;
        QCOMPARE(scopeText(budget.scope), QStringLiteral("Everything"));
        QCOMPARE(atLimitText(budget), QStringLiteral("Refuses"));
        budget.scope.model = "claude-*";
        budget.scope.key = "cursor";
        budget.atLimit = gateway::AtLimit::Reroute;
        budget.route = gateway::RouteId("cheap");
        QCOMPARE(scopeText(budget.scope), QStringLiteral("model claude-*, key cursor"));
        QCOMPARE(atLimitText(budget), QStringLiteral("Goes to cheap"));
    }

    void itSaysWhenItBeginsAnew()
    {
        const QDateTime now(QDate(2026, 3, 3), QTime(12, 0));
        gateway::BudgetState state = spentOf(1);
        const auto at = [&](const QDateTime& until) {
            state.until = until.toMSecsSinceEpoch() * 1000;
            return anewText(Period::Month, &state, now);
        };
        QCOMPARE(at(now.addSecs(3600)), QStringLiteral("13:00"));
        QCOMPARE(at(QDateTime(QDate(2026, 3, 4), QTime(0, 0))), QStringLiteral("Wed 00:00"));
        QCOMPARE(at(QDateTime(QDate(2026, 4, 1), QTime(0, 0))), QStringLiteral("Apr 1"));
        QCOMPARE(anewText(Period::Total, &state, now), QStringLiteral("Never"));
        QCOMPARE(anewText(Period::Month, nullptr, now), QStringLiteral("—"));
    }

    void limitsAreShortAndInWholeWords()
    {
        gateway::RateLimits limits;
        QCOMPARE(limitsText(limits), QStringLiteral("—"));
        limits.rpm = 60;
        limits.tpm = 200'000;
        QCOMPARE(limitsText(limits), QStringLiteral("60 rpm, 200k tpm"));
        QCOMPARE(limitsStory(limits), QStringLiteral("Requests a minute: 60\nTokens a minute: 200,000"));
    }

    void percentsAndDollarsAreReadAsTyped()
    {
        QCOMPARE(percentsFrom(QStringLiteral("50, 80%")).value(), (std::vector<int>{50, 80}));
        QCOMPARE(percentsText({50, 80}), QStringLiteral("50, 80"));
        QVERIFY(percentsFrom(QString()).value().empty());
        QVERIFY(!percentsFrom(QStringLiteral("0")));
        QVERIFY(!percentsFrom(QStringLiteral("101")));
        QVERIFY(!percentsFrom(QStringLiteral("half")));
        QVERIFY(!percentsFrom(QStringLiteral("1,2,3,4,5,6,7,8,9,10,11")));
        QCOMPARE(dollarsFrom(QStringLiteral("2.50")).value(), std::string("2.5"));
        QVERIFY(!dollarsFrom(QStringLiteral("-1")));
        QVERIFY(!dollarsFrom(QString()));
    }
};

} // namespace ui

QTEST_MAIN(ui::BudgetTextTest)
#include "budget_text_test.moc"
