// SPDX-License-Identifier: GPL-3.0-or-later
// What guardrails and prompt decoration do to a request is told by a dry run as it would be.
#include <string>
#include <vector>

#include <QTemporaryDir>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/dry_run.h"

using namespace gateway;

namespace {

// One provider abroad and one on the user's machine; the rest of the configuration is `more`.
Config configOf(const std::string& more, const std::string& routeMore = {})
{
    const std::string text =
        R"({"providers": {"far": {"kind": "openai", "keys": [{"id": "k", "secret": "env:K"}]},)"
        R"("home": {"kind": "ollama", "base_url": "http://127.0.0.1:1", "local": true}},)"
        R"("routes": {"r": {"targets": [{"provider": "far", "model": "m"}, {"provider": "home", "model": "m"}])" +
        routeMore +
        R"(}, "abroad": {"targets": [{"provider": "far", "model": "m"}]},)"
        R"("in": {"targets": [{"provider": "home", "model": "small"}]}}, )" +
        more + "}";
    const ParsedConfig parsed = parseConfig(text);
    for (const ConfigProblem& problem : parsed.problems) {
        if (problem.weight != ConfigProblem::Weight::Warning)
            qFatal("%s: %s", problem.path.c_str(), problem.message.c_str());
    }
    return parsed.config;
}

Config guardedBy(const std::string& rule)
{
    return configOf(R"("guardrails": {"private": )" + rule + "}");
}

Result<DryRun> runOf(const Config& config, const std::string& model, const std::string& said,
                     const std::string& more = {})
{
    const QTemporaryDir folder;
    // moc cannot read a raw string that ends in a quote.
    const std::string body = "{\"model\": \"" + model +
                             "\", \"messages\": [{\"role\": \"user\", \"content\": \"" + said + "\"}]" +
                             more + "}";
    return dryRun(config, folder.path().toStdString(), body, {});
}

std::string answering(const Result<DryRun>& run)
{
    if (!run) return run.error().message;
    const DryChoice* choice = run->answering();
    return choice ? choice->provider + "/" + choice->model : std::string();
}

constexpr const char* kHook = R"({"check": "webhook", "action": "block", "mode": "enforce", "scope": {}, )"
                              R"("params": {"url": "http://127.0.0.1:1/hook"}})";
constexpr const char* kMail = "write to ann@example.org and bob@example.org";

} // namespace

class DryRunGuardrailsTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsRefusedIsRefused()
    {
        const Config config =
            guardedBy(R"({"check": "pii", "action": "block", "mode": "enforce", "scope": {}})");
        const auto run = runOf(config, "r", kMail);
        QVERIFY(!run);
        QCOMPARE(run.error().code, Code::GuardrailBlocked);
        QVERIFY(run.error().message.find("`private`") != std::string::npos);
        QVERIFY(run.error().message.find("example.org") == std::string::npos);
        QCOMPARE(answering(runOf(config, "r", "hi")), std::string("far/m"));
    }

    void whatIsFoundIsTold()
    {
        const auto run = runOf(
            guardedBy(R"({"check": "pii", "action": "mask", "mode": "enforce", "scope": {}})"), "r", kMail);
        QCOMPARE(answering(run), std::string("far/m"));
        QCOMPARE(run->guardrails.size(), std::size_t{1});
        const DryGuardrail& told = run->guardrails.front();
        QCOMPARE(told.id, std::string("private"));
        QCOMPARE(told.check, std::string("pii"));
        QCOMPARE(told.action, std::string("mask"));
        QVERIFY(!told.observes && !told.asks && !told.fails);
        QVERIFY2(told.found.find("(2)") != std::string::npos, told.found.c_str());
        QVERIFY(told.found.find("ann") == std::string::npos);
    }

    void whoObservesChangesNothing()
    {
        const auto run = runOf(
            guardedBy(R"({"check": "pii", "action": "block", "mode": "observe", "scope": {}})"), "r", kMail);
        QCOMPARE(answering(run), std::string("far/m"));
        QCOMPARE(run->guardrails.size(), std::size_t{1});
        QVERIFY(run->guardrails.front().observes);
    }

    void whatStaysLocalGoesToLocalTargets()
    {
        const Config config =
            guardedBy(R"({"check": "pii", "action": "reroute", "mode": "enforce", "scope": {}})");
        QCOMPARE(answering(runOf(config, "r", kMail)), std::string("home/m"));
        QCOMPARE(answering(runOf(config, "r", "hi")), std::string("far/m"));
        const std::string refusal = answering(runOf(config, "abroad", kMail));
        QVERIFY2(refusal.find("`private` lets this request go to a local model only") != std::string::npos,
                 refusal.c_str());
    }

    void elseToTheRuleOwnRoute()
    {
        const Config config = guardedBy(
            R"({"check": "pii", "action": "reroute", "route": "in", "mode": "enforce", "scope": {}})");
        const auto run = runOf(config, "abroad", kMail);
        QCOMPARE(answering(run), std::string("home/small"));
        QCOMPARE(run->steps.size(), std::size_t{1});
        QCOMPARE(run->steps.front().route, std::string("in"));
        QCOMPARE(answering(runOf(config, "r", kMail)), std::string("home/m")); // has a local one itself
    }

    void onlyRulesOfTheRequestHold()
    {
        const Config config = guardedBy(
            R"({"check": "pii", "action": "block", "mode": "enforce", "scope": {"routes": ["abroad"]}})");
        QCOMPARE(answering(runOf(config, "r", kMail)), std::string("far/m"));
        QVERIFY(!runOf(config, "abroad", kMail));
    }

    void whoAsksElsewhereIsToldNothing()
    {
        const auto run = runOf(guardedBy(kHook), "r", "hi");
        QCOMPARE(answering(run), std::string("far/m"));
        QCOMPARE(run->guardrails.size(), std::size_t{1});
        QVERIFY(run->guardrails.front().asks);
        QVERIFY(run->guardrails.front().found.empty());
    }

    void whatIsAddedIsTold()
    {
        const Config config = configOf(R"("presets": {"coach": {"model": "r", "system": "Be kind."}})",
                                       R"(, "decorate": {"pinned": {"temperature": 0.5}})");
        const auto plain = runOf(config, "r", "hi", R"(, "temperature": 1)");
        QVERIFY2(plain->choices.front().rewritesJson.find("temperature") != std::string::npos,
                 plain->choices.front().rewritesJson.c_str());
        QVERIFY(plain->choices.front().rewritesJson.find("Be kind.") == std::string::npos);
        const auto preset = runOf(config, "preset/coach", "hi");
        QCOMPARE(preset->choices.size(), std::size_t{2});
        for (const DryChoice& choice : preset->choices) {
            QVERIFY(choice.rewritesJson.find("Be kind.") != std::string::npos);
            QVERIFY(choice.rewritesJson.find("temperature") != std::string::npos);
        }
        QVERIFY(runOf(config, "abroad", "hi")->choices.front().rewritesJson.empty());
    }
};

QTEST_GUILESS_MAIN(DryRunGuardrailsTest)
#include "dry_run_guardrails_test.moc"
