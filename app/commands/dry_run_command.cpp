// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <utility>
#include <vector>

#include <QString>

#include "gateway/dry_run.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

namespace {

constexpr std::size_t kMaxBody = std::size_t{64} << 20;

std::string scoreText(double score)
{
    return " (score " + QString::number(score, 'g', 6).toStdString() + ")";
}

Json conditionJson(const gateway::DryCondition& condition)
{
    return {{"field", condition.field},
            {"op", condition.op},
            {"wanted", condition.wanted},
            {"seen", condition.seen},
            {"held", condition.held}};
}

Json stepJson(const gateway::DryStep& step)
{
    Json targets = Json::array();
    for (const gateway::DryTarget& target : step.targets) {
        Json conditions = Json::array();
        for (const auto& condition : target.conditions)
            conditions.push_back(conditionJson(condition));
        targets.push_back({{"target", target.name},
                           {"score", target.score ? Json(*target.score) : Json()},
                           {"conditions", conditions}});
    }
    return {{"route", step.route},
            {"strategy", step.strategy},
            {"draw", step.draw ? Json(*step.draw) : Json()},
            {"why", step.why.empty() ? Json() : Json(step.why)},
            {"targets", targets}};
}

/// A list, empty where nothing is added.
Json rewritesOf(const gateway::DryChoice& choice)
{
    Json list = Json::parse(choice.rewritesJson, nullptr, false);
    return list.is_array() ? list : Json::array();
}

Json choicesJson(const std::vector<gateway::DryChoice>& choices)
{
    Json list = Json::array();
    for (const auto& choice : choices)
        list.push_back({{"provider", choice.provider},
                        {"model", choice.model},
                        {"setback", choice.setback},
                        {"cost_usd", choice.costNanos ? Json(dollarNumber(*choice.costNanos)) : Json()},
                        {"fails", choice.fails},
                        {"rewrites", rewritesOf(choice)}});
    return list;
}

Json guardrailsJson(const std::vector<gateway::DryGuardrail>& guardrails)
{
    Json list = Json::array();
    for (const auto& each : guardrails)
        list.push_back({{"guardrail", each.id},
                        {"check", each.check},
                        {"action", each.action},
                        {"observes", each.observes},
                        {"found", each.found},
                        {"asks", each.asks},
                        {"fails", each.fails}});
    return list;
}

Json runJson(const gateway::DryRun& run)
{
    Json steps = Json::array(), fallbacks = Json::array();
    for (const auto& step : run.steps)
        steps.push_back(stepJson(step));
    for (const auto& fallback : run.fallbacks)
        fallbacks.push_back({{"route", fallback.route},
                             {"kind", fallback.kind},
                             {"goal", fallback.goal},
                             {"targets", choicesJson(fallback.choices)},
                             {"problem", fallback.problem}});
    const gateway::DryChoice* answers = run.answering();
    return {{"dialect", run.dialect},
            {"model", run.model},
            {"route", run.route},
            {"input_tokens", run.inputTokens},
            {"steps", steps},
            {"targets", choicesJson(run.choices)},
            {"fallbacks", fallbacks},
            {"guardrails", guardrailsJson(run.guardrails)},
            {"answers", answers ? Json(answers->provider + "/" + answers->model) : Json()}};
}

std::string choiceText(const gateway::DryChoice& choice)
{
    std::string text = choice.provider + "/" + choice.model;
    text += choice.costNanos ? ", about " + dollars(*choice.costNanos) : std::string(", price not known");
    if (choice.fails) text += ", fails";
    return choice.setback.empty() ? text : text + " (comes later: " + choice.setback + ")";
}

std::string rewriteText(const Json& rewrite)
{
    const auto member = [&rewrite](const char* name) { return rewrite.value(name, Json()); };
    const auto text = [&member](const char* name) {
        const Json value = member(name);
        return value.is_string() ? value.get<std::string>() : value.dump();
    };
    std::string told = "`" + text("by") + "` ";
    const std::string change = text("change");
    if (change == "text")
        return told + "adds " + text("role") + " text " + text("where") + ": " + text("text");
    if (change == "parameter") return told + "sets " + text("name") + " to " + text("now");
    return told + "cannot set " + text("name") + " in this dialect";
}

void printChoices(const std::vector<gateway::DryChoice>& choices, const std::string& indent)
{
    int place = 0;
    for (const auto& choice : choices) {
        printLine(indent + std::to_string(++place) + ". " + choiceText(choice));
        for (const Json& rewrite : rewritesOf(choice))
            printLine(indent + "   " + rewriteText(rewrite));
    }
}

std::string guardrailText(const gateway::DryGuardrail& each)
{
    std::string text = "guardrail `" + each.id + "` (" + each.check + ", " + each.action +
                       (each.observes ? ", observes" : "") + ")";
    if (!each.found.empty()) text += ": " + each.found;
    return each.asks ? text + ": asks elsewhere, which a dry run does not" : text;
}

void printFallbacks(const std::vector<gateway::DryFallback>& fallbacks)
{
    for (const auto& fallback : fallbacks) {
        printLine("where a target of `" + fallback.route + "` fails with " + fallback.kind + ": " +
                  fallback.goal);
        printChoices(fallback.choices, "  ");
        if (!fallback.problem.empty()) printLine("  nobody: " + fallback.problem);
    }
}

void printRun(const gateway::DryRun& run)
{
    printLine("`" + run.model + "` in the dialect " + run.dialect + ", about " +
              std::to_string(run.inputTokens) + " tokens" +
              (run.route.empty() ? std::string() : ": route `" + run.route + "`"));
    for (const auto& step : run.steps) {
        printLine("  " + step.route + " (" + step.strategy + ")" +
                  (step.why.empty() ? std::string() : ": " + step.why));
        for (const auto& target : step.targets) {
            printLine("    " + target.name + (target.score ? scoreText(*target.score) : std::string()));
            for (const auto& condition : target.conditions)
                printLine(std::string("      ") + (condition.held ? "yes" : "no") + ": " + condition.field +
                          " " + condition.op + " " + condition.wanted +
                          (condition.seen.empty() ? ", nothing stands there" : ", it is " + condition.seen));
        }
    }
    for (const auto& guardrail : run.guardrails)
        printLine(guardrailText(guardrail));
    printChoices(run.choices, {});
    printFallbacks(run.fallbacks);
    const gateway::DryChoice* answers = run.answering();
    printLine(answers ? answers->provider + "/" + answers->model + " would answer"
                      : std::string("nobody would answer"));
}

std::vector<gateway::DrySimulation> simulations(const CommandLine& line)
{
    using Kind = gateway::DrySimulation::Kind;
    std::vector<gateway::DrySimulation> found;
    for (const auto& [option, kind] : {std::pair("down", Kind::Down), std::pair("limited", Kind::Limited),
                                       std::pair("slow", Kind::Slow)}) {
        for (const std::string& target : line.values(option))
            found.push_back({target, kind});
    }
    return found;
}

gateway::Result<gateway::DryHeaders> headers(const CommandLine& line)
{
    gateway::DryHeaders found;
    for (const std::string& header : line.values("header")) {
        const QString text = QString::fromStdString(header);
        const qsizetype colon = text.indexOf(u':');
        const QString name = text.left(colon).trimmed();
        if (colon <= 0 || name.isEmpty() || name.contains(u' '))
            return gateway::clientError(gateway::Code::InvalidRequest,
                                        "`--header " + header + "` is no header. Write it as 'name: value'.");
        found.emplace_back(name.toStdString(), text.mid(colon + 1).trimmed().toStdString());
    }
    return found;
}

gateway::Result<std::string> readBody(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return gateway::clientError(gateway::Code::InvalidRequest, "The file " + path + " cannot be read.");
    std::string body(kMaxBody + 1, '\0');
    file.read(body.data(), static_cast<std::streamsize>(body.size()));
    body.resize(static_cast<std::size_t>(file.gcount()));
    if (body.size() > kMaxBody)
        return gateway::clientError(gateway::Code::RequestTooLarge, "The file is larger than 64 MiB.");
    return body;
}

} // namespace

int runDryRun(const CommandLine& line)
{
    if (line.has("tests")) return runRouteTests(line);
    if (line.operands.empty())
        return failWith(
            gateway::clientError(gateway::Code::InvalidRequest, "dry-run needs FILE, or --tests."),
            line.json);
    const auto body = readBody(line.operands.front());
    if (!body) return failWith(body.error(), line.json);
    const auto config = loadConfig(line.configPath);
    if (!config) {
        failWith(config.error(), line.json);
        return kBadInput;
    }
    auto given = headers(line);
    if (!given) return failWith(given.error(), line.json);
    const auto run =
        gateway::dryRun(config->config, line.dataDir, *body,
                        {line.value("route"), simulations(line), std::move(*given), line.value("metadata")});
    if (!run) return failWith(run.error(), line.json);
    if (line.json)
        printJson(runJson(*run));
    else
        printRun(*run);
    return kDone;
}

} // namespace app
