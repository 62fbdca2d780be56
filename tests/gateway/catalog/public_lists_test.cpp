// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include <QFile>
#include <QTest>

#include "catalog/public_list.h"
#include "embedded.h"

using namespace gateway;
using namespace gateway::catalog;

namespace {

/// JSON is written with single quotes here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string fixture(const char* name)
{
    QFile file(QStringLiteral(TURNPIKE_FIXTURES "/fuzz/public_lists/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

const Presets& presets()
{
    static const Presets parsed = [] {
        auto made = Presets::parse(embedded::providersJson);
        return made ? std::move(made.value()) : Presets();
    }();
    return parsed;
}

const ModelFacts* find(const PublicList& list, std::string_view kind, std::string_view id)
{
    for (const ModelFacts& facts : list.models) {
        if (facts.row.kind == kind && facts.row.id == id) return &facts;
    }
    return nullptr;
}

std::string textOf(const std::optional<Price>& price)
{
    return price ? price->perMillion.toString() : "unknown";
}

/// The only row of an OpenRouter list with such pricing; nothing where it was refused.
std::optional<ModelFacts> rowWithPricing(const std::string& pricing)
{
    auto list = readOpenRouterList(json("{'data':[{'id':'a/b','pricing':" + pricing + "}]}"));
    if (!list || list->models.size() != 1) return std::nullopt;
    return list->models.front();
}

std::string promptPrice(const std::string& value)
{
    const auto row = rowWithPricing("{'prompt':" + value + "}");
    return row ? textOf(row->row.prices.input) : "refused";
}

} // namespace

class PublicListsTest : public QObject {
    Q_OBJECT

private slots:
    void readsOpenRoutersList()
    {
        const auto list = readOpenRouterList(fixture("openrouter.json"));
        QVERIFY(list.ok());
        QCOMPARE(list->models.size(), std::size_t{3});
        QCOMPARE(list->refused, std::size_t{0});
        const ModelFacts* large = find(*list, "openrouter", "maker/large");
        QVERIFY(large);
        QCOMPARE(textOf(large->row.prices.input), std::string("3"));
        QCOMPARE(textOf(large->row.prices.output), std::string("15"));
        QCOMPARE(textOf(large->row.prices.cacheRead), std::string("0.3"));
        QCOMPARE(textOf(large->row.prices.cacheWrite), std::string("3.75"));
        QCOMPARE(textOf(large->row.prices.cacheWriteHour), std::string("6"));
        // Thinking is not free where no price of its own is told, and a request that costs nothing is no
        // unit.
        QCOMPARE(textOf(large->row.prices.reasoning), std::string("unknown"));
        QCOMPARE(large->row.units.size(), std::size_t{1});
        QVERIFY(large->row.units[0].unit == PriceUnit::ThousandSearches);
        QCOMPARE(large->row.units[0].amount.toString(), std::string("10"));
        QCOMPARE(large->row.context.value_or(0), 200'000);
        QCOMPARE(large->row.maxOutput.value_or(0), 64'000);
        QCOMPARE(large->row.deprecated, std::string("2027-03-01"));
        QVERIFY(large->tools == true && large->reasoning == true && large->jsonSchema == true);
        QVERIFY(large->row.modalities.text && large->row.modalities.image && large->row.modalities.pdf);
        QVERIFY(large->row.mode == ModelMode::Chat);
    }

    void readsOpenRoutersStepsOfPrice()
    {
        const auto row = rowWithPricing(
            "{'prompt':'0.000003','completion':'0.000015','input_cache_write':null,'overrides':["
            "{'min_prompt_tokens':500000,'prompt':'0.000009'},{'utc_start':1200,'prompt':'0.1'},"
            "{'min_prompt_tokens':200000,'prompt':'0.000006','completion':'0.00003','input_cache_read':'0'}]"
            "}");
        QVERIFY(row);
        const PriceTiers& tiers = row->row.tiers;
        QCOMPARE(tiers.size(), std::size_t{2}); // what holds at certain hours is no step
        QCOMPARE(tiers[0].above, 200'000);
        QCOMPARE(textOf(tiers[0].prices.input), std::string("6"));
        QCOMPARE(textOf(tiers[0].prices.output), std::string("30"));
        QVERIFY(!tiers[0].prices.cacheRead);
        QCOMPARE(tiers[1].above, 500'000);
        QVERIFY(!tiers[1].prices.output);
        QVERIFY(rowWithPricing("{'prompt':'0.000001','overrides':null}"));
        for (const char* const wrong :
             {"{'min_prompt_tokens':9,'prompt':'0.000001'},{'min_prompt_tokens':9,'prompt':'0.000001'}",
              "{'min_prompt_tokens':-1}", "{'min_prompt_tokens':9,'prompt':'x'}", "5"})
            QVERIFY2(
                !rowWithPricing(std::string("{'prompt':'0.000001','overrides':[").append(wrong).append("]}")),
                wrong);
    }

    void leavesAVariablePriceUnknown()
    {
        const auto list = readOpenRouterList(fixture("openrouter.json"));
        const ModelFacts* router = find(*list, "openrouter", "openrouter/auto");
        QVERIFY(router && router->row.prices == PriceList());
        const ModelFacts* free = find(*list, "openrouter", "maker/small:free");
        QVERIFY(free);
        QCOMPARE(textOf(free->row.prices.input), std::string("0"));
        QVERIFY(!free->tools); // nothing is said of its abilities
    }

    void readsPricesExactly()
    {
        QCOMPARE(promptPrice("'0.000000003625'"), std::string("0.003625"));
        QCOMPARE(promptPrice("'1e-7'"), std::string("0.1"));
        QCOMPARE(promptPrice("'2.5E-06'"), std::string("2.5"));
        QCOMPARE(promptPrice("2.5e-06"), std::string("2.5"));
        QCOMPARE(promptPrice("'0.00000030000000000000004'"), std::string("0.3"));
        QCOMPARE(promptPrice("null"), std::string("unknown"));
        QCOMPARE(promptPrice("'0.1'"), std::string("100000"));
    }

    void refusesWhatCannotBeRight()
    {
        for (const char* value : {"'-0.5'", "'-1e-6'", "'0.1000001'", "'soon'", "''", "true", "{}", "[]",
                                  "'1e999'", "'1e-99'", "'0x1'", "'NaN'", "'1e5e5'", "1e999999999999"})
            QVERIFY2(promptPrice(value) == "refused", value);
        QVERIFY(!rowWithPricing("[]") && !rowWithPricing("'free'"));
        const auto list = readOpenRouterList(
            json("{'data':[{'id':''},{'id':7},{},[],null,'a',{'id':'a','context_length':-1},"
                 "{'id':'b','context_length':'big'},{'id':'c','context_length':1.5},"
                 "{'id':'d','supported_parameters':'tools'},{'id':'e','expiration_date':'soon'},"
                 "{'id':'f','architecture':{'input_modalities':'text'}},{'id':'g\\u0007'},{'id':'" +
                 std::string(257, 'x') + "'},{'id':'good'},{'id':'good'}]}"));
        QVERIFY(list.ok());
        QCOMPARE(list->models.size(), std::size_t{1});
        QCOMPARE(list->refused, std::size_t{15});
    }

    void refusesWhatIsNoList()
    {
        for (const char* text : {"", "{}", "[]", "null", "<html>", "{'data':{}}", "{'data':[", "{'data':[]",
                                 "{'data':[],'data':[]}"})
            QVERIFY2(!readOpenRouterList(json(text)), text);
        for (const char* text : {"", "{}", "[]", "null", "<html>", "{'openai':[]}",
                                 "{'openai':{'models':[]}}", "{'openai':{'models':{}}"})
            QVERIFY2(!readModelsDevList(json(text), presets()), text);
        QVERIFY(readOpenRouterList(json("{'data':[]}")).ok());
        QVERIFY(!readOpenRouterList(std::string(1'000'000, '[')));
    }

    void readsTheListOfModelsDev()
    {
        const auto list = readModelsDevList(fixture("models_dev.json"), presets());
        QVERIFY(list.ok());
        QCOMPARE(list->models.size(), std::size_t{3});
        QCOMPARE(list->foreign, std::size_t{2});
        const ModelFacts* gpt = find(*list, "openai", "gpt-x");
        QVERIFY(gpt);
        QCOMPARE(textOf(gpt->row.prices.input), std::string("1.25"));
        QCOMPARE(textOf(gpt->row.prices.cacheRead), std::string("0.125"));
        QCOMPARE(textOf(gpt->row.prices.audioInput), std::string("40"));
        QCOMPARE(textOf(gpt->row.prices.cacheWrite), std::string("unknown"));
        QCOMPARE(gpt->row.context.value_or(0), 400'000);
        QVERIFY(gpt->jsonSchema == true && gpt->tools == true);
        const ModelFacts* open = find(*list, "together", "maker/open");
        QVERIFY(open && open->tools == false && !open->row.maxOutput && !open->jsonSchema);
        QCOMPARE(textOf(open->row.prices.input), std::string("0.2"));
        const ModelFacts* vectors = find(*list, "together", "maker/embed-1");
        QVERIFY(vectors && vectors->row.mode == ModelMode::Embedding);
        QVERIFY(vectors->row.outputs == Modalities{});
    }

    void refusesNegativePricesOfModelsDev()
    {
        const auto list = readModelsDevList(
            json("{'openai':{'models':{'a':{'id':'a','cost':{'input':-1}},'b':{'id':'b','cost':{'input':"
                 "100000.01}},'c':{'id':'c','cost':[]},'d':{'id':'d','tool_call':'yes'},'e':{'id':'e'}}}}"),
            presets());
        QVERIFY(list.ok());
        QCOMPARE(list->models.size(), std::size_t{1});
        QCOMPARE(list->refused, std::size_t{4});
    }

    void readsStepsOfPrices()
    {
        const auto tiersOf = [](const std::string& cost) -> std::optional<PriceTiers> {
            const auto list = readModelsDevList(
                json("{'openai':{'models':{'a':{'id':'a','cost':{'input':1,'output':2," + cost + "}}}}}"),
                presets());
            if (!list || list->models.empty()) return std::nullopt;
            return list->models.front().row.tiers;
        };
        const auto stepped = tiersOf("'tiers':[{'tier':{'type':'context','size':400000},'input':5},"
                                     "{'tier':{'type':'context','size':272000},'input':2.5,'cache_read':0.5},"
                                     "{'tier':{'type':'time','size':1},'input':9}],"
                                     "'context_over_200k':{'input':7}");
        QVERIFY(stepped && stepped->size() == 2);
        QCOMPARE(stepped->front().above, 272'000);
        QCOMPARE(textOf(stepped->front().prices.input), std::string("2.5"));
        QCOMPARE(textOf(stepped->front().prices.cacheRead), std::string("0.5"));
        QCOMPARE(textOf(stepped->back().prices.input), std::string("5"));
        const auto before = tiersOf("'context_over_200k':{'input':2.5,'output':15}");
        QVERIFY(before && before->size() == 1);
        QCOMPARE(before->front().above, 200'000);
        QCOMPARE(textOf(before->front().prices.output), std::string("15"));
        QVERIFY(tiersOf("'tiers':[]")->empty());
        for (const char* wrong : {"'tiers':[{'tier':{'type':'context','size':-1},'input':5}]",
                                  "'tiers':[{'tier':{'type':'context','size':1},'input':-5}]",
                                  "'tiers':[{'tier':{'type':'context','size':1},'input':5},"
                                  "{'tier':{'type':'context','size':1},'input':6}]",
                                  "'context_over_200k':{'input':'x'}"})
            QVERIFY2(!tiersOf(wrong), wrong);
    }

    void mapsTheProvidersOfModelsDevToOurs()
    {
        const std::vector<std::pair<const char*, const char*>> names{{"openai", "openai"},
                                                                     {"google", "gemini"},
                                                                     {"google-vertex", "vertex"},
                                                                     {"amazon-bedrock", "bedrock"},
                                                                     {"togetherai", "together"},
                                                                     {"zai", "zhipu"},
                                                                     {"moonshotai", "moonshot"},
                                                                     {"fireworks-ai", "fireworks"},
                                                                     {"mistral", "mistral"},
                                                                     {"alibaba", "qwen"},
                                                                     {"nobody", ""},
                                                                     {"", ""},
                                                                     {"zai-coding-plan", ""},
                                                                     {"lm-studio", ""}};
        for (const auto& [theirs, ours] : names)
            QVERIFY2(kindOfModelsDev(theirs, presets()) == ours, theirs);
        for (const char* theirs :
             {"cloudferro-sherlock", "cloudflare-workers-ai", "iflowcn", "inference", "llama", "novita-ai",
              "qiniu-ai", "regolo-ai", "snowflake-cortex", "wafer.ai"})
            QVERIFY2(!kindOfModelsDev(theirs, presets()).empty(), theirs);
    }
};

QTEST_GUILESS_MAIN(PublicListsTest)
#include "public_lists_test.moc"
