// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/plan.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

#include "gateway/prompts.h"

#include "base/glob.h"
#include "base/strings.h"
#include "routing/route_walk.h"

namespace gateway::routing {

namespace {

/// A target that no route led to.
Target targetFor(const ProviderConfig* provider, ProviderId id, std::string model)
{
    Target target;
    target.provider = std::move(id);
    target.model = std::move(model);
    target.retry = retryRules(nullptr, provider ? &provider->retry : nullptr);
    target.timeout = timeoutRules(nullptr, provider ? &provider->timeout : nullptr);
    return target;
}

Plan routePlan(const Config& config, const RouteConfig& route, bool saved, const PlanContext& context)
{
    Plan plan;
    plan.route = route.id;
    layOutRoute(config, context, route, saved, plan.targets);
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
    plan.targets.push_back(
        targetFor(provider, ProviderId(id), std::string(provider ? listedName(*provider, model) : model)));
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
    plan.targets.push_back(targetFor(&best, best.id, std::string(listedName(best, name))));
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
    if (presetName(name)) {
        near.clear();
        for (const PresetConfig& preset : config.presets)
            near.push_back("preset/" + preset.id.text);
        near.resize(std::min<std::size_t>(near.size(), 3));
    }
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
            plan.targets.push_back(
                targetFor(&provider, provider.id, std::string(listedName(provider, name))));
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

bool isAffordable(const Config& config, const ModelDirectory& directory, const Preferences& preferences,
                  const Target& target)
{
    if (!preferences.mostInput && !preferences.mostOutput) return true;
    const ProviderConfig* provider = config.findProvider(target.provider.text);
    return !provider ||
           directory.costsAtMost(*provider, target.model, preferences.mostInput, preferences.mostOutput);
}

void prefer(const Config& config, const ModelDirectory& directory, const Preferences& preferences,
            std::vector<Target>& targets)
{
    std::erase_if(targets, [&](const Target& target) {
        const bool wanted = preferences.only.empty() || isIn(preferences.only, target);
        return !wanted || isIn(preferences.ignore, target) ||
               !isAffordable(config, directory, preferences, target);
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

/// Reorders and narrows as the client prefers.
void prefer(const Config& config, const ModelDirectory& directory, const Preferences& preferences, Plan& plan)
{
    if (preferences.sort != Preferences::Sort::Undecided)
        plan = granted(config, directory, std::move(plan),
                       preferences.sort == Preferences::Sort::Price ? Wish::Cheapest : Wish::Fastest);
    prefer(config, directory, preferences, plan.targets);
}

Error nobodyLeft(std::string_view name)
{
    return clientError(Code::ModelNotFound,
                       "None of the providers that serve `" + std::string(name) +
                           "` is left by the request's `provider` preferences.",
                       "provider");
}

Result<Plan> preferred(const Config& config, const ModelDirectory& directory, const Preferences& preferences,
                       std::string_view name, Plan plan)
{
    prefer(config, directory, preferences, plan);
    if (!plan.targets.empty()) return plan;
    return nobodyLeft(name);
}

Result<Plan> planForSuffixed(const Config& config, const ModelDirectory& directory, std::string_view name,
                             Wish wish, const PlanContext& context)
{
    auto plan = planFor(config, directory, name, context);
    if (!plan) return plan;
    if (isOpen(config, name, *plan)) addServers(config, directory, name, *plan);
    Plan best = granted(config, directory, std::move(*plan), wish);
    if (!best.targets.empty()) return best;
    return clientError(Code::ModelNotFound,
                       "Nobody serves `" + std::string(name) +
                           "` for free. Ask for it without :free, or see GET /v1/models.",
                       "model");
}

/// The preset that the name has without an alias.
const PresetConfig* namedPreset(const Config& config, std::string_view name, std::string& model)
{
    constexpr std::string_view kBehindModel = "@preset/";
    if (const auto id = presetName(name)) {
        const PresetConfig* preset = config.findPreset(*id);
        if (preset) model = preset->model;
        return preset;
    }
    const auto at = name.rfind(kBehindModel);
    if (at == std::string_view::npos) return nullptr;
    const PresetConfig* preset = config.findPreset(name.substr(at + kBehindModel.size()));
    if (preset) model = name.substr(0, at);
    return preset;
}

void decorate(Plan& plan, const PresetConfig& preset)
{
    for (Target& target : plan.targets)
        target.decorations.push_back({&preset, &preset, nullptr});
}

} // namespace

const PresetConfig* presetOf(const Config& config, std::string_view name, std::string& model)
{
    if (config.presets.empty() || config.findRoute(name)) return nullptr;
    if (const PresetConfig* preset = namedPreset(config, name, model)) return preset;
    const std::string* alias = aliasTarget(config, name);
    return alias ? namedPreset(config, *alias, model) : nullptr;
}

std::string_view listedName(const ProviderConfig& provider, std::string_view model)
{
    for (const ModelConfig& listed : provider.models) {
        if (!listed.alias.empty() && listed.alias == model) return listed.name;
    }
    return model;
}

Result<Plan> planFor(const Config& config, const ModelDirectory& directory, std::string_view name,
                     const PlanContext& context)
{
    if (const RouteConfig* route = config.findRoute(name)) return routePlan(config, *route, true, context);
    if (std::string model; const PresetConfig* preset = presetOf(config, name, model)) {
        auto plan = planFor(config, directory, model, context);
        if (plan) decorate(*plan, *preset);
        return plan;
    }
    if (const auto bare = withoutTag(config, directory, name); bare != name)
        return planFor(config, directory, bare, context);
    std::string_view wanted = name;
    if (const Wish wish = takeSuffix(wanted); wish != Wish::Undecided) {
        if (!isGiven(config, directory, name))
            return planForSuffixed(config, directory, wanted, wish, context);
        wanted = name;
    }
    if (const std::string* target = aliasTarget(config, name)) {
        wanted = *target;
        if (const RouteConfig* route = config.findRoute(wanted))
            return routePlan(config, *route, true, context);
    }
    if (auto plan = providerPlan(config, wanted)) return std::move(*plan);
    if (auto plan = barePlan(config, directory, wanted)) return std::move(*plan);
    return notFound(config, directory, wanted);
}

Result<Plan> planFor(const Config& config, const ModelDirectory& directory, std::string_view name,
                     const Preferences& preferences, const PlanContext& context)
{
    if (std::string model; const PresetConfig* preset = presetOf(config, name, model)) {
        auto plan = planFor(config, directory, model, preferences, context);
        if (plan) decorate(*plan, *preset);
        return plan;
    }
    auto plan = planFor(config, directory, name, context);
    if (!plan || preferences == Preferences()) return plan;
    if (plan->route.empty()) name = withoutTag(config, directory, name);
    const bool open = isOpen(config, name, *plan);
    // Who names the provider, or has it named by an alias, has chosen already.
    if (!open && plan->route.empty()) return plan;
    if (open && withoutSuffix(name) == name) addServers(config, directory, name, *plan);
    return preferred(config, directory, preferences, name, *std::move(plan));
}

Result<Plan> planForGoal(const Config& config, const ModelDirectory& directory, std::string_view goal,
                         const Preferences& preferences, const PlanContext& context)
{
    auto plan = planFor(config, directory, goal, context);
    if (!plan || preferences == Preferences()) return plan;
    return preferred(config, directory, preferences, goal, *std::move(plan));
}

Result<Plan> planForRoute(const Config& config, const ModelDirectory& directory, const RouteConfig& route,
                          const Preferences& preferences, const PlanContext& context)
{
    Plan plan = routePlan(config, route, false, context);
    if (plan.targets.empty() || preferences == Preferences()) return plan;
    return preferred(config, directory, preferences, route.id.text, std::move(plan));
}

std::string_view withoutSuffix(std::string_view name)
{
    if (name.size() > kNoTag.size() && name.ends_with(kNoTag)) name.remove_suffix(kNoTag.size());
    takeSuffix(name);
    return name;
}

} // namespace gateway::routing
