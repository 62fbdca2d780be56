// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/bounded_json.h"
#include "catalog/near_names.h"

namespace gateway::catalog {

namespace {

constexpr std::size_t kMaxModels = 100'000;
constexpr std::size_t kMaxTiers = 16;
constexpr std::size_t kMaxNameBytes = 256;

bool readPrice(const nlohmann::json& object, const char* name, std::optional<Price>& price)
{
    if (!object.contains(name)) return true;
    const auto text = stringField(object, name);
    const auto amount = text ? Money::parse(*text) : std::nullopt;
    if (!amount || *amount < Money{}) return false;
    price = Price{*amount};
    return true;
}

bool readPrices(const nlohmann::json& object, PriceList& prices)
{
    return readPrice(object, "input", prices.input) && readPrice(object, "output", prices.output) &&
           readPrice(object, "cache_read", prices.cacheRead) &&
           readPrice(object, "cache_write", prices.cacheWrite);
}

bool readTiers(const nlohmann::json& object, PriceTiers& tiers)
{
    const auto found = object.find("tiers");
    if (found == object.end()) return true;
    if (!found->is_array() || found->size() > kMaxTiers) return false;
    std::int64_t previous = 0;
    for (const auto& entry : *found) {
        PriceTier tier;
        const auto above = entry.is_object() ? countField(entry, "above") : std::nullopt;
        if (!above || *above <= previous || !readPrices(entry, tier.prices)) return false;
        previous = tier.above = *above;
        tiers.push_back(tier);
    }
    return true;
}

bool readModalities(const nlohmann::json& object, Modalities& modalities)
{
    const std::array<std::pair<std::string_view, bool*>, 5> known{{{"text", &modalities.text},
                                                                   {"image", &modalities.image},
                                                                   {"audio", &modalities.audio},
                                                                   {"video", &modalities.video},
                                                                   {"pdf", &modalities.pdf}}};
    const auto found = object.find("modalities");
    if (found == object.end() || !found->is_array()) return false;
    for (const auto& entry : *found) {
        const auto* name = entry.get_ptr<const std::string*>();
        if (!name) return false;
        const auto flag =
            std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == *name; });
        if (flag == known.end()) return false;
        *flag->second = true;
    }
    return true;
}

ModelMode parseMode(const nlohmann::json& object)
{
    if (!object.contains("mode")) return ModelMode::Chat;
    const auto text = stringField(object, "mode");
    if (text == "responses") return ModelMode::Responses;
    if (text == "completion") return ModelMode::Completion;
    if (text == "embedding") return ModelMode::Embedding;
    return ModelMode::Undecided;
}

bool readLimit(const nlohmann::json& object, const char* name, std::optional<std::int64_t>& limit)
{
    if (!object.contains(name)) return true;
    limit = countField(object, name);
    return limit && *limit > 0;
}

bool isName(const std::optional<std::string>& text)
{
    return text && !text->empty() && text->size() <= kMaxNameBytes;
}

std::optional<CatalogModel> parseModel(const nlohmann::json& row)
{
    if (!row.is_object()) return std::nullopt;
    auto id = stringField(row, "id");
    auto kind = stringField(row, "kind");
    const auto tools = boolField(row, "tools");
    const auto reasoning = boolField(row, "reasoning");
    if (!isName(id) || !isName(kind) || !tools || !reasoning) return std::nullopt;
    CatalogModel model;
    model.id = *std::move(id);
    model.kind = *std::move(kind);
    model.mode = parseMode(row);
    model.tools = *tools;
    model.reasoning = *reasoning;
    const bool read = readPrices(row, model.prices) && readTiers(row, model.tiers) &&
                      readLimit(row, "context", model.context) &&
                      readLimit(row, "max_output", model.maxOutput) && readModalities(row, model.modalities);
    if (!read || model.mode == ModelMode::Undecided) return std::nullopt;
    return model;
}

Error badCatalog(std::string detail)
{
    return gatewayError(Code::Internal, "The model catalog cannot be read.", std::move(detail));
}

bool isNumber(std::string_view digits, int least, int most)
{
    int number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return false;
        number = number * 10 + (c - '0');
    }
    return number >= least && number <= most;
}

bool isDate(std::string_view year, std::string_view month, std::string_view day)
{
    return isNumber(year, 2000, 2999) && isNumber(month, 1, 12) && isNumber(day, 1, 31);
}

/// The name without a trailing date or `-latest`; empty where it has neither.
std::string_view withoutVersion(std::string_view name)
{
    constexpr std::string_view kLatest = "-latest";
    constexpr std::size_t kPlainDate = 9;   // -20250929
    constexpr std::size_t kDashedDate = 11; // -2025-09-29
    if (name.ends_with(kLatest)) return name.substr(0, name.size() - kLatest.size());
    if (name.size() > kPlainDate) {
        const std::string_view end = name.substr(name.size() - kPlainDate);
        if (end[0] == '-' && isDate(end.substr(1, 4), end.substr(5, 2), end.substr(7, 2)))
            return name.substr(0, name.size() - kPlainDate);
    }
    if (name.size() > kDashedDate) {
        const std::string_view end = name.substr(name.size() - kDashedDate);
        const bool dashed = end[0] == '-' && end[5] == '-' && end[8] == '-';
        if (dashed && isDate(end.substr(1, 4), end.substr(6, 2), end.substr(9, 2)))
            return name.substr(0, name.size() - kDashedDate);
    }
    return {};
}

} // namespace

Result<Catalog> Catalog::parse(std::string_view text)
{
    const auto root = parseBounded(text);
    if (!root) return badCatalog("not a JSON object of schema 1");
    const auto rows = root->find("models");
    if (rows == root->end() || !rows->is_array()) return badCatalog("no list of models");
    if (rows->size() > kMaxModels) return badCatalog("too many models");
    Catalog catalog;
    catalog.m_date = stringField(*root, "date").value_or("");
    catalog.m_source = stringField(*root, "source").value_or("");
    catalog.m_models.reserve(rows->size());
    for (const auto& row : *rows) {
        const std::string place = "models[" + std::to_string(catalog.m_models.size()) + "]";
        auto model = parseModel(row);
        if (!model) return badCatalog(place + " is not a model");
        if (catalog.findExact(model->kind, model->id)) return badCatalog(place + " is there twice");
        catalog.m_rowsByName[model->id].push_back(catalog.m_models.size());
        catalog.m_models.push_back(*std::move(model));
    }
    return catalog;
}

const Catalog::Rows* Catalog::rows(std::string_view model) const
{
    const auto found = m_rowsByName.find(model);
    return found == m_rowsByName.end() ? nullptr : &found->second;
}

const CatalogModel* Catalog::findExact(std::string_view kind, std::string_view model) const
{
    const Rows* named = rows(model);
    if (!named) return nullptr;
    const auto row = std::find_if(named->begin(), named->end(),
                                  [&](std::size_t position) { return m_models[position].kind == kind; });
    return row == named->end() ? nullptr : &m_models[*row];
}

const CatalogModel* Catalog::find(std::string_view kind, std::string_view model) const
{
    // A dated name with a row of its own has prices of its own, so that the exact name goes first.
    if (const CatalogModel* exact = findExact(kind, model)) return exact;
    return findExact(kind, withoutVersion(model));
}

std::vector<std::string_view> Catalog::kindsServing(std::string_view model) const
{
    std::vector<std::size_t> positions;
    for (const std::string_view name : {model, withoutVersion(model)}) {
        if (const Rows* named = rows(name)) positions.insert(positions.end(), named->begin(), named->end());
    }
    std::sort(positions.begin(), positions.end());
    std::vector<std::string_view> kinds;
    for (const std::size_t position : positions) {
        const std::string_view kind = m_models[position].kind;
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
    return kinds;
}

std::vector<std::string> Catalog::nearNames(std::string_view model) const
{
    std::vector<std::string_view> names;
    names.reserve(m_rowsByName.size());
    for (const auto& [name, positions] : m_rowsByName)
        names.push_back(name);
    return catalog::nearNames(model, names);
}

} // namespace gateway::catalog
