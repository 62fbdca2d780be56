// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dry_run.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <random>
#include <utility>

#include "base/wall_clock.h"
#include "catalog/catalog.h"
#include "catalog/presets.h"
#include "embedded.h"
#include "engine/catalogs.h"
#include "engine/dry_guarding.h"
#include "engine/dry_request.h"
#include "engine/dry_simulation.h"
#include "engine/machine_watch.h"
#include "pipeline/data_rules.h"
#include "pipeline/decorating.h"
#include "pipeline/fallback_plan.h"
#include "pipeline/guard_scope.h"
#include "pipeline/inline_plan.h"
#include "pipeline/plan_limits.h"
#include "pipeline/request_situation.h"
#include "pipeline/runtime.h"
#include "pipeline/target_fitness.h"

namespace gateway {

namespace {

DryStep stepOf(const routing::RouteStep& from)
{
    DryStep step{from.route.text, from.strategy, {}, from.draw, std::string(from.why)};
    for (const routing::TargetStep& each : from.targets) {
        DryTarget& target = step.targets.emplace_back();
        target.name = each.name;
        target.score = each.score;
        for (const ConditionStep& condition : each.conditions)
            target.conditions.push_back(
                {condition.field, condition.op, condition.wanted, condition.seen, condition.held});
    }
    return step;
}

/// Finds what routes want to know that go by meaning, of those that these names lead to.
void compareTargets(engine::ReadRequest& read, const pipeline::Runtime& runtime, std::minstd_rand chance,
                    const std::vector<std::string>& names)
{
    if (!runtime.readsMeaning) return;
    const pipeline::RoutedRequest request = routedRequest(read);
    pipeline::noteMeaning(runtime, request, chance, read.nowMicros, names);
    if (!read.likenesses.areWanted()) return;
    const Request* const conversation = request.conversation();
    const std::string text = conversation ? pipeline::lastUserText(*conversation) : std::string();
    read.likenesses.find(read.phrases->of(text));
}

/// As for a client's request: the targets of all names one after the other, or what came with it.
Result<routing::Plan> planOf(engine::ReadRequest& read, const pipeline::Runtime& runtime,
                             std::minstd_rand& random, std::vector<routing::RouteStep>& steps)
{
    if (!read.wishes.config.empty()) {
        const std::string& name = read.names.front();
        auto inlined = pipeline::readPortkeyConfig(
            read.wishes.config, *runtime.config, name == pipeline::kInlineRoute ? std::string_view() : name);
        if (!inlined) return std::move(inlined.error());
        compareTargets(read, runtime, random, inlined->names);
        return pipeline::planByInlined({runtime, routedRequest(read), read.preferences, random,
                                        read.nowMicros, read.wishes.config, nullptr, &steps},
                                       *inlined);
    }
    compareTargets(read, runtime, random, read.names);
    const pipeline::RequestSituation situation(runtime, routedRequest(read), random, read.nowMicros);
    std::optional<Error> first;
    std::optional<routing::Plan> plan;
    const std::vector<std::string>& names = read.names;
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (std::find(names.begin(), name, *name) != name) continue;
        auto next = routing::planFor(*runtime.config, runtime, *name, read.preferences,
                                     routing::PlanContext{&situation, &steps});
        if (!next && !first) first = next.error();
        if (!next) continue;
        if (!plan) {
            plan = std::move(next.value());
            continue;
        }
        if (plan->route.empty()) plan->route = next->route;
        std::move(next->targets.begin(), next->targets.end(), std::back_inserter(plan->targets));
    }
    if (plan && !plan->targets.empty()) return *std::move(plan);
    if (first) return *std::move(first);
    return gatewayError(Code::NoProviderConfigured, "The route `" + names.front() + "` has no targets.");
}

/// Puts the targets into the order in which they would be tried, without those that the request must not go
/// to, as for a client's request.
std::optional<Error> arrange(routing::Plan& plan, const pipeline::Runtime& runtime,
                             const engine::ReadRequest& read, const pipeline::Demands& demands)
{
    const bool personal = read.personal && pipeline::isPersonal(*read.personal);
    if (auto refused = pipeline::keepMeeting(plan.targets, runtime, read.wishes.data, personal))
        return refused;
    const bool isHeld = read.preferences.requireAbilities;
    const bool isChoice = plan.targets.size() > 1;
    if (isChoice || isHeld || !plan.route.empty())
        pipeline::moveSetBackToEnd(plan.targets, runtime,
                                   isChoice || isHeld ? std::optional(demands) : std::nullopt, nowMicros());
    return pipeline::limitToAble(plan.targets, read.preferences);
}

/// As a client's request that a guardrail keeps in: to the local ones of its targets, else to the rule's
/// route.
std::optional<Error> stayLocal(const guardrail::Verdict& verdict, engine::ReadRequest& read,
                               const pipeline::Runtime& runtime, std::minstd_rand& random,
                               routing::Plan& plan, std::vector<routing::RouteStep>& steps)
{
    read.wishes.data.local = true;
    const bool personal = read.personal && pipeline::isPersonal(*read.personal);
    auto refused = pipeline::keepMeeting(plan.targets, runtime, read.wishes.data, personal);
    const std::string& route = verdict.rule->config.route.text;
    if (refused && !route.empty()) {
        read.names.assign(1, route);
        steps.clear();
        auto other = planOf(read, runtime, random, steps);
        if (other) {
            plan = std::move(*other);
            refused = arrange(plan, runtime, read, pipeline::demandsOf(*read.spoken, routedRequest(read)));
        } else {
            refused = other.error();
        }
    }
    if (refused) return pipeline::localOnly(verdict, *std::move(refused));
    return std::nullopt;
}

/// What costs are for.
struct Tokens {
    std::int64_t input = 0, output = 0;
};

/// A target of each route that targets of the plan stand in.
std::vector<const routing::Target*> routesIn(const routing::Plan& plan)
{
    std::vector<const routing::Target*> found;
    for (const routing::Target& target : plan.targets) {
        const auto isSame = [&target](const routing::Target* each) { return each->route == target.route; };
        if (target.route && std::none_of(found.begin(), found.end(), isSame)) found.push_back(&target);
    }
    return found;
}

} // namespace

const DryChoice* DryRun::answering() const
{
    const auto found =
        std::find_if(choices.begin(), choices.end(), [](const auto& each) { return !each.fails; });
    return found == choices.end() ? nullptr : &*found;
}

struct DryExplainer::Parts {
    std::shared_ptr<const Config> config;
    engine::Catalogs::Held catalog;
    catalog::Presets presets;
    std::unique_ptr<pipeline::Runtime> runtime;
    std::vector<DrySimulation> simulations;
    std::minstd_rand random;
    engine::DryMasks masks;
    pipeline::LastPhrases phrases;

    /// What a request would find: nothing measured, no circuit open, and every key working.
    void refresh()
    {
        runtime = std::make_unique<pipeline::Runtime>(config, 0, catalog, presets);
        pipeline::TargetStates states;
        runtime->learnFrom(states);
        for (pipeline::ProviderRuntime& provider : runtime->providers) {
            for (const ProviderKey& key : provider.config.keys)
                provider.keys.push_back(
                    {key.id, Secret("not read"), {}, key.weight, std::make_shared<pipeline::KeyHealth>()});
        }
        const auto machine = std::make_shared<pipeline::MachineFlags>();
        if (runtime->readsMachine) engine::lookAtMachine(*machine);
        runtime->machine = machine;
    }

    [[nodiscard]] DryChoice choiceOf(const routing::Target& target, const Tokens& tokens) const
    {
        DryChoice choice{target.provider.text, target.model,
                         std::string(pipeline::setbackName(target.setback))};
        const auto cost = pipeline::expectedCost(runtime->factsOf(target.provider.text, target.model),
                                                 pipeline::expectedUsage(tokens.input, tokens.output));
        if (cost) choice.costNanos = cost->nanos();
        choice.fails = engine::isDown(simulations, *config, choice.provider, choice.model);
        return choice;
    }

    /// Error: what a route or preset sets cannot be said in the request's dialect where it would be tried.
    [[nodiscard]] static std::optional<Error>
    tellRewrites(const routing::Plan& plan, const engine::ReadRequest& read, std::vector<DryChoice>& choices)
    {
        bool isTried = true;
        const auto valueOf = [&read](std::string_view name) {
            return pipeline::promptValue(name, read.row, read.nowMicros / 1'000'000);
        };
        for (std::size_t place = 0; place < choices.size(); ++place) {
            const routing::Target& target = plan.targets[place];
            const bool isNext = isTried && !choices[place].fails;
            if (isNext) isTried = false;
            if (target.decorations.empty()) continue;
            auto made =
                pipeline::decorated(read.spoken->id(), read.bytes, target.decorations, target.model, valueOf);
            if (made) choices[place].rewritesJson = std::move(made->rewritesJson);
            if (!made && isNext) return made.error();
        }
        return std::nullopt;
    }

    [[nodiscard]] std::vector<DryChoice> choicesOf(const std::vector<routing::Target>& targets,
                                                   const Tokens& tokens) const
    {
        std::vector<DryChoice> choices;
        choices.reserve(targets.size());
        for (const routing::Target& target : targets)
            choices.push_back(choiceOf(target, tokens));
        return choices;
    }

    /// By chances of their own: what would be if something failed changes nothing of what is explained next.
    [[nodiscard]] std::vector<DryFallback> fallbacksOf(const routing::Plan& plan, engine::ReadRequest& read,
                                                       const pipeline::Demands& demands,
                                                       const Tokens& tokens) const
    {
        std::vector<DryFallback> found;
        std::minstd_rand chance = random;
        const pipeline::RoutedRequest routed = routedRequest(read);
        const std::optional<pipeline::Demands> needs = demands;
        const pipeline::FallbackAsk ask{*runtime, routed, read.preferences, read.wishes.data,
                                        needs,    chance, nowMicros(),      true};
        for (const routing::Target* target : routesIn(plan)) {
            for (const auto& [kind, goal] : target->route->fallbacks) {
                DryFallback& fallback = found.emplace_back();
                fallback.route = target->route->id.text;
                fallback.kind = kind;
                fallback.goal = goal;
                compareTargets(read, *runtime, chance, {goal});
                auto targets = pipeline::fallbackTargets(ask, *target, goal);
                if (targets)
                    fallback.choices = choicesOf(*targets, tokens);
                else
                    fallback.problem = targets.error().message;
            }
        }
        return found;
    }
};

DryExplainer::DryExplainer(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
DryExplainer::DryExplainer(DryExplainer&&) noexcept = default;
DryExplainer& DryExplainer::operator=(DryExplainer&&) noexcept = default;
DryExplainer::~DryExplainer() = default;

Result<DryExplainer> DryExplainer::make(const Config& config, const std::string& dataDir)
{
    auto builtIn = catalog::Catalog::parse(embedded::catalogJson);
    auto presets = catalog::Presets::parse(embedded::providersJson);
    if (!builtIn || !presets) return gatewayError(Code::Internal, "The program's own lists cannot be read.");
    engine::Catalogs catalogs(dataDir, std::move(builtIn.value()));
    static_cast<void>(catalogs.load());
    auto parts = std::make_unique<Parts>();
    parts->config = std::make_shared<const Config>(config);
    parts->catalog = catalogs.inForce();
    parts->presets = std::move(presets.value());
    parts->refresh();
    return DryExplainer(std::move(parts));
}

Outcome DryExplainer::simulate(const std::vector<DrySimulation>& simulations)
{
    m_parts->refresh();
    m_parts->simulations.clear();
    if (auto known = engine::checkSimulations(simulations, *m_parts->runtime); !known) return known;
    engine::seedSimulations(simulations, *m_parts->runtime, nowMicros());
    m_parts->simulations = simulations;
    return Done{};
}

void DryExplainer::seed(std::uint32_t number)
{
    m_parts->random.seed(number);
}

Result<DryRun> DryExplainer::run(const DryRequest& request)
{
    engine::ReadRequest read;
    read.phrases = &m_parts->phrases;
    const pipeline::Runtime& runtime = *m_parts->runtime;
    if (auto good = engine::readRequest(request, *runtime.config, read); !good) return good.error();
    std::vector<routing::RouteStep> steps;
    auto plan = planOf(read, runtime, m_parts->random, steps);
    if (!plan) return plan.error();
    const pipeline::RoutedRequest routed = routedRequest(read);
    const pipeline::Demands demands = pipeline::demandsOf(*read.spoken, routed);
    if (auto refused = arrange(*plan, runtime, read, demands)) return *refused;
    const engine::DryGuarding guarding(runtime, read, *plan, steps, m_parts->masks);
    if (auto refused = guarding.refused()) return *std::move(refused);
    if (const auto* verdict = guarding.keepsIn()) {
        if (auto refused = stayLocal(*verdict, read, runtime, m_parts->random, *plan, steps))
            return *std::move(refused);
    }

    const pipeline::RequestSituation situation(runtime, routed, m_parts->random, read.nowMicros);
    DryRun run;
    run.dialect = read.row.dialect;
    run.model = read.facts.model;
    run.route = plan->route.text;
    run.inputTokens = situation.inputTokens();
    for (const routing::RouteStep& step : steps)
        run.steps.push_back(stepOf(step));
    const auto known = [&request](std::int64_t LogRow::*tokens, std::int64_t guess) {
        const std::int64_t counted = request.logged ? request.logged->*tokens : 0;
        return counted > 0 ? counted : guess;
    };
    const Tokens tokens{known(&LogRow::inputTokens, run.inputTokens),
                        known(&LogRow::outputTokens, static_cast<std::int64_t>(situation.outputTokens()))};
    run.choices = m_parts->choicesOf(plan->targets, tokens);
    run.guardrails = guarding.told();
    if (auto refused = Parts::tellRewrites(*plan, read, run.choices)) return *std::move(refused);
    if (request.findFallbacks) run.fallbacks = m_parts->fallbacksOf(*plan, read, demands, tokens);
    return run;
}

Result<DryRun> dryRun(const Config& config, const std::string& dataDir, std::string_view body,
                      const DryRunOptions& options)
{
    auto explainer = DryExplainer::make(config, dataDir);
    if (!explainer) return explainer.error();
    if (auto good = explainer->simulate(options.simulate); !good) return good.error();
    explainer->seed(std::random_device{}());
    return explainer->run({body, options.route, nullptr, options.headers, options.metadataJson, true});
}

} // namespace gateway
