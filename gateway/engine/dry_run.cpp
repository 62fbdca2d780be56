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

} // namespace

Result<DryRun> dryRun(const Config& config, const std::string& dataDir, std::string_view body,
                      std::string_view route)
{
    JsonDocument document;
    if (const auto problem = scanJson(body, document))
        return clientError(Code::InvalidJson, "The request is not valid JSON: " + problem->message +
                                                  " (line " + std::to_string(problem->line) + ").");
    if (document.root != JsonKind::Object)
        return clientError(Code::InvalidRequest, "The request must be a JSON object.");
    const dialect::Dialect& spoken = dialect::dialectOf(dialectOfBody(document));
    dialect::PathFacts path;
    path.operation = Operation::Chat;
    // Gemini's clients name the model in the path; here it may stand in the body, or the route says it.
    if (!document.find("model")) path.model = route;
    auto facts = spoken.facts(document, path);
    if (!facts) return facts.error();
    auto wishes = pipeline::readProviderWishes(document);
    if (!wishes) return wishes.error();

    auto builtIn = catalog::Catalog::parse(embedded::catalogJson);
    auto presets = catalog::Presets::parse(embedded::providersJson);
    if (!builtIn || !presets) return gatewayError(Code::Internal, "The program's own lists cannot be read.");
    engine::Catalogs catalogs(dataDir, std::move(builtIn.value()));
    static_cast<void>(catalogs.load());
    pipeline::Runtime runtime(std::make_shared<const Config>(config), 0, catalogs.inForce(), presets.value());
    pipeline::TargetStates states;
    runtime.learnFrom(states);
    const auto machine = std::make_shared<pipeline::MachineFlags>();
    if (runtime.readsMachine) engine::lookAtMachine(*machine);
    runtime.machine = machine;

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
    std::optional<Error> first;
    std::optional<routing::Plan> plan;
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (std::find(names.begin(), name, *name) != name) continue;
        auto next = routing::planFor(config, runtime, *name, wishes->preferences,
                                     routing::PlanContext{&situation, &steps});
        if (!next && !first) first = next.error();
        if (!next) continue;
        if (!plan)
            plan = std::move(next.value());
        else
            std::move(next->targets.begin(), next->targets.end(), std::back_inserter(plan->targets));
    }
    if (!plan) return *first;

    DryRun run;
    run.dialect = row.dialect;
    run.model = facts->model;
    run.route = plan->route.text;
    run.inputTokens = situation.inputTokens();
    for (const routing::RouteStep& step : steps)
        run.steps.push_back(stepOf(step));
    std::optional<pipeline::Demands> demands;
    if (plan->targets.size() > 1) demands = pipeline::demandsOf(spoken, request);
    pipeline::moveSetBackToEnd(plan->targets, runtime, demands, nowMicros());
    for (const routing::Target& target : plan->targets)
        run.choices.push_back(
            {target.provider.text, target.model, std::string(pipeline::setbackName(target.setback))});
    return run;
}

} // namespace gateway
