// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/tool_schema.h"

#include "dialect/json_object.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {

std::string toolSchema(const Tool& tool)
{
    if (tool.custom)
        return R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})";
    if (tool.parametersJson.empty()) return R"({"type":"object","properties":{}})";
    if (JsonObject(tool.parametersJson).has("type")) return tool.parametersJson;
    return withMember(tool.parametersJson, "type", "\"object\"");
}

std::string toolDescription(const Tool& tool)
{
    const std::string grammar =
        tool.custom ? JsonObject(tool.formatJson).object("grammar").text("definition") : std::string();
    if (grammar.empty()) return tool.description;
    return tool.description + "\n\nThe input has to follow this grammar:\n" + grammar;
}

} // namespace gateway::dialect
