// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/tool_steps.h"

#include <array>
#include <cstddef>
#include <functional>
#include <string>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/json_text.h"

namespace gateway::pipeline {

namespace {

using Steps = std::vector<ToolStep>;
using StepKind = ToolStep::Kind;

std::uint64_t mixed(std::uint64_t seed, std::uint64_t value)
{
    // SplitMix64's last steps.
    std::uint64_t all = seed * 0x9E3779B97F4A7C15U + value;
    all = (all ^ (all >> 30)) * 0xBF58476D1CE4E5B9U;
    all = (all ^ (all >> 27)) * 0x94D049BB133111EBU;
    return all ^ (all >> 31);
}

std::uint64_t textMark(std::string_view text)
{
    return mixed(1, std::hash<std::string_view>()(text));
}

std::string_view inside(std::string_view quoted)
{
    return quoted.size() >= 2 ? quoted.substr(1, quoted.size() - 2) : std::string_view();
}

std::uint64_t stringMark(std::string_view escaped)
{
    if (escaped.find('\\') == std::string_view::npos) return textMark(escaped);
    const auto text = unescapeJson(escaped);
    return textMark(text ? std::string_view(*text) : escaped);
}

/// The arguments of a call: JSON, or JSON within a string as OpenAI writes it, or a custom tool's free text.
std::uint64_t argumentsMark(std::string_view value)
{
    if (jsonKindOf(value) != JsonKind::String) return valueMark(value);
    const auto text = unescapeJson(inside(value));
    JsonDocument document;
    if (!text || scanJson(*text, document)) return stringMark(inside(value));
    return valueMark(*text);
}

void addCall(Steps& steps, std::string_view name, std::string_view arguments)
{
    steps.push_back(
        {StepKind::Call, mixed(stringMark(inside(name)), argumentsMark(arguments)), inside(name)});
}

/// Most of a conversation. A client writes the same text in the same way each time.
std::uint64_t longMark(std::string_view value)
{
    if (jsonKindOf(value) == JsonKind::String) return textMark(value);
    if (jsonKindOf(value) != JsonKind::Array) return valueMark(value);
    std::uint64_t all = 4;
    forEachElement(value, [&all](std::string_view part, JsonKind) {
        std::uint64_t sum = 0;
        forEachMember(part, [&sum](const JsonMember& member) {
            if (member.key != "cache_control") sum += mixed(textMark(member.key), textMark(member.value));
        });
        all = mixed(all, sum);
    });
    return all;
}

void addResult(Steps& steps, std::string_view content)
{
    steps.push_back({StepKind::Result, longMark(content), {}});
}

/// The same for a text and for one block of it: what is kept here comes back in blocks.
std::uint64_t wordsMark(std::string_view content)
{
    if (jsonKindOf(content) != JsonKind::Array) return longMark(content);
    std::uint64_t all = 0;
    forEachElement(content, [&all](std::string_view block, JsonKind) {
        const std::string_view text = memberValue(block, "text");
        const std::uint64_t mark = jsonKindOf(text) == JsonKind::String ? textMark(text) : valueMark(block);
        all = all == 0 ? mark : mixed(all, mark);
    });
    return all;
}

void addUser(Steps& steps, std::string_view content)
{
    steps.push_back({StepKind::User, wordsMark(content), {}});
}

/// One more than may be: whoever reads them sees that there were too many.
bool takesMore(const Steps& steps)
{
    return steps.size() <= kMostToolSteps;
}

bool isText(std::string_view value, std::string_view text)
{
    return inside(value) == text;
}

/// Empty where it is none: clients write `null` for what is not there.
std::string_view objectOrNone(std::string_view value)
{
    return jsonKindOf(value) == JsonKind::Object ? value : std::string_view();
}

/// The values of these members, found in one pass over what may be long; empty where there is none.
template <std::size_t N>
std::array<std::string_view, N> valuesOf(std::string_view object, const std::array<std::string_view, N>& keys)
{
    std::array<std::string_view, N> values;
    forEachMember(object, [&](const JsonMember& member) {
        for (std::size_t i = 0; i < N; ++i) {
            if (isNamed(member, keys[i])) values[i] = member.value;
        }
    });
    return values;
}

constexpr std::array<std::string_view, 4> kMessageKeys{"role", "content", "tool_calls", "function_call"};
constexpr std::array<std::string_view, 4> kBlockKeys{"type", "name", "input", "content"};
constexpr std::array<std::string_view, 8> kItemKeys{"type",   "name",   "arguments", "input",
                                                    "action", "output", "role",      "content"};

/// Of Chat Completions, Ollama and Cohere.
void readChatMessage(std::string_view message, Steps& steps)
{
    const auto [role, content, calls, oldCall] = valuesOf(message, kMessageKeys);
    if (isText(role, "tool") || isText(role, "function")) return addResult(steps, content);
    if (isText(role, "user")) return addUser(steps, content);
    forEachElement(calls, [&](std::string_view call, JsonKind) {
        const std::string_view custom = objectOrNone(memberValue(call, "custom"));
        const std::string_view function = custom.empty() ? memberValue(call, "function") : custom;
        addCall(steps, memberValue(function, "name"),
                memberValue(function, custom.empty() ? "arguments" : "input"));
        return takesMore(steps);
    });
    // As it was before tools.
    if (!objectOrNone(oldCall).empty())
        addCall(steps, memberValue(oldCall, "name"), memberValue(oldCall, "arguments"));
}

void readAnthropicMessage(std::string_view message, Steps& steps)
{
    const auto [role, content, none, neither] = valuesOf(message, kMessageKeys);
    bool hasResult = false;
    forEachElement(content, [&](std::string_view block, JsonKind) {
        const auto [type, name, input, result] = valuesOf(block, kBlockKeys);
        if (isText(type, "tool_use")) addCall(steps, name, input);
        if (isText(type, "tool_result")) {
            hasResult = true;
            addResult(steps, result);
        }
        return takesMore(steps);
    });
    // Agents put words of their own beside results.
    if (!hasResult && isText(role, "user")) addUser(steps, content);
}

bool isSaid(std::string_view value)
{
    return !value.empty() && jsonKindOf(value) != JsonKind::Null;
}

/// A built-in tool's call that keeps what it asks for in a member of its own: all of it but what differs from
/// call to call.
void addItemCall(Steps& steps, std::string_view name, std::string_view item)
{
    std::uint64_t sum = 6;
    forEachMember(item, [&sum](const JsonMember& member) {
        if (isNamed(member, "id") || isNamed(member, "call_id") || isNamed(member, "status")) return;
        sum += mixed(stringMark(member.key), valueMark(member.value));
    });
    steps.push_back({StepKind::Call, mixed(stringMark(inside(name)), mixed(6, sum)), inside(name)});
}

void readResponsesItem(std::string_view item, Steps& steps)
{
    const auto [quoted, name, arguments, input, action, output, role, content] = valuesOf(item, kItemKeys);
    const std::string_view type = inside(quoted);
    if (type.ends_with("_call_output")) return addResult(steps, output);
    if (type.ends_with("_call")) {
        const std::string_view tool = name.empty() ? quoted : name;
        for (const std::string_view asked : {arguments, input, action}) {
            if (isSaid(asked)) return addCall(steps, tool, asked);
        }
        return addItemCall(steps, tool, item);
    }
    if (isText(role, "user")) addUser(steps, content);
}

std::string_view eitherMember(std::string_view object, std::string_view camel, std::string_view snake)
{
    const std::string_view value = objectOrNone(memberValue(object, camel));
    return value.empty() ? objectOrNone(memberValue(object, snake)) : value;
}

void readGeminiContent(std::string_view content, Steps& steps)
{
    const std::string_view parts = memberValue(content, "parts");
    bool hasResult = false;
    forEachElement(parts, [&](std::string_view part, JsonKind) {
        const std::string_view call = eitherMember(part, "functionCall", "function_call");
        if (!call.empty()) addCall(steps, memberValue(call, "name"), memberValue(call, "args"));
        const std::string_view result = eitherMember(part, "functionResponse", "function_response");
        if (!result.empty()) {
            hasResult = true;
            addResult(steps, memberValue(result, "response"));
        }
        return takesMore(steps);
    });
    const bool isModel = isText(memberValue(content, "role"), "model");
    if (!hasResult && !isModel) addUser(steps, parts);
}

} // namespace

std::uint64_t valueMark(std::string_view json)
{
    switch (jsonKindOf(json)) {
    case JsonKind::Object: {
        std::uint64_t sum = 2;
        forEachMember(json, [&sum](const JsonMember& member) {
            if (isNamed(member, "cache_control")) return;
            sum += mixed(stringMark(member.key), valueMark(member.value)); // in whatever order
        });
        return mixed(2, sum);
    }
    case JsonKind::Array: {
        std::uint64_t all = 3;
        forEachElement(json,
                       [&all](std::string_view value, JsonKind) { all = mixed(all, valueMark(value)); });
        return all;
    }
    case JsonKind::String: {
        const std::size_t begin = json.find('"');
        const std::size_t end = json.rfind('"');
        return stringMark(json.substr(begin + 1, end - begin - 1));
    }
    default:
        return mixed(5, textMark(json)); // not what a string of the same letters is
    }
}

std::vector<ToolStep> toolSteps(DialectId dialect, std::string_view body, bool upToUser)
{
    Steps steps;
    const auto read = [&](std::string_view list, void (*one)(std::string_view, Steps&)) {
        forEachElement(memberValue(body, list), [&](std::string_view each, JsonKind) {
            one(each, steps);
            return takesMore(steps) && (!upToUser || steps.empty() || steps.back().kind != StepKind::User);
        });
    };
    switch (dialect) {
    case DialectId::AnthropicMessages:
        read("messages", readAnthropicMessage);
        break;
    case DialectId::OpenAiResponses: {
        const std::string_view input = memberValue(body, "input");
        if (jsonKindOf(input) == JsonKind::String) addUser(steps, input);
        read("input", readResponsesItem);
        break;
    }
    case DialectId::Gemini:
        read("contents", readGeminiContent);
        break;
    default:
        read("messages", readChatMessage);
        break;
    }
    return steps;
}

} // namespace gateway::pipeline
