// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/plan.h"

#include <algorithm>
#include <array>
#include <chrono>
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

BreakerRules breakerFor(const CircuitConfig& circuit)
{
    BreakerRules rules;
    rules.failures = circuit.failures.value_or(rules.failures);
    rules.errorPercent = circuit.errorPercent.value_or(rules.errorPercent);
    rules.minimum = circuit.minimum.value_or(rules.minimum);
    rules.recover = circuit.recover.value_or(rules.recover);
    if (circuit.wait) rules.waitMicros = std::chrono::microseconds(*circuit.wait).count();
    return rules;
}

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

/// Lays out the targets of a route and of the routes in it.
class RouteWalk {
public:
    RouteWalk(const Config& config, const PlanContext& context, std::vector<Target>& into)
        : m_config(config), m_situation(context.situation), m_steps(context.steps), m_into(into)
    {
    }

    /// `saved`: it is the configuration's, and did not come with the request.
    void add(const RouteConfig& route, bool saved, int depth)
    {
        if (depth > kMaxRouteDepth) return;
        const std::vector<int>* nextOn = m_situation ? m_situation->nextOn(route) : nullptr;
        const bool hasRules = route.dataPolicy != DataRules();
        if (nextOn) m_within.insert(m_within.begin(), {m_onwards++, *nextOn});
        if (hasRules) m_dataRules.push_back(&route.dataPolicy);
        m_into.reserve(std::min(kMaxTargets, m_into.size() + route.targets.size()));
        // Another way may have led here before, with other routes around it.
        std::erase_if(m_served, [&route](const Served& each) { return each.route == &route; });
        for (const std::size_t place : orderOf(route, depth)) {
            if (m_into.size() >= kMaxTargets) break;
            const TargetConfig& each = route.targets[place];
            if (const Inner inner = innerRoute(each); inner.route) {
                add(*inner.route, inner.saved, depth + 1);
            } else if (each.route.empty()) {
                addTarget(route, each);
                if (!saved) continue;
                m_into.back().route = &route;
                m_into.back().place = place;
            }
        }
        if (nextOn) m_within.erase(m_within.begin());
        if (hasRules) m_dataRules.pop_back();
    }

private:
    struct Inner {
        const RouteConfig* route = nullptr; // null: the target is none
        bool saved = true;
    };
    [[nodiscard]] Inner innerRoute(const TargetConfig& target) const
    {
        if (target.route.empty()) return {};
        const RouteConfig* own = m_situation ? m_situation->ownRoute(target.route.text) : nullptr;
        if (own) return {own, false};
        return {m_config.findRoute(target.route.text), true};
    }

    /// Made in its place: there is much to a target, and there may be many.
    void addTarget(const RouteConfig& route, const TargetConfig& each)
    {
        const Served& served = servedBy(route, each.provider.text);
        Target& target = m_into.emplace_back(served.begun);
        target.model = served.provider ? listedName(*served.provider, each.model) : each.model;
        target.overrideJson = each.overrideJson;
        target.limits = each.limits;
    }

    /// What all targets of a route at one provider have alike.
    struct Served {
        const RouteConfig* route = nullptr;
        std::string_view id;
        const ProviderConfig* provider = nullptr; // null: built in
        Target begun;
    };
    const Served& servedBy(const RouteConfig& route, std::string_view id)
    {
        for (const Served& each : m_served) {
            if (each.route == &route && each.id == id) return each;
        }
        Served& made = m_served.emplace_back();
        made.route = &route;
        made.id = id;
        made.provider = m_config.findProvider(id);
        Target& target = made.begun;
        target.provider = ProviderId(id);
        target.retry = retryRules(&route.retry, made.provider ? &made.provider->retry : nullptr);
        target.timeout = timeoutRules(&route.timeout, made.provider ? &made.provider->timeout : nullptr);
        target.unsupported = route.unsupported;
        target.breaker = breakerFor(route.circuit);
        target.within = m_within;
        target.dataRules = m_dataRules;
        if (m_situation) target.own = m_situation->ownRules(route);
        return made;
    }

    std::vector<std::size_t> orderOf(const RouteConfig& route, int depth)
    {
        const Strategy* strategy = findStrategy(route.strategy);
        if (!strategy) return {};
        if (!m_situation) return listed(route.targets.size());
        const bool holds = (strategy->looksAt() & kLooksAtHeld) != 0;
        const unsigned looks = strategy->looksAt() & ~unsigned{kLooksAtHeld};
        std::vector<TargetView> views;
        views.reserve(route.targets.size());
        for (std::size_t place = 0; place < route.targets.size(); ++place) {
            TargetView& view = views.emplace_back(viewOf(route, place, looks, depth));
            view.when = m_situation->when(route, place);
        }
        const std::string held = holds ? m_situation->held(route) : std::string();
        // A route that only comes after another one's targets has not had its turn.
        Ranking ranking =
            strategy->rank({views, m_situation->fields(), held, m_situation->turn(route, m_into.empty()),
                            m_situation->outputTokens(), m_situation->random()});
        if (m_steps) explain(route, views, ranking);
        return std::move(ranking.order);
    }

    [[nodiscard]] TargetView viewOf(const RouteConfig& route, std::size_t place, unsigned looks, int depth)
    {
        const TargetConfig& target = route.targets[place];
        TargetView view;
        if (const RouteConfig* inner = innerRoute(target).route) {
            if (looks != kLooksAtNothing && depth < kMaxRouteDepth) view = bestOf(*inner, looks, depth + 1);
            view.provider = {};
            view.model = target.route.text;
        } else {
            view.provider = target.provider.text;
            view.model = target.model;
            if (looks != kLooksAtNothing) m_situation->look(route, place, looks, view);
        }
        view.weight = target.weight;
        return view;
    }

    /// A route is as good as the best that it leads to: its strategy will find that, or what replaces it.
    /// Found once for each route: several may lead to the same.
    [[nodiscard]] TargetView bestOf(const RouteConfig& route, unsigned looks, int depth)
    {
        for (const Best& known : m_best) {
            if (known.route == &route && known.looks == looks) return known.view;
        }
        TargetView best;
        bool first = true;
        const auto lesser = [&first](auto& into, const auto& value) {
            if (first || value < into) into = value;
        };
        for (std::size_t place = 0; place < route.targets.size(); ++place) {
            const TargetView view = viewOf(route, place, looks, depth);
            lesser(best.inFlight, view.inFlight);
            lesser(best.firstTokenMicros, view.firstTokenMicros);
            lesser(best.tokenMicros, view.tokenMicros);
            lesser(best.usage, view.usage);
            if (view.cost && (!best.cost || *view.cost < *best.cost)) best.cost = view.cost;
            best.successes += view.successes;
            best.failures += view.failures;
            first = false;
        }
        m_best.push_back({&route, looks, best});
        return best;
    }

    void explain(const RouteConfig& route, const std::vector<TargetView>& views, const Ranking& ranking)
    {
        RouteStep& step = m_steps->emplace_back();
        step.route = route.id;
        step.strategy = route.strategy;
        step.draw = ranking.draw;
        for (const std::size_t place : ranking.order) {
            const TargetView& view = views[place];
            TargetStep& target = step.targets.emplace_back();
            target.name = view.provider.empty() ? std::string(view.model)
                                                : std::string(view.provider) + "/" + std::string(view.model);
            if (!ranking.scores.empty()) target.score = ranking.scores[place];
            if (view.when) static_cast<void>(view.when->explain(m_situation->fields(), target.conditions));
        }
    }

    struct Best {
        const RouteConfig* route;
        unsigned looks;
        TargetView view;
    };

    const Config& m_config;
    const Situation* m_situation;
    std::vector<Best> m_best;
    std::vector<Served> m_served;
    std::vector<RouteStep>* m_steps;
    std::vector<Target>& m_into;
    std::vector<Onward> m_within;              // of the route that is being laid out, from the innermost
    std::vector<const DataRules*> m_dataRules; // the same
    std::size_t m_onwards = 0;
};

Plan routePlan(const Config& config, const RouteConfig& route, bool saved, const PlanContext& context)
{
    Plan plan;
    plan.route = route.id;
    RouteWalk(config, context, plan.targets).add(route, saved, 0);
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

} // namespace

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
