// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <set>

#include "base/strings.h"
#include "config/problem_list.h"
#include "import/litellm_parts.h"
#include "import/programs.h"
#include "import/shared_fields.h"

namespace gateway::imports {

namespace {

/// The rows of one model_name.
struct Group {
    using Others = std::vector<std::pair<std::string, const FileValue*>>; // their names, and where it is said
    std::string name;
    std::vector<Deployment> rows;
    Others fallbacks;
    std::map<std::string, Others> byKind; // of failure
    RouteId route;                        // by its name; empty where an alias is enough
    RouteId pool;                         // its rows without its fallbacks, where those are several

    [[nodiscard]] const FileValue& row() const { return *rows.front().row; }
};

bool isPattern(std::string_view name)
{
    return name.find('*') != std::string_view::npos;
}

std::string goalOf(const TargetConfig& target)
{
    return target.provider.text + "/" + target.model;
}

class LiteLlm {
public:
    LiteLlm(const FileValue& root, Draft& draft) : m_root(root), m_draft(draft) {}

    void take()
    {
        m_settings = readLiteLlmSettings(m_root, m_draft);
        if (const FileValue* list = m_root.find("model_list"); list && list->isList()) {
            for (const FileValue& row : list->children)
                takeRow(row);
        }
        takeFallbacks();
        for (Group& group : m_groups)
            nameGroup(group);
        for (Group& group : m_groups)
            makeGroup(group);
        takeAliases();
    }

private:
    void takeRow(const FileValue& row)
    {
        const std::string name(row.textOf("model_name"));
        if (name.empty()) return m_draft.left(row, "Needs a model_name.");
        auto deployment = readDeployment(row, m_root, m_draft);
        if (!deployment) return;
        if (isPattern(deployment->target.model)) return takePattern(row, name, deployment->target);
        const auto [found, isNew] = m_places.emplace(name, m_groups.size());
        if (isNew) m_groups.emplace_back().name = name;
        m_groups[found->second].rows.push_back(std::move(*deployment));
    }

    /// "openai/*" for "openai/*": that is how any model of a provider is asked for.
    void takePattern(const FileValue& row, const std::string& name, const TargetConfig& target)
    {
        const FileValue& said = *row.find("model_name");
        if (name == goalOf(target))
            return m_draft.mapped(said, config::memberPath("providers", target.provider.text),
                                  "Any model of a provider is asked for as PROVIDER/MODEL.");
        m_draft.left(said, "A pattern cannot stand for many models; ask for them as " + target.provider.text +
                               "/MODEL.");
    }

    void takeFallbacks()
    {
        for (const auto& [name, list] : m_settings.fallbacks) {
            const auto found = m_places.find(name);
            if (found == m_places.end())
                m_draft.left(*list, "There is no model of this name.");
            else
                addFallbacks(m_groups[found->second], *list);
        }
        takeKindFallbacks();
        if (!m_settings.defaultFallbacks) return;
        for (Group& group : m_groups) {
            if (group.fallbacks.empty()) addFallbacks(group, *m_settings.defaultFallbacks);
        }
        m_draft.mapped(*m_settings.defaultFallbacks, "routes.*.targets",
                       "Of each model without fallbacks of its own.");
    }

    void addFallbacks(Group& group, const FileValue& list)
    {
        m_draft.mapped(list, config::memberPath("routes", asName(group.name, "route")) + ".targets");
        for (const FileValue& each : list.children) {
            const std::string other(each.kind == FileValue::Kind::Text ? trimmed(each.scalar)
                                                                       : std::string_view());
            if (m_places.count(other) == 0)
                m_draft.left(each, "There is no model of this name.");
            else if (other != group.name)
                group.fallbacks.emplace_back(other, &each);
        }
    }

    void takeKindFallbacks()
    {
        for (const KindFallback& each : m_settings.kindFallbacks) {
            if (each.group == "*") continue;
            const auto found = m_places.find(each.group);
            if (found == m_places.end())
                m_draft.left(*each.others, "There is no model of this name.");
            else
                addKindFallbacks(m_groups[found->second], each);
        }
        for (const KindFallback& each : m_settings.kindFallbacks) {
            if (each.group != "*") continue;
            for (Group& group : m_groups) {
                if (group.byKind.count(each.kind) == 0) addKindFallbacks(group, each);
            }
        }
        for (Group& group : m_groups)
            std::erase_if(group.byKind, [](const auto& kind) { return kind.second.empty(); });
    }

    void addKindFallbacks(Group& group, const KindFallback& said)
    {
        for (const FileValue& each : said.others->children) {
            const std::string other(each.kind == FileValue::Kind::Text ? trimmed(each.scalar)
                                                                       : std::string_view());
            Group::Others& others = group.byKind[said.kind];
            const bool again = std::any_of(others.begin(), others.end(),
                                           [&other](const auto& had) { return had.first == other; });
            if (m_places.count(other) == 0)
                m_draft.left(each, "There is no model of this name.");
            else if (other == group.name || again)
                m_draft.left(each, "Leads to no other place.");
            else
                others.emplace_back(other, &each);
        }
    }

    /// What leads to all of a group: its route, or the one target that it is.
    [[nodiscard]] TargetConfig wholeTarget(const Group& group) const
    {
        if (group.route.empty()) return group.rows.front().target;
        TargetConfig target;
        target.route = group.rows.size() > 1 ? group.pool : group.route;
        return target;
    }

    /// A route of their own where several come one after the other: a kind of failure leads to one goal.
    void addKinds(RouteConfig& route, const Group& group)
    {
        for (const auto& [kind, others] : group.byKind) {
            const std::string to = config::memberPath("routes", route.id.text) + ".fallbacks." + kind;
            RouteConfig chain;
            for (const auto& [name, where] : others) {
                m_draft.mapped(*where, to);
                chain.targets.push_back(wholeTarget(m_groups[m_places.find(name)->second]));
            }
            const TargetConfig& first = chain.targets.front();
            std::string goal = first.route.empty() ? goalOf(first) : first.route.text;
            if (others.size() > 1) {
                chain.id = m_draft.routeName(group.name + "-" + kind);
                goal = chain.id.text;
                m_draft.addRoute(std::move(chain), *others.front().second);
            }
            route.fallbacks.emplace_back(kind, goal);
        }
    }

    /// An alias is enough for one target about which nothing more is to be said.
    [[nodiscard]] bool isPlain(const Group& group) const
    {
        const Deployment& only = group.rows.front();
        return group.rows.size() == 1 && group.fallbacks.empty() && group.byKind.empty() && !only.firstByte &&
               !only.attempts && only.target.overrideJson.empty() && only.target.limits == TargetLimits() &&
               m_settings.retry == RetryConfig() && m_settings.timeout == TimeoutConfig() &&
               m_settings.circuit == CircuitConfig() && m_settings.unsupported == Unsupported::Drop;
    }

    void nameGroup(Group& group)
    {
        if (isPlain(group)) return;
        group.route = m_draft.routeName(group.name);
        const bool both = group.rows.size() > 1 && !group.fallbacks.empty();
        group.pool = both ? m_draft.routeName(group.route.text + "-pool") : group.route;
        for (const Deployment& each : group.rows)
            m_draft.nameRoute(*each.row, group.pool);
    }

    /// Its rows as one target. Without its fallbacks: two groups may be each other's.
    [[nodiscard]] TargetConfig asTarget(const Group& group) const
    {
        if (group.rows.size() == 1) return group.rows.front().target;
        TargetConfig target;
        target.route = group.pool;
        return target;
    }

    void makeGroup(const Group& group)
    {
        const FileValue& said = *group.row().find("model_name");
        for (const Deployment& each : group.rows) {
            if (each.row != &group.row())
                m_draft.mapped(*each.row->find("model_name"), config::memberPath("routes", group.pool.text));
        }
        if (group.route.empty()) return makeAlias(group, said);
        RouteConfig route = group.pool == group.route && group.fallbacks.empty()
                                ? pooled(group, group.route)
                                : settled(group, group.route);
        if (route.targets.empty()) {
            if (group.rows.size() > 1) m_draft.addRoute(pooled(group, group.pool), group.row());
            route.targets.push_back(asTarget(group));
            addTo(route, group);
        }
        addKinds(route, group);
        if (!m_draft.addRoute(std::move(route), said, noteOf(group))) return;
        if (group.route.text != group.name && !m_draft.isTaken(group.name))
            m_draft.addAlias(group.name, group.route.text, said);
    }

    void addTo(RouteConfig& route, const Group& group)
    {
        std::set<std::string> had;
        for (const auto& [name, where] : group.fallbacks) {
            const Group& other = m_groups[m_places.find(name)->second];
            if (!had.insert(name).second) continue;
            m_draft.mapped(*where,
                           config::elementPath(config::memberPath("routes", route.id.text) + ".targets",
                                               route.targets.size()),
                           other.fallbacks.empty() ? std::string() : "Without its own fallbacks.");
            route.targets.push_back(asTarget(other));
        }
    }

    void makeAlias(const Group& group, const FileValue& said)
    {
        const std::string goal = goalOf(group.rows.front().target);
        if (group.name == goal)
            return m_draft.mapped(said,
                                  config::memberPath("providers", group.rows.front().target.provider.text),
                                  "Is asked for by this name as it is.");
        if (!m_draft.isTaken(group.name)) {
            m_draft.addAlias(group.name, goal, said);
            return;
        }
        const std::string free = m_draft.routeName(group.name).text;
        m_draft.addAlias(free, goal, said, "The name was taken; ask for " + config::quotedName(free) + ".");
    }

    static std::string noteOf(const Group& group)
    {
        if (group.route.text == group.name) return {};
        return "Is called " + config::quotedName(group.route.text) +
               " here: the name was taken, or cannot be a route's.";
    }

    /// With what holds for all, and what all rows of the group say alike.
    [[nodiscard]] RouteConfig settled(const Group& group, const RouteId& id) const
    {
        RouteConfig route;
        route.id = id;
        route.retry = m_settings.retry;
        route.timeout = m_settings.timeout;
        route.circuit = m_settings.circuit;
        route.unsupported = m_settings.unsupported;
        const Deployment& first = group.rows.front();
        const auto all = [&group](auto same) {
            return std::all_of(group.rows.begin(), group.rows.end(), same);
        };
        if (first.firstByte &&
            all([&first](const Deployment& each) { return each.firstByte == first.firstByte; }))
            route.timeout.firstByte = first.firstByte;
        if (first.attempts &&
            all([&first](const Deployment& each) { return each.attempts == first.attempts; }))
            route.retry.attempts = first.attempts;
        return route;
    }

    [[nodiscard]] RouteConfig pooled(const Group& group, const RouteId& id) const
    {
        RouteConfig route = settled(group, id);
        std::vector<const Deployment*> rows;
        for (const Deployment& each : group.rows)
            rows.push_back(&each);
        const bool ordered =
            std::any_of(rows.begin(), rows.end(), [](const Deployment* each) { return each->order; });
        if (rows.size() > 1) route.strategy = ordered ? "priority" : m_settings.strategy;
        if (ordered)
            std::stable_sort(rows.begin(), rows.end(), [](const Deployment* left, const Deployment* right) {
                return left->order.value_or(INT64_MAX) < right->order.value_or(INT64_MAX);
            });
        for (const Deployment* each : rows)
            route.targets.push_back(each->target);
        if (route.strategy == "weighted") weigh(group, route);
        return route;
    }

    /// By weight where one has it, else by the requests or tokens that are allowed.
    static void weigh(const Group& group, RouteConfig& route)
    {
        const auto any = [&group](auto has) {
            return std::any_of(group.rows.begin(), group.rows.end(), has);
        };
        const bool byWeight = any([](const Deployment& each) { return each.weight; });
        const bool byRequests = any([](const Deployment& each) { return each.target.limits.rpm; });
        std::vector<double> weights;
        for (const Deployment& each : group.rows) {
            const TargetLimits& limits = each.target.limits;
            const auto& allowed = byRequests ? limits.rpm : limits.tpm;
            weights.push_back(byWeight ? each.weight.value_or(0) : allowed.value_or(1));
        }
        const auto whole = wholeWeights(weights);
        for (std::size_t i = 0; i < whole.size(); ++i)
            route.targets[i].weight = whole[i];
    }

    void takeAliases()
    {
        if (!m_settings.groupAliases) return;
        for (const FileValue& each : m_settings.groupAliases->children) {
            std::string name(each.isMap() ? each.textOf("model") : trimmed(each.scalar));
            const auto found = m_places.find(name);
            if (found == m_places.end()) {
                m_draft.left(each, "There is no model of this name.");
                continue;
            }
            const Group& group = m_groups[found->second];
            const bool made = m_draft.config().findRoute(group.route.text) || group.route.empty();
            if (made)
                m_draft.addAlias(each.key,
                                 group.route.empty() ? goalOf(group.rows.front().target) : group.route.text,
                                 each);
        }
    }

    const FileValue& m_root;
    Draft& m_draft;
    LiteLlmSettings m_settings;
    std::vector<Group> m_groups;
    std::map<std::string, std::size_t, std::less<>> m_places; // by name
};

} // namespace

void takeLiteLlm(const FileValue& root, Draft& draft)
{
    LiteLlm(root, draft).take();
}

} // namespace gateway::imports
