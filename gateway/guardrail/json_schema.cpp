// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/json_schema.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "base/utf8.h"

namespace gateway::guardrail {

namespace {

using SchemaJson = nlohmann::json;
using Fault = std::optional<std::string>;

constexpr int kDeepestSchema = 64;
constexpr std::size_t kMostSteps = 200'000;

/// Keywords whose value is a schema, a list of schemas, or an object of schemas.
constexpr std::string_view kOneSchema[] = {
    "additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames"};
constexpr std::string_view kListOfSchemas[] = {"allOf", "anyOf", "oneOf", "prefixItems"};
constexpr std::string_view kNamedSchemas[] = {"properties", "patternProperties", "$defs", "definitions",
                                              "dependentSchemas"};

const SchemaJson* keyword(const SchemaJson& schema, std::string_view name)
{
    const auto found = schema.find(name);
    return found == schema.end() ? nullptr : &*found;
}

bool isOfType(const SchemaJson& value, std::string_view type)
{
    if (type == "integer")
        return value.is_number_integer() ||
               (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    return type == "null" && value.is_null();
}

std::size_t codePoints(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// A part of a schema, by the fragment of a $ref; null: it is not there.
const SchemaJson* referred(const SchemaJson& root, const std::string& ref)
{
    if (ref == "#") return &root;
    if (!ref.starts_with("#/")) return nullptr;
    try {
        const SchemaJson::json_pointer pointer(ref.substr(1));
        return root.contains(pointer) ? &root.at(pointer) : nullptr;
    } catch (const SchemaJson::exception&) {
        return nullptr;
    }
}

} // namespace

/// One value against one schema.
class SchemaWalk {
public:
    explicit SchemaWalk(const JsonSchema& schema) : m_schema(schema) {}

    Fault fault(const SchemaJson& schema, const SchemaJson& value, const std::string& path, int depth)
    {
        if (++m_steps > kMostSteps || depth > kDeepestSchema) return path + ": is too much to be checked";
        if (schema.is_boolean()) return schema.get<bool>() ? Fault() : path + ": must not be there";
        if (const SchemaJson* ref = keyword(schema, "$ref")) {
            const SchemaJson* target = referred(m_schema.m_schema, ref->get<std::string>());
            if (auto found = fault(*target, value, path, depth + 1)) return found;
        }
        if (auto found = plainFault(schema, value, path)) return found;
        if (value.is_object()) {
            if (auto found = objectFault(schema, value, path, depth)) return found;
        } else if (value.is_array()) {
            if (auto found = arrayFault(schema, value, path, depth)) return found;
        }
        return combinedFault(schema, value, path, depth);
    }

private:
    [[nodiscard]] bool fits(const SchemaJson& schema, const SchemaJson& value, int depth)
    {
        return !fault(schema, value, {}, depth + 1);
    }

    static Fault typeFault(const SchemaJson& schema, const SchemaJson& value, const std::string& path)
    {
        const SchemaJson* type = keyword(schema, "type");
        if (!type) return std::nullopt;
        std::string wanted;
        for (const SchemaJson& each : type->is_array() ? *type : SchemaJson::array({*type})) {
            if (isOfType(value, each.get_ref<const std::string&>())) return std::nullopt;
            wanted.append(wanted.empty() ? "" : " or ").append(each.get<std::string>());
        }
        return path + ": is no " + wanted;
    }

    Fault plainFault(const SchemaJson& schema, const SchemaJson& value, const std::string& path)
    {
        if (auto found = typeFault(schema, value, path)) return found;
        if (const SchemaJson* list = keyword(schema, "enum");
            list && std::find(list->begin(), list->end(), value) == list->end())
            return path + ": is none of the allowed values";
        if (const SchemaJson* only = keyword(schema, "const"); only && *only != value)
            return path + ": is not the one allowed value";
        if (value.is_number()) return numberFault(schema, value.get<double>(), path);
        if (value.is_string()) return textFault(schema, value.get_ref<const std::string&>(), path);
        return std::nullopt;
    }

    static Fault numberFault(const SchemaJson& schema, double value, const std::string& path)
    {
        const auto limit = [&schema](std::string_view name, double otherwise) {
            const SchemaJson* found = keyword(schema, name);
            return found ? found->get<double>() : otherwise;
        };
        const bool isLow = value < limit("minimum", value) || value <= limit("exclusiveMinimum", value - 1);
        const bool isHigh = value > limit("maximum", value) || value >= limit("exclusiveMaximum", value + 1);
        if (isLow) return path + ": is too small";
        if (isHigh) return path + ": is too large";
        const double step = limit("multipleOf", 0);
        if (step > 0 && std::abs(std::remainder(value, step)) > 1e-9 * std::max(1.0, std::abs(value)))
            return path + ": is no multiple of the step";
        return std::nullopt;
    }

    Fault textFault(const SchemaJson& schema, const std::string& text, const std::string& path)
    {
        if (auto found = sizeFault(schema, "minLength", "maxLength", codePoints(text), path)) return found;
        const SchemaJson* pattern = keyword(schema, "pattern");
        if (pattern && !m_schema.m_patterns.at(pattern->get<std::string>()).matches(text))
            return path + ": is not of the wanted form";
        return std::nullopt;
    }

    static Fault sizeFault(const SchemaJson& schema, std::string_view least, std::string_view most,
                           std::size_t size, const std::string& path)
    {
        const SchemaJson* low = keyword(schema, least);
        const SchemaJson* high = keyword(schema, most);
        if (low && static_cast<double>(size) < low->get<double>()) return path + ": is too short";
        if (high && static_cast<double>(size) > high->get<double>()) return path + ": is too long";
        return std::nullopt;
    }

    Fault objectFault(const SchemaJson& schema, const SchemaJson& value, const std::string& path, int depth)
    {
        if (auto found = sizeFault(schema, "minProperties", "maxProperties", value.size(), path))
            return found;
        if (const SchemaJson* names = keyword(schema, "required")) {
            for (const SchemaJson& name : *names) {
                if (!value.contains(name.get<std::string>()))
                    return std::string(path)
                        .append("/")
                        .append(name.get<std::string>())
                        .append(": is missing");
            }
        }
        if (auto found = dependentFault(schema, value, path, depth)) return found;
        for (const auto& [name, member] : value.items()) {
            std::string inner = path;
            inner.append("/").append(name);
            if (auto found = memberFault(schema, name, member, inner, depth)) return found;
        }
        return std::nullopt;
    }

    Fault dependentFault(const SchemaJson& schema, const SchemaJson& value, const std::string& path,
                         int depth)
    {
        if (const SchemaJson* dependent = keyword(schema, "dependentRequired")) {
            for (const auto& [name, others] : dependent->items()) {
                if (!value.contains(name)) continue;
                for (const SchemaJson& other : others) {
                    if (!value.contains(other.get<std::string>()))
                        return std::string(path)
                            .append("/")
                            .append(other.get<std::string>())
                            .append(": is missing");
                }
            }
        }
        if (const SchemaJson* dependent = keyword(schema, "dependentSchemas")) {
            for (const auto& [name, other] : dependent->items()) {
                if (!value.contains(name)) continue;
                if (auto found = fault(other, value, path, depth + 1)) return found;
            }
        }
        return std::nullopt;
    }

    Fault memberFault(const SchemaJson& schema, const std::string& name, const SchemaJson& member,
                      const std::string& path, int depth)
    {
        bool isKnown = false;
        if (const SchemaJson* names = keyword(schema, "propertyNames"); names && !fits(*names, name, depth))
            return path + ": has a name that is not allowed";
        if (const SchemaJson* known = keyword(schema, "properties"); known && known->contains(name)) {
            isKnown = true;
            if (auto found = fault(known->at(name), member, path, depth + 1)) return found;
        }
        if (const SchemaJson* patterns = keyword(schema, "patternProperties")) {
            for (const auto& [pattern, other] : patterns->items()) {
                if (!m_schema.m_patterns.at(pattern).matches(name)) continue;
                isKnown = true;
                if (auto found = fault(other, member, path, depth + 1)) return found;
            }
        }
        const SchemaJson* others = keyword(schema, "additionalProperties");
        return isKnown || !others ? Fault() : fault(*others, member, path, depth + 1);
    }

    Fault arrayFault(const SchemaJson& schema, const SchemaJson& value, const std::string& path, int depth)
    {
        if (auto found = sizeFault(schema, "minItems", "maxItems", value.size(), path)) return found;
        if (const SchemaJson* unique = keyword(schema, "uniqueItems"); unique && *unique == true) {
            const std::set<SchemaJson> all(value.begin(), value.end());
            if (all.size() != value.size()) return path + ": has the same item twice";
        }
        const SchemaJson* first = keyword(schema, "prefixItems");
        const SchemaJson* others = keyword(schema, "items");
        for (std::size_t i = 0; i < value.size(); ++i) {
            const SchemaJson* item = first && i < first->size() ? &first->at(i) : others;
            if (!item) continue;
            if (auto found = fault(*item, value.at(i), path + "/" + std::to_string(i), depth + 1))
                return found;
        }
        const SchemaJson* wanted = keyword(schema, "contains");
        if (!wanted) return std::nullopt;
        const auto count = static_cast<std::size_t>(std::count_if(
            value.begin(), value.end(), [&](const SchemaJson& each) { return fits(*wanted, each, depth); }));
        if (auto found = sizeFault(schema, "minContains", "maxContains", count, path)) return found;
        return count == 0 && !keyword(schema, "minContains") ? path + ": lacks a wanted item" : Fault();
    }

    Fault combinedFault(const SchemaJson& schema, const SchemaJson& value, const std::string& path, int depth)
    {
        const auto fitting = [&](const SchemaJson& list) {
            return std::count_if(list.begin(), list.end(),
                                 [&](const SchemaJson& each) { return fits(each, value, depth); });
        };
        if (const SchemaJson* all = keyword(schema, "allOf")) {
            for (const SchemaJson& each : *all) {
                if (auto found = fault(each, value, path, depth + 1)) return found;
            }
        }
        if (const SchemaJson* any = keyword(schema, "anyOf"); any && fitting(*any) == 0)
            return path + ": fits none of the alternatives";
        if (const SchemaJson* one = keyword(schema, "oneOf"); one && fitting(*one) != 1)
            return path + ": does not fit exactly one of the alternatives";
        if (const SchemaJson* none = keyword(schema, "not"); none && fits(*none, value, depth))
            return path + ": is what it must not be";
        if (const SchemaJson* when = keyword(schema, "if")) {
            const SchemaJson* branch = keyword(schema, fits(*when, value, depth) ? "then" : "else");
            if (branch) return fault(*branch, value, path, depth + 1);
        }
        return std::nullopt;
    }

    const JsonSchema& m_schema;
    std::size_t m_steps = 0;
};

namespace {

/// Refuses what a walk could not read, so that it need not look again.
class SchemaReader {
public:
    SchemaReader(const SchemaJson& root, std::map<std::string, Pattern>& patterns)
        : m_root(root), m_patterns(patterns)
    {
    }

    std::optional<std::string> problem(const SchemaJson& schema, int depth)
    {
        if (depth > kDeepestSchema) return "It is nested too deeply.";
        if (schema.is_boolean()) return std::nullopt;
        if (!schema.is_object()) return "A schema in it is neither an object nor true or false.";
        if (auto found = valuesProblem(schema)) return found;
        for (const std::string_view name : kOneSchema) {
            const SchemaJson* inner = keyword(schema, name);
            if (!inner) continue;
            if (auto found = problem(*inner, depth + 1)) return found;
        }
        for (const std::string_view name : kListOfSchemas) {
            const SchemaJson* list = keyword(schema, name);
            if (!list) continue;
            if (!list->is_array()) return "`" + std::string(name) + "` has to be a list of schemas.";
            for (const SchemaJson& each : *list) {
                if (auto found = problem(each, depth + 1)) return found;
            }
        }
        return namedProblem(schema, depth);
    }

private:
    std::optional<std::string> namedProblem(const SchemaJson& schema, int depth)
    {
        for (const std::string_view name : kNamedSchemas) {
            const SchemaJson* object = keyword(schema, name);
            if (!object) continue;
            if (!object->is_object()) return "`" + std::string(name) + "` has to be an object of schemas.";
            for (const auto& [key, each] : object->items()) {
                if (name == "patternProperties") {
                    if (auto found = patternProblem(key)) return found;
                }
                if (auto found = problem(each, depth + 1)) return found;
            }
        }
        return std::nullopt;
    }

    std::optional<std::string> patternProblem(const std::string& text)
    {
        auto pattern = Pattern::parse(text);
        if (!pattern) return "A pattern in it cannot be read: " + pattern.error().message;
        m_patterns.emplace(text, std::move(*pattern));
        return std::nullopt;
    }

    static bool isListOfNames(const SchemaJson& value)
    {
        return value.is_array() && std::all_of(value.begin(), value.end(),
                                               [](const SchemaJson& each) { return each.is_string(); });
    }

    std::optional<std::string> valuesProblem(const SchemaJson& schema)
    {
        const SchemaJson* type = keyword(schema, "type");
        if (type && !type->is_string() && !isListOfNames(*type))
            return "`type` has to be a name or a list of names.";
        const SchemaJson* list = keyword(schema, "enum");
        if (list && !list->is_array()) return "`enum` has to be a list.";
        const SchemaJson* required = keyword(schema, "required");
        if (required && !isListOfNames(*required)) return "`required` has to be a list of names.";
        for (const std::string_view name : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
                                            "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
                                            "minProperties", "maxProperties", "minContains", "maxContains"}) {
            const SchemaJson* number = keyword(schema, name);
            if (number && !number->is_number()) return "`" + std::string(name) + "` has to be a number.";
        }
        if (const SchemaJson* dependent = keyword(schema, "dependentRequired")) {
            const bool fits =
                dependent->is_object() && std::all_of(dependent->begin(), dependent->end(), isListOfNames);
            if (!fits) return "`dependentRequired` has to be an object of lists of names.";
        }
        if (const SchemaJson* pattern = keyword(schema, "pattern")) {
            if (!pattern->is_string()) return "`pattern` has to be a text.";
            if (auto found = patternProblem(pattern->get<std::string>())) return found;
        }
        const SchemaJson* ref = keyword(schema, "$ref");
        if (ref && (!ref->is_string() || !referred(m_root, ref->get<std::string>())))
            return "A `$ref` in it leads nowhere: only \"#\" and \"#/…\" within the schema can be followed.";
        return std::nullopt;
    }

    const SchemaJson& m_root;
    std::map<std::string, Pattern>& m_patterns;
};

} // namespace

Result<JsonSchema> JsonSchema::parse(nlohmann::json schema)
{
    JsonSchema made;
    made.m_schema = std::move(schema);
    if (auto problem = SchemaReader(made.m_schema, made.m_patterns).problem(made.m_schema, 0))
        return clientError(Code::InvalidRequest, "The schema cannot be used. " + *problem, "schema");
    return made;
}

std::optional<std::string> JsonSchema::fault(const nlohmann::json& value) const
{
    return SchemaWalk(*this).fault(m_schema, value, {}, 0);
}

} // namespace gateway::guardrail
