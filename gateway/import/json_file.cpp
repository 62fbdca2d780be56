// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "import/file_value.h"

namespace gateway::imports {

namespace {

/// The same text with blanks where it has comments, a byte order mark, or a comma before a bracket; lines and
/// offsets stay.
std::string withoutExtras(std::string_view text)
{
    std::string out(text);
    if (out.starts_with("\xEF\xBB\xBF")) out.replace(0, 3, "   ");
    const auto blank = [&out](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            if (out[i] != '\n') out[i] = ' ';
        }
    };
    std::size_t comma = std::string::npos;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::string_view rest = std::string_view(out).substr(i);
        if (rest.starts_with("//") || rest.starts_with("/*")) {
            const bool line = rest[1] == '/';
            const std::size_t end = out.find(line ? "\n" : "*/", i + 2);
            const std::size_t stop = end == std::string::npos ? out.size() : end + (line ? 0 : 2);
            blank(i, stop);
            i = stop - 1;
        } else if (out[i] == '"') {
            for (++i; i < out.size() && out[i] != '"'; ++i) {
                if (out[i] == '\\') ++i;
            }
            comma = std::string::npos;
        } else if (out[i] == ',') {
            comma = i;
        } else if ((out[i] == ']' || out[i] == '}') && comma != std::string::npos) {
            out[comma] = ' ';
            comma = std::string::npos;
        } else if (trimmed(rest.substr(0, 1)).size() == 1) {
            comma = std::string::npos;
        }
    }
    return out;
}

/// Makes the tree of a text that was scanned.
class TreeMaker {
public:
    explicit TreeMaker(std::string_view text) : m_text(text)
    {
        for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
            m_lineEnds.push_back(at);
    }

    FileValue make(std::string_view value, JsonKind kind)
    {
        FileValue made;
        made.line = lineOf(value);
        switch (kind) {
        case JsonKind::Object:
            made.kind = FileValue::Kind::Map;
            forEachMember(value, [&](const JsonMember& member) {
                made.children.push_back(make(member.value, member.kind));
                made.children.back().key = unescapeJson(member.key).value_or(std::string());
                return ++m_values < kMaxValues;
            });
            break;
        case JsonKind::Array:
            made.kind = FileValue::Kind::List;
            forEachElement(value, [&](std::string_view element, JsonKind each) {
                made.children.push_back(make(element, each));
                return ++m_values < kMaxValues;
            });
            break;
        case JsonKind::String:
            made.kind = FileValue::Kind::Text;
            made.scalar = decodeJsonString(value).value_or(std::string());
            break;
        case JsonKind::Number:
            made.kind = FileValue::Kind::Number;
            made.scalar = value;
            break;
        case JsonKind::True:
        case JsonKind::False:
            made.kind = FileValue::Kind::Bool;
            made.scalar = kind == JsonKind::True ? "true" : "false";
            break;
        default:
            break;
        }
        return made;
    }

    [[nodiscard]] bool full() const { return m_values >= kMaxValues; }

private:
    [[nodiscard]] std::size_t lineOf(std::string_view value) const
    {
        const auto offset = static_cast<std::size_t>(value.data() - m_text.data());
        const auto end = std::lower_bound(m_lineEnds.begin(), m_lineEnds.end(), offset);
        return static_cast<std::size_t>(end - m_lineEnds.begin()) + 1;
    }

    std::string_view m_text;
    std::vector<std::size_t> m_lineEnds;
    std::size_t m_values = 0;
};

} // namespace

Result<FileValue> parseJsonFile(std::string_view text)
{
    const std::string plain = withoutExtras(text);
    JsonDocument document;
    if (const auto problem = scanJson(plain, document, kMaxDepth))
        return clientError(Code::InvalidRequest, "The file is not valid JSON, line " +
                                                     std::to_string(problem->line) + ": " + problem->message +
                                                     ".");
    TreeMaker maker(plain);
    FileValue root = maker.make(trimmed(plain), document.root);
    if (maker.full()) return clientError(Code::InvalidRequest, "The file holds too many values.");
    namePaths(root);
    return root;
}

} // namespace gateway::imports
