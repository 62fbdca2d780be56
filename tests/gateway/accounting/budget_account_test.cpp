// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <random>
#include <thread>
#include <vector>

#include <QScopeGuard>
#include <QTest>

#include "accounting/budget_account.h"
#include "base/iso_time.h"

using namespace gateway;
using namespace gateway::accounting;

namespace {

std::int64_t at(const char* iso)
{
    return parseIsoTime(iso)->micros;
}

constexpr std::int64_t kHour = 3'600'000'000;

void setZone(const QByteArray& name)
{
    qputenv("TZ", name);
    tzset();
}

} // namespace

class BudgetAccountTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { setZone("Europe/Berlin"); }

    void spansBeginByTheLocalClock_data()
    {
        QTest::addColumn<int>("period");
        QTest::addColumn<QByteArray>("now");
        QTest::addColumn<QByteArray>("begin");
        QTest::addColumn<QByteArray>("end");
        const auto row = [](const char* name, BudgetPeriod period, const char* now, const char* begin,
                            const char* end) {
            QTest::newRow(name) << static_cast<int>(period) << QByteArray(now) << QByteArray(begin)
                                << QByteArray(end);
        };
        row("hour", BudgetPeriod::Hour, "2026-11-26T22:59:59Z", "2026-11-26T22:00:00Z",
            "2026-11-26T23:00:00Z");
        row("day", BudgetPeriod::Day, "2026-11-26T22:59:59Z", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z");
        row("first moment", BudgetPeriod::Day, "2026-11-26T23:00:00Z", "2026-11-26T23:00:00Z",
            "2026-11-27T23:00:00Z");
        row("short day", BudgetPeriod::Day, "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z");
        row("long day", BudgetPeriod::Day, "2026-10-25T10:00:00Z", "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z");
        row("the hour that comes twice", BudgetPeriod::Hour, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z",
            "2026-10-25T02:00:00Z");
        row("week from Monday", BudgetPeriod::Week, "2026-11-29T12:00:00Z", "2026-11-22T23:00:00Z",
            "2026-11-29T23:00:00Z");
        row("week over the change", BudgetPeriod::Week, "2026-10-25T12:00:00Z", "2026-10-18T22:00:00Z",
            "2026-10-25T23:00:00Z");
        row("month", BudgetPeriod::Month, "2026-12-31T22:00:00Z", "2026-11-30T23:00:00Z",
            "2026-12-31T23:00:00Z");
        row("month of the change", BudgetPeriod::Month, "2026-10-10T22:00:00Z", "2026-09-30T22:00:00Z",
            "2026-10-31T23:00:00Z");
        row("short week", BudgetPeriod::Week, "2026-03-29T21:59:59Z", "2026-03-22T23:00:00Z",
            "2026-03-29T22:00:00Z");
        row("short month", BudgetPeriod::Month, "2026-03-31T21:59:59Z", "2026-02-28T23:00:00Z",
            "2026-03-31T22:00:00Z");
        row("last of a short day", BudgetPeriod::Day, "2026-03-29T21:59:59Z", "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z");
        row("last of a long day", BudgetPeriod::Day, "2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z");
        row("the hour before the one that is left out", BudgetPeriod::Hour, "2026-03-29T00:59:59Z",
            "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z");
    }
    void spansBeginByTheLocalClock()
    {
        QFETCH(int, period);
        QFETCH(QByteArray, now);
        QFETCH(QByteArray, begin);
        QFETCH(QByteArray, end);
        const TimeSpan span = spanAt(static_cast<BudgetPeriod>(period), at(now));
        QCOMPARE(QByteArray::fromStdString(isoText(span.begin)).left(19), begin.left(19));
        QCOMPARE(QByteArray::fromStdString(isoText(span.end)).left(19), end.left(19));
    }

    void spansBeginWhereClocksChangeAtMidnight_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<int>("period");
        QTest::addColumn<QByteArray>("begin");
        QTest::addColumn<QByteArray>("end");
        const auto row = [](const char* name, const char* zone, BudgetPeriod period, const char* begin,
                            const char* end) {
            QTest::newRow(name) << QByteArray(zone) << static_cast<int>(period) << QByteArray(begin)
                                << QByteArray(end);
        };
        // Days that begin at one o'clock, for there is no midnight.
        row("Brazil", "America/Sao_Paulo", BudgetPeriod::Day, "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z");
        row("Brazil, before", "America/Sao_Paulo", BudgetPeriod::Day, "2018-11-03T03:00:00Z",
            "2018-11-04T03:00:00Z");
        row("Brazil, week", "America/Sao_Paulo", BudgetPeriod::Week, "2018-10-29T03:00:00Z",
            "2018-11-05T02:00:00Z");
        row("Brazil, month", "America/Sao_Paulo", BudgetPeriod::Month, "2018-11-01T03:00:00Z",
            "2018-12-01T02:00:00Z");
        row("Egypt", "Africa/Cairo", BudgetPeriod::Day, "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z");
        row("Lebanon", "Asia/Beirut", BudgetPeriod::Day, "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z");
        row("Lebanon, week", "Asia/Beirut", BudgetPeriod::Week, "2024-03-24T22:00:00Z",
            "2024-03-31T21:00:00Z");
        // A month that would begin with the hour that is left out.
        row("Paraguay, month", "America/Asuncion", BudgetPeriod::Month, "2023-10-01T04:00:00Z",
            "2023-11-01T03:00:00Z");
        // Days whose last hour comes twice.
        row("Brazil in autumn", "America/Sao_Paulo", BudgetPeriod::Day, "2018-02-17T02:00:00Z",
            "2018-02-18T03:00:00Z");
        row("Egypt in autumn", "Africa/Cairo", BudgetPeriod::Day, "2024-10-30T21:00:00Z",
            "2024-10-31T22:00:00Z");
        row("Egypt in autumn, month", "Africa/Cairo", BudgetPeriod::Month, "2024-09-30T21:00:00Z",
            "2024-10-31T22:00:00Z");
    }
    void spansBeginWhereClocksChangeAtMidnight()
    {
        QFETCH(QByteArray, zone);
        QFETCH(int, period);
        QFETCH(QByteArray, begin);
        QFETCH(QByteArray, end);
        const auto home = qScopeGuard([] { setZone("Europe/Berlin"); });
        setZone(zone);
        // At every half hour of it, so that each budget of a span is the same one.
        for (std::int64_t now = at(begin); now < at(end); now += kHour / 2) {
            const TimeSpan span = spanAt(static_cast<BudgetPeriod>(period), now);
            QCOMPARE(QByteArray::fromStdString(isoText(span.begin)).left(19), begin.left(19));
            QCOMPARE(QByteArray::fromStdString(isoText(span.end)).left(19), end.left(19));
        }
        QCOMPARE(spanAt(static_cast<BudgetPeriod>(period), at(end) - 1).begin, at(begin));
        QCOMPARE(spanAt(static_cast<BudgetPeriod>(period), at(begin) - 1).end, at(begin));
    }

    void reservesWhatIsLeft()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        QVERIFY(account.reserve(100, 60, now));
        QVERIFY(!account.reserve(100, 41, now));
        QVERIFY(account.reserve(100, 40, now));
        QCOMPARE(account.state(now).reserved, 100);
        account.charge(5, now);
        account.release(60);
        QCOMPARE(account.state(now).spent, 5);
        QVERIFY(account.reserve(100, 55, now));
    }

    void lastCallMayGoBeyondAlone()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        QVERIFY(account.reserve(100, 5000, now));
        QVERIFY(!account.reserve(100, 1, now));
        account.charge(99, now);
        account.release(5000);
        QVERIFY(account.reserve(100, 5000, now));
        account.charge(1, now);
        account.release(5000);
        QVERIFY(!account.reserve(100, 0, now));
    }

    void nothingIsAllowedWhereNothingIsGiven()
    {
        BudgetAccount account(BudgetPeriod::Total);
        QVERIFY(!account.reserve(0, 0, at("2026-11-26T12:00:00Z")));
    }

    void beginsAnewAtMidnight()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t evening = at("2026-11-26T22:59:59Z");
        const std::int64_t night = at("2026-11-26T23:00:00Z");
        QVERIFY(account.reserve(100, 100, evening));
        account.charge(100, evening);
        account.release(100);
        QVERIFY(!account.reserve(100, 1, evening));
        QVERIFY(account.reserve(100, 1, night));
        QCOMPARE(account.state(night).spent, 0);
        QVERIFY(account.state(night).complete); // nobody has to ask what this process has seen from its begin
    }

    void knowsWhatTheLogSays()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        account.charge(7, now); // before anybody asked: the log has it
        const auto asking = account.wantsLog(now);
        QVERIFY(asking);
        QCOMPARE(asking->since, at("2026-11-25T23:00:00Z"));
        QVERIFY(!account.wantsLog(now));
        account.charge(3, now);
        QVERIFY(!account.state(now).complete);
        const std::vector<SpentAt> spent{
            {asking->since - kHour, 1000}, {asking->since, 40}, {now - kHour, 2}};
        account.complete(*asking, spent, now);
        QCOMPARE(account.state(now).spent, 45);
        QVERIFY(account.state(now).complete);
        QVERIFY(!account.wantsLog(now));
    }

    void asksWhatWasSpentWhileItWasAway()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        auto asking = account.wantsLog(now);
        QVERIFY(asking);
        account.complete(*asking, {}, now);
        account.leave();
        // A day that began without it is not known, although it began since.
        const std::int64_t tomorrow = at("2026-11-27T12:00:00Z");
        QVERIFY(!account.state(tomorrow).complete);
        asking = account.wantsLog(tomorrow);
        QVERIFY(asking);
        QCOMPARE(asking->since, at("2026-11-26T23:00:00Z"));
    }

    void anAnswerThatIsOutOfDateIsNotTaken_data()
    {
        QTest::addColumn<int>("period");
        QTest::newRow("day") << static_cast<int>(BudgetPeriod::Day);
        QTest::newRow("rolling day") << static_cast<int>(BudgetPeriod::RollingDay);
    }
    void anAnswerThatIsOutOfDateIsNotTaken()
    {
        QFETCH(int, period);
        BudgetAccount account(static_cast<BudgetPeriod>(period));
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        const auto old = account.wantsLog(now);
        QVERIFY(old);
        account.leave();
        account.complete(*old, std::vector<SpentAt>{{now - kHour, 10}}, now);
        QVERIFY(!account.state(now).complete); // it was away, and nobody has asked since
        const auto asking = account.wantsLog(now);
        QVERIFY(asking);
        account.complete(*old, std::vector<SpentAt>{{now - kHour, 10}}, now);
        QVERIFY(!account.state(now).complete);
        account.charge(3, now);
        account.complete(*asking, std::vector<SpentAt>{{now - kHour, 70}}, now);
        QVERIFY(account.state(now).complete);
        QCOMPARE(account.state(now).spent, 73);
        account.complete(*old, std::vector<SpentAt>{{now - kHour, 10}}, now);
        QCOMPARE(account.state(now).spent, 73);
    }

    void anUnreadableLogLeavesNothingToSpend()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        QVERIFY(account.wantsLog(now));
        account.fail();
        QVERIFY(account.isUnknown());
        QVERIFY(!account.reserve(100, 1, now));
        const auto asking = account.wantsLog(now);
        QVERIFY(asking);
        account.complete(*asking, {}, now);
        QVERIFY(!account.isUnknown());
        QVERIFY(account.reserve(100, 1, now));
    }

    void aClockSetBackGivesNothingBack()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        auto asking = account.wantsLog(now);
        QVERIFY(asking);
        account.complete(*asking, {}, now);
        account.charge(90, now);
        const std::int64_t before = at("2026-11-25T12:00:00Z");
        QCOMPARE(account.state(before).spent, 90);
        QVERIFY(!account.state(before).complete);
        asking = account.wantsLog(before);
        QVERIFY(asking);
        QCOMPARE(asking->since, at("2026-11-24T23:00:00Z"));
        account.complete(*asking, std::vector<SpentAt>{{asking->since, 20}}, before);
        QCOMPARE(account.state(before).spent, 20);
    }

    void aRollingDayForgetsHourByHour()
    {
        BudgetAccount account(BudgetPeriod::RollingDay);
        const std::int64_t start = at("2026-11-26T00:00:00Z");
        account.charge(10, start);
        account.charge(20, start + 12 * kHour);
        QCOMPARE(account.state(start + 23 * kHour).spent, 30);
        const std::int64_t renews = account.state(start + 23 * kHour).renews;
        QVERIFY(renews >= start + 24 * kHour && renews <= start + 25 * kHour);
        QCOMPARE(account.state(renews - 1).spent, 30);
        QCOMPARE(account.state(renews).spent, 20);
        QCOMPARE(account.state(start + 40 * kHour).spent, 0);
    }

    void moreIsAllowedInItsTimeAlone()
    {
        BudgetAccount account(BudgetPeriod::Day);
        account.setAmount(100);
        const std::int64_t evening = at("2026-11-26T22:59:59Z");
        account.charge(100, evening);
        QVERIFY(!account.reserve(100, 1, evening));
        const Allowance first = account.allow(50, evening);
        QCOMPARE(first.nanos, 50);
        QCOMPARE(first.since, at("2026-11-25T23:00:00Z"));
        QCOMPARE(first.until, at("2026-11-26T23:00:00Z"));
        QCOMPARE(account.allow(25, evening).nanos, 75);
        QCOMPARE(account.state(evening).allowed, 75);
        QVERIFY(account.reserve(100, 75, evening));
        QVERIFY(!account.reserve(100, 1, evening));
        account.release(75);
        const std::int64_t night = at("2026-11-26T23:00:00Z");
        QCOMPARE(account.state(night).allowed, 0);
        account.charge(100, night);
        QVERIFY(!account.reserve(100, 1, night));
        QCOMPARE(account.allow(5, night).nanos, 5); // and nothing of the day before
    }

    void whatWasAllowedForAllTimeEndsWithTheAmount()
    {
        BudgetAccount account(BudgetPeriod::Total);
        account.setAmount(100);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        const Allowance kept = account.allow(50, now);
        account.setAmount(100);
        QCOMPARE(account.state(now + 1000 * kHour).allowed, 50);
        account.setAmount(200);
        QCOMPARE(account.state(now).allowed, 0);
        account.restore(kept, now); // of another amount
        QCOMPARE(account.state(now).allowed, 0);
    }

    void whatWasAllowedOfARollingDayIsForADay()
    {
        BudgetAccount account(BudgetPeriod::RollingDay);
        account.setAmount(100);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        account.allow(50, now);
        account.allow(10, now + 12 * kHour);
        QCOMPARE(account.state(now + 36 * kHour - 1).allowed, 60);
        QCOMPARE(account.state(now + 36 * kHour).allowed, 0);
    }

    void whatWasAllowedIsRestored()
    {
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        Allowance kept;
        {
            BudgetAccount account(BudgetPeriod::Day);
            account.setAmount(100);
            kept = account.allow(50, now);
        }
        BudgetAccount account(BudgetPeriod::Day);
        account.setAmount(100);
        account.restore(kept, now);
        QCOMPARE(account.state(now).allowed, 50);
        account.allow(30, now);
        account.restore(kept, now); // read before that
        QCOMPARE(account.state(now).allowed, 80);
        BudgetAccount next(BudgetPeriod::Day);
        next.restore(kept, kept.until);
        QCOMPARE(next.state(kept.until).allowed, 0);
    }

    void countsRefusalsOfWhatIsSpentAlone()
    {
        BudgetAccount account(BudgetPeriod::Day);
        const std::int64_t now = at("2026-11-26T12:00:00Z");
        QVERIFY(account.reserve(100, 100, now));
        QVERIFY(!account.reserve(100, 1, now)); // others are under way
        QCOMPARE(account.state(now).refusals, 0U);
        account.charge(100, now);
        account.release(100);
        QVERIFY(!account.reserve(100, 1, now));
        QCOMPARE(account.state(now).refusals, 1U);
    }

    void parallelCallsNeverGoBeyond()
    {
        // The bound that the header states: one call that is let in alone.
        constexpr std::int64_t kLimit = 1'000'000;
        constexpr std::int64_t kMostEach = 5'000;
        BudgetAccount account(BudgetPeriod::Total);
        std::atomic<std::int64_t> admitted{0};
        std::vector<std::thread> threads;
        threads.reserve(8);
        for (unsigned seed = 0; seed < 8; ++seed) {
            threads.emplace_back([&, seed] {
                std::minstd_rand random(seed + 1);
                std::uniform_int_distribution<std::int64_t> most(1, kMostEach);
                for (int i = 0; i < 2000; ++i) {
                    const std::int64_t reserved = most(random);
                    if (!account.reserve(kLimit, reserved, 1)) continue;
                    const std::int64_t cost =
                        std::uniform_int_distribution<std::int64_t>(0, reserved)(random);
                    account.charge(cost, 1);
                    account.release(reserved);
                    admitted += cost;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        const BudgetAccount::State state = account.state(1);
        QCOMPARE(state.spent, admitted.load());
        QCOMPARE(state.reserved, 0);
        QCOMPARE(state.underWay, 0U);
        QVERIFY2(state.spent < kLimit + kMostEach, QByteArray::number(state.spent));
        QVERIFY2(state.spent > kLimit - kMostEach, QByteArray::number(state.spent));
    }
};

QTEST_GUILESS_MAIN(BudgetAccountTest)
#include "budget_account_test.moc"
