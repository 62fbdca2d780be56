// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>
#include <string>
#include <vector>

#include <QTest>

#include "catalog/catalog.h"
#include "embedded.h"

using namespace gateway;
using catalog::Catalog;
using catalog::CatalogModel;
using catalog::Modalities;
using catalog::ModelMode;

namespace {

/// A catalog of these rows.
std::string withRows(const std::string& rows)
{
    return R"({"schema":1,"date":"2026-01-02","source":"a test","models":[)" + rows + "]}";
}

/// A whole row with `more` among its fields.
std::string row(const std::string& id, const std::string& kind, const std::string& more = {})
{
    return R"({"id":")" + id + R"(","kind":")" + kind + R"(","in":["text"])" +
           (more.empty() ? "" : "," + more) + "}";
}

Catalog parsed(const std::string& text)
{
    auto catalog = Catalog::parse(text);
    return catalog ? *catalog : Catalog{};
}

Catalog shipped()
{
    return parsed(std::string(embedded::catalogJson));
}

std::string dollars(const std::optional<Price>& price)
{
    return price ? price->perMillion.toString() : "unknown";
}

std::string amount(const CatalogModel& model, PriceUnit unit)
{
    for (const UnitPrice& each : model.units) {
        if (each.unit == unit) return each.amount.toString();
    }
    return "unknown";
}

std::string manyTiers(int count)
{
    std::string tiers;
    for (int i = 1; i <= count; ++i)
        tiers += (i == 1 ? "" : ",") + (R"({"above":)" + std::to_string(i) + R"(,"input":"1"})");
    return tiers;
}

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheShippedCatalog()
    {
        const auto catalog = Catalog::parse(embedded::catalogJson);
        QVERIFY2(catalog.ok(), catalog.ok() ? "" : catalog.error().detail.c_str());
        QVERIFY(catalog->models().size() >= 450);
        QCOMPARE(catalog->date(), std::string("2026-07-24"));
        QVERIFY(!catalog->source().empty());
        std::set<ModelMode> modes;
        for (const CatalogModel& model : catalog->models()) {
            modes.insert(model.mode);
            QVERIFY2(model.prices != PriceList{} || !model.units.empty(), model.id.c_str());
            QVERIFY2(model.modalities.text || model.modalities.audio, model.id.c_str());
        }
        QCOMPARE(modes.size(), std::size_t(11));
    }

    void knowsTheCommonModels()
    {
        const Catalog catalog = shipped();
        for (const char* name : {"gpt-4.1", "gpt-4.1-mini", "gpt-4o", "gpt-5", "gpt-5-mini", "o3", "o4-mini"})
            QVERIFY2(catalog.find("openai", name), name);
        for (const char* name :
             {"claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-1", "claude-opus-4-5"})
            QVERIFY2(catalog.find("anthropic", name), name);
        QVERIFY(catalog.find("gemini", "gemini-2.5-pro"));
        QVERIFY(catalog.find("groq", "llama-3.3-70b-versatile"));
    }

    void readsPricesExactly()
    {
        const Catalog catalog = shipped();
        const CatalogModel* model = catalog.find("anthropic", "claude-sonnet-4-5");
        QVERIFY(model);
        QCOMPARE(dollars(model->prices.input), std::string("3"));
        QCOMPARE(dollars(model->prices.output), std::string("15"));
        QCOMPARE(dollars(model->prices.cacheRead), std::string("0.3"));
        QCOMPARE(dollars(model->prices.cacheWrite), std::string("3.75"));
        QCOMPARE(model->tiers.size(), std::size_t(1));
        QCOMPARE(model->tiers[0].above, std::int64_t(200'000));
        QCOMPARE(dollars(model->tiers[0].prices.output), std::string("22.5"));
        QCOMPARE(dollars(catalog.find("openai", "text-embedding-3-small")->prices.input),
                 std::string("0.02"));
    }

    void readsWhatAModelCan()
    {
        const Catalog catalog = shipped();
        const CatalogModel* model = catalog.find("openai", "gpt-4.1");
        QVERIFY(model);
        QCOMPARE(model->mode, ModelMode::Chat);
        QCOMPARE(model->context.value_or(0), std::int64_t(1'047'576));
        QCOMPARE(model->maxOutput.value_or(0), std::int64_t(32'768));
        QVERIFY(model->modalities.image && !model->modalities.audio);
        QVERIFY(model->tools && !model->reasoning);
        QCOMPARE(catalog.find("openai", "text-embedding-3-small")->mode, ModelMode::Embedding);
    }

    void readsEveryPartOfAPrice()
    {
        const Catalog catalog = parsed(withRows(
            row("m", "lab",
                R"("input":"1","output":"2","cache_read":"0.1","cache_write":"1.25","cache_write_1h":"2",)"
                R"("output_reasoning":"3","input_audio":"4","output_audio":"5","input_image":"6",)"
                R"("output_image":"7","per_image":"0.04","per_second":"0.0001","per_request":"0.002",)"
                R"("per_1k_searches":"10","per_million_characters":"15",)"
                R"("batch":{"input":"0.5"},"flex":{"output":"1"},)"
                R"("priority":{"input":"2","output":"4","tiers":[{"above":9,"output":"8"}]})")));
        const CatalogModel* model = catalog.find("lab", "m");
        QVERIFY(model);
        const PriceList& prices = model->prices;
        const std::vector<std::string> read{dollars(prices.input),          dollars(prices.output),
                                            dollars(prices.cacheRead),      dollars(prices.cacheWrite),
                                            dollars(prices.cacheWriteHour), dollars(prices.reasoning),
                                            dollars(prices.audioInput),     dollars(prices.audioOutput),
                                            dollars(prices.imageInput),     dollars(prices.imageOutput)};
        QCOMPARE(read, (std::vector<std::string>{"1", "2", "0.1", "1.25", "2", "3", "4", "5", "6", "7"}));
        QCOMPARE(amount(*model, PriceUnit::Image), std::string("0.04"));
        QCOMPARE(amount(*model, PriceUnit::Second), std::string("0.0001"));
        QCOMPARE(amount(*model, PriceUnit::Request), std::string("0.002"));
        QCOMPARE(amount(*model, PriceUnit::ThousandSearches), std::string("10"));
        QCOMPARE(amount(*model, PriceUnit::MillionCharacters), std::string("15"));
        QCOMPARE(model->services.size(), std::size_t(3));
        const ServicePrices& batch = model->services[0];
        QVERIFY(batch.service == ServiceTier::Batch && !batch.prices.output);
        QCOMPARE(dollars(batch.prices.input), std::string("0.5"));
        const ServicePrices& priority = model->services[2];
        QVERIFY(priority.service == ServiceTier::Priority && priority.tiers.size() == 1);
        QCOMPARE(dollars(priority.tiers[0].prices.output), std::string("8"));
    }

    void readsWhatIsGivenBack()
    {
        const Catalog catalog = parsed(
            withRows(row("talk", "lab") + "," + row("draw", "lab", R"("mode":"image")") + "," +
                     row("rank", "lab", R"("mode":"rerank")") + "," +
                     row("both", "lab", R"("mode":"image","out":["text","image"],"json_schema":true)")));
        const auto outputs = [&](const char* name) { return catalog.find("lab", name)->outputs; };
        QVERIFY(outputs("talk") == (Modalities{.text = true}));
        QVERIFY(outputs("draw") == (Modalities{.image = true}));
        QVERIFY(outputs("rank") == Modalities{});
        QVERIFY(outputs("both") == (Modalities{.text = true, .image = true}));
        QVERIFY(catalog.find("lab", "both")->jsonSchema && !catalog.find("lab", "talk")->jsonSchema);
    }

    void readsWhatIsFreeAndWhatEnds()
    {
        const Catalog catalog = parsed(
            withRows(row("gift", "lab", R"("input":"0","output":"0","free":true,"deprecated":"2026-09-28")") +
                     "," + row("sold", "lab", R"("input":"1","source":"a page")")));
        QVERIFY(catalog.find("lab", "gift")->free);
        QCOMPARE(catalog.find("lab", "gift")->deprecated, std::string("2026-09-28"));
        QVERIFY(!catalog.find("lab", "sold")->free && catalog.find("lab", "sold")->deprecated.empty());
        QCOMPARE(catalog.find("lab", "sold")->source, std::string("a page"));
    }

    void leavesUnknownWhatTheRowDoesNotSay()
    {
        const Catalog catalog = parsed(withRows(row("bare", "lab")));
        const CatalogModel* model = catalog.find("lab", "bare");
        QVERIFY(model);
        QVERIFY(model->prices == PriceList{});
        QVERIFY(!model->context && !model->maxOutput);
    }

    void findsDatedAndLatestNames()
    {
        const Catalog catalog = shipped();
        const CatalogModel* sonnet = catalog.find("anthropic", "claude-sonnet-4-5");
        QCOMPARE(catalog.find("anthropic", "claude-sonnet-4-5-20250929"), sonnet);
        QCOMPARE(catalog.find("anthropic", "claude-sonnet-4-5-latest"), sonnet);
        QCOMPARE(catalog.find("openai", "gpt-4.1-2025-04-14"), catalog.find("openai", "gpt-4.1"));
    }

    void findsNamesAsCloudsSpellThem()
    {
        const Catalog catalog =
            parsed(withRows(row("sonnet", "vertex") + "," + row("anthropic.sonnet-v1:0", "bedrock") + "," +
                            row("us.anthropic.opus", "bedrock")));
        QVERIFY(catalog.find("vertex", "sonnet@20250929"));
        QVERIFY(catalog.find("vertex", "sonnet@default"));
        QVERIFY(catalog.find("bedrock", "eu.anthropic.sonnet-v1:0"));
        QVERIFY(catalog.find("bedrock", "us-gov.anthropic.sonnet-v1:0"));
        QVERIFY(catalog.find("bedrock", "us.anthropic.opus"));
        for (const char* name :
             {"anthropic.opus", "mars.anthropic.sonnet-v1:0", "us.", "us.us.anthropic.opus-x"})
            QVERIFY2(!catalog.find("bedrock", name), name);
        QVERIFY(!catalog.find("vertex", "sonnet@20259999"));
    }

    void prefersARowOfTheVeryName()
    {
        const Catalog catalog = parsed(
            withRows(row("m", "lab", R"("input":"1")") + "," + row("m-2024-05-13", "lab", R"("input":"5")")));
        QCOMPARE(dollars(catalog.find("lab", "m-2024-05-13")->prices.input), std::string("5"));
        QCOMPARE(dollars(catalog.find("lab", "m-2024-05-14")->prices.input), std::string("1"));
    }

    void doesNotTakeOtherEndingsForDates()
    {
        const Catalog catalog = parsed(withRows(row("m", "lab")));
        for (const char* name :
             {"m-2", "m-20259929", "m-20250932", "m-2025-9-29", "m20250929", "m-2025-09-29-x",
              "m-latest-latest", "-latest", "-20250929", "latest", "m-12345678", "m-mini", "M"})
            QVERIFY2(!catalog.find("lab", name), name);
        QVERIFY(!catalog.find("lab", ""));
        QVERIFY(!catalog.find("other", "m"));
        QVERIFY(!catalog.find("lab", std::string(100'000, 'm')));
    }

    void namesTheKindsThatServeAModel()
    {
        const Catalog catalog =
            parsed(withRows(row("shared", "groq") + "," + row("own", "openai") + "," +
                            row("shared", "cerebras") + "," + row("shared-20250101", "lab")));
        using Kinds = std::vector<std::string_view>;
        QCOMPARE(catalog.kindsServing("shared"), (Kinds{"groq", "cerebras"}));
        QCOMPARE(catalog.kindsServing("shared-20250101"), (Kinds{"groq", "cerebras", "lab"}));
        QCOMPARE(catalog.kindsServing("own-latest"), Kinds{"openai"});
        QVERIFY(catalog.kindsServing("none").empty());
    }

    void offersNearNames()
    {
        const auto names = shipped().nearNames("claude-sonet-4-5");
        QVERIFY(!names.empty() && names.size() <= 3);
        QCOMPARE(names.front(), std::string("claude-sonnet-4-5"));
    }

    void keepsItsRowsWhenCopied()
    {
        Catalog copy;
        {
            const Catalog original = parsed(withRows(row("m", "lab")));
            copy = original;
        }
        QVERIFY(copy.find("lab", "m"));
        QCOMPARE(copy.find("lab", "m"), &copy.models().front());
    }

    void refusesHostileTexts_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto add = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray(text.data(), qsizetype(text.size()));
        };
        add("empty", "");
        add("no object", "[]");
        add("cut off", withRows(row("m", "lab")).substr(0, 60));
        add("trailing bytes", withRows("") + "x");
        add("no schema", R"({"models":[]})");
        add("other schema", R"({"schema":2,"models":[]})");
        add("no models", R"({"schema":1})");
        add("models no list", R"({"schema":1,"models":{}})");
        add("deep", std::string(100'000, '['));
        add("deep within",
            withRows(row("m", "lab", R"("x":)" + std::string(5'000, '[') + std::string(5'000, ']'))));
        add("row no object", withRows("7"));
        add("row null", withRows("null"));
        add("no id", withRows(R"({"kind":"lab","in":["text"]})"));
        add("no kind", withRows(R"({"id":"m","in":["text"]})"));
        add("no input", withRows(R"({"id":"m","kind":"lab"})"));
        add("empty id", withRows(row("", "lab")));
        add("endless id", withRows(row(std::string(10'000, 'm'), "lab")));
        add("empty kind", withRows(row("m", "")));
        add("id a number", withRows(R"({"id":1,"kind":"lab","in":["text"]})"));
        add("twice", withRows(row("m", "lab") + "," + row("m", "lab")));
        add("price a number", withRows(row("m", "lab", R"("input":2.5)")));
        add("price null", withRows(row("m", "lab", R"("input":null)")));
        add("price negative", withRows(row("m", "lab", R"("input":"-1")")));
        add("price no number", withRows(row("m", "lab", R"("output":"cheap")")));
        add("price too fine", withRows(row("m", "lab", R"("output":"0.00000000001")")));
        add("price too high", withRows(row("m", "lab", R"("output":"1e300")")));
        add("key twice", withRows(row("m", "lab", R"("input":"1","input":"2")")));
        add("more beside the list", R"({"schema":1,"models":[],"extra":1})");
        add("context zero", withRows(row("m", "lab", R"("context":0)")));
        add("context negative", withRows(row("m", "lab", R"("context":-5)")));
        add("context huge", withRows(row("m", "lab", R"("context":99999999999999999999)")));
        add("context a fraction", withRows(row("m", "lab", R"("context":1.5)")));
        add("mode unknown", withRows(row("m", "lab", R"("mode":"dream")")));
        add("tools no truth", withRows(row("m", "lab", R"("tools":1)")));
        add("modality unknown", withRows(R"({"id":"m","kind":"lab","in":["smell"]})"));
        add("modality twice", withRows(R"({"id":"m","kind":"lab","in":["text","text"]})"));
        add("no modality", withRows(R"({"id":"m","kind":"lab","in":[]})"));
        add("output unknown", withRows(row("m", "lab", R"("out":["smell"])")));
        add("field unknown", withRows(row("m", "lab", R"("price":"1")")));
        add("field escaped", withRows(row("m", "lab", R"("\u0069nput":"1")")));
        add("unit negative", withRows(row("m", "lab", R"("per_image":"-0.1")")));
        add("unit a number", withRows(row("m", "lab", R"("per_second":0.1)")));
        add("service no object", withRows(row("m", "lab", R"("batch":"0.5")")));
        add("service empty", withRows(row("m", "lab", R"("batch":{})")));
        add("service unknown", withRows(row("m", "lab", R"("slow":{"input":"1"})")));
        add("service with more", withRows(row("m", "lab", R"("flex":{"input":"1","context":5})")));
        add("free at a price", withRows(row("m", "lab", R"("input":"1","free":true)")));
        add("free by the piece", withRows(row("m", "lab", R"("per_image":"1","free":true)")));
        add("ends on no day", withRows(row("m", "lab", R"("deprecated":"2026-02-30")")));
        add("ends at a time", withRows(row("m", "lab", R"("deprecated":"2026-02-03T00:00:00Z")")));
        add("tier with more", withRows(row("m", "lab", R"("tiers":[{"above":9,"per_image":"1"}])")));
        add("tiers without end", withRows(row("m", "lab", R"("tiers":[)" + manyTiers(17) + "]")));
        add("tiers no list", withRows(row("m", "lab", R"("tiers":{})")));
        add("tier no object", withRows(row("m", "lab", R"("tiers":[7])")));
        add("tier without mark", withRows(row("m", "lab", R"("tiers":[{"input":"1"}])")));
        add("tiers descend", withRows(row("m", "lab", R"("tiers":[{"above":9},{"above":8}])")));
        add("invalid utf-8", withRows(row("m\xff", "lab")));
    }

    void refusesHostileTexts()
    {
        QFETCH(QByteArray, text);
        const auto catalog = Catalog::parse(std::string_view(text.data(), std::size_t(text.size())));
        QVERIFY(!catalog.ok());
        QCOMPARE(catalog.error().code, Code::Internal);
        QVERIFY(!catalog.error().detail.empty());
    }

    void survivesTheShippedTextCutAnywhere()
    {
        const std::string_view text = embedded::catalogJson.substr(0, 4'000);
        for (std::size_t end = 0; end < text.size(); ++end)
            QVERIFY(!Catalog::parse(text.substr(0, end)).ok());
    }
};

QTEST_GUILESS_MAIN(CatalogTest)
#include "catalog_test.moc"
