// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <iterator>

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

Json runJson(const gateway::DryRun& run)
{
    Json steps = Json::array(), choices = Json::array();
    for (const auto& step : run.steps)
        steps.push_back(stepJson(step));
    for (const auto& choice : run.choices)
        choices.push_back(
            {{"provider", choice.provider}, {"model", choice.model}, {"setback", choice.setback}});
    return {{"dialect", run.dialect},          {"model", run.model}, {"route", run.route},
            {"input_tokens", run.inputTokens}, {"steps", steps},     {"targets", choices}};
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
    int place = 0;
    for (const auto& choice : run.choices)
        printLine(std::to_string(++place) + ". " + choice.provider + "/" + choice.model +
                  (choice.setback.empty() ? std::string() : " (comes later: " + choice.setback + ")"));
}

} // namespace

int runDryRun(const CommandLine& line)
{
    const std::string& path = line.operands.front();
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return failWith(
            gateway::clientError(gateway::Code::InvalidRequest, "The file " + path + " cannot be read."),
            line.json);
    std::string body(kMaxBody + 1, '\0');
    file.read(body.data(), static_cast<std::streamsize>(body.size()));
    body.resize(static_cast<std::size_t>(file.gcount()));
    if (body.size() > kMaxBody)
        return failWith(
            gateway::clientError(gateway::Code::RequestTooLarge, "The file is larger than 64 MiB."),
            line.json);
    const auto text = gateway::readConfigFile(line.configPath);
    if (!text) {
        failWith(text.error(), line.json);
        return kBadInput;
    }
    const gateway::ParsedConfig parsed = gateway::parseConfig(*text);
    if (!parsed.usable()) {
        for (const auto& problem : parsed.problems)
            complain(problemText(problem));
        return kBadInput;
    }
    const auto run = gateway::dryRun(parsed.config, line.dataDir, body,
                                     line.has("route") ? line.value("route") : std::string());
    if (!run) return failWith(run.error(), line.json);
    if (line.json)
        printJson(runJson(*run));
    else
        printRun(*run);
    return kDone;
}

} // namespace app
