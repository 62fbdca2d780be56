// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "gateway/config_io.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

using gateway::Code;

int runConfigGet(const CommandLine& line)
{
    const auto text = gateway::readConfigFile(line.configPath);
    if (!text) return failWith(text.error(), line.json);
    const std::string shown = text->empty() ? "{}\n" : *text;
    std::cout << shown << (shown.ends_with('\n') ? "" : "\n") << std::flush;
    return kDone;
}

int runConfigPut(const CommandLine& line)
{
    const std::string& path = line.operands.front();
    const auto text = gateway::readConfigFile(path);
    if (!text) {
        failWith(text.error(), line.json);
        return kBadInput;
    }
    if (text->empty())
        return failWith(gateway::clientError(Code::InvalidRequest, "There is no file " + path + "."),
                        line.json);
    const gateway::ParsedConfig parsed = gateway::parseConfig(*text);
    if (parsed.usable()) {
        const gateway::ConfigFileLock lock(line.configPath);
        const gateway::Outcome written = gateway::writeConfigFile(line.configPath, *text);
        if (!written) return failWith(written.error(), line.json);
    }
    if (line.json) {
        Json problems = Json::array();
        for (const auto& problem : parsed.problems)
            problems.push_back(problemJson(problem));
        printJson({{"file", line.configPath}, {"applied", parsed.usable()}, {"problems", problems}});
    } else {
        for (const auto& problem : parsed.problems)
            complain(problemText(problem));
        if (parsed.usable())
            printLine(line.configPath + ": written");
        else
            complain(path + " is not valid; " + line.configPath + " is as it was");
    }
    return parsed.usable() ? kDone : kBadInput;
}

} // namespace app
