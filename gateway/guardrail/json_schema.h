// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "gateway/result.h"

#include "base/pattern.h"

namespace gateway::guardrail {

/// A JSON Schema (draft 2020-12) that values are held against: types, enum and const, numbers' and lengths'
/// limits, patterns (in RE2's syntax), properties and items in all their forms, contains, dependentRequired,
/// allOf, anyOf, oneOf, not, if/then/else, and $ref within the schema. Annotations and `format` say nothing.
/// Immutable; any thread.
class JsonSchema {
public:
    /// Error: what it cannot say, such as a $ref that leads nowhere.
    [[nodiscard]] static Result<JsonSchema> parse(nlohmann::json schema);
    /// Where and why a value does not fit, such as "/a/0: is no number"; nothing where it does. Never quotes
    /// a value. One that would take too much work does not fit.
    [[nodiscard]] std::optional<std::string> fault(const nlohmann::json& value) const;

private:
    friend class SchemaWalk;
    nlohmann::json m_schema;
    std::map<std::string, Pattern> m_patterns; // by their text
};

} // namespace gateway::guardrail
