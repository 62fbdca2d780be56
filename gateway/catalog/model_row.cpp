// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/model_row.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "catalog/data_file.h"
#include "catalog/model_words.h"

namespace gateway::catalog {

namespace {

constexpr std::size_t kMaxTiers = 16;

bool readMoney(std::string_view value, Money& into)
{
    std::string text;
    const auto amount = readText(value, text) ? Money::parse(text) : std::nullopt;
    if (!amount || *amount < Money{}) return false;
    into = *amount;
    return true;
}

/// False for what is no price of tokens too.
bool readTokenPrice(const JsonMember& member, PriceList& prices)
{
    const auto* part = findNamed(kTokenPrices, member.key);
    Price price;
    if (!part || !readMoney(member.value, price.perMillion)) return false;
    prices.** part = price;
    return true;
}

bool readTier(std::string_view value, PriceTier& tier)
{
    bool read = jsonKindOf(value) == JsonKind::Object;
    forEachMember(value, [&](const JsonMember& member) {
        read = isNamed(member, "above") ? readCount(member.value, tier.above)
                                        : readTokenPrice(member, tier.prices);
        return read;
    });
    return read && tier.above > 0;
}

bool readTiers(std::string_view value, PriceTiers& tiers)
{
    bool read = jsonKindOf(value) == JsonKind::Array;
    forEachElement(value, [&](std::string_view entry, JsonKind) {
        PriceTier tier;
        read = tiers.size() < kMaxTiers && readTier(entry, tier) &&
               (tiers.empty() || tiers.back().above < tier.above);
        tiers.push_back(tier);
        return read;
    });
    return read;
}

bool readService(std::string_view value, ServicePrices& service)
{
    bool read = jsonKindOf(value) == JsonKind::Object;
    forEachMember(value, [&](const JsonMember& member) {
        read = isNamed(member, "tiers") ? readTiers(member.value, service.tiers)
                                        : readTokenPrice(member, service.prices);
        return read;
    });
    return read && service.prices != PriceList{};
}

bool readModalities(std::string_view value, Modalities& modalities)
{
    bool read = jsonKindOf(value) == JsonKind::Array;
    forEachElement(value, [&](std::string_view entry, JsonKind) {
        std::string name;
        const auto* flag = readText(entry, name) ? findNamed(kModalities, name) : nullptr;
        read = flag && !(modalities.**flag);
        if (read) modalities.** flag = true;
        return read;
    });
    return read && modalities != Modalities{};
}

bool readMode(std::string_view value, ModelMode& mode)
{
    std::string name;
    const auto* found = readText(value, name) ? findNamed(kModes, name) : nullptr;
    if (found) mode = *found;
    return found;
}

bool readLimit(std::string_view value, std::optional<std::int64_t>& limit)
{
    return readCount(value, limit.emplace()) && *limit > 0;
}

using FieldReader = bool (*)(std::string_view value, CatalogModel& model);

constexpr std::array<std::pair<std::string_view, FieldReader>, 14> kFields{
    {{"id", [](std::string_view value, CatalogModel& model) { return readName(value, model.id); }},
     {"kind", [](std::string_view value, CatalogModel& model) { return readName(value, model.kind); }},
     {"mode", [](std::string_view value, CatalogModel& model) { return readMode(value, model.mode); }},
     {"in",
      [](std::string_view value, CatalogModel& model) { return readModalities(value, model.modalities); }},
     {"out",
      [](std::string_view value, CatalogModel& model) { return readModalities(value, model.outputs); }},
     {"context", [](std::string_view value, CatalogModel& model) { return readLimit(value, model.context); }},
     {"max_output",
      [](std::string_view value, CatalogModel& model) { return readLimit(value, model.maxOutput); }},
     {"tools", [](std::string_view value, CatalogModel& model) { return readTruth(value, model.tools); }},
     {"reasoning",
      [](std::string_view value, CatalogModel& model) { return readTruth(value, model.reasoning); }},
     {"json_schema",
      [](std::string_view value, CatalogModel& model) { return readTruth(value, model.jsonSchema); }},
     {"free", [](std::string_view value, CatalogModel& model) { return readTruth(value, model.free); }},
     {"tiers", [](std::string_view value, CatalogModel& model) { return readTiers(value, model.tiers); }},
     {"deprecated",
      [](std::string_view value, CatalogModel& model) {
          return readText(value, model.deprecated) && isDay(model.deprecated);
      }},
     {"source", [](std::string_view value, CatalogModel& model) { return readName(value, model.source); }}}};

bool readField(const JsonMember& member, CatalogModel& model)
{
    if (const auto* read = findNamed(kFields, member.key)) return (*read)(member.value, model);
    if (const auto* unit = findNamed(kUnitPrices, member.key)) {
        model.units.push_back({*unit, {}});
        return readMoney(member.value, model.units.back().amount);
    }
    if (const auto* service = findNamed(kServices, member.key)) {
        model.services.push_back({*service, {}, {}});
        return readService(member.value, model.services.back());
    }
    return readTokenPrice(member, model.prices);
}

} // namespace

Modalities usualOutput(ModelMode mode)
{
    Modalities output;
    output.text = mode == ModelMode::Chat || mode == ModelMode::Responses || mode == ModelMode::Completion ||
                  mode == ModelMode::Transcription || mode == ModelMode::Realtime;
    output.image = mode == ModelMode::Image;
    output.video = mode == ModelMode::Video;
    output.audio = mode == ModelMode::Speech || mode == ModelMode::Realtime;
    return output;
}

bool isFree(const PriceList& prices)
{
    return std::all_of(kTokenPrices.begin(), kTokenPrices.end(), [&](const auto& named) {
        const auto& price = prices.*named.second;
        return !price || price->perMillion == Money{};
    });
}

std::string_view readModelRow(std::string_view row, CatalogModel& model)
{
    model.mode = ModelMode::Chat;
    std::string_view wrong;
    if (jsonKindOf(row) != JsonKind::Object) return row;
    forEachMember(row, [&](const JsonMember& member) {
        if (!readField(member, model)) wrong = member.key.empty() ? "?" : member.key;
        return wrong.empty();
    });
    if (!wrong.empty()) return wrong;
    if (model.id.empty()) return "id";
    if (model.kind.empty()) return "kind";
    if (model.modalities == Modalities{}) return "in";
    if (model.free && !(isFree(model.prices) && model.units.empty())) return "free";
    if (model.outputs == Modalities{}) model.outputs = usualOutput(model.mode);
    return {};
}

} // namespace gateway::catalog
