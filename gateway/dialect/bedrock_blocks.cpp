// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/bedrock_blocks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/sha256.h"
#include "base/strings.h"
#include "dialect/content_text.h"
#include "dialect/signature.h"
#include "dialect/tool_result_text.h"

namespace gateway::dialect::bedrock {
namespace {

using Format = std::pair<std::string_view, std::string_view>; // media type, Bedrock's word

constexpr std::size_t kMaxIdBytes = 64;
constexpr std::size_t kMaxFileNameBytes = 160; // 200 are allowed; a number may follow
constexpr std::array<Format, 5> kImages{{{"image/png", "png"},
                                         {"image/jpeg", "jpeg"},
                                         {"image/jpg", "jpeg"},
                                         {"image/gif", "gif"},
                                         {"image/webp", "webp"}}};
constexpr std::array<Format, 12> kDocuments{
    {{"application/pdf", "pdf"},
     {"text/csv", "csv"},
     {"application/msword", "doc"},
     {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
     {"application/vnd.ms-excel", "xls"},
     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
     {"text/html", "html"},
     {"text/markdown", "md"},
     {"text/x-markdown", "md"},
     {"text/plain", "txt"},
     {"application/json", "txt"},
     {"application/xml", "txt"}}};
constexpr std::array<Format, 12> kAudio{{{"audio/mpeg", "mp3"},
                                         {"audio/mp3", "mp3"},
                                         {"audio/wav", "wav"},
                                         {"audio/x-wav", "wav"},
                                         {"audio/opus", "opus"},
                                         {"audio/aac", "aac"},
                                         {"audio/flac", "flac"},
                                         {"audio/ogg", "ogg"},
                                         {"audio/mp4", "mp4"},
                                         {"audio/m4a", "m4a"},
                                         {"audio/webm", "webm"},
                                         {"audio/pcm", "pcm"}}};
constexpr std::array<Format, 8> kVideo{{{"video/mp4", "mp4"},
                                        {"video/quicktime", "mov"},
                                        {"video/webm", "webm"},
                                        {"video/x-matroska", "mkv"},
                                        {"video/x-flv", "flv"},
                                        {"video/mpeg", "mpeg"},
                                        {"video/x-ms-wmv", "wmv"},
                                        {"video/3gpp", "three_gp"}}};

template <std::size_t N>
std::string_view formatOf(const std::array<Format, N>& formats, std::string_view mediaType)
{
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [mediaType](const Format& one) { return one.first == mediaType; });
    return found == formats.end() ? std::string_view() : found->second;
}

bool isBlank(std::string_view text)
{
    return trimmed(text).empty();
}

void writeSource(JsonWriter& json, std::string_view format, std::string_view base64)
{
    json.key("format").string(format).key("source").beginObject().key("bytes").string(base64).endObject();
}

} // namespace

void appendElement(std::string& list, std::string_view json)
{
    if (!list.empty()) list += ',';
    list += json;
}

std::string toolUseId(std::string_view id)
{
    if (id.size() > kMaxIdBytes) return hexText(sha256(id));
    std::string safe(id);
    std::replace_if(
        safe.begin(), safe.end(), [](char c) { return !isAsciiAlnum(c) && c != '_' && c != '-'; }, '_');
    return safe.empty() ? "_" : safe;
}

void writeCachePoint(std::string& list, std::string_view cacheControl, const ModelFamily& family)
{
    if (cacheControl.empty() || !family.caches()) return;
    std::string point;
    JsonWriter json(point);
    json.beginObject().key("cachePoint").beginObject().key("type").string("default");
    // Five minutes are what it keeps anyway, and older models refuse the word for it.
    if (family.cachesAnHour() && JsonObject(cacheControl).text("ttl") == "1h") json.key("ttl").string("1h");
    json.endObject().endObject();
    appendElement(list, point);
}

void ConversationWriter::writeText(std::string& list, std::string_view text, std::string_view cacheControl)
{
    if (isBlank(text)) return; // a blank text is refused
    std::string block;
    JsonWriter(block).beginObject().key("text").string(text).endObject();
    appendElement(list, block);
    writeCachePoint(list, cacheControl, m_family);
}

bool ConversationWriter::writeImage(std::string& list, const ImagePart& image)
{
    const std::string_view format = formatOf(kImages, image.mediaType);
    if (format.empty() || image.base64.empty()) {
        noteDropped(m_dropped, "image_url"); // of another type, or an address that Bedrock would not fetch
        return false;
    }
    std::string block;
    JsonWriter json(block);
    json.beginObject().key("image").beginObject();
    writeSource(json, format, image.base64);
    json.endObject().endObject();
    appendElement(list, block);
    return true;
}

/// Letters, digits, single spaces, hyphens, parentheses and square brackets.
std::string ConversationWriter::documentName(std::string_view wanted)
{
    std::string name;
    for (const char c : wanted.substr(0, kMaxFileNameBytes)) {
        const bool taken = isAsciiAlnum(c) || std::string_view("-()[]").find(c) != std::string_view::npos;
        if (taken) {
            name += c;
        } else if (!name.empty() && !name.ends_with(' ')) {
            name += ' ';
        }
    }
    while (name.ends_with(' '))
        name.pop_back();
    if (name.empty()) name = "document";
    std::string unique = name;
    // Counted on for each name: a request may hold a great many of the same.
    for (int& number = m_numbers.emplace(name, 2).first->second; !m_names.insert(unique).second; ++number)
        unique = name + ' ' + std::to_string(number);
    return unique;
}

bool ConversationWriter::writeDocument(std::string& list, const DocumentPart& document)
{
    std::string_view format = formatOf(kDocuments, document.mediaType);
    if (format.empty() && document.mediaType.starts_with("text/")) format = "txt";
    std::string_view kind = "document";
    if (document.mediaType.starts_with("audio/")) {
        kind = "audio";
        format = formatOf(kAudio, document.mediaType);
    } else if (document.mediaType.starts_with("video/")) {
        kind = "video";
        format = formatOf(kVideo, document.mediaType);
    }
    if (format.empty() || document.base64.empty()) {
        noteDropped(m_dropped, "file");
        return false;
    }
    std::string block;
    JsonWriter json(block);
    json.beginObject().key(kind).beginObject();
    if (kind == "document") json.key("name").string(documentName(document.name));
    writeSource(json, format, document.base64);
    json.endObject().endObject();
    appendElement(list, block);
    return true;
}

void ConversationWriter::writeResult(Turn& turn, const ToolResultPart& result)
{
    std::string content;
    const std::string text = resultText(result);
    const bool wrapped = result.isError && !m_family.takesResultStatus() && !tellsToolError(text);
    for (const auto& one : result.content) {
        if (const auto* said = std::get_if<TextPart>(&one)) {
            writeText(content, wrapped ? "Error: " + said->text : said->text, {});
        } else if (const auto* image = std::get_if<ImagePart>(&one)) {
            writeImage(content, *image);
        }
    }
    if (content.empty()) writeText(content, result.isError ? "The tool failed." : "(no output)", {});
    std::string block;
    JsonWriter json(block);
    json.beginObject().key("toolResult").beginObject().key("toolUseId").string(toolUseId(result.callId));
    json.key("content").raw('[' + content + ']');
    if (result.isError && m_family.takesResultStatus()) json.key("status").string("error");
    json.endObject().endObject();
    appendElement(turn.results, block);
    writeCachePoint(turn.results, result.cacheControlJson, m_family);
}

void ConversationWriter::tellResult(Turn& turn, const ToolResultPart& result)
{
    writeText(turn.results, "[Result of the tool call: " + resultText(result) + ']', {});
    turn.hasText = true;
    for (const auto& one : result.content) {
        if (const auto* image = std::get_if<ImagePart>(&one)) writeImage(turn.results, *image);
    }
}

void ConversationWriter::writePart(Turn& turn, const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        turn.hasText = turn.hasText || !isBlank(text->text);
        writeText(turn.blocks, text->text, text->cacheControlJson);
    } else if (const auto* image = std::get_if<ImagePart>(&part)) {
        writeImage(turn.blocks, *image);
    } else if (const auto* document = std::get_if<DocumentPart>(&part)) {
        turn.hasDocument = writeDocument(turn.blocks, *document) || turn.hasDocument;
    } else if (const auto* result = std::get_if<ToolResultPart>(&part)) {
        if (m_tools) {
            writeResult(turn, *result);
        } else {
            tellResult(turn, *result);
        }
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        if (!m_tools) {
            writeText(turn.blocks, "[Called the tool " + call->name + " with " + call->argumentsJson + ']',
                      {});
            return;
        }
        std::string block;
        JsonWriter json(block);
        writeToolUse(json, toolUseId(call->id), *call);
        appendElement(turn.blocks, block);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
        const std::string& proof = thinking->redacted.empty() ? thinking->signature : thinking->redacted;
        if (!m_family.takesReasoningBack() || ownSignature(Maker::Anthropic, proof).empty()) return;
        std::string block;
        JsonWriter json(block);
        writeThinking(json, *thinking);
        appendElement(turn.blocks, block);
    }
}

void ConversationWriter::addMessage(const Message& message, bool last, std::vector<Turn>& turns)
{
    Turn turn;
    turn.role = message.role;
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const auto* text = std::get_if<TextPart>(&message.parts[i]);
        if (text && last && message.role == Role::Assistant && i + 1 == message.parts.size()) {
            // What the model is to go on with must not end in space.
            const std::size_t end = text->text.find_last_not_of(" \t\r\n");
            writePart(turn, TextPart{text->text.substr(0, end == std::string::npos ? 0 : end + 1),
                                     text->cacheControlJson});
        } else {
            writePart(turn, message.parts[i]);
        }
    }
    if (turn.hasDocument && !turn.hasText) writeText(turn.blocks, "See the attached document.", {});
    if (turn.results.empty() && turn.blocks.empty()) return;
    if (turns.empty() && turn.role == Role::Assistant) {
        Turn& first = turns.emplace_back();
        first.role = Role::User;
        writeText(first.blocks, "Begin.", {});
    }
    if (turns.empty() || turns.back().role != turn.role) {
        turns.push_back(std::move(turn));
        return;
    }
    if (!turn.results.empty()) appendElement(turns.back().results, turn.results);
    if (!turn.blocks.empty()) appendElement(turns.back().blocks, turn.blocks);
}

std::string ConversationWriter::system(const std::vector<Message>& messages)
{
    std::string list;
    for (const Message& message : messages) {
        if (message.role != Role::System) continue;
        for (const Part& part : message.parts) {
            if (const auto* text = std::get_if<TextPart>(&part))
                writeText(list, text->text, text->cacheControlJson);
        }
    }
    return list;
}

std::string ConversationWriter::messages(const std::vector<Message>& messages)
{
    const auto last = std::find_if(messages.rbegin(), messages.rend(),
                                   [](const Message& message) { return message.role != Role::System; });
    std::vector<Turn> turns;
    for (const Message& message : messages) {
        if (message.role != Role::User && message.role != Role::Assistant) continue;
        addMessage(message, &message == &*last, turns);
    }
    std::string list;
    for (Turn& turn : turns) {
        if (!turn.blocks.empty()) appendElement(turn.results, turn.blocks);
        std::string one;
        JsonWriter json(one);
        json.beginObject().key("role").string(turn.role == Role::User ? "user" : "assistant");
        json.key("content").raw('[' + turn.results + ']').endObject();
        appendElement(list, one);
    }
    return list;
}

} // namespace gateway::dialect::bedrock
