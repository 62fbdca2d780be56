// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_tools.h"

#include <algorithm>
#include <unordered_set>

#include "dialect/content_text.h"
#include "dialect/responses_parts.h"

namespace gateway::dialect::responses {
namespace {

void writeIf(JsonWriter& json, const JsonObject& from, std::string_view key)
{
    if (from.kind(key) == JsonKind::String) {
        json.key(key).string(from.text(key));
    }
}

Tool readTool(const JsonObject& tool)
{
    Tool read;
    read.name = tool.text("name");
    read.description = tool.text("description");
    read.custom = tool.text("type") == "custom";
    if (read.custom) {
        read.formatJson = canonicalFormat(tool.object("format"));
        return read;
    }
    if (tool.kind("parameters") == JsonKind::Object) {
        read.parametersJson = compactJson(tool.raw("parameters"));
    }
    read.strict = tool.boolean("strict");
    return read;
}

bool isOwnTool(std::string_view type)
{
    return type == "function" || type == "custom";
}

} // namespace

std::string canonicalFormat(const JsonObject& format)
{
    const std::string type = format.text("type");
    if (type.empty()) return {};
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("type").string(type);
    if (type == "grammar") {
        json.key("grammar").beginObject();
        writeIf(json, format, "definition");
        writeIf(json, format, "syntax");
        json.endObject();
    }
    json.endObject();
    return out;
}

std::string flatFormat(std::string_view canonical)
{
    const JsonObject format(canonical);
    const std::string type = format.text("type");
    if (type.empty()) return {};
    const JsonObject grammar = format.object("grammar");
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("type").string(type);
    writeIf(json, grammar, "definition");
    writeIf(json, grammar, "syntax");
    json.endObject();
    return out;
}

void ToolReader::add(Tool tool)
{
    if (tool.name.empty()) {
        noteDropped(m_request.dropped, "tools");
        return;
    }
    const auto [place, isNew] = m_places.try_emplace(tool.name, m_request.tools.size());
    if (isNew) {
        m_request.tools.push_back(std::move(tool));
    } else {
        m_request.tools[place->second] = std::move(tool);
    }
}

void ToolReader::readNamespace(const JsonObject& group)
{
    const std::string name = group.text("name");
    std::string description = group.text("description");
    forEachElement(group.array("tools"), [&](std::string_view value, JsonKind) {
        const JsonObject tool(value);
        if (!isOwnTool(tool.text("type"))) {
            noteType(m_request.dropped, "tools", tool.text("type"));
            return;
        }
        Tool read = readTool(tool);
        read.nameSpace = name;
        read.nameInSpace = read.name;
        read.name = read.name.empty() ? std::string() : flatToolName(name, read.name);
        // What is said of the whole group stands with its first tool: once is enough for a model.
        if (!description.empty()) {
            read.description += (read.description.empty() ? "" : "\n\n") + std::exchange(description, {});
        }
        add(std::move(read));
    });
}

void ToolReader::readOne(const JsonObject& tool)
{
    const std::string type = tool.text("type");
    if (type == "namespace") {
        readNamespace(tool);
    } else if (isOwnTool(type)) {
        add(readTool(tool));
    } else {
        noteType(m_request.dropped, "tools", type);
    }
}

void ToolReader::read(std::string_view tools)
{
    forEachElement(tools, [this](std::string_view tool, JsonKind) { readOne(JsonObject(tool)); });
}

void ToolReader::keepAllowed(std::string_view allowed)
{
    std::unordered_set<std::string> names;
    forEachElement(allowed, [&names](std::string_view value, JsonKind) {
        const JsonObject tool(value);
        names.insert(flatToolName(tool.text("namespace"), tool.text("name")));
    });
    names.erase(std::string()); // OpenAI's own tools have a type only
    std::erase_if(m_request.tools, [&names](const Tool& tool) {
        return names.count(tool.name) == 0 && names.count(tool.nameSpace) == 0;
    });
}

void ToolReader::readChoice(const JsonObject& root)
{
    ToolChoice& choice = m_request.toolChoice;
    const JsonObject object = root.object("tool_choice");
    std::string word = root.text("tool_choice");
    const std::string type = object.text("type");
    if (isOwnTool(type)) {
        choice.mode = ToolChoice::Mode::Named;
        choice.name = flatToolName(object.text("namespace"), object.text("name"));
        return;
    }
    if (type == "allowed_tools") {
        keepAllowed(object.array("tools"));
        word = object.text("mode");
    } else if (!type.empty()) {
        noteDropped(m_request.dropped, "tool_choice");
    }
    if (word == "auto") {
        choice.mode = ToolChoice::Mode::Auto;
    } else if (word == "none") {
        choice.mode = ToolChoice::Mode::None;
    } else if (word == "required") {
        choice.mode = ToolChoice::Mode::Required;
    }
}

} // namespace gateway::dialect::responses
