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
    return R"({"id":")" + id + R"(","kind":")" + kind +
           R"(","modalities":["text"],"tools":true,"reasoning":false)" + (more.empty() ? "" : "," + more) +
           "}";
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

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheShippedCatalog()
    {
        const auto catalog = Catalog::parse(embedded::catalogJson);
        QVERIFY2(catalog.ok(), catalog.ok() ? "" : catalog.error().detail.c_str());
        QVERIFY(catalog->models().size() >= 250);
        QCOMPARE(catalog->date(), std::string("2026-07-24"));
        QVERIFY(!catalog->source().empty());
        for (const CatalogModel& model : catalog->models())
            QVERIFY2(model.prices.input && model.modalities.text, model.id.c_str());
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
        add("no id", withRows(R"({"kind":"lab","modalities":["text"],"tools":true,"reasoning":false})"));
        add("empty id", withRows(row("", "lab")));
        add("endless id", withRows(row(std::string(10'000, 'm'), "lab")));
        add("empty kind", withRows(row("m", "")));
        add("id a number",
            withRows(R"({"id":1,"kind":"lab","modalities":["text"],"tools":true,"reasoning":false})"));
        add("twice", withRows(row("m", "lab") + "," + row("m", "lab")));
        add("price a number", withRows(row("m", "lab", R"("input":2.5)")));
        add("price null", withRows(row("m", "lab", R"("input":null)")));
        add("price negative", withRows(row("m", "lab", R"("input":"-1")")));
        add("price no number", withRows(row("m", "lab", R"("output":"cheap")")));
        add("price too fine", withRows(row("m", "lab", R"("output":"0.00000000001")")));
        add("price too high", withRows(row("m", "lab", R"("output":"1e300")")));
        add("key twice", withRows(row("m", "lab", R"("input":"1","input":"2")")));
        add("context zero", withRows(row("m", "lab", R"("context":0)")));
        add("context negative", withRows(row("m", "lab", R"("context":-5)")));
        add("context huge", withRows(row("m", "lab", R"("context":99999999999999999999)")));
        add("context a fraction", withRows(row("m", "lab", R"("context":1.5)")));
        add("mode unknown", withRows(row("m", "lab", R"("mode":"dream")")));
        add("tools no truth",
            withRows(R"({"id":"m","kind":"lab","modalities":["text"],"tools":1,"reasoning":false})"));
        add("modality unknown",
            withRows(R"({"id":"m","kind":"lab","modalities":["smell"],"tools":true,"reasoning":false})"));
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
