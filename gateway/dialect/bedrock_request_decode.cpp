// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/bedrock_parts.h"
#include "dialect/content_text.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::bedrock {
namespace {

/// One Converse request on its way into the canonical form.
class RequestDecoder {
public:
    Result<Request> decode(std::string_view body, const PathFacts& path);

private:
    void readBlocks(std::string_view content, Message& into);
    void readOther(const JsonObject& block, Message& into);
    void readFile(const JsonObject& file, std::string_view kind, Message& into);
    void readToolResult(const JsonObject& block, Message& into);
    void readMessage(const JsonObject& message, std::size_t index);
    void readTools(const JsonObject& config);
    void readInference(const JsonObject& root);
    void readModelFields(const JsonObject& fields);
    void readFormat(const JsonObject& root);
    void refuse(std::string message, std::string param);

    Request m_request;
    std::optional<Error> m_problem;
};

std::string cacheControlOf(const JsonObject& point)
{
    if (point.text("ttl") == "1h") return R"({"type":"ephemeral","ttl":"1h"})";
    return R"({"type":"ephemeral"})";
}

std::string documentType(std::string_view format)
{
    if (format == "pdf") return "application/pdf";
    if (format == "csv" || format == "html") return "text/" + std::string(format);
    if (format == "md") return "text/markdown";
    if (format == "doc") return "application/msword";
    if (format == "docx") return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (format == "xls") return "application/vnd.ms-excel";
    if (format == "xlsx") return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return "text/plain";
}

void RequestDecoder::refuse(std::string message, std::string param)
{
    if (!m_problem) m_problem = invalidRequest(std::move(message), std::move(param));
}

void RequestDecoder::readFile(const JsonObject& file, std::string_view kind, Message& into)
{
    const std::string bytes = file.object("source").text("bytes");
    const std::string format = file.text("format");
    if (bytes.empty()) {
        noteDropped(m_request.dropped, kind); // S3 is for AWS alone to read
    } else if (kind == "image") {
        into.parts.emplace_back(ImagePart{"image/" + format, bytes, {}, {}});
    } else if (kind == "document") {
        into.parts.emplace_back(DocumentPart{documentType(format), bytes, {}, file.text("name")});
    } else {
        into.parts.emplace_back(DocumentPart{std::string(kind) + '/' + format, bytes, {}, {}});
    }
}

void RequestDecoder::readToolResult(const JsonObject& block, Message& into)
{
    ToolResultPart result;
    result.callId = block.text("toolUseId");
    result.isError = block.text("status") == "error";
    forEachElement(block.array("content"), [&](std::string_view value, JsonKind kind) {
        const JsonObject one(kind == JsonKind::Object ? value : std::string_view());
        Message image;
        if (one.kind("image") == JsonKind::Object) readFile(one.object("image"), "image", image);
        for (Part& part : image.parts) {
            if (auto* read = std::get_if<ImagePart>(&part)) result.content.emplace_back(std::move(*read));
        }
        std::string text = one.has("json") ? compactJson(one.raw("json")) : one.text("text");
        if (!text.empty()) result.content.emplace_back(TextPart{std::move(text), {}});
    });
    into.parts.emplace_back(std::move(result));
}

void RequestDecoder::readOther(const JsonObject& block, Message& into)
{
    for (const char* kind : {"image", "document", "audio", "video"}) {
        if (block.kind(kind) != JsonKind::Object) continue;
        readFile(block.object(kind), kind, into);
        return;
    }
    if (block.kind("toolResult") == JsonKind::Object) {
        readToolResult(block.object("toolResult"), into);
    } else if (block.kind("cachePoint") == JsonKind::Object) {
        auto* text = into.parts.empty() ? nullptr : std::get_if<TextPart>(&into.parts.back());
        if (text) text->cacheControlJson = cacheControlOf(block.object("cachePoint"));
    } else {
        noteDropped(m_request.dropped, "content");
    }
}

void RequestDecoder::readBlocks(std::string_view content, Message& into)
{
    forEachElement(content, [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject block(value);
        if (!readBlock(block, into.parts)) readOther(block, into);
    });
}

void RequestDecoder::readMessage(const JsonObject& message, std::size_t index)
{
    const std::string role = message.text("role");
    if (role != "user" && role != "assistant") {
        const std::string param = "messages." + std::to_string(index) + ".role";
        refuse("'" + param + "' has to be user or assistant.", param);
    }
    Message read;
    read.role = role == "user" ? Role::User : Role::Assistant;
    readBlocks(message.array("content"), read);
    m_request.messages.push_back(std::move(read));
}

void RequestDecoder::readTools(const JsonObject& config)
{
    forEachElement(config.array("tools"), [&](std::string_view value, JsonKind kind) {
        const JsonObject tool(kind == JsonKind::Object ? value : std::string_view());
        if (tool.kind("cachePoint") == JsonKind::Object && !m_request.tools.empty()) {
            m_request.tools.back().cacheControlJson = cacheControlOf(tool.object("cachePoint"));
            return;
        }
        const JsonObject spec = tool.object("toolSpec");
        if (spec.text("name").empty()) {
            noteDropped(m_request.dropped, "tools");
            return;
        }
        Tool read;
        read.name = spec.text("name");
        read.description = spec.text("description");
        read.strict = spec.boolean("strict");
        const JsonObject schema = spec.object("inputSchema");
        if (schema.kind("json") == JsonKind::Object) read.parametersJson = compactJson(schema.raw("json"));
        m_request.tools.push_back(std::move(read));
    });
    const JsonObject choice = config.object("toolChoice");
    if (choice.has("auto")) m_request.toolChoice.mode = ToolChoice::Mode::Auto;
    if (choice.has("any")) m_request.toolChoice.mode = ToolChoice::Mode::Required;
    if (std::string name = choice.object("tool").text("name"); !name.empty())
        m_request.toolChoice = {ToolChoice::Mode::Named, std::move(name)};
}

void RequestDecoder::readInference(const JsonObject& root)
{
    const JsonObject config = root.object("inferenceConfig");
    m_request.maxTokens = config.integer("maxTokens");
    if (m_request.maxTokens && *m_request.maxTokens <= 0)
        refuse("'inferenceConfig.maxTokens' has to be a positive whole number.", "inferenceConfig.maxTokens");
    m_request.temperature = config.number("temperature");
    m_request.topP = config.number("topP");
    forEachElement(config.array("stopSequences"),
                   [this](std::string_view value, JsonKind) { m_request.stop.push_back(textOf(value)); });
    std::erase(m_request.stop, std::string());
}

void RequestDecoder::readModelFields(const JsonObject& fields)
{
    const JsonObject thinking = fields.object("thinking");
    const std::string type = thinking.text("type");
    Reasoning& reasoning = m_request.reasoning;
    reasoning.effort =
        effortNamed(fields.has("reasoning_effort") ? fields.text("reasoning_effort")
                                                   : fields.object("output_config").text("effort"));
    if (const JsonObject nova = fields.object("reasoningConfig"); nova.text("type") == "enabled")
        reasoning.effort = effortNamed(nova.text("maxReasoningEffort"));
    reasoning.adaptive = type == "adaptive";
    const auto budget = thinking.integer("budget_tokens");
    if (type == "enabled" && budget && *budget > 0) reasoning.budgetTokens = budget;
    const auto topK = fields.integer("top_k");
    m_request.topK = topK ? topK : fields.object("inferenceConfig").integer("topK");
}

void RequestDecoder::readFormat(const JsonObject& root)
{
    const JsonObject structure = root.object("outputConfig").object("textFormat").object("structure");
    const JsonObject schema = structure.object("jsonSchema");
    const std::string text = schema.text("schema");
    if (!isJsonObject(text)) return;
    const std::string name = schema.text("name");
    JsonWriter json(m_request.responseFormatJson);
    json.beginObject().key("type").string("json_schema").key("json_schema").beginObject();
    json.key("name").string(name.empty() ? "answer" : name).key("strict").boolean(true);
    json.key("schema").raw(compactJson(text)).endObject().endObject();
}

Result<Request> RequestDecoder::decode(std::string_view body, const PathFacts& path)
{
    const JsonObject root(body);
    m_request.model = path.model;
    m_request.stream = path.stream;
    m_request.includeUsage = true; // every stream ends with it
    m_request.serviceTier = root.object("serviceTier").text("type");
    Message system;
    system.role = Role::System;
    readBlocks(root.array("system"), system);
    if (!joinedText(system.parts).empty()) m_request.messages.push_back(std::move(system));
    std::size_t index = 0;
    forEachElement(root.array("messages"), [&](std::string_view value, JsonKind) {
        readMessage(JsonObject(value), index++);
        return !m_problem;
    });
    if (index == 0)
        refuse("'messages' is required and has to be a list of at least one message.", "messages");
    readTools(root.object("toolConfig"));
    readInference(root);
    readModelFields(root.object("additionalModelRequestFields"));
    readFormat(root);
    if (m_problem) return *std::move(m_problem);
    return std::move(m_request);
}

} // namespace

Result<Request> decodeRequest(std::string_view body, const PathFacts& path)
{
    return RequestDecoder().decode(body, path);
}

} // namespace gateway::dialect::bedrock
