// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

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
    void knowsWhatIsLeftOfAKeysRate();
    void takesKeysWithRoomFirst();
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

void ProviderHealthTest::knowsWhatIsLeftOfAKeysRate()
{
    pipeline::KeyHealth health;
    const std::int64_t now = nowMicros();
    upstream::ReplyHead reply;
    QVERIFY(health.hasRoom({1'000'000}, now));
    reply.fields = {{"x-ratelimit-remaining-tokens", "500"}, {"x-ratelimit-reset-tokens", "30s"}};
    pipeline::noteRate(health, "gpt-5", reply, now);
    QVERIFY(health.hasRoom({500}, now));
    QVERIFY(!health.hasRoom({501}, now));
    QVERIFY(health.hasRoom({501}, now + 30'000'001));
    QVERIFY(health.usedUpUntil() <= now); // its requests are not
    reply.fields = {{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "5s"}};
    pipeline::noteRate(health, "gpt-5", reply, now);
    QVERIFY(!health.hasRoom({0}, now));
    QCOMPARE(health.usedUpUntil(), now + 5'000'000);
    QVERIFY(!health.isAside(now));                         // as a refusal would have it
    reply.fields = {{"content-type", "application/json"}}; // says nothing of it
    pipeline::noteRate(health, "gpt-5", reply, now);
    QVERIFY(!health.hasRoom({0}, now));
    reply.fields = {{"x-ratelimit-remaining-requests", "3"}};
    pipeline::noteRate(health, "gpt-5", reply, now);
    QVERIFY(health.hasRoom({500}, now) && !health.hasRoom({501}, now));
    // Of another model it says nothing.
    QVERIFY(!health.hasRoom({501, pipeline::RateNeed::markOf("gpt-5")}, now));
    QVERIFY(health.hasRoom({501, pipeline::RateNeed::markOf("gpt-5-mini")}, now));
    health.restore();
    QVERIFY(health.hasRoom({501}, now));
}

void ProviderHealthTest::takesKeysWithRoomFirst()
{
    const pipeline::Runtime runtime(std::make_shared<Config>(), 1, std::make_shared<catalog::Catalog>(), {});
    pipeline::ProviderRuntime provider;
    provider.kind = provider::findKind("openai");
    provider.config.keyOrder = KeyOrder::Listed;
    for (const char* id : {"a", "b"})
        provider.keys.push_back(
            {ProviderKeyId(id), Secret(id), {}, 1, std::make_shared<pipeline::KeyHealth>()});
    const std::int64_t now = nowMicros();
    pipeline::KeyHealth& first = *provider.keys.front().health;
    first.tokensLeft = 100;
    first.tokensUntil = now + 60'000'000;
    std::minstd_rand random;
    const auto firstOf = [&](std::int64_t tokens) {
        const auto keys = pipeline::usableKeys(runtime, provider, {}, {tokens}, random);
        return keys && keys.value().size() == 2 ? keys.value().front()->id.text : std::string();
    };
    QCOMPARE(firstOf(100), std::string("a"));
    QCOMPARE(firstOf(101), std::string("b")); // and the other is tried after it
    QVERIFY(pipeline::tokensMatter(provider, now) && !pipeline::tokensMatter(provider, now + 61'000'000));
    QVERIFY(!pipeline::keysLackRoom(provider, {101}, now));
    provider.keys.back().health->coolingUntil = now + 60'000'000;
    QVERIFY(pipeline::keysLackRoom(provider, {101}, now));
    QVERIFY(!pipeline::keysLackRoom(provider, {100}, now));
    QVERIFY(!pipeline::keysAreAside(provider, now));
}

QTEST_APPLESS_MAIN(ProviderHealthTest)
#include "provider_health_test.moc"
