// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "catalog/data_file.h"
#include "catalog/public_list.h"

namespace gateway::catalog {

namespace {

constexpr int kTokensToMillion = 6;
constexpr int kSearchesToThousand = 3;

bool isZero(const std::optional<Price>& price)
{
    return price && price->perMillion == Money{};
}

constexpr std::array<std::pair<std::string_view, std::optional<Price> PriceList::*>, 6> kExtraPrices{
    {{"input_cache_read", &PriceList::cacheRead},
     {"input_cache_write", &PriceList::cacheWrite},
     {"input_cache_write_1h", &PriceList::cacheWriteHour},
     {"internal_reasoning", &PriceList::reasoning},
     {"audio", &PriceList::audioInput},
     {"audio_output", &PriceList::audioOutput}}};

bool readUnit(std::string_view value, int shift, PriceUnit unit, std::vector<UnitPrice>& units)
{
    std::optional<Money> amount;
    if (!readAmount(value, shift, Variable::Unknown, amount)) return false;
    if (amount && *amount > Money{}) units.push_back({unit, *amount});
    return true;
}

bool readTokenPrices(std::string_view pricing, PriceList& prices)
{
    const auto read = [pricing](std::string_view name, std::optional<Price>& into) {
        return readPrice(memberValue(pricing, name), kTokensToMillion, Variable::Unknown, into);
    };
    bool right = read("prompt", prices.input) && read("completion", prices.output);
    for (const auto& [name, part] : kExtraPrices) {
        right = right && read(name, prices.*part);
        // "0" is what it writes where there is no price of its own, and thinking is not free.
        if (isZero(prices.*part)) (prices.*part).reset();
    }
    return right;
}

/// `overrides`: other prices from so many tokens of input on. One that holds for another reason, as an hour
/// of the day, is passed over.
bool readOverrides(std::string_view overrides, PriceTiers& tiers)
{
    bool right = true;
    forEachElement(overrides, [&](std::string_view element, JsonKind kind) {
        const std::string_view least = memberValue(element, "min_prompt_tokens");
        right = kind == JsonKind::Object;
        if (!right || least.empty()) return right;
        PriceTier tier;
        std::optional<std::int64_t> above;
        right = tiers.size() < kMaxTiers && readTokens(least, above) && readTokenPrices(element, tier.prices);
        if (right && above) {
            tier.above = *above;
            tiers.push_back(tier);
        }
        return right;
    });
    return right && orderTiers(tiers);
}

bool readPricing(std::string_view pricing, CatalogModel& row)
{
    if (pricing.empty() || jsonKindOf(pricing) == JsonKind::Null) return true;
    if (jsonKindOf(pricing) != JsonKind::Object) return false;
    return readTokenPrices(pricing, row.prices) &&
           readOverrides(memberValue(pricing, "overrides"), row.tiers) &&
           readUnit(memberValue(pricing, "request"), 0, PriceUnit::Request, row.units) &&
           readUnit(memberValue(pricing, "web_search"), kSearchesToThousand, PriceUnit::ThousandSearches,
                    row.units);
}

bool readAbilities(std::string_view parameters, ModelFacts& facts)
{
    if (parameters.empty() || jsonKindOf(parameters) == JsonKind::Null) return true;
    std::vector<std::string> names;
    if (!readTexts(parameters, names)) return false;
    facts.tools = facts.reasoning = facts.jsonSchema = false;
    for (const std::string& name : names) {
        if (name == "tools") facts.tools = true;
        if (name == "reasoning" || name == "reasoning_effort") facts.reasoning = true;
        if (name == "structured_outputs") facts.jsonSchema = true;
    }
    return true;
}

bool readLastDay(std::string_view value, std::string& into)
{
    if (value.empty() || jsonKindOf(value) == JsonKind::Null) return true;
    std::string text;
    if (!readText(value, text)) return false;
    if (text.size() > 10) text.resize(10); // a time of that day
    if (!isDay(text)) return false;
    into = std::move(text);
    return true;
}

bool readRow(std::string_view element, ModelFacts& facts)
{
    CatalogModel& row = facts.row;
    row.kind = "openrouter";
    if (jsonKindOf(element) != JsonKind::Object) return false;
    if (!readModelName(memberValue(element, "id"), row.id)) return false;
    const std::string_view architecture = memberValue(element, "architecture");
    const std::string_view provider = memberValue(element, "top_provider");
    if (!readPricing(memberValue(element, "pricing"), row) ||
        !readTokens(memberValue(element, "context_length"), row.context) ||
        !readTokens(memberValue(provider, "max_completion_tokens"), row.maxOutput) ||
        !readKindsOfContent(memberValue(architecture, "input_modalities"), row.modalities) ||
        !readKindsOfContent(memberValue(architecture, "output_modalities"), row.outputs) ||
        !readAbilities(memberValue(element, "supported_parameters"), facts) ||
        !readLastDay(memberValue(element, "expiration_date"), row.deprecated))
        return false;
    row.mode = guessedMode(row.id, row.outputs);
    return true;
}

} // namespace

Result<PublicList> readOpenRouterList(std::string_view text)
{
    JsonDocument document;
    const JsonMember* data = scanJson(text, document) ? nullptr : document.find("data");
    if (!data || data->kind != JsonKind::Array)
        return gatewayError(Code::UpstreamInvalidResponse, "The answer is not OpenRouter's list of models.");
    PublicList list;
    forEachElement(data->value, [&list](std::string_view element, JsonKind) {
        ModelFacts facts;
        if (readRow(element, facts))
            list.models.push_back(std::move(facts));
        else
            ++list.refused;
    });
    dropRepeated(list);
    return list;
}

} // namespace gateway::catalog
