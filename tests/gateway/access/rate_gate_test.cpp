// SPDX-License-Identifier: GPL-3.0-or-later
#include <deque>
#include <random>

#include <QTest>

#include "access/rate_gate.h"

using namespace gateway;
using namespace gateway::access;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;

RateLimits perMinute(std::uint32_t requests)
{
    RateLimits limits;
    limits.rpm = requests;
    return limits;
}

} // namespace

class RateGateTest : public QObject {
    Q_OBJECT

private slots:
    void letsInWhatIsAllowed()
    {
        RateGate gate;
        const RateLimits limits = perMinute(2);
        const std::int64_t now = 1000 * kMinute;
        QVERIFY(!gate.enter(limits, 0, now));
        QCOMPARE(gate.requests(limits, now)->remaining, 1);
        QVERIFY(!gate.enter(limits, 0, now + kSecond));
        const auto refused = gate.enter(limits, 0, now + 2 * kSecond);
        QVERIFY(refused);
        QCOMPARE(refused->what, std::string("2 requests a minute"));
        QVERIFY(refused->waitMicros > 57 * kSecond && refused->waitMicros <= 60 * kSecond);
        QVERIFY(gate.enter(limits, 0, now + 2 * kSecond + refused->waitMicros - 1));
        QVERIFY(!gate.enter(limits, 0, now + 2 * kSecond + refused->waitMicros));
        QCOMPARE(gate.requests(limits, now + 10 * kMinute)->remaining, 2);
    }

    void neverMoreWithinAnyMinute()
    {
        RateGate gate;
        const RateLimits limits = perMinute(30);
        std::minstd_rand random(7);
        std::exponential_distribution<double> pause(1.0 / (0.7 * kSecond));
        std::deque<std::int64_t> entered;
        std::int64_t now = 5 * kMinute;
        int refusals = 0;
        for (int i = 0; i < 20'000; ++i) {
            now += static_cast<std::int64_t>(pause(random));
            if (gate.enter(limits, 0, now)) {
                ++refusals;
                continue;
            }
            entered.push_back(now);
            while (entered.front() <= now - kMinute)
                entered.pop_front();
            QVERIFY(entered.size() <= 30);
        }
        QVERIFY(refusals > 1000);
    }

    void countsTokensAsTheyTurnOut()
    {
        RateGate gate;
        RateLimits limits;
        limits.tpm = 1000;
        const std::int64_t now = 7 * kMinute;
        QVERIFY(!gate.enter(limits, 900, now));
        QVERIFY(gate.enter(limits, 200, now));
        // It was 100, as turned out after a while.
        const std::int64_t later = now + 30 * kSecond;
        gate.leave(-800, now, later);
        QCOMPARE(gate.tokens(limits, later)->remaining, 900);
        QVERIFY(!gate.enter(limits, 200, later));
        gate.leave(300, later, later + kSecond); // it was 500
        QCOMPARE(gate.tokens(limits, later + kSecond)->remaining, 400);
        // Each counts from when it came.
        QCOMPARE(gate.tokens(limits, now + 62 * kSecond)->remaining, 500);
        // Nothing is taken back that is no longer counted.
        QVERIFY(!gate.enter(limits, 400, now + 62 * kSecond));
        gate.leave(-300, now + 62 * kSecond, now + 5 * kMinute);
        QCOMPARE(gate.tokens(limits, now + 5 * kMinute)->remaining, 1000);
    }

    void notesTokensOfWhatIsInside()
    {
        RateGate gate;
        RateLimits limits;
        limits.tpm = 1000;
        const std::int64_t now = 7 * kMinute;
        QVERIFY(!gate.enter(limits, 0, now));
        gate.note(600, now + kSecond);
        QVERIFY(!gate.tokensRefusal(limits, now + kSecond));
        gate.note(400, now + 30 * kSecond);
        const auto refusal = gate.tokensRefusal(limits, now + 30 * kSecond);
        QVERIFY(refusal && !refusal->isConcurrency);
        QCOMPARE(refusal->what, std::string("1000 tokens a minute"));
        QVERIFY(refusal->waitMicros > 0 && refusal->waitMicros <= 32 * kSecond);
        // Its end takes back none of them.
        gate.leave(0, now, now + 31 * kSecond);
        QVERIFY(gate.tokensRefusal(limits, now + 31 * kSecond));
        QVERIFY(!gate.tokensRefusal(limits, now + 30 * kSecond + refusal->waitMicros));
    }

    void oneThatIsTooLargeIsServedAlone()
    {
        RateGate gate;
        RateLimits limits;
        limits.tpm = 100;
        const std::int64_t now = 7 * kMinute;
        QVERIFY(!gate.enter(limits, 5000, now));
        gate.leave(0, now, now);
        QVERIFY(gate.enter(limits, 1, now));
        QVERIFY(!gate.enter(limits, 5000, now + 2 * kMinute));
    }

    void countsWhatIsUnderWay()
    {
        RateGate gate;
        RateLimits limits;
        limits.concurrent = 2;
        QVERIFY(!gate.enter(limits, 0, 1));
        QVERIFY(!gate.enter(limits, 0, 1));
        const auto refused = gate.enter(limits, 0, 1);
        QVERIFY(refused && refused->isConcurrency);
        gate.leave(0, 1, 1);
        QVERIFY(!gate.enter(limits, 0, 1));
    }

    void aRefusedOneCountsNowhere()
    {
        RateGate gate;
        RateLimits limits = perMinute(10);
        limits.tpm = 10;
        QVERIFY(!gate.enter(limits, 10, kMinute));
        for (int i = 0; i < 20; ++i)
            QVERIFY(gate.enter(limits, 1, kMinute));
        QCOMPARE(gate.requests(limits, kMinute)->remaining, 9);
    }

    void hoursAndDaysHoldToo()
    {
        RateGate gate;
        RateLimits limits;
        limits.rph = 3;
        limits.rpd = 4;
        std::int64_t now = 100'000 * kMinute;
        for (int i = 0; i < 3; ++i)
            QVERIFY(!gate.enter(limits, 0, now));
        QVERIFY(gate.enter(limits, 0, now + 30 * kMinute));
        now += 62 * kMinute;
        QVERIFY(!gate.enter(limits, 0, now));
        const auto refused = gate.enter(limits, 0, now);
        QVERIFY(refused);
        QCOMPARE(refused->what, std::string("4 requests a day"));
    }
};

QTEST_GUILESS_MAIN(RateGateTest)
#include "rate_gate_test.moc"
