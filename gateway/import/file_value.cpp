// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/file_value.h"

#include <cmath>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "config/problem_list.h"

namespace gateway::imports {

namespace {

constexpr std::size_t kMaxKeyBytes = 64; // of a path: every value has one

void writeJson(JsonWriter& writer, const FileValue& value)
{
    switch (value.kind) {
    case FileValue::Kind::Null:
        writer.null();
        break;
    case FileValue::Kind::Bool:
    case FileValue::Kind::Number:
        writer.raw(value.scalar);
        break;
    case FileValue::Kind::Text:
        writer.string(value.scalar);
        break;
    case FileValue::Kind::List:
        writer.beginArray();
        for (const FileValue& child : value.children)
            writeJson(writer, child);
        writer.endArray();
        break;
    case FileValue::Kind::Map:
        writer.beginObject();
        for (const FileValue& child : value.children) {
            writer.key(child.key);
            writeJson(writer, child);
        }
        writer.endObject();
        break;
    }
}

} // namespace

const FileValue* FileValue::find(std::string_view name) const
{
    if (kind != Kind::Map) return nullptr;
    for (const FileValue& child : children) {
        if (child.key == name) return &child;
    }
    return nullptr;
}

std::string_view FileValue::textOf(std::string_view name) const
{
    const FileValue* child = find(name);
    return child && child->kind == Kind::Text ? trimmed(child->scalar) : std::string_view();
}

std::optional<double> FileValue::number() const
{
    if (kind != Kind::Number && kind != Kind::Text) return std::nullopt;
    const std::string_view written = trimmed(scalar);
    if (written.empty() || written.find_first_not_of("0123456789+-.eE") != std::string_view::npos)
        return std::nullopt;
    return jsonNumber(written);
}

std::optional<std::int64_t> FileValue::whole(std::int64_t least, std::int64_t most) const
{
    const auto value = number();
    if (!value || *value != std::floor(*value) || *value < static_cast<double>(least) ||
        *value > static_cast<double>(most))
        return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

void namePaths(FileValue& root)
{
    for (std::size_t i = 0; i < root.children.size(); ++i) {
        FileValue& child = root.children[i];
        child.path = root.kind == FileValue::Kind::Map
                         ? config::memberPath(root.path, shortened(child.key, kMaxKeyBytes))
                         : config::elementPath(root.path, i);
        namePaths(child);
    }
}

std::string toJson(const FileValue& value)
{
    std::string json;
    JsonWriter writer(json);
    writeJson(writer, value);
    return json;
}

} // namespace gateway::imports
