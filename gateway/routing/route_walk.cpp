// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/route_walk.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

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
        if (route.decorate) m_decorations.push_back({&*route.decorate, nullptr, &route});
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
        if (route.decorate) m_decorations.pop_back();
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
        target.decorations = m_decorations;
        if (m_situation) target.own = m_situation->ownRules(route);
        return made;
    }

    std::vector<std::size_t> orderOf(const RouteConfig& route, int depth)
    {
        const Strategy* strategy = findStrategy(route.strategy);
        if (!strategy) return {};
        if (!m_situation) return listed(route.targets.size());
        const bool holds = (strategy->looksAt() & kLooksAtHeld) != 0;
        const bool compares = (strategy->looksAt() & kLooksAtMeaning) != 0;
        const unsigned looks = strategy->looksAt() & ~unsigned{kLooksAtHeld | kLooksAtMeaning};
        std::vector<TargetView> views;
        views.reserve(route.targets.size());
        for (std::size_t place = 0; place < route.targets.size(); ++place) {
            TargetView& view = views.emplace_back(viewOf(route, place, looks, depth));
            view.when = m_situation->when(route, place);
        }
        const std::string held = holds ? m_situation->held(route) : std::string();
        const Likenesses likenesses = compares ? m_situation->likenesses(route) : Likenesses();
        for (std::size_t place = 0; likenesses.ofTargets && place < views.size(); ++place)
            views[place].likeness = (*likenesses.ofTargets)[place];
        // A route that only comes after another one's targets has not had its turn.
        Ranking ranking =
            strategy->rank({views, m_situation->fields(), held, m_situation->turn(route, m_into.empty()),
                            m_situation->outputTokens(), m_situation->random(), meaningRules(route.semantic),
                            likenesses.unmeasured});
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
        view.isDescribed = target.isDescribed();
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
        step.why = ranking.why;
        for (const std::size_t place : ranking.order) {
            const TargetView& view = views[place];
            TargetStep& target = step.targets.emplace_back();
            target.name = view.provider.empty() ? std::string(view.model)
                                                : std::string(view.provider) + "/" + std::string(view.model);
            if (!ranking.scores.empty() && !std::isnan(ranking.scores[place]))
                target.score = ranking.scores[place];
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
    std::vector<Decoration> m_decorations;     // the same, from the outermost
    std::size_t m_onwards = 0;
};

} // namespace

void layOutRoute(const Config& config, const PlanContext& context, const RouteConfig& route, bool saved,
                 std::vector<Target>& into)
{
    RouteWalk(config, context, into).add(route, saved, 0);
}

} // namespace gateway::routing
