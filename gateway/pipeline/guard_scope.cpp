// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/guard_scope.h"

#include <algorithm>
#include <vector>

#include "pipeline/exchange_waits.h"
#include "pipeline/guarding.h"

namespace gateway::pipeline {

namespace {

constexpr milliseconds kGuardrailWait{120'000};

void addRoute(std::vector<std::string_view>& routes, std::string_view route)
{
    if (!route.empty() && std::find(routes.begin(), routes.end(), route) == routes.end())
        routes.push_back(route);
}

/// A route and all that it may lead to; nothing where the name is none's.
void addReached(std::vector<std::string_view>& routes, const Config& config, std::string_view name)
{
    const RouteConfig* route = config.findRoute(name);
    if (!route || std::find(routes.begin(), routes.end(), route->id.text) != routes.end()) return;
    routes.push_back(route->id.text);
    for (const TargetConfig& target : route->targets)
        addReached(routes, config, target.route.text);
    for (const auto& [failure, goal] : route->fallbacks)
        addReached(routes, config, goal);
}

} // namespace

std::string_view requestTypeName(Operation operation, DialectId dialect)
{
    switch (operation) {
    case Operation::Chat:
        return dialect == DialectId::OpenAiCompletions ? "completions" : "chat";
    case Operation::CountTokens:
        return "count_tokens";
    case Operation::Embed:
        return "embeddings";
    case Operation::Moderate:
        return "moderations";
    case Operation::MakeImage:
    case Operation::EditImage:
    case Operation::VaryImage:
        return "images";
    case Operation::Speak:
        return "speech";
    case Operation::Transcribe:
    case Operation::TranslateSpeech:
        return "transcriptions";
    case Operation::Rerank:
        return "rerank";
    case Operation::Video:
        return "videos";
    case Operation::File:
        return "files";
    case Operation::Batch:
        return "batches";
    case Operation::Response:
        return "responses";
    case Operation::Undecided:
        break;
    }
    return "";
}

guardrail::Asker guardAsker(const Config& config, const routing::Plan& plan,
                            const std::vector<routing::RouteStep>& steps, const LogRow& row,
                            std::string_view dialect)
{
    guardrail::Asker asker;
    addRoute(asker.routes, plan.route.text);
    for (const routing::RouteStep& step : steps)
        addRoute(asker.routes, step.route.text);
    for (const routing::Target& target : plan.targets) {
        if (!target.route) continue;
        addRoute(asker.routes, target.route->id.text);
        // Where a failure leads, too: what it brings there was read by then.
        for (const auto& [failure, goal] : target.route->fallbacks)
            addReached(asker.routes, config, goal);
    }
    asker.key = row.key;
    asker.dialect = dialect;
    asker.client = row.client;
    return asker;
}

Error localOnly(const guardrail::Verdict& verdict, Error refused)
{
    refused.message = "The guardrail `" + verdict.rule->config.id.text +
                      "` lets this request go to a local model only. " + refused.message;
    refused.final = true;
    return refused;
}

SpendAsking askingAbout(const guardrail::Verdict& verdict, const std::string& id, const std::string& model)
{
    SpendAsking asking;
    asking.question.kind = SpendQuestion::Kind::Guardrail;
    asking.question.subject = verdict.rule->config.id.text + " (" + id + ")";
    asking.question.reason = foundText(verdict);
    asking.question.model = model;
    asking.wait = kGuardrailWait;
    return asking;
}

std::optional<Error> refusedBy(const guardrail::Verdict& verdict, SpendWord word)
{
    if (word == SpendWord::Undecided) return goneError();
    if (word == SpendWord::Allowed) return std::nullopt;
    Error refused = guardrailBlocked(verdict, false);
    refused.message += word == SpendWord::Refused ? " The user refused it." : " Nobody answered in time.";
    return refused;
}

} // namespace gateway::pipeline
