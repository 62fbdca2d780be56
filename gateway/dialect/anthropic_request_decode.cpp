// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_parts.h"
#include "dialect/content_text.h"
#include "dialect/model_traits.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::anthropic {
namespace {

/// One request on its way into the canonical form. Fields that only tune Anthropic's own service (betas,
/// context_management, cache hints) are left out without a word; what changes the answer is noted as dropped.
class RequestDecoder {
public:
    Result<Request> decode(std::string_view body);

private:
    void readSystem(const JsonObject& root);
    void readMessage(const JsonObject& message, std::size_t index);
    void readContent(const JsonObject& message, Message& into);
    void readUserBlock(const JsonObject& block, Message& into);
    void readDocument(const JsonObject& block, Message& into);
    void readToolResult(const JsonObject& block, Message& into);
    void readTools(const JsonObject& root);
    void readToolChoice(const JsonObject& root);
    void readSampling(const JsonObject& root);
    void readReasoningWish(const JsonObject& root);
    void readFormat(const JsonObject& root);
    void refuse(std::string message, std::string param);

    Request m_request;
    std::optional<Error> m_problem;
};

std::optional<ImagePart> readImage(const JsonObject& block)
{
    const JsonObject source = block.object("source");
    ImagePart image;
    if (source.text("type") == "url") {
        image.url = source.text("url");
    } else {
        image.mediaType = source.text("media_type");
        image.base64 = source.text("data");
    }
    return image.url.empty() && image.base64.empty() ? std::nullopt : std::optional(image);
}

/// The text that a block stands for, where it is not text but can be said as such.
std::string textInstead(const JsonObject& block)
{
    const std::string type = block.text("type");
    if (type == "tool_reference") return "Tool now available: " + block.text("tool_name");
    if (type != "search_result") return {};
    std::string text = block.text("title") + '\n' + block.text("source");
    forEachElement(block.array("content"), [&text](std::string_view inner, JsonKind kind) {
        if (kind == JsonKind::Object) {
            text += '\n' + JsonObject(inner).text("text");
        }
    });
    return text;
}

void RequestDecoder::refuse(std::string message, std::string param)
{
    if (!m_problem) {
        m_problem = invalidRequest(std::move(message), std::move(param));
    }
}

void RequestDecoder::readDocument(const JsonObject& block, Message& into)
{
    const JsonObject source = block.object("source");
    const std::string type = source.text("type");
    const std::string title = block.text("title");
    if (type == "base64" && !source.text("data").empty()) {
        into.parts.emplace_back(DocumentPart{source.text("media_type"), source.text("data"), {}, title});
    } else if (type == "url") {
        into.parts.emplace_back(DocumentPart{{}, {}, source.text("url"), title});
    } else if (type == "text") {
        into.parts.emplace_back(TextPart{(title.empty() ? "" : title + "\n\n") + source.text("data"), {}});
    } else if (type == "content" && source.kind("content") == JsonKind::String) {
        into.parts.emplace_back(TextPart{source.text("content"), {}});
    } else if (type == "content") {
        readContent(source, into);
    } else {
        noteDropped(m_request.dropped, "document");
    }
}

void RequestDecoder::readToolResult(const JsonObject& block, Message& into)
{
    ToolResultPart result;
    result.callId = block.text("tool_use_id");
    result.isError = block.boolean("is_error").value_or(false);
    if (block.kind("content") == JsonKind::String) {
        result.content.emplace_back(TextPart{block.text("content"), {}});
    }
    forEachElement(block.array("content"), [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject inner(value);
        const std::string type = inner.text("type");
        const auto image = type == "image" ? readImage(inner) : std::nullopt;
        if (image) {
            result.content.emplace_back(*image);
            return;
        }
        std::string text = type == "text" ? inner.text("text") : textInstead(inner);
        if (type == "document" && inner.object("source").text("type") == "text") {
            text = inner.object("source").text("data");
        }
        if (!text.empty()) {
            result.content.emplace_back(TextPart{std::move(text), {}});
        } else if (type != "text") {
            noteDropped(m_request.dropped, "tool_result." + type);
        }
    });
    result.cacheControlJson = compactJson(block.raw("cache_control"));
    into.parts.emplace_back(std::move(result));
}

void RequestDecoder::readUserBlock(const JsonObject& block, Message& into)
{
    const std::string type = block.text("type");
    const auto image = type == "image" ? readImage(block) : std::nullopt;
    std::string text = textInstead(block);
    if (image) {
        into.parts.emplace_back(*image);
    } else if (type == "document") {
        readDocument(block, into);
    } else if (type == "tool_result") {
        readToolResult(block, into);
    } else if (!text.empty()) {
        into.parts.emplace_back(TextPart{std::move(text), {}});
    } else {
        noteDropped(m_request.dropped, type.empty() ? "content" : type);
    }
}

void RequestDecoder::readContent(const JsonObject& message, Message& into)
{
    if (message.kind("content") == JsonKind::String) {
        std::string text = message.text("content");
        if (!text.empty()) {
            into.parts.emplace_back(TextPart{std::move(text), {}});
        }
        return;
    }
    forEachElement(message.array("content"), [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject block(value);
        if (!readBlock(block, into.parts)) {
            readUserBlock(block, into);
        }
    });
}

void RequestDecoder::readMessage(const JsonObject& message, std::size_t index)
{
    const std::string role = message.text("role");
    Message read;
    if (role == "user") {
        read.role = Role::User;
    } else if (role == "assistant") {
        read.role = Role::Assistant;
    } else if (role == "system") {
        read.role = Role::System;
    } else {
        const std::string param = "messages." + std::to_string(index) + ".role";
        refuse("'" + param + "' has to be user or assistant.", param);
    }
    readContent(message, read);
    m_request.messages.push_back(std::move(read));
}

void RequestDecoder::readSystem(const JsonObject& root)
{
    Message system;
    system.role = Role::System;
    if (root.kind("system") == JsonKind::String) {
        system.parts.emplace_back(TextPart{root.text("system"), {}});
    }
    forEachElement(root.array("system"), [&system](std::string_view value, JsonKind kind) {
        if (kind == JsonKind::Object) {
            readBlock(JsonObject(value), system.parts);
        }
    });
    if (!joinedText(system.parts).empty()) {
        m_request.messages.push_back(std::move(system));
    }
}

void RequestDecoder::readTools(const JsonObject& root)
{
    std::size_t index = 0;
    forEachElement(root.array("tools"), [&](std::string_view value, JsonKind kind) {
        const JsonObject tool(kind == JsonKind::Object ? value : std::string_view());
        const std::string type = tool.text("type");
        const std::string param = "tools." + std::to_string(index++) + ".name";
        // Tools that Anthropic's servers run themselves have a type of their own and no schema.
        if (!type.empty() && type != "custom" && !tool.has("input_schema")) {
            noteDropped(m_request.dropped, "tools." + type);
            return;
        }
        Tool read;
        read.name = tool.text("name");
        // A stand-in of Claude Code for tools that it would send later; nobody can call it.
        if (read.name == "DeferredToolPlaceholder") return;
        read.description = tool.text("description");
        read.parametersJson =
            tool.kind("input_schema") == JsonKind::Object ? compactJson(tool.raw("input_schema")) : "";
        read.strict = tool.boolean("strict");
        read.cacheControlJson = compactJson(tool.raw("cache_control"));
        if (read.name.empty()) {
            refuse("'" + param + "' is required.", param);
        }
        m_request.tools.push_back(std::move(read));
    });
}

void RequestDecoder::readToolChoice(const JsonObject& root)
{
    const JsonObject object = root.object("tool_choice");
    const std::string type = object.text("type");
    ToolChoice& choice = m_request.toolChoice;
    if (type == "auto") {
        choice.mode = ToolChoice::Mode::Auto;
    } else if (type == "none") {
        choice.mode = ToolChoice::Mode::None;
    } else if (type == "any") {
        choice.mode = ToolChoice::Mode::Required;
    } else if (type == "tool") {
        choice.mode = ToolChoice::Mode::Named;
        choice.name = object.text("name");
    }
    if (const auto disabled = object.boolean("disable_parallel_tool_use")) {
        m_request.parallelToolCalls = !*disabled;
    }
}

void RequestDecoder::readSampling(const JsonObject& root)
{
    m_request.maxTokens = root.integer("max_tokens");
    if (m_request.maxTokens && *m_request.maxTokens <= 0) {
        refuse("'max_tokens' has to be a positive whole number.", "max_tokens");
    }
    m_request.temperature = root.number("temperature");
    m_request.topP = root.number("top_p");
    m_request.topK = root.integer("top_k");
    forEachElement(root.array("stop_sequences"),
                   [this](std::string_view value, JsonKind) { m_request.stop.push_back(textOf(value)); });
    std::erase(m_request.stop, std::string());
}

void RequestDecoder::readReasoningWish(const JsonObject& root)
{
    const JsonObject thinking = root.object("thinking");
    const std::string type = thinking.text("type");
    Reasoning& reasoning = m_request.reasoning;
    if (type == "disabled") {
        reasoning.effort = Effort::None;
        return;
    }
    reasoning.effort = effortNamed(root.object("output_config").text("effort"));
    if (type != "enabled" && type != "adaptive") return;
    reasoning.adaptive = type == "adaptive";
    reasoning.hidden = thinking.text("display") == "omitted";
    const auto budget = thinking.integer("budget_tokens");
    if (!reasoning.adaptive && budget && *budget > 0) {
        reasoning.budgetTokens = budget;
    }
    if (!reasoning.wanted()) {
        reasoning.adaptive = true;
    }
}

void RequestDecoder::readFormat(const JsonObject& root)
{
    const JsonObject config = root.object("output_config");
    const JsonObject format = config.has("format") ? config.object("format") : root.object("output_format");
    if (format.text("type") != "json_schema" || format.kind("schema") != JsonKind::Object) return;
    JsonWriter json(m_request.responseFormatJson);
    json.beginObject().key("type").string("json_schema").key("json_schema").beginObject();
    json.key("name").string("answer").key("strict").boolean(true);
    json.key("schema").raw(compactJson(format.raw("schema"))).endObject().endObject();
}

Result<Request> RequestDecoder::decode(std::string_view body)
{
    const JsonObject root(body);
    // Anthropic's own servers can hold a conversation between turns, and later turns then bring only what is
    // new. Sent anywhere else such a turn would lose all that was said before, without an error.
    if (root.kind(kThreadParam) == JsonKind::Object) {
        refuse(
            "This model's provider keeps no message threads. Send the whole conversation without `thread`.",
            std::string(kThreadParam));
    }
    m_request.model = root.text("model");
    m_request.stream = root.boolean("stream").value_or(false);
    m_request.includeUsage = true; // every Anthropic stream tells its usage
    m_request.user = root.object("metadata").text("user_id");
    m_request.serviceTier = root.text("service_tier");
    readSystem(root);
    std::size_t index = 0;
    forEachElement(root.array("messages"), [&](std::string_view value, JsonKind) {
        readMessage(JsonObject(value), index++);
        return !m_problem;
    });
    if (index == 0) {
        refuse("'messages' is required and has to be a list of at least one message.", "messages");
    }
    readTools(root);
    readToolChoice(root);
    readSampling(root);
    readReasoningWish(root);
    readFormat(root);
    if (root.array("mcp_servers").size() > 2) {
        noteDropped(m_request.dropped, "mcp_servers");
    }
    if (m_problem) return *std::move(m_problem);
    return std::move(m_request);
}

} // namespace

Result<Request> decodeRequest(std::string_view body)
{
    return RequestDecoder().decode(body);
}

} // namespace gateway::dialect::anthropic
