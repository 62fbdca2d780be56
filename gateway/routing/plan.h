// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "base/money.h"
#include "routing/rules.h"
#include "routing/strategy.h"
#include "routing/target_state.h"

namespace gateway::routing {

/// Why a target comes later than its route has it; undecided: it does not. Nothing of it takes a target away:
/// when nothing else is left it is tried all the same (contract, section 3).
enum class Setback : std::uint8_t {
    Undecided,
    Down,     // the checks of its provider's health fail
    Keys,     // all were refused or are rate-limited
    Headroom, // the provider says that their rate has no room for this request
    Circuit,  // open
    Limits,   // this minute has used them up
    Tools,    // the model is known to lack what the request needs, this and the next four
    Images,
    Audio,
    Schema,
    Reasoning,
    Context // the request does not fit, by estimate
};

/// A route around a target that says itself which failures lead on to its next target.
struct Onward {
    std::size_t route = 0;   // its number within the plan
    std::vector<int> nextOn; // these statuses; empty: as the error says
};

/// What came with the request for one of its targets alone.
struct OwnRules {
    std::vector<std::pair<std::string, std::string>>
        defaults;                         // names and raw values: where the body has none
    std::vector<std::string> drop;        // paths of what the body loses
    std::shared_ptr<TargetState> circuit; // null: that of provider and model
    StatusSet failures;                   // statuses that open the circuit; empty: those of servers
    [[nodiscard]] bool changesBody() const { return !defaults.empty() || !drop.empty(); }
};

/// What a route or a preset adds to requests. Lives as long as the configuration.
struct Decoration {
    const DecorationConfig* config = nullptr;
    const PresetConfig* preset = nullptr; // the same, where it is one
    const RouteConfig* route = nullptr;   // whose it is, else
};

/// One provider and model to try, with the rules in force for it.
struct Target {
    ProviderId provider;
    std::string model;
    std::string overrideJson;
    RetryRules retry;
    TimeoutRules timeout;
    Unsupported unsupported = Unsupported::Drop; // what the target's dialect cannot say
    std::optional<BreakerRules> breaker;         // of its route; none where no route led to it
    TargetLimits limits;
    /// The route of the configuration that it stands in, and its place there; null where no such led to it.
    /// Lives as long as the configuration.
    const RouteConfig* route = nullptr;
    std::size_t place = 0;
    Setback setback = Setback::Undecided;
    std::vector<Onward> within;                // from the innermost
    std::vector<const DataRules*> dataRules{}; // of the routes around it, which live as long as `route`
    std::vector<Decoration> decorations{};     // the outermost first; a preset, which the client chose, last
    std::shared_ptr<const OwnRules> own{};     // null: nothing
    std::vector<std::string> sentTo{};         // by budgets that were used up: the routes that led here
};

/// A target of a route when its order was found, for a person to read.
struct TargetStep {
    std::string name; // "provider/model", or the route's
    std::optional<double> score;
    std::vector<ConditionStep> conditions; // of its `when`
};

/// How a route came to its order.
struct RouteStep {
    RouteId route;
    std::string strategy;
    std::vector<TargetStep> targets; // in that order
    std::optional<double> draw;
    std::string_view why = {}; // as in Ranking
};

/// How alike a request and what a route's targets are described by are.
struct Likenesses {
    const std::vector<std::optional<double>>* ofTargets = nullptr; // null: not measured, …
    std::string_view unmeasured = {};                              // … and why; lives for ever
};

/// What a request will try, in order.
struct Plan {
    RouteId route; // empty where the model name led straight to a provider
    std::vector<Target> targets;
};

/// What routing asks about a request and about what goes on; the pipeline answers. What it gives lives as
/// long as itself.
class Situation {
public:
    Situation() = default;
    Situation(const Situation&) = delete;
    Situation& operator=(const Situation&) = delete;
    virtual ~Situation() = default;
    [[nodiscard]] virtual const FieldSource& fields() const = 0;
    /// What a sticky route holds to a target; empty where the request has none.
    [[nodiscard]] virtual std::string held(const RouteConfig& route) const = 0;
    /// How many requests that route has ordered before. `take`: this one counts from now on.
    [[nodiscard]] virtual std::uint64_t turn(const RouteConfig& route, bool take) const = 0;
    /// The condition of a route's target; null where it has none.
    [[nodiscard]] virtual const Condition* when(const RouteConfig& route, std::size_t place) const = 0;
    /// Fills what `looks` names of the view of a route's target, which is no route itself.
    virtual void look(const RouteConfig& route, std::size_t place, unsigned looks,
                      TargetView& view) const = 0;
    /// Of a route that goes by meaning.
    [[nodiscard]] virtual Likenesses likenesses(const RouteConfig&) const { return {}; }
    /// Tokens that the answer is expected to have.
    [[nodiscard]] virtual double outputTokens() const = 0;
    [[nodiscard]] virtual std::minstd_rand& random() const = 0;
    /// A route that came with the request; null: the configuration has it, or nobody.
    [[nodiscard]] virtual const RouteConfig* ownRoute(std::string_view) const { return nullptr; }
    /// What came with such a route for its target; null: nothing.
    [[nodiscard]] virtual std::shared_ptr<const OwnRules> ownRules(const RouteConfig&) const
    {
        return nullptr;
    }
    /// Which statuses lead on from a target of that route, as in Onward; null: it does not say.
    [[nodiscard]] virtual const std::vector<int>* nextOn(const RouteConfig&) const { return nullptr; }
};

/// What an order is found by beside names, and what is told of it.
struct PlanContext {
    const Situation* situation = nullptr;    // without one the targets of routes come in their lists' order
    std::vector<RouteStep>* steps = nullptr; // gets how each route came to its order
};

/// OpenRouter's `provider` object, as far as it means something among providers of one's own.
struct Preferences {
    enum class Sort : std::uint8_t { Undecided, Price, Speed };
    std::vector<std::string> order, only, ignore; // ids of providers
    Sort sort = Sort::Undecided;
    bool allowFallbacks = true;
    std::optional<Money> mostInput, mostOutput; // dollars for a million tokens: `max_price`
    bool requireAbilities = false;              // `require_parameters`: only models that can what is asked
    bool operator==(const Preferences&) const = default;
};

/// What routing asks about models and providers; the pipeline answers from catalog, configuration and health.
class ModelDirectory {
public:
    virtual ~ModelDirectory() = default;
    /// The provider lists this model, in the configuration, its fetched list or the catalog rows of its kind.
    [[nodiscard]] virtual bool serves(const ProviderConfig& provider, std::string_view model) const = 0;
    /// The kind that serves a model nobody lists, by its name; empty when none.
    [[nodiscard]] virtual std::string_view kindByName(std::string_view model) const = 0;
    /// A key is at hand and was not refused, and no check of its health says that it is down.
    [[nodiscard]] virtual bool healthy(const ProviderConfig& provider) const = 0;
    /// Input plus output price per million tokens, to find the cheapest; nothing when unknown.
    [[nodiscard]] virtual std::optional<Money> price(const ProviderConfig& provider,
                                                     std::string_view model) const = 0;
    /// Its prices are known and none is above these. What runs on the user's own machine costs nothing.
    [[nodiscard]] virtual bool costsAtMost(const ProviderConfig&, std::string_view /*model*/,
                                           const std::optional<Money>& /*input*/,
                                           const std::optional<Money>& /*output*/) const
    {
        return true;
    }
    /// How fast its answers come, the more the faster; 0 when not known yet.
    [[nodiscard]] virtual std::int64_t speed(const ProviderConfig&) const { return 0; }
    /// The catalog knows the name, whoever serves it.
    [[nodiscard]] virtual bool known(std::string_view model) const = 0;
    [[nodiscard]] virtual std::vector<std::string> nearNames(std::string_view model) const = 0;
};

/// Resolves a client's model name (contract, section 4): route, alias, provider/model, bare name; a suffix
/// :floor, :nitro or :free that belongs to no name reorders or narrows what the rest leads to. Ollama's
/// :latest is taken off where it belongs to none.
/// Errors: model_not_found with near names, no_provider_configured.
[[nodiscard]] Result<Plan> planFor(const Config& config, const ModelDirectory& directory,
                                   std::string_view name, const PlanContext& context = {});
/// The same, reordered and narrowed as the client prefers, where it did not name the provider itself.
/// Error: model_not_found when nothing is left.
[[nodiscard]] Result<Plan> planFor(const Config& config, const ModelDirectory& directory,
                                   std::string_view name, const Preferences& preferences,
                                   const PlanContext& context = {});
/// The same for what a route's `fallbacks` names: who wrote the route chose the provider there, not the
/// client, so that what the client prefers holds for it as for the route's targets.
[[nodiscard]] Result<Plan> planForGoal(const Config& config, const ModelDirectory& directory,
                                       std::string_view goal, const Preferences& preferences,
                                       const PlanContext& context);
/// The same for a route that came with the request.
[[nodiscard]] Result<Plan> planForRoute(const Config& config, const ModelDirectory& directory,
                                        const RouteConfig& route, const Preferences& preferences,
                                        const PlanContext& context);
/// The preset that a client's name means, by itself or by an alias; null: none. `model@preset/NAME`, which is
/// OpenRouter's, is the preset with another model: `model` gets what serves it.
[[nodiscard]] const PresetConfig* presetOf(const Config& config, std::string_view name, std::string& model);
/// A model's alias in its provider's list stands for the listed name.
[[nodiscard]] std::string_view listedName(const ProviderConfig& provider, std::string_view model);
/// The name that a suffix was put to; the name itself where it has none.
[[nodiscard]] std::string_view withoutSuffix(std::string_view name);

} // namespace gateway::routing
