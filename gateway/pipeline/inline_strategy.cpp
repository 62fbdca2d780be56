// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/inline_strategy.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/json_text.h"
#include "base/strings.h"
#include "pipeline/inline_members.h"

namespace gateway::pipeline {

namespace {

using Mode = InlineStrategy::Mode;

constexpr std::size_t kMaxRules = 64;
constexpr std::size_t kMaxHeld = 8;
constexpr std::size_t kMaxPatterns = 32; // each takes a while to be compiled, on the IO thread
constexpr double kWeightUnit = 1000;     // Portkey's weights have decimals, ours have none

Result<Mode> readMode(std::string_view json, const std::string& at)
{
    const auto name = decodeJsonString(json);
    if (name == "single") return Mode::Single;
    if (name == "loadbalance") return Mode::LoadBalance;
    if (name == "fallback") return Mode::Fallback;
    if (name == "conditional") return Mode::Conditional;
    return configError(at, "has to be single, loadbalance, fallback or conditional.");
}

/// At least as many as there are $regex, however those are written.
std::size_t patternsIn(std::string_view query)
{
    std::size_t count = 0;
    for (const std::string_view sign : {"regex", "\\u00"}) {
        for (auto at = query.find(sign); at != std::string_view::npos; at = query.find(sign, at + 1))
            ++count;
    }
    return count;
}

class StrategyReader {
public:
    explicit StrategyReader(std::size_t& patterns) : m_patterns(patterns) {}

    [[nodiscard]] Result<InlineStrategy> read(std::string_view json, const std::string& at)
    {
        const auto visit = [this](const std::string& key, const JsonMember& member,
                                  const std::string& place) { return take(key, member.value, place); };
        // The mode first: it decides what else has a meaning.
        auto mode = readMode(memberValue(json, "mode"), at + ".mode");
        if (!mode) return mode.error();
        m_strategy.mode = *mode;
        if (auto read = readObject(json, at, visit); !read) return read.error();
        if (*mode == Mode::Conditional && m_strategy.rules.empty())
            return configError(at + ".conditions", "is missing.");
        return std::move(m_strategy);
    }

private:
    [[nodiscard]] Outcome take(const std::string& key, std::string_view json, const std::string& at)
    {
        if (key == "mode") return Done{};
        if (key == "on_status_codes" && isMode(Mode::Fallback)) {
            auto statuses = readStatuses(json, at);
            if (!statuses) return statuses.error();
            m_strategy.nextOn = std::move(*statuses);
            return Done{};
        }
        if (key == "conditions" && isMode(Mode::Conditional)) return takeRules(json, at);
        if (key == "default" && isMode(Mode::Conditional)) {
            auto name = readText(json, at);
            if (!name) return name.error();
            m_strategy.otherwise = std::move(*name);
            return Done{};
        }
        if (key == "cb_config") {
            auto circuit = readCircuit(json, at);
            if (!circuit) return circuit.error();
            m_strategy.circuit = std::move(*circuit);
            return Done{};
        }
        if ((key == "sticky" || key == "sticky_session") && isMode(Mode::LoadBalance))
            return takeSticky(json, at);
        for (const std::string_view known :
             {"on_status_codes", "conditions", "default", "sticky", "sticky_session"}) {
            if (key == known) return configError(at, "has no meaning in this mode.");
        }
        return strayMember(key, at);
    }

    [[nodiscard]] bool isMode(Mode mode) const { return m_strategy.mode == mode; }

    [[nodiscard]] Outcome takeRules(std::string_view json, const std::string& at)
    {
        const auto list = readList(json, at);
        if (!list) return list.error();
        std::optional<Error> problem;
        forEachElement(*list, [&](std::string_view element, JsonKind) {
            const std::string place = at + "[" + std::to_string(m_strategy.rules.size()) + "]";
            if (m_strategy.rules.size() >= kMaxRules)
                problem = configError(at, "has more than 64 conditions.");
            else if (auto read = takeRule(element, place); !read)
                problem = std::move(read.error());
            return !problem;
        });
        if (problem) return *std::move(problem);
        return Done{};
    }

    [[nodiscard]] Outcome takeRule(std::string_view json, const std::string& at)
    {
        std::optional<Condition> query;
        std::string then;
        auto read = readObject(
            json, at,
            [&](const std::string& key, const JsonMember& member, const std::string& place) -> Outcome {
                if (key == "query") return readQuery(member.value, place, query);
                if (key != "then") return strayMember(key, place);
                auto name = readText(member.value, place);
                if (!name) return name.error();
                then = std::move(*name);
                return Done{};
            });
        if (!read) return read;
        if (!query || then.empty()) return configError(at, "needs a `query` and a `then`.");
        m_strategy.rules.push_back({*std::move(query), std::move(then)});
        return Done{};
    }

    [[nodiscard]] Outcome readQuery(std::string_view json, const std::string& at,
                                    std::optional<Condition>& into)
    {
        m_patterns += patternsIn(json);
        if (m_patterns > kMaxPatterns) return configError(at, "is one of too many patterns.");
        auto read = Condition::parse(json);
        if (!read) return configError(at, "is no condition: " + read.error().message + ".");
        into = std::move(*read);
        return Done{};
    }

    [[nodiscard]] Outcome takeSticky(std::string_view json, const std::string& at)
    {
        bool enabled = true;
        std::string field = "session";
        auto read = readObject(
            json, at,
            [&](const std::string& key, const JsonMember& member, const std::string& place) -> Outcome {
                // Which target it is follows from what is held alone, so that no time makes a difference.
                if (key == "ttl" && member.kind == JsonKind::Number) return Done{};
                if (key == "hash_fields") return readHeld(member.value, place, field);
                if (key != "enabled") return strayMember(key, place);
                enabled = member.kind == JsonKind::True;
                if (enabled || member.kind == JsonKind::False) return Done{};
                return configError(place, "has to be true or false.");
            });
        if (!read) return read;
        if (enabled) m_strategy.stickyBy = std::move(field);
        return Done{};
    }

    [[nodiscard]] static Outcome readHeld(std::string_view json, const std::string& at, std::string& into)
    {
        std::vector<std::string> names;
        bool isKnown = true;
        forEachElement(json, [&](std::string_view element, JsonKind) {
            names.push_back(decodeJsonString(element).value_or(std::string()));
            isKnown = names.size() <= kMaxHeld && Condition::isField(names.back()) &&
                      names.back().find(',') == std::string::npos; // it parts them
            return isKnown;
        });
        if (!isKnown || names.empty())
            return configError(at,
                               "has to name one to eight fields of the request, such as metadata.user_id.");
        into = joined(names, ",");
        return Done{};
    }

    InlineStrategy m_strategy;
    std::size_t& m_patterns;
};

TargetConfig leadingTo(const InlineTarget& target)
{
    TargetConfig made;
    made.route = RouteId(target.route);
    return made;
}

Outcome balance(const InlineStrategy& strategy, const std::vector<InlineTarget>& targets,
                const std::string& at, RouteConfig& route)
{
    route.strategy = strategy.stickyBy.empty() ? "weighted" : "sticky";
    if (!strategy.stickyBy.empty()) route.stickyBy = strategy.stickyBy;
    for (const InlineTarget& target : targets) {
        if (target.weight <= 0) continue; // Portkey's gateway never asks it
        TargetConfig& made = route.targets.emplace_back(leadingTo(target));
        made.weight = std::max(1U, static_cast<std::uint32_t>(std::lround(target.weight * kWeightUnit)));
    }
    if (route.targets.empty()) return configError(at, "has weights of 0 only.");
    return Done{};
}

Outcome branch(const InlineStrategy& strategy, const std::vector<InlineTarget>& targets,
               const std::string& at, RouteConfig& route, InlineRoutes::Rules& rules)
{
    route.strategy = "conditional";
    const auto add = [&](const std::string& name, std::optional<Condition> when) {
        const auto found = std::find_if(targets.begin(), targets.end(),
                                        [&name](const InlineTarget& each) { return each.name == name; });
        if (found == targets.end()) return false;
        route.targets.push_back(leadingTo(*found));
        rules.when.push_back(std::move(when));
        return true;
    };
    for (const InlineStrategy::Rule& rule : strategy.rules) {
        if (!add(rule.then, rule.query))
            return configError(at + ".strategy.conditions", "names a target that is not in `targets`.");
    }
    if (!strategy.otherwise.empty() && !add(strategy.otherwise, std::nullopt))
        return configError(at + ".strategy.default", "names a target that is not in `targets`.");
    return Done{};
}

} // namespace

Result<InlineStrategy> readStrategy(std::string_view json, const std::string& at, std::size_t& patterns)
{
    return StrategyReader(patterns).read(json, at);
}

Outcome applyStrategy(const InlineStrategy& strategy, const std::vector<InlineTarget>& targets,
                      const std::string& at, RouteConfig& route, InlineRoutes::Rules& rules)
{
    switch (strategy.mode) {
    case Mode::LoadBalance:
        return balance(strategy, targets, at, route);
    case Mode::Conditional:
        return branch(strategy, targets, at, route, rules);
    case Mode::Fallback:
        // Without a list it is any failure that another target could do better.
        rules.nextOn = strategy.nextOn.value_or(std::vector<int>());
        for (const InlineTarget& target : targets)
            route.targets.push_back(leadingTo(target));
        return Done{};
    default:
        route.targets.push_back(leadingTo(targets.front()));
        return Done{};
    }
}

} // namespace gateway::pipeline
