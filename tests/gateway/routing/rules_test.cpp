// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "gateway/config.h"

#include "routing/rules.h"

using namespace gateway;
using namespace gateway::routing;

namespace {

Error failure(Retry retry = Retry::SameTarget, std::optional<milliseconds> retryAfter = std::nullopt)
{
    Error error = upstreamError(Code::UpstreamOverloaded, retry, "busy");
    error.retryAfter = retryAfter;
    return error;
}

constexpr double kAlmostOne = 0.999'999;

} // namespace

class RulesTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhenALikenessCounts()
    {
        const MeaningRules usual = meaningRules({});
        QCOMPARE(usual.threshold, 0.45);
        QCOMPARE(usual.margin, 0.02);
        const MeaningRules own = meaningRules({std::string("0.6"), std::string("0")});
        QCOMPARE(own.threshold, 0.6);
        QCOMPARE(own.margin, 0.0);
    }

    void hasTheDefaultsThatArePromised()
    {
        const RetryRules retry = retryRules(nullptr, nullptr);
        QCOMPARE(retry.attempts, 2u);
        QVERIFY(retry.onStatus == (routing::StatusSet{408, 409, 429, 500, 502, 503, 504, 529}));
        QCOMPARE(retry.backoff, milliseconds(250));
        QCOMPARE(retry.maxBackoff, milliseconds(8000));
        QVERIFY(retry.honorRetryAfter);
        const TimeoutRules timeout = timeoutRules(nullptr, nullptr);
        QCOMPARE(timeout.connect, milliseconds(10'000));
        QCOMPARE(timeout.firstBytePlain, milliseconds(600'000));
        QCOMPARE(timeout.firstByteStreamed, milliseconds(120'000));
        QCOMPARE(timeout.idle, milliseconds(120'000));
        QVERIFY(!timeout.total);
    }

    void takesEachFieldFromTheNearestPlaceThatSaysIt()
    {
        RetryConfig route, provider;
        route.attempts = 0;
        route.onStatus = std::vector<int>{};
        provider.attempts = 7;
        provider.backoff = milliseconds(1);
        provider.honorRetryAfter = false;
        const RetryRules rules = retryRules(&route, &provider);
        QCOMPARE(rules.attempts, 0u);
        QVERIFY(rules.onStatus.empty());
        QCOMPARE(rules.backoff, milliseconds(1));
        QVERIFY(!rules.honorRetryAfter);
        QCOMPARE(rules.maxBackoff, milliseconds(8000));
        QCOMPARE(retryRules(nullptr, &provider).attempts, 7u);

        TimeoutConfig routeTime, providerTime;
        routeTime.firstByte = milliseconds(1);
        providerTime.firstByte = milliseconds(2);
        providerTime.total = milliseconds(3);
        const TimeoutRules times = timeoutRules(&routeTime, &providerTime);
        QCOMPARE(times.firstBytePlain, milliseconds(1));
        QCOMPARE(times.firstByteStreamed, milliseconds(1));
        QVERIFY(times.total == milliseconds(3));
        QCOMPARE(times.connect, milliseconds(10'000));
    }

    void triesTheSameTargetAsOftenAsAllowed()
    {
        RetryRules rules;
        rules.attempts = 2;
        QVERIFY(nextTry(rules, failure(), 0, 0.5));
        QVERIFY(nextTry(rules, failure(), 1, 0.5));
        QVERIFY(!nextTry(rules, failure(), 2, 0.5));
        rules.attempts = 0;
        QVERIFY(!nextTry(rules, failure(), 0, 0.5));
    }

    void goesOnWhereTheErrorSaysSo()
    {
        const RetryRules rules;
        for (const Retry retry : {Retry::Never, Retry::NextTarget, Retry::Undecided})
            QVERIFY(!nextTry(rules, failure(retry, milliseconds(1)), 0, 0.5));
    }

    void waitsAnywhereBelowADoublingCeiling()
    {
        RetryRules rules;
        rules.attempts = 1000;
        rules.backoff = milliseconds(100);
        rules.maxBackoff = milliseconds(1000);
        for (std::uint32_t failed = 0; failed < 1000; ++failed) {
            const std::int64_t ceiling = failed >= 4 ? 1000 : 100 << failed;
            QCOMPARE(nextTry(rules, failure(), failed, 0.0), std::optional(milliseconds(0)));
            QCOMPARE(nextTry(rules, failure(), failed, 0.5), std::optional(milliseconds(ceiling / 2)));
            const auto longest = nextTry(rules, failure(), failed, kAlmostOne);
            QVERIFY(longest && longest->count() < ceiling && longest->count() >= ceiling - 2);
        }
    }

    void waitsAsLongAsTheProviderSays()
    {
        const RetryRules rules;
        for (const double random : {0.0, kAlmostOne}) {
            const auto wait = nextTry(rules, failure(Retry::SameTarget, milliseconds(3000)), 0, random);
            QCOMPARE(wait, std::optional(milliseconds(3000)));
        }
        QCOMPARE(nextTry(rules, failure(Retry::SameTarget, milliseconds(0)), 0, kAlmostOne),
                 std::optional(milliseconds(0)));
        QVERIFY(!nextTry(rules, failure(Retry::SameTarget, milliseconds(3000)), 2, 0));
    }

    void goesOnRatherThanWaitTooLong()
    {
        RetryRules rules;
        QVERIFY(nextTry(rules, failure(Retry::SameTarget, milliseconds(8000)), 0, 0));
        QVERIFY(!nextTry(rules, failure(Retry::SameTarget, milliseconds(8001)), 0, 0));
        rules.honorRetryAfter = false;
        const auto wait = nextTry(rules, failure(Retry::SameTarget, milliseconds(8001)), 0, 0.5);
        QCOMPARE(wait, std::optional(milliseconds(125)));
    }
};

QTEST_GUILESS_MAIN(RulesTest)
#include "rules_test.moc"
