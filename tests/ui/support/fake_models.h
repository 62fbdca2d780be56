// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gateway/config.h"
#include "gateway/snapshot.h"

/// Made-up models for the made-up gateway: of every mode, with and without prices, free, hidden, deprecated.
namespace ui {

[[nodiscard]] gateway::ModelTable madeUpModels();
/// `table` with what the providers' own entries of `config` say, and without providers that are not in it.
[[nodiscard]] gateway::ModelTable withOwnEntries(gateway::ModelTable table, const gateway::Config& config);
/// A newer list with every kind of change.
[[nodiscard]] gateway::CatalogUpdate madeUpUpdate();
/// Adds three thousand models, the first of them with the longest names.
void addManyModels(gateway::ModelTable& table, const std::string& provider, const std::string& model);

/// An ordered one with a nested one, and one with a condition.
[[nodiscard]] std::vector<gateway::RouteConfig> madeUpRoutes();
/// A version of each route that differs from the newest of its name, as the engine keeps them; the oldest
/// first.
void addVersions(std::vector<gateway::RouteVersion>& versions, const gateway::Config& config,
                 const char* source);

} // namespace ui
