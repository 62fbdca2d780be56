// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/model_words.h"
#include "pipeline/provider_models.h"

namespace gateway::pipeline {

namespace {

constexpr std::array<std::pair<std::optional<Price> PriceList::*, ModelPrices::Nanos ModelPrices::*>, 10>
    kTokenParts{{{&PriceList::input, &ModelPrices::input},
                 {&PriceList::output, &ModelPrices::output},
                 {&PriceList::cacheRead, &ModelPrices::cacheRead},
                 {&PriceList::cacheWrite, &ModelPrices::cacheWrite},
                 {&PriceList::cacheWriteHour, &ModelPrices::cacheWriteHour},
                 {&PriceList::reasoning, &ModelPrices::reasoning},
                 {&PriceList::audioInput, &ModelPrices::audioInput},
                 {&PriceList::audioOutput, &ModelPrices::audioOutput},
                 {&PriceList::imageInput, &ModelPrices::imageInput},
                 {&PriceList::imageOutput, &ModelPrices::imageOutput}}};

constexpr std::array<std::pair<PriceUnit, ModelPrices::Nanos ModelPrices::*>, 5> kUnitParts{
    {{PriceUnit::Image, &ModelPrices::perImage},
     {PriceUnit::Second, &ModelPrices::perSecond},
     {PriceUnit::Request, &ModelPrices::perRequest},
     {PriceUnit::ThousandSearches, &ModelPrices::perThousandSearches},
     {PriceUnit::MillionCharacters, &ModelPrices::perMillionCharacters}}};

using PricePart = std::optional<std::string> PriceOverride::*;

/// The parts of a price that a configuration can say, by the catalog's names.
constexpr std::array<std::pair<std::string_view, PricePart>, 9> kOverrides{
    {{"input", &PriceOverride::input},
     {"output", &PriceOverride::output},
     {"cache_read", &PriceOverride::cacheRead},
     {"cache_write", &PriceOverride::cacheWrite},
     {"cache_write_1h", &PriceOverride::cacheWriteHour},
     {"output_reasoning", &PriceOverride::reasoning},
     {"per_image", &PriceOverride::perImage},
     {"per_second", &PriceOverride::perSecond},
     {"per_request", &PriceOverride::perRequest}}};

bool saysPrice(const ModelConfig& entry)
{
    return entry.price && *entry.price != PriceOverride();
}

void addUnits(ModelPrices& prices, const std::vector<UnitPrice>& units)
{
    for (const UnitPrice& unit : units) {
        for (const auto& [kind, to] : kUnitParts) {
            if (kind == unit.unit) prices.*to = unit.amount.nanos();
        }
    }
}

ModelPrices pricesOf(const PriceList& list, const catalog::CatalogModel* row,
                     const accounting::OwnPrices* own)
{
    ModelPrices prices;
    for (const auto& [from, to] : kTokenParts) {
        if (const auto& price = list.*from) prices.*to = price->perMillion.nanos();
    }
    if (row) addUnits(prices, row->units);
    if (own) addUnits(prices, own->units);
    if (!row) return prices;
    prices.tiers = !row->tiers.empty();
    prices.services = !row->services.empty();
    return prices;
}

std::vector<std::string> namesOf(const catalog::Modalities& modalities)
{
    std::vector<std::string> names;
    for (const auto& [name, part] : catalog::kModalities) {
        if (modalities.*part) names.emplace_back(name);
    }
    return names;
}

void tellOfCatalog(const catalog::Catalog& catalog, const catalog::CatalogModel& row, ModelRow& model)
{
    model.known = true;
    model.mode = catalog::nameOf(catalog::kModes, row.mode);
    model.tools = row.tools;
    model.reasoning = row.reasoning;
    model.jsonSchema = row.jsonSchema;
    model.inputs = namesOf(row.modalities);
    model.outputs = namesOf(row.outputs);
    model.maxOutput = row.maxOutput;
    model.deprecated = row.deprecated;
    model.date = row.updated ? catalog.updateDate() : catalog.date();
    model.source = !row.source.empty() ? row.source : row.updated ? catalog.updateSource() : catalog.source();
    const bool priced = row.prices != PriceList() || !row.units.empty();
    if (priced) model.priceSource = row.pricesUpdated ? FactSource::Update : FactSource::Catalog;
    if (row.context) model.contextSource = row.contextUpdated ? FactSource::Update : FactSource::Catalog;
}

ModelRow rowOf(const Runtime& runtime, const ProviderRuntime& provider, const ProviderModel& model)
{
    ModelRow row;
    row.provider = provider.config.id;
    row.model = model.name;
    row.local = provider.config.local;
    row.priceSource = row.contextSource = FactSource::Unknown;
    row.listed =
        provider.state && provider.state->list.current() && provider.state->list.contains(model.name);
    const auto* known = runtime.catalogRow(provider, model.name);
    if (known) tellOfCatalog(runtime.catalog, *known, row);
    row.context = runtime.context(provider, model.name);
    row.prices = pricesOf(runtime.prices(provider, model.name), known,
                          model.entry ? &provider.ownPrices[provider.placeOf(*model.entry)] : nullptr);
    row.free = row.prices.input == 0 && row.prices.output == 0;
    if (!model.entry) {
        row.free = row.free || (known && known->free);
        return row;
    }
    row.configured = true;
    row.alias = model.entry->alias;
    row.hidden = model.entry->hidden;
    if (saysPrice(*model.entry)) row.priceSource = FactSource::Config;
    if (model.entry->context) row.contextSource = FactSource::Config;
    row.free = row.free || (known && known->free && !saysPrice(*model.entry));
    return row;
}

const ModelConfig* entryOf(const ProviderConfig& provider, std::string_view model)
{
    const auto found = std::find_if(provider.models.begin(), provider.models.end(),
                                    [model](const ModelConfig& each) { return each.name == model; });
    return found == provider.models.end() ? nullptr : &*found;
}

bool says(const ModelConfig& entry, const CatalogChange& change)
{
    if (change.kind == CatalogChange::Kind::NewModel) return saysPrice(entry) || entry.context;
    if (change.field == "context") return entry.context.has_value();
    const auto* part = catalog::findNamed(kOverrides, change.field);
    return part && entry.price && (*entry.price.*(*part)).has_value();
}

} // namespace

ModelTable modelTable(const Runtime& runtime)
{
    ModelTable table;
    table.catalogDate = runtime.catalog.date();
    table.updateDate = runtime.catalog.updateDate();
    table.updateSource = runtime.catalog.updateSource();
    for (const ProviderRuntime& provider : runtime.providers) {
        if (provider.kind->inProcess()) continue;
        std::vector<ProviderModel> models = modelsOf(runtime, provider, CatalogRows::All);
        std::sort(models.begin(), models.end(), [](const ProviderModel& left, const ProviderModel& right) {
            return left.name < right.name;
        });
        for (const ProviderModel& model : models)
            table.rows.push_back(rowOf(runtime, provider, model));
    }
    return table;
}

void markOverridden(const Runtime& runtime, std::vector<CatalogChange>& changes)
{
    for (const ProviderRuntime& provider : runtime.providers) {
        if (provider.config.models.empty()) continue;
        for (CatalogChange& change : changes) {
            if (change.overridden || change.provider != provider.catalogKind) continue;
            const ModelConfig* entry = entryOf(provider.config, change.model);
            change.overridden = entry && says(*entry, change);
        }
    }
}

} // namespace gateway::pipeline
