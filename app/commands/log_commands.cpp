// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <iostream>

#include <QCoreApplication>
#include <QDateTime>
#include <QTimer>

#include "gateway/gateway.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"
#include "app/commands/since_option.h"
#include "app/signal_pipe.h"

namespace app {

using gateway::clientError;
using gateway::Code;
using gateway::LogPage;
using gateway::LogQuery;
using gateway::LogRow;
using gateway::Result;

namespace {

enum class Format { Undecided, Table, Lines, Csv };

const std::vector<std::string>& columns()
{
    static const std::vector<std::string> names = {"id",
                                                   "time",
                                                   "key",
                                                   "client",
                                                   "dialect",
                                                   "requested_model",
                                                   "route",
                                                   "provider",
                                                   "model",
                                                   "stream",
                                                   "status",
                                                   "error",
                                                   "input_tokens",
                                                   "output_tokens",
                                                   "cache_read_tokens",
                                                   "cache_write_tokens",
                                                   "cost_usd",
                                                   "cost_source",
                                                   "first_token_ms",
                                                   "total_ms",
                                                   "overhead_us",
                                                   "cache",
                                                   "session",
                                                   "trace",
                                                   "program",
                                                   "repository"};
    return names;
}

std::string milliseconds(std::int64_t micros)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(micros) / 1000);
    return text;
}

std::string amount(std::int64_t nanos)
{
    char text[48];
    std::snprintf(text, sizeof text, "%.9f", dollarNumber(nanos));
    return text;
}

std::string csvOf(const LogRow& row)
{
    return csvRow({row.id.text(),
                   isoTime(row.id.microseconds()),
                   row.key,
                   row.client,
                   row.dialect,
                   row.requestedModel,
                   row.route,
                   row.provider,
                   row.model,
                   row.stream ? "true" : "false",
                   std::to_string(row.status),
                   row.errorCode,
                   std::to_string(row.inputTokens),
                   std::to_string(row.outputTokens),
                   std::to_string(row.cacheReadTokens),
                   std::to_string(row.cacheWriteTokens),
                   amount(row.costNanos),
                   row.costSource,
                   milliseconds(row.firstToken),
                   milliseconds(row.total),
                   std::to_string(row.overhead),
                   row.cache,
                   row.session,
                   row.trace,
                   row.program,
                   row.repository});
}

Json attemptsOf(const LogRow& row)
{
    Json attempts = Json::array();
    for (const auto& attempt : row.attempts) {
        attempts.push_back({{"provider", attempt.provider},
                            {"model", attempt.model},
                            {"key", attempt.keyId},
                            {"status", attempt.status},
                            {"error", attempt.error},
                            {"started_after_us", attempt.startedAfter},
                            {"connect_us", attempt.connect},
                            {"first_byte_us", attempt.firstByte},
                            {"total_us", attempt.total}});
    }
    return attempts;
}

Json jsonOf(const LogRow& row)
{
    Json json = {{"id", row.id.text()},    {"time", isoTime(row.id.microseconds())},
                 {"key", row.key},         {"client", row.client},
                 {"dialect", row.dialect}, {"requested_model", row.requestedModel},
                 {"route", row.route},     {"provider", row.provider},
                 {"model", row.model},     {"stream", row.stream},
                 {"status", row.status}};
    if (!row.errorCode.empty()) json["error"] = {{"code", row.errorCode}, {"message", row.errorMessage}};
    json["attempts"] = attemptsOf(row);
    json["usage"] = {{"input_tokens", row.inputTokens},
                     {"output_tokens", row.outputTokens},
                     {"cache_read_tokens", row.cacheReadTokens},
                     {"cache_write_tokens", row.cacheWriteTokens},
                     {"reasoning_tokens", row.reasoningTokens}};
    json["cost_usd"] = dollarNumber(row.costNanos);
    json["cost_source"] = row.costSource;
    json["saved_usd"] = dollarNumber(row.savedNanos);
    json["first_token_us"] = row.firstToken;
    json["total_us"] = row.total;
    json["overhead_us"] = row.overhead;
    json["cache"] = row.cache;
    json["tags"] = row.tags;
    const Json metadata = Json::parse(row.metadataJson, nullptr, false);
    json["metadata"] = metadata.is_discarded() ? Json::object() : metadata;
    json["session"] = row.session;
    json["trace"] = row.trace;
    json["program"] = row.program;
    json["folder"] = row.folder;
    json["repository"] = row.repository;
    if (!row.dropped.empty()) json["dropped"] = row.dropped;
    if (Json decision = Json::parse(row.decisionJson, nullptr, false); decision.is_object())
        json["decision"] = std::move(decision);
    return json;
}

std::vector<std::string> cellsOf(const LogRow& row)
{
    return {localTime(row.id.microseconds()),
            row.errorCode.empty() ? std::to_string(row.status)
                                  : std::to_string(row.status) + " " + row.errorCode,
            row.key,
            row.provider.empty() ? row.requestedModel : row.provider + "/" + row.model,
            std::to_string(row.inputTokens),
            std::to_string(row.outputTokens),
            dollars(row.costNanos),
            milliseconds(row.total) + " ms",
            row.id.text()};
}

void printRows(const std::vector<LogRow>& rows, Format format, bool head)
{
    if (format == Format::Table) {
        std::vector<std::vector<std::string>> cells;
        cells.reserve(rows.size());
        for (const LogRow& row : rows)
            cells.push_back(cellsOf(row));
        static const std::vector<std::string> kHead = {"TIME", "STATUS", "KEY",   "MODEL", "IN",
                                                       "OUT",  "COST",   "TOTAL", "ID"};
        if (head || !cells.empty()) printTable(kHead, cells);
        return;
    }
    if (format == Format::Csv && head) printLine(csvRow(columns()));
    for (const LogRow& row : rows) {
        if (format == Format::Csv)
            printLine(csvOf(row));
        else
            printJson(jsonOf(row));
    }
}

/// Reads page after page, oldest first, and prints each; returns the greatest id seen.
Result<std::int64_t> printFrom(const CommandLine& line, LogQuery query, Format format, bool head)
{
    for (;;) {
        const Result<LogPage> page = gateway::readLog(line.dataDir, query);
        if (!page) return page.error();
        printRows(page->rows, format, head);
        head = false;
        for (const LogRow& row : page->rows)
            query.after = std::max(query.after, row.id.value);
        if (!page->more || page->rows.empty()) return query.after;
    }
}

Result<Format> formatOf(const CommandLine& line)
{
    const std::string format = line.value("format");
    if (format == "csv") return Format::Csv;
    if (format == "jsonl") return Format::Lines;
    if (line.has("format")) return clientError(Code::InvalidRequest, "--format needs jsonl or csv.");
    return line.json ? Format::Lines : Format::Table;
}

Result<std::int64_t> sinceOf(const CommandLine& line, std::int64_t otherwise)
{
    if (!line.has("since")) return otherwise;
    const auto since = parseSince(line.value("since"), nowMicros());
    if (!since) return clientError(Code::InvalidRequest, "--since needs 15m, 2h, 7d, or a date or time.");
    return *since;
}

int follow(const CommandLine& line, LogQuery query, Format format)
{
    constexpr int kPollMs = 300;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        const Result<std::int64_t> last = printFrom(line, query, format, false);
        if (last)
            query.after = *last;
        else
            QCoreApplication::exit(failWith(last.error(), line.json));
    });
    const SignalPipe interrupted([](int) { QCoreApplication::exit(kDone); });
    timer.start(kPollMs);
    return QCoreApplication::exec();
}

} // namespace

int runLogs(const CommandLine& line)
{
    const Result<Format> format = formatOf(line);
    if (!format) return failWith(format.error(), line.json);
    const Result<std::int64_t> since = sinceOf(line, 0);
    if (!since) return failWith(since.error(), line.json);
    LogQuery query;
    query.sinceMicros = *since;
    // Any id is greater, so that the rows come oldest first.
    query.after = 1;
    query.limit = 1000;
    const Result<std::int64_t> last = printFrom(line, query, *format, true);
    if (!last) return failWith(last.error(), line.json);
    if (!line.has("follow")) return kDone;
    query.after = *last;
    return follow(line, query, *format);
}

int runUsage(const CommandLine& line)
{
    const Result<std::int64_t> since = sinceOf(line, 0);
    if (!since) return failWith(since.error(), line.json);
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
    if (line.json) {
        Json list = Json::array();
        for (const auto& row : *rows) {
            list.push_back({{query.by, row.name},
                            {"requests", row.requests},
                            {"failures", row.failures},
                            {"input_tokens", row.inputTokens},
                            {"output_tokens", row.outputTokens},
                            {"cache_read_tokens", row.cacheReadTokens},
                            {"cache_write_tokens", row.cacheWriteTokens},
                            {"cost_usd", dollarNumber(row.costNanos)}});
        }
        printJson(list);
        return kDone;
    }
    std::vector<std::vector<std::string>> cells;
    for (const auto& row : *rows) {
        cells.push_back({row.name.empty() ? "-" : row.name, std::to_string(row.requests),
                         std::to_string(row.failures), std::to_string(row.inputTokens),
                         std::to_string(row.outputTokens), dollars(row.costNanos)});
    }
    printTable({"NAME", "REQUESTS", "FAILED", "IN", "OUT", "COST"}, cells);
    return kDone;
}

} // namespace app
