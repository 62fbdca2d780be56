// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/inline_config.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/json_scan.h"
#include "base/strings.h"
#include "dialect/member_path.h"
#include "pipeline/inline_members.h"
#include "pipeline/inline_strategy.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxTargets = 64;

/// One object of the tree, with what it takes over from those around it.
struct Level {
    std::string at; // its place: "config.targets[0]"
    std::string name;
    double weight = 1;
    std::string provider;
    RetryConfig retry;
    TimeoutConfig timeout;
    InlineOverride changes, defaults;
    std::vector<std::string> drop;
    std::optional<InlineCircuit> circuit; // of the strategy around it
    std::string_view strategy, targets;   // raw; empty: none
};

/// Portkey's `@slug` is the name of a provider.
std::string_view withoutAt(std::string_view name)
{
    return name.starts_with('@') ? name.substr(1) : name;
}

class PortkeyReader {
public:
    PortkeyReader(const Config& config, std::string_view model) : m_config(config), m_model(model) {}

    [[nodiscard]] Result<InlineRoutes> read(std::string_view json)
    {
        Level root;
        root.at = "config";
        if (auto read = readLevel(json, root); !read) return read.error();
        if (auto added = add(root, 1); !added) return added.error();
        m_into.routes.front().id = RouteId(kInlineRoute);
        return std::move(m_into);
    }

private:
    [[nodiscard]] Outcome readLevel(std::string_view json, Level& level) const
    {
        std::string provider;
        auto read = readObject(json, level.at,
                               [&](const std::string& key, const JsonMember& member, const std::string& at) {
                                   if (key == "provider" || key == "virtual_key")
                                       return readProvider(member.value, at, provider);
                                   return readRule(key, member.value, at, level);
                               });
        if (read && !provider.empty()) level.provider = std::move(provider);
        return read;
    }

    [[nodiscard]] static Outcome readRule(const std::string& key, std::string_view json,
                                          const std::string& at, Level& level)
    {
        const auto take = [](auto read, auto& into) -> Outcome {
            if (!read) return read.error();
            into = std::move(*read);
            return Done{};
        };
        if (key == "name") return take(readText(json, at), level.name);
        if (key == "weight") return take(readWeight(json, at), level.weight);
        if (key == "retry") return take(readRetry(json, at), level.retry);
        if (key == "request_timeout") return take(readRequestTimeout(json, at), level.timeout);
        if (key == "override_params") return readOverride(json, at, level.changes);
        if (key == "default_params") return readOverride(json, at, level.defaults);
        if (key == "drop_params") return readDropped(json, at, level.drop);
        if (key == "cache") return checkCache(json, at); // nothing is kept yet, and answers say so
        if (key == "strategy") return take(Result<std::string_view>(json), level.strategy);
        if (key == "targets") return take(readList(json, at), level.targets);
        return strayMember(key, at);
    }

    [[nodiscard]] Outcome readProvider(std::string_view json, const std::string& at, std::string& into) const
    {
        const auto text = readText(json, at);
        if (!text) return text.error();
        const std::string_view name = withoutAt(*text);
        if (!isProvider(name))
            return configError(at, "names no provider of the saved configuration: " + shortened(name, 80) +
                                       ". Destination and key come from there only.");
        if (!into.empty() && into != name)
            return configError(at, "contradicts the other name of the provider beside it.");
        into = name;
        return Done{};
    }

    [[nodiscard]] bool isProvider(std::string_view name) const
    {
        return name == "sandbox" || m_config.findProvider(name) != nullptr;
    }

    [[nodiscard]] Outcome add(const Level& level, std::size_t depth)
    {
        const std::size_t place = m_into.routes.size();
        RouteConfig& route = m_into.routes.emplace_back();
        m_into.rules.emplace_back();
        route.id = RouteId(level.at);
        route.retry = level.retry;
        route.timeout = level.timeout;
        std::optional<InlineStrategy> strategy;
        if (!level.strategy.empty()) {
            auto read = readStrategy(level.strategy, level.at + ".strategy", m_patterns);
            if (!read) return read.error();
            strategy = std::move(*read);
        }
        if (level.targets.empty()) {
            if (strategy && strategy->mode != InlineStrategy::Mode::Single)
                return configError(level.at + ".targets", "is missing.");
            return addLeaf(level, route, m_into.rules[place]);
        }
        if (!strategy) return configError(level.at + ".strategy", "is missing beside `targets`.");
        std::vector<InlineTarget> targets;
        Level around = level;
        if (strategy->circuit) around.circuit = strategy->circuit;
        if (auto added = addTargets(around, depth, targets); !added) return added;
        return applyStrategy(*strategy, targets, level.at, m_into.routes[place], m_into.rules[place]);
    }

    [[nodiscard]] Outcome addTargets(const Level& level, std::size_t depth, std::vector<InlineTarget>& into)
    {
        if (depth >= kMaxDepth) return configError(level.at + ".targets", "is nested too deeply.");
        std::optional<Error> problem;
        forEachElement(level.targets, [&](std::string_view element, JsonKind) {
            Level target = level;
            target.at += ".targets[" + std::to_string(into.size()) + "]";
            target.name.clear();
            target.weight = 1;
            target.strategy = target.targets = {};
            auto done = ++m_targets > kMaxTargets ? configError("config", "has more than 64 targets.")
                                                  : readLevel(element, target);
            if (done) done = add(target, depth + 1);
            if (!done) problem = std::move(done.error());
            into.push_back({std::move(target.name), std::move(target.at), target.weight});
            return !problem;
        });
        if (problem) return *std::move(problem);
        if (into.empty()) return configError(level.at + ".targets", "is empty.");
        return Done{};
    }

    [[nodiscard]] Outcome addLeaf(const Level& level, RouteConfig& route, InlineRoutes::Rules& rules)
    {
        std::string_view provider = level.provider;
        std::string_view model = level.changes.model;
        if (model.empty()) model = asAskedFor(provider);
        if (model.empty()) model = level.defaults.model;
        if (model.empty())
            return configError(level.at, "has no model: name one in its override_params, or in the body.");
        if (model.starts_with('@')) {
            const std::size_t slash = std::min(model.find('/'), model.size());
            const std::string_view slug = model.substr(1, slash - 1);
            model.remove_prefix(std::min(slash + 1, model.size()));
            if (model.empty() || !isProvider(slug))
                return configError(level.at,
                                   "has a model of a provider that is not in the saved configuration.");
            if (!provider.empty() && provider != slug)
                return configError(level.at, "has a model of another provider than its own.");
            provider = slug;
        }
        TargetConfig& target = route.targets.emplace_back();
        target.provider = ProviderId(provider);
        target.model = model;
        target.overrideJson = level.changes.json();
        addOwn(level, route, rules);
        m_into.names.push_back(provider.empty() ? target.model : std::string(provider) + "/" + target.model);
        return Done{};
    }

    static void addOwn(const Level& level, RouteConfig& route, InlineRoutes::Rules& rules)
    {
        if (level.defaults.members.empty() && level.drop.empty() && !level.circuit) return;
        rules.own = std::make_shared<routing::OwnRules>();
        rules.own->defaults = level.defaults.members;
        rules.own->drop = level.drop;
        std::string& changed = route.targets.front().overrideJson;
        for (const std::string& path : level.drop) // what is dropped is so whoever has said it
            if (!changed.empty()) changed = dialect::withoutPath(changed, path);
        if (!level.circuit) return;
        route.circuit = level.circuit->rules;
        rules.own->failures = level.circuit->failures;
        rules.own->circuit = std::make_shared<routing::TargetState>();
    }

    /// The body's model; a client of ours writes provider/model.
    [[nodiscard]] std::string_view asAskedFor(std::string_view provider) const
    {
        const bool prefixed = !provider.empty() && m_model.size() > provider.size() + 1 &&
                              m_model.starts_with(provider) && m_model[provider.size()] == '/';
        return prefixed ? m_model.substr(provider.size() + 1) : m_model;
    }

    const Config& m_config;
    const std::string_view m_model;
    InlineRoutes m_into;
    std::size_t m_targets = 0, m_patterns = 0;
};

} // namespace

const RouteConfig* InlineRoutes::findInner(std::string_view name) const
{
    if (routes.empty()) return nullptr;
    const auto found = std::find_if(routes.begin() + 1, routes.end(),
                                    [name](const RouteConfig& route) { return route.id.text == name; });
    return found == routes.end() ? nullptr : &*found;
}

const std::vector<int>* InlineRoutes::nextOn(const RouteConfig& route) const
{
    for (std::size_t place = 0; place < routes.size(); ++place) {
        if (routes[place].id == route.id) return rules[place].nextOn ? &*rules[place].nextOn : nullptr;
    }
    return nullptr;
}

std::shared_ptr<const routing::OwnRules> InlineRoutes::ownRules(const RouteConfig& route) const
{
    for (std::size_t place = 0; place < routes.size(); ++place) {
        if (routes[place].id == route.id) return rules[place].own;
    }
    return nullptr;
}

void InlineRoutes::choose(const FieldSource& fields)
{
    for (std::size_t place = 0; place < routes.size(); ++place) {
        const auto& when = rules[place].when;
        if (when.empty()) continue;
        std::vector<TargetConfig> chosen;
        std::set<std::string> seen; // several conditions may lead to one target
        for (std::size_t i = 0; i < when.size(); ++i) {
            TargetConfig& target = routes[place].targets[i];
            if (when[i] && !when[i]->holds(fields)) continue;
            if (seen.insert(target.route.text).second) chosen.push_back(std::move(target));
        }
        routes[place].targets = std::move(chosen);
        rules[place].when.clear();
    }
}

Result<InlineRoutes> readPortkeyConfig(std::string_view json, const Config& config, std::string_view model)
{
    JsonDocument document;
    if (const auto problem = scanJson(json, document))
        return configError("config", "is not valid JSON: " + problem->message + " (column " +
                                         std::to_string(problem->column) + ").");
    return PortkeyReader(config, model).read(json);
}

} // namespace gateway::pipeline
