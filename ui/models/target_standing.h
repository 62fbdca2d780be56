// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "models/route_traffic.h"

namespace ui {

/// What is known of a route besides the configuration.
struct RouteState {
    std::vector<gateway::ProviderHealth> providers = {};
    std::vector<gateway::TargetHealth> targets = {};
    RouteUse use = {};
    bool operator==(const RouteState&) const = default;
};

/// Aside: its circuit is open. Trying: that is half-open, the next request finds out.
enum class TargetMark : std::uint8_t { Undecided, Ready, Partly, Aside, Trying, Down, Unknown };

/// How a target stands now, and in words what happened and when it is tried again.
struct TargetStanding {
    TargetMark mark = TargetMark::Undecided; // Undecided: it has none, as a route
    QString text = {};
    /// Something that its user has to know without asking.
    [[nodiscard]] bool isNews() const { return mark == TargetMark::Aside || mark == TargetMark::Trying; }
    bool operator==(const TargetStanding&) const = default;
};

/// `model` as a target of a route has it: an alias is understood.
[[nodiscard]] TargetStanding targetStanding(const gateway::Config& config, const RouteState& state,
                                            const std::string& provider, const std::string& model);

} // namespace ui
