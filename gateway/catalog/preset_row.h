// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "catalog/presets.h"

namespace gateway::catalog {

/// Reads one row of providers.json. Gives the name of the field that is missing or cannot be right, which
/// lives as long as the row; empty where all is well. A field or quirk that is not known is as wrong as one
/// of the wrong kind.
std::string_view readPresetRow(std::string_view row, Preset& preset);

} // namespace gateway::catalog
