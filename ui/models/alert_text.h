// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>

#include "gateway/snapshot.h"

#include "models/request_table_model.h"
#include "preferences.h"

/// Alerts in words, and where in the window their subject is.
namespace ui {

/// In the order in which they are offered.
[[nodiscard]] const std::vector<gateway::Alert::Kind>& alertKinds();
[[nodiscard]] QString kindText(gateway::Alert::Kind kind);
[[nodiscard]] QString levelText(gateway::Alert::Level level);
/// The colour of the level.
[[nodiscard]] Outcome outcomeOf(gateway::Alert::Level level);
[[nodiscard]] AlertTopic topicOf(gateway::Alert::Kind kind);

/// A page of the window and what to open there.
struct AlertPlace {
    QString page;
    QString what;
    bool operator==(const AlertPlace&) const = default;
};
[[nodiscard]] AlertPlace placeOf(const gateway::Alert& alert, const gateway::Config& config);

} // namespace ui
