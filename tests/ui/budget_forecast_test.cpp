// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>

#include "models/budget_forecast.h"

namespace ui {
namespace {

using Period = gateway::BudgetPeriod;

constexpr std::int64_t kDollar = 1'000'000'000;

std::int64_t micros(const QDateTime& when)
{
    return when.toMSecsSinceEpoch() * 1000;
}

// Of $100, in the week that begins on Monday, 2 March 2026.
gateway::BudgetState inTheWeek(std::int64_t dollars)
{
    gateway::BudgetState state;
    state.limitNanos = 100 * kDollar;
    state.spentNanos = dollars * kDollar;
    state.since = micros(QDateTime(QDate(2026, 3, 2), QTime(0, 0)));
    state.until = micros(QDateTime(QDate(2026, 3, 9), QTime(0, 0)));
    state.complete = true;
    return state;
}

const QDateTime& tuesdayNoon()
{
    static const QDateTime kNoon(QDate(2026, 3, 3), QTime(12, 0));
    return kNoon;
}

QString textOf(const gateway::BudgetState& state, Period per = Period::Week)
{
    return forecastText(state, per, tuesdayNoon());
}

} // namespace

class BudgetForecastTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void goesOnAtThePaceOfItsSpan()
    {
        // Half of it in a day and a half: the other half takes as long again.
        const auto at = usedUpAt(inTheWeek(50), Period::Week, micros(tuesdayNoon()));
        QVERIFY(at.has_value());
        QCOMPARE(*at, micros(QDateTime(QDate(2026, 3, 5), QTime(0, 0))));
        QCOMPARE(textOf(inTheWeek(50)), QStringLiteral("Used up on Thursday about 00:00"));
    }

    void countsWhatWasAllowedBeyond()
    {
        gateway::BudgetState state = inTheWeek(50);
        state.limitNanos = 40 * kDollar;
        QVERIFY(!usedUpAt(state, Period::Week, micros(tuesdayNoon())).has_value());
        state.allowedNanos = 60 * kDollar;
        QCOMPARE(textOf(state), textOf(inTheWeek(50)));
    }

    void whatWasAllowedLastsLonger()
    {
        gateway::BudgetState state = inTheWeek(50);
        state.allowedNanos = 50 * kDollar;
        const auto at = usedUpAt(state, Period::Week, micros(tuesdayNoon()));
        QVERIFY(at.has_value());
        QCOMPARE(*at, micros(QDateTime(QDate(2026, 3, 6), QTime(12, 0))));
        state.spentNanos = 110 * kDollar; // Beyond the limit, not beyond what was allowed.
        QVERIFY(usedUpAt(state, Period::Week, micros(tuesdayNoon())).has_value());
    }

    void thePaceIsThatOfADay()
    {
        const std::int64_t noon = micros(tuesdayNoon());
        QCOMPARE(dayPace(inTheWeek(30), Period::Week, noon).value(), 20 * kDollar);
        const gateway::BudgetState week = inTheWeek(30);
        QCOMPARE(paceText(&week, Period::Week, tuesdayNoon()), QStringLiteral("$20.00 a day"));
        QCOMPARE(dayPace(inTheWeek(30), Period::RollingDay, noon).value(), 30 * kDollar);
        QVERIFY(!dayPace(inTheWeek(30), Period::Total, noon));
        QVERIFY(!dayPace(inTheWeek(30), Period::Week, week.since + 1'000'000)); // Too early to tell.
        QCOMPARE(paceText(nullptr, Period::Week, tuesdayNoon()), QStringLiteral("—"));
    }

    void namesTheDayAsPeopleDo()
    {
        QCOMPARE(textOf(inTheWeek(90)), QStringLiteral("Used up today about 16:00"));
        QCOMPARE(textOf(inTheWeek(62)), QStringLiteral("Used up tomorrow about 10:00"));
        QCOMPARE(textOf(inTheWeek(45)), QStringLiteral("Used up on Thursday about 08:00"));
        QCOMPARE(textOf(inTheWeek(99)), QStringLiteral("Used up today about 12:30"));
        gateway::BudgetState month = inTheWeek(10);
        month.until = micros(QDateTime(QDate(2026, 4, 1), QTime(0, 0)));
        QCOMPARE(textOf(month, Period::Month), QStringLiteral("Used up about Mar 17"));
    }

    void saysNothingWhereItLasts()
    {
        QVERIFY(textOf(inTheWeek(21)).isEmpty()); // 7 days at $14 a day are just within it.
        QVERIFY(!textOf(inTheWeek(22)).isEmpty());
    }

    void saysNothingOfWhatIsUsedUp()
    {
        QVERIFY(textOf(inTheWeek(100)).isEmpty());
        QVERIFY(textOf(inTheWeek(130)).isEmpty());
    }

    void saysNothingBeforeThereIsAPace()
    {
        const QDateTime soon = QDateTime(QDate(2026, 3, 2), QTime(1, 0));
        QVERIFY(!usedUpAt(inTheWeek(60), Period::Week, micros(soon))); // An hour of a week.
        const QDateTime later = QDateTime(QDate(2026, 3, 2), QTime(4, 0));
        QVERIFY(!usedUpAt(inTheWeek(4), Period::Week, micros(later))); // A dear call or two.
        QVERIFY(usedUpAt(inTheWeek(5), Period::Week, micros(later)));
        QVERIFY(!usedUpAt(inTheWeek(0), Period::Week, micros(tuesdayNoon())));
    }

    void saysNothingWithoutASpanOrWithoutTheFigures()
    {
        QVERIFY(!usedUpAt(inTheWeek(50), Period::RollingDay, micros(tuesdayNoon())));
        QVERIFY(!usedUpAt(inTheWeek(50), Period::Total, micros(tuesdayNoon())));
        QVERIFY(!usedUpAt(inTheWeek(50), Period::Undecided, micros(tuesdayNoon())));
        gateway::BudgetState reading = inTheWeek(50);
        reading.complete = false;
        QVERIFY(!usedUpAt(reading, Period::Week, micros(tuesdayNoon())));
        gateway::BudgetState nothing = inTheWeek(50);
        nothing.limitNanos = 0;
        QVERIFY(!usedUpAt(nothing, Period::Week, micros(tuesdayNoon())));
        gateway::BudgetState noSpan = inTheWeek(50);
        noSpan.until = noSpan.since;
        QVERIFY(!usedUpAt(noSpan, Period::Week, micros(tuesdayNoon())));
    }
};

} // namespace ui

QTEST_MAIN(ui::BudgetForecastTest)
#include "budget_forecast_test.moc"
