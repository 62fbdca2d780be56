// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/json_plain.h"

#include <algorithm>

#include "base/strings.h"
#include "base/utf8.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostOpen = 256;

std::uint32_t codeUnit(std::string_view digits)
{
    std::uint32_t code = 0;
    for (const char c : digits)
        code = code * 16 + static_cast<std::uint32_t>(std::max(0, hexValue(c)));
    return code;
}

char plainOf(char escaped)
{
    switch (escaped) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return escaped;
    }
}

} // namespace

void JsonPlain::feed(std::string_view json)
{
    m_raw.append(json);
    while (m_read < m_raw.size())
        take(m_read++);
}

void JsonPlain::finish()
{
    endHalf();
    if (m_escape > 0) put(std::string_view(m_raw).substr(m_read - m_escape), m_read - m_escape);
    m_escape = 0;
}

/// Each byte that was fed belongs to something in text(), or it would be lost where a stream is cut.
void JsonPlain::endHalf()
{
    if (m_high == 0) return;
    m_high = 0;
    std::string replacement;
    appendUtf8(replacement, 0xfffd);
    put(replacement, m_highAt);
}

void JsonPlain::put(std::string_view plain, std::size_t raw)
{
    m_plain.append(plain);
    m_at.resize(m_plain.size(), static_cast<std::uint32_t>(raw));
    m_value.resize(m_plain.size(), m_inString && !m_isName);
}

void JsonPlain::quote()
{
    if (m_inString) {
        m_inString = false;
        m_nameNext = false;
        return;
    }
    m_inString = true;
    m_isName = m_nameNext;
}

void JsonPlain::take(std::size_t raw)
{
    const char c = m_raw[raw];
    if (m_escape > 0) {
        ++m_escape;
        escape(raw);
        return;
    }
    if (m_inString && c == '\\') {
        m_escape = 1;
        return;
    }
    endHalf();
    if (c == '"') {
        if (m_inString) {
            quote();
            put("\"", raw);
            return;
        }
        put("\"", raw);
        quote();
        return;
    }
    put({&c, 1}, raw);
    if (m_inString) return;
    if ((c == '{' || c == '[') && m_open.size() < kMostOpen) m_open.push_back(c == '{');
    if ((c == '}' || c == ']') && !m_open.empty()) m_open.pop_back();
    if (c == '{' || c == ',') m_nameNext = !m_open.empty() && m_open.back();
    if (c == ':' || c == '[') m_nameNext = false;
}

void JsonPlain::escape(std::size_t raw)
{
    const std::size_t begin = raw + 1 - m_escape;
    const char sort = m_raw[begin + 1];
    if (sort != 'u') {
        const char plain = plainOf(sort);
        endHalf();
        put({&plain, 1}, begin);
        m_escape = 0;
        return;
    }
    constexpr std::size_t kUnicodeEscape = 6;
    if (m_escape < kUnicodeEscape) return;
    m_escape = 0;
    const std::uint32_t unit = codeUnit(std::string_view(m_raw).substr(begin + 2, 4));
    if (unit >= 0xd800 && unit < 0xdc00) {
        endHalf();
        m_high = unit;
        m_highAt = begin;
        return;
    }
    std::string text;
    std::size_t at = begin;
    if (unit >= 0xdc00 && unit < 0xe000 && m_high != 0) {
        appendUtf8(text, 0x10000 + ((m_high - 0xd800) << 10) + (unit - 0xdc00));
        at = m_highAt;
        m_high = 0;
    } else {
        endHalf();
        appendUtf8(text, unit);
    }
    put(text, at);
}

std::size_t JsonPlain::rawAt(std::size_t plain) const
{
    if (plain < m_at.size()) return m_at[plain];
    return m_high != 0 ? m_highAt : m_read - m_escape;
}

bool JsonPlain::isValue(std::size_t start, std::size_t end) const
{
    return start < end && end <= m_value.size() &&
           std::all_of(m_value.begin() + static_cast<std::ptrdiff_t>(start),
                       m_value.begin() + static_cast<std::ptrdiff_t>(end), [](bool value) { return value; });
}

void JsonPlain::drop(std::size_t plainBytes)
{
    const std::size_t raw = rawAt(plainBytes);
    m_raw.erase(0, raw);
    m_plain.erase(0, plainBytes);
    m_at.erase(m_at.begin(), m_at.begin() + static_cast<std::ptrdiff_t>(plainBytes));
    for (std::uint32_t& at : m_at)
        at -= static_cast<std::uint32_t>(raw);
    m_value.erase(m_value.begin(), m_value.begin() + static_cast<std::ptrdiff_t>(plainBytes));
    m_read -= raw;
    m_highAt -= std::min(m_highAt, raw);
}

} // namespace gateway::guardrail
