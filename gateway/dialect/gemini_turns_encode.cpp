// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/strings.h"
#include "dialect/content_text.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_turns.h"
#include "dialect/signature.h"

namespace gateway::dialect::gemini {
namespace {

class TurnWriter {
public:
    explicit TurnWriter(const ModelTraits& model)
        : m_signCalls(model.wantsSignedCalls()), m_callIds(model.takesCallIds())
    {
    }
    void add(const Message& message);
    /// The turns, without the brackets around them.
    std::string take();

private:
    void open(Role role);
    void close();
    void writePart(const Part& part);
    void writeThinking(const ThinkingPart& thinking);
    void writeCallPart(const ToolCallPart& call);
    void writeResult(const ToolResultPart& result);
    void writeResults(const Message& message);
    void writeMedia(std::string_view mediaType, std::string_view base64, std::string_view url);

    struct KnownCall {
        std::string name;
        std::size_t place = 0;
    };
    bool m_signCalls;
    bool m_callIds;
    std::string m_out, m_parts;
    JsonWriter m_json{m_out};
    std::optional<JsonWriter> m_partJson; // made anew for each turn
    Role m_role = Role::Undecided;
    std::unordered_map<std::string, KnownCall> m_calls; // by id
    std::deque<std::string> m_signatures;               // that wait for the call they sign
    bool m_called = false;                              // the open turn has a call
};

/// Google asks for a type with every address, and takes it from its end where we do.
std::string_view typeOfAddress(std::string_view url)
{
    struct Row {
        std::string_view end, type;
    };
    constexpr std::array kRows{Row{".png", "image/png"},   Row{".jpg", "image/jpeg"},
                               Row{".jpeg", "image/jpeg"}, Row{".webp", "image/webp"},
                               Row{".gif", "image/gif"},   Row{".pdf", "application/pdf"},
                               Row{".txt", "text/plain"},  Row{".mp4", "video/mp4"},
                               Row{".mp3", "audio/mp3"},   Row{".wav", "audio/wav"}};
    const std::string path = lowered(url.substr(0, url.find_first_of("?#")));
    const auto* row =
        std::find_if(kRows.begin(), kRows.end(), [&path](const Row& one) { return path.ends_with(one.end); });
    return row == kRows.end() ? std::string_view() : row->type;
}

void TurnWriter::open(Role role)
{
    if (m_role == role) return;
    close();
    m_role = role;
    m_called = false;
    m_partJson.emplace(m_parts).beginArray();
}

void TurnWriter::close()
{
    if (m_role == Role::Undecided) return;
    // What signs no call goes back in an empty part, as it came.
    for (const std::string& signature : m_signatures)
        writeText(*m_partJson, {}, false, signature);
    m_signatures.clear();
    m_partJson->endArray();
    if (m_parts.size() > 2) {
        m_json.beginObject().key("role").string(m_role == Role::User ? "user" : "model");
        m_json.key("parts").raw(m_parts).endObject();
    }
    m_parts.clear();
    m_role = Role::Undecided;
}

void TurnWriter::writeMedia(std::string_view mediaType, std::string_view base64, std::string_view url)
{
    const std::string_view type = mediaType.empty() ? typeOfAddress(url) : mediaType;
    m_partJson->beginObject().key(base64.empty() ? "fileData" : "inlineData").beginObject();
    if (!type.empty()) m_partJson->key("mimeType").string(type);
    m_partJson->key(base64.empty() ? "fileUri" : "data").string(base64.empty() ? url : base64);
    m_partJson->endObject().endObject();
}

void TurnWriter::writeThinking(const ThinkingPart& thinking)
{
    // Only what Google's models have thought means anything to them.
    const std::string_view own = ownSignature(Maker::Gemini, thinking.signature);
    if (own.empty()) return;
    if (thinking.text.empty())
        m_signatures.emplace_back(own);
    else
        writeText(*m_partJson, thinking.text, true, own);
}

void TurnWriter::writeCallPart(const ToolCallPart& call)
{
    m_calls[call.id] = {call.name, m_calls.size()};
    m_partJson->beginObject();
    writeCall(*m_partJson, call, m_callIds);
    if (!m_signatures.empty()) {
        m_partJson->key("thoughtSignature").string(m_signatures.front());
        m_signatures.pop_front();
    } else if (m_signCalls && !m_called) {
        m_partJson->key("thoughtSignature").string(kNoSignature);
    }
    m_called = true;
    m_partJson->endObject();
}

std::string resultObject(const ToolResultPart& result)
{
    std::string text;
    for (const auto& content : result.content) {
        if (const auto* one = std::get_if<TextPart>(&content)) text += (text.empty() ? "" : "\n") + one->text;
    }
    const bool whole = jsonKindOf(text) == JsonKind::Object && isJsonObject(text);
    if (whole && (!result.isError || tellsToolError(text))) return compactJson(text);
    std::string out;
    JsonWriter(out).beginObject().key(result.isError ? "error" : "output").string(text).endObject();
    return out;
}

void TurnWriter::writeResult(const ToolResultPart& result)
{
    const auto call = m_calls.find(result.callId);
    m_partJson->beginObject().key("functionResponse").beginObject();
    if (m_callIds && !result.callId.empty()) m_partJson->key("id").string(result.callId);
    m_partJson->key("name").string(call == m_calls.end() ? result.callId : call->second.name);
    m_partJson->key("response").raw(resultObject(result)).endObject().endObject();
}

void TurnWriter::writeResults(const Message& message)
{
    std::vector<const ToolResultPart*> results;
    for (const Part& part : message.parts) {
        if (const auto* result = std::get_if<ToolResultPart>(&part)) results.push_back(result);
    }
    const auto place = [this](const ToolResultPart* result) {
        const auto call = m_calls.find(result->callId);
        return call == m_calls.end() ? m_calls.size() : call->second.place;
    };
    if (!m_callIds)
        std::stable_sort(results.begin(), results.end(), [&place](const auto* left, const auto* right) {
            return place(left) < place(right);
        });
    for (const ToolResultPart* result : results)
        writeResult(*result);
}

void TurnWriter::writePart(const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        if (!text->text.empty()) writeText(*m_partJson, text->text, false, {});
    } else if (const auto* image = std::get_if<ImagePart>(&part)) {
        writeMedia(image->mediaType, image->base64, image->url);
    } else if (const auto* document = std::get_if<DocumentPart>(&part)) {
        writeMedia(document->mediaType, document->base64, document->url);
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        writeCallPart(*call);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
        writeThinking(*thinking);
    }
}

void TurnWriter::add(const Message& message)
{
    if (message.role == Role::System || message.parts.empty()) return;
    open(message.role == Role::Assistant ? Role::Assistant : Role::User);
    // Google counts the results of a turn against the calls before it, so they come first; what an image
    // among them shows follows, since a result itself holds JSON only.
    writeResults(message);
    for (const Part& part : message.parts) {
        const auto* result = std::get_if<ToolResultPart>(&part);
        if (!result) continue;
        for (const auto& content : result->content) {
            if (const auto* image = std::get_if<ImagePart>(&content))
                writeMedia(image->mediaType, image->base64, image->url);
        }
    }
    for (const Part& part : message.parts)
        writePart(part);
}

std::string TurnWriter::take()
{
    close();
    return std::move(m_out);
}

} // namespace

std::string writtenTurns(const std::vector<Message>& messages, const ModelTraits& model)
{
    TurnWriter writer(model);
    for (const Message& message : messages)
        writer.add(message);
    return writer.take();
}

std::string writtenSystem(const std::vector<Message>& messages)
{
    std::string out;
    JsonWriter json(out);
    for (const Message& message : messages) {
        if (message.role != Role::System) continue;
        for (const Part& part : message.parts) {
            const auto* text = std::get_if<TextPart>(&part);
            if (text && !text->text.empty()) writeText(json, text->text, false, {});
        }
    }
    return out;
}

} // namespace gateway::dialect::gemini
