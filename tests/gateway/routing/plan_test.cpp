// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <QTest>

#include "gateway/config_io.h"

#include "routing/plan.h"

using namespace gateway;
using namespace gateway::routing;
using std::chrono::seconds;

namespace {

/// A small world of models, put together by each test.
class Directory : public ModelDirectory {
public:
    std::set<std::pair<std::string, std::string>> listed; // provider, model
    std::map<std::string, std::string> kinds;             // model -> kind that serves it by its name
    std::set<std::string> sick;                           // providers
    std::map<std::string, int> dollars;                   // provider -> price of every model
    std::set<std::string> catalog;
    std::vector<std::string> near;

    [[nodiscard]] bool serves(const ProviderConfig& provider, std::string_view model) const override
    {
        return listed.count({provider.id.text, std::string(model)}) != 0;
    }
    [[nodiscard]] std::string_view kindByName(std::string_view model) const override
    {
        const auto found = kinds.find(std::string(model));
        return found == kinds.end() ? std::string_view() : found->second;
    }
    [[nodiscard]] bool healthy(const ProviderConfig& provider) const override
    {
        return sick.count(provider.id.text) == 0;
    }
    [[nodiscard]] std::optional<Money> price(const ProviderConfig& provider, std::string_view) const override
    {
        const auto found = dollars.find(provider.id.text);
        if (found == dollars.end()) return std::nullopt;
        return Money::fromNanos(found->second * Money::kNanosPerDollar);
    }
    [[nodiscard]] bool known(std::string_view model) const override
    {
        return catalog.count(std::string(model)) != 0;
    }
    [[nodiscard]] std::vector<std::string> nearNames(std::string_view) const override { return near; }
};

/// Says something else about a provider's health each time it is asked, as keys may change meanwhile.
class Fickle : public Directory {
public:
    [[nodiscard]] bool healthy(const ProviderConfig&) const override { return m_random() % 2 == 0; }

private:
    mutable std::minstd_rand m_random{1};
};

/// JSON is written with single quotes here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

Config parsed(const std::string& text)
{
    ParsedConfig result = parseConfig(text);
    for (const ConfigProblem& problem : result.problems)
        qWarning("%s: %s", problem.path.c_str(), problem.message.c_str());
    return result.config;
}

/// Three providers, two routes (one inside the other) and aliases.
Config sample()
{
    return parsed(
        json("{"
             "'providers': {"
             "'openai': {'kind': 'openai', 'keys': [{'id': 'a', 'secret': 'env:A'}]},"
             "'anthropic': {'kind': 'anthropic', 'keys': [{'id': 'b', 'secret': 'env:B'}]},"
             "'lab': {'kind': 'openai-compatible', 'base_url': 'http://127.0.0.1:8000/v1',"
             "'models': {'qwen3-instruct': {'alias': 'qwen'}},"
             "'retry': {'attempts': 5, 'backoff_ms': 10}, 'timeout': {'idle_ms': 7000}}"
             "},"
             "'routes': {"
             "'smart': {"
             "'targets': [{'provider': 'anthropic', 'model': 'claude-sonnet-4-5'},"
             "{'route': 'cheap'},"
             "{'provider': 'openai', 'model': 'gpt-4.1', 'override': {'temperature': 0.2}}],"
             "'retry': {'attempts': 1}, 'timeout': {'total_ms': 60000, 'first_byte_ms': 9000}"
             "},"
             "'cheap': {'targets': [{'provider': 'lab', 'model': 'qwen'}, {'provider': 'openai', 'model': "
             "'gpt-4.1-mini'}],"
             "'retry': {'attempts': 0}}"
             "},"
             "'aliases': {'fast*': 'openai/first', 'fast-one': 'openai/exact', 'fast-*': 'openai/second',"
             "'best': 'smart', 'bare': 'some-model'}"
             "}"));
}

/// "provider/model" of each target, in order.
std::string described(const Result<Plan>& plan)
{
    if (!plan) return std::string(codeName(plan.error().code));
    std::string text = plan->route.empty() ? "" : plan->route.text + ":";
    for (const Target& target : plan->targets)
        text += (text.empty() ? "" : " ") + target.provider.text + "/" + target.model;
    return text;
}

std::string planned(const Config& config, const Directory& directory, std::string_view name)
{
    return described(planFor(config, directory, name));
}

} // namespace

class PlanTest : public QObject {
    Q_OBJECT

private slots:
    void takesARouteBeforeAllElse()
    {
        Config config = sample();
        config.aliases.insert(config.aliases.begin(), {"smart", "openai/alias"});
        Directory directory;
        directory.listed = {{"lab", "smart"}};
        QVERIFY(planned(config, directory, "smart").starts_with("smart: anthropic/"));
    }

    void takesTheExactAliasBeforeAPatternAndPatternsInFileOrder()
    {
        const Config config = sample();
        const Directory directory;
        QCOMPARE(planned(config, directory, "fast-one"), std::string("openai/exact"));
        QCOMPARE(planned(config, directory, "fast-two"), std::string("openai/first"));
        QCOMPARE(planned(config, directory, "Fast-one"), std::string("model_not_found"));
    }

    void followsAnAliasToARouteOrABareName()
    {
        const Config config = sample();
        Directory directory;
        directory.listed = {{"lab", "some-model"}};
        QCOMPARE(planned(config, directory, "best"), planned(config, directory, "smart"));
        QCOMPARE(planned(config, directory, "bare"), std::string("lab/some-model"));
    }

    void splitsAtTheFirstSlashAndForwardsWhatIsNotListed()
    {
        const Config config = sample();
        const Directory directory;
        QCOMPARE(planned(config, directory, "lab/meta/llama-3:free"), std::string("lab/meta/llama-3:free"));
        QCOMPARE(planned(config, directory, "openai/never-heard-of"), std::string("openai/never-heard-of"));
        QCOMPARE(planned(config, directory, "openai/"), std::string("model_not_found"));
        QCOMPARE(planned(config, directory, "/gpt-4.1"), std::string("model_not_found"));
    }

    void takesOllamasTagOffANameThatHasNone()
    {
        const Config config = sample();
        Directory directory;
        directory.listed = {{"lab", "some-model"}, {"lab", "tagged:latest"}, {"openai", "gpt-4.1"}};
        QCOMPARE(planned(config, directory, "smart:latest"), planned(config, directory, "smart"));
        QCOMPARE(planned(config, directory, "best:latest"), planned(config, directory, "best"));
        QCOMPARE(planned(config, directory, "some-model:latest"), std::string("lab/some-model"));
        QCOMPARE(planned(config, directory, "lab/some-model:latest"), std::string("lab/some-model"));
        QCOMPARE(planned(config, directory, "openai/gpt-4.1:latest"), std::string("openai/gpt-4.1"));
        QCOMPARE(planned(config, directory, "sandbox/echo:latest"), std::string("sandbox/echo"));
        // Names that really end so, or may.
        QCOMPARE(planned(config, directory, "tagged:latest"), std::string("lab/tagged:latest"));
        QCOMPARE(planned(config, directory, "lab/tagged:latest"), std::string("lab/tagged:latest"));
        QCOMPARE(planned(config, directory, "lab/unlisted:latest"), std::string("lab/unlisted:latest"));
        QCOMPARE(planned(config, directory, "nobody:latest"), std::string("model_not_found"));
        QCOMPARE(planned(config, directory, ":latest"), std::string("model_not_found"));
        QCOMPARE(withoutSuffix("smart:latest"), std::string_view("smart"));
    }

    void readsASlashBehindNoProviderAsPartOfTheModel()
    {
        Directory directory;
        directory.listed = {{"lab", "meta/llama-3"}};
        QCOMPARE(planned(sample(), directory, "meta/llama-3"), std::string("lab/meta/llama-3"));
        QCOMPARE(planned(sample(), directory, "meta/llama-4"), std::string("model_not_found"));
    }

    void reachesTheSandboxUnderItsNameOnly()
    {
        Config config;
        Directory directory;
        QCOMPARE(planned(config, directory, "sandbox/echo"), std::string("sandbox/echo"));
        QCOMPARE(planned(config, directory, "echo"), std::string("model_not_found"));
        config = parsed(R"({"providers": {"play": {"kind": "sandbox"}}})");
        directory.listed = {{"play", "echo"}};
        QCOMPARE(planned(config, directory, "play/echo"), std::string("play/echo"));
        QCOMPARE(planned(config, directory, "echo"), std::string("model_not_found"));
    }

    void givesABareNameToTheOneThatServesIt()
    {
        Directory directory;
        directory.listed = {{"lab", "qwen3"}};
        directory.sick = {"lab"};
        directory.kinds = {{"qwen3", "openai"}};
        QCOMPARE(planned(sample(), directory, "qwen3"), std::string("lab/qwen3"));
    }

    void prefersTheCheapestHealthyOfSeveral()
    {
        const Config config = sample();
        Directory directory;
        directory.listed = {{"openai", "m"}, {"anthropic", "m"}, {"lab", "m"}};
        QCOMPARE(planned(config, directory, "m"), std::string("openai/m")); // no price: the file's order
        directory.dollars = {{"anthropic", 3}};
        QCOMPARE(planned(config, directory, "m"), std::string("anthropic/m")); // a known price first
        directory.dollars = {{"openai", 5}, {"anthropic", 3}, {"lab", 1}};
        QCOMPARE(planned(config, directory, "m"), std::string("lab/m"));
        directory.sick = {"lab"};
        QCOMPARE(planned(config, directory, "m"), std::string("anthropic/m"));
        directory.sick = {"lab", "openai", "anthropic"};
        QCOMPARE(planned(config, directory, "m"), std::string("lab/m"));
    }

    void asksTheNameWhereNobodyListsTheModel()
    {
        const Config config = sample();
        Directory directory;
        directory.kinds = {{"claude-next", "anthropic"}, {"gpt-9", "openai"}, {"gemini-9", "gemini"}};
        QCOMPARE(planned(config, directory, "claude-next"), std::string("anthropic/claude-next"));
        QCOMPARE(planned(config, directory, "gpt-9"), std::string("openai/gpt-9"));
        QCOMPARE(planned(config, directory, "gemini-9"), std::string("model_not_found"));
        directory.listed = {{"lab", "gpt-9"}};
        QCOMPARE(planned(config, directory, "gpt-9"), std::string("lab/gpt-9"));
    }

    void turnsAModelsAliasIntoItsName()
    {
        const Config config = sample();
        Directory directory;
        directory.listed = {{"lab", "qwen"}};
        QCOMPARE(planned(config, directory, "lab/qwen"), std::string("lab/qwen3-instruct"));
        QCOMPARE(planned(config, directory, "qwen"), std::string("lab/qwen3-instruct"));
        QCOMPARE(planned(config, directory, "cheap"),
                 std::string("cheap: lab/qwen3-instruct openai/gpt-4.1-mini"));
    }

    void namesNearModelsWhereNothingServesIt()
    {
        Directory directory;
        directory.near = {"gpt-4.1", "gpt-4o", "gpt-5"};
        const auto plan = planFor(sample(), directory, "gpt-4,1");
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, Code::ModelNotFound);
        QCOMPARE(httpStatus(plan.error()), 404);
        QCOMPARE(plan.error().param, std::string("model"));
        QCOMPARE(
            plan.error().message,
            std::string("Nothing serves the model `gpt-4,1`. Did you mean `gpt-4.1`, `gpt-4o` or `gpt-5`?"));
        directory.near.clear();
        QVERIFY(planFor(sample(), directory, "x").error().message.ends_with("Did you mean `smart`?"));
        QVERIFY(planFor(Config(), directory, "x").error().message.ends_with("see GET /v1/models."));
    }

    void saysThatAProviderIsMissingOnlyForANameThatIsKnown()
    {
        Directory directory;
        directory.catalog = {"mistral-large"};
        const auto plan = planFor(sample(), directory, "mistral-large");
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, Code::NoProviderConfigured);
        QCOMPARE(httpStatus(plan.error()), 503);
        QVERIFY(plan.error().message.find("mistral-large") != std::string::npos);
        QCOMPARE(planned(sample(), directory, "mistral-larg"), std::string("model_not_found"));
    }

    void putsAnInnerRoutesTargetsInItsPlace()
    {
        const auto plan = planFor(sample(), Directory(), "smart");
        QCOMPARE(described(plan), std::string("smart: anthropic/claude-sonnet-4-5 lab/qwen3-instruct "
                                              "openai/gpt-4.1-mini openai/gpt-4.1"));
        QCOMPARE(plan->targets[3].overrideJson, std::string(R"({"temperature":0.2})"));
        for (int i = 0; i < 3; ++i)
            QVERIFY(plan->targets[static_cast<std::size_t>(i)].overrideJson.empty());
    }

    void takesRulesFromTheTargetsRouteThenItsProviderThenTheDefaults()
    {
        const auto plan = planFor(sample(), Directory(), "smart");
        QVERIFY(plan);
        const Target& outer = plan->targets[0];
        QCOMPARE(outer.retry.attempts, 1u);
        QCOMPARE(outer.retry.backoff, milliseconds(250));
        QCOMPARE(outer.timeout.firstBytePlain, milliseconds(9000));
        QCOMPARE(outer.timeout.firstByteStreamed, milliseconds(9000));
        QVERIFY(outer.timeout.total == milliseconds(60'000));
        QCOMPARE(outer.timeout.idle, milliseconds(120'000));
        // The inner route's own word, then its provider's; the outer route's is not for this target.
        const Target& inner = plan->targets[1];
        QCOMPARE(inner.retry.attempts, 0u);
        QCOMPARE(inner.retry.backoff, milliseconds(10));
        QCOMPARE(inner.timeout.idle, milliseconds(7000));
        QCOMPARE(inner.timeout.firstByteStreamed, milliseconds(120'000));
        QVERIFY(!inner.timeout.total);
    }

    void givesACallWithoutARouteItsProvidersRules()
    {
        const auto plan = planFor(sample(), Directory(), "lab/any");
        QVERIFY(plan);
        QVERIFY(plan->route.empty());
        QCOMPARE(plan->targets.front().retry.attempts, 5u);
        QCOMPARE(plan->targets.front().timeout.idle, milliseconds(7000));
        const auto sandbox = planFor(Config(), Directory(), "sandbox/echo");
        QCOMPARE(sandbox->targets.front().retry.attempts, 2u);
    }

    void keepsATargetWhoseProviderIsGone()
    {
        Config config = sample();
        config.providers.erase(config.providers.begin());
        QVERIFY(planned(config, Directory(), "smart").ends_with("openai/gpt-4.1"));
    }

    void endsOnRoutesThatLeadToThemselves()
    {
        // The configuration's rules refuse this; a plan must end all the same.
        Config config;
        RouteConfig circle;
        circle.id = RouteId("circle");
        circle.targets.resize(2);
        circle.targets[0].route = RouteId("circle");
        circle.targets[1].provider = ProviderId("lab");
        circle.targets[1].model = "m";
        config.routes = {circle};
        const auto plan = planFor(config, Directory(), "circle");
        QVERIFY(plan);
        QVERIFY(!plan->targets.empty() && plan->targets.size() <= 64);
    }

    void isSafeWhenHealthChangesWhileItChooses()
    {
        Config config;
        Fickle directory;
        for (int i = 0; i < 100; ++i) {
            ProviderConfig provider;
            provider.id = ProviderId("p" + std::to_string(i));
            provider.kind = "openai-compatible";
            directory.listed.insert({provider.id.text, "m"});
            config.providers.push_back(provider);
        }
        for (int i = 0; i < 50; ++i) {
            const auto plan = planFor(config, directory, "m");
            QVERIFY(plan);
            QCOMPARE(plan->targets.size(), std::size_t{1});
            QVERIFY(config.findProvider(plan->targets.front().provider.text) != nullptr);
        }
    }
};

QTEST_GUILESS_MAIN(PlanTest)
#include "plan_test.moc"
