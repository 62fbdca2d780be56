// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "models/target_standing.h"

/// What the window says of routes, in words.
namespace ui {

/// A strategy in words. One that this version does not know is called as it is written.
struct StrategyText {
    std::string id;
    QString name, sentence;
};
[[nodiscard]] StrategyText strategyText(const std::string& id);
/// Those that there are, in the order to offer them.
[[nodiscard]] std::vector<StrategyText> strategyTexts();
/// Whether the strategy reads the targets' weights, or limits.
[[nodiscard]] bool usesWeights(const std::string& strategy);
[[nodiscard]] bool usesLimits(const std::string& strategy);

/// Whether it compares a request with what the targets are described by.
[[nodiscard]] bool usesMeaning(const std::string& strategy);
/// Why a route that goes by meaning sent a request to its default ("no target is like enough").
[[nodiscard]] QString meaningReasonText(const std::string& why);

/// What a kind of failure is called ("Too long"); one that this version does not know, as it is written.
[[nodiscard]] QString failureKindText(const std::string& kind);

/// "openai/gpt-4.1", "route cheap", or that nothing is chosen yet.
[[nodiscard]] QString targetText(const gateway::TargetConfig& target);
/// "In order · 3 targets"
[[nodiscard]] QString routeSummary(const gateway::RouteConfig& route);

/// How the targets stand that a route leads to, through other routes too.
struct RouteHealth {
    int ready = 0, aside = 0, unknown = 0; // aside: by its circuit, or it cannot be called
    bool operator==(const RouteHealth&) const = default;
};
[[nodiscard]] RouteHealth routeHealth(const gateway::Config& config, const gateway::RouteConfig& route,
                                      const RouteState& state);
/// Ready: none is set aside. Partly: some are. Down: all are.
[[nodiscard]] TargetMark routeMark(const RouteHealth& health);
[[nodiscard]] QString routeHealthText(const RouteHealth& health);

} // namespace ui
