// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/fake_models.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <QDateTime>

#include "gateway/config_io.h"

namespace ui {
namespace {

constexpr std::int64_t kNano = 1'000'000; // a thousandth of a dollar

struct Fact {
    const char *provider, *model, *mode;
    std::int64_t context, maxOutput;                   // 0: not known
    std::int64_t input, output, cacheRead, cacheWrite; // thousandths of a dollar, -1: not known
    const char* can;                                   // t(ools) v(ision) r(easoning) j(son) a(udio)
};

constexpr std::array kFacts{
    Fact{"openai", "gpt-4.1", "chat", 1'047'576, 32'768, 2000, 8000, 500, -1, "tvj"},
    Fact{"openai", "gpt-4.1-mini", "chat", 1'047'576, 32'768, 400, 1600, 100, -1, "tvj"},
    Fact{"openai", "gpt-4o-audio", "chat", 128'000, 16'384, 2500, 10'000, -1, -1, "ta"},
    Fact{"openai", "o4-mini", "chat", 200'000, 100'000, 1100, 4400, 275, -1, "tvrj"},
    Fact{"openai", "text-embedding-3-small", "embedding", 8191, 0, 20, -1, -1, -1, ""},
    Fact{"openai", "gpt-image-1", "image", 0, 0, 5000, -1, 1250, -1, "v"},
    Fact{"anthropic", "claude-opus-4-1", "chat", 200'000, 32'000, 15'000, 75'000, 1500, 18'750, "tvr"},
    Fact{"anthropic", "claude-sonnet-4-5", "chat", 200'000, 64'000, 3000, 15'000, 300, 3750, "tvrj"},
    Fact{"anthropic", "claude-3-haiku", "chat", 200'000, 4096, 250, 1250, 30, 300, "tv"},
    Fact{"groq", "llama-3.3-70b-versatile", "chat", 131'072, 32'768, 590, 790, -1, -1, "t"},
    Fact{"groq", "gpt-oss-20b", "chat", 131'072, 65'536, 75, 300, 37, -1, "trj"},
    Fact{"groq", "whisper-large-v3", "transcription", 0, 0, -1, -1, -1, -1, "a"},
    Fact{"groq", "guard-preview", "chat", 8192, 1024, 0, 0, -1, -1, ""},
    Fact{"lab", "qwen3-coder", "chat", 262'144, 0, 0, 0, -1, -1, "tr"},
    Fact{"lab", "my-fine-tune", "", 0, 0, -1, -1, -1, -1, ""}};

gateway::ModelPrices::Nanos price(std::int64_t thousandths)
{
    if (thousandths < 0) return std::nullopt;
    return thousandths * kNano;
}

gateway::ModelRow rowOf(const Fact& fact)
{
    const std::string can = fact.can;
    const auto has = [&](char letter) { return can.find(letter) != std::string::npos; };
    gateway::ModelRow row;
    row.provider = gateway::ProviderId(fact.provider);
    row.model = fact.model;
    row.mode = fact.mode;
    row.known = *fact.mode != '\0';
    row.listed = true;
    row.local = row.provider.text == "lab";
    row.free = fact.input == 0 && fact.output == 0;
    row.tools = has('t');
    row.reasoning = has('r');
    row.jsonSchema = has('j');
    if (row.known) row.inputs = row.outputs = {"text"};
    if (has('v')) row.inputs.emplace_back("image");
    if (has('a')) row.inputs.emplace_back("audio");
    if (fact.context > 0) row.context = fact.context;
    if (fact.maxOutput > 0) row.maxOutput = fact.maxOutput;
    row.prices.input = price(fact.input);
    row.prices.output = price(fact.output);
    row.prices.cacheRead = price(fact.cacheRead);
    row.prices.cacheWrite = price(fact.cacheWrite);
    const auto source = row.known ? gateway::FactSource::Catalog : gateway::FactSource::Unknown;
    row.priceSource = fact.input < 0 ? gateway::FactSource::Unknown : source;
    row.contextSource = row.context ? source : gateway::FactSource::Unknown;
    if (row.known) {
        row.source = "https://example.com/prices";
        row.date = "2026-07-24";
    }
    return row;
}

void takeOwn(gateway::ModelRow& row, const gateway::ModelConfig& own)
{
    row.configured = true;
    row.alias = own.alias;
    row.hidden = own.hidden;
    if (own.context) {
        row.context = own.context;
        row.contextSource = gateway::FactSource::Config;
    }
    if (!own.price) return;
    row.priceSource = gateway::FactSource::Config;
    for (const auto& [text, to] : {std::pair{&own.price->input, &row.prices.input},
                                   {&own.price->output, &row.prices.output},
                                   {&own.price->cacheRead, &row.prices.cacheRead},
                                   {&own.price->cacheWrite, &row.prices.cacheWrite}}) {
        double dollars = 0;
        if (!*text) continue;
        std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), dollars);
        *to = std::llround(dollars * 1e9);
    }
}

gateway::TargetConfig target(const char* provider, const char* model, const char* when = "")
{
    gateway::TargetConfig made;
    made.provider = gateway::ProviderId(provider);
    made.model = model;
    made.whenJson = when;
    return made;
}

} // namespace

gateway::ModelTable madeUpModels()
{
    gateway::ModelTable table;
    table.catalogDate = "2026-07-24";
    for (const Fact& fact : kFacts) {
        table.rows.push_back(rowOf(fact));
    }
    const auto named = [&](const char* model) -> gateway::ModelRow& {
        return *std::find_if(table.rows.begin(), table.rows.end(),
                             [&](const gateway::ModelRow& row) { return row.model == model; });
    };
    named("claude-3-haiku").deprecated = "2027-03-14";
    named("gpt-image-1").prices.imageOutput = 40'000 * kNano;
    named("claude-sonnet-4-5").prices.tiers = true;
    named("whisper-large-v3").prices.perSecond = 31'000;
    return table;
}

gateway::ModelTable withOwnEntries(gateway::ModelTable table, const gateway::Config& config)
{
    std::erase_if(table.rows, [&](const gateway::ModelRow& row) {
        return config.findProvider(row.provider.text) == nullptr;
    });
    for (gateway::ModelRow& row : table.rows) {
        for (const gateway::ModelConfig& own : config.findProvider(row.provider.text)->models) {
            if (own.name == row.model) takeOwn(row, own);
        }
    }
    return table;
}

gateway::CatalogUpdate madeUpUpdate()
{
    using Kind = gateway::CatalogChange::Kind;
    gateway::CatalogUpdate update;
    update.date = "2026-11-26";
    update.modelsRead = 342;
    update.refusedRows = 2;
    update.changes = {
        {Kind::NewModel, "openai", "gpt-5-nano", "", "", "", false},
        {Kind::NewModel, "mistral", "mistral-medium-3.1", "", "", "", false},
        {Kind::Price, "openai", "gpt-4.1", "input", "2", "1.8", false},
        {Kind::Price, "groq", "llama-3.3-70b-versatile", "output", "0.79", "0.75", true},
        {Kind::Price, "anthropic", "claude-opus-4-1", "cache_read", "", "1.5", false},
        {Kind::Context, "openai", "o4-mini", "context", "200000", "400000", false},
        {Kind::Ability, "groq", "llama-3.3-70b-versatile", "json_schema", "false", "true", false},
        {Kind::Deprecation, "anthropic", "claude-3-haiku", "deprecated", "", "2027-03-14", false}};
    return update;
}

void addManyModels(gateway::ModelTable& table, const std::string& provider, const std::string& model)
{
    for (int i = 0; i < 3000; ++i) {
        gateway::ModelRow row = rowOf(kFacts[static_cast<std::size_t>(i) % kFacts.size()]);
        row.provider = gateway::ProviderId(i % 2 == 0 ? provider : "provider-" + std::to_string(1 + i % 13));
        row.model = i == 0 ? model : row.model + "-" + std::to_string(i);
        table.rows.push_back(row);
    }
}

std::vector<gateway::RouteConfig> madeUpRoutes()
{
    gateway::RouteConfig smart, small, local;
    smart.id = gateway::RouteId("smart");
    smart.targets = {target("anthropic", "claude-sonnet-4-5"), target("openai", "gpt-4.1")};
    smart.targets[1].overrideJson = R"({"temperature":0.2})";
    smart.targets.emplace_back().route = gateway::RouteId("local");
    small.id = gateway::RouteId("by-size");
    small.strategy = "conditional";
    small.targets = {target("groq", "gpt-oss-20b", R"({"input_tokens":{"$lt":4000},"tools":false})"),
                     target("openai", "gpt-4.1")};
    local.id = gateway::RouteId("local");
    local.targets = {target("lab", "qwen3-coder")};
    return {smart, small, local};
}

void addVersions(std::vector<gateway::RouteVersion>& versions, const gateway::Config& config,
                 const char* source)
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    for (const gateway::RouteConfig& route : config.routes) {
        const gateway::RouteVersion next{route.id, now, source, gateway::routeText(route)};
        const auto newest =
            std::find_if(versions.rbegin(), versions.rend(),
                         [&](const gateway::RouteVersion& version) { return version.route == route.id; });
        if (newest == versions.rend() || newest->json != next.json) versions.push_back(next);
    }
}

} // namespace ui
