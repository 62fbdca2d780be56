// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "dialect/cohere_parts.h"
#include "dialect/content_text.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::cohere_api {
namespace {

class RequestDecoder {
public:
    Result<Request> decode(std::string_view body);

private:
    void readMessage(const JsonObject& message, std::size_t index);
    void readUserPart(const JsonObject& part, Message& into);
    void readAssistant(const JsonObject& message, Message& into);
    void readToolResult(const JsonObject& message);
    void readTools(const JsonObject& root);
    void readSampling(const JsonObject& root);
    void readThinking(const JsonObject& wish);
    void readFormat(const JsonObject& format);
    void noteUnsayable(const JsonObject& root);
    void refuse(std::string message, std::string param);

    Request m_request;
    std::optional<Error> m_problem;
    bool m_afterTool = false; // the last message was a tool's: its neighbours join it
};

void RequestDecoder::refuse(std::string message, std::string param)
{
    if (!m_problem) m_problem = invalidRequest(std::move(message), std::move(param));
}

/// Calls visit for each part of a content; a plain string is one text part.
template <class F>
void forEachPart(const JsonObject& message, F&& visit)
{
    if (message.kind("content") == JsonKind::String) {
        visit(std::string("text"), JsonObject(), message.text("content"));
        return;
    }
    forEachElement(message.array("content"), [&visit](std::string_view value, JsonKind kind) {
        const JsonObject part(kind == JsonKind::Object ? value : std::string_view());
        visit(part.text("type"), part, part.text("text"));
    });
}

void addText(std::string text, Message& into)
{
    if (!text.empty()) into.parts.emplace_back(TextPart{std::move(text), {}});
}

void RequestDecoder::readUserPart(const JsonObject& part, Message& into)
{
    const JsonObject given = part.object("image_url");
    const std::string url = given.text("url");
    if (url.empty()) {
        const std::string type = part.text("type");
        noteDropped(m_request.dropped, type.empty() ? "content" : type);
        return;
    }
    ImagePart image;
    image.detail = given.text("detail");
    if (const auto data = splitDataUrl(url)) {
        image.mediaType = data->mediaType;
        image.base64 = data->base64;
    } else {
        image.url = url;
    }
    into.parts.emplace_back(std::move(image));
}

void RequestDecoder::readAssistant(const JsonObject& message, Message& into)
{
    forEachPart(message, [&into](const std::string& type, const JsonObject& part, std::string text) {
        if (type != "thinking") {
            addText(std::move(text), into);
        } else if (std::string thinking = part.text("thinking"); !thinking.empty()) {
            into.parts.emplace_back(ThinkingPart{std::move(thinking), {}, {}});
        }
    });
    addText(message.text("tool_plan"), into);
    readToolCalls(message.array("tool_calls"), into.parts);
}

/// A document's data is a text or an object of texts.
std::string documentText(const JsonObject& document)
{
    return document.kind("data") == JsonKind::String ? document.text("data")
                                                     : compactJson(document.raw("data"));
}

void RequestDecoder::readToolResult(const JsonObject& message)
{
    ToolResultPart result;
    result.callId = message.text("tool_call_id");
    forEachPart(message, [&result](const std::string& type, const JsonObject& part, std::string text) {
        if (type == "document") text = documentText(part.object("document"));
        if (text.empty()) return;
        result.isError = result.isError || tellsToolError(text);
        result.content.emplace_back(TextPart{std::move(text), {}});
    });
    if (!m_afterTool) m_request.messages.push_back({Role::User, {}});
    m_request.messages.back().parts.emplace_back(std::move(result));
}

void RequestDecoder::readMessage(const JsonObject& message, std::size_t index)
{
    const std::string role = message.text("role");
    if (role == "tool") {
        readToolResult(message);
        m_afterTool = true;
        return;
    }
    m_afterTool = false;
    Message read;
    if (role == "assistant") {
        read.role = Role::Assistant;
        readAssistant(message, read);
    } else if (role == "user" || role == "system") {
        read.role = role == "user" ? Role::User : Role::System;
        forEachPart(message, [&](const std::string& type, const JsonObject& part, std::string text) {
            if (type == "text") {
                addText(std::move(text), read);
            } else {
                readUserPart(part, read);
            }
        });
    } else {
        const std::string param = "messages[" + std::to_string(index) + "].role";
        refuse("'" + param + "' has to be system, user, assistant or tool.", param);
    }
    m_request.messages.push_back(std::move(read));
}

void RequestDecoder::readTools(const JsonObject& root)
{
    const bool strict = root.boolean("strict_tools").value_or(false);
    std::size_t index = 0;
    forEachElement(root.array("tools"), [&](std::string_view value, JsonKind kind) {
        const JsonObject function =
            JsonObject(kind == JsonKind::Object ? value : std::string_view()).object("function");
        Tool tool;
        tool.name = function.text("name");
        tool.description = function.text("description");
        if (function.kind("parameters") == JsonKind::Object)
            tool.parametersJson = compactJson(function.raw("parameters"));
        if (strict) tool.strict = true;
        const std::string param = "tools[" + std::to_string(index++) + "].function.name";
        if (tool.name.empty()) refuse("'" + param + "' is required.", param);
        m_request.tools.push_back(std::move(tool));
    });
    const std::string choice = root.text("tool_choice");
    if (choice == "REQUIRED")
        m_request.toolChoice.mode = ToolChoice::Mode::Required;
    else if (choice == "NONE")
        m_request.toolChoice.mode = ToolChoice::Mode::None;
}

void RequestDecoder::readSampling(const JsonObject& root)
{
    m_request.maxTokens = root.integer("max_tokens");
    if (m_request.maxTokens && *m_request.maxTokens <= 0)
        refuse("'max_tokens' has to be a positive whole number.", "max_tokens");
    m_request.temperature = root.number("temperature");
    m_request.topP = root.number("p");
    m_request.topK = root.integer("k");
    if (m_request.topK == 0) m_request.topK.reset(); // switched off, which is the default
    m_request.seed = root.integer("seed");
    m_request.presencePenalty = root.number("presence_penalty");
    m_request.frequencyPenalty = root.number("frequency_penalty");
    forEachElement(root.array("stop_sequences"),
                   [this](std::string_view value, JsonKind) { m_request.stop.push_back(textOf(value)); });
    std::erase(m_request.stop, std::string());
}

void RequestDecoder::readThinking(const JsonObject& wish)
{
    const std::string type = wish.text("type");
    if (type == "disabled") {
        m_request.reasoning.effort = Effort::None;
        return;
    }
    if (type != "enabled") return;
    const auto budget = wish.integer("token_budget");
    if (budget && *budget > 0)
        m_request.reasoning.budgetTokens = budget;
    else
        m_request.reasoning.adaptive = true;
}

void RequestDecoder::readFormat(const JsonObject& format)
{
    if (format.text("type") != "json_object") return;
    const char* const key = format.kind("json_schema") == JsonKind::Object ? "json_schema" : "schema";
    if (format.kind(key) != JsonKind::Object) {
        m_request.responseFormatJson = R"({"type":"json_object"})";
        return;
    }
    m_request.responseFormatJson = R"({"type":"json_schema","json_schema":{"name":"response","schema":)" +
                                   compactJson(format.raw(key)) + "}}";
}

void RequestDecoder::noteUnsayable(const JsonObject& root)
{
    constexpr std::array kFields{"documents", "citation_options", "safety_mode", "raw_prompting", "priority"};
    for (const char* field : kFields) {
        const std::string value = compactJson(root.raw(field));
        const bool usual = value.empty() || value == "[]" || value == "false" || value == "0";
        if (!usual) noteDropped(m_request.dropped, field);
    }
}

Result<Request> RequestDecoder::decode(std::string_view body)
{
    const JsonObject root(body);
    m_request.model = root.text("model");
    m_request.stream = root.boolean("stream").value_or(false);
    m_request.includeUsage = true;
    std::size_t index = 0;
    forEachElement(root.array("messages"), [&](std::string_view value, JsonKind kind) {
        readMessage(JsonObject(kind == JsonKind::Object ? value : std::string_view()), index++);
        return !m_problem;
    });
    if (m_request.messages.empty())
        refuse("'messages' is required and has to be a list of at least one message.", "messages");
    readTools(root);
    readSampling(root);
    readThinking(root.object("thinking"));
    readFormat(root.object("response_format"));
    m_request.logprobs = root.boolean("logprobs").value_or(false);
    noteUnsayable(root);
    if (m_problem) return *std::move(m_problem);
    return std::move(m_request);
}

} // namespace

Result<Request> decodeRequest(std::string_view body)
{
    return RequestDecoder().decode(body);
}

} // namespace gateway::dialect::cohere_api
