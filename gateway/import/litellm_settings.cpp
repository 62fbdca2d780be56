// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "import/litellm_parts.h"
#include "import/shared_fields.h"

namespace gateway::imports {

namespace {

constexpr std::array<Reason, 34> kSettingsLeft{
    {{"master_key", "Keys are the gateway's own. Make one: turnpiked key create NAME"},
     {"database_url", "The gateway keeps its own log and needs no database."},
     {"database_connection_pool_limit", "The gateway keeps its own log and needs no database."},
     {"store_model_in_db", "All models stand in the configuration."},
     {"alerting", "Alerts are not in this version."},
     {"alerting_threshold", "Alerts are not in this version."},
     {"cache", "The cache is not in this version."},
     {"cache_params", "The cache is not in this version."},
     {"cache_responses", "The cache is not in this version."},
     {"redis_host", "Counts and times are kept in memory; no Redis is needed."},
     {"redis_port", "Counts and times are kept in memory; no Redis is needed."},
     {"redis_password", "Counts and times are kept in memory; no Redis is needed."},
     {"redis_url", "Counts and times are kept in memory; no Redis is needed."},
     {"callbacks", "Requests are in the gateway's own log; callbacks are not in this version."},
     {"success_callback", "Requests are in the gateway's own log; callbacks are not in this version."},
     {"failure_callback", "Requests are in the gateway's own log; callbacks are not in this version."},
     {"guardrails", "Guardrails are not in this version."},
     {"max_budget", "Budgets are not in this version."},
     {"budget_duration", "Budgets are not in this version."},
     {"default_team_settings", "There are no teams here."},
     {"environment_variables", "Set them where the gateway is started; they may be keys."},
     {"routing_strategy_args", "The strategies here have no settings."},
     {"enable_pre_call_checks", "Contexts are always looked at."},
     {"retry_policy", "One number of tries holds for all that is worth another."},
     {"allowed_fails_policy", "One number of failures holds for all of them."},
     {"retry_after", "The gateway waits as long as the provider says."},
     {"set_verbose", "See --log-level."},
     {"debug_level", "See --log-level."},
     {"json_logs", "The gateway has a log of its own."},
     {"telemetry", "There is none."},
     {"include", "Import those files one by one."},
     {"mcp_servers", "MCP is not in this version."},
     {"ssl_verify", "Certificates are always checked; a provider may name a ca_file."},
     {"stream_timeout", "One time-out holds for streams and plain answers."}}};

constexpr std::array<Reason, 7> kStrategies{{{"simple-shuffle", "weighted"},
                                             {"least-busy", "least_busy"},
                                             {"usage-based-routing", "lowest_usage"},
                                             {"usage-based-routing-v2", "lowest_usage"},
                                             {"latency-based-routing", "lowest_latency"},
                                             {"cost-based-routing", "lowest_cost"},
                                             {"lowest-cost-routing", "lowest_cost"}}};

/// Fallbacks after one kind of failure, by what the gateway calls it.
constexpr std::array<Reason, 2> kKindFallbacks{
    {{"context_window_fallbacks", "context_length"}, {"content_policy_fallbacks", "content_refused"}}};

class SettingsReader {
public:
    SettingsReader(LiteLlmSettings& settings, Draft& draft) : m_settings(settings), m_draft(draft) {}

    void read(const FileValue& map)
    {
        leaveAll(map, kSettingsLeft, m_draft);
        readStrategy(map);
        readLimits(map);
        readFallbacks(map);
        if (const FileValue* drop = map.find("drop_params")) {
            m_settings.unsupported = drop->isTrue() ? Unsupported::Drop : Unsupported::Error;
            m_draft.mapped(*drop, "routes.*.unsupported");
        }
        if (const FileValue* aliases = map.find("model_group_alias"); aliases && aliases->isMap())
            m_settings.groupAliases = aliases;
    }

private:
    void readStrategy(const FileValue& map)
    {
        const FileValue* strategy = map.find("routing_strategy");
        if (!strategy) return;
        const auto known =
            std::find_if(kStrategies.begin(), kStrategies.end(),
                         [strategy](const Reason& each) { return each.first == strategy->scalar; });
        if (known == kStrategies.end())
            return m_draft.left(*strategy, "There is no such strategy here; targets are drawn by weight.");
        m_settings.strategy = known->second;
        m_draft.mapped(*strategy, "routes.*.strategy", "Is " + m_settings.strategy + ".");
    }

    void readLimits(const FileValue& map)
    {
        if (const FileValue* retries = map.find("num_retries")) {
            if (const auto count = retries->whole(0, 10)) {
                m_settings.retry.attempts = static_cast<std::uint32_t>(*count);
                m_draft.mapped(*retries, "routes.*.retry.attempts");
            } else {
                m_draft.left(*retries, "Needs a whole number from 0 to 10.");
            }
        }
        for (const std::string_view name : {"timeout", "request_timeout"}) {
            const FileValue* timeout = map.find(name);
            if (!timeout) continue;
            if (const auto limit = timeIn(*timeout, std::chrono::seconds(1))) {
                m_settings.timeout.firstByte = limit;
                m_draft.mapped(*timeout, "routes.*.timeout.first_byte_ms", "For each try.");
            } else {
                m_draft.left(*timeout, "Is no time-out of at most a day.");
            }
        }
        if (const FileValue* fails = map.find("allowed_fails")) {
            if (const auto count = fails->whole(0, 999)) {
                m_settings.circuit.failures = static_cast<std::uint32_t>(*count + 1);
                m_draft.mapped(*fails, "routes.*.circuit.failures", "Counts failures in a row.");
            } else {
                m_draft.left(*fails, "Needs a whole number from 0 to 999.");
            }
        }
        if (const FileValue* wait = map.find("cooldown_time")) {
            if (const auto time = timeIn(*wait, std::chrono::seconds(1))) {
                m_settings.circuit.wait = time;
                m_draft.mapped(*wait, "routes.*.circuit.wait_ms");
            } else {
                m_draft.left(*wait, "Is no time of at most a day.");
            }
        }
    }

    void readFallbacks(const FileValue& map)
    {
        if (const FileValue* others = map.find("default_fallbacks"); others && others->isList())
            m_settings.defaultFallbacks = others;
        forEachGroup(map.find("fallbacks"), [this](const FileValue& group) {
            if (group.key == "*")
                m_settings.defaultFallbacks = &group;
            else
                m_settings.fallbacks.emplace_back(group.key, &group);
        });
        for (const auto& [name, kind] : kKindFallbacks) {
            forEachGroup(map.find(name), [this, kind = kind](const FileValue& group) {
                m_settings.kindFallbacks.push_back({std::string(kind), group.key, &group});
            });
        }
    }

    /// `[ {"group": ["other", …]}, … ]`
    template <class Take>
    static void forEachGroup(const FileValue* list, Take take)
    {
        if (!list || !list->isList()) return;
        for (const FileValue& each : list->children) {
            if (!each.isMap()) continue;
            for (const FileValue& group : each.children) {
                if (group.isList()) take(group);
            }
        }
    }

    LiteLlmSettings& m_settings;
    Draft& m_draft;
};

} // namespace

LiteLlmSettings readLiteLlmSettings(const FileValue& root, Draft& draft)
{
    LiteLlmSettings settings;
    SettingsReader reader(settings, draft);
    leaveAll(root, kSettingsLeft, draft);
    // The router's own settings go before the library's.
    for (const std::string_view name : {"general_settings", "litellm_settings", "router_settings"}) {
        if (const FileValue* map = root.find(name); map && map->isMap()) reader.read(*map);
    }
    return settings;
}

} // namespace gateway::imports
