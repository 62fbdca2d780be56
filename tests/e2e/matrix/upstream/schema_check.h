// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace matrix {

/// Checks a value against a JSON Schema; the first violation with its path, or nothing. Of the standard it
/// knows type, enum, const, properties, required, additionalProperties, items, minItems, maxItems, minLength,
/// maxLength, minimum, maximum, minProperties, maxProperties, anyOf and $ref to #/$defs; a schema with any
/// other keyword is itself refused, so that none is ignored in silence.
[[nodiscard]] std::string schemaFault(const nlohmann::json& value, const nlohmann::json& schema);

} // namespace matrix
