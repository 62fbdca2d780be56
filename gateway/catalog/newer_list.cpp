// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/newer_list.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "catalog/data_file.h"
#include "catalog/model_row.h"
#include "catalog/model_words.h"

namespace gateway::catalog {

namespace {

std::string keyOf(const CatalogModel& row)
{
    return row.kind + '\n' + row.id;
}

std::optional<bool> saidTruth(std::string_view row, std::string_view field)
{
    const std::string_view value = memberValue(row, field);
    if (value.empty()) return std::nullopt;
    return jsonKindOf(value) == JsonKind::True;
}

void setUnit(std::vector<UnitPrice>& units, const UnitPrice& price)
{
    const auto same = std::find_if(units.begin(), units.end(),
                                   [&price](const UnitPrice& each) { return each.unit == price.unit; });
    if (same == units.end())
        units.push_back(price);
    else
        same->amount = price.amount;
}

void writeModalities(JsonWriter& json, std::string_view key, const Modalities& modalities)
{
    if (modalities == Modalities{}) return;
    json.key(key).beginArray();
    for (const auto& [name, part] : kModalities) {
        if (modalities.*part) json.string(name);
    }
    json.endArray();
}

void writeTruth(JsonWriter& json, std::string_view key, const std::optional<bool>& value)
{
    if (value) json.key(key).boolean(*value);
}

void writeCount(JsonWriter& json, std::string_view key, const std::optional<std::int64_t>& value)
{
    if (value) json.key(key).integer(*value);
}

void writePrices(JsonWriter& json, const PriceList& prices)
{
    for (const auto& [name, part] : kTokenPrices) {
        if (const auto& price = prices.*part) json.key(name).string(price->perMillion.toString());
    }
}

void writeTiers(JsonWriter& json, const PriceTiers& tiers)
{
    if (tiers.empty()) return;
    json.key("tiers").beginArray();
    for (const PriceTier& tier : tiers) {
        json.beginObject().key("above").integer(tier.above);
        writePrices(json, tier.prices);
        json.endObject();
    }
    json.endArray();
}

void writeFacts(JsonWriter& json, const ModelFacts& facts)
{
    const CatalogModel& row = facts.row;
    json.beginObject().key("id").string(row.id).key("kind").string(row.kind);
    json.key("mode").string(nameOf(kModes, row.mode));
    writePrices(json, row.prices);
    for (const UnitPrice& unit : row.units)
        json.key(nameOf(kUnitPrices, unit.unit)).string(unit.amount.toString());
    writeTiers(json, row.tiers);
    writeCount(json, "context", row.context);
    writeCount(json, "max_output", row.maxOutput);
    writeModalities(json, "in", row.modalities);
    if (row.outputs != usualOutput(row.mode)) writeModalities(json, "out", row.outputs);
    writeTruth(json, "tools", facts.tools);
    writeTruth(json, "reasoning", facts.reasoning);
    writeTruth(json, "json_schema", facts.jsonSchema);
    if (!row.deprecated.empty()) json.key("deprecated").string(row.deprecated);
    if (!row.source.empty()) json.key("source").string(row.source);
    json.endObject();
}

/// The row that the facts are about, as it is without them; nothing where the catalog has none.
std::optional<CatalogModel> rowBefore(const Catalog& catalog, const ModelFacts& facts)
{
    const CatalogModel* found = catalog.find(facts.row.kind, facts.row.id);
    if (!found) return std::nullopt;
    CatalogModel row = *found;
    row.id = facts.row.id;
    return row;
}

CatalogModel newRow(const ModelFacts& facts)
{
    CatalogModel row;
    row.id = facts.row.id;
    row.kind = facts.row.kind;
    row.mode = facts.row.mode == ModelMode::Undecided ? ModelMode::Chat : facts.row.mode;
    row.modalities.text = true;
    row.outputs = usualOutput(row.mode);
    return row;
}

std::string textOf(const std::optional<Price>& price)
{
    return price ? price->perMillion.toString() : std::string();
}

std::string textOf(const std::optional<std::int64_t>& count)
{
    return count ? std::to_string(*count) : std::string();
}

std::string textOf(bool truth)
{
    return truth ? "true" : "false";
}

std::string textOf(const Modalities& modalities)
{
    std::vector<std::string> names;
    for (const auto& [name, part] : kModalities) {
        if (modalities.*part) names.emplace_back(name);
    }
    return gateway::joined(names, ", ");
}

/// "> 200000: input 2.5, output 15; > …"
std::string textOf(const PriceTiers& tiers)
{
    std::string text;
    for (const PriceTier& tier : tiers) {
        text.append(text.empty() ? "> " : "; > ").append(std::to_string(tier.above));
        char before = ':';
        for (const auto& [name, part] : kTokenPrices) {
            const auto& price = tier.prices.*part;
            if (!price) continue;
            text.append(1, before).append(1, ' ').append(name).append(1, ' ');
            text.append(price->perMillion.toString());
            before = ',';
        }
    }
    return text;
}

std::string unitText(const CatalogModel& row, PriceUnit unit)
{
    for (const UnitPrice& each : row.units) {
        if (each.unit == unit) return each.amount.toString();
    }
    return {};
}

std::vector<CatalogChange> differences(const CatalogModel& before, const CatalogModel& after)
{
    using Kind = CatalogChange::Kind;
    std::vector<CatalogChange> changes;
    const auto add = [&](Kind kind, std::string_view field, std::string was, std::string is) {
        if (was == is) return;
        changes.push_back(
            {kind, after.kind, after.id, std::string(field), std::move(was), std::move(is), false});
    };
    for (const auto& [name, part] : kTokenPrices)
        add(Kind::Price, name, textOf(before.prices.*part), textOf(after.prices.*part));
    for (const auto& [name, unit] : kUnitPrices)
        add(Kind::Price, name, unitText(before, unit), unitText(after, unit));
    add(Kind::Price, "tiers", textOf(before.tiers), textOf(after.tiers));
    add(Kind::Context, "context", textOf(before.context), textOf(after.context));
    add(Kind::Context, "max_output", textOf(before.maxOutput), textOf(after.maxOutput));
    add(Kind::Ability, "tools", textOf(before.tools), textOf(after.tools));
    add(Kind::Ability, "reasoning", textOf(before.reasoning), textOf(after.reasoning));
    add(Kind::Ability, "json_schema", textOf(before.jsonSchema), textOf(after.jsonSchema));
    add(Kind::Ability, "in", textOf(before.modalities), textOf(after.modalities));
    add(Kind::Ability, "out", textOf(before.outputs), textOf(after.outputs));
    add(Kind::Deprecation, "deprecated", before.deprecated, after.deprecated);
    return changes;
}

} // namespace

Result<NewerList> parseNewerList(std::string_view text)
{
    const auto damaged = [](const std::string& what) {
        return gatewayError(Code::Internal, "The newer list of models cannot be read.", what);
    };
    auto file = openDataFile(text, "models");
    if (!file || !isDay(file->date)) return damaged("not a list of models of schema 1");
    NewerList list{std::move(file->date), std::move(file->source), {}};
    list.models.reserve(file->count);
    std::string_view wrong;
    forEachElement(file->rows, [&](std::string_view row, JsonKind) {
        ModelFacts& facts = list.models.emplace_back();
        wrong = readModelRow(row, facts.row);
        facts.tools = saidTruth(row, "tools");
        facts.reasoning = saidTruth(row, "reasoning");
        facts.jsonSchema = saidTruth(row, "json_schema");
        return wrong.empty();
    });
    if (!wrong.empty())
        return damaged("models[" + std::to_string(list.models.size() - 1) +
                       "] is not a model: " + shortened(wrong, 80));
    return list;
}

std::string newerListText(const NewerList& list)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject().key("schema").integer(1).key("date").string(list.date);
    json.key("source").string(list.source).key("models").beginArray();
    for (const ModelFacts& facts : list.models)
        writeFacts(json, facts);
    json.endArray().endObject();
    text += '\n';
    return text;
}

NewerList joined(const NewerList& older, const NewerList& newer)
{
    NewerList both{newer.date, newer.source, older.models};
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < both.models.size(); ++i)
        places.emplace(keyOf(both.models[i].row), i);
    for (const ModelFacts& facts : newer.models) {
        const auto [place, fresh] = places.emplace(keyOf(facts.row), both.models.size());
        if (fresh) {
            both.models.push_back(facts);
            continue;
        }
        ModelFacts& into = both.models[place->second];
        layOver(into.row, facts);
        if (facts.tools) into.tools = facts.tools;
        if (facts.reasoning) into.reasoning = facts.reasoning;
        if (facts.jsonSchema) into.jsonSchema = facts.jsonSchema;
    }
    return both;
}

void layOver(CatalogModel& row, const ModelFacts& facts)
{
    const CatalogModel& said = facts.row;
    row.updated = true;
    for (const auto& [name, part] : kTokenPrices) {
        if (!(said.prices.*part)) continue;
        row.prices.*part = said.prices.*part;
        row.pricesUpdated = true;
    }
    for (const UnitPrice& unit : said.units) {
        setUnit(row.units, unit);
        row.pricesUpdated = true;
    }
    if (!said.tiers.empty()) {
        row.tiers = said.tiers;
        row.pricesUpdated = true;
    }
    if (!said.services.empty()) row.services = said.services;
    if (said.context) {
        row.context = said.context;
        row.contextUpdated = true;
    }
    if (said.maxOutput) row.maxOutput = said.maxOutput;
    if (said.modalities != Modalities{}) row.modalities = said.modalities;
    if (said.outputs != Modalities{}) row.outputs = said.outputs;
    row.tools = facts.tools.value_or(row.tools);
    row.reasoning = facts.reasoning.value_or(row.reasoning);
    row.jsonSchema = facts.jsonSchema.value_or(row.jsonSchema);
    if (!said.deprecated.empty()) row.deprecated = said.deprecated;
    if (!said.source.empty()) row.source = said.source;
    const bool bothKnown = row.prices.input && row.prices.output;
    row.free = isFree(row.prices) && row.units.empty() && (row.free || bothKnown);
}

Comparison compare(const Catalog& inForce, std::vector<ModelFacts> listed, std::size_t maxChanges)
{
    Comparison comparison;
    const auto tell = [&](CatalogChange change) {
        if (comparison.changes.size() < maxChanges)
            comparison.changes.push_back(std::move(change));
        else
            ++comparison.moreChanges;
    };
    for (ModelFacts& facts : listed) {
        const auto before = rowBefore(inForce, facts);
        CatalogModel after = before ? *before : newRow(facts);
        layOver(after, facts);
        if (before) {
            std::vector<CatalogChange> changes = differences(*before, after);
            if (changes.empty()) continue;
            for (CatalogChange& change : changes)
                tell(std::move(change));
        } else {
            tell({CatalogChange::Kind::NewModel, after.kind, after.id, {}, {}, {}, false});
        }
        // The file's rows are whole where its schema has no way to leave a part out.
        facts.row.mode = after.mode;
        facts.row.modalities = after.modalities;
        facts.row.outputs = after.outputs;
        comparison.models.push_back(std::move(facts));
    }
    return comparison;
}

Catalog Catalog::withFacts(const NewerList& list) const
{
    Catalog laid;
    laid.m_models = m_models;
    laid.m_date = m_date;
    laid.m_source = m_source;
    laid.m_updateDate = list.date;
    laid.m_updateSource = list.source;
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < m_models.size(); ++i)
        places.emplace(keyOf(m_models[i]), i);
    for (const ModelFacts& facts : list.models) {
        const auto [place, fresh] = places.emplace(keyOf(facts.row), laid.m_models.size());
        if (fresh) laid.m_models.push_back(rowBefore(*this, facts).value_or(newRow(facts)));
        layOver(laid.m_models[place->second], facts);
    }
    laid.indexRows();
    return laid;
}

} // namespace gateway::catalog
