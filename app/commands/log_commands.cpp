// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <iostream>

#include <QCoreApplication>
#include <QDateTime>
#include <QTimer>

#include "gateway/gateway.h"
#include "gateway/row_json.h"

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
                                                   "price_version",
                                                   "service_tier",
                                                   "reasoning_tokens",
                                                   "cache_write_1h_tokens",
                                                   "audio_input_tokens",
                                                   "audio_output_tokens",
                                                   "image_input_tokens",
                                                   "image_output_tokens",
                                                   "images",
                                                   "seconds",
                                                   "characters",
                                                   "units",
                                                   "searches",
                                                   "saved_usd",
                                                   "routed_usd",
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

std::string seconds(std::int64_t millis)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(millis) / 1000);
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
                   row.priceVersion,
                   row.serviceTier,
                   std::to_string(row.reasoningTokens),
                   std::to_string(row.cacheWriteHourTokens),
                   std::to_string(row.audioInputTokens),
                   std::to_string(row.audioOutputTokens),
                   std::to_string(row.imageInputTokens),
                   std::to_string(row.imageOutputTokens),
                   std::to_string(row.images),
                   seconds(row.milliseconds),
                   std::to_string(row.characters),
                   std::to_string(row.units),
                   std::to_string(row.searches),
                   amount(row.savedNanos),
                   amount(row.routedNanos),
                   row.program,
                   row.repository});
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
            printLine(gateway::logRowJson(row));
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
    const Result<std::int64_t> since = sinceOf(line);
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

} // namespace app
