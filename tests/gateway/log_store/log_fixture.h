// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <future>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "gateway/snapshot.h"

#include "log_store/log_store.h"

namespace gateway::log_store {

/// 2026-11-22 00:00 UTC.
inline constexpr std::int64_t kMidnight = 1'795'305'600'000'000;

inline RequestId idAt(std::int64_t micros, int counter = 0)
{
    return RequestId{(micros << 12) + counter};
}

/// A good answer `n` seconds after midnight.
inline LogRow plainRow(int n)
{
    LogRow row;
    row.id = idAt(kMidnight + n * 1'000'000LL, 1);
    row.key = "default";
    row.client = "curl";
    row.dialect = "openai";
    row.requestedModel = "smart";
    row.route = "smart";
    row.provider = "sandbox";
    row.model = "echo";
    row.status = 200;
    row.total = 1000 + n;
    return row;
}

/// A row with something in every field.
inline LogRow fullRow(int n)
{
    LogRow row = plainRow(n);
    row.stream = true;
    row.status = 502;
    row.errorCode = "upstream_error";
    row.errorMessage = "Größer als 100 %";
    row.attempts = {{"openai", "gpt", "main", 500, "upstream_error", 1, 2, 3, 4, 5},
                    {"anthropic", "claude", "", 0, "", 0, 0, 0, 9}};
    row.inputTokens = 11;
    row.outputTokens = 12;
    row.cacheReadTokens = 13;
    row.cacheWriteTokens = 14;
    row.reasoningTokens = 15;
    row.costNanos = 16'000'000'000;
    row.costSource = "computed";
    row.savedNanos = 17;
    row.firstToken = 18;
    row.total = 19;
    row.overhead = 20;
    row.cache = "miss";
    row.tags = {"team a", "", "q\"uote"};
    row.metadataJson = R"({"a":1})";
    row.session = "s-1";
    row.trace = "t-1";
    row.requestBody = std::string("\0{}\xff", 4);
    row.responseBody = "answer";
    row.dropped = {"logit_bias"};
    row.cacheWriteHourTokens = 1;
    row.audioInputTokens = 2;
    row.audioOutputTokens = 3;
    row.imageInputTokens = 4;
    row.imageOutputTokens = 5;
    row.images = 6;
    row.milliseconds = 7;
    row.characters = 8;
    row.units = 9;
    row.searches = 10;
    row.serviceTier = "flex";
    row.priceVersion = "catalog 2026-11-20";
    row.routedNanos = 11;
    row.program = "/usr/bin/node";
    row.folder = "/home/me/code/shop/src";
    row.repository = "/home/me/code/shop";
    return row;
}

/// All fields as one text, to compare rows and to see where they differ.
inline std::string described(const LogRow& row)
{
    std::string text;
    const auto add = [&](const std::string& part) { text += part + '|'; };
    const auto number = [&](std::int64_t value) { add(std::to_string(value)); };
    number(row.id.value);
    for (const auto& part :
         {row.key,     row.client,    row.dialect,      row.requestedModel, row.route,       row.provider,
          row.model,   row.errorCode, row.errorMessage, row.costSource,     row.cache,       row.metadataJson,
          row.session, row.trace,     row.requestBody,  row.responseBody,   row.serviceTier, row.priceVersion,
          row.program, row.folder,    row.repository})
        add(part);
    for (const std::int64_t value : {std::int64_t{row.stream},
                                     std::int64_t{row.status},
                                     row.inputTokens,
                                     row.outputTokens,
                                     row.cacheReadTokens,
                                     row.cacheWriteTokens,
                                     row.reasoningTokens,
                                     row.costNanos,
                                     row.savedNanos,
                                     row.firstToken,
                                     row.total,
                                     row.overhead,
                                     row.cacheWriteHourTokens,
                                     row.audioInputTokens,
                                     row.audioOutputTokens,
                                     row.imageInputTokens,
                                     row.imageOutputTokens,
                                     row.images,
                                     row.milliseconds,
                                     row.characters,
                                     row.units,
                                     row.searches,
                                     row.routedNanos})
        number(value);
    for (const auto& attempt : row.attempts) {
        for (const auto& part : {attempt.provider, attempt.model, attempt.keyId, attempt.error})
            add(part);
        for (const std::int64_t value : {std::int64_t{attempt.status}, attempt.startedAfter, attempt.connect,
                                         attempt.firstByte, attempt.total, attempt.costNanos})
            number(value);
    }
    for (const auto* list : {&row.tags, &row.dropped}) {
        text += '[';
        for (const auto& item : *list)
            add(item);
        text += ']';
    }
    return text;
}

inline void flushNow(LogStore& store)
{
    std::promise<void> done;
    store.flush([&done] { done.set_value(); });
    done.get_future().wait();
}

inline LogPage ask(LogStore& store, const LogQuery& query = {})
{
    std::promise<LogPage> answer;
    store.query(query, [&answer](LogPage page) { answer.set_value(std::move(page)); });
    return answer.get_future().get();
}

inline Figures ask(LogStore& store, const FiguresQuery& query)
{
    std::promise<Figures> answer;
    store.figures(query, [&answer](Figures figures) { answer.set_value(std::move(figures)); });
    return answer.get_future().get();
}

inline std::vector<UsageRow> ask(LogStore& store, const UsageQuery& query)
{
    std::promise<std::vector<UsageRow>> answer;
    store.usage(query, [&answer](std::vector<UsageRow> rows) { answer.set_value(std::move(rows)); });
    return answer.get_future().get();
}

inline std::vector<std::int64_t> idsOf(const LogPage& page)
{
    std::vector<std::int64_t> ids;
    for (const LogRow& row : page.rows)
        ids.push_back(row.id.value);
    return ids;
}

/// The permission bits of a file; -1 where there is none.
inline int modeOf(const std::string& path)
{
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 0777) : -1;
}

/// Statements that make of a database of today one of an earlier version: 1, 2 or 3.
inline std::vector<std::string> backTo(int version)
{
    std::vector<std::string> statements;
    for (const char* column :
         {"session", "program", "repository", "reasoning_tokens", "saved_nanos", "routed_nanos"})
        statements.push_back(std::string("ALTER TABLE requests DROP COLUMN ") + column);
    statements.emplace_back("DROP TABLE alerts");
    statements.emplace_back("DROP TABLE allowances");
    if (version < 3) statements.emplace_back("DROP TABLE route_versions");
    if (version < 2) statements.emplace_back("DROP TABLE counted");
    statements.push_back("PRAGMA user_version=" + std::to_string(version));
    return statements;
}

} // namespace gateway::log_store
