// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "exchange/canonical.h"

/// A tool as those APIs take it that know functions with an object of arguments only: a custom tool becomes a
/// function with the one argument `input`.
namespace gateway::dialect {

/// A JSON Schema with a type, whatever the client left out.
[[nodiscard]] std::string toolSchema(const Tool& tool);
/// With the grammar of a custom tool's input in words.
[[nodiscard]] std::string toolDescription(const Tool& tool);

} // namespace gateway::dialect
