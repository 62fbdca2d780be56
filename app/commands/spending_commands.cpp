// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <vector>

#include "gateway/config_io.h"
#include "gateway/gateway.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"
#include "app/commands/since_option.h"

namespace app {

using gateway::Alert;
using gateway::AlertQuery;
using gateway::Outcome;

namespace {

int setPaused(const CommandLine& line, bool paused)
{
    const Outcome edited = editConfig(line.configPath, [paused](gateway::Config& config) -> Outcome {
        config.pauseSpending = paused;
        return gateway::Done{};
    });
    if (!edited) return failWith(edited.error(), line.json);
    if (line.json)
        printJson({{"paused", paused}});
    else
        printLine(paused ? "Spending is paused: what costs money, or may, is refused." : "Spending goes on.");
    return kDone;
}

Json jsonOf(const Alert& alert)
{
    return {{"id", alert.id},
            {"time", isoTime(alert.time)},
            {"kind", gateway::alertKindName(alert.kind)},
            {"level", gateway::alertLevelName(alert.level)},
            {"subject", alert.subject},
            {"text", alert.text}};
}

} // namespace

int runSpendingPause(const CommandLine& line)
{
    return setPaused(line, true);
}

int runSpendingResume(const CommandLine& line)
{
    return setPaused(line, false);
}

int runAlerts(const CommandLine& line)
{
    AlertQuery query;
    query.limit = 10'000;
    if (line.has("since")) {
        const auto since = parseSince(line.value("since"), nowMicros());
        if (!since)
            return failWith(gateway::clientError(gateway::Code::InvalidRequest,
                                                 "--since needs 15m, 2h, 7d, or a date or time."),
                            line.json);
        query.sinceMicros = *since;
    }
    auto alerts = gateway::readAlerts(line.dataDir, query);
    if (!alerts) return failWith(alerts.error(), line.json);
    std::reverse(alerts->begin(), alerts->end()); // as logs are: the newest last
    if (line.json) {
        Json list = Json::array();
        for (const Alert& alert : *alerts)
            list.push_back(jsonOf(alert));
        printJson(list);
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(alerts->size());
    for (const Alert& alert : *alerts)
        rows.push_back({localTime(alert.time), std::string(gateway::alertLevelName(alert.level)),
                        std::string(gateway::alertKindName(alert.kind)), alert.subject, alert.text});
    printTable({"TIME", "LEVEL", "KIND", "SUBJECT", "TEXT"}, rows);
    return kDone;
}

} // namespace app
