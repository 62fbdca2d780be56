// SPDX-License-Identifier: GPL-3.0-or-later
#include <string_view>
#include <utility>
#include <vector>

#include <QTest>

#include "base/iso_time.h"
#include "pipeline/rate_headers.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::int64_t kNow = 1'741'305'600'000'000; // 2025-03-07T00:00:00Z
constexpr std::int64_t kSecond = kMicrosPerSecond;

RateLeft rateOf(const Fields& fields)
{
    return readRateHeaders(fields, kNow);
}

std::int64_t aheadOf(std::string_view reset)
{
    const RateLeft rate =
        rateOf({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", reset}});
    return rate.requestsUntil == 0 ? 0 : rate.requestsUntil - kNow;
}

} // namespace

class RateHeadersTest : public QObject {
    Q_OBJECT

private slots:
    void saysNothingWhereNothingIsSaid()
    {
        QVERIFY(rateOf({}) == RateLeft());
        QVERIFY(rateOf({{"content-type", "application/json"},
                        {"x-request-id", "req_1"},
                        {"x-ratelimit-limit-requests", "60"},
                        {"anthropic-ratelimit-unified-status", "allowed"},
                        {"ratelimit-policy", "\"default\";q=50"},
                        {"", ""}}) == RateLeft());
    }

    void readsOpenAisFields()
    {
        const RateLeft rate = rateOf({{"x-ratelimit-limit-requests", "60"},
                                      {"X-RateLimit-Remaining-Requests", "59"},
                                      {"x-ratelimit-reset-requests", "1s"},
                                      {"x-ratelimit-remaining-tokens", "149984"},
                                      {"x-ratelimit-reset-tokens", "6m0s"}});
        QCOMPARE(rate.requests.value_or(-1), 59);
        QCOMPARE(rate.requestsUntil, kNow + kSecond);
        QCOMPARE(rate.tokens.value_or(-1), 149'984);
        QCOMPARE(rate.tokensUntil, kNow + 360 * kSecond);
    }

    void readsTheTightestOfAnthropicsCounts()
    {
        Fields fields{{"anthropic-ratelimit-requests-remaining", "999"},
                      {"anthropic-ratelimit-requests-reset", "2025-03-07T00:00:01Z"},
                      {"anthropic-ratelimit-tokens-remaining", "96000"},
                      {"anthropic-ratelimit-tokens-reset", "2025-03-07T00:00:02Z"},
                      {"anthropic-ratelimit-input-tokens-remaining", "80000"},
                      {"anthropic-ratelimit-input-tokens-reset", "2025-03-07T00:00:03Z"},
                      {"anthropic-ratelimit-output-tokens-remaining", "16000"},
                      {"anthropic-ratelimit-output-tokens-reset", "2025-03-07T00:00:04Z"}};
        QCOMPARE(rateOf(fields).requests.value_or(-1), 999);
        QCOMPARE(rateOf(fields).requestsUntil, kNow + kSecond);
        QCOMPARE(rateOf(fields).tokens.value_or(-1), 80'000);
        QCOMPARE(rateOf(fields).tokensUntil, kNow + 3 * kSecond);
        fields[6].second = "0"; // no answer can have a word
        QCOMPARE(rateOf(fields).tokens.value_or(-1), 0);
        QCOMPARE(rateOf(fields).tokensUntil, kNow + 4 * kSecond);
    }

    void readsPlainFields_data()
    {
        QTest::addColumn<QByteArray>("prefix");
        QTest::addColumn<QByteArray>("reset");
        QTest::newRow("OpenRouter, milliseconds since 1970")
            << QByteArray("X-RateLimit-") << QByteArray("1741305630000");
        QTest::newRow("seconds since 1970") << QByteArray("x-ratelimit-") << QByteArray("1741305630");
        QTest::newRow("IETF, seconds from now") << QByteArray("RateLimit-") << QByteArray("30");
        QTest::newRow("a fraction") << QByteArray("ratelimit-") << QByteArray("30.0");
    }

    void readsPlainFields()
    {
        QFETCH(QByteArray, prefix);
        QFETCH(QByteArray, reset);
        const std::string left = prefix.toStdString() + "Remaining";
        const std::string until = prefix.toStdString() + "Reset";
        const RateLeft rate = rateOf({{left, "0"}, {until, reset.toStdString()}});
        QCOMPARE(rate.requests.value_or(-1), 0);
        QCOMPARE(rate.requestsUntil, kNow + 30 * kSecond);
        QVERIFY(!rate.tokens);
    }

    void readsSpansOfTime()
    {
        QCOMPARE(aheadOf("1s"), kSecond);
        QCOMPARE(aheadOf("120ms"), 120'000);
        QCOMPARE(aheadOf("900us"), 900);
        QCOMPARE(aheadOf("7.66s"), 7'660'000);
        QCOMPARE(aheadOf("2m59.56s"), 179'560'000);
        QCOMPARE(aheadOf(" 59 "), 59 * kSecond);
        QCOMPARE(aheadOf("2025-03-07T00:00:01Z"), kSecond);
        QCOMPARE(aheadOf("2025-03-07T01:00:01+01:00"), kSecond);
    }

    void believesNobodyForLongerThanTenMinutes()
    {
        for (const char* reset : {"1h2m", "10m1s", "86400", "2035-01-01T00:00:00Z", "9999999999999999999",
                                  "99999999999999999999999999999999999999s"})
            QCOMPARE(aheadOf(reset), kLongestReset);
    }

    void leavesOutWhatMakesNoSense()
    {
        for (const char* reset : {"", "0", "0s", "-1", "soon", "1", "5x", "5m3", "s", "inf", "nan", "1e9s",
                                  "2025-03-06T23:59:59Z", "2025-13-99T00:00:00Z", "1741305599"}) {
            const bool isTime = std::string_view(reset) == "1";
            QCOMPARE(aheadOf(reset), isTime ? kSecond : 0);
        }
        // Azure does not know, others say words.
        for (const char* left : {"-1", "", "many", "1.5", "99999999999999999999"})
            QVERIFY(!rateOf({{"x-ratelimit-remaining-tokens", left}}).tokens);
    }
};

QTEST_APPLESS_MAIN(RateHeadersTest)
#include "rate_headers_test.moc"
