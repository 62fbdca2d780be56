// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <unordered_set>

#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/ollama_parts.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::ollama_api {
namespace {

/// A media type by the first base64 digits of a file, because Ollama's images come without one.
std::string_view imageType(std::string_view base64)
{
    struct Mark {
        std::string_view begin;
        std::string_view type;
    };
    constexpr std::array kMarks{Mark{"iVBORw0KGgo", "image/png"}, Mark{"/9j/", "image/jpeg"},
                                Mark{"R0lGOD", "image/gif"}, Mark{"UklGR", "image/webp"}};
    for (const Mark& mark : kMarks) {
        if (base64.starts_with(mark.begin)) return mark.type;
    }
    return "image/jpeg";
}

/// Options that say how a server on this machine loads a model, not what it answers.
bool isLoading(std::string_view option)
{
    constexpr std::array kNames{"num_ctx",  "num_batch", "num_gpu",  "main_gpu",   "low_vram", "numa",
                                "use_mmap", "use_mlock", "num_keep", "num_thread", "f16_kv",   "vocab_only"};
    return std::find(kNames.begin(), kNames.end(), option) != kNames.end();
}

bool isRead(std::string_view option)
{
    constexpr std::array kNames{
        "temperature",      "top_p", "top_k", "num_predict", "seed", "stop", "presence_penalty",
        "frequency_penalty"};
    return std::find(kNames.begin(), kNames.end(), option) != kNames.end();
}

class RequestDecoder {
public:
    Result<Request> decode(std::string_view body, Form form);

private:
    struct OpenCall {
        std::string id;
        std::string name;
    };

    void readMessages(const JsonObject& root);
    void readMessage(const JsonObject& message, std::size_t index);
    void readAssistant(const JsonObject& message, Message& into);
    void readToolResult(const JsonObject& message);
    [[nodiscard]] std::string answeredCall(const JsonObject& message);
    [[nodiscard]] std::string freshId();
    void readPrompt(const JsonObject& root);
    void readTools(const JsonObject& root);
    void readOptions(const JsonObject& options);
    void readWishes(const JsonObject& root);
    void refuse(std::string message, std::string param);

    Request m_request;
    std::optional<Error> m_problem;
    std::vector<OpenCall> m_open; // calls of the last assistant message that no result has answered yet
    std::unordered_set<std::string> m_ids;
    std::size_t m_made = 0;
    bool m_afterTool = false;
};

void RequestDecoder::refuse(std::string message, std::string param)
{
    if (!m_problem) m_problem = invalidRequest(std::move(message), std::move(param));
}

void addText(std::string text, Message& into)
{
    if (!text.empty()) into.parts.emplace_back(TextPart{std::move(text), {}});
}

void addImages(std::string_view images, Message& into)
{
    forEachElement(images, [&into](std::string_view value, JsonKind) {
        const std::string text = textOf(value);
        if (text.empty()) return;
        ImagePart image;
        if (const auto url = splitDataUrl(text)) {
            image.mediaType = url->mediaType;
            image.base64 = url->base64;
        } else {
            image.mediaType = imageType(text);
            image.base64 = text;
        }
        into.parts.emplace_back(std::move(image));
    });
}

/// The same for the same conversation each time: providers that keep a prompt would else not know it again.
std::string RequestDecoder::freshId()
{
    for (;;) {
        std::string id = "call_" + std::to_string(++m_made);
        if (m_ids.insert(id).second) return id;
    }
}

void RequestDecoder::readAssistant(const JsonObject& message, Message& into)
{
    constexpr std::size_t kMostOpen = 512;
    if (std::string thinking = message.text("thinking"); !thinking.empty())
        into.parts.emplace_back(ThinkingPart{std::move(thinking), {}, {}});
    addText(message.text("content"), into);
    m_open.clear();
    forEachElement(message.array("tool_calls"), [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        ToolCallPart call = readToolCall(JsonObject(value));
        if (call.id.empty()) call.id = freshId();
        m_ids.insert(call.id);
        if (m_open.size() < kMostOpen) m_open.push_back({call.id, call.name});
        into.parts.emplace_back(std::move(call));
    });
}

/// Older clients say only which tool has answered, or nothing: then the calls are answered in their order.
std::string RequestDecoder::answeredCall(const JsonObject& message)
{
    const std::string id = message.text("tool_call_id");
    std::string name = message.text("tool_name");
    if (name.empty()) name = message.text("name");
    auto found = std::find_if(m_open.begin(), m_open.end(), [&](const OpenCall& call) {
        return id.empty() ? call.name == name : call.id == id;
    });
    if (found == m_open.end() && id.empty()) found = m_open.begin();
    if (found == m_open.end()) return id.empty() ? freshId() : id;
    std::string answered = std::move(found->id);
    m_open.erase(found);
    return answered;
}

void RequestDecoder::readToolResult(const JsonObject& message)
{
    ToolResultPart result;
    result.callId = answeredCall(message);
    if (std::string text = message.text("content"); !text.empty()) {
        result.isError = tellsToolError(text);
        result.content.emplace_back(TextPart{std::move(text), {}});
    }
    Message images;
    addImages(message.array("images"), images);
    for (Part& part : images.parts)
        result.content.emplace_back(std::move(std::get<ImagePart>(part)));
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
        addText(message.text("content"), read);
        addImages(message.array("images"), read);
    } else {
        const std::string param = "messages[" + std::to_string(index) + "].role";
        refuse("'" + param + "' has to be system, user, assistant or tool.", param);
    }
    m_request.messages.push_back(std::move(read));
}

void RequestDecoder::readMessages(const JsonObject& root)
{
    std::size_t index = 0;
    forEachElement(root.array("messages"), [&](std::string_view value, JsonKind kind) {
        readMessage(JsonObject(kind == JsonKind::Object ? value : std::string_view()), index++);
        return !m_problem;
    });
    if (m_request.messages.empty())
        refuse("'messages' is required and has to be a list of at least one message.", "messages");
}

void RequestDecoder::readPrompt(const JsonObject& root)
{
    Message system{Role::System, {}};
    addText(root.text("system"), system);
    if (!system.parts.empty()) m_request.messages.push_back(std::move(system));
    Message user{Role::User, {}};
    addText(root.text("prompt"), user);
    addImages(root.array("images"), user);
    if (user.parts.empty()) refuse("'prompt' is required and has to be a text.", "prompt");
    m_request.messages.push_back(std::move(user));
    for (const char* field : {"suffix", "template", "context"}) {
        const std::string_view value = root.raw(field);
        const std::string compact = compactJson(value);
        if (!value.empty() && compact != "\"\"" && compact != "[]") noteDropped(m_request.dropped, field);
    }
    if (root.boolean("raw").value_or(false)) noteDropped(m_request.dropped, "raw");
}

void RequestDecoder::readTools(const JsonObject& root)
{
    std::size_t index = 0;
    forEachElement(root.array("tools"), [&](std::string_view value, JsonKind kind) {
        const JsonObject function =
            JsonObject(kind == JsonKind::Object ? value : std::string_view()).object("function");
        Tool tool;
        tool.name = function.text("name");
        tool.description = function.text("description");
        if (function.kind("parameters") == JsonKind::Object)
            tool.parametersJson = compactJson(function.raw("parameters"));
        const std::string param = "tools[" + std::to_string(index++) + "].function.name";
        if (tool.name.empty()) refuse("'" + param + "' is required.", param);
        m_request.tools.push_back(std::move(tool));
    });
}

void RequestDecoder::readOptions(const JsonObject& options)
{
    m_request.temperature = options.number("temperature");
    m_request.topP = options.number("top_p");
    m_request.topK = options.integer("top_k");
    m_request.seed = options.integer("seed");
    m_request.presencePenalty = options.number("presence_penalty");
    m_request.frequencyPenalty = options.number("frequency_penalty");
    // -1 and -2 mean as much as there is room for.
    if (const auto limit = options.integer("num_predict"); limit && *limit > 0) m_request.maxTokens = limit;
    if (options.kind("stop") == JsonKind::String) m_request.stop.push_back(options.text("stop"));
    forEachElement(options.array("stop"),
                   [this](std::string_view value, JsonKind) { m_request.stop.push_back(textOf(value)); });
    std::erase(m_request.stop, std::string());
    for (const JsonMember& option : options.members()) {
        if (option.kind == JsonKind::Null || option.keyEscaped || isRead(option.key) || isLoading(option.key))
            continue;
        noteDropped(m_request.dropped, "options." + std::string(option.key));
    }
}

void RequestDecoder::readWishes(const JsonObject& root)
{
    const JsonKind think = root.kind("think");
    if (think == JsonKind::True)
        m_request.reasoning.adaptive = true;
    else if (think == JsonKind::False)
        m_request.reasoning.effort = Effort::None;
    else
        m_request.reasoning.effort = effortNamed(root.text("think"));
    if (root.kind("format") == JsonKind::Object) {
        m_request.responseFormatJson = R"({"type":"json_schema","json_schema":{"name":"response","schema":)" +
                                       compactJson(root.raw("format")) + "}}";
    } else if (root.text("format") == "json") {
        m_request.responseFormatJson = R"({"type":"json_object"})";
    }
    wishLogprobs(m_request, root.boolean("logprobs").value_or(false), root.integer("top_logprobs"));
}

Result<Request> RequestDecoder::decode(std::string_view body, Form form)
{
    const JsonObject root(body);
    m_request.model = root.text("model");
    m_request.stream = root.boolean("stream").value_or(true);
    m_request.includeUsage = true;
    if (form == Form::Prompt) {
        readPrompt(root);
    } else {
        readMessages(root);
        readTools(root);
    }
    readOptions(root.object("options"));
    readWishes(root);
    if (m_problem) return *std::move(m_problem);
    return std::move(m_request);
}

} // namespace

Result<Request> decodeRequest(std::string_view body, Form form)
{
    return RequestDecoder().decode(body, form);
}

} // namespace gateway::dialect::ollama_api
