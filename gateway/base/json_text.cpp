// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_text.h"

#include <charconv>
#include <cmath>

#include "base/byte_search.h"
#include "base/utf8.h"

namespace gateway {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void appendUnit(std::string& out, uint32_t unit)
{
    constexpr char kHex[] = "0123456789abcdef";
    const char text[] = {'\\',
                         'u',
                         kHex[(unit >> 12) & 15U],
                         kHex[(unit >> 8) & 15U],
                         kHex[(unit >> 4) & 15U],
                         kHex[unit & 15U]};
    out.append(text, sizeof text);
}

void appendEscapedPoint(std::string& out, char32_t point)
{
    if (point < 0x10000) {
        appendUnit(out, point);
        return;
    }
    appendUnit(out, 0xD800U + ((point - 0x10000U) >> 10));
    appendUnit(out, 0xDC00U + ((point - 0x10000U) & 0x3FFU));
}

void appendEscapedAscii(std::string& out, char byte)
{
    switch (byte) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        appendUnit(out, static_cast<unsigned char>(byte));
    }
}

/// Reads four hex digits; -1 when they are not there.
int32_t hexUnit(const char* at, const char* end)
{
    if (end - at < 4) return -1;
    uint32_t unit = 0;
    const auto [stop, error] = std::from_chars(at, at + 4, unit, 16);
    return error == std::errc() && stop == at + 4 ? static_cast<int32_t>(unit) : -1;
}

bool isHighSurrogate(int32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool isLowSurrogate(int32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// `at` is behind "\u"; null when the escape is broken.
const char* takeUnicodeEscape(const char* at, const char* end, std::string& out)
{
    const int32_t unit = hexUnit(at, end);
    if (unit < 0 || isLowSurrogate(unit)) return nullptr;
    at += 4;
    if (!isHighSurrogate(unit)) {
        appendUtf8(out, static_cast<char32_t>(unit));
        return at;
    }
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return nullptr;
    const int32_t low = hexUnit(at + 2, end);
    if (!isLowSurrogate(low)) return nullptr;
    appendUtf8(out,
               0x10000U + (static_cast<char32_t>(unit - 0xD800) << 10) + static_cast<char32_t>(low - 0xDC00));
    return at + 6;
}

/// `at` is on the backslash; null when the escape is broken.
const char* takeEscape(const char* at, const char* end, std::string& out)
{
    if (end - at < 2) return nullptr;
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (at[1] == 'u') return takeUnicodeEscape(at + 2, end, out);
    const size_t which = kLetters.find(at[1]);
    if (which == std::string_view::npos) return nullptr;
    out += kMeanings[which];
    return at + 2;
}

} // namespace

void appendJsonString(std::string& out, std::string_view utf8)
{
    const char* at = utf8.data();
    const char* const end = at + utf8.size();
    out += '"';
    for (;;) {
        const char* const stop = findStringStop(at, end);
        out.append(at, static_cast<size_t>(stop - at));
        if (stop == end) break;
        at = stop;
        if (static_cast<signed char>(*at) >= 0) {
            appendEscapedAscii(out, *at++);
            continue;
        }
        const size_t length = utf8Sequence(at, end);
        appendEscapedPoint(out, length == 0 ? kReplacement : decodeUtf8(at, length));
        at += length == 0 ? 1 : length;
    }
    out += '"';
}

std::optional<std::string> unescapeJson(std::string_view inside)
{
    const char* at = inside.data();
    const char* const end = at + inside.size();
    std::string text;
    text.reserve(inside.size());
    for (;;) {
        const char* const stop = findStringStop(at, end);
        text.append(at, static_cast<size_t>(stop - at));
        if (stop == end) return text;
        at = stop;
        if (*at == '\\') {
            at = takeEscape(at, end, text);
            if (at == nullptr) return std::nullopt;
            continue;
        }
        const size_t length = static_cast<signed char>(*at) < 0 ? utf8Sequence(at, end) : 0;
        if (length == 0) return std::nullopt;
        text.append(at, length);
        at += length;
    }
}

std::string jsonQuoted(std::string_view utf8)
{
    std::string json;
    appendJsonString(json, utf8);
    return json;
}

std::optional<std::string> decodeJsonString(std::string_view quoted)
{
    if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return std::nullopt;
    return unescapeJson(quoted.substr(1, quoted.size() - 2));
}

void JsonWriter::beginValue()
{
    if (m_afterValue) {
        m_out += ',';
    }
    m_afterValue = true;
}

JsonWriter& JsonWriter::open(char bracket)
{
    beginValue();
    m_out += bracket;
    m_afterValue = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket)
{
    m_out += bracket;
    m_afterValue = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name)
{
    string(name);
    m_out += ':';
    m_afterValue = false;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view utf8)
{
    beginValue();
    appendJsonString(m_out, utf8);
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json)
{
    beginValue();
    m_out += json;
    return *this;
}

JsonWriter& JsonWriter::integer(int64_t value)
{
    char text[24];
    const auto written = std::to_chars(text, text + sizeof text, value);
    return raw({text, static_cast<size_t>(written.ptr - text)});
}

JsonWriter& JsonWriter::number(double value)
{
    if (!std::isfinite(value)) return null();
    char text[32];
    const auto written = std::to_chars(text, text + sizeof text, value);
    return raw({text, static_cast<size_t>(written.ptr - text)});
}

} // namespace gateway
