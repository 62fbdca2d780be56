// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "catalog/catalog.h"

namespace gateway::catalog {

/// Reads one row of catalog.json. Gives the name of the field that cannot be right, which lives as long as
/// the row; empty where all is well. A field that is not known is as wrong as one of the wrong kind.
std::string_view readModelRow(std::string_view row, CatalogModel& model);

/// What a model of that mode gives back where its row says nothing else: numbers are no modality.
Modalities usualOutput(ModelMode mode);

/// None of the prices is known to be more than nothing.
bool isFree(const PriceList& prices);

} // namespace gateway::catalog
