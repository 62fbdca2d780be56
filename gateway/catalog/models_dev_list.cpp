// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "catalog/model_words.h"
#include "catalog/public_list.h"

namespace gateway::catalog {

namespace {

/// Its names of providers that have another one here. Those whose use is paid by the month are not among
/// them: what they write as prices is none.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kRenamed{
    {{"alibaba", "qwen"},
     {"amazon-bedrock", "bedrock"},
     {"cloudferro-sherlock", "cloudferro"},
     {"cloudflare-workers-ai", "cloudflare"},
     {"fireworks-ai", "fireworks"},
     {"google", "gemini"},
     {"google-vertex", "vertex"},
     {"google-vertex-anthropic", "vertex"},
     {"iflowcn", "iflow"},
     {"inference", "inference-net"},
     {"llama", "llama-api"},
     {"moonshotai", "moonshot"},
     {"novita-ai", "novita"},
     {"qiniu-ai", "qiniu"},
     {"regolo-ai", "regolo"},
     {"snowflake-cortex", "snowflake"},
     {"togetherai", "together"},
     {"wafer.ai", "wafer"},
     {"zai", "zhipu"}}};

constexpr std::array<std::pair<std::string_view, std::optional<Price> PriceList::*>, 7> kPrices{
    {{"input", &PriceList::input},
     {"output", &PriceList::output},
     {"cache_read", &PriceList::cacheRead},
     {"cache_write", &PriceList::cacheWrite},
     {"reasoning", &PriceList::reasoning},
     {"input_audio", &PriceList::audioInput},
     {"output_audio", &PriceList::audioOutput}}};

bool readPrices(std::string_view cost, PriceList& prices)
{
    if (cost.empty() || jsonKindOf(cost) == JsonKind::Null) return true;
    if (jsonKindOf(cost) != JsonKind::Object) return false;
    for (const auto& [name, part] : kPrices) {
        if (!readPrice(memberValue(cost, name), 0, Variable::Refused, prices.*part)) return false;
    }
    return true;
}

constexpr std::int64_t kLongContext = 200'000;

/// Steps by the size of the input: today's `tiers`, each with its size, or the one step that there was
/// before. A step by something else than that is passed over.
bool readSteps(std::string_view cost, PriceTiers& tiers)
{
    bool read = true;
    const std::string_view list = memberValue(cost, "tiers");
    forEachElement(list, [&](std::string_view element, JsonKind) {
        const std::string_view step = memberValue(element, "tier");
        if (decodeJsonString(memberValue(step, "type")) != "context") return true;
        PriceTier tier;
        std::optional<std::int64_t> above;
        read = tiers.size() < kMaxTiers && readTokens(memberValue(step, "size"), above) &&
               readPrices(element, tier.prices);
        if (read && above) {
            tier.above = *above;
            tiers.push_back(tier);
        }
        return read;
    });
    const std::string_view before = memberValue(cost, "context_over_200k");
    if (read && tiers.empty() && !before.empty() && jsonKindOf(before) == JsonKind::Object) {
        PriceTier tier{kLongContext, {}};
        read = readPrices(before, tier.prices);
        if (tier.prices != PriceList{}) tiers.push_back(tier);
    }
    return read && orderTiers(tiers);
}

/// It says yes or no, or in an object what is so besides.
bool readTools(std::string_view value, std::optional<bool>& tools)
{
    const bool inside = !value.empty() && jsonKindOf(value) == JsonKind::Object;
    return readAnswer(inside ? memberValue(value, "supported") : value, tools);
}

bool readRow(std::string_view element, std::string_view kind, ModelFacts& facts)
{
    CatalogModel& row = facts.row;
    row.kind = kind;
    if (jsonKindOf(element) != JsonKind::Object) return false;
    if (!readModelName(memberValue(element, "id"), row.id)) return false;
    const std::string_view limit = memberValue(element, "limit");
    const std::string_view modalities = memberValue(element, "modalities");
    const std::string_view cost = memberValue(element, "cost");
    if (!readPrices(cost, row.prices) || !readSteps(cost, row.tiers) ||
        !readTokens(memberValue(limit, "context"), row.context) ||
        !readTokens(memberValue(limit, "output"), row.maxOutput) ||
        !readKindsOfContent(memberValue(modalities, "input"), row.modalities) ||
        !readKindsOfContent(memberValue(modalities, "output"), row.outputs) ||
        !readTools(memberValue(element, "tool_call"), facts.tools) ||
        !readAnswer(memberValue(element, "reasoning"), facts.reasoning) ||
        !readAnswer(memberValue(element, "structured_output"), facts.jsonSchema))
        return false;
    row.mode = guessedMode(row.id, row.outputs);
    // It has no word for vectors and calls them text.
    if (row.mode == ModelMode::Embedding) row.outputs = {};
    return true;
}

void readProvider(const JsonMember& member, const Presets& presets, PublicList& list)
{
    const auto name = unescapeJson(member.key);
    const std::string_view kind = name ? kindOfModelsDev(*name, presets) : std::string_view();
    const std::string_view models = memberValue(member.value, "models");
    if (jsonKindOf(models) != JsonKind::Object) {
        ++list.refused;
        return;
    }
    forEachMember(models, [&](const JsonMember& model) {
        if (kind.empty()) {
            ++list.foreign;
            return;
        }
        ModelFacts facts;
        if (readRow(model.value, kind, facts))
            list.models.push_back(std::move(facts));
        else
            ++list.refused;
    });
}

} // namespace

std::string_view kindOfModelsDev(std::string_view provider, const Presets& presets)
{
    const auto* renamed = findNamed(kRenamed, provider);
    const Preset* preset = presets.find(renamed ? *renamed : provider);
    return preset && !preset->local ? std::string_view(preset->id) : std::string_view();
}

Result<PublicList> readModelsDevList(std::string_view text, const Presets& presets)
{
    JsonDocument document;
    if (scanJson(text, document) || document.root != JsonKind::Object)
        return gatewayError(Code::UpstreamInvalidResponse, "The answer is not the list of models.dev.");
    PublicList list;
    for (const JsonMember& member : document.members)
        readProvider(member, presets, list);
    if (list.models.empty() && list.foreign == 0)
        return gatewayError(Code::UpstreamInvalidResponse, "The answer is not the list of models.dev.");
    dropRepeated(list);
    return list;
}

} // namespace gateway::catalog
