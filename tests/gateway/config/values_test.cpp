// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>
#include <thread>

#include <QTest>

#include "gateway/error.h"
#include "gateway/ids.h"

#include "base/base64.h"
#include "base/glob.h"
#include "base/iso_time.h"
#include "base/nearest_name.h"
#include "base/redaction.h"
#include "base/sha256.h"
#include "base/strings.h"

using namespace gateway;

/// Errors, ids and the small text tools that the configuration and the checks at the door share.
class ValuesTest : public QObject {
    Q_OBJECT

private slots:
    void everyCodeHasItsOwnName()
    {
        std::set<std::string> names;
        for (int i = 0; i <= static_cast<int>(Code::Internal); ++i)
            names.emplace(codeName(static_cast<Code>(i)));
        QCOMPARE(names.size(), static_cast<std::size_t>(Code::Internal) + 1);
        QVERIFY(codeName(Code::InvalidApiKey) == "invalid_api_key");
        QVERIFY(codeName(Code::ProviderAuthFailed) == "provider_auth_failed");
    }

    void givesTheContractsStatuses()
    {
        QCOMPARE(httpStatus(clientError(Code::InvalidApiKey, "")), 401);
        QCOMPARE(httpStatus(clientError(Code::HeadersTooLarge, "")), 431);
        QCOMPARE(httpStatus(upstreamError(Code::UpstreamTimeout, Retry::NextTarget, "")), 504);
        Error refused = upstreamError(Code::UpstreamRefused, Retry::Never, "");
        refused.status = 422;
        QCOMPARE(httpStatus(refused), 422);
        QVERIFY(!isFinal(refused));
        QVERIFY(isFinal(clientError(Code::ModelNotAllowed, "")));
        QVERIFY(!isFinal(clientError(Code::RateLimitExceeded, "")));
        Error spent = clientError(Code::BudgetExceeded, "");
        spent.status = 429;
        QVERIFY(isFinal(spent));
    }

    void requestIdsGrowAndComeBack()
    {
        const RequestId first = nextRequestId(1'800'000'000'000'000);
        const RequestId second = nextRequestId(1'800'000'000'000'000);
        const RequestId third = nextRequestId(1'700'000'000'000'000);
        QVERIFY(first < second && second < third);
        QCOMPARE(first.microseconds(), std::int64_t(1'800'000'000'000'000));
        QCOMPARE(RequestId::parse(third.text()).value, third.value);
        QVERIFY(first.text() < second.text());
        for (const char* wrong : {"", "req_", "req_0000000000000x", "req_zzzzzzzzzzzzz", "req_00000000000ol",
                                  "abc_0000000000000"})
            QCOMPARE(RequestId::parse(wrong).value, std::int64_t(0));
    }

    void requestIdsAreUniqueAcrossThreads()
    {
        constexpr std::size_t kEach = 20'000;
        std::vector<std::vector<std::int64_t>> made(4);
        std::vector<std::thread> threads;
        for (auto& own : made)
            threads.emplace_back([&own] {
                for (std::size_t i = 0; i < kEach; ++i)
                    own.push_back(nextRequestId(1'900'000'000'000'000).value);
            });
        std::set<std::int64_t> all;
        for (std::size_t i = 0; i < threads.size(); ++i) {
            threads[i].join();
            all.insert(made[i].begin(), made[i].end());
        }
        QCOMPARE(all.size(), made.size() * kEach);
    }

    void hashes()
    {
        QCOMPARE(hexText(sha256("abc")),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QVERIFY(parseSha256("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD") ==
                sha256("abc"));
        QVERIFY(!parseSha256("ba78"));
        QVERIFY(!parseSha256(std::string(64, 'g')));
        QVERIFY(equalsInConstantTime(sha256("a"), sha256("a")));
        QVERIFY(!equalsInConstantTime(sha256("a"), sha256("b")));
    }

    void encodesBase64()
    {
        QCOMPARE(base64(""), std::string());
        QCOMPARE(base64("f"), std::string("Zg=="));
        QCOMPARE(base64("fo"), std::string("Zm8="));
        QCOMPARE(base64("foobar"), std::string("Zm9vYmFy"));
        QCOMPARE(base64Url("\xFB\xFF"), std::string("-_8"));
    }

    void matchesGlobs()
    {
        QVERIFY(globMatches("*", ""));
        QVERIFY(globMatches("gpt-*", "gpt-4.1"));
        QVERIFY(globMatches("*mini*", "gpt-4.1-mini-x"));
        QVERIFY(globMatches("a?c", "abc"));
        QVERIFY(!globMatches("a?c", "ac"));
        QVERIFY(!globMatches("gpt-4", "gpt-4.1"));
        QVERIFY(!globMatches("", "a"));
        QVERIFY(globMatches("a*b*c", "aXbYbZc"));
        QVERIFY(!globMatches(std::string(2000, '*') + "b", std::string(5000, 'a')));
        QVERIFY(isGlob("a*") && !isGlob("a.b"));
    }

    void findsTheNearestName()
    {
        const std::vector<std::string> names = {"providers", "routes", "server"};
        QCOMPARE(nearestName("sever", names), std::string("server"));
        QCOMPARE(nearestName("ROUTES", names), std::string("routes"));
        QCOMPARE(nearestName("rotues", names), std::string("routes"));
        QCOMPARE(nearestName("zzz", names), std::string());
        QCOMPARE(nearestName(std::string(100'000, 'a'), names), std::string());
        QCOMPARE(didYouMean("provider", names), std::string(" Did you mean \"providers\"?"));
    }

    void readsTimes()
    {
        QCOMPARE(parseIsoTime("1970-01-02")->micros, kMicrosPerDay);
        QVERIFY(parseIsoTime("2026-12-31")->dateOnly);
        QCOMPARE(parseIsoTime("1970-01-01T01:00:00.5+01:00")->micros, kMicrosPerSecond / 2);
        QCOMPARE(parseIsoTime("1970-01-01 00:01Z")->micros, 60 * kMicrosPerSecond);
        QCOMPARE(isoText(parseIsoTime("2026-12-31T18:00:00.25Z")->micros),
                 std::string("2026-12-31T18:00:00.250000Z"));
        for (const char* wrong :
             {"", "2026", "2026-02-30", "2026-13-01", "26-01-01", "2026-01-01T", "2026-01-01T24:00",
              "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "2026-01-01x"})
            QVERIFY2(!parseIsoTime(wrong), wrong);
    }

    void takesSecretsOut()
    {
        const std::string_view secret = "sk-live-0123456789";
        const std::string text = "a sk-live-0123456789 b " + base64(secret) + " c";
        QCOMPARE(withoutSecrets(text, std::span(&secret, 1)).find("sk-live"), std::string::npos);
        QCOMPARE(withoutSecrets(text, std::span(&secret, 1)).find(base64(secret).substr(0, 12)),
                 std::string::npos);
        const std::string_view tiny = "a";
        QCOMPARE(withoutSecrets("banana", std::span(&tiny, 1)), std::string("banana"));
    }

    void takesOutWhatLooksLikeAKey()
    {
        QCOMPARE(withoutKeys("key sk-proj-abcdefghij1234, end"), std::string("key [redacted], end"));
        QCOMPARE(withoutKeys("Authorization: Bearer abcdef123456.x"),
                 std::string("Authorization: Bearer [redacted]"));
        QCOMPARE(withoutKeys("GET /v1?alt=sse&key=AbC12345678 HTTP"),
                 std::string("GET /v1?alt=sse&key=[redacted] HTTP"));
        QCOMPARE(withoutKeys("bearer authentication is needed"),
                 std::string("bearer authentication is needed"));
        QCOMPARE(withoutKeys("the task-sk-1"), std::string("the task-sk-1"));
    }

    void cutsTextAtCharacters()
    {
        QCOMPARE(shortened("abc", 3), std::string("abc"));
        QCOMPARE(shortened("aéb", 2), std::string("a…"));
        QCOMPARE(shortened("a\nb", 9), std::string("a?b"));
        QCOMPARE(splitAt("a,,b", ',').size(), std::size_t(3));
        QVERIFY(trimmed(" \t a b\r\n") == "a b");
    }
};

QTEST_GUILESS_MAIN(ValuesTest)
#include "values_test.moc"
