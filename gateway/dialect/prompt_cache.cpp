// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "dialect/prompt_edit.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {

namespace {

std::string cacheMark(std::string_view lasts)
{
    return lasts == "1h" ? R"({"type":"ephemeral","ttl":"1h"})" : R"({"type":"ephemeral"})";
}

std::string_view lastElement(std::string_view list)
{
    std::string_view last;
    forEachElement(list, [&last](std::string_view each, JsonKind) { last = each; });
    return last;
}

/// `part` is one of `whole`.
std::string withPart(std::string_view whole, std::string_view part, const std::string& other)
{
    std::string all(whole);
    return all.replace(static_cast<std::size_t>(part.data() - whole.data()), part.size(), other);
}

/// A list whose last element has the mark; a text stands for a list of it alone. Empty: it takes none.
std::string markedList(std::string_view list, const std::string& mark)
{
    if (jsonKindOf(list) == JsonKind::String) {
        if (list.size() <= 2) return {}; // Anthropic refuses a mark on an empty text
        return R"([{"type":"text","text":)" + std::string(list) + R"(,"cache_control":)" + mark + "}]";
    }
    const std::string_view last = lastElement(list);
    const auto type = decodeJsonString(memberValue(last, "type")).value_or(std::string());
    if (jsonKindOf(last) != JsonKind::Object || type == "thinking" || type == "redacted_thinking") return {};
    return withPart(list, last, withMember(last, "cache_control", mark));
}

/// The mark of a part that takes one; null for others.
std::string* markOf(Part& part)
{
    if (auto* text = std::get_if<TextPart>(&part))
        return text->text.empty() ? nullptr : &text->cacheControlJson;
    if (auto* result = std::get_if<ToolResultPart>(&part)) return &result->cacheControlJson;
    return nullptr;
}

std::string* lastMark(Message& message)
{
    return message.parts.empty() ? nullptr : markOf(message.parts.back());
}

bool hasMark(Request& request)
{
    for (const Tool& tool : request.tools) {
        if (!tool.cacheControlJson.empty()) return true;
    }
    for (Message& message : request.messages) {
        for (Part& part : message.parts) {
            const std::string* mark = markOf(part);
            if (mark && !mark->empty()) return true;
        }
    }
    return false;
}

} // namespace

std::string withCacheMarks(std::string_view body, std::string_view lasts)
{
    JsonDocument document;
    if (body.size() < kLeastCached || body.find("cache_control") != std::string_view::npos ||
        scanJson(body, document))
        return std::string(body);
    const std::string mark = cacheMark(lasts);
    SpanEdit edit(body, document.members);
    for (const std::string_view key : {"tools", "system"}) {
        const JsonMember* member = document.find(key);
        if (std::string list = member ? markedList(member->value, mark) : std::string(); !list.empty())
            edit.set(key, std::move(list));
    }
    if (const JsonMember* messages = document.find("messages")) {
        const std::string_view last = lastElement(messages->value);
        if (std::string content = markedList(memberValue(last, "content"), mark); !content.empty())
            edit.set("messages",
                     withPart(messages->value, last, withMember(last, "content", std::move(content))));
    }
    return edit.text();
}

void markForCache(Request& request, std::string_view lasts)
{
    if (hasMark(request)) return;
    const std::string mark = cacheMark(lasts);
    if (!request.tools.empty()) request.tools.back().cacheControlJson = mark;
    std::string* system = nullptr;
    for (Message& message : request.messages) {
        if (message.role == Role::System) system = lastMark(message);
    }
    if (system) *system = mark;
    std::string* last = request.messages.empty() ? nullptr : lastMark(request.messages.back());
    if (last) *last = mark;
}

} // namespace gateway::dialect
