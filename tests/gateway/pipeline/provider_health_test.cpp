// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "base/wall_clock.h"
#include "pipeline/provider_health.h"

using namespace gateway;

namespace {

Error refusal(Code code, int status, std::optional<milliseconds> wait = {})
{
    Error error = upstreamError(code, Retry::NextTarget, "no");
    error.status = status;
    error.retryAfter = wait;
    return error;
}

} // namespace

class ProviderHealthTest : public QObject {
    Q_OBJECT

private slots:
    void setsARefusedKeyAside();
    void waitsAsLongAsTheProviderSays();
    void waitsAWhileWhereItDoesNotSay();
    void knowsAnAccountWithoutCredit();
    void doesNotBlameTheKeyForOurErrors();
    void triesAnotherKeyWhereThatMayHelp();
};

void ProviderHealthTest::setsARefusedKeyAside()
{
    for (const int status : {401, 402, 403}) {
        pipeline::KeyHealth health;
        const Code code = status == 402 ? Code::UpstreamError : Code::ProviderAuthFailed;
        pipeline::learnOfKey(health, refusal(code, 502), status);
        QVERIFY(health.refused.load() && health.isAside(nowMicros()));
        QCOMPARE(health.refusedWith.load(), status);
    }
}

void ProviderHealthTest::waitsAsLongAsTheProviderSays()
{
    pipeline::KeyHealth health;
    pipeline::learnOfKey(health, refusal(Code::RateLimitExceeded, 429, std::chrono::minutes(2)), 429);
    QVERIFY(!health.refused.load());
    QVERIFY(health.isAside(nowMicros() + 115'000'000));
    QVERIFY(!health.isAside(nowMicros() + 121'000'000));
    // Nobody is believed for longer than a day.
    pipeline::learnOfKey(health, refusal(Code::RateLimitExceeded, 429, std::chrono::hours(1000)), 429);
    QVERIFY(!health.isAside(nowMicros() + 86'401'000'000));
}

void ProviderHealthTest::waitsAWhileWhereItDoesNotSay()
{
    pipeline::KeyHealth health;
    pipeline::learnOfKey(health, refusal(Code::RateLimitExceeded, 429), 429);
    QVERIFY(health.isAside(nowMicros() + 3'000'000));
    QVERIFY(!health.isAside(nowMicros() + 5'100'000));
}

void ProviderHealthTest::knowsAnAccountWithoutCredit()
{
    pipeline::KeyHealth health;
    Error error = refusal(Code::RateLimitExceeded, 429);
    error.final = true;
    pipeline::learnOfKey(health, error, 429);
    QVERIFY(health.refused.load());
}

void ProviderHealthTest::doesNotBlameTheKeyForOurErrors()
{
    pipeline::KeyHealth health;
    pipeline::learnOfKey(health, clientError(Code::RateLimitExceeded, "ours"), 429);
    pipeline::learnOfKey(health, refusal(Code::UpstreamError, 502), 500);
    QVERIFY(!health.isAside(nowMicros()));
}

void ProviderHealthTest::triesAnotherKeyWhereThatMayHelp()
{
    QVERIFY(pipeline::isKeysFault(refusal(Code::ProviderAuthFailed, 502), 401));
    QVERIFY(pipeline::isKeysFault(refusal(Code::RateLimitExceeded, 429), 429));
    QVERIFY(pipeline::isKeysFault(refusal(Code::UpstreamError, 502), 402));
    QVERIFY(!pipeline::isKeysFault(refusal(Code::UpstreamError, 502), 500));
    QVERIFY(!pipeline::isKeysFault(refusal(Code::UpstreamRefused, 400), 400));
}

QTEST_APPLESS_MAIN(ProviderHealthTest)
#include "provider_health_test.moc"
