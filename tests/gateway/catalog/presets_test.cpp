// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>
#include <string>
#include <vector>

#include <QTest>

#include "catalog/catalog.h"
#include "catalog/presets.h"
#include "embedded.h"

using namespace gateway;
using catalog::KeyField;
using catalog::Preset;
using catalog::Presets;

namespace {

using Ids = std::vector<std::string_view>;

std::string withRows(const std::string& rows)
{
    return R"({"schema":1,"providers":[)" + rows + "]}";
}

/// A whole row; `fields` come last and are written over by nothing.
std::string row(const std::string& id, const std::string& kind, const std::string& url,
                const std::string& prefixes, const std::string& more = {})
{
    return R"({"id":")" + id + R"(","name":"N","kind":")" + kind + R"(","base_url":")" + url +
           R"(","key_prefixes":)" + prefixes + R"(,"env":[],"docs":"","keys_url":"","local":false)" +
           (more.empty() ? "" : "," + more) + "}";
}

Presets parsed(std::string_view text)
{
    auto presets = Presets::parse(text);
    return presets ? *presets : Presets{};
}

} // namespace

class PresetsTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheShippedList()
    {
        const auto presets = Presets::parse(embedded::providersJson);
        QVERIFY2(presets.ok(), presets.ok() ? "" : presets.error().detail.c_str());
        QVERIFY(presets->all().size() >= 70);
        QVERIFY(!presets->source().empty() && presets->date().size() == 10);
        std::set<std::string> names;
        for (const Preset& preset : presets->all()) {
            QVERIFY2(names.insert(preset.name).second, preset.id.c_str());
            QVERIFY2(preset.local == preset.baseUrl.starts_with("http://127.0.0.1:"), preset.id.c_str());
            QVERIFY2(!preset.docs.empty() || preset.baseUrl.empty(), preset.id.c_str());
            QVERIFY2(!preset.local || preset.keyPrefixes.empty(), preset.id.c_str());
        }
        QCOMPARE(presets->find("anthropic")->kind, std::string("anthropic"));
        QCOMPARE(presets->find("anthropic")->baseUrl, std::string("https://api.anthropic.com"));
        QCOMPARE(presets->find("openai")->env, std::vector<std::string>{"OPENAI_API_KEY"});
        QVERIFY(presets->find("ollama")->local);
        QVERIFY(presets->find("custom")->baseUrl.empty());
        QVERIFY(!presets->find("nobody"));
    }

    void knowsTheProvidersThatPeopleUse()
    {
        const Presets presets = parsed(embedded::providersJson);
        for (const char* id :
             {"openai",      "anthropic",     "gemini",     "vertex",     "bedrock",     "azure",
              "cohere",      "ollama",        "mistral",    "groq",       "deepseek",    "xai",
              "perplexity",  "together",      "fireworks",  "cerebras",   "openrouter",  "deepinfra",
              "moonshot",    "zhipu",         "minimax",    "qwen",       "nvidia",      "huggingface",
              "cloudflare",  "github-models", "vercel",     "lm-studio",  "llama.cpp",   "vllm",
              "sglang",      "jan",           "localai",    "voyage",     "jina",        "sambanova",
              "nebius",      "novita",        "hyperbolic", "baseten",    "scaleway",    "ovhcloud",
              "inception",   "venice",        "upstage",    "ai21",       "databricks",  "snowflake",
              "requesty",    "chutes",        "friendli",   "stepfun",    "siliconflow", "volcengine",
              "baidu",       "hunyuan",       "nscale",     "infermatic", "wandb",       "stackit",
              "featherless", "custom"})
            QVERIFY2(presets.find(id), id);
    }

    void givesLocalServersThePortTheyListenOn()
    {
        const Presets presets = parsed(embedded::providersJson);
        const auto address = [&](const char* id) { return presets.find(id)->baseUrl.substr(17); };
        QVERIFY(address("ollama").starts_with("11434"));
        QCOMPARE(address("lm-studio"), std::string("1234/v1"));
        QCOMPARE(address("llama.cpp"), std::string("8080/v1"));
        QCOMPARE(address("vllm"), std::string("8000/v1"));
        QCOMPARE(address("sglang"), std::string("30000/v1"));
        QCOMPARE(address("jan"), std::string("1337/v1"));
        for (const Preset& preset : presets.all()) {
            if (!preset.local) continue;
            QVERIFY2(preset.dataPolicy && preset.dataPolicy->policy.region == "local", preset.id.c_str());
            QVERIFY2(preset.dataPolicy->policy.retentionDays == 0, preset.id.c_str());
        }
    }

    void tellsAddressesApart()
    {
        // The first preset with an address would hide the others'; local servers share a few usual ports.
        std::set<std::string> addresses;
        const Presets presets = parsed(embedded::providersJson);
        for (const Preset& preset : presets.all()) {
            if (preset.local) continue;
            QVERIFY2(preset.baseUrl.empty() || addresses.insert(preset.baseUrl).second, preset.id.c_str());
            for (const std::string& url : preset.otherUrls)
                QVERIFY2(addresses.insert(url).second, url.c_str());
        }
    }

    void speaksTheirOwnApiWithThoseThatHaveOne()
    {
        const Presets presets = parsed(embedded::providersJson);
        for (const char* kind : {"gemini", "vertex", "bedrock", "azure", "cohere", "ollama"})
            QCOMPARE(presets.find(kind)->kind, std::string(kind));
        const auto at = [&presets](const char* url) -> std::string_view {
            const Preset* preset = presets.findByBaseUrl(url);
            return preset ? std::string_view(preset->id) : std::string_view();
        };
        QCOMPARE(at("https://generativelanguage.googleapis.com/v1beta"), std::string_view("gemini"));
        QCOMPARE(at("https://bedrock-runtime.eu-central-1.amazonaws.com"), std::string_view("bedrock"));
        QCOMPARE(at("https://mine.openai.azure.com"), std::string_view("azure"));
        QCOMPARE(at("https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1"),
                 std::string_view("vertex"));
        // Their OpenAI-compatible doors lead to the same models at the same prices.
        QCOMPARE(at("https://generativelanguage.googleapis.com/v1beta/openai"), std::string_view("gemini"));
        QCOMPARE(at("https://mine.openai.azure.com/openai/v1"), std::string_view("azure"));
        QCOMPARE(at("https://api.cohere.ai/compatibility/v1"), std::string_view("cohere"));
        QCOMPARE(at("http://127.0.0.1:11434/v1"), std::string_view("ollama"));
    }

    void readsHowAServerDiffers()
    {
        const Presets presets = parsed(embedded::providersJson);
        const Quirks& mistral = presets.find("mistral")->quirks;
        QCOMPARE(mistral.maxTokensField, std::string("max_tokens"));
        QCOMPARE(mistral.seedField, std::string("random_seed"));
        QVERIFY(mistral.noStreamOptions && mistral.reasoningField.empty());
        QCOMPARE(presets.find("deepseek")->quirks.reasoningField, std::string("reasoning_content"));
        QVERIFY(presets.find("deepseek")->quirks.noJsonSchema);
        QCOMPARE(presets.find("groq")->quirks.drop,
                 (std::vector<std::string>{"logit_bias", "logprobs", "top_logprobs"}));
        QVERIFY(presets.find("openai")->quirks == Quirks{});
        QVERIFY(presets.find("anthropic")->quirks == Quirks{});
        QCOMPARE(presets.find("ollama")->quirks.maxTokensField, std::string("max_tokens"));
    }

    void readsWhereTheKeyGoes()
    {
        const Presets presets = parsed(embedded::providersJson);
        QCOMPARE(presets.find("openai")->keyField, KeyField::Bearer);
        QCOMPARE(presets.find("anthropic")->keyField, KeyField::XApiKey);
        QCOMPARE(presets.find("azure")->keyField, KeyField::ApiKey);
        QCOMPARE(presets.find("gemini")->keyField, KeyField::XGoogApiKey);
        QCOMPARE(presets.find("llama.cpp")->keyField, KeyField::None);
    }

    void saysWhereAndWhenAPolicyWasRead()
    {
        const Presets presets = parsed(embedded::providersJson);
        const Preset* xai = presets.find("xai");
        QVERIFY(xai && xai->dataPolicy);
        QVERIFY(xai->dataPolicy->policy.trainsOnData == false);
        QVERIFY(xai->dataPolicy->policy.retentionDays == 30);
        for (const Preset& preset : presets.all()) {
            if (!preset.dataPolicy) continue;
            const auto& policy = preset.dataPolicy->policy;
            QVERIFY2(preset.local || preset.dataPolicy->source.starts_with("https://"), preset.id.c_str());
            QVERIFY2(preset.dataPolicy->date.starts_with("2026-"), preset.id.c_str());
            QVERIFY2(policy.trainsOnData || policy.retentionDays || !policy.region.empty(),
                     preset.id.c_str());
        }
    }

    void hasAPresetForEveryKindInTheCatalog()
    {
        const Presets presets = parsed(embedded::providersJson);
        const auto catalog = catalog::Catalog::parse(embedded::catalogJson);
        QVERIFY(catalog.ok());
        for (const auto& model : catalog->models())
            QVERIFY2(presets.find(model.kind), model.kind.c_str());
    }

    void recognizesAKeyByItsLongestPrefix()
    {
        const Presets presets = parsed(embedded::providersJson);
        QCOMPARE(presets.recognizeKey("sk-ant-api03-abc"), Ids{"anthropic"});
        QCOMPARE(presets.recognizeKey("sk-or-v1-abc"), Ids{"openrouter"});
        QCOMPARE(presets.recognizeKey("sk-proj-abc"), Ids{"openai"});
        QCOMPARE(presets.recognizeKey("gsk_abc"), Ids{"groq"});
        QCOMPARE(presets.recognizeKey("xai-abc"), Ids{"xai"});
        QCOMPARE(presets.recognizeKey("hf_abc"), Ids{"huggingface"});
        QCOMPARE(presets.recognizeKey("AIzaSyAbc"), Ids{"gemini"});
        QCOMPARE(presets.recognizeKey("bedrock-api-key-abc"), Ids{"bedrock"});
        QCOMPARE(presets.recognizeKey("nvapi-abc"), Ids{"nvidia"});
        QCOMPARE(presets.recognizeKey("pplx-abc"), Ids{"perplexity"});
        QCOMPARE(presets.recognizeKey("csk-abc"), Ids{"cerebras"});
        QCOMPARE(presets.recognizeKey("sk-helicone-abc"), Ids{"helicone"});
        QCOMPARE(presets.recognizeKey("sk_abc"), Ids{"novita"});
    }

    void namesAllWhereAPrefixIsShared()
    {
        const Presets presets = parsed(embedded::providersJson);
        QCOMPARE(presets.recognizeKey("sk-0123456789abcdef"),
                 (Ids{"openai", "deepseek", "moonshot", "qwen", "siliconflow"}));
    }

    void recognizesNothingInOtherTexts()
    {
        const Presets presets = parsed(embedded::providersJson);
        for (const char* key : {"", "s", "sk-ant", "SK-ANT-API", "hello", " sk-ant-x", "gsk_"})
            QVERIFY2(presets.recognizeKey(key).empty() || std::string(key) == "sk-ant", key);
        // Too short for the longer prefix, it still is a key of those who share the shorter one.
        QCOMPARE(presets.recognizeKey("sk-ant").front(), std::string_view("openai"));
        QVERIFY(presets.recognizeKey(std::string(1'000'000, 'x')).empty());
    }

    void findsAPresetByItsBaseUrl()
    {
        const Presets presets = parsed(embedded::providersJson);
        const Preset* groq = presets.find("groq");
        QCOMPARE(presets.findByBaseUrl("https://api.groq.com/openai/v1"), groq);
        QCOMPARE(presets.findByBaseUrl("https://api.groq.com/openai/v1/"), groq);
        QCOMPARE(presets.findByBaseUrl("https://API.groq.com/openai"), groq);
        QCOMPARE(presets.findByBaseUrl("https://api.anthropic.com/v1"), presets.find("anthropic"));
        QCOMPARE(presets.findByBaseUrl("https://api.moonshot.cn/v1"), presets.find("moonshot"));
        QCOMPARE(presets.findByBaseUrl("https://api.deepseek.com"), presets.find("deepseek"));
        QCOMPARE(presets.findByBaseUrl("https://api.deepseek.com/anthropic"), presets.find("deepseek"));
        QVERIFY(!presets.findByBaseUrl(""));
        QVERIFY(!presets.findByBaseUrl("/v1"));
        QVERIFY(!presets.findByBaseUrl("https://api.groq.com.example.org/openai/v1"));
    }

    void findsAPresetThroughWhatOnlyTheUserKnows()
    {
        const Presets presets =
            parsed(withRows(row("cloud", "openai", "https://{resource}.cloud.example/p/{account}/v1", "[]") +
                            "," + row("plain", "openai", "https://plain.example/v1", "[]")));
        const Preset* cloud = presets.find("cloud");
        QVERIFY(cloud);
        QCOMPARE(presets.findByBaseUrl("https://mine.cloud.example/p/7/v1"), cloud);
        QCOMPARE(presets.findByBaseUrl("https://MY.own.cloud.example/p/a.b"), cloud);
        for (const char* url :
             {"https://.cloud.example/p/7/v1", "https://mine.cloud.example/p//v1",
              "https://mine.cloud.example/p/", "https://evil.example/mine.cloud.example/p/7/v1",
              "https://mine.cloud.example/p/7/8/v1", "http://mine.cloud.example/p/7/v1",
              "https://mine.cloud.example.org/p/7/v1"})
            QVERIFY2(!presets.findByBaseUrl(url), url);
        QCOMPARE(presets.findByBaseUrl("https://" + std::string(1'000'000, 'a') + ".cloud.example/p/7"),
                 cloud);
    }

    void refusesHostileTexts_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto add = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray(text.data(), qsizetype(text.size()));
        };
        const std::string good = row("a", "openai", "https://a.example/v1", R"(["a-"])");
        add("empty", "");
        add("no schema", R"({"providers":[]})");
        add("no providers", R"({"schema":1})");
        add("cut off", withRows(good).substr(0, 50));
        add("deep", withRows(std::string(50'000, '[')));
        add("twice", withRows(good + "," + good));
        add("no object", withRows("[]"));
        add("empty id", withRows(row("", "openai", "https://a.example", "[]")));
        add("unknown kind", withRows(row("a", "telnet", "https://a.example", "[]")));
        add("plain http", withRows(row("a", "openai", "http://a.example/v1", "[]")));
        add("file url", withRows(row("a", "openai", "file:///etc/passwd", "[]")));
        for (const char* url : {"https://a.example/v1/", "https://A.example/v1", "https://a.example/v1?key=1",
                                "https://u@a.example/v1", "https://a b.example", "http://127.0.0.2:80/v1"})
            add(url, withRows(row("a", "openai", url, "[]")));
        add("unknown field", withRows(row("a", "openai", "https://a.example", "[]", R"("colour":"red")")));
        add("field missing", withRows(R"({"id":"a","name":"N","kind":"openai"})"));
        add("unknown auth", withRows(row("a", "openai", "https://a.example", "[]", R"("auth":"basic")")));
        add("other url is none",
            withRows(row("a", "openai", "https://a.example", "[]", R"("other_urls":["a.example"])")));
        for (const char* quirks : {R"({"max_tokens_field":"tokens"})", R"({"reasoning_field":"thoughts"})",
                                   R"({"seed_field":"dice"})", R"({"no_stream_options":1})",
                                   R"({"no_developer_role":"yes"})", R"({"drop":["messages"]})",
                                   R"({"drop":"seed"})", R"({"drop":[7]})", R"({"tool_name_twice":true})"})
            add(quirks, withRows(row("a", "openai", "https://a.example", "[]",
                                     R"("quirks":)" + std::string(quirks))));
        add("quirks no object", withRows(row("a", "openai", "https://a.example", "[]", R"("quirks":[])")));
        add("policy of no day",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"retention_days":1,"source":"s","date":"2026-02-30"})")));
        add("policy says more",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"sells":true,"source":"s","date":"2026-01-01"})")));
        add("empty prefix", withRows(row("a", "openai", "https://a.example", R"([""])")));
        add("prefix no text", withRows(row("a", "openai", "https://a.example", "[1]")));
        add("prefixes no list", withRows(row("a", "openai", "https://a.example", R"("a-")")));
        add("policy no object",
            withRows(row("a", "openai", "https://a.example", "[]", R"("data_policy":true)")));
        add("policy without source",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"trains_on_data":false,"date":"2026-01-01"})")));
        add("retention negative",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"retention_days":-1,"source":"s","date":"2026-01-01"})")));
        add("retention endless",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"retention_days":4294967296,"source":"s","date":"2026-01-01"})")));
    }

    void refusesHostileTexts()
    {
        QFETCH(QByteArray, text);
        const auto presets = Presets::parse(std::string_view(text.data(), std::size_t(text.size())));
        QVERIFY(!presets.ok());
        QVERIFY(!presets.error().detail.empty());
    }
};

QTEST_GUILESS_MAIN(PresetsTest)
#include "presets_test.moc"
