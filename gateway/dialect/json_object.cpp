// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/json_object.h"

#include "base/byte_search.h"
#include "base/json_text.h"
#include "base/utf8.h"

namespace gateway::dialect {
namespace {

/// Appends the sequence at `at` as escapes; answers what comes behind it.
const char* appendEscaped(std::string& out, const char* at, const char* end)
{
    const std::size_t length = utf8Sequence(at, end);
    std::string quoted;
    appendJsonString(quoted, std::string_view(at, length == 0 ? 1 : length));
    out.append(quoted, 1, quoted.size() - 2);
    return at + (length == 0 ? 1 : length);
}

/// `at` is behind an opening quote; answers what comes behind the closing one.
const char* appendStringRest(std::string& out, const char* at, const char* end)
{
    while (at != end) {
        const char* const stop = findStringStop(at, end);
        out.append(at, stop);
        at = stop;
        if (at == end) return end;
        if (*at == '\\' && end - at >= 2) {
            out.append(at, 2);
            at += 2;
        } else if (static_cast<signed char>(*at) < 0) {
            at = appendEscaped(out, at, end);
        } else {
            out += *at++;
            if (at[-1] == '"') return at;
        }
    }
    return end;
}

} // namespace

JsonObject::JsonObject(std::string_view text)
{
    if (text.empty()) return;
    m_members.reserve(8); // what most objects have, found without growing
    forEachMember(text, [this](const JsonMember& member) { m_members.push_back(member); });
}

const JsonMember* JsonObject::find(std::string_view key) const
{
    for (const JsonMember& member : m_members) {
        if (isNamed(member, key)) return member.kind == JsonKind::Null ? nullptr : &member;
    }
    return nullptr;
}

JsonKind JsonObject::kind(std::string_view key) const
{
    const JsonMember* member = find(key);
    return member ? member->kind : JsonKind::Undecided;
}

std::string_view JsonObject::raw(std::string_view key) const
{
    const JsonMember* member = find(key);
    return member ? member->value : std::string_view();
}

std::string JsonObject::text(std::string_view key) const
{
    return textOf(raw(key));
}

std::optional<std::int64_t> JsonObject::integer(std::string_view key) const
{
    return jsonInteger(raw(key));
}

std::optional<double> JsonObject::number(std::string_view key) const
{
    return jsonNumber(raw(key));
}

std::optional<bool> JsonObject::boolean(std::string_view key) const
{
    const JsonKind found = kind(key);
    if (found != JsonKind::True && found != JsonKind::False) return std::nullopt;
    return found == JsonKind::True;
}

JsonObject JsonObject::object(std::string_view key) const
{
    return JsonObject(raw(key));
}

std::string_view JsonObject::array(std::string_view key) const
{
    return kind(key) == JsonKind::Array ? raw(key) : std::string_view();
}

std::string textOf(std::string_view value)
{
    if (jsonKindOf(value) != JsonKind::String) return {};
    return decodeJsonString(value).value_or(std::string());
}

std::string compactJson(std::string_view json)
{
    std::string out;
    out.reserve(json.size());
    const char* at = json.data();
    const char* const end = at + json.size();
    while (at != end) {
        const char byte = *at++;
        if (isJsonSpace(byte)) continue;
        out += byte;
        if (byte == '"') {
            at = appendStringRest(out, at, end);
        }
    }
    return out;
}

bool isJsonObject(std::string_view text)
{
    JsonDocument document;
    return !scanJson(text, document) && document.root == JsonKind::Object;
}

std::string argumentsObject(std::string_view text)
{
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "{}";
    if (isJsonObject(text)) return compactJson(text);
    std::string out = "{\"arguments\":";
    appendJsonString(out, text);
    out += '}';
    return out;
}

} // namespace gateway::dialect
