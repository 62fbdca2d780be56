// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/openai_parts.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::openai {
namespace {

/// One request on its way into the canonical form. What that form cannot hold is noted as dropped.
class RequestDecoder {
public:
    Result<Request> decode(std::string_view body);

private:
    void readMessage(const JsonObject& message, std::size_t index);
    void readUserPart(const JsonObject& part, Message& into);
    void readImage(const JsonObject& part, Message& into);
    void readFile(const JsonObject& file, Message& into);
    void readAssistant(const JsonObject& message, Message& into);
    void readToolResult(const JsonObject& message);
    void readTools(const JsonObject& root);
    void readToolChoice(const JsonObject& root);
    void readSampling(const JsonObject& root);
    void readReasoningWish(const JsonObject& root);
    void readFormat(const JsonObject& root);
    void noteUnsayable(const JsonObject& root);
    void refuse(std::string message, std::string param);

    Request m_request;
    std::optional<Error> m_problem;
    std::vector<Part> m_answered; // pictures that the model gave before the next question
    bool m_afterTool = false;     // the last message was a tool's: its neighbours join it
};

/// Calls visit for each part of a content; a plain string is one text part.
template <class F>
void forEachPart(const JsonObject& message, F&& visit)
{
    if (message.kind("content") == JsonKind::String) {
        visit(std::string("text"), message, message.text("content"));
        return;
    }
    forEachElement(message.array("content"), [&visit](std::string_view value, JsonKind kind) {
        const JsonObject part(kind == JsonKind::Object ? value : std::string_view());
        std::string text = kind == JsonKind::String ? textOf(value) : part.text("text");
        visit(kind == JsonKind::String ? std::string("text") : part.text("type"), part, std::move(text));
    });
}

void RequestDecoder::refuse(std::string message, std::string param)
{
    if (!m_problem) {
        m_problem = invalidRequest(std::move(message), std::move(param));
    }
}

void addText(std::string text, const JsonObject& part, Message& into)
{
    if (text.empty()) return;
    into.parts.emplace_back(TextPart{std::move(text), compactJson(part.raw("cache_control"))});
}

void RequestDecoder::readImage(const JsonObject& part, Message& into)
{
    const JsonObject image = part.object("image_url");
    const std::string url = image.empty() ? part.text("image_url") : image.text("url");
    const auto data = splitDataUrl(url);
    if (data && !data->mediaType.starts_with("image/") && !data->base64.empty()) {
        into.parts.emplace_back(
            DocumentPart{std::string(data->mediaType), std::string(data->base64), {}, {}});
        return;
    }
    ImagePart read = imageAt(url);
    read.detail = image.text("detail");
    if (read.url.empty() && read.base64.empty()) {
        noteDropped(m_request.dropped, "image_url");
        return;
    }
    into.parts.emplace_back(std::move(read));
}

void RequestDecoder::readFile(const JsonObject& file, Message& into)
{
    DocumentPart read;
    const std::string data = file.text("file_data");
    read.name = file.text("filename");
    if (const auto split = splitDataUrl(data); split && !split->base64.empty()) {
        read.mediaType = split->mediaType;
        read.base64 = split->base64;
    } else if (data.starts_with("http://") || data.starts_with("https://")) {
        read.url = data;
    } else {
        noteDropped(m_request.dropped, "file");
        return;
    }
    into.parts.emplace_back(std::move(read));
}

void RequestDecoder::readUserPart(const JsonObject& part, Message& into)
{
    const std::string type = part.text("type");
    if (type == "image_url") {
        readImage(part, into);
    } else if (type == "file") {
        readFile(part.object("file"), into);
    } else {
        noteDropped(m_request.dropped, type.empty() ? "content" : type);
    }
}

void RequestDecoder::readAssistant(const JsonObject& message, Message& into)
{
    readReasoning(message, into.parts);
    forEachPart(message, [&into](const std::string& type, const JsonObject& part, std::string text) {
        addText(type == "refusal" ? part.text("refusal") : std::move(text), part, into);
    });
    readToolCalls(message.array("tool_calls"), into.parts);
    readAnsweredImages(message, [this](ImagePart image) { m_answered.emplace_back(std::move(image)); });
}

void RequestDecoder::readToolResult(const JsonObject& message)
{
    ToolResultPart result;
    result.callId = message.text("tool_call_id");
    forEachPart(message, [&](const std::string& type, const JsonObject& part, std::string text) {
        if (type == "image_url") {
            Message image;
            readImage(part, image);
            for (Part& one : image.parts) {
                if (auto* read = std::get_if<ImagePart>(&one)) {
                    result.content.emplace_back(std::move(*read));
                }
            }
        } else if (!text.empty()) {
            result.isError = result.isError || tellsToolError(text);
            result.content.emplace_back(TextPart{std::move(text), {}});
        }
    });
    if (!m_afterTool) {
        m_request.messages.push_back({Role::User, {}});
    }
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
    if (role == "system" || role == "developer") {
        read.role = Role::System;
        forEachPart(message, [&read](const std::string&, const JsonObject& part, std::string text) {
            addText(std::move(text), part, read);
        });
    } else if (role == "user") {
        read.role = Role::User;
        // Most models take no picture in a turn of their own: theirs are shown to them with the next
        // question.
        read.parts = std::exchange(m_answered, {});
        forEachPart(message, [&](const std::string& type, const JsonObject& part, std::string text) {
            if (type == "text") {
                addText(std::move(text), part, read);
            } else {
                readUserPart(part, read);
            }
        });
    } else if (role == "assistant") {
        read.role = Role::Assistant;
        readAssistant(message, read);
    } else {
        const std::string param = "messages[" + std::to_string(index) + "].role";
        refuse("'" + param + "' has to be system, developer, user, assistant or tool.", param);
    }
    m_request.messages.push_back(std::move(read));
}

void RequestDecoder::readTools(const JsonObject& root)
{
    std::size_t index = 0;
    forEachElement(root.array("tools"), [&](std::string_view value, JsonKind kind) {
        const JsonObject tool(kind == JsonKind::Object ? value : std::string_view());
        const std::string type = tool.text("type");
        const bool custom = type == "custom";
        const JsonObject body = tool.object(custom ? "custom" : "function");
        const std::string param = "tools[" + std::to_string(index++) + "]";
        if (!custom && type != "function" && body.empty()) {
            noteDropped(m_request.dropped, type.empty() ? "tools" : "tools." + type);
            return;
        }
        Tool read;
        read.name = body.text("name");
        read.description = body.text("description");
        read.custom = custom;
        read.parametersJson =
            body.kind("parameters") == JsonKind::Object ? compactJson(body.raw("parameters")) : "";
        read.formatJson = compactJson(body.raw("format"));
        read.strict = body.boolean("strict");
        read.cacheControlJson =
            compactJson(tool.has("cache_control") ? tool.raw("cache_control") : body.raw("cache_control"));
        if (read.name.empty()) {
            refuse("'" + param + "' has no function with a name.", param + ".function.name");
        }
        m_request.tools.push_back(std::move(read));
    });
}

void RequestDecoder::readToolChoice(const JsonObject& root)
{
    ToolChoice& choice = m_request.toolChoice;
    const JsonObject object = root.object("tool_choice");
    std::string word = root.text("tool_choice");
    if (!object.empty()) {
        const std::string type = object.text("type");
        choice.name = object.object(type == "custom" ? "custom" : "function").text("name");
        if (!choice.name.empty()) {
            choice.mode = ToolChoice::Mode::Named;
            return;
        }
        noteDropped(m_request.dropped, "tool_choice");
        word = object.object("allowed_tools").text("mode");
    }
    if (word == "auto") {
        choice.mode = ToolChoice::Mode::Auto;
    } else if (word == "none") {
        choice.mode = ToolChoice::Mode::None;
    } else if (word == "required" || word == "any") {
        choice.mode = ToolChoice::Mode::Required;
    }
}

void RequestDecoder::readSampling(const JsonObject& root)
{
    const auto limit = root.integer("max_completion_tokens");
    m_request.maxTokens = limit ? limit : root.integer("max_tokens");
    if (m_request.maxTokens && *m_request.maxTokens <= 0) {
        refuse("'max_tokens' has to be a positive whole number.",
               limit ? "max_completion_tokens" : "max_tokens");
    }
    m_request.temperature = root.number("temperature");
    m_request.topP = root.number("top_p");
    m_request.topK = root.integer("top_k");
    m_request.seed = root.integer("seed");
    m_request.presencePenalty = root.number("presence_penalty");
    m_request.frequencyPenalty = root.number("frequency_penalty");
    m_request.parallelToolCalls = root.boolean("parallel_tool_calls");
    wishLogprobs(m_request, root.boolean("logprobs").value_or(false), root.integer("top_logprobs"));
    if (root.kind("stop") == JsonKind::String) {
        m_request.stop.push_back(root.text("stop"));
    }
    forEachElement(root.array("stop"),
                   [this](std::string_view value, JsonKind) { m_request.stop.push_back(textOf(value)); });
    std::erase(m_request.stop, std::string());
}

void RequestDecoder::readReasoningWish(const JsonObject& root)
{
    const JsonObject wish = root.object("reasoning");
    Reasoning& reasoning = m_request.reasoning;
    reasoning.effort =
        effortNamed(root.has("reasoning_effort") ? root.text("reasoning_effort") : wish.text("effort"));
    const auto budget = wish.integer("max_tokens");
    if (budget && *budget > 0) {
        reasoning.budgetTokens = budget;
    }
    const auto enabled = wish.boolean("enabled");
    if (enabled == false) {
        reasoning = {Effort::None, std::nullopt, false};
    } else if (enabled == true && !reasoning.wanted()) {
        reasoning.adaptive = true;
    }
}

void RequestDecoder::readFormat(const JsonObject& root)
{
    const JsonObject format = root.object("response_format");
    const std::string type = format.text("type");
    if (!type.empty() && type != "text") {
        m_request.responseFormatJson = compactJson(root.raw("response_format"));
    }
}

void RequestDecoder::noteUnsayable(const JsonObject& root)
{
    constexpr std::array kFields{"logit_bias", "audio", "prediction", "web_search_options", "functions"};
    for (const char* field : kFields) {
        const std::string_view value = root.raw(field);
        if (!value.empty() && compactJson(value) != "{}" && value != "0") {
            noteDropped(m_request.dropped, field);
        }
    }
    forEachElement(root.array("modalities"), [this](std::string_view value, JsonKind) {
        const std::string name = textOf(value);
        m_request.wantsImages = m_request.wantsImages || name == "image";
        if (name != "image" && name != "text") noteDropped(m_request.dropped, "modalities");
    });
    if (root.integer("n").value_or(1) != 1) {
        noteDropped(m_request.dropped, "n");
    }
}

Result<Request> RequestDecoder::decode(std::string_view body)
{
    const JsonObject root(body);
    m_request.model = root.text("model");
    m_request.stream = root.boolean("stream").value_or(false);
    m_request.includeUsage = root.object("stream_options").boolean("include_usage").value_or(false);
    m_request.user = root.text("user");
    m_request.serviceTier = root.text("service_tier");
    m_request.verbosity = root.text("verbosity");
    std::size_t index = 0;
    forEachElement(root.array("messages"), [&](std::string_view value, JsonKind) {
        readMessage(JsonObject(value), index++);
        return !m_problem;
    });
    if (!m_answered.empty()) noteDropped(m_request.dropped, "images");
    if (m_request.messages.empty()) {
        refuse("'messages' is required and has to be a list of at least one message.", "messages");
    }
    readTools(root);
    readToolChoice(root);
    readSampling(root);
    readReasoningWish(root);
    readFormat(root);
    noteUnsayable(root);
    if (m_problem) return *std::move(m_problem);
    return std::move(m_request);
}

} // namespace

Result<Request> decodeRequest(std::string_view body)
{
    return RequestDecoder().decode(body);
}

} // namespace gateway::dialect::openai
