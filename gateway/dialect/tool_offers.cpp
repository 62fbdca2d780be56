// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/tool_offers.h"

#include "base/json_cursor.h"
#include "base/json_text.h"

namespace gateway::dialect {

namespace {

std::string offeredName(std::string_view tool, std::string_view key)
{
    return decodeJsonString(memberValue(tool, key)).value_or(std::string());
}

void addOffers(std::string_view list, std::vector<std::string>& into)
{
    forEachElement(list, [&into](std::string_view tool, JsonKind) {
        for (std::string& name : toolNamesIn(tool))
            into.push_back(std::move(name));
    });
}

} // namespace

std::vector<std::string> toolNamesIn(std::string_view tool)
{
    std::vector<std::string> names;
    // Gemini's groups, and Responses' namespaces.
    for (const std::string_view group : {"functionDeclarations", "function_declarations", "tools"})
        addOffers(memberValue(tool, group), names);
    if (!names.empty()) return names;
    std::string name = offeredName(memberValue(tool, "function"), "name"); // OpenAI's, Ollama's, Cohere's
    if (name.empty()) name = offeredName(memberValue(tool, "custom"), "name");
    if (name.empty()) name = offeredName(tool, "name");
    if (name.empty()) name = offeredName(tool, "server_label"); // MCP servers that OpenAI asks
    if (name.empty()) name = offeredName(tool, "type");
    if (name.empty()) // Gemini's own: {"googleSearch": {}}
        forEachMember(tool, [&name](const JsonMember& member) {
            if (name.empty()) name = unescapeJson(member.key).value_or(std::string());
        });
    if (!name.empty()) names.push_back(std::move(name));
    return names;
}

std::vector<std::string> offeredTools(std::string_view body)
{
    std::vector<std::string> names;
    addOffers(memberValue(body, "tools"), names);
    addOffers(memberValue(body, "functions"), names); // OpenAI's first form
    return names;
}

} // namespace gateway::dialect
