// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>

#include "gateway/route_tests.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

namespace {

using gateway::RouteTestResult;

int misuse(const std::string& text, bool json)
{
    failWith(gateway::clientError(gateway::Code::InvalidRequest, text), json);
    return kBadInput;
}

std::string lineOf(const RouteTestResult& result)
{
    const std::string head = result.route + " / " + result.name + ": ";
    if (!result.passed) return "FAIL " + head + result.why;
    return "PASS " + head + result.answers +
           (result.costNanos ? ", about " + dollars(*result.costNanos) : std::string());
}

Json jsonOf(const RouteTestResult& result)
{
    return {{"route", result.route},
            {"name", result.name},
            {"passed", result.passed},
            {"why", result.why},
            {"answers", result.answers.empty() ? Json() : Json(result.answers)},
            {"cost_usd", result.costNanos ? Json(dollarNumber(*result.costNanos)) : Json()}};
}

} // namespace

int runRouteTests(const CommandLine& line)
{
    if (!line.operands.empty()) return misuse("Either a FILE or --tests.", line.json);
    for (const char* option : {"down", "limited", "slow", "header", "metadata"}) {
        if (line.has(option))
            return misuse("With --tests each test says itself what is asked and simulated.", line.json);
    }
    const auto parsed = loadConfig(line.configPath);
    if (!parsed) {
        failWith(parsed.error(), line.json);
        return kBadInput;
    }
    const std::string route = line.value("route");
    if (!route.empty() && !parsed->config.findRoute(route))
        return misuse("There is no route `" + route + "`.", line.json);
    const auto results = gateway::runRouteTests(parsed->config, line.dataDir, route);
    const auto failed = std::count_if(results.begin(), results.end(),
                                      [](const RouteTestResult& result) { return !result.passed; });
    if (line.json) {
        Json rows = Json::array();
        for (const RouteTestResult& result : results)
            rows.push_back(jsonOf(result));
        printJson({{"tests", rows},
                   {"passed", results.size() - static_cast<std::size_t>(failed)},
                   {"failed", failed}});
    } else {
        for (const RouteTestResult& result : results)
            printLine(lineOf(result));
        if (results.empty()) printLine("There are no tests.");
    }
    return failed > 0 ? kFailed : kDone;
}

} // namespace app
