// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/answer_cache.h"
#include "gateway/config_io.h"
#include "gateway/ids.h"
#include "gateway/secrets.h"

/// What the engine tells its owner: plain values, copied whole. Money is in integer nano-dollars, times are
/// microseconds, instants are microseconds since 1970 UTC.
namespace gateway {

enum class EngineState : std::uint8_t { Undecided, Stopped, Starting, Running, Paused, Draining, Failed };

/// What is known of one key of a provider.
struct KeyHealth {
    ProviderKeyId id;
    enum class State : std::uint8_t { Undecided, Ready, Unreadable, Refused, RateLimited };
    State state = State::Undecided;
    std::string masked;     // its end, as Secret::masked() shows it; empty when it cannot be read
    std::string problem;    // in plain words with what to do, empty when ready
    std::int64_t since = 0; // of a refused key: when it was refused last
    std::int64_t until = 0; // of a rate-limited key: from then on it has its turn again
    bool operator==(const KeyHealth&) const = default;
};

struct ProviderHealth {
    ProviderId id;
    enum class State : std::uint8_t { Undecided, Ready, NoKey, KeyRefused, Failing };
    State state = State::Undecided;
    std::uint32_t keysReady = 0, keysTotal = 0;
    std::string problem;           // in plain words, empty when fine
    std::vector<KeyHealth> keys{}; // in the configuration's order
    bool operator==(const ProviderHealth&) const = default;
};

/// How a budget stands.
struct BudgetState {
    std::string name; // of the budget; of a key's own: the key's
    bool ofKey = false;
    std::int64_t limitNanos = 0, spentNanos = 0, reservedNanos = 0; // reserved: by calls under way
    std::int64_t since = 0;                                         // when its time began
    std::int64_t until = 0;        // when it begins anew, or for a rolling day has more room
    bool complete = false;         // false while the log is asked what was spent before
    std::int64_t allowedNanos = 0; // beyond the limit, on the user's word, for this time; not in limitNanos
    bool operator==(const BudgetState&) const = default;
};

/// Something that the user should know of, kept with the request log.
struct Alert {
    enum class Kind : std::uint8_t {
        Undecided,
        BudgetMark,   // a budget passed a part of it that is to be told
        BudgetUsedUp, // requests are refused, rerouted or wait by it
        AgentLoop,
        ProviderDown, // for a while, and it is asked for
        KeyRefused,   // a provider no longer takes its key
        LogTrouble,
        SpendingPaused
    };
    enum class Level : std::uint8_t { Undecided, Info, Warning, Critical };
    std::int64_t id = 0;   // grows with time
    std::int64_t time = 0; // microseconds since 1970
    Kind kind = Kind::Undecided;
    Level level = Level::Undecided;
    std::string subject; // the budget, key, provider or session that it is about
    std::string text;    // in plain words, with what to do
    bool operator==(const Alert&) const = default;
};

/// A request waits for the user's word.
struct SpendQuestion {
    enum class Kind : std::uint8_t { Undecided, Budget, AgentLoop, Guardrail };
    std::uint64_t id = 0;
    Kind kind = Kind::Undecided;
    std::string subject; // the budget's name, the session's, or the guardrail's with the request's id
    bool ofKey = false;  // it is a key's own budget
    std::string reason;  // in plain words: what is used up, or what goes round in circles
    std::string key, client, program, repository, model;
    std::int64_t askedAt = 0, until = 0; // then it is refused
    std::int64_t spentNanos = 0, limitNanos = 0;
    std::int64_t moreNanos = 0; // what a yes allows; of an agent loop: 0
    std::uint32_t waiting = 0;  // requests that wait for the same word
    bool operator==(const SpendQuestion&) const = default;
};

/// When a virtual key was used last, and by what.
struct KeyUse {
    VirtualKeyId id;
    std::int64_t lastUsed = 0;
    std::string client, program;
    bool operator==(const KeyUse&) const = default;
};

/// What is known of a model at a provider that a route has as a target.
struct TargetHealth {
    ProviderId provider;
    std::string model; // as the provider calls it
    /// A target that fails again and again has its circuit opened and comes last; half-open, the next request
    /// finds out whether it is back.
    enum class Circuit : std::uint8_t { Undecided, Closed, Open, HalfOpen };
    Circuit circuit = Circuit::Undecided;
    std::uint32_t failuresInARow = 0;
    std::uint32_t errorPercent = 0; // of the last requests
    std::int64_t since = 0;         // when it was opened last; 0: closed
    std::int64_t until = 0;         // from then on it is, or was, half-open; 0: closed
    bool operator==(const TargetHealth&) const = default;
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
    std::uint64_t skippedShadows = 0; // requests that went to no shadow as too many were under way
    std::string logProblem;           // the request log cannot be written: why and what to do
    std::string configProblem;
    KeychainState keychain = KeychainState::Undecided;
    std::string keychainProblem;
    std::vector<ProviderHealth> providers;
    std::vector<BudgetState> budgets; // the configuration's, then those of keys
    std::int64_t spentTodayNanos = 0; // without a budget, and no rule that asks for it: since the start only
    bool spendingPaused = false;      // what costs money, or may, is refused
    std::vector<SpendQuestion> questions;
    std::vector<KeyUse> keyUses;       // of keys that were used, by the log or since the start
    std::int64_t lastAlertId = 0;      // grows when there is a new one
    std::vector<TargetHealth> targets; // of all routes, each once
    std::int64_t lastLoggedId = 0;     // grows when new rows can be read
    CacheFigures cache;                // of kept answers
    [[nodiscard]] std::string baseUrl() const;
};

struct AttemptRow {
    std::string provider, model, keyId;
    int status = 0; // 0: no answer
    std::string error;
    std::int64_t startedAfter = 0, connect = 0, firstByte = 0, total = 0; // microseconds
    std::int64_t costNanos = 0; // its part of the request's cost, where several targets were paid
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
    // Parts of the counts above that have prices of their own, and what is sold by the piece.
    std::int64_t cacheWriteHourTokens = 0, audioInputTokens = 0, audioOutputTokens = 0, imageInputTokens = 0,
                 imageOutputTokens = 0;
    std::int64_t images = 0, milliseconds = 0, characters = 0, units = 0, searches = 0;
    std::string serviceTier; // "batch", "flex", "priority" where it was served so
    std::int64_t costNanos = 0;
    std::string costSource; // "reported", "computed", "estimated", "unknown"
    /// Where the prices are from, and of which day: "catalog 2026-11-20", "update 2026-11-25", "config",
    /// "told by the client", "reported by the provider", "recalculated 2026-11-27". Empty: nothing was
    /// priced.
    std::string priceVersion;
    std::int64_t savedNanos = 0;  // by an answer that was there already
    std::int64_t routedNanos = 0; // less than the route's dearest target would have cost
    std::int64_t firstToken = 0, total = 0, overhead = 0; // microseconds
    std::string cache;                                    // "hit", "semantic", "miss", "bypass"
    std::vector<std::string> tags;
    std::string metadataJson;
    std::string session, trace;
    // Of the process that opened the connection, as far as the system tells: its program, the folder that it
    // works in, and the git repository that this is in.
    std::string program, folder, repository;
    std::string requestBody, responseBody; // only as far as server.log_bodies allows
    std::vector<std::string> dropped;      // request fields the target could not take
    std::string decisionJson;              // how its targets came to their order, where there was a choice
    std::string guardrailsJson;            // what guardrails found, without what stood there; empty: nothing
    std::string rewritesJson; // what routes and presets added to the request, a list; empty: nothing
    std::string once;         // not kept where a row of this name was logged before; empty: always kept
};

/// Which rows. Newest first. `before` pages on: rows with a smaller id.
struct LogQuery {
    std::int64_t sinceMicros = 0, untilMicros = 0; // 0: open
    std::int64_t before = 0;
    std::int64_t after = 0; // rows with a greater id, oldest first (following)
    std::string text;       // part of model, provider, route, client, key, error or id
    std::string status;     // "", "ok", "error", or a code such as "429"
    std::string provider, model, key, client, route;
    std::string program = {}, repository = {}, session = {}, tag = {};
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
    int utcOffsetSeconds = 0;  // buckets begin at multiples of bucketMicros in local time
    std::string provider = {}; // of this one only; empty: of all
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
    std::int64_t reasoningTokens = 0, savedNanos = 0, routedNanos = 0;
    std::uint64_t unpriced = 0; // requests that used tokens of a price nobody knows
    std::uint64_t others = 0;   // groups beyond UsageQuery::limit that this sums up; 0: it is one group
};

/// `by`: "model", "provider", "target" (provider/model), "route", "key", "tag", "client", "program",
/// "repository", "session", "cost_source", "day" (local, "2026-11-27"), "guardrail" (those that found
/// something; not in a series) or "" (one row over all).
struct UsageQuery {
    std::int64_t sinceMicros = 0;
    std::string by;
    std::string route = {};       // of what came by this one only; empty: of all
    std::int64_t untilMicros = 0; // 0: open
    int utcOffsetSeconds = 0;     // for "day"
    std::uint32_t limit = 0;      // of groups, the costliest; the others are one last row. 0: all
};

/// Usage over time. `by` as in UsageQuery, but for "day": what a point is of is its bucket.
struct UsageSeriesQuery {
    std::int64_t sinceMicros = 0, untilMicros = 0; // 0: open
    std::int64_t bucketMicros = 0;
    int utcOffsetSeconds = 0; // buckets begin at multiples of bucketMicros in local time
    std::string by = {};
    std::uint32_t limit = 0; // of groups, the costliest; the others are one point of each bucket. 0: all
};

/// What one group used within a bucket; by bucket, then by name. Buckets without a request have no point.
struct UsagePoint {
    std::int64_t start = 0; // of the bucket; the first one begins before sinceMicros where that is within it
    std::string name;
    std::uint64_t requests = 0, failures = 0;
    std::int64_t inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0,
                 reasoningTokens = 0, costNanos = 0;
    bool others = false; // It sums up the groups beyond UsageSeriesQuery::limit.
    bool operator==(const UsagePoint&) const = default;
};

/// Newest first; `before` pages on.
struct AlertQuery {
    std::int64_t before = 0, sinceMicros = 0;
    std::uint32_t limit = 200;
};

/// What costs of rows would become by the prices of today.
struct Recalculation {
    std::uint64_t rows = 0;   // that had no price
    std::uint64_t priced = 0; // of these, that have one now
    std::int64_t nanos = 0;   // what these cost
    std::string problem;      // in plain words; empty: it worked
};

/// A provider's own account of what was used, beside ours.
struct ReconcileRow {
    std::string day; // "2026-11-27", as the provider counts days (UTC)
    std::string model;
    std::string kind; // "input", "output", "cache_read", "cache_write", "requests", "cost"
    /// Tokens, requests, or nano-dollars of "cost".
    std::int64_t theirs = 0, ours = 0;
    bool operator==(const ReconcileRow&) const = default;
};

struct ReconcileQuery {
    ProviderId provider;
    std::string csv; // its export, as it is
};

struct Reconciliation {
    std::string format;             // whose export it was taken for, in words
    std::vector<ReconcileRow> rows; // by day, then model, then kind; equal ones too
    std::size_t skippedLines = 0;   // that nothing was known to do with
    std::string problem;            // in plain words, with what to do; empty: it worked
};

/// What a route was from a moment on.
struct RouteVersion {
    RouteId route;
    std::int64_t time = 0; // when it came into force, or was first seen
    std::string source;    // "window", "api", or "file" for a change of the file from outside
    std::string json;      // as the configuration writes a route; empty: it was deleted
    bool operator==(const RouteVersion&) const = default;
};

/// What a free call to a provider (its model list) said.
struct ProviderTest {
    ProviderId provider;
    bool ok = false;
    int status = 0;
    std::int64_t micros = 0;
    std::vector<std::string> models;
    bool hasList = false; // the answer is a list of models, perhaps an empty one
    std::string owner;   // whom the first model belongs to, by that list: local servers name themselves there
    std::string message; // what happened and what to do
    std::string detail;  // the provider's own words
};

/// Where what is known of a model comes from; the later one wins.
enum class FactSource : std::uint8_t { Undecided, Unknown, Catalog, Update, Config };

/// What a model's tokens and pieces cost, in nano-dollars per million tokens or per piece. Absent: unknown,
/// which is not the same as free.
struct ModelPrices {
    using Nanos = std::optional<std::int64_t>;
    Nanos input, output, cacheRead, cacheWrite, cacheWriteHour, reasoning, audioInput, audioOutput,
        imageInput, imageOutput;
    Nanos perImage, perSecond, perRequest, perThousandSearches, perMillionCharacters;
    bool tiers = false;    // dearer above some size of input
    bool services = false; // other prices as batch, flex or priority
    bool operator==(const ModelPrices&) const = default;
};

/// A model at one provider: what its configuration, its own list and the catalog say of it.
struct ModelRow {
    ProviderId provider;
    std::string model;       // as the provider calls it; PROVIDER/MODEL always reaches it
    std::string alias;       // what clients may call it besides
    std::string mode;        // "chat", "embedding", "image", … as in the catalog; empty: not known
    bool hidden = false;     // not in the lists that clients get
    bool listed = false;     // in the provider's own list when it was last asked
    bool configured = false; // the provider's configuration has an entry for it
    bool local = false;      // the provider runs on this machine
    bool known = false;      // the catalog has it; else nothing is known of its abilities
    bool tools = false, reasoning = false, jsonSchema = false, free = false;
    std::vector<std::string> inputs, outputs;       // "text", "image", "audio", "video", "pdf"
    std::optional<std::int64_t> context, maxOutput; // tokens
    std::string deprecated;                         // the day it is switched off; empty: none announced
    ModelPrices prices;
    FactSource priceSource = FactSource::Undecided, contextSource = FactSource::Undecided;
    std::string source, date; // of the catalog's row: a URL or a name, and the day it was read
};

/// All models of all configured providers, by provider in the configuration's order, then by name.
struct ModelTable {
    std::vector<ModelRow> rows;
    std::string catalogDate; // of the catalog that comes with the program
    std::string updateDate;  // of the newer list in force; empty: none was taken
    std::string updateSource;
    std::string updateProblem; // the newer list could not be read: why, and what to do
};

/// The public lists of models and prices that a newer catalog can be made from.
enum class CatalogOrigin : std::uint8_t { Undecided, OpenRouter, ModelsDev };

/// One thing that a newer list says otherwise than the catalog in force.
struct CatalogChange {
    enum class Kind : std::uint8_t { Undecided, NewModel, Price, Context, Ability, Deprecation };
    Kind kind = Kind::Undecided;
    std::string provider; // a provider kind or the id of a preset
    std::string model;
    std::string field; // as in the catalog: "input", "cache_read", "context", "tools"; empty: all of it
    std::string before, after; // prices as decimal US dollars per million tokens; empty: unknown
    bool overridden = false;   // the configuration says its own, which stays
};

/// What a look at a public list found. Nothing of it is in force before it is taken.
struct CatalogUpdate {
    CatalogOrigin origin = CatalogOrigin::Undecided;
    std::string date; // of the look
    std::size_t modelsRead = 0;
    std::size_t refusedRows = 0; // rows that could not be right and are left out
    std::size_t foreignRows = 0; // rows of providers that this program has no place for
    std::vector<CatalogChange> changes;
    std::size_t moreChanges = 0; // beside those; all of them are taken
    std::string problem;         // in plain words, with what to do; empty: it worked
};

/// The answer to the try-it button.
struct TrialAnswer {
    bool ok = false;
    std::string text, provider, model, message;
    std::int64_t micros = 0, inputTokens = 0, outputTokens = 0, costNanos = 0;
};

} // namespace gateway
