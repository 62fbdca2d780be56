// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "access/origin_guard.h"
#include "access/rate_gate.h"
#include "access/virtual_keys.h"
#include "accounting/budget_table.h"
#include "accounting/cost.h"
#include "base/sha256.h"
#include "catalog/catalog.h"
#include "catalog/presets.h"
#include "exchange/usage.h"
#include "guardrail/clean_prefixes.h"
#include "guardrail/masking.h"
#include "guardrail/rule_set.h"
#include "pipeline/answer_cache.h"
#include "pipeline/client_origin.h"
#include "pipeline/inline_circuits.h"
#include "pipeline/kept_lists.h"
#include "pipeline/key_token.h"
#include "pipeline/loop_sessions.h"
#include "pipeline/machine_flags.h"
#include "pipeline/model_list.h"
#include "pipeline/recent_requests.h"
#include "pipeline/response_store.h"
#include "pipeline/target_states.h"
#include "provider/kind.h"
#include "routing/plan.h"
#include "upstream/origin.h"

namespace gateway::pipeline {

class RouteMeaning;

/// What a request asks of a key's rate.
struct RateNeed {
    std::int64_t tokens = 0; // by estimate
    std::size_t model = 0;   // markOf() it; 0: whatever it is

    [[nodiscard]] static std::size_t markOf(std::string_view model)
    {
        return std::hash<std::string_view>()(model) | 1;
    }
};

/// What is learned about one provider key. Shared by all IO threads and kept over a change of configuration.
/// Times are microseconds since 1970.
struct KeyHealth {
    std::atomic<bool> refused{false};          // 401, 402 or 403 came; until it works or a test succeeds
    std::atomic<std::int64_t> refusedAt{0};    // last time
    std::atomic<int> refusedWith{0};           // the status that came last
    std::atomic<std::int64_t> coolingUntil{0}; // rate-limited till then
    // What the provider said last is left of its rate, for as long as the instant beside it is ahead. Two
    // replies at once may mix theirs, which the next one puts right. Some providers count for each model, and
    // none tells which it does: it is taken to be said of the model that was asked (RateNeed::markOf).
    std::atomic<std::int64_t> requestsLeft{0}, requestsUntil{0}, tokensLeft{0}, tokensUntil{0};
    std::atomic<std::size_t> rateModel{0};
    KeyToken token;

    void refuse(std::int64_t nowMicros, int status)
    {
        token.clear(); // It may be the token alone that is no longer taken.
        refusedAt.store(nowMicros, std::memory_order_relaxed);
        refusedWith.store(status, std::memory_order_relaxed);
        refused.store(true, std::memory_order_relaxed);
    }
    /// It works: nothing that was said before holds.
    void restore()
    {
        refused.store(false, std::memory_order_relaxed);
        coolingUntil.store(0, std::memory_order_relaxed);
        requestsUntil.store(0, std::memory_order_relaxed);
        tokensUntil.store(0, std::memory_order_relaxed);
    }
    /// Till when its requests are used up; in the past: they are not.
    [[nodiscard]] std::int64_t usedUpUntil() const
    {
        const bool none = requestsLeft.load(std::memory_order_relaxed) <= 0;
        return none ? requestsUntil.load(std::memory_order_relaxed) : 0;
    }
    /// As far as the provider has said, such a request is within its rate.
    [[nodiscard]] bool hasRoom(const RateNeed& need, std::int64_t nowMicros) const
    {
        const std::size_t said = rateModel.load(std::memory_order_relaxed);
        if (said != 0 && need.model != 0 && said != need.model) return true;
        return usedUpUntil() <= nowMicros && (tokensUntil.load(std::memory_order_relaxed) <= nowMicros ||
                                              tokensLeft.load(std::memory_order_relaxed) >= need.tokens);
    }
    /// A refused key has its turn again from time to time: its owner may have paid or mended it elsewhere.
    [[nodiscard]] bool isAside(std::int64_t nowMicros) const
    {
        constexpr std::int64_t kRest = 300'000'000;
        return coolingUntil.load(std::memory_order_relaxed) > nowMicros ||
               (refused.load(std::memory_order_relaxed) &&
                refusedAt.load(std::memory_order_relaxed) + kRest > nowMicros);
    }
};

/// The same for a provider.
struct ProviderState {
    std::atomic<std::uint32_t> failuresInARow{0};
    std::atomic<std::uint32_t> failedChecks{0}; // of its health, in a row
    std::atomic<bool> down{false};              // as those say
    std::atomic<std::int64_t> speed{0};         // output tokens in 1000 seconds, averaged; 0: not known yet
    ModelList list;
};

struct ProviderKeyRuntime {
    ProviderKeyId id;
    Secret secret;       // empty: could not be read
    std::string problem; // why
    std::uint32_t weight = 1;
    std::shared_ptr<KeyHealth> health;
};

struct ProviderRuntime;

/// What is known of one target of a route, found once. All of it lives as long as the runtime.
struct TargetFacts {
    const ProviderRuntime* provider = nullptr; // null for a route among the targets
    routing::TargetState* state = nullptr;
    const catalog::CatalogModel* row = nullptr; // null: the catalog does not know the model
    std::optional<std::int64_t> context;
    accounting::Prices prices = {};
    std::string_view priceVersion = {}; // as the log says it
};

/// What a route needs beside its configuration.
struct RouteRuntime {
    std::vector<std::optional<Condition>> when; // of each target
    std::vector<TargetFacts> targets;           // the same
    std::shared_ptr<std::atomic<std::uint64_t>> turns;
    Sha256 cacheMark = {};                       // of what makes its answers: targets, overrides, added texts
    std::shared_ptr<access::RateGate> gate;      // null where nothing is limited
    double shadowShare = 0;                      // of its requests that go to its shadow, too
    std::shared_ptr<const RouteMeaning> meaning; // null where it does not go by that
};

struct ProviderRuntime {
    ProviderConfig config;
    const provider::Kind* kind = nullptr;
    upstream::BaseUrl base; // with the proxy in force
    std::string authority;  // the Host header
    std::string catalogKind;
    std::optional<Quirks> quirks;                 // of an OpenAI-compatible server that is known
    std::vector<accounting::OwnPrices> ownPrices; // of config.models, as far as those state any
    accounting::Terms terms = {};
    std::vector<ProviderKeyRuntime> keys;
    std::shared_ptr<ProviderState> state;
    std::shared_ptr<access::RateGate> gate;                      // null where nothing is limited
    std::vector<std::shared_ptr<access::RateGate>> modelGates{}; // of config.models; the same

    /// The configuration's entry for a model, by its name or its alias; null: it has none.
    [[nodiscard]] const ModelConfig* entryOf(std::string_view model) const;
    [[nodiscard]] std::size_t placeOf(const ModelConfig& entry) const
    {
        return static_cast<std::size_t>(&entry - config.models.data());
    }
};

/// Whom a guardrail asks that has an address.
struct InquiryAddress {
    const guardrail::Rule* rule = nullptr; // lives as long as the runtime
    upstream::BaseUrl base;                // with the proxy in force
    Secret secret = {};                    // empty: none, or it could not be read
};

struct SpendKeeper;

/// Everything an exchange needs to know, made anew on each change and swapped whole. An exchange keeps the
/// one it began with.
class Runtime : public routing::ModelDirectory {
public:
    /// `listeningPort` is the one really listened on.
    Runtime(std::shared_ptr<const Config> configuration, std::uint16_t listeningPort,
            std::shared_ptr<const catalog::Catalog> models, const catalog::Presets& presets);

    std::shared_ptr<const Config> config;

private:
    std::shared_ptr<const catalog::Catalog> m_catalog; // before what refers to it

public:
    const catalog::Catalog& catalog;
    access::VirtualKeys keys;
    access::OriginGuard guard;
    guardrail::RuleSet guardrails;
    std::vector<InquiryAddress> inquiryAddresses; // of those guardrails
    Secret adminKey;
    std::vector<ProviderRuntime> providers;
    bool secretsPending = false;                            // the keychain has not answered yet
    bool readsText = false;                                 // a rule of a route looks at what is said
    bool readsPersonal = false;                             // or whether there is personal data in it
    bool readsSpend = false;                                // or at what was spent today
    bool readsMachine = false;                              // or at how the machine is doing
    bool readsHead = false;                                 // or at the head, metadata or the client
    bool readsOrigin = false;                               // or at which process asks
    Sha256 presetsMark = {};                                // of all presets, for kept answers
    bool readsMeaning = false;                              // or at what is asked for
    std::shared_ptr<const MachineFlags> machine;            // null: nobody looked
    std::shared_ptr<const accounting::BudgetTable> budgets; // null: nothing is to be counted

    /// Null where the rule has no address.
    [[nodiscard]] const InquiryAddress* addressOf(const guardrail::Rule& rule) const;
    [[nodiscard]] const ProviderRuntime* findProvider(std::string_view id) const;
    [[nodiscard]] const catalog::CatalogModel* catalogRow(const ProviderRuntime& provider,
                                                          std::string_view model) const;
    /// Tokens that the model takes, by the configuration or else the catalog.
    [[nodiscard]] std::optional<std::int64_t> context(const ProviderRuntime& provider,
                                                      std::string_view model) const;
    /// The configuration's price over the catalog's.
    [[nodiscard]] PriceList prices(const ProviderRuntime& provider, std::string_view model) const;
    /// By those prices, or by the piece where the catalog sells the model so.
    [[nodiscard]] Cost costOf(const Usage& usage, const ProviderRuntime& provider,
                              std::string_view model) const;
    [[nodiscard]] static Cost costOf(const Usage& usage, const TargetFacts& target);
    /// The same for what was asked in a batch. `isSum`: of many requests whose sizes nobody told, so that
    /// steps of price by size cannot hold and the amount is an estimate where there are such.
    [[nodiscard]] Cost batchCostOf(const Usage& usage, const ProviderRuntime& provider,
                                   std::string_view model, bool isSum) const;

    [[nodiscard]] bool serves(const ProviderConfig& provider, std::string_view model) const override;
    [[nodiscard]] std::string_view kindByName(std::string_view model) const override;
    [[nodiscard]] bool healthy(const ProviderConfig& provider) const override;
    [[nodiscard]] std::optional<Money> price(const ProviderConfig& provider,
                                             std::string_view model) const override;
    [[nodiscard]] bool costsAtMost(const ProviderConfig& provider, std::string_view model,
                                   const std::optional<Money>& input,
                                   const std::optional<Money>& output) const override;
    [[nodiscard]] std::int64_t speed(const ProviderConfig& provider) const override;
    [[nodiscard]] bool known(std::string_view model) const override;
    [[nodiscard]] std::vector<std::string> nearNames(std::string_view model) const override;

    /// Takes over what was learned about the targets of its routes, and counts on from there. Before any
    /// thread sees it.
    void learnFrom(TargetStates& states);
    /// Takes over what budgets and limits have counted. Before any thread sees it.
    void spendFrom(SpendKeeper& keeper);
    /// Null for a target that no route leads to.
    [[nodiscard]] routing::TargetState* stateOf(std::string_view provider, std::string_view model) const;
    /// The same to keep.
    [[nodiscard]] std::shared_ptr<routing::TargetState> keptStateOf(std::string_view provider,
                                                                    std::string_view model) const;
    /// Open circuits of that provider's targets let a request find out now.
    void letProbe(std::string_view provider, std::int64_t nowMicros) const;
    [[nodiscard]] const RouteRuntime* findRoute(const std::string& route) const;
    /// Of the routes that go by it.
    [[nodiscard]] std::vector<std::shared_ptr<const RouteMeaning>> meanings() const;
    [[nodiscard]] TargetFacts factsOf(std::string_view provider, std::string_view model) const;

private:
    /// What is known of a model's price: the catalog's row, and the configuration's entry over it.
    struct PriceSource {
        const catalog::CatalogModel* row = nullptr;
        accounting::Prices prices;
        std::string_view version;
    };
    [[nodiscard]] PriceSource priceSource(const ProviderRuntime& provider, std::string_view model) const;
    void nameVersions();

    std::string m_catalogVersion, m_updateVersion; // set once, then constant
    std::unordered_map<std::string, std::size_t> m_places;
    std::unordered_map<std::string, RouteRuntime> m_routes;
    TargetMap<std::shared_ptr<routing::TargetState>> m_states;
};

/// Names of rows that are told again and again, and are charged the first time. Any thread; of very many the
/// oldest are forgotten.
class ChargedOnce {
public:
    void note(const std::string& name) { std::ignore = isFirst(name); }
    [[nodiscard]] bool isFirst(const std::string& name)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_names.insert(name).second) return false;
        m_order.push_back(name);
        if (m_order.size() > kMost) {
            m_names.erase(m_order.front());
            m_order.pop_front();
        }
        return true;
    }

private:
    static constexpr std::size_t kMost = 100'000;

    std::mutex m_mutex;
    std::unordered_set<std::string> m_names;
    std::deque<std::string> m_order;
};

class AdminDesk;
class SpendDesk;

/// Counters and switches shared by all threads.
struct Shared {
    std::atomic<bool> paused{false};
    std::atomic<std::uint32_t> active{0};
    std::atomic<std::uint64_t> requests{0}, failures{0};
    std::atomic<std::uint64_t> sandboxCalls{0};
    std::atomic<std::uint32_t> openConnections{0};
    std::int64_t startedAt = 0;     // set once before the threads start
    AdminDesk* adminDesk = nullptr; // the same; null: there is no administration
    ResponseStore responses;
    AnswerCache cache;
    RecentRequests recent;
    ChargedOnce chargedOnce;
    InlineCircuits circuits;
    OriginSource* origins = nullptr; // set once before the threads start; null: nobody finds out
    LoopSessions sessions;
    guardrail::FindCache found;
    guardrail::CleanPrefixes clean;
    KeptLists keptLists;
    const std::string maskSalt = guardrail::newMaskSalt(); // nobody knows it, so that masks tell nothing
    SpendDesk* desk = nullptr; // set once before the threads start; null: nobody can be asked
    std::atomic<std::uint64_t> skippedShadows{0}; // for which there was no room
};

/// Where finished exchanges go. Any IO thread; returns after the one journal write.
class RowSink {
public:
    virtual ~RowSink() = default;
    virtual void record(std::span<const LogRow> rows) = 0;
    void record(const LogRow& row) { record(std::span(&row, 1)); }
    /// Counts rows that could not be recorded.
    virtual void lose(std::uint64_t rows) = 0;
    /// Rows that could not be kept since the start: the disk is full, say.
    [[nodiscard]] virtual std::uint64_t lostRows() const = 0;
    /// False while what is recorded would not be kept.
    [[nodiscard]] virtual bool takesRows() const { return true; }
};

} // namespace gateway::pipeline
