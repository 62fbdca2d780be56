// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_text.h"

#include <algorithm>
#include <set>
#include <utility>

#include <QCoreApplication>

#include "gateway/config_io.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteText)
};

std::vector<StrategyText> knownStrategies()
{
    return {{"priority", Text::tr("In order"), Text::tr("The first of the list; the next when it fails.")},
            {"conditional", Text::tr("By condition"),
             Text::tr("The first target whose condition holds; one without a condition always does.")},
            {"weighted", Text::tr("Weighted split"),
             Text::tr("Drawn by weight. A weight of 0: only when nothing else is left.")},
            {"lowest_cost", Text::tr("Cheapest"),
             Text::tr("The one that costs least for this request, by its size and the known prices.")},
            {"lowest_latency", Text::tr("Fastest lately"),
             Text::tr("The one whose answer is expected first, by what was measured lately.")},
            {"highest_throughput", Text::tr("Quickest writer"),
             Text::tr("The one with the shortest time for a token lately; good for long answers.")},
            {"least_busy", Text::tr("Least busy"),
             Text::tr("The one with the fewest requests under way for its weight.")},
            {"round_robin", Text::tr("In turn"), Text::tr("Each target in turn.")},
            {"lowest_usage", Text::tr("Least used"),
             Text::tr("The one that has used the least of its limits in this minute.")},
            {"sticky", Text::tr("Always the same"),
             Text::tr("The same target for a session, or for what is named below.")},
            {"semantic", Text::tr("By meaning"),
             Text::tr("The target whose examples the request is most like, told on this machine; else the "
                      "default, the first without examples and description. Takes some two milliseconds.")},
            {"adaptive", Text::tr("Learns by trying"),
             Text::tr("What goes well, is fast and costs little is tried more often.")}};
}

/// The targets at the ends of the route; a circle is walked once.
void collectHealth(const gateway::Config& config, const gateway::RouteConfig& route, const RouteState& state,
                   std::set<std::string>& seen, RouteHealth& health)
{
    if (!seen.insert(route.id.text).second) return;
    for (const gateway::TargetConfig& target : route.targets) {
        if (const gateway::RouteConfig* next = config.findRoute(target.route.text))
            collectHealth(config, *next, state, seen, health);
        if (target.provider.empty()) continue;
        switch (targetStanding(config, state, target.provider.text, target.model).mark) {
        case TargetMark::Ready:
        case TargetMark::Partly:
            ++health.ready;
            break;
        case TargetMark::Aside:
        case TargetMark::Trying:
        case TargetMark::Down:
            ++health.aside;
            break;
        case TargetMark::Undecided:
        case TargetMark::Unknown:
            ++health.unknown;
            break;
        }
    }
}

} // namespace

StrategyText strategyText(const std::string& id)
{
    for (const StrategyText& each : knownStrategies()) {
        if (each.id == id) return each;
    }
    return {id, QString::fromStdString(id), {}};
}

std::vector<StrategyText> strategyTexts()
{
    const std::vector<std::string> there = gateway::strategyNames();
    std::vector<StrategyText> texts = knownStrategies();
    std::erase_if(texts, [&](const StrategyText& text) {
        return std::find(there.begin(), there.end(), text.id) == there.end();
    });
    for (const std::string& id : there) {
        const bool listed =
            std::any_of(texts.begin(), texts.end(), [&](const StrategyText& text) { return text.id == id; });
        if (!listed) texts.push_back(strategyText(id));
    }
    return texts;
}

bool usesWeights(const std::string& strategy)
{
    return strategy == "weighted" || strategy == "least_busy";
}

bool usesLimits(const std::string& strategy)
{
    return strategy == "lowest_usage";
}

bool usesMeaning(const std::string& strategy)
{
    return strategy == "semantic";
}

QString meaningReasonText(const std::string& why)
{
    const std::pair<const char*, QString> known[] = {
        {"no target is like enough", Text::tr("no target is like enough")},
        {"two targets are about as like", Text::tr("two targets are about as like")},
        {"no target is described", Text::tr("no target has examples or a description")},
        {"nothing is said in the request", Text::tr("nothing is said in the request")},
        {"nothing of the request can be compared", Text::tr("nothing of the request can be compared")},
        {"this program was built without an embedder",
         Text::tr("this program was built without what tells the meaning of texts")}};
    for (const auto& [id, text] : known) {
        if (why == id) return text;
    }
    return QString::fromStdString(why);
}

QString failureKindText(const std::string& kind)
{
    const std::pair<const char*, QString> known[] = {{"context_length", Text::tr("Too long")},
                                                     {"content_refused", Text::tr("Refused")},
                                                     {"rate_limit", Text::tr("Rate limit")},
                                                     {"overloaded", Text::tr("Overloaded")},
                                                     {"timeout", Text::tr("Too slow")},
                                                     {"network", Text::tr("Not reached")},
                                                     {"auth", Text::tr("No key")},
                                                     {"server_error", Text::tr("Another failure")}};
    for (const auto& [id, name] : known) {
        if (kind == id) return name;
    }
    return QString::fromStdString(kind);
}

QString targetText(const gateway::TargetConfig& target)
{
    if (!target.route.empty()) return Text::tr("route %1").arg(QString::fromStdString(target.route.text));
    if (target.provider.empty() && target.model.empty()) return Text::tr("not chosen yet");
    return QString::fromStdString(target.provider.text + "/" + target.model);
}

QString routeSummary(const gateway::RouteConfig& route)
{
    return strategyText(route.strategy).name + QStringLiteral(" · ") +
           Text::tr("%Ln target(s)", nullptr, static_cast<int>(route.targets.size()));
}

RouteHealth routeHealth(const gateway::Config& config, const gateway::RouteConfig& route,
                        const RouteState& state)
{
    std::set<std::string> seen;
    RouteHealth health;
    collectHealth(config, route, state, seen, health);
    return health;
}

TargetMark routeMark(const RouteHealth& health)
{
    if (health.aside > 0) return health.ready + health.unknown > 0 ? TargetMark::Partly : TargetMark::Down;
    return health.ready > 0 ? TargetMark::Ready : TargetMark::Unknown;
}

QString routeHealthText(const RouteHealth& health)
{
    switch (routeMark(health)) {
    case TargetMark::Partly:
        return Text::tr("%1 of %2 targets set aside")
            .arg(health.aside)
            .arg(health.aside + health.ready + health.unknown);
    case TargetMark::Down:
        return Text::tr("All targets set aside");
    case TargetMark::Ready:
        return Text::tr("Ready");
    default:
        return Text::tr("Not tried yet");
    }
}

} // namespace ui
