// SPDX-License-Identifier: GPL-3.0-or-later
#include "ask.h"
#include "shallow_json.h"

namespace fake {

/// Whose turn one message, content or item is.
enum class Turn : uint8_t { Undecided, Model, ToolResult, Other };

static Turn turnOf(std::string_view message)
{
    std::string role = stringValue(memberOf(message, "role"));
    std::string type = stringValue(memberOf(message, "type"));
    if (role == "tool" || type.ends_with("call_output")) return Turn::ToolResult;
    if (role == "assistant" || role == "model" || type.ends_with("_call")) return Turn::Model;
    bool result = false;
    eachElement(memberOf(message, "content"), [&](std::string_view part) {
        result = result || memberOf(part, "type") == "\"tool_result\"";
        return !result;
    });
    eachElement(memberOf(message, "parts"), [&](std::string_view part) {
        result = result || !memberOf(part, "functionResponse").empty();
        return !result;
    });
    return result ? Turn::ToolResult : Turn::Other;
}

static bool isAfterToolResult(std::string_view turns)
{
    bool after = false;
    eachElement(turns, [&](std::string_view message) {
        Turn turn = turnOf(message);
        if (turn == Turn::Model) after = false;
        if (turn == Turn::ToolResult) after = true;
        return true;
    });
    return after;
}

static void readTool(Ask& ask, std::string_view tool)
{
    std::string_view name = memberOf(tool, "name");
    if (name.empty()) name = memberOf(memberOf(tool, "function"), "name");
    if (!name.empty() && ask.tools.size() < 2) ask.tools.push_back(stringValue(name));
    for (const char* list : {"functionDeclarations", "function_declarations"}) {
        eachElement(memberOf(tool, list), [&](std::string_view each) {
            if (ask.tools.size() < 2) ask.tools.push_back(stringValue(memberOf(each, "name")));
            return ask.tools.size() < 2;
        });
    }
}

static uint64_t countInputs(std::string_view input)
{
    uint64_t count = 0;
    bool numbers = false;
    eachElement(input, [&](std::string_view each) {
        ++count;
        numbers = numbers || (!each.starts_with('"') && !each.starts_with('[') && !each.starts_with('{'));
        return true;
    });
    return count == 0 || numbers ? 1 : count;
}

/// How each dialect says whether tools may or must be called.
static void readToolChoice(Ask& ask, std::string_view value, bool& allowed)
{
    std::string choice = stringValue(value);
    if (choice.empty()) choice = stringValue(memberOf(value, "type"));
    if (choice.empty()) choice = stringValue(memberOf(memberOf(value, "functionCallingConfig"), "mode"));
    if (choice == "none" || choice == "NONE") allowed = false;
    for (const char* forcing : {"required", "REQUIRED", "any", "ANY", "tool", "function"})
        ask.forcedTool = ask.forcedTool || choice == forcing;
}

void readBody(Ask& ask, std::string_view body)
{
    std::string_view tools;
    std::string_view turns;
    bool toolsAllowed = true;
    eachMember(body, [&](std::string_view key, std::string_view value) {
        if (key == "model") {
            if (ask.model.empty()) ask.model = stringValue(value);
        } else if (key == "stream") {
            ask.stream = value == "true";
        } else if (key == "stream_options") {
            ask.includeUsage = memberOf(value, "include_usage") == "true";
        } else if (key == "input" || key == "texts" || key == "inputs" || key == "requests") {
            ask.inputs = countInputs(value);
            if (ask.dialect == Dialect::Responses) turns = value;
        } else if (key == "encoding_format") {
            ask.base64 = value == "\"base64\"";
        } else if (key == "tools") {
            tools = value;
        } else if (key == "messages" || key == "contents") {
            turns = value;
        } else if (key == "tool_choice" || key == "toolConfig") {
            readToolChoice(ask, value, toolsAllowed);
        }
        return true;
    });
    if (!toolsAllowed) return;
    eachElement(tools, [&](std::string_view tool) {
        readTool(ask, tool);
        return ask.tools.size() < 2;
    });
    if (!ask.tools.empty()) ask.afterToolResult = isAfterToolResult(turns);
}

std::string formField(std::string_view body, std::string_view name)
{
    const std::string begin = "name=\"" + std::string(name) + "\"\r\n";
    size_t at = body.find(begin);
    if (at == body.npos) return {};
    at = body.find("\r\n\r\n", at + begin.size() - 2);
    if (at == body.npos) return {};
    return std::string(body.substr(at + 4, body.find("\r\n", at + 4) - at - 4));
}

} // namespace fake
