// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QObject>
#include <QTimer>

#include "models/gateway_link.h"

namespace ui {

/// What came by a route in the last day.
struct RouteUse {
    std::uint64_t requests = 0;
    std::map<std::string, std::uint64_t> byTarget; // "provider/model"
    bool operator==(const RouteUse&) const = default;
};

/// How many of these requests each target of `route` took, through other routes too. Nothing where it cannot
/// be told: two of the targets lead to the same model.
[[nodiscard]] std::vector<std::optional<std::uint64_t>>
targetRequests(const gateway::Config& config, const gateway::RouteConfig& route, const RouteUse& use);

/// Reads the use of one route when another is chosen and when new rows were logged: at most every five
/// seconds, and never while it is not active. GUI thread.
class RouteTraffic : public QObject {
    Q_OBJECT

public:
    explicit RouteTraffic(GatewayLink& link, QObject* parent = nullptr);
    void setRoute(const gateway::RouteId& route);
    /// While somebody looks.
    void setActive(bool active);
    void read();
    [[nodiscard]] const RouteUse& use() const { return m_use; }

signals:
    void changed();

private:
    void readLater();
    void take(const std::vector<gateway::UsageRow>& rows);

    GatewayLink& m_link;
    gateway::RouteId m_route;
    RouteUse m_use;
    QTimer m_timer;
    std::int64_t m_seenId = -1; // of the last row when it was read; -1: not read yet
    int m_reads = 0;
    bool m_active = false;
};

} // namespace ui
