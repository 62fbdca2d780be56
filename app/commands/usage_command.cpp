// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <QDateTime>

#include "gateway/gateway.h"
#include "gateway/row_json.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"
#include "app/commands/since_option.h"

namespace app {

using gateway::clientError;
using gateway::Code;
using gateway::ReconcileRow;
using gateway::Result;
using gateway::UsageRow;

namespace {

constexpr std::size_t kMaxReportBytes = std::size_t{64} << 20;

int printUsage(const CommandLine& line, const std::string& by, const std::vector<UsageRow>& rows)
{
    if (line.json) {
        std::string list;
        for (const UsageRow& row : rows)
            list += (list.empty() ? "" : ",") + gateway::usageRowJson(row, by);
        printLine("[" + list + "]");
        return kDone;
    }
    std::vector<std::vector<std::string>> cells;
    std::uint64_t unpriced = 0;
    for (const UsageRow& row : rows) {
        unpriced += row.unpriced;
        cells.push_back({row.name.empty() ? "-" : row.name, std::to_string(row.requests),
                         std::to_string(row.failures), std::to_string(row.inputTokens),
                         std::to_string(row.outputTokens), dollars(row.costNanos), dollars(row.savedNanos),
                         dollars(row.routedNanos)});
    }
    printTable({"NAME", "REQUESTS", "FAILED", "IN", "OUT", "COST", "SAVED", "ROUTED"}, cells);
    if (unpriced > 0)
        complain(std::to_string(unpriced) + " requests have no price. State it in the configuration, then "
                                            "`turnpiked usage --recalculate`.");
    return kDone;
}

int recalculate(const CommandLine& line, std::int64_t since)
{
    const auto parsed = loadConfig(line.configPath);
    if (!parsed) return failWith(parsed.error(), line.json);
    const bool write = !line.has("dry-run");
    const auto result = gateway::recalculateLog(line.dataDir, parsed->config, since, write);
    if (!result) return failWith(result.error(), line.json);
    if (line.json) {
        printJson({{"rows", result->rows},
                   {"priced", result->priced},
                   {"cost_usd", dollarNumber(result->nanos)},
                   {"written", write}});
        return kDone;
    }
    printLine(std::to_string(result->rows) + " requests had no price; " + std::to_string(result->priced) +
              (write ? " have one now: " : " would have one: ") + dollars(result->nanos) + ".");
    if (result->rows > result->priced)
        printLine("For the others, state a price under `providers.NAME.models.MODEL.price`.");
    return kDone;
}

std::string amountOf(const ReconcileRow& row, std::int64_t amount)
{
    if (row.kind != "cost") return std::to_string(amount);
    return (amount < 0 ? "-" : "") + dollars(amount < 0 ? -amount : amount);
}

Json jsonOf(const ReconcileRow& row)
{
    const bool isMoney = row.kind == "cost";
    const auto number = [isMoney](std::int64_t amount) {
        return isMoney ? Json(dollarNumber(amount)) : Json(amount);
    };
    return {{"day", row.day},           {"model", row.model},
            {"kind", row.kind},         {"theirs", number(row.theirs)},
            {"ours", number(row.ours)}, {"difference", number(row.theirs - row.ours)}};
}

Result<std::string> reportText(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text;
    if (file) {
        text.resize(kMaxReportBytes + 1);
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(file.gcount()));
    }
    if (!file.is_open() || file.bad())
        return clientError(Code::InvalidRequest, "The file " + path + " cannot be read.");
    return text;
}

int reconcile(const CommandLine& line)
{
    if (!line.has("provider"))
        return failWith(clientError(Code::InvalidRequest,
                                    "--reconcile needs --provider NAME, as the configuration names it."),
                        line.json);
    const auto text = reportText(line.value("reconcile"));
    if (!text) {
        failWith(text.error(), line.json);
        return kFailed;
    }
    const gateway::Reconciliation found =
        gateway::reconcileLog(line.dataDir, {gateway::ProviderId(line.value("provider")), *text});
    if (!found.problem.empty()) {
        failWith(clientError(Code::InvalidRequest, found.problem), line.json);
        return kFailed;
    }
    if (line.json) {
        Json rows = Json::array();
        for (const ReconcileRow& row : found.rows)
            rows.push_back(jsonOf(row));
        printJson({{"format", found.format}, {"rows", rows}, {"skipped_lines", found.skippedLines}});
        return kDone;
    }
    std::vector<std::vector<std::string>> cells;
    for (const ReconcileRow& row : found.rows)
        cells.push_back({row.day, row.model.empty() ? "-" : row.model, row.kind, amountOf(row, row.theirs),
                         amountOf(row, row.ours), amountOf(row, row.theirs - row.ours)});
    printLine("Read as " + found.format + ".");
    printTable({"DAY", "MODEL", "KIND", "THEIRS", "OURS", "DIFFERENCE"}, cells);
    if (found.skippedLines > 0)
        complain(std::to_string(found.skippedLines) + " lines were not understood and are left out.");
    return kDone;
}

} // namespace

int runUsage(const CommandLine& line)
{
    const Result<std::int64_t> since = sinceOf(line);
    if (!since) return failWith(since.error(), line.json);
    if (line.has("recalculate")) return recalculate(line, *since);
    if (line.has("dry-run"))
        return failWith(clientError(Code::InvalidRequest, "--dry-run belongs to --recalculate."), line.json);
    if (line.has("reconcile")) return reconcile(line);
    gateway::UsageQuery query;
    query.sinceMicros = *since;
    query.by = line.has("by") ? line.value("by") : "model";
    query.route = line.value("route");
    query.utcOffsetSeconds = QDateTime::currentDateTime().offsetFromUtc();
    static const std::vector<std::string> kColumns = {"model",      "provider", "target", "route",
                                                      "key",        "tag",      "client", "program",
                                                      "repository", "session",  "day"};
    if (std::find(kColumns.begin(), kColumns.end(), query.by) == kColumns.end())
        return failWith(clientError(Code::InvalidRequest,
                                    "--by needs model, provider, target, route, key, tag, client, program, "
                                    "repository, session or day."),
                        line.json);
    const auto rows = gateway::readUsage(line.dataDir, query);
    if (!rows) return failWith(rows.error(), line.json);
    return printUsage(line, query.by, *rows);
}

} // namespace app
