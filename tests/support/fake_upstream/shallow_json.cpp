// SPDX-License-Identifier: GPL-3.0-or-later
#include "shallow_json.h"

#include "text.h"

namespace fake {
namespace detail {

size_t skipSpace(std::string_view text, size_t at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
        ++at;
    return at;
}

/// `at` stands on the opening quote.
static size_t skipString(std::string_view text, size_t at)
{
    size_t from = at + 1;
    while (true) {
        size_t quote = text.find('"', from);
        if (quote == text.npos) return text.npos;
        size_t slashes = 0;
        while (quote - slashes > at + 1 && text[quote - slashes - 1] == '\\')
            ++slashes;
        if (slashes % 2 == 0) return quote + 1;
        from = quote + 1;
    }
}

size_t skipValue(std::string_view text, size_t at)
{
    if (at >= text.size()) return text.npos;
    if (text[at] == '"') return skipString(text, at);
    if (text[at] != '{' && text[at] != '[') {
        size_t end = text.find_first_of(",]} \r\n\t", at);
        return end == text.npos ? text.size() : end;
    }
    size_t depth = 0;
    while (at < text.size()) {
        char c = text[at];
        if (c == '"') {
            at = skipString(text, at);
            if (at == text.npos) return text.npos;
            continue;
        }
        if (c == '{' || c == '[') ++depth;
        ++at;
        if ((c == '}' || c == ']') && --depth == 0) return at;
    }
    return text.npos;
}

} // namespace detail

std::string_view memberOf(std::string_view object, std::string_view key)
{
    std::string_view found;
    eachMember(object, [&](std::string_view name, std::string_view value) {
        if (name != key) return true;
        found = value;
        return false;
    });
    return found;
}

std::string_view firstElement(std::string_view array)
{
    std::string_view found;
    eachElement(array, [&](std::string_view value) {
        found = value;
        return false;
    });
    return found;
}

std::string_view lastElement(std::string_view array)
{
    std::string_view found;
    eachElement(array, [&](std::string_view value) {
        found = value;
        return true;
    });
    return found;
}

static char unescaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return c;
    }
}

std::string stringValue(std::string_view raw)
{
    if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return {};
    raw = raw.substr(1, raw.size() - 2);
    std::string out;
    out.reserve(raw.size());
    for (size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 >= raw.size()) {
            out += raw[i];
            continue;
        }
        char kind = raw[++i];
        if (kind != 'u') {
            out += unescaped(kind);
            continue;
        }
        std::string_view digits = raw.substr(i + 1, 4);
        bool ascii = digits.size() == 4 && digits.starts_with("00") && digits[2] >= '0' && digits[2] <= '7';
        out += ascii ? static_cast<char>(std::stoi(std::string(digits), nullptr, 16)) : '?';
        i += digits.size();
    }
    return out;
}

} // namespace fake
