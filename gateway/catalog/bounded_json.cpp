// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/bounded_json.h"

#include <limits>

#include "base/json_scan.h"

namespace gateway::catalog {

namespace {

constexpr std::size_t kMaxTextBytes = 16u << 20;
constexpr std::size_t kMaxDepth = 8;
constexpr std::int64_t kSchema = 1;

const nlohmann::json* field(const nlohmann::json& object, const char* name)
{
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

} // namespace

std::optional<nlohmann::json> parseBounded(std::string_view text)
{
    if (text.size() > kMaxTextBytes) return std::nullopt;
    JsonDocument scanned;
    if (scanJson(text, scanned, kMaxDepth)) return std::nullopt;
    auto root = nlohmann::json::parse(text, nullptr, false);
    if (!root.is_object() || countField(root, "schema") != kSchema) return std::nullopt;
    return root;
}

std::optional<std::string> stringField(const nlohmann::json& object, const char* name)
{
    const auto* value = field(object, name);
    if (!value || !value->is_string()) return std::nullopt;
    return *value->get_ptr<const std::string*>();
}

std::optional<std::int64_t> countField(const nlohmann::json& object, const char* name)
{
    const auto* value = field(object, name);
    if (!value || !value->is_number_unsigned()) return std::nullopt;
    const auto number = *value->get_ptr<const std::uint64_t*>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::optional<bool> boolField(const nlohmann::json& object, const char* name)
{
    const auto* value = field(object, name);
    if (!value || !value->is_boolean()) return std::nullopt;
    return *value->get_ptr<const bool*>();
}

} // namespace gateway::catalog
