// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/personal_text.h"

#include <string>

namespace gateway::pipeline {

namespace {

guardrail::EntitySet found(std::string_view text)
{
    guardrail::EntitySet kinds = 0;
    for (const guardrail::Finding& each : guardrail::findPersonalData(text, ~guardrail::EntitySet{0}))
        kinds |= guardrail::bitOf(each.entity);
    return kinds;
}

/// JSON as it reads when its escapes stand for white space or themselves: no letter of an escape sticks to a
/// number that it stands before.
std::string readable(std::string_view json)
{
    std::string text;
    text.reserve(json.size());
    for (std::size_t at = 0; at < json.size(); ++at) {
        if (json[at] != '\\' || at + 1 >= json.size()) {
            text.push_back(json[at]);
            continue;
        }
        const char escaped = json[++at];
        const bool isMark = escaped == '"' || escaped == '\\' || escaped == '/';
        if (escaped == 'u' && json.substr(at + 1, 3) == "004" && at + 4 < json.size() &&
            json[at + 4] == '0') {
            text.push_back('@');
            at += 4;
        } else {
            text.push_back(isMark ? escaped : ' ');
            if (escaped == 'u') at += 4;
        }
    }
    return text;
}

guardrail::EntitySet found(const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) return found(text->text);
    if (const auto* call = std::get_if<ToolCallPart>(&part)) return found(readable(call->argumentsJson));
    guardrail::EntitySet kinds = 0;
    if (const auto* result = std::get_if<ToolResultPart>(&part)) {
        for (const auto& piece : result->content) {
            if (const auto* text = std::get_if<TextPart>(&piece)) kinds |= found(text->text);
        }
    }
    return kinds;
}

} // namespace

guardrail::EntitySet personalIn(const Request* conversation, std::string_view body)
{
    if (!conversation) return found(readable(body));
    guardrail::EntitySet kinds = 0;
    for (const Message& message : conversation->messages) {
        for (const Part& part : message.parts)
            kinds |= found(part);
    }
    return kinds;
}

} // namespace gateway::pipeline
