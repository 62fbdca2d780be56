// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/dry_run.h"

using namespace gateway;
using Kind = DrySimulation::Kind;
using Names = std::vector<std::string>;

namespace {

const char* const kBody = R"({"model":"r","messages":[{"role":"user","content":"hi"}]})";

// Three providers of which each has a key and a price of its own, and one on the user's machine.
Config configOf(const std::string& strategy, const std::string& targets, const std::string& more = {})
{
    const auto provider = [](const char* id, const char* price, const char* rest) {
        return "\"" + std::string(id) +
               R"(": {"kind": "openai", "keys": [{"id": "k", "secret": "env:K"}], "models": {"m": {"price": {"input": )" +
               price + R"(, "output": )" + price + "}}}" + rest + "}";
    };
    const std::string text =
        "{\"providers\": {" + provider("a", "1", R"(, "data_policy": {"trains_on_data": false})") + ", " +
        provider("b", "2", R"(, "data_policy": {"retention_days": 0})") + ", " + provider("c", "4", "") +
        R"(, "home": {"kind": "ollama", "base_url": "http://127.0.0.1:1", "local": true}}, "routes": {"r": {"strategy": ")" +
        strategy + "\", \"targets\": [" + targets + "]" + more + "}}}";
    const ParsedConfig parsed = parseConfig(text);
    for (const ConfigProblem& problem : parsed.problems) {
        if (problem.weight != ConfigProblem::Weight::Warning)
            qFatal("%s: %s", problem.path.c_str(), problem.message.c_str());
    }
    return parsed.config;
}

const char* const kAll =
    R"({"provider": "a", "model": "m"}, {"provider": "b", "model": "m"}, {"provider": "c", "model": "m"})";

Config three(const std::string& strategy = "priority")
{
    return configOf(strategy, kAll);
}

Result<DryRun> runOf(const Config& config, const std::string& body, const DryRunOptions& options = {})
{
    const QTemporaryDir folder;
    return dryRun(config, folder.path().toStdString(), body, options);
}

// moc cannot read a raw string that ends in a quote.
std::string saying(std::size_t bytes)
{
    return R"({"model":"r","messages":[{"role":"user","content":")" + std::string(bytes, 'x') + "\"}]}";
}

Names order(const Result<DryRun>& run)
{
    Names names;
    if (!run) return {run.error().message};
    for (const DryChoice& choice : run->choices)
        names.push_back(choice.provider);
    return names;
}

std::string answering(const Result<DryRun>& run)
{
    const DryChoice* choice = run ? run->answering() : nullptr;
    return choice ? choice->provider : std::string();
}

} // namespace

class DryRunTest : public QObject {
    Q_OBJECT

private slots:
    void aTargetThatIsDownComesLastAndFails()
    {
        const auto run = runOf(three(), kBody, {{}, {{"a", Kind::Down}}});
        QCOMPARE(order(run), (Names{"b", "c", "a"}));
        QCOMPARE(run->choices.back().setback, std::string("circuit_open"));
        QVERIFY(run->choices.back().fails);
        QVERIFY(!run->choices.front().fails);
        QCOMPARE(answering(run), std::string("b"));
    }

    void whereAllAreDownNobodyAnswers()
    {
        const auto run =
            runOf(three(), kBody, {{}, {{"a", Kind::Down}, {"b/m", Kind::Down}, {"c", Kind::Down}}});
        QCOMPARE(order(run), (Names{"a", "b", "c"}));
        QVERIFY(run->answering() == nullptr);
    }

    void whatNoRouteLeadsToFailsToo()
    {
        const auto run = runOf(three(), R"({"model":"c/other","messages":[{"role":"user","content":"hi"}]})",
                               {{}, {{"c", Kind::Down}}});
        QCOMPARE(order(run), Names{"c"});
        QVERIFY(run->choices[0].fails && run->choices[0].setback.empty());
    }

    void rateLimitedKeysPutAProviderBack()
    {
        const auto run = runOf(three(), kBody, {{}, {{"a/m", Kind::Limited}}});
        QCOMPARE(order(run), (Names{"b", "c", "a"}));
        QCOMPARE(run->choices.back().setback, std::string("keys_aside"));
        QVERIFY(!run->choices.back().fails);
    }

    void aProviderWithoutKeysCanBeLimitedToo()
    {
        const Config config =
            configOf("priority", R"({"provider": "home", "model": "m"}, {"provider": "a", "model": "m"})");
        QCOMPARE(order(runOf(config, kBody)), (Names{"home", "a"}));
        QCOMPARE(order(runOf(config, kBody, {{}, {{"home", Kind::Limited}}})), (Names{"a", "home"}));
    }

    void strategiesThatLookAtTimesAvoidWhatIsSlow()
    {
        for (const char* strategy : {"lowest_latency", "highest_throughput"}) {
            const auto run = runOf(three(strategy), kBody, {{}, {{"a", Kind::Slow}}});
            QCOMPARE(order(run), (Names{"b", "c", "a"}));
            QVERIFY(run->choices.back().setback.empty());
        }
        QCOMPARE(order(runOf(three(), kBody, {{}, {{"a", Kind::Slow}}})), (Names{"a", "b", "c"}));
    }

    void whoSimulatesAStrangerHearsANearName()
    {
        const auto unknown = runOf(three(), kBody, {{}, {{"a/mm", Kind::Down}}});
        QVERIFY(!unknown);
        QVERIFY2(unknown.error().message.find("Did you mean \"a/m\"?") != std::string::npos,
                 unknown.error().message.c_str());
        QVERIFY(!runOf(three(), kBody, {{}, {{"d", Kind::Slow}}}));
        QVERIFY(!runOf(three(), kBody, {{}, {{"a/", Kind::Slow}}}));
        QVERIFY(!runOf(three(), kBody, {{}, {{"", Kind::Slow}}}));
        QVERIFY(runOf(three(), kBody, {{}, {{"sandbox", Kind::Down}}}));
    }

    void everyTargetSaysWhatTheRequestCostsThere()
    {
        const Config config =
            configOf("lowest_cost", R"({"provider": "c", "model": "m"}, {"provider": "a", "model": "m"},
            {"provider": "home", "model": "x"}, {"provider": "b", "model": "nobody-knows"})");
        const auto run =
            runOf(config, R"({"model":"r","max_tokens":100,"messages":[{"role":"user","content":"hi"}]})");
        QVERIFY(run);
        QCOMPARE(order(run), (Names{"home", "a", "c", "b"}));
        QCOMPARE(run->choices[0].costNanos.value_or(-1), std::int64_t{0});
        const std::int64_t nanos = (run->inputTokens + 100) * 1000; // a dollar for a million tokens
        QCOMPARE(run->choices[1].costNanos.value_or(-1), nanos);
        QCOMPARE(run->choices[2].costNanos.value_or(-1), 4 * nanos);
        QVERIFY(!run->choices[3].costNanos);
    }

    void knownTokensMakeTheCost()
    {
        const QTemporaryDir folder;
        auto explainer = DryExplainer::make(three(), folder.path().toStdString());
        QVERIFY(explainer);
        LogRow row;
        row.inputTokens = 1000;
        row.outputTokens = 2000;
        const auto run = explainer->run({kBody, {}, &row});
        QVERIFY(run);
        QCOMPARE(run->choices[0].costNanos.value_or(-1), std::int64_t{3'000'000});
    }

    void conditionsSeeWhatWasLogged()
    {
        const Config config =
            configOf("conditional", R"({"provider": "a", "model": "m", "when": {"key": "cursor"}},
            {"provider": "b", "model": "m", "when": {"metadata.team": "x"}},
            {"provider": "c", "model": "m", "when": {"dialect": "anthropic"}},
            {"provider": "home", "model": "m"})");
        const QTemporaryDir folder;
        auto explainer = DryExplainer::make(config, folder.path().toStdString());
        QVERIFY(explainer);
        LogRow row;
        QCOMPARE(answering(explainer->run({kBody, {}, &row})), std::string("home"));
        row.dialect = "anthropic";
        QCOMPARE(answering(explainer->run({kBody, {}, &row})), std::string("c"));
        row.metadataJson = R"({"team":"x"})";
        QCOMPARE(answering(explainer->run({kBody, {}, &row})), std::string("b"));
        row.key = "cursor";
        QCOMPARE(answering(explainer->run({kBody, {}, &row})), std::string("a"));
    }

    void whatTheBodyWantsOfDataIsObeyed()
    {
        const auto wanting = [](const char* wish) {
            return R"({"model":"r","messages":[{"role":"user","content":"hi"}],"provider":{)" +
                   std::string(wish) + "}}";
        };
        QCOMPARE(order(runOf(three(), wanting("\"data_collection\":\"deny\""))), Names{"a"});
        QCOMPARE(order(runOf(three(), wanting("\"zdr\":true"))), Names{"b"});
        const Config none = configOf("priority", R"({"provider": "c", "model": "m"})");
        const auto refused = runOf(none, wanting("\"zdr\":true"));
        QVERIFY(!refused);
        QVERIFY(refused.error().code == Code::DataPolicy);
    }

    void whereNobodyIsAbleTheClientsErrorComes()
    {
        const Config config = configOf("priority", R"({"provider": "a", "model": "gpt-3.5-turbo-instruct"})");
        const auto run = runOf(
            config,
            R"({"model":"r","messages":[{"role":"user","content":"hi"}],"provider":{"require_parameters":true},
            "tools":[{"type":"function","function":{"name":"f","parameters":{}}}]})");
        QVERIFY(!run);
        QVERIFY(run.error().code == Code::ModelNotFound);
        QVERIFY(run.error().message.find("require_parameters") != std::string::npos);
        QCOMPARE(run.error().param, std::string("provider.require_parameters"));
    }

    void providersWithKeysCountAsHealthy()
    {
        // A plain name goes to a healthy provider before a cheaper one.
        const Config config = configOf("priority", R"({"provider": "a", "model": "m"})");
        QCOMPARE(order(runOf(config, R"({"model":"m","messages":[{"role":"user","content":"hi"}]})")),
                 Names{"a"});
        Config keyless = config;
        keyless.providers[0].keys.clear();
        QCOMPARE(order(runOf(keyless, R"({"model":"m","messages":[{"role":"user","content":"hi"}]})")),
                 Names{"b"});
    }

    void chanceIsDrawnAnewForEachRequest()
    {
        const QTemporaryDir folder;
        auto explainer = DryExplainer::make(three("weighted"), folder.path().toStdString());
        QVERIFY(explainer);
        std::set<std::string> first;
        for (int i = 0; i < 100; ++i)
            first.insert(answering(explainer->run({kBody, {}})));
        QCOMPARE(first.size(), std::size_t{3});
    }

    void turnsGoOnUntilSomethingElseIsSimulated()
    {
        const QTemporaryDir folder;
        auto explainer = DryExplainer::make(three("round_robin"), folder.path().toStdString());
        QVERIFY(explainer);
        Names found;
        for (int i = 0; i < 4; ++i)
            found.push_back(answering(explainer->run({kBody, {}})));
        QCOMPARE(found, (Names{"a", "b", "c", "a"}));
        QVERIFY(explainer->simulate({}));
        QCOMPARE(answering(explainer->run({kBody, {}})), std::string("a"));
        QVERIFY(explainer->simulate({{"a", Kind::Down}}));
        QVERIFY(answering(explainer->run({kBody, {}})) != "a");
        QVERIFY(!explainer->simulate({{"nobody", Kind::Down}}));
        QCOMPARE(answering(explainer->run({kBody, {}})), std::string("a"));
    }

    void oneExplainerServesManyRequests()
    {
        const QTemporaryDir folder;
        auto explainer = DryExplainer::make(three("lowest_cost"), folder.path().toStdString());
        QVERIFY(explainer);
        const std::string body = saying(20'000);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(answering(explainer->run({body, {}})), std::string("a"));
    }
};

QTEST_GUILESS_MAIN(DryRunTest)
#include "dry_run_test.moc"
