// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTemporaryDir>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/route_tests.h"

using namespace gateway;

namespace {

Config configOf(const std::string& strategy, const std::string& tests)
{
    const auto target = [](const char* provider, int weight) {
        return R"({"provider": ")" + std::string(provider) + R"(", "model": "m", "weight": )" +
               std::to_string(weight) + "}";
    };
    const auto provider = [](const char* id, const char* price) {
        return "\"" + std::string(id) +
               R"(": {"kind": "openai", "models": {"m": {"alias": "mine", "price": {"input": )" + price +
               R"(, "output": )" + price + "}}}}";
    };
    const ParsedConfig parsed = parseConfig(
        "{\"providers\": {" + provider("a", "1") + ", " + provider("b", "2") +
        R"(}, "routes": {"r": {"strategy": ")" + strategy + "\", \"targets\": [" + target("a", 9) + ", " +
        target("b", 1) + "], \"tests\": [" + tests +
        R"(]}, "other": {"targets": [{"provider": "b", "model": "m"}], "tests": [{"name": "o", "request":
                    {"model": "x", "messages": [{"role": "user", "content": "hi"}]}, "expect": {"target": "b"}}]}}})");
    for (const ConfigProblem& problem : parsed.problems) {
        if (problem.weight != ConfigProblem::Weight::Warning)
            qFatal("%s: %s", problem.path.c_str(), problem.message.c_str());
    }
    return parsed.config;
}

std::string test(const std::string& expect, const std::string& more = {})
{
    return R"({"name": "t", "request": {"model": "x", "max_tokens": 100, "messages": [{"role": "user", "content": "hi"}]}, "expect": {)" +
           expect + "}" + more + "}";
}

// moc cannot read a raw string that ends in a quote.
std::string goes(const std::string& target)
{
    return "\"target\": \"" + target + "\"";
}

std::string with(const std::string& what, const std::string& name)
{
    return ", \"" + what + "\": [\"" + name + "\"]";
}

RouteTestResult resultOf(const std::string& strategy, const std::string& tests)
{
    const QTemporaryDir folder;
    const auto results = runRouteTests(configOf(strategy, tests), folder.path().toStdString(), "r");
    return results.empty() ? RouteTestResult() : results.front();
}

RouteTestResult resultOf(const std::string& tests)
{
    return resultOf("priority", tests);
}

bool says(const RouteTestResult& result, const char* part)
{
    return result.why.find(part) != std::string::npos;
}

} // namespace

class RouteTestsTest : public QObject {
    Q_OBJECT

private slots:
    void anExpectedTargetPasses_data()
    {
        QTest::addColumn<QByteArray>("target");
        for (const char* target : {"a/m", "a", "a/mine", "a*", "*/m", "?"})
            QTest::newRow(target) << QByteArray(target);
    }

    void anExpectedTargetPasses()
    {
        QFETCH(QByteArray, target);
        const auto result = resultOf(test("\"target\": \"" + target.toStdString() + "\""));
        QVERIFY2(result.passed, result.why.c_str());
        QCOMPARE(result.answers, std::string("a/m"));
        QVERIFY(result.costNanos.value_or(0) > 0);
        QVERIFY(result.why.empty());
    }

    void anotherTargetFailsAndSaysWhich()
    {
        const auto result = resultOf(test(goes("b/m")));
        QVERIFY(!result.passed);
        QCOMPARE(result.why, std::string("`a/m` would answer instead of `b/m`."));
    }

    void whoMustNotAnswerFails()
    {
        QVERIFY(resultOf(test("\"not\": [\"b\"]")).passed);
        const auto result = resultOf(test("\"not\": [\"b\", \"a*\"]"));
        QVERIFY(!result.passed);
        QVERIFY2(says(result, "which `a*` must not"), result.why.c_str());
    }

    void aCostThatIsTooHighFails()
    {
        QVERIFY(resultOf(test("\"max_cost_usd\": 0.01")).passed);
        const auto result = resultOf(test("\"max_cost_usd\": 0.0000001"));
        QVERIFY(!result.passed);
        QVERIFY2(says(result, "more than $0.0000001"), result.why.c_str());
    }

    void whatIsSimulatedHolds()
    {
        QVERIFY(resultOf(test(goes("b"), with("down", "a"))).passed);
        QVERIFY(resultOf(test(goes("b"), with("limited", "a/m"))).passed);
        QVERIFY(resultOf("lowest_latency", test(goes("b"), with("slow", "a/mine"))).passed);
        const auto nobody = resultOf(test(goes("a"), R"(, "down": ["a", "b"])"));
        QCOMPARE(nobody.why, std::string("Nobody would answer."));
        const auto stranger = resultOf(test(goes("a"), with("down", "aa")));
        QVERIFY2(says(stranger, "Did you mean \"a\"?"), stranger.why.c_str());
    }

    void whatOneTestSimulatesIsNothingToTheNext()
    {
        const QTemporaryDir folder;
        std::string second = test(goes("a"));
        second.replace(second.find("\"t\""), 3, "\"u\"");
        const auto results =
            runRouteTests(configOf("priority", test(goes("b"), with("down", "a")) + ", " + second),
                          folder.path().toStdString(), "r");
        QCOMPARE(results.size(), std::size_t{2});
        QVERIFY(results[0].passed && results[1].passed);
    }

    void withChanceItHasToHoldEachTime()
    {
        for (const char* strategy : {"weighted", "adaptive", "round_robin"}) {
            const auto result = resultOf(strategy, test(goes("a")));
            QVERIFY2(!result.passed, strategy);
            QVERIFY2(says(result, "of 100 runs"), result.why.c_str());
            QCOMPARE(result.answers, std::string("b/m"));
            QVERIFY(resultOf(strategy, test(goes("*/m"))).passed);
            // The same each time, or a change could be applied by asking again.
            QVERIFY(resultOf(strategy, test(goes("a"))) == result);
        }
    }

    void theClientsErrorIsTheReason()
    {
        const auto result = resultOf(
            R"({"name": "t", "request": {"messages": 1, "provider": {"zdr": 1}}, "expect": {"target": "a"}})");
        QVERIFY(!result.passed);
        QVERIFY2(!result.why.empty(), result.why.c_str());
    }

    void allRoutesHaveTheirTurnAndProgressCanStop()
    {
        const QTemporaryDir folder;
        const Config config = configOf("priority", test(goes("a")));
        const auto all = runRouteTests(config, folder.path().toStdString(), {});
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[1].route, std::string("other"));
        std::size_t said = 0;
        const auto some =
            runRouteTests(config, folder.path().toStdString(), {}, [&said](std::size_t done, std::size_t of) {
                said = done * 10 + of;
                return false;
            });
        QCOMPARE(some.size(), std::size_t{1});
        QCOMPARE(said, std::size_t{12});
        QVERIFY(runRouteTests(config, folder.path().toStdString(), "nobody").empty());
    }
};

QTEST_GUILESS_MAIN(RouteTestsTest)
#include "route_tests_test.moc"
