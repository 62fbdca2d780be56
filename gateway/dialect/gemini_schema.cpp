// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_schema.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <vector>

#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/gemini_fields.h"

namespace gateway::dialect::gemini {
namespace {

/// Keywords whose members are schemas by name.
bool holdsNamedSchemas(std::string_view key)
{
    return key == "properties" || key == "$defs" || key == "definitions" || key == "patternProperties" ||
           key == "dependentSchemas";
}

/// Keywords whose value, or whose elements, are schemas.
bool holdsSchemas(std::string_view key)
{
    constexpr std::array<std::string_view, 11> kKeys{
        "items",    "prefixItems",         "anyOf", "oneOf", "allOf", "not", "if", "then", "else",
        "contains", "additionalProperties"};
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

/// Walks a schema and writes another; what happens to a keyword is up to the two kinds of walk.
class SchemaWalk {
public:
    SchemaWalk() = default;
    SchemaWalk(const SchemaWalk&) = delete;
    SchemaWalk& operator=(const SchemaWalk&) = delete;
    virtual ~SchemaWalk() = default;

    std::string written(std::string_view schema)
    {
        std::string out;
        JsonWriter json(out);
        write(json, schema);
        return out;
    }

protected:
    /// True when the keyword is dealt with.
    virtual bool keyword(JsonWriter& json, std::string_view key, const JsonMember& member,
                         const Fields& schema) = 0;
    virtual std::string_view properName(std::string_view key) const { return key; }
    virtual void finish(JsonWriter&, const Fields&) {}

    void write(JsonWriter& json, std::string_view schema);

private:
    void writeValue(JsonWriter& json, std::string_view key, const JsonMember& member);
};

void SchemaWalk::writeValue(JsonWriter& json, std::string_view key, const JsonMember& member)
{
    json.key(key);
    if (holdsNamedSchemas(key) && member.kind == JsonKind::Object) {
        json.beginObject();
        forEachMember(member.value, [&](const JsonMember& named) {
            json.key(unescapeJson(named.key).value_or(std::string()));
            write(json, named.value);
        });
        json.endObject();
    } else if (holdsSchemas(key) && member.kind == JsonKind::Array) {
        json.beginArray();
        forEachElement(member.value, [&](std::string_view element, JsonKind) { write(json, element); });
        json.endArray();
    } else if (holdsSchemas(key)) {
        write(json, member.value);
    } else {
        json.raw(compactJson(member.value));
    }
}

void SchemaWalk::write(JsonWriter& json, std::string_view schema)
{
    if (jsonKindOf(schema) != JsonKind::Object) {
        json.raw(compactJson(schema));
        return;
    }
    const Fields fields(schema);
    json.beginObject();
    forEachMember(schema, [&](const JsonMember& member) {
        const std::string name = unescapeJson(member.key).value_or(std::string());
        const std::string_view key = properName(name);
        const bool mayBeNull = key == "default" || key == "const";
        if (member.kind == JsonKind::Null && !mayBeNull) return;
        // Written in both spellings, it counts once.
        if (key != name && fields.find(key)->value.data() != member.value.data()) return;
        if (!keyword(json, key, member, fields)) writeValue(json, key, member);
    });
    finish(json, fields);
    json.endObject();
}

std::string typeName(std::string_view value)
{
    return lowered(textOf(value));
}

/// From Google's form. With `closed` an object takes no members beside those it names.
class StandardWalk final : public SchemaWalk {
public:
    explicit StandardWalk(bool closed) : m_closed(closed) {}
    [[nodiscard]] bool strict() const { return m_strict; }

private:
    bool keyword(JsonWriter& json, std::string_view key, const JsonMember& member,
                 const Fields& schema) override;
    std::string_view properName(std::string_view key) const override;
    void finish(JsonWriter& json, const Fields& schema) override;
    void writeType(JsonWriter& json, const JsonMember& member, const Fields& schema);
    [[nodiscard]] static bool isNullable(const Fields& schema)
    {
        return schema.boolean("nullable").value_or(false);
    }

    bool m_closed;
    bool m_strict = true;
};

std::string_view StandardWalk::properName(std::string_view key) const
{
    constexpr std::array<std::string_view, 8> kNames{"anyOf",         "minItems",        "maxItems",
                                                     "minLength",     "maxLength",       "minProperties",
                                                     "maxProperties", "propertyOrdering"};
    if (key.find('_') == std::string_view::npos) return key;
    const auto* name = std::find_if(kNames.begin(), kNames.end(),
                                    [key](std::string_view one) { return snakeName(one) == key; });
    return name == kNames.end() ? key : *name;
}

void StandardWalk::writeType(JsonWriter& json, const JsonMember& member, const Fields& schema)
{
    std::vector<std::string> types;
    if (member.kind == JsonKind::String) types.push_back(typeName(member.value));
    forEachElement(member.value,
                   [&types](std::string_view one, JsonKind) { types.push_back(typeName(one)); });
    std::erase(types, "type_unspecified");
    std::erase(types, std::string());
    if (types.empty()) return;
    const bool named = std::find(types.begin(), types.end(), "null") != types.end();
    if (!named && isNullable(schema)) types.emplace_back("null");
    json.key("type");
    if (types.size() == 1) {
        json.string(types.front());
        return;
    }
    json.beginArray();
    for (const std::string& type : types)
        json.string(type);
    json.endArray();
}

bool StandardWalk::keyword(JsonWriter& json, std::string_view key, const JsonMember& member,
                           const Fields& schema)
{
    // Each looks into the schema for its own word only: it may have a million members.
    if (key == "nullable" || key == "propertyOrdering" || key == "example") return true;
    if (key == "format" && textOf(member.value) == "enum") return true;
    if (key == "type") {
        writeType(json, member, schema);
        return true;
    }
    if (key.starts_with("min") || key.starts_with("max")) {
        const auto count = member.kind == JsonKind::String ? jsonInteger(textOf(member.value)) : std::nullopt;
        if (count) json.key(key).integer(*count);
        return count.has_value();
    }
    if ((key == "enum" || key == "anyOf") && member.kind == JsonKind::Array && isNullable(schema)) {
        json.key(key).beginArray();
        forEachElement(member.value, [&](std::string_view one, JsonKind) {
            key == "enum" ? static_cast<void>(json.raw(compactJson(one))) : write(json, one);
        });
        key == "enum" ? json.null() : json.raw("{\"type\":\"null\"}");
        json.endArray();
        return true;
    }
    return false;
}

void StandardWalk::finish(JsonWriter& json, const Fields& schema)
{
    const bool named = schema.kind("properties") == JsonKind::Object;
    // One that names no members may have any; no strict mode knows such.
    if (!named && typeName(schema.raw("type")) == "object") m_strict = false;
    if (!m_closed || !named) return;
    std::unordered_set<std::string> required;
    forEachElement(schema.array("required"),
                   [&required](std::string_view name, JsonKind) { required.insert(textOf(name)); });
    bool all = true;
    forEachMember(schema.raw("properties"), [&](const JsonMember& property) {
        all = all && required.count(unescapeJson(property.key).value_or(std::string())) != 0;
    });
    m_strict = m_strict && all && !schema.has("additionalProperties");
    if (!schema.has("additionalProperties")) json.key("additionalProperties").boolean(false);
}

/// Towards Google. Its schemas for answers and parameters name the keywords that they take; of the rest some
/// are refused, and none means anything to the model.
class AcceptedWalk final : public SchemaWalk {
    bool keyword(JsonWriter& json, std::string_view key, const JsonMember& member,
                 const Fields& schema) override
    {
        if (key == "$schema" || key == "$comment" || key == "strict" || key == "unevaluatedProperties")
            return true;
        // A map's values have a schema, and that one matters; true and false only say what is so anyway.
        if (key == "additionalProperties") return member.kind != JsonKind::Object;
        if (key == "const" && !schema.has("enum")) {
            json.key("enum").beginArray().raw(compactJson(member.value)).endArray();
            return true;
        }
        return false;
    }
};

} // namespace

std::string standardSchema(std::string_view schema)
{
    return StandardWalk(false).written(schema);
}

AnswerSchema answerSchema(std::string_view schema)
{
    StandardWalk walk(true);
    AnswerSchema made;
    made.schema = walk.written(schema);
    made.strict = walk.strict() && typeName(Fields(schema).raw("type")) == "object";
    return made;
}

std::string acceptedSchema(std::string_view schema)
{
    return AcceptedWalk().written(schema);
}

} // namespace gateway::dialect::gemini
