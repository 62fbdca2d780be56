// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace gateway::catalog {

/// Parses a data file of ours. Nothing where it is no JSON, longer or deeper than a data file can be, or not
/// an object of schema 1.
std::optional<nlohmann::json> parseBounded(std::string_view text);

/// The field's text; nothing where it is absent or no string.
std::optional<std::string> stringField(const nlohmann::json& object, const char* name);
/// The field's number; nothing where it is absent, no whole number, or negative.
std::optional<std::int64_t> countField(const nlohmann::json& object, const char* name);
/// The field's truth; nothing where it is absent or no truth value.
std::optional<bool> boolField(const nlohmann::json& object, const char* name);

} // namespace gateway::catalog
