// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "base/money.h"
#include "routing/rules.h"

namespace gateway::routing {

/// One provider and model to try, with the rules in force for it.
struct Target {
    ProviderId provider;
    std::string model;
    std::string overrideJson;
    RetryRules retry;
    TimeoutRules timeout;
    Unsupported unsupported = Unsupported::Drop; // what the target's dialect cannot say
};

/// What a request will try, in order.
struct Plan {
    RouteId route; // empty where the model name led straight to a provider
    std::vector<Target> targets;
};

/// OpenRouter's `provider` object, as far as it means something among providers of one's own.
struct Preferences {
    enum class Sort : std::uint8_t { Undecided, Price, Speed };
    std::vector<std::string> order, only, ignore; // ids of providers
    Sort sort = Sort::Undecided;
    bool allowFallbacks = true;
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
    /// A key is at hand and was not refused.
    [[nodiscard]] virtual bool healthy(const ProviderConfig& provider) const = 0;
    /// Input plus output price per million tokens, to find the cheapest; nothing when unknown.
    [[nodiscard]] virtual std::optional<Money> price(const ProviderConfig& provider,
                                                     std::string_view model) const = 0;
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
                                   std::string_view name);
/// The same, reordered and narrowed as the client prefers, where it did not name the provider itself.
/// Error: model_not_found when nothing is left.
[[nodiscard]] Result<Plan> planFor(const Config& config, const ModelDirectory& directory,
                                   std::string_view name, const Preferences& preferences);
/// The name that a suffix was put to; the name itself where it has none.
[[nodiscard]] std::string_view withoutSuffix(std::string_view name);

} // namespace gateway::routing
