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
            {"targets", targets}};
}

Json choicesJson(const std::vector<gateway::DryChoice>& choices)
{
    Json list = Json::array();
    for (const auto& choice : choices)
        list.push_back({{"provider", choice.provider},
                        {"model", choice.model},
                        {"setback", choice.setback},
                        {"cost_usd", choice.costNanos ? Json(dollarNumber(*choice.costNanos)) : Json()},
                        {"fails", choice.fails}});
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
            {"answers", answers ? Json(answers->provider + "/" + answers->model) : Json()}};
}

std::string choiceText(const gateway::DryChoice& choice)
{
    std::string text = choice.provider + "/" + choice.model;
    text += choice.costNanos ? ", about " + dollars(*choice.costNanos) : std::string(", price not known");
    if (choice.fails) text += ", fails";
    return choice.setback.empty() ? text : text + " (comes later: " + choice.setback + ")";
}

void printChoices(const std::vector<gateway::DryChoice>& choices, const std::string& indent)
{
    int place = 0;
    for (const auto& choice : choices)
        printLine(indent + std::to_string(++place) + ". " + choiceText(choice));
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
        printLine("  " + step.route + " (" + step.strategy + ")");
        for (const auto& target : step.targets) {
            printLine("    " + target.name + (target.score ? scoreText(*target.score) : std::string()));
            for (const auto& condition : target.conditions)
                printLine(std::string("      ") + (condition.held ? "yes" : "no") + ": " + condition.field +
                          " " + condition.op + " " + condition.wanted +
                          (condition.seen.empty() ? ", nothing stands there" : ", it is " + condition.seen));
        }
    }
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
