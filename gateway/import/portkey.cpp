// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <map>

#include "config/problem_list.h"
#include "import/portkey_target.h"
#include "import/programs.h"
#include "import/shared_fields.h"

/// https://portkey.ai/docs/api-reference/config-object: a tree of strategies over targets.
namespace gateway::imports {

namespace {

constexpr std::array<Reason, 12> kConfigLeft{
    {{"cache", "The cache is not in this version."},
     {"input_guardrails", "Guardrails are not in this version."},
     {"output_guardrails", "Guardrails are not in this version."},
     {"default_input_guardrails", "Guardrails are not in this version."},
     {"default_output_guardrails", "Guardrails are not in this version."},
     {"before_request_hooks", "Guardrails are not in this version."},
     {"after_request_hooks", "Guardrails are not in this version."},
     {"input_mutators", "Guardrails are not in this version."},
     {"output_mutators", "Guardrails are not in this version."},
     {"forward_headers", "A client's header fields are never passed on by name."},
     {"strict_open_ai_compliance", "Clients get their own API's shape, whichever provider answers."},
     {"metadata", "Clients send metadata with each request."}}};

constexpr std::array<Reason, 2> kLeftOfTarget{
    {{"retry", "Of a single target; give the route a retry, or make it a route by itself."},
     {"request_timeout", "Of a single target; give the route a timeout, or make it a route by itself."}}};

class Portkey {
public:
    explicit Portkey(Draft& draft) : m_draft(draft) {}

    void take(const FileValue& root)
    {
        std::string_view name = root.textOf("name");
        if (name.empty()) name = root.textOf("slug");
        const auto id = takeRoute(root, {}, name.empty() ? "portkey" : std::string(name));
        if (id)
            m_draft.remark(config::memberPath("routes", id->text),
                           "Ask for the model \"" + id->text +
                               "\"; where the file was named in a header, no longer send it.");
    }

private:
    /// What a node hands down to those within it.
    struct Handed {
        FileValue overrides;
        RetryConfig retry;
        TimeoutConfig timeout;
    };

    /// `to` is the path of the target that comes of it.
    std::optional<TargetConfig> takeNode(const FileValue& node, const Handed& handed, const std::string& name,
                                         const std::string& to)
    {
        if (!node.find("targets")) {
            leaveAll(node, kConfigLeft, m_draft);
            leaveAll(node, kLeftOfTarget, m_draft);
            auto target = takePortkeyTarget(node, handed.overrides, to, m_draft);
            if (target) m_draft.mapped(node, to);
            return target;
        }
        const auto id = takeRoute(node, handed, name);
        if (!id) return std::nullopt;
        TargetConfig target;
        target.route = *id;
        return target;
    }

    std::optional<RouteId> takeRoute(const FileValue& node, Handed handed, const std::string& name)
    {
        RouteConfig route;
        route.id = m_draft.routeName(name);
        const std::string path = config::memberPath("routes", route.id.text);
        takeHanded(node, handed, path);
        if (const FileValue* strategy = node.find("strategy")) takeStrategy(*strategy, route, handed, path);
        route.retry = handed.retry;
        route.timeout = handed.timeout;
        const FileValue* targets = node.find("targets");
        if (!targets || !targets->isList()) {
            if (auto only = takePortkeyTarget(node, handed.overrides, path + ".targets[0]", m_draft))
                route.targets.push_back(std::move(*only));
        } else if (route.strategy == "conditional") {
            takeConditional(node, *targets, handed, route);
        } else {
            takeTargets(*targets, handed, route);
        }
        const RouteId id = route.id;
        if (!m_draft.addRoute(std::move(route), node)) return std::nullopt;
        return id;
    }

    void takeHanded(const FileValue& node, Handed& handed, const std::string& path)
    {
        leaveAll(node, kConfigLeft, m_draft);
        // Those of a target by itself are told where they are laid over.
        if (const FileValue* overrides = node.find("override_params"); overrides && node.find("targets")) {
            handed.overrides = mergedOverrides(handed.overrides, *overrides);
            m_draft.mappedWhole(*overrides, path + ".targets",
                                "Laid over the request of each target within.");
        }
        if (const FileValue* timeout = node.find("request_timeout")) {
            if (const auto limit = timeIn(*timeout, milliseconds(1))) {
                handed.timeout.firstByte = limit;
                m_draft.mapped(*timeout, path + ".timeout.first_byte_ms");
            } else {
                m_draft.left(*timeout, "Is no time-out from 1 ms to a day.");
            }
        }
        if (const FileValue* retry = node.find("retry"); retry && retry->isMap())
            takeRetry(*retry, handed.retry, path + ".retry");
    }

    void takeRetry(const FileValue& source, RetryConfig& retry, const std::string& path)
    {
        if (const FileValue* attempts = source.find("attempts")) {
            if (const auto count = attempts->whole(0, 10)) {
                retry.attempts = static_cast<std::uint32_t>(*count);
                m_draft.mapped(*attempts, path + ".attempts");
            } else {
                m_draft.left(*attempts, "Needs a whole number from 0 to 10.");
            }
        }
        if (const FileValue* codes = source.find("on_status_codes")) takeStatuses(*codes, retry, path);
        if (const FileValue* wait = source.find("use_retry_after_header")) {
            retry.honorRetryAfter = wait->isTrue();
            m_draft.mapped(*wait, path + ".honor_retry_after");
        }
    }

    void takeStatuses(const FileValue& codes, RetryConfig& retry, const std::string& path)
    {
        const auto statuses = statusesIn(codes);
        if (!statuses) return m_draft.left(codes, "Is no list of HTTP statuses.");
        std::vector<int> all = retry.onStatus.value_or(std::vector<int>());
        for (const int status : *statuses) {
            if (std::find(all.begin(), all.end(), status) == all.end()) all.push_back(status);
        }
        retry.onStatus = std::move(all);
        m_draft.mappedWhole(codes, path + ".on_status");
    }

    void takeStrategy(const FileValue& source, RouteConfig& route, Handed& handed, const std::string& path)
    {
        const FileValue* mode = source.find("mode");
        const std::string_view said = source.textOf("mode");
        if (said == "loadbalance") route.strategy = "weighted";
        if (said == "conditional") route.strategy = "conditional";
        const bool known = said == "single" || said == "fallback" || route.strategy != "priority";
        if (mode && known)
            m_draft.mapped(*mode, path + ".strategy", "Is " + route.strategy + ".");
        else if (mode)
            m_draft.left(*mode, "There is no such strategy here; the targets are tried in their order.");
        if (const FileValue* codes = source.find("on_status_codes"))
            takeStatuses(*codes, handed.retry, path + ".retry");
        if (const FileValue* breaker = source.find("cb_config"); breaker && breaker->isMap())
            takeCircuit(*breaker, route.circuit, path + ".circuit");
    }

    void takeCircuit(const FileValue& source, CircuitConfig& circuit, const std::string& path)
    {
        const auto take = [&](const char* name, std::int64_t most,
                              const char* to) -> std::optional<std::uint32_t> {
            const FileValue* found = source.find(name);
            if (!found) return std::nullopt;
            const auto count = found->whole(1, most);
            if (!count) {
                m_draft.left(*found, "Needs a whole number from 1 to " + std::to_string(most) + ".");
                return std::nullopt;
            }
            m_draft.mapped(*found, path + to);
            return static_cast<std::uint32_t>(*count);
        };
        circuit.failures = take("failure_threshold", 1000, ".failures");
        circuit.errorPercent = take("failure_threshold_percentage", 100, ".error_percent");
        circuit.minimum = take("minimum_requests", 40, ".minimum_requests");
        if (const auto wait = take("cooldown_interval", 86'400'000, ".wait_ms"))
            circuit.wait = milliseconds(*wait);
    }

    void takeTargets(const FileValue& targets, const Handed& handed, RouteConfig& route)
    {
        std::vector<double> weights;
        for (std::size_t i = 0; i < targets.children.size(); ++i) {
            const FileValue& node = targets.children[i];
            const std::string to =
                config::elementPath(config::memberPath("routes", route.id.text) + ".targets", weights.size());
            auto target = takeNode(node, handed, nestedName(route, i), to);
            if (!target) continue;
            const FileValue* weight = node.find("weight");
            const double number = weight ? weight->number().value_or(-1) : -1;
            weights.push_back(number >= 0 ? number : 1);
            if (number >= 0) m_draft.mapped(*weight, to + ".weight");
            tellName(node, to);
            route.targets.push_back(std::move(*target));
        }
        const auto whole = wholeWeights(weights);
        for (std::size_t i = 0; i < whole.size() && route.strategy == "weighted"; ++i)
            route.targets[i].weight = whole[i];
    }

    void takeConditional(const FileValue& node, const FileValue& targets, const Handed& handed,
                         RouteConfig& route)
    {
        std::map<std::string, TargetConfig, std::less<>> named;
        const std::string path = config::memberPath("routes", route.id.text) + ".targets";
        for (std::size_t i = 0; i < targets.children.size(); ++i) {
            const FileValue& each = targets.children[i];
            const std::string name(each.textOf("name"));
            auto target = takeNode(each, handed,
                                   name.empty() ? nestedName(route, i) : route.id.text + "-" + name, path);
            if (!target) continue;
            tellName(each, path);
            if (name.empty() || !named.emplace(name, std::move(*target)).second)
                m_draft.left(each, "Needs a name of its own for a condition to lead to it.");
        }
        const FileValue* strategy = node.find("strategy");
        if (const FileValue* conditions = strategy ? strategy->find("conditions") : nullptr) {
            for (const FileValue& each : conditions->children)
                takeCondition(each, named, route);
        }
        const FileValue* otherwise = strategy ? strategy->find("default") : nullptr;
        if (!otherwise)
            return m_draft.remark(path,
                                  "Has no default: where no condition holds, the first target is tried.");
        const auto found = named.find(strategy->textOf("default"));
        if (found == named.end()) return m_draft.left(*otherwise, "There is no target of this name.");
        m_draft.mapped(*otherwise, config::elementPath(path, route.targets.size()));
        route.targets.push_back(found->second);
    }

    void takeCondition(const FileValue& source, const std::map<std::string, TargetConfig, std::less<>>& named,
                       RouteConfig& route)
    {
        const FileValue* query = source.find("query");
        const auto found = named.find(source.textOf("then"));
        if (!query || found == named.end())
            return m_draft.left(source, "Needs a query, and a target that was taken over.");
        auto when = m_draft.conditionJson(*query, source);
        if (!when) return;
        m_draft.mappedWhole(source,
                            config::elementPath(config::memberPath("routes", route.id.text) + ".targets",
                                                route.targets.size()) +
                                ".when");
        route.targets.push_back(found->second);
        route.targets.back().whenJson = std::move(*when);
    }

    void tellName(const FileValue& node, const std::string& to)
    {
        if (const FileValue* name = node.find("name")) m_draft.mapped(*name, to);
    }

    static std::string nestedName(const RouteConfig& route, std::size_t place)
    {
        return route.id.text + "-" + std::to_string(place + 1);
    }

    Draft& m_draft;
};

} // namespace

void takePortkey(const FileValue& root, Draft& draft)
{
    Portkey(draft).take(root);
}

} // namespace gateway::imports
