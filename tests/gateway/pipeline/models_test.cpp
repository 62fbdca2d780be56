// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <QTest>

#include "gateway/config_io.h"

#include "pipeline/model_lists.h"
#include "pipeline/models_answer.h"
#include "pipeline/row_price.h"

using namespace gateway;
using namespace gateway::pipeline;
using Json = nlohmann::json;
using Names = std::vector<std::string>;

namespace {

std::shared_ptr<const catalog::Catalog> models()
{
    static const auto parsed = [] {
        const auto row = [](const std::string& id, const std::string& kind, const std::string& more) {
            return "{\"id\":\"" + id + "\",\"kind\":\"" + kind + "\",\"in\":[\"text\"],\"tools\":true" +
                   more + "}";
        };
        auto made = catalog::Catalog::parse(
            R"({"schema":1,"date":"2026-01-02","source":"a test","models":[)" +
            row("gpt-4.1", "openai", R"(,"input":"2","output":"8","context":1000000)") + "," +
            row("stepped", "gemini", R"(,"input":"2","output":"8","tiers":[{"above":1000,"input":"4"}])") +
            "," +
            row("batched", "gemini", R"(,"input":"2","output":"8","batch":{"input":"0.5","output":"2"})") +
            "," + row("text-embedding-3", "openai", ",\"mode\":\"embedding\"") + "," +
            row("claude-sonnet-4-5", "anthropic", ",\"input\":\"3\",\"output\":\"15\"") + "]}");
        return std::make_shared<const catalog::Catalog>(made ? std::move(made.value()) : catalog::Catalog());
    }();
    return parsed;
}

const catalog::Presets& presets()
{
    static const catalog::Presets none;
    return none;
}

/// JSON is written with single quotes here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::unique_ptr<Runtime> runtimeOf(const std::string& json)
{
    ParsedConfig parsed = parseConfig(json);
    for (const ConfigProblem& problem : parsed.problems) {
        if (problem.weight == ConfigProblem::Weight::Error)
            qWarning("%s: %s", problem.path.c_str(), problem.message.c_str());
    }
    auto runtime = std::make_unique<Runtime>(std::make_shared<const Config>(std::move(parsed.config)), 4777,
                                             models(), presets());
    for (ProviderRuntime& provider : runtime->providers)
        provider.state = std::make_shared<ProviderState>();
    return runtime;
}

/// A provider of each sort: with its own list, with the catalog's, with one that was fetched.
std::unique_ptr<Runtime> sample()
{
    auto runtime =
        runtimeOf(json("{"
                       "'providers': {"
                       "'openai': {'kind': 'openai', 'keys': [{'id': 'a', 'secret': 'env:A'}]},"
                       "'own': {'kind': 'openai-compatible', 'base_url': 'http://127.0.0.1:8000/v1',"
                       "'models': {'qwen3-instruct': {'alias': 'qwen', 'context': 4096, 'price': {'input': "
                       "0.5, 'output': 0.000001}},"
                       "'secret-model': {'hidden': true}, 'claude-sonnet-4-5': {}}},"
                       "'lab': {'kind': 'openai-compatible', 'base_url': 'http://127.0.0.1:8001/v1'},"
                       "'anthropic': {'kind': 'anthropic', 'keys': [{'id': 'b', 'secret': 'env:B'}]}"
                       "},"
                       "'routes': {'smart': {'targets': [{'provider': 'openai', 'model': 'gpt-4.1'}]}},"
                       "'aliases': {'fast': 'openai/gpt-4.1', 'gpt-*': 'openai/gpt-4.1'}"
                       "}"));
    for (ProviderRuntime& provider : runtime->providers) {
        if (provider.config.id.text == "lab") provider.state->list.set({"llama-3", "gpt-oss"});
    }
    return runtime;
}

Names idsOf(const std::vector<ListedModel>& listed)
{
    Names ids;
    for (const ListedModel& model : listed)
        ids.push_back(model.id);
    return ids;
}

Json parsed(const std::string& text)
{
    return Json::parse(text, nullptr, false);
}

} // namespace

class ModelsTest : public QObject {
    Q_OBJECT

private slots:
    void ownPricesHoldForEverySize()
    {
        Usage usage;
        usage.known = true;
        usage.inputTokens = 2000;
        const auto costOf = [&usage](const char* models) {
            const auto runtime =
                runtimeOf(json(std::string("{'providers':{'p':{'kind':'gemini','keys':[]") + models + "}}}"));
            return runtime->costOf(usage, *runtime->findProvider("p"), "stepped").amount.nanos();
        };
        QCOMPARE(costOf(""), 8'000'000); // four dollars a million
        QCOMPARE(costOf(",'models':{'stepped':{'price':{'input':1,'output':5}}}"), 2'000'000);
        QCOMPARE(costOf(",'models':{'stepped':{'context':5000}}"), 8'000'000);
    }

    void batchesHavePricesOfTheirOwn()
    {
        Usage usage;
        usage.known = true;
        usage.inputTokens = 2000;
        const auto costOf = [&usage](const char* models, const char* model, bool isSum = false) {
            const auto runtime =
                runtimeOf(json(std::string("{'providers':{'p':{'kind':'gemini','keys':[]") + models + "}}}"));
            const Cost cost = runtime->batchCostOf(usage, *runtime->findProvider("p"), model, isSum);
            return std::pair(cost.amount.nanos(), cost.source);
        };
        QVERIFY(costOf("", "batched") == std::pair(std::int64_t{1'000'000}, CostSource::Computed));
        QVERIFY(costOf("", "batched", true) == std::pair(std::int64_t{1'000'000}, CostSource::Computed));
        // Half of the usual price where nobody states one; a sum does not tell the sizes.
        QVERIFY(costOf("", "stepped") == std::pair(std::int64_t{4'000'000}, CostSource::Estimated));
        QVERIFY(costOf("", "stepped", true) == std::pair(std::int64_t{2'000'000}, CostSource::Estimated));
        const char* const own = ",'models':{'batched':{'price':{'input':1,'output':5}}}";
        QVERIFY(costOf(own, "batched") == std::pair(std::int64_t{2'000'000}, CostSource::Computed));
        QVERIFY(costOf(own, "batched-2026-01-02") ==
                std::pair(std::int64_t{2'000'000}, CostSource::Computed));
        QVERIFY(costOf("", "nobody").second == CostSource::Unknown);
    }

    void pricesRowsAnewAsTheyWereServed()
    {
        const auto runtime = runtimeOf(json("{'providers':{'p':{'kind':'gemini','keys':[]}}}"));
        const auto priced = [&runtime](const char* model, const char* service) {
            LogRow row;
            row.provider = "p";
            row.model = model;
            row.serviceTier = service;
            row.inputTokens = 2000;
            row.costSource = "unknown";
            const bool isCounted = priceAnew(*runtime, "2026-11-27", row);
            return isCounted ? row : LogRow();
        };
        const LogRow online = priced("batched", "");
        QCOMPARE(online.costNanos, 4'000'000);
        QCOMPARE(online.priceVersion, std::string("recalculated 2026-11-27"));
        // Nothing in a row says who counted it.
        QCOMPARE(online.costSource, std::string("estimated"));
        QCOMPARE(priced("batched", "batch").costNanos, 1'000'000);
        // A batch is a sum, which no step by size is for.
        QCOMPARE(priced("stepped", "").costNanos, 8'000'000);
        QCOMPARE(priced("stepped", "batch").costNanos, 2'000'000);
        QCOMPARE(priced("nobody", "batch").costSource, std::string("unknown"));
    }

    void keepsAListSortedAndEachNameOnce()
    {
        ModelList list;
        QVERIFY(list.names() == nullptr);
        QVERIFY(!list.contains("a"));
        list.set({"b", "a", "c", "a"});
        QCOMPARE(*list.names(), (Names{"a", "b", "c"}));
        QVERIFY(list.contains("a") && list.contains("c"));
        QVERIFY(!list.contains("") && !list.contains("aa") && !list.contains("d"));
        const auto held = list.names();
        list.set({});
        QVERIFY(list.names()->empty() && !list.contains("a"));
        QCOMPARE(held->size(), std::size_t{3}); // who reads an old list keeps it
    }

    void letsOneCallerAskInATime()
    {
        ModelList list;
        QVERIFY(list.claim(std::chrono::hours(1)));
        QVERIFY(!list.claim(std::chrono::hours(1)));
        QVERIFY(!list.claim(std::chrono::hours(1)));
        QVERIFY(list.claim(std::chrono::seconds(0)));
        list.set({"a"});
        QVERIFY(!list.claim(std::chrono::hours(1)));
    }

    void readsTheIdsOfAList()
    {
        QCOMPARE(
            modelIds(R"({"object":"list","data":[{"id":"gpt-4.1","object":"model"},{"id":"a\/\u00e4"}]})"),
            (Names{"gpt-4.1", "a/ä"}));
        QCOMPARE(
            modelIds(R"({"data":[{"type":"model","id":"claude-x","display_name":"X"}],"has_more":false})"),
            Names{"claude-x"});
        for (const char* body :
             {"", "{}", "[]", "null", R"({"data":{}})", R"({"data":[]})", R"({"data":["a"]})",
              R"({"data":[{"id":7},{"id":""},{"id":null},{"name":"x"},[],null]})", "{\"data\":[{\"id\":\"a",
              "<html>"})
            QVERIFY2(modelIds(body).empty(), body);
        QVERIFY(modelIds("{\"data\":[{\"id\":\"" + std::string(257, 'x') + "\"}]}").empty());
        std::string many = R"({"data":[)";
        for (int i = 0; i < 25'000; ++i)
            many += (i == 0 ? "" : ",") + std::string("{\"id\":\"m") + std::to_string(i) + "\"}";
        QCOMPARE(modelIds(many + "]}").size(), std::size_t{20'000});
    }

    void listsWhatAClientMayName()
    {
        const auto runtime = sample();
        QCOMPARE(idsOf(listModels(*runtime, nullptr)),
                 (Names{"smart", "fast", "gpt-4.1", "qwen", "own/claude-sonnet-4-5", "gpt-oss", "llama-3",
                        "anthropic/claude-sonnet-4-5", "sandbox/echo", "sandbox/slow", "sandbox/flaky",
                        "sandbox/tools"}));
        QCOMPARE(idsOf(listModels(*runtimeOf("{}"), nullptr)),
                 (Names{"sandbox/echo", "sandbox/slow", "sandbox/flaky", "sandbox/tools"}));
    }

    void listsWhatTheProviderNamesBesideItsEntries()
    {
        const auto runtime = sample();
        for (ProviderRuntime& provider : runtime->providers) {
            if (provider.config.id.text == "own")
                provider.state->list.set({"qwen3-instruct", "secret-model", "phi-5", "qwen"});
        }
        const Names ids = idsOf(listModels(*runtime, nullptr));
        const auto count = [&ids](const char* id) { return std::count(ids.begin(), ids.end(), id); };
        QCOMPARE(count("phi-5"), 1);
        QCOMPARE(count("qwen"), 1); // the alias, which another model's name is as well
        QCOMPARE(count("own/qwen"), 0);
        QCOMPARE(count("qwen3-instruct"), 0);
        QCOMPARE(count("secret-model"), 0);
    }

    void namesNothingThatIsHidden()
    {
        const auto runtime = sample();
        QCOMPARE(runtime->nearNames("secret-mode"), Names{});
        QCOMPARE(runtime->nearNames("qwen3-instruc"), Names{});
        QCOMPARE(runtime->nearNames("qwe"), Names{"qwen"});
    }

    void pricesAnAliasByTheModelItStandsFor()
    {
        const auto runtime = runtimeOf(
            json("{'providers':{'openai':{'kind':'openai','models':{'gpt-4.1':{'alias':'fast','price':"
                 "{'input':1}}}}}}"));
        const auto sum = runtime->price(*runtime->config->findProvider("openai"), "fast");
        QCOMPARE(sum ? sum->toString() : std::string(), std::string("9"));
        const auto listed = listModels(*runtime, nullptr);
        QCOMPARE(idsOf(listed).front(), std::string("fast"));
        QCOMPARE(listed.front().context.value_or(0), 1'000'000);
    }

    void listsOnlyWhatTheKeyMayUse()
    {
        const auto runtime = sample();
        access::VirtualKey key;
        key.models = {"gpt-*", "smart", "sandbox/e*"};
        QCOMPARE(idsOf(listModels(*runtime, &key)), (Names{"smart", "gpt-4.1", "gpt-oss", "sandbox/echo"}));
        key.models = {"nothing"};
        QVERIFY(listModels(*runtime, &key).empty());
    }

    void listsARepeatedNameOfOneProviderPlainly()
    {
        const auto runtime = sample();
        for (ProviderRuntime& provider : runtime->providers) {
            if (provider.config.id.text == "lab") provider.state->list.set({"llama-3", "llama-3"});
        }
        const Names ids = idsOf(listModels(*runtime, nullptr));
        QCOMPARE(std::count(ids.begin(), ids.end(), "llama-3"), 1);
    }

    void writesOpenAisShape()
    {
        const auto listed = listModels(*sample(), nullptr);
        const Json body = parsed(modelListBody(listed, ListShape::OpenAi));
        QCOMPARE(body["object"].get<std::string>(), std::string("list"));
        QCOMPARE(body["data"].size(), listed.size());
        for (const Json& model : body["data"]) {
            QVERIFY(model["id"].is_string() && model["created"].is_number_integer());
            QCOMPARE(model["object"].get<std::string>(), std::string("model"));
        }
        QCOMPARE(body["data"][0]["owned_by"].get<std::string>(), std::string("turnpike"));
        QCOMPARE(body["data"][2]["owned_by"].get<std::string>(), std::string("openai"));
        QVERIFY(parsed(modelListBody({}, ListShape::OpenAi))["data"].empty());
    }

    void writesAnthropicsShape()
    {
        const auto listed = listModels(*sample(), nullptr);
        const Json body = parsed(modelListBody(listed, ListShape::Anthropic));
        QVERIFY(!body.contains("object"));
        QVERIFY(body["has_more"] == false);
        QVERIFY(body["first_id"] == "smart" && body["last_id"] == "sandbox/tools");
        for (const Json& model : body["data"])
            QVERIFY(model["type"] == "model" && model["id"] == model["display_name"] &&
                    model["created_at"].is_string());
        QVERIFY(parsed(modelListBody({}, ListShape::Anthropic))["data"].is_array());
    }

    void writesOpenRoutersShapeWithPricesPerToken()
    {
        const Json body = parsed(modelListBody(listModels(*sample(), nullptr), ListShape::OpenRouter));
        const auto find = [&body](const char* id) {
            for (const Json& model : body["data"]) {
                if (model["id"] == id) return model;
            }
            return Json();
        };
        const auto price = [&find](const char* id, const char* what) {
            return std::stod(find(id)["pricing"][what].get<std::string>());
        };
        QCOMPARE(price("gpt-4.1", "prompt"), 2e-6);
        QCOMPARE(price("gpt-4.1", "completion"), 8e-6);
        QCOMPARE(price("qwen", "prompt"), 0.5e-6);
        QCOMPARE(price("qwen", "completion"), 1e-12);
        QCOMPARE(price("sandbox/echo", "prompt"), 0.0);
        QVERIFY(find("gpt-4.1")["context_length"] == 1'000'000);
        QVERIFY(find("llama-3")["context_length"].is_null());
    }

    void writesOneModel()
    {
        const auto listed = listModels(*sample(), nullptr);
        QVERIFY(parsed(modelBody(listed, "qwen", ListShape::OpenAi).value())["object"] == "model");
        QVERIFY(parsed(modelBody(listed, "own/claude-sonnet-4-5", ListShape::Anthropic).value())["type"] ==
                "model");
        for (const char* id : {"", "claude-sonnet-4-5", "secret-model", "qwen3-instruct", "gpt-*", "QWEN"})
            QVERIFY2(!modelBody(listed, id, ListShape::OpenAi), id);
    }

    void escapesNamesOfAnySort()
    {
        const std::vector<ListedModel> odd{{"a\"b\\c\n\xff", "o\"wner", std::nullopt, {}}};
        for (const ListShape shape : {ListShape::OpenAi, ListShape::Anthropic, ListShape::OpenRouter})
            QCOMPARE(parsed(modelListBody(odd, shape))["data"].size(), std::size_t{1});
    }

    void servesWhatIsConfiguredFetchedOrInTheCatalog()
    {
        const auto runtime = sample();
        const auto serves = [&runtime](const char* provider, const char* model) {
            return runtime->serves(*runtime->config->findProvider(provider), model);
        };
        QVERIFY(serves("own", "qwen") && serves("own", "qwen3-instruct") && serves("own", "secret-model"));
        QVERIFY(serves("lab", "llama-3") && !serves("lab", "gpt-4.1"));
        QVERIFY(serves("openai", "gpt-4.1") && serves("openai", "gpt-4.1-2025-04-14"));
        QVERIFY(!serves("openai", "gpt-9") && !serves("anthropic", "gpt-4.1"));
        QVERIFY(runtime->known("gpt-4.1") && !runtime->known("qwen"));
        QCOMPARE(runtime->nearNames("gpt-4,1").front(), std::string("gpt-4.1"));
        QCOMPARE(runtime->nearNames("lama-3").front(), std::string("llama-3"));
    }

    void knowsWhoseKeysAreGood()
    {
        const auto runtime = sample();
        const ProviderConfig& openAi = *runtime->config->findProvider("openai");
        QVERIFY(!runtime->healthy(openAi)); // its key was not read yet
        QVERIFY(runtime->healthy(*runtime->config->findProvider("lab")));
        for (ProviderRuntime& provider : runtime->providers) {
            if (provider.config.id.text != "openai") continue;
            provider.keys.push_back(
                {ProviderKeyId("a"), Secret("sk-test"), "", 1, std::make_shared<pipeline::KeyHealth>()});
            QVERIFY(runtime->healthy(openAi));
            provider.keys[0].health->refused = true;
            QVERIFY(!runtime->healthy(openAi));
        }
    }

    void pricesByTheConfigurationBeforeTheCatalog()
    {
        const auto runtime = sample();
        const auto price = [&runtime](const char* provider, const char* model) {
            const auto sum = runtime->price(*runtime->config->findProvider(provider), model);
            return sum ? sum->toString() : std::string("unknown");
        };
        QCOMPARE(price("openai", "gpt-4.1"), std::string("10"));
        QCOMPARE(price("own", "qwen"), std::string("0.500001"));
        QCOMPARE(price("lab", "llama-3"), std::string("unknown"));
    }
};

QTEST_GUILESS_MAIN(ModelsTest)
#include "models_test.moc"
