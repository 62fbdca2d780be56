// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/json_mend.h"

#include <algorithm>
#include <iterator>

#include "base/json_scan.h"
#include "base/strings.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostParts = 100;
constexpr int kDeepestMend = 64;

/// Where the bracket at `open` is closed, outside of strings; npos: nowhere.
std::size_t closingBracket(std::string_view text, std::size_t open)
{
    std::size_t depth = 0;
    bool inString = false;
    for (std::size_t at = open; at < text.size(); ++at) {
        const char c = text[at];
        if (inString) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at;
        }
    }
    return std::string_view::npos;
}

std::string_view withoutFenceName(std::string_view inside)
{
    const auto line = inside.find('\n');
    const std::string_view first = trimmed(inside.substr(0, line));
    const bool isName = line != std::string_view::npos &&
                        std::all_of(first.begin(), first.end(), [](char c) { return isAsciiAlnum(c); });
    if (isName) return trimmed(inside.substr(line + 1));
    return trimmed(inside.starts_with("json") ? inside.substr(4) : inside);
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Reads on whatever stands there, and writes what it takes for its meaning.
class JsonMender {
public:
    explicit JsonMender(std::string_view text) : m_text(text) {}

    std::optional<std::string> mend()
    {
        if (!value(0)) return std::nullopt;
        return std::move(m_out);
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : m_text[m_at]; }

    void skip()
    {
        for (;;) {
            while (!atEnd() && isSpace(peek()))
                ++m_at;
            const std::string_view rest = m_text.substr(m_at);
            if (rest.starts_with("//") || rest.starts_with('#'))
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else if (rest.starts_with("/*"))
                m_at = rest.find("*/") == std::string_view::npos ? m_text.size() : m_at + rest.find("*/") + 2;
            else
                return;
        }
    }

    bool value(int depth)
    {
        skip();
        if (depth > kDeepestMend || atEnd()) return false;
        const char c = peek();
        if (c == '{' || c == '[') return container(c, depth);
        if (c == '"' || c == '\'') return string();
        return word(false);
    }

    bool container(char open, int depth)
    {
        const bool isObject = open == '{';
        const char close = isObject ? '}' : ']';
        ++m_at;
        m_out.push_back(open);
        bool first = true;
        for (;;) {
            skip();
            while (peek() == ',') {
                ++m_at;
                skip();
            }
            if (atEnd()) break; // cut off
            if (peek() == close) {
                ++m_at;
                break;
            }
            const std::size_t before = m_out.size();
            if (!first) m_out.push_back(',');
            if (isObject ? member(depth) : value(depth + 1)) {
                first = false;
                continue;
            }
            m_out.resize(before); // a member whose value is missing
            if (!atEnd()) return false;
            break;
        }
        m_out.push_back(close);
        return true;
    }

    bool member(int depth)
    {
        const char c = peek();
        if (!(c == '"' || c == '\'' ? string() : word(true))) return false;
        skip();
        if (peek() != ':') return false;
        ++m_at;
        m_out.push_back(':');
        return value(depth + 1);
    }

    bool string()
    {
        const char quote = m_text[m_at++];
        m_out.push_back('"');
        for (; !atEnd() && peek() != quote; ++m_at) {
            const char c = peek();
            if (c == '\\') {
                escape();
            } else if (c == '"') {
                m_out.append("\\\"");
            } else if (c == '\n') {
                m_out.append("\\n");
            } else if (c == '\r' || c == '\t') {
                m_out.append(c == '\r' ? "\\r" : "\\t");
            } else if (!isControlByte(c)) {
                m_out.push_back(c);
            }
        }
        if (!atEnd()) ++m_at;
        m_out.push_back('"');
        return true;
    }

    /// Stands at the backslash; leaves at its last byte.
    void escape()
    {
        if (m_at + 1 >= m_text.size()) return;
        const char c = m_text[++m_at];
        if (std::string_view("\"\\/bfnrtu").find(c) != std::string_view::npos)
            m_out.append({'\\', c});
        else if (!isControlByte(c))
            m_out.push_back(c); // \' and the like
    }

    /// A number, a name without quotes or one of the words.
    bool word(bool asName)
    {
        const std::size_t begin = m_at;
        while (!atEnd() && !isSpace(peek()) &&
               std::string_view(",:{}[]\"'").find(peek()) == std::string_view::npos)
            ++m_at;
        const std::string_view text = m_text.substr(begin, m_at - begin);
        if (text.empty()) return false;
        if (asName) {
            m_out.push_back('"');
            std::copy_if(text.begin(), text.end(), std::back_inserter(m_out),
                         [](char c) { return c != '\\' && !isControlByte(c); });
            m_out.push_back('"');
            return true;
        }
        for (const std::string_view known : {"true", "false", "null"}) {
            if (equalsIgnoreCase(text, known)) return m_out.append(known), true;
        }
        if (text == "None" || text == "NaN" || text == "undefined") return m_out.append("null"), true;
        const bool isNumber =
            isAsciiDigit(text.front()) || text.front() == '-' || text.front() == '+' || text.front() == '.';
        if (!isNumber) return false;
        if (text.front() == '.') m_out.push_back('0');
        m_out.append(text.substr(text.front() == '+' ? 1 : 0));
        if (text.back() == '.') m_out.push_back('0');
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_out;
};

} // namespace

std::vector<std::string_view> jsonParts(std::string_view text)
{
    constexpr std::string_view kFenceMark = "```";
    // JSON may have fences in its texts.
    std::vector<std::string_view> parts{trimmed(text)};
    for (std::size_t at = text.find(kFenceMark); at != std::string_view::npos && parts.size() < kMostParts;) {
        const std::size_t begin = text.find_first_not_of('`', at);
        const std::size_t end = begin == std::string_view::npos ? begin : text.find(kFenceMark, begin);
        if (end == std::string_view::npos) break;
        parts.push_back(withoutFenceName(text.substr(begin, end - begin)));
        at = text.find(kFenceMark, std::min(text.size(), text.find_first_not_of('`', end)));
    }
    if (parts.size() > 1) return parts;
    std::size_t budget = 4 * text.size() + 4096; // brackets that are never closed must not make it square
    for (std::size_t at = text.find_first_of("{[");
         at != std::string_view::npos && parts.size() < kMostParts;) {
        const std::size_t end = closingBracket(text, at);
        const std::size_t looked = (end == std::string_view::npos ? text.size() : end) - at;
        if (end != std::string_view::npos) parts.push_back(text.substr(at, end - at + 1));
        if (looked > budget) break;
        budget -= looked;
        at = text.find_first_of("{[", end == std::string_view::npos ? at + 1 : end + 1);
    }
    return parts;
}

std::optional<std::string> mendedJson(std::string_view text)
{
    const bool isBare = trimmed(text).find_first_of("{[") == 0;
    const auto fence = isBare ? std::string_view::npos : text.find("```");
    if (fence != std::string_view::npos) {
        const auto end = text.find("```", fence + 3);
        text = text.substr(fence + 3, end == std::string_view::npos ? end : end - fence - 3);
    }
    const auto open = text.find_first_of("{[");
    if (open == std::string_view::npos) return std::nullopt;
    auto mended = JsonMender(text.substr(open)).mend();
    JsonDocument document;
    if (!mended || scanJson(*mended, document)) return std::nullopt;
    return mended;
}

} // namespace gateway::guardrail
