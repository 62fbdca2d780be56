// SPDX-License-Identifier: GPL-3.0-or-later
#include "ask.h"

#include "shallow_json.h"
#include "text.h"

namespace fake {

uint64_t Ask::number(size_t index, uint64_t otherwise) const
{
    if (index >= arguments.size()) return otherwise;
    return parseNumber(arguments[index]).value_or(otherwise);
}

static void readScenario(Ask& ask, std::string_view text)
{
    ask.arguments = splitAt(text, ':');
    ask.scenario = ask.arguments.front();
    ask.arguments.erase(ask.arguments.begin());
}

static void readPath(Ask& ask, const HttpRequest& request)
{
    static constexpr std::string_view kPrefix = "/scenario/";
    std::string_view path = request.target.substr(0, request.target.find('?'));
    if (path.starts_with(kPrefix)) {
        path.remove_prefix(kPrefix.size());
        size_t end = path.find('/');
        readScenario(ask, path.substr(0, end));
        path = end == path.npos ? std::string_view("/") : path.substr(end);
    }
    if (path.starts_with("/v1/")) path.remove_prefix(3);
    bool post = request.method == "POST";
    if (post && path == "/chat/completions") {
        ask.path = Path::Completion;
    } else if (post && path == "/embeddings") {
        ask.path = Path::Embeddings;
    } else if (post && (path == "/messages" || path == "/messages/count_tokens")) {
        ask.path = path == "/messages" ? Path::Completion : Path::CountTokens;
        ask.dialect = Dialect::Anthropic;
    } else if (request.method == "GET" && path == "/models") {
        ask.path = Path::Models;
        if (!request.header("anthropic-version").empty()) ask.dialect = Dialect::Anthropic;
    }
}

static bool isToolResult(std::string_view message)
{
    if (memberOf(message, "role") == "\"tool\"") return true;
    bool found = false;
    eachElement(memberOf(message, "content"), [&](std::string_view part) {
        found = found || memberOf(part, "type") == "\"tool_result\"";
        return !found;
    });
    return found;
}

static void readTools(Ask& ask, std::string_view tools, std::string_view messages)
{
    eachElement(tools, [&](std::string_view tool) {
        std::string_view name = memberOf(tool, "name");
        if (name.empty()) name = memberOf(memberOf(tool, "function"), "name");
        ask.tools.push_back(stringValue(name));
        return ask.tools.size() < 2;
    });
    if (!ask.tools.empty()) ask.afterToolResult = isToolResult(lastElement(messages));
}

static uint64_t countInputs(std::string_view input)
{
    uint64_t count = 0;
    bool numbers = false;
    eachElement(input, [&](std::string_view each) {
        ++count;
        numbers = numbers || (!each.starts_with('"') && !each.starts_with('['));
        return true;
    });
    return count == 0 || numbers ? 1 : count;
}

static void readBody(Ask& ask, std::string_view body)
{
    std::string_view tools;
    std::string_view messages;
    bool toolsAllowed = true;
    eachMember(body, [&](std::string_view key, std::string_view value) {
        if (key == "model") {
            ask.model = stringValue(value);
        } else if (key == "stream") {
            ask.stream = value == "true";
        } else if (key == "stream_options") {
            ask.includeUsage = memberOf(value, "include_usage") == "true";
        } else if (key == "input") {
            ask.inputs = countInputs(value);
        } else if (key == "encoding_format") {
            ask.base64 = value == "\"base64\"";
        } else if (key == "tools") {
            tools = value;
        } else if (key == "messages") {
            messages = value;
        } else if (key == "tool_choice") {
            toolsAllowed = value != "\"none\"" && memberOf(value, "type") != "\"none\"";
        }
        return true;
    });
    if (toolsAllowed) readTools(ask, tools, messages);
}

Ask readAsk(const HttpRequest& request)
{
    Ask ask;
    readPath(ask, request);
    if (!request.body.empty()) readBody(ask, request.body);
    if (ask.model.starts_with("mock:")) readScenario(ask, std::string_view(ask.model).substr(5));
    return ask;
}

} // namespace fake
