// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <exception>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "import/file_value.h"

#include <yaml-cpp/yaml.h>

namespace gateway::imports {

namespace {

bool isOneOf(std::string_view word, const std::array<std::string_view, 3>& words)
{
    return std::any_of(words.begin(), words.end(),
                       [word](std::string_view each) { return equalsIgnoreCase(word, each); });
}

/// The words of YAML 1.1, which the programs that write these files read.
void readPlain(const std::string& text, FileValue& into)
{
    JsonDocument document;
    into.kind = FileValue::Kind::Text;
    into.scalar = text;
    if (text == "~" || equalsIgnoreCase(text, "null") || text.empty()) {
        into.kind = FileValue::Kind::Null;
    } else if (isOneOf(text, {"true", "yes", "on"})) {
        into.kind = FileValue::Kind::Bool;
        into.scalar = "true";
    } else if (isOneOf(text, {"false", "no", "off"})) {
        into.kind = FileValue::Kind::Bool;
        into.scalar = "false";
    } else if (text.size() < 40 && !scanJson(text, document) && document.root == JsonKind::Number) {
        into.kind = FileValue::Kind::Number;
        into.scalar = trimmed(text);
    }
}

/// Copies what the library read. Aliases are written out on the way, so what is copied has a limit in number
/// and in depth; a list that holds itself ends there, too.
class Copier {
public:
    FileValue copy(const YAML::Node& node, std::size_t depth)
    {
        FileValue made;
        if (depth > kMaxDepth || ++m_values > kMaxValues) {
            m_tooMuch = true;
            return made;
        }
        made.line = static_cast<std::size_t>(std::max(node.Mark().line, 0)) + 1;
        if (node.IsScalar()) {
            copyScalar(node, made);
        } else if (node.IsSequence()) {
            made.kind = FileValue::Kind::List;
            for (auto each = node.begin(); each != node.end() && !m_tooMuch; ++each)
                made.children.push_back(copy(*each, depth + 1));
        } else if (node.IsMap()) {
            copyMap(node, depth, made);
        }
        return made;
    }

    [[nodiscard]] bool tooMuch() const { return m_tooMuch; }

private:
    void copyScalar(const YAML::Node& node, FileValue& made)
    {
        m_bytes += node.Scalar().size();
        if (m_bytes > kMaxBytes) m_tooMuch = true;
        if (m_tooMuch) return;
        if (node.Tag() == "?" || node.Tag().empty()) return readPlain(node.Scalar(), made);
        made.kind = FileValue::Kind::Text;
        made.scalar = node.Scalar();
    }

    void copyMap(const YAML::Node& node, std::size_t depth, FileValue& made)
    {
        made.kind = FileValue::Kind::Map;
        for (auto each = node.begin(); each != node.end() && !m_tooMuch; ++each) {
            if (!each->first.IsScalar()) continue;
            FileValue child = copy(each->second, depth + 1);
            child.key = each->first.Scalar();
            if (child.key == "<<")
                merge(std::move(child), made);
            else
                put(std::move(child), made, true);
        }
    }

    /// `<<: *base` fills in what the map does not say itself.
    static void merge(FileValue base, FileValue& into)
    {
        if (base.isMap()) {
            for (FileValue& child : base.children)
                put(std::move(child), into, false);
        } else {
            for (FileValue& each : base.children)
                merge(std::move(each), into);
        }
    }

    static void put(FileValue child, FileValue& into, bool over)
    {
        const auto found = std::find_if(into.children.begin(), into.children.end(),
                                        [&child](const FileValue& each) { return each.key == child.key; });
        if (found == into.children.end())
            into.children.push_back(std::move(child));
        else if (over)
            *found = std::move(child);
    }

    static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
    std::size_t m_values = 0, m_bytes = 0;
    bool m_tooMuch = false;
};

/// What the library says of a text may quote it, and with it a key.
Error notYaml(int line)
{
    return clientError(Code::InvalidRequest,
                       "The file is not valid YAML, line " + std::to_string(line + 1) + ".");
}

} // namespace

Result<FileValue> parseYamlFile(std::string_view text)
{
    if (!isUtf8(text)) return clientError(Code::InvalidRequest, "The file is not text in UTF-8.");
    try {
        Copier copier;
        FileValue root = copier.copy(YAML::Load(std::string(text)), 0);
        if (copier.tooMuch())
            return clientError(Code::InvalidRequest, "The file holds too many values, or too deep ones.");
        namePaths(root);
        return root;
    } catch (const YAML::Exception& problem) {
        return notYaml(problem.mark.line);
    } catch (const std::exception&) {
        return notYaml(0);
    }
}

} // namespace gateway::imports
