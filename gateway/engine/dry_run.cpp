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
#include "dialect/dialect.h"
#include "embedded.h"
#include "engine/catalogs.h"
#include "engine/dry_simulation.h"
#include "engine/machine_watch.h"
#include "pipeline/data_rules.h"
#include "pipeline/plan_limits.h"
#include "pipeline/provider_wishes.h"
#include "pipeline/request_situation.h"
#include "pipeline/runtime.h"
#include "pipeline/target_fitness.h"

namespace gateway {

namespace {

DialectId dialectOfBody(const JsonDocument& body)
{
    if (body.find("contents")) return DialectId::Gemini;
    if (body.find("input")) return DialectId::OpenAiResponses;
    if (body.find("prompt")) return DialectId::OpenAiCompletions;
    return body.find("system") || body.find("thinking") || body.find("stop_sequences")
               ? DialectId::AnthropicMessages
               : DialectId::OpenAiChat;
}

DryStep stepOf(const routing::RouteStep& from)
{
    DryStep step{from.route.text, from.strategy, {}, from.draw};
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

Outcome scanObject(std::string_view body, JsonDocument& into)
{
    if (const auto problem = scanJson(body, into))
        return clientError(Code::InvalidJson, "The request is not valid JSON: " + problem->message +
                                                  " (line " + std::to_string(problem->line) + ").");
    if (into.root == JsonKind::Object) return Done{};
    return clientError(Code::InvalidRequest, "The request must be a JSON object.");
}

/// As for a client's request: the targets of all names one after the other.
Result<routing::Plan> planOf(const std::vector<std::string>& names, const pipeline::Runtime& runtime,
                             const routing::Preferences& preferences, const routing::PlanContext& context)
{
    std::optional<Error> first;
    std::optional<routing::Plan> plan;
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (std::find(names.begin(), name, *name) != name) continue;
        auto next = routing::planFor(*runtime.config, runtime, *name, preferences, context);
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
                             const pipeline::ProviderWishes& wishes, const pipeline::Demands& demands)
{
    if (auto refused = pipeline::keepMeeting(plan.targets, runtime, wishes.data)) return refused;
    const bool isHeld = wishes.preferences.requireAbilities;
    const bool isChoice = plan.targets.size() > 1;
    if (isChoice || isHeld || !plan.route.empty())
        pipeline::moveSetBackToEnd(plan.targets, runtime,
                                   isChoice || isHeld ? std::optional(demands) : std::nullopt, nowMicros());
    return pipeline::limitToAble(plan.targets, wishes.preferences);
}

/// What is read of a body, and kept for as long as it is explained.
struct ReadBody {
    JsonDocument document;
    const dialect::Dialect* spoken = nullptr;
    dialect::PathFacts path;
    dialect::RequestFacts facts;
    pipeline::ProviderWishes wishes;
    LogRow row;
    std::string bytes;
    std::int64_t nowMicros = 0;
    std::optional<Request> conversation;
};

void noteLogged(const LogRow& logged, ReadBody& into)
{
    if (logged.id.value != 0) into.nowMicros = logged.id.microseconds();
    if (!logged.dialect.empty()) into.row.dialect = logged.dialect;
    into.row.key = logged.key;
    into.row.client = logged.client;
    into.row.session = logged.session;
    into.row.metadataJson = logged.metadataJson;
    into.row.tags = logged.tags;
}

Outcome readBody(const DryRequest& request, ReadBody& into)
{
    into.bytes = request.body;
    if (auto scanned = scanObject(into.bytes, into.document); !scanned) return scanned.error();
    into.spoken = &dialect::dialectOf(dialectOfBody(into.document));
    into.path.operation = Operation::Chat;
    // Gemini's clients name the model in the path; here it may stand in the body, or the route says it.
    if (!into.document.find("model")) into.path.model = request.route;
    auto facts = into.spoken->facts(into.document, into.path);
    if (!facts) return facts.error();
    into.facts = std::move(facts.value());
    auto wishes = pipeline::readProviderWishes(into.document);
    if (!wishes) return wishes.error();
    into.wishes = std::move(wishes.value());
    into.nowMicros = nowMicros();
    into.row.dialect = dialectName(into.spoken->id());
    if (request.logged) noteLogged(*request.logged, into);
    into.row.requestedModel = into.facts.model;
    into.row.stream = into.facts.stream;
    return Done{};
}

pipeline::RoutedRequest routedRequest(ReadBody& read)
{
    pipeline::RoutedRequest request;
    request.row = &read.row;
    request.body = &read.document;
    request.bytes = read.bytes;
    request.facts = &read.facts;
    request.conversation = [&read]() -> const Request* {
        if (read.conversation) return &*read.conversation;
        auto decoded = read.spoken->decodeRequest(read.bytes, read.path);
        if (!decoded) return nullptr;
        return &read.conversation.emplace(std::move(decoded.value()));
    };
    return request;
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

    [[nodiscard]] DryChoice choiceOf(const routing::Target& target, std::int64_t inputTokens,
                                     std::int64_t outputTokens) const
    {
        DryChoice choice{target.provider.text, target.model,
                         std::string(pipeline::setbackName(target.setback))};
        const auto cost = pipeline::expectedCost(runtime->factsOf(target.provider.text, target.model),
                                                 inputTokens, outputTokens);
        if (cost) choice.costNanos = cost->nanos();
        choice.fails = engine::isDown(simulations, *config, choice.provider, choice.model);
        return choice;
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
    ReadBody read;
    if (auto good = readBody(request, read); !good) return good.error();
    const pipeline::Runtime& runtime = *m_parts->runtime;
    const pipeline::RoutedRequest routed = routedRequest(read);
    const pipeline::RequestSituation situation(runtime, routed, m_parts->random, read.nowMicros);
    std::vector<std::string> names{request.route.empty() ? read.facts.model : request.route};
    if (request.route.empty())
        names.insert(names.end(), read.facts.fallbackModels.begin(), read.facts.fallbackModels.end());
    std::vector<routing::RouteStep> steps;
    auto plan = planOf(names, runtime, read.wishes.preferences, routing::PlanContext{&situation, &steps});
    if (!plan) return plan.error();
    if (auto refused = arrange(*plan, runtime, read.wishes, pipeline::demandsOf(*read.spoken, routed)))
        return *refused;

    DryRun run;
    run.dialect = read.row.dialect;
    run.model = read.facts.model;
    run.route = plan->route.text;
    run.inputTokens = situation.inputTokens();
    for (const routing::RouteStep& step : steps)
        run.steps.push_back(stepOf(step));
    const auto known = [&request](std::int64_t LogRow::*tokens) {
        return request.logged ? request.logged->*tokens : 0;
    };
    const std::int64_t input = known(&LogRow::inputTokens), output = known(&LogRow::outputTokens);
    for (const routing::Target& target : plan->targets)
        run.choices.push_back(
            m_parts->choiceOf(target, input > 0 ? input : run.inputTokens,
                              output > 0 ? output : static_cast<std::int64_t>(situation.outputTokens())));
    return run;
}

Result<DryRun> dryRun(const Config& config, const std::string& dataDir, std::string_view body,
                      const DryRunOptions& options)
{
    auto explainer = DryExplainer::make(config, dataDir);
    if (!explainer) return explainer.error();
    if (auto good = explainer->simulate(options.simulate); !good) return good.error();
    explainer->seed(std::random_device{}());
    return explainer->run({body, options.route});
}

} // namespace gateway
