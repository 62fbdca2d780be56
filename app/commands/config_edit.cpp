// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/config_edit.h"

#include "app/commands/output.h"

namespace app {

using gateway::Code;
using gateway::Config;
using gateway::ConfigProblem;
using gateway::Error;
using gateway::Outcome;
using gateway::ParsedConfig;
using gateway::Result;

namespace {

Error invalidConfig(const std::string& path, const std::vector<ConfigProblem>& problems)
{
    std::string text = path + " is not a valid configuration:";
    for (const ConfigProblem& problem : problems) {
        if (problem.weight != ConfigProblem::Weight::Warning) text += "\n  " + problemText(problem);
    }
    return gateway::clientError(Code::InvalidRequest, text);
}

bool hasError(const std::vector<ConfigProblem>& problems)
{
    ParsedConfig parsed;
    parsed.problems = problems;
    return !parsed.usable();
}

} // namespace

Result<ParsedConfig> loadConfig(const std::string& path)
{
    const Result<std::string> text = gateway::readConfigFile(path);
    if (!text) return text.error();
    ParsedConfig parsed = gateway::parseConfig(*text);
    if (!parsed.usable()) return invalidConfig(path, parsed.problems);
    return parsed;
}

Outcome editConfig(const std::string& path, const std::function<Outcome(Config&)>& change)
{
    const gateway::ConfigFileLock lock(path);
    const Result<std::string> text = gateway::readConfigFile(path);
    if (!text) return text.error();
    ParsedConfig parsed = gateway::parseConfig(*text);
    if (!parsed.usable()) return invalidConfig(path, parsed.problems);
    Config config = std::move(parsed.config);
    if (Outcome changed = change(config); !changed) return changed;
    // The change must not make the file one that the next start refuses.
    if (const auto problems = gateway::validate(config); hasError(problems)) {
        std::string message = "That would not be valid:";
        for (const ConfigProblem& problem : problems) {
            if (problem.weight != ConfigProblem::Weight::Warning) message += "\n  " + problemText(problem);
        }
        return gateway::clientError(Code::InvalidRequest, message);
    }
    return gateway::writeConfigFile(path, gateway::updateConfigText(*text, config));
}

int failWith(const Error& error, bool json)
{
    complain(error.message);
    if (json)
        printJson(
            {{"error", {{"code", std::string(gateway::codeName(error.code))}, {"message", error.message}}}});
    return error.code == Code::InvalidRequest ? kBadInput : kFailed;
}

} // namespace app
