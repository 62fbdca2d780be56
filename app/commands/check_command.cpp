// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <unistd.h>

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

int runCheck(const CommandLine& line)
{
    const bool named = !line.operands.empty();
    const std::string path = named ? line.operands.front() : line.configPath;
    // A missing default file means defaults; a file that was asked for by name has to be there.
    if (named && access(path.c_str(), F_OK) != 0)
        return failWith(gateway::clientError(gateway::Code::InvalidRequest, "There is no file " + path + "."),
                        line.json);
    const auto text = gateway::readConfigFile(path);
    if (!text) {
        failWith(text.error(), line.json);
        return kBadInput;
    }

    const gateway::ParsedConfig parsed = gateway::parseConfig(*text);
    if (line.json) {
        Json problems = Json::array();
        for (const auto& problem : parsed.problems)
            problems.push_back(problemJson(problem));
        printJson({{"file", path}, {"valid", parsed.usable()}, {"problems", problems}});
    } else {
        for (const auto& problem : parsed.problems)
            printLine(problemText(problem));
        printLine(path + (parsed.usable() ? ": valid" : ": not valid"));
    }
    return parsed.usable() ? kDone : kBadInput;
}

} // namespace app
