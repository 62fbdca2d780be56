// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/ids.h"
#include "gateway/secrets.h"

namespace gateway {

using std::chrono::milliseconds;
using std::chrono::seconds;

enum class LogBodies : std::uint8_t { Undecided, Off, Errors, All };

/// HTTP limits; figures and reasons: security requirements, section 4 ("Limits").
struct ServerLimits {
    std::uint32_t requestLineBytes = 16 * 1024;
    std::uint32_t headerBytes = 64 * 1024;
    std::uint32_t headerFields = 100;
    std::uint32_t connections = 2048;
    milliseconds header{10'000};
    milliseconds bodyIdle{20'000};
    milliseconds body{120'000};
    milliseconds keepaliveIdle{30'000};
    milliseconds webSocketIdle{3'600'000}; // without a message in either direction
    bool operator==(const ServerLimits&) const = default;
};

struct ServerConfig {
    std::string host = "127.0.0.1";
    std::uint16_t port = 4777;
    bool requireKey = true;
    SecretRef adminKey{SecretKind::Environment, "TURNPIKE_ADMIN_KEY"};
    std::uint64_t maxBodyBytes = 64ull << 20;
    std::vector<std::string> allowedOrigins; // exact, e.g. "http://localhost:3000"
    std::vector<std::string> allowedHosts;   // host or host:port, besides loopback names
    seconds drain{30};
    LogBodies logBodies = LogBodies::Errors;
    std::uint32_t ioThreads = 1;
    ServerLimits limits;
    bool operator==(const ServerConfig&) const = default;
};

struct NetworkConfig {
    std::string proxy = "system"; // "system", "none" or http://… / socks5://…
    std::vector<std::string> noProxy;
    bool operator==(const NetworkConfig&) const = default;
};

struct ProviderKey {
    ProviderKeyId id;
    SecretRef secret;
    std::uint32_t weight = 1;
    bool operator==(const ProviderKey&) const = default;
};

/// Every field unset means: ask the next outer place (target's route, provider, default).
struct RetryConfig {
    std::optional<std::uint32_t> attempts; // tries after the first on the same target
    std::optional<std::vector<int>> onStatus;
    std::optional<milliseconds> backoff;
    std::optional<milliseconds> maxBackoff;
    std::optional<bool> honorRetryAfter;
    bool operator==(const RetryConfig&) const = default;
};

struct TimeoutConfig {
    std::optional<milliseconds> connect;
    std::optional<milliseconds> firstByte;
    std::optional<milliseconds> idle;
    std::optional<milliseconds> total;
    bool operator==(const TimeoutConfig&) const = default;
};

/// USD per million tokens as decimal text, so that nothing is lost on the way to Money.
struct PriceOverride {
    std::optional<std::string> input, output, cacheRead, cacheWrite;
    std::optional<std::string> cacheWriteHour = {}, reasoning = {};
    std::optional<std::string> perImage = {}, perSecond = {}, perRequest = {}; // USD a piece
    bool operator==(const PriceOverride&) const = default;
};

/// What may go through in a time: of a key, a provider, one of its models or a route. What is not said is not
/// limited.
struct RateLimits {
    std::optional<std::uint32_t> rpm, rph, rpd; // requests in a minute, an hour, a day
    std::optional<std::int64_t> tpm, tph, tpd;  // tokens, of input and output
    std::optional<std::uint32_t> concurrent;    // requests at the same time
    std::optional<milliseconds> queue;          // waits so long for its turn; not said: refused at once
    bool operator==(const RateLimits&) const = default;
};

struct ModelConfig {
    std::string name;
    std::optional<PriceOverride> price;
    std::optional<std::int64_t> context;
    std::string alias;
    bool hidden = false;
    RateLimits limits;
    bool operator==(const ModelConfig&) const = default;
};

/// Which of a provider's keys is taken first: by chance, each as often as its weight says, or always the
/// first in the list that is not set aside.
enum class KeyOrder : std::uint8_t { Undecided, Weight, Listed };

struct DataPolicy {
    std::optional<bool> trainsOnData;
    std::optional<int> retentionDays;
    std::string region;
    bool operator==(const DataPolicy&) const = default;
};

/// A free call from time to time that finds out whether a provider is up.
struct HealthCheckConfig {
    seconds every{60};
    bool operator==(const HealthCheckConfig&) const = default;
};

struct ProviderConfig {
    ProviderId id;
    std::string kind; // one of providerKinds()
    std::string baseUrl;
    bool local = false;
    std::vector<ProviderKey> keys;
    KeyOrder keyOrder = KeyOrder::Weight;
    std::vector<ModelConfig> models;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<DataPolicy> dataPolicy;
    std::string proxy; // empty: network.proxy
    std::string caFile;
    RetryConfig retry;
    TimeoutConfig timeout;
    std::optional<HealthCheckConfig> healthCheck; // none: requests alone find out
    RateLimits limits;
    /// Percent, as decimal text: what the owner pays less than the price says, and what is put on top of
    /// that. Not on costs that the provider reports itself.
    std::optional<std::string> discountPercent = {}, marginPercent = {};
    bool operator==(const ProviderConfig&) const = default;
};

/// What the provider allows of a target in a minute, for strategies that share by it.
struct TargetLimits {
    std::optional<std::uint32_t> rpm, tpm; // requests, tokens
    bool operator==(const TargetLimits&) const = default;
};

/// A provider and model, or another route.
struct TargetConfig {
    ProviderId provider;
    std::string model;
    RouteId route;
    std::string overrideJson; // a JSON object merged over the request's top level; empty: none
    std::uint32_t weight = 1; // for strategies that share; 0: only when nothing else is left
    std::string whenJson;     // a condition (contract, section 3); empty: always
    TargetLimits limits;
    /// What the strategy `semantic` sends there, in words or, before those, as requests that belong there.
    std::string description = {};
    std::vector<std::string> examples = {};
    [[nodiscard]] bool isDescribed() const { return !examples.empty() || !description.empty(); }
    bool operator==(const TargetConfig&) const = default;
};

enum class Unsupported : std::uint8_t { Undecided, Drop, Error };

/// When a target that fails is set aside, and for how long; what is not said has its default.
struct CircuitConfig {
    std::optional<std::uint32_t> failures;     // in a row
    std::optional<std::uint32_t> errorPercent; // of the last requests, …
    std::optional<std::uint32_t> minimum;      // … once there were so many
    std::optional<std::uint32_t> recover;      // successes that end it
    std::optional<milliseconds> wait;
    bool operator==(const CircuitConfig&) const = default;
};

/// When the strategy `semantic` takes a target to be meant: its likeness, 0 to 1, and by how much it is above
/// the second; what is not said has its default.
struct SemanticConfig {
    std::optional<std::string> threshold, margin; // decimals
    bool operator==(const SemanticConfig&) const = default;
};

/// Further targets that are asked while the first one has not begun to answer.
struct HedgeConfig {
    milliseconds after{0};   // without a first byte; then the next one, and so on
    std::uint32_t extra = 1; // so many at most beside the first
    bool operator==(const HedgeConfig&) const = default;
};

/// What becomes of a stream that breaks after a part of it went to the client.
enum class OnBreak : std::uint8_t {
    Undecided,
    Error,   // ends with the dialect's error
    Continue // the next target goes on from what was said
};

/// What has to hold of a provider before it gets a request.
struct DataRules {
    bool local = false;
    bool noTraining = false;
    bool zeroRetention = false;
    std::vector<std::string> regions; // one of these; empty: anywhere
    bool personalLocal = false;       // local where the request holds personal data
    bool operator==(const DataRules&) const = default;
};

/// A second model that gets the requests of a route, too, once they were answered; nobody gets its answers.
struct ShadowConfig {
    ProviderId provider;
    std::string model;
    std::optional<std::string> share; // of the requests, 0 to 1, as decimal text; none: all
    bool operator==(const ShadowConfig&) const = default;
};

/// What has to come of a route's test: whatever of it is said.
struct RouteExpectation {
    std::string target;                 // "provider/model" or a provider, either a glob: this answers
    std::vector<std::string> never;     // and none of these does; key: "not"
    std::optional<std::string> maxCost; // nor does it cost more US dollars, by estimate; a JSON number
    bool operator==(const RouteExpectation&) const = default;
};

/// A request that a route is tried with before a change of it is put in force; it is never sent
/// (gateway/route_tests.h).
struct RouteTest {
    std::string name;
    std::string requestJson; // the body, a JSON object
    RouteExpectation expect;
    std::vector<std::string> down, limited, slow; // what is simulated of these providers, or provider/model
    bool operator==(const RouteTest&) const = default;
};

/// A text that is added to a prompt. `{{name}}` in it stands for what is known of the request:
/// resources/help/prompts.md lists the names.
struct PromptText {
    std::string role; // "system", "user"
    std::string text;
    bool operator==(const PromptText&) const = default;
};

/// What is added to a request on its way: texts and parameters. The parameters have the names of OpenAI's
/// chat completions, whatever the client speaks.
struct DecorationConfig {
    std::vector<PromptText> before, after; // what the client says of that role
    std::string defaultsJson;              // an object: where the client does not say
    std::string pinnedJson;                // an object: whatever the client says
    /// "5m" or "1h": long prefixes are marked to be cached for that long, where the provider takes marks and
    /// the client has set none. Empty: not.
    std::string cachePrefix;
    bool operator==(const DecorationConfig&) const = default;
};

/// A model of the user's own making, named `preset/ID`.
struct PresetConfig : DecorationConfig {
    PresetId id;
    std::string description;
    std::string model;     // what serves it: as a client names a model
    std::string system;    // a text before all of `before`
    std::string toolsJson; // a list as OpenAI's chat completions have it, beside the client's own
    bool operator==(const PresetConfig&) const = default;
};

/// Whether answers are kept, and given again to who asks the same.
struct CacheConfig {
    bool exact = false;
    std::uint32_t ttlSeconds = 3600;
    std::string scope = "key";      // each virtual key has its own answers; or "shared": all have the same
    std::string replay = "at_once"; // or "recorded": a stream keeps the pauses that it came with
    std::vector<std::string> never; // "tools", "images", "temperature" (above 0): such requests are not kept
    bool operator==(const CacheConfig&) const = default;
};

struct RouteConfig {
    RouteId id;
    std::string strategy = "priority"; // an id of routing/strategies.def
    std::vector<TargetConfig> targets;
    RetryConfig retry;
    TimeoutConfig timeout;
    Unsupported unsupported = Unsupported::Drop;
    /// What `sticky` holds to a target: the session or fields of the request, with commas between them.
    std::string stickyBy = "session";
    SemanticConfig semantic;
    CircuitConfig circuit;
    /// Where a request goes next after a failure of a kind (failureKinds()): a route, or provider/model.
    std::vector<std::pair<std::string, std::string>> fallbacks;
    std::optional<HedgeConfig> hedge;
    OnBreak onBreak = OnBreak::Error;
    bool join = false;    // a request that is already under way, byte for byte, is answered along with it
    DataRules dataPolicy; // of all that goes this way, into the routes within it and by its fallbacks too
    std::optional<ShadowConfig> shadow;
    RateLimits limits;
    std::vector<RouteTest> tests;
    std::vector<std::string> guardrails = {}; // names of those that hold here, whatever their scope
    std::optional<DecorationConfig> decorate = {};
    std::optional<CacheConfig> cache = {};
    bool operator==(const RouteConfig&) const = default;
};

/// Where a guardrail holds: globs, of each list one has to match; an empty list: any.
struct GuardrailScope {
    std::vector<std::string> routes, keys, dialects, clients; // a request without a route has the empty name
    bool operator==(const GuardrailScope&) const = default;
};

/// A text that a guardrail has to find something in, or nothing; it is never sent.
struct GuardrailTest {
    std::string text;
    std::string on = "request"; // or "response"
    std::string expect = "hit"; // or "pass"
    bool operator==(const GuardrailTest&) const = default;
};

/// A rule over what is said: a check (guardrail/checks.def) and what becomes of what it finds.
struct GuardrailConfig {
    GuardrailId id;
    std::string check;
    /// Of "request", "response", "tool_results", "tool_calls", with commas between; the first two hold the
    /// others.
    std::string on = "request";
    std::string action = "flag";  // mask, block, flag, rewrite, reroute, ask
    std::string mode = "enforce"; // or "observe": only the log tells what would have been
    bool enabled = true;
    bool restore = false; // what was masked is put back into the answer
    /// How places are masked, by their kind ("*": any other): placeholder, hash, last4, synthetic.
    std::vector<std::pair<std::string, std::string>> maskAs;
    std::optional<GuardrailScope> scope; // none: where routes name it
    RouteId route;                       // where `reroute` leads if no target of the request's own is local
    std::string onError;                 // "open" or "closed"; empty: as the action needs it
    std::string message;                 // what who is refused is told, instead of ours
    std::uint32_t retries = 0;           // of an answer that is refused: so often is it asked for anew
    std::vector<std::string> exceptions; // SHA-256 of texts that are none, in hex
    std::string paramsJson;              // of the check, an object
    std::optional<SecretRef> secret;     // that a check shows to whom it asks, as a bearer token
    std::vector<GuardrailTest> tests = {};
    bool operator==(const GuardrailConfig&) const = default;
};

/// The time that an amount is for. Hours, days, weeks (from Monday on) and months begin by the machine's
/// clock; `RollingDay` are the last 24 hours; `Total` never begins anew.
enum class BudgetPeriod : std::uint8_t { Undecided, Hour, Day, Week, Month, RollingDay, Total };

/// What becomes of a request when a budget that it counts for is used up.
enum class AtLimit : std::uint8_t {
    Undecided,
    Block,   // refused
    Reroute, // goes to another route
    Warn,    // goes on, and is told in the window
    Ask      // waits for the user to allow more
};

/// What a key may spend.
struct KeyBudget {
    std::optional<std::string> usd; // decimal text
    BudgetPeriod per = BudgetPeriod::Undecided;
    bool operator==(const KeyBudget&) const = default;
};

/// Whose spending counts: globs, all of which have to match; empty: any.
struct BudgetScope {
    std::string provider, model, route, key, tag, client;
    std::string repository = {}; // its folder's path, or the last name of it
    bool operator==(const BudgetScope&) const = default;
};

/// A spending limit (gateway/accounting). One without an amount holds nobody up.
struct BudgetConfig {
    BudgetId id;
    std::optional<std::string> usd; // decimal text
    BudgetPeriod per = BudgetPeriod::Undecided;
    BudgetScope scope;
    std::vector<int> warnAt{80}; // percent of it
    AtLimit atLimit = AtLimit::Block;
    RouteId route;                           // where `Reroute` leads
    std::optional<std::string> askMore = {}; // US dollars that `Ask` offers to allow at a time; none: 5
    milliseconds askWait{120'000};           // for an answer to `Ask`; then it is refused
    bool operator==(const BudgetConfig&) const = default;
};

/// What becomes of an agent that seems to go round in circles.
enum class LoopAction : std::uint8_t {
    Undecided,
    Off,
    Warn, // it goes on, and the user is told
    Ask,  // it waits for the user
    Stop  // its requests are refused
};

/// When an agent is taken to go round in circles: any one of these; 0 and none: does not count.
struct LoopGuardConfig {
    LoopAction action = LoopAction::Warn;
    std::uint32_t sameCalls = 8;           // with the same arguments, one after the other
    std::uint32_t idleTurns = 20;          // one after the other, in which no call and no result was new
    std::optional<std::string> sessionUsd; // spent by a session, in US dollars
    milliseconds askWait{120'000};
    bool operator==(const LoopGuardConfig&) const = default;
};

/// What a key was before it was made anew: both are good until then.
struct FormerKey {
    std::string sha256;
    std::string until; // ISO 8601 date or time
    bool operator==(const FormerKey&) const = default;
};

/// A key that clients present to us; only its SHA-256 is kept.
struct VirtualKeyConfig {
    VirtualKeyId id;
    std::string sha256;              // 64 lower-case hex digits
    std::string prefix;              // how it begins, for its owner to tell it from others; perhaps empty
    std::string created;             // ISO 8601 time; empty: not known
    std::vector<std::string> models; // globs; empty: all
    std::vector<std::string> routes; // globs of routes that it may take; empty: all
    std::string expires;             // ISO 8601 date or time; empty: never
    std::vector<std::string> tags;
    std::vector<std::string> dialects;
    bool paused = false;
    std::optional<KeyBudget> budget;
    RateLimits limits;
    std::optional<FormerKey> former;
    bool operator==(const VirtualKeyConfig&) const = default;
};

/// How much is kept of answers.
struct CacheLimits {
    std::uint32_t maxMb = 512;   // on disk; what saved least goes first
    std::uint32_t memoryMb = 64; // of that in memory, too
    bool operator==(const CacheLimits&) const = default;
};

/// The whole configuration as one value. `{}` is a valid file and gives this default. Immutable once applied.
struct Config {
    int version = 1;
    ServerConfig server;
    NetworkConfig network;
    std::vector<ProviderConfig> providers;
    std::vector<RouteConfig> routes;
    std::vector<VirtualKeyConfig> keys;
    std::vector<BudgetConfig> budgets; // beside those of keys
    LoopGuardConfig loopGuard;
    bool pauseSpending = false; // what costs money, or may, is refused
    std::vector<std::pair<std::string, std::string>>
        aliases;                                  // glob -> route or provider/model, in file order
    std::vector<GuardrailConfig> guardrails = {}; // in the order in which they are applied
    std::vector<PresetConfig> presets = {};
    CacheLimits cache = {};
    bool operator==(const Config&) const = default;

    [[nodiscard]] const ProviderConfig* findProvider(std::string_view id) const;
    [[nodiscard]] const RouteConfig* findRoute(std::string_view id) const;
    [[nodiscard]] const VirtualKeyConfig* findKey(std::string_view id) const;
    [[nodiscard]] const PresetConfig* findPreset(std::string_view id) const;
};

} // namespace gateway
