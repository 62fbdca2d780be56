// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_traffic.h"

#include <set>

#include <QDateTime>

#include "models/when_done.h"

namespace ui {
namespace {

constexpr int kReadMillis = 5000;
constexpr std::int64_t kDayMicros = 86'400'000'000;

using Names = std::set<std::string>;

void collect(const gateway::Config& config, const gateway::TargetConfig& target, Names& routes, Names& names)
{
    if (target.route.empty()) {
        names.insert(target.provider.text + "/" + target.model);
        return;
    }
    const gateway::RouteConfig* next = config.findRoute(target.route.text);
    if (next == nullptr || !routes.insert(next->id.text).second) return;
    for (const gateway::TargetConfig& inner : next->targets) {
        collect(config, inner, routes, names);
    }
}

} // namespace

std::vector<std::optional<std::uint64_t>>
targetRequests(const gateway::Config& config, const gateway::RouteConfig& route, const RouteUse& use)
{
    std::vector<Names> leaves;
    std::map<std::string, int> places; // how many targets lead to a model
    for (const gateway::TargetConfig& target : route.targets) {
        Names routes{route.id.text}, names;
        collect(config, target, routes, names);
        for (const std::string& name : names) {
            ++places[name];
        }
        leaves.push_back(std::move(names));
    }
    std::vector<std::optional<std::uint64_t>> counts;
    for (const Names& names : leaves) {
        std::optional<std::uint64_t> sum = 0;
        for (const std::string& name : names) {
            const auto found = use.byTarget.find(name);
            if (places[name] > 1) sum.reset();
            if (sum && found != use.byTarget.end()) *sum += found->second;
        }
        counts.push_back(sum);
    }
    return counts;
}

RouteTraffic::RouteTraffic(GatewayLink& link, QObject* parent) : QObject(parent), m_link(link)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kReadMillis);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_active) read();
    });
    connect(&link, &GatewayLink::activityChanged, this, &RouteTraffic::readLater);
}

void RouteTraffic::setRoute(const gateway::RouteId& route)
{
    if (route == m_route) return;
    m_route = route;
    m_seenId = -1;
    m_use = {};
    emit changed();
    if (m_active) read();
}

void RouteTraffic::setActive(bool active)
{
    if (active == m_active) return;
    m_active = active;
    if (!active) {
        m_timer.stop();
    } else if (m_seenId != m_link.activity().lastLoggedId) {
        read();
    }
}

void RouteTraffic::readLater()
{
    const bool isNew = m_link.activity().lastLoggedId != m_seenId;
    if (m_active && isNew && !m_timer.isActive()) m_timer.start();
}

void RouteTraffic::read()
{
    if (m_route.empty()) return;
    m_seenId = m_link.activity().lastLoggedId;
    const std::int64_t since = QDateTime::currentMSecsSinceEpoch() * 1000 - kDayMicros;
    whenDone(m_link.usage({since, "target", m_route.text}), this,
             [this, number = ++m_reads](const std::vector<gateway::UsageRow>& rows) {
                 if (number == m_reads) take(rows); // Else another route was chosen meanwhile.
             });
}

void RouteTraffic::take(const std::vector<gateway::UsageRow>& rows)
{
    RouteUse use;
    for (const gateway::UsageRow& row : rows) {
        use.requests += row.requests;
        if (!row.name.empty()) use.byTarget[row.name] = row.requests;
    }
    if (use == m_use) return;
    m_use = std::move(use);
    emit changed();
}

} // namespace ui
