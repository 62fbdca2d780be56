// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_blocks.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "dialect/anthropic_parts.h"
#include "dialect/content_text.h"

namespace gateway::dialect::anthropic {
namespace {

/// Anthropic takes letters, digits, _ and - only. The same id is changed alike in a call and in its result.
std::string toolId(std::string_view id)
{
    std::string safe(id);
    std::replace_if(
        safe.begin(), safe.end(), [](char c) { return !isAsciiAlnum(c) && c != '_' && c != '-'; }, '_');
    return safe.empty() ? "_" : safe;
}

std::string_view imageType(std::string_view mediaType)
{
    if (mediaType == "image/jpg") return "image/jpeg";
    constexpr std::array<std::string_view, 4> kTaken{"image/jpeg", "image/png", "image/gif", "image/webp"};
    return std::find(kTaken.begin(), kTaken.end(), mediaType) == kTaken.end() ? std::string_view()
                                                                              : mediaType;
}

void writeSource(JsonWriter& json, std::string_view mediaType, std::string_view base64, std::string_view url)
{
    json.key("source").beginObject();
    if (base64.empty()) {
        json.key("type").string("url").key("url").string(url);
    } else {
        json.key("type").string("base64").key("media_type").string(mediaType).key("data").string(base64);
    }
    json.endObject();
}

std::string_view withoutTrailingSpace(std::string_view text)
{
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

} // namespace

void BlockWriter::writeText(JsonWriter& json, std::string_view text, std::string_view cacheControl)
{
    if (text.empty()) return; // an empty block is refused
    json.beginObject().key("type").string("text").key("text").string(text);
    if (!cacheControl.empty()) {
        json.key("cache_control").raw(cacheControl);
    }
    json.endObject();
}

void BlockWriter::writeImage(JsonWriter& json, const ImagePart& image)
{
    const std::string_view mediaType = imageType(image.mediaType);
    if (image.url.empty() && mediaType.empty()) {
        noteDropped(m_dropped, "image_url");
        return;
    }
    json.beginObject().key("type").string("image");
    writeSource(json, mediaType, image.base64, image.url);
    json.endObject();
}

void BlockWriter::writeDocument(JsonWriter& json, const DocumentPart& document)
{
    if (document.url.empty() && document.mediaType != "application/pdf") {
        noteDropped(m_dropped, "file");
        return;
    }
    json.beginObject().key("type").string("document");
    writeSource(json, document.mediaType, document.base64, document.url);
    if (!document.name.empty()) {
        json.key("title").string(document.name);
    }
    json.endObject();
}

void BlockWriter::writeToolResult(JsonWriter& json, const ToolResultPart& result)
{
    json.beginObject().key("type").string("tool_result").key("tool_use_id").string(toolId(result.callId));
    std::string content;
    JsonWriter inner(content);
    inner.beginArray();
    for (const auto& one : result.content) {
        if (const auto* text = std::get_if<TextPart>(&one)) {
            writeText(inner, text->text, {});
        } else if (const auto* image = std::get_if<ImagePart>(&one)) {
            writeImage(inner, *image);
        }
    }
    inner.endArray();
    if (content.size() > 2) {
        json.key("content").raw(content);
    }
    if (result.isError) {
        json.key("is_error").boolean(true);
    }
    if (!result.cacheControlJson.empty()) json.key("cache_control").raw(result.cacheControlJson);
    json.endObject();
}

void BlockWriter::writePart(JsonWriter& json, const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        writeText(json, text->text, text->cacheControlJson);
    } else if (const auto* image = std::get_if<ImagePart>(&part)) {
        writeImage(json, *image);
    } else if (const auto* document = std::get_if<DocumentPart>(&part)) {
        writeDocument(json, *document);
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        writeToolUse(json, toolId(call->id), *call);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part); thinking && isOwn(*thinking)) {
        writeThinking(json, *thinking);
    }
}

std::string BlockWriter::blocks(const Message& message, bool last)
{
    std::string out;
    JsonWriter json(out);
    json.beginArray();
    // The results have to come before anything else that the user says.
    for (const Part& part : message.parts) {
        if (const auto* result = std::get_if<ToolResultPart>(&part)) {
            writeToolResult(json, *result);
        }
    }
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const auto* text = std::get_if<TextPart>(&message.parts[i]);
        if (text && last && message.role == Role::Assistant && i + 1 == message.parts.size()) {
            writeText(json, withoutTrailingSpace(text->text), text->cacheControlJson);
        } else {
            writePart(json, message.parts[i]);
        }
    }
    json.endArray();
    return out;
}

std::string BlockWriter::system(const std::vector<Message>& messages)
{
    std::string out;
    JsonWriter json(out);
    json.beginArray();
    for (const Message& message : messages) {
        if (message.role != Role::System) continue;
        for (const Part& part : message.parts) {
            if (const auto* text = std::get_if<TextPart>(&part)) {
                writeText(json, text->text, text->cacheControlJson);
            }
        }
    }
    json.endArray();
    return out.substr(1, out.size() - 2);
}

std::string BlockWriter::messages(const std::vector<Message>& messages)
{
    std::string out;
    JsonWriter json(out);
    json.beginArray();
    // What stands behind the last of these goes into the system text, so this is what the model goes on with.
    const auto last = std::find_if(messages.rbegin(), messages.rend(),
                                   [](const Message& message) { return message.role != Role::System; });
    for (const Message& message : messages) {
        if (message.role != Role::User && message.role != Role::Assistant) continue;
        const std::string content = blocks(message, &message == &*last);
        if (content.size() <= 2) continue;
        json.beginObject().key("role").string(message.role == Role::User ? "user" : "assistant");
        json.key("content").raw(content).endObject();
    }
    json.endArray();
    return out.substr(1, out.size() - 2);
}

} // namespace gateway::dialect::anthropic
