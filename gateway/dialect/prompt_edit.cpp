// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/prompt_edit.h"

#include <algorithm>
#include <array>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {

namespace {

constexpr std::string_view kBetweenTexts = "\n\n";

/// How a dialect writes a conversation.
struct PromptShape {
    DialectId dialect;
    std::string_view messages;  // the member with the list of them
    std::string_view system;    // the member with the system's text; empty: it stands among the messages
    std::string_view partOpens; // what stands around the quoted text of a part
    std::string_view partCloses;
    std::string_view userOpens; // the same around the part of a user's message
    std::string_view userCloses;
};
constexpr std::array kShapes{
    PromptShape{DialectId::OpenAiChat, "messages", "", "", "", R"({"role":"user","content":)", "}"},
    PromptShape{DialectId::Ollama, "messages", "", "", "", R"({"role":"user","content":)", "}"},
    PromptShape{DialectId::Cohere, "messages", "", "", "", R"({"role":"user","content":)", "}"},
    PromptShape{DialectId::AnthropicMessages, "messages", "system", R"({"type":"text","text":)", "}",
                R"({"role":"user","content":[)", "]}"},
    PromptShape{DialectId::OpenAiResponses, "input", "instructions", R"({"type":"input_text","text":)", "}",
                R"({"type":"message","role":"user","content":[)", "]}"},
    PromptShape{DialectId::Gemini, "contents", "systemInstruction", R"({"text":)", "}",
                R"({"role":"user","parts":[)", "]}"},
};

std::string wrapped(std::string_view opens, std::string_view inside, std::string_view closes)
{
    return std::string(opens).append(inside).append(closes);
}

std::string elementsIn(const std::vector<std::string>& elements)
{
    std::string list = "[";
    for (const std::string& each : elements) {
        if (list.size() > 1) list.push_back(',');
        list.append(each);
    }
    return list.append("]");
}

std::vector<std::string> elementsOf(std::string_view list)
{
    std::vector<std::string> elements;
    forEachElement(list, [&elements](std::string_view each, JsonKind) { elements.emplace_back(each); });
    return elements;
}

std::string texts(const std::vector<AddedText>& all, bool system, bool before)
{
    std::string joined;
    for (const AddedText& each : all) {
        if (each.isSystem != system || each.isBefore != before) continue;
        if (!joined.empty()) joined.append(kBetweenTexts);
        joined.append(each.text);
    }
    return joined;
}

std::string joinedText(std::string_view before, std::string_view text, std::string_view behind)
{
    std::string joined;
    for (const std::string_view each : {before, text, behind}) {
        if (each.empty()) continue;
        if (!joined.empty()) joined.append(kBetweenTexts);
        joined.append(each);
    }
    return joined;
}

bool hasRole(std::string_view message, std::string_view role)
{
    return decodeJsonString(memberValue(message, "role")).value_or(std::string()) == role;
}

bool isSystemMessage(std::string_view message)
{
    return hasRole(message, "system") || hasRole(message, "developer");
}

/// What a user has written. Anthropic's and Gemini's results of tools have the user's role, too.
bool isUsersMessage(std::string_view message)
{
    if (!hasRole(message, "user")) return false;
    bool isResult = false;
    for (const std::string_view list : {"content", "parts"}) {
        forEachElement(memberValue(message, list), [&isResult](std::string_view part, JsonKind) {
            const auto type = decodeJsonString(memberValue(part, "type")).value_or(std::string());
            isResult = isResult || type == "tool_result" || !memberValue(part, "functionResponse").empty() ||
                       !memberValue(part, "function_response").empty();
        });
    }
    return !isResult;
}

/// One body on its way.
class PromptEdit {
public:
    PromptEdit(const PromptShape& shape, std::string_view body, const JsonDocument& document,
               const std::vector<AddedText>& added)
        : m_shape(shape), m_document(document), m_added(added), m_edit(body, document.members)
    {
    }

    std::string edited()
    {
        if (m_shape.system.empty())
            m_systemInList = true;
        else
            editSystem();
        editMessages();
        return m_edit.text();
    }

private:
    [[nodiscard]] std::string partOf(std::string_view text) const
    {
        return wrapped(m_shape.partOpens, jsonQuoted(text), m_shape.partCloses);
    }
    [[nodiscard]] std::string userMessage(std::string_view text) const
    {
        return wrapped(m_shape.userOpens, partOf(text), m_shape.userCloses);
    }

    void editSystem()
    {
        const std::string before = texts(m_added, true, true);
        const std::string behind = texts(m_added, true, false);
        if (before.empty() && behind.empty()) return;
        std::string_view key = m_shape.system;
        if (m_shape.dialect == DialectId::Gemini && !m_document.find(key) &&
            m_document.find("system_instruction"))
            key = "system_instruction";
        const JsonMember* member = m_document.find(key);
        if (m_shape.dialect == DialectId::Gemini) {
            const std::string parts =
                withParts(member ? memberValue(member->value, "parts") : std::string_view(), before, behind);
            m_edit.set(key, member && member->kind == JsonKind::Object
                                ? withMember(member->value, "parts", parts)
                                : R"({"parts":)" + parts + "}");
        } else if (member && member->kind == JsonKind::Array) {
            m_edit.set(key, withParts(member->value, before, behind));
        } else {
            const std::string own = member ? decodeJsonString(member->value).value_or("") : std::string();
            m_edit.set(key, jsonQuoted(joinedText(before, own, behind)));
        }
    }

    [[nodiscard]] std::string withParts(std::string_view list, const std::string& before,
                                        const std::string& behind) const
    {
        std::vector<std::string> parts = elementsOf(list);
        if (!before.empty()) parts.insert(parts.begin(), partOf(before));
        if (!behind.empty()) parts.push_back(partOf(behind));
        return elementsIn(parts);
    }

    void editMessages()
    {
        const JsonMember* member = m_document.find(m_shape.messages);
        const bool isText =
            member && member->kind == JsonKind::String && m_shape.dialect == DialectId::OpenAiResponses;
        // What is no list is for its reader to refuse.
        if (member && member->kind != JsonKind::Array && !isText) return;
        std::vector<std::string> messages;
        if (isText)
            messages.push_back(wrapped(R"({"type":"message","role":"user","content":)", member->value, "}"));
        else if (member)
            messages = elementsOf(member->value);
        const std::size_t count = messages.size();
        addUsers(messages);
        if (m_systemInList) addSystems(messages);
        if (messages.size() != count) m_edit.set(m_shape.messages, elementsIn(messages));
    }

    void addUsers(std::vector<std::string>& messages)
    {
        if (const std::string behind = texts(m_added, false, false); !behind.empty()) {
            const auto last = std::find_if(messages.rbegin(), messages.rend(), isUsersMessage);
            messages.insert(last == messages.rend() ? messages.end() : last.base(), userMessage(behind));
        }
        const bool goesOn = isGiven("previous_response_id") || isGiven("conversation");
        const std::string before = texts(m_added, false, true);
        if (before.empty() || goesOn) return;
        messages.insert(std::find_if_not(messages.begin(), messages.end(), isSystemMessage),
                        userMessage(before));
    }

    [[nodiscard]] bool isGiven(std::string_view key) const
    {
        const JsonMember* member = m_document.find(key);
        return member && member->kind != JsonKind::Null;
    }

    void addSystems(std::vector<std::string>& messages)
    {
        const auto message = [](std::string_view text) {
            return wrapped(R"({"role":"system","content":)", jsonQuoted(text), "}");
        };
        if (const std::string behind = texts(m_added, true, false); !behind.empty())
            messages.insert(std::find_if_not(messages.begin(), messages.end(), isSystemMessage),
                            message(behind));
        if (const std::string before = texts(m_added, true, true); !before.empty())
            messages.insert(messages.begin(), message(before));
    }

    const PromptShape& m_shape;
    const JsonDocument& m_document;
    const std::vector<AddedText>& m_added;
    SpanEdit m_edit;
    bool m_systemInList = false;
};

/// Bodies with one text for all: OpenAI's completions, Ollama's generate, which has the system's apart.
std::string withTextsInPrompt(DialectId dialect, std::string_view body, const JsonDocument& document,
                              const std::vector<AddedText>& added)
{
    SpanEdit edit(body, document.members);
    std::string before = texts(added, false, true);
    std::string behind = texts(added, false, false);
    const std::string systemBefore = texts(added, true, true);
    const std::string systemBehind = texts(added, true, false);
    const auto set = [&](std::string_view key, std::string_view first, std::string_view last) {
        const JsonMember* member = document.find(key);
        if ((first.empty() && last.empty()) || (member && member->kind != JsonKind::String)) return;
        const std::string own = member ? decodeJsonString(member->value).value_or("") : std::string();
        edit.set(key, jsonQuoted(joinedText(first, own, last)));
    };
    if (dialect == DialectId::OllamaPrompt) {
        set("system", systemBefore, systemBehind);
        set("prompt", before, behind);
    } else {
        set("prompt", joinedText(systemBefore, systemBehind, before), behind);
    }
    return edit.text();
}

} // namespace

std::string withPromptTexts(DialectId dialect, std::string_view body, const std::vector<AddedText>& texts)
{
    JsonDocument document;
    if (texts.empty() || scanJson(body, document)) return std::string(body);
    const auto shape = std::find_if(kShapes.begin(), kShapes.end(),
                                    [dialect](const PromptShape& each) { return each.dialect == dialect; });
    if (shape == kShapes.end()) return withTextsInPrompt(dialect, body, document, texts);
    return PromptEdit(*shape, body, document, texts).edited();
}

} // namespace gateway::dialect
