// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/schema_check.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace matrix {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 21> kKeywords{
    "$defs",     "$ref",     "$schema", "$comment", "type",       "enum",          "const",
    "items",     "minItems", "anyOf",   "maxItems", "required",   "minLength",     "additionalProperties",
    "maxLength", "minimum",  "maximum", "title",    "properties", "minProperties", "maxProperties"};

bool hasType(const json& value, std::string_view type)
{
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
}

/// What was found first that is wrong, and how deep in the value: of several alternatives the one that was
/// followed deepest is the one that was meant.
struct Fault {
    std::string text;
    std::size_t depth = 0;
    [[nodiscard]] bool none() const { return text.empty(); }
};

class Checker {
public:
    explicit Checker(const json& root) : m_root(root) {}
    Fault check(const json& value, const json& schema, const std::string& path, std::size_t depth) const;

private:
    Fault checkType(const json& value, const json& schema, const std::string& path, std::size_t depth) const;
    static Fault checkBounds(const json& value, const json& schema, const std::string& path,
                             std::size_t depth);
    Fault checkObject(const json& value, const json& schema, const std::string& path,
                      std::size_t depth) const;
    Fault checkArray(const json& value, const json& schema, const std::string& path, std::size_t depth) const;
    Fault checkAny(const json& value, const json& schema, const std::string& path, std::size_t depth) const;

    const json& m_root;
};

std::string brief(const json& value)
{
    std::string text = value.dump();
    return text.size() <= 80 ? text : text.substr(0, 80) + "…";
}

Fault Checker::checkType(const json& value, const json& schema, const std::string& path,
                         std::size_t depth) const
{
    if (const auto type = schema.find("type"); type != schema.end()) {
        const json wanted = type->is_array() ? *type : json::array({*type});
        const bool any = std::any_of(wanted.begin(), wanted.end(), [&value](const json& one) {
            return hasType(value, one.get<std::string>());
        });
        if (!any) return {path + " has to be " + type->dump() + ", is " + brief(value), depth};
    }
    if (const auto only = schema.find("const"); only != schema.end() && *only != value)
        return {path + " has to be " + only->dump() + ", is " + brief(value), depth};
    const auto list = schema.find("enum");
    if (list != schema.end() && std::find(list->begin(), list->end(), value) == list->end())
        return {path + " has to be one of " + list->dump() + ", is " + brief(value), depth};
    return {};
}

Fault Checker::checkBounds(const json& value, const json& schema, const std::string& path, std::size_t depth)
{
    const auto limit = [&](const char* least, const char* most, double size) -> Fault {
        if (schema.contains(least) && size < schema[least].get<double>())
            return {path + " is below its " + least, depth};
        if (schema.contains(most) && size > schema[most].get<double>())
            return {path + " is above its " + most, depth};
        return {};
    };
    if (value.is_number()) return limit("minimum", "maximum", value.get<double>());
    if (value.is_string())
        return limit("minLength", "maxLength",
                     static_cast<double>(value.get_ref<const std::string&>().size()));
    if (value.is_array()) return limit("minItems", "maxItems", static_cast<double>(value.size()));
    if (value.is_object()) return limit("minProperties", "maxProperties", static_cast<double>(value.size()));
    return {};
}

Fault Checker::checkObject(const json& value, const json& schema, const std::string& path,
                           std::size_t depth) const
{
    for (const json& key : schema.value("required", json::array())) {
        if (!value.contains(key.get<std::string>()))
            return {path + "." + key.get<std::string>() + " is missing", depth};
    }
    const json known = schema.value("properties", json::object());
    const json others = schema.value("additionalProperties", json(true));
    for (const auto& [key, member] : value.items()) {
        const bool named = known.contains(key);
        if (!named && others == json(false)) return {path + "." + key + " is no member here", depth};
        if (!named && !others.is_object()) continue;
        Fault fault = check(member, named ? known[key] : others, path + "." + key, depth + 1);
        if (!fault.none()) return fault;
    }
    return {};
}

Fault Checker::checkArray(const json& value, const json& schema, const std::string& path,
                          std::size_t depth) const
{
    const auto items = schema.find("items");
    if (items == schema.end()) return {};
    for (std::size_t i = 0; i < value.size(); ++i) {
        Fault fault = check(value[i], *items, path + "[" + std::to_string(i) + "]", depth + 1);
        if (!fault.none()) return fault;
    }
    return {};
}

Fault Checker::checkAny(const json& value, const json& schema, const std::string& path,
                        std::size_t depth) const
{
    Fault deepest;
    for (const json& one : schema["anyOf"]) {
        Fault fault = check(value, one, path, depth);
        if (fault.none()) return {};
        if (deepest.none() || fault.depth > deepest.depth) deepest = std::move(fault);
    }
    return deepest;
}

Fault Checker::check(const json& value, const json& schema, const std::string& path, std::size_t depth) const
{
    for (const auto& [key, unused] : schema.items()) {
        if (std::find(kKeywords.begin(), kKeywords.end(), key) == kKeywords.end())
            return {"the schema's keyword " + key + " is not known", 1000};
    }
    if (const auto link = schema.find("$ref"); link != schema.end()) {
        const std::string name = link->get<std::string>().substr(std::string_view("#/$defs/").size());
        return check(value, m_root.at("$defs").at(name), path, depth);
    }
    Fault fault = checkType(value, schema, path, depth);
    if (fault.none()) fault = checkBounds(value, schema, path, depth);
    if (fault.none() && value.is_object()) fault = checkObject(value, schema, path, depth);
    if (fault.none() && value.is_array()) fault = checkArray(value, schema, path, depth);
    if (fault.none() && schema.contains("anyOf")) fault = checkAny(value, schema, path, depth);
    return fault;
}

} // namespace

std::string schemaFault(const json& value, const json& schema)
{
    return Checker(schema).check(value, schema, "$", 0).text;
}

} // namespace matrix
