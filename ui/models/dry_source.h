// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QDateTime>
#include <QString>
#include <QStringList>

#include "gateway/config.h"
#include "gateway/snapshot.h"

/// Requests to try a route with, and what can be simulated of it.
namespace ui {

/// A request that comes with the program.
struct DrySample {
    QString name;
    QString body;
};
/// That ask for `model`. The first one is the simplest.
[[nodiscard]] std::vector<DrySample> drySamples(const QString& model);

/// The body of a request that was made; where the log did not keep it whole, one made from what it did: the
/// model, whether it was streamed, and a text of about so many tokens.
struct DryBody {
    std::string bytes;
    bool isStandIn = false;
};
[[nodiscard]] DryBody bodyOf(const gateway::LogRow& row);
/// "12:04:31 · smart · 1,204 tokens"
[[nodiscard]] QString loggedText(const gateway::LogRow& row, const QDateTime& now);

/// "provider/model" of all targets that the route may lead to, by the routes in it too, each once.
[[nodiscard]] QStringList reachableTargets(const gateway::Config& config, const gateway::RouteId& route);

/// A name that none of the route's tests has.
[[nodiscard]] std::string freeTestName(const gateway::RouteConfig& route, const std::string& wanted);

} // namespace ui
