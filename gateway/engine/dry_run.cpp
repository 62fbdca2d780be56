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
#include "engine/machine_watch.h"
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

/// What a request would find. Nothing is measured in it, and no circuit is open.
Result<std::unique_ptr<pipeline::Runtime>> freshRuntime(const Config& config, const std::string& dataDir)
{
    auto builtIn = catalog::Catalog::parse(embedded::catalogJson);
    auto presets = catalog::Presets::parse(embedded::providersJson);
    if (!builtIn || !presets) return gatewayError(Code::Internal, "The program's own lists cannot be read.");
    engine::Catalogs catalogs(dataDir, std::move(builtIn.value()));
    static_cast<void>(catalogs.load());
    auto runtime = std::make_unique<pipeline::Runtime>(std::make_shared<const Config>(config), 0,
                                                       catalogs.inForce(), presets.value());
    pipeline::TargetStates states;
    runtime->learnFrom(states);
    const auto machine = std::make_shared<pipeline::MachineFlags>();
    if (runtime->readsMachine) engine::lookAtMachine(*machine);
    runtime->machine = machine;
    return runtime;
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
        if (!plan)
            plan = std::move(next.value());
        else
            std::move(next->targets.begin(), next->targets.end(), std::back_inserter(plan->targets));
    }
    if (plan) return *std::move(plan);
    return *std::move(first);
}

void arrange(std::vector<routing::Target>& targets, const pipeline::Runtime& runtime,
             const pipeline::Demands& demands, const routing::Preferences& preferences)
{
    if (targets.size() < 2 && !preferences.requireAbilities) return;
    pipeline::moveSetBackToEnd(targets, runtime, demands, nowMicros());
    if (!preferences.requireAbilities) return;
    std::erase_if(targets,
                  [](const routing::Target& target) { return pipeline::lacksAbility(target.setback); });
}

} // namespace

Result<DryRun> dryRun(const Config& config, const std::string& dataDir, std::string_view body,
                      std::string_view route)
{
    JsonDocument document;
    if (auto scanned = scanObject(body, document); !scanned) return scanned.error();
    const dialect::Dialect& spoken = dialect::dialectOf(dialectOfBody(document));
    dialect::PathFacts path;
    path.operation = Operation::Chat;
    // Gemini's clients name the model in the path; here it may stand in the body, or the route says it.
    if (!document.find("model")) path.model = route;
    auto facts = spoken.facts(document, path);
    if (!facts) return facts.error();
    auto wishes = pipeline::readProviderWishes(document);
    if (!wishes) return wishes.error();

    auto made = freshRuntime(config, dataDir);
    if (!made) return made.error();
    const pipeline::Runtime& runtime = *made.value();

    LogRow row;
    row.dialect = dialectName(spoken.id());
    row.requestedModel = facts->model;
    row.stream = facts->stream;
    std::optional<Request> conversation;
    pipeline::RoutedRequest request;
    request.row = &row;
    request.body = &document;
    request.bytes = body;
    request.facts = &facts.value();
    request.conversation = [&]() -> const Request* {
        if (!conversation) {
            auto read = spoken.decodeRequest(std::string(body), path);
            if (!read) return nullptr;
            conversation = std::move(read.value());
        }
        return &*conversation;
    };
    std::minstd_rand random{std::random_device{}()};
    const pipeline::RequestSituation situation(runtime, request, random, nowMicros());
    std::vector<std::string> names{route.empty() ? facts->model : std::string(route)};
    if (route.empty()) names.insert(names.end(), facts->fallbackModels.begin(), facts->fallbackModels.end());
    std::vector<routing::RouteStep> steps;
    auto plan = planOf(names, runtime, wishes->preferences, routing::PlanContext{&situation, &steps});
    if (!plan) return plan.error();

    DryRun run;
    run.dialect = row.dialect;
    run.model = facts->model;
    run.route = plan->route.text;
    run.inputTokens = situation.inputTokens();
    for (const routing::RouteStep& step : steps)
        run.steps.push_back(stepOf(step));
    arrange(plan->targets, runtime, pipeline::demandsOf(spoken, request), wishes->preferences);
    for (const routing::Target& target : plan->targets)
        run.choices.push_back(
            {target.provider.text, target.model, std::string(pipeline::setbackName(target.setback))});
    return run;
}

} // namespace gateway
