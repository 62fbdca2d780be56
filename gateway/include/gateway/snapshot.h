// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/config_io.h"
#include "gateway/ids.h"
#include "gateway/secrets.h"

/// What the engine tells its owner: plain values, copied whole. Money is in integer nano-dollars, times are
/// microseconds, instants are microseconds since 1970 UTC.
namespace gateway {

enum class EngineState : std::uint8_t { Undecided, Stopped, Starting, Running, Paused, Draining, Failed };

struct ProviderHealth {
    ProviderId id;
    enum class State : std::uint8_t { Undecided, Ready, NoKey, KeyRefused, Failing };
    State state = State::Undecided;
    std::uint32_t keysReady = 0, keysTotal = 0;
    std::string problem; // in plain words, empty when fine
};

/// At most four a second, and once after each change of state.
struct ActivitySnapshot {
    EngineState state = EngineState::Undecided;
    std::string host;
    std::uint16_t port = 0;
    std::uint16_t configuredPort = 0; // differs from `port` when that one was taken
    std::int64_t startedAt = 0;
    std::uint32_t activeRequests = 0;
    std::uint32_t openConnections = 0;
    std::uint64_t requests = 0, failures = 0; // since start
    std::uint64_t lostLogRows = 0;
    std::string logProblem; // the request log cannot be written: why and what to do
    std::string configProblem;
    KeychainState keychain = KeychainState::Undecided;
    std::string keychainProblem;
    std::vector<ProviderHealth> providers;
    std::int64_t lastLoggedId = 0; // grows when new rows can be read
    [[nodiscard]] std::string baseUrl() const;
};

struct AttemptRow {
    std::string provider, model, keyId;
    int status = 0; // 0: no answer
    std::string error;
    std::int64_t startedAfter = 0, connect = 0, firstByte = 0, total = 0; // microseconds
};

/// One exchange as it is logged (contract, section 8).
struct LogRow {
    RequestId id;
    std::string key, client, dialect, requestedModel, route, provider, model;
    bool stream = false;
    int status = 0;
    std::string errorCode, errorMessage;
    std::vector<AttemptRow> attempts;
    std::int64_t inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0,
                 reasoningTokens = 0;
    std::int64_t costNanos = 0;
    std::string costSource; // "reported", "computed", "estimated", "unknown"
    std::int64_t savedNanos = 0;
    std::int64_t firstToken = 0, total = 0, overhead = 0; // microseconds
    std::string cache;                                    // "hit", "semantic", "miss", "bypass"
    std::vector<std::string> tags;
    std::string metadataJson;
    std::string session, trace;
    std::string requestBody, responseBody; // only as far as server.log_bodies allows
    std::vector<std::string> dropped;      // request fields the target could not take
};

/// Which rows. Newest first. `before` pages on: rows with a smaller id.
struct LogQuery {
    std::int64_t sinceMicros = 0, untilMicros = 0; // 0: open
    std::int64_t before = 0;
    std::int64_t after = 0; // rows with a greater id, oldest first (following)
    std::string text;       // part of model, provider, route, client, key, error or id
    std::string status;     // "", "ok", "error", or a code such as "429"
    std::string provider, model, key, client, route;
    std::uint32_t limit = 200;
    bool withBodies = false;
};

struct LogPage {
    std::vector<LogRow> rows;
    bool more = false;
    std::uint64_t total = 0; // rows that match, without paging
};

struct FiguresQuery {
    std::int64_t sinceMicros = 0, untilMicros = 0;
    std::int64_t bucketMicros = 0;
    int utcOffsetSeconds = 0; // buckets begin at multiples of bucketMicros in local time
};

struct FigureBucket {
    std::int64_t start = 0;
    std::uint64_t requests = 0, failures = 0;
    std::int64_t p50 = 0, p95 = 0; // total latency of good requests, microseconds; 0: none
};

struct SpendSlice {
    std::int64_t start = 0; // bucket
    std::string provider;
    std::int64_t nanos = 0;
};

/// What Home draws. `previous…` are the same figures of the equally long time before.
struct Figures {
    FiguresQuery query;
    std::uint64_t requests = 0, failures = 0, previousRequests = 0, previousFailures = 0;
    std::int64_t spendNanos = 0, previousSpendNanos = 0;
    std::int64_t p50 = 0, p95 = 0, previousP95 = 0;
    std::int64_t inputTokens = 0, outputTokens = 0;
    std::vector<FigureBucket> buckets; // every bucket of the span, empty ones too
    std::vector<SpendSlice> spend;
};

struct UsageRow {
    std::string name; // the value of the column grouped by
    std::uint64_t requests = 0, failures = 0;
    std::int64_t inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0, costNanos = 0;
};

/// `by`: "model", "provider", "route", "key", "tag" or "" (one row over all).
struct UsageQuery {
    std::int64_t sinceMicros = 0;
    std::string by;
};

/// What a free call to a provider (its model list) said.
struct ProviderTest {
    ProviderId provider;
    bool ok = false;
    int status = 0;
    std::int64_t micros = 0;
    std::vector<std::string> models;
    std::string message; // what happened and what to do
    std::string detail;  // the provider's own words
};

/// The answer to the try-it button.
struct TrialAnswer {
    bool ok = false;
    std::string text, provider, model, message;
    std::int64_t micros = 0, inputTokens = 0, outputTokens = 0, costNanos = 0;
};

} // namespace gateway
