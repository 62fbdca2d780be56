// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/runtime.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "catalog/near_names.h"
#include "pipeline/route_meaning.h"
#include "pipeline/spending.h"

namespace gateway::pipeline {

namespace {

constexpr std::string_view kFromConfig = "config";
constexpr std::string_view kReported = "reported by the provider";

const ModelConfig* listed(const ProviderConfig& provider, std::string_view model)
{
    for (const ModelConfig& each : provider.models) {
        if (each.name == model || (!each.alias.empty() && each.alias == model)) return &each;
    }
    return nullptr;
}

std::optional<Price> priceOf(const std::optional<std::string>& text)
{
    const auto money = text ? Money::parse(*text) : std::nullopt;
    return money ? std::optional<Price>(Price{*money}) : std::nullopt;
}

accounting::OwnPrices ownPrices(const ModelConfig& model)
{
    accounting::OwnPrices own;
    if (!model.price) return own;
    const PriceOverride& said = *model.price;
    own.prices.input = priceOf(said.input);
    own.prices.output = priceOf(said.output);
    own.prices.cacheRead = priceOf(said.cacheRead);
    own.prices.cacheWrite = priceOf(said.cacheWrite);
    own.prices.cacheWriteHour = priceOf(said.cacheWriteHour);
    own.prices.reasoning = priceOf(said.reasoning);
    const auto addUnit = [&own](PriceUnit unit, const std::optional<std::string>& text) {
        if (const auto price = priceOf(text)) own.units.push_back({unit, price->perMillion});
    };
    addUnit(PriceUnit::Image, said.perImage);
    addUnit(PriceUnit::Second, said.perSecond);
    addUnit(PriceUnit::Request, said.perRequest);
    return own;
}

Cost named(Cost cost, std::string_view version)
{
    if (cost.source == CostSource::Reported)
        cost.prices = kReported;
    else if (cost.source != CostSource::Unknown)
        cost.prices = version;
    return cost;
}

/// As the checks of its health say.
bool isCheckedDown(const ProviderRuntime& provider)
{
    return provider.state && provider.state->down.load(std::memory_order_relaxed);
}

double shareOf(const ShadowConfig& shadow)
{
    const auto share = shadow.share ? Money::parse(*shadow.share) : std::nullopt;
    if (!share) return 1;
    return static_cast<double>(share->nanos()) / static_cast<double>(Money::kNanosPerDollar);
}

} // namespace

const InquiryAddress* Runtime::addressOf(const guardrail::Rule& rule) const
{
    for (const InquiryAddress& each : inquiryAddresses) {
        if (each.rule == &rule) return &each;
    }
    return nullptr;
}

const ModelConfig* ProviderRuntime::entryOf(std::string_view model) const
{
    return listed(config, model);
}

namespace {

void addMark(std::string& text, const std::vector<PromptText>& texts)
{
    for (const PromptText& each : texts)
        text.append(each.role).append(1, '\0').append(each.text).append(1, '\0');
}

void addMark(std::string& text, const DecorationConfig& decoration)
{
    addMark(text, decoration.before);
    text.append(1, '\1');
    addMark(text, decoration.after);
    text.append(decoration.defaultsJson).append(1, '\0').append(decoration.pinnedJson).append(1, '\0');
}

/// Of all that makes the answers of a route: an answer that was kept before any of it changed is another
/// one's.
void addMark(std::string& text, const Config& config, const RouteConfig& route, int depth)
{
    constexpr int kMostDepth = 16; // cycles are refused when the configuration is read
    text.append(route.id.text).append(1, '\0');
    if (route.decorate) addMark(text, *route.decorate);
    for (const TargetConfig& target : route.targets) {
        text.append(target.provider.text).append(1, '\0').append(target.model).append(1, '\0');
        text.append(target.overrideJson).append(1, '\0');
        const RouteConfig* const inner = target.route.empty() ? nullptr : config.findRoute(target.route.text);
        if (inner && depth < kMostDepth) addMark(text, config, *inner, depth + 1);
    }
}

/// What has to be found out for a condition.
void noteReads(Runtime& runtime, const Condition& condition)
{
    runtime.readsText = runtime.readsText || condition.asksFor("text.") || condition.asksFor("complexity");
    runtime.readsMachine = runtime.readsMachine || condition.asksFor("machine.");
    runtime.readsPersonal = runtime.readsPersonal || condition.asksFor("pii");
    runtime.readsSpend = runtime.readsSpend || condition.asksFor("spend.");
    runtime.readsOrigin =
        runtime.readsOrigin || condition.asksFor("program") || condition.asksFor("repository");
    runtime.readsHead = runtime.readsHead || condition.asksFor("headers.") ||
                        condition.asksFor("metadata.") || condition.asksFor("client");
}

Sha256 markOf(const Config& config, const RouteConfig& route)
{
    std::string text;
    addMark(text, config, route, 0);
    return sha256(text);
}

Sha256 markOf(const std::vector<PresetConfig>& presets)
{
    std::string text;
    for (const PresetConfig& each : presets) {
        text.append(each.id.text).append(1, '\0').append(each.model).append(1, '\0').append(each.system);
        text.append(1, '\0').append(each.toolsJson).append(1, '\0');
        addMark(text, each);
    }
    return sha256(text);
}

} // namespace

Runtime::Runtime(std::shared_ptr<const Config> configuration, std::uint16_t listeningPort,
                 std::shared_ptr<const catalog::Catalog> models, const catalog::Presets& presets)
    : config(std::move(configuration))
    , m_catalog(std::move(models))
    , catalog(*m_catalog)
    , keys(*config)
    , guard(config->server, listeningPort)
    , guardrails(*config)
{
    nameVersions();
    presetsMark = markOf(config->presets);
    for (const guardrail::Rule& rule : guardrails.rules()) {
        const auto base = upstream::parseBaseUrl(rule.check->address());
        if (rule.kind->asks && base) inquiryAddresses.push_back({&rule, *base});
    }
    for (const RouteConfig& route : config->routes) {
        auto& when = m_routes[route.id.text].when;
        for (const TargetConfig& target : route.targets) {
            auto& condition = when.emplace_back();
            if (target.whenJson.empty()) continue;
            auto read = Condition::parse(target.whenJson);
            // The configuration was checked; what cannot be read all the same must not hold for everything.
            if (!read) read = Condition::parse(R"({"model":{"$in":[]}})");
            condition = std::move(read.value());
            noteReads(*this, *condition);
        }
        if (route.shadow) m_routes[route.id.text].shadowShare = shareOf(*route.shadow);
        m_routes[route.id.text].cacheMark = markOf(*config, route);
        if (route.strategy == "semantic")
            m_routes[route.id.text].meaning = std::make_shared<const RouteMeaning>(route);
        readsMeaning = readsMeaning || m_routes[route.id.text].meaning;
        readsPersonal = readsPersonal || route.dataPolicy.personalLocal;
        for (const std::string_view part : splitAt(route.stickyBy, ',')) {
            const std::string_view field = trimmed(part);
            readsText = readsText || field.starts_with("text.") || field == "complexity";
            readsMachine = readsMachine || field.starts_with("machine.");
            readsPersonal = readsPersonal || field.starts_with("pii");
            readsSpend = readsSpend || field == "spend.today";
            readsOrigin = readsOrigin || field == "program" || field == "repository";
        }
    }
    std::vector<ProviderConfig> all = config->providers;
    if (!config->findProvider("sandbox")) {
        ProviderConfig sandbox;
        sandbox.id = ProviderId("sandbox");
        sandbox.kind = "sandbox";
        sandbox.local = true;
        all.push_back(std::move(sandbox));
    }
    for (ProviderConfig& each : all) {
        ProviderRuntime provider;
        provider.kind = provider::findKind(each.kind);
        if (!provider.kind) continue;
        const std::string url =
            each.baseUrl.empty() ? std::string(provider.kind->defaultBaseUrl()) : each.baseUrl;
        if (auto base = upstream::parseBaseUrl(url)) provider.base = *base;
        provider.base.origin.caFile = each.caFile;
        provider.authority = provider.base.origin.authority();
        const catalog::Preset* preset = presets.findByBaseUrl(url);
        provider.catalogKind = preset ? preset->id : each.kind;
        if (preset && each.kind == "openai-compatible") provider.quirks = preset->quirks;
        provider.config = std::move(each);
        for (const ModelConfig& model : provider.config.models)
            provider.ownPrices.push_back(ownPrices(model));
        provider.terms = accounting::termsOf(provider.config.discountPercent, provider.config.marginPercent);
        m_places[provider.config.id.text] = providers.size();
        providers.push_back(std::move(provider));
    }
}

const ProviderRuntime* Runtime::findProvider(std::string_view id) const
{
    const auto found = m_places.find(std::string(id));
    return found == m_places.end() ? nullptr : &providers[found->second];
}

const catalog::CatalogModel* Runtime::catalogRow(const ProviderRuntime& provider,
                                                 std::string_view model) const
{
    if (const auto* row = catalog.find(provider.catalogKind, model)) return row;
    const provider::CatalogName resold = provider.kind->catalogName(model);
    if (const auto* row = catalog.find(resold.kind, resold.model)) return row;
    // Compatible servers often resell models under "vendor/model".
    const auto slash = model.find('/');
    return slash == std::string_view::npos ? nullptr
                                           : catalog.find(model.substr(0, slash), model.substr(slash + 1));
}

std::optional<std::int64_t> Runtime::context(const ProviderRuntime& provider, std::string_view model) const
{
    const ModelConfig* own = listed(provider.config, model);
    if (own && own->context) return own->context;
    const auto* row = catalogRow(provider, own ? std::string_view(own->name) : model);
    return row ? row->context : std::nullopt;
}

void Runtime::learnFrom(TargetStates& states)
{
    for (const RouteConfig& route : config->routes) {
        RouteRuntime& runtime = m_routes[route.id.text];
        runtime.turns = states.turnsOf(route.id.text);
        runtime.targets.clear();
        for (const TargetConfig& target : route.targets) {
            TargetFacts& facts = runtime.targets.emplace_back();
            if (!target.route.empty()) continue;
            const ProviderConfig* provider = config->findProvider(target.provider.text);
            const std::string model(provider ? routing::listedName(*provider, target.model) : target.model);
            m_states[{target.provider.text, model}] = states.stateOf(target.provider.text, model);
            facts = factsOf(target.provider.text, model);
        }
    }
}

void Runtime::spendFrom(SpendKeeper& keeper)
{
    keeper.accounts.begin();
    budgets = std::make_shared<const accounting::BudgetTable>(*config, keeper.accounts);
    keeper.accounts.end();
    keys.gatesFrom(keeper.gates);
    for (ProviderRuntime& provider : providers) {
        if (access::limitsAnything(provider.config.limits))
            provider.gate = keeper.gates.of("provider " + provider.config.id.text);
        provider.modelGates.clear();
        for (const ModelConfig& model : provider.config.models) {
            const bool limited = access::limitsAnything(model.limits);
            provider.modelGates.push_back(
                limited ? keeper.gates.of("model " + provider.config.id.text + "/" + model.name) : nullptr);
        }
    }
    for (const RouteConfig& route : config->routes) {
        if (access::limitsAnything(route.limits))
            m_routes[route.id.text].gate = keeper.gates.of("route " + route.id.text);
    }
}

TargetFacts Runtime::factsOf(std::string_view provider, std::string_view model) const
{
    TargetFacts facts;
    facts.provider = findProvider(provider);
    if (!facts.provider) return facts;
    facts.state = stateOf(provider, model);
    const PriceSource source = priceSource(*facts.provider, model);
    facts.row = source.row;
    facts.prices = source.prices;
    facts.priceVersion = source.version;
    facts.context = context(*facts.provider, model);
    return facts;
}

routing::TargetState* Runtime::stateOf(std::string_view provider, std::string_view model) const
{
    const auto found = m_states.find(std::pair(provider, model));
    return found == m_states.end() ? nullptr : found->second.get();
}

std::shared_ptr<routing::TargetState> Runtime::keptStateOf(std::string_view provider,
                                                           std::string_view model) const
{
    const auto found = m_states.find(std::pair(provider, model));
    return found == m_states.end() ? nullptr : found->second;
}

void Runtime::letProbe(std::string_view provider, std::int64_t nowMicros) const
{
    for (const auto& [name, state] : m_states) {
        if (name.provider == provider) state->letProbe(nowMicros);
    }
}

const RouteRuntime* Runtime::findRoute(const std::string& route) const
{
    const auto found = m_routes.find(route);
    return found == m_routes.end() ? nullptr : &found->second;
}

std::vector<std::shared_ptr<const RouteMeaning>> Runtime::meanings() const
{
    std::vector<std::shared_ptr<const RouteMeaning>> all;
    for (const auto& [name, route] : m_routes) {
        if (route.meaning) all.push_back(route.meaning);
    }
    return all;
}

void Runtime::nameVersions()
{
    if (!catalog.date().empty()) m_catalogVersion = "catalog " + catalog.date();
    if (!catalog.updateDate().empty()) m_updateVersion = "update " + catalog.updateDate();
}

Runtime::PriceSource Runtime::priceSource(const ProviderRuntime& provider, std::string_view model) const
{
    PriceSource source;
    const ModelConfig* own = listed(provider.config, model);
    source.prices.terms = provider.terms;
    if (own && own->price) source.prices.own = &provider.ownPrices[provider.placeOf(*own)];
    source.row = catalogRow(provider, own ? std::string_view(own->name) : model);
    if (source.row) {
        source.prices.list = &source.row->prices;
        source.prices.tiers = &source.row->tiers;
        source.prices.services = &source.row->services;
        source.prices.units = &source.row->units;
        source.version = source.row->pricesUpdated ? m_updateVersion : m_catalogVersion;
    }
    if (source.prices.own) source.version = kFromConfig;
    return source;
}

PriceList Runtime::prices(const ProviderRuntime& provider, std::string_view model) const
{
    return accounting::usualPrices(priceSource(provider, model).prices);
}

Cost Runtime::costOf(const Usage& usage, const ProviderRuntime& provider, std::string_view model) const
{
    const PriceSource source = priceSource(provider, model);
    return named(accounting::costBy(source.prices, usage), source.version);
}

Cost Runtime::costOf(const Usage& usage, const TargetFacts& target)
{
    return named(accounting::costBy(target.prices, usage), target.priceVersion);
}

Cost Runtime::batchCostOf(const Usage& usage, const ProviderRuntime& provider, std::string_view model,
                          bool isSum) const
{
    PriceSource source = priceSource(provider, model);
    // The provider tells the snapshot that answered, the configuration the name that was asked for.
    if (!source.prices.own && source.row) {
        source.prices.own = priceSource(provider, source.row->id).prices.own;
        if (source.prices.own) source.version = kFromConfig;
    }
    Usage batched = usage;
    batched.service = ServiceTier::Batch;
    return named(accounting::costBy(source.prices, batched, isSum), source.version);
}

bool Runtime::serves(const ProviderConfig& provider, std::string_view model) const
{
    if (listed(provider, model)) return true;
    const ProviderRuntime* runtime = findProvider(provider.id.text);
    if (!runtime) return false;
    const provider::CatalogName resold = runtime->kind->catalogName(model);
    return catalog.find(runtime->catalogKind, model) || catalog.find(resold.kind, resold.model) ||
           (runtime->state && runtime->state->list.contains(model));
}

std::string_view Runtime::kindByName(std::string_view model) const
{
    return provider::kindForModelName(model);
}

bool Runtime::healthy(const ProviderConfig& provider) const
{
    const ProviderRuntime* runtime = findProvider(provider.id.text);
    if (!runtime || isCheckedDown(*runtime)) return false;
    if (runtime->keys.empty()) return !runtime->kind->needsKey();
    return std::any_of(runtime->keys.begin(), runtime->keys.end(), [](const ProviderKeyRuntime& key) {
        return !key.secret.empty() && !key.health->refused.load(std::memory_order_relaxed);
    });
}

std::optional<Money> Runtime::price(const ProviderConfig& provider, std::string_view model) const
{
    const ProviderRuntime* runtime = findProvider(provider.id.text);
    if (!runtime) return std::nullopt;
    const PriceList list = prices(*runtime, model);
    if (!list.input || !list.output) return std::nullopt;
    return list.input->perMillion + list.output->perMillion;
}

bool Runtime::costsAtMost(const ProviderConfig& provider, std::string_view model,
                          const std::optional<Money>& input, const std::optional<Money>& output) const
{
    const ProviderRuntime* found = findProvider(provider.id.text);
    if (provider.local || !found || found->kind->inProcess()) return true;
    const PriceList known = prices(*found, model);
    const auto within = [](const std::optional<Price>& price, const std::optional<Money>& most) {
        return !most || (price && price->perMillion.nanos() <= most->nanos());
    };
    return within(known.input, input) && within(known.output, output);
}

std::int64_t Runtime::speed(const ProviderConfig& provider) const
{
    const ProviderRuntime* runtime = findProvider(provider.id.text);
    return runtime && runtime->state ? runtime->state->speed.load(std::memory_order_relaxed) : 0;
}

bool Runtime::known(std::string_view model) const
{
    return !catalog.kindsServing(model).empty();
}

std::vector<std::string> Runtime::nearNames(std::string_view model) const
{
    std::set<std::string_view> names;
    std::vector<std::shared_ptr<const ModelList::Names>> lists; // what `names` looks into
    for (const RouteConfig& route : config->routes)
        names.insert(route.id.text);
    for (const ProviderRuntime& provider : providers) {
        // What the configuration hides or renames is not given away by its name.
        std::set<std::string_view> entries;
        for (const ModelConfig& each : provider.config.models) {
            entries.insert(each.name);
            if (!each.hidden) names.insert(each.alias.empty() ? each.name : each.alias);
        }
        for (const auto& row : catalog.models()) {
            if (row.kind == provider.catalogKind && !entries.contains(row.id)) names.insert(row.id);
        }
        if (auto list = provider.state ? provider.state->list.names() : nullptr) {
            for (const std::string& name : *list) {
                if (!entries.contains(name)) names.insert(name);
            }
            lists.push_back(std::move(list));
        }
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    return catalog::nearNames(model, candidates);
}

} // namespace gateway::pipeline
