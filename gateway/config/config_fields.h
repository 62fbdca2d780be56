// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"

#include "config/fields_of.h"
#include "config/guardrail_fields.h"

/// The one table of what a configuration file may hold: reading, writing, the list of known keys and, through
/// a test, the JSON Schema all follow it. A visitor is called once per key, in the order in which new keys
/// are written, with the key and the member it stands for; `later` names a key whose feature is not built
/// yet.
namespace gateway::config {

template <>
struct Fields<ServerLimits> {
    static constexpr std::string_view kName = "limits";
    static void visit(auto& field)
    {
        field("request_line_bytes", &ServerLimits::requestLineBytes);
        field("header_bytes", &ServerLimits::headerBytes);
        field("header_fields", &ServerLimits::headerFields);
        field("connections", &ServerLimits::connections);
        field("header_ms", &ServerLimits::header);
        field("body_idle_ms", &ServerLimits::bodyIdle);
        field("body_ms", &ServerLimits::body);
        field("keepalive_idle_ms", &ServerLimits::keepaliveIdle);
        field("websocket_idle_ms", &ServerLimits::webSocketIdle);
    }
};

template <>
struct Fields<ServerConfig> {
    static constexpr std::string_view kName = "server";
    static void visit(auto& field)
    {
        field("host", &ServerConfig::host);
        field("port", &ServerConfig::port);
        field("require_key", &ServerConfig::requireKey);
        field("admin_key", &ServerConfig::adminKey);
        field("max_body_bytes", &ServerConfig::maxBodyBytes);
        field("allowed_origins", &ServerConfig::allowedOrigins);
        field("allowed_hosts", &ServerConfig::allowedHosts);
        field("drain_seconds", &ServerConfig::drain);
        field("log_bodies", &ServerConfig::logBodies);
        field("io_threads", &ServerConfig::ioThreads);
        field("limits", &ServerConfig::limits);
    }
};

template <>
struct Fields<NetworkConfig> {
    static constexpr std::string_view kName = "network";
    static void visit(auto& field)
    {
        field("proxy", &NetworkConfig::proxy);
        field("no_proxy", &NetworkConfig::noProxy);
    }
};

template <>
struct Fields<ProviderKey> {
    static constexpr std::string_view kName = "provider_key";
    static void visit(auto& field)
    {
        field("id", &ProviderKey::id);
        field("secret", &ProviderKey::secret);
        field("weight", &ProviderKey::weight);
    }
    static bool sameEntry(const ProviderKey& left, const ProviderKey& right) { return left.id == right.id; }
};

template <>
struct Fields<RetryConfig> {
    static constexpr std::string_view kName = "retry";
    static void visit(auto& field)
    {
        field("attempts", &RetryConfig::attempts);
        field("on_status", &RetryConfig::onStatus);
        field("backoff_ms", &RetryConfig::backoff);
        field("max_backoff_ms", &RetryConfig::maxBackoff);
        field("honor_retry_after", &RetryConfig::honorRetryAfter);
    }
};

template <>
struct Fields<TimeoutConfig> {
    static constexpr std::string_view kName = "timeout";
    static void visit(auto& field)
    {
        field("connect_ms", &TimeoutConfig::connect);
        field("first_byte_ms", &TimeoutConfig::firstByte);
        field("idle_ms", &TimeoutConfig::idle);
        field("total_ms", &TimeoutConfig::total);
    }
};

template <>
struct Fields<PriceOverride> {
    static constexpr std::string_view kName = "price";
    static void visit(auto& field)
    {
        field.decimal("input", &PriceOverride::input);
        field.decimal("output", &PriceOverride::output);
        field.decimal("cache_read", &PriceOverride::cacheRead);
        field.decimal("cache_write", &PriceOverride::cacheWrite);
        field.decimal("cache_write_hour", &PriceOverride::cacheWriteHour);
        field.decimal("reasoning", &PriceOverride::reasoning);
        field.decimal("per_image", &PriceOverride::perImage);
        field.decimal("per_second", &PriceOverride::perSecond);
        field.decimal("per_request", &PriceOverride::perRequest);
    }
};

template <>
struct Fields<RateLimits> {
    static constexpr std::string_view kName = "rate_limits";
    static void visit(auto& field)
    {
        field("rpm", &RateLimits::rpm);
        field("rph", &RateLimits::rph);
        field("rpd", &RateLimits::rpd);
        field("tpm", &RateLimits::tpm);
        field("tph", &RateLimits::tph);
        field("tpd", &RateLimits::tpd);
        field("concurrent", &RateLimits::concurrent);
        field("queue_ms", &RateLimits::queue);
    }
};

template <>
struct Fields<ModelConfig> {
    static constexpr std::string_view kName = "model";
    static void visit(auto& field)
    {
        field("price", &ModelConfig::price);
        field("context", &ModelConfig::context);
        field("alias", &ModelConfig::alias);
        field("hidden", &ModelConfig::hidden);
        field("limits", &ModelConfig::limits);
    }
};

template <>
struct Naming<ModelConfig> {
    static constexpr bool kOwnerKeys = false; // "x-ai/grok-4" is a model.
    static auto& nameOf(auto& model) { return model.name; }
};

template <>
struct Fields<DataPolicy> {
    static constexpr std::string_view kName = "data_policy";
    static void visit(auto& field)
    {
        field("trains_on_data", &DataPolicy::trainsOnData);
        field("retention_days", &DataPolicy::retentionDays);
        field("region", &DataPolicy::region);
    }
};

template <>
struct Fields<HealthCheckConfig> {
    static constexpr std::string_view kName = "health_check";
    static void visit(auto& field) { field("every_seconds", &HealthCheckConfig::every); }
};

template <>
struct Fields<ProviderConfig> {
    static constexpr std::string_view kName = "provider";
    static void visit(auto& field)
    {
        field("kind", &ProviderConfig::kind);
        field("base_url", &ProviderConfig::baseUrl);
        field("local", &ProviderConfig::local);
        field("keys", &ProviderConfig::keys);
        field("key_order", &ProviderConfig::keyOrder);
        field("models", &ProviderConfig::models);
        field("headers", &ProviderConfig::headers);
        field("data_policy", &ProviderConfig::dataPolicy);
        field("proxy", &ProviderConfig::proxy);
        field("ca_file", &ProviderConfig::caFile);
        field("retry", &ProviderConfig::retry);
        field("timeout", &ProviderConfig::timeout);
        field("health_check", &ProviderConfig::healthCheck);
        field("limits", &ProviderConfig::limits);
        field.decimal("discount_percent", &ProviderConfig::discountPercent);
        field.decimal("margin_percent", &ProviderConfig::marginPercent);
    }
};

template <>
struct Naming<ProviderConfig> {
    static constexpr bool kOwnerKeys = true;
    static auto& nameOf(auto& provider) { return provider.id.text; }
};

template <>
struct Fields<TargetLimits> {
    static constexpr std::string_view kName = "target_limits";
    static void visit(auto& field)
    {
        field("rpm", &TargetLimits::rpm);
        field("tpm", &TargetLimits::tpm);
    }
};

template <>
struct Fields<ShadowConfig> {
    static constexpr std::string_view kName = "shadow";
    static void visit(auto& field)
    {
        field("provider", &ShadowConfig::provider);
        field("model", &ShadowConfig::model);
        field.decimal("share", &ShadowConfig::share);
    }
};

template <>
struct Fields<CircuitConfig> {
    static constexpr std::string_view kName = "circuit";
    static void visit(auto& field)
    {
        field("failures", &CircuitConfig::failures);
        field("error_percent", &CircuitConfig::errorPercent);
        field("minimum_requests", &CircuitConfig::minimum);
        field("recover", &CircuitConfig::recover);
        field("wait_ms", &CircuitConfig::wait);
    }
};

template <>
struct Fields<SemanticConfig> {
    static constexpr std::string_view kName = "semantic";
    static void visit(auto& field)
    {
        field.decimal("threshold", &SemanticConfig::threshold);
        field.decimal("margin", &SemanticConfig::margin);
    }
};

template <>
struct Fields<HedgeConfig> {
    static constexpr std::string_view kName = "hedge";
    static void visit(auto& field)
    {
        field("after_ms", &HedgeConfig::after);
        field("extra", &HedgeConfig::extra);
    }
};

template <>
struct Fields<TargetConfig> {
    static constexpr std::string_view kName = "target";
    static void visit(auto& field)
    {
        field("provider", &TargetConfig::provider);
        field("model", &TargetConfig::model);
        field("route", &TargetConfig::route);
        field.object("override", &TargetConfig::overrideJson);
        field("weight", &TargetConfig::weight);
        field.object("when", &TargetConfig::whenJson);
        field("limits", &TargetConfig::limits);
        field("description", &TargetConfig::description);
        field("examples", &TargetConfig::examples);
    }
    static bool sameEntry(const TargetConfig& left, const TargetConfig& right)
    {
        return left.provider == right.provider && left.model == right.model && left.route == right.route;
    }
};

template <>
struct Fields<DataRules> {
    static constexpr std::string_view kName = "data_rules";
    static void visit(auto& field)
    {
        field("local", &DataRules::local);
        field("no_training", &DataRules::noTraining);
        field("zero_retention", &DataRules::zeroRetention);
        field("regions", &DataRules::regions);
        field("personal_local", &DataRules::personalLocal);
    }
};

template <>
struct Fields<RouteExpectation> {
    static constexpr std::string_view kName = "route_expectation";
    static void visit(auto& field)
    {
        field("target", &RouteExpectation::target);
        field("not", &RouteExpectation::never);
        field.decimal("max_cost_usd", &RouteExpectation::maxCost);
    }
};

template <>
struct Fields<RouteTest> {
    static constexpr std::string_view kName = "route_test";
    static void visit(auto& field)
    {
        field("name", &RouteTest::name);
        field.object("request", &RouteTest::requestJson);
        field("expect", &RouteTest::expect);
        field("down", &RouteTest::down);
        field("limited", &RouteTest::limited);
        field("slow", &RouteTest::slow);
    }
    static bool sameEntry(const RouteTest& left, const RouteTest& right) { return left.name == right.name; }
};

template <>
struct Fields<PromptText> {
    static constexpr std::string_view kName = "prompt_text";
    static void visit(auto& field)
    {
        field("role", &PromptText::role);
        field("text", &PromptText::text);
    }
    static bool sameEntry(const PromptText& left, const PromptText& right) { return left.role == right.role; }
};

template <>
struct Fields<DecorationConfig> {
    static constexpr std::string_view kName = "decoration";
    static void visit(auto& field)
    {
        field("before", &DecorationConfig::before);
        field("after", &DecorationConfig::after);
        field.object("defaults", &DecorationConfig::defaultsJson);
        field.object("pinned", &DecorationConfig::pinnedJson);
        field("cache_prefix", &DecorationConfig::cachePrefix);
    }
};

template <>
struct Fields<PresetConfig> {
    static constexpr std::string_view kName = "preset";
    // A member of the base class is named as one of it.
    using Texts = std::vector<PromptText> PresetConfig::*;
    using Text = std::string PresetConfig::*;
    static void visit(auto& field)
    {
        field("description", &PresetConfig::description);
        field("model", &PresetConfig::model);
        field("system", &PresetConfig::system);
        field("before", static_cast<Texts>(&PresetConfig::before));
        field("after", static_cast<Texts>(&PresetConfig::after));
        field.object("defaults", static_cast<Text>(&PresetConfig::defaultsJson));
        field.object("pinned", static_cast<Text>(&PresetConfig::pinnedJson));
        field("cache_prefix", static_cast<Text>(&PresetConfig::cachePrefix));
        field.list("tools", &PresetConfig::toolsJson);
    }
};

template <>
struct Naming<PresetConfig> {
    static constexpr bool kOwnerKeys = true;
    static auto& nameOf(auto& preset) { return preset.id.text; }
};

template <>
struct Fields<CacheConfig> {
    static constexpr std::string_view kName = "cache";
    static void visit(auto& field)
    {
        field("exact", &CacheConfig::exact);
        field("ttl_seconds", &CacheConfig::ttlSeconds);
        field("scope", &CacheConfig::scope);
        field("replay", &CacheConfig::replay);
        field("never", &CacheConfig::never);
        field.later("semantic");
    }
};

template <>
struct Fields<CacheLimits> {
    static constexpr std::string_view kName = "cache_limits";
    static void visit(auto& field)
    {
        field("max_mb", &CacheLimits::maxMb);
        field("memory_mb", &CacheLimits::memoryMb);
    }
};

template <>
struct Fields<RouteConfig> {
    static constexpr std::string_view kName = "route";
    static void visit(auto& field)
    {
        field("strategy", &RouteConfig::strategy);
        field("targets", &RouteConfig::targets);
        field("retry", &RouteConfig::retry);
        field("timeout", &RouteConfig::timeout);
        field("unsupported", &RouteConfig::unsupported);
        field("sticky_by", &RouteConfig::stickyBy);
        field("semantic", &RouteConfig::semantic);
        field("circuit", &RouteConfig::circuit);
        field("shadow", &RouteConfig::shadow);
        field("fallbacks", &RouteConfig::fallbacks);
        field("hedge", &RouteConfig::hedge);
        field("on_break", &RouteConfig::onBreak);
        field("join", &RouteConfig::join);
        field("data_policy", &RouteConfig::dataPolicy);
        field("limits", &RouteConfig::limits);
        field("tests", &RouteConfig::tests);
        field("guardrails", &RouteConfig::guardrails);
        field("decorate", &RouteConfig::decorate);
        field("cache", &RouteConfig::cache);
    }
};

template <>
struct Naming<RouteConfig> {
    static constexpr bool kOwnerKeys = true;
    static auto& nameOf(auto& route) { return route.id.text; }
};

template <>
struct Fields<KeyBudget> {
    static constexpr std::string_view kName = "key_budget";
    static void visit(auto& field)
    {
        field.decimal("usd", &KeyBudget::usd);
        field("per", &KeyBudget::per);
    }
};

template <>
struct Fields<BudgetScope> {
    static constexpr std::string_view kName = "budget_scope";
    static void visit(auto& field)
    {
        field("provider", &BudgetScope::provider);
        field("model", &BudgetScope::model);
        field("route", &BudgetScope::route);
        field("key", &BudgetScope::key);
        field("tag", &BudgetScope::tag);
        field("client", &BudgetScope::client);
        field("repository", &BudgetScope::repository);
    }
};

template <>
struct Fields<BudgetConfig> {
    static constexpr std::string_view kName = "budget";
    static void visit(auto& field)
    {
        field.decimal("usd", &BudgetConfig::usd);
        field("per", &BudgetConfig::per);
        field("scope", &BudgetConfig::scope);
        field("warn_at", &BudgetConfig::warnAt);
        field("at_limit", &BudgetConfig::atLimit);
        field("route", &BudgetConfig::route);
        field.decimal("ask_more_usd", &BudgetConfig::askMore);
        field("ask_ms", &BudgetConfig::askWait);
    }
};

template <>
struct Fields<LoopGuardConfig> {
    static constexpr std::string_view kName = "loop_guard";
    static void visit(auto& field)
    {
        field("action", &LoopGuardConfig::action);
        field("same_calls", &LoopGuardConfig::sameCalls);
        field("idle_turns", &LoopGuardConfig::idleTurns);
        field.decimal("session_usd", &LoopGuardConfig::sessionUsd);
        field("ask_ms", &LoopGuardConfig::askWait);
    }
};

template <>
struct Fields<FormerKey> {
    static constexpr std::string_view kName = "former_key";
    static void visit(auto& field)
    {
        field("sha256", &FormerKey::sha256);
        field("until", &FormerKey::until);
    }
};

template <>
struct Naming<BudgetConfig> {
    static constexpr bool kOwnerKeys = true;
    static auto& nameOf(auto& budget) { return budget.id.text; }
};

template <>
struct Fields<VirtualKeyConfig> {
    static constexpr std::string_view kName = "key";
    static void visit(auto& field)
    {
        field("sha256", &VirtualKeyConfig::sha256);
        field("prefix", &VirtualKeyConfig::prefix);
        field("created", &VirtualKeyConfig::created);
        field("models", &VirtualKeyConfig::models);
        field("routes", &VirtualKeyConfig::routes);
        field("expires", &VirtualKeyConfig::expires);
        field("tags", &VirtualKeyConfig::tags);
        field("dialects", &VirtualKeyConfig::dialects);
        field("paused", &VirtualKeyConfig::paused);
        field("budget", &VirtualKeyConfig::budget);
        field("limits", &VirtualKeyConfig::limits);
        field("former", &VirtualKeyConfig::former);
    }
};

template <>
struct Naming<VirtualKeyConfig> {
    static constexpr bool kOwnerKeys = true;
    static auto& nameOf(auto& key) { return key.id.text; }
};

template <>
struct Fields<Config> {
    static constexpr std::string_view kName = "config";
    static void visit(auto& field)
    {
        field("version", &Config::version);
        field("server", &Config::server);
        field("network", &Config::network);
        field("providers", &Config::providers);
        field("routes", &Config::routes);
        field("aliases", &Config::aliases);
        field("keys", &Config::keys);
        field("budgets", &Config::budgets);
        field("loop_guard", &Config::loopGuard);
        field("pause_spending", &Config::pauseSpending);
        field("guardrails", &Config::guardrails);
        field("presets", &Config::presets);
        field("cache", &Config::cache);
    }
};

/// The keys of one kind of object, for messages, the schema test and the check for unknown ones.
struct KnownKeys {
    std::vector<std::string> current, notYet;

    void operator()(std::string_view key, auto) { current.emplace_back(key); }
    void decimal(std::string_view key, auto) { current.emplace_back(key); }
    void object(std::string_view key, auto) { current.emplace_back(key); }
    void list(std::string_view key, auto) { current.emplace_back(key); }
    void later(std::string_view key) { notYet.emplace_back(key); }
};

template <HasFields T>
const KnownKeys& knownKeys()
{
    static const KnownKeys keys = [] {
        KnownKeys found;
        Fields<T>::visit(found);
        return found;
    }();
    return keys;
}

/// Keys that the program leaves to the owner of the file.
inline bool isOwnerKey(std::string_view key)
{
    return key.starts_with("x-");
}

} // namespace gateway::config
