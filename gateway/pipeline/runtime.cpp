// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/runtime.h"

#include <algorithm>
#include <set>

#include "accounting/cost.h"
#include "catalog/near_names.h"
#include "pipeline/spending.h"

namespace gateway::pipeline {

namespace {

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

PriceList ownPrices(const ModelConfig& model)
{
    PriceList prices;
    if (!model.price) return prices;
    prices.input = priceOf(model.price->input);
    prices.output = priceOf(model.price->output);
    prices.cacheRead = priceOf(model.price->cacheRead);
    prices.cacheWrite = priceOf(model.price->cacheWrite);
    return prices;
}

/// As the checks of its health say.
bool isCheckedDown(const ProviderRuntime& provider)
{
    return provider.state && provider.state->down.load(std::memory_order_relaxed);
}

const ServicePrices* batchPrices(const catalog::CatalogModel& row)
{
    for (const ServicePrices& each : row.services) {
        if (each.service == ServiceTier::Batch) return &each;
    }
    return nullptr;
}

double shareOf(const ShadowConfig& shadow)
{
    const auto share = shadow.share ? Money::parse(*shadow.share) : std::nullopt;
    if (!share) return 1;
    return static_cast<double>(share->nanos()) / static_cast<double>(Money::kNanosPerDollar);
}

} // namespace

Runtime::Runtime(std::shared_ptr<const Config> configuration, std::uint16_t listeningPort,
                 std::shared_ptr<const catalog::Catalog> models, const catalog::Presets& presets)
    : config(std::move(configuration))
    , m_catalog(std::move(models))
    , catalog(*m_catalog)
    , keys(*config)
    , guard(config->server, listeningPort)
{
    for (const RouteConfig& route : config->routes) {
        auto& when = m_routes[route.id.text].when;
        for (const TargetConfig& target : route.targets) {
            auto& condition = when.emplace_back();
            if (target.whenJson.empty()) continue;
            auto read = Condition::parse(target.whenJson);
            // The configuration was checked; what cannot be read all the same must not hold for everything.
            if (!read) read = Condition::parse(R"({"model":{"$in":[]}})");
            condition = std::move(read.value());
            readsText = readsText || condition->asksFor("text.");
            readsMachine = readsMachine || condition->asksFor("machine.");
            readsSpend = readsSpend || condition->asksFor("spend.");
            readsOrigin = readsOrigin || condition->asksFor("program") || condition->asksFor("repository");
        }
        if (route.shadow) m_routes[route.id.text].shadowShare = shareOf(*route.shadow);
        readsText = readsText || route.stickyBy.starts_with("text.");
        readsMachine = readsMachine || route.stickyBy.starts_with("machine.");
        readsOrigin = readsOrigin || route.stickyBy == "program" || route.stickyBy == "repository";
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
    facts.ownPrices = source.own;
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

Runtime::PriceSource Runtime::priceSource(const ProviderRuntime& provider, std::string_view model) const
{
    PriceSource source;
    const ModelConfig* own = listed(provider.config, model);
    if (own && own->price)
        source.own = &provider.ownPrices[static_cast<std::size_t>(own - provider.config.models.data())];
    source.row = catalogRow(provider, own ? std::string_view(own->name) : model);
    return source;
}

PriceList Runtime::pricesOf(const PriceSource& source)
{
    const PriceList listed = source.row ? source.row->prices : PriceList();
    return source.own ? accounting::overlaid(listed, *source.own) : listed;
}

PriceList Runtime::prices(const ProviderRuntime& provider, std::string_view model) const
{
    return pricesOf(priceSource(provider, model));
}

Cost Runtime::costOf(const Usage& usage, const ProviderRuntime& provider, std::string_view model) const
{
    return costBy(priceSource(provider, model), usage);
}

Cost Runtime::costOf(const Usage& usage, const TargetFacts& target)
{
    return costBy({target.row, target.ownPrices}, usage);
}

Cost Runtime::costBy(const PriceSource& source, const Usage& usage)
{
    // Who states a price of his own states it for every size.
    const bool stepped = source.row && !source.own;
    static const PriceTiers s_none;
    const Cost cost = accounting::computeCost(usage, pricesOf(source), stepped ? source.row->tiers : s_none);
    if (cost.source != CostSource::Unknown || !source.row || source.row->units.empty()) return cost;
    return accounting::computeUnitCost(usage, source.row->units);
}

Cost Runtime::batchCostOf(const Usage& usage, const ProviderRuntime& provider, std::string_view model,
                          bool isSum) const
{
    static const PriceTiers s_none;
    PriceSource source = priceSource(provider, model);
    // The provider tells the snapshot that answered, the configuration the name that was asked for.
    if (!source.own && source.row) source.own = priceSource(provider, source.row->id).own;
    const ServicePrices* const batch = source.row ? batchPrices(*source.row) : nullptr;
    PriceList held = source.row ? source.row->prices : PriceList();
    if (batch) held = accounting::overlaid(held, batch->prices);
    if (source.own) held = accounting::overlaid(held, *source.own);
    const PriceTiers& usual = source.row && !source.own ? source.row->tiers : s_none;
    const PriceTiers& tiers = batch && !source.own ? batch->tiers : usual;
    Cost cost = accounting::computeCost(usage, held, isSum ? s_none : tiers);
    if (cost.source != CostSource::Computed) return cost;
    // Who states a price for batches asks half, so that half is the best guess for who does not.
    const bool isStated = batch || (source.own && source.own->input && source.own->output);
    if (!isStated) cost.amount = Money::fromNanos(cost.amount.nanos() / 2);
    // A sum does not tell which requests were long enough for a step, and lists may tell none for batches.
    const bool lacksStep = isSum ? !usual.empty() || !tiers.empty()
                                 : tiers.empty() && !usual.empty() && usage.inputTokens > usual.front().above;
    if (!isStated || lacksStep) cost.source = CostSource::Estimated;
    return cost;
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
