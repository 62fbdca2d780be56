// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/plan.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/glob.h"
#include "base/strings.h"
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

constexpr int kMaxRouteDepth =
    16; // cycles are refused when the configuration is read; this is the second line
constexpr std::size_t kMaxTargets = 64;

Target targetFor(const ProviderConfig* provider, ProviderId id, std::string model, const RouteConfig* route)
{
    Target target;
    target.provider = std::move(id);
    target.model = std::move(model);
    target.retry = retryRules(route ? &route->retry : nullptr, provider ? &provider->retry : nullptr);
    target.timeout = timeoutRules(route ? &route->timeout : nullptr, provider ? &provider->timeout : nullptr);
    if (route) target.unsupported = route->unsupported;
    return target;
}

/// A model's alias in its provider's list stands for the listed name.
std::string listedName(const ProviderConfig& provider, std::string_view model)
{
    for (const ModelConfig& listed : provider.models) {
        if (!listed.alias.empty() && listed.alias == model) return listed.name;
    }
    return std::string(model);
}

void addRoute(const Config& config, const RouteConfig& route, int depth, std::vector<Target>& into)
{
    const Strategy* strategy = findStrategy(route.strategy);
    if (!strategy || depth > kMaxRouteDepth) return;
    for (const std::size_t place : strategy->order(route)) {
        if (into.size() >= kMaxTargets) return;
        const TargetConfig& each = route.targets[place];
        if (!each.route.empty()) {
            if (const RouteConfig* inner = config.findRoute(each.route.text))
                addRoute(config, *inner, depth + 1, into);
            continue;
        }
        const ProviderConfig* provider = config.findProvider(each.provider.text);
        Target target = targetFor(provider, each.provider,
                                  provider ? listedName(*provider, each.model) : each.model, &route);
        target.overrideJson = each.overrideJson;
        into.push_back(std::move(target));
    }
}

Plan routePlan(const Config& config, const RouteConfig& route)
{
    Plan plan;
    plan.route = route.id;
    addRoute(config, route, 0, plan.targets);
    return plan;
}

std::optional<Plan> providerPlan(const Config& config, std::string_view name)
{
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const std::string_view id = name.substr(0, slash);
    const std::string_view model = name.substr(slash + 1);
    const ProviderConfig* provider = config.findProvider(id);
    if (model.empty() || (!provider && id != "sandbox")) return std::nullopt;
    Plan plan;
    plan.targets.push_back(targetFor(provider, ProviderId(id),
                                     provider ? listedName(*provider, model) : std::string(model), nullptr));
    return plan;
}

std::optional<Plan> barePlan(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    std::vector<const ProviderConfig*> serving;
    for (const ProviderConfig& provider : config.providers) {
        if (provider.kind != "sandbox" && directory.serves(provider, name)) serving.push_back(&provider);
    }
    if (serving.empty()) {
        const std::string_view kind = directory.kindByName(name);
        for (const ProviderConfig& provider : config.providers) {
            if (!kind.empty() && provider.kind == kind) serving.push_back(&provider);
        }
    }
    if (serving.empty()) return std::nullopt;
    const auto better = [&](const ProviderConfig* a, const ProviderConfig* b) {
        const bool aHealthy = directory.healthy(*a);
        const bool bHealthy = directory.healthy(*b);
        if (aHealthy != bHealthy) return aHealthy;
        const auto aPrice = directory.price(*a, name);
        const auto bPrice = directory.price(*b, name);
        if (aPrice && bPrice) return *aPrice < *bPrice;
        return aPrice.has_value() && !bPrice.has_value();
    };
    // No sort: health changes on other threads meanwhile, and a sort may leave the list when the order does.
    const ProviderConfig& best = **std::min_element(serving.begin(), serving.end(), better);
    Plan plan;
    plan.targets.push_back(targetFor(&best, best.id, listedName(best, name), nullptr));
    return plan;
}

const std::string* aliasTarget(const Config& config, std::string_view name)
{
    for (const auto& [pattern, target] : config.aliases) {
        if (pattern == name) return &target;
    }
    for (const auto& [pattern, target] : config.aliases) {
        if (isGlob(pattern) && globMatches(pattern, name)) return &target;
    }
    return nullptr;
}

Error notFound(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    if (directory.known(name)) {
        return gatewayError(Code::NoProviderConfigured,
                            "No provider is set up that serves `" + std::string(name) +
                                "`. Add one in the window (Providers) or in the configuration.");
    }
    std::string message = "Nothing serves the model `" + std::string(name) + "`.";
    std::vector<std::string> near = directory.nearNames(name);
    if (near.empty() && !config.routes.empty()) near.push_back(config.routes.front().id.text);
    for (std::size_t i = 0; i < near.size(); ++i)
        message += (i == 0 ? " Did you mean `" : i + 1 == near.size() ? "` or `" : "`, `") + near[i];
    message += near.empty() ? " Use provider/model, a route's name, or see GET /v1/models." : "`?";
    return clientError(Code::ModelNotFound, message, "model");
}

enum class Wish : std::uint8_t { Undecided, Cheapest, Fastest, Free };

/// OpenRouter's suffixes, taken off the name.
Wish takeSuffix(std::string_view& name)
{
    constexpr std::array<std::pair<std::string_view, Wish>, 3> kSuffixes = {
        {{":floor", Wish::Cheapest}, {":nitro", Wish::Fastest}, {":free", Wish::Free}}};
    for (const auto& [suffix, wish] : kSuffixes) {
        if (name.size() <= suffix.size() || !name.ends_with(suffix)) continue;
        name.remove_suffix(suffix.size());
        return wish;
    }
    return Wish::Undecided;
}

bool isAlias(const Config& config, std::string_view name)
{
    return std::any_of(config.aliases.begin(), config.aliases.end(),
                       [name](const auto& alias) { return alias.first == name; });
}

bool isServed(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    return std::any_of(config.providers.begin(), config.providers.end(),
                       [&](const ProviderConfig& provider) { return directory.serves(provider, name); });
}

/// Somebody has given exactly this name, so that a suffix in it is part of it.
bool isGiven(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    return providerPlan(config, name) || isAlias(config, name) || isServed(config, directory, name);
}

constexpr std::string_view kNoTag = ":latest";

/// The name without the tag that stands for none in Ollama, whose clients put it to every name; the name
/// itself where somebody has given it so, or where a server of the user's own may have.
std::string_view withoutTag(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    if (name.size() <= kNoTag.size() || !name.ends_with(kNoTag) || isAlias(config, name)) return name;
    const std::string_view bare = name.substr(0, name.size() - kNoTag.size());
    const auto slash = name.find('/');
    const std::string_view id = name.substr(0, slash);
    const ProviderConfig* provider = slash == std::string_view::npos ? nullptr : config.findProvider(id);
    if (!provider) return isServed(config, directory, name) ? name : bare;
    if (directory.serves(*provider, name.substr(slash + 1))) return name;
    const bool own = provider->kind == "ollama" || provider->kind == "openai-compatible";
    return !own || directory.serves(*provider, bare.substr(slash + 1)) ? bare : name;
}

/// A plan with every provider that serves the name, where only the best of them was in it.
void addServers(const Config& config, const ModelDirectory& directory, std::string_view name, Plan& plan)
{
    const std::string chosen = plan.targets.front().provider.text;
    for (const ProviderConfig& provider : config.providers) {
        if (provider.kind != "sandbox" && provider.id.text != chosen && directory.serves(provider, name))
            plan.targets.push_back(targetFor(&provider, provider.id, listedName(provider, name), nullptr));
    }
}

/// What a target costs and how fast it is, looked at once: both change while requests run.
struct Rank {
    bool unhealthy = false;
    std::int64_t price = std::numeric_limits<std::int64_t>::max(); // in nano-dollars; unknown is last
    std::int64_t slowness = 0;
};

Rank rankOf(const Config& config, const ModelDirectory& directory, const Target& target)
{
    Rank rank;
    const ProviderConfig* provider = config.findProvider(target.provider.text);
    if (!provider) {
        rank.price = 0; // the built-in sandbox
        return rank;
    }
    rank.unhealthy = !directory.healthy(*provider);
    rank.slowness = -directory.speed(*provider);
    if (const auto price = directory.price(*provider, target.model))
        rank.price = price->nanos();
    else if (provider->local)
        rank.price = 0;
    return rank;
}

Plan granted(const Config& config, const ModelDirectory& directory, Plan plan, Wish wish)
{
    std::vector<std::pair<Rank, Target>> ranked;
    for (Target& target : plan.targets) {
        Rank rank = rankOf(config, directory, target);
        if (wish != Wish::Free || rank.price == 0) ranked.emplace_back(rank, std::move(target));
    }
    std::stable_sort(ranked.begin(), ranked.end(), [wish](const auto& left, const auto& right) {
        const auto key = [wish](const Rank& rank) {
            return std::pair(rank.unhealthy, wish == Wish::Fastest ? rank.slowness : rank.price);
        };
        return key(left.first) < key(right.first);
    });
    plan.targets.clear();
    for (auto& [rank, target] : ranked)
        plan.targets.push_back(std::move(target));
    return plan;
}

/// The name led to no provider that somebody had chosen by its id.
bool isOpen(const Config& config, std::string_view name, const Plan& plan)
{
    return plan.route.empty() && !plan.targets.empty() && !aliasTarget(config, name) &&
           !providerPlan(config, name);
}

/// Where `target` stands in a list of providers; behind all of them when it does not. A part behind a slash
/// names a provider's own variant, which we do not know.
std::size_t placeIn(const std::vector<std::string>& providers, const Target& target)
{
    const auto found = std::find_if(providers.begin(), providers.end(), [&target](const std::string& each) {
        return equalsIgnoreCase(std::string_view(each).substr(0, each.find('/')), target.provider.text);
    });
    return static_cast<std::size_t>(found - providers.begin());
}

bool isIn(const std::vector<std::string>& providers, const Target& target)
{
    return placeIn(providers, target) < providers.size();
}

void prefer(const Preferences& preferences, std::vector<Target>& targets)
{
    std::erase_if(targets, [&preferences](const Target& target) {
        const bool wanted = preferences.only.empty() || isIn(preferences.only, target);
        return !wanted || isIn(preferences.ignore, target);
    });
    std::stable_sort(targets.begin(), targets.end(), [&preferences](const Target& left, const Target& right) {
        return placeIn(preferences.order, left) < placeIn(preferences.order, right);
    });
    if (preferences.allowFallbacks || targets.empty()) return;
    if (preferences.order.empty())
        targets.erase(targets.begin() + 1, targets.end());
    else
        std::erase_if(targets,
                      [&preferences](const Target& target) { return !isIn(preferences.order, target); });
}

Result<Plan> planForSuffixed(const Config& config, const ModelDirectory& directory, std::string_view name,
                             Wish wish)
{
    auto plan = planFor(config, directory, name);
    if (!plan) return plan;
    if (isOpen(config, name, *plan)) addServers(config, directory, name, *plan);
    Plan best = granted(config, directory, std::move(*plan), wish);
    if (!best.targets.empty()) return best;
    return clientError(Code::ModelNotFound,
                       "Nobody serves `" + std::string(name) +
                           "` for free. Ask for it without :free, or see GET /v1/models.",
                       "model");
}

} // namespace

Result<Plan> planFor(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    if (const RouteConfig* route = config.findRoute(name)) return routePlan(config, *route);
    if (const auto bare = withoutTag(config, directory, name); bare != name)
        return planFor(config, directory, bare);
    std::string_view wanted = name;
    if (const Wish wish = takeSuffix(wanted); wish != Wish::Undecided) {
        if (!isGiven(config, directory, name)) return planForSuffixed(config, directory, wanted, wish);
        wanted = name;
    }
    if (const std::string* target = aliasTarget(config, name)) {
        wanted = *target;
        if (const RouteConfig* route = config.findRoute(wanted)) return routePlan(config, *route);
    }
    if (auto plan = providerPlan(config, wanted)) return std::move(*plan);
    if (auto plan = barePlan(config, directory, wanted)) return std::move(*plan);
    return notFound(config, directory, wanted);
}

Result<Plan> planFor(const Config& config, const ModelDirectory& directory, std::string_view name,
                     const Preferences& preferences)
{
    auto plan = planFor(config, directory, name);
    if (!plan || preferences == Preferences()) return plan;
    if (plan->route.empty()) name = withoutTag(config, directory, name);
    const bool open = isOpen(config, name, *plan);
    // Who names the provider, or has it named by an alias, has chosen already.
    if (!open && plan->route.empty()) return plan;
    if (open && withoutSuffix(name) == name) addServers(config, directory, name, *plan);
    if (preferences.sort != Preferences::Sort::Undecided)
        *plan = granted(config, directory, std::move(*plan),
                        preferences.sort == Preferences::Sort::Price ? Wish::Cheapest : Wish::Fastest);
    prefer(preferences, plan->targets);
    if (!plan->targets.empty()) return plan;
    return clientError(Code::ModelNotFound,
                       "None of the providers that serve `" + std::string(name) +
                           "` is left by the request's `provider` preferences.",
                       "provider");
}

std::string_view withoutSuffix(std::string_view name)
{
    if (name.size() > kNoTag.size() && name.ends_with(kNoTag)) name.remove_suffix(kNoTag.size());
    takeSuffix(name);
    return name;
}

} // namespace gateway::routing
