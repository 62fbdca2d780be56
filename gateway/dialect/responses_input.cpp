// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_input.h"

#include "dialect/content_text.h"
#include "dialect/request_facts.h"
#include "dialect/responses_parts.h"

namespace gateway::dialect::responses {
namespace {

void addText(std::string text, Message& into)
{
    if (!text.empty()) {
        into.parts.emplace_back(TextPart{std::move(text), {}});
    }
}

std::string mediaTypeOf(std::string_view fileName)
{
    return fileName.ends_with(".txt") || fileName.ends_with(".md") ? "text/plain" : "application/pdf";
}

} // namespace

void InputReader::refuse(const std::string& member, std::string message)
{
    if (!m_problem) {
        m_problem = invalidRequest(std::move(message), "input[" + std::to_string(m_index) + "]" + member);
    }
}

Message& InputReader::assistant()
{
    if (m_request.messages.empty() || m_request.messages.back().role != Role::Assistant) {
        m_request.messages.push_back({Role::Assistant, {}});
    }
    return m_request.messages.back();
}

void InputReader::readImage(const JsonObject& part, Message& into)
{
    ImagePart image;
    const std::string url = part.text("image_url");
    image.detail = part.text("detail");
    if (image.detail == "original") {
        image.detail = "high"; // the other dialects know no more than that
    }
    const auto data = splitDataUrl(url);
    if (data && !data->mediaType.starts_with("image/") && !data->base64.empty()) {
        into.parts.emplace_back(
            DocumentPart{std::string(data->mediaType), std::string(data->base64), {}, {}});
        return;
    }
    if (data) {
        image.mediaType = data->mediaType;
        image.base64 = data->base64;
    } else {
        image.url = url;
    }
    if (image.url.empty() && image.base64.empty()) {
        // A file_id means something to OpenAI's servers only.
        noteDropped(m_request.dropped, "input_image");
        return;
    }
    into.parts.emplace_back(std::move(image));
}

void InputReader::readFile(const JsonObject& part, Message& into)
{
    DocumentPart file;
    const std::string data = part.text("file_data");
    file.name = part.text("filename");
    file.url = part.text("file_url");
    if (const auto split = splitDataUrl(data); split && !split->base64.empty()) {
        file.mediaType = split->mediaType;
        file.base64 = split->base64;
        file.url.clear();
    } else if (!data.empty() && !data.starts_with("data:")) {
        file.mediaType = mediaTypeOf(file.name);
        file.base64 = data;
        file.url.clear();
    } else if (file.url.empty()) {
        noteDropped(m_request.dropped, "input_file");
        return;
    }
    into.parts.emplace_back(std::move(file));
}

void InputReader::readAudio(const JsonObject& part, Message& into)
{
    const JsonObject audio = part.object("input_audio");
    DocumentPart file;
    file.base64 = audio.text("data");
    file.mediaType = audio.text("format") == "mp3" ? "audio/mpeg" : "audio/wav";
    if (file.base64.empty()) {
        noteDropped(m_request.dropped, "input_audio");
        return;
    }
    into.parts.emplace_back(std::move(file));
}

void InputReader::readPart(const JsonObject& part, Message& into)
{
    const std::string type = part.text("type");
    if (type == "input_text" || type == "output_text" || type == "text" || type == "summary_text") {
        addText(part.text("text"), into);
    } else if (type == "refusal") {
        addText(part.text("refusal"), into);
    } else if (type == "input_image") {
        readImage(part, into);
    } else if (type == "input_file") {
        readFile(part, into);
    } else if (type == "input_audio") {
        readAudio(part, into);
    } else {
        noteType(m_request.dropped, "input", type);
    }
}

void InputReader::readContent(const JsonObject& item, Message& into)
{
    if (item.kind("content") == JsonKind::String) {
        addText(item.text("content"), into);
        return;
    }
    forEachElement(item.array("content"), [&](std::string_view value, JsonKind kind) {
        if (kind == JsonKind::String) {
            addText(textOf(value), into);
        } else {
            readPart(JsonObject(value), into);
        }
    });
}

void InputReader::readMessage(const JsonObject& item)
{
    const std::string role = item.text("role");
    if (role == "assistant") {
        readContent(item, assistant());
    } else if (role == "user" || role == "system" || role == "developer") {
        m_request.messages.push_back({role == "user" ? Role::User : Role::System, {}});
        readContent(item, m_request.messages.back());
    } else {
        refuse(".role", "An input message's role has to be user, assistant, system or developer.");
    }
}

void InputReader::readResult(const JsonObject& item)
{
    ToolResultPart result;
    result.callId = item.text("call_id");
    Message content;
    if (item.kind("output") == JsonKind::String) {
        addText(item.text("output"), content);
    } else if (item.kind("output") == JsonKind::Array) {
        forEachElement(item.array("output"),
                       [&](std::string_view value, JsonKind) { readPart(JsonObject(value), content); });
    } else if (item.has("output")) {
        addText(compactJson(item.raw("output")), content);
    }
    for (Part& part : content.parts) {
        if (auto* text = std::get_if<TextPart>(&part)) {
            result.isError = result.isError || tellsToolError(text->text);
            result.content.emplace_back(std::move(*text));
        } else if (auto* image = std::get_if<ImagePart>(&part)) {
            result.content.emplace_back(std::move(*image));
        } else {
            noteDropped(m_request.dropped, "input_file");
        }
    }
    if (!m_afterResult) {
        m_request.messages.push_back({Role::User, {}});
    }
    m_request.messages.back().parts.emplace_back(std::move(result));
}

void InputReader::readItem(const JsonObject& item)
{
    const std::string type = item.text("type");
    const bool result = type == "function_call_output" || type == "custom_tool_call_output";
    if (result) {
        readResult(item);
    } else if (type == "message" || (type.empty() && item.has("role"))) {
        readMessage(item);
    } else if (type == "function_call" || type == "custom_tool_call") {
        assistant().parts.emplace_back(readCall(item));
    } else if (type == "reasoning") {
        if (auto thinking = readReasoning(item)) {
            assistant().parts.emplace_back(std::move(*thinking));
        }
    } else if (type == "additional_tools") {
        m_tools.read(item.array("tools"));
        return;
    } else if (type == "item_reference" || (type.empty() && item.has("id"))) {
        refuse(".id", "The item `" + item.text("id").substr(0, 80) +
                          "` is not kept here. Send the item itself instead of a reference to it.");
        m_problem->retry = Retry::NextTarget; // OpenAI may keep it
    } else {
        if (type == "tool_search_output") {
            // What was found once is called later by its name.
            m_tools.read(item.array("tools"));
        }
        noteType(m_request.dropped, "input", type);
        return;
    }
    m_afterResult = result;
}

std::optional<Error> InputReader::read(std::string_view input)
{
    if (jsonKindOf(input) == JsonKind::String) {
        m_request.messages.push_back({Role::User, {}});
        addText(textOf(input), m_request.messages.back());
        return std::nullopt;
    }
    forEachElement(input, [this](std::string_view value, JsonKind) {
        readItem(JsonObject(value));
        ++m_index;
        return !m_problem;
    });
    return std::move(m_problem);
}

} // namespace gateway::dialect::responses
