// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "models/route_edit.h"

namespace ui {

/// A route that is not in the configuration yet, with the aliases that lead to it.
struct NewRoute {
    gateway::RouteConfig route;
    Aliases aliases;
};

/// A way to begin a route: what it is good for, and its first draft.
struct RouteTemplate {
    QString id;   // also the name that the route gets, where it is free
    QString name; // what people call it
    QString sentence;
};

/// The gallery, in the order to offer it.
[[nodiscard]] const std::vector<RouteTemplate>& routeTemplates();

/// The template's route under the name `id`. Its targets are models of the configured providers as far as
/// `models` knows them; where there are not enough providers a target is left to be chosen. An unknown
/// template gives one such target.
[[nodiscard]] NewRoute fromTemplate(const QString& templateId, const gateway::RouteId& id,
                                    const gateway::Config& config, const gateway::ModelTable& models);

} // namespace ui
