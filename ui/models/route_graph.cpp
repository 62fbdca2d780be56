// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_graph.h"

#include <algorithm>
#include <map>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "models/condition_draft.h"
#include "models/route_text.h"

namespace ui {
namespace {

constexpr std::size_t kMostNodes = 200;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteGraph)
};

using Kind = RouteNode::Kind;

QString shareText(double share)
{
    return Text::tr("%1%").arg(QLocale().toString(share * 100, 'f', share > 0 && share < 0.01 ? 1 : 0));
}

/// What the condition says, or only that there is one.
QString conditionLabel(const std::string& json)
{
    if (json.empty()) return {};
    const auto draft = conditionOf(json);
    const QString text = draft ? conditionSummary(*draft) : QString();
    return text.isEmpty() ? Text::tr("condition") : text;
}

class Builder {
public:
    Builder(const gateway::Config& config, const gateway::RouteConfig& draft, const RouteState& state)
        : m_config(config), m_draft(draft), m_state(state)
    {
    }

    RouteGraph build()
    {
        RouteNode client{Kind::Client, QString::fromStdString(m_draft.id.text),
                         Text::tr("What clients ask for")};
        client.description = Text::tr("Clients ask for %1").arg(client.title);
        const int first = add(std::move(client));
        const double all = m_state.use.requests > 0 ? 1 : -1;
        addRoute(m_draft, {first, 0, -1, {}, all});
        addFallbacks();
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
            describe(static_cast<int>(i));
        }
        return std::move(m_graph);
    }

private:
    /// How a node is come to.
    struct Way {
        int from = 0;
        int depth = 0;
        int target = -1;
        QString label = {};
        double share = -1;
    };

    int add(RouteNode node)
    {
        m_graph.nodes.push_back(std::move(node));
        return static_cast<int>(m_graph.nodes.size()) - 1;
    }

    void connect(const Way& way, int to, bool fallback = false)
    {
        m_graph.edges.push_back({way.from, to, fallback, way.label, way.share});
    }

    void addRoute(const gateway::RouteConfig& route, const Way& way)
    {
        const QString strategy = strategyText(route.strategy).name;
        RouteNode node{Kind::Route, strategy,
                       Text::tr("%Ln target(s)", nullptr, static_cast<int>(route.targets.size()))};
        const bool isDraft = route.id == m_draft.id;
        if (!isDraft) {
            node.title = QString::fromStdString(route.id.text);
            node.detail = Text::tr("Route · %1").arg(strategy);
        }
        node.depth = way.depth + (isDraft ? 0 : 1);
        node.parent = way.from;
        node.target = way.target;
        const int place = add(std::move(node));
        m_routes[route.id.text] = place;
        connect(way, place);
        std::vector<std::optional<std::uint64_t>> counts = targetRequests(m_config, route, m_state.use);
        const int depth = m_graph.nodes[static_cast<std::size_t>(place)].depth;
        for (std::size_t i = 0; i < route.targets.size(); ++i) {
            const gateway::TargetConfig& target = route.targets[i];
            Way next{place, depth, isDraft ? static_cast<int>(i) : way.target,
                     conditionLabel(target.whenJson)};
            if (m_state.use.requests > 0 && counts[i])
                next.share = static_cast<double>(*counts[i]) / static_cast<double>(m_state.use.requests);
            addTarget(target, next);
        }
    }

    void addTarget(const gateway::TargetConfig& target, const Way& way)
    {
        if (m_graph.nodes.size() >= kMostNodes) {
            m_graph.cut = true;
            return;
        }
        const auto drawn = m_routes.find(target.route.text);
        if (!target.route.empty() && drawn != m_routes.end()) {
            connect(way, drawn->second);
            return;
        }
        if (const auto* inner = m_config.findRoute(target.route.text); inner && !target.route.empty()) {
            addRoute(*inner, way);
            return;
        }
        RouteNode node{Kind::Target, QString::fromStdString(target.model),
                       QString::fromStdString(target.provider.text)};
        if (target.model.empty()) node.title = targetText(target);
        node.standing = targetStanding(m_config, m_state, target.provider.text, target.model);
        node.depth = way.depth + 1;
        node.parent = way.from;
        node.target = way.target;
        connect(way, add(std::move(node)));
    }

    void addFallbacks()
    {
        std::map<std::string, int> goals;
        for (const auto& [kind, goal] : m_draft.fallbacks) {
            const QString label = failureKindText(kind);
            Way way{1, 0, -1, label};
            const auto drawn = m_routes.find(goal);
            const auto before = goals.find(goal);
            if (before != goals.end()) {
                m_graph.edges[static_cast<std::size_t>(before->second)].label += QStringLiteral(", ") + label;
                continue;
            }
            if (m_graph.nodes.size() >= kMostNodes) {
                m_graph.cut = true;
                return;
            }
            goals[goal] = static_cast<int>(m_graph.edges.size());
            connect(way, drawn != m_routes.end() ? drawn->second : addGoal(goal, kind), true);
        }
    }

    int addGoal(const std::string& goal, const std::string& kind)
    {
        const std::size_t slash = goal.find('/');
        const bool isRoute = m_config.findRoute(goal) != nullptr || slash == std::string::npos;
        RouteNode node{Kind::Goal, QString::fromStdString(isRoute ? goal : goal.substr(slash + 1)),
                       isRoute ? Text::tr("Route") : QString::fromStdString(goal.substr(0, slash))};
        if (!isRoute)
            node.standing = targetStanding(m_config, m_state, goal.substr(0, slash), goal.substr(slash + 1));
        node.depth = 1;
        node.parent = 1;
        node.fallback = kind;
        return add(std::move(node));
    }

    void describe(int place)
    {
        RouteNode& node = m_graph.nodes[static_cast<std::size_t>(place)];
        QStringList parts{node.description.isEmpty() ? node.title + QStringLiteral(", ") + node.detail
                                                     : node.description,
                          node.standing.text};
        for (const RouteEdge& edge : m_graph.edges) {
            if (edge.to != place) continue;
            if (edge.fallback)
                parts.append(Text::tr("after a failure: %1").arg(edge.label));
            else if (!edge.label.isEmpty())
                parts.append(Text::tr("when %1").arg(edge.label));
            if (edge.share >= 0 && node.kind != Kind::Client)
                parts.append(Text::tr("%1 of the last 24 h").arg(shareText(edge.share)));
        }
        parts.removeAll(QString());
        node.description = parts.join(QStringLiteral(", "));
    }

    const gateway::Config& m_config;
    const gateway::RouteConfig& m_draft;
    const RouteState& m_state;
    RouteGraph m_graph;
    std::map<std::string, int> m_routes; // drawn ones, by name
};

} // namespace

RouteGraph routeGraph(const gateway::Config& config, const gateway::RouteConfig& draft,
                      const RouteState& state)
{
    return Builder(config, draft, state).build();
}

} // namespace ui
