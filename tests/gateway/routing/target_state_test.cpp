// SPDX-License-Identifier: GPL-3.0-or-later
// In virtual time: nothing here waits.
#include <QTest>

#include "routing/target_state.h"

using namespace gateway::routing;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kStart = 1'700'000'000 * kSecond;

void fails(TargetState& state, std::int64_t now, int times = 1, const BreakerRules& rules = {})
{
    for (int i = 0; i < times; ++i) {
        const bool probe = state.begin(now);
        state.fail(now, probe, &rules);
    }
}

void succeeds(TargetState& state, std::int64_t now, int times = 1, const BreakerRules& rules = {})
{
    for (int i = 0; i < times; ++i) {
        const bool probe = state.begin(now);
        state.succeed(150, now, probe, &rules);
    }
}

} // namespace

class TargetStateTest : public QObject {
    Q_OBJECT

private slots:
    void countsWhatIsUnderWay();
    void remembersTheSlow();
    void forgets();
    void countsTheMinute();
    void opensAfterFailuresInARow();
    void opensWhereManyFail();
    void halfOpensWithOneAtATime();
    void isNotDecidedByStragglers();
    void hasNoCircuitWithoutRules();
    void closesAfterSuccesses();
    void opensAgainAtOnce();
    void letsARequestFindOutWhenThereIsNews();
    void keepsRatingsOutOfTheCircuit();
    void forgetsRatings();
};

void TargetStateTest::countsWhatIsUnderWay()
{
    TargetState state;
    QVERIFY(!state.begin(kStart) && !state.begin(kStart));
    QCOMPARE(state.inFlight(), 2u);
    state.leave(false);
    state.fail(kStart, false, nullptr);
    QCOMPARE(state.inFlight(), 0u);
    QCOMPARE(state.failures(), 1.0);
    QCOMPARE(state.successes(), 0.0);
}

void TargetStateTest::remembersTheSlow()
{
    TargetState state;
    QCOMPARE(state.firstTokenMicros(kStart), 0.0);
    state.firstToken(200'000, kStart);
    QCOMPARE(state.firstTokenMicros(kStart), 200'000.0);
    state.firstToken(3'000'000, kStart + kSecond); // a peak counts at once
    QCOMPARE(state.firstTokenMicros(kStart + kSecond), 3'000'000.0);
    for (int i = 2; i < 12; ++i)
        state.firstToken(200'000, kStart + i * kSecond); // and goes step by step
    const double after = state.firstTokenMicros(kStart + 11 * kSecond);
    QVERIFY2(after > 150'000 && after < 260'000, qPrintable(QString::number(after)));
}

void TargetStateTest::forgets()
{
    TargetState state;
    state.firstToken(3'000'000, kStart);
    state.tokenTime(10'100, kStart);
    QCOMPARE(state.tokenMicros(kStart), 10'100.0);
    QVERIFY(state.firstTokenMicros(kStart + 600 * kSecond) < 500'000);
    QCOMPARE(state.firstTokenMicros(kStart + 86'400 * kSecond), 0.0);
    // The clock may be set back.
    QCOMPARE(state.firstTokenMicros(kStart - 3600 * kSecond), 3'000'000.0);
}

void TargetStateTest::countsTheMinute()
{
    TargetState state;
    const std::int64_t minute = kStart - kStart % (60 * kSecond);
    succeeds(state, minute + kSecond, 3);
    QCOMPARE(state.requestsThisMinute(minute + 59 * kSecond), 3);
    QCOMPARE(state.tokensThisMinute(minute + 59 * kSecond), 450);
    QCOMPARE(state.requestsThisMinute(minute + 60 * kSecond), 0);
    succeeds(state, minute + 61 * kSecond);
    QCOMPARE(state.requestsThisMinute(minute + 62 * kSecond), 1);
    succeeds(state, minute + 59 * kSecond); // the clock of another thread, a little late
    QCOMPARE(state.requestsThisMinute(minute + 62 * kSecond), 2);
}

void TargetStateTest::opensAfterFailuresInARow()
{
    TargetState state;
    fails(state, kStart, 3);
    succeeds(state, kStart);
    fails(state, kStart, 3);
    QVERIFY(state.circuit(kStart) == CircuitState::Closed && !state.isAside(kStart));
    fails(state, kStart);
    QVERIFY(state.circuit(kStart) == CircuitState::Open && state.isAside(kStart));
    QCOMPARE(state.openUntil(), kStart + 60 * kSecond);
}

void TargetStateTest::opensWhereManyFail()
{
    TargetState state;
    BreakerRules rules;
    rules.failures = 1000;
    for (int i = 0; i < 4; ++i) {
        succeeds(state, kStart, 1, rules);
        fails(state, kStart, 1, rules);
    }
    QVERIFY(!state.isAside(kStart)); // half of eight
    fails(state, kStart, 4, rules);
    QVERIFY(state.isAside(kStart)); // eight of twelve
}

void TargetStateTest::halfOpensWithOneAtATime()
{
    TargetState state;
    fails(state, kStart, 4);
    const std::int64_t later = kStart + 61 * kSecond;
    QVERIFY(state.circuit(later) == CircuitState::HalfOpen && !state.isAside(later));
    QVERIFY(state.begin(later));
    QVERIFY(state.isAside(later)); // one is finding out
    QVERIFY(!state.begin(later));  // sent there all the same, it does not
    state.leave(false);
    QVERIFY(state.isAside(later));
    state.leave(true);
    QVERIFY(!state.isAside(later));
}

void TargetStateTest::isNotDecidedByStragglers()
{
    TargetState state;
    const BreakerRules rules;
    QVERIFY(!state.begin(kStart)); // an answer of half an hour
    fails(state, kStart, 4);
    state.succeed(1, kStart + kSecond, false, &rules);
    QVERIFY(state.circuit(kStart + kSecond) == CircuitState::Open);
    QVERIFY(!state.begin(kStart + kSecond));
    state.fail(kStart + 50 * kSecond, false, &rules);
    QCOMPARE(state.openUntil(), kStart + 60 * kSecond);
    QVERIFY(!state.begin(kStart + 50 * kSecond));
    QVERIFY(!state.isAside(kStart + 61 * kSecond)); // that one does not block the next chance
}

void TargetStateTest::hasNoCircuitWithoutRules()
{
    TargetState state;
    for (int i = 0; i < 20; ++i) {
        QVERIFY(!state.begin(kStart));
        state.fail(kStart, false, nullptr);
    }
    QVERIFY(state.circuit(kStart) == CircuitState::Closed);
}

void TargetStateTest::closesAfterSuccesses()
{
    TargetState state;
    fails(state, kStart, 4);
    const std::int64_t later = kStart + 61 * kSecond;
    succeeds(state, later);
    QVERIFY(state.circuit(later) == CircuitState::HalfOpen);
    succeeds(state, later);
    QVERIFY(state.circuit(later) == CircuitState::Closed);
    fails(state, later, 3);
    QVERIFY(!state.isAside(later));
}

void TargetStateTest::opensAgainAtOnce()
{
    TargetState state;
    fails(state, kStart, 4);
    const std::int64_t later = kStart + 61 * kSecond;
    succeeds(state, later);
    fails(state, later);
    QVERIFY(state.circuit(later) == CircuitState::Open);
    // The success before counts no more.
    const std::int64_t again = later + 61 * kSecond;
    succeeds(state, again);
    QVERIFY(state.circuit(again) == CircuitState::HalfOpen);
}

void TargetStateTest::letsARequestFindOutWhenThereIsNews()
{
    TargetState state;
    state.letProbe(kStart);
    QVERIFY(state.circuit(kStart) == CircuitState::Closed);
    fails(state, kStart, 4);
    QVERIFY(state.isAside(kStart));
    state.letProbe(kStart + kSecond);
    QVERIFY(state.circuit(kStart + kSecond) == CircuitState::HalfOpen);
    QVERIFY(!state.isAside(kStart + kSecond));
    succeeds(state, kStart + kSecond, 2);
    QVERIFY(state.circuit(kStart + kSecond) == CircuitState::Closed);
}

void TargetStateTest::keepsRatingsOutOfTheCircuit()
{
    TargetState state;
    for (int i = 0; i < 1000; ++i)
        state.rate(-1);
    QVERIFY(state.blame() > 45 && state.blame() <= 50);
    QCOMPARE(state.failures(), 0.0);
    fails(state, kStart, 3);
    QVERIFY(state.circuit(kStart) == CircuitState::Closed);
    state.rate(0);
    state.rate(0.25);
    QCOMPARE(state.praise(), 0.25);
}

void TargetStateTest::forgetsRatings()
{
    TargetState state;
    state.rate(1);
    state.rate(1);
    QCOMPARE(state.praise(), 1.98);
    succeeds(state, kStart, 200);
    QVERIFY(state.praise() < 0.05);
    state.rate(5); // no more than one request
    QVERIFY(state.praise() < 1.05);
}

QTEST_APPLESS_MAIN(TargetStateTest)
#include "target_state_test.moc"
