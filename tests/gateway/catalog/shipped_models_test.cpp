// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <QTest>

#include "catalog/catalog.h"
#include "catalog/presets.h"
#include "embedded.h"
#include "provider/kind.h"

using namespace gateway;
using catalog::Catalog;
using catalog::CatalogModel;
using catalog::ModelMode;

namespace {

constexpr std::array kTokenParts{&PriceList::input,      &PriceList::output,         &PriceList::cacheRead,
                                 &PriceList::cacheWrite, &PriceList::cacheWriteHour, &PriceList::reasoning,
                                 &PriceList::audioInput, &PriceList::audioOutput,    &PriceList::imageInput,
                                 &PriceList::imageOutput};

Money dollars(const char* text)
{
    return Money::parse(text).value_or(Money::fromNanos(-1));
}

std::string text(const std::optional<Price>& price)
{
    return price ? price->perMillion.toString() : "-";
}

/// All of its token prices that are known, in the order of the list above.
std::string allPrices(const PriceList& prices)
{
    std::string all;
    for (const auto part : kTokenParts)
        all += (all.empty() ? "" : " ") + text(prices.*part);
    return all;
}

const ServicePrices* service(const CatalogModel& model, ServiceTier tier)
{
    const auto found = std::find_if(model.services.begin(), model.services.end(),
                                    [tier](const ServicePrices& each) { return each.service == tier; });
    return found == model.services.end() ? nullptr : &*found;
}

std::string unitPrice(const CatalogModel& model, PriceUnit unit)
{
    const auto found = std::find_if(model.units.begin(), model.units.end(),
                                    [unit](const UnitPrice& each) { return each.unit == unit; });
    return found == model.units.end() ? "-" : found->amount.toString();
}

/// The part is known in both and not dearer (or not cheaper) in the first.
bool dearer(const PriceList& left, const PriceList& right)
{
    return std::any_of(kTokenParts.begin(), kTokenParts.end(), [&](const auto part) {
        return left.*part && right.*part && (left.*part)->perMillion > (right.*part)->perMillion;
    });
}

bool isWithin(Money amount, const char* least, const char* most)
{
    return amount >= dollars(least) && amount <= dollars(most);
}

bool isPlausible(const UnitPrice& price)
{
    switch (price.unit) {
    case PriceUnit::Image:
        return isWithin(price.amount, "0.00001", "1");
    case PriceUnit::Second:
        return isWithin(price.amount, "0.000001", "1");
    case PriceUnit::Request:
        return isWithin(price.amount, "0.0001", "0.01");
    case PriceUnit::ThousandSearches:
        return isWithin(price.amount, "1", "50");
    case PriceUnit::MillionCharacters:
        return isWithin(price.amount, "1", "200");
    case PriceUnit::Undecided:
        break;
    }
    return false;
}

} // namespace

/// The table of models that is compiled into the program, row by row.
class ShippedModelsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto parsed = Catalog::parse(embedded::catalogJson);
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().detail.c_str());
        m_catalog = *parsed;
    }

    void namesOnlyKindsThatAreThere()
    {
        const auto presets = catalog::Presets::parse(embedded::providersJson);
        QVERIFY(presets.ok());
        for (const CatalogModel& model : m_catalog.models())
            QVERIFY2(presets->find(model.kind) || provider::findKind(model.kind), model.kind.c_str());
    }

    void coversTheProvidersThatPeopleCallDirectly()
    {
        const auto count = [this](const char* kind) {
            return std::count_if(m_catalog.models().begin(), m_catalog.models().end(),
                                 [kind](const CatalogModel& model) { return model.kind == kind; });
        };
        for (const char* kind : {"openai", "bedrock", "azure", "vertex"})
            QVERIFY2(count(kind) >= 60, kind);
        for (const char* kind : {"gemini", "mistral", "xai", "moonshot", "qwen", "together", "fireworks",
                                 "deepinfra", "openrouter"})
            QVERIFY2(count(kind) >= 20, kind);
        for (const char* kind : {"anthropic", "cohere", "groq", "deepseek", "perplexity", "cerebras", "zhipu",
                                 "minimax", "voyage", "jina", "nvidia"})
            QVERIFY2(count(kind) >= 1, kind);
    }

    void staysWithinPlausiblePrices()
    {
        for (const CatalogModel& model : m_catalog.models()) {
            for (const auto part : kTokenParts)
                QVERIFY2(!(model.prices.*part) || (model.prices.*part)->perMillion <= dollars("1000"),
                         model.id.c_str());
            QVERIFY2(std::all_of(model.units.begin(), model.units.end(), isPlausible), model.id.c_str());
            const bool talks = model.mode == ModelMode::Chat || model.mode == ModelMode::Responses;
            QVERIFY2(!talks || (model.prices.input && model.prices.output), model.id.c_str());
            const PriceList& prices = model.prices;
            if (!prices.input) continue;
            const Money input = prices.input->perMillion;
            QVERIFY2(!prices.cacheRead || prices.cacheRead->perMillion <= input, model.id.c_str());
            QVERIFY2(!prices.cacheWrite || prices.cacheWrite->perMillion <= input + input, model.id.c_str());
            QVERIFY2(!prices.cacheWriteHour || prices.cacheWriteHour->perMillion <= input + input,
                     model.id.c_str());
        }
    }

    void sellsLargeInputDearerAndLaterAnswersCheaper()
    {
        for (const CatalogModel& model : m_catalog.models()) {
            for (const PriceTier& tier : model.tiers) {
                QVERIFY2(!dearer(model.prices, tier.prices), model.id.c_str());
                QVERIFY2(tier.prices.input || tier.prices.output, model.id.c_str());
            }
            for (const ServicePrices& each : model.services) {
                const bool first = each.service == ServiceTier::Priority;
                QVERIFY2(first ? !dearer(model.prices, each.prices) : !dearer(each.prices, model.prices),
                         model.id.c_str());
            }
        }
    }

    void staysWithinPlausibleLimits()
    {
        for (const CatalogModel& model : m_catalog.models()) {
            const auto context = model.context.value_or(128'000);
            QVERIFY2(context >= 70 && context <= 10'000'000, model.id.c_str());
            QVERIFY2(model.maxOutput.value_or(1) <= context, model.id.c_str());
            QVERIFY2(model.deprecated.empty() || model.deprecated >= "2026-01-01", model.id.c_str());
            const bool answers = model.mode == ModelMode::Chat || model.mode == ModelMode::Responses;
            QVERIFY2(!answers || model.outputs.text, model.id.c_str());
            QVERIFY2(!model.tools || model.outputs.text || model.outputs.image, model.id.c_str());
        }
    }

    // Checked by hand against the map of 2026-07-24: input, output, cache read and write (5 minutes, 1 hour),
    // thinking, sound in and out, pictures in and out, in dollars a million.
    void carriesTheMapsPrices_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("prices");
        const auto add = [](const char* kind, const char* model, const char* prices) {
            QTest::newRow(model) << QByteArray(kind) << QByteArray(prices);
        };
        add("openai", "gpt-4o", "2.5 10 1.25 - - - - - - -");
        add("openai", "gpt-5.6-terra", "2.5 15 0.25 3.125 - - - - - -");
        add("openai", "o1-pro", "150 600 - - - - - - - -");
        add("openai", "gpt-audio", "2.5 10 - - - - 32 64 - -");
        add("openai", "gpt-image-1", "5 - 1.25 - - - - - 10 40");
        add("openai", "text-embedding-3-large", "0.13 - - - - - - - - -");
        add("anthropic", "claude-sonnet-4-5-20250929", "3 15 0.3 3.75 6 - - - - -");
        add("anthropic", "claude-opus-4-8", "5 25 0.5 6.25 10 - - - - -");
        add("anthropic", "claude-haiku-4-5", "1 5 0.1 1.25 2 - - - - -");
        add("gemini", "gemini-2.5-flash", "0.3 2.5 0.03 - - - 1 - - -");
        add("gemini", "gemini-2.5-pro", "1.25 10 0.125 - - - - - - -");
        add("vertex", "claude-sonnet-4-5@20250929", "3 15 0.3 3.75 6 - - - - -");
        add("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "3.3 16.5 0.33 4.125 6.6 - - - - -");
        add("bedrock", "amazon.nova-lite-v1:0", "0.06 0.24 - - - - - - - -");
        add("azure", "gpt-5-mini", "0.25 2 0.025 - - - - - - -");
        add("groq", "llama-3.3-70b-versatile", "0.59 0.79 - - - - - - - -");
        add("deepseek", "deepseek-v4-pro", "0.435 0.87 0.003625 - - - - - - -");
        add("mistral", "mistral-large-2512", "0.5 1.5 - - - - - - - -");
        add("xai", "grok-4.3", "1.25 2.5 0.2 - - - - - - -");
        add("perplexity", "sonar-deep-research", "2 8 - - - 3 - - - -");
        add("moonshot", "kimi-k2.5", "0.6 3 0.1 - - - - - - -");
        add("cohere", "command-a-03-2025", "2.5 10 - - - - - - - -");
        add("openrouter", "deepseek/deepseek-v3.2", "0.28 0.4 0.028 - - - - - - -");
        add("voyage", "voyage-3.5", "0.06 - - - - - - - - -");
    }

    void carriesTheMapsPrices()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, prices);
        const CatalogModel* model = m_catalog.find(kind.toStdString(), QTest::currentDataTag());
        QVERIFY(model);
        QCOMPARE(allPrices(model->prices), prices.toStdString());
    }

    void carriesTheMapsOtherPrices()
    {
        const auto unit = [this](const char* kind, const char* name, PriceUnit wanted) {
            const CatalogModel* model = m_catalog.find(kind, name);
            return model ? unitPrice(*model, wanted) : "no such model";
        };
        QCOMPARE(unit("openai", "dall-e-3", PriceUnit::Image), std::string("0.04"));
        QCOMPARE(unit("openai", "whisper-1", PriceUnit::Second), std::string("0.0001"));
        QCOMPARE(unit("openai", "tts-1", PriceUnit::MillionCharacters), std::string("15"));
        QCOMPARE(unit("openai", "sora-2", PriceUnit::Second), std::string("0.1"));
        QCOMPARE(unit("groq", "whisper-large-v3-turbo", PriceUnit::Second), std::string("0.00001111"));
        QCOMPARE(unit("gemini", "imagen-4.0-generate-001", PriceUnit::Image), std::string("0.04"));
        QCOMPARE(unit("cohere", "rerank-v3.5", PriceUnit::Request), std::string("0.002"));
        QCOMPARE(unit("anthropic", "claude-sonnet-4-5", PriceUnit::ThousandSearches), std::string("10"));
        QCOMPARE(unit("perplexity", "sonar-pro", PriceUnit::ThousandSearches), std::string("6"));
    }

    void carriesTheMapsTiersAndServices()
    {
        const CatalogModel* sonnet = m_catalog.find("anthropic", "claude-sonnet-4-5");
        QVERIFY(sonnet && sonnet->tiers.size() == 1);
        QCOMPARE(sonnet->tiers[0].above, std::int64_t(200'000));
        QCOMPARE(allPrices(sonnet->tiers[0].prices), std::string("6 22.5 0.6 7.5 12 - - - - -"));
        const CatalogModel* qwen = m_catalog.find("qwen", "qwen3-max");
        QVERIFY(qwen && qwen->tiers.size() == 2);
        QCOMPARE(qwen->tiers[1].above, std::int64_t(128'000));
        QCOMPARE(allPrices(qwen->tiers[1].prices), std::string("3 15 - - - - - - - -"));
        const CatalogModel* gpt = m_catalog.find("openai", "gpt-5.4");
        QVERIFY(gpt && service(*gpt, ServiceTier::Batch) && service(*gpt, ServiceTier::Priority));
        QCOMPARE(allPrices(service(*gpt, ServiceTier::Batch)->prices),
                 std::string("1.25 7.5 - - - - - - - -"));
        QCOMPARE(allPrices(service(*gpt, ServiceTier::Flex)->prices),
                 std::string("1.25 7.5 0.13 - - - - - - -"));
        QCOMPARE(allPrices(service(*gpt, ServiceTier::Priority)->prices),
                 std::string("5 30 0.5 - - - - - - -"));
    }

    void knowsWhatModelsCan()
    {
        const CatalogModel* flash = m_catalog.find("gemini", "gemini-2.5-flash");
        QVERIFY(flash && flash->modalities.audio && flash->modalities.video && flash->modalities.pdf);
        QVERIFY(flash->tools && flash->reasoning && flash->jsonSchema);
        QVERIFY(!m_catalog.find("deepseek", "deepseek-chat")->jsonSchema);
        QVERIFY(m_catalog.find("openai", "gpt-audio")->outputs.audio);
        QVERIFY(m_catalog.find("openai", "gpt-image-1")->outputs == catalog::Modalities{.image = true});
        QVERIFY(m_catalog.find("openai", "omni-moderation-latest")->free);
        QVERIFY(m_catalog.find("zhipu", "glm-4.7-flash")->free);
        QCOMPARE(m_catalog.find("openai", "gpt-3.5-turbo-1106")->deprecated, std::string("2026-09-28"));
    }

    void saysWhereNewerFactsAreFrom()
    {
        const CatalogModel* opus = m_catalog.find("anthropic", "claude-opus-5-5");
        QVERIFY(opus && opus->source.starts_with("https://platform.claude.com/"));
        QCOMPARE(allPrices(opus->prices), std::string("4 20 0.2 5 8 - - - - -"));
        for (const CatalogModel& model : m_catalog.models())
            QVERIFY2(model.source.empty() || model.source.starts_with("https://"), model.id.c_str());
    }

private:
    Catalog m_catalog;
};

QTEST_GUILESS_MAIN(ShippedModelsTest)
#include "shipped_models_test.moc"
